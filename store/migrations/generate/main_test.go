package main

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/stretchr/testify/require"

	entmigrate "github.com/smista/smista/ent/migrate"
	"github.com/smista/smista/store/storetest"
)

// Replaying all migrations from zero leads exactly to ent/schema: there is
// nothing left to write.
func TestTheMigrationsLeadToTheSchema(t *testing.T) {
	for _, db := range []struct{ dialect, folder, url string }{
		{"sqlite3", "sqlite", "file:lead?mode=memory&cache=shared&_pragma=foreign_keys(1)"},
		{"postgres", "postgres", ""},
	} {
		t.Run(db.folder, func(t *testing.T) {
			if db.url == "" {
				db.url = storetest.EmptyPostgresURL(t)
			}
			work := copyOf(t, filepath.Join("..", db.folder))
			before := list(t, work)
			require.NotEmpty(t, before)
			require.NoError(t, plan(t.Context(), db.dialect, db.url, work, "left_over"))
			require.Equal(t, before, list(t, work), "run: go run ./store/migrations/generate -name what_changes")
		})
	}
}

// What "smista migrate" makes of an empty database is ent/schema as well.
func TestAMigratedDatabaseHasTheSchema(t *testing.T) {
	file := storetest.EmptySQLiteURL(t)
	server := storetest.EmptyPostgresURL(t)
	for _, db := range []struct{ name, url, driver, raw string }{
		{dialect.SQLite, file, "sqlite", strings.TrimPrefix(file, "sqlite://") + "?_pragma=foreign_keys(1)"},
		{dialect.Postgres, server, "pgx", server},
	} {
		storetest.Open(t, db.url)
		raw, err := sql.Open(db.driver, db.raw)
		require.NoError(t, err)
		defer func() { require.NoError(t, raw.Close()) }()
		empty, err := migrate.NewLocalDir(t.TempDir())
		require.NoError(t, err)
		m, err := schema.NewMigrate(entsql.OpenDB(db.name, raw), schema.WithDir(empty),
			schema.WithMigrationMode(schema.ModeInspect), schema.WithDropColumn(true), schema.WithDropIndex(true), schema.WithErrNoPlan(true))
		require.NoError(t, err)
		require.ErrorIs(t, m.NamedDiff(t.Context(), "left_over", entmigrate.Tables...), migrate.ErrNoPlan, db.name)
	}
}

func TestAReleasedMigrationIsNotEdited(t *testing.T) {
	work := copyOf(t, filepath.Join("..", "sqlite"))
	first := filepath.Join(work, "0001_the_spine.sql")
	text, err := os.ReadFile(first)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(first, append(text, "-- edited\n"...), 0o600))
	err = plan(t.Context(), "sqlite3", "file:edited?mode=memory&cache=shared&_pragma=foreign_keys(1)", work, "x")
	require.ErrorContains(t, err, "checksum")
}

func TestAMigrationHasAName(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), t.TempDir(), ""), "-name")
}

func copyOf(t *testing.T, folder string) string {
	to := t.TempDir()
	require.NoError(t, os.CopyFS(to, os.DirFS(folder)))
	return to
}

func list(t *testing.T, folder string) map[string]string {
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		files[path] = string(text)
		return errors.Join(err)
	}))
	return files
}
