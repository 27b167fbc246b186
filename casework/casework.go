// Package casework holds the commands on a case: it is sorted, assigned, taken,
// given back, closed, asked about.
//
//   - What may be done when, and by whom, stands in one table ([Table]); nothing
//     else decides it. docs/transitions.md is printed from it.
//   - A command is one transaction with its event. It names the version that its
//     author saw; a stale one is refused, and told who changed what since.
//   - What the author may not see does not exist for him.
//   - Nobody is told of what he did himself.
package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
)

// Options are what a Casework works with.
type Options struct {
	Client  *ent.Client // guarded, for reading
	Log     *event.Log
	Dossier *dossier.Dossier
	Rights  func(ctx context.Context, client *ent.Client, userID int) (guard.Viewer, error) // of somebody who is to be told
	Now     func() time.Time                                                                // nil = time.Now
}

// Casework carries out commands as the person of the context. Its methods may
// be called at the same time. Their errors are *Refused, or a failure of the
// database.
type Casework struct{ Options }

// New makes a Casework.
func New(o Options) *Casework {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Casework{o}
}

func (w *Casework) now() time.Time { return w.Now().UTC().Truncate(time.Microsecond) }

// On is the case that a command is about, and the version that its author saw.
type On struct{ Case, Version int }

// act is one command being carried out.
type act struct {
	*Casework
	tx     *ent.Tx
	me     guard.Person
	c      *ent.CaseFile // as the author sees it
	office *ent.Office   // the competent one; nil at the desk
	t      Transition
	now    time.Time
	events []event.Entry
}

// attempts bounds how often a command is tried that met another one.
const attempts = 8

// itself lets the program read what a decision needs, and keep what follows.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("casework"))
}

// do carries out a command on a case.
func (w *Casework) do(ctx context.Context, cmd Command, on On, verb func(ctx context.Context, a *act) error) error {
	v, _ := guard.From(ctx)
	me, ok := v.Person()
	if !ok {
		return &Refused{Code: Forbidden, Italian: "serve una persona", English: "this needs a person"}
	}
	if !v.May(guard.Write) {
		return readOnly()
	}
	err := w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		a := &act{Casework: w, tx: tx, me: me, now: w.now()}
		if err := a.prepare(ctx, cmd, on); err != nil {
			return nil, err
		}
		err := verb(ctx, a)
		return a.events, err
	})
	if refused, ok := errors.AsType[*Refused](err); ok && refused.Code == Stale && refused.seen.Case != 0 {
		return w.explain(ctx, refused)
	}
	return err
}

// write is Log.Write, again when another change was quicker: by then it is seen.
func (w *Casework) write(ctx context.Context, change func(context.Context, *ent.Tx) ([]event.Entry, error)) (err error) {
	for range attempts {
		err = w.Log.Write(ctx, change)
		if !ent.IsConstraintError(err) && !errors.Is(err, dossier.ErrStale) {
			return err
		}
	}
	return err
}

// prepare reads the case and asks the table.
func (a *act) prepare(ctx context.Context, cmd Command, on On) error {
	var err error
	if a.c, err = a.tx.CaseFile.Get(ctx, on.Case); ent.IsNotFound(err) {
		return notFound()
	} else if err != nil {
		return err
	}
	place, err := a.place(ctx)
	if err != nil {
		return err
	}
	if place.OfficeID != nil {
		if a.office, err = a.tx.Office.Get(itself(ctx), *place.OfficeID); err != nil {
			return err
		}
	}
	may := capacities(a.me, place)
	t, refused := judge(cmd, a.c.Status, may)
	if refused != nil {
		return refused
	}
	a.t = t
	if t.Versioned && on.Version != a.c.Version {
		return stale(on)
	}
	if t.Content && guard.Masked(a.c) {
		return forbidden(cmd)
	}
	if t.Claimed && a.heldByOther() && may&Head == 0 {
		return a.held(ctx)
	}
	return nil
}

// place is the case as it stands: one that was merged stands with the other,
// which may have gone to another office since.
func (a *act) place(ctx context.Context) (*ent.CaseFile, error) {
	if a.c.MergedIntoID == nil {
		return a.c, nil
	}
	into, err := a.tx.CaseFile.Get(itself(ctx), *a.c.MergedIntoID)
	if err != nil || number(into.OfficeID) == number(a.c.OfficeID) {
		return a.c, err
	}
	return moved(a.c, into), nil
}

