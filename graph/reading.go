package graph

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// The ways in which somebody reads what a PEC says.
const (
	ReadText       = "text"
	ReadOriginal   = "original"
	ReadAttachment = "attachment"
	ReadFolder     = "folder" // the original, with all attachments
)

// readAgain is for how long the same person reading the same message in the same
// way is one movement: a page that is loaded anew tells nothing.
const readAgain = 10 * time.Minute

// Readings tells the register who reads what PECs say. It may be used by many at
// the same time.
type Readings struct {
	log  *event.Log
	mu   sync.Mutex
	told map[reading]time.Time
}

type reading struct {
	person, message int
	how             string
}

// NewReadings makes a Readings that writes to a log.
func NewReadings(log *event.Log) *Readings {
	return &Readings{log: log, told: map[reading]time.Time{}}
}

// Tell writes that the viewer reads messages. Call it before they are handed
// over: what cannot be told is not shown.
func (r *Readings) Tell(ctx context.Context, how string, messages ...*ent.Message) error {
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok {
		return nil
	}
	now := time.Now()
	var entries []event.Entry
	var keys []reading
	for _, m := range messages {
		k := reading{p.ID, m.ID, how}
		if slices.Contains(keys, k) || r.isTold(k, now) {
			continue
		}
		e := event.Entry{Kind: event.ContentRead, Message: m.ID, Details: event.Details{Reason: how}}
		if m.CaseID != nil {
			e.Case = *m.CaseID
		}
		entries, keys = append(entries, e), append(keys, k)
	}
	if len(entries) == 0 {
		return nil
	}
	err := r.log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) { return entries, nil })
	if err == nil {
		r.remember(keys, now)
	}
	return err
}

func (r *Readings) isTold(k reading, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.told[k]
	return ok && now.Sub(at) < readAgain
}

// remember keeps what was told, and forgets what is long past.
func (r *Readings) remember(keys []reading, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range keys {
		r.told[k] = now
	}
	for k, at := range r.told {
		if now.Sub(at) >= readAgain {
			delete(r.told, k)
		}
	}
}

type textsKey struct{}

// texts gathers the messages whose text one answer shows.
type texts struct {
	mu   sync.Mutex
	read []*ent.Message
}

// textOf gives the text of a message, and notes that it is read. A subscription
// has none: what is pushed was not asked for, and nobody may be looking.
func textOf(ctx context.Context, m *ent.Message) *string {
	gathered, ok := ctx.Value(textsKey{}).(*texts)
	if !ok {
		return nil
	}
	gathered.mu.Lock()
	defer gathered.mu.Unlock()
	gathered.read = append(gathered.read, m)
	return &m.Text
}

// TellTexts runs an operation and tells the register what texts its answer
// shows before the answer leaves; when that fails there is no answer.
func (r *Resolver) TellTexts(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	answer := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		gathered := &texts{}
		response := answer(context.WithValue(ctx, textsKey{}, gathered))
		if err := r.Readings.Tell(ctx, ReadText, gathered.read...); err != nil {
			return &graphql.Response{Errors: gqlerror.List{r.Present(ctx, err)}}
		}
		return response
	}
}
