package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entmigrate "github.com/smista/smista/ent/migrate"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// shown is the database of a world, and the ways round guard.
type shown struct {
	*rowsWorld
	db    *store.DB
	bare  *ent.Client // the connections of db without guard's rules
	plain *sql.Conn   // another program's connection, told nothing
}

func newShown(t *testing.T) *shown {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	url := storetest.PostgresURL(t)
	db := storetest.Open(t, url)
	w := &rowsWorld{t: t, raw: openRaw(t, storetest.AsProgram(url)), luck: rand.New(rand.NewPCG(seed, 1)), now: time.Now()}
	w.fill()
	plain, err := openRaw(t, url).Conn(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, plain.Close()) })
	return &shown{rowsWorld: w, db: db, bare: ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, db.Pool()))), plain: plain}
}

// tell names the viewer to a connection, as any program could.
func (w *shown) tell(s guard.Settings) {
	for name, value := range map[string]string{"roles": s.Roles, "person": s.Person, "whole": s.Whole, "own": s.Own, "informed": s.Informed} {
		_, err := w.plain.ExecContext(w.t.Context(), "SELECT set_config('smista.' || $1, $2, false)", name, value)
		require.NoError(w.t, err)
	}
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// ids reads the ids of all rows of a table that are shown.
func (w *shown) ids(ctx context.Context, q queryer, table string) []int {
	rows, err := q.QueryContext(ctx, "SELECT id FROM "+table+" ORDER BY id")
	require.NoError(w.t, err)
	defer func() { require.NoError(w.t, rows.Close()) }()
	found := []int{}
	for rows.Next() {
		var id int
		require.NoError(w.t, rows.Scan(&id))
		found = append(found, id)
	}
	require.NoError(w.t, rows.Err())
	return found
}

// ask asks a client for the ids of a table; none are given where the table as a
// whole is refused.
func (w *shown) ask(ctx context.Context, table reflect.Value) []int {
	results := table.MethodByName("Query").Call(nil)[0].MethodByName("IDs").Call([]reflect.Value{reflect.ValueOf(ctx)})
	if err, _ := reflect.TypeAssert[error](results[1]); err != nil {
		require.ErrorIs(w.t, err, guard.ErrForbidden)
		return []int{}
	}
	found, _ := reflect.TypeAssert[[]int](results[0])
	slices.Sort(found)
	return append([]int{}, found...)
}

// tableOf names the table of an ent type.
func tableOf(t *testing.T, kind string) string {
	plain := strings.NewReplacer("_", "")
	for _, table := range entmigrate.Tables {
		name, one := plain.Replace(table.Name), strings.ToLower(kind)
		if name == one+"s" || strings.TrimSuffix(name, "ies") == strings.TrimSuffix(one, "y") || name == one+"es" {
			return table.Name
		}
	}
	require.Fail(t, "no table", kind)
	return ""
}

// withOwnLinks adds the links of cases that name the person or an office that
// informs him: they are shown although guard may not show the case any more.
func (w *shown) withOwnLinks(ids []int, table string, s guard.Settings) []int {
	var own string
	switch table {
	case "case_offices":
		own = "SELECT coalesce(array_agg(id), '{}') FROM case_offices WHERE office_id = ANY (nullif('" + s.Informed + "', '')::bigint[])"
	case "case_readers":
		own = "SELECT coalesce(array_agg(id), '{}') FROM case_readers WHERE user_id = nullif('" + s.Person + "', '')::bigint"
	default:
		return ids
	}
	var more pgtype.FlatArray[int]
	require.NoError(w.t, w.raw.QueryRowContext(w.t.Context(), own).Scan(pgtype.NewMap().SQLScanner(&more)))
	ids = append(append([]int{}, ids...), more...)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// PostgreSQL shows a person, by whatever way, exactly the rows that guard lets
// that person see.
func TestTheDatabaseShowsWhatGuardShows(t *testing.T) {
	w := newShown(t)
	guarded, bare := tables(w.db.Client()), tables(w.bare)
	some, all := map[string]int{}, map[string]int{}
	for range 30 {
		p := w.person()
		v := guard.Someone(p)
		ctx := guard.NewContext(t.Context(), v)
		w.tell(v.Settings())
		for kind, client := range guarded {
			table := tableOf(t, kind)
			want := w.ask(ctx, client)
			want = w.withOwnLinks(want, table, v.Settings())
			require.Equal(t, want, w.ids(t.Context(), w.plain, table), "%s by another program, as %+v", table, p)
			require.Equal(t, want, w.ids(ctx, w.db.Pool(), table), "%s by the program's connections, as %+v", table, p)
			require.Equal(t, want, w.ask(ctx, bare[kind]), "%s by a client without guard, as %+v", table, p)
			some[table] += len(want)
			all[table] += len(w.ids(t.Context(), w.raw, table))
		}
	}
	for _, table := range entmigrate.Tables {
		require.NotZero(t, all[table.Name], "the world has rows in %s", table.Name)
		require.Less(t, some[table.Name], all[table.Name], "something of %s was hidden from somebody", table.Name)
		if !slices.Contains([]string{"sessions", "throttles", "case_counters", "credentials", "push_keys", "leases"}, table.Name) {
			require.NotZero(t, some[table.Name], "something of %s was shown to somebody", table.Name)
		}
	}
}

// Who is not named sees nothing, in any table: also one made tomorrow.
func TestNobodyIsShownNothing(t *testing.T) {
	w := newShown(t)
	for _, table := range entmigrate.Tables {
		require.NotEmpty(t, w.ids(t.Context(), w.raw, table.Name), table.Name)
		w.tell(guard.Settings{})
		require.Empty(t, w.ids(t.Context(), w.plain, table.Name), "%s without a viewer", table.Name)
		_, err := w.plain.ExecContext(t.Context(), "RESET ALL")
		require.NoError(t, err)
		require.Empty(t, w.ids(t.Context(), w.plain, table.Name), "%s without the setting", table.Name)
		require.Empty(t, w.ids(t.Context(), w.db.Pool(), table.Name), "%s by the program's connections", table.Name)
		var bound bool
		require.NoError(t, w.raw.QueryRowContext(t.Context(),
			"SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::regclass", table.Name).Scan(&bound))
		require.True(t, bound, "%s has a policy that binds its owner too: write a migration", table.Name)
	}
	require.NotEmpty(t, w.ids(guard.NewContext(t.Context(), guard.System("test")), w.db.Pool(), "messages"), "the program is shown all")
}

// What a person is not shown that person does not change either, and makes no
// rows about it.
func TestWhatIsNotShownIsNotChanged(t *testing.T) {
	w := newShown(t)
	me := guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: 1, Heads: []int{1}, Acts: []int{1}, Scopes: guard.All}))
	seen := w.ids(me, w.db.Pool(), "case_files")
	done, err := w.bare.CaseFile.Update().AddVersion(1).Save(me)
	require.NoError(t, err)
	require.Equal(t, len(seen), done)
	require.Less(t, done, worldCases)
	others, err := w.bare.CaseFile.Query().Where(casefile.IDNotIn(seen...)).FirstID(guard.NewContext(t.Context(), guard.System("test")))
	require.NoError(t, err)
	err = w.bare.Note.Create().SetCaseID(others).SetAuthorID(1).SetText("x").SetWrittenAt(w.now).Exec(me)
	require.ErrorContains(t, err, "row-level security")
	err = w.bare.APIToken.Create().SetUserID(2).SetName("x").SetDigest("x").SetScopes(nil).SetCreatedAt(w.now).SetExpiresAt(w.now).Exec(me)
	require.ErrorContains(t, err, "row-level security")
}

