package graph

import (
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyeditor"
	"github.com/smista/smista/ent/replyversion"
)

// How long the lists get that have no pages.
const (
	mostApprovals  = 100
	mostFiles      = 200
	mostPresent    = 50 // of those who have something open
	mostRecipients = 600
)

func repliesNewestFirst() order[*ent.Reply] {
	id := func(r *ent.Reply) int { return r.ID }
	return byNumber("reply", reply.FieldID, id, id).descending(true)
}

func versionsNewestFirst() order[*ent.ReplyVersion] {
	return byNumber("version", replyversion.FieldNumber,
		func(v *ent.ReplyVersion) int { return v.ID },
		func(v *ent.ReplyVersion) int { return v.Number }).descending(true)
}

// unpaged is a whole list that has no pages, up to a bound.
func unpaged(most int) page { return page{size: most - 1} }

// inOrder is such a list of every parent's rows.
func inOrder[T any](p *plan, parent string, most int) func(*sql.Selector) {
	id := func(T) int { return 0 } // there are no cursors
	return each(p, byNumber("list", "id", id, id), parent, unpaged(most))
}

func (p *plan) replies(q *ent.ReplyQuery, selection ast.SelectionSet) {
	all := p.fields(selection, "Reply", node)
	columns := make([]string, 0, len(reply.Columns))
	for _, c := range reply.Columns {
		if c != reply.FieldHTML || asks(all, "html") {
			columns = append(columns, c)
		}
	}
	q.Select(columns...)
	p.outgoing(q, all)
	for _, a := range all {
		switch a.name {
		case "case":
			q.WithCase(func(q *ent.CaseFileQuery) { p.cases(q, a.selection) })
		case "answers":
			q.WithAnswers(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		case "mailbox":
			q.WithMailbox(func(q *ent.MailboxQuery) { p.mailboxes(q, a.selection) })
		case "author":
			q.WithAuthor(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "editedBy":
			q.WithEditedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "submittedBy":
			q.WithSubmittedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		default:
			p.partsOf(q, a)
		}
	}
}

func asks(all []asked, name string) bool {
	for _, a := range all {
		if a.name == name {
			return true
		}
	}
	return false
}

// ofReply is the key under which the recipients of a reply are loaded with its
// message, beside those that the message itself is asked for.
const ofReply = "of the reply"

// outgoing plans the message that a reply became, which has its recipients.
func (p *plan) outgoing(q *ent.ReplyQuery, all []asked) {
	if !asks(all, "outgoing") && !asks(all, "recipients") {
		return
	}
	q.WithOutgoing(func(q *ent.MessageQuery) {
		var selection ast.SelectionSet
		for _, a := range all {
			switch a.name {
			case "outgoing":
				selection = a.selection
			case "recipients":
				q.WithNamedAddressees(ofReply, func(q *ent.RecipientQuery) { p.addressees(q, a.selection) })
			}
		}
		p.messages(q, selection)
	})
}

// addressees plans the recipients of messages.
func (p *plan) addressees(q *ent.RecipientQuery, selection ast.SelectionSet) {
	q.Modify(inOrder[*ent.Recipient](p, message.AddresseesColumn, mostRecipients))
	p.recipients(q, selection)
}

func (p *plan) recipients(q *ent.RecipientQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "DeliveryStatus", node) {
		if a.name == "message" {
			q.WithMessage(func(q *ent.MessageQuery) { p.messages(q, a.selection) })
		}
	}
}

// partsOf plans what hangs on a reply.
func (p *plan) partsOf(q *ent.ReplyQuery, a asked) {
	switch a.name {
	case "approvals":
		q.WithApprovals(func(q *ent.ReplyApprovalQuery) {
			q.Modify(inOrder[*ent.ReplyApproval](p, reply.ApprovalsColumn, mostApprovals))
			p.approvals(q, a.selection)
		})
	case "files":
		q.WithFiles(func(q *ent.ReplyFileQuery) {
			q.Modify(inOrder[*ent.ReplyFile](p, reply.FilesColumn, mostFiles))
			p.replyFiles(q, a.selection)
		})
	case "versions":
		q.WithNamedVersions(a.page.key(), func(q *ent.ReplyVersionQuery) {
			q.Modify(each(p, versionsNewestFirst(), reply.VersionsColumn, a.page))
			p.versions(q, a.selection)
		})
	case "editors":
		q.WithEditors(func(q *ent.ReplyEditorQuery) {
			q.Where(replyeditor.UntilGT(time.Now().UTC()))
			q.Modify(inOrder[*ent.ReplyEditor](p, reply.EditorsColumn, mostPresent))
			q.WithUser(func(q *ent.UserQuery) { p.users(q, a.selection) })
		})
	}
}

func (p *plan) approvals(q *ent.ReplyApprovalQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "ReplyApproval", node) {
		if a.name == "decidedBy" {
			q.WithDecidedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}

func (p *plan) replyFiles(q *ent.ReplyFileQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "ReplyFile", node) {
		switch a.name {
		case "takenFrom":
			q.WithAttachment(func(q *ent.AttachmentQuery) { p.attachments(q, a.selection) })
		case "addedBy":
			q.WithAddedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}

// versions plans, for what is read, the reply as well: it says what it quotes.
func (p *plan) versions(q *ent.ReplyVersionQuery, selection ast.SelectionSet) {
	all := p.fields(selection, "ReplyVersion", node)
	if !asks(all, "subject") && !asks(all, "html") && !asks(all, "to") && !asks(all, "cc") {
		q.Select(replyversion.FieldID, replyversion.FieldReplyID, replyversion.FieldCaseID, replyversion.FieldNumber,
			replyversion.FieldSavedByID, replyversion.FieldBegunAt, replyversion.FieldSavedAt)
	}
	for _, a := range all {
		switch a.name {
		case "savedBy":
			q.WithSavedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "html":
			q.WithReply(func(q *ent.ReplyQuery) { q.Select(reply.FieldID, reply.FieldCaseID, reply.FieldAnswersID) })
		}
	}
}

func (p *plan) templates(q *ent.TemplateQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Template", node) {
		switch a.name {
		case "office":
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "person":
			q.WithUser(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}
