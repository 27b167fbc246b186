package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// enterIncoming gives a message its case: that of the same PEC in another
// mailbox, else the one it answers, else a new one.
func (w *work) enterIncoming(ctx context.Context, in intake, m *ent.Message) error {
	key := openedBy(m)
	twin, err := w.tx.CaseFile.Query().Where(casefile.OpenedBy(key)).Only(ctx)
	if err == nil {
		if twin, err = w.standing(ctx, twin.ID); err != nil {
			return err
		}
		return w.joinTwin(ctx, in, m, twin)
	}
	if !ent.IsNotFound(err) {
		return err
	}
	answered, err := w.answered(ctx, m)
	if err != nil {
		return err
	}
	if answered != nil && answered.CaseID != nil {
		c, err := w.standing(ctx, *answered.CaseID)
		if err != nil {
			return err
		}
		return w.join(ctx, in, m, c, true)
	}
	if err := w.open(ctx, in, m, key); err != nil {
		return err
	}
	if answered != nil {
		if err := w.follow(ctx, answered, *m.CaseID); err != nil {
			return err
		}
	}
	return w.adopt(ctx, m)
}

// openedBy names what a message is the same as: what its provider certified
// with a valid signature, or else just its bytes.
func openedBy(m *ent.Message) string {
	if certified(m) && m.Identifier != "" {
		return "pec:" + m.Evidence.Signer + " " + m.Identifier
	}
	return byBytes + m.Digest
}

// certified says that the provider vouches for what the message says.
func certified(m *ent.Message) bool {
	return m.Kind == pec.Envelope && m.Verdict == smime.Valid && m.Certification != nil
}

// join puts a message into a case that is there: an answer, or a copy of what
// opened it.
func (w *work) join(ctx context.Context, in intake, m *ent.Message, c *ent.CaseFile, answer bool) error {
	again, err := w.cameBefore(ctx, m)
	if err != nil {
		return err
	}
	if err := w.place(ctx, m, c.ID); err != nil {
		return err
	}
	received := w.about(event.MessageReceived, in, m)
	received.Details.Version = c.Version + 1 // as stir makes it
	w.tell(received)
	if answer {
		w.tell(event.Entry{Kind: event.CaseJoined, Case: c.ID, Message: m.ID, Details: event.Details{Version: c.Version + 1}})
	}
	return w.stir(ctx, c, again || !answer)
}

// stir tells that a message came to a case, perhaps once again. What was closed is
// worked again, by whom it was.
func (w *work) stir(ctx context.Context, c *ent.CaseFile, again bool) error {
	reopen := c.Status == casefile.StatusClosed
	after, err := w.Dossier.Change(ctx, w.tx, c, func(u *ent.CaseFileUpdate) {
		if reopen {
			u.SetStatus(dossier.Resting(c)).ClearOutcome().ClearClosedAt()
		}
		if again {
			u.SetRepeated(true)
		}
	})
	if err != nil || !reopen {
		return err
	}
	w.tell(event.Entry{Kind: event.CaseReopened, Case: c.ID, Office: zeroed(c.OfficeID), Person: zeroed(c.AssigneeID), Details: event.Details{
		Reason: "è arrivato un nuovo messaggio", From: string(c.Status), To: string(after.Status), Version: after.Version}})
	return nil
}

