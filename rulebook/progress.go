package rulebook

import (
	"context"
	"sync"

	"github.com/smista/smista/guard"
)

// trials are those under way in this instance, and how far each has come.
type trials struct {
	mu     sync.Mutex
	looked map[trialKey]int
}

// trialKey names a trial by who makes it and what he calls it.
type trialKey struct {
	person int
	key    string
}

// Progress tells how many cases a trial of the viewer's has looked at so far; false
// when none is under way here under this key. It tells no more than the trial will.
func (b *Rulebook) Progress(ctx context.Context, key string) (looked int, runs bool) {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	b.running.mu.Lock()
	defer b.running.mu.Unlock()
	looked, runs = b.running.looked[trialKey{p.ID, key}]
	return looked, runs
}

// begin keeps what is told of a trial until it is done; nothing of one without a key.
func (t *trials) begin(ctx context.Context, key string) (tell func(looked int), done func()) {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	if key == "" {
		return func(int) {}, func() {}
	}
	this := trialKey{p.ID, key}
	tell = func(looked int) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.looked[this] = looked
	}
	tell(0)
	return tell, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.looked, this)
	}
}
