package almanac_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// monday is a Monday in November.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// wall is an office's wall with its calendar, and an administrator before it.
type wall struct {
	*almanac.Almanac
	t       *testing.T
	db      *store.DB
	program context.Context
	admin   context.Context
	taxes   *ent.Office // whose patron the configuration names
	told    int
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *wall)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newWall(t, db)) })
}

func newWall(t *testing.T, db *store.DB) *wall {
	t.Helper()
	w := &wall{t: t, db: db, program: guard.NewContext(t.Context(), guard.System("prova"))}
	log, err := event.NewLog(w.program, db, event.NewMemoryBus())
	require.NoError(t, err)
	house := deadline.Standard(time.UTC)
	house.Patron = deadline.MonthDay{Month: time.June, Day: 24}
	now := func() time.Time { return monday }
	w.Almanac = almanac.New(almanac.Options{Dossier: dossier.New(dossier.Options{House: house, Log: log, Now: now}), Log: log, Now: now})
	require.NoError(t, db.Tx(w.program, func(ctx context.Context, tx *ent.Tx) error {
		w.taxes = tx.Office.Create().SetCode("tributi").SetName("Tributi").SetCalendar([]byte(`{"patron":"12-07"}`)).SaveX(ctx)
		admin := tx.User.Create().SetEmail("ada@comune.example").SetName("Ada").SetCreatedAt(monday).SetAdministrator(true).SaveX(ctx)
		w.admin = guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: admin.ID, Administrator: true, Scopes: guard.All}))
		tx.DeadlinePolicy.Create().SetScope("house").SetKind("ANSWER").SetAmount("30 days").SaveX(ctx)
		return nil
	}))
	return w
}

// news checks what the register tells since it was asked last.
func (w *wall) news(want ...event.Entry) {
	w.t.Helper()
	rows, err := w.db.Client().Event.Query().Where(entevent.IDGT(w.told)).Order(entevent.ByID()).All(w.program)
	require.NoError(w.t, err)
	require.Len(w.t, rows, len(want))
	for i, row := range rows {
		w.told = row.ID
		got, err := event.FromRow(row)
		require.NoError(w.t, err)
		got.Details.Of = want[i].Details.Of
		require.Equal(w.t, want[i].Kind, got.Kind)
		require.Equal(w.t, want[i].Office, got.Office)
		require.Equal(w.t, want[i].Details, got.Details)
		require.True(w.t, strings.HasPrefix(got.Actor, "person:"), got.Actor)
	}
}

// refused checks that a command was refused, with what code and at which input.
func refused(t *testing.T, err error, code casework.Code, path string) *casework.Refused {
	t.Helper()
	var r *casework.Refused
	require.ErrorAs(t, err, &r)
	require.Equal(t, []any{code, path}, []any{r.Code, r.Path}, r.English)
	require.NotEmpty(t, r.Italian)
	require.NotEqual(t, r.Italian, r.English)
	return r
}

// TestADeadlineGoesOverThatOfTheConfiguration, and leaves it as it was.
func TestADeadlineGoesOverThatOfTheConfiguration(t *testing.T) {
	each(t, func(t *testing.T, w *wall) {
		d := almanac.Deadline{Kind: deadlinepolicy.KindAnswer, Amount: "20 working-days"}
		id, err := w.SetDeadline(w.admin, 0, d)
		require.NoError(t, err)
		w.news(event.Entry{Kind: event.DeadlineChanged, Details: event.Details{
			How: "added", Term: "ANSWER", Reason: "tutto l'ente", From: "30 days", To: "20 working days", Version: 1,
		}})
		_, err = w.SetDeadline(w.admin, 0, d)
		require.Equal(t, 1, refused(t, err, casework.Stale, "").Current, "somebody said it already")
		_, err = w.SetDeadline(w.admin, 1, d)
		refused(t, err, casework.Already, "")
		d.Amount = "15 working days"
		same, err := w.SetDeadline(w.admin, 1, d)
		require.NoError(t, err)
		require.Equal(t, id, same)
		w.news(event.Entry{Kind: event.DeadlineChanged, Details: event.Details{
			How: "changed", Term: "ANSWER", Reason: "tutto l'ente", From: "20 working days", To: "15 working days", Version: 2,
		}})
		require.Equal(t, 2, refused(t, w.RemoveDeadline(w.admin, almanac.On{ID: id, Version: 1}), casework.Stale, "").Current)
		require.NoError(t, w.RemoveDeadline(w.admin, almanac.On{ID: id, Version: 2}))
		w.news(event.Entry{Kind: event.DeadlineChanged, Details: event.Details{
			How: "removed", Term: "ANSWER", Reason: "tutto l'ente", From: "15 working days", To: "30 days",
		}})
		refused(t, w.RemoveDeadline(w.admin, almanac.On{ID: id, Version: 2}), casework.NotFound, "")
		_, err = w.SetDeadline(w.admin, 2, d)
		refused(t, err, casework.NotFound, "")
		left := w.db.Client().DeadlinePolicy.Query().OnlyX(w.program)
		require.Equal(t, []any{"30 days", deadlinepolicy.OriginConfiguration}, []any{left.Amount, left.Origin})
		refused(t, w.RemoveDeadline(w.admin, almanac.On{ID: left.ID}), casework.NotFound, "")
	})
}

