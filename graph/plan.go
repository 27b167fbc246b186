package graph

import (
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
)

// node is the interface that all types of the contract with an id implement.
const node = "Node"

func (p *plan) cases(q *ent.CaseFileQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Case", node) {
		switch a.name {
		case "office":
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "mailbox":
			q.WithMailbox(func(q *ent.MailboxQuery) { p.mailboxes(q, a.selection) })
		case "rule":
			q.WithRule(func(q *ent.RoutingRuleQuery) { p.rules(q, a.selection) })
		case "mergedInto":
			q.WithMergedInto(func(q *ent.CaseFileQuery) { p.cases(q, a.selection) })
		case "messages":
			q.WithNamedMessages(a.page.key(), func(q *ent.MessageQuery) {
				q.Modify(each(p, messagesOldestFirst(), casefile.MessagesColumn, a.page))
				p.messages(q, a.selection)
			})
		default:
			p.work(q, a)
		}
	}
}

func (p *plan) messages(q *ent.MessageQuery, selection ast.SelectionSet) {
	all := p.fields(selection, "Message", node)
	q.Select(messageColumns(all)...)
	for _, a := range all {
		switch a.name {
		case "case":
			q.WithCase(func(q *ent.CaseFileQuery) { p.cases(q, a.selection) })
		case "receiptOf":
			q.WithReceiptOf(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		case "receipts":
			q.WithNamedReceipts(a.page.key(), func(q *ent.MessageQuery) {
				q.Modify(each(p, messagesOldestFirst(), message.ReceiptsColumn, a.page))
				p.messages(q, a.selection)
			})
		case "attachments":
			q.WithNamedAttachments(a.page.key(), func(q *ent.AttachmentQuery) {
				q.Modify(each(p, attachmentsByPosition(), message.AttachmentsColumn, a.page))
				p.attachments(q, a.selection)
			})
		case "deliveries":
			q.WithNamedDeliveries(a.page.key(), func(q *ent.DeliveryQuery) {
				q.Modify(each(p, deliveriesByTime(), message.DeliveriesColumn, a.page))
				p.deliveries(q, a.selection)
			})
		case "deliveryStatus":
			q.WithAddressees(func(q *ent.RecipientQuery) { p.addressees(q, a.selection) })
		case "reply":
			q.WithReplies(func(q *ent.ReplyQuery) { p.replies(q, a.selection) })
		}
	}
}

// messageColumns leaves out what is long and was not asked for.
func messageColumns(all []asked) []string {
	long := map[string]string{
		message.FieldText: "text", message.FieldEvidence: "verdict", message.FieldCertification: "certification",
		message.FieldProblems: "problems", message.FieldRecipients: "recipients", message.FieldCopies: "copies",
		message.FieldReferences: "", message.FieldHTMLSection: "body", message.FieldHTMLCharset: "",
	}
	return slices.DeleteFunc(slices.Clone(message.Columns), func(column string) bool {
		name, isLong := long[column]
		return isLong && !slices.ContainsFunc(all, func(a asked) bool { return a.name == name })
	})
}

func (p *plan) attachments(q *ent.AttachmentQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Attachment", node) {
		if a.name == "message" {
			q.WithMessage(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		}
	}
}

func (p *plan) deliveries(q *ent.DeliveryQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Delivery", node) {
		switch a.name {
		case "message":
			q.WithMessage(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		case "mailbox":
			q.WithMailbox(func(q *ent.MailboxQuery) { p.mailboxes(q, a.selection) })
		}
	}
}

func (p *plan) mailboxes(q *ent.MailboxQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Mailbox", node) {
		switch a.name {
		case "office":
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "folders":
			q.WithNamedFolders(a.page.key(), func(q *ent.FolderQuery) {
				q.Modify(each(p, foldersByName(), mailbox.FoldersColumn, a.page))
				p.folders(q, a.selection)
			})
		}
	}
}

func (p *plan) folders(q *ent.FolderQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Folder", node) {
		if a.name == "mailbox" {
			q.WithMailbox(func(q *ent.MailboxQuery) { p.mailboxes(q, a.selection) })
		}
	}
}

func (p *plan) entries(q *ent.LedgerEntryQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "LedgerEntry", node) {
		switch a.name {
		case "folder":
			q.WithFolder(func(q *ent.FolderQuery) { p.folders(q, a.selection) })
		case "message":
			q.WithMessage(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		}
	}
}

func (p *plan) offices(q *ent.OfficeQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Office", node) {
		switch a.name {
		case "parent":
			q.WithParent(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "successor":
			q.WithSuccessor(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "members":
			q.WithNamedMemberships(a.page.key(), func(q *ent.MembershipQuery) {
				q.Modify(each(p, membershipsByID(), office.MembershipsColumn, a.page))
				p.memberships(q, a.selection)
			})
		case "mailboxes":
			q.WithNamedMailboxes(a.page.key(), func(q *ent.MailboxQuery) {
				q.Modify(each(p, mailboxesByAddress(), office.MailboxesColumn, a.page))
				p.mailboxes(q, a.selection)
			})
		}
	}
}

// each is the page of every parent's rows; a wrong cursor fails the whole plan.
func each[T any](p *plan, o order[T], parent string, pg page) func(*sql.Selector) {
	cut, err := o.cutEach(parent, pg)
	if err != nil {
		p.fail(err)
		return func(*sql.Selector) {}
	}
	return cut
}