func zeroed(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// standing is the case itself, or the one that it was merged into.
func (w *work) standing(ctx context.Context, caseID int) (*ent.CaseFile, error) {
	c, err := w.tx.CaseFile.Get(ctx, caseID)
	if err != nil || c.MergedIntoID == nil {
		return c, err
	}
	return w.tx.CaseFile.Get(ctx, *c.MergedIntoID)
}

// joinTwin puts a copy of a PEC into the case that another copy opened. Where
// that one left the case at the sorting desk, the mailbox of this one may be
// tied to the competent office.
func (w *work) joinTwin(ctx context.Context, in intake, m *ent.Message, c *ent.CaseFile) error {
	if err := w.join(ctx, in, m, c, false); err != nil || c.Status != casefile.StatusToSort {
		return err
	}
	d, err := w.decide(ctx, in, m)
	if err != nil || d.Office == 0 {
		return err
	}
	if c, err = w.tx.CaseFile.Get(ctx, c.ID); err != nil {
		return err
	}
	moved := routed(c.ID, m.ID, d)
	moved.Details.Version = c.Version + 1
	w.tell(moved)
	_, err = w.Dossier.Change(ctx, w.tx, c, func(u *ent.CaseFileUpdate) {
		u.SetStatus(casefile.StatusToAssign).SetOfficeID(d.Office).SetRouteReason(d.Reason)
		if d.Rule != 0 {
			u.SetRuleID(d.Rule)
		}
	})
	if err != nil {
		return err
	}
	return w.hit(ctx, d)
}

func routed(caseID, messageID int, d Decision) event.Entry {
	return event.Entry{Kind: event.CaseRouted, Case: caseID, Message: messageID, Office: d.Office, Details: event.Details{Reason: d.Reason}}
}

// decide asks Route, with the rules and the tie as they are now.
func (w *work) decide(ctx context.Context, in intake, m *ent.Message) (Decision, error) {
	rules, err := RulesOn(ctx, w.tx.RoutingRule)
	if err != nil {
		return Decision{}, err
	}
	tie, err := w.tie(ctx, in.box)
	if err != nil {
		return Decision{}, err
	}
	return Route(factsOf(in.Mailbox, m, in.read), tie, rules), nil
}

// open makes a case and routes it.
func (w *work) open(ctx context.Context, in intake, m *ent.Message, key string) error {
	d, err := w.decide(ctx, in, m)
	if err != nil {
		return err
	}
	again, err := w.cameBefore(ctx, m)
	if err != nil {
		return err
	}
	number, err := w.number(ctx)
	if err != nil {
		return err
	}
	row := w.tx.CaseFile.Create().SetNumber(number).SetOpenedBy(key).
		SetSubject(m.Subject).SetSenderName(m.SenderName).SetSenderAddress(m.SenderAddress).
		SetRouteReason(d.Reason).SetReceivedAt(m.ReceivedAt).SetNillableCertifiedAt(m.CertifiedAt).SetChangedAt(w.at).
		SetStatus(casefile.StatusToSort).SetRepeated(again)
	if in.box != nil {
		row.SetMailboxID(in.box.ID)
	}
	if d.Office != 0 {
		row.SetStatus(casefile.StatusToAssign).SetOfficeID(d.Office)
	}
	if d.Rule != 0 {
		row.SetRuleID(d.Rule)
	}
	who, err := w.assignee(ctx, d, row)
	if err != nil {
		return err
	}
	c, err := w.Dossier.Open(ctx, w.tx, row)
	if err != nil {
		return fmt.Errorf("case %s: %w", number, err)
	}
	if err := errors.Join(w.place(ctx, m, c.ID), w.hit(ctx, d)); err != nil {
		return err
	}
	w.tell(w.about(event.MessageReceived, in, m), event.Entry{Kind: event.CaseOpened, Case: c.ID, Message: m.ID, Office: d.Office})
	if d.Office == 0 {
		return w.Dossier.TellDesk(ctx, w.tx, c)
	}
	w.tell(routed(c.ID, m.ID, d))
	if who == 0 {
		return nil
	}
	w.tell(event.Entry{
		Kind: event.CaseAssigned, Case: c.ID, Office: d.Office, Person: who,
		Details: event.Details{How: "rule", Reason: d.Reason, Version: c.Version},
	})
	return w.Dossier.Tell(ctx, w.tx, dossier.Notice{Key: dossier.KeyOf(notify.Assigned, c.ID, c.Version, who), User: who, Case: c, Kind: notify.Assigned})
}

// assignee gives a new case to the person that its rule names, or who stands in;
// to nobody when neither is of the office any more.
func (w *work) assignee(ctx context.Context, d Decision, row *ent.CaseFileCreate) (int, error) {
	if d.Rule == 0 {
		return 0, nil
	}
	rule, err := w.tx.RoutingRule.Get(ctx, d.Rule)
	if err != nil || rule.AssigneeID == nil {
		return 0, err
	}
	who, err := w.Dossier.Standing(ctx, w.tx, *rule.AssigneeID)
	if err != nil || who == 0 {
		return 0, err
	}
	isMember, err := w.tx.Membership.Query().Where(membership.UserID(who), membership.OfficeID(d.Office)).Exist(ctx)
	if err != nil || !isMember {
		return 0, err
	}
	row.SetStatus(casefile.StatusInProgress).SetAssigneeID(who)
	if who != *rule.AssigneeID {
		row.SetOnBehalfOfID(*rule.AssigneeID)
	}
	return who, nil
}

// place ties a message to a case.
func (w *work) place(ctx context.Context, m *ent.Message, caseID int) error {
	m.CaseID = &caseID
	return w.tx.Message.UpdateOneID(m.ID).SetCaseID(caseID).Exec(ctx)
}

// number is the next one of the year, on the office's calendar: 2026/000114.
func (w *work) number(ctx context.Context) (string, error) {
	year := w.at.In(w.Zone).Year()
	counter, err := w.tx.CaseCounter.UpdateOneID(year).AddLast(1).Save(ctx)
	if ent.IsNotFound(err) {
		counter, err = w.tx.CaseCounter.Create().SetID(year).SetLast(1).Save(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("number the case: %w", err)
	}
	return fmt.Sprintf("%d/%06d", year, counter.Last), nil
}

func (w *work) tie(ctx context.Context, box *ent.Mailbox) (*Place, error) {
	if box == nil || box.OfficeID == nil {
		return nil, nil
	}
	office, err := w.tx.Office.Get(ctx, *box.OfficeID)
	if err != nil {
		return nil, fmt.Errorf("read the office of %s: %w", box.Address, err)
	}
	return &Place{ID: office.ID, Name: office.Name}, nil
}
