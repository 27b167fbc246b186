// Package overview counts how the work went, day by day and office by office.
//
//   - What is counted are cases as they are known now: the reserved ones too, as on
//     the boards, none that was put into another, each with the office that has it now.
//   - Each figure is the number of cases that a filter of the API finds.
//   - It is for whom the guard lets oversee the office, or the house. The counting itself
//     is done by the program: counts of rows are nothing that the guard could judge.
package overview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
)

// MostDays bounds what is asked for at once.
const MostDays = 400

// Question is what is asked for: the days from that of From to that of the last
// moment before Until, in a zone, of one office or, for 0, of the whole house.
type Question struct {
	Office      int
	From, Until time.Time
	Zone        *time.Location
}

// Overview is how the work went.
type Overview struct {
	From, Until time.Time // whole days: from inclusive, until exclusive
	Figures
	Days    []Day
	Offices []Office // that had something to count, by id; the desk is none
}

// Figures are of all days together.
type Figures struct {
	Arrived  int // cases that were received
	Closed   int // and are closed now
	Breached int // with a term that was breached
	ToAssign Pace
	ToClose  Pace
}

// Day is one day.
type Day struct {
	From, Until               time.Time
	Arrived, Closed, Breached int
	Open                      int // at its end: received by then, and not closed by then
}

// Office is what an office that has the cases now had.
type Office struct {
	ID int
	Figures
}

// Pace is how long something took from the receipt of a case, in whole plain hours,
// nights and holidays included, rounded down. Its ranks are nearest: half of the
// cases, or nine of ten, took no longer.
type Pace struct {
	Count       int
	Median, P90 int // when Count is not 0
}

// Check tells what is wrong with a question, in words for who asks.
func (q Question) Check() error {
	days := q.days()
	switch {
	case !q.From.Before(q.Until):
		return errors.New("from has to lie before until")
	case len(days) > MostDays:
		return fmt.Errorf("at most %d days are counted at once", MostDays)
	}
	return nil
}

// days are the days of a question, one more than may be asked for at most.
func (q Question) days() []Day {
	var all []Day
	year, month, day := q.From.In(q.Zone).Date()
	begins := time.Date(year, month, day, 0, 0, 0, 0, q.Zone)
	for i := 1; begins.Before(q.Until) && i <= MostDays+1; i++ {
		ends := time.Date(year, month, day+i, 0, 0, 0, 0, q.Zone)
		all = append(all, Day{From: begins, Until: ends})
		begins = ends
	}
	return all
}

// Of counts; nil for who may not know. The question has been checked.
func Of(ctx context.Context, client *ent.Client, q Question) (*Overview, error) {
	v, _ := guard.From(ctx)
	if !v.Oversees(q.Office) {
		return nil, nil
	}
	days := q.days()
	o := &Overview{From: days[0].From, Until: days[len(days)-1].Until, Days: days}
	c := counter{ctx: guard.NewContext(ctx, guard.System("overview")), client: client, office: q.Office}
	offices := map[int]*Figures{}
	for _, part := range []func(*counter, map[int]*Figures) error{o.flow, o.breaches, o.backlog, o.paces} {
		if err := part(&c, offices); err != nil {
			return nil, fmt.Errorf("count for the overview: %w", err)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(offices)) {
		if id != 0 {
			o.Offices = append(o.Offices, Office{ID: id, Figures: *offices[id]})
		}
	}
	return o, nil
}

// of gives the figures of an office, made when they are first asked for.
func of(offices map[int]*Figures, id int) *Figures {
	if offices[id] == nil {
		offices[id] = &Figures{}
	}
	return offices[id]
}

// flow counts what came and what was closed, by day.
func (o *Overview) flow(c *counter, offices map[int]*Figures) error {
	came, err := c.within(arrived, o.spans())
	for _, n := range came {
		o.Days[n.Span].Arrived = n.Count
		o.Arrived += n.Count
	}
	if err != nil {
		return err
	}
	went, err := c.within(closed, o.spans())
	for _, n := range went {
		o.Days[n.Span].Closed = n.Count
		o.Closed += n.Count
	}
	if err != nil {
		return err
	}
	some, err := c.byOffice(arrived, span{o.From, o.Until})
	for _, n := range some {
		of(offices, n.Office).Arrived = n.Count
	}
	return err
}

func (o *Overview) spans() []span {
	all := make([]span, len(o.Days))
	for i, d := range o.Days {
		all[i] = span{d.From, d.Until}
	}
	return all
}

// breaches counts cases with a breached term: one that had two counts once a day,
// and once in all days together.
func (o *Overview) breaches(c *counter, offices map[int]*Figures) error {
	daily, err := c.within(breached, o.spans())
	for _, n := range daily {
		o.Days[n.Span].Breached = n.Count
	}
	if err != nil {
		return err
	}
	once, err := c.byOffice(breached, span{o.From, o.Until})
	for _, n := range once {
		o.Breached += n.Count
		of(offices, n.Office).Breached = n.Count
	}
	return err
}

// backlog reckons what was open at the end of each day, from what was open before
// the first and what came and went since. A case that was closed before it was
// received, by the clocks of two servers, was never open.
func (o *Overview) backlog(c *counter, _ map[int]*Figures) error {
	open, err := c.openAt(o.From)
	if err != nil {
		return err
	}
	odd, err := c.closedBeforeReceived(o.Until)
	if err != nil {
		return err
	}
	for i := range o.Days {
		d := &o.Days[i]
		open += d.Arrived - d.Closed
		d.Open = open
		for _, one := range odd {
			d.Open -= came(one.ReceivedAt, o.From, d.Until) - came(one.ClosedAt, o.From, d.Until)
		}
	}
	return nil
}

// came is 1 when a moment lies in a span, and 0 otherwise.
func came(t, from, until time.Time) int {
	if !t.Before(from) && t.Before(until) {
		return 1
	}
	return 0
}

// paces finds how long the cases took that were given to a person first, and those
// that were closed.
func (o *Overview) paces(c *counter, offices map[int]*Figures) error {
	for _, p := range []struct {
		what measure
		of   func(*Figures) *Pace
	}{{assigned, func(f *Figures) *Pace { return &f.ToAssign }}, {closed, func(f *Figures) *Pace { return &f.ToClose }}} {
		rows, err := c.hours(p.what, span{o.From, o.Until})
		if err != nil {
			return err
		}
		byOffice := map[int][]took{}
		for _, r := range rows {
			byOffice[r.Office] = append(byOffice[r.Office], r)
		}
		for id, some := range byOffice {
			*p.of(of(offices, id)) = paceOf(some)
		}
		*p.of(&o.Figures) = paceOf(rows)
	}
	for _, f := range offices {
		f.Closed = f.ToClose.Count
	}
	return nil
}

// paceOf finds the ranks among how many took how long.
func paceOf(rows []took) Pace {
	slices.SortFunc(rows, func(a, b took) int { return cmp.Compare(a.Hours, b.Hours) })
	var p Pace
	for _, r := range rows {
		p.Count += r.Count
	}
	rank := func(percent int) int {
		nearest, seen := (p.Count*percent+99)/100, 0
		for _, r := range rows {
			if seen += r.Count; seen >= nearest {
				return max(r.Hours, 0)
			}
		}
		return 0
	}
	p.Median, p.P90 = rank(50), rank(90)
	return p
}
