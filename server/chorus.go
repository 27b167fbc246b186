package server

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// chorus executes each live question once for all who ask it and see the same,
// and hands them the same bytes: only the id of the operation is each one's own.
//
// A part is one question. Its singers have voices: a voice is one scope, what
// somebody sees who has it and no name. For voices that see the same of a page the
// part executes the subscription once, as one of them. A singer has a place in the
// register, like every subscriber. Whoever the part cannot answer for leaves it
// before the page in question, and comes in again from that place:
//
//   - who is behind what the part still has at hand, or is concerned by an event
//     of the page, which shows it to him though his scope may not: that stretch is
//     executed for him alone;
//   - whose rights a page may change, or time has: they are read again, and he goes
//     on with the voice of the scope that he has then.
type chorus struct {
	exec     *executor.Executor
	resolver *graph.Resolver
	named    func(ctx context.Context, userID int) (bool, error)
	turns    chan struct{} // bounds how many come in at once

	mu    sync.Mutex
	parts map[partKey]*part
}

// partKey tells parts apart: what is asked, and in which language errors speak; and
// by which scope, if more than what a page is about may make a difference.
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
	plain    bool // as graph.Live has it
	person   int
	until    time.Time // when his rights change by themselves

	part  atomic.Pointer[part] // the one he was in last
	place atomic.Int64         // of his seat in it
	at    int                  // everything up to here was said to him, while he has no seat
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
	m := &singer{s: s, op: op, ctx: ctx, asked: asked, question: live.Key, plain: live.Plain, person: p.ID, at: seq}
	context.AfterFunc(ctx, func() { c.leave(m) })
	c.enter(m, 0) //nolint:contextcheck // the singer has the context
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

// enter brings a singer from his place into the part of his question; first he is
// answered alone up to a place (behind), where that is after his. It must not depend
// on a part that lives no longer: others would begin one at his place again, which
// cannot speak for him there either.
func (c *chorus) enter(m *singer, behind int) {
	var p *part
	for m.ctx.Err() == nil {
		err := error(nil)
		if behind > m.at {
			err = c.alone(m, behind)
		}
		if err == nil {
			var tried *part
			if tried, behind, err = c.tryToEnter(m); tried == nil && err == nil {
				return // he is in
			}
			p = cmp.Or(tried, p)
		}
		if err != nil {
			m.over(err)
		}
		if err != nil || m.s.wire.ready(m.ctx) != nil {
			break
		}
	}
	if p != nil {
		p.drop(m) // it may have been begun for him alone
	}
}

// tryToEnter gives the part that did not take a singer, and up to where he has to
// be answered alone; no part when he is in.
func (c *chorus) tryToEnter(m *singer) (p *part, behind int, err error) {
	if !c.turn(m.ctx) {
		return nil, 0, errOver
	}
	scope, err := c.scope(m)
	c.done()
	if err != nil {
		return nil, 0, c.over(m.ctx, err)
	}
	p = c.part(m, scope)
	switch how := p.take(m, scope); {
	case how.in:
		return nil, 0, nil
	case how.unsung:
		return p, 0, c.fill(p, m, scope)
	default:
		return p, how.behind, nil
	}
}

// scope reads the rights of now.
func (c *chorus) scope(m *singer) (guard.Person, error) {
	ctx, err := graph.Renewed(m.ctx)
	if err != nil {
		return guard.Person{}, err
	}
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok {
		return guard.Person{}, noLonger()
	}
	named, err := c.named(ctx, p.ID)
	if err != nil {
		return guard.Person{}, err
	}
	m.until = p.Until
	id := p.ID
	p = p.Scope()
	if named || len(p.Owns) > 0 {
		p.ID = id
	}
	return p, nil
}

// alone executes for one singer what the part has not at hand for him, at least
// up to a place, page by page with the rights of the moment. While he takes what
// was said somebody else has the turn.
func (c *chorus) alone(m *singer, to int) error {
	show, err := c.perform(m.ctx, m.asked)
	if err != nil {
		return err
	}
	defer show.end()
	for m.at < to {
		if !c.turn(m.ctx) {
			return errOver
		}
		at, songs, err := c.next(m, show)
		c.done()
		if err != nil {
			return err
		}
		m.s.wire.insist(m.op, frames(nil, songs, m.op, m.at))
		m.at = at
		if m.s.wire.ready(m.ctx) != nil {
			return errOver
		}
	}
	return nil
}

// next executes the next page for one singer, and gives the place after it.
func (c *chorus) next(m *singer, show *performance) (at int, songs []song, err error) {
	ctx, err := graph.Renewed(m.ctx)
	if err != nil {
		return 0, nil, c.over(m.ctx, err)
	}
	s := c.resolver.Feed.From(m.at)
	events, err := s.Next(ctx)
	if err != nil {
		return 0, nil, c.over(m.ctx, err)
	}
	v, _ := guard.From(ctx)
	_, songs, err = show.sing(v, events)
	return s.Seq(), songs, err
}

// fill executes what a part has at hand for a voice that has not sung it: who
// comes in with that voice after this singer has it then.
func (c *chorus) fill(p *part, m *singer, scope guard.Person) error {
	show, err := c.perform(m.ctx, m.asked)
	if err != nil {
		return err
	}
	defer show.end()
	if !c.turn(m.ctx) {
		return errOver
	}
	defer c.done()
	v := newVoice(scope)
	for _, place := range p.unsung(v, m.at) {
		var events []event.Event
		for s := c.resolver.Feed.From(place[0]); s.Seq() < place[1]; {
			more, err := s.Next(m.ctx)
			if err != nil {
				return c.over(m.ctx, err)
			}
			events = append(events, more...)
		}
		_, songs, err := show.sing(v.viewer, events[:place[1]-place[0]])
		if err != nil {
			return err
		}
		p.fill(v, place[0], songs)
	}
	return nil
}

// over is the error of clients whose operation something has ended, or errOver.
func (c *chorus) over(ctx context.Context, err error) error {
	if err = graph.Ended(ctx, err); err == nil {
		return errOver
	}
	return gqlerror.List{c.resolver.Present(ctx, err)}
}

// over ends a singer's operation with the error that it has; without one he comes
// in again, or has left.
func (m *singer) over(err error) {
	if errs := (gqlerror.List)(nil); errors.As(err, &errs) && m.ctx.Err() == nil {
		m.s.finish(m.op, errs)
	}
}

// frames appends the messages of those of some songs that were not sung yet to an
// operation that is at a place.
func frames(dst []byte, songs []song, op *operation, at int) []byte {
	for _, s := range songs {
		if s.seq > at {
			dst = op.speech.next(dst, op, s.body)
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
