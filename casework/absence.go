package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
)

// AbsencePlan says that a person is away, and who stands in.
type AbsencePlan struct {
	User, Delegate int
	From, Until    time.Time // Until is the moment of return
}

// mostChain bounds a chain of delegates.
const mostChain = 20

// PlanAbsence plans the absence of oneself, or as head or administrator of
// somebody else. The one who stands in is of an office of the absent person, and
// no chain of delegates leads back.
func (w *Casework) PlanAbsence(ctx context.Context, p AbsencePlan) (int, error) {
	if err := w.checkPlan(p); err != nil {
		return 0, err
	}
	var id int
	err := w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if err := mayPlan(ctx, tx, p.User); err != nil {
			return nil, err
		}
		if err := fits(ctx, tx, p); err != nil {
			return nil, err
		}
		row := tx.Absence.Create().SetUserID(p.User).SetDelegateID(p.Delegate).SetFrom(p.From.UTC()).SetUntil(p.Until.UTC()).SetCreatedAt(w.now())
		if v, _ := guard.From(ctx); !v.IsSystem() {
			me, _ := v.Person()
			row.SetMadeByID(me.ID)
		}
		a, err := row.Save(ctx)
		if err != nil {
			return nil, err
		}
		id = a.ID
		return []event.Entry{{Kind: event.AbsencePlanned, FromPerson: p.User, Person: p.Delegate}}, nil
	})
	return id, err
}

func (w *Casework) checkPlan(p AbsencePlan) error {
	switch {
	case p.User == p.Delegate:
		return invalid("delegateId", "nessuno sostituisce se stesso", "nobody stands in for himself")
	case !p.Until.After(p.From) || !p.Until.After(w.now()):
		return invalid("until", "il ritorno viene dopo l'inizio, e non è passato", "the return comes after the beginning, and is not past")
	case p.Until.Sub(p.From) > 366*24*time.Hour:
		return invalid("until", "al massimo un anno", "a year at most")
	}
	return nil
}

// mayPlan lets oneself, the heads of the person's offices and administrators plan.
func mayPlan(ctx context.Context, tx *ent.Tx, person int) error {
	v, _ := guard.From(ctx)
	me, ok := v.Person()
	if ok && !v.May(guard.Write) {
		return readOnly()
	}
	if !ok || me.ID == person || me.Administrator {
		return nil
	}
	leads, err := tx.Membership.Query().Where(membership.UserID(person), membership.OfficeIDIn(me.Acts...)).Exist(itself(ctx))
	if err != nil || leads {
		return err
	}
	return &Refused{
		Code: Forbidden, Path: "userId",
		Italian: "l'assenza di un'altra persona la indica il capo ufficio", English: "the absence of somebody else is the head's to plan",
	}
}

// fits checks a plan against who works where, and the other absences.
func fits(ctx context.Context, tx *ent.Tx, p AbsencePlan) error {
	ctx = itself(ctx)
	n, err := tx.User.Query().Where(user.IDIn(p.User, p.Delegate), user.DisabledAtIsNil()).Count(ctx)
	if err != nil || n != 2 {
		return errorOr(err, invalid("delegateId", "la persona non esiste", "there is no such person"))
	}
	offices, err := tx.Membership.Query().Where(membership.UserID(p.User)).All(ctx)
	if err != nil {
		return err
	}
	var ids []int
	for _, m := range offices {
		ids = append(ids, m.OfficeID)
	}
	shares, err := tx.Membership.Query().Where(membership.UserID(p.Delegate), membership.OfficeIDIn(ids...)).Exist(ctx)
	if err != nil || !shares {
		return errorOr(err, invalid("delegateId", "chi sostituisce è di un ufficio della persona assente",
			"who stands in is of an office of the absent person"))
	}
	overlaps, err := during(tx, p.User, p).Exist(ctx)
	if err != nil || overlaps {
		return errorOr(err, invalid("from", "in questi giorni l'assenza c'è già", "there is an absence in these days already"))
	}
	return chain(ctx, tx, p)
}

// during finds the absences of a person that touch the days of a plan.
func during(tx *ent.Tx, person int, p AbsencePlan) *ent.AbsenceQuery {
	return tx.Absence.Query().Where(absence.UserID(person), absence.StateIn(absence.StatePlanned, absence.StateActive),
		absence.FromLT(p.Until), absence.UntilGT(p.From))
}

// chain follows the delegates of the delegate within the days of the plan; a way
// back to the absent person is refused.
func chain(ctx context.Context, tx *ent.Tx, p AbsencePlan) error {
	next, seen := []int{p.Delegate}, []int{}
	for range mostChain {
		if len(next) == 0 {
			return nil
		}
		var after []int
		for _, person := range next {
			rows, err := during(tx, person, p).All(ctx)
			if err != nil {
				return err
			}
			for _, a := range rows {
				if a.DelegateID == p.User {
					return invalid("delegateId", "in questi giorni la sostituzione tornerebbe alla persona assente",
						"in these days the chain of delegates would lead back to the absent person")
				}
				if !slices.Contains(seen, a.DelegateID) {
					after = append(after, a.DelegateID)
				}
			}
			seen = append(seen, person)
		}
		next = distinct(after)
	}
	return invalid("delegateId", "la catena delle sostituzioni è troppo lunga", "the chain of delegates is too long")
}

