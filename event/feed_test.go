package event_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/smista/smista/event"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// follow runs a feed on a log until the test ends.
func follow(t *testing.T, log event.Source, bus event.Bus) *event.Feed {
	feed := event.NewFeed(log, bus, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { feed.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return feed
}

// receive reads n events, which must be those right after number seq.
func receive(ctx context.Context, sub *event.Subscription, seq, n int) error {
	for end := seq + n; seq < end; {
		events, err := sub.Next(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if seq++; e.Seq != seq {
				return errors.New("a gap or a repeat")
			}
		}
	}
	return nil
}

func TestASubscriberGetsWhatWasMissedAndThenWhatComes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, bus := asker(t), event.NewMemoryBus()
		log := newLog(t, db, bus)
		require.NoError(t, happen(ctx, log, slices.Repeat([]event.Kind{event.CaseOpened}, 600)...))
		feed := follow(t, log, bus)
		sub, err := feed.Subscribe(ctx, log.Cursor(10))
		require.NoError(t, err)
		require.NoError(t, receive(ctx, sub, 10, 590))
		require.Equal(t, log.Cursor(600), sub.Cursor())
		require.NoError(t, happen(ctx, log, event.CaseOpened, event.CaseRouted))
		require.NoError(t, receive(ctx, sub, 600, 2))
	})
}

func TestWithoutACursorASubscriptionBeginsNow(t *testing.T) {
	ctx, bus := asker(t), event.NewMemoryBus()
	log := newLog(t, storetest.SQLite(t), bus)
	require.NoError(t, happen(ctx, log, event.CaseOpened))
	sub, err := follow(t, log, bus).Subscribe(ctx, event.Cursor{})
	require.NoError(t, err)
	require.NoError(t, happen(ctx, log, event.CaseRouted))
	events, err := sub.Next(ctx)
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.Equal(t, event.CaseRouted, events[0].Kind)
}

func TestASubscriptionFromNowhereIsRefused(t *testing.T) {
	ctx, bus := asker(t), event.NewMemoryBus()
	log := newLog(t, storetest.SQLite(t), bus)
	feed := follow(t, log, bus)
	_, err := feed.Subscribe(ctx, event.Cursor{Epoch: "another"})
	require.ErrorIs(t, err, event.ErrOtherLog)
	_, err = feed.Subscribe(ctx, log.Cursor(1))
	require.ErrorIs(t, err, event.ErrBeyondEnd)
}

func TestAThousandSubscribersEachGetEveryEvent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, bus := asker(t), event.NewMemoryBus()
		log := newLog(t, db, bus)
		feed := follow(t, log, bus)
		sleeper, err := feed.Subscribe(ctx, log.Cursor(0))
		require.NoError(t, err)
		var all errgroup.Group
		for range 1000 {
			sub, err := feed.Subscribe(ctx, log.Cursor(0))
			require.NoError(t, err)
			all.Go(func() error { return receive(ctx, sub, 0, 60) })
		}
		for range 20 {
			require.NoError(t, happen(ctx, log, event.CaseOpened, event.CaseRouted, event.CaseJoined))
		}
		require.NoError(t, all.Wait(), "nobody waits for the one that sleeps")
		require.NoError(t, receive(ctx, sleeper, 0, 60))
	})
}

func TestASubscriberThatFellFarBehindReadsTheLog(t *testing.T) {
	ctx, bus := asker(t), event.NewMemoryBus()
	log := newLog(t, storetest.SQLite(t), bus)
	feed := follow(t, log, bus)
	slow, err := feed.Subscribe(ctx, log.Cursor(0))
	require.NoError(t, err)
	quick, err := feed.Subscribe(ctx, log.Cursor(0))
	require.NoError(t, err)
	for range 10 {
		require.NoError(t, happen(ctx, log, slices.Repeat([]event.Kind{event.CaseOpened}, 500)...))
	}
	require.NoError(t, receive(ctx, quick, 0, 5000))
	require.NoError(t, receive(ctx, slow, 0, 5000))
}