// TestADeadlineIsOfOneThingThatIsThere, and of a length that can end.
func TestADeadlineIsOfOneThingThatIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *wall) {
		var box *ent.Mailbox
		var rule *ent.RoutingRule
		require.NoError(t, w.db.Tx(w.program, func(ctx context.Context, tx *ent.Tx) error {
			box = tx.Mailbox.Create().SetAddress("tributi@comune.example").SaveX(ctx)
			rule = tx.RoutingRule.Create().SetName("ricorsi").SetCondition([]byte(`{}`)).SetOfficeID(w.taxes.ID).SaveX(ctx)
			return nil
		}))
		for _, tt := range []struct {
			d    almanac.Deadline
			path string
		}{
			{almanac.Deadline{Amount: "0 days"}, "amount"},
			{almanac.Deadline{Amount: "-3 days"}, "amount"},
			{almanac.Deadline{Amount: "2501 working days"}, "amount"},
			{almanac.Deadline{Amount: "two weeks"}, "amount"},
			{almanac.Deadline{Amount: "3 days", Office: -1}, "officeId"},
			{almanac.Deadline{Amount: "3 days", Mailbox: 999}, "mailboxId"},
			{almanac.Deadline{Amount: "3 days", Rule: 999}, "ruleId"},
			{almanac.Deadline{Amount: "3 days", Office: w.taxes.ID, Mailbox: box.ID}, ""},
		} {
			tt.d.Kind = deadlinepolicy.KindWork
			_, err := w.SetDeadline(w.admin, 0, tt.d)
			refused(t, err, casework.Invalid, tt.path)
		}
		w.news()
		for _, d := range []almanac.Deadline{{Office: w.taxes.ID}, {Mailbox: box.ID}, {Rule: rule.ID}} {
			d.Kind, d.Amount = deadlinepolicy.KindAssign, "8 working hours"
			_, err := w.SetDeadline(w.admin, 0, d)
			require.NoError(t, err)
		}
		of := func(whose string) event.Entry {
			return event.Entry{Kind: event.DeadlineChanged, Details: event.Details{How: "added", Term: "ASSIGN", Reason: whose, To: "8 working hours", Version: 1}}
		}
		w.news(of("ufficio «Tributi»"), of("casella tributi@comune.example"), of("regola «ricorsi»"))

		require.NoError(t, w.db.Tx(w.program, func(ctx context.Context, tx *ent.Tx) error { // an hour a week
			return tx.Office.UpdateOneID(w.taxes.ID).SetCalendar([]byte(`{"hours":{"monday":["08:00-09:00"]}}`)).Exec(ctx)
		}))
		_, err := w.SetDeadline(w.admin, 0, almanac.Deadline{Kind: deadlinepolicy.KindAnswer, Amount: "20000 working hours", Office: w.taxes.ID})
		refused(t, err, casework.Invalid, "amount")
	})
}

