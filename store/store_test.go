package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	_ "modernc.org/sqlite"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// asker is a context of somebody who may ask.
func asker(t *testing.T) context.Context {
	return guard.NewContext(t.Context(), guard.System("test"))
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// urls gives the address of an empty database of each kind.
func urls(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, storetest.EmptySQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.EmptyPostgresURL(t)) })
}

func TestAnEmptyDatabaseAsksToBeMigrated(t *testing.T) {
	urls(t, func(t *testing.T, url string) {
		db, err := store.Open(t.Context(), url, quiet())
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		var mismatch *store.SchemaError
		require.ErrorAs(t, db.RequireCurrent(t.Context()), &mismatch)
		require.False(t, mismatch.Newer())
		require.ErrorContains(t, mismatch, "smista migrate")
		status, err := db.Status(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, status.Pending)

		require.NoError(t, db.Migrate(t.Context()))
		require.NoError(t, db.Migrate(t.Context()), "a second time changes nothing")
		require.NoError(t, db.RequireCurrent(t.Context()))
	})
}

func TestADatabaseAheadOfTheProgramIsRefused(t *testing.T) {
	urls(t, func(t *testing.T, url string) {
		storetest.Open(t, url)
		raw := openRaw(t, url)
		_, err := raw.ExecContext(t.Context(), "INSERT INTO schema_version (version_id, is_applied) VALUES (9999, true)")
		require.NoError(t, err)
		_, err = store.Open(t.Context(), url, quiet())
		var mismatch *store.SchemaError
		require.ErrorAs(t, err, &mismatch)
		require.True(t, mismatch.Newer())
		require.EqualValues(t, 9999, mismatch.Have)
		require.ErrorContains(t, err, "start a newer smista")
	})
}

func TestInstancesThatStartTogetherMigrateOnce(t *testing.T) {
	urls(t, func(t *testing.T, url string) {
		var all errgroup.Group
		for range 4 {
			all.Go(func() error {
				db, err := store.Open(t.Context(), url, quiet())
				if err != nil {
					return err
				}
				return errors.Join(db.Migrate(t.Context()), db.RequireCurrent(t.Context()), db.Close())
			})
		}
		require.NoError(t, all.Wait())
	})
}

// openRaw goes round the store, as another program would.
func openRaw(t *testing.T, url string) *sql.DB {
	driver := "pgx"
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		driver, url = "sqlite", path
	}
	raw, err := sql.Open(driver, url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	return raw
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	for _, url := range []string{
		"", "sqlite://", "mysql://localhost/x", "sqlite:///no/such/folder/smista.db",
		"postgres://smista:s3cret@127.0.0.1:1/smista?connect_timeout=1",
		"postgres://smista:s3cret@[::1/smista",
	} {
		_, err := store.Open(t.Context(), url, quiet())
		require.Error(t, err, url)
		require.NotContains(t, err.Error(), "s3cret")
	}
}

func TestAPathIsAnAddress(t *testing.T) {
	db := storetest.Open(t, filepath.Join(t.TempDir(), "with space & ?#%.db"))
	require.Equal(t, "sqlite3", db.Dialect())
	require.NoError(t, db.Ping(t.Context()))
}

func TestAFailedOrPanickingChangeLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, broken := asker(t), errors.New("broken")
		fail := func(end func() error) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				require.NoError(t, tx.Office.Create().SetCode("x").SetName("X").Exec(ctx))
				return end()
			}
		}
		require.ErrorIs(t, db.Tx(ctx, fail(func() error { return broken })), broken)
		require.PanicsWithValue(t, "bug", func() { _ = db.Tx(ctx, fail(func() error { panic("bug") })) })
		gone, cancel := context.WithCancel(ctx)
		require.Error(t, db.Tx(gone, fail(func() error { cancel(); return gone.Err() })))
		require.Zero(t, db.Client().Office.Query().CountX(ctx))
		require.NoError(t, db.Tx(ctx, fail(func() error { return nil })), "the connection is free again")
	})
}

func TestATransactionInATransactionIsABug(t *testing.T) {
	db := storetest.SQLite(t)
	err := db.Tx(asker(t), func(ctx context.Context, _ *ent.Tx) error {
		return db.Tx(ctx, func(context.Context, *ent.Tx) error { return nil })
	})
	require.ErrorIs(t, err, store.ErrNested)
}

// Two programs write to one SQLite file, each with several writers that read
// before they write: nobody is turned away and no update is lost.
func TestWritersOfTwoProgramsTakeTurns(t *testing.T) {
	const writers, each = 4, 10
	ctx, url := asker(t), storetest.EmptySQLiteURL(t)
	programs := []*store.DB{storetest.Open(t, url), storetest.Open(t, url)}
	require.NoError(t, programs[0].Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		return tx.CaseCounter.Create().SetID(2026).Exec(ctx)
	}))
	count := func(ctx context.Context, tx *ent.Tx) error {
		c, err := tx.CaseCounter.Get(ctx, 2026)
		if err != nil {
			return err
		}
		return tx.CaseCounter.UpdateOneID(2026).SetLast(c.Last + 1).Exec(ctx)
	}
	var all errgroup.Group
	for _, db := range programs {
		for range writers {
			all.Go(func() error {
				for range each {
					if err := db.Tx(ctx, count); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	require.NoError(t, all.Wait())
	require.Equal(t, len(programs)*writers*each, programs[0].Client().CaseCounter.GetX(ctx, 2026).Last)
}

func TestAServerThatCameBackIsUsedAgain(t *testing.T) {
	server := storetest.PrivateServer(t)
	url, err := server.NewDatabase(t.Context())
	require.NoError(t, err)
	ctx, db := asker(t), storetest.Open(t, url)
	open := func(code string) error {
		return db.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			return tx.Office.Create().SetCode(code).SetName(code).Exec(ctx)
		})
	}
	require.NoError(t, open("before"))
	require.NoError(t, server.Crash())
	require.Error(t, open("during"))
	require.NoError(t, server.Restart())
	require.NoError(t, open("after"))
	require.Equal(t, 2, db.Client().Office.Query().CountX(ctx))
}

func TestTimesComeBackInUTCAndInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := asker(t)
		rome := time.FixedZone("CET", 3600)
		base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		times := []time.Time{base, base.Add(time.Microsecond).In(rome), base.Add(100 * time.Millisecond), base.Add(time.Second).In(rome)}
		require.NoError(t, db.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			for i, at := range times {
				if err := tx.CaseFile.Create().SetNumber(fmt.Sprint(i)).SetRouteReason("-").SetReceivedAt(at).SetChangedAt(at).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}))
		cases := db.Client().CaseFile.Query().
			Where(casefile.ReceivedAtGTE(base.In(rome))).Order(casefile.ByReceivedAt()).AllX(ctx)
		require.Len(t, cases, len(times))
		for i, c := range cases {
			require.True(t, times[i].Equal(c.ReceivedAt), "%s is not %s", c.ReceivedAt, times[i])
			require.Equal(t, time.UTC, c.ReceivedAt.Location())
		}
	})
}
