package casework

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/casemerge"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Merge puts a case into another one of the same office (unione): its messages
// go over, and it is seen as that one from then on.
func (w *Casework) Merge(ctx context.Context, on, into On, reason string) error {
	return w.do(ctx, Merge, on, func(ctx context.Context, a *act) error {
		reason, err := a.reasonFor(reason)
		if err != nil {
			return err
		}
		target, err := a.mergeTarget(ctx, into)
		if err != nil {
			return err
		}
		ids, err := a.tx.Message.Query().Where(message.CaseID(a.c.ID)).Order(message.ByID()).IDs(itself(ctx))
		if err != nil {
			return err
		}
		if err := a.refile(ctx, ids, a.c.ID, target.ID); err != nil {
			return err
		}
		err = a.tx.CaseMerge.Create().SetCaseID(a.c.ID).SetIntoID(target.ID).SetMessages(ids).SetStatus(string(a.c.Status)).
			SetMergedByID(a.me.ID).SetMergedAt(a.now).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = a.change(ctx, event.Entry{Kind: event.CaseMerged, Details: event.Details{Of: target.ID, Reason: reason}}, func(u *ent.CaseFileUpdate) {
			u.SetStatus(casefile.StatusMerged).SetMergedIntoID(target.ID)
			endClaim(u)
		})
		if err != nil {
			return err
		}
		return a.touch(ctx, target, event.Entry{Kind: event.CaseMerged, Details: event.Details{Of: a.c.ID, Reason: reason}})
	})
}

// touch tells the other case of a merge, and raises its version.
func (a *act) touch(ctx context.Context, other *ent.CaseFile, e event.Entry) error {
	after, err := a.Dossier.Change(itself(ctx), a.tx, other, func(*ent.CaseFileUpdate) {})
	if err != nil {
		return err
	}
	a.tell(after, e)
	return nil
}

// mergeTarget reads the case that another one is put into. Cases are put into
// cases, never into one that was put elsewhere: then each has one place.
func (a *act) mergeTarget(ctx context.Context, into On) (*ent.CaseFile, error) {
	target, err := a.tx.CaseFile.Get(ctx, into.Case)
	if ent.IsNotFound(err) || err == nil && (guard.Masked(target) || target.ID == a.c.ID) {
		return nil, invalid("intoCaseId", "l'altra pratica non esiste", "there is no such other case")
	} else if err != nil {
		return nil, err
	}
	holds, err := a.tx.CaseFile.Query().Where(casefile.MergedIntoID(a.c.ID)).Exist(itself(ctx))
	switch {
	case err != nil:
		return nil, err
	case holds:
		return nil, invalid("caseId", "a questa pratica ne sono unite altre: annullare prima quelle unioni",
			"other cases are merged into this one: undo that first")
	case target.Status == casefile.StatusMerged || target.Status == casefile.StatusClosed:
		return nil, invalid("intoCaseId", "l'altra pratica non è aperta", "the other case is not open")
	case number(target.OfficeID) != number(a.c.OfficeID):
		return nil, invalid("intoCaseId", "l'altra pratica è di un altro ufficio", "the other case is with another office")
	case into.Version <= 0:
		return nil, invalid("intoVersion", "manca la versione dell'altra pratica", "say which version of the other case you saw")
	case target.Version != into.Version:
		return nil, &Refused{
			Code: Stale, Path: "intoVersion", seen: into,
			Italian: "l'altra pratica è cambiata nel frattempo", English: "the other case has changed meanwhile",
		}
	}
	return target, nil
}

// refile moves messages from one case to another: all of them, or none.
func (a *act) refile(ctx context.Context, ids []int, from, to int) error {
	n, err := a.tx.Message.Update().Where(message.IDIn(ids...), message.CaseID(from)).SetCaseID(to).Save(itself(ctx))
	if err != nil || n == len(ids) {
		return err
	}
	return &Refused{Code: Illegal, Italian: "i messaggi sono stati spostati nel frattempo", English: "its messages have been moved since"}
}

// Unmerge takes a case out of the one that it was put into, with exactly the
// messages that it brought, and lets it stand where it stood; or where the other
// one is now, if that has gone to another office.
func (w *Casework) Unmerge(ctx context.Context, on On) error {
	return w.do(ctx, Unmerge, on, func(ctx context.Context, a *act) error {
		m, err := a.tx.CaseMerge.Query().Where(casemerge.CaseID(a.c.ID), casemerge.UndoneAtIsNil()).Order(casemerge.ByID(sql.OrderDesc())).First(itself(ctx))
		if err != nil {
			return err
		}
		target, err := a.tx.CaseFile.Get(itself(ctx), m.IntoID)
		if err != nil {
			return err
		}
		if err := a.refile(ctx, m.Messages, target.ID, a.c.ID); err != nil {
			return err
		}
		if err := a.tx.CaseMerge.Update().Where(casemerge.ID(m.ID)).SetUndoneAt(a.now).Exec(itself(ctx)); err != nil {
			return err
		}
		e := event.Entry{Kind: event.CaseUnmerged, Details: event.Details{Of: target.ID}}
		there := a.c
		if number(target.OfficeID) != number(a.c.OfficeID) {
			there, e.FromOffice, e.FromPerson = moved(a.c, target), number(a.c.OfficeID), number(a.c.AssigneeID)
		}
		_, err = a.change(ctx, e, func(u *ent.CaseFileUpdate) {
			u.SetStatus(dossier.Resting(there)).ClearMergedInto()
			if there == a.c {
				return
			}
			u.ClearAssignee().ClearOnBehalfOf()
			if there.OfficeID != nil {
				u.SetOfficeID(*there.OfficeID)
			} else {
				u.ClearOffice()
			}
		})
		if err != nil {
			return err
		}
		return a.touch(ctx, target, event.Entry{Kind: event.CaseUnmerged, Details: event.Details{Of: a.c.ID}})
	})
}
