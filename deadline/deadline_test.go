package deadline_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	out, err := time.ParseInLocation("2006-01-02 15:04", text, rome(t))
	require.NoError(t, err)
	return out
}

func amount(t testing.TB, text string) deadline.Amount {
	t.Helper()
	a, err := deadline.ParseAmount(text)
	require.NoError(t, err)
	return a
}

func date(t testing.TB, text string) (d deadline.Date) {
	t.Helper()
	require.NoError(t, d.UnmarshalText([]byte(text)))
	return d
}

func TestTerms(t *testing.T) {
	for _, tt := range []struct{ name, start, amount, due string }{
		{"the first day is not counted", "2026-11-23 08:00", "1 working day", "2026-11-24 17:00"},
		{"nor when it is a holiday", "2026-12-25 09:00", "1 working day", "2026-12-28 17:00"},
		{"Easter Monday", "2026-04-03 10:00", "1 working day", "2026-04-07 17:00"},
		{"Easter Monday, in hours", "2026-04-03 16:00", "2 working hours", "2026-04-07 09:00"},
		{"over the year's end", "2026-12-30 10:00", "2 working days", "2027-01-04 17:00"},
		{"29 February is a day", "2028-02-28 10:00", "1 day", "2028-02-29 17:00"},
		{"but not in every year", "2027-02-28 10:00", "1 day", "2027-03-01 17:00"},
		{"Sunday moves to Monday", "2026-11-13 10:00", "30 days", "2026-12-14 17:00"},
		{"Saturday does too", "2026-11-12 10:00", "30 days", "2026-12-14 17:00"},
		{"a holiday moves over the weekend", "2026-11-25 10:00", "30 days", "2026-12-28 17:00"},
		{"4 October 2024 was a working day", "2024-10-03 10:00", "1 working day", "2024-10-04 17:00"},
		{"4 October 2027 is none", "2027-10-01 10:00", "1 working day", "2027-10-05 17:00"},
		{"hours wait for the opening", "2026-11-23 06:00", "1 working hour", "2026-11-23 09:00"},
		{"and rest at noon", "2026-11-23 11:30", "1 working hour", "2026-11-23 13:30"},
		{"and end with the day, not with the next", "2026-11-23 16:00", "1 working hour", "2026-11-23 17:00"},
		{"and rest at the weekend", "2026-11-20 16:30", "1 working hour", "2026-11-23 08:30"},
		{"days know no clock change", "2026-03-27 10:00", "1 working day", "2026-03-30 17:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := deadline.Standard(rome(t)).Reckon(deadline.Term{Start: at(t, tt.start).UTC(), Amount: amount(t, tt.amount)})
			require.NoError(t, err)
			require.Equal(t, tt.due, got.Due.Format("2006-01-02 15:04"), text(got))
			last := got.Lines[len(got.Lines)-1]
			require.Equal(t, deadline.Due, last.Kind)
			require.True(t, last.At.Equal(got.Due))
		})
	}
}

// San Francesco is a holiday again since l. 151/2025, in force from 1 January 2026.
func TestHolidays(t *testing.T) {
	c := deadline.Standard(rome(t))
	c.Patron = deadline.MonthDay{Month: time.June, Day: 24}
	c.Closures = []deadline.Closure{{From: date(t, "2026-08-10"), To: date(t, "2026-08-14"), Name: "Ferie"}}
	for day, want := range map[string]string{
		"2025-10-04": "", "2026-10-04": "San Francesco d'Assisi", "2031-10-04": "San Francesco d'Assisi",
		"2026-01-01": "Capodanno", "2026-01-06": "Epifania", "2026-04-05": "Pasqua", "2026-04-06": "Lunedì dell'Angelo",
		"2038-04-26": "Lunedì dell'Angelo", "2285-03-23": "Lunedì dell'Angelo",
		"2026-04-25": "Festa della Liberazione", "2026-05-01": "Festa del Lavoro", "2026-06-02": "Festa della Repubblica",
		"2026-06-24": "Santo patrono", "2026-08-10": "Ferie", "2026-08-14": "Ferie", "2026-08-15": "Assunzione",
		"2026-11-01": "Ognissanti", "2026-12-08": "Immacolata Concezione", "2026-12-25": "Natale", "2026-12-26": "Santo Stefano",
		"2026-08-09": "", "2026-11-02": "", "2026-12-24": "", "2026-12-27": "",
	} {
		name, ok := c.Holiday(date(t, day))
		require.Equal(t, want, name.Italian, day)
		require.Equal(t, want != "", ok, day)
	}
}

