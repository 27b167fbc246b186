// Package lease lets one instance at a time do what only one may, for instance
// collect a mailbox, and lets another go on within seconds when that one dies.
//
//   - A lease is a row. Its holder counts a number up while it lives; who sees
//     the number stand still, by his own clock, for longer than Patience takes the
//     lease over. No clock is compared with another.
//   - Each taking over raises the fence. A holder that slept through its lease is
//     told no when it asks, in the transaction in which it would write (Check).
//   - A holder that could not count for a third of Patience stops by itself.
package lease

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/lease"
	"github.com/smista/smista/guard"
)

const (
	// Beat is how often a holder says that it lives, and others look.
	Beat = time.Second
	// Patience is how long a lease stands still before others take it.
	Patience = 9 * time.Second
)

// ErrLost says that another instance holds the lease by now: what was under way
// there must not be finished here.
var ErrLost = errors.New("another instance has taken this over: it goes on there")

// Store is what leases need of the database.
type Store interface {
	Client() *ent.Client
	Tx(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error
}

// Options are what Leases need.
type Options struct {
	Store          Store
	Logger         *slog.Logger
	Beat, Patience time.Duration // zero: as above
}

// Leases are those of one instance.
type Leases struct {
	Options
	self string // names this instance

	mu     sync.Mutex
	held   map[string]*holding
	ending map[string]*holding // lost, with work that has not ended yet
}

// holding is a lease that this instance holds, and the work under it.
type holding struct {
	fence int
	stop  context.CancelCauseFunc
	done  chan struct{}
}

// sight is a lease as somebody else holds it, and since when it stands still.
type sight struct {
	fence, beat int
	since       time.Time
}

// New makes the leases of an instance.
func New(o Options) *Leases {
	if o.Beat == 0 {
		o.Beat = Beat
	}
	if o.Patience == 0 {
		o.Patience = Patience
	}
	return &Leases{Options: o, self: rand.Text(), held: map[string]*holding{}, ending: map[string]*holding{}}
}

// Run does, for each name, work as long as this instance holds the lease of that
// name, until ctx ends. The context of work ends with the lease; work must end
// then. At the end the leases are given back, for others to take at once.
func (l *Leases) Run(ctx context.Context, names []string, work func(ctx context.Context, name string)) {
	acting := guard.NewContext(ctx, guard.System("leases"))
	others := map[string]sight{}
	last := time.Now() // when our own were last counted up
	tick := time.NewTicker(l.Beat)
	defer tick.Stop()
	for failing := false; ; {
		err := l.turn(acting, names, others, &last, func(name string, fence int) { l.start(ctx, name, fence, work) })
		if ctx.Err() == nil && failing != (err != nil) {
			failing = l.tell(err)
		}
		if time.Since(last) > l.Patience/3 {
			l.drop(ErrLost, func(string, *holding) bool { return true })
		}
		select {
		case <-ctx.Done():
			l.release(acting)
			return
		case <-tick.C:
		}
	}
}

// turn says that we live and takes what may be taken. The database has to answer
// soon: a lease must not run out while it is asked.
func (l *Leases) turn(ctx context.Context, names []string, others map[string]sight, last *time.Time, start func(name string, fence int)) error {
	asking, cancel := context.WithTimeout(ctx, l.Patience/6)
	defer cancel()
	begun := time.Now()
	if err := l.beat(asking); err != nil {
		return err
	}
	*last = begun
	taken, err := l.look(asking, names, others)
	for name, fence := range taken {
		start(name, fence)
	}
	return err
}

func (l *Leases) tell(err error) (failing bool) {
	if err != nil {
		l.Logger.Error("the leases of this instance cannot be kept, trying again", "error", err)
		return true
	}
	l.Logger.Info("the leases of this instance are kept again")
	return false
}

// Holds tells whether this instance holds a lease.
func (l *Leases) Holds(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[name] != nil
}

// beat counts our leases up, and drops those that are ours no longer.
func (l *Leases) beat(ctx context.Context) error {
	var rows []*ent.Lease
	err := l.Store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) (err error) {
		rows = nil
		n, err := tx.Lease.Update().Where(lease.Holder(l.self)).AddBeat(1).Save(ctx)
		if err != nil || n == 0 {
			return err
		}
		rows, err = tx.Lease.Query().Where(lease.Holder(l.self)).All(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the leases: %w", err)
	}
	ours := map[string]int{}
	for _, r := range rows {
		ours[r.Name] = r.Fence
	}
	l.drop(ErrLost, func(name string, h *holding) bool { return ours[name] != h.fence })
	return nil
}

// look takes what is free, and what stood still for too long; it gives the fences.
func (l *Leases) look(ctx context.Context, names []string, others map[string]sight) (taken map[string]int, err error) {
	rows, err := l.Store.Client().Lease.Query().Where(lease.NameIn(names...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the leases: %w", err)
	}
	known := map[string]*ent.Lease{}
	for _, r := range rows {
		known[r.Name] = r
	}
	taken = map[string]int{}
	for _, name := range names {
		if l.busy(name) {
			continue
		}
		r := known[name]
		if r != nil && r.Holder != "" && r.Holder != l.self && !l.stale(others, r) {
			continue
		}
		fence, err := l.take(ctx, name, r)
		if err != nil {
			return taken, err
		}
		if fence > 0 {
			delete(others, name)
			taken[name] = fence
		}
	}
	return taken, nil
}

// busy tells whether work under a lease is going on here, or has not ended yet.
func (l *Leases) busy(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.ending[name]; h != nil {
		select {
		case <-h.done:
			delete(l.ending, name)
		default:
			return true
		}
	}
	return l.held[name] != nil
}

// stale tells whether a lease stood still for too long, as seen from here.
func (l *Leases) stale(others map[string]sight, r *ent.Lease) bool {
	seen, known := others[r.Name]
	if !known || seen.fence != r.Fence || seen.beat != r.Beat {
		others[r.Name] = sight{r.Fence, r.Beat, time.Now()}
		return false
	}
	return time.Since(seen.since) > l.Patience
}

// take takes a lease as it was seen; 0 when somebody was quicker, or its holder
// lives after all.
func (l *Leases) take(ctx context.Context, name string, r *ent.Lease) (fence int, err error) {
	err = l.Store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		fence = 0
		if r == nil {
			fence = 1
			return tx.Lease.Create().SetName(name).SetHolder(l.self).SetFence(fence).Exec(ctx)
		}
		n, err := tx.Lease.Update().Where(lease.Name(name), lease.Fence(r.Fence), lease.Beat(r.Beat), lease.Holder(r.Holder)).
			SetHolder(l.self).SetFence(r.Fence + 1).SetBeat(0).Save(ctx)
		if n == 1 {
			fence = r.Fence + 1
		}
		return err
	})
	if ent.IsConstraintError(err) { // made by another one meanwhile
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("take the lease of %s: %w", name, err)
	}
	if fence > 0 && r != nil && r.Holder != "" && r.Holder != l.self {
		l.Logger.Warn("taken over from an instance that no longer says it lives", "lease", name)
	}
	return fence, nil
}

