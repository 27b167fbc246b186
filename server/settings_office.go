package server

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
)

// Calendar is the working time of the house. The hours of a day are stretches
// such as "08:00-12:00 13:00-17:00"; a day without any is none to work on.
type Calendar struct {
	Zone      string    `toml:"zone" default:"Europe/Rome" doc:"Time zone of working hours, dates and case numbers, as the IANA names it."`
	Monday    string    `toml:"monday" default:"08:00-12:00 13:00-17:00" doc:"Working hours of Mondays, one stretch after the other; empty in the file for none."`
	Tuesday   string    `toml:"tuesday" default:"08:00-12:00 13:00-17:00" doc:"Of Tuesdays."`
	Wednesday string    `toml:"wednesday" default:"08:00-12:00 13:00-17:00" doc:"Of Wednesdays."`
	Thursday  string    `toml:"thursday" default:"08:00-12:00 13:00-17:00" doc:"Of Thursdays."`
	Friday    string    `toml:"friday" default:"08:00-12:00 13:00-17:00" doc:"Of Fridays."`
	Saturday  string    `toml:"saturday" doc:"Of Saturdays."`
	Sunday    string    `toml:"sunday" doc:"Of Sundays."`
	Patron    string    `toml:"patron" doc:"Day of the patron saint, month and day: 06-24. The national holidays are known. One that administrators set in the web client holds instead."`
	Closures  []Closure `toml:"closures" doc:"Days on which the house is closed of its own (chiusure), besides those that administrators keep in the web client."`
}

// Closure is a day or more on which nobody works.
type Closure struct {
	From string `toml:"from" required:"yes" doc:"First day: 2026-08-10."`
	To   string `toml:"to" doc:"Last day; empty for one day only."`
	Name string `toml:"name" doc:"What people call it: Chiusura estiva."`
}

// Office is an [[office]]. What may also be set while the program runs is a
// pointer: nil leaves it as it is.
type Office struct {
	Code string `toml:"code" required:"yes" doc:"Short name that never changes, for instance tributi."`
	Name string `toml:"name" required:"yes" doc:"Name as people know it, for instance Ufficio Tributi."`

	Parent           *string `toml:"parent" doc:"Code of the office above; \"\" for none. This and the next five stay as they were set elsewhere (smista office set) when the file does not say them."`
	HeadSeesBelow    *bool   `toml:"head_sees_below" doc:"Whether its head reads the cases of the offices below; at first false."`
	OperatorsSeeOwn  *bool   `toml:"operators_see_own" doc:"Whether its operators read only the cases assigned to them; at first false."`
	OperatorsMayTake *bool   `toml:"operators_may_take" doc:"Whether its operators may take a case that nobody has; at first true."`
	ReasonToMove     *bool   `toml:"reason_to_move" doc:"Whether assigning, giving back and taking back ask for a reason; at first false."`

	Approvals *int `toml:"approvals" doc:"How many have to approve a reply before it leaves: 0, 1 or 2; at first 0."`

	Patron   string    `toml:"patron" doc:"Day of the patron saint, instead of the house's: 06-24."`
	Closures []Closure `toml:"closures" doc:"Days on which it is closed, besides the house's."`
	Hours    []string  `toml:"hours" doc:"Working hours instead of the house's, a day in each text: monday 08:00-14:00. Days that are not said are none to work on."`
	Ladder   []Step    `toml:"ladder" doc:"Who is reminded when (scala dei solleciti). Without it: the operator at 0.5, operator and head at 0.8, these and the desk at the breach, then operator and head every 8 working hours."`
}

// Step is a step of the ladder of reminders.
type Step struct {
	At string   `toml:"at" required:"yes" doc:"A fraction of the working time of the term (0.5), breach, or as the last one: every 4 working hours."`
	To []string `toml:"to" doc:"Of operator, head and desk."`
}

// Deadline is a [[deadline]].
type Deadline struct {
	Kind    string `toml:"kind" required:"yes" doc:"What it is for: until a case is assigned (assign), or until it is closed as worked (work) or answered (answer)."`
	Amount  string `toml:"amount" required:"yes" doc:"How long: 30 working days, 8 working hours, 30 days. It runs from the certified time of the PEC."`
	Mailbox string `toml:"mailbox" doc:"Address of the mailbox whose cases it is for."`
	Office  string `toml:"office" doc:"Code of the office whose cases it is for."`
	Rule    string `toml:"rule" doc:"Name of the rule whose cases it is for."`
}

// above checks that each office above is there, and none is above itself.
func (l *loading) above(codes []string) {
	parents := map[string]string{}
	for i, o := range l.config.Offices {
		if o.Parent == nil || *o.Parent == "" {
			continue
		}
		parents[o.Code] = *o.Parent
		if !slices.Contains(codes, *o.Parent) {
			l.problem(fmt.Sprintf("office[%d].parent", i), "there is no office %q; add it as [[office]]", *o.Parent)
		}
	}
	for i, o := range l.config.Offices {
		at := o.Code
		for range codes {
			if at = parents[at]; at == o.Code && at != "" {
				l.problem(fmt.Sprintf("office[%d].parent", i), "%q would stand below itself; write another office, or \"\" for none", o.Code)
				break
			}
		}
	}
}

