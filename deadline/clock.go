package deadline

import (
	"errors"
	"fmt"
	"iter"
	"time"
)

// stretch is real time, from inclusive, to exclusive.
type stretch struct{ from, to time.Time }

func (s stretch) length() time.Duration { return s.to.Sub(s.from) }

// overlaps says whether they share any time; what is empty shares none.
func (s stretch) overlaps(o stretch) bool {
	begin, end := s.from, s.to
	if begin.Before(o.from) {
		begin = o.from
	}
	if o.to.Before(end) {
		end = o.to
	}
	return begin.Before(end)
}

func length(all []stretch) time.Duration {
	var sum time.Duration
	for _, s := range all {
		sum += s.length()
	}
	return sum
}

// after keeps what lies behind a moment.
func after(all []stretch, t time.Time) []stretch {
	var out []stretch
	for _, s := range all {
		if s.from.Before(t) {
			s.from = t
		}
		if s.from.Before(s.to) {
			out = append(out, s)
		}
	}
	return out
}

// before keeps what lies in front of a moment.
func before(all []stretch, t time.Time) []stretch {
	return cut(all, stretch{t, t.AddDate(1, 0, 0)})
}

// without takes the suspended time out.
func without(all []stretch, off []Suspension) []stretch {
	for _, s := range off {
		all = cut(all, s.stretch())
	}
	return all
}

func cut(all []stretch, hole stretch) []stretch {
	if !overlapsAny(all, hole) {
		return all
	}
	var out []stretch
	for _, s := range all {
		if !s.overlaps(hole) {
			out = append(out, s)
			continue
		}
		if s.from.Before(hole.from) {
			out = append(out, stretch{s.from, hole.from})
		}
		if hole.to.Before(s.to) {
			out = append(out, stretch{hole.to, s.to})
		}
	}
	return out
}

func overlapsAny(all []stretch, hole stretch) bool {
	for _, s := range all {
		if s.overlaps(hole) {
			return true
		}
	}
	return false
}

// moment is the first moment of a day at which the clock on the wall shows m or
// later. An hour that is skipped in March shrinks to the moment of the change;
// of an hour that comes twice in October the first is taken. So moments keep the
// order of the clock, and the spans of a day cannot overlap.
func (c Calendar) moment(d Date, m Minutes) time.Time {
	wall := time.Date(d.Year, d.Month, d.Day, 0, int(m), 0, 0, time.UTC)
	t := time.Date(d.Year, d.Month, d.Day, 0, int(m), 0, 0, c.zone())
	begin, end := t.ZoneBounds()
	switch shown := wallClock(t); {
	case shown.Before(wall): // skipped; t was reckoned with the clock after the change
		return end
	case shown.After(wall): // skipped; with the clock before it
		return begin
	}
	if begin.IsZero() {
		return t
	}
	_, offset := begin.Add(-1).Zone()
	if earlier := wall.Add(-time.Duration(offset) * time.Second); earlier.Before(begin) {
		return earlier.In(c.zone())
	}
	return t
}

func wallClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// days gives the days from that of a moment on, up to the horizon.
func (c Calendar) days(from time.Time) iter.Seq[day] {
	return func(yield func(day) bool) {
		if checkMoment(from) != nil {
			return
		}
		first := c.DateOf(from)
		for d := first; d.Year <= first.Year+Horizon; d = d.next() {
			if !yield(c.day(d)) {
				return
			}
		}
	}
}

// stretches gives the working time from a moment on, in order.
func (c Calendar) stretches(from time.Time, off []Suspension) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		for d := range c.days(from) {
			for _, s := range without(after(d.work, from), off) {
				if !yield(s) {
					return
				}
			}
		}
	}
}

func checkMoment(t time.Time) error {
	if year := t.UTC().Year(); year < firstYear || year > lastYear {
		return fmt.Errorf("a term cannot begin in the year %d", year)
	}
	return nil
}

// Add gives the first moment by which that much working time has passed. Where
// that is the end of a working day it is this end, and not the next morning.
func (c Calendar) Add(from time.Time, working time.Duration, off ...Suspension) (time.Time, error) {
	if working < 0 {
		return time.Time{}, errors.New("working time cannot be taken back")
	}
	if err := errors.Join(c.Check(), checkMoment(from), checkSuspensions(off)); err != nil {
		return time.Time{}, err
	}
	from = from.Round(0).In(c.Zone)
	if working == 0 {
		return from, nil
	}
	for s := range c.stretches(from, off) {
		if working <= s.length() {
			return s.from.Add(working), nil
		}
		working -= s.length()
	}
	return time.Time{}, ErrNoEnd
}

// Between gives the working time from a to b: none when b is not later, and not
// more than there is within Horizon.
func (c Calendar) Between(a, b time.Time, off ...Suspension) time.Duration {
	a, b = a.Round(0), b.Round(0)
	var sum time.Duration
	for s := range c.stretches(a, off) {
		if !s.from.Before(b) {
			break
		}
		if b.Before(s.to) {
			s.to = b
		}
		sum += s.length()
	}
	return sum
}

// At gives the moment at which that fraction of the working time between start
// and due has passed: start for 0, due for 1.
func (c Calendar) At(start, due time.Time, fraction float64, off ...Suspension) time.Time {
	if fraction >= 1 {
		return due
	}
	if !(fraction > 0) { // so that NaN is caught too
		return start
	}
	part := time.Duration(fraction * float64(c.Between(start, due, off...)))
	at, err := c.Add(start, part, off...)
	if err != nil || due.Before(at) {
		return due
	}
	return at
}

// Open says whether there is work at that moment.
func (c Calendar) Open(t time.Time) bool {
	tomorrow := c.DateOf(t).next() // where clocks go back over midnight its work may have begun
	for d := range c.days(t) {
		if tomorrow.Before(d.date) {
			return false
		}
		if s := after(d.work, t); len(s) > 0 && s[0].from.Equal(t) {
			return true
		}
	}
	return false
}

// NextOpen gives t itself when there is work then, or else the next moment at
// which it begins; the zero time when that is not within Horizon.
func (c Calendar) NextOpen(t time.Time) time.Time {
	for s := range c.stretches(t.Round(0), nil) {
		return s.from.In(c.zone())
	}
	return time.Time{}
}
