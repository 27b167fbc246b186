package dossier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/term"
)

// soonFrom is the part of a term after which it is due soon.
const soonFrom = 0.8

// keepTerms makes the terms of a case what its office, mailbox and rule ask
// for, and marks as met those that its status fulfils.
func (d *Dossier) keepTerms(ctx context.Context, tx *ent.Tx, before, after *ent.CaseFile) error {
	if before != nil && before.Status == after.Status && number(before.OfficeID) == number(after.OfficeID) {
		return nil
	}
	policies, err := policiesOf(ctx, tx, after)
	if err != nil {
		return err
	}
	rows, err := tx.Term.Query().Where(term.CaseID(after.ID)).All(ctx)
	if err != nil || len(rows) == 0 && len(policies) == 0 {
		return err
	}
	h, err := d.habits(ctx, tx.Client(), after.OfficeID)
	if err != nil {
		return err
	}
	for _, t := range rows {
		p, wanted := policies[t.Kind]
		delete(policies, t.Kind)
		if err := d.keepTerm(ctx, tx, h, after, t, p, wanted); err != nil {
			return err
		}
	}
	return d.startTerms(ctx, tx, h, after, policies)
}

// policy is how long something may take, and who says so.
type policy struct{ amount, scope string }

// policiesOf finds the most specific policy of each kind of term: that of the
// rule, else of the mailbox, else of the office, else of the house; of each, that
// which people keep, else that of the configuration.
func policiesOf(ctx context.Context, tx *ent.Tx, c *ent.CaseFile) (map[term.Kind]policy, error) {
	of := func(scope deadlinepolicy.Scope, id *int) *ent.DeadlinePolicyQuery {
		return tx.DeadlinePolicy.Query().Where(deadlinepolicy.ScopeEQ(scope), deadlinepolicy.ScopeID(number(id)))
	}
	found := map[term.Kind]policy{}
	for _, s := range []struct {
		scope deadlinepolicy.Scope
		id    *int
	}{
		{deadlinepolicy.ScopeHouse, nil}, {deadlinepolicy.ScopeOffice, c.OfficeID},
		{deadlinepolicy.ScopeMailbox, c.MailboxID}, {deadlinepolicy.ScopeRule, c.RuleID},
	} {
		if s.scope != deadlinepolicy.ScopeHouse && s.id == nil {
			continue
		}
		rows, err := of(s.scope, s.id).Order(deadlinepolicy.ByOrigin()).All(ctx) // the people's last: they hold
		if err != nil {
			return nil, fmt.Errorf("read the policies: %w", err)
		}
		for _, p := range rows {
			found[term.Kind(p.Kind)] = policy{p.Amount, string(p.Scope)}
		}
	}
	return found, nil
}

