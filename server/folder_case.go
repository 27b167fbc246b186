package server

import (
	"context"
	"fmt"
	"time"

	"github.com/smista/smista/bundle"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/casefile"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
)

func caseOf(ctx context.Context, c *ent.Client, id int) (*ent.CaseFile, error) {
	found, err := c.CaseFile.Query().Where(casefile.ID(id)).WithOffice().WithAssignee().WithMailbox().Only(ctx)
	if err == nil && guard.Masked(found) {
		err = &ent.NotFoundError{}
	}
	return found, err
}

// messagesOf are the messages of a case, without their texts, and one more than is
// taken at most.
func messagesOf(ctx context.Context, c *ent.Client, id int) ([]*ent.Message, error) {
	return c.Message.Query().Where(entmessage.CaseID(id)).Order(entmessage.ByReceivedAt(), entmessage.ByID()).Limit(folderMessages+1).
		WithAttachments(func(q *ent.AttachmentQuery) { q.Order(attachment.ByPosition()) }).
		WithAddressees(func(q *ent.RecipientQuery) { q.Order(recipient.ByID()) }).
		Select(entmessage.FieldCaseID, entmessage.FieldReceiptOfID, entmessage.FieldDigest, entmessage.FieldSize, entmessage.FieldDirection,
			entmessage.FieldKind, entmessage.FieldVerdict, entmessage.FieldEvidence, entmessage.FieldCertification, entmessage.FieldMessageID,
			entmessage.FieldIdentifier, entmessage.FieldSubject, entmessage.FieldSenderName, entmessage.FieldSenderAddress, entmessage.FieldRecipients,
			entmessage.FieldCopies, entmessage.FieldSentAt, entmessage.FieldCertifiedAt, entmessage.FieldReceivedAt).All(ctx)
}

// bundleOf arranges a case as its print does: each letter with the receipts that
// certify it, and those of what is not here at the end.
func bundleOf(c *ent.CaseFile, messages []*ent.Message) (*bundle.Case, error) {
	b := coverOf(c)
	places := map[int]int{} // of letters, by the id of their messages
	for _, m := range messages {
		if m.Kind.Receipt() {
			continue
		}
		l, err := letterOf(m)
		if err != nil {
			return nil, err
		}
		places[m.ID] = len(b.Letters)
		b.Letters = append(b.Letters, l)
	}
	for _, m := range messages {
		if !m.Kind.Receipt() {
			continue
		}
		to := &b.Others
		if m.ReceiptOfID != nil {
			if i, here := places[*m.ReceiptOfID]; here {
				to = &b.Letters[i].Receipts
			}
		}
		*to = append(*to, receiptOf(m))
	}
	return b, nil
}

func coverOf(c *ent.CaseFile) *bundle.Case {
	b := &bundle.Case{
		Number: c.Number, Subject: c.Subject, Sender: pec.Address{Name: c.SenderName, Address: c.SenderAddress}.String(), ReceivedAt: c.ReceivedAt,
	}
	if c.Edges.Office != nil {
		b.Office = c.Edges.Office.Name
	}
	if c.Edges.Assignee != nil {
		b.Assignee = c.Edges.Assignee.Name
	}
	if c.Edges.Mailbox != nil {
		b.Mailbox = c.Edges.Mailbox.Address
	}
	return b
}

func letterOf(m *ent.Message) (bundle.Letter, error) {
	l := bundle.Letter{
		Outgoing: m.Direction == entmessage.DirectionOutgoing, Kind: m.Kind, Subject: m.Subject,
		From: pec.Address{Name: m.SenderName, Address: m.SenderAddress}.String(), To: m.Recipients, Cc: m.Copies,
		Identifier: m.Identifier, MessageID: m.MessageID, Time: timeOf(m), Verdict: m.Verdict, Signer: m.Evidence.Signer, Reasons: m.Evidence.Reasons,
		Original: originalOf(m),
	}
	for _, a := range m.Edges.Attachments {
		section, err := pec.ParseSection(a.Section)
		if err != nil {
			return l, fmt.Errorf("section of attachment %d: %w", a.ID, err)
		}
		l.Attachments = append(l.Attachments, bundle.File{Name: a.Name, SHA256: a.Sha256, Size: a.Size, Section: section})
	}
	for _, a := range m.Edges.Addressees {
		l.Recipients = append(l.Recipients, bundle.Recipient{Address: a.Address, Status: string(a.Status), Time: provedAt(a), Reason: a.Reason})
	}
	return l, nil
}

func receiptOf(m *ent.Message) bundle.Receipt {
	r := bundle.Receipt{Kind: m.Kind, Time: timeOf(m), Identifier: m.Identifier, Verdict: m.Verdict, Original: originalOf(m)}
	if c := m.Certification; c != nil {
		r.Recipient, r.Provider, r.Reason = c.DeliveryTo, c.Provider, c.ExtendedError
	}
	return r
}

func originalOf(m *ent.Message) bundle.File { return bundle.File{SHA256: m.Digest, Size: m.Size} }

// timeOf is the certified time, else that of the sender of ours, else when it came.
func timeOf(m *ent.Message) time.Time {
	switch {
	case m.CertifiedAt != nil:
		return *m.CertifiedAt
	case m.SentAt != nil && m.Direction == entmessage.DirectionOutgoing:
		return *m.SentAt
	}
	return m.ReceivedAt
}

// provedAt is when a recipient came to be what it is; zero while nothing is known.
func provedAt(a *ent.Recipient) time.Time {
	at := map[recipient.Status]*time.Time{
		recipient.StatusAccepted: a.AcceptedAt, recipient.StatusTaken: a.TakenAt, recipient.StatusDelivered: a.DeliveredAt,
		recipient.StatusFailed: a.FailedAt, recipient.StatusNotAccepted: a.RefusedAt,
	}[a.Status]
	if at == nil {
		return time.Time{}
	}
	return *at
}
