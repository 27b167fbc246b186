// Package provider is a provider of certified mail to play with: real IMAP and
// SMTP servers, several operators and accounts, receipts signed by a test
// hierarchy, and faults on request. The demo and the tests run on it.
//
//   - What it did is in its log (Log), which tests hold the system against.
//   - Nothing leaves the machine: mail for domains of no operator is accepted
//     as ordinary mail and goes nowhere.
//   - Bodies stand in files, shared by the boxes that got them, so memory does
//     not grow with mail.
//   - It judges nothing that comes in as mail: it is a peer, not a filter.
package provider

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"

	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/testpki"
)

// Provider is a running world of certified mail.
type Provider struct {
	config      Config
	hierarchy   *testpki.Hierarchy
	stranger    func() (*testpki.Hierarchy, error) // what forgers sign under
	certificate *x509.Certificate                  // of the servers; nil without TLS
	operators   map[string]*operator
	boxes       map[string]*box // by lower-case address
	spool       *spool
	ledger      *ledger
	faults      *faults
	work        *tally
	late        *late
	slots       chan struct{} // one per message in process

	imap, smtp, control net.Listener
	imapServer          *imapserver.Server
	smtpServer          *smtp.Server
	controlServer       *http.Server

	ctx    context.Context
	cancel context.CancelFunc
	closed sync.Once

	mu       sync.Mutex
	validity uint32
	serial   int
	run      string              // in every identifier: a restart repeats none
	held     map[string][]func() // receipts that wait for the next one, by box
	sessions map[*session]bool
}

// operator is a provider with what it signs with.
type operator struct {
	Operator
	issuer envelope.Issuer
}

// Start runs the servers until ctx ends or Close is called.
func Start(ctx context.Context, c Config) (*Provider, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	l := &ledger{}
	p := &Provider{config: c, hierarchy: c.Hierarchy, operators: map[string]*operator{}, boxes: map[string]*box{},
		ledger: l, faults: &faults{ledger: l, now: c.Clock}, work: newTally(), late: &late{}, slots: make(chan struct{}, 4),
		held: map[string][]func(){}, sessions: map[*session]bool{}, validity: uint32(c.Clock().Unix()), run: lower(rand.Text()[:10])}
	p.ctx, p.cancel = context.WithCancel(ctx)
	if err := p.open(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	p.serve()
	go func() {
		<-p.ctx.Done() // Close ends it too
		_ = p.Close()
	}()
	return p, nil
}

// open prepares keys, boxes, folder and listeners.
func (p *Provider) open() (err error) {
	if err := p.openOperators(); err != nil {
		return err
	}
	for _, a := range p.config.Accounts {
		p.boxes[lower(a.Address)] = newBox(a, p.newValidity())
	}
	if p.spool, err = openSpool(p.config.DataDir); err != nil {
		return err
	}
	return p.listen()
}

func (p *Provider) openOperators() (err error) {
	var domains []string
	for _, o := range p.config.Operators {
		domains = append(domains, o.Domain)
	}
	p.stranger = sync.OnceValues(func() (*testpki.Hierarchy, error) { return testpki.New(p.config.Clock(), domains...) })
	if p.hierarchy == nil {
		if p.hierarchy, err = testpki.New(p.config.Clock(), domains...); err != nil {
			return fmt.Errorf("provider: make a test hierarchy: %w", err)
		}
	}
	for _, o := range p.config.Operators {
		quirks, err := o.quirks()
		if err != nil {
			return err
		}
		id := p.hierarchy.Provider(o.Domain)
		if id == nil {
			return fmt.Errorf("provider: the test hierarchy has no certificate for %q; create it with this domain", o.Domain)
		}
		op := &operator{Operator: o, issuer: envelope.Issuer{Name: o.Name, Identity: id, Quirks: quirks}}
		for _, d := range o.customers() {
			p.operators[d] = op
		}
	}
	return nil
}

func (p *Provider) listen() (err error) {
	var config *tls.Config
	if p.config.TLS {
		if config, p.certificate, err = serverCertificate(p.config.Clock()); err != nil {
			return err
		}
	}
	if p.imap, err = p.listenOn(p.config.IMAPAddr, IMAP, config); err != nil {
		return err
	}
	p.imap = &imapListener{Listener: p.imap, faults: p.faults}
	if p.smtp, err = p.listenOn(p.config.SMTPAddr, SMTP, config); err != nil {
		return err
	}
	if p.control, err = net.Listen("tcp", p.config.ControlAddr); err != nil {
		return fmt.Errorf("provider: control: %w", err)
	}
	return nil
}

func (p *Provider) listenOn(addr, protocol string, config *tls.Config) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("provider: %s: %w", protocol, err)
	}
	l = &faultyListener{Listener: l, faults: p.faults, protocol: protocol}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, nil
}

