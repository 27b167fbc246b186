package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
)

// follow puts one of our own into a case, and its receipts with it.
func (w *work) follow(ctx context.Context, m *ent.Message, caseID int) error {
	c, err := w.standing(ctx, caseID)
	if err != nil {
		return err
	}
	caseID = c.ID
	if err := w.place(ctx, m, caseID); err != nil {
		return err
	}
	if err := w.tx.Message.Update().Where(message.ReceiptOfID(m.ID)).SetCaseID(caseID).Exec(ctx); err != nil {
		return err
	}
	after, err := w.Dossier.Change(ctx, w.tx, c, func(*ent.CaseFileUpdate) {})
	if err != nil {
		return err
	}
	w.tell(event.Entry{Kind: event.CaseJoined, Case: caseID, Message: m.ID, Details: event.Details{Version: after.Version}})
	return nil
}

// answered finds the message that m answers, by the ids it refers to: the least
// doubtful one, then the oldest.
func (w *work) answered(ctx context.Context, m *ent.Message) (*ent.Message, error) {
	refs := m.References
	if len(refs) == 0 || m.Direction == message.DirectionIncoming && !certified(m) {
		return nil, nil
	}
	bare := make([]string, len(refs))
	for i, ref := range refs {
		bare[i] = strings.Trim(ref, "<>")
	}
	list, err := w.tx.Message.Query().Where(
		message.IDNEQ(m.ID),
		message.Or(message.MessageIDIn(refs...), message.InnerMessageIDIn(refs...), message.OriginalMessageIDIn(refs...), message.IdentifierIn(bare...)),
	).Order(message.ByID()).Limit(maxCandidates).All(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(of *ent.Message) bool { return !answers(m, of) })
	if len(list) == 0 {
		return nil, nil
	}
	return slices.MinFunc(list, func(a, b *ent.Message) int { return cmp.Compare(doubtful(a), doubtful(b)) }), nil
}

// doubtful ranks candidates: one in a case before one that is in none, a
// certified one before one whose ids anybody could have written.
func doubtful(m *ent.Message) (rank int) {
	if m.CaseID == nil {
		rank += 2
	}
	if m.Direction == message.DirectionIncoming && !certified(m) {
		rank++
	}
	return rank
}

// answers says who may join the case of a message that it refers to. Ours may
// answer anything. Mail from outside must be certified, and its sender a party
// to that message: one we wrote to, or who wrote it, certified too. Whoever else
// knows an identifier opens a case of his own.
func answers(m, of *ent.Message) bool {
	switch {
	case of.Kind.Receipt():
		return false
	case m.Direction == message.DirectionOutgoing:
		return true
	case !certified(m):
		return false
	case of.Direction == message.DirectionOutgoing:
		return slices.ContainsFunc(append(of.Recipients, of.Copies...), func(a pec.Address) bool {
			return strings.EqualFold(a.Address, m.SenderAddress)
		})
	}
	return certified(of) && of.SenderAddress == m.SenderAddress
}

// adopt takes into the case of a new incoming message those of ours that answer
// it and came before it.
func (w *work) adopt(ctx context.Context, m *ent.Message) error {
	list, err := w.referring(ctx, m, message.DirectionOutgoing, message.CaseIDIsNil())
	if err != nil {
		return err
	}
	for _, ours := range list {
		if err := w.follow(ctx, ours, *m.CaseID); err != nil {
			return err
		}
	}
	return nil
}

// adoptedBy puts one of ours that has no case into that of an answer to it that
// came before it.
func (w *work) adoptedBy(ctx context.Context, m *ent.Message) error {
	if m.CaseID != nil {
		return nil
	}
	list, err := w.referring(ctx, m, message.DirectionIncoming, message.CaseIDNotNil())
	if err != nil {
		return err
	}
	for _, answer := range list {
		if answers(answer, m) {
			return w.follow(ctx, m, *answer.CaseID)
		}
	}
	return nil
}

// referring finds messages that refer to m. An answer is not older than what it
// answers; a day is left for clocks.
func (w *work) referring(ctx context.Context, m *ent.Message, d message.Direction, more predicate.Message) ([]*ent.Message, error) {
	var ids []predicate.Message
	for _, id := range []string{m.MessageID, m.InnerMessageID, m.OriginalMessageID, bracketed(m.Identifier)} {
		if id != "" {
			ids = append(ids, func(s *sql.Selector) { s.Where(sqljson.ValueContains(message.FieldReferences, id)) })
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return w.tx.Message.Query().
		Where(message.DirectionEQ(d), message.ReceivedAtGTE(m.ReceivedAt.Add(-24*time.Hour)), more, message.Or(ids...)).
		Order(message.ByReceivedAt(), message.ByID()).Limit(maxCandidates).All(ctx)
}

func bracketed(identifier string) string {
	if identifier == "" {
		return ""
	}
	return "<" + identifier + ">"
}
