package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// A reserved case is read by the people named on it alone; the others of the
// office see that it is there.
func TestAReservedCaseIsReadByNamedPeople(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(at(tributi))
		require.NoError(t, h.Inform(h.as(head), h.on(c), []int{h.offices[ragione]}))
		many := make([]int, 51)
		for i := range many {
			many[i] = 1000 + i
		}
		for _, people := range [][]int{{9999}, many} {
			require.Equal(t, "readerIds", h.refused(casework.Invalid, h.Reserve(h.as(head), h.on(c), people)).Path)
		}
		seq := h.last()
		require.NoError(t, h.Reserve(h.as(head), h.on(c), []int{h.people[operator], h.people[outsider]}))
		for name, reads := range map[string]bool{head: true, operator: true, outsider: true, deputy: false, assignee: false, informed: false, above: false} {
			_, sees := h.seen(name, c.ID)
			require.True(t, sees, name)
			require.Equal(t, reads, h.reads(name, c.ID), name)
		}
		require.ElementsMatch(t, []int{h.people[head], h.people[operator], h.people[outsider]}, h.since(seq)[0].Details.People)

		h.refused(casework.Forbidden, h.Unreserve(h.as(deputy), h.on(c)))
		h.refused(casework.Forbidden, h.Take(h.as(assignee), h.on(c)))
		require.Equal(t, "assigneeId", h.refused(casework.Invalid, h.Assign(h.as(head), h.on(c), h.people[assignee], "")).Path)
		require.NoError(t, h.Assign(h.as(head), h.on(c), h.people[operator], ""))

		require.NoError(t, h.Reserve(h.as(head), h.on(c), []int{h.people[assignee]}), "named anew")
		require.False(t, h.reads(operator, c.ID))
		require.NoError(t, h.Unreserve(h.as(head), h.on(c)))
		h.refused(casework.Already, h.Unreserve(h.as(head), h.on(c)))
		for name, reads := range map[string]bool{deputy: true, assignee: true, informed: true, operator: true, outsider: false} {
			require.Equal(t, reads, h.reads(name, c.ID), name)
		}
	})
}

// Who only sees a case may read it for a reason and for a while; the head is
// told at once, even at night.
func TestBrokenGlass(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.at(time.Now().Add(time.Minute - casework.GlassTime)) // what is read is judged by the clock of the wall
		c, seq := h.open(at(tributi)), h.last()
		require.Equal(t, "reason", h.refused(casework.ReasonNeeded, h.BreakGlass(h.as(auditor), c.ID, " ")).Path)
		h.refused(casework.NotFound, h.BreakGlass(h.as(outsider), c.ID, "curiosità"))
		require.False(t, h.reads(auditor, c.ID))

		require.NoError(t, h.BreakGlass(h.as(auditor), c.ID, "verifica interna"))
		require.True(t, h.reads(auditor, c.ID))
		require.False(t, h.reads(sorter, c.ID), "each for himself")
		require.Equal(t, []event.Kind{event.GlassBroken}, kinds(h.since(seq)))
		require.Equal(t, "verifica interna", h.since(seq)[0].Details.Reason)
		for _, name := range []string{head, deputy} {
			require.Equal(t, []notify.Kind{notify.Glass}, h.heard(name, c.ID))
			require.Equal(t, []string{"verifica interna"}, h.texts(name, c.ID))
		}
		h.refused(casework.Forbidden, h.AddNote(h.as(auditor), c.ID, "chi legge non comanda"))
		require.Equal(t, 1, h.read(c.ID).Version)
	})
}

func TestGlassIsToldAtNightAndOtherThingsAreNot(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		night := time.Date(2026, 11, 24, 2, 0, 0, 0, rome())
		h.at(night)
		c := h.open(at(tributi))
		require.NoError(t, h.BreakGlass(h.as(sorter), c.ID, "un'urgenza"))
		require.NoError(t, h.Remind(h.as(sorter), c.ID, "A che punto siamo?"))
		for kind, from := range map[notify.Kind]time.Time{notify.Glass: night, notify.Sollecito: time.Date(2026, 11, 24, 7, 0, 0, 0, rome())} {
			n, err := h.db.Client().Notice.Query().Where(notice.UserID(h.people[head]), notice.Kind(string(kind))).Only(system())
			require.NoError(t, err)
			require.True(t, n.SendAt.Equal(from), "%s at %s", kind, n.SendAt)
		}
	})
}

func TestBrokenGlassEnds(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.at(time.Now().Add(-time.Minute - casework.GlassTime))
		c := h.open(with(tributi, assignee))
		require.NoError(t, h.BreakGlass(h.as(sorter), c.ID, "verifica"))
		require.False(t, h.reads(sorter, c.ID), "it was a while ago")

		h.at(time.Now())
		require.NoError(t, h.BreakGlass(h.as(sorter), c.ID, "ancora"))
		require.True(t, h.reads(sorter, c.ID), "for another while")
		row, err := h.db.Client().CaseReader.Query().Where(casereader.CaseID(c.ID)).Only(system())
		require.NoError(t, err)
		require.Equal(t, "ancora", row.Reason)
		require.True(t, row.Until.Equal(h.now().Truncate(time.Microsecond).Add(casework.GlassTime)))
	})
}

// At the desk there is no head: the desk is told.
func TestGlassAtTheDesk(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(atDesk())
		require.NoError(t, h.BreakGlass(h.as(auditor), c.ID, "verifica"))
		for _, name := range []string{sorter, colleague} {
			require.Equal(t, []notify.Kind{notify.Glass}, h.heard(name, c.ID))
		}
	})
}
