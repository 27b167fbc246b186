package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

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
				db.url = storetest.PostgresURL(t)
			}
			work := copyOf(t, filepath.Join("..", db.folder))
			before := list(t, work)
			require.NotEmpty(t, before)
			require.NoError(t, plan(t.Context(), db.dialect, db.url, work, "left_over"))
			require.Equal(t, before, list(t, work), "run: go run ./store/migrations/generate -name what_changes")
		})
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
