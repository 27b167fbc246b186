package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
)

func TestEveryConnectionOfSQLiteBehavesAsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	for _, readOnly := range []bool{false, true} {
		pool, err := openSQLitePool(t.Context(), sqliteDSN(path, readOnly), 2)
		require.NoError(t, err)
		defer func() { require.NoError(t, pool.Close()) }()
		_, err = pool.ExecContext(t.Context(), "CREATE TABLE x"+strconv.FormatBool(readOnly)+" (n int)")
		require.Equal(t, readOnly, err != nil, "a reader cannot write")
	}
}

func TestADatabaseThatBehavesOtherwiseIsRefused(t *testing.T) {
	plain, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "plain.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, plain.Close()) }()
	require.ErrorContains(t, checkPragmas(t.Context(), plain), "busy_timeout")
}

func TestOnlyWhatMaySucceedIsTriedAgain(t *testing.T) {
	db := openTest(t)
	for code, tries := range map[string]int{"40001": txAttempts, "40P01": txAttempts, "23505": 1} {
		n := 0
		err := db.Tx(t.Context(), func(context.Context, *ent.Tx) error {
			n++
			return &pgconn.PgError{Code: code}
		})
		require.Error(t, err)
		require.Equal(t, tries, n, code)
	}
}

func TestACollisionIsOvercome(t *testing.T) {
	n := 0
	require.NoError(t, openTest(t).Tx(t.Context(), func(context.Context, *ent.Tx) error {
		if n++; n < 3 {
			return &pgconn.PgError{Code: "40001"}
		}
		return nil
	}))
	require.Equal(t, 3, n)
}

func openTest(t *testing.T) *DB {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
