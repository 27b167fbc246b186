// Package keeper does what has to happen by itself, at its time: terms come
// near and are breached, people are reminded, absences begin and end, and the
// letters and pushes that tell of it leave.
//
//   - What is to be done, and when, stands in the tables: there is no other
//     queue. Whichever instance looks first does it, in one transaction with its
//     event; a second one finds it done.
//   - So a breach happens once, whoever dies. A letter is a matter between two
//     machines: it is sent once as far as the database can know, and at least
//     once always, under a Message-ID fixed before the first try. So is a push, under
//     its topic, to each browser.
//   - An open case does not stay in an office that was closed, whatever brought it there.
//   - Who has a case open and says so no more is told within a second of the end.
//   - One thing that fails stops nothing else; it is tried again, later each
//     time, and in the end shown to the administrator.
package keeper

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/push"
)

const (
	lookEvery = time.Second // how often the tables are looked at
	atOnce    = 100         // rows of one sort in one round
)

// Terms are the terms of cases: package dossier has them.
type Terms interface {
	// Due lists terms that have to be looked at by now.
	Due(ctx context.Context, client *ent.Client, limit int) ([]int, error)
	// Step does what is due for one of them, once whoever calls it.
	Step(ctx context.Context, term int) error
}

// Absences are the absences of people: package casework has them.
type Absences interface {
	// StartAbsences moves the work of those whose absence begins by now.
	StartAbsences(ctx context.Context, now time.Time, limit int) (int, error)
	// EndAbsences gives it back to those who are here again.
	EndAbsences(ctx context.Context, now time.Time, limit int) (int, error)
}

// Looks are who has what case open: package casework has them.
type Looks interface {
	// EndLooks ends those of whose client says nothing any more.
	EndLooks(ctx context.Context, now time.Time, limit int) (int, error)
}

// Stranded are the open cases of offices that were closed: package casework has them.
type Stranded interface {
	// MoveOn takes them to where the work of their office went.
	MoveOn(ctx context.Context, limit int) (int, error)
}

// Pusher tells browsers something: package push has it.
type Pusher interface {
	// Send hands over one message for one browser. Its error is a *push.Refused.
	Send(ctx context.Context, to push.Subscription, m push.Message) error
}

// Quiet are the hours in which people are not told anything: package dossier has them.
type Quiet interface {
	// Awake gives the moment itself, or when the quiet hours of a person around it end.
	Awake(u *ent.User, at time.Time) (time.Time, error)
}

// Options are what a Keeper works with.
type Options struct {
	Client   *ent.Client // guarded
	Log      *event.Log
	Terms    Terms
	Absences Absences
	Looks    Looks
	Stranded Stranded
	Relay    notify.Relay         // nil: no letters leave; they wait
	Push     Pusher               // nil: browsers are not told anything
	Quiet    Quiet                // for pushes
	CaseID   func(row int) string // the id of a case in the API
	Zone     *time.Location       // of the dates in letters; nil = UTC
	Domain   string               // of the Message-IDs of letters
	Logger   *slog.Logger
	Now      func() time.Time // nil = time.Now
}

// Keeper looks after the clock.
type Keeper struct{ Options }

// New makes a keeper.
func New(o Options) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Keeper{o}
}

func (k *Keeper) now() time.Time { return k.Now().UTC().Truncate(time.Microsecond) }

// Run works until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	ctx = guard.NewContext(ctx, guard.System("keeper"))
	var working sync.WaitGroup
	working.Go(func() { k.every(ctx, k.Letters) })
	working.Go(func() { k.every(ctx, k.Pushes) })
	working.Go(func() { k.every(ctx, func(ctx context.Context) (int, error) { return k.Stranded.MoveOn(ctx, atOnce) }) })
	k.every(ctx, k.Clock)
	working.Wait()
}

// every runs a round, and again at once while there is more to do.
func (k *Keeper) every(ctx context.Context, round func(context.Context) (int, error)) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		n, err := round(ctx)
		if err != nil && ctx.Err() == nil {
			k.Logger.ErrorContext(ctx, "the keeper could not do its round; it tries again", "error", err)
		}
		if n >= atOnce && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Clock does one round of what the clock calls for, and says how many things
// it did.
func (k *Keeper) Clock(ctx context.Context) (int, error) {
	started, err := k.Absences.StartAbsences(ctx, k.now(), atOnce)
	if err != nil {
		return 0, err
	}
	ended, err := k.Absences.EndAbsences(ctx, k.now(), atOnce)
	if err != nil {
		return 0, err
	}
	left, err := k.Looks.EndLooks(ctx, k.now(), atOnce)
	if err != nil {
		return 0, err
	}
	due, err := k.Terms.Due(ctx, k.Client, atOnce)
	if err != nil {
		return 0, err
	}
	for _, term := range due {
		if err := k.Terms.Step(ctx, term); err != nil && ctx.Err() == nil {
			k.Logger.ErrorContext(ctx, "a term could not be looked after; it is tried again", "term", term, "error", err)
		}
	}
	return started + ended + left + len(due), ctx.Err()
}
