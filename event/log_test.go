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

func TestNobodyWritesToTheLogUnnamed(t *testing.T) {
	db := storetest.SQLite(t)
	log := newLog(t, db, event.NewMemoryBus())
	require.ErrorIs(t, happen(t.Context(), log, event.CaseOpened), guard.ErrNoViewer)
}

func TestOnlyTheLogWritesEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, log := asker(t), newLog(t, db, event.NewMemoryBus())
		require.NoError(t, happen(ctx, log, event.CaseOpened))
		try := func(change func(tx *ent.Tx) error) error {
			return db.Tx(ctx, func(_ context.Context, tx *ent.Tx) error { return change(tx) })
		}
		for name, change := range map[string]func(*ent.Tx) error{
			"write":    func(tx *ent.Tx) error { return tx.Event.Create().SetID(2).Exec(ctx) },
			"delete":   func(tx *ent.Tx) error { return tx.Event.DeleteOneID(1).Exec(ctx) },
			"change":   func(tx *ent.Tx) error { return tx.Event.UpdateOneID(1).Exec(ctx) },
			"renumber": func(tx *ent.Tx) error { return tx.LogHead.UpdateOneID(1).SetLast(0).Exec(ctx) },
			"delete all": func(tx *ent.Tx) error {
				_, err := tx.Event.Delete().Exec(guard.NewContext(ctx, guard.EventLog()))
				return err
			},
		} {
			require.ErrorIs(t, try(change), guard.ErrForbidden, name)
		}
		require.Equal(t, 1, db.Client().Event.Query().CountX(ctx))
	})
}

func TestALogKeepsItsNameWhenOpenedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, again := newLog(t, db, event.NewMemoryBus()), newLog(t, db, event.NewMemoryBus())
		require.NotEmpty(t, first.Epoch())
		require.Equal(t, first.Epoch(), again.Epoch())
		require.NoError(t, happen(asker(t), first, event.CaseOpened))
		require.NoError(t, again.Check(asker(t), first.Cursor(1)))
	})
}

func TestACursorOfElsewhereIsRefused(t *testing.T) {
	ctx := asker(t)
	log := newLog(t, storetest.SQLite(t), event.NewMemoryBus())
	other := newLog(t, storetest.SQLite(t), event.NewMemoryBus())
	require.NoError(t, log.Check(ctx, log.Cursor(0)))
	require.ErrorIs(t, log.Check(ctx, other.Cursor(0)), event.ErrOtherLog)
	require.ErrorIs(t, log.Check(ctx, log.Cursor(1)), event.ErrBeyondEnd)
}
