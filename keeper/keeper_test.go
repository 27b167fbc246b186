package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/keeper"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// monday is a Monday morning at work, in Rome.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, rome())

func rome() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return zone
}

// office is one office with its people and some cases, on a clock of its own.
type office struct {
	t     *testing.T
	db    *store.DB
	fault *faulty
	relay *postman
	push  keeper.Pusher // nil: no browsers are told
	mu    sync.Mutex
	time  time.Time
	live  bool // the clock runs by itself: that of testing/synctest

	operator, head, sorter int
	cases                  []*ent.CaseFile
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.live {
		return time.Now()
	}
	return o.time
}

func (o *office) at(t time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = t
}

// faulty is a database that dies at its n-th transaction: before the commit, or
// after it, when nobody hears of it any more.
type faulty struct {
	*store.DB
	mu    sync.Mutex
	dieAt int // zero: never
	after bool
	count int
}

var errDied = errors.New("the process died here")

func (f *faulty) Tx(ctx context.Context, change func(context.Context, *ent.Tx) error) error {
	f.mu.Lock()
	f.count++
	die := f.dieAt != 0 && f.count >= f.dieAt
	f.mu.Unlock()
	if !die {
		return f.DB.Tx(ctx, change)
	}
	if f.after && f.count == f.dieAt {
		if err := f.DB.Tx(ctx, change); err != nil {
			return err
		}
	}
	return errDied
}

func (f *faulty) dead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dieAt != 0 && f.count >= f.dieAt
}

func (f *faulty) revive(dieAt int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dieAt, f.after, f.count = dieAt, after, 0
}

// postman keeps what was handed over.
type postman struct {
	mu      sync.Mutex
	letters []notify.Letter
	refuse  error
	before  func() // called before a letter is taken
}

func (p *postman) Send(_ context.Context, l notify.Letter) error {
	if p.before != nil {
		p.before()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		return p.refuse
	}
	p.letters = append(p.letters, l)
	return nil
}

func newOffice(t *testing.T, db *store.DB, cases int) *office {
	o := &office{t: t, db: db, fault: &faulty{DB: db}, relay: &postman{}, time: monday}
	log, err := event.NewLog(t.Context(), db, event.NewMemoryBus())
	require.NoError(t, err)
	require.NoError(t, log.Write(o.ctx(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		o.cases = nil
		row := tx.Office.Create().SetCode("tributi").SetName("Ufficio Tributi").SaveX(ctx)
		person := func(name string) int {
			return tx.User.Create().SetEmail(name + "@comune.example").SetName(name).SetSorter(name == "sorter").SetCreatedAt(monday).SaveX(ctx).ID
		}
		o.operator, o.head, o.sorter = person("operator"), person("head"), person("sorter")
		tx.Membership.Create().SetUserID(o.head).SetOfficeID(row.ID).SetRole(membership.RoleHead).SaveX(ctx)
		tx.Membership.Create().SetUserID(o.operator).SetOfficeID(row.ID).SetRole(membership.RoleOperator).SaveX(ctx)
		tx.DeadlinePolicy.Create().SetScope("house").SetKind("WORK").SetAmount("10 working hours").SaveX(ctx)
		d := o.dossier(log)
		for i := range cases {
			c, err := d.Open(ctx, tx, tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", i+1)).SetStatus("IN_PROGRESS").
				SetOfficeID(row.ID).SetAssigneeID(o.operator).SetRouteReason("prova").SetReceivedAt(monday).SetChangedAt(monday))
			require.NoError(t, err)
			o.cases = append(o.cases, c)
		}
		return nil, nil
	}))
	return o
}

func (o *office) ctx() context.Context {
	return guard.NewContext(context.Background(), guard.System("keeper"))
}

func (o *office) dossier(log *event.Log) *dossier.Dossier {
	return dossier.New(dossier.Options{House: deadline.Standard(rome()), Log: log, Now: o.now})
}

// nobody is away, or looks at a case; no office is closed.
type nobody struct{}

func (nobody) StartAbsences(context.Context, time.Time, int) (int, error) { return 0, nil }
func (nobody) EndAbsences(context.Context, time.Time, int) (int, error)   { return 0, nil }
func (nobody) EndLooks(context.Context, time.Time, int) (int, error)      { return 0, nil }
func (nobody) MoveOn(context.Context, int) (int, error)                   { return 0, nil }

