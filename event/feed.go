package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/smista/smista/guard"
)

const (
	// feedKeeps is how many of the newest events a feed has at hand; who is
	// further behind reads the log.
	feedKeeps = 4096
	// feedPage bounds what is read, and handed to a subscriber, at once.
	feedPage = 256
	// feedPoll is how late an event can be seen when the bell was not heard.
	feedPoll = 2 * time.Second
)

// ErrStopped says that the feed was stopped: the server is shutting down, and
// the subscriber may come back with its cursor.
var ErrStopped = errors.New("the event feed was stopped")

// Source is what a feed reads: a Log.
type Source interface {
	After(ctx context.Context, seq, limit int) ([]Event, error)
	Last(ctx context.Context) (int, error)
	Check(ctx context.Context, c Cursor) error
	Cursor(seq int) Cursor
}

// Feed is the one reader of the log for all subscribers of an instance.
type Feed struct {
	log     Source
	bus     Bus
	logger  *slog.Logger
	stopped chan struct{} // closed when Run has ended

	mu    sync.Mutex
	ring  ring
	grown chan struct{} // closed and replaced when the ring has grown
}

// NewFeed makes a feed; Run makes it live.
func NewFeed(log Source, bus Bus, logger *slog.Logger) *Feed {
	return &Feed{
		log: log, bus: bus, logger: logger, ring: newRing(feedKeeps),
		stopped: make(chan struct{}), grown: make(chan struct{}),
	}
}

// Run follows the log until ctx is done, and may be called once. While the log
// cannot be read it says so in the program's log and goes on trying.
func (f *Feed) Run(ctx context.Context) {
	defer close(f.stopped)
	ctx = guard.NewContext(ctx, guard.System("feed"))
	wake, stop := f.bus.Listen() // before the first look: nothing falls between
	defer stop()
	poll := time.NewTicker(feedPoll)
	defer poll.Stop()
	for failing := false; ; {
		err := f.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		if failing != (err != nil) {
			failing = f.tell(err)
		}
		select {
		case <-wake:
		case <-poll.C:
		case <-ctx.Done():
			return
		}
	}
}

// tell logs that reading begins to fail, or works again.
func (f *Feed) tell(err error) (failing bool) {
	if err != nil {
		f.logger.Error("live updates have stopped, trying again", "every", feedPoll, "error", err)
		return true
	}
	f.logger.Info("live updates work again")
	return false
}

// follow brings the ring to the end of the log.
func (f *Feed) follow(ctx context.Context) error {
	if !f.ring.begun() { // only this goroutine changes it
		last, err := f.log.Last(ctx)
		if err != nil {
			return err
		}
		f.change(func(r *ring) { r.begin(max(0, last-feedKeeps)) })
	}
	for {
		events, err := f.log.After(ctx, f.ring.last, feedPage)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			f.change(func(r *ring) { r.add(events) })
		}
		if len(events) < feedPage {
			return nil
		}
	}
}

// change changes the ring and wakes all who wait for that.
func (f *Feed) change(do func(*ring)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do(&f.ring)
	close(f.grown)
	f.grown = make(chan struct{})
}

// Subscribe begins right after a cursor, or, with the zero Cursor, with what is
// committed from now on. Errors: ErrOtherLog, ErrBeyondEnd, or the database's.
func (f *Feed) Subscribe(ctx context.Context, after Cursor) (*Subscription, error) {
	if after != (Cursor{}) {
		if err := f.log.Check(ctx, after); err != nil {
			return nil, err
		}
		return &Subscription{feed: f, seq: after.Seq}, nil
	}
	last, err := f.log.Last(ctx)
	if err != nil {
		return nil, err
	}
	return &Subscription{feed: f, seq: last}, nil
}

// From begins right after event seq, which was checked to be one, or is 0.
func (f *Feed) From(seq int) *Subscription { return &Subscription{feed: f, seq: seq} }

// Subscription is a place in the log that moves on. It holds nothing that has
// to be closed. It is for one goroutine.
type Subscription struct {
	feed *Feed
	seq  int
}

// Seq is the number of the last event it gave, or of the one it began after.
func (s *Subscription) Seq() int { return s.seq }

// Cursor is the place the subscription stands at: after the last event it gave.
func (s *Subscription) Cursor() Cursor { return s.feed.log.Cursor(s.seq) }

// Next waits for events after the subscription's place, gives some hundred of
// them at most, in order, each exactly once, and moves on. The slice belongs to
// the caller. It ends with ctx's error, with ErrStopped, or with the database's
// error; after any of them it may be called again.
func (s *Subscription) Next(ctx context.Context) ([]Event, error) {
	for {
		events, wait, err := s.ready(ctx)
		if err != nil {
			return nil, fmt.Errorf("follow the events: %w", err)
		}
		if len(events) > 0 {
			s.seq = events[len(events)-1].Seq
			return events, nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.feed.stopped:
			return nil, ErrStopped
		}
	}
}

// ready gives what there is: from the ring, else from the log. Without events
// it gives a channel to wait for.
func (s *Subscription) ready(ctx context.Context) (events []Event, wait <-chan struct{}, err error) {
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	s.feed.mu.Lock()
	events, held := s.feed.ring.after(s.seq, feedPage)
	wait = s.feed.grown
	s.feed.mu.Unlock()
	if !held {
		events, err = s.feed.log.After(ctx, s.seq, feedPage)
	}
	return events, wait, err
}
