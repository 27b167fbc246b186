package deadline

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the calendar, wherever its midnight is.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// DateOf gives the day that a moment is on in the calendar's zone.
func (c Calendar) DateOf(t time.Time) Date { return dateOf(t.In(c.zone())) }

// String gives 2026-10-04.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText gives 2026-10-04.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-10-04.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("%.40q is no date; write it like 2026-10-04", text)
	}
	*d = dateOf(t)
	return nil
}

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Before says whether d comes before e.
func (d Date) Before(e Date) bool { return d.number() < e.number() }

func (d Date) number() int { return (d.Year*16+int(d.Month))*32 + d.Day }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) next() Date { return dateOf(d.utc().AddDate(0, 0, 1)) }

func (d Date) valid() bool { return d.Year > 0 && d.Year <= 9999 && dateOf(d.utc()) == d }

// MonthDay is a day of every year, such as that of the patron saint; zero is none.
type MonthDay struct {
	Month time.Month
	Day   int
}

// leapYear lets 29 February be read; it is then a holiday in leap years.
const leapYear = 2024

// IsZero says that it is none.
func (m MonthDay) IsZero() bool { return m == MonthDay{} }

func (m MonthDay) valid() bool { return m.IsZero() || Date{leapYear, m.Month, m.Day}.valid() }

// String gives 06-24.
func (m MonthDay) String() string { return fmt.Sprintf("%02d-%02d", m.Month, m.Day) }

// MarshalText gives 06-24, or nothing for none.
func (m MonthDay) MarshalText() ([]byte, error) {
	if m.IsZero() {
		return nil, nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads 06-24.
func (m *MonthDay) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = MonthDay{}
		return nil
	}
	var d Date
	if err := d.UnmarshalText(fmt.Appendf(nil, "%d-%s", leapYear, text)); err != nil {
		return fmt.Errorf("%.40q is no day of the year; write month and day like 06-24", text)
	}
	*m = MonthDay{d.Month, d.Day}
	return nil
}

// Minutes is a time of day on the wall clock, in minutes since midnight.
type Minutes int

const endOfDay Minutes = 24 * 60

// Clock gives the minutes of a time of day.
func Clock(hour, minute int) Minutes { return Minutes(hour*60 + minute) }

// String gives 08:30.
func (m Minutes) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// MarshalText gives 08:30.
func (m Minutes) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads 08:30, up to 24:00.
func (m *Minutes) UnmarshalText(text []byte) error {
	read, ok := readClock(string(text))
	if !ok {
		return fmt.Errorf("%.40q is no time of the day; write it like 08:30", text)
	}
	*m = read
	return nil
}

// Span is a stretch of the day. Of a Calendar it is one in which there is work:
// it ends after it begins, at 24:00 at the latest.
type Span struct{ From, To Minutes }

// String gives 08:00-12:00.
func (s Span) String() string { return s.From.String() + "-" + s.To.String() }

// MarshalText gives 08:00-12:00.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 08:00-12:00. It reads 20:00-07:00 too: hours of rest may
// run over midnight; Calendar.Check refuses it for work.
func (s *Span) UnmarshalText(text []byte) error {
	from, to, _ := strings.Cut(string(text), "-")
	begin, okBegin := readClock(from)
	end, okEnd := readClock(to)
	if !okBegin || !okEnd {
		return fmt.Errorf("%.40q is no stretch of the day; write it like 08:00-12:00", text)
	}
	*s = Span{From: begin, To: end}
	return nil
}

func readClock(text string) (Minutes, bool) {
	if len(text) != len("08:30") || text[2] != ':' {
		return 0, false
	}
	hour, errHour := strconv.ParseUint(text[:2], 10, 8)
	minute, errMinute := strconv.ParseUint(text[3:], 10, 8)
	m := Clock(int(hour), int(minute))
	return m, errHour == nil && errMinute == nil && minute < 60 && m <= endOfDay
}