// TestTheLifeOfAClosure, of the house and of an office.
func TestTheLifeOfAClosure(t *testing.T) {
	each(t, func(t *testing.T, w *wall) {
		free := func(of *ent.Office) (days []string) {
			c, err := w.Dossier.Calendar(w.admin, w.db.Client(), of)
			require.NoError(t, err)
			for d := range 31 {
				day := deadline.Date{Year: 2026, Month: time.December, Day: d + 1}
				if name, is := c.Holiday(day); is && name.Italian == name.English {
					days = append(days, day.String()[8:]+" "+name.Italian)
				}
			}
			return days
		}
		id, err := w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: "  Trasloco ", From: "2026-12-10"})
		require.NoError(t, err)
		own, err := w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: "Inventario", From: "2026-12-14", To: "2026-12-15", Office: w.taxes.ID})
		require.NoError(t, err)
		require.Equal(t, []string{"10 Trasloco"}, free(nil))
		require.Equal(t, []string{"10 Trasloco", "14 Inventario", "15 Inventario"}, free(w.taxes))
		w.news(
			event.Entry{Kind: event.ClosureChanged, Details: event.Details{How: "added", Reason: "Trasloco", To: "2026-12-10/2026-12-10 Trasloco", Version: 1}},
			event.Entry{Kind: event.ClosureChanged, Office: w.taxes.ID, Details: event.Details{How: "added", Reason: "Inventario", To: "2026-12-14/2026-12-15 Inventario", Version: 1}},
		)
		_, err = w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: "Trasloco", From: "2026-12-10"})
		refused(t, err, casework.Already, "")
		moved := almanac.Closure{Name: "Trasloco", From: "2026-12-11"}
		_, err = w.SetClosure(w.admin, almanac.On{ID: id, Version: 2}, moved)
		require.Equal(t, 1, refused(t, err, casework.Stale, "").Current)
		_, err = w.SetClosure(w.admin, almanac.On{ID: id, Version: 1}, moved)
		require.NoError(t, err)
		require.Equal(t, []string{"11 Trasloco"}, free(nil))
		w.news(event.Entry{Kind: event.ClosureChanged, Details: event.Details{
			How: "changed", Reason: "Trasloco", From: "2026-12-10/2026-12-10 Trasloco", To: "2026-12-11/2026-12-11 Trasloco", Version: 2,
		}})
		refused(t, w.RemoveClosure(w.admin, almanac.On{ID: id, Version: 1}), casework.Stale, "")
		require.NoError(t, w.RemoveClosure(w.admin, almanac.On{ID: id, Version: 2}))
		require.NoError(t, w.RemoveClosure(w.admin, almanac.On{ID: own, Version: 1}))
		require.Empty(t, free(w.taxes))
		w.news(
			event.Entry{Kind: event.ClosureChanged, Details: event.Details{How: "removed", Reason: "Trasloco", From: "2026-12-11/2026-12-11 Trasloco"}},
			event.Entry{Kind: event.ClosureChanged, Office: w.taxes.ID, Details: event.Details{How: "removed", Reason: "Inventario", From: "2026-12-14/2026-12-15 Inventario"}},
		)
		refused(t, w.RemoveClosure(w.admin, almanac.On{ID: id, Version: 2}), casework.NotFound, "")
	})
}

// TestAClosureIsSane: a name, days in order, at most sixty of them, in our time.
func TestAClosureIsSane(t *testing.T) {
	t.Parallel()
	w := newWall(t, storetest.SQLite(t))
	for _, tt := range []struct {
		closure almanac.Closure
		path    string
	}{
		{almanac.Closure{From: "2026-12-10"}, "name"},
		{almanac.Closure{Name: strings.Repeat("a", 101), From: "2026-12-10"}, "name"},
		{almanac.Closure{Name: "a\u202eb", From: "2026-12-10"}, "name"},
		{almanac.Closure{Name: "a"}, "from"},
		{almanac.Closure{Name: "a", From: "2026-02-30"}, "from"},
		{almanac.Closure{Name: "a", From: "2026-12-10", To: "domani"}, "to"},
		{almanac.Closure{Name: "a", From: "2026-12-10", To: "2026-12-09"}, "to"},
		{almanac.Closure{Name: "a", From: "2026-12-01", To: "2027-01-30"}, "to"}, // 61 days
		{almanac.Closure{Name: "a", From: "2025-11-01"}, "to"},
		{almanac.Closure{Name: "a", From: "2031-11-24"}, "to"},
		{almanac.Closure{Name: "a", From: "2026-12-10", Office: 999}, "officeId"},
	} {
		_, err := w.SetClosure(w.admin, almanac.On{}, tt.closure)
		refused(t, err, casework.Invalid, tt.path)
	}
	_, err := w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: "a", From: "2026-12-01", To: "2027-01-29"})
	require.NoError(t, err, "60 days")
	for i := range almanac.MostClosures - 1 {
		_, err := w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: fmt.Sprint(i), From: "2026-12-10"})
		require.NoError(t, err)
	}
	_, err = w.SetClosure(w.admin, almanac.On{}, almanac.Closure{Name: "a", From: "2026-12-10"})
	refused(t, err, casework.Invalid, "")
}

