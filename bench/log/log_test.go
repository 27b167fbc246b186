// Package log_test measures what the order of the event log costs: commits a
// second with several writers, as a ratio to the same transactions without
// events, and the time from a commit to a subscriber of the same process.
package log_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// each runs a benchmark on both databases, as durable as in service.
func each(b *testing.B, run func(b *testing.B, db *store.DB)) {
	b.Run("sqlite", func(b *testing.B) { run(b, storetest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) {
		server := storetest.PrivateServer(b, "fsync=on", "full_page_writes=on")
		url, err := server.NewDatabase(b.Context())
		require.NoError(b, err)
		run(b, storetest.Open(b, url))
	})
}

func asker(b *testing.B) context.Context {
	return guard.NewContext(b.Context(), guard.System("bench"))
}

// desk makes changes that tell their number apart.
type desk struct {
	db   *store.DB
	log  *event.Log
	made atomic.Int64
}

func newDesk(b *testing.B, db *store.DB, bus event.Bus) *desk {
	log, err := event.NewLog(b.Context(), db, bus)
	require.NoError(b, err)
	return &desk{db: db, log: log}
}

func (d *desk) change(ctx context.Context, tx *ent.Tx) error {
	name := fmt.Sprint(d.made.Add(1))
	return tx.Office.Create().SetCode(name).SetName(name).Exec(ctx)
}

// silent commits a change without an event: the floor.
func (d *desk) silent(ctx context.Context) error { return d.db.Tx(ctx, d.change) }

// told commits a change with an event.
func (d *desk) told(ctx context.Context) error {
	return d.log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		return []event.Entry{{Kind: event.CaseOpened, Case: 1, Message: 1}}, d.change(ctx, tx)
	})
}

// commit shares n commits among some writers and tells how long they took.
func commit(b *testing.B, writers, n int, write func(context.Context) error) time.Duration {
	ctx := asker(b)
	var left atomic.Int64
	left.Store(int64(n))
	var all errgroup.Group
	start := time.Now()
	for range writers {
		all.Go(func() error {
			for left.Add(-1) >= 0 {
				if err := write(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(b, all.Wait())
	return time.Since(start)
}

func BenchmarkCommits(b *testing.B) {
	each(b, func(b *testing.B, db *store.DB) {
		d := newDesk(b, db, event.NewMemoryBus())
		for _, writers := range []int{1, 4, 16} {
			b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
				floor := commit(b, writers, b.N, d.silent)
				b.ResetTimer()
				took := commit(b, writers, b.N, d.told)
				b.ReportMetric(float64(b.N)/took.Seconds(), "commits/s")
				b.ReportMetric(took.Seconds()/floor.Seconds(), "x-without-event")
			})
		}
	})
}

// stamped notes when the bell is rung: right after the commit.
type stamped struct {
	*event.MemoryBus
	at chan time.Time
}

func (s stamped) Announce(seq int) {
	s.at <- time.Now()
	s.MemoryBus.Announce(seq)
}

func BenchmarkCommitToSubscriber(b *testing.B) {
	each(b, func(b *testing.B, db *store.DB) {
		ctx, bus := asker(b), stamped{event.NewMemoryBus(), make(chan time.Time, 1)}
		d := newDesk(b, db, bus)
		feed := event.NewFeed(d.log, bus, slog.New(slog.DiscardHandler))
		running, stop := context.WithCancel(ctx)
		defer stop()
		go feed.Run(running)
		sub, err := feed.Subscribe(ctx, event.Cursor{})
		require.NoError(b, err)
		var took []time.Duration
		for b.Loop() {
			require.NoError(b, d.told(ctx))
			_, err := sub.Next(ctx)
			require.NoError(b, err)
			took = append(took, time.Since(<-bus.at))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	})
}
