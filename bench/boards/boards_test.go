package boards

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	deskroom "github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

const (
	cases = 1_000_000
	runs  = 200
)

// The people whose boards are asked for, as package staff would read their rights.
var (
	sorter   = guard.Person{ID: 1, Sorter: true, Scopes: guard.All}
	head     = guard.Person{ID: 40, Acts: []int{1}, Heads: []int{1}, Scopes: guard.All}
	operator = guard.Person{ID: 120, Operates: []int{1}, Scopes: guard.All}
	own      = guard.Person{ID: 160, Owns: []int{1}, Scopes: guard.All}
)

const shown = ` { nodes { id number status subject senderName priority urgency dueAt receivedAt version office { code } assignee { name } } pageInfo { hasNextPage endCursor } }`

// say prints a line; the log of a benchmark is cut where it gets long.
func say(format string, args ...any) { fmt.Fprintf(os.Stdout, format+"\n", args...) }

func office(n int) string  { return fmt.Sprintf("%q", model.GlobalID{Type: "Office", Row: n}) }
func mailbox(n int) string { return fmt.Sprintf("%q", model.GlobalID{Type: "Mailbox", Row: n}) }
func person(n int) string  { return fmt.Sprintf("%q", model.GlobalID{Type: "User", Row: n}) }

const figures = `{ toSort toAssign inProgress closed dueSoon breached }`

// question is what a board asks, in one round trip.
type question struct {
	name  string
	who   guard.Person
	query string
}

func questions() []question {
	due := `, orderBy: {field: DUE_AT, direction: ASC})` + shown
	return []question{
		{"sorting desk: what to sort, with all counters", sorter,
			`{ sortingBoard { counts ` + figures + ` byOffice { office { code } counts ` + figures + ` } byMailbox { mailbox { address } counts ` + figures + ` } } ` +
				`cases(first: 50, filter: {statuses: [TO_SORT]}` + due + ` }`},
		{"head: board of the office, its columns and people", head,
			`{ officeBoard(officeId: ` + office(1) + `) { counts ` + figures + ` byPerson { person { name } counts ` + figures + ` } } ` +
				`assign: cases(first: 50, filter: {officeIds: [` + office(1) + `], statuses: [TO_ASSIGN]}` + due +
				` work: cases(first: 50, filter: {officeIds: [` + office(1) + `], statuses: [IN_PROGRESS]}` + due + ` }`},
		{"operator: what I have to do", operator,
			`{ toDo ` + figures + ` cases(first: 50, filter: {assigneeIds: [` + person(120) + `], statuses: [IN_PROGRESS]}` + due + ` }`},
		{"desk: what is late, of all offices", sorter, `{ cases(first: 50, filter: {urgencies: [BREACHED]}` + due + ` }`},
		{"head: what is late", head, `{ cases(first: 50, filter: {officeIds: [` + office(1) + `], urgencies: [BREACHED]}` + due + ` }`},
		{"head: all I see, the newest", head, `{ cases(first: 50)` + shown + ` }`},
		{"operator who sees his own: the newest", own, `{ cases(first: 50)` + shown + ` }`},
		{"counters of the viewer alone", operator, `{ toDo ` + figures + ` }`},
		{"counters of the house alone", sorter, `{ sortingBoard { counts ` + figures + ` } }`},
		{"one mailbox, the newest", sorter, `{ cases(first: 50, filter: {firstMailboxIds: [` + mailbox(7) + `]})` + shown + ` }`},
		{"desk: whose sender an office knows", sorter, `{ cases(first: 50, filter: {statuses: [TO_SORT], senderKnown: true})` + shown + ` }`},
		{"desk: how many of those there are", sorter, `{ caseCount(filter: {statuses: [TO_SORT], senderKnown: true}) }`},
		{"desk: what came more than once", sorter, `{ cases(first: 50, filter: {statuses: [TO_SORT], repeated: true})` + shown + ` }`},
		{"desk: how many of those there are", sorter, `{ caseCount(filter: {statuses: [TO_SORT], repeated: true}) }`},
		{"twenty mailboxes, the newest", sorter, `{ cases(first: 50, filter: {firstMailboxIds: [` + twenty() + `]})` + shown + ` }`},
	}
}

func twenty() string {
	var all []string
	for i := range 20 {
		all = append(all, mailbox(1+i*9))
	}
	return strings.Join(all, ", ")
}

