package mailbox

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Outbound is where the mail of one mailbox is submitted (RFC 6409).
type Outbound struct {
	Address  string // the mailbox: the sender in the envelope
	Host     string
	Port     int // 0: 465, or 587 without implicit TLS (RFC 8314 §3.3)
	TLS      TLS // empty: implicit
	Username string
	Password func() (Secret, error) // asked at each login, never kept

	RootCAs  *x509.CertPool // nil: those of the machine
	Patience Patience
}

// Patience is how long a submission waits. The zero value of each field means
// its default. Less of it makes more outcomes unknown.
type Patience struct {
	Connect time.Duration // for the connection and for its protection, each: 30 s
	Command time.Duration // for the answer to a command, or a piece of the message to be taken: 5 min (RFC 5321 §4.5.3.2)
	Whole   time.Duration // for everything up to the final dot, and a second more for each 8 KiB of message: 15 min
	Answer  time.Duration // for the answer to the final dot: 10 min (RFC 5321 §4.5.3.2.6)
}

// slowest is the rate at which a message must get away, in bytes a second.
const slowest = 8 << 10

func (p Patience) withDefaults() Patience {
	return Patience{
		Connect: cmp.Or(p.Connect, 30*time.Second),
		Command: cmp.Or(p.Command, 5*time.Minute),
		Whole:   cmp.Or(p.Whole, 15*time.Minute),
		Answer:  cmp.Or(p.Answer, 10*time.Minute),
	}
}

// Message is what is to be submitted.
type Message struct {
	To       []string // every recipient, each once
	Size     int64
	EightBit bool // it has bytes above 127: it goes only where 8BITMIME is offered (RFC 6152)

	// Open gives the message, whole, as it is to arrive: complete lines that end in CRLF.
	Open func() (io.ReadCloser, error)
	// Intent is called once, when everything but the final dot was handed over. Only
	// when it returns nil is the dot sent: what it writes down is there before the
	// message can have been taken.
	Intent func(context.Context) error
}

// Submit hands a message to the provider, once. It gives the provider's answer,
// or a *SubmitError that says what became of the message.
func (o Outbound) Submit(ctx context.Context, m Message) (answer string, err error) {
	d := o.dialogue(ctx, m.Size)
	defer d.close()
	return d.run(
		step{StageSettings, o.Check},
		step{StageMessage, func() error { return d.open(m) }},
		step{StageConnect, d.connect},
		step{StageGreeting, d.greet},
		step{StageLogin, d.login},
		step{StageSender, func() error { return d.mail(m) }},
		step{StageRecipients, func() error { return d.rcpt(m.To) }},
		step{StageMessage, func() error { return d.data(m) }},
		step{StageIntent, func() error { return d.intend(m.Intent) }},
		step{StageAnswer, d.dot},
	)
}

// Probe tries the settings as far as the login. It gives the size of message
// that the server announces as its limit, 0 where it announces none. Its error is
// a *SubmitError.
func (o Outbound) Probe(ctx context.Context) (limit int64, err error) {
	d := o.dialogue(ctx, 0)
	defer d.close()
	_, err = d.run(
		step{StageSettings, o.Check},
		step{StageConnect, d.connect},
		step{StageGreeting, d.greet},
		step{StageLogin, d.login},
	)
	return d.limit(), err
}

// Check tells what is wrong with the settings, in words for the administrator.
func (o Outbound) Check() error {
	if err := o.account().check(); err != nil {
		return err
	}
	if !envelopeAddress(o.Address) {
		return fmt.Errorf("account %s: this is no address that mail can be sent from", o.Address)
	}
	return nil
}

func (o Outbound) account() Account {
	return Account{Address: o.Address, Host: o.Host, Port: o.Port, TLS: o.TLS, Username: o.Username, Password: o.Password}
}

func (o Outbound) addr() string {
	port := o.Port
	if port == 0 {
		port = 465
		if o.TLS == TLSStart || o.TLS == TLSNone {
			port = 587
		}
	}
	return net.JoinHostPort(o.Host, strconv.Itoa(port))
}

// check finds what no server could make good.
func (m Message) check() error {
	switch {
	case len(m.To) == 0:
		return flaw("it has no recipient")
	case m.Open == nil || m.Intent == nil:
		return flaw("it cannot be opened, or nobody writes down that it goes out")
	case m.Size <= 0:
		return flaw("it is empty")
	}
	for i, to := range m.To {
		if !envelopeAddress(to) {
			return flaw(fmt.Sprintf("%q is no address that mail can be sent to", to))
		}
		if slices.Contains(m.To[:i], to) {
			return flaw(fmt.Sprintf("%s is twice among the recipients", to))
		}
	}
	return nil
}

// envelopeAddress tells what can stand between < and > in the envelope (RFC 5321
// §4.1.2). Addresses in other scripts need SMTPUTF8, which is not used: no
// certified mailbox has one.
func envelopeAddress(a string) bool {
	foreign := func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }
	at := strings.LastIndexByte(a, '@')
	return at > 0 && at < len(a)-1 && len(a) <= 254 && !strings.ContainsFunc(a, foreign)
}