// On 29 March 2026 the clock goes from 2 to 3, on 25 October from 3 to 2.
func TestNightsWhenTheClockChanges(t *testing.T) {
	night := deadline.Calendar{Zone: rome(t)}
	for day := range night.Hours {
		night.Hours[day] = []deadline.Span{{From: 0, To: deadline.Clock(2, 30)}, {From: deadline.Clock(2, 30), To: deadline.Clock(6, 0)}}
	}
	for _, tt := range []struct {
		day  string
		want time.Duration
	}{{"2026-03-28", 6 * time.Hour}, {"2026-03-29", 5 * time.Hour}, {"2026-10-25", 7 * time.Hour}, {"2026-10-26", 6 * time.Hour}} {
		midnight := at(t, tt.day+" 00:00")
		require.Equal(t, tt.want, night.Between(midnight, midnight.AddDate(0, 0, 1)), tt.day)
		end, err := night.Add(midnight, tt.want)
		require.NoError(t, err)
		require.True(t, end.Equal(at(t, tt.day+" 06:00")), end)
	}

	gone := deadline.Calendar{Zone: rome(t)} // only the hour that is skipped in March
	gone.Hours[time.Sunday] = []deadline.Span{{From: deadline.Clock(2, 0), To: deadline.Clock(3, 0)}}
	r, err := gone.Reckon(deadline.Term{Start: at(t, "2026-03-28 10:00"), Amount: amount(t, "1 working day")})
	require.NoError(t, err)
	require.Equal(t, "clock change", r.Lines[1].Why.English)
	require.Equal(t, "2026-04-12 03:00", r.Due.Format("2006-01-02 15:04")) // 5 April is Easter
	twice := at(t, "2026-10-25 00:00")
	require.Equal(t, 2*time.Hour, deadline.Calendar{Zone: gone.Zone, Hours: gone.Hours}.Between(twice, twice.Add(24*time.Hour)))
}

// In these zones midnight is skipped, or comes twice.
func TestOddZones(t *testing.T) {
	for zone, day := range map[string]string{
		"America/Sao_Paulo": "2018-11-04", "America/St_Johns": "2010-11-07", "Pacific/Apia": "2011-12-30", "Australia/Lord_Howe": "2026-04-05",
	} {
		t.Run(zone, func(t *testing.T) {
			loc, err := time.LoadLocation(zone)
			require.NoError(t, err)
			c := deadline.Calendar{Zone: loc}
			for i := range c.Hours {
				c.Hours[i] = []deadline.Span{{From: 0, To: deadline.Clock(24, 0)}}
			}
			noon, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", loc)
			require.NoError(t, err)
			for back := range 200 {
				from := noon.Add(-time.Duration(back) * 20 * time.Minute)
				next := c.NextOpen(from)
				require.Equal(t, next.Equal(from), c.Open(from), from)
				end, err := c.Add(from, 5*time.Hour)
				require.NoError(t, err)
				require.Equal(t, 5*time.Hour, c.Between(from, end), from)
			}
		})
	}
}

