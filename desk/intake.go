package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// intake is a message on its way from the archive into the tables.
type intake struct {
	Arrival
	original
	box  *ent.Mailbox // nil when imported without one
	sent bool         // stands in a folder of sent mail
	read *pec.Message // nil when the same bytes are known already
}

// record is the one transaction of an intake: message, case, links, delivery,
// ledger entry, events.
func (d *Desk) record(ctx context.Context, in intake) (out Received, err error) {
	err = d.change(ctx, "the message could not be recorded", func(ctx context.Context, w *work) error {
		m, err := w.tx.Message.Query().Where(message.Digest(string(in.digest))).Only(ctx)
		known := err == nil
		switch {
		case ent.IsNotFound(err) && in.read == nil:
			return fmt.Errorf("message %s is no longer there: %w", in.digest, err)
		case ent.IsNotFound(err):
			m, err = w.enter(ctx, in)
		}
		if err != nil {
			return err
		}
		if err := w.deliver(ctx, in, m, known); err != nil {
			return err
		}
		out = Received{Message: m.ID, Kind: m.Kind, Verdict: string(m.Verdict), Known: known}
		return w.settle(ctx, in, m)
	})
	return out, err
}

// enter makes the rows of a message that is new, and finds its place.
func (w *work) enter(ctx context.Context, in intake) (*ent.Message, error) {
	outgoing, err := w.outgoing(ctx, in)
	if err != nil {
		return nil, err
	}
	row := w.row(in, outgoing)
	m, err := row.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("write message %s: %w", in.digest, err)
	}
	if err := w.attach(ctx, m, in.read); err != nil {
		return nil, err
	}
	switch {
	case outgoing:
		return m, w.enterOutgoing(ctx, in, m)
	case m.Kind.Receipt():
		return m, w.enterReceipt(ctx, m)
	}
	return m, w.enterIncoming(ctx, in, m)
}

// outgoing tells whether we wrote it: ordinary mail from one of our addresses,
// in a folder of sent mail. Certified mail there was moved there by somebody.
func (w *work) outgoing(ctx context.Context, in intake) (bool, error) {
	if !in.sent || in.read.Kind != pec.OrdinaryMail || in.read.Mail == nil || len(in.read.Mail.From) != 1 {
		return false, nil
	}
	return w.ours(ctx, in.read.Mail.From[0].Address)
}

// attach writes the attachments, in bounded pieces.
func (w *work) attach(ctx context.Context, m *ent.Message, read *pec.Message) error {
	if read.Mail == nil {
		return nil
	}
	var rows []*ent.AttachmentCreate
	for i, a := range read.Mail.Attachments {
		rows = append(rows, w.tx.Attachment.Create().SetMessageID(m.ID).SetPosition(i).
			SetName(cut(a.Name, maxText)).SetMediaType(cut(a.MediaType, maxText)).SetContentID(cut(a.ContentID, maxText)).
			SetInline(a.Inline).SetSize(a.Size).SetSha256(a.SHA256).SetSection(a.Section.String()))
		if len(rows) == attachAtOnce || i == len(read.Mail.Attachments)-1 {
			if err := w.tx.Attachment.CreateBulk(rows...).Exec(ctx); err != nil {
				return fmt.Errorf("write the attachments: %w", err)
			}
			rows = rows[:0]
		}
	}
	return nil
}

const attachAtOnce = 100

// deliver records that the message stood in this mailbox.
func (w *work) deliver(ctx context.Context, in intake, m *ent.Message, known bool) error {
	box := delivery.MailboxIDIsNil()
	if in.box != nil {
		box = delivery.MailboxID(in.box.ID)
	}
	there, err := w.tx.Delivery.Query().Where(delivery.MessageID(m.ID), box).Exist(ctx)
	if err != nil || there {
		return err
	}
	row := w.tx.Delivery.Create().SetMessageID(m.ID).SetFolder(in.Folder).SetReceivedAt(w.received(in))
	if in.box != nil {
		row.SetMailboxID(in.box.ID)
	}
	if err := row.Exec(ctx); err != nil {
		return fmt.Errorf("write the delivery: %w", err)
	}
	if !known {
		return nil
	}
	if err := w.seenAgain(ctx, in, m); err != nil {
		return err
	}
	if !in.sent || m.Direction != message.DirectionOutgoing {
		return nil
	}
	_, told, err := w.Track.Copy(ctx, w.tx, m)
	w.tell(told...)
	return err
}

// settle closes the ledger entry of the UID.
func (w *work) settle(ctx context.Context, in intake, m *ent.Message) error {
	if in.UID == 0 {
		return nil
	}
	entry, err := w.entryFor(ctx, in.Ref)
	if err != nil {
		return err
	}
	if entry.MessageID != nil && *entry.MessageID == m.ID {
		return nil // told again, after a crash behind the commit
	}
	state := ledgerentry.StateArchived
	if m.Kind.Receipt() && m.Verdict == smime.Valid {
		state = ledgerentry.StateReceipt
	}
	if entry.State == ledgerentry.StateQuarantined {
		w.tell(event.Entry{Kind: event.MessageReplayed, Mailbox: in.box.ID, Message: m.ID, Details: in.where()})
	}
	return entry.Update().SetState(state).SetMessageID(m.ID).SetDigest(string(in.digest)).
		SetNillableReceivedAt(nonZero(in.Received)).SetReason("").SetChangedAt(w.at).Exec(ctx)
}

// where is the place on the server, for events.
func (r Ref) where() event.Details {
	return event.Details{Folder: r.Folder, UIDValidity: r.UIDValidity, UID: r.UID}
}

// about is an event of a kind about a message as it came in.
func (w *work) about(kind event.Kind, in intake, m *ent.Message) event.Entry {
	e := event.Entry{Kind: kind, Message: m.ID, Details: event.Details{Message: string(m.Kind), Verdict: string(m.Verdict)}}
	if m.CaseID != nil {
		e.Case = *m.CaseID
	}
	if in.box != nil {
		e.Mailbox = in.box.ID
	}
	return e
}

// received is the time the server took it in; without one, now.
func (w *work) received(in intake) time.Time {
	if t := storable(in.Received); !t.IsZero() {
		return t
	}
	return w.at
}
