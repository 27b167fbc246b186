package mailbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Fleet runs a Collector for each of many accounts.
type Fleet struct{ collectors []*Collector }

// NewFleet prepares the collectors. An account that is configured wrongly is an error for all.
func NewFleet(accounts []Account, l Ledger, d Deliver, o Options) (*Fleet, error) {
	f := &Fleet{}
	for _, a := range accounts {
		c, err := New(a, l, d, o)
		if err != nil {
			return nil, err
		}
		f.collectors = append(f.collectors, c)
	}
	return f, nil
}

// startSpread is the time over which the accounts begin, per account.
const startSpread = 20 * time.Millisecond

// Run collects for all accounts until ctx ends, and returns its cause when all
// have stopped.
func (f *Fleet) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	spread := time.Duration(len(f.collectors)) * startSpread
	for i, c := range f.collectors {
		wg.Go(func() {
			if i > 0 && sleep(ctx, rand.N(spread)) != nil {
				return
			}
			_ = c.Run(ctx) // the cause of ctx, which is returned below
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// Collect collects for one account until ctx ends, and returns its cause.
func (f *Fleet) Collect(ctx context.Context, address string) error {
	for _, c := range f.collectors {
		if c.acc.Address == address {
			if err := sleep(ctx, rand.N(time.Duration(len(f.collectors))*startSpread)); err != nil {
				return err
			}
			return c.Run(ctx)
		}
	}
	return fmt.Errorf("collect %s: no account has this address", address)
}

// Health gives a snapshot of every account, in the order they were given.
func (f *Fleet) Health() []Health {
	l := make([]Health, len(f.collectors))
	for i, c := range f.collectors {
		l[i] = c.Health()
	}
	return l
}
