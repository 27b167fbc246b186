package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// numbersOf opens a database with a table of the numbers 1 to 3, by one connection.
func numbersOf(t *testing.T) *sql.DB {
	pool, err := openSQLitePool(t.Context(), sqliteDSN(filepath.Join(t.TempDir(), "a.db"), false), 1)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	_, err = pool.ExecContext(t.Context(), "CREATE TABLE numbers (n int); INSERT INTO numbers VALUES (1), (2), (3)")
	require.NoError(t, err, "a script is executed whole")
	return pool
}

// all reads a column of numbers.
func all(t *testing.T, q interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}, query string, args ...any,
) (found []int) {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), query, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var n int
		require.NoError(t, rows.Scan(&n))
		found = append(found, n)
	}
	require.NoError(t, rows.Err())
	return found
}

// ready is how many statements the only connection of a pool has ready.
func ready(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.Raw(func(c any) error {
		prepared, ok := c.(*preparedConn)
		require.True(t, ok)
		n = len(prepared.ready)
		return nil
	}))
	return n
}

func TestAStatementIsPreparedOnce(t *testing.T) {
	pool := numbersOf(t)
	const above = "SELECT n FROM numbers WHERE n > ? ORDER BY n"
	before := ready(t, pool)
	for i := range 4 {
		require.Len(t, all(t, pool, above, i), 3-i, "with other values each time")
	}
	require.Equal(t, before+1, ready(t, pool))
}

// Two walks over the same question at the same time do not disturb each other.
func TestAStatementInUseIsNotUsedTwice(t *testing.T) {
	pool := numbersOf(t)
	const every = "SELECT n FROM numbers ORDER BY n"
	tx, err := pool.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Commit()) }()
	rows, err := tx.QueryContext(t.Context(), every)
	require.NoError(t, err)
	defer rows.Close()
	for i := 1; rows.Next(); i++ {
		var n int
		require.NoError(t, rows.Scan(&n))
		require.Equal(t, i, n)
		require.Equal(t, []int{1, 2, 3}, all(t, tx, every))
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []int{1, 2, 3}, all(t, tx, every))
}

func TestAPreparedStatementSeesANewSchema(t *testing.T) {
	pool := numbersOf(t)
	const every = "SELECT n FROM numbers WHERE n < ? ORDER BY n"
	require.Equal(t, []int{1, 2}, all(t, pool, every, 3))
	_, err := pool.ExecContext(t.Context(), "ALTER TABLE numbers ADD COLUMN m int; CREATE INDEX by_n ON numbers (n)")
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, all(t, pool, every, 3))
	_, err = pool.ExecContext(t.Context(), "DROP TABLE numbers")
	require.NoError(t, err, "no statement at rest holds a table")
	err = pool.QueryRowContext(t.Context(), every, 3).Scan(new(int))
	require.ErrorContains(t, err, "no such table")
}

func TestAStatementThatFailedIsPreparedAnew(t *testing.T) {
	pool := numbersOf(t)
	_, err := pool.ExecContext(t.Context(), "CREATE UNIQUE INDEX once ON numbers (n)")
	require.NoError(t, err)
	const add = "INSERT INTO numbers VALUES (?)"
	for _, n := range []int{4, 5} {
		_, err := pool.ExecContext(t.Context(), add, 1)
		require.ErrorContains(t, err, "UNIQUE")
		_, err = pool.ExecContext(t.Context(), add, n)
		require.NoError(t, err)
	}
	require.Equal(t, []int{1, 2, 3, 4, 5}, all(t, pool, "SELECT n FROM numbers ORDER BY n"))
}

func TestStatementsAtRestAreBounded(t *testing.T) {
	pool := numbersOf(t)
	for i := range 3 * statementsKept {
		require.Equal(t, []int{i}, all(t, pool, fmt.Sprintf("SELECT %d", i)))
	}
	require.Equal(t, statementsKept, ready(t, pool))
}

// What acts while it is prepared has to be prepared each time.
func TestPragmasActEachTime(t *testing.T) {
	pool := numbersOf(t)
	for _, want := range []int{0, 1, 0, 1} {
		_, err := pool.ExecContext(t.Context(), fmt.Sprintf("PRAGMA foreign_keys = %d", want))
		require.NoError(t, err)
		require.Equal(t, []int{want}, all(t, pool, "PRAGMA foreign_keys"))
	}
}
