package dossier_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
)

// Terms run from the certified time, however late the case comes to us.
func TestTermsRunFromTheCertifiedTime(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "ASSIGN", "2 working days")
		s.policy("house", 0, "WORK", "10 working hours")
		s.policy("house", 0, "ANSWER", "30 days")
		for certified, due := range map[time.Time]map[term.Kind]string{
			monday:                         {"ASSIGN": "2026-11-25 17:00", "WORK": "2026-11-24 10:00", "ANSWER": "2026-12-23 17:00"},
			monday.Add(-72 * time.Hour):    {"ASSIGN": "2026-11-24 17:00", "WORK": "2026-11-23 10:00", "ANSWER": "2026-12-21 17:00"}, // the Friday before
			monday.Add(15 * time.Hour):     {"ASSIGN": "2026-11-25 17:00", "WORK": "2026-11-25 10:00", "ANSWER": "2026-12-23 17:00"}, // in the evening
			monday.AddDate(0, 0, 11).UTC(): {"ASSIGN": "2026-12-09 17:00", "WORK": "2026-12-07 10:00", "ANSWER": "2027-01-04 17:00"}, // before the Immacolata
		} {
			s.at(monday.AddDate(0, 0, 12))
			id := s.open(certified, nil)
			require.Equal(t, due, s.terms(id), certified)
			require.Equal(t, min(due["ASSIGN"], due["WORK"]), s.due(id), "the first of them")
		}
		uncertified := s.open(monday, func(row *ent.CaseFileCreate) { row.Mutation().ClearCertifiedAt() })
		require.Equal(t, "2026-12-09 17:00", s.terms(uncertified)["ASSIGN"], "an ordinary mail: from when it came")
	})
}

// The most specific policy holds: of the office before that of the house.
func TestTermsMoveAlongWithTheCase(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "ASSIGN", "2 working days")
		s.policy("house", 0, "WORK", "10 working days")
		s.policy("office", s.offices[0], "WORK", "5 working days")
		s.write(func(ctx context.Context, tx *ent.Tx) { // closed that Wednesday
			closed := dossier.OfficeCalendar{Closures: []deadline.Closure{{From: deadline.Date{Year: 2026, Month: 11, Day: 25}, To: deadline.Date{Year: 2026, Month: 11, Day: 25}}}}
			tx.Office.Update().Where(office.ID(s.offices[1])).SetCalendar(jsonOf(t, closed)).ExecX(ctx)
		})
		id := s.open(monday, nil)
		for _, step := range []struct {
			say    string
			status casefile.Status
			office int // its place in the list, -1: none
			person int
			terms  map[term.Kind]string
			due    string
		}{
			{"at the desk", "TO_SORT", -1, -1, map[term.Kind]string{"ASSIGN": "2026-11-25 17:00", "WORK": "2026-12-07 17:00"}, "2026-11-25 17:00"},
			{"an office with a term of its own", "TO_ASSIGN", 0, -1, map[term.Kind]string{"ASSIGN": "2026-11-25 17:00", "WORK": "2026-11-30 17:00"}, "2026-11-25 17:00"},
			{"one with closed days of its own", "TO_ASSIGN", 1, -1, map[term.Kind]string{"ASSIGN": "2026-11-26 17:00", "WORK": "2026-12-09 17:00"}, "2026-11-26 17:00"},
			{"assigned", "IN_PROGRESS", 1, 0, map[term.Kind]string{"ASSIGN": "met", "WORK": "2026-12-09 17:00"}, "2026-12-09 17:00"},
			{"back at the desk", "TO_SORT", -1, -1, map[term.Kind]string{"ASSIGN": "2026-11-25 17:00", "WORK": "2026-12-07 17:00"}, "2026-11-25 17:00"},
			{"closed", "CLOSED", -1, -1, map[term.Kind]string{"ASSIGN": "met", "WORK": "met"}, ""},
			{"reopened", "TO_SORT", -1, -1, map[term.Kind]string{"ASSIGN": "2026-11-25 17:00", "WORK": "2026-12-07 17:00"}, "2026-11-25 17:00"},
		} {
			s.change(id, func(u *ent.CaseFileUpdate) {
				u.SetStatus(step.status).ClearOffice().ClearAssignee()
				if step.office >= 0 {
					u.SetOfficeID(s.offices[step.office])
				}
				if step.person >= 0 {
					u.SetAssigneeID(s.people[step.person])
				}
			})
			require.Equal(t, step.terms, s.terms(id), step.say)
			require.Equal(t, step.due, s.due(id), step.say)
		}
		require.Equal(t, s.recount(), s.tallies())
	})
}

