package graph

import (
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/ent/user"
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

func (r *Resolver) usersByID(ctx context.Context, p *plan, n need) (map[int]*ent.User, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.User.Query().Where(user.IDIn(n.ids...))
	p.users(q, n.selection)
	return byID(ctx, p, q, usersByName().id)
}

func (r *Resolver) repliesByID(ctx context.Context, p *plan, n need) (map[int]*ent.Reply, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Reply.Query().Where(reply.IDIn(n.ids...))
	p.replies(q, n.selection)
	return byID(ctx, p, q, repliesNewestFirst().id)
}

func (r *Resolver) recipientsByID(ctx context.Context, p *plan, n need) (map[int]*ent.Recipient, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Recipient.Query().Where(recipient.IDIn(n.ids...))
	p.recipients(q, n.selection)
	return byID(ctx, p, q, func(t *ent.Recipient) int { return t.ID })
}

func (r *Resolver) templatesByID(ctx context.Context, p *plan, n need) (map[int]*ent.Template, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.Template.Query().Where(template.IDIn(n.ids...))
	p.templates(q, n.selection)
	return byID(ctx, p, q, func(t *ent.Template) int { return t.ID })
}

func (r *Resolver) rulesByID(ctx context.Context, p *plan, n need) (map[int]*ent.RoutingRule, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.RoutingRule.Query().Where(routingrule.IDIn(n.ids...))
	p.rules(q, n.selection)
	return byID(ctx, p, q, func(t *ent.RoutingRule) int { return t.ID })
}
