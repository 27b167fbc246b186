package desk

import (
	"context"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// maxCandidates bounds how many messages with one identifier are looked at.
const maxCandidates = 100

// enterReceipt links a receipt to the message of ours that it certifies, or
// keeps it until that comes.
func (w *work) enterReceipt(ctx context.Context, m *ent.Message) error {
	unmatched := event.Entry{Kind: event.ReceiptUnmatched, Message: m.ID,
		Details: event.Details{Message: string(m.Kind), Verdict: string(m.Verdict)}}
	if m.Verdict != smime.Valid || m.Certification == nil {
		return w.suspect(ctx, m, unmatched)
	}
	of, err := w.certifiedBy(ctx, m)
	if err != nil {
		return err
	}
	if of == nil {
		w.tell(unmatched)
		return nil
	}
	learnt, err := w.link(ctx, m, of)
	if err != nil || !learnt {
		return err
	}
	if err := w.claim(ctx, of); err != nil {
		return err
	}
	return w.adoptedBy(ctx, of)
}

// suspect keeps apart what no provider vouches for. When it dresses as a receipt
// of a message of ours, those who wait for one are told.
func (w *work) suspect(ctx context.Context, m *ent.Message, unmatched event.Entry) error {
	unmatched.Details.Reason = "not linked: the signature does not vouch for it"
	w.tell(unmatched)
	claimed := []string{m.RefersTo}
	if m.OriginalMessageID != "" {
		claimed = append(claimed, m.OriginalMessageID)
	}
	of, err := w.tx.Message.Query().Where(message.DirectionEQ(message.DirectionOutgoing), message.MessageIDIn(claimed...), message.MessageIDNEQ("")).
		Order(message.ByID()).First(ctx)
	if ent.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	told, err := w.Track.Suspect(ctx, w.tx, m, of)
	w.tell(told...)
	return err
}

// certifiedBy finds the message of ours that a receipt is about.
func (w *work) certifiedBy(ctx context.Context, receipt *ent.Message) (*ent.Message, error) {
	var keys []predicate.Message
	if about := quoted(receipt); about != "" {
		keys = append(keys, message.MessageID(about))
	}
	if receipt.Identifier != "" {
		keys = append(keys, message.Identifier(receipt.Identifier))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	list, err := w.tx.Message.Query().
		Where(message.DirectionEQ(message.DirectionOutgoing), message.Or(keys...)).
		Order(message.ByID()).Limit(maxCandidates).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, of := range list {
		if certifies(receipt, of) {
			return of, nil
		}
	}
	return nil, nil
}

// quoted is the Message-ID that a receipt refers to: the certified one. The
// header stands outside the signature, and counts only where a provider
// certified none.
func quoted(receipt *ent.Message) string {
	if receipt.OriginalMessageID != "" {
		return receipt.OriginalMessageID
	}
	return receipt.RefersTo
}

// certifies tells whether a receipt is about a message: by its Message-ID or by
// the identifier that the acceptance gave it, and with the same sender.
func certifies(receipt, of *ent.Message) bool {
	if receipt.Verdict != smime.Valid || receipt.Certification == nil || !receipt.Kind.Receipt() ||
		of.Direction != message.DirectionOutgoing || !strings.EqualFold(receipt.Certification.Sender, of.SenderAddress) {
		return false
	}
	about := quoted(receipt)
	return about != "" && about == of.MessageID || about == "" && receipt.Identifier != "" && receipt.Identifier == of.Identifier
}

// link ties a receipt to its message, and to its case. An acceptance teaches the
// identifier, by which other receipts and answers may be found: then learnt.
func (w *work) link(ctx context.Context, receipt, of *ent.Message) (learnt bool, err error) {
	change := w.tx.Message.UpdateOneID(receipt.ID).SetReceiptOfID(of.ID).SetNillableCaseID(of.CaseID)
	if err := change.Exec(ctx); err != nil {
		return false, err
	}
	receipt.CaseID = of.CaseID
	e := event.Entry{Kind: event.ReceiptLinked, Message: receipt.ID, Details: event.Details{Of: of.ID, Message: string(receipt.Kind)}}
	if of.CaseID != nil {
		e.Case = *of.CaseID
	}
	w.tell(e)
	told, err := w.Track.Receipt(ctx, w.tx, receipt, of)
	w.tell(told...)
	if err != nil {
		return false, err
	}
	if receipt.Kind != pec.Acceptance || of.Identifier != "" || receipt.Identifier == "" {
		return false, nil
	}
	of.Identifier = receipt.Identifier
	return true, w.tx.Message.UpdateOneID(of.ID).SetIdentifier(of.Identifier).Exec(ctx)
}

// claim links the receipts that came before their message, and, when one of
// them was the acceptance, those that only its identifier leads to.
func (w *work) claim(ctx context.Context, of *ent.Message) error {
	for {
		learnt, err := w.claimOnce(ctx, of)
		if err != nil || !learnt {
			return err
		}
	}
}

func (w *work) claimOnce(ctx context.Context, of *ent.Message) (learnt bool, err error) {
	var keys []predicate.Message
	if of.MessageID != "" {
		keys = append(keys, message.OriginalMessageID(of.MessageID), message.RefersTo(of.MessageID))
	}
	if of.Identifier != "" {
		keys = append(keys, message.Identifier(of.Identifier))
	}
	if len(keys) == 0 {
		return false, nil
	}
	for after := 0; ; {
		list, err := w.tx.Message.Query().
			Where(message.IDGT(after), message.ReceiptOfIDIsNil(), message.VerdictEQ(smime.Valid), message.Or(keys...)).
			Order(message.ByID()).Limit(maxCandidates).All(ctx)
		if err != nil {
			return learnt, err
		}
		for _, receipt := range list {
			after = receipt.ID
			if !certifies(receipt, of) {
				continue
			}
			more, err := w.link(ctx, receipt, of)
			if err != nil {
				return learnt, err
			}
			learnt = learnt || more
		}
		if len(list) < maxCandidates {
			return learnt, nil
		}
	}
}
