package casework_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// crowd hires many operators of Tributi.
func (h *hall) crowd(n int) (all []context.Context) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) {
		for i := range n {
			id := h.hire(ctx, tx, fmt.Sprintf("operator%03d", i), staff.Roles{})
			tx.Membership.Create().SetUserID(id).SetOfficeID(h.offices[tributi]).SetRole(membership.RoleOperator).ExecX(ctx)
		}
	})
	for i := range n {
		all = append(all, h.as(fmt.Sprintf("operator%03d", i)))
	}
	return all
}

// Of a hundred who take charge at once one has it, and the others are told who.
func TestOfAHundredClaimsOneWins(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		people, c, seq := h.crowd(100), h.open(at(tributi)), h.last()
		var won, lost atomic.Int32
		var winner atomic.Int64
		var all sync.WaitGroup
		start := make(chan struct{})
		for _, ctx := range people {
			all.Go(func() {
				<-start
				held, err := h.Claim(ctx, c.ID)
				refused, isRefused := errors.AsType[*casework.Refused](err)
				switch {
				case err == nil:
					won.Add(1)
					winner.Store(int64(held.Holder))
				case isRefused && refused.Code == casework.Claimed:
					lost.Add(1)
				default:
					t.Errorf("a claim fails: %v", err)
				}
			})
		}
		close(start)
		all.Wait()
		require.EqualValues(t, 1, won.Load())
		require.EqualValues(t, 99, lost.Load())
		require.EqualValues(t, winner.Load(), *h.read(c.ID).ClaimedByID)
		require.Equal(t, []event.Kind{event.CaseClaimed}, kinds(h.since(seq)))
		require.Equal(t, 1, h.read(c.ID).Version, "to take charge is no change of the case")
	})
}

func TestALeaseEndsUnlessItIsKept(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		held, err := h.Claim(h.as(operator), c.ID)
		require.NoError(t, err)
		require.True(t, held.Until.Equal(h.now().Add(casework.Lease)))

		h.pass(casework.Lease - time.Second)
		_, err = h.Claim(h.as(assignee), c.ID)
		r := h.refused(casework.Claimed, err)
		require.Equal(t, h.people[operator], r.Holder)
		require.True(t, r.Until.Equal(held.Until))
		require.Contains(t, r.English, operator, "by name")
		_, err = h.KeepClaim(h.as(assignee), c.ID, false)
		h.refused(casework.Claimed, err)
		h.refused(casework.Already, h.Release(h.as(assignee), c.ID))

		_, err = h.KeepClaim(h.as(operator), c.ID, false)
		require.NoError(t, err)
		h.pass(casework.Lease - time.Second)
		h.refused(casework.Claimed, h.Take(h.as(assignee), h.on(c)))

		h.pass(time.Second)
		_, err = h.Claim(h.as(assignee), c.ID)
		require.NoError(t, err, "nobody kept it")
		_, err = h.KeepClaim(h.as(operator), c.ID, false)
		h.refused(casework.Claimed, err)
		require.Equal(t, []event.Kind{event.CaseClaimed, event.CaseClaimed}, kinds(h.since(seq)))
		require.Zero(t, h.since(seq)[1].FromPerson, "from nobody")

		require.NoError(t, h.Take(h.as(assignee), h.on(c)))
		require.Nil(t, h.read(c.ID).ClaimedByID, "a move ends the claim")
	})
}

// Who wants a case that is in charge asks; without an answer in time it is theirs.
func TestTheCourteousTakeOver(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		claim := func(name string) error { _, err := h.Claim(h.as(name), c.ID); return err }
		require.NoError(t, claim(operator))
		_, err := h.WantClaim(h.as(operator), c.ID)
		h.refused(casework.Already, err)
		from, err := h.WantClaim(h.as(assignee), c.ID)
		require.NoError(t, err)
		require.True(t, from.Equal(h.now().Add(casework.Courtesy)))
		h.pass(casework.Courtesy - time.Second)
		h.refused(casework.Claimed, claim(assignee))
		again, err := h.WantClaim(h.as(assignee), c.ID)
		require.NoError(t, err)
		require.True(t, again.Equal(from), "to ask again gains and loses nothing")

		h.pass(time.Second)
		h.refused(casework.Claimed, claim(deputy))
		require.NoError(t, claim(assignee))
		require.Equal(t, h.people[assignee], *h.read(c.ID).ClaimedByID)
		events := h.since(seq)
		require.Equal(t, []event.Kind{event.CaseClaimed, event.ClaimWanted, event.CaseClaimed}, kinds(events))
		require.Equal(t, []int{h.people[operator], h.people[assignee]}, []int{events[2].FromPerson, events[2].Person})
		h.pass(casework.Courtesy)
		h.refused(casework.Claimed, claim(operator))
	})
}

func TestTheHolderSaysNo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		_, err := h.Claim(h.as(operator), c.ID)
		require.NoError(t, err)
		_, err = h.WantClaim(h.as(assignee), c.ID)
		require.NoError(t, err)
		h.pass(casework.Courtesy / 2)
		_, err = h.KeepClaim(h.as(operator), c.ID, true)
		require.NoError(t, err)
		h.pass(casework.Courtesy)
		_, err = h.Claim(h.as(assignee), c.ID)
		h.refused(casework.Claimed, err)
		require.Equal(t, []event.Kind{event.CaseClaimed, event.ClaimWanted, event.ClaimKept}, kinds(h.since(seq)))
		require.Equal(t, h.people[assignee], h.since(seq)[2].Person, "who had asked")
	})
}

func TestReleasing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		_, err := h.Claim(h.as(operator), c.ID)
		require.NoError(t, err)
		_, err = h.WantClaim(h.as(assignee), c.ID)
		require.NoError(t, err)
		require.NoError(t, h.Release(h.as(operator), c.ID))
		require.Equal(t, h.people[assignee], *h.read(c.ID).ClaimedByID, "who asked has it")
		require.True(t, h.read(c.ID).ClaimedUntil.Equal(h.now().Add(casework.Lease)))
		require.NoError(t, h.Release(h.as(assignee), c.ID))
		require.Nil(t, h.read(c.ID).ClaimedByID)
		require.Equal(t, []event.Kind{event.CaseClaimed, event.ClaimWanted, event.CaseClaimed, event.CaseReleased}, kinds(h.since(seq)))
		_, err = h.WantClaim(h.as(operator), c.ID)
		h.refused(casework.Already, err)
	})
}
