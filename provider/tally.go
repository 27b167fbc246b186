package provider

import (
	"context"
	"sync"
)

// tally counts goroutines: servers, which live as long as the provider, and
// work, which can be waited for. After close none starts.
type tally struct {
	mu      sync.Mutex
	open    bool
	all     sync.WaitGroup
	running int
	idle    chan struct{} // closed when running is 0
}

func newTally() *tally {
	t := &tally{open: true, idle: make(chan struct{})}
	close(t.idle)
	return t
}

// serve runs f outside of the count that wait looks at.
func (t *tally) serve(f func()) { t.run(f, 0) }

// start runs f as work.
func (t *tally) start(f func()) { t.run(f, 1) }

func (t *tally) run(f func(), n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.open {
		return
	}
	if t.running == 0 && n > 0 {
		t.idle = make(chan struct{})
	}
	t.running += n
	t.all.Go(func() {
		defer t.done(n)
		f()
	})
}

func (t *tally) done(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running -= n; t.running == 0 && n > 0 {
		close(t.idle)
	}
}

// wait returns when no work runs.
func (t *tally) wait(ctx context.Context) error {
	t.mu.Lock()
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *tally) close() {
	t.mu.Lock()
	t.open = false
	t.mu.Unlock()
	t.all.Wait()
}
