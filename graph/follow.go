package graph

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

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
		if errors.Is(err, event.ErrStopped) {
			<-ctx.Done() // the server stops: it closes the socket and says so there
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the client has left: the normal end
		}
		if err != nil {
			return err
		}
		shown, err := r.show(ctx, p, filter, events)
		if err != nil {
			return err
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

func (r *Resolver) show(ctx context.Context, p *plan, f eventFilter, events []event.Event) ([]model.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	events, err := r.about(ctx, f, events)
	if err != nil {
		return nil, err
	}
	return r.happenings(ctx, p, events)
}
