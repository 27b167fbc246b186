package casework_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/event"
)

// subject is a case in a situation, ready for a command.
type subject struct {
	id, other, inquiry int // other: the case that it is, or would be, merged into
}

// command carries out a command with what it asks for.
func (h *hall) command(ctx context.Context, cmd casework.Command, sub subject, on, other casework.On) error {
	const why = "per prova"
	switch cmd {
	case casework.Sort:
		return h.Sort(ctx, on, casework.SortTo{Office: h.offices[edilizia]})
	case casework.TakeBack:
		return h.TakeBack(ctx, on, why)
	case casework.Return:
		return h.Return(ctx, on, why)
	case casework.Assign:
		return h.Assign(ctx, on, h.people[operator], why)
	case casework.Unassign:
		return h.Unassign(ctx, on, why)
	case casework.Take:
		return h.Take(ctx, on)
	case casework.Note:
		return h.AddNote(ctx, on.Case, why)
	case casework.Close:
		return h.Close(ctx, on, casefile.OutcomeNoAnswerNeeded, why)
	case casework.Reopen:
		return h.Reopen(ctx, on, why)
	case casework.Prioritise:
		return h.SetPriority(ctx, on, casefile.PriorityHigh)
	case casework.Inform:
		return h.Inform(ctx, on, []int{h.offices[anagrafe]})
	case casework.Reserve:
		return h.Reserve(ctx, on, nil)
	case casework.Unreserve:
		return h.Unreserve(ctx, on)
	case casework.Merge:
		return h.Merge(ctx, on, other, why)
	case casework.Unmerge:
		return h.Unmerge(ctx, on)
	case casework.Follow:
		return h.Follow(ctx, on.Case)
	case casework.Unfollow:
		return h.Unfollow(ctx, on.Case)
	case casework.Claim:
		_, err := h.Claim(ctx, on.Case)
		return err
	case casework.Release:
		return h.Release(ctx, on.Case)
	case casework.Look:
		return h.Look(ctx, on.Case)
	case casework.LookAway:
		return h.LookAway(ctx, on.Case)
	case casework.BreakGlass:
		return h.BreakGlass(ctx, on.Case, why)
	case casework.Remind:
		return h.Remind(ctx, on.Case, why)
	case casework.Ask:
		return h.AskClarification(ctx, on.Case, why)
	case casework.Answer:
		return h.AnswerInquiry(ctx, sub.inquiry, why)
	case casework.Write, casework.Send, casework.Approve: // package reply does what there is to do
		return h.Act(ctx, cmd, on, func(context.Context, *casework.Act) ([]event.Entry, error) { return nil, nil })
	}
	panic("no such command: " + cmd)
}

// picture is all that a command could have changed.
type picture struct {
	one, other *ent.CaseFile
	last       int
	tallies    map[cell]int
}

func (h *hall) picture(sub subject) picture {
	return picture{h.read(sub.id), h.read(sub.other), h.last(), h.tallies()}
}

// same checks that nothing has changed between two pictures.
func (h *hall) same(a, b picture, say string) {
	h.t.Helper()
	require.Equal(h.t, []string{a.one.String(), a.other.String()}, []string{b.one.String(), b.other.String()}, say)
	require.Equal(h.t, a.last, b.last, say)
	require.Equal(h.t, a.tallies, b.tallies, say)
}