func TestWaitingEndsWithTheReaderOrWithTheFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := event.NewFeed(&model{}, event.NewMemoryBus(), slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		go feed.Run(ctx)
		sub, err := feed.Subscribe(t.Context(), event.Cursor{})
		require.NoError(t, err)
		short, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = sub.Next(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		stop()
		_, err = sub.Next(t.Context())
		require.ErrorIs(t, err, event.ErrStopped)
	})
}

func TestAFeedThatCannotReadTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &model{}
		feed := event.NewFeed(log, event.NewMemoryBus(), slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		sub, err := feed.Subscribe(ctx, event.Cursor{})
		require.NoError(t, err)
		log.set(func(m *model) { m.down = errors.New("the database is away"); m.last = 3 })
		go feed.Run(ctx)
		synctest.Wait()
		log.set(func(m *model) { m.down = nil })
		require.NoError(t, receive(ctx, sub, 0, 3), "found by looking: nobody rang")
	})
}

// model is a log that only counts.
type model struct {
	mu   sync.Mutex
	last int
	down error
}

func (m *model) set(change func(*model)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m)
}

func (m *model) After(_ context.Context, seq, limit int) (events []event.Event, err error) {
	m.set(func(m *model) {
		for n := seq + 1; n <= min(m.last, seq+limit) && m.down == nil; n++ {
			events = append(events, event.Event{Seq: n})
		}
		err = m.down
	})
	return events, err
}

func (m *model) Last(context.Context) (last int, err error) {
	m.set(func(m *model) { last, err = m.last, m.down })
	return last, err
}

func (m *model) Check(context.Context, event.Cursor) error { return nil }
func (m *model) Cursor(seq int) event.Cursor               { return event.Cursor{Epoch: "model", Seq: seq} }

// Whatever the order of commits, rings, lost rings and reads: every subscriber
// gets exactly the numbers after its cursor.
func TestNoGapAndNoRepeatWhateverHappens(t *testing.T) {
	rapid.Check(t, checkFeed)
}

func checkFeed(t *rapid.T) {
	log, bus := &model{last: rapid.IntRange(0, 6000).Draw(t, "history")}, event.NewMemoryBus()
	feed := event.NewFeed(log, bus, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { feed.Run(ctx) })
	defer func() { stop(); running.Wait() }()
	places := map[*event.Subscription]int{}
	t.Repeat(map[string]func(*rapid.T){
		"commit": func(t *rapid.T) {
			n := rapid.OneOf(rapid.IntRange(1, 20), rapid.Just(5000)).Draw(t, "events")
			log.set(func(m *model) { m.last += n })
			if rapid.Bool().Draw(t, "rung") {
				bus.Announce(log.last)
			}
		},
		"subscribe": func(t *rapid.T) {
			seq := rapid.IntRange(0, log.last).Draw(t, "after")
			sub, err := feed.Subscribe(ctx, log.Cursor(seq))
			require.NoError(t, err)
			places[sub] = seq
		},
		"read": func(t *rapid.T) {
			bus.Announce(log.last) // one ring stands for all that were lost
			for sub, seq := range places {
				n := min(log.last-seq, rapid.IntRange(0, 600).Draw(t, "events"))
				require.NoError(t, receive(ctx, sub, seq, n))
				places[sub] = sub.Cursor().Seq
				require.LessOrEqual(t, places[sub], log.last)
			}
		},
	})
}

func TestAFeedOutlivesACrashOfItsDatabase(t *testing.T) {
	server := storetest.PrivateServer(t)
	url, err := server.NewDatabase(t.Context())
	require.NoError(t, err)
	ctx, bus := asker(t), event.NewMemoryBus()
	log := newLog(t, storetest.Open(t, url), bus)
	sub, err := follow(t, log, bus).Subscribe(ctx, log.Cursor(0))
	require.NoError(t, err)
	require.NoError(t, happen(ctx, log, event.CaseOpened))
	require.NoError(t, receive(ctx, sub, 0, 1))
	require.NoError(t, server.Crash())
	require.Error(t, happen(ctx, log, event.CaseOpened))
	require.NoError(t, server.Restart())
	require.NoError(t, happen(ctx, log, event.CaseOpened))
	require.NoError(t, receive(ctx, sub, 1, 1), "what failed left no number")
}
