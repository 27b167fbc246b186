package server

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// chorus executes each live question once for all who ask it and see the same,
// and hands them the same bytes: only the id of the operation is each one's own.
//
// A part is one question as one scope sees it. It executes the subscription as
// somebody who has the scope and no name. A singer of a part has a place in the
// register, like every subscriber. Whoever the part cannot answer for leaves it
// before the page in question, and comes in again from that place:
//
//   - who is behind what the part still has at hand, or is concerned by an event
//     of the page, which shows it to him though his scope may not: that stretch is
//     executed for him alone;
//   - whose rights a page may change, or time has: they are read again, and he goes
//     on in the part of the scope that he has then.
type chorus struct {
	exec     *executor.Executor
	resolver *graph.Resolver
	named    func(ctx context.Context, userID int) (bool, error)
	turns    chan struct{} // bounds how many come in at once

	mu    sync.Mutex
	parts map[partKey]*part
}

// partKey tells parts apart: what is asked, by whom, and in which language errors speak.
type partKey struct{ question, scope, language string }

const (
	comingIn  = 16        // at once; the database has only so many hands
	partBytes = 128 << 10 // of newest answers that a part has at hand
	partPages = 256
)

func newChorus(exec *executor.Executor, resolver *graph.Resolver, named func(ctx context.Context, userID int) (bool, error)) *chorus {
	return &chorus{
		exec: exec, resolver: resolver, named: named,
		turns: make(chan struct{}, comingIn), parts: map[partKey]*part{},
	}
}

// singer is one live operation of one socket.
type singer struct {
	s        *socket
	op       *operation
	ctx      context.Context
	asked    *graphql.RawParams
	question string
	person   int
	until    time.Time // when his rights change by themselves

	part  atomic.Pointer[part] // the one he was in last
	place atomic.Int64         // of his seat in it
	at    int                  // everything up to here was said to him, while he has no seat
}

// page is a stretch of the register as a part sings it.
type page struct {
	from, to int
	songs    []song
	bytes    int
	people   map[int]bool // whom its events concern
	all      bool         // it may change everybody's rights
}

// concerns tells whether a page has to be executed for a singer himself, with the
// rights that he has after it.
func (p page) concerns(m *singer) bool { return p.all || p.people[m.person] }

// song is one answer, without the head of its operation.
type song struct {
	seq  int
	body []byte
}

// join answers a live operation until it ends.
func (c *chorus) join(ctx context.Context, s *socket, op *operation, asked *graphql.RawParams, live graph.Live) {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	if !c.turn(ctx) {
		return
	}
	seq, err := c.resolver.Start(ctx, live)
	c.done()
	if err != nil {
		s.finish(op, gqlerror.List{c.resolver.Present(ctx, err)})
		return
	}
	m := &singer{s: s, op: op, ctx: ctx, asked: asked, question: live.Key, person: p.ID, at: seq}
	context.AfterFunc(ctx, func() { c.leave(m) })
	c.enter(m) //nolint:contextcheck // the singer has the context
}

// turn waits for one's turn; false when the operation ended meanwhile.
func (c *chorus) turn(ctx context.Context) bool {
	select {
	case c.turns <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *chorus) done() { <-c.turns }

// enter brings a singer from his place into the part of his scope.
func (c *chorus) enter(m *singer) {
	for m.ctx.Err() == nil {
		if !c.turn(m.ctx) {
			return
		}
		key, viewer, err := c.scope(m)
		c.done()
		if err != nil {
			if m.ctx.Err() == nil {
				m.s.finish(m.op, gqlerror.List{c.resolver.Present(m.ctx, err)})
			}
			return
		}
		part := c.part(key, viewer, m)
		behind, in := part.take(m)
		if in {
			return
		}
		if behind > 0 && !c.alone(m, behind) || m.s.wire.ready(m.ctx) != nil {
			part.drop(m) // it may have been begun for him alone
		}
	}
}

// scope reads the rights of now.
func (c *chorus) scope(m *singer) (partKey, guard.Viewer, error) {
	ctx, err := graph.Renewed(m.ctx)
	if err != nil {
		return partKey{}, guard.Viewer{}, err
	}
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok {
		return partKey{}, guard.Viewer{}, noLonger()
	}
	named, err := c.named(ctx, p.ID)
	if err != nil {
		return partKey{}, guard.Viewer{}, err
	}
	m.until = p.Until
	id := p.ID
	p = p.Scope()
	if named || len(p.Owns) > 0 {
		p.ID = id
	}
	return partKey{m.question, fmt.Sprintf("%+v", p), graph.RequestFrom(m.ctx).Language}, guard.Someone(p), nil
}

// alone executes for one singer what the part has not at hand for him, at least
// up to a place; false when his operation has ended. While he takes what was said
// somebody else has the turn.
func (c *chorus) alone(m *singer, to int) bool {
	if !c.turn(m.ctx) {
		return false
	}
	mine := true
	errs := c.run(m.ctx, m.asked, m.at, func(p page) bool {
		m.s.wire.insist(m.op, p.frames(nil, m.op, m.at))
		m.at = p.to
		c.done()
		mine = m.at < to && m.s.wire.ready(m.ctx) == nil && c.turn(m.ctx)
		return mine
	})
	if mine {
		c.done()
	}
	if len(errs) > 0 && m.ctx.Err() == nil {
		m.s.finish(m.op, errs)
		return false
	}
	return m.ctx.Err() == nil
}

// frames appends what of a page was not said yet to an operation that is at a place.
func (p page) frames(dst []byte, op *operation, at int) []byte {
	for _, s := range p.songs {
		if s.seq > at {
			dst = appendFrame(dst, websocket.TextMessage, op.head, s.body)
		}
	}
	return dst
}

// leave forgets a singer whose operation has ended.
func (c *chorus) leave(m *singer) {
	if p := m.part.Load(); p != nil {
		p.drop(m)
	}
}

// run executes a live operation from a place, page by page, until each says that
// it is enough.
func (c *chorus) run(ctx context.Context, asked *graphql.RawParams, from int, each func(page) bool) gqlerror.List {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	end, pages := &graph.End{}, &graph.Pages{From: &from, Next: make(chan graph.Page)}
	ctx = graphql.StartOperationTrace(graph.WithEnd(graph.WithPages(ctx, pages), end))
	asking := *asked
	oc, errs := c.exec.CreateOperationContext(ctx, &asking)
	if len(errs) > 0 {
		return c.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs).Errors
	}
	responses, ctx := c.exec.DispatchOperation(ctx, oc)
	if !pages.Begun {
		if refused := responses(ctx); refused != nil {
			return refused.Errors
		}
		return nil
	}
	for looked := range pages.Next {
		p := pageOf(from, looked)
		for _, seq := range looked.Shown {
			answer := responses(ctx)
			if answer == nil {
				break // it ended in the middle; why is told below
			}
			s := song{seq, nextBody(answer)}
			p.songs, p.bytes = append(p.songs, s), p.bytes+len(s.body)
		}
		from = p.to
		if len(p.songs) < len(looked.Shown) || !each(p) {
			break
		}
	}
	if err := end.Load(); err != nil {
		return gqlerror.List{err}
	}
	return nil
}

// pageOf finds whom a page concerns.
func pageOf(from int, looked graph.Page) page {
	p := page{from: from, to: looked.To(), people: map[int]bool{}}
	for _, e := range looked.Events {
		for _, id := range e.Concerns() {
			p.people[id] = true
		}
		p.all = p.all || e.Kind == event.OfficeChanged
	}
	return p
}
