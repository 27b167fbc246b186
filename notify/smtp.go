package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Relay takes letters towards their recipients.
type Relay interface {
	// Send hands over one letter. Its error is a *Refused.
	Send(ctx context.Context, l Letter) error
}

// Refused says that a letter was not taken, or that nobody knows.
type Refused struct {
	Permanent bool // trying again would not help
	Code      int  // of the server's answer (RFC 5321 §4.2); zero when there was none
	Text      string
}

func (r *Refused) Error() string {
	how := "for now"
	if r.Permanent {
		how = "for good"
	}
	return "the letter was refused " + how + ": " + r.Text
}

// TLS is how the connection to the relay is protected.
type TLS string

// The ways of TLS.
const (
	TLSNone     TLS = "none" // only for a relay on this machine
	TLSStart    TLS = "starttls"
	TLSImplicit TLS = "implicit"
)

// Config says where the relay is.
type Config struct {
	Address  string // HOST:PORT
	From     Address
	TLS      TLS
	Username string                 // empty: no authentication
	Password func() (string, error) // read at each letter, never kept
	Timeout  time.Duration          // for each step; zero = 30 s
	RootCAs  *x509.CertPool         // nil = those of the machine
}

// SMTP hands letters to a relay (RFC 5321, RFC 6409).
type SMTP struct {
	Config
	host string
	port int
}

var _ Relay = (*SMTP)(nil)

// NewSMTP checks a configuration; it does not connect.
func NewSMTP(c Config) (*SMTP, error) {
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("the relay's address %q is not HOST:PORT", c.Address)
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return nil, fmt.Errorf("the relay's port %q is none", port)
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if _, err := c.From.header(); err != nil {
		return nil, fmt.Errorf("the sender of notices %q is no address", c.From.Address)
	}
	return &SMTP{c, host, n}, nil
}

// Send implements Relay.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m, err := s.compose(l)
	if err != nil {
		return &Refused{Permanent: true, Text: err.Error()}
	}
	client, err := s.client()
	if err != nil {
		return &Refused{Text: err.Error()}
	}
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return refused(err)
	}
	return nil
}

// header is an address as it stands in a message. The name is encoded whatever
// is in it: somebody called Mario "Rossi" gets letters too.
func (a Address) header() (*netmail.Address, error) {
	bare, err := netmail.ParseAddress(a.Address)
	if err != nil || bare.Address != a.Address {
		return nil, errors.New("this is no address")
	}
	return &netmail.Address{Name: clean(a.Name, mostName), Address: bare.Address}, nil
}

// compose makes the message: text and HTML, and the marks of mail that nobody
// should answer automatically (RFC 3834).
func (s *SMTP) compose(l Letter) (*mail.Msg, error) {
	r, err := Render(l)
	if err != nil {
		return nil, err
	}
	from, err := s.From.header()
	if err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	to, err := l.To.header()
	if err != nil {
		return nil, fmt.Errorf("the recipient: %w", err)
	}
	m := mail.NewMsg()
	m.FromMailAddress(from)
	m.AddToMailAddress(to)
	m.Subject(clean(r.Subject, mostText))
	m.SetDateWithValue(l.Date)
	m.SetMessageIDWithValue(strings.Trim(l.MessageID, "<>"))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetUserAgent("Smista")
	m.SetBodyString(mail.TypeTextPlain, r.Text)
	m.AddAlternativeString(mail.TypeTextHTML, r.HTML)
	return m, nil
}

func (s *SMTP) client() (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(s.port), mail.WithTimeout(s.Timeout), mail.WithoutNoop(),
		mail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}),
	}
	switch s.TLS {
	case TLSImplicit:
		options = append(options, mail.WithSSL())
	case TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.Username != "" {
		password, err := s.Password()
		if err != nil {
			return nil, fmt.Errorf("the relay's password: %w", err)
		}
		auth := mail.SMTPAuthAutoDiscover
		if s.TLS == TLSNone {
			auth = mail.SMTPAuthPlainNoEnc
		}
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(s.Username), mail.WithPassword(password))
	}
	c, err := mail.NewClient(s.host, options...)
	if err != nil {
		return nil, errors.New("the relay's settings are not usable")
	}
	return c, nil
}

// refused sorts what the library answers. Of the server's text only a cleaned
// line is kept. What is not a clear no is worth another try.
func refused(err error) *Refused {
	r := &Refused{Text: clean(err.Error(), 300)}
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		r.Code, r.Permanent = answer.Code, answer.Code >= 500
	}
	if send, ok := errors.AsType[*mail.SendError](err); ok {
		r.Code = send.ErrorCode()
		r.Permanent = r.Code >= 500 && !send.IsTemp()
	}
	if r.Code == 535 || r.Code == 534 || r.Code == 530 { // the password is ours to mend (RFC 4954 §6)
		r.Permanent = false
	}
	return r
}
