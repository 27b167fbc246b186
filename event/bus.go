package event

import "sync"

// Bus is the bell between the instances: it says that the log grew, and may
// miss a ring. Announce never blocks.
type Bus interface {
	// Announce says that the event numbered seq was committed.
	Announce(seq int)
	// Listen returns a channel that gets a value after announcements, one for
	// several of them if nobody looks, and a function that ends it.
	Listen() (wake <-chan struct{}, stop func())
}

// MemoryBus is the bell of a single instance.
type MemoryBus struct {
	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
}

// NewMemoryBus returns a bell that nobody listens to yet.
func NewMemoryBus() *MemoryBus {
	return &MemoryBus{listeners: map[chan struct{}]struct{}{}}
}

// Announce implements Bus.
func (b *MemoryBus) Announce(int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.listeners {
		select {
		case c <- struct{}{}:
		default: // it has a ring to answer already
		}
	}
}

// Listen implements Bus.
func (b *MemoryBus) Listen() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners[c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners, c)
	}
}
