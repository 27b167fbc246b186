package event_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// asker is a context of somebody who may ask.
func asker(t *testing.T) context.Context {
	return guard.NewContext(t.Context(), guard.System("test"))
}

func newLog(t *testing.T, db *store.DB, bus event.Bus) *event.Log {
	log, err := event.NewLog(t.Context(), db, bus)
	require.NoError(t, err)
	return log
}

// happen writes events of the given kinds, in one transaction.
func happen(ctx context.Context, log *event.Log, kinds ...event.Kind) error {
	return log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
		entries := make([]event.Entry, len(kinds))
		for i, k := range kinds {
			entries[i].Kind = k
		}
		return entries, nil
	})
}

func TestAnEventIsReadAsItWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, log := asker(t), newLog(t, db, event.NewMemoryBus())
		entry := event.Entry{
			Kind: event.CaseRouted, Case: 3, Message: 4, Mailbox: 5, Office: 6,
			Details: event.Details{Reason: "il mittente è un comune", Count: 2},
		}
		require.NoError(t, log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
			return []event.Entry{entry}, nil
		}))
		got, err := log.After(ctx, 0, 10)
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, entry, got[0].Entry)
		require.Equal(t, 1, got[0].Seq)
		require.Equal(t, "system:test", got[0].Actor)
	})
}

func TestWhatFailsLeavesNeitherChangeNorEventNorHole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, log := asker(t), newLog(t, db, event.NewMemoryBus())
		broken := errors.New("broken")
		err := log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			require.NoError(t, tx.Office.Create().SetCode("x").SetName("X").Exec(ctx))
			return []event.Entry{{Kind: event.CaseOpened}}, broken
		})
		require.ErrorIs(t, err, broken)
		require.Zero(t, db.Client().Office.Query().CountX(ctx))
		require.NoError(t, happen(ctx, log, event.CaseOpened, event.CaseRouted))
		events, err := log.After(ctx, 0, 10)
		require.NoError(t, err)
		require.Len(t, events, 2)
		require.Equal(t, 2, events[1].Seq)
	})
}
