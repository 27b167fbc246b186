package casework_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/note"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// Who follows a case is told what others do to it, and not what he did.
func TestFollowersAreToldNeverTheAuthor(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(at(tributi))
		for _, name := range []string{sorter, operator, head} {
			require.NoError(t, h.Follow(h.as(name), c.ID))
			h.refused(casework.Already, h.Follow(h.as(name), c.ID))
		}
		require.Equal(t, 1, h.read(c.ID).Version, "to follow changes nothing")

		require.NoError(t, h.SetPriority(h.as(sorter), h.on(c), casefile.PriorityHigh))
		h.pass(time.Minute)
		require.NoError(t, h.AddNote(h.as(operator), c.ID, "sentito il contribuente"))
		require.NoError(t, h.Unfollow(h.as(sorter), c.ID))
		h.refused(casework.Already, h.Unfollow(h.as(sorter), c.ID))
		h.pass(time.Minute)
		require.NoError(t, h.Close(h.as(head), h.on(c), casefile.OutcomeOther, ""))

		for name, heard := range map[string]int{sorter: 1, operator: 2, head: 2, assignee: 0} {
			require.Len(t, h.heard(name, c.ID), heard, name)
		}
		for _, text := range h.texts(operator, c.ID) {
			require.Empty(t, text, "what was written is for those who read the case")
		}
	})
}

// Who follows a case and no longer sees it hears nothing more of it.
func TestFollowersWhoNoLongerSeeItAreNotTold(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(at(tributi))
		require.NoError(t, h.Follow(h.as(operator), c.ID))
		require.NoError(t, h.Return(h.as(head), h.on(c), "non ci compete"))
		require.NoError(t, h.Sort(h.as(sorter), casework.On{Case: c.ID, Version: h.read(c.ID).Version}, casework.SortTo{Office: h.offices[edilizia]}))
		require.Empty(t, h.heard(operator, c.ID))
	})
}

func TestWhoMutedSomethingIsNotToldOfIt(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(at(tributi))
		require.NoError(t, h.Follow(h.as(operator), c.ID))
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.User.Update().Where(user.ID(h.people[operator])).SetPreferences(json.RawMessage(`{"muted":["followed"]}`)).ExecX(ctx)
		})
		require.NoError(t, h.Assign(h.as(head), h.on(c), h.people[operator], ""))
		require.Equal(t, []notify.Kind{notify.Assigned}, h.heard(operator, c.ID))
	})
}

// A note is content: who only sees the case reads none, and the register has none.
func TestNotesAreForThoseWhoRead(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(with(tributi, assignee))
		require.NoError(t, h.Inform(h.as(head), h.on(c), []int{h.offices[ragione]}))
		seq := h.last()
		for name, code := range map[string]casework.Code{sorter: casework.Forbidden, auditor: casework.Forbidden, outsider: casework.NotFound, informed: casework.Forbidden} {
			h.refused(code, h.AddNote(h.as(name), c.ID, "una nota"))
		}
		h.refused(casework.Invalid, h.AddNote(h.as(operator), c.ID, " \x00\u202e \n"))
		require.NoError(t, h.AddNote(h.as(operator), c.ID, " il \u202econtribuente\x07 ha\npagato "))

		events := h.since(seq)
		require.Equal(t, []event.Kind{event.CaseNoted}, kinds(events))
		require.Empty(t, events[0].Details.Reason)
		for name, notes := range map[string]int{assignee: 1, head: 1, informed: 1, sorter: 0, auditor: 0, outsider: 0} {
			rows, err := h.db.Client().Note.Query().Where(note.CaseID(c.ID)).All(h.as(name))
			require.NoError(t, err)
			require.Len(t, rows, notes, name)
			for _, n := range rows {
				require.Equal(t, "il contribuente ha\npagato", n.Text)
				require.Equal(t, events[0].Details.Of, n.ID)
			}
		}
		require.Equal(t, 2, h.read(c.ID).Version, "a note is beside the case")
	})
}

func TestInformingOthers(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		require.NoError(t, h.Inform(h.as(head), h.on(c), []int{h.offices[ragione], h.offices[edilizia]}))
		require.True(t, h.reads(informed, c.ID) && h.reads(outsider, c.ID))
		h.refused(casework.Forbidden, h.Take(h.as(outsider), h.on(c)))
		require.NoError(t, h.Inform(h.as(head), h.on(c), []int{h.offices[edilizia]}))
		require.False(t, h.reads(informed, c.ID))
		require.True(t, h.reads(outsider, c.ID))
		require.Equal(t, [][]int{{h.offices[edilizia], h.offices[ragione]}, {h.offices[edilizia]}}, [][]int{h.since(seq)[0].Details.Offices, h.since(seq)[1].Details.Offices})
		require.Equal(t, "informOfficeIds", h.refused(casework.Invalid, h.Inform(h.as(head), h.on(c), []int{h.offices[tributi]})).Path)
		require.True(t, h.reads(outsider, c.ID), "and all stays as it was")
	})
}
