package casework

import (
	"context"
	"slices"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caseoffice"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// SortTo is where a case goes from the sorting desk.
type SortTo struct {
	Office   int
	Note     string             // to the office, shown as the reason; may be empty
	Inform   []int              // offices that have it for information
	Priority *casefile.Priority // nil: as it is
}

// Sort sends a case to an office (smistamento), or to another one as long as
// that has not begun.
func (w *Casework) Sort(ctx context.Context, on On, to SortTo) error {
	return w.do(ctx, Sort, on, func(ctx context.Context, a *act) error {
		note, err := tidy(to.Note, "note")
		if err != nil {
			return err
		}
		if to.Priority != nil && casefile.PriorityValidator(*to.Priority) != nil {
			return invalid("priority", "la priorità manca", "say which priority")
		}
		if a.c.OfficeID != nil && *a.c.OfficeID == to.Office {
			return already("la pratica è già a questo ufficio", "the case is with this office already")
		}
		place, err := a.placeOf(ctx, to.Office, "officeId")
		if err != nil {
			return err
		}
		if err := a.inform(ctx, to.Inform, to.Office); err != nil {
			return err
		}
		if err := a.withdraw(ctx); err != nil {
			return err
		}
		details := event.Details{Reason: note, Offices: distinct(to.Inform)}
		e := event.Entry{Kind: event.CaseSorted, Office: to.Office, FromOffice: number(a.c.OfficeID), Details: details}
		after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
			u.SetStatus(casefile.StatusToAssign).SetOfficeID(to.Office).ClearRule().SetRouteReason(sortedTo + place.Name).
				SetSortedAt(a.now).SetSortedByID(a.me.ID)
			if to.Priority != nil {
				u.SetPriority(*to.Priority)
			}
			endClaim(u)
		})
		if err != nil {
			return err
		}
		if after.Priority != a.c.Priority {
			a.tell(after, priorityChanged(a.c.Priority, after.Priority))
		}
		return a.notifyHeads(ctx, after, to.Office, notify.Assigned, note)
	})
}

func (a *act) placeOf(ctx context.Context, id int, path string) (*ent.Office, error) {
	o, err := a.tx.Office.Query().Where(office.ID(id)).Only(itself(ctx))
	if ent.IsNotFound(err) {
		return nil, invalid(path, "l'ufficio non esiste", "there is no such office")
	}
	if err == nil && o.ClosedAt != nil {
		return nil, invalid(path, "l'ufficio è chiuso", "the office is closed")
	}
	return o, err
}

