package graph

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// loadTime bounds the loading of one page of events; waiting for events is not bounded.
const loadTime = 15 * time.Second

// follow answers the subscription: what followed the cursor, then what is new.
//
// Each subscriber has a place in the log of its own and asks for more when its
// socket took what it had: a slow one waits for itself alone.
func (r *Resolver) follow(ctx context.Context, after *model.Cursor, f *model.EventFilter) (<-chan model.Event, error) {
	out := make(chan model.Event)
	go func() {
		defer close(out)
		if err := r.pump(ctx, after, f, out); err != nil {
			endOf(ctx).Store(r.Present(ctx, err))
		}
	}()
	return out, nil
}

type endKey struct{}

// endOf is where a subscription leaves the error that ended it.
func endOf(ctx context.Context) *atomic.Pointer[gqlerror.Error] {
	end, ok := ctx.Value(endKey{}).(*atomic.Pointer[gqlerror.Error])
	if !ok {
		return &atomic.Pointer[gqlerror.Error]{}
	}
	return end
}

// TellEnd runs a subscription and tells the transport the error that ended it,
// in the transport's own goroutine: it may have stopped listening already.
func TellEnd(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	end := &atomic.Pointer[gqlerror.Error]{}
	answer := next(context.WithValue(ctx, endKey{}, end))
	return func(ctx context.Context) *graphql.Response {
		response := answer(ctx)
		if err := end.Load(); response == nil && err != nil {
			transport.AddSubscriptionError(ctx, err)
		}
		return response
	}
}

// pump hands events over until the client leaves. Its error is the end of the
// subscription; the client may come back with the cursor of its last event.
func (r *Resolver) pump(ctx context.Context, after *model.Cursor, f *model.EventFilter, out chan<- model.Event) error {
	filter, err := readEventFilter(f)
	if err != nil {
		return err
	}
	s, err := r.subscribe(ctx, after)
	if err != nil {
		return err
	}
	for p := planObject(ctx); ; {
		events, err := s.Next(ctx)
		if err != nil {
			return ended(ctx, err)
		}
		shown, err := r.show(ctx, p, filter, events)
		if err != nil {
			return ended(ctx, err)
		}
		if !send(ctx, shown, out) {
			return nil
		}
	}
}

func (r *Resolver) subscribe(ctx context.Context, after *model.Cursor) (*event.Subscription, error) {
	cursor, err := place(after)
	if err != nil {
		return nil, err
	}
	s, err := r.Feed.Subscribe(ctx, cursor)
	return s, expectedOf(err)
}

// send hands events over one by one; false when the client has left.
func send(ctx context.Context, shown []model.Event, out chan<- model.Event) bool {
	for _, e := range shown {
		select {
		case out <- e:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// show gives a page of events to the viewer, with the rights of this moment: who
// has left an office since the last page sees nothing of it in this one.
func (r *Resolver) show(ctx context.Context, p *plan, f eventFilter, events []event.Event) ([]model.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	ctx, err := renewed(ctx)
	if err != nil {
		return nil, err
	}
	if events, err = r.visible(ctx, events); err != nil {
		return nil, err
	}
	events, err = r.about(ctx, f, events)
	if err != nil {
		return nil, err
	}
	return r.happenings(ctx, p, events)
}

// visible keeps, of events that just happened, those that the viewer may see: the
// rule of the register decides, as in a query.
func (r *Resolver) visible(ctx context.Context, events []event.Event) ([]event.Event, error) {
	if len(events) == 0 {
		return nil, nil
	}
	seen, err := r.Client.Event.Query().Where(entevent.IDGTE(events[0].Seq), entevent.IDLTE(events[len(events)-1].Seq)).IDs(ctx)
	if err != nil {
		return nil, err
	}
	may := make(map[int]bool, len(seen))
	for _, id := range seen {
		may[id] = true
	}
	return slices.DeleteFunc(slices.Clone(events), func(e event.Event) bool { return !may[e.Seq] }), nil
}
