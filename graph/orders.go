package graph

import (
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/folder"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/note"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/graph/model"
)

// The orders in which the lists of the contract run. Each root list has an
// index for its order.

func casesBy(o *model.CaseOrder) order[*ent.CaseFile] {
	id := func(c *ent.CaseFile) int { return c.ID }
	if o != nil && o.Field == model.CaseOrderFieldChangedAt {
		at := func(c *ent.CaseFile) time.Time { return c.ChangedAt }
		return byTime("changed", casefile.FieldChangedAt, id, at).descending(o.Direction == model.OrderDirectionDesc)
	}
	if o != nil && o.Field == model.CaseOrderFieldDueAt {
		at := func(c *ent.CaseFile) time.Time { return c.DueAt }
		return byTime("due", casefile.FieldDueAt, id, at).descending(o.Direction == model.OrderDirectionDesc)
	}
	at := func(c *ent.CaseFile) time.Time { return c.ReceivedAt }
	desc := o == nil || o.Direction == model.OrderDirectionDesc
	return byTime("received", casefile.FieldReceivedAt, id, at).descending(desc)
}

func messagesBy(o *model.MessageOrder) order[*ent.Message] {
	return messagesOldestFirst().descending(o == nil || o.Direction == model.OrderDirectionDesc)
}

func messagesOldestFirst() order[*ent.Message] {
	return byTime("message", message.FieldReceivedAt,
		func(m *ent.Message) int { return m.ID },
		func(m *ent.Message) time.Time { return m.ReceivedAt })
}

func attachmentsByPosition() order[*ent.Attachment] {
	return byNumber("attachment", attachment.FieldPosition,
		func(a *ent.Attachment) int { return a.ID },
		func(a *ent.Attachment) int { return a.Position })
}

func deliveriesByTime() order[*ent.Delivery] {
	return byTime("delivery", delivery.FieldReceivedAt,
		func(d *ent.Delivery) int { return d.ID },
		func(d *ent.Delivery) time.Time { return d.ReceivedAt })
}

func mailboxesByAddress() order[*ent.Mailbox] {
	return byText("mailbox", mailbox.FieldAddress,
		func(m *ent.Mailbox) int { return m.ID },
		func(m *ent.Mailbox) string { return m.Address })
}

func foldersByName() order[*ent.Folder] {
	return byText("folder", folder.FieldName,
		func(f *ent.Folder) int { return f.ID },
		func(f *ent.Folder) string { return f.Name })
}

func entriesByID() order[*ent.LedgerEntry] {
	id := func(e *ent.LedgerEntry) int { return e.ID }
	return byNumber("entry", ledgerentry.FieldID, id, id)
}

func officesByCode() order[*ent.Office] {
	return byText("office", office.FieldCode,
		func(o *ent.Office) int { return o.ID },
		func(o *ent.Office) string { return o.Code })
}

func usersByName() order[*ent.User] {
	return byText("user", user.FieldName,
		func(u *ent.User) int { return u.ID },
		func(u *ent.User) string { return u.Name })
}

func notesByTime() order[*ent.Note] {
	return byTime("note", note.FieldWrittenAt,
		func(n *ent.Note) int { return n.ID },
		func(n *ent.Note) time.Time { return n.WrittenAt })
}

func inquiriesByTime() order[*ent.Inquiry] {
	return byTime("inquiry", inquiry.FieldAskedAt,
		func(i *ent.Inquiry) int { return i.ID },
		func(i *ent.Inquiry) time.Time { return i.AskedAt })
}

func membershipsByID() order[*ent.Membership] {
	id := func(m *ent.Membership) int { return m.ID }
	return byNumber("membership", membership.FieldID, id, id)
}
