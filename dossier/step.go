package dossier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// Due lists terms that have to be looked at by now, the earliest first.
func (d *Dossier) Due(ctx context.Context, client *ent.Client, limit int) ([]int, error) {
	ids, err := client.Term.Query().Where(term.NextAtLTE(d.now())).Order(term.ByNextAt(), term.ByID()).Limit(limit).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for terms that are due: %w", err)
	}
	return ids, nil
}

// Step does what is due for one term: it is told to come near, told to be
// breached, and the people of the ladder are reminded. All of it is one
// transaction, after which the term says that it was done: whoever calls it, and
// however often, it happens once.
func (d *Dossier) Step(ctx context.Context, id int) error {
	err := d.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		ctx = itself(ctx)
		t, err := tx.Term.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		c, err := lock(ctx, tx, t.CaseID)
		if err != nil {
			return nil, err
		}
		if t, err = tx.Term.Get(ctx, id); err != nil { // as it is now that nobody else can change it
			return nil, err
		}
		if t.MetAt != nil || t.NextAt.After(d.now()) {
			return nil, nil
		}
		return d.step(ctx, tx, c, t)
	})
	if err != nil {
		return fmt.Errorf("look after term %d: %w", id, err)
	}
	return nil
}

// turn is one term being looked after.
type turn struct {
	*Dossier
	tx  *ent.Tx
	c   *ent.CaseFile
	t   *ent.Term
	h   habits
	now time.Time
	u   *ent.TermUpdate

	events []event.Entry
}

func (d *Dossier) step(ctx context.Context, tx *ent.Tx, c *ent.CaseFile, t *ent.Term) ([]event.Entry, error) {
	h, err := d.habits(ctx, tx.Client(), c.OfficeID)
	if err != nil {
		return nil, err
	}
	s := &turn{Dossier: d, tx: tx, c: c, t: t, h: h, now: d.now(), u: tx.Term.Update().Where(term.ID(t.ID))}
	s.mark()
	if err := s.remind(ctx); err != nil {
		return nil, err
	}
	next := h.next(t, moments{due: t.DueAt, soon: t.SoonAt}) // as it was reckoned: the calendar may have changed
	if err := s.u.SetNextAt(next).SetStep(t.Step).Exec(ctx); err != nil {
		return nil, err
	}
	after := *c
	if _, err := d.settle(ctx, tx, &after); err != nil {
		return nil, err
	}
	return s.events, d.count(ctx, tx, c, &after)
}

// mark says that the term comes near, or is breached; not the first when it is
// too late for it.
func (s *turn) mark() {
	if s.t.BreachedAt == nil && !s.t.DueAt.After(s.now) {
		s.t.BreachedAt = &s.now
		s.u.SetBreachedAt(s.now)
		s.tell(event.TermBreached, event.Details{})
	}
	if s.t.SoonToldAt == nil && s.t.BreachedAt == nil && !s.t.SoonAt.After(s.now) {
		s.t.SoonToldAt = &s.now
		s.u.SetSoonToldAt(s.now)
		s.tell(event.TermDueSoon, event.Details{})
	}
}

func (s *turn) tell(kind event.Kind, details event.Details) {
	details.Term, details.Due = string(s.t.Kind), &s.t.DueAt
	s.events = append(s.events, event.Entry{Kind: kind, Case: s.c.ID, Office: number(s.c.OfficeID), Person: number(s.c.AssigneeID), Details: details})
}

// remind takes the steps of the ladder that are due. Of several that are due at
// once only the last one reminds anybody.
func (s *turn) remind(ctx context.Context) error {
	last := -1
	for {
		when, ok := s.h.when(s.t.Step, s.t, s.t.DueAt)
		if !ok || when.After(s.now) {
			break
		}
		last = s.t.Step
		s.t.Step++
	}
	if last < 0 {
		return nil
	}
	people, err := s.recipients(ctx, s.tx, s.c, s.h.to(last))
	if err != nil || len(people) == 0 {
		return err
	}
	s.tell(event.TermReminded, event.Details{Step: last + 1, People: people})
	kind := notify.Reminder
	if s.t.BreachedAt != nil {
		kind = notify.Breached
	}
	for _, person := range people {
		err := s.Tell(ctx, s.tx, Notice{
			Key: fmt.Sprintf("term:%d:%d:%d:%d", s.t.ID, s.t.DueAt.Unix(), last, person), User: person, Case: s.c, Kind: kind,
			Term: string(s.t.Kind), Due: s.t.DueAt,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recipients are the people whom a step of the ladder reminds, each once.
func (d *Dossier) recipients(ctx context.Context, tx *ent.Tx, c *ent.CaseFile, to []string) ([]int, error) {
	var people []int
	for _, who := range to {
		var more []int
		var err error
		switch {
		case who == ToOperator && c.AssigneeID != nil:
			more = []int{*c.AssigneeID}
		case who == ToHead && c.OfficeID != nil:
			more, err = d.Heads(ctx, tx, *c.OfficeID)
		case who == ToDesk:
			more, err = d.Sorters(ctx, tx)
		}
		if err != nil {
			return nil, err
		}
		people = append(people, more...)
	}
	slices.Sort(people)
	return slices.Compact(people), nil
}

// attempts bounds how often a change is tried that made the same row as another.
const attempts = 5

// write is Log.Write, again when somebody else made the same row meanwhile.
func (d *Dossier) write(ctx context.Context, change func(context.Context, *ent.Tx) ([]event.Entry, error)) (err error) {
	for range attempts {
		if err = d.Log.Write(ctx, change); !ent.IsConstraintError(err) {
			return err
		}
	}
	return err
}
