package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // a machine need not have it

	"github.com/smista/smista/archive"
	"github.com/smista/smista/archive/bucket"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec/smime/isolate"
	"github.com/smista/smista/store"
)

// Instance is the system in one process, with its stores open: what serve, import
// and the demo work with.
type Instance struct {
	Config  Config
	DB      *store.DB
	Archive archive.Store
	Log     *event.Log
	Desk    *desk.Desk

	bus     *event.MemoryBus
	checker *isolate.Worker
	logger  *slog.Logger
}

// OpenInstance opens the stores of a configuration. With migrate the schema is
// brought up to date first; without, an older one is an error that says what to do.
func OpenInstance(ctx context.Context, c Config, migrate bool, logger *slog.Logger) (_ *Instance, err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	i := &Instance{Config: c, bus: event.NewMemoryBus(), checker: isolate.New(c.Trust), logger: logger}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.Close())
		}
	}()
	if i.DB, err = OpenDatabase(ctx, c, logger); err != nil {
		return nil, err
	}
	if err = i.currentSchema(ctx, migrate); err != nil {
		return nil, err
	}
	if i.Archive, err = openArchive(ctx, c); err != nil {
		return nil, err
	}
	if i.Log, err = event.NewLog(ctx, i.DB, i.bus); err != nil {
		return nil, err
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return nil, err
	}
	i.Desk = desk.New(desk.Options{Archive: i.Archive, Client: i.DB.Client(), Log: i.Log, Verifier: i.checker, Zone: rome})
	return i, nil
}

// Configure writes the offices, mailboxes and rules of the configuration into
// the tables. Rules that it does not name are switched off.
func (i *Instance) Configure(ctx context.Context) error {
	return i.Desk.Configure(guard.NewContext(ctx, guard.System("configuration")), i.Config.settings())
}

// OpenDatabase opens the database of a configuration.
func OpenDatabase(ctx context.Context, c Config, logger *slog.Logger) (*store.DB, error) {
	url := string(c.Database)
	if url == "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		url = filepath.Join(c.Data, "smista.db")
	}
	return store.Open(ctx, url, logger)
}

func (i *Instance) currentSchema(ctx context.Context, migrate bool) error {
	if migrate {
		return i.DB.Migrate(ctx)
	}
	return i.DB.RequireCurrent(ctx)
}

func openArchive(ctx context.Context, c Config) (archive.Store, error) {
	switch place := c.Archive; {
	case place == "":
		return archive.OpenDir(filepath.Join(c.Data, "archive"))
	case strings.Contains(place, "://"):
		return bucket.Open(ctx, place, filepath.Join(c.Data, "staging"))
	default:
		return archive.OpenDir(place)
	}
}

// Close gives everything back. The instance must no longer be working.
func (i *Instance) Close() error {
	err := i.checker.Close()
	if i.DB != nil {
		err = errors.Join(err, i.DB.Close())
	}
	return err
}

// settings is what the configuration says of offices, mailboxes and rules, in
// the desk's words.
func (c Config) settings() desk.Settings {
	var s desk.Settings
	for _, o := range c.Offices {
		s.Offices = append(s.Offices, desk.OfficeSetting{Code: o.Code, Name: o.Name})
	}
	for _, m := range c.Mailboxes {
		s.Mailboxes = append(s.Mailboxes, desk.MailboxSetting{Address: m.Address, Office: m.Office})
	}
	for _, r := range c.Rules {
		s.Rules = append(s.Rules, desk.RuleSetting{Name: r.Name, Priority: r.Priority, Condition: r.When.asked(), Office: r.Office})
	}
	return s
}

func (c Condition) asked() desk.Condition {
	asked := desk.Condition{Mailbox: c.Mailbox, Sender: c.Sender, Subject: c.Subject, Text: c.Text, Attachment: c.Attachment}
	for _, inner := range c.All {
		asked.All = append(asked.All, inner.asked())
	}
	for _, inner := range c.Any {
		asked.Any = append(asked.Any, inner.asked())
	}
	if c.Not != nil {
		not := c.Not.asked()
		asked.Not = &not
	}
	return asked
}
