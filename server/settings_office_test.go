package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
)

func TestProblemsOfCalendarsOfficesAndDeadlinesAreNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"the calendar of the house",
			"[calendar]\nzone = \"Europe/Roma\"\nmonday = \"8-12\"\ntuesday = \"13:00-17:00 08:00-12:00\"\nwednesday = \"08:00-25:00\"\npatron = \"24-06\"\n" +
				"closures = [\n  { from = \"2026-08-21\", to = \"2026-08-10\" },\n  { from = \"ieri\" },\n  { name = \"mai\" },\n]\nholidays = true\n", []string{
				`smista.toml:2: "Europe/Roma" is no time zone; write its IANA name, for instance Europe/Rome`,
				`smista.toml:3: calendar.monday: "8-12" is no stretch of the day; write it like 08:00-12:00`,
				`smista.toml:4: calendar.tuesday: "13:00-17:00 08:00-12:00": each stretch begins after the one before has ended, and ends by 24:00`,
				`smista.toml:5: calendar.wednesday: "08:00-25:00" is no stretch of the day; write it like 08:00-12:00`,
				`smista.toml:6: calendar.patron: "24-06" is no day of the year; write month and day like 06-24`,
				`smista.toml:7: calendar.closures[2].from is missing`,
				`smista.toml:7: calendar.closures[0]: it ends on 2026-08-10, before it begins on 2026-08-21; exchange from and to`,
				`smista.toml:7: calendar.closures[1]: "ieri" is no date; write it like 2026-10-04`,
				`smista.toml:12: there is no setting calendar.holidays; docs/configuration.md lists them`,
			}},
		{"a house that never works", "[calendar]\nmonday = \"\"\ntuesday = \"\"\nwednesday = \"\"\nthursday = \"\"\nfriday = \"\"\n", []string{
			`smista.toml:1: the calendar has no working hours; give hours to a day, such as monday = "08:00-14:00"`,
		}},
		{"the habits of an office",
			"[[office]]\ncode = \"a\"\nname = \"A\"\nparent = \"x\"\nhead_sees_below = \"yes\"\npatron = \"02-30\"\n" +
				"hours = [\"lunedì 08:00-14:00\", \"monday 08:00-14:00\", \"Monday 15:00-16:00\", \"friday\"]\n" +
				"ladder = [{ at = \"0.8\", to = [\"boss\"] }]\n" +
				"[[office]]\ncode = \"b\"\nname = \"B\"\nparent = \"c\"\nladder = [{ at = \"0.8\", to = [\"head\"] }, { at = \"0.5\", to = [\"head\"] }]\n" +
				"[[office]]\ncode = \"c\"\nname = \"C\"\nparent = \"b\"\nladder = [{ to = [\"desk\"] }]\n", []string{
				`smista.toml:4: there is no office "x"; add it as [[office]]`,
				`smista.toml:5: office[0].head_sees_below: "yes" is neither true nor false`,
				`smista.toml:6: office[0].patron: "02-30" is no day of the year; write month and day like 06-24`,
				`smista.toml:7: "lunedì" is no day of the week; write it like "monday 08:00-14:00"`,
				`smista.toml:7: monday stands twice; write all its hours in one text`,
				`smista.toml:7: friday has no hours; leave out a day that is none to work on`,
				`smista.toml:8: office[0].ladder: step 1: "boss" is nobody: write operator, head or desk`,
				`smista.toml:12: "b" would stand below itself; write another office, or "" for none`,
				`smista.toml:13: office[1].ladder: step 2: it comes before the one above it`,
				`smista.toml:17: "c" would stand below itself; write another office, or "" for none`,
				`smista.toml:18: office[2].ladder[0].at is missing`,
				`smista.toml:18: office[2].ladder: step 1: "": write a fraction of the term (0.5), breach, or every 4 working hours`,
			}},
		{"deadlines",
			"[[office]]\ncode = \"a\"\nname = \"A\"\n" +
				"[[deadline]]\nkind = \"read\"\namount = \"1 day\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"soon\"\noffice = \"x\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"0 days\"\nmailbox = \"m@pec.example\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"1 day\"\nrule = \"r\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"1 day\"\noffice = \"a\"\nrule = \"r\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"1 day\"\noffice = \"a\"\n" +
				"[[deadline]]\nkind = \"work\"\namount = \"2 days\"\noffice = \"a\"\n" +
				"[[deadline]]\n", []string{
				`smista.toml:5: deadline[0].kind is "read", must be one of assign, work, answer`,
				`smista.toml:9: deadline[1].amount: "soon" is no length of a term; write it like "30 working days", "8 working hours" or "30 days"`,
				`smista.toml:10: there is no office "x"; add it as [[office]]`,
				`smista.toml:13: deadline[2].amount: "0 days": 0 is no length of a term: from 1 to 3650 days`,
				`smista.toml:14: there is no mailbox "m@pec.example"; add it as [[mailbox]]`,
				`smista.toml:18: there is no rule "r"; add it as [[rule]]`,
				`smista.toml:19: it names more than one of mailbox, office and rule; keep one, and write another [[deadline]] for each other`,
				`smista.toml:28: there are two deadlines of this kind for the same; keep one`,
				`smista.toml:32: deadline[7].kind is missing`,
				`smista.toml:32: deadline[7].amount is missing`,
			}},
		{"the assignee of a rule",
			"[[office]]\ncode = \"a\"\nname = \"A\"\n[[rule]]\nname = \"r\"\noffice = \"a\"\nassignee = \"Anna\"\nwhen = { subject = \"x\" }\n", []string{
				`smista.toml:7: "Anna" is no e-mail address; write the one that the person signs in with`,
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, problemsOf(t, tt.content))
		})
	}
}

