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
)

// loadTime bounds the loading of one page of events; waiting for events is not bounded.
const loadTime = 15 * time.Second

// follow answers the subscription: what followed the cursor, then what is new.
//
// Each execution has a place in the log of its own and asks for more when what it
// had was taken: a slow reader waits for itself alone.
func (r *Resolver) follow(ctx context.Context, after *model.Cursor, f *model.EventFilter) (<-chan model.Event, error) {
	out := make(chan model.Event)
	pages := pagesOf(ctx)
	if pages != nil {
		pages.Begun = true
	}
	go func() {
		defer close(out)
		if pages != nil {
			defer close(pages.Next)
		}
		if err := r.pump(ctx, after, f, pages, out); err != nil {
			endOf(ctx).Store(r.Present(ctx, err))
		}
	}()
	return out, nil
}

// Pages lets somebody who runs the subscription events for several readers know
// where in the register its answers stand.
type Pages struct {
	From  *int      // start after this event, whatever the document says
	Next  chan Page // closed at the end
	Begun bool      // the operation was good enough to begin
}

// Page is a stretch of the register that was looked at. As many answers follow it as it has Shown.
type Page struct {
	Events []event.Event // all of them, whoever may see them
	Shown  []int         // numbers of those that are answered, in their order
}

// To is the place after the page.
func (p Page) To() int { return p.Events[len(p.Events)-1].Seq }

type pagesKey struct{}

// WithPages returns a context in which the subscription events tells its pages.
func WithPages(ctx context.Context, p *Pages) context.Context {
	return context.WithValue(ctx, pagesKey{}, p)
}

func pagesOf(ctx context.Context) *Pages {
	p, _ := ctx.Value(pagesKey{}).(*Pages)
	return p
}

// tell announces a page; false when nobody listens any more.
func (p *Pages) tell(ctx context.Context, events, shown []event.Event) bool {
	if p == nil {
		return true
	}
	page := Page{Events: events, Shown: make([]int, len(shown))}
	for i, e := range shown {
		page.Shown[i] = e.Seq
	}
	select {
	case p.Next <- page:
		return true
	case <-ctx.Done():
		return false
	}
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

// pump hands events over until the client leaves. Its error is the end of the
// subscription; the client may come back with the cursor of its last event.
func (r *Resolver) pump(ctx context.Context, after *model.Cursor, f *model.EventFilter, pages *Pages, out chan<- model.Event) error {
	filter, err := readEventFilter(f)
	if err != nil {
		return err
	}
	var s *event.Subscription
	if pages != nil && pages.From != nil {
		s = r.Feed.From(*pages.From)
	} else if s, err = r.subscribe(ctx, after); err != nil {
		return err
	}
	for p := planObject(ctx); ; {
		events, err := s.Next(ctx)
		if err != nil {
			return ended(ctx, err)
		}
		visible, shown, err := r.show(ctx, p, filter, events)
		if err != nil {
			return ended(ctx, err)
		}
		if !pages.tell(ctx, events, visible) || !send(ctx, shown, out) {
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
func (r *Resolver) show(ctx context.Context, p *plan, f eventFilter, events []event.Event) (visible []event.Event, shown []model.Event, err error) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	if ctx, err = Renewed(ctx); err != nil {
		return nil, nil, err
	}
	if visible, err = r.visible(ctx, events); err != nil {
		return nil, nil, err
	}
	if visible, err = r.about(ctx, f, visible); err != nil {
		return nil, nil, err
	}
	shown, err = r.happenings(ctx, p, visible)
	return visible, shown, err
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