// CancelAbsence calls a planned absence off; one that has begun ends now.
func (w *Casework) CancelAbsence(ctx context.Context, id int) error {
	return w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		a, err := tx.Absence.Get(ctx, id)
		if ent.IsNotFound(err) {
			return nil, &Refused{Code: NotFound, Italian: "l'assenza non esiste", English: "there is no such absence"}
		} else if err != nil {
			return nil, err
		}
		if err := mayPlan(ctx, tx, a.UserID); err != nil {
			return nil, err
		}
		u := tx.Absence.Update().Where(absence.ID(id), absence.StateEQ(a.State))
		switch a.State {
		case absence.StatePlanned:
			u.SetState(absence.StateCancelled)
		case absence.StateActive:
			u.SetUntil(w.now())
		default:
			return nil, already("l'assenza è già finita", "the absence is over already")
		}
		return []event.Entry{{Kind: event.AbsenceCancelled, FromPerson: a.UserID, Person: a.DelegateID}}, u.Exec(ctx)
	})
}

// StartAbsences moves the work of those whose absence begins by now to who
// stands in. Each case moves in a transaction of its own, and the absence is
// marked last: after a crash the rest is moved.
func (w *Casework) StartAbsences(ctx context.Context, now time.Time, limit int) (int, error) {
	rows, err := w.Client.Absence.Query().Where(absence.StateEQ(absence.StatePlanned), absence.FromLTE(now)).Order(absence.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for absences that begin: %w", err)
	}
	for _, a := range rows {
		state := absence.StateActive
		if !a.Until.After(now) {
			state = absence.StateOver
		}
		cases := []predicate.CaseFile{casefile.AssigneeID(a.UserID), casefile.StatusIn(worked()...)}
		if err := w.turnOver(ctx, a, state, cases); err != nil {
			return 0, fmt.Errorf("begin absence %d: %w", a.ID, err)
		}
	}
	return len(rows), nil
}

// EndAbsences gives back, to those who return, what was done in their place.
func (w *Casework) EndAbsences(ctx context.Context, now time.Time, limit int) (int, error) {
	rows, err := w.Client.Absence.Query().Where(absence.StateEQ(absence.StateActive), absence.UntilLTE(now)).Order(absence.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for absences that end: %w", err)
	}
	for _, a := range rows {
		cases := []predicate.CaseFile{casefile.OnBehalfOfID(a.UserID), casefile.StatusIn(worked()...)}
		if err := w.turnOver(ctx, a, absence.StateOver, cases); err != nil {
			return 0, fmt.Errorf("end absence %d: %w", a.ID, err)
		}
	}
	return len(rows), nil
}

// worked are the statuses in which somebody has a case.
func worked() []casefile.Status {
	return []casefile.Status{casefile.StatusInProgress, casefile.StatusAnswering}
}

// turnOver lets the cases of an absent person go where they now belong, and
// marks the absence.
func (w *Casework) turnOver(ctx context.Context, a *ent.Absence, state absence.State, which []predicate.CaseFile) error {
	ids, err := w.Client.CaseFile.Query().Where(which...).Order(casefile.ByID()).IDs(ctx)
	if err != nil {
		return err
	}
	moved := 0
	for _, id := range ids {
		went, err := w.hand(ctx, id, a.UserID)
		if err != nil {
			return err
		}
		if went {
			moved++
		}
	}
	return w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		n, err := tx.Absence.Update().Where(absence.ID(a.ID), absence.StateEQ(a.State)).SetState(state).Save(ctx)
		if err != nil || n == 0 {
			return nil, err // another instance was quicker
		}
		kind, letter := event.AbsenceEnded, notify.AbsenceEnds
		if state == absence.StateActive {
			kind, letter = event.AbsenceStarted, notify.AbsenceBegins
		}
		e := event.Entry{Kind: kind, FromPerson: a.UserID, Person: a.DelegateID, Details: event.Details{Count: moved}}
		return []event.Entry{e}, w.Dossier.Tell(ctx, tx, dossier.Notice{
			Key: fmt.Sprintf("absence:%d:%s", a.ID, kind), User: a.DelegateID, Kind: letter, Actor: a.UserID,
		})
	})
}

// hand gives one case to whoever does now the work of a person whose case it
// is. Who is not of the competent office, or not named on a reserved case, gets
// nothing: the head decides then.
func (w *Casework) hand(ctx context.Context, caseID, person int) (went bool, err error) {
	err = w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		went = false
		c, err := tx.CaseFile.Get(ctx, caseID)
		if err != nil || !slices.Contains(worked(), c.Status) || c.AssigneeID == nil || c.OfficeID == nil {
			return nil, err
		}
		who, err := w.Dossier.Standing(ctx, tx, person)
		if err != nil || who == 0 || who == *c.AssigneeID {
			return nil, err
		}
		a := &act{Casework: w, tx: tx, c: c, now: w.now()}
		isMember, err := a.member(ctx, who)
		if err != nil || !isMember {
			return nil, err
		}
		mayRead, err := a.named(ctx, who)
		if err != nil || !mayRead {
			return nil, err
		}
		went = true
		e := event.Entry{Kind: event.CaseAssigned, Person: who, FromPerson: *c.AssigneeID, Details: event.Details{How: "absence"}}
		owner := c.OnBehalfOfID
		if owner == nil {
			owner = &person
		}
		if who == *owner {
			e.Details.How = "return"
		}
		after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
			u.SetAssigneeID(who).ClearOnBehalfOf()
			if who != *owner {
				u.SetOnBehalfOfID(*owner)
			}
			endClaim(u)
		})
		if err != nil {
			return nil, err
		}
		return a.events, a.notify(ctx, after, notify.Assigned, who, "")
	})
	return went, err
}