// Connections go from hand to hand, in and out of transactions, also of such
// that failed: each statement is one of the viewer who asks.
func TestNoConnectionRemembersWhoAskedBefore(t *testing.T) {
	const people, statements = 12, 60
	db := storetest.Postgres(t)
	db.Pool().SetMaxOpenConns(3)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	viewers := []context.Context{t.Context(), guard.NewContext(t.Context(), guard.System("test"))}
	for id := range people {
		viewers = append(viewers, guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: id + 1, Scopes: guard.All})))
	}
	told := make(chan error, people)
	for id := range people {
		go func() {
			luck := rand.New(rand.NewPCG(seed, uint64(id)))
			one := func() context.Context { return viewers[luck.IntN(len(viewers))] }
			var err error
			for i := 0; i < statements && err == nil; i++ {
				if luck.IntN(2) == 0 {
					err = whoIsTold(one(), db.Pool())
				} else {
					err = severalInOne(one, db.Pool(), luck)
				}
			}
			told <- err
		}()
	}
	for range people {
		require.NoError(t, <-told)
	}
}

type rowQueryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// whoIsTold fails unless the server takes the viewer of the context for the one
// who asks.
func whoIsTold(ctx context.Context, q rowQueryer) error {
	var got guard.Settings
	err := q.QueryRowContext(ctx, "SELECT current_setting('smista.roles'), current_setting('smista.person'), current_setting('smista.whole'), "+
		"current_setting('smista.own'), current_setting('smista.informed')").Scan(&got.Roles, &got.Person, &got.Whole, &got.Own, &got.Informed)
	if v, _ := guard.From(ctx); err == nil && got != v.Settings() {
		err = fmt.Errorf("the server was told of %+v instead of %+v", got, v.Settings())
	}
	return err
}

// severalInOne lets several ask in one transaction, which is then committed,
// rolled back, or has failed.
func severalInOne(one func() context.Context, pool *sql.DB, luck *rand.Rand) error {
	tx, err := pool.BeginTx(one(), nil)
	if err != nil {
		return err
	}
	for range luck.IntN(4) {
		err = errors.Join(err, whoIsTold(one(), tx))
	}
	switch luck.IntN(3) {
	case 0:
		return errors.Join(err, tx.Commit())
	case 1:
		if _, failed := tx.ExecContext(one(), "SELECT 1/0"); failed == nil {
			return errors.New("a division by zero succeeded")
		}
		if failed := whoIsTold(one(), tx); failed == nil {
			return errors.New("a failed transaction answered")
		}
	}
	return errors.Join(err, tx.Rollback())
}

func TestStatementsAreNotPreparedForOthers(t *testing.T) {
	conn, err := storetest.Postgres(t).Pool().Conn(asker(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.PrepareContext(asker(t), "SELECT 1") //nolint:sqlclosecheck // there is none
	require.ErrorContains(t, err, "no viewer")
}

// A role that no policy binds is told of aloud, and only that.
func TestARoleThatNoPolicyBindsIsToldOf(t *testing.T) {
	url := storetest.PostgresURL(t)
	storetest.Open(t, url)
	for role, warned := range map[string]bool{"smista": false, "postgres": true} {
		var said strings.Builder
		db, err := store.Open(t.Context(), strings.Replace(url, "//smista@", "//"+role+"@", 1), slog.New(slog.NewTextHandler(&said, nil)))
		require.NoError(t, err)
		require.NoError(t, db.Close())
		require.Equal(t, warned, strings.Contains(said.String(), "row-level security does not bind"), said.String())
	}
}
