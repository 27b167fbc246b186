package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/smista/smista/ent"
)

// ErrNested says that a transaction was started inside another one.
var ErrNested = errors.New("a transaction was started inside another one: pass the tx on instead")

// txAttempts bounds how often one transaction is tried.
const txAttempts = 8

type txKey struct{}

// Tx runs change in one transaction and commits it; an error or a panic rolls
// it back. When it collided with another transaction, or met a connection that
// had died, it is run again from the start: change must do nothing outside the
// database. Entities read by tx are bound to it: read them again by Client
// after the commit.
func (db *DB) Tx(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error {
	if ctx.Value(txKey{}) != nil {
		return ErrNested
	}
	for attempt := 1; ; attempt++ {
		err := db.once(ctx, change)
		if err == nil || attempt == txAttempts || !retriable(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (db *DB) once(ctx context.Context, change func(context.Context, *ent.Tx) error) (err error) {
	tx, err := db.client.Tx(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() {
		if !committed {
			err = errors.Join(err, rollback(tx))
		}
	}()
	if err := change(context.WithValue(ctx, txKey{}, true), tx); err != nil {
		return err
	}
	committed = true // also when the commit fails: there is nothing left to roll back
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func rollback(tx *ent.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// retriable tells whether nothing of the transaction was kept and it may well
// succeed next time: it collided with another one, or its connection had died
// before, with the server that was restarted.
func retriable(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code := e.Code() & 0xff // the rest says why
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "40001" || e.Code == "40P01" // serialization_failure, deadlock_detected
	}
	return pgconn.SafeToRetry(err)
}

// pause waits before another attempt: some milliseconds, longer each time, and
// by chance so that two that collided do not meet again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Duration(1+rand.IntN(10<<attempt)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