// calendars checks the working time of the house and the habits of its offices.
func (l *loading) calendars() {
	before := len(l.problems)
	c := &l.config.Calendar
	if _, err := zoneOf(c.Zone); err != nil {
		l.problem("calendar.zone", "%q is no time zone; write its IANA name, for instance Europe/Rome", c.Zone)
	}
	for day, text := range c.week() {
		l.hours("calendar."+dossier.Weekdays()[day], text)
	}
	l.patron("calendar", c.Patron)
	l.closures("calendar", c.Closures)
	if len(l.problems) == before {
		if err := l.config.calendar(l.config.zone()).Check(); err != nil {
			l.problem("calendar", "%v; give hours to a day, such as monday = \"08:00-14:00\"", err)
		}
	}
	for i, o := range l.config.Offices {
		l.habits(fmt.Sprintf("office[%d]", i), o)
	}
}

func (l *loading) habits(key string, o Office) {
	l.patron(key, o.Patron)
	l.closures(key, o.Closures)
	days := map[string]bool{}
	for i, text := range o.Hours {
		at := fmt.Sprintf("%s.hours[%d]", key, i)
		day, hours, _ := strings.Cut(strings.TrimSpace(text), " ")
		switch day = strings.ToLower(day); {
		case !slices.Contains(weekdays(), day):
			l.problem(at, "%q is no day of the week; write it like \"monday 08:00-14:00\"", day)
		case days[day]:
			l.problem(at, "%s stands twice; write all its hours in one text", day)
		case strings.TrimSpace(hours) == "":
			l.problem(at, "%s has no hours; leave out a day that is none to work on", day)
		}
		days[day] = true
		l.hours(at, hours)
	}
	if err := dossier.CheckLadder(o.steps()); err != nil {
		l.problem(key+".ladder", "%s.ladder: %v", key, err)
	}
}

func weekdays() []string {
	days := dossier.Weekdays()
	return days[:]
}

// hours checks the stretches of a day.
func (l *loading) hours(key, text string) {
	spans, err := spansOf(text)
	if err == nil && len(spans) > 0 {
		c := deadline.Calendar{Zone: time.UTC}
		c.Hours[time.Monday] = spans
		if c.Check() != nil {
			err = fmt.Errorf("%q: each stretch begins after the one before has ended, and ends by 24:00", text)
		}
	}
	if err != nil {
		l.problem(key, "%s: %v", key, err)
	}
}

func (l *loading) patron(key, text string) {
	if _, err := patronOf(text); err != nil {
		l.problem(key+".patron", "%s.patron: %v", key, err)
	}
}

func (l *loading) closures(key string, list []Closure) {
	for i, c := range list {
		at := fmt.Sprintf("%s.closures[%d]", key, i)
		closed, err := c.read()
		if err == nil && closed.To.Before(closed.From) {
			err = fmt.Errorf("it ends on %s, before it begins on %s; exchange from and to", closed.To, closed.From)
		}
		if err != nil && c.From != "" {
			l.problem(at, "%s: %v", at, err)
		}
	}
}

// deadlines checks what each is for, and that none says the same again.
func (l *loading) deadlines() {
	seen := map[Deadline]bool{}
	for i, d := range l.config.Deadlines {
		key := fmt.Sprintf("deadline[%d]", i)
		if d.Kind != "" && !slices.Contains(desk.DeadlineKinds(), d.Kind) {
			l.problem(key+".kind", "%s.kind is %q, must be one of %s", key, d.Kind, strings.Join(desk.DeadlineKinds(), ", "))
		}
		if _, err := deadline.ParseAmount(d.Amount); err != nil && d.Amount != "" {
			l.problem(key+".amount", "%s.amount: %v", key, err)
		}
		l.deadlineFor(key, d)
		d.Amount, d.Mailbox = "", strings.ToLower(d.Mailbox)
		if seen[d] {
			l.problem(key, "there are two deadlines of this kind for the same; keep one")
		}
		seen[d] = true
	}
}

func (l *loading) deadlineFor(key string, d Deadline) {
	named := slices.DeleteFunc([]string{d.Mailbox, d.Office, d.Rule}, func(name string) bool { return name == "" })
	if len(named) > 1 {
		l.problem(key, "it names more than one of mailbox, office and rule; keep one, and write another [[deadline]] for each other")
		return
	}
	l.office(key, d.Office, l.config.codes())
	if d.Mailbox != "" && !slices.ContainsFunc(l.config.Mailboxes, func(m Mailbox) bool { return strings.EqualFold(m.Address, d.Mailbox) }) {
		l.problem(key+".mailbox", "there is no mailbox %q; add it as [[mailbox]]", d.Mailbox)
	}
	if d.Rule != "" && !slices.ContainsFunc(l.config.Rules, func(r Rule) bool { return r.Name == d.Rule }) {
		l.problem(key+".rule", "there is no rule %q; add it as [[rule]]", d.Rule)
	}
}

func (c Config) codes() []string {
	var codes []string
	for _, o := range c.Offices {
		codes = append(codes, o.Code)
	}
	return codes
}
