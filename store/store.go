// Package store opens the database, keeps its schema, and hands out guarded
// clients. It knows SQLite and PostgreSQL; nobody above it needs to.
//
//   - How a database is opened is said in one place a dialect, and what was
//     asked for is read back: a database that behaves otherwise is refused.
//   - Every client handed out is wrapped by package guard, those of
//     transactions too.
//   - PostgreSQL is told with each statement who asks, and shows that viewer's
//     rows alone.
//   - The schema is a row of SQL files, replayed in order; a database that is
//     ahead of this program is not touched.
//   - SQLite has one writer at a time: here it is one connection, so that
//     writers queue instead of colliding.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
)

// DB is an open database.
type DB struct {
	client  *ent.Client
	writer  *sql.DB // migrations go by it
	goose   *goose.Provider
	dialect string
	log     *slog.Logger
}

// Open opens the database at url: postgres://user@host/name, sqlite:///path, or
// just a path of a file, which is made when missing. It does not migrate; a
// database that is ahead of this program is refused with a *SchemaError.
func Open(ctx context.Context, url string, log *slog.Logger) (*DB, error) {
	db, err := open(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.log = log
	if err := errors.Join(db.refuseNewer(ctx), db.warnUnbound(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func open(ctx context.Context, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url)
	}
	path := strings.TrimPrefix(url, "sqlite://")
	if path == "" || strings.Contains(path, "://") {
		return nil, errors.New("the address is neither postgres://… nor sqlite:///path nor a path")
	}
	return openSQLite(ctx, path)
}

// build puts a DB together once its connections are proved.
func build(drv dialect.Driver, writer *sql.DB) (*DB, error) {
	provider, err := migrator(drv.Dialect(), writer)
	if err != nil {
		return nil, err
	}
	client := guard.Wrap(ent.NewClient(ent.Driver(drv)))
	return &DB{client: client, writer: writer, goose: provider, dialect: drv.Dialect()}, nil
}

// Client returns the guarded client, for reading. Changes are refused outside
// a transaction.
func (db *DB) Client() *ent.Client { return db.client }

// Dialect is dialect.SQLite or dialect.Postgres of ent.
func (db *DB) Dialect() string { return db.dialect }

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error { return db.writer.PingContext(ctx) }

// Close closes all connections. The DB cannot be used afterwards.
func (db *DB) Close() error { return db.client.Close() }
