package deadline

import (
	"errors"
	"fmt"
	"time"
)

// Term is what is to be reckoned (termine).
type Term struct {
	Start       time.Time
	Amount      Amount
	Suspensions []Suspension
}

// Suspension is a time in which a term does not run (sospensione): From is in
// it, To is not. A zero To means that it is still going on.
type Suspension struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// Ongoing says that nobody knows yet when it ends.
func (s Suspension) Ongoing() bool { return s.To.IsZero() }

func (s Suspension) stretch() stretch {
	if s.Ongoing() {
		return stretch{s.From, time.Date(lastYear+2*Horizon, time.January, 1, 0, 0, 0, 0, time.UTC)}
	}
	return stretch{s.From, s.To}
}

func checkSuspensions(all []Suspension) error {
	if len(all) > maxSuspensions {
		return fmt.Errorf("%d suspensions are too many: at most %d", len(all), maxSuspensions)
	}
	for _, s := range all {
		if s.From.IsZero() || !s.Ongoing() && s.To.Before(s.From) {
			return errors.New("a suspension has no beginning, or ends before it begins")
		}
	}
	return nil
}

// Reckoning is when a term ends, and how that was found, day by day.
type Reckoning struct {
	Due       time.Time // zero while the term is suspended
	Suspended bool      // nobody knows yet when it ends; the lines go as far as it ran
	Lines     []Line
}

// LineKind says what became of a day.
type LineKind string

// The kinds of line.
const (
	Started   LineKind = "start"     // the term begins
	Counted   LineKind = "counted"   // one day more, or some hours
	Skipped   LineKind = "skipped"   // no working day
	Suspended LineKind = "suspended" // not counted, in whole or (hours) in part
	Moved     LineKind = "moved"     // the term would have ended, but there is no work on this day
	Due       LineKind = "due"       // the last day: the term ends
)

// Line is one line of a reckoning. Why says why a day was skipped, suspended or
// moved: the holiday, the day of the week, the closure, or the reason of the
// suspension; the last two as somebody wrote them, in either language.
type Line struct {
	Date   Date
	Kind   LineKind
	Why    Named
	At     time.Time     // of Started and Due: the moment
	Days   int           // counted so far, of a term in days
	Worked time.Duration // counted so far, of a term in hours
	Unit   Unit          // of the term
}

// Check says what is wrong with a term.
func (t Term) Check() error {
	return errors.Join(checkMoment(t.Start), t.Amount.Check(), checkSuspensions(t.Suspensions))
}

// Reckon says when a term ends, and why then.
func (c Calendar) Reckon(t Term) (Reckoning, error) {
	if err := errors.Join(c.Check(), t.Check()); err != nil {
		return Reckoning{}, fmt.Errorf("reckoning a term: %w", err)
	}
	t.Start = t.Start.Round(0).In(c.Zone)
	w := walk{Term: t}
	w.write(Line{Date: c.DateOf(t.Start), Kind: Started, At: t.Start})
	step := w.day
	if t.Amount.Unit == WorkingHours {
		step = w.hours
	}
	for d := range c.days(t.Start) {
		if step(d); w.done() {
			return w.Reckoning, nil
		}
	}
	return Reckoning{}, fmt.Errorf("reckoning a term of %s: %w", t.Amount, ErrNoEnd)
}

// walk goes through the days of a term and writes down what it finds.
type walk struct {
	Term
	Reckoning
	counted int
	worked  time.Duration
}

func (w *walk) done() bool { return w.Suspended || !w.Due.IsZero() }

func (w *walk) write(l Line) {
	l.Days, l.Worked, l.Unit = w.counted, w.worked, w.Amount.Unit
	w.Lines = append(w.Lines, l)
}

func (w *walk) skip(d day, kind LineKind) {
	w.write(Line{Date: d.date, Kind: kind, Why: d.why})
}

// suspend writes that a day is suspended; when nobody knows for how long the
// walk is over.
func (w *walk) suspend(d day, s Suspension) {
	w.write(Line{Date: d.date, Kind: Suspended, Why: Named{s.Reason, s.Reason}})
	w.Suspended = s.Ongoing()
}

func (w *walk) due(d day, at time.Time) {
	w.Due = at
	w.write(Line{Date: d.date, Kind: Due, At: at})
}

// day takes one day of a term in working or calendar days.
func (w *walk) day(d day) {
	if d.date == w.Lines[0].Date {
		return // dies a quo non computatur
	}
	all := w.counted == w.Amount.N // and the last day was no working day
	skipped := !d.working() && w.Amount.Unit == WorkingDays
	s, suspended := w.touching(d)
	switch {
	case skipped:
		w.skip(d, Skipped)
	case suspended:
		w.suspend(d, s)
	case all && !d.working():
		w.skip(d, Moved)
	case all:
		w.due(d, d.closes())
	default:
		w.count(d)
	}
}

func (w *walk) count(d day) {
	w.counted++
	switch {
	case w.counted < w.Amount.N:
		w.write(Line{Date: d.date, Kind: Counted})
	case d.working():
		w.due(d, d.closes())
	default:
		w.skip(d, Moved)
	}
}

// touching finds what suspends a day: what touches its working time, or the day
// itself when there is none. So what begins after closing time changes nothing
// about a term that has ended by then.
func (w *walk) touching(d day) (Suspension, bool) {
	work := d.work
	if !d.working() {
		work = []stretch{d.whole}
	}
	return firstOver(w.Suspensions, work)
}

// firstOver prefers one that is going on: it decides.
func firstOver(all []Suspension, work []stretch) (found Suspension, ok bool) {
	for _, s := range all {
		if !overlapsAny(work, s.stretch()) {
			continue
		}
		if s.Ongoing() {
			return s, true
		}
		if !ok {
			found, ok = s, true
		}
	}
	return found, ok
}

// hours takes one day of a term in working hours.
func (w *walk) hours(d day) {
	if !d.working() {
		w.skip(d, Skipped)
		return
	}
	work := after(d.work, w.Start)
	if len(work) == 0 {
		return // it began after closing time
	}
	free := without(work, w.Suspensions)
	left := time.Duration(w.Amount.N)*time.Hour - w.worked
	if at, ok := spend(free, left); ok {
		w.lost(d, before(work, at))
		w.worked += left
		w.due(d, at)
		return
	}
	w.worked += length(free)
	if len(free) > 0 {
		w.write(Line{Date: d.date, Kind: Counted})
	}
	w.lost(d, work)
}

// lost writes what of a day's working time was suspended.
func (w *walk) lost(d day, work []stretch) {
	if s, ok := firstOver(w.Suspensions, work); ok {
		w.suspend(d, s)
	}
}

// spend gives the moment at which so much of the time has passed.
func spend(free []stretch, left time.Duration) (time.Time, bool) {
	for _, s := range free {
		if left <= s.length() {
			return s.from.Add(left), true
		}
		left -= s.length()
	}
	return time.Time{}, false
}