func TestSuspension(t *testing.T) {
	c := deadline.Standard(rome(t))
	reckon := func(of string, s ...deadline.Suspension) deadline.Reckoning {
		r, err := c.Reckon(deadline.Term{Start: at(t, "2026-11-23 10:00"), Amount: amount(t, of), Suspensions: s})
		require.NoError(t, err)
		return r
	}
	span := func(from, to string) deadline.Suspension {
		s := deadline.Suspension{From: at(t, from), Reason: "chiarimento"}
		if to != "" {
			s.To = at(t, to)
		}
		return s
	}

	r := reckon("3 working days", span("2026-11-24 16:59", "2026-11-25 08:01"))
	require.Equal(t, at(t, "2026-11-30 17:00").Unix(), r.Due.Unix(), "two days are touched\n%s", text(r))
	require.Equal(t, "chiarimento", r.Lines[1].Why.Italian)
	require.Equal(t, deadline.Suspended, r.Lines[1].Kind)

	require.Equal(t, reckon("3 working days").Due, reckon("3 working days", span("2026-11-24 17:00", "2026-11-25 08:00")).Due, "no work was going on")
	require.Equal(t, reckon("3 working days").Due, reckon("3 working days", span("2026-11-26 17:00", "")).Due, "it had ended")
	require.Equal(t, reckon("3 working days").Due, reckon("3 working days", span("2026-11-25 09:00", "2026-11-25 09:00")).Due, "no time at all")

	r = reckon("8 working hours", span("2026-11-23 11:00", "2026-11-23 11:45"))
	require.Equal(t, "2026-11-24 10:45", r.Due.Format("2006-01-02 15:04"), text(r))

	for _, of := range []string{"3 working days", "30 working hours", "3 days"} {
		r = reckon(of, span("2026-11-24 09:00", "2026-11-24 10:00"), span("2026-11-24 11:00", ""))
		require.True(t, r.Suspended, of)
		require.True(t, r.Due.IsZero(), of)
		require.Equal(t, deadline.Suspended, r.Lines[len(r.Lines)-1].Kind, of)
	}

	r = reckon("5 days", span("2026-11-30 08:00", "2026-11-30 09:00"))
	require.Equal(t, "2026-12-01 17:00", r.Due.Format("2006-01-02 15:04"), "moved on from Saturday, and then suspended\n%s", text(r))

	off := span("2026-11-23 10:00", "2026-11-24 10:00")
	half := c.At(at(t, "2026-11-23 10:00"), at(t, "2026-11-24 12:00"), 0.5, off)
	require.Equal(t, at(t, "2026-11-24 11:00").Unix(), half.Unix(), "half of what is left")
}

func TestOpen(t *testing.T) {
	c := deadline.Standard(rome(t))
	require.True(t, c.Open(at(t, "2026-11-23 08:00")))
	require.False(t, c.Open(at(t, "2026-11-23 12:00")), "it has just closed")
	require.False(t, c.Open(at(t, "2026-12-25 10:00")))
	require.True(t, c.NextOpen(at(t, "2026-12-24 17:00")).Equal(at(t, "2026-12-28 08:00")))
}

// The calendar of somebody who means no good ends with an error, and soon.
func TestHostileCalendars(t *testing.T) {
	term := deadline.Term{Start: at(t, "2026-11-23 10:00"), Amount: deadline.Amount{N: 2500, Unit: deadline.WorkingDays}}
	good := deadline.Standard(rome(t))

	seldom := deadline.Calendar{Zone: rome(t), Patron: deadline.MonthDay{Month: time.June, Day: 24}}
	seldom.Hours[time.Monday] = []deadline.Span{{From: 0, To: 1}}
	_, err := seldom.Reckon(term)
	require.ErrorIs(t, err, deadline.ErrNoEnd)

	always := good
	for i := range 100 {
		always.Closures = append(always.Closures, deadline.Closure{From: date(t, fmt.Sprintf("%d-01-01", 2000+i)), To: date(t, "9999-12-31")})
	}
	for _, unit := range []deadline.Unit{deadline.WorkingDays, deadline.WorkingHours, deadline.CalendarDays} {
		_, err = always.Reckon(deadline.Term{Start: term.Start, Amount: deadline.Amount{N: 1, Unit: unit}})
		require.ErrorIs(t, err, deadline.ErrNoEnd)
	}
	_, err = always.Add(term.Start, 1)
	require.ErrorIs(t, err, deadline.ErrNoEnd)
	require.Zero(t, always.NextOpen(term.Start))
	require.False(t, always.Open(term.Start))
	require.Zero(t, always.Between(term.Start, term.Start.AddDate(5000, 0, 0)))
	require.Equal(t, term.Start, always.At(term.Start, term.Start.AddDate(1, 0, 0), 0.5))

	var zero deadline.Calendar
	require.Error(t, zero.Check())
	require.False(t, zero.Open(term.Start))
	require.Zero(t, zero.NextOpen(term.Start))
	for _, start := range []time.Time{{}, time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC), time.Unix(math.MaxInt64>>2, 0)} {
		term.Start = start
		_, err = good.Reckon(term)
		require.Error(t, err)
		_, err = good.Add(start, time.Hour)
		require.Error(t, err)
		require.False(t, good.Open(start))
	}
}

