package casework_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
)

// letters lists the messages of a case.
func (h *hall) letters(caseID int) []int {
	h.t.Helper()
	ids, err := h.db.Client().Message.Query().Where(message.CaseID(caseID)).Order(message.ByID()).IDs(system())
	require.NoError(h.t, err)
	return ids
}

// post lets one more message come to a case.
func (h *hall) post(caseID int) (id int) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) { id = h.letter(ctx, tx, caseID) })
	return id
}

// The messages of a merged case go over, and exactly those come back.
func TestMessagesGoOverAndComeBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		one, other := h.open(with(tributi, assignee)), h.open(at(tributi))
		h.post(one.ID)
		brought, kept := h.letters(one.ID), h.letters(other.ID)
		require.Len(t, brought, 2)
		was, versions, seq := h.read(one.ID), [2]int{h.on(one).Version, h.on(other).Version}, h.last()

		require.NoError(t, h.Merge(h.as(head), h.on(one), h.on(other), "stessa istanza"))
		require.Empty(t, h.letters(one.ID))
		require.ElementsMatch(t, append(kept, brought...), h.letters(other.ID))
		is := h.read(one.ID)
		require.Equal(t, casefile.StatusMerged, is.Status)
		require.Equal(t, other.ID, *is.MergedIntoID)
		require.Equal(t, [2]int{versions[0] + 1, versions[1] + 1}, [2]int{is.Version, h.on(other).Version}, "both have changed")
		events := h.since(seq)
		require.Equal(t, [][2]int{{one.ID, other.ID}, {other.ID, one.ID}}, [][2]int{{events[0].Case, events[0].Details.Of}, {events[1].Case, events[1].Details.Of}})
		require.Equal(t, "stessa istanza", events[1].Details.Reason)

		later := h.post(other.ID)
		require.NoError(t, h.Unmerge(h.as(deputy), h.on(one)))
		require.Equal(t, brought, h.letters(one.ID))
		require.Equal(t, append(kept, later), h.letters(other.ID))
		is = h.read(one.ID)
		require.Equal(t, was.Status, is.Status, "it stands where it stood")
		require.Equal(t, was.AssigneeID, is.AssigneeID)
		require.Nil(t, is.MergedIntoID)
		require.Equal(t, []event.Kind{event.CaseMerged, event.CaseMerged, event.CaseUnmerged, event.CaseUnmerged}, kinds(h.since(seq)))
		h.refused(casework.Illegal, h.Unmerge(h.as(head), h.on(one)))

		require.NoError(t, h.Merge(h.as(head), h.on(one), h.on(other), "anzi sì"), "and again")
		require.NoError(t, h.Unmerge(h.as(head), h.on(one)))
		require.Equal(t, brought, h.letters(one.ID))
		require.Equal(t, h.recount(), h.tallies())
	})
}

// A merged case is seen as the one it went into.
func TestAMergedCaseIsSeenAsTheOther(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		one, other := h.open(atDesk()), h.open(atDesk())
		require.NoError(t, h.Merge(h.as(sorter), h.on(one), h.on(other), ""))
		_, sees := h.seen(head, one.ID)
		require.False(t, sees)
		require.NoError(t, h.Sort(h.as(sorter), h.on(other), casework.SortTo{Office: h.offices[tributi]}))
		require.True(t, h.reads(head, one.ID))
		require.False(t, h.reads(sorter, one.ID))
	})
}

func TestWhatMergingRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, closed := h.open(with(tributi, assignee)), h.open(place{casefile.StatusClosed, tributi, assignee})
		full, inside := h.open(at(tributi)), h.open(at(tributi))
		require.NoError(t, h.Merge(h.as(head), h.on(inside), h.on(full), ""))
		reserved := h.open(at(tributi))
		h.write(func(ctx context.Context, tx *ent.Tx) { h.reserve(ctx, tx, reserved.ID, operator) })
		open := h.on(h.open(at(tributi)))

		for name, it := range map[string]struct {
			one, into casework.On
			code      casework.Code
			path      string
		}{
			"itself":               {h.on(c), h.on(c), casework.Invalid, "intoCaseId"},
			"nothing":              {h.on(c), casework.On{Case: 9999, Version: 1}, casework.Invalid, "intoCaseId"},
			"one that is not seen": {h.on(c), h.on(h.open(at(edilizia))), casework.Invalid, "intoCaseId"},
			"one that is not read": {h.on(c), h.on(reserved), casework.Invalid, "intoCaseId"},
			"one at the desk":      {h.on(c), h.on(h.open(atDesk())), casework.Invalid, "intoCaseId"},
			"a closed one":         {h.on(c), h.on(closed), casework.Invalid, "intoCaseId"},
			"a merged one":         {h.on(c), h.on(inside), casework.Invalid, "intoCaseId"},
			"a full one elsewhere": {h.on(full), h.on(c), casework.Invalid, "caseId"},
			"an unnamed version":   {h.on(c), casework.On{Case: open.Case}, casework.Invalid, "intoVersion"},
			"one that has changed": {h.on(c), casework.On{Case: open.Case, Version: 7}, casework.Stale, "intoVersion"},
		} {
			sub := subject{id: it.one.Case, other: c.ID}
			before := h.picture(sub)
			require.Equal(t, it.path, h.refused(it.code, h.Merge(h.as(head), it.one, it.into, "")).Path, name)
			h.same(before, h.picture(sub), name)
		}
	})
}

// Who merges into a case that has changed is told what changed there.
func TestAStaleMergeHearsOfTheOtherCase(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		one, other := h.open(at(tributi)), h.open(at(tributi))
		saw := h.on(other)
		require.NoError(t, h.SetPriority(h.as(sorter), saw, casefile.PriorityLow))
		r := h.refused(casework.Stale, h.Merge(h.as(head), h.on(one), saw, ""))
		require.Equal(t, saw.Version+1, r.Current)
		require.Equal(t, []event.Kind{event.CasePriorityChanged}, kinds(r.Changes))
	})
}

// What went on from the other case is not torn out of its new place.
func TestAMergeIsNotHalfUndone(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		one, other, third := h.open(at(tributi)), h.open(at(tributi)), h.open(at(tributi))
		h.post(one.ID)
		moved := h.letters(one.ID)[0]
		require.NoError(t, h.Merge(h.as(head), h.on(one), h.on(other), ""))
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Message.Update().Where(message.ID(moved)).SetCaseID(third.ID).ExecX(ctx)
		})
		before := h.letters(other.ID)
		h.refused(casework.Illegal, h.Unmerge(h.as(head), h.on(one)))
		require.Equal(t, before, h.letters(other.ID))
		require.Equal(t, casefile.StatusMerged, h.read(one.ID).Status)
	})
}

// What was merged goes where the other case goes, and comes out there.
func TestAMergedCaseComesOutWhereTheOtherIs(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		one, other := h.open(with(tributi, assignee)), h.open(at(tributi))
		require.NoError(t, h.Merge(h.as(head), h.on(one), h.on(other), ""))
		require.NoError(t, h.Return(h.as(head), h.on(other), "non ci compete"))
		require.NoError(t, h.Sort(h.as(sorter), h.on(other), casework.SortTo{Office: h.offices[edilizia]}))

		h.refused(casework.NotFound, h.Unmerge(h.as(head), h.on(one)))
		require.NoError(t, h.Unmerge(h.as(builder), h.on(one)))
		is := h.read(one.ID)
		require.Equal(t, casefile.StatusToAssign, is.Status)
		require.Equal(t, h.offices[edilizia], *is.OfficeID)
		require.Nil(t, is.AssigneeID)
		require.Len(t, h.letters(one.ID), 1)
	})
}