// startTerms makes terms that are not there yet. They run from the certified
// time of the PEC, however late the case came to us or to the office.
func (d *Dossier) startTerms(ctx context.Context, tx *ent.Tx, h habits, c *ent.CaseFile, policies map[term.Kind]policy) error {
	start := c.ReceivedAt
	if c.CertifiedAt != nil {
		start = *c.CertifiedAt
	}
	for _, kind := range []term.Kind{term.KindAssign, term.KindWork, term.KindAnswer} {
		p, wanted := policies[kind]
		if !wanted || meets(c.Status, kind) {
			continue
		}
		t := &ent.Term{CaseID: c.ID, Kind: kind, Amount: p.amount, StartedAt: start.UTC().Truncate(time.Microsecond)}
		at, err := h.reckon(t)
		if err != nil {
			return err
		}
		err = tx.Term.Create().SetCaseID(c.ID).SetKind(kind).SetAmount(p.amount).SetPolicy(p.scope).SetStartedAt(t.StartedAt).
			SetDueAt(at.due).SetSoonAt(at.soon).SetNextAt(h.next(t, at)).SetCalendar(at.calendar).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// keepTerm brings one term up to date.
func (d *Dossier) keepTerm(ctx context.Context, tx *ent.Tx, h habits, c *ent.CaseFile, t *ent.Term, p policy, wanted bool) error {
	u := tx.Term.Update().Where(term.ID(t.ID))
	if meets(c.Status, t.Kind) || !wanted {
		if t.MetAt != nil {
			return nil
		}
		return u.SetMetAt(d.now()).SetNextAt(Never).Exec(ctx)
	}
	t.MetAt, t.Amount = nil, p.amount
	return d.rewind(ctx, u.ClearMetAt().SetAmount(p.amount).SetPolicy(p.scope), h, t)
}

// rewind reckons a term again after it has moved. What was told too early by
// that is taken back, and comes again at its time.
func (d *Dossier) rewind(ctx context.Context, u *ent.TermUpdate, h habits, t *ent.Term) error {
	now := d.now()
	at, err := h.reckon(t)
	if err != nil {
		return err
	}
	running := !at.due.Equal(Never) // a breach does not end because the term stands still
	if running && at.due.After(now) {
		t.BreachedAt = nil
		u.ClearBreachedAt()
	}
	if running && at.soon.After(now) {
		t.SoonToldAt = nil
		u.ClearSoonToldAt()
	}
	for t.Step > 0 {
		if when, ok := h.when(t.Step-1, t, at.due); !ok || !when.After(now) {
			break
		}
		t.Step--
	}
	return u.SetDueAt(at.due).SetSoonAt(at.soon).SetStep(t.Step).SetNextAt(h.next(t, at)).SetCalendar(at.calendar).Exec(ctx)
}

// meets tells whether a status fulfils a term.
func meets(s casefile.Status, k term.Kind) bool {
	switch s {
	case casefile.StatusAnswering, casefile.StatusClosed, casefile.StatusMerged:
		return true
	case casefile.StatusInProgress:
		return k == term.KindAssign
	}
	return false
}

// moments are what a term comes to, and the calendar that says so.
type moments struct {
	due, soon time.Time
	calendar  json.RawMessage
}

// reckon says when a term is due and due soon; never while it is suspended, and
// where there is too little working time for it to end.
func (h habits) reckon(t *ent.Term) (moments, error) {
	at := moments{due: Never, soon: Never}
	r, err := h.lines(t)
	unending := errors.Is(err, deadline.ErrNoEnd)
	if err != nil && !unending {
		return at, err
	}
	stops, err := suspensions(t)
	if err != nil {
		return at, err
	}
	relevant := h.calendar.From(h.calendar.DateOf(t.StartedAt))
	if !r.Suspended && !unending {
		at.due, at.soon = r.Due.UTC(), h.calendar.At(t.StartedAt, r.Due, soonFrom, stops...).UTC()
		relevant = relevant.Until(h.calendar.DateOf(r.Due))
	}
	at.calendar, err = json.Marshal(relevant)
	return at, err
}

// next is when a term that is due at some moment has to be looked at again.
func (h habits) next(t *ent.Term, at moments) time.Time {
	next := Never
	if t.SoonToldAt == nil && t.BreachedAt == nil {
		next = earlier(next, at.soon)
	}
	if t.BreachedAt == nil {
		next = earlier(next, at.due)
	}
	if when, ok := h.when(t.Step, t, at.due); ok {
		next = earlier(next, when.UTC())
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// lines reckons a term line by line.
func (h habits) lines(t *ent.Term) (deadline.Reckoning, error) {
	amount, err := deadline.ParseAmount(t.Amount)
	if err != nil {
		return deadline.Reckoning{}, err
	}
	stops, err := suspensions(t)
	if err != nil {
		return deadline.Reckoning{}, err
	}
	r, err := h.calendar.Reckon(deadline.Term{Start: t.StartedAt, Amount: amount, Suspensions: stops})
	if err != nil {
		return r, fmt.Errorf("reckon the term %s of case %d: %w", t.Kind, t.CaseID, err)
	}
	return r, nil
}

func suspensions(t *ent.Term) ([]deadline.Suspension, error) {
	var stops []deadline.Suspension
	if len(t.Suspensions) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(t.Suspensions, &stops); err != nil {
		return nil, fmt.Errorf("read the suspensions of term %d: %w", t.ID, err)
	}
	return stops, nil
}

// Reckon gives the reckoning of a term of a case, line by line, on the calendar
// that it was reckoned by: a calendar that changed since does not change it. Of one
// that is older than such calendars, it is that of the configuration, of the office
// that has the case; of the house for nil.
func (d *Dossier) Reckon(office *ent.Office, t *ent.Term) (deadline.Reckoning, error) {
	if len(t.Calendar) == 0 {
		c, err := d.configured(office, KeptCalendar{})
		if err != nil {
			return deadline.Reckoning{}, err
		}
		return habits{calendar: c}.lines(t)
	}
	h := habits{calendar: deadline.Calendar{Zone: d.House.Zone}}
	if err := json.Unmarshal(t.Calendar, &h.calendar); err != nil {
		return deadline.Reckoning{}, fmt.Errorf("read the calendar of term %d: %w", t.ID, err)
	}
	return h.lines(t)
}

// Preview gives the reckoning of a term that nobody has, on the calendar of an
// office as it is now, and the ladder of reminders on its way; of the house for nil.
func (d *Dossier) Preview(ctx context.Context, db *ent.Client, office *ent.Office, t *ent.Term) (deadline.Reckoning, []Planned, error) {
	h, err := d.habitsOf(ctx, db, office)
	if err != nil {
		return deadline.Reckoning{}, nil, err
	}
	r, err := h.lines(t)
	if err != nil {
		return r, nil, err
	}
	return r, h.plan(t, r.Due), nil
}

// dueOf says when a case is due and how urgent it is: of its open terms, the
// first and the worst.
func dueOf(ctx context.Context, tx *ent.Tx, c *ent.CaseFile) (time.Time, casefile.Urgency, error) {
	open, err := tx.Term.Query().Where(term.CaseID(c.ID), term.MetAtIsNil()).All(ctx)
	if err != nil {
		return Never, "", fmt.Errorf("read the terms of case %s: %w", c.Number, err)
	}
	due, urgency := Never, casefile.UrgencyNone
	for _, t := range open {
		due = earlier(due, t.DueAt)
		switch {
		case t.BreachedAt != nil:
			urgency = casefile.UrgencyBreached
		case t.SoonToldAt != nil && urgency == casefile.UrgencyNone:
			urgency = casefile.UrgencyDueSoon
		}
	}
	return due, urgency, nil
}
