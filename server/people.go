package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/smista/smista/event"
	"github.com/smista/smista/event/seal"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
)

// People are the people of a configuration, for commands that need nothing else
// of the system, whether it runs or not.
type People struct {
	*staff.Staff
	Zone *time.Location // of the house

	db *store.DB
}

// OpenPeople opens the people of a configuration. A database that is not up to
// date is an error that says what to do.
func OpenPeople(ctx context.Context, c Config, logger *slog.Logger) (*People, error) {
	db, err := openCurrent(ctx, c, logger)
	if err != nil {
		return nil, err
	}
	// A running system hears of what is written by looking at the log.
	log, err := event.NewLog(ctx, db, event.NewMemoryBus())
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &People{Staff: staff.New(staff.Options{Client: db.Client(), Log: log, Logger: logger}), Zone: c.zone(), db: db}, nil
}

// Close closes the database.
func (p *People) Close() error { return p.db.Close() }

// VerifyRegister compares the register of a configuration's database with its
// seals. The key is the public one of the seals; empty for the one that stands
// beside them.
func VerifyRegister(ctx context.Context, c Config, key string, logger *slog.Logger) (seal.Report, error) {
	db, err := openCurrent(ctx, c, logger)
	if err != nil {
		return seal.Report{}, err
	}
	report, err := seal.Verify(ctx, seal.Database(db.Client()), c.seals(), key)
	return report, errors.Join(err, db.Close())
}

func openCurrent(ctx context.Context, c Config, logger *slog.Logger) (*store.DB, error) {
	db, err := OpenDatabase(ctx, c, logger)
	if err != nil {
		return nil, err
	}
	if err := db.RequireCurrent(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
