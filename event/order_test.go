package event_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/event"
	eventlog "github.com/smista/smista/event"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// errGivenUp is what a writer returns that changes its mind.
var errGivenUp = errors.New("given up")

// write commits one to three events after a change of its own, or gives up
// after having made it.
func write(ctx context.Context, log *eventlog.Log, name string, luck *rand.Rand) (int, error) {
	n, giveUp := 1+luck.IntN(3), luck.IntN(4) == 0
	err := log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]eventlog.Entry, error) {
		if err := tx.Office.Create().SetCode(name).SetName(name).Exec(ctx); err != nil {
			return nil, err
		}
		if giveUp {
			return nil, errGivenUp
		}
		return slices.Repeat([]eventlog.Entry{{Kind: eventlog.CaseOpened}}, n), nil
	})
	if errors.Is(err, errGivenUp) {
		return 0, nil
	}
	return n, err
}

// watch reads the numbers of the whole log again and again until told to end.
// Each time they are 1, 2, 3 … n: nothing appears before what was seen.
func watch(ctx context.Context, db *store.DB, end <-chan struct{}) error {
	for seen := 0; ; {
		ids, err := db.Client().Event.Query().Order(event.ByID()).IDs(ctx)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if id != i+1 {
				return fmt.Errorf("after event %d stands %d", i, id)
			}
		}
		if len(ids) < seen {
			return fmt.Errorf("there were %d events, now %d", seen, len(ids))
		}
		seen = len(ids)
		select {
		case <-end:
			return nil
		default:
		}
	}
}

func TestNumbersAreTheOrderOfCommitsWithoutHoles(t *testing.T) {
	const writers, each = 8, 20
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, log := asker(t), newLog(t, db, eventlog.NewMemoryBus())
		end := make(chan struct{})
		var readers, writing errgroup.Group
		for range 3 {
			readers.Go(func() error { return watch(ctx, db, end) })
		}
		var mu sync.Mutex
		committed := 0
		for w := range writers {
			writing.Go(func() error {
				luck := rand.New(rand.NewPCG(seed, uint64(w)))
				for i := range each {
					n, err := write(ctx, log, fmt.Sprintf("%d-%d", w, i), luck)
					if err != nil {
						return err
					}
					mu.Lock()
					committed += n
					mu.Unlock()
				}
				return nil
			})
		}
		require.NoError(t, writing.Wait())
		close(end)
		require.NoError(t, readers.Wait())
		last, err := log.Last(ctx)
		require.NoError(t, err)
		require.Equal(t, committed, last)
	})
}

// A sequence of the database would have given the long transaction its number
// when it began, and readers would have passed it by.
func TestALongTransactionIsNumberedWhenItCommits(t *testing.T) {
	db := storetest.Postgres(t) // SQLite has one writer: nobody overtakes it
	ctx, log := asker(t), newLog(t, db, eventlog.NewMemoryBus())
	begun, goOn := make(chan struct{}), make(chan struct{})
	var long errgroup.Group
	long.Go(func() error {
		return log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]eventlog.Entry, error) {
			err := tx.Office.Create().SetCode("long").SetName("Long").Exec(ctx)
			close(begun)
			<-goOn
			return []eventlog.Entry{{Kind: eventlog.CaseJoined}}, err
		})
	})
	<-begun
	for range 10 {
		require.NoError(t, happen(ctx, log, eventlog.CaseOpened))
	}
	overtaken, err := log.After(ctx, 0, 100)
	require.NoError(t, err)
	require.Len(t, overtaken, 10)
	close(goOn)
	require.NoError(t, long.Wait())
	later, err := log.After(ctx, 10, 100)
	require.NoError(t, err)
	require.Len(t, later, 1)
	require.Equal(t, eventlog.CaseJoined, later[0].Kind)
}
