package mailbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// TLS says how a connection is protected.
type TLS string

const (
	TLSImplicit TLS = "implicit" // from the first byte, port 993 (RFC 8314)
	TLSStart    TLS = "starttls" // port 143, refused when the server does not offer it
	TLSNone     TLS = "none"     // loopback only
)

// Secret is a password that does not print.
type Secret string

const secret = "(secret)"

func (Secret) String() string               { return secret }
func (Secret) MarshalText() ([]byte, error) { return []byte(secret), nil }

// Format implements fmt.Formatter: no verb prints it.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, secret) }

// Account is one mailbox at a provider.
type Account struct {
	Address  string // the certified address: the name of the mailbox everywhere
	Host     string
	Port     int // 0: 993, or 143 without implicit TLS
	TLS      TLS // empty: implicit
	Username string
	Password func() (Secret, error) // asked at each login, so that it can change

	Sent  string   // the folder of sent mail; empty: the one marked \Sent (RFC 6154), where there is one
	Extra []string // further folders, where a provider distributes mail to such
}

// check tells what is wrong with the account, in words for the administrator.
func (a Account) check() error {
	switch {
	case a.Address == "":
		return errors.New("the account has no address")
	case a.Host == "" || a.Username == "" || a.Password == nil:
		return fmt.Errorf("account %s: host, username and password are needed", a.Address)
	case a.Port < 0 || a.Port > 65535:
		return fmt.Errorf("account %s: %d is not a port", a.Address, a.Port)
	}
	switch a.TLS {
	case "", TLSImplicit, TLSStart:
		return nil
	case TLSNone:
		if ip := net.ParseIP(a.Host); a.Host == "localhost" || ip.IsLoopback() {
			return nil
		}
		return fmt.Errorf("account %s: tls none would send the password in the clear to %s; use implicit or starttls", a.Address, a.Host)
	}
	return fmt.Errorf("account %s: tls is %q, must be implicit, starttls or none", a.Address, a.TLS)
}

func (a Account) addr() string {
	port := a.Port
	if port == 0 {
		port = 993
		if a.TLS == TLSStart || a.TLS == TLSNone {
			port = 143
		}
	}
	return net.JoinHostPort(a.Host, strconv.Itoa(port))
}

// Timing is how often and how long. The zero value of each field means its default.
type Timing struct {
	Poll      time.Duration // between looks at an account: 60 s
	IdleMax   time.Duration // longest IDLE before it is started anew: 9 min
	Reconcile time.Duration // between full comparisons with the server: 24 h
	Silence   time.Duration // longest wait for the server's next byte: 60 s
	Backoff   time.Duration // first wait after a failure, doubled up to BackoffMax: 1 s
	// BackoffMax bounds the wait after failures: 5 min.
	BackoffMax time.Duration
}

func (t Timing) withDefaults() Timing {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&t.Poll, time.Minute)
	set(&t.IdleMax, 9*time.Minute)
	set(&t.Reconcile, 24*time.Hour)
	set(&t.Silence, time.Minute)
	set(&t.Backoff, time.Second)
	set(&t.BackoffMax, 5*time.Minute)
	return t
}

// Caps bounds what a server can make us hold or wait for, in bytes. The zero
// value of each field means its default.
type Caps struct {
	Chunk   int64 // larger messages come in pieces of this size: 4 MiB
	Message int64 // larger messages are quarantined: 512 MiB
}

func (c Caps) withDefaults() Caps {
	if c.Chunk <= 0 {
		c.Chunk = 4 << 20
	}
	if c.Message <= 0 {
		c.Message = 512 << 20
	}
	return c
}
