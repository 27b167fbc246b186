package casework

import (
	"context"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// Remind sends a reminder of the desk to the office (sollecito).
func (w *Casework) Remind(ctx context.Context, caseID int, text string) error {
	return w.do(ctx, Remind, On{Case: caseID}, func(ctx context.Context, a *act) error {
		return a.inquire(ctx, inquiry.KindSollecito, event.SollecitoSent, notify.Sollecito, text)
	})
}

// AskClarification asks the office something (richiesta di chiarimenti). Until
// the answer the terms of the case stand still.
func (w *Casework) AskClarification(ctx context.Context, caseID int, text string) error {
	return w.do(ctx, Ask, On{Case: caseID}, func(ctx context.Context, a *act) error {
		if err := a.hold(ctx); err != nil {
			return err
		}
		if err := a.inquire(ctx, inquiry.KindClarification, event.ClarificationAsked, notify.Question, text); err != nil {
			return err
		}
		const why = "in attesa di chiarimenti"
		a.events = append(a.events, event.Entry{Kind: event.TermSuspended, Case: caseID, Office: number(a.c.OfficeID), Details: event.Details{Reason: why}})
		return a.Dossier.Suspend(ctx, a.tx, caseID, why)
	})
}

// hold makes other commands on the case wait, and starts over when one was
// quicker: the case may have left the office.
func (a *act) hold(ctx context.Context) error {
	n, err := a.tx.CaseFile.Update().Where(casefile.ID(a.c.ID), casefile.Version(a.c.Version)).AddVersion(0).Save(itself(ctx))
	if err == nil && n == 0 {
		return dossier.ErrStale
	}
	return err
}

func (a *act) inquire(ctx context.Context, kind inquiry.Kind, told event.Kind, letter notify.Kind, text string) error {
	text, err := written(text, "text")
	if err != nil {
		return err
	}
	row, err := a.tx.Inquiry.Create().SetCaseID(a.c.ID).SetOfficeID(a.office.ID).SetKind(kind).
		SetAskedByID(a.me.ID).SetAskedAt(a.now).SetText(text).Save(ctx)
	if err != nil {
		return err
	}
	a.events = append(a.events, event.Entry{Kind: told, Case: a.c.ID, Office: a.office.ID, Person: number(a.c.AssigneeID), Details: event.Details{Of: row.ID}})
	if a.c.AssigneeID != nil {
		if err := a.notify(ctx, a.c, letter, *a.c.AssigneeID, text); err != nil {
			return err
		}
	}
	return a.notifyHeads(ctx, a.c, a.office.ID, letter, text)
}

// AnswerInquiry answers a reminder or a question of the desk. With the last open
// question the terms run again.
func (w *Casework) AnswerInquiry(ctx context.Context, id int, text string) error {
	asked, err := w.Client.Inquiry.Get(ctx, id)
	if ent.IsNotFound(err) {
		return &Refused{Code: NotFound, Italian: "la richiesta non esiste", English: "there is no such inquiry"}
	} else if err != nil {
		return err
	}
	return w.do(ctx, Answer, On{Case: asked.CaseID}, func(ctx context.Context, a *act) error {
		text, err := written(text, "text")
		if err != nil {
			return err
		}
		n, err := a.tx.Inquiry.Update().Where(inquiry.ID(id), inquiry.AnsweredAtIsNil()).
			SetAnsweredByID(a.me.ID).SetAnsweredAt(a.now).SetAnswer(text).Save(ctx)
		if err != nil || n == 0 {
			return errorIf(err, n == 0, already("ha già una risposta", "it is answered already"))
		}
		a.events = append(a.events, event.Entry{
			Kind: event.InquiryAnswered, Case: a.c.ID, Office: number(a.c.OfficeID), Person: asked.AskedByID, Details: event.Details{Of: id},
		})
		if err := a.resume(ctx, asked); err != nil {
			return err
		}
		return a.notify(ctx, a.c, notify.Answer, asked.AskedByID, text)
	})
}

// resume lets the terms run again when nothing that the competent office was
// asked waits any more. What another office left unanswered holds up nobody.
func (a *act) resume(ctx context.Context, asked *ent.Inquiry) error {
	if asked.Kind != inquiry.KindClarification || a.office == nil || asked.OfficeID != a.office.ID {
		return nil
	}
	waiting, err := a.waits(ctx)
	if err != nil || waiting {
		return err
	}
	return a.run(ctx)
}

// withdraw lets the terms run again when the case leaves the office that had
// been asked: whoever gets it next does not wait for that answer.
func (a *act) withdraw(ctx context.Context) error {
	waiting, err := a.waits(ctx)
	if err != nil || !waiting {
		return err
	}
	return a.run(ctx)
}

// waits tells whether the desk waits for an answer of the competent office.
func (a *act) waits(ctx context.Context) (bool, error) {
	if a.office == nil {
		return false, nil
	}
	return a.tx.Inquiry.Query().Where(inquiry.CaseID(a.c.ID), inquiry.OfficeID(a.office.ID),
		inquiry.KindEQ(inquiry.KindClarification), inquiry.AnsweredAtIsNil()).Exist(itself(ctx))
}

func (a *act) run(ctx context.Context) error {
	a.events = append(a.events, event.Entry{Kind: event.TermResumed, Case: a.c.ID, Office: number(a.c.OfficeID)})
	return a.Dossier.Resume(ctx, a.tx, a.c.ID)
}
