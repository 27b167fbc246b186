package casework

import (
	"context"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefollower"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// GlassTime is how long broken glass stays open.
const GlassTime = 4 * time.Hour

// AddNote writes something beside the case, for those who read it.
func (w *Casework) AddNote(ctx context.Context, caseID int, text string) error {
	return w.do(ctx, Note, On{Case: caseID}, func(ctx context.Context, a *act) error {
		text, err := written(text, "text")
		if err != nil {
			return err
		}
		n, err := a.tx.Note.Create().SetCaseID(caseID).SetAuthorID(a.me.ID).SetText(text).SetWrittenAt(a.now).Save(ctx)
		if err != nil {
			return err
		}
		a.events = append(a.events, event.Entry{Kind: event.CaseNoted, Case: caseID, Office: number(a.c.OfficeID), Details: event.Details{Of: n.ID}})
		return a.tellFollowers(ctx, a.c, event.CaseNoted)
	})
}

// Reserve lets only named people read the case; who reserves it is one of them.
func (w *Casework) Reserve(ctx context.Context, on On, people []int) error {
	return w.do(ctx, Reserve, on, func(ctx context.Context, a *act) error {
		people := distinct(append([]int{a.me.ID}, people...))
		if len(people) > 50 {
			return invalid("readerIds", "al massimo 50 persone", "at most 50 people")
		}
		n, err := a.tx.User.Query().Where(user.IDIn(people...), user.DisabledAtIsNil()).Count(itself(ctx))
		if err != nil || n != len(people) {
			return errorOr(err, invalid("readerIds", "una delle persone non esiste", "one of the people does not exist"))
		}
		if _, err := a.tx.CaseReader.Delete().Where(casereader.CaseID(a.c.ID), casereader.KindEQ(casereader.KindNamed)).Exec(ctx); err != nil {
			return err
		}
		for _, person := range people {
			if err := a.tx.CaseReader.Create().SetCaseID(a.c.ID).SetUserID(person).SetKind(casereader.KindNamed).Exec(ctx); err != nil {
				return err
			}
		}
		e := event.Entry{Kind: event.CaseReserved, Details: event.Details{People: people}}
		_, err = a.change(ctx, e, func(u *ent.CaseFileUpdate) { u.SetReserved(true) })
		return err
	})
}

// Unreserve lets the office read the case again.
func (w *Casework) Unreserve(ctx context.Context, on On) error {
	return w.do(ctx, Unreserve, on, func(ctx context.Context, a *act) error {
		if !a.c.Reserved {
			return already("la pratica non è riservata", "the case is not reserved")
		}
		_, err := a.change(ctx, event.Entry{Kind: event.CaseUnreserved}, func(u *ent.CaseFileUpdate) { u.SetReserved(false) })
		if err != nil {
			return err
		}
		_, err = a.tx.CaseReader.Delete().Where(casereader.CaseID(a.c.ID), casereader.KindEQ(casereader.KindNamed)).Exec(itself(ctx))
		return err
	})
}

// Follow has oneself told what becomes of a case.
func (w *Casework) Follow(ctx context.Context, caseID int) error {
	return w.do(ctx, Follow, On{Case: caseID}, func(ctx context.Context, a *act) error {
		follows, err := a.tx.CaseFollower.Query().Where(casefollower.CaseID(caseID), casefollower.UserID(a.me.ID)).Exist(ctx)
		if err != nil || follows {
			return errorIf(err, follows, already("la segui già", "you follow it already"))
		}
		a.events = append(a.events, event.Entry{Kind: event.CaseFollowed, Case: caseID, Person: a.me.ID})
		return a.tx.CaseFollower.Create().SetCaseID(caseID).SetUserID(a.me.ID).Exec(ctx)
	})
}

// Unfollow ends that.
func (w *Casework) Unfollow(ctx context.Context, caseID int) error {
	return w.do(ctx, Unfollow, On{Case: caseID}, func(ctx context.Context, a *act) error {
		n, err := a.tx.CaseFollower.Delete().Where(casefollower.CaseID(caseID), casefollower.UserID(a.me.ID)).Exec(ctx)
		if err != nil || n == 0 {
			return errorIf(err, n == 0, already("non la segui", "you do not follow it"))
		}
		a.events = append(a.events, event.Entry{Kind: event.CaseUnfollowed, Case: caseID, Person: a.me.ID})
		return nil
	})
}

func errorIf(err error, so bool, refused *Refused) error {
	if err != nil || !so {
		return err
	}
	return refused
}

// BreakGlass lets oneself read for a while a case that one only sees, for a
// reason, and tells the head of the office at once (accesso motivato).
func (w *Casework) BreakGlass(ctx context.Context, caseID int, reason string) error {
	return w.do(ctx, BreakGlass, On{Case: caseID}, func(ctx context.Context, a *act) error {
		reason, err := a.reasonFor(reason)
		if err != nil {
			return err
		}
		until := a.now.Add(GlassTime)
		n, err := a.tx.CaseReader.Update().Where(casereader.CaseID(caseID), casereader.UserID(a.me.ID), casereader.KindEQ(casereader.KindGlass)).
			SetUntil(until).SetReason(reason).Save(ctx)
		if err == nil && n == 0 {
			err = a.tx.CaseReader.Create().SetCaseID(caseID).SetUserID(a.me.ID).SetKind(casereader.KindGlass).SetReason(reason).SetUntil(until).Exec(ctx)
		}
		if err != nil {
			return err
		}
		a.events = append(a.events, event.Entry{
			Kind: event.GlassBroken, Case: caseID, Office: number(a.c.OfficeID), Person: a.me.ID, Details: event.Details{Reason: reason},
		})
		if a.office != nil {
			heads, err := a.Dossier.Heads(ctx, a.tx, a.office.ID)
			if err != nil {
				return err
			}
			if len(heads) > 0 {
				return a.notifyHeads(ctx, a.c, a.office.ID, notify.Glass, reason)
			}
		}
		sorters, err := a.Dossier.Sorters(ctx, a.tx) // the desk, where no head is
		for _, person := range sorters {
			if err == nil {
				err = a.notify(ctx, a.c, notify.Glass, person, reason)
			}
		}
		return err
	})
}
