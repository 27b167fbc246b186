package desk

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// Who sorts, and asked for it, is told that a PEC waits at the desk: not of one that
// found its office, nor of a copy, and never by letter.
func TestTheDeskIsToldOfWhatItHasToSort(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		person := func(name string, sorts, asked bool) (id int) {
			require.NoError(t, o.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
				id = tx.User.Create().SetEmail(name + "@comune.example").SetName(name).SetSorter(sorts).SetCreatedAt(time.Now()).SaveX(ctx).ID
				if asked {
					tx.PushSubscription.Create().SetUserID(id).SetEndpoint("https://example.com/" + name).SetP256dh("x").SetAuth("x").SetLabel("x").SetCreatedAt(time.Now()).SaveX(ctx)
				}
				return nil, nil
			}))
			return id
		}
		told := person("ada", true, true)
		person("bruno", true, false)
		person("carla", false, true)
		away := person("dario", true, true)
		require.NoError(t, o.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			return nil, tx.Absence.Create().SetUserID(away).SetDelegateID(told).SetFrom(time.Now().Add(-time.Hour)).SetUntil(time.Now().Add(time.Hour)).SetCreatedAt(time.Now()).Exec(ctx)
		}))

		fattura := istanza
		fattura.subject = "Fattura 12"
		o.inbox(o.pec(fattura, "id0@gestore.example"))
		require.Zero(t, o.Client.Notice.Query().CountX(o.ctx), "it went to its office")
		raw := o.pec(istanza, "id1@gestore.example")
		m := o.inbox(raw)
		o.collect(protocollo, "INBOX", raw)
		n := o.Client.Notice.Query().OnlyX(o.ctx)
		require.Equal(t, told, n.UserID)
		require.Equal(t, *m.CaseID, *n.CaseID)
		require.Equal(t, string(notify.ToSort), n.Kind)
		require.Equal(t, notice.StateNone, n.State)
		require.Equal(t, notice.PushWaiting, n.Push)
	})
}
