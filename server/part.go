package server

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// part is one live question as one scope sees it.
type part struct {
	c      *chorus
	key    partKey
	asked  *graphql.RawParams // what its singers ask, wherever they started
	cancel context.CancelFunc

	mu      sync.Mutex
	singers map[*singer]struct{}
	pages   []page // the newest ones, without holes
	bytes   int    // of their songs
	start   int    // the place before the first of them
	at      int    // the place after the last: everything up to here was sung
	ended   bool
	line    []byte // what is said to one singer, made anew for each
}

// part finds the part of a question and a scope, or begins it at a singer's place.
func (c *chorus) part(key partKey, viewer guard.Viewer, m *singer) *part {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.parts[key]; p != nil {
		m.asked, m.question = p.asked, p.key.question // the same; one copy for all
		return p
	}
	ctx := graph.WithRequest(guard.NewContext(context.Background(), viewer), graph.Request{ID: "live", Language: key.language})
	ctx = graph.WithRights(context.WithValue(ctx, overSocket{}, true), func(context.Context) (guard.Viewer, error) { return viewer, nil })
	ctx, cancel := context.WithCancel(ctx)
	p := &part{c: c, key: key, asked: m.asked, cancel: cancel, singers: map[*singer]struct{}{}, start: m.at, at: m.at}
	c.parts[key] = p
	from := m.at
	go func() {
		defer cancel()
		p.finish(c.run(ctx, p.asked, from, p.sing)) //nolint:contextcheck // each singer has a context of his own
	}()
	return p
}

// take brings a singer to the place of the part, by what it has at hand, and
// takes him in. Otherwise he has to be answered alone first, up to a place
// (behind), or to try again.
func (p *part) take(m *singer) (behind int, in bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || m.ctx.Err() != nil {
		return 0, false
	}
	if m.at < p.start {
		return p.start, false
	}
	for _, page := range p.pages {
		if page.to <= m.at {
			continue
		}
		if page.concerns(m) { // also: his scope may have been read before it
			return page.to, false
		}
		m.s.wire.insist(m.op, m.frames(nil, page))
		m.at = page.to
	}
	if m.s.wire.busy() {
		return 0, false // he has to take that first
	}
	m.at = max(m.at, p.at)
	p.singers[m] = struct{}{}
	m.part.Store(p)
	if m.ctx.Err() != nil { // it may have ended before anybody knew where he is
		delete(p.singers, m)
		return 0, false
	}
	return 0, true
}

// sing hands a page to all singers, and keeps it for those who come in. It ends
// the part when nobody is there to hear it.
func (p *part) sing(next page) (more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.singers) == 0 && len(p.pages) > 0 {
		p.leave()
		return false
	}
	p.keep(next)
	now := time.Now()
	for m := range p.singers {
		if next.concerns(m) || !m.until.IsZero() && !now.Before(m.until) {
			delete(p.singers, m)
			go p.c.enter(m)
			continue
		}
		if p.line = m.frames(p.line[:0], next); len(p.line) > 0 && !m.s.wire.send(m.op, p.line) {
			delete(p.singers, m)
			m.s.close(closeTooSlow, "Too slow: come back with the cursor of the last event")
			continue
		}
		m.at = max(m.at, next.to)
	}
	p.at = next.to
	return true
}

// keep adds a page to those at hand, and lets the oldest go.
func (p *part) keep(next page) {
	p.pages, p.bytes = append(p.pages, next), p.bytes+next.bytes
	for len(p.pages) > partPages || p.bytes > partBytes && len(p.pages) > 1 {
		p.start, p.bytes = p.pages[0].to, p.bytes-p.pages[0].bytes
		p.pages[0] = page{}
		p.pages = p.pages[1:]
	}
}

// drop forgets a singer.
func (p *part) drop(m *singer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.singers, m)
	if len(p.singers) == 0 {
		p.leave()
	}
}

// leave ends the part; who still wants in finds it ended.
func (p *part) leave() {
	if p.ended {
		return
	}
	p.ended = true
	p.cancel()
	p.c.forget(p)
}

func (c *chorus) forget(p *part) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parts[p.key] == p {
		delete(c.parts, p.key)
	}
}

// finish ends the part for all who are in it. An error is theirs: each may come
// back with his cursor.
func (p *part) finish(errs gqlerror.List) {
	p.mu.Lock()
	p.leave()
	singers := p.singers
	p.singers = map[*singer]struct{}{}
	p.mu.Unlock()
	for m := range singers {
		if len(errs) > 0 {
			m.s.finish(m.op, errs)
		} else {
			go p.c.enter(m)
		}
	}
}
