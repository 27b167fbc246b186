package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	smallAnswer = 64 << 10 // bytes of an answer that has no list in it
	listAnswer  = 4 << 20  // bytes of all folder names
	unasked     = 1 << 20  // bytes a server may send between two commands
	perUID      = 11       // bytes of a UID and a space in a SEARCH answer
	// maxCount is the most messages we believe a folder to have.
	maxCount = 2_000_000
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

// selected is the server's account of the open folder.
type selected struct {
	Name                         string
	UIDValidity, UIDNext, Exists uint32
}

// dial connects, protects the connection and logs in.
func dial(ctx context.Context, acc Account, o Options) (*session, error) {
	d := net.Dialer{Timeout: o.Timing.Silence, KeepAlive: 30 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", acc.addr())
	if err != nil {
		return nil, fmt.Errorf("connect to the server of %s: %w", acc.Address, err)
	}
	s := &session{acc: acc, bell: make(chan struct{}, 1)}
	s.wire = &wire{Conn: conn, silence: o.Timing.Silence}
	s.ctx, s.cancel = context.WithCancel(ctx)
	context.AfterFunc(s.ctx, s.wire.cut) //nolint:contextcheck // the connection ends with its own context
	if err := s.greet(o); err != nil {
		s.close()
		return nil, err
	}
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
		return &RefusedError{s.acc.Address, no.Text}
	}
	return err
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

// examine opens a folder read-only (RFC 9051 §6.3.3).
func (s *session) examine(folder string) (selected, error) {
	s.folder = selected{}
	err := s.do("EXAMINE", smallAnswer, func() error {
		data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			return err
		}
		s.folder = selected{folder, data.UIDValidity, uint32(data.UIDNext), data.NumMessages}
		return nil
	})
	if err != nil {
		return selected{}, fmt.Errorf("folder %q of %s: %w", folder, s.acc.Address, err)
	}
	if s.folder.UIDValidity == 0 {
		return selected{}, fmt.Errorf("folder %q of %s: the server gives no UIDVALIDITY, so its messages have no lasting names and cannot be collected safely", folder, s.acc.Address)
	}
	return s.folder, nil
}

// search lists the UIDs of the open folder from first on, ascending.
func (s *session) search(first uint32) ([]uint32, error) {
	return s.searchSet(imap.UIDSet{imap.UIDRange{Start: imap.UID(max(first, 1)), Stop: 0}}, max(first, 1))
}

// exists tells whether the open folder still has a message.
func (s *session) exists(uid uint32) (bool, error) {
	uids, err := s.searchSet(imap.UIDSetNum(imap.UID(uid)), uid)
	return slices.Contains(uids, uid), err
}

func (s *session) searchSet(set imap.UIDSet, first uint32) ([]uint32, error) {
	var uids []uint32
	count := min(int64(s.folder.Exists), maxCount)
	err := s.do("UID SEARCH", smallAnswer+perUID*2*count, func() error {
		data, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
		if err != nil {
			return err
		}
		found, _ := data.All.(imap.UIDSet)
		uids, err = spread(found, first, 2*count+smallAnswer)
		return err
	})
	return uids, err
}

// spread writes ranges out, dropping what is below first ("n:*" always names
// the last message) and refusing more than limit.
func spread(set imap.UIDSet, first uint32, limit int64) ([]uint32, error) {
	var uids []uint32
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start {
			return nil, fmt.Errorf("the server lists %d:%d as UIDs", r.Start, r.Stop)
		}
		start := max(uint32(r.Start), first)
		for u := uint64(start); u <= uint64(r.Stop); u++ {
			if uids = append(uids, uint32(u)); int64(len(uids)) > limit {
				return nil, fmt.Errorf("%w: more UIDs than the folder has messages", errTooMuch)
			}
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// sentFolder finds the folder marked \Sent (RFC 6154), "" when there is none.
func (s *session) sentFolder() (string, error) {
	var opts *imap.ListOptions
	if s.caps.Has(imap.CapSpecialUse) && (s.caps.Has(imap.CapListExtended) || s.caps.Has(imap.CapIMAP4rev2)) {
		opts = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var sent string
	err := s.do("LIST", listAnswer, func() error {
		cmd := s.client.List("", "*", opts)
		for f := cmd.Next(); f != nil; f = cmd.Next() {
			if slices.Contains(f.Attrs, imap.MailboxAttrSent) && sent == "" {
				sent = f.Mailbox
			}
		}
		return cmd.Close()
	})
	return sent, err
}

// idle waits for the bell, for at most d, with IDLE (RFC 2177) where the server
// has it.
func (s *session) idle(ctx context.Context, d time.Duration) error {
	if !s.caps.Has(imap.CapIdle) {
		s.wait(ctx, d)
		return nil
	}
	var cmd *imapclient.IdleCommand
	err := s.do("IDLE", smallAnswer, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if err != nil {
		return err
	}
	s.wait(ctx, d)
	return s.do("DONE", smallAnswer, func() error {
		return errors.Join(cmd.Close(), cmd.Wait())
	})
}

func (s *session) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.bell:
	case <-timer.C:
	case <-ctx.Done():
	case <-s.client.Closed():
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
