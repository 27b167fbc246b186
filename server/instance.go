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

	"github.com/smista/smista/archive"
	"github.com/smista/smista/archive/bucket"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/event"
	"github.com/smista/smista/event/redisbus"
	"github.com/smista/smista/event/seal"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec/smime/isolate"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/safe"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/track"
)

// Instance is the system in one process, with its stores open: what serve, import
// and the demo work with.
type Instance struct {
	Config  Config
	DB      *store.DB
	Archive archive.Store
	Log     *event.Log
	Desk    *desk.Desk
	Staff   *staff.Staff
	Dossier *dossier.Dossier
	Work    *casework.Casework
	Track   *track.Tracker
	Replies *reply.Replies

	bus     bus
	safe    *safe.Safe
	checker *isolate.Worker
	sealer  *seal.Sealer
	zone    *time.Location
	logger  *slog.Logger
}

// OpenInstance opens the stores of a configuration. With migrate the schema is
// brought up to date first; without, an older one is an error that says what to do.
func OpenInstance(ctx context.Context, c Config, migrate bool, logger *slog.Logger) (_ *Instance, err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	i := &Instance{Config: c, checker: isolate.New(c.Trust), logger: logger}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.Close())
		}
	}()
	if i.bus, err = openBus(c.Redis, logger); err != nil {
		return nil, err
	}
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
	if i.safe, err = c.openSafe(ctx); err != nil {
		return nil, err
	}
	i.zone = c.zone()
	i.Staff = staff.New(staff.Options{Client: i.DB.Client(), Log: i.Log, Logger: logger})
	i.Dossier = dossier.New(dossier.Options{House: c.calendar(i.zone), Log: i.Log, Base: strings.TrimSuffix(c.PublicURL, "/")})
	i.Work = casework.New(casework.Options{Client: i.DB.Client(), Log: i.Log, Dossier: i.Dossier, Rights: i.Staff.Rights})
	i.Track = track.New(track.Options{Log: i.Log, Dossier: i.Dossier})
	i.Desk = desk.New(desk.Options{
		Archive: i.Archive, Client: i.DB.Client(), Log: i.Log, Dossier: i.Dossier, Track: i.Track, Verifier: i.checker, Zone: i.zone,
	})
	i.Replies = reply.New(reply.Options{
		Client: i.DB.Client(), Archive: i.Archive, Work: i.Work, Cases: i.Desk, Dossier: i.Dossier, Track: i.Track,
		Hold: c.Send.Hold, Scanned: c.Virus.Clamd != "", Zone: i.zone,
	})
	return i, nil
}

// bus is the bell between the instances at work.
type bus interface {
	event.Bus
	Run(ctx context.Context)
	Err() error
	Close() error
}

func openBus(r Redis, logger *slog.Logger) (bus, error) {
	if r.URL == "" {
		return alone{event.NewMemoryBus()}, nil
	}
	return redisbus.Open(string(r.URL), r.Channel, logger)
}

// alone is the bell of the only instance: there is nobody else to reach.
type alone struct{ *event.MemoryBus }

func (alone) Run(context.Context) {}
func (alone) Err() error          { return nil }
func (alone) Close() error        { return nil }

// Configure writes the offices, mailboxes, rules and deadlines of the
// configuration into the tables. Rules of the configuration that it does not name
// any more are switched off; those that people keep are left alone.
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
	if i.bus != nil {
		err = errors.Join(err, i.bus.Close())
	}
	if i.safe != nil {
		err = errors.Join(err, i.safe.Close())
	}
	if i.sealer != nil {
		err = errors.Join(err, i.sealer.Close())
	}
	if i.DB != nil {
		err = errors.Join(err, i.DB.Close())
	}
	return err
}

// settings is what the configuration says of offices, mailboxes, rules and
// deadlines, in the desk's words.
func (c Config) settings() desk.Settings {
	var s desk.Settings
	for _, o := range c.Offices {
		s.Offices = append(s.Offices, o.setting())
	}
	for _, m := range c.Mailboxes {
		s.Mailboxes = append(s.Mailboxes, desk.MailboxSetting{
			Address: m.Address, Office: m.Office, Sends: m.SMTP != "", SizeLimit: int64(m.SizeLimit), Hourly: m.Hourly,
		})
	}
	for _, r := range c.Rules {
		s.Rules = append(s.Rules, desk.RuleSetting{Name: r.Name, Priority: r.Priority, Condition: r.When.asked(), Office: r.Office, Assignee: r.Assignee})
	}
	for _, d := range c.Deadlines {
		s.Deadlines = append(s.Deadlines, d.setting())
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
