package graph

import (
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/apitoken"
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
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyapproval"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/ent/replyversion"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/graph/model"
)

// nodesOf answers node and nodes: one statement for each type, in the order asked.
func (r *Resolver) nodesOf(ctx context.Context, ids []model.GlobalID) ([]model.Node, error) {
	if len(ids) > maxIDs {
		return nil, model.Invalid("at most %d ids at once, not %d", maxIDs, len(ids))
	}
	rows := map[string][]int{}
	for _, id := range ids {
		rows[id.Type] = append(rows[id.Type], id.Row)
	}
	found := make(map[model.GlobalID]model.Node, len(ids))
	for kind, of := range rows {
		if err := r.loadNodes(ctx, kind, of, found); err != nil {
			return nil, err
		}
	}
	nodes := make([]model.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// loadNodes adds the rows of one type that are there; a type that is none adds nothing.
func (r *Resolver) loadNodes(ctx context.Context, kind string, ids []int, found map[model.GlobalID]model.Node) error {
	p := planObject(ctx)
	switch kind {
	case "Case":
		q := r.Client.CaseFile.Query().Where(casefile.IDIn(ids...))
		p.cases(q, p.selection)
		return addNodes(ctx, p, q, kind, casesBy(nil).id, found)
	case "Message":
		q := r.Client.Message.Query().Where(message.IDIn(ids...))
		p.messages(q, p.selection)
		return addNodes(ctx, p, q, kind, messagesBy(nil).id, found)
	case "Attachment":
		q := r.Client.Attachment.Query().Where(attachment.IDIn(ids...))
		p.attachments(q, p.selection)
		return addNodes(ctx, p, q, kind, attachmentsByPosition().id, found)
	case "Delivery":
		q := r.Client.Delivery.Query().Where(delivery.IDIn(ids...))
		p.deliveries(q, p.selection)
		return addNodes(ctx, p, q, kind, deliveriesByTime().id, found)
	case "Mailbox":
		q := r.Client.Mailbox.Query().Where(mailbox.IDIn(ids...))
		p.mailboxes(q, p.selection)
		return addNodes(ctx, p, q, kind, mailboxesByAddress().id, found)
	case "Folder":
		q := r.Client.Folder.Query().Where(folder.IDIn(ids...))
		p.folders(q, p.selection)
		return addNodes(ctx, p, q, kind, foldersByName().id, found)
	case "LedgerEntry":
		q := r.Client.LedgerEntry.Query().Where(ledgerentry.IDIn(ids...))
		p.entries(q, p.selection)
		return addNodes(ctx, p, q, kind, entriesByID().id, found)
	case "Office":
		q := r.Client.Office.Query().Where(office.IDIn(ids...))
		p.offices(q, p.selection)
		return addNodes(ctx, p, q, kind, officesByCode().id, found)
	}
	return r.loadWork(ctx, p, kind, ids, found)
}

// loadWork is loadNodes for people, and for what hangs on their work.
func (r *Resolver) loadWork(ctx context.Context, p *plan, kind string, ids []int, found map[model.GlobalID]model.Node) error {
	switch kind {
	case "User":
		q := r.Client.User.Query().Where(user.IDIn(ids...))
		p.users(q, p.selection)
		return addNodes(ctx, p, q, kind, usersByName().id, found)
	case "Membership":
		q := r.Client.Membership.Query().Where(membership.IDIn(ids...))
		p.memberships(q, p.selection)
		return addNodes(ctx, p, q, kind, membershipsByID().id, found)
	case "Absence":
		q := r.Client.Absence.Query().Where(absence.IDIn(ids...))
		p.absences(q, p.selection)
		return addNodes(ctx, p, q, kind, func(a *ent.Absence) int { return a.ID }, found)
	case "ApiToken":
		q := r.Client.APIToken.Query().Where(apitoken.IDIn(ids...))
		return addNodes(ctx, p, q, kind, func(t *ent.APIToken) int { return t.ID }, found)
	case "PushSubscription":
		q := r.Client.PushSubscription.Query().Where(pushsubscription.IDIn(ids...))
		return addNodes(ctx, p, q, kind, func(s *ent.PushSubscription) int { return s.ID }, found)
	case "Term":
		q := r.Client.Term.Query().Where(term.IDIn(ids...))
		p.terms(q, p.selection)
		return addNodes(ctx, p, q, kind, func(t *ent.Term) int { return t.ID }, found)
	case "Note":
		q := r.Client.Note.Query().Where(note.IDIn(ids...))
		p.notes(q, p.selection)
		return addNodes(ctx, p, q, kind, notesByTime().id, found)
	case "Inquiry":
		q := r.Client.Inquiry.Query().Where(inquiry.IDIn(ids...))
		p.inquiries(q, p.selection)
		return addNodes(ctx, p, q, kind, inquiriesByTime().id, found)
	}
	return r.loadReplies(ctx, p, kind, ids, found)
}

// loadReplies is loadNodes for what we write, and how far it came.
func (r *Resolver) loadReplies(ctx context.Context, p *plan, kind string, ids []int, found map[model.GlobalID]model.Node) error {
	switch kind {
	case "Reply":
		q := r.Client.Reply.Query().Where(reply.IDIn(ids...))
		p.replies(q, p.selection)
		return addNodes(ctx, p, q, kind, repliesNewestFirst().id, found)
	case "ReplyApproval":
		q := r.Client.ReplyApproval.Query().Where(replyapproval.IDIn(ids...))
		p.approvals(q, p.selection)
		return addNodes(ctx, p, q, kind, func(a *ent.ReplyApproval) int { return a.ID }, found)
	case "ReplyFile":
		q := r.Client.ReplyFile.Query().Where(replyfile.IDIn(ids...))
		p.replyFiles(q, p.selection)
		return addNodes(ctx, p, q, kind, func(f *ent.ReplyFile) int { return f.ID }, found)
	case "ReplyVersion":
		q := r.Client.ReplyVersion.Query().Where(replyversion.IDIn(ids...))
		p.versions(q, p.selection)
		return addNodes(ctx, p, q, kind, versionsNewestFirst().id, found)
	case "DeliveryStatus":
		q := r.Client.Recipient.Query().Where(recipient.IDIn(ids...))
		p.recipients(q, p.selection)
		return addNodes(ctx, p, q, kind, func(t *ent.Recipient) int { return t.ID }, found)
	case "Rule":
		q := r.Client.RoutingRule.Query().Where(routingrule.IDIn(ids...))
		p.rules(q, p.selection)
		return addNodes(ctx, p, q, kind, func(t *ent.RoutingRule) int { return t.ID }, found)
	case "Template":
		q := r.Client.Template.Query().Where(template.IDIn(ids...))
		p.templates(q, p.selection)
		return addNodes(ctx, p, q, kind, func(t *ent.Template) int { return t.ID }, found)
	}
	return nil
}

func addNodes[T model.Node, S any](ctx context.Context, p *plan, q query[T, S], kind string, id func(T) int, found map[model.GlobalID]model.Node) error {
	rows, err := byID(ctx, p, q, id)
	for row, node := range rows {
		found[model.GlobalID{Type: kind, Row: row}] = node
	}
	return err
}
