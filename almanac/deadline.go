package almanac

import (
	"context"
	"errors"
	"fmt"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
)

// Deadline says how long something may take: in the cases of an office, of a
// mailbox or of a rule; with none of the three, in all.
type Deadline struct {
	Kind                  deadlinepolicy.Kind
	Amount                string // as deadline.ParseAmount reads it
	Office, Mailbox, Rule int
}

// place is what a deadline is of.
func (d Deadline) place() (deadlinepolicy.Scope, int, error) {
	scope, id, named := deadlinepolicy.ScopeHouse, 0, 0
	for _, p := range []struct {
		scope deadlinepolicy.Scope
		id    int
	}{{deadlinepolicy.ScopeOffice, d.Office}, {deadlinepolicy.ScopeMailbox, d.Mailbox}, {deadlinepolicy.ScopeRule, d.Rule}} {
		if p.id != 0 {
			scope, id, named = p.scope, p.id, named+1
		}
	}
	if named > 1 {
		return scope, id, invalid("", "un termine è di un ufficio, di una casella o di una regola: se ne indica uno",
			"a deadline is of an office, a mailbox or a rule: name one")
	}
	return scope, id, nil
}

// SetDeadline says how long something may take, from the next case on that comes
// or moves. Version is the one that the author saw; 0 where people said nothing
// of it yet. It gives the id of the deadline.
func (a *Almanac) SetDeadline(ctx context.Context, version int, d Deadline) (id int, err error) {
	return id, a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		amount, err := deadline.ParseAmount(d.Amount)
		if err != nil {
			return event.Entry{}, invalid("amount", "non è una durata: per esempio «30 working days», «8 working hours» o «30 days», fino a dieci anni",
				"this is no length of a term: write it like \"30 working days\", \"8 working hours\" or \"30 days\", up to ten years")
		}
		d.Amount = amount.String()
		scope, of, err := d.place()
		if err != nil {
			return event.Entry{}, err
		}
		if err := a.checkEnd(ctx, tx, d.Office, amount); err != nil {
			return event.Entry{}, err
		}
		kept, held, err := standing(ctx, tx, scope, of, d.Kind)
		if err != nil {
			return event.Entry{}, err
		}
		e, err := told(ctx, tx, scope, of, d.Kind)
		if err != nil {
			return e, err
		}
		e.Details.From, e.Details.To = held, d.Amount
		row, err := d.put(ctx, tx, version, kept)
		if err != nil {
			return e, err
		}
		id = row.ID
		e.Details.Of, e.Details.Version, e.Details.How = id, row.Version, Changed
		if kept == nil {
			e.Details.How = Added
		}
		return e, nil
	})
}

// put writes the row of a deadline; kept is the one that is there, if any.
func (d Deadline) put(ctx context.Context, tx *ent.Tx, version int, kept *ent.DeadlinePolicy) (*ent.DeadlinePolicy, error) {
	if kept == nil {
		if err := checkVersion(version, 0); err != nil {
			return nil, err
		}
		n, err := tx.DeadlinePolicy.Query().Where(deadlinepolicy.OriginEQ(deadlinepolicy.OriginPeople)).Count(ctx)
		if err == nil && n >= MostDeadlines {
			err = invalid("", fmt.Sprintf("al massimo %d termini", MostDeadlines), fmt.Sprintf("at most %d deadlines", MostDeadlines))
		}
		if err != nil {
			return nil, err
		}
		scope, of, _ := d.place() // checked before
		return tx.DeadlinePolicy.Create().SetOrigin(deadlinepolicy.OriginPeople).SetVersion(1).
			SetScope(scope).SetScopeID(of).SetKind(d.Kind).SetAmount(d.Amount).Save(ctx)
	}
	if err := checkVersion(version, kept.Version); err != nil {
		return nil, err
	}
	if kept.Amount == d.Amount {
		return nil, already()
	}
	n, err := tx.DeadlinePolicy.Update().Where(deadlinepolicy.ID(kept.ID), deadlinepolicy.Version(version)).AddVersion(1).SetAmount(d.Amount).Save(ctx)
	if err := changed(n, err, version); err != nil {
		return nil, err
	}
	return tx.DeadlinePolicy.Get(ctx, kept.ID)
}

