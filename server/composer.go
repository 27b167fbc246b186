package server

import (
	"context"
	"slices"
	"time"

	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// composeAttempts is how often what decides may change meanwhile before each
// voice is answered by itself.
const composeAttempts = 3

// compose executes a page for some voices: once for those that see the same.
func (p *part) compose(show *performance, events []event.Event, voices []*voice) (page, error) {
	for range composeAttempts {
		if len(voices) < 2 {
			break
		}
		c := composer{chorus: p.c, show: show, events: events, page: pageOf(p.at, events), bodies: map[variant][]byte{}}
		if sure, err := c.compose(voices); err != nil || sure {
			return c.page, err
		}
	}
	next := pageOf(p.at, events)
	for _, v := range voices {
		_, songs, err := show.sing(v.viewer, events)
		if err != nil {
			return next, err
		}
		next.add(v.scope, songs)
	}
	return next, nil
}

// composer makes a page of what voices see, as facts tell. An event is executed
// for the first voice of each sort that sees it in some way, and as that voice: the
// guard has its say every time.
type composer struct {
	chorus *chorus
	show   *performance
	events []event.Event
	page   page
	bodies map[variant][]byte // nil of one: the document does not ask for it
}

// variant is an event as a voice sees it.
type variant struct {
	seq        int
	seen, kind byte
}

// compose gives whether all is sure: the facts were the same afterwards.
func (c *composer) compose(voices []*voice) (sure bool, err error) {
	if c.page.facts, err = c.facts(); err != nil {
		return false, err
	}
	for _, v := range voices {
		if sure, err := c.sing(v); err != nil || !sure {
			return false, err
		}
	}
	after, err := c.facts()
	return err == nil && after.Same(c.page.facts), err
}

// factsTime bounds the reading of facts.
const factsTime = 15 * time.Second

// facts are those of now. Their error is the clients', or errOver.
func (c *composer) facts() (*guard.Facts, error) {
	about := make([]guard.Happening, len(c.events))
	for i, e := range c.events {
		about[i] = e.Happening()
	}
	ctx, cancel := context.WithTimeout(c.show.ctx, factsTime)
	defer cancel()
	facts, err := guard.ReadFacts(ctx, c.chorus.resolver.Client, about)
	if err != nil {
		return nil, c.chorus.over(c.show.ctx, err)
	}
	return facts, nil
}

// sing adds what a voice gets, if none that gets the same was there before.
func (c *composer) sing(v *voice) (sure bool, err error) {
	mark := v.mark(c.page.facts)
	if _, found := c.page.sung[mark]; found {
		return true, nil
	}
	of := func(i int) variant { return variant{c.events[i].Seq, mark[i], v.kind} }
	var missing []event.Event
	for i, e := range c.events {
		if _, found := c.bodies[of(i)]; mark[i] != 0 && !found {
			missing = append(missing, e)
			c.bodies[of(i)] = nil
		}
	}
	if len(missing) > 0 {
		visible, songs, err := c.show.sing(v.viewer, missing)
		if err != nil || len(visible) != len(missing) {
			return false, err
		}
		for _, s := range songs {
			i := slices.IndexFunc(c.events, func(e event.Event) bool { return e.Seq == s.seq })
			c.bodies[of(i)] = s.body
		}
	}
	var songs []song
	for i, e := range c.events {
		if body := c.bodies[of(i)]; body != nil {
			songs = append(songs, song{e.Seq, body})
		}
	}
	c.page.add(mark, songs)
	return true, nil
}
