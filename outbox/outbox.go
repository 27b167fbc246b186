// Package outbox sends what was written, once.
//
//   - The message is frozen before the first try: its bytes stand in the archive,
//     its Message-ID is fixed, and every try sends the same.
//   - What a try is allowed to do is fenced by a number in the row: an instance
//     that slept through its lease finds itself fenced off before the final dot.
//   - That the dot is about to be sent is committed before it is sent. From there
//     on only an answer, a receipt, a copy in the folder of sent mail, or a person
//     says what became of it; a crash, a time-out or a lost answer leaves it
//     uncertain, and nothing is sent blindly twice.
//   - The archive remembers each dot too: after the database came back from a
//     backup nothing is sent a second time.
//   - A mailbox sends one message at a time, as many in an hour as its provider takes.
package outbox

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/track"
)

const (
	lookEvery = time.Second
	// defaultLease is how long an instance may say nothing of a try before another
	// one sees to it.
	defaultLease = 90 * time.Second
	// graceTime is how long a program that stops waits for the answer to a dot.
	graceTime = 15 * time.Second
	// tries bounds how often a message is offered that is refused for now: the waits
	// between them add up to more than a day.
	tries = 12
	// mailboxesAtOnce bounds how many mailboxes send at the same time.
	mailboxesAtOnce = 16
)

// Letter is a message to hand over to a provider.
type Letter struct {
	To   []string // every recipient, each once
	Size int64
	Open func() (io.ReadCloser, error)
	// Dot is called when everything but the final dot was handed over; only when it
	// gives nil may the dot be sent.
	Dot func(ctx context.Context) error
}

// Submit hands a letter to the provider of a mailbox, and gives its answer.
// Errors: *NotTaken, *Refused; any other leaves open what became of it.
type Submit func(ctx context.Context, mailbox string, l Letter) (answer string, err error)

// NotTaken says that a message was certainly not taken: the dot was not sent.
type NotTaken struct {
	Permanent bool // trying again would not help
	Reason    string
}

func (e *NotTaken) Error() string { return "not taken: " + e.Reason }

// Refused says that the whole message was refused, for good.
type Refused struct{ Reason string }

func (e *Refused) Error() string { return "refused: " + e.Reason }

// Departures read a message that is to be sent, and record it: the desk.
type Departures interface {
	Prepare(ctx context.Context, mailbox string, digest archive.Digest, size int64) (Departure, error)
}

// Departure is a message that was read.
type Departure interface {
	Enter(ctx context.Context, tx *ent.Tx, caseID int) (*ent.Message, []event.Entry, error)
}

// Options are what an Outbox works with.
type Options struct {
	Client  *ent.Client // guarded
	Log     *event.Log
	Archive archive.Store
	Desk    Departures
	Track   *track.Tracker
	Submit  Submit
	Logger  *slog.Logger
	Lease   time.Duration    // how long an instance may be silent over a try; 0 = 90 s
	Now     func() time.Time // nil = time.Now
}

// Outbox sends replies.
type Outbox struct {
	Options
	mu   sync.Mutex
	busy map[int]bool // mailboxes that this instance is sending from
}

// New makes an outbox.
func New(o Options) *Outbox {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lease == 0 {
		o.Lease = defaultLease
	}
	return &Outbox{Options: o, busy: map[int]bool{}}
}

func (o *Outbox) now() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }

// Run works until ctx ends, and then until what was begun has come to an end.
func (o *Outbox) Run(ctx context.Context) {
	ctx = guard.NewContext(ctx, guard.System("outbox"))
	var sending sync.WaitGroup
	defer sending.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := o.round(ctx, &sending); err != nil && ctx.Err() == nil {
			o.Logger.ErrorContext(ctx, "the outbox could not do its round; it tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Round does once what there is to do, and waits for it.
func (o *Outbox) Round(ctx context.Context) error {
	var sending sync.WaitGroup
	err := o.round(guard.NewContext(ctx, guard.System("outbox")), &sending)
	sending.Wait()
	return err
}

func (o *Outbox) round(ctx context.Context, sending *sync.WaitGroup) error {
	if err := o.recover(ctx); err != nil {
		return err
	}
	if _, err := o.Track.Watch(ctx, o.Client, 100); err != nil {
		return err
	}
	var boxes []int
	err := o.Client.Reply.Query().Where(due(o.now())).Unique(true).Select(reply.FieldMailboxID).Scan(ctx, &boxes)
	if err != nil {
		return fmt.Errorf("look for something to send: %w", err)
	}
	for _, box := range boxes {
		if o.take(box) {
			sending.Go(func() {
				defer o.give(box)
				if err := o.empty(ctx, box); err != nil && ctx.Err() == nil {
					o.Logger.ErrorContext(ctx, "a mailbox could not send; it tries again", "mailbox", box, "error", err)
				}
			})
		}
	}
	return nil
}

// due finds what is to leave by now.
func due(at time.Time) predicate.Reply {
	return reply.And(reply.StateEQ(reply.StateQueued), reply.SendAtLTE(at))
}

// take claims a mailbox for this instance's sending.
func (o *Outbox) take(box int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[box] || len(o.busy) >= mailboxesAtOnce {
		return false
	}
	o.busy[box] = true
	return true
}

func (o *Outbox) give(box int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.busy, box)
}
