package graph

import (
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
)

// byID loads rows of one table, each with all that the plan wants of it.
func byID[T, S any](ctx context.Context, p *plan, q query[T, S], id func(T) int) (map[int]T, error) {
	if p.err != nil {
		return nil, p.err
	}
	rows, err := q.All(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[int]T, len(rows))
	for _, row := range rows {
		all[id(row)] = row
	}
	return all, nil
}

func (r *Resolver) casesByID(ctx context.Context, p *plan, n need) (map[int]*ent.CaseFile, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.CaseFile.Query().Where(casefile.IDIn(n.ids...))
	p.cases(q, n.selection)
	return byID(ctx, p, q, casesBy(nil).id)
}

func (r *Resolver) messagesByID(ctx context.Context, p *plan, n need) (map[int]*ent.Message, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Message.Query().Where(message.IDIn(n.ids...))
	p.messages(q, n.selection)
	return byID(ctx, p, q, messagesBy(nil).id)
}

func (r *Resolver) mailboxesByID(ctx context.Context, p *plan, n need) (map[int]*ent.Mailbox, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Mailbox.Query().Where(mailbox.IDIn(n.ids...))
	p.mailboxes(q, n.selection)
	return byID(ctx, p, q, mailboxesByAddress().id)
}

func (r *Resolver) officesByID(ctx context.Context, p *plan, n need) (map[int]*ent.Office, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Office.Query().Where(office.IDIn(n.ids...))
	p.offices(q, n.selection)
	return byID(ctx, p, q, officesByCode().id)
}
