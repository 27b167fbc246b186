package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/event"
	"github.com/smista/smista/event/redisbus"
	"github.com/smista/smista/event/redisbus/redistest"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store/storetest"
)

// BenchmarkAcross is how long an event takes from its commit on one instance to a
// socket on the same, and to one on another that hears of it over Redis. Both are
// in this process, each with connections of its own to one PostgreSQL and one Redis.
func BenchmarkAcross(b *testing.B) {
	for b.Loop() {
		here, there := across(b)
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "commit to a socket\tp50\tp99\t")
		fmt.Fprintf(table, "of the same instance\t%v\t%v\t\n", percentile(here, 50), percentile(here, 99))
		fmt.Fprintf(table, "of another, over Redis\t%v\t%v\t\n", percentile(there, 50), percentile(there, 99))
		require.NoError(b, table.Flush())
		b.ReportMetric(float64(percentile(there, 99)-percentile(here, 99))/float64(time.Millisecond), "ms-more-at-p99")
		b.ReportMetric(0, "ns/op")
	}
}

func across(b *testing.B) (here, there []time.Duration) {
	ctx, cancel := context.WithCancel(guard.NewContext(b.Context(), guard.System("bench")))
	database, redis := storetest.PostgresURL(b), redistest.Start(b)
	var running sync.WaitGroup
	defer func() {
		cancel()
		running.Wait()
	}()
	open := func(o *office) {
		bus, err := redisbus.Open(redis.URL(), "smista", slog.New(slog.DiscardHandler))
		require.NoError(b, err)
		running.Go(func() { bus.Run(ctx) })
		used := event.Bus(bus)
		if o.bell.Bus == nil { // it is the one that commits
			o.bell.Bus, used = bus, o.bell
		}
		db, err := o.open(ctx, database, used)
		require.NoError(b, err)
		running.Go(func() { o.feed.Run(ctx) })
		b.Cleanup(func() {
			o.http.Close()
			require.NoError(b, bus.Close())
			require.NoError(b, db.Close())
		})
	}
	first := &office{bell: &bell{}}
	open(first)
	second := &office{bell: first.bell, token: first.token, begin: first.begin}
	open(second)

	seen := make(chan struct{}, 2)
	failed := make(chan error, 2)
	for o, took := range map[*office]*[]time.Duration{first: &here, second: &there} {
		conn, err := o.connect(ctx)
		require.NoError(b, err)
		defer conn.Close()
		running.Go(func() { tell(failed, func() error { return o.read(conn, took, seen) }) })
	}
	for range events {
		require.NoError(b, first.happen(ctx))
		for range 2 {
			select {
			case <-seen:
			case err := <-failed:
				require.NoError(b, err, "a subscriber left early")
			}
		}
	}
	return here, there
}
