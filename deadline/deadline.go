// Package deadline knows working time (tempo di lavoro): when an office works,
// which days are holidays, when a term ends and why. It is pure: it asks no
// clock and keeps nothing.
//
//   - Working hours are wall clock. On the nights when the clock changes the
//     day has an hour less or more, and a span has the hours that really pass.
//   - Each moment is reckoned in the calendar's zone, whatever zone it came in.
//   - The day of the start is not counted (dies a quo non computatur: art. 2963
//     c.c., co. 2; art. 155 c.p.c., co. 1).
//   - A term in days ends with the working time of its last day. The law gives
//     until midnight; nobody is at the office by then.
//   - A term in calendar days whose last day is no working day ends on the next
//     one: holidays by art. 2963 c.c., co. 3, Saturdays as in art. 155 c.p.c.,
//     co. 5, and here also any other day on which the office is closed.
//   - What is suspended does not count, and suspending never makes a term end
//     earlier. What begins after a term has ended does not change it.
//   - Every search ends: no term reaches farther than Horizon.
package deadline

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Horizon is how many years ahead is looked, whatever the calendar says.
const Horizon = 25

// Limits of what is taken from a configuration.
const (
	maxClosures    = 1000
	maxSuspensions = 1000
	firstYear      = 1900
	lastYear       = 9000
)

// ErrNoEnd is the answer when a term finds no working time to end in.
var ErrNoEnd = fmt.Errorf("this calendar has too little working time: the term does not end within %d years", Horizon)

// Calendar says when an office works. The zero value never does; Standard is
// where to begin.
type Calendar struct {
	Zone     *time.Location `json:"-"`
	Hours    [7][]Span      `json:"hours"` // by time.Weekday, Sunday first: in order, not overlapping
	Patron   MonthDay       `json:"patron,omitzero"`
	Closures []Closure      `json:"closures,omitempty"`
}

// Closure is a time when the office is closed of its own (chiusura), both days included.
type Closure struct {
	From Date   `json:"from"`
	To   Date   `json:"to"`
	Name string `json:"name,omitempty"`
}

// Standard is a calendar from Monday to Friday, 8 to 12 and 13 to 17, with the
// national holidays.
func Standard(zone *time.Location) Calendar {
	c := Calendar{Zone: zone}
	for day := time.Monday; day <= time.Friday; day++ {
		c.Hours[day] = []Span{{From: Clock(8, 0), To: Clock(12, 0)}, {From: Clock(13, 0), To: Clock(17, 0)}}
	}
	return c
}

// Check says what is wrong with a calendar, in words for whoever wrote it.
func (c Calendar) Check() error {
	if c.Zone == nil {
		return errors.New("the calendar has no time zone")
	}
	if err := c.checkHours(); err != nil {
		return err
	}
	if !c.Patron.valid() {
		return fmt.Errorf("the patron saint's day %s does not exist", c.Patron)
	}
	if len(c.Closures) > maxClosures {
		return fmt.Errorf("%d closures are too many: at most %d", len(c.Closures), maxClosures)
	}
	for _, closed := range c.Closures {
		if !closed.From.valid() || !closed.To.valid() || closed.To.Before(closed.From) {
			return fmt.Errorf("the closure %q from %s to %s is no stretch of days", closed.Name, closed.From, closed.To)
		}
	}
	return nil
}

func (c Calendar) checkHours() error {
	some := false
	for day, spans := range c.Hours {
		var last Minutes
		for _, s := range spans {
			if s.From < last || s.To <= s.From || s.To > endOfDay {
				return fmt.Errorf("working hours of %s: %s is out of order, empty or not within the day", time.Weekday(day), s)
			}
			last, some = s.To, true
		}
	}
	if !some {
		return errors.New("the calendar has no working hours")
	}
	return nil
}

// From is the calendar without the closures that ended before a day.
func (c Calendar) From(d Date) Calendar {
	return c.closed(func(closed Closure) bool { return !closed.To.Before(d) })
}

// Until is the calendar without the closures that begin after a day.
func (c Calendar) Until(d Date) Calendar {
	return c.closed(func(closed Closure) bool { return !d.Before(closed.From) })
}

// closed is the calendar with some of its closures.
func (c Calendar) closed(keep func(Closure) bool) Calendar {
	c.Closures = slices.DeleteFunc(slices.Clone(c.Closures), func(closed Closure) bool { return !keep(closed) })
	return c
}

// zone keeps methods that give no error from failing over a calendar that
// Check would refuse.
func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// day is one day of a calendar.
type day struct {
	date  Date
	whole stretch   // from midnight to midnight
	work  []stretch // none on a day that is no working day
	why   Named     // why not
}

func (d day) working() bool { return len(d.work) > 0 }

func (d day) closes() time.Time { return d.work[len(d.work)-1].to }

func (c Calendar) day(d Date) day {
	out := day{date: d, whole: stretch{c.moment(d, 0), c.moment(d, endOfDay)}}
	why, closed := c.Holiday(d)
	if closed {
		out.why = why
		return out
	}
	spans := c.Hours[d.Weekday()]
	if len(spans) == 0 {
		out.why = weekdays[d.Weekday()]
		return out
	}
	for _, s := range spans {
		if hours := (stretch{c.moment(d, s.From), c.moment(d, s.To)}); hours.from.Before(hours.to) {
			out.work = append(out.work, hours)
		}
	}
	if !out.working() {
		out.why = Named{"cambio dell'ora", "clock change"}
	}
	return out
}

// Holiday names a national holiday, the patron saint's day or a closure. A
// Sunday is none by itself: the working hours say so.
func (c Calendar) Holiday(d Date) (Named, bool) {
	if why, ok := national(d); ok {
		return why, true
	}
	if !c.Patron.IsZero() && c.Patron == (MonthDay{d.Month, d.Day}) {
		return Named{"Santo patrono", "Patron saint's day"}, true
	}
	for _, closed := range c.Closures {
		if d.Before(closed.From) || closed.To.Before(d) {
			continue
		}
		if closed.Name == "" {
			return Named{"chiusura", "closed"}, true
		}
		return Named{closed.Name, closed.Name}, true
	}
	return Named{}, false
}