// TestAPatronGoesOverThatOfTheConfiguration, of the same; that of an office over
// that of the house.
func TestAPatronGoesOverThatOfTheConfiguration(t *testing.T) {
	each(t, func(t *testing.T, w *wall) {
		patron := func(of *ent.Office) string {
			c, err := w.Dossier.Calendar(w.admin, w.db.Client(), of)
			require.NoError(t, err)
			return c.Patron.String()
		}
		require.NoError(t, w.SetPatron(w.admin, 0, 0, "09-19"))
		require.Equal(t, []string{"09-19", "12-07"}, []string{patron(nil), patron(w.taxes)})
		require.NoError(t, w.SetPatron(w.admin, w.taxes.ID, 0, "12-06"))
		require.Equal(t, []string{"09-19", "12-06"}, []string{patron(nil), patron(w.taxes)})
		require.Equal(t, 1, refused(t, w.SetPatron(w.admin, 0, 0, "09-20"), casework.Stale, "").Current)
		refused(t, w.SetPatron(w.admin, 0, 1, "09-19"), casework.Already, "")
		for _, wrong := range []string{"", "02-30", "13-01", "settembre"} {
			refused(t, w.SetPatron(w.admin, 0, 1, wrong), casework.Invalid, "day")
		}
		refused(t, w.SetPatron(w.admin, -1, 0, "09-20"), casework.Invalid, "officeId")
		require.NoError(t, w.SetPatron(w.admin, 0, 1, "09-20"))
		require.NoError(t, w.RemovePatron(w.admin, 0, 2))
		require.NoError(t, w.RemovePatron(w.admin, w.taxes.ID, 1))
		require.Equal(t, []string{"06-24", "12-07"}, []string{patron(nil), patron(w.taxes)})
		refused(t, w.RemovePatron(w.admin, 0, 0), casework.NotFound, "")
		refused(t, w.RemovePatron(w.admin, 0, 2), casework.NotFound, "")
		w.news(
			event.Entry{Kind: event.PatronChanged, Details: event.Details{How: "added", From: "06-24", To: "09-19", Version: 1}},
			event.Entry{Kind: event.PatronChanged, Office: w.taxes.ID, Details: event.Details{How: "added", From: "12-07", To: "12-06", Version: 1}},
			event.Entry{Kind: event.PatronChanged, Details: event.Details{How: "changed", From: "09-19", To: "09-20", Version: 2}},
			event.Entry{Kind: event.PatronChanged, Details: event.Details{How: "removed", From: "09-20", To: "06-24"}},
			event.Entry{Kind: event.PatronChanged, Office: w.taxes.ID, Details: event.Details{How: "removed", From: "12-06", To: "12-07"}},
		)
	})
}

// TestTheCalendarIsForAdministrators who may write.
func TestTheCalendarIsForAdministrators(t *testing.T) {
	t.Parallel()
	w := newWall(t, storetest.SQLite(t))
	for _, p := range []guard.Person{
		{ID: 9, Sorter: true, Auditor: true, Scopes: guard.All}, {ID: 9, Heads: []int{w.taxes.ID}, Scopes: guard.All},
		{ID: 9, Administrator: true, Scopes: guard.Read},
	} {
		ctx := guard.NewContext(t.Context(), guard.Someone(p))
		_, err := w.SetDeadline(ctx, 0, almanac.Deadline{Kind: deadlinepolicy.KindWork, Amount: "3 days"})
		refused(t, err, casework.Forbidden, "")
		refused(t, w.RemoveDeadline(ctx, almanac.On{ID: 1, Version: 1}), casework.Forbidden, "")
		_, err = w.SetClosure(ctx, almanac.On{}, almanac.Closure{Name: "a", From: "2026-12-10"})
		refused(t, err, casework.Forbidden, "")
		refused(t, w.RemoveClosure(ctx, almanac.On{ID: 1, Version: 1}), casework.Forbidden, "")
		refused(t, w.SetPatron(ctx, 0, 0, "09-19"), casework.Forbidden, "")
		refused(t, w.RemovePatron(ctx, 0, 1), casework.Forbidden, "")
	}
	w.news()
}
