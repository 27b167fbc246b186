package almanac

import (
	"context"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/patronday"
	"github.com/smista/smista/event"
)

// SetPatron says on which day of the year the patron saint is, of an office, or
// of the house for office 0, instead of what the configuration says of the same.
// Version is the one that the author saw; 0 where people said nothing of it yet.
func (a *Almanac) SetPatron(ctx context.Context, officeID, version int, day string) error {
	return a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		var patron deadline.MonthDay
		if err := patron.UnmarshalText([]byte(day)); err != nil || patron.IsZero() {
			return event.Entry{}, invalid("day", "non è un giorno dell'anno: mese e giorno, per esempio 06-24",
				"this is no day of the year; write month and day like 06-24")
		}
		e, kept, err := a.patron(ctx, tx, officeID, version)
		if err != nil {
			return e, err
		}
		e.Details.To, e.Details.Version = patron.String(), version+1
		if kept == nil {
			e.Details.How = Added
			row, err := tx.PatronDay.Create().SetScopeID(officeID).SetDay(patron.String()).Save(ctx)
			if err == nil {
				e.Details.Of = row.ID
			}
			return e, err
		}
		if kept.Day == patron.String() {
			return e, already()
		}
		e.Details.How, e.Details.From = Changed, kept.Day
		n, err := tx.PatronDay.Update().Where(patronday.ID(kept.ID), patronday.Version(version)).AddVersion(1).SetDay(patron.String()).Save(ctx)
		return e, changed(n, err, version)
	})
}

// RemovePatron takes away what people said of a patron saint's day: that of the
// configuration holds again.
func (a *Almanac) RemovePatron(ctx context.Context, officeID, version int) error {
	return a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		e, kept, err := a.patron(ctx, tx, officeID, version)
		if err != nil {
			return e, err
		}
		if kept == nil {
			return e, gone()
		}
		e.Details.How, e.Details.From, e.Details.To = Removed, kept.Day, e.Details.From
		n, err := tx.PatronDay.Delete().Where(patronday.ID(kept.ID), patronday.Version(version)).Exec(ctx)
		return e, changed(n, err, version)
	})
}

// patron begins the event of a patron saint's day, from what the configuration
// says, and reads what people keep of it; nil for nothing.
func (a *Almanac) patron(ctx context.Context, tx *ent.Tx, officeID, version int) (event.Entry, *ent.PatronDay, error) {
	e := event.Entry{Kind: event.PatronChanged, Office: officeID}
	whose, err := officeOf(ctx, tx, officeID)
	if err != nil {
		return e, nil, err
	}
	configured := a.Dossier.House.Patron
	if whose != nil {
		own, err := dossier.OwnCalendar(whose)
		if err != nil {
			return e, nil, err
		}
		configured = own.Patron
	}
	if !configured.IsZero() {
		e.Details.From = configured.String()
	}
	kept, err := tx.PatronDay.Query().Where(patronday.ScopeID(officeID)).Only(ctx)
	if ent.IsNotFound(err) {
		return e, nil, checkVersion(version, 0)
	}
	if err != nil {
		return e, nil, err
	}
	e.Details.Of = kept.ID
	return e, kept, checkVersion(version, kept.Version)
}
