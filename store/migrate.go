package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/smista/smista/guard"
	"github.com/smista/smista/store/migrations"
)

// SchemaError says that the database and this program do not fit.
type SchemaError struct {
	Have int64 // version of the database
	Want int64 // version this program was made for
}

func (e *SchemaError) Error() string {
	if e.Newer() {
		return fmt.Sprintf("the database has schema %d, this program knows %d: start a newer smista, or restore a backup", e.Have, e.Want)
	}
	return fmt.Sprintf("the database has schema %d, this program needs %d: make a backup and run \"smista migrate\"", e.Have, e.Want)
}

// Newer tells whether the database is ahead of the program.
func (e *SchemaError) Newer() bool { return e.Have > e.Want }

// Status is where the schema stands.
type Status struct {
	Have, Want int64
	Pending    []string // files still to be applied, in order
}

// migrator applies the files of one dialect. Several instances starting at once
// on PostgreSQL wait for each other.
func migrator(name string, db *sql.DB) (*goose.Provider, error) {
	files, err := migrations.Of(name)
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version")}
	if name == dialect.SQLite {
		return goose.NewProvider(goose.DialectSQLite3, db, files, opts...)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // tries each second
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, append(opts, goose.WithSessionLocker(locker))...)
}

// Migrate brings the schema up to date and reports each file to the log.
// Instances that start together may all call it.
func (db *DB) Migrate(ctx context.Context) error {
	for {
		before, err := db.Status(ctx)
		if err != nil {
			return err
		}
		failed := db.up(ctx)
		if failed == nil {
			return nil
		}
		// SQLite cannot be locked over several transactions: perhaps another
		// instance was quicker.
		if after, err := db.Status(ctx); err != nil || after.Have == before.Have {
			return fmt.Errorf("migrate the database: %w", failed)
		}
	}
}

func (db *DB) up(ctx context.Context) error {
	ctx = guard.NewContext(ctx, guard.System("migrations")) // every row is migrated
	if db.dialect == dialect.SQLite {
		return db.upSQLite(ctx)
	}
	return db.upAll(ctx)
}

// upSQLite migrates without foreign keys, and checks them afterwards. SQLite
// changes a table by making a new one and dropping the old, which with foreign
// keys deletes the rows of the old one first, and all that refers to them. The
// pragma means nothing inside of the migration's transaction; the writer is one
// connection, so it can be set around it.
func (db *DB) upSQLite(ctx context.Context) (err error) {
	if _, err := db.writer.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return fmt.Errorf("switch foreign keys off: %w", err)
	}
	defer func() {
		_, on := db.writer.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
		err = errors.Join(err, on)
	}()
	if err := db.upAll(ctx); err != nil {
		return err
	}
	return db.checkForeignKeys(ctx)
}

func (db *DB) checkForeignKeys(ctx context.Context) error {
	var table, parent string
	var row, key any
	err := db.writer.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return errors.Join(err, fmt.Errorf("row %v of %s refers to a row of %s that is not there: restore the backup", row, table, parent))
}

func (db *DB) upAll(ctx context.Context) error {
	done, err := db.goose.Up(ctx)
	for _, m := range done {
		db.log.Info("schema migrated", "file", m.Source.Path, "took", m.Duration)
	}
	return err
}

// Status tells which version the database has and what is pending.
func (db *DB) Status(ctx context.Context) (Status, error) {
	have, want, err := db.goose.GetVersions(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("read the schema's version: %w", err)
	}
	s := Status{Have: have, Want: want}
	for _, m := range db.goose.ListSources() {
		if m.Version > have {
			s.Pending = append(s.Pending, m.Path)
		}
	}
	return s, nil
}

// RequireCurrent gives a *SchemaError unless the schema is exactly the one this
// program was made for.
func (db *DB) RequireCurrent(ctx context.Context) error {
	s, err := db.Status(ctx)
	if err == nil && s.Have != s.Want {
		return &SchemaError{Have: s.Have, Want: s.Want}
	}
	return err
}

func (db *DB) refuseNewer(ctx context.Context) error {
	s, err := db.Status(ctx)
	if err == nil && s.Have > s.Want {
		return &SchemaError{Have: s.Have, Want: s.Want}
	}
	return err
}
