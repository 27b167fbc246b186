package dossier

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
)

// OfficeCalendar is what an office adds to the calendar of the house.
type OfficeCalendar struct {
	Patron   deadline.MonthDay          `json:"patron"`             // instead of the house's; zero: as the house
	Closures []deadline.Closure         `json:"closures,omitempty"` // besides the house's
	Hours    map[string][]deadline.Span `json:"hours,omitempty"`    // by weekday, "monday"; instead of the house's
}

// Weekdays name the days in Hours.
func Weekdays() [7]string {
	return [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
}

// Over puts the office's own calendar over that of the house.
func (o OfficeCalendar) Over(house deadline.Calendar) deadline.Calendar {
	c := house
	if o.Patron != (deadline.MonthDay{}) {
		c.Patron = o.Patron
	}
	c.Closures = append(append([]deadline.Closure{}, house.Closures...), o.Closures...)
	if len(o.Hours) > 0 {
		for day, name := range Weekdays() {
			c.Hours[day] = o.Hours[name]
		}
	}
	return c
}

// OwnCalendar is what the configuration says of an office.
func OwnCalendar(office *ent.Office) (own OfficeCalendar, err error) {
	if len(office.Calendar) == 0 {
		return own, nil
	}
	if err := json.Unmarshal(office.Calendar, &own); err != nil {
		return own, fmt.Errorf("read the calendar of %s: %w", office.Code, err)
	}
	return own, nil
}

// habits are what terms have to know of an office.
type habits struct {
	calendar deadline.Calendar
	ladder   []Step
}

// habits reads those of an office, as they are now; without one, those of the house.
func (d *Dossier) habits(ctx context.Context, db *ent.Client, officeID *int) (habits, error) {
	if officeID == nil {
		return d.habitsOf(ctx, db, nil)
	}
	office, err := db.Office.Get(ctx, *officeID)
	if err != nil {
		return habits{}, fmt.Errorf("read office %d: %w", *officeID, err)
	}
	return d.habitsOf(ctx, db, office)
}

// Calendar is the working time of an office; of the house for nil.
func (d *Dossier) Calendar(ctx context.Context, db *ent.Client, office *ent.Office) (deadline.Calendar, error) {
	h, err := d.habitsOf(ctx, db, office)
	return h.calendar, err
}

// habitsOf are those of an office that was read; of the house for nil. What
// people keep of the calendar is read every time: all instances know it at once.
func (d *Dossier) habitsOf(ctx context.Context, db *ent.Client, office *ent.Office) (habits, error) {
	h := habits{ladder: DefaultLadder()}
	kept, err := Kept(ctx, db, office)
	if err != nil {
		return h, err
	}
	if h.calendar, err = d.configured(office, kept); err != nil {
		return h, err
	}
	if office != nil && len(office.Ladder) > 0 {
		h.ladder = nil
		if err := json.Unmarshal(office.Ladder, &h.ladder); err != nil {
			return h, fmt.Errorf("read the ladder of %s: %w", office.Code, err)
		}
	}
	return h, h.calendar.Check()
}

// configured is the calendar of the configuration, with what people keep of it.
func (d *Dossier) configured(office *ent.Office, kept KeptCalendar) (deadline.Calendar, error) {
	c := kept.House.Over(d.House)
	if office == nil {
		return c, nil
	}
	own, err := OwnCalendar(office)
	return kept.Office.Over(own.Over(c)), err
}
