package casework_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/store/storetest"
)

// Of 500 commands each has its own outcome, in their order; one that fails stops
// no other.
func TestManyCasesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		var on []casework.On
		want := map[int]casework.Code{}
		h.write(func(ctx context.Context, tx *ent.Tx) {
			on = nil
			for i := range casework.MostInBulk {
				o := casework.On{Case: 9999, Version: 1}
				switch i % 50 {
				case 1:
					want[i] = casework.NotFound
				case 2:
					o, want[i] = casework.On{Case: h.put(ctx, tx, at(edilizia)).ID, Version: 1}, casework.NotFound
				case 3:
					o, want[i] = casework.On{Case: h.put(ctx, tx, at(tributi)).ID, Version: 4}, casework.Stale
				case 4:
					o, want[i] = casework.On{Case: h.put(ctx, tx, place{casefile.StatusClosed, tributi, ""}).ID, Version: 1}, casework.Illegal
				default:
					o = casework.On{Case: h.put(ctx, tx, at(tributi)).ID, Version: 1}
				}
				on = append(on, o)
			}
		})
		ctx := h.as(head)
		seq := h.last()
		outcomes, err := h.Bulk(ctx, on, func(ctx context.Context, o casework.On) error { return h.Close(ctx, o, casefile.OutcomeSpam, "") })
		require.NoError(t, err)
		require.Len(t, outcomes, casework.MostInBulk)
		for i, err := range outcomes {
			if code, not := want[i]; not {
				h.refused(code, err)
			} else {
				require.NoError(t, err)
			}
		}
		require.Len(t, h.since(seq), casework.MostInBulk-len(want))
		require.Equal(t, h.recount(), h.tallies())
	})
}

func TestOneTooMany(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	_, err := h.Bulk(h.as(head), make([]casework.On, casework.MostInBulk+1), func(context.Context, casework.On) error {
		t.Error("nothing is tried")
		return nil
	})
	h.refused(casework.Invalid, err)
}

// What was not tried says so, and may be tried again.
func TestABulkThatIsBrokenOff(t *testing.T) {
	h := newHall(t, storetest.SQLite(t))
	ctx, stop := context.WithCancel(h.as(head))
	tried := 0
	outcomes, err := h.Bulk(ctx, make([]casework.On, 5), func(context.Context, casework.On) error {
		if tried++; tried == 2 {
			stop()
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 2, tried)
	require.Equal(t, []error{nil, nil}, outcomes[:2])
	for _, err := range outcomes[2:] {
		h.refused(casework.Unavailable, err)
	}
}
