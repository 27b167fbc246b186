package server

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// part is one live question, for all voices that ask it.
type part struct {
	c      *chorus
	key    partKey
	asked  *graphql.RawParams // what its singers ask, wherever they started
	cancel context.CancelFunc

	mu     sync.Mutex
	voices map[string]*voice // by scope
	seats  []seat
	pages  []page // the newest ones, without holes
	bytes  int    // of their songs
	start  int    // the place before the first of them
	at     int    // the place after the last: everything up to here was sung
	ended  bool
}

// seat is where a singer sits in a part, with all that is asked of him for each
// page: it lies together, since looking around costs as much as a page does.
type seat struct {
	m      *singer
	wire   *wire
	op     *operation
	voice  *voice
	person int
	at     int       // everything up to here was said to him
	until  time.Time // when his rights change by themselves
}

// part finds the part of a singer's question, or begins it at his place.
func (c *chorus) part(m *singer, scope guard.Person) *part {
	key := partKey{question: m.question, language: graph.RequestFrom(m.ctx).Language}
	if !m.plain {
		key.scope = newVoice(scope).scope
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.parts[key]; p != nil {
		m.asked, m.question = p.asked, p.key.question // the same; one copy for all
		return p
	}
	ctx := graph.WithRequest(context.Background(), graph.Request{ID: "live", Language: key.language})
	ctx, cancel := context.WithCancel(context.WithValue(ctx, overSocket{}, true))
	first := newVoice(scope)
	p := &part{c: c, key: key, asked: m.asked, cancel: cancel, voices: map[string]*voice{first.scope: first}, start: m.at, at: m.at}
	c.parts[key] = p
	go func() {
		defer cancel()
		p.finish(p.live(ctx)) //nolint:contextcheck // each singer has a context of his own
	}()
	return p
}

// live follows the register until nobody is there to hear it any more.
func (p *part) live(ctx context.Context) error {
	show, err := p.c.perform(ctx, p.asked)
	if err != nil {
		return err
	}
	defer show.end()
	for s := p.c.resolver.Feed.From(p.at); ; {
		events, err := s.Next(ctx)
		if err != nil {
			return p.c.over(ctx, err)
		}
		next, err := p.compose(show, events, p.present()) //nolint:contextcheck // the performance has the context
		if err != nil {
			return err
		}
		if !p.sing(next) { //nolint:contextcheck // each singer has a context of his own
			return nil
		}
	}
}

// present are the voices of now: those that somebody has, or that are about to come in first.
func (p *part) present() (voices []*voice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range p.voices {
		if v.seats > 0 || len(p.seats) == 0 {
			voices = append(voices, v)
		}
	}
	return voices
}

// taken is how it went to take somebody in: he is in, or has to try again, after
// he was answered alone up to a place, or what the part has at hand was executed
// for his voice.
type taken struct {
	in     bool
	behind int
	unsung bool
}

// take brings a singer to the place of the part, by what it has at hand, and
// takes him in.
func (p *part) take(m *singer, scope guard.Person) taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || m.ctx.Err() != nil {
		return taken{}
	}
	if m.at < p.start {
		return taken{behind: p.start}
	}
	v := newVoice(scope)
	if there := p.voices[v.scope]; there != nil {
		v = there
	}
	// What was sung before something that concerns him was not for who he is now;
	// nor may his scope be that, if it was read before.
	for _, page := range slices.Backward(p.pages) {
		if page.to > m.at && page.concerns(m.person) {
			return taken{behind: page.to}
		}
	}
	for i := range p.pages {
		page := &p.pages[i]
		if page.to <= m.at {
			continue
		}
		songs, sung := page.of(v)
		if !sung {
			return taken{unsung: true}
		}
		m.s.wire.insist(m.op, frames(nil, songs, m.op, m.at))
		m.at = page.to
	}
	if m.s.wire.busy() {
		return taken{} // he has to take that first
	}
	m.place.Store(int64(len(p.seats)))
	v.seats++
	p.voices[v.scope] = v
	p.seats = append(p.seats, seat{m: m, wire: m.s.wire, op: m.op, voice: v, person: m.person, at: max(m.at, p.at), until: m.until})
	m.part.Store(p)
	if m.ctx.Err() != nil { // it may have ended before anybody knew where he is
		p.vacate(m)
		return taken{}
	}
	return taken{in: true}
}

// unsung are the places of the pages at hand that were not executed for a scope,
// from some place on.
func (p *part) unsung(v *voice, from int) (places [][2]int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.pages {
		page := &p.pages[i]
		if _, sung := page.of(v); !sung && page.to > from {
			places = append(places, [2]int{page.from, page.to})
		}
	}
	return places
}

// fill adds what a voice gets of a page that was sung before it came in.
func (p *part) fill(v *voice, from int, songs []song) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.pages {
		if page := &p.pages[i]; page.from == from {
			p.bytes -= page.bytes
			page.add(v.scope, songs)
			p.bytes += page.bytes
		}
	}
}

// vacate takes the seat of a singer away; his place in the register is his again.
func (p *part) vacate(m *singer) {
	place, last := int(m.place.Load()), len(p.seats)-1
	if place > last || p.seats[place].m != m {
		return // he has none here, perhaps in another part
	}
	m.at = p.seats[place].at
	v := p.seats[place].voice
	if v.seats--; v.seats == 0 {
		delete(p.voices, v.scope)
	}
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
	apart, slow := p.handOut(&next)
	for _, m := range apart {
		p.vacate(m)
		behind := 0
		if next.concerns(m.person) {
			behind = next.to
		}
		go p.c.enter(m, behind)
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
func (p *part) handOut(next *page) (apart, slow []*singer) {
	for _, v := range p.voices {
		v.songs, v.sung = next.of(v) // not for one that has just come in
	}
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
func (p *page) say(seats []seat) (apart, slow []*singer) {
	var line []byte // for one after the other
	now := time.Now()
	for i := range seats {
		s := &seats[i]
		if !s.voice.sung || p.concerns(s.person) || !s.until.IsZero() && !now.Before(s.until) {
			apart = append(apart, s.m)
			continue
		}
		if line = frames(line[:0], s.voice.songs, s.op, s.at); len(line) > 0 && !s.wire.send(s.op, line) {
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
func (p *part) finish(err error) {
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
		if errs := (gqlerror.List)(nil); errors.As(err, &errs) {
			m.s.finish(m.op, errs)
		} else {
			go p.c.enter(m, 0)
		}
	}
}