// moved is a case with the office of another one, where nobody has it yet.
func moved(c, to *ent.CaseFile) *ent.CaseFile {
	there := *c
	there.OfficeID, there.AssigneeID, there.OnBehalfOfID = to.OfficeID, nil, nil
	return &there
}

// heldByOther tells whether somebody else has taken charge.
func (a *act) heldByOther() bool {
	return a.c.ClaimedByID != nil && *a.c.ClaimedByID != a.me.ID && a.c.ClaimedUntil != nil && a.c.ClaimedUntil.After(a.now)
}

// reasonFor checks the reason of a command, where one is needed.
func (a *act) reasonFor(text string) (string, error) {
	reason, err := tidy(text, "reason")
	if err != nil {
		return "", err
	}
	needed := a.t.Reason == Always || a.t.Reason == WhereAsked && a.office != nil && a.office.ReasonToMove
	if needed && reason == "" {
		return "", &Refused{Code: ReasonNeeded, Path: "reason", Italian: "serve un motivo", English: "this needs a reason"}
	}
	return reason, nil
}

// change edits the case, and tells an event of it with the version that it has
// then.
func (a *act) change(ctx context.Context, e event.Entry, edit func(*ent.CaseFileUpdate)) (*ent.CaseFile, error) {
	after, err := a.Dossier.Change(ctx, a.tx, a.c, edit)
	if err != nil {
		return nil, err
	}
	if e.Details.From == "" && e.Details.To == "" && after.Status != a.c.Status {
		e.Details.From, e.Details.To = string(a.c.Status), string(after.Status)
	}
	a.tell(after, e)
	return after, a.tellFollowers(ctx, after, e.Kind)
}

// tell adds an event about the case as it is after the command.
func (a *act) tell(after *ent.CaseFile, e event.Entry) {
	e.Case = after.ID
	if e.Office == 0 {
		e.Office = number(after.OfficeID)
	}
	e.Details.Version = after.Version
	a.events = append(a.events, e)
}

// tellFollowers tells those who follow the case and still see it.
func (a *act) tellFollowers(ctx context.Context, after *ent.CaseFile, kind event.Kind) error {
	rows, err := after.QueryFollowers().All(itself(ctx))
	if err != nil {
		return err
	}
	for _, f := range rows {
		sees, err := a.sees(ctx, f.UserID, after.ID)
		if err == nil && sees {
			err = a.notify(ctx, after, notify.Followed, f.UserID, string(kind))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sees tells whether somebody sees a case as this transaction leaves it.
func (a *act) sees(ctx context.Context, person, caseID int) (bool, error) {
	v, err := a.Rights(ctx, a.tx.Client(), person)
	if err != nil {
		return false, err
	}
	return a.tx.CaseFile.Query().Where(casefile.ID(caseID), guard.CasesSeen(v)).Exist(itself(ctx))
}

// notify queues a letter to one person; text is what the author wrote.
func (a *act) notify(ctx context.Context, c *ent.CaseFile, kind notify.Kind, person int, text string) error {
	if kind == notify.Followed {
		text = ""
	}
	return a.Dossier.Tell(ctx, a.tx, dossier.Notice{
		Key: dossier.KeyOf(kind, c.ID, int(a.now.UnixMicro()), person), User: person, Case: c, Kind: kind, Actor: a.me.ID, Text: text,
	})
}

// notifyHeads tells the heads of an office.
func (a *act) notifyHeads(ctx context.Context, c *ent.CaseFile, office int, kind notify.Kind, text string) error {
	heads, err := a.Dossier.Heads(ctx, a.tx, office)
	if err != nil {
		return err
	}
	for _, person := range heads {
		if err := a.notify(ctx, c, kind, person, text); err != nil {
			return err
		}
	}
	return nil
}

// explain adds to a stale command what happened since, as its author may see it.
func (w *Casework) explain(ctx context.Context, refused *Refused) error {
	c, err := w.Client.CaseFile.Get(ctx, refused.seen.Case)
	if err != nil {
		return notFound()
	}
	refused.Current = c.Version
	refused.Changes, err = w.since(ctx, refused.seen)
	if err != nil {
		return err
	}
	return refused
}

func number(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// distinct lists ids once each, in order.
func distinct(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
