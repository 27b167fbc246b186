package almanac

import (
	"context"
	"fmt"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/closure"
	"github.com/smista/smista/event"
)

// Closure is a time without work, both days included: of an office, or with none
// of the house.
type Closure struct {
	Name, From, To string // days as 2026-08-10; To may be empty for one day
	Office         int
}

// checked is a closure as it may be kept.
func (c Closure) checked(today deadline.Date) (Closure, error) {
	name, err := cleaned(c.Name)
	if err != nil {
		return c, err
	}
	c.Name = name
	if c.To == "" {
		c.To = c.From
	}
	var from, to deadline.Date
	if err := from.UnmarshalText([]byte(c.From)); err != nil {
		return c, invalid("from", "non è una data: per esempio 2026-08-10", "this is no date; write it like 2026-08-10")
	}
	if err := to.UnmarshalText([]byte(c.To)); err != nil {
		return c, invalid("to", "non è una data: per esempio 2026-08-21", "this is no date; write it like 2026-08-21")
	}
	begin, end, now := midnight(from), midnight(to), midnight(today)
	switch {
	case end.Before(begin):
		return c, invalid("to", "finisce prima di cominciare", "it ends before it begins")
	case end.Sub(begin) >= mostDays*24*time.Hour:
		return c, invalid("to", fmt.Sprintf("una chiusura dura al massimo %d giorni", mostDays), fmt.Sprintf("a closure is at most %d days long", mostDays))
	case end.Before(now.AddDate(-1, 0, 0)):
		return c, invalid("to", "è finita da più di un anno", "it ended more than a year ago")
	case end.After(now.AddDate(mostAhead, 0, 0)):
		return c, invalid("to", fmt.Sprintf("è fra più di %d anni", mostAhead), fmt.Sprintf("it is more than %d years ahead", mostAhead))
	}
	return c, nil
}

func midnight(d deadline.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// SetClosure writes a new closure, or changes the days and the name of one that
// people keep. It gives its id.
func (a *Almanac) SetClosure(ctx context.Context, on On, c Closure) (id int, err error) {
	return id, a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		c, err := c.checked(a.Dossier.House.DateOf(a.Now()))
		if err != nil {
			return event.Entry{}, err
		}
		var before, row *ent.Closure
		if on.ID == 0 {
			row, err = c.add(ctx, tx)
		} else if before, err = keptClosure(ctx, tx, on); err == nil {
			row, err = c.change(ctx, tx, before)
		}
		if err != nil {
			return event.Entry{}, err
		}
		id = row.ID
		return closureTold(before, row), a.checkCalendar(ctx, tx, row.OfficeID)
	})
}

func (c Closure) add(ctx context.Context, tx *ent.Tx) (*ent.Closure, error) {
	if _, err := officeOf(ctx, tx, c.Office); err != nil {
		return nil, err
	}
	of, create := closure.OfficeIDIsNil(), tx.Closure.Create()
	if c.Office != 0 {
		of, create = closure.OfficeID(c.Office), create.SetOfficeID(c.Office)
	}
	there, err := tx.Closure.Query().Where(of, closure.FromDay(c.From), closure.ToDay(c.To), closure.Name(c.Name)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if there {
		return nil, already()
	}
	n, err := tx.Closure.Query().Where(of).Count(ctx)
	if err == nil && n >= MostClosures {
		err = invalid("", fmt.Sprintf("al massimo %d chiusure", MostClosures), fmt.Sprintf("at most %d closures", MostClosures))
	}
	if err != nil {
		return nil, err
	}
	return create.SetName(c.Name).SetFromDay(c.From).SetToDay(c.To).Save(ctx)
}

func (c Closure) change(ctx context.Context, tx *ent.Tx, row *ent.Closure) (*ent.Closure, error) {
	if row.Name == c.Name && row.FromDay == c.From && row.ToDay == c.To {
		return nil, already()
	}
	n, err := tx.Closure.Update().Where(closure.ID(row.ID), closure.Version(row.Version)).AddVersion(1).
		SetName(c.Name).SetFromDay(c.From).SetToDay(c.To).Save(ctx)
	if err := changed(n, err, row.Version); err != nil {
		return nil, err
	}
	return tx.Closure.Get(ctx, row.ID)
}

// checkCalendar refuses what makes a calendar that nothing can be reckoned by.
func (a *Almanac) checkCalendar(ctx context.Context, tx *ent.Tx, officeID *int) error {
	var whose *ent.Office
	var err error
	if officeID != nil {
		if whose, err = officeOf(ctx, tx, *officeID); err != nil {
			return err
		}
	}
	_, err = a.Dossier.Calendar(ctx, tx.Client(), whose)
	return err
}

// RemoveClosure takes a closure away that people keep.
func (a *Almanac) RemoveClosure(ctx context.Context, on On) error {
	return a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		row, err := keptClosure(ctx, tx, on)
		if err != nil {
			return event.Entry{}, err
		}
		n, err := tx.Closure.Delete().Where(closure.ID(row.ID), closure.Version(on.Version)).Exec(ctx)
		return closureTold(row, nil), changed(n, err, on.Version)
	})
}

func keptClosure(ctx context.Context, tx *ent.Tx, on On) (*ent.Closure, error) {
	row, err := tx.Closure.Query().Where(closure.ID(on.ID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, gone()
	}
	if err != nil {
		return nil, err
	}
	return row, checkVersion(on.Version, row.Version)
}

// closureTold is the event of a closure as it was and as it is; nil for none.
func closureTold(before, after *ent.Closure) event.Entry {
	row, details := after, event.Details{How: Changed}
	if before != nil {
		details.From = closureText(before)
	} else {
		details.How = Added
	}
	if after != nil {
		details.To, details.Version = closureText(after), after.Version
	} else {
		row, details.How = before, Removed
	}
	details.Of, details.Reason = row.ID, row.Name
	e := event.Entry{Kind: event.ClosureChanged, Details: details}
	if row.OfficeID != nil {
		e.Office = *row.OfficeID
	}
	return e
}

func closureText(row *ent.Closure) string {
	return fmt.Sprintf("%s/%s %s", row.FromDay, row.ToDay, row.Name)
}
