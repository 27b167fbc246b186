package desk

import (
	"cmp"
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
)

// cameBefore tells whether the same mail came in another message: sent again, or
// to another of our mailboxes. The Message-ID is what the sender makes of it, so what
// the mail says has to be the same too; the two stay apart, and are marked.
func (w *work) cameBefore(ctx context.Context, m *ent.Message) (bool, error) {
	id := cmp.Or(m.OriginalMessageID, m.MessageID)
	if id == "" {
		return false, nil
	}
	return w.tx.Message.Query().Where(
		message.Or(message.OriginalMessageID(id), message.MessageID(id)), message.IDNEQ(m.ID),
		message.DirectionEQ(message.DirectionIncoming), message.KindEQ(m.Kind), message.SenderAddress(m.SenderAddress),
		message.Subject(m.Subject), message.Text(m.Text), message.CaseIDNotNil(),
	).Exist(ctx)
}

// seenAgain tells that a known message stood in one more mailbox, and marks its
// case for that.
func (w *work) seenAgain(ctx context.Context, in intake, m *ent.Message) error {
	seen := w.about(event.MessageSeen, in, m)
	if m.CaseID != nil && m.Direction == message.DirectionIncoming && !m.Kind.Receipt() {
		c, err := w.standing(ctx, *m.CaseID)
		if err != nil {
			return err
		}
		if !c.Repeated {
			if c, err = w.Dossier.Change(ctx, w.tx, c, func(u *ent.CaseFileUpdate) { u.SetRepeated(true) }); err != nil {
				return err
			}
		}
		seen.Case, seen.Details.Version = c.ID, c.Version
	}
	w.tell(seen)
	return nil
}
