package dossier

import (
	"context"
	"fmt"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/closure"
	"github.com/smista/smista/ent/patronday"
)

// KeptCalendar is what people keep of a calendar, for the house and for one
// office: it goes over what the configuration says of the same.
type KeptCalendar struct{ House, Office OfficeCalendar }

// Kept reads what people keep, of the house and of an office; of the house alone
// for nil.
func Kept(ctx context.Context, db *ent.Client, office *ent.Office) (KeptCalendar, error) {
	var kept KeptCalendar
	whose, id := closure.OfficeIDIsNil(), 0
	if office != nil {
		whose, id = closure.Or(whose, closure.OfficeID(office.ID)), office.ID
	}
	closures, err := db.Closure.Query().Where(whose).Order(closure.ByFromDay(), closure.ByID()).All(ctx)
	if err != nil {
		return kept, fmt.Errorf("read the closures: %w", err)
	}
	for _, row := range closures {
		closed, err := ClosureOf(row)
		if err != nil {
			return kept, err
		}
		of := &kept.House
		if row.OfficeID != nil {
			of = &kept.Office
		}
		of.Closures = append(of.Closures, closed)
	}
	patrons, err := db.PatronDay.Query().Where(patronday.ScopeIDIn(0, id)).All(ctx)
	if err != nil {
		return kept, fmt.Errorf("read the patron saints' days: %w", err)
	}
	for _, row := range patrons {
		of := &kept.House
		if row.ScopeID != 0 {
			of = &kept.Office
		}
		if err := of.Patron.UnmarshalText([]byte(row.Day)); err != nil {
			return kept, fmt.Errorf("read the patron saint's day %d: %w", row.ID, err)
		}
	}
	return kept, nil
}

// ClosureOf reads a closure that people keep.
func ClosureOf(row *ent.Closure) (deadline.Closure, error) {
	closed := deadline.Closure{Name: row.Name}
	if err := closed.From.UnmarshalText([]byte(row.FromDay)); err != nil {
		return closed, fmt.Errorf("read closure %d: %w", row.ID, err)
	}
	if err := closed.To.UnmarshalText([]byte(row.ToDay)); err != nil {
		return closed, fmt.Errorf("read closure %d: %w", row.ID, err)
	}
	return closed, nil
}
