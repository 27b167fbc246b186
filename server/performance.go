package server

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// performance is a live operation that is executed for several, page by page as
// it is asked. It is for one goroutine.
type performance struct {
	ctx       context.Context
	cancel    context.CancelFunc
	pages     *graph.Pages
	responses graphql.ResponseHandler
	failed    *graph.End
}

// errOver says that an operation has ended without anything to say about it.
var errOver = errors.New("the operation is over")

// perform begins an operation. Its error is the clients', or errOver.
func (c *chorus) perform(ctx context.Context, asked *graphql.RawParams) (*performance, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &performance{cancel: cancel, pages: graph.NewPages(), failed: &graph.End{}}
	ctx = graphql.StartOperationTrace(graph.WithEnd(graph.WithPages(ctx, p.pages), p.failed))
	asking := *asked
	oc, errs := c.exec.CreateOperationContext(ctx, &asking)
	if len(errs) > 0 {
		cancel()
		return nil, c.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs).Errors
	}
	p.responses, p.ctx = c.exec.DispatchOperation(ctx, oc)
	if p.pages.Begun {
		return p, nil
	}
	defer cancel()
	refused := p.responses(p.ctx) //nolint:contextcheck // it is ctx, as the executor has it
	if p.failed.Load() == nil && refused != nil {
		return nil, refused.Errors
	}
	return nil, p.over()
}

// end lets the operation go.
func (p *performance) end() { p.cancel() }

// song is an answer to an event, without the head of its operation.
type song struct {
	seq  int
	body []byte
}

// sing answers some events as a viewer sees them, and tells by number which of
// them he may see at all. Its error is the clients', or errOver.
func (p *performance) sing(viewer guard.Viewer, events []event.Event) (visible []int, songs []song, err error) {
	select {
	case p.pages.Ask <- graph.Ask{Viewer: viewer, Events: events}:
	case <-p.pages.Shown: // it has ended by itself
		return nil, nil, p.over()
	case <-p.ctx.Done():
		return nil, nil, errOver
	}
	shown, more := <-p.pages.Shown
	if !more {
		return nil, nil, p.over()
	}
	for _, seq := range shown.Answered {
		answer := p.responses(p.ctx)
		if answer == nil {
			return nil, nil, p.over()
		}
		songs = append(songs, song{seq, bodyOf(answer)})
	}
	return shown.Visible, songs, nil
}

// over is why there is no more.
func (p *performance) over() error {
	if err := p.failed.Load(); err != nil {
		return gqlerror.List{err}
	}
	return errOver
}
