package server

import (
	"fmt"

	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// voice is a scope that sings in a part.
type voice struct {
	scope  string
	viewer guard.Viewer
	judge  *guard.Judge
	kind   byte // its role and what it may ask for, which tell people apart beside what they see
	seats  int  // that have it

	songs []song // of the page that is sung
	sung  bool   // it was executed for this voice
}

func newVoice(p guard.Person) *voice {
	v := &voice{scope: fmt.Sprintf("%+v", p), viewer: guard.Someone(p), judge: guard.NewJudge(p), kind: byte(p.Scopes) << 3}
	for i, is := range []bool{p.Sorter, p.Administrator, p.Auditor} {
		if is {
			v.kind |= 1 << i
		}
	}
	return v
}

// page is a stretch of the register as a part sings it.
type page struct {
	from, to int
	people   map[int]bool      // whom its events concern
	all      bool              // it may change everybody's rights
	facts    *guard.Facts      // by which voices are told apart; nil: each by itself
	sung     map[string][]song // by scope, or by how its events are seen
	bytes    int               // of the songs
}

// pageOf finds whom a page concerns.
func pageOf(from int, events []event.Event) page {
	p := page{from: from, to: events[len(events)-1].Seq, people: map[int]bool{}, sung: map[string][]song{}}
	for _, e := range events {
		for _, id := range e.Concerns() {
			p.people[id] = true
		}
		p.all = p.all || e.Kind == event.OfficeChanged
	}
	return p
}

// concerns tells whether a page has to be executed for a person himself, with the
// rights that he has after it.
func (p *page) concerns(person int) bool { return p.all || p.people[person] }

// of gives what is sung of a page to a voice; false when it was not executed for
// any that sees the same of it, nor for itself.
func (p *page) of(v *voice) (songs []song, sung bool) {
	if p.facts != nil {
		songs, sung = p.sung[v.mark(p.facts)]
	}
	if !sung {
		songs, sung = p.sung[v.scope]
	}
	return songs, sung
}

// mark is the same for voices that are answered alike: for each event how it is
// seen, 0 for not at all, and at last their kind.
func (v *voice) mark(facts *guard.Facts) string {
	sights := v.judge.Sights(facts)
	mark := make([]byte, len(sights)+1)
	for i, s := range sights {
		if s.Has(guard.SeesEvent) {
			mark[i] = byte(s)
		}
	}
	mark[len(sights)] = v.kind
	return string(mark)
}

func (p *page) add(mark string, songs []song) {
	p.sung[mark] = songs
	for _, s := range songs {
		p.bytes += len(s.body)
	}
}
