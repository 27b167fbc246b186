package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/caselooker"
	"github.com/smista/smista/event"
)

// looking are those who have a case open, as a person sees it.
func (h *hall) looking(as string, c *ent.CaseFile) (people []int) {
	h.t.Helper()
	for _, l := range h.db.Client().CaseLooker.Query().Where(caselooker.CaseID(c.ID), caselooker.UntilGT(h.now().UTC())).Order(caselooker.ByID()).AllX(h.as(as)) {
		people = append(people, l.UserID)
	}
	return people
}

// lookedAt are the people of each event that told who has a case open.
func (h *hall) lookedAt(seq int) (told [][]int) {
	h.t.Helper()
	for _, e := range h.since(seq) {
		require.Equal(h.t, event.CaseLookedAt, e.Kind)
		told = append(told, e.Details.People)
	}
	return told
}

// Two people of the desk in one case see each other: who comes and who goes is
// told, who stays is not; and whose client falls silent goes too.
func TestWhoLooksAtACase(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, other := h.open(atDesk()), h.open(atDesk())
		one, two := h.people[sorter], h.people[colleague]
		seq := h.last()
		require.NoError(t, h.Look(h.as(sorter), c.ID))
		require.NoError(t, h.Look(h.as(colleague), c.ID))
		require.Equal(t, [][]int{{one}, {one, two}}, h.lookedAt(seq))
		require.Equal(t, []int{one, two}, h.looking(sorter, c))
		require.Empty(t, h.looking(sorter, other))
		require.Empty(t, h.looking(auditor, c), "who sees movements alone does not see who looks")
		require.Equal(t, 1, h.read(c.ID).Version, "to look changes nothing")

		seq = h.last()
		for range 3 { // a minute, in which both say so again
			h.pass(20 * time.Second)
			require.NoError(t, h.Look(h.as(sorter), c.ID))
			require.NoError(t, h.Look(h.as(colleague), c.ID))
			n, err := h.EndLooks(system(), h.now().UTC(), 10)
			require.NoError(t, err)
			require.Zero(t, n)
		}
		require.Empty(t, h.lookedAt(seq), "who is there already is not told again")
		require.Equal(t, []int{one, two}, h.looking(colleague, c))

		require.NoError(t, h.LookAway(h.as(sorter), c.ID))
		require.NoError(t, h.LookAway(h.as(sorter), c.ID), "once more does not hurt")
		require.Equal(t, [][]int{{two}}, h.lookedAt(seq))

		seq = h.last()
		h.pass(casework.PresenceTime) // the colleague's tab is gone
		require.Empty(t, h.looking(sorter, c))
		for _, ended := range []int{1, 0} { // of two instances one is quicker
			n, err := h.EndLooks(system(), h.now().UTC(), 10)
			require.NoError(t, err)
			require.Equal(t, ended, n)
		}
		require.Equal(t, [][]int{nil}, h.lookedAt(seq))
		require.Zero(t, h.db.Client().CaseLooker.Query().CountX(system()), "nothing is left of it")

		seq = h.last()
		require.NoError(t, h.Look(h.as(sorter), c.ID))
		h.pass(casework.PresenceTime + time.Second)
		require.NoError(t, h.Look(h.as(sorter), c.ID), "before anybody noticed")
		require.Equal(t, [][]int{{one}, {one}}, h.lookedAt(seq))
	})
}

// Who loses the case may still look away, and does not look again.
func TestWhoNoLongerReadsACaseDoesNotLookAtIt(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(atDesk())
		require.NoError(t, h.Look(h.as(sorter), c.ID))
		require.NoError(t, h.Look(h.as(colleague), c.ID))
		require.NoError(t, h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[tributi]}))
		require.Empty(t, h.looking(sorter, c), "the desk sees movements now")
		require.Equal(t, []int{h.people[sorter], h.people[colleague]}, h.looking(head, c))
		h.refused(casework.Forbidden, h.Look(h.as(sorter), c.ID))
		h.refused(casework.NotFound, h.Look(h.as(outsider), c.ID))
		h.refused(casework.Forbidden, h.Look(h.as(auditor), c.ID))
		seq := h.last()
		require.NoError(t, h.LookAway(h.as(sorter), c.ID))
		require.Equal(t, [][]int{{h.people[colleague]}}, h.lookedAt(seq))
		require.NoError(t, h.Look(h.as(head), c.ID))
		require.Equal(t, []int{h.people[colleague], h.people[head]}, h.looking(head, c))
	})
}

// Where the desk sent a case, and who did, stands on it until it comes back.
func TestWhoSortedACaseIsKept(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(atDesk())
		require.Nil(t, h.read(c.ID).SortedAt)
		require.NoError(t, h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[tributi]}))
		require.True(t, h.now().Equal(*h.read(c.ID).SortedAt))
		require.Equal(t, h.people[sorter], *h.read(c.ID).SortedByID)
		h.pass(time.Minute)
		require.NoError(t, h.Sort(h.as(colleague), h.on(c), casework.SortTo{Office: h.offices[edilizia]}), "elsewhere, before it began")
		require.Equal(t, h.people[colleague], *h.read(c.ID).SortedByID)
		require.NoError(t, h.Return(h.as(builder), h.on(c), "non è nostra"))
		require.Nil(t, h.read(c.ID).SortedAt)
		require.Nil(t, h.read(c.ID).SortedByID)
	})
}