// instance is a keeper as a process that was just started has it.
func (o *office) instance() *keeper.Keeper {
	log, err := event.NewLog(o.ctx(), o.fault, event.NewMemoryBus()) // reads only: the log was begun before
	require.NoError(o.t, err)
	return keeper.New(keeper.Options{
		Client: o.db.Client(), Log: log, Terms: o.dossier(log), Absences: nobody{}, Looks: nobody{}, Stranded: nobody{}, Relay: o.relay,
		Push: o.push, Quiet: o.dossier(log), CaseID: func(row int) string { return fmt.Sprintf("id-of-%d", row) },
		Zone: rome(), Domain: "comune.example", Logger: slog.New(slog.DiscardHandler), Now: o.now,
	})
}

// round lets a keeper do all that is to be done now, or die over it.
func (o *office) round(k *keeper.Keeper) {
	for _, work := range []func(context.Context) (int, error){k.Clock, k.Letters, k.Pushes} {
		if _, err := work(o.ctx()); err != nil {
			require.ErrorIs(o.t, err, errDied)
		}
	}
}

// told counts the events of a kind.
func (o *office) told(kind event.Kind) int {
	return o.db.Client().Event.Query().Where(entevent.Kind(string(kind))).CountX(o.ctx())
}

// heard lists what a person was told, by kind, one for each letter's item.
func (o *office) heard(name string) []notify.Kind {
	var kinds []notify.Kind
	for _, l := range o.relay.letters {
		if l.To.Name == name {
			for _, it := range l.Items {
				kinds = append(kinds, it.Kind)
			}
		}
	}
	return kinds
}

// A term of ten working hours from Monday 8:00, on a calendar of eight hours a
// day, ends on Tuesday at 10:00: half of it has passed on Monday at 14:00, four
// fifths at 17:00.
func TestTheLadderReachesWhoItShouldAtItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, 1)
		k := o.instance()
		for _, step := range []struct {
			at             time.Time
			operator, head []notify.Kind
			soon, breached int
		}{
			{monday.Add(5*time.Hour + 59*time.Minute), nil, nil, 0, 0},
			{monday.Add(6 * time.Hour), []notify.Kind{notify.Reminder}, nil, 0, 0},
			{monday.Add(9 * time.Hour), []notify.Kind{notify.Reminder, notify.Reminder}, []notify.Kind{notify.Reminder}, 1, 0},
			{monday.Add(25 * time.Hour), []notify.Kind{notify.Reminder, notify.Reminder}, []notify.Kind{notify.Reminder}, 1, 0},
			{monday.Add(26 * time.Hour), []notify.Kind{notify.Reminder, notify.Reminder, notify.Breached}, []notify.Kind{notify.Reminder, notify.Breached}, 1, 1},
			{monday.Add(50 * time.Hour), []notify.Kind{notify.Reminder, notify.Reminder, notify.Breached, notify.Breached}, []notify.Kind{notify.Reminder, notify.Breached, notify.Breached}, 1, 1},
		} {
			o.at(step.at)
			o.round(k)
			o.round(k)
			require.Equal(t, step.operator, o.heard("operator"), step.at)
			require.Equal(t, step.head, o.heard("head"), step.at)
			require.Equal(t, step.soon, o.told(event.TermDueSoon), step.at)
			require.Equal(t, step.breached, o.told(event.TermBreached), step.at)
		}
		require.Equal(t, []notify.Kind{notify.Breached}, o.heard("sorter"))
	})
}

// A keeper is killed at every transaction in turn, before and after the commit,
// until a whole run meets no more death: every breach is told once, every step
// of the ladder once, every letter at least once, and twice only when the process
// died with it in its hands.
func TestWhoeverDiesEachBreachIsToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const cases = 3
		for _, after := range []bool{false, true} {
			o := newOffice(t, fresh(t, db), cases)
			deaths := 0
			for _, at := range []time.Time{monday.Add(6 * time.Hour), monday.Add(9 * time.Hour), monday.Add(26 * time.Hour)} {
				o.at(at)
				for n := 1; ; n++ {
					o.fault.revive(n, after)
					o.round(o.instance())
					if !o.fault.dead() {
						break
					}
					deaths++
					o.at(o.now().Add(3 * time.Minute)) // longer than a lease
				}
				o.fault.revive(0, false)
			}
			require.Greater(t, deaths, 8)
			require.Equal(t, cases, o.told(event.TermBreached))
			require.Equal(t, cases, o.told(event.TermDueSoon))
			require.Equal(t, 3*cases, o.told(event.TermReminded))
			require.Zero(t, o.db.Client().Notice.Query().Where(notice.StateNEQ(notice.StateSent)).CountX(o.ctx()))
			for name, want := range map[string]int{"operator": 3 * cases, "head": 2 * cases, "sorter": cases} {
				require.Equal(t, want, o.differentItems(name), "%s, after the commit: %t", name, after)
			}
			require.LessOrEqual(t, len(o.relay.letters), o.differentLetters()+deaths)
		}
	})
}