// inform replaces the offices that have the case for information.
func (a *act) inform(ctx context.Context, offices []int, competent int) error {
	if len(offices) > 50 {
		return invalid("informOfficeIds", "al massimo 50 uffici", "at most 50 offices")
	}
	_, err := a.tx.CaseOffice.Delete().Where(caseoffice.CaseID(a.c.ID)).Exec(ctx)
	if err != nil {
		return err
	}
	for _, id := range distinct(offices) {
		if id == competent {
			return invalid("informOfficeIds", "l'ufficio competente non è per conoscenza", "the competent office has it already")
		}
		if _, err := a.placeOf(ctx, id, "informOfficeIds"); err != nil {
			return err
		}
		if err := a.tx.CaseOffice.Create().SetCaseID(a.c.ID).SetOfficeID(id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Inform says which offices have the case for information (per conoscenza).
func (w *Casework) Inform(ctx context.Context, on On, offices []int) error {
	return w.do(ctx, Inform, on, func(ctx context.Context, a *act) error {
		if err := a.inform(ctx, offices, number(a.c.OfficeID)); err != nil {
			return err
		}
		_, err := a.change(ctx, event.Entry{Kind: event.CaseInformed, Details: event.Details{Offices: distinct(offices)}}, func(*ent.CaseFileUpdate) {})
		return err
	})
}

// TakeBack takes a case back to the desk before the office began.
func (w *Casework) TakeBack(ctx context.Context, on On, reason string) error {
	return w.do(ctx, TakeBack, on, func(ctx context.Context, a *act) error {
		return a.toDesk(ctx, event.CaseTakenBack, takenBack, reason)
	})
}

// Return gives a case back to the desk: it is not the office's (restituzione).
func (w *Casework) Return(ctx context.Context, on On, reason string) error {
	return w.do(ctx, Return, on, func(ctx context.Context, a *act) error {
		return a.toDesk(ctx, event.CaseReturned, returnedBy+a.office.Name, reason)
	})
}

func (a *act) toDesk(ctx context.Context, kind event.Kind, why, reason string) error {
	reason, err := a.reasonFor(reason)
	if err != nil {
		return err
	}
	e := event.Entry{Kind: kind, FromOffice: number(a.c.OfficeID), FromPerson: number(a.c.AssigneeID), Details: event.Details{Reason: reason}}
	if err := a.withdraw(ctx); err != nil {
		return err
	}
	after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
		u.SetStatus(casefile.StatusToSort).ClearOffice().ClearRule().ClearAssignee().ClearOnBehalfOf().SetRouteReason(why).
			ClearSortedAt().ClearSortedByID()
		endClaim(u)
	})
	if err != nil {
		return err
	}
	if kind == event.CaseReturned {
		sorters, err := a.Dossier.Sorters(ctx, a.tx)
		if err != nil {
			return err
		}
		for _, person := range sorters {
			if err := a.notify(ctx, after, notify.Returned, person, reason); err != nil {
				return err
			}
		}
		return nil
	}
	return a.notifyHeads(ctx, after, *a.c.OfficeID, notify.Returned, reason)
}

func endClaim(u *ent.CaseFileUpdate) {
	u.ClearClaimedBy().ClearClaimedUntil().ClearClaimWantedByID().ClearClaimWantedAt()
}

// Assign gives a case to a person of the office, or to another one. While that
// person is absent the one who stands in gets it.
func (w *Casework) Assign(ctx context.Context, on On, person int, reason string) error {
	return w.do(ctx, Assign, on, func(ctx context.Context, a *act) error {
		reason, err := a.reasonFor(reason)
		if err != nil {
			return err
		}
		return a.assign(ctx, person, "assigned", reason)
	})
}

// Unassign takes a case from the person who has it: it is the office's to assign
// again, and who had it is told. What that person wrote stays on the case.
func (w *Casework) Unassign(ctx context.Context, on On, reason string) error {
	return w.do(ctx, Unassign, on, func(ctx context.Context, a *act) error {
		reason, err := a.reasonFor(reason)
		if err != nil {
			return err
		}
		e := event.Entry{Kind: event.CaseUnassigned, FromPerson: number(a.c.AssigneeID), Details: event.Details{Reason: reason}}
		after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
			u.SetStatus(casefile.StatusToAssign).ClearAssignee().ClearOnBehalfOf()
			endClaim(u)
		})
		if err != nil || a.c.AssigneeID == nil {
			return err
		}
		return a.notify(ctx, after, notify.Unassigned, *a.c.AssigneeID, reason)
	})
}

// Take gives a case that nobody has to oneself, where the office allows it.
func (w *Casework) Take(ctx context.Context, on On) error {
	return w.do(ctx, Take, on, func(ctx context.Context, a *act) error {
		if !a.office.OperatorsMayTake && !slices.Contains(a.me.Acts, a.office.ID) {
			return &Refused{Code: Forbidden, Italian: "in questo ufficio le pratiche le assegna il capo", English: "in this office the head assigns"}
		}
		return a.assign(ctx, a.me.ID, "taken", "")
	})
}

func (a *act) assign(ctx context.Context, person int, how, reason string) error {
	who, err := a.worker(ctx, person)
	if err != nil {
		return err
	}
	if a.c.AssigneeID != nil && *a.c.AssigneeID == who {
		return already("la pratica è già sua", "that person has the case already")
	}
	e := event.Entry{Kind: event.CaseAssigned, Person: who, FromPerson: number(a.c.AssigneeID), Details: event.Details{Reason: reason, How: how}}
	after, err := a.change(ctx, e, func(u *ent.CaseFileUpdate) {
		if a.c.Status != casefile.StatusAnswering {
			u.SetStatus(casefile.StatusInProgress)
		}
		u.SetAssigneeID(who).ClearOnBehalfOf()
		if who != person {
			u.SetOnBehalfOfID(person)
		}
		endClaim(u)
	})
	if err != nil {
		return err
	}
	if a.c.AssigneeID != nil {
		if err := a.notify(ctx, after, notify.Unassigned, *a.c.AssigneeID, reason); err != nil {
			return err
		}
	}
	return a.notify(ctx, after, notify.Assigned, who, reason)
}