// What is suspended does not count. A suspension begins once and ends once,
// however often it is said.
func TestSuspendedTimeDoesNotCount(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "WORK", "10 working hours")
		id := s.open(monday, nil)
		require.Equal(t, "2026-11-24 10:00", s.due(id))
		s.run(id) // nothing to resume
		require.Equal(t, "2026-11-24 10:00", s.due(id))

		s.at(monday.Add(2 * time.Hour))
		s.stop(id)
		require.Empty(t, s.due(id), "it stands still")
		s.at(monday.Add(3 * time.Hour))
		s.stop(id)
		s.at(monday.Add(4 * time.Hour)) // 10 to 12
		s.run(id)
		s.run(id)
		require.Equal(t, "2026-11-24 12:00", s.due(id), "two working hours later")
		require.Equal(t, s.recount(), s.tallies())
	})
}

// A case is due soon, then breached, at its time and once; standing still takes
// back neither, getting more time does.
func TestUrgency(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "WORK", "10 working hours")
		s.policy("office", s.offices[0], "WORK", "20 working hours")
		id := s.open(monday, nil)
		is := func(want casefile.Urgency, kinds ...event.Kind) {
			t.Helper()
			s.tick()
			require.Equal(t, want, s.read(id).Urgency)
			require.Equal(t, kinds, s.told(id))
			due, urgency := s.urgent(id)
			require.True(t, due.Equal(s.read(id).DueAt))
			require.Equal(t, urgency, s.read(id).Urgency)
			require.Equal(t, s.recount(), s.tallies())
		}
		s.at(monday.Add(9*time.Hour - time.Microsecond)) // eight hours of ten have passed at 17
		is(casefile.UrgencyNone)
		s.at(monday.Add(9 * time.Hour))
		is(casefile.UrgencyDueSoon, event.TermDueSoon)
		is(casefile.UrgencyDueSoon, event.TermDueSoon)
		s.at(monday.Add(26*time.Hour - time.Microsecond))
		is(casefile.UrgencyDueSoon, event.TermDueSoon)
		s.at(monday.Add(26 * time.Hour))
		is(casefile.UrgencyBreached, event.TermDueSoon, event.TermBreached)

		s.stop(id)
		is(casefile.UrgencyBreached, event.TermDueSoon, event.TermBreached)
		s.run(id)
		is(casefile.UrgencyBreached, event.TermDueSoon, event.TermBreached)
		s.change(id, func(u *ent.CaseFileUpdate) { u.SetStatus("TO_ASSIGN").SetOfficeID(s.offices[0]) })
		is(casefile.UrgencyNone, event.TermDueSoon, event.TermBreached)
		s.change(id, func(u *ent.CaseFileUpdate) { u.SetStatus("CLOSED") })
		s.at(monday.AddDate(1, 0, 0))
		is(casefile.UrgencyNone, event.TermDueSoon, event.TermBreached)
	})
}

// A change that was made on an older version does nothing, and says so.
func TestAStaleChangeDoesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.open(monday, nil)
		old := s.read(id)
		s.change(id, func(u *ent.CaseFileUpdate) { u.SetPriority("HIGH") })
		before := s.read(id).String()
		err := s.db.Tx(program(), func(ctx context.Context, tx *ent.Tx) error {
			_, err := s.Change(ctx, tx, old, func(u *ent.CaseFileUpdate) { u.SetStatus("CLOSED") })
			return err
		})
		require.ErrorIs(t, err, dossier.ErrStale)
		require.Equal(t, before, s.read(id).String())
		require.Equal(t, s.recount(), s.tallies())
	})
}