// BenchmarkBoards asks what boards ask at a million cases, on both databases,
// with guard and on PostgreSQL row-level security, and prints how long it takes
// and how the database finds it. A walk of a whole table is a failure.
func BenchmarkBoards(b *testing.B) {
	for _, kind := range []string{dialect.SQLite, dialect.Postgres} {
		b.Run(kind, func(b *testing.B) {
			w := newWorld(b, kind)
			for b.Loop() {
				took := map[string]time.Duration{}
				for _, q := range questions() {
					took[q.name] = w.measure(b, q)
				}
				w.exact(b)
				w.suggest(b)
				b.ReportMetric(float64(took["twenty mailboxes, the newest"])/float64(took["one mailbox, the newest"]), "20-mailboxes/1")
				b.ReportMetric(float64(took["counters of the viewer alone"].Microseconds())/1000, "counters-ms")
				b.ReportMetric(w.deep(b), "deepest-page/first")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// world is a database of a million cases.
type world struct {
	url  string
	kind string
	raw  *sql.DB // as the program
}

func newWorld(b *testing.B, kind string) *world {
	b.Helper()
	w := &world{kind: kind, url: "sqlite://" + filepath.Join(b.TempDir(), "boards.db")}
	if kind == dialect.Postgres {
		var err error
		w.url, err = storetest.PrivateServer(b, "shared_buffers=512MB", "max_wal_size=4GB", "work_mem=64MB").NewDatabase(b.Context())
		require.NoError(b, err)
	}
	db, err := store.Open(b.Context(), w.url, slog.New(slog.DiscardHandler))
	require.NoError(b, err)
	require.NoError(b, db.Migrate(b.Context()))
	require.NoError(b, db.Close())
	w.raw = w.open(b, guard.System("bench"))
	begun := time.Now()
	require.NoError(b, Fill(b.Context(), w.raw, kind == dialect.Postgres, cases))
	say("%s: %d cases written in %v", kind, cases, time.Since(begun).Round(time.Second))
	return w
}

// open opens the database on one connection that shows a viewer's rows.
func (w *world) open(b *testing.B, v guard.Viewer) *sql.DB {
	b.Helper()
	driver, dsn := "sqlite", "file:"+strings.TrimPrefix(w.url, "sqlite://")+"?_time_format=sqlite&_timezone=UTC&_pragma=journal_mode(WAL)"
	if w.kind == dialect.Postgres {
		s := v.Settings()
		driver, dsn = "pgx", w.url+"&jit=off"
		for name, value := range map[string]string{"roles": s.Roles, "person": s.Person, "whole": s.Whole, "own": s.Own, "informed": s.Informed} {
			dsn += "&smista." + name + "=" + url.QueryEscape(value)
		}
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// listener notes the statements that go by.
type listener struct {
	dialect.Driver
	said []statement
}

type statement struct {
	query string
	args  []any
}

// Query implements dialect.Driver.
func (l *listener) Query(ctx context.Context, query string, args, v any) error {
	if given, ok := args.([]any); ok {
		l.said = append(l.said, statement{query, given})
	}
	return l.Driver.Query(ctx, query, args, v)
}

// desk asks as one person.
type desk struct {
	exec *executor.Executor
	ctx  context.Context
	said *listener
	db   *sql.DB
}

func (w *world) desk(b *testing.B, p guard.Person) *desk {
	b.Helper()
	db := w.open(b, guard.Someone(p))
	l := &listener{Driver: entsql.OpenDB(w.kind, db)}
	client := guard.Wrap(ent.NewClient(ent.Driver(l)))
	exec := executor.New(graph.Schema(&graph.Resolver{Client: client, Logger: slog.New(slog.DiscardHandler)}))
	exec.SetQueryCache(lru.New[*ast.QueryDocument](10))
	return &desk{exec: exec, ctx: guard.NewContext(b.Context(), guard.Someone(p)), said: l, db: db}
}

func (d *desk) ask(b *testing.B, query string) string {
	b.Helper()
	d.said.said = nil
	ctx := graphql.StartOperationTrace(d.ctx)
	op, errs := d.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	require.Empty(b, errs)
	answer, ctx := d.exec.DispatchOperation(ctx, op)
	response := answer(ctx)
	require.Empty(b, response.Errors)
	return string(response.Data)
}

// measure asks again and again, prints p50 and p99 and the plan of each
// statement, and gives the p50.
func (w *world) measure(b *testing.B, q question) time.Duration {
	b.Helper()
	d := w.desk(b, q.who)
	defer d.db.Close()
	answer := d.ask(b, q.query)
	said := d.said.said
	say("%s: %s", w.kind, q.name)
	for _, s := range said {
		w.explain(b, d, s)
	}
	p50, p99 := w.time(b, d, q.query)
	say("%s: %-52s p50 %8v  p99 %8v  %d statements, %d bytes", w.kind, q.name, p50, p99, len(said), len(answer))
	return p50
}

func (w *world) time(b *testing.B, d *desk, query string) (p50, p99 time.Duration) {
	b.Helper()
	all := make([]time.Duration, runs)
	for i := range all {
		begun := time.Now()
		d.ask(b, query)
		all[i] = time.Since(begun)
	}
	slices.Sort(all)
	return all[runs/2].Round(time.Microsecond), all[runs*99/100].Round(time.Microsecond)
}

// large are the tables that grow; the others fit on a few pages.
var large = regexp.MustCompile("(?i)(seq scan on|scan) \"?(case_files|messages|terms|events|notes|inquiries|tallies)\\b")

// explain prints how the database finds the answer to a statement, and fails
// when it reads a whole table that grows.
func (w *world) explain(b *testing.B, d *desk, s statement) {
	b.Helper()
	ask := "EXPLAIN (COSTS OFF) " + s.query
	if w.kind == dialect.SQLite {
		ask = "EXPLAIN QUERY PLAN " + s.query
	}
	rows, err := d.db.QueryContext(d.ctx, ask, s.args...)
	require.NoError(b, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(b, err)
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		require.NoError(b, rows.Scan(cells...))
		line := fmt.Sprint(*cells[len(cells)-1].(*any))
		say("    %s", line)
		if large.MatchString(line) && !strings.Contains(line, "USING") {
			b.Errorf("%s walks a table: %s", w.kind, line)
		}
	}
	require.NoError(b, rows.Err())
}

// suggest looks up, as the program does, which offices are suggested for one case at
// the desk, and for a list of them.
func (w *world) suggest(b *testing.B) {
	b.Helper()
	ctx := guard.NewContext(b.Context(), guard.System("bench"))
	db := w.open(b, guard.System("bench"))
	defer db.Close()
	l := &listener{Driver: entsql.OpenDB(w.kind, db)}
	client := guard.Wrap(ent.NewClient(ent.Driver(l)))
	newest := time.Unix(1700000000+cases*37, 0)
	for _, n := range []int{1, 50} {
		waiting, err := client.CaseFile.Query().Where(casefile.StatusEQ(casefile.StatusToSort)).Limit(n).All(ctx)
		require.NoError(b, err)
		took := make([]time.Duration, runs)
		for i := range took {
			l.said = nil
			begun := time.Now()
			suggested, err := deskroom.Suggest(ctx, client, newest, waiting)
			took[i] = time.Since(begun)
			require.NoError(b, err)
			require.Len(b, suggested[waiting[0].ID], 3)
		}
		say("%s: offices suggested for %d cases", w.kind, n)
		for _, s := range l.said {
			w.explain(b, &desk{ctx: ctx, db: db}, s)
		}
		slices.Sort(took)
		say("%s: offices suggested for %-2d cases                        p50 %8v  p99 %8v  %d statements",
			w.kind, n, took[runs/2].Round(time.Microsecond), took[runs*99/100].Round(time.Microsecond), len(l.said))
	}
}

// exact compares the kept figures of the house with a count.
func (w *world) exact(b *testing.B) {
	b.Helper()
	var counted int
	require.NoError(b, w.raw.QueryRowContext(b.Context(), "SELECT count(*) FROM case_files WHERE status = 'IN_PROGRESS' AND urgency = 'BREACHED'").Scan(&counted))
	d := w.desk(b, sorter)
	defer d.db.Close()
	require.Contains(b, d.ask(b, `{ sortingBoard { counts { breached } } }`), fmt.Sprintf(`"breached":%d`, counted+w.late(b)))
}

// late counts what is late before anybody works on it.
func (w *world) late(b *testing.B) (n int) {
	b.Helper()
	require.NoError(b, w.raw.QueryRowContext(b.Context(), "SELECT count(*) FROM case_files WHERE status IN ('TO_SORT', 'TO_ASSIGN') AND urgency = 'BREACHED'").Scan(&n))
	return n
}

// deep asks for pages further and further down, and gives the p50 of the deepest
// by that of the first.
func (w *world) deep(b *testing.B) float64 {
	b.Helper()
	d := w.desk(b, sorter)
	defer d.db.Close()
	var first, last time.Duration
	for _, depth := range []int{0, 1_000, 10_000, 100_000, 900_000} {
		args := "first: 50"
		if depth > 0 {
			args += ", after: " + w.cursor(b, depth)
		}
		p50, p99 := w.time(b, d, `{ cases(`+args+`)`+shown+` }`)
		say("%s: page at depth %7d: p50 %8v  p99 %8v", w.kind, depth, p50, p99)
		if depth == 0 {
			first = p50
		}
		last = p50
	}
	return float64(last) / float64(first)
}

// cursor is the place of the case so far down the list of the newest.
func (w *world) cursor(b *testing.B, depth int) string {
	b.Helper()
	var id int
	var at time.Time
	row := w.raw.QueryRowContext(b.Context(), fmt.Sprintf("SELECT id, received_at FROM case_files ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET %d", depth))
	require.NoError(b, row.Scan(&id, &at))
	text := fmt.Sprintf("received|%d|%s", id, at.UTC().Format(time.RFC3339Nano))
	return fmt.Sprintf("%q", base64.RawURLEncoding.EncodeToString([]byte(text)))
}
