package server

import (
	"context"
	"runtime"
	"slices"
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

	mu    sync.Mutex
	seats []seat
	pages []page // the newest ones, without holes
	bytes int    // of their songs
	start int    // the place before the first of them
	at    int    // the place after the last: everything up to here was sung
	ended bool
}

// seat is where a singer sits in a part, with all that is asked of him for each
// page: it lies together, since looking around costs as much as a page does.
type seat struct {
	m      *singer
	wire   *wire
	op     *operation
	person int
	at     int       // everything up to here was said to him
	until  time.Time // when his rights change by themselves
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
	p := &part{c: c, key: key, asked: m.asked, cancel: cancel, start: m.at, at: m.at}
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
		m.s.wire.insist(m.op, page.frames(nil, m.op, m.at))
		m.at = page.to
	}
	if m.s.wire.busy() {
		return 0, false // he has to take that first
	}
	m.place.Store(int64(len(p.seats)))
	p.seats = append(p.seats, seat{m: m, wire: m.s.wire, op: m.op, person: m.person, at: max(m.at, p.at), until: m.until})
	m.part.Store(p)
	if m.ctx.Err() != nil { // it may have ended before anybody knew where he is
		p.vacate(m)
		return 0, false
	}
	return 0, true
}

// vacate takes the seat of a singer away; his place in the register is his again.
func (p *part) vacate(m *singer) {
	place, last := int(m.place.Load()), len(p.seats)-1
	if place > last || p.seats[place].m != m {
		return // he has none here, perhaps in another part
	}
	m.at = p.seats[place].at
	p.seats[place] = p.seats[last]
	p.seats[place].m.place.Store(int64(place))
	p.seats[last] = seat{}
	p.seats = p.seats[:last]
}

// sing hands a page to all singers, and keeps it for those who come in. It ends
// the part when nobody is there to hear it.
func (p *part) sing(next page) (more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seats) == 0 && len(p.pages) > 0 {
		p.leave()
		return false
	}
	p.keep(next)
	apart, slow := p.handOut(next)
	for _, m := range apart {
		p.vacate(m)
		go p.c.enter(m)
	}
	for _, m := range slow {
		p.vacate(m)
		m.s.close(closeTooSlow, "Too slow: come back with the cursor of the last event")
	}
	p.at = next.to
	return true
}

// handOut says a page on all wires, with as many hands as there are processors.
// It gives those who have to go on apart from the part, and those who are too slow.
func (p *part) handOut(next page) (apart, slow []*singer) {
	const worthAHand = 256
	hands := max(1, min(runtime.GOMAXPROCS(0), len(p.seats)/worthAHand))
	if hands == 1 {
		return next.say(p.seats)
	}
	var all sync.WaitGroup
	parted, slowed := make([][]*singer, hands), make([][]*singer, hands)
	for i := range hands {
		some := p.seats[i*len(p.seats)/hands : (i+1)*len(p.seats)/hands]
		all.Go(func() { parted[i], slowed[i] = next.say(some) })
	}
	all.Wait()
	return slices.Concat(parted...), slices.Concat(slowed...)
}

// say says a page to some singers.
func (p page) say(seats []seat) (apart, slow []*singer) {
	var line []byte // for one after the other
	now := time.Now()
	for i := range seats {
		s := &seats[i]
		if p.all || p.people[s.person] || !s.until.IsZero() && !now.Before(s.until) {
			apart = append(apart, s.m)
			continue
		}
		if line = p.frames(line[:0], s.op, s.at); len(line) > 0 && !s.wire.send(s.op, line) {
			slow = append(slow, s.m)
			continue
		}
		s.at = max(s.at, p.to)
	}
	return apart, slow
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
	p.vacate(m)
	if len(p.seats) == 0 {
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
	var singers []*singer
	for len(p.seats) > 0 {
		m := p.seats[len(p.seats)-1].m
		p.vacate(m)
		singers = append(singers, m)
	}
	p.mu.Unlock()
	for _, m := range singers {
		if len(errs) > 0 {
			m.s.finish(m.op, errs)
		} else {
			go p.c.enter(m)
		}
	}
}
