// Package storetest gives tests a database: a fresh SQLite file, or a fresh
// database of a private PostgreSQL that is started once for a test process.
package storetest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/store"
)

// shared is the one server of this process.
var shared = sync.OnceValues(func() (*Server, error) { return StartServer() })

// Each runs a test on an empty, migrated SQLite and on an empty, migrated
// PostgreSQL. Where PostgreSQL is not installed that half is skipped, or fails
// when SMISTA_REQUIRE_SERVERS=1.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens an empty, migrated database in a file of the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, SQLiteURL(t))
}

// Postgres opens an empty, migrated database of the shared server.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, PostgresURL(t))
}

// SQLiteURL is the address of a database that is migrated and has no rows.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	content, err := migratedFile()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "smista.db")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	return "sqlite://" + file
}

// PostgresURL is the address of a new database that is migrated and has no rows.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := shared()
	skipUnlessInstalled(t, err)
	template, err := migratedDatabase()
	require.NoError(t, err)
	url, err := server.newDatabase(t.Context(), template)
	require.NoError(t, err)
	return url
}

// EmptySQLiteURL is the address of a database that does not exist yet.
func EmptySQLiteURL(t testing.TB) string {
	return "sqlite://" + filepath.Join(t.TempDir(), "smista.db")
}

// EmptyPostgresURL is the address of a new, wholly empty database.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	server, err := shared()
	skipUnlessInstalled(t, err)
	url, err := server.NewDatabase(t.Context())
	require.NoError(t, err)
	return url
}

// migratedFile is the content of a migrated SQLite file: migrating takes longer
// than most tests, so a process does it once and its tests get copies.
var migratedFile = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "smista-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "smista.db")
	if err := migrate("sqlite://" + file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// migratedDatabase is the name of a migrated database on the shared server,
// which PostgreSQL copies.
var migratedDatabase = sync.OnceValues(func() (string, error) {
	server, err := shared()
	if err != nil {
		return "", err
	}
	url, err := server.NewDatabase(context.Background())
	if err != nil {
		return "", err
	}
	return databaseOf(url), migrate(url)
})

// migrate leaves no connection open: neither a file nor a template may have any.
func migrate(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

// PrivateServer starts a server for this test alone, to be crashed at will.
func PrivateServer(t testing.TB, settings ...string) *Server {
	t.Helper()
	server, err := StartServer(settings...)
	skipUnlessInstalled(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server
}

// Open opens the database at url, migrates it, and closes it with the test.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	db, err := store.Open(ctx, url, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(ctx))
	return db
}

func skipUnlessInstalled(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, ErrNotInstalled) && os.Getenv("SMISTA_REQUIRE_SERVERS") != "1" {
		t.Skip("skipped: ", err)
	}
	require.NoError(t, err)
}
