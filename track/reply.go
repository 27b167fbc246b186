package track

import (
	"context"
	"fmt"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/pec"
)

// By says what tells that a reply was sent, or was not.
type By = reply.SettledBy

// open are the states in which a reply can still turn out to have been sent.
func open() []reply.State {
	return []reply.State{reply.StateSending, reply.StateUncertain, reply.StateQueued, reply.StateRefused}
}

// Sent keeps that the provider has a reply: by its answer, by evidence, or by
// what a person says. What is sent already stays so.
func (t *Tracker) Sent(ctx context.Context, tx *ent.Tx, id int, by By, answer string) ([]event.Entry, error) {
	n := t.begin(tx)
	ctx = itself(ctx)
	r, err := tx.Reply.Get(ctx, id)
	if err == nil {
		err = n.sent(ctx, r, by, answer)
	}
	return n.events, err
}

func (n *news) sent(ctx context.Context, r *ent.Reply, by By, answer string) error {
	moved, err := n.tx.Reply.Update().Where(reply.ID(r.ID), reply.StateIn(open()...)).
		SetState(reply.StateSent).SetSentAt(n.now).SetSettledBy(by).SetLastError("").SetSendAt(Never).ClearLeasedUntil().Save(ctx)
	if err != nil {
		return fmt.Errorf("keep that reply %d was sent: %w", r.ID, err)
	}
	if answer != "" {
		if err := n.tx.Reply.Update().Where(reply.ID(r.ID), reply.AnswerIsNil()).SetAnswer(answer).Exec(ctx); err != nil {
			return err
		}
	}
	if moved == 0 {
		return nil
	}
	n.tell(event.Entry{Kind: event.ReplySent, Case: r.CaseID, Message: number(r.OutgoingID), Details: event.Details{Reply: r.ID, How: string(by)}})
	if err := n.expectAcceptance(ctx, number(r.OutgoingID), n.now); err != nil {
		return err
	}
	return n.awaitAgain(ctx, r)
}

// awaitAgain lets a case wait for an answer of ours that was thought lost.
func (n *news) awaitAgain(ctx context.Context, r *ent.Reply) error {
	if !r.Concludes || r.State != reply.StateRefused {
		return nil
	}
	before, after, err := n.change(ctx, r.CaseID, func(c *ent.CaseFile, u *ent.CaseFileUpdate) bool {
		u.SetStatus(casefile.StatusAnswering)
		return c.Status == casefile.StatusInProgress || c.Status == casefile.StatusToAssign
	})
	if err != nil || after == nil {
		return err
	}
	n.caseMoved(before, after, "la risposta risulta inviata")
	return nil
}

// Uncertain keeps that nobody knows whether the provider has a reply. It is not
// sent again by itself.
func (t *Tracker) Uncertain(ctx context.Context, tx *ent.Tx, id int, reason string) ([]event.Entry, error) {
	n := t.begin(tx)
	ctx = itself(ctx)
	moved, err := tx.Reply.Update().Where(reply.ID(id), reply.StateEQ(reply.StateSending)).
		SetState(reply.StateUncertain).SetLastError(reason).ClearLeasedUntil().Save(ctx)
	if err != nil || moved == 0 {
		return nil, err
	}
	r, err := tx.Reply.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	n.tell(event.Entry{Kind: event.ReplyUncertain, Case: r.CaseID, Message: number(r.OutgoingID), Details: event.Details{Reply: id, Reason: reason}})
	return n.events, n.expectAcceptance(ctx, number(r.OutgoingID), n.now)
}

// Refused keeps that a reply was not sent, and gives it back to its people.
func (t *Tracker) Refused(ctx context.Context, tx *ent.Tx, id int, by By, reason string) ([]event.Entry, error) {
	n := t.begin(tx)
	ctx = itself(ctx)
	r, err := tx.Reply.Get(ctx, id)
	if err == nil {
		err = n.refused(ctx, r, by, reason)
	}
	return n.events, err
}

