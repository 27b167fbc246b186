package graph

import (
	"context"

	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/folder"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
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
	return nil
}

func addNodes[T model.Node, S any](ctx context.Context, p *plan, q query[T, S], kind string, id func(T) int, found map[model.GlobalID]model.Node) error {
	rows, err := byID(ctx, p, q, id)
	for row, node := range rows {
		found[model.GlobalID{Type: kind, Row: row}] = node
	}
	return err
}
