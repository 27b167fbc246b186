// Package dossier is the one door for changing a case: its row, its counters,
// its terms and what people are told of it move together, in the transaction of
// whoever changes it.
//
//   - A change names the version it was made on. Where somebody was quicker it
//     does nothing, and says [ErrStale].
//   - The tallies are kept with every change; nobody counts cases.
//   - Terms (termini) run from the certified time of the PEC, stand still while a
//     clarification is pending, and follow the case from office to office.
//   - What follows from a change (tallies, terms, notices) is written by the
//     program itself; the change as such is made, and judged, as the viewer of
//     the context.
package dossier

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/schema"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// ErrStale says that the case was changed by somebody else meanwhile.
var ErrStale = errors.New("the case has changed meanwhile: read it again")

// Options are what a Dossier works with.
type Options struct {
	House deadline.Calendar // of the organisation; offices add to it
	Log   *event.Log        // for what the clock changes
	Base  string            // URL of the web client, for links in notices; may be empty
	Now   func() time.Time  // nil = time.Now
}

// Dossier changes cases.
type Dossier struct{ Options }

// New makes a dossier.
func New(o Options) *Dossier {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Dossier{o}
}

// Never is when a term that does not run is due.
var Never = schema.Never

func (d *Dossier) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

// itself lets the program keep what follows from a change.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("dossier"))
}

// Open makes a case, counts it and starts its terms.
func (d *Dossier) Open(ctx context.Context, tx *ent.Tx, row *ent.CaseFileCreate) (*ent.CaseFile, error) {
	if sender, ok := row.Mutation().SenderAddress(); ok {
		row.SetSenderDomain(sender[strings.LastIndexByte(sender, '@')+1:])
	}
	c, err := row.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a case: %w", err)
	}
	return d.follow(itself(ctx), tx, nil, c)
}

// Change edits a case that is as c says, raises its version and keeps its
// terms and the tallies. It returns the case as it is now, with all of it,
// whatever the viewer may see. The viewer raises the version, of a case that he
// sees; the rest is written by the program, as it may take the case out of his
// sight, and PostgreSQL lets nobody write a row that he would not see.
func (d *Dossier) Change(ctx context.Context, tx *ent.Tx, c *ent.CaseFile, edit func(*ent.CaseFileUpdate)) (*ent.CaseFile, error) {
	before, err := lock(itself(ctx), tx, c.ID)
	if err != nil {
		return nil, err
	}
	n, err := tx.CaseFile.Update().Where(casefile.ID(c.ID), casefile.Version(c.Version)).AddVersion(1).SetChangedAt(d.now()).Save(ctx)
	switch {
	case err != nil:
		return nil, fmt.Errorf("change case %s: %w", before.Number, err)
	case n == 0:
		return nil, ErrStale
	}
	u := tx.CaseFile.Update().Where(casefile.ID(c.ID))
	edit(u)
	if err := u.Exec(itself(ctx)); err != nil {
		return nil, fmt.Errorf("change case %s: %w", before.Number, err)
	}
	after, err := tx.CaseFile.Get(itself(ctx), c.ID)
	if err != nil {
		return nil, fmt.Errorf("read case %s: %w", before.Number, err)
	}
	return d.follow(itself(ctx), tx, before, after)
}

// follow keeps what follows from a change; before is nil for a new case.
func (d *Dossier) follow(ctx context.Context, tx *ent.Tx, before, after *ent.CaseFile) (*ent.CaseFile, error) {
	if err := d.keepTerms(ctx, tx, before, after); err != nil {
		return nil, fmt.Errorf("keep the terms of case %s: %w", after.Number, err)
	}
	after, err := d.settle(ctx, tx, after)
	if err != nil {
		return nil, err
	}
	return after, d.count(ctx, tx, before, after)
}

// settle writes on the case what its terms say (when it is due, how urgent it is),
// and when a person had it first.
func (d *Dossier) settle(ctx context.Context, tx *ent.Tx, c *ent.CaseFile) (*ent.CaseFile, error) {
	due, urgency, err := dueOf(ctx, tx, c)
	first := c.AssigneeID != nil && c.AssignedAt == nil
	if err != nil || due.Equal(c.DueAt) && urgency == c.Urgency && !first {
		return c, err
	}
	u := tx.CaseFile.Update().Where(casefile.ID(c.ID)).SetDueAt(due).SetUrgency(urgency)
	if first {
		now := d.now()
		c.AssignedAt = &now
		u.SetAssignedAt(now)
	}
	if err := u.Exec(ctx); err != nil {
		return nil, fmt.Errorf("settle case %s: %w", c.Number, err)
	}
	c.DueAt, c.Urgency = due, urgency
	return c, nil
}

// Resting is where a case stands that is being worked: at the desk, with an
// office, or with a person.
func Resting(c *ent.CaseFile) casefile.Status {
	switch {
	case c.OfficeID == nil:
		return casefile.StatusToSort
	case c.AssigneeID == nil:
		return casefile.StatusToAssign
	}
	return casefile.StatusInProgress
}
