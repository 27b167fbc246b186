package lease_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/lease"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

const (
	beat     = 20 * time.Millisecond
	patience = 2400 * time.Millisecond // a loaded machine may hold up a holder for some of it
	wait     = 30 * time.Second        // what a loaded machine may take
)

// link is the way of one instance to the database, which can be cut.
type link struct {
	*store.DB
	cut atomic.Bool
}

var errCut = errors.New("the database is not reached")

func (l *link) Tx(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error {
	if l.cut.Load() {
		return errCut
	}
	return l.DB.Tx(ctx, change)
}

// instance holds leases until the test ends or it is stopped.
type instance struct {
	*lease.Leases
	link *link
	stop func()

	mu      sync.Mutex
	working map[string]func() context.Context // work that goes on, with its context
}

func start(t *testing.T, db *store.DB, names ...string) *instance {
	t.Helper()
	i := &instance{link: &link{DB: db}, working: map[string]func() context.Context{}}
	i.Leases = lease.New(lease.Options{Store: i.link, Logger: slog.New(slog.DiscardHandler), Beat: beat, Patience: patience})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		i.Run(ctx, names, func(ctx context.Context, name string) {
			i.set(name, func() context.Context { return ctx })
			<-ctx.Done()
			i.set(name, nil)
		})
	})
	i.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(i.stop)
	return i
}

func (i *instance) set(name string, work func() context.Context) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.working[name] = work
}

// at is the context of the work under a lease; nil when there is none.
func (i *instance) at(name string) context.Context {
	i.mu.Lock()
	defer i.mu.Unlock()
	if work := i.working[name]; work != nil {
		return work()
	}
	return nil
}

func (i *instance) takes(t *testing.T, name string) {
	t.Helper()
	require.Eventually(t, func() bool { return i.at(name) != nil && i.Holds(name) }, wait, beat/4)
}

// check asks whether work may still write.
func check(work context.Context, db *store.DB) error {
	return db.Tx(context.WithoutCancel(guard.NewContext(work, guard.System("test"))), lease.Check)
}

// pass lets time pass.
func pass(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
}

// One instance works; when it ends in good order the next one goes on at once.
func TestOneWorksAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := start(t, db, "x", "y")
		a.takes(t, "x")
		a.takes(t, "y")
		b := start(t, db, "x", "y")
		pass(patience + patience/2)
		require.Nil(t, b.at("x"), "the holder lives")
		require.False(t, b.Holds("y"))
		require.NoError(t, check(a.at("x"), db))
		work := a.at("x")
		a.stop()
		require.ErrorIs(t, context.Cause(work), context.Canceled)
		b.takes(t, "x")
		b.takes(t, "y")
		require.ErrorIs(t, check(work, db), lease.ErrLost)
	})
}

// An instance that no longer reaches the database stops by itself before another
// one begins, and what it still wants to write is refused.
func TestWhoIsCutOffStopsBeforeAnotherBegins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := start(t, db, "x")
		a.takes(t, "x")
		b := start(t, db, "x")
		work := a.at("x")
		a.link.cut.Store(true)
		select {
		case <-work.Done():
		case <-time.After(wait):
			t.Fatal("it goes on without a lease")
		}
		require.ErrorIs(t, context.Cause(work), lease.ErrLost)
		require.Nil(t, b.at("x"), "nobody else has begun yet")
		b.takes(t, "x")
		require.ErrorIs(t, check(work, db), lease.ErrLost)
		a.link.cut.Store(false)
		pass(patience)
		require.Nil(t, a.at("x"))
		b.stop()
		a.takes(t, "x")
	})
}

// A short trouble costs the work nothing but its context: its own instance takes
// it up again, under a higher fence.
func TestAfterATroubleTheSameInstanceGoesOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := start(t, db, "x")
		a.takes(t, "x")
		work := a.at("x")
		a.link.cut.Store(true)
		<-work.Done()
		a.link.cut.Store(false)
		a.takes(t, "x")
		require.ErrorIs(t, check(work, db), lease.ErrLost)
		require.NoError(t, check(a.at("x"), db))
	})
}

// Whatever happens to a crowd of instances, no two may write under one lease.
func TestNeverTwoAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		luck := rand.New(rand.NewPCG(storetest.Seed(t), 1))
		var crowd []*instance
		for range 4 {
			crowd = append(crowd, start(t, db, "x", "y", "z"))
		}
		for range 12 {
			i := crowd[luck.IntN(len(crowd))]
			i.link.cut.Store(luck.IntN(2) == 0)
			pass(time.Duration(luck.IntN(int(patience) / 2)))
			for _, name := range []string{"x", "y", "z"} {
				may := 0
				for _, i := range crowd {
					if work := i.at(name); work != nil && check(work, db) == nil {
						may++
					}
				}
				require.LessOrEqual(t, may, 1, name)
			}
		}
		for _, i := range crowd {
			i.link.cut.Store(false)
		}
		for _, name := range []string{"x", "y", "z"} {
			require.Eventually(t, func() bool {
				for _, i := range crowd {
					if work := i.at(name); work != nil && i.Holds(name) && check(work, db) == nil {
						return true
					}
				}
				return false
			}, wait, beat, "%s is worked on again", name)
		}
	})
}

// Work that belongs to no lease is nobody's to refuse.
func TestWithoutALease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { require.NoError(t, check(t.Context(), db)) })
}