func (p *Provider) serve() {
	p.imapServer, p.smtpServer = p.newIMAP(), p.newSMTP()
	p.controlServer = &http.Server{Handler: p.controlHandler(), ReadHeaderTimeout: 10 * time.Second}
	p.work.serve(func() { p.logServe("imap", p.imapServer.Serve(p.imap)) })
	p.work.serve(func() { p.logServe("smtp", p.smtpServer.Serve(p.smtp)) })
	p.work.serve(func() { p.logServe("control", p.controlServer.Serve(p.control)) })
	p.work.serve(p.watchTheClock)
}

func (p *Provider) logServe(name string, err error) {
	if err != nil && p.ctx.Err() == nil {
		p.config.Log.Error("server stopped", "server", name, "err", err)
	}
}

// Close stops the servers, cuts every connection and, with a temporary folder,
// removes the mail.
func (p *Provider) Close() error {
	var err error
	p.closed.Do(func() {
		p.cancel()
		if p.imapServer != nil {
			_, _, _ = p.imapServer.Close(), p.smtpServer.Close(), p.controlServer.Close()
		}
		closeListeners(p.imap, p.smtp, p.control) // a server that had not begun yet does not know its own
		p.work.close()
		if p.spool != nil {
			err = errors.Join(err, p.spool.close())
		}
	})
	return err
}

func closeListeners(ls ...net.Listener) {
	for _, l := range ls {
		if l != nil {
			_ = l.Close()
		}
	}
}

func (p *Provider) box(address string) *box { return p.boxes[lower(address)] }

func (p *Provider) authenticate(user, password string) *box {
	if b := p.box(user); b != nil && b.account.Password == password {
		return b
	}
	return nil
}

// newValidity gives each folder a UIDVALIDITY of its own.
func (p *Provider) newValidity() uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.validity += 1000
	return p.validity
}

func (p *Provider) remember(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions[s] = true
}

func (p *Provider) forget(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sessions, s)
}

// expose puts a message into a folder and writes it down.
func (p *Provider) expose(b *box, f *folder, data stored, date time.Time, e Entry, flags ...imap.Flag) (uint32, imap.UID) {
	digest, err := data.digest()
	if err != nil {
		p.config.Log.Error("digest of a message", "err", err)
	}
	validity, uid := f.add(data, date, flags...)
	p.recordExposed(b, f, validity, uid, data, digest, e)
	return validity, uid
}

func (p *Provider) recordExposed(b *box, f *folder, validity uint32, uid imap.UID, data stored, digest string, e Entry) {
	e.At, e.Event, e.Box, e.Folder = p.config.Clock(), Exposed, b.account.Address, f.name
	e.UIDValidity, e.UID, e.Digest, e.Size = validity, uint32(uid), digest, data.size()
	p.ledger.add(e)
}

// quiet is a logger for the libraries: they speak of clients that went away.
func (p *Provider) quiet(name string) *libraryLog {
	return &libraryLog{log: p.config.Log.With("server", name)}
}

type libraryLog struct{ log *slog.Logger }

func (l *libraryLog) Printf(format string, args ...any) {
	l.log.Debug(strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func (l *libraryLog) Println(args ...any) { l.log.Debug(strings.TrimSpace(fmt.Sprintln(args...))) }
