package casework_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// shut closes an office; heir is empty for the desk.
func (h *hall) shut(office, heir string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) {
		u := tx.Office.UpdateOneID(h.offices[office]).SetClosedAt(h.now().UTC())
		if heir != "" {
			u.SetSuccessorID(h.offices[heir])
		}
		u.ExecX(ctx)
	})
}

// moveOn moves all that is stranded, a few at a time, and says how many there were.
func (h *hall) moveOn() int {
	h.t.Helper()
	all := 0
	for {
		n, err := h.MoveOn(system(), 2)
		require.NoError(h.t, err)
		if n == 0 {
			return all
		}
		all += n
	}
}

func TestAClosedOfficeLosesItsOpenCasesToTheDesk(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		waiting, worked, done := h.open(at(tributi)), h.open(with(tributi, assignee)), h.open(place{casefile.StatusClosed, tributi, assignee})
		answering, elsewhere := h.open(place{casefile.StatusAnswering, tributi, assignee}), h.open(at(edilizia))
		_, err := h.Claim(h.as(assignee), worked.ID)
		require.NoError(t, err)
		require.Zero(t, h.moveOn(), "no office is closed")
		h.shut(tributi, "")
		seq := h.last()
		require.Equal(t, 3, h.moveOn())

		for _, c := range []*ent.CaseFile{waiting, worked, answering} {
			is := h.read(c.ID)
			require.Equal(t, casefile.StatusToSort, is.Status)
			require.Equal(t, "ufficio chiuso: Ufficio Tributi", is.RouteReason)
			require.Nil(t, is.OfficeID)
			require.Nil(t, is.AssigneeID)
			require.Nil(t, is.ClaimedByID, "nobody is in charge any more")
			require.Equal(t, []notify.Kind{notify.Returned}, h.heard(sorter, c.ID))
			require.True(t, h.reads(sorter, c.ID))
		}
		told := h.since(seq)
		require.Len(t, told, 3)
		require.Equal(t, []any{event.CaseReturned, h.offices[tributi], "ufficio chiuso: Ufficio Tributi", "system:prova"},
			[]any{told[0].Kind, told[0].FromOffice, told[0].Details.Reason, told[0].Actor})
		require.Equal(t, casefile.StatusClosed, h.read(done.ID).Status, "what is done stays where it is")
		require.Equal(t, h.offices[edilizia], *h.read(elsewhere.ID).OfficeID)
		require.Equal(t, h.recount(), h.tallies())
	})
}

func TestTheHeirOfAClosedOfficeGetsItsOpenCases(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		waiting, worked := h.open(at(tributi)), h.open(with(tributi, assignee))
		kept, answering := h.open(with(tributi, operator)), h.open(place{casefile.StatusAnswering, tributi, assignee})
		term := h.read(kept.ID).DueAt
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Membership.Create().SetUserID(h.people[operator]).SetOfficeID(h.offices[edilizia]).SetRole("OPERATOR").ExecX(ctx)
		})
		h.shut(ragione, edilizia) // through one that was closed later
		h.shut(tributi, ragione)
		seq := h.last()
		require.Equal(t, 4, h.moveOn())

		for c, want := range map[*ent.CaseFile]casefile.Status{
			waiting: casefile.StatusToAssign, worked: casefile.StatusToAssign, kept: casefile.StatusInProgress, answering: casefile.StatusAnswering,
		} {
			is := h.read(c.ID)
			require.Equal(t, want, is.Status)
			require.Equal(t, h.offices[edilizia], *is.OfficeID)
			require.Equal(t, c == kept, is.AssigneeID != nil, "who comes along keeps his cases")
		}
		require.Equal(t, term, h.read(kept.ID).DueAt, "terms go on")
		require.Equal(t, []notify.Kind{notify.Assigned}, h.heard(builder, worked.ID))
		require.Contains(t, h.heard(assignee, worked.ID), notify.Unassigned)
		require.Empty(t, h.heard(operator, kept.ID))
		require.Equal(t, []event.Kind{event.CaseRouted, event.CaseRouted, event.CaseRouted, event.CaseRouted}, kinds(h.since(seq)))
		require.Equal(t, h.recount(), h.tallies())
	})
}

// Whatever opens a case again in a closed office, it does not stay there.
func TestACaseThatComesBackToAClosedOfficeMovesOn(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		done := h.open(place{casefile.StatusClosed, tributi, assignee})
		require.NoError(t, h.Reopen(h.as(head), h.on(done), "da rivedere"))
		h.shut(tributi, ragione)
		require.Equal(t, 1, h.moveOn())
		require.Equal(t, h.offices[ragione], *h.read(done.ID).OfficeID)
		h.refused(casework.Invalid, h.Sort(h.as(sorter), h.on(h.open(atDesk())), casework.SortTo{Office: h.offices[tributi]}))
		h.refused(casework.Invalid, h.Inform(h.as(sorter), h.on(h.open(atDesk())), []int{h.offices[tributi]}))
	})
}

// Cases are sorted to an office while it is closed, and two instances move them on.
func TestNothingIsLostAtTheMomentOfClosing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		const many = 12
		var cases []*ent.CaseFile
		for range many {
			cases = append(cases, h.open(atDesk()))
		}
		failures := make(chan error, 3*many)
		var all sync.WaitGroup
		for i, c := range cases {
			if i == many/2 {
				all.Go(func() { h.shut(tributi, ragione) })
			}
			on := h.on(c)
			all.Go(func() {
				if err := h.Sort(h.as(sorter), on, casework.SortTo{Office: h.offices[tributi]}); err != nil {
					failures <- err
				}
			})
		}
		all.Wait()
		for range 2 {
			all.Go(func() {
				for range many {
					if _, err := h.MoveOn(system(), many); err != nil {
						failures <- fmt.Errorf("the second instance: %w", err)
					}
				}
			})
		}
		all.Wait()
		close(failures)
		for err := range failures {
			h.refused(casework.Invalid, err) // the office was closed by then
		}
		for _, c := range cases {
			is := h.read(c.ID)
			if is.OfficeID == nil {
				require.Equal(t, casefile.StatusToSort, is.Status)
			} else {
				require.Equal(t, h.offices[ragione], *is.OfficeID, "none stays in the closed office")
			}
		}
		require.Equal(t, h.recount(), h.tallies())
	})
}