func (l *Leases) start(ctx context.Context, name string, fence int, work func(ctx context.Context, name string)) {
	ctx, stop := context.WithCancelCause(context.WithValue(ctx, underKey{}, under{name, fence}))
	h := &holding{fence: fence, stop: stop, done: make(chan struct{})}
	l.mu.Lock()
	l.held[name] = h
	l.mu.Unlock()
	go func() {
		defer close(h.done)
		defer stop(nil)
		work(ctx, name)
	}()
}

// drop ends the work under some leases, and does not wait for it.
func (l *Leases) drop(why error, lost func(name string, h *holding) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, h := range l.held {
		if lost(name, h) {
			h.stop(why)
			l.ending[name] = h
			delete(l.held, name)
		}
	}
}

// release ends all work, and then gives the leases back.
func (l *Leases) release(ctx context.Context) {
	l.drop(context.Cause(ctx), func(string, *holding) bool { return true })
	l.mu.Lock()
	ending := slices.Collect(maps.Values(l.ending))
	l.mu.Unlock()
	for _, h := range ending {
		<-h.done
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Patience)
	defer cancel()
	err := l.Store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		return tx.Lease.Update().Where(lease.Holder(l.self)).SetHolder("").Exec(ctx)
	})
	if err != nil {
		l.Logger.Warn("leases could not be given back: others take them when they have waited", "error", err)
	}
}

type (
	underKey struct{}
	under    struct {
		name  string
		fence int
	}
)

// Check gives ErrLost when ctx belongs to work under a lease that this instance
// holds no longer. Asked in a transaction that has its turn, it holds until the
// commit.
func Check(ctx context.Context, tx *ent.Tx) error {
	u, ok := ctx.Value(underKey{}).(under)
	if !ok {
		return nil
	}
	holds, err := tx.Lease.Query().Where(lease.Name(u.name), lease.Fence(u.fence)).Exist(guard.NewContext(ctx, guard.System("leases")))
	if err == nil && !holds {
		err = fmt.Errorf("%s: %w", u.name, ErrLost)
	}
	return err
}
