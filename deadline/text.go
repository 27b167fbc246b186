package deadline

import (
	"fmt"
	"strings"
	"time"
)

const (
	dayMonthYear = "02/01/2006"
	hourMinute   = "15:04"
)

// Italian gives a line in a sentence, for instance
// "25/12/2026 venerdì: non lavorativo, Natale".
func (l Line) Italian() string {
	return l.head(weekdays[l.Date.Weekday()].Italian) + l.italian()
}

func (l Line) italian() string {
	switch l.Kind {
	case Started:
		return "inizia alle " + l.At.Format(hourMinute) + l.ofDays("; il giorno iniziale non si conta")
	case Counted:
		return "contato, " + l.soFar("giorno", "ore")
	case Skipped:
		return "non lavorativo" + because(l.Why.Italian)
	case Suspended:
		return "sospeso" + because(l.Why.Italian)
	case Moved:
		return "scadenza prorogata" + because(l.Why.Italian)
	case Due:
		return "scade alle " + l.At.Format(hourMinute) + ", " + l.soFar("giorno", "ore")
	}
	return string(l.Kind)
}

// English gives the same in English, for instance
// "25/12/2026 Friday: no working day, Christmas Day".
func (l Line) English() string {
	return l.head(weekdays[l.Date.Weekday()].English) + l.english()
}

func (l Line) english() string {
	switch l.Kind {
	case Started:
		return "starts at " + l.At.Format(hourMinute) + l.ofDays("; the first day is not counted")
	case Counted:
		return "counted, " + l.soFar("day", "hours")
	case Skipped:
		return "no working day" + because(l.Why.English)
	case Suspended:
		return "suspended" + because(l.Why.English)
	case Moved:
		return "the end moves on" + because(l.Why.English)
	case Due:
		return "due at " + l.At.Format(hourMinute) + ", " + l.soFar("day", "hours")
	}
	return string(l.Kind)
}

func (l Line) head(weekday string) string {
	return l.Date.utc().Format(dayMonthYear) + " " + weekday + ": "
}

func (l Line) ofDays(text string) string {
	if l.Unit == WorkingHours {
		return ""
	}
	return text
}

// soFar gives "giorno 3", or "ore 7:30".
func (l Line) soFar(day, hours string) string {
	if l.Unit == WorkingHours {
		return fmt.Sprintf("%s %d:%02d", hours, int(l.Worked.Hours()), int(l.Worked/time.Minute)%60)
	}
	return fmt.Sprintf("%s %d", day, l.Days)
}

func because(why string) string {
	if strings.TrimSpace(why) == "" {
		return ""
	}
	return ", " + why
}
