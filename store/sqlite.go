package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// sqlitePragmas is how every connection behaves, and what each pragma answers
// when it does. synchronous 2 is FULL: a commit survives a power cut.
var sqlitePragmas = []struct{ name, set, want string }{
	{"busy_timeout", "5000", "5000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"trusted_schema", "0", "0"},
}

// sqliteReaders bounds the connections that read beside the one that writes.
const sqliteReaders = 8

// sqliteDSN is the one place that says how SQLite is opened. Times are written
// in UTC, in a form that sorts as text.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{
		"_txlock":      {"immediate"},
		"_timezone":    {"UTC"},
		"_time_format": {"sqlite"},
	}
	for _, p := range sqlitePragmas {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	if readOnly {
		q.Set("_txlock", "deferred")
		q.Add("_pragma", "query_only(1)")
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	writer, err := openSQLitePool(ctx, sqliteDSN(path, false), 1)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	readers, err := openSQLitePool(ctx, sqliteDSN(path, true), sqliteReaders)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), writer.Close())
	}
	drv := &sqliteDriver{
		Driver: entsql.OpenDB(dialect.SQLite, writer),
		reader: entsql.OpenDB(dialect.SQLite, readers),
	}
	db, err := build(drv, writer)
	if err != nil {
		return nil, errors.Join(err, drv.Close())
	}
	return db, nil
}

func openSQLitePool(ctx context.Context, dsn string, size int) (*sql.DB, error) {
	c, err := newConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if err := checkPragmas(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// checkPragmas refuses a database that does not behave as asked: a network
// file system may refuse WAL, for instance.
func checkPragmas(ctx context.Context, db *sql.DB) error {
	for _, p := range sqlitePragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("read pragma %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("pragma %s is %s instead of %s: keep the file on a local disk", p.name, got, p.want)
		}
	}
	return nil
}

// sqliteDriver writes by one connection and reads by the others.
type sqliteDriver struct {
	*entsql.Driver // the writer: Exec and transactions
	reader         *entsql.Driver
}

// Query implements dialect.Driver, beside transactions.
func (d *sqliteDriver) Query(ctx context.Context, query string, args, v any) error {
	return d.reader.Query(ctx, query, args, v)
}

// Close implements dialect.Driver.
func (d *sqliteDriver) Close() error {
	return errors.Join(d.reader.Close(), d.Driver.Close())
}