// RemoveDeadline takes away what people said of a deadline: what the configuration
// says of the same holds again, or what is less specific.
func (a *Almanac) RemoveDeadline(ctx context.Context, on On) error {
	return a.write(ctx, func(ctx context.Context, tx *ent.Tx) (event.Entry, error) {
		row, err := tx.DeadlinePolicy.Query().Where(deadlinepolicy.ID(on.ID), deadlinepolicy.OriginEQ(deadlinepolicy.OriginPeople)).Only(ctx)
		if ent.IsNotFound(err) {
			return event.Entry{}, gone()
		}
		if err != nil {
			return event.Entry{}, err
		}
		if err := checkVersion(on.Version, row.Version); err != nil {
			return event.Entry{}, err
		}
		n, err := tx.DeadlinePolicy.Delete().Where(deadlinepolicy.ID(row.ID), deadlinepolicy.Version(on.Version)).Exec(ctx)
		if err := changed(n, err, on.Version); err != nil {
			return event.Entry{}, err
		}
		_, held, err := standing(ctx, tx, row.Scope, row.ScopeID, row.Kind)
		if err != nil {
			return event.Entry{}, err
		}
		e, err := told(ctx, tx, row.Scope, row.ScopeID, row.Kind)
		e.Details.Of, e.Details.How, e.Details.From, e.Details.To = row.ID, Removed, row.Amount, held
		return e, err
	})
}

// standing is what people keep of a deadline, nil for nothing, and how long it is,
// whoever says so; empty for none.
func standing(
	ctx context.Context, tx *ent.Tx, scope deadlinepolicy.Scope, of int, kind deadlinepolicy.Kind,
) (kept *ent.DeadlinePolicy, held string, err error) {
	rows, err := tx.DeadlinePolicy.Query().Where(deadlinepolicy.ScopeEQ(scope), deadlinepolicy.ScopeID(of), deadlinepolicy.KindEQ(kind)).
		Order(deadlinepolicy.ByOrigin()).All(ctx) // the people's last: it holds
	for _, row := range rows {
		held = row.Amount
		if row.Origin == deadlinepolicy.OriginPeople {
			kept = row
		}
	}
	return kept, held, err
}

// checkEnd refuses a term that the calendar as it is now would never end.
func (a *Almanac) checkEnd(ctx context.Context, tx *ent.Tx, officeID int, amount deadline.Amount) error {
	whose, err := officeOf(ctx, tx, officeID)
	if err != nil {
		return err
	}
	calendar, err := a.Dossier.Calendar(ctx, tx.Client(), whose)
	if err != nil {
		return err
	}
	_, err = calendar.Reckon(deadline.Term{Start: a.Now(), Amount: amount})
	if errors.Is(err, deadline.ErrNoEnd) {
		return invalid("amount", "con questo calendario il termine non finirebbe mai", "by this calendar the term would never end")
	}
	return err
}

// told begins the event of a deadline: it says in words of what it is, and names
// no row, as deadlines are for administrators.
func told(ctx context.Context, tx *ent.Tx, scope deadlinepolicy.Scope, of int, kind deadlinepolicy.Kind) (event.Entry, error) {
	e := event.Entry{Kind: event.DeadlineChanged, Details: event.Details{Term: string(kind), Reason: "tutto l'ente"}}
	var err error
	switch scope {
	case deadlinepolicy.ScopeOffice:
		var row *ent.Office
		if row, err = officeOf(ctx, tx, of); err == nil {
			e.Details.Reason = "ufficio «" + row.Name + "»"
		}
	case deadlinepolicy.ScopeMailbox:
		var row *ent.Mailbox
		if row, err = tx.Mailbox.Query().Where(mailbox.ID(of)).Only(ctx); err == nil {
			e.Details.Reason = "casella " + row.Address
		} else if ent.IsNotFound(err) {
			err = invalid("mailboxId", "la casella non esiste", "there is no such mailbox")
		}
	case deadlinepolicy.ScopeRule:
		var row *ent.RoutingRule
		if row, err = tx.RoutingRule.Query().Where(routingrule.ID(of)).Only(ctx); err == nil {
			e.Details.Reason = "regola «" + row.Name + "»"
		} else if ent.IsNotFound(err) {
			err = invalid("ruleId", "la regola non esiste", "there is no such rule")
		}
	}
	return e, err
}
