package graph

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// loadTime bounds the loading of one page of events; waiting for events is not bounded.
const loadTime = 15 * time.Second

// follow answers the subscription: what followed the cursor, then what is new; or
// what somebody asks for who runs it for several readers.
//
// Each execution has a place in the log of its own and asks for more when what it
// had was taken: a slow reader waits for itself alone.
func (r *Resolver) follow(ctx context.Context, after *model.Cursor, f *model.EventFilter) (<-chan model.Event, error) {
	out := make(chan model.Event)
	filter, err := readEventFilter(f)
	if err != nil {
		endOf(ctx).Store(r.Present(ctx, err))
		close(out)
		return out, nil
	}
	pump := func() error { return r.pump(ctx, after, filter, out) }
	pages, asked := ctx.Value(pagesKey{}).(*Pages)
	if asked {
		pages.Begun = true
		pump = func() error { return r.answerPages(ctx, filter, pages, out) }
	}
	go func() {
		defer close(out)
		if asked {
			defer close(pages.Shown)
		}
		if err := pump(); err != nil {
			endOf(ctx).Store(r.Present(ctx, err))
		}
	}()
	return out, nil
}

// Pages lets somebody run the subscription events for several readers: he asks
// page by page for what a viewer gets, whatever cursor the document has.
type Pages struct {
	Ask   chan Ask
	Shown chan Shown // for each Ask, before the answers; closed at the end
	Begun bool       // the operation was good enough to begin
}

// NewPages makes pages nobody has asked for yet.
func NewPages() *Pages { return &Pages{Ask: make(chan Ask), Shown: make(chan Shown)} }

// Ask asks what a viewer gets of some events, which are in their order.
type Ask struct {
	Viewer guard.Viewer
	Events []event.Event
}

// Shown tells, by number, which events the viewer may see, and which of these the
// document asks for: as many answers follow.
type Shown struct{ Visible, Answered []int }

type pagesKey struct{}

// WithPages returns a context in which the subscription events is run by pages.
func WithPages(ctx context.Context, p *Pages) context.Context {
	return context.WithValue(ctx, pagesKey{}, p)
}

// answerPages answers what is asked until nobody asks any more.
func (r *Resolver) answerPages(ctx context.Context, filter eventFilter, pages *Pages, out chan<- model.Event) error {
	for p := planObject(ctx); ; {
		select {
		case ask := <-pages.Ask:
			s, err := r.show(guard.NewContext(ctx, ask.Viewer), p, filter, ask.Events)
			if err != nil {
				return Ended(ctx, err)
			}
			select {
			case pages.Shown <- Shown{Visible: seqs(s.visible), Answered: seqs(s.asked)}:
			case <-ctx.Done():
				return nil
			}
			if !send(ctx, s.answers, out) {
				return nil
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func seqs(events []event.Event) []int {
	numbers := make([]int, len(events))
	for i, e := range events {
		numbers[i] = e.Seq
	}
	return numbers
}

type endKey struct{}

// End is the error that ended a subscription, once its answers have.
type End = atomic.Pointer[gqlerror.Error]

// WithEnd returns a context in which a subscription leaves the error that ends it.
func WithEnd(ctx context.Context, end *End) context.Context {
	return context.WithValue(ctx, endKey{}, end)
}

func endOf(ctx context.Context) *End {
	if end, ok := ctx.Value(endKey{}).(*End); ok {
		return end
	}
	return &End{}
}

// pump hands events over until the client leaves, with the rights of each moment:
// who has left an office since the last page sees nothing of it in the next. Its
// error is the end of the subscription; the client may come back with the cursor
// of its last event.
func (r *Resolver) pump(ctx context.Context, after *model.Cursor, filter eventFilter, out chan<- model.Event) error {
	s, err := r.subscribe(ctx, after)
	if err != nil {
		return err
	}
	for p := planObject(ctx); ; {
		events, err := s.Next(ctx)
		if err != nil {
			return Ended(ctx, err)
		}
		now, err := Renewed(ctx)
		if err != nil {
			return Ended(ctx, err)
		}
		shown, err := r.show(now, p, filter, events)
		if err != nil {
			return Ended(ctx, err)
		}
		if !send(ctx, shown.answers, out) {
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

// shown is what a viewer gets of a page of events.
type shown struct {
	visible, asked []event.Event // what he may see, and what of it the document asks for
	answers        []model.Event
}

// show gives a page of events to a viewer.
func (r *Resolver) show(ctx context.Context, p *plan, f eventFilter, events []event.Event) (s shown, err error) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	if s.visible, err = r.visible(ctx, events); err != nil {
		return s, err
	}
	if s.asked, err = r.about(ctx, f, s.visible); err != nil {
		return s, err
	}
	s.answers, err = r.happenings(ctx, p, s.asked)
	return s, err
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
