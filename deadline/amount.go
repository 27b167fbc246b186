package deadline

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a term is counted in.
type Unit string

// The units, as a configuration writes them.
const (
	WorkingDays  Unit = "working-days"  // giorni lavorativi
	WorkingHours Unit = "working-hours" // ore lavorative
	CalendarDays Unit = "calendar-days" // giorni: each is counted
)

// most is about ten years of each.
var most = map[Unit]int{WorkingDays: 2500, WorkingHours: 20000, CalendarDays: 3650}

var unitNames = map[Unit]struct{ one, many Named }{
	WorkingDays:  {Named{"giorno lavorativo", "working day"}, Named{"giorni lavorativi", "working days"}},
	WorkingHours: {Named{"ora lavorativa", "working hour"}, Named{"ore lavorative", "working hours"}},
	CalendarDays: {Named{"giorno", "day"}, Named{"giorni", "days"}},
}

// Amount is how long a term is. Its text is "30 working days", "8 working
// hours" or "30 days".
type Amount struct {
	N    int
	Unit Unit
}

// ParseAmount reads an Amount. The singular and "30 working-days" are read too.
func ParseAmount(text string) (Amount, error) {
	var a Amount
	err := a.UnmarshalText([]byte(text))
	return a, err
}

// Check says what is wrong with an amount.
func (a Amount) Check() error {
	limit, known := most[a.Unit]
	if !known {
		return fmt.Errorf("%.40q is no unit of a term", string(a.Unit))
	}
	if a.N < 1 || a.N > limit {
		return fmt.Errorf("%d is no length of a term: from 1 to %d %s", a.N, limit, unitNames[a.Unit].many.English)
	}
	return nil
}

// IsZero says that no amount is given.
func (a Amount) IsZero() bool { return a == Amount{} }

// String gives the text that UnmarshalText reads.
func (a Amount) String() string { return a.English() }

// English gives "30 working days".
func (a Amount) English() string { return strconv.Itoa(a.N) + " " + a.unit().English }

// Italian gives "30 giorni lavorativi".
func (a Amount) Italian() string { return strconv.Itoa(a.N) + " " + a.unit().Italian }

func (a Amount) unit() Named {
	if a.N == 1 {
		return unitNames[a.Unit].one
	}
	return unitNames[a.Unit].many
}

// MarshalText gives what UnmarshalText reads.
func (a Amount) MarshalText() ([]byte, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	return []byte(a.String()), nil
}

// maxText bounds what is looked at; the longest amount has 21 bytes.
const maxText = 64

// UnmarshalText reads "30 working days".
func (a *Amount) UnmarshalText(text []byte) error {
	if len(text) > maxText {
		return fmt.Errorf("%.40q… is too long for a term", text)
	}
	number, unit, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return fmt.Errorf("%q is no length of a term; write it like \"30 working days\", \"8 working hours\" or \"30 days\"", text)
	}
	read := Amount{N: int(n), Unit: readUnit(unit)}
	if err := read.Check(); err != nil {
		return fmt.Errorf("%q: %w", text, err)
	}
	*a = read
	return nil
}

func readUnit(text string) Unit {
	text = strings.Join(strings.Fields(strings.ToLower(text)), "-")
	if !strings.HasSuffix(text, "s") {
		text += "s"
	}
	if text == "days" {
		return CalendarDays
	}
	return Unit(text)
}
