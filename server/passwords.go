package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/safe"
	"github.com/smista/smista/store"
)

// password gives the password of a mailbox at each login, and keeps it nowhere:
// that of the file or variable which the configuration names, else the sealed one.
func (i *Instance) password(ctx context.Context, m Mailbox) func() (mailbox.Secret, error) {
	if !m.sealed() {
		return func() (mailbox.Secret, error) { return i.Config.Password(m) }
	}
	ctx = guard.NewContext(ctx, guard.System("mailbox"))
	return func() (mailbox.Secret, error) {
		p, err := i.safe.Of(ctx, i.DB.Client(), m.Address)
		return mailbox.Secret(p.Reveal()), err
	}
}

// SetPassword seals the password of a mailbox.
func (i *Instance) SetPassword(ctx context.Context, address string, p safe.Password) error {
	return i.safe.Keep(guard.NewContext(ctx, guard.System("cli")), i.Log, address, p)
}

// sealed says that the configuration names no other place of the password.
func (m Mailbox) sealed() bool { return m.PasswordFile == "" && m.PasswordEnv == "" }

// Passwords are the passwords of a configuration's mailboxes, for commands that
// need nothing else of the system, whether it runs or not.
type Passwords struct {
	config Config
	db     *store.DB
	log    *event.Log
	safe   *safe.Safe
}

// OpenPasswords opens the passwords of a configuration. A database that is not up
// to date is an error that says what to do.
func OpenPasswords(ctx context.Context, c Config, logger *slog.Logger) (*Passwords, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	db, err := openCurrent(ctx, c, logger)
	if err != nil {
		return nil, err
	}
	p := &Passwords{config: c, db: db}
	if p.log, err = event.NewLog(ctx, db, event.NewMemoryBus()); err == nil {
		p.safe, err = c.openSafe(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

// Close closes the database.
func (p *Passwords) Close() error { return errors.Join(p.safe.Close(), p.db.Close()) }

// Mailbox finds a mailbox of the configuration by its address.
func (c Config) Mailbox(address string) (Mailbox, error) {
	i := slices.IndexFunc(c.Mailboxes, func(m Mailbox) bool { return strings.EqualFold(m.Address, address) })
	if i < 0 {
		return Mailbox{}, fmt.Errorf("there is no mailbox %s in the configuration: add it as [[mailbox]]", address)
	}
	return c.Mailboxes[i], nil
}

// Set seals the password of a mailbox.
func (p *Passwords) Set(ctx context.Context, m Mailbox, password safe.Password) error {
	return p.safe.Keep(ctx, p.log, m.Address, password)
}

// Renew seals all passwords by a new local key, and tells how many.
func (p *Passwords) Renew(ctx context.Context) (int, error) {
	return p.safe.Renew(ctx, p.log, p.db.Client())
}

// Rekey seals all passwords by the key at another address, and tells how many.
func (p *Passwords) Rekey(ctx context.Context, to safe.URL) (int, error) {
	return p.safe.Rekey(ctx, p.log, p.db.Client(), to)
}

// KeyFile is the local key.
func (p *Passwords) KeyFile() string { return p.config.keyFile() }

// ListedMailbox is a mailbox as the administrator lists it.
type ListedMailbox struct {
	Address, Office string
	IMAP, SMTP      string
	Password        string // where it is, and when it was set; empty where there is none
	Health          string // "ok", "failing", or "never" collected
	Problem         string // in words
}

// List lists the mailboxes of the configuration in their order. A password that
// does not open is a problem of its mailbox.
func (p *Passwords) List(ctx context.Context) ([]ListedMailbox, error) {
	rows, err := p.db.Client().Mailbox.Query().All(ctx)
	if err != nil {
		return nil, err
	}
	set, err := safe.SetAt(ctx, p.db.Client())
	if err != nil {
		return nil, err
	}
	var list []ListedMailbox
	for _, m := range p.config.Mailboxes {
		l := ListedMailbox{Address: m.Address, Office: m.Office, IMAP: m.IMAP, SMTP: m.SMTP, Health: "never"}
		i := slices.IndexFunc(rows, func(row *ent.Mailbox) bool { return strings.EqualFold(row.Address, m.Address) })
		if i >= 0 {
			l.Health, l.Problem = string(rows[i].Health), rows[i].LastError
		}
		l.Password, err = p.placeOf(ctx, m, set[strings.ToLower(m.Address)])
		if err != nil {
			l.Problem = err.Error()
		}
		list = append(list, l)
	}
	return list, nil
}

// placeOf says where the password of a mailbox is, and why it cannot be had.
func (p *Passwords) placeOf(ctx context.Context, m Mailbox, set time.Time) (string, error) {
	switch {
	case m.PasswordFile != "":
		_, err := p.config.Password(m)
		return "file " + m.PasswordFile, err
	case m.PasswordEnv != "":
		_, err := p.config.Password(m)
		return "variable " + m.PasswordEnv, err
	case set.IsZero():
		return "", fmt.Errorf("%w %s", safe.ErrNoPassword, m.Address)
	}
	_, err := p.safe.Of(ctx, p.db.Client(), m.Address)
	return "sealed " + set.In(p.config.zone()).Format(time.DateOnly), err
}

// tryPatience is how long a server may be silent when a password is tried.
const tryPatience = 20 * time.Second

// Try logs in at the servers of a mailbox by a password, once at each.
func (p *Passwords) Try(ctx context.Context, m Mailbox, password safe.Password) error {
	account, err := p.config.Account(m)
	if err != nil {
		return err
	}
	out, err := p.config.Outbound(m)
	if err != nil {
		return err
	}
	out.Password = func() (mailbox.Secret, error) { return mailbox.Secret(password.Reveal()), nil }
	account.Password = out.Password
	if err := tryIMAP(ctx, account); err != nil || out.Host == "" {
		return err
	}
	_, err = out.Probe(ctx)
	return err
}

func tryIMAP(ctx context.Context, account mailbox.Account) error {
	account.Sent = "" // looking for it needs the login
	ctx, done := context.WithCancelCause(ctx)
	defer done(nil)
	collector, err := mailbox.New(account, onlyLogin{done: done}, nil, mailbox.Options{Timing: mailbox.Timing{Silence: tryPatience}})
	if err != nil {
		return err
	}
	go watchLogin(ctx, collector, done)
	if err := collector.Run(ctx); !errors.Is(err, errLoggedIn) {
		return err
	}
	return nil
}

// errLoggedIn ends a try that went well.
var errLoggedIn = errors.New("logged in")

// onlyLogin is a ledger that ends a collector as soon as it is in.
type onlyLogin struct {
	mailbox.Ledger

	done context.CancelCauseFunc
}

// Folder implements mailbox.Ledger.
func (l onlyLogin) Folder(context.Context, string, string) (mailbox.FolderState, error) {
	l.done(errLoggedIn)
	return mailbox.FolderState{}, errLoggedIn
}

// watchLogin ends a collector at its first failure: a second try with a wrong
// password could lock the account.
func watchLogin(ctx context.Context, c *mailbox.Collector, done context.CancelCauseFunc) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if h := c.Health(); h.Failures > 0 {
				done(errors.New(cmp.Or(h.LastError, "the login failed")))
				return
			}
		}
	}
}
