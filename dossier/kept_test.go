package dossier_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/term"
)

// reckoned is how a term of a case is explained: its last line, and what is skipped
// for a reason that people gave.
func (s *shelf) reckoned(id int) (due string, skipped []string) {
	s.t.Helper()
	row, err := s.db.Client().Term.Query().Where(term.CaseID(id)).Only(program())
	require.NoError(s.t, err)
	found, err := s.Reckon(nil, row)
	require.NoError(s.t, err)
	for _, l := range found.Lines {
		if l.Kind == deadline.Skipped && l.Why.Italian == l.Why.English {
			skipped = append(skipped, l.Why.Italian)
		}
	}
	return inRome(found.Due), skipped
}

// What people keep of the calendar and of deadlines holds for what comes or moves
// after it. A term that runs stays as it is, is told at its time, and goes on saying why.
func TestARunningTermStaysAsItWasReckoned(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "WORK", "5 working days")
		before := s.open(monday, nil)
		require.Equal(t, "2026-11-30 17:00", s.due(before))

		s.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Closure.Create().SetName("Trasloco").SetFromDay("2026-11-25").SetToDay("2026-11-26").ExecX(ctx)
			tx.Closure.Create().SetName("Passata").SetFromDay("2026-03-25").SetToDay("2026-03-26").ExecX(ctx)
			tx.PatronDay.Create().SetScopeID(0).SetDay("11-27").ExecX(ctx)
			tx.DeadlinePolicy.Create().SetOrigin(deadlinepolicy.OriginPeople).SetVersion(1).SetScope("house").SetKind("WORK").SetAmount("4 working days").ExecX(ctx)
		})
		due, skipped := s.reckoned(before)
		require.Equal(t, "2026-11-30 17:00", due, "as it was")
		require.Empty(t, skipped)
		after := s.open(monday, nil)
		require.Equal(t, "2026-12-02 17:00", s.due(after), "four days, three of them without work")
		due, skipped = s.reckoned(after)
		require.Equal(t, s.due(after), due)
		require.Equal(t, []string{"Trasloco", "Trasloco"}, skipped)
		row := s.db.Client().Term.Query().Where(term.CaseID(after)).OnlyX(program())
		require.NotContains(t, string(row.Calendar), "Passata", "it keeps what concerns it")

		s.at(time.Date(2026, 11, 30, 17, 0, 0, 0, rome()))
		s.tick()
		require.Equal(t, "BREACHED", string(s.read(before).Urgency), "at the time that it said")
		require.NotEqual(t, "BREACHED", string(s.read(after).Urgency))

		s.change(before, func(u *ent.CaseFileUpdate) { u.SetStatus("TO_ASSIGN").SetOfficeID(s.offices[0]) })
		require.Equal(t, "2026-12-02 17:00", s.due(before), "it has moved")
	})
}

// Of an office people keep what goes over the configuration's of the same office,
// which goes over what people keep of the house.
func TestWhatPeopleKeepGoesOverTheConfiguration(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Office.UpdateOneID(s.offices[0]).SetCalendar(json.RawMessage(`{"patron":"12-07"}`)).ExecX(ctx)
			tx.PatronDay.Create().SetScopeID(0).SetDay("11-27").ExecX(ctx)
			tx.PatronDay.Create().SetScopeID(s.offices[1]).SetDay("11-30").ExecX(ctx)
			tx.Closure.Create().SetOfficeID(s.offices[1]).SetName("Sede").SetFromDay("2026-12-01").SetToDay("2026-12-01").ExecX(ctx)
		})
		for i, want := range []string{"12-07", "11-30", "11-27"} {
			c, err := s.Calendar(program(), s.db.Client(), s.db.Client().Office.GetX(program(), s.offices[i]))
			require.NoError(t, err)
			require.Equal(t, want, c.Patron.String())
			require.Len(t, c.Closures, map[int]int{1: 1}[i])
		}
	})
}

// A term that finds no time to end in is never due, and hinders nothing.
func TestATermWithoutAnEnd(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "WORK", "20000 working hours")
		s.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Office.UpdateOneID(s.offices[0]).SetCalendar(json.RawMessage(`{"patron":"","hours":{"monday":["08:00-09:00"]}}`)).ExecX(ctx)
		})
		id := s.open(monday, func(row *ent.CaseFileCreate) { row.SetStatus("TO_ASSIGN").SetOfficeID(s.offices[0]) })
		require.Empty(t, s.due(id))
	})
}