// fresh gives another empty database of the same sort.
func fresh(t *testing.T, db *store.DB) *store.DB {
	if db.Dialect() == "postgres" {
		return storetest.Postgres(t)
	}
	return storetest.SQLite(t)
}

func (o *office) differentItems(name string) int {
	seen := map[string]bool{}
	for _, l := range o.relay.letters {
		for _, it := range l.Items {
			if l.To.Name == name {
				seen[fmt.Sprint(it.Case, it.Kind, it.At.UnixMicro())] = true
			}
		}
	}
	return len(seen)
}

func (o *office) differentLetters() int {
	var ids []string
	for _, l := range o.relay.letters {
		ids = append(ids, l.MessageID)
	}
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

// Two instances look after the same office at the same time.
func TestTwoInstancesTellOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, 5)
		o.at(monday.Add(26 * time.Hour))
		var all sync.WaitGroup
		for range 4 {
			k := o.instance()
			all.Go(func() {
				for range 3 {
					_, _ = k.Clock(o.ctx())
					_, _ = k.Letters(o.ctx())
				}
			})
		}
		all.Wait()
		o.round(o.instance())
		require.Equal(t, 5, o.told(event.TermBreached))
		require.Equal(t, 5, o.told(event.TermReminded))
		require.Len(t, o.relay.letters, o.differentLetters(), "no letter left twice")
		require.Len(t, o.heard("operator"), 5)
	})
}

// What is due together comes in one letter; a refused one is tried again, later
// each time, as the same letter, and in the end the administrator is told.
func TestLettersAreGatheredAndTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, 8)
		k := o.instance()
		o.at(monday.Add(6 * time.Hour))
		o.relay.refuse = &notify.Refused{Code: 451, Text: "try later"}
		o.round(k)
		require.Empty(t, o.relay.letters)
		first := o.db.Client().Notice.Query().FirstX(o.ctx())
		require.Equal(t, notice.StateWaiting, first.State)
		require.NotEmpty(t, first.Letter)
		require.Contains(t, first.LastError, "try later")

		o.round(k)
		require.Equal(t, 1, o.db.Client().Notice.Query().FirstX(o.ctx()).Attempts, "not at once")

		o.relay.refuse = nil
		o.at(o.now().Add(time.Minute))
		o.round(k)
		require.Len(t, o.relay.letters, 1)
		require.Len(t, o.relay.letters[0].Items, 8)
		require.Equal(t, first.Letter, o.relay.letters[0].MessageID)

		o.relay.refuse = &notify.Refused{Permanent: true, Code: 550, Text: "no such user"}
		o.at(monday.Add(9 * time.Hour))
		o.round(k)
		require.Equal(t, 2, o.told(event.NoticeFailed), "one for the operator, one for the head")
		require.Equal(t, 16, o.db.Client().Notice.Query().Where(notice.StateEQ(notice.StateFailed)).CountX(o.ctx()))
	})
}

// Who was disabled is not written to any more.
func TestNobodyWritesToWhoHasLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, 1)
		k := o.instance()
		o.at(monday.Add(6 * time.Hour))
		_, err := k.Clock(o.ctx())
		require.NoError(t, err)
		require.NoError(t, db.Tx(o.ctx(), func(ctx context.Context, tx *ent.Tx) error {
			return tx.User.UpdateOneID(o.operator).SetDisabledAt(monday).Exec(ctx)
		}))
		o.round(k)
		require.Empty(t, o.relay.letters)
		require.Equal(t, notice.StateDropped, o.db.Client().Notice.Query().OnlyX(o.ctx()).State)
	})
}