// What the desk shall write is what the file says; what the file does not say
// of an office is left alone.
func TestOfficesDeadlinesAndCalendarAreRead(t *testing.T) {
	t.Parallel()
	c, err := LoadConfig(written(t, `
[calendar]
zone = "Europe/Lisbon"
friday = "08:00-12:00"
saturday = "09:00-12:00, 13:00-14:00"
patron = "06-24"
closures = [{ from = "2026-08-10", to = "2026-08-21", name = "Chiusura estiva" }, { from = "2026-12-24" }]
[[office]]
code = "legale"
name = "Legale"
[[office]]
code = "contenzioso"
name = "Contenzioso"
parent = "legale"
head_sees_below = true
operators_see_own = true
operators_may_take = false
reason_to_move = true
approvals = 2
patron = "09-19"
hours = ["monday 08:00-14:00", "Tuesday 08:00-12:00 13:00-17:00"]
ladder = [{ at = "0.5", to = ["operator"] }, { at = "every 4 working hours", to = ["head", "desk"] }]
[[office.closures]]
from = "2026-11-02"
[[rule]]
name = "ricorsi"
office = "legale"
assignee = "Anna@comune.example"
when = { subject = "ricorso" }
[[deadline]]
kind = "answer"
amount = "30 working-days"
[[deadline]]
kind = "work"
amount = "1 day"
rule = "ricorsi"
`), nil)
	require.NoError(t, err)

	house := c.calendar(c.zone())
	require.NoError(t, house.Check())
	require.Equal(t, "Europe/Lisbon", house.Zone.String())
	day := func(year int, month time.Month, day int) deadline.Date {
		return deadline.Date{Year: year, Month: month, Day: day}
	}
	full := []deadline.Span{{From: deadline.Clock(8, 0), To: deadline.Clock(12, 0)}, {From: deadline.Clock(13, 0), To: deadline.Clock(17, 0)}}
	require.Equal(t, [7][]deadline.Span{
		nil, full, full, full, full, full[:1], {{From: deadline.Clock(9, 0), To: deadline.Clock(12, 0)}, {From: deadline.Clock(13, 0), To: deadline.Clock(14, 0)}},
	}, house.Hours)
	require.Equal(t, deadline.MonthDay{Month: time.June, Day: 24}, house.Patron)
	require.Equal(t, []deadline.Closure{
		{From: day(2026, 8, 10), To: day(2026, 8, 21), Name: "Chiusura estiva"}, {From: day(2026, 12, 24), To: day(2026, 12, 24)},
	}, house.Closures)

	yes, no, above, two := true, false, "legale", 2
	s := c.settings()
	require.Equal(t, []desk.OfficeSetting{
		{Code: "legale", Name: "Legale"},
		{Code: "contenzioso", Name: "Contenzioso", Habits: desk.Habits{
			Parent: &above, HeadSeesBelow: &yes, OperatorsSeeOwn: &yes, OperatorsMayTake: &no, ReasonToMove: &yes, Approvals: &two,
			Calendar: dossier.OfficeCalendar{
				Patron:   deadline.MonthDay{Month: time.September, Day: 19},
				Closures: []deadline.Closure{{From: day(2026, 11, 2), To: day(2026, 11, 2)}},
				Hours:    map[string][]deadline.Span{"monday": {{From: deadline.Clock(8, 0), To: deadline.Clock(14, 0)}}, "tuesday": full},
			},
			Ladder: []dossier.Step{{At: "0.5", To: []string{"operator"}}, {At: "every 4 working hours", To: []string{"head", "desk"}}},
		}},
	}, s.Offices)
	require.Equal(t, "Anna@comune.example", s.Rules[0].Assignee)
	require.Equal(t, []desk.DeadlineSetting{
		{Kind: "answer", Amount: deadline.Amount{N: 30, Unit: deadline.WorkingDays}},
		{Kind: "work", Amount: deadline.Amount{N: 1, Unit: deadline.CalendarDays}, Rule: "ricorsi"},
	}, s.Deadlines)
}

func TestWithoutACalendarTheHouseWorksAsUsual(t *testing.T) {
	t.Parallel()
	c, err := LoadConfig("", nil)
	require.NoError(t, err)
	require.Equal(t, "Europe/Rome", c.zone().String())
	require.Equal(t, deadline.Standard(c.zone()), c.calendar(c.zone()))
}

func TestAnyAddressMayBeListenedOn(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:8080", "[::]:0", "pec.example.it:443", ":8080"} {
		require.Empty(t, problemsOf(t, "listen = \""+listen+"\"\n"))
	}
}