// worker is who gets what is given to a person: somebody of the office, named
// where the case is reserved.
func (a *act) worker(ctx context.Context, person int) (int, error) {
	nobody := invalid("assigneeId", "la persona non è di questo ufficio", "that person is not of this office")
	isMember, err := a.member(ctx, person)
	if err != nil || !isMember {
		return 0, errorOr(err, nobody)
	}
	who, err := a.Dossier.Standing(ctx, a.tx, person)
	if err != nil {
		return 0, err
	}
	if who == 0 {
		return 0, invalid("assigneeId", "la persona è assente e nessuno la sostituisce", "that person is absent and nobody stands in")
	}
	if who != person {
		if isMember, err = a.member(ctx, who); err != nil || !isMember {
			return 0, errorOr(err, invalid("assigneeId", "la persona è assente e chi la sostituisce non è di questo ufficio",
				"that person is absent, and who stands in is not of this office"))
		}
	}
	mayRead, err := a.named(ctx, who)
	if err != nil || mayRead {
		return who, err
	}
	return 0, invalid("assigneeId", "la pratica è riservata e la persona non è tra quelle indicate", "the case is reserved and that person is not named")
}

// named tells whether a reserved case names a person; any other case does.
func (a *act) named(ctx context.Context, person int) (bool, error) {
	if !a.c.Reserved {
		return true, nil
	}
	return a.tx.CaseReader.Query().Where(casereader.CaseID(a.c.ID), casereader.UserID(person), casereader.KindEQ(casereader.KindNamed)).Exist(itself(ctx))
}

func errorOr(err error, refused *Refused) error {
	if err != nil {
		return err
	}
	return refused
}

// member tells whether a person who can sign in is of the competent office now.
func (a *act) member(ctx context.Context, person int) (bool, error) {
	return a.memberOf(ctx, *a.c.OfficeID, person)
}

func (a *act) memberOf(ctx context.Context, office, person int) (bool, error) {
	return a.tx.Membership.Query().Where(
		membership.OfficeID(office), membership.UserID(person), membership.HasUserWith(user.DisabledAtIsNil()),
		membership.Or(membership.FromIsNil(), membership.FromLTE(a.now)), membership.Or(membership.UntilIsNil(), membership.UntilGT(a.now)),
	).Exist(itself(ctx))
}

// Close ends the work, without an answer by certified mail.
func (w *Casework) Close(ctx context.Context, on On, outcome casefile.Outcome, note string) error {
	return w.do(ctx, Close, on, func(ctx context.Context, a *act) error {
		if err := casefile.OutcomeValidator(outcome); err != nil {
			return invalid("outcome", "l'esito manca", "say how it ended")
		}
		note, err := tidy(note, "note")
		if err != nil {
			return err
		}
		e := event.Entry{Kind: event.CaseClosed, Person: number(a.c.AssigneeID), Details: event.Details{Outcome: string(outcome), Reason: note}}
		_, err = a.change(ctx, e, func(u *ent.CaseFileUpdate) {
			u.SetStatus(casefile.StatusClosed).SetOutcome(outcome).SetClosedAt(a.now)
			endClaim(u)
		})
		return err
	})
}

// Reopen lets a closed case be worked again, by whom it was.
func (w *Casework) Reopen(ctx context.Context, on On, reason string) error {
	return w.do(ctx, Reopen, on, func(ctx context.Context, a *act) error {
		reason, err := a.reasonFor(reason)
		if err != nil {
			return err
		}
		after, err := a.change(ctx, event.Entry{Kind: event.CaseReopened, Person: number(a.c.AssigneeID), Details: event.Details{Reason: reason}},
			func(u *ent.CaseFileUpdate) { u.SetStatus(dossier.Resting(a.c)).ClearOutcome().ClearClosedAt() })
		if err != nil || a.c.AssigneeID == nil {
			return err
		}
		return a.notify(ctx, after, notify.Assigned, *a.c.AssigneeID, reason)
	})
}

// SetPriority changes how urgent people say it is.
func (w *Casework) SetPriority(ctx context.Context, on On, p casefile.Priority) error {
	return w.do(ctx, Prioritise, on, func(ctx context.Context, a *act) error {
		if err := casefile.PriorityValidator(p); err != nil {
			return invalid("priority", "la priorità manca", "say which priority")
		}
		if p == a.c.Priority {
			return already("la priorità è già questa", "it has this priority already")
		}
		_, err := a.change(ctx, priorityChanged(a.c.Priority, p), func(u *ent.CaseFileUpdate) { u.SetPriority(p) })
		return err
	})
}

func priorityChanged(from, to casefile.Priority) event.Entry {
	return event.Entry{Kind: event.CasePriorityChanged, Details: event.Details{From: string(from), To: string(to)}}
}
