package dossier_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// monday is a Monday morning, when the office opens, in Rome.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, rome())

func rome() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return zone
}

// shelf is some offices and people, and the cases of the test, on a clock of
// its own.
type shelf struct {
	*dossier.Dossier
	t       *testing.T
	db      *store.DB
	offices []int
	people  []int

	mu     sync.Mutex
	time   time.Time
	number int
}

func each(t *testing.T, test func(t *testing.T, s *shelf)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newShelf(t, db)) })
}

func newShelf(t *testing.T, db *store.DB) *shelf {
	t.Helper()
	s := &shelf{t: t, db: db, time: monday}
	log, err := event.NewLog(program(), db, event.NewMemoryBus())
	require.NoError(t, err)
	s.Dossier = dossier.New(dossier.Options{House: deadline.Standard(rome()), Log: log, Now: s.now})
	s.write(func(ctx context.Context, tx *ent.Tx) {
		for _, code := range []string{"tributi", "edilizia", "anagrafe"} {
			s.offices = append(s.offices, tx.Office.Create().SetCode(code).SetName(code).SaveX(ctx).ID)
		}
		for _, name := range []string{"anna", "bruno", "carla"} {
			u := tx.User.Create().SetEmail(name + "@comune.example").SetName(name).SetCreatedAt(monday.UTC())
			s.people = append(s.people, u.SaveX(ctx).ID)
		}
	})
	return s
}

func program() context.Context {
	return guard.NewContext(context.Background(), guard.System("prova"))
}

func (s *shelf) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *shelf) at(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = t
}

func (s *shelf) write(change func(ctx context.Context, tx *ent.Tx)) {
	s.t.Helper()
	require.NoError(s.t, s.db.Tx(program(), func(ctx context.Context, tx *ent.Tx) error {
		change(ctx, tx)
		return nil
	}))
}

// policy says how long something may take.
func (s *shelf) policy(scope deadlinepolicy.Scope, id int, kind deadlinepolicy.Kind, amount string) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *ent.Tx) {
		tx.DeadlinePolicy.Create().SetScope(scope).SetScopeID(id).SetKind(kind).SetAmount(amount).ExecX(ctx)
	})
}

// open makes a case that came now, certified at some time.
func (s *shelf) open(certified time.Time, edit func(*ent.CaseFileCreate)) int {
	s.t.Helper()
	s.number++
	id := 0
	s.write(func(ctx context.Context, tx *ent.Tx) {
		row := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", s.number)).SetRouteReason("prova").
			SetReceivedAt(s.now().UTC()).SetCertifiedAt(certified.UTC()).SetChangedAt(s.now().UTC())
		if edit != nil {
			edit(row)
		}
		c, err := s.Open(ctx, tx, row)
		require.NoError(s.t, err)
		id = c.ID
	})
	return id
}

// change edits a case as it is now.
func (s *shelf) change(id int, edit func(*ent.CaseFileUpdate)) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *ent.Tx) {
		c, err := tx.CaseFile.Get(ctx, id)
		require.NoError(s.t, err)
		after, err := s.Change(ctx, tx, c, edit)
		require.NoError(s.t, err)
		require.Equal(s.t, c.Version+1, after.Version)
	})
}

// stop suspends the terms of a case, run lets them run again.
func (s *shelf) stop(id int) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *ent.Tx) { require.NoError(s.t, s.Suspend(ctx, tx, id, "per prova")) })
}

func (s *shelf) run(id int) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *ent.Tx) { require.NoError(s.t, s.Resume(ctx, tx, id)) })
}

// tick does what is due by now.
func (s *shelf) tick() {
	s.t.Helper()
	for range 100 {
		ids, err := s.Due(program(), s.db.Client(), 100)
		require.NoError(s.t, err)
		if len(ids) == 0 {
			return
		}
		for _, id := range ids {
			require.NoError(s.t, s.Step(program(), id))
		}
	}
	require.Fail(s.t, "it is never done")
}

func (s *shelf) read(id int) *ent.CaseFile {
	s.t.Helper()
	c, err := s.db.Client().CaseFile.Get(program(), id)
	require.NoError(s.t, err)
	return c
}

// due is when a case is due, in Rome; empty for never.
func (s *shelf) due(id int) string { return inRome(s.read(id).DueAt) }

func inRome(t time.Time) string {
	if t.Equal(dossier.Never) {
		return ""
	}
	return t.In(rome()).Format("2006-01-02 15:04")
}

// terms gives when each term of a case is due; "met" for one that is met.
func (s *shelf) terms(id int) map[term.Kind]string {
	s.t.Helper()
	rows, err := s.db.Client().Term.Query().Where(term.CaseID(id)).All(program())
	require.NoError(s.t, err)
	found := map[term.Kind]string{}
	for _, t := range rows {
		found[t.Kind] = inRome(t.DueAt)
		if t.MetAt != nil {
			found[t.Kind] = "met"
		}
	}
	return found
}

// cell is a sort of cases, as the tallies count them.
type cell struct {
	office, person, mailbox int
	status, urgency         string
}

func (s *shelf) tallies() map[cell]int {
	rows := s.db.Client().Tally.Query().Where(tally.CountNEQ(0)).AllX(program())
	kept := map[cell]int{}
	for _, r := range rows {
		kept[cell{r.Office, r.Person, r.Mailbox, r.Status, r.Urgency}] = r.Count
	}
	return kept
}

// recount counts the cases themselves: these, or all.
func (s *shelf) recount(ids ...int) map[cell]int {
	found := map[cell]int{}
	q := s.db.Client().CaseFile.Query()
	if len(ids) > 0 {
		q.Where(casefile.IDIn(ids...))
	}
	for _, c := range q.AllX(program()) {
		places := map[cell]bool{{}: true}
		if c.OfficeID != nil {
			places[cell{office: *c.OfficeID}] = true
		}
		if c.AssigneeID != nil {
			places[cell{person: *c.AssigneeID}] = true
		}
		if c.OfficeID != nil && c.AssigneeID != nil {
			places[cell{office: *c.OfficeID, person: *c.AssigneeID}] = true
		}
		if c.MailboxID != nil {
			places[cell{mailbox: *c.MailboxID}] = true
		}
		for p := range places {
			p.status, p.urgency = string(c.Status), string(c.Urgency)
			found[p]++
		}
	}
	return found
}

// urgent is how urgent a case is by its own terms: a model of the two columns.
func (s *shelf) urgent(id int) (time.Time, casefile.Urgency) {
	due, urgency := dossier.Never, casefile.UrgencyNone
	for _, t := range s.db.Client().Term.Query().Where(term.CaseID(id), term.MetAtIsNil()).AllX(program()) {
		if t.DueAt.Before(due) {
			due = t.DueAt
		}
		if t.BreachedAt != nil {
			urgency = casefile.UrgencyBreached
		} else if t.SoonToldAt != nil && urgency != casefile.UrgencyBreached {
			urgency = casefile.UrgencyDueSoon
		}
	}
	return due, urgency
}

func jsonOf(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

// told lists the kinds of events about a case, in order.
func (s *shelf) told(id int) (all []event.Kind) {
	s.t.Helper()
	list, err := s.Log.After(program(), 0, 10000)
	require.NoError(s.t, err)
	for _, e := range list {
		if e.Case == id {
			all = append(all, e.Kind)
		}
	}
	return all
}