func (n *news) refused(ctx context.Context, r *ent.Reply, by By, reason string) error {
	states := []reply.State{reply.StateSending, reply.StateUncertain, reply.StateQueued}
	if by == reply.SettledByReceipt {
		states = append(states, reply.StateSent) // taken at the door, and not accepted
	}
	moved, err := n.tx.Reply.Update().Where(reply.ID(r.ID), reply.StateIn(states...)).
		SetState(reply.StateRefused).SetSettledBy(by).SetLastError(reason).SetSendAt(Never).ClearLeasedUntil().Save(ctx)
	if err != nil {
		return fmt.Errorf("keep that reply %d was refused: %w", r.ID, err)
	}
	if moved == 0 {
		return nil
	}
	n.tell(event.Entry{Kind: event.ReplyRefused, Case: r.CaseID, Message: number(r.OutgoingID),
		Details: event.Details{Reply: r.ID, How: string(by), Reason: reason}})
	if r.OutgoingID != nil && by != reply.SettledByReceipt {
		// Nothing is waited for; what comes all the same is taken in.
		err := n.tx.Recipient.Update().Where(recipient.MessageID(*r.OutgoingID), recipient.StatusEQ(recipient.StatusPending)).SetLookAt(Never).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return n.backToWork(ctx, r, notify.NotSent, fmt.Sprintf("reply:%d:%d", r.ID, r.Attempts), "la risposta non è partita: "+reason)
}

// backToWork gives a case whose answer did not arrive to its people again.
func (n *news) backToWork(ctx context.Context, r *ent.Reply, kind notify.Kind, key, reason string) error {
	before, after, err := n.change(ctx, r.CaseID, func(c *ent.CaseFile, u *ent.CaseFileUpdate) bool {
		u.SetStatus(dossier.Resting(c)).ClearOutcome().ClearClosedAt()
		ours := c.Outcome != nil && *c.Outcome == casefile.OutcomeAnswered
		return r.Concludes && (c.Status == casefile.StatusAnswering || c.Status == casefile.StatusClosed && ours)
	})
	if err != nil {
		return err
	}
	if after != nil {
		n.caseMoved(before, after, reason)
		before = after
	}
	return n.alarm(ctx, before, kind, key, reason)
}

func (n *news) caseMoved(before, after *ent.CaseFile, reason string) {
	n.tell(event.Entry{Kind: event.CaseReopened, Case: after.ID, Office: number(after.OfficeID), Person: number(after.AssigneeID), Details: event.Details{
		Reason: reason, From: string(before.Status), To: string(after.Status), Version: after.Version}})
}

// evidence settles what a time-out left open: the provider speaks of the
// message, so it has it, or says that it did not take it.
func (n *news) evidence(ctx context.Context, receipt, of *ent.Message) error {
	r, err := n.replyOf(ctx, of)
	if err != nil || r == nil {
		return err
	}
	if receipt.Kind == pec.NonAcceptance {
		return n.refused(ctx, r, reply.SettledByReceipt, "il gestore non l'ha accettata")
	}
	return n.sent(ctx, r, reply.SettledByReceipt, "")
}

// replyOf is the reply that an outgoing message is; nil for one that another
// program sent.
func (n *news) replyOf(ctx context.Context, of *ent.Message) (*ent.Reply, error) {
	r, err := n.tx.Reply.Query().Where(reply.OutgoingID(of.ID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return r, err
}

// Copy takes a copy of a message of ours in a folder of sent mail as evidence
// that it was sent: of itself, or of the one with its Message-ID. It tells
// whether the message is a reply that was known.
func (t *Tracker) Copy(ctx context.Context, tx *ent.Tx, m *ent.Message) (of *ent.Message, told []event.Entry, err error) {
	ctx, n := itself(ctx), t.begin(tx)
	if m.MessageID == "" {
		return nil, nil, nil
	}
	r, err := tx.Reply.Query().Where(reply.MessageID(m.MessageID), reply.OutgoingIDNotNil()).WithOutgoing().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, nil
	}
	if err != nil || r.Edges.Outgoing.SenderAddress != m.SenderAddress {
		return nil, nil, err
	}
	err = n.sent(ctx, r, reply.SettledByCopy, "")
	return r.Edges.Outgoing, n.events, err
}

// follow does to the case of a reply what the state of its recipients calls for.
func (n *news) follow(ctx context.Context, of *ent.Message) error {
	r, err := n.replyOf(ctx, of)
	if err != nil || r == nil || r.State != reply.StateSent {
		return err
	}
	rows, err := n.tx.Recipient.Query().Where(recipient.MessageID(of.ID)).Order(recipient.ByID()).All(ctx)
	if err != nil {
		return err
	}
	failed, waiting := 0, 0
	for _, row := range rows {
		switch {
		case row.Status == recipient.StatusFailed || row.Status == recipient.StatusNotAccepted:
			failed++
		case row.Status == recipient.StatusDelivered || row.System == recipient.SystemOrdinary && row.Status != recipient.StatusPending:
		default:
			waiting++
		}
	}
	switch {
	case failed > 0:
		return n.backToWork(ctx, r, notify.Undelivered, fmt.Sprintf("undelivered:%d:%d", r.ID, failed),
			fmt.Sprintf("la risposta non è stata consegnata a %d destinatari", failed))
	case waiting == 0 && r.Concludes:
		return n.conclude(ctx, r)
	}
	return nil
}

// conclude closes a case whose answer has arrived everywhere, unless another
// one is on its way.
func (n *news) conclude(ctx context.Context, r *ent.Reply) error {
	others, err := n.tx.Reply.Query().Where(reply.CaseID(r.CaseID), reply.IDNEQ(r.ID), reply.Concludes(true),
		reply.StateIn(reply.StateQueued, reply.StateSending, reply.StateUncertain)).Exist(ctx)
	if err != nil || others {
		return err
	}
	_, after, err := n.change(ctx, r.CaseID, func(c *ent.CaseFile, u *ent.CaseFileUpdate) bool {
		u.SetStatus(casefile.StatusClosed).SetOutcome(casefile.OutcomeAnswered).SetClosedAt(n.now).
			ClearClaimedBy().ClearClaimedUntil().ClearClaimWantedByID().ClearClaimWantedAt()
		return c.Status == casefile.StatusAnswering
	})
	if err == nil && after != nil {
		n.tell(event.Entry{Kind: event.CaseClosed, Case: after.ID, Office: number(after.OfficeID), Person: number(after.AssigneeID), Details: event.Details{
			Outcome: string(casefile.OutcomeAnswered), Reason: "la risposta è stata consegnata", Version: after.Version}})
	}
	return err
}
