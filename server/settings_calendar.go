package server

import (
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // a machine need not have it

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
)

// zoneOf loads a time zone by its name; that of the machine is none, since the
// machine may change.
func zoneOf(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("this names no time zone")
	}
	return time.LoadLocation(name)
}

// zone is that of the house. A configuration that was not checked may have none.
func (c Config) zone() *time.Location {
	zone, err := zoneOf(c.Calendar.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// calendar is the working time of the house.
func (c Config) calendar(zone *time.Location) deadline.Calendar {
	house := deadline.Calendar{Zone: zone, Closures: closuresOf(c.Calendar.Closures)}
	house.Patron, _ = patronOf(c.Calendar.Patron) // checked before, as all that follows
	for day, text := range c.Calendar.week() {
		house.Hours[day], _ = spansOf(text)
	}
	return house
}

// week lists the hours, Sunday first as time.Weekday has it.
func (c Calendar) week() [7]string {
	return [7]string{c.Sunday, c.Monday, c.Tuesday, c.Wednesday, c.Thursday, c.Friday, c.Saturday}
}

// spansOf reads "08:00-12:00 13:00-17:00".
func spansOf(text string) ([]deadline.Span, error) {
	var spans []deadline.Span
	for part := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		var s deadline.Span
		if err := s.UnmarshalText([]byte(part)); err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return spans, nil
}

func patronOf(text string) (deadline.MonthDay, error) {
	var day deadline.MonthDay
	err := day.UnmarshalText([]byte(text))
	return day, err
}

// read gives the days of a closure.
func (c Closure) read() (deadline.Closure, error) {
	closed := deadline.Closure{Name: c.Name}
	if err := closed.From.UnmarshalText([]byte(c.From)); err != nil {
		return closed, err
	}
	closed.To = closed.From
	if c.To == "" {
		return closed, nil
	}
	return closed, closed.To.UnmarshalText([]byte(c.To))
}

func closuresOf(list []Closure) []deadline.Closure {
	var all []deadline.Closure
	for _, c := range list {
		if closed, err := c.read(); err == nil {
			all = append(all, closed)
		}
	}
	return all
}

// own is what the office adds to the calendar of the house.
func (o Office) own() dossier.OfficeCalendar {
	c := dossier.OfficeCalendar{Closures: closuresOf(o.Closures)}
	c.Patron, _ = patronOf(o.Patron)
	for _, text := range o.Hours {
		day, hours, _ := strings.Cut(strings.TrimSpace(text), " ")
		if c.Hours == nil {
			c.Hours = map[string][]deadline.Span{}
		}
		c.Hours[strings.ToLower(day)], _ = spansOf(hours)
	}
	return c
}

func (o Office) steps() []dossier.Step {
	var ladder []dossier.Step
	for _, s := range o.Ladder {
		ladder = append(ladder, dossier.Step{At: s.At, To: s.To})
	}
	return ladder
}

func (o Office) setting() desk.OfficeSetting {
	return desk.OfficeSetting{Code: o.Code, Name: o.Name, Habits: desk.Habits{
		Parent: o.Parent, HeadSeesBelow: o.HeadSeesBelow, OperatorsSeeOwn: o.OperatorsSeeOwn,
		OperatorsMayTake: o.OperatorsMayTake, ReasonToMove: o.ReasonToMove, Approvals: o.Approvals, Calendar: o.own(), Ladder: o.steps(),
	}}
}

func (d Deadline) setting() desk.DeadlineSetting {
	amount, _ := deadline.ParseAmount(d.Amount)
	return desk.DeadlineSetting{Kind: d.Kind, Amount: amount, Mailbox: d.Mailbox, Office: d.Office, Rule: d.Rule}
}
