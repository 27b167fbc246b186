package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
)

// MoveOn takes the open cases on that stand in a closed office, at most limit of
// them, and says how many it found: to the office that has its work, else to the
// desk. It does not matter what brought them there: the closing, a sorter or a rule
// at the same moment, an answer or a receipt that opened a closed case again. Each
// case moves in a transaction of its own: after a crash the rest is moved, and one
// that fails stops no other.
func (w *Casework) MoveOn(ctx context.Context, limit int) (int, error) {
	closed, err := closedOffices(ctx, w.Client.Office)
	if err != nil || len(closed) == 0 {
		return 0, err
	}
	stranded, err := w.Client.CaseFile.Query().Where(openIn(closed)).Limit(limit).IDs(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for open cases of closed offices: %w", err)
	}
	var failed []error
	for _, id := range stranded {
		if err := w.moveOn(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("move case %d on from its closed office: %w", id, err))
		}
	}
	return len(stranded), errors.Join(failed...)
}

func closedOffices(ctx context.Context, table *ent.OfficeClient) ([]*ent.Office, error) {
	closed, err := table.Query().Where(office.ClosedAtNotNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for closed offices: %w", err)
	}
	return closed, nil
}

// openIn finds the cases of some offices that are not done.
func openIn(offices []*ent.Office) predicate.CaseFile {
	ids := make([]int, len(offices))
	for i, o := range offices {
		ids[i] = o.ID
	}
	return casefile.And(casefile.OfficeIDIn(ids...), casefile.StatusIn(casefile.StatusToAssign, casefile.StatusInProgress, casefile.StatusAnswering))
}

// moveOn moves one case, unless another instance was quicker.
func (w *Casework) moveOn(ctx context.Context, id int) error {
	return w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		closed, err := closedOffices(ctx, tx.Office)
		if err != nil {
			return nil, err
		}
		c, err := tx.CaseFile.Query().Where(casefile.ID(id), openIn(closed)).WithOffice().Only(ctx)
		if ent.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		a := &act{Casework: w, tx: tx, c: c, office: c.Edges.Office, now: w.now()}
		why := "ufficio chiuso: " + a.office.Name
		if heir := guard.Heirs(closed)[a.office.ID]; heir != 0 {
			err = a.toHeir(ctx, heir, why)
		} else {
			err = a.toDesk(ctx, event.CaseReturned, why, why)
		}
		return a.events, err
	})
}

// toHeir gives the case to the office that has the work of its closed one. Who has
// it keeps it, where he is of that office too; how far it is stays as it is.
func (a *act) toHeir(ctx context.Context, heir int, why string) error {
	stays := false
	if a.c.AssigneeID != nil {
		var err error
		if stays, err = a.memberOf(ctx, heir, *a.c.AssigneeID); err != nil {
			return err
		}
	}
	if err := a.withdraw(ctx); err != nil {
		return err
	}
	e := event.Entry{Kind: event.CaseRouted, Office: heir, FromOffice: a.office.ID, Details: event.Details{Reason: why}}
	if !stays {
		e.FromPerson = number(a.c.AssigneeID)
	}
	after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
		u.SetOfficeID(heir).ClearRule().SetRouteReason(why)
		if !stays {
			u.ClearAssignee().ClearOnBehalfOf()
			if a.c.Status != casefile.StatusAnswering {
				u.SetStatus(casefile.StatusToAssign)
			}
		}
		endClaim(u)
	})
	if err != nil || stays {
		return err
	}
	if a.c.AssigneeID != nil {
		if err := a.notify(ctx, after, notify.Unassigned, *a.c.AssigneeID, why); err != nil {
			return err
		}
	}
	return a.notifyHeads(ctx, after, heir, notify.Assigned, why)
}