func TestCheck(t *testing.T) {
	spoil := func(how func(*deadline.Calendar)) error {
		c := deadline.Standard(rome(t))
		how(&c)
		return c.Check()
	}
	require.NoError(t, spoil(func(*deadline.Calendar) {}))
	for _, spans := range [][]deadline.Span{{{From: 60, To: 60}}, {{From: 60, To: 30}}, {{From: -1, To: 5}}, {{From: 0, To: 1441}}, {{From: 0, To: 60}, {From: 59, To: 70}}} {
		require.Error(t, spoil(func(c *deadline.Calendar) { c.Hours[time.Monday] = spans }), spans)
	}
	require.ErrorContains(t, spoil(func(c *deadline.Calendar) { c.Hours = [7][]deadline.Span{} }), "no working hours")
	require.Error(t, spoil(func(c *deadline.Calendar) { c.Patron = deadline.MonthDay{Month: 2, Day: 30} }))
	require.Error(t, spoil(func(c *deadline.Calendar) { c.Closures = make([]deadline.Closure, 1001) }))
	require.Error(t, spoil(func(c *deadline.Calendar) {
		c.Closures = []deadline.Closure{{From: date(t, "2026-02-02"), To: date(t, "2026-02-01")}}
	}))
}

func TestTexts(t *testing.T) {
	for text, want := range map[string]string{
		"30 working days": "30 working days", "1 working day": "1 working day", "8 working-hours": "8 working hours",
		"1 days": "1 day", " 30  DAYS": "30 days", "30 calendar-days": "30 days",
	} {
		require.Equal(t, want, amount(t, text).String())
	}
	require.Equal(t, "1 ora lavorativa", amount(t, "1 working hour").Italian())
	for _, text := range []string{"", "days", "0 days", "-1 days", "3651 days", "2501 working days", "1 month", "1.5 days", "99999999999 days", strings.Repeat("1", 1000)} {
		_, err := deadline.ParseAmount(text)
		require.Error(t, err, text)
	}

	var span deadline.Span
	require.NoError(t, json.Unmarshal([]byte(`"20:00-24:00"`), &span))
	require.Equal(t, "20:00-24:00", span.String())
	for _, text := range []string{"", "8-12", "08:00", "08:60-12:00", "08:00-24:01", "+8:00-12:00", "08:00-12:00-13:00"} {
		require.Error(t, span.UnmarshalText([]byte(text)), text)
	}
	var m deadline.MonthDay
	for _, text := range []string{"13-01", "02-30", "6-24", "2026-06-24"} {
		require.Error(t, m.UnmarshalText([]byte(text)), text)
	}

	c := deadline.Standard(nil)
	c.Patron = deadline.MonthDay{Month: 2, Day: 29}
	c.Closures = []deadline.Closure{{From: date(t, "2026-08-10"), To: date(t, "2026-08-14"), Name: "Ferie"}}
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	var again deadline.Calendar
	require.NoError(t, json.Unmarshal(raw, &again))
	again.Hours[time.Sunday], again.Hours[time.Saturday] = nil, nil
	require.Equal(t, c, again)
}

func FuzzAmount(f *testing.F) {
	for _, text := range []string{"30 working days", "8 working hours", "30 days", "1 calendar-day", "0 s", " 7\t days"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := deadline.ParseAmount(text)
		if err != nil {
			require.Zero(t, a)
			return
		}
		require.NoError(t, a.Check())
		again, err := deadline.ParseAmount(a.String())
		require.NoError(t, err)
		require.Equal(t, a, again)
	})
}

func Example() {
	zone, _ := time.LoadLocation("Europe/Rome")
	office := deadline.Standard(zone)
	due, _ := office.Reckon(deadline.Term{
		Start:  time.Date(2026, time.December, 23, 10, 30, 0, 0, zone),
		Amount: deadline.Amount{N: 3, Unit: deadline.WorkingDays},
	})
	for _, line := range due.Lines {
		fmt.Println(line.Italian())
	}
	// Output:
	// 23/12/2026 mercoledì: inizia alle 10:30; il giorno iniziale non si conta
	// 24/12/2026 giovedì: contato, giorno 1
	// 25/12/2026 venerdì: non lavorativo, Natale
	// 26/12/2026 sabato: non lavorativo, Santo Stefano
	// 27/12/2026 domenica: non lavorativo, domenica
	// 28/12/2026 lunedì: contato, giorno 2
	// 29/12/2026 martedì: scade alle 17:00, giorno 3
}
