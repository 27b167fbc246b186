package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	smallAnswer = 64 << 10 // bytes of an answer that has no list in it
	unasked     = 1 << 20  // bytes a server may send between two commands
)

// RefusedError means that the server does not accept the account's name or password.
type RefusedError struct{ Address, Reason string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the server refused the login of %s: %s; check the username and the password", e.Address, e.Reason)
}

// session is one authenticated connection. It is used by one goroutine at a
// time; close may be called from anywhere, at any moment, and ends every wait.
type session struct {
	acc    Account
	caps   imap.CapSet // after login
	wire   *wire
	client *imapclient.Client
	ctx    context.Context
	cancel context.CancelFunc
	bell   chan struct{}  // something happened in the folder
	pumps  sync.WaitGroup // goroutines that read fetched messages

	mu     sync.Mutex
	window *window // the fetches in flight, nil between

	folder selected // what EXAMINE said last
}

// dial connects, protects the connection and logs in.
func dial(ctx context.Context, acc Account, o Options) (*session, error) {
	s, err := connect(ctx, acc, o)
	if err != nil {
		return nil, err
	}
	if err := s.greet(o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// connect makes a session that has said nothing yet.
func connect(ctx context.Context, acc Account, o Options) (*session, error) {
	d := net.Dialer{Timeout: o.Timing.Silence, KeepAlive: 30 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", acc.addr())
	if err != nil {
		return nil, fmt.Errorf("connect to the server of %s: %w", acc.Address, err)
	}
	s := &session{acc: acc, bell: make(chan struct{}, 1)}
	s.wire = &wire{Conn: conn, silence: o.Timing.Silence}
	s.ctx, s.cancel = context.WithCancel(ctx)
	context.AfterFunc(s.ctx, s.wire.cut) //nolint:contextcheck // the connection ends with its own context
	return s, nil
}

func (s *session) greet(o Options) error {
	err := s.do("greet", smallAnswer, func() error { return s.protect(o) })
	if err != nil {
		return fmt.Errorf("connect to the server of %s: %w", s.acc.Address, err)
	}
	return s.login()
}

// protect sets TLS up and starts the client.
func (s *session) protect(o Options) error {
	cfg := &tls.Config{}
	if o.TLS != nil {
		cfg = o.TLS.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName = s.acc.Host
	}
	opts := &imapclient.Options{TLSConfig: cfg, UnilateralDataHandler: s.unilateral()}
	switch s.acc.TLS {
	case TLSNone:
		s.client = imapclient.New(s.wire, opts)
	case TLSStart:
		c, err := imapclient.NewStartTLS(s.wire, opts)
		if err != nil {
			return fmt.Errorf("STARTTLS: %w", err)
		}
		s.client = c
	default:
		conn := tls.Client(s.wire, cfg)
		if err := conn.HandshakeContext(s.ctx); err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
		s.client = imapclient.New(conn, opts)
	}
	return s.client.WaitGreeting()
}

func (s *session) login() error {
	if s.client.State() == imap.ConnStateAuthenticated { // PREAUTH
		return s.do("CAPABILITY", smallAnswer, func() error {
			s.caps = s.client.Caps()
			return nil
		})
	}
	secret, err := s.acc.Password()
	if err != nil {
		return fmt.Errorf("the password of %s: %w", s.acc.Address, err)
	}
	err = s.do("LOGIN", smallAnswer, func() error {
		if err := s.client.Login(s.acc.Username, string(secret)).Wait(); err != nil {
			return err
		}
		s.caps = s.client.Caps()
		return nil
	})
	if no := (*imap.Error)(nil); errors.As(err, &no) && no.Type == imap.StatusResponseTypeNo && !passing(no.Code) {
		return &RefusedError{s.acc.Address, without(secret, no.Text)}
	}
	if err != nil && without(secret, err.Error()) != err.Error() {
		return errors.New("LOGIN: " + without(secret, err.Error()))
	}
	return err
}

// without takes the password out of a text: there are servers that repeat the
// command they did not like.
func without(secret Secret, text string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, string(secret), secret.String())
}

// passing tells whether the code of a refusal (RFC 5530 §3) says that the
// server is in trouble, rather than the name or password wrong.
func passing(code imap.ResponseCode) bool {
	switch code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	default:
		return false
	}
}

// do runs one command, with its byte budget and with a watch on the whole, and
// puts the wire's reason in place of the client's general one.
func (s *session) do(name string, budget int64, command func() error) error {
	s.wire.arm(budget)
	limit := 10*s.wire.silence + time.Duration(budget/minRate)*time.Second
	watch := time.AfterFunc(limit, func() {
		s.wire.fail(fmt.Errorf("the server was not done with a command after %v", limit))
		s.cancel()
	})
	err := command()
	watch.Stop()
	s.wire.rest(unasked)
	return s.explain(name, err)
}

func (s *session) explain(name string, err error) error {
	if err == nil {
		return nil
	}
	if cause := s.wire.cause(); cause != nil {
		err = cause
	}
	return fmt.Errorf("%s: %w", name, err)
}

// close drops the connection at once: nothing is said to the server, since
// go-imap's own Close may wait for ever for a literal nobody reads.
func (s *session) close() {
	s.cancel()
	s.wire.cut()
	s.endWindow()
	s.pumps.Wait()
	if s.client != nil {
		s.client.Close()
	}
}

// unilateral receives what the server says unasked, on the client's reading
// goroutine: it must never wait.
func (s *session) unilateral() *imapclient.UnilateralDataHandler {
	ring := func() {
		select {
		case s.bell <- struct{}{}:
		default:
		}
	}
	return &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				ring()
			}
		},
		Fetch: s.stray,
	}
}

// alive tells whether the connection was not seen to end. It may be dead all the same.
func (s *session) alive() bool {
	select {
	case <-s.client.Closed():
		return false
	default:
		return s.ctx.Err() == nil
	}
}
