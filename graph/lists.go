package graph

import (
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// maxCount is where counting stops: nobody reads an exact figure above it.
const maxCount = 1000

func (r *Resolver) casesOf(ctx context.Context, p *plan, o order[*ent.CaseFile], f *model.CaseFilter) *ent.CaseFileQuery {
	q := r.Client.CaseFile.Query()
	p.fail(filterCases(ctx, q, f))
	v, _ := guard.From(ctx)
	p.fail(inLanes(q, o, p.page, lanesOf(v, f)))
	p.cases(q, p.selection)
	return q
}

func (r *Resolver) messagesOf(p *plan, f *model.MessageFilter) *ent.MessageQuery {
	q := r.Client.Message.Query()
	p.fail(filterMessages(q, f))
	p.messages(q, p.selection)
	return q
}

func (r *Resolver) mailboxesOf(p *plan, f *model.MailboxFilter) *ent.MailboxQuery {
	q := r.Client.Mailbox.Query()
	p.fail(filterMailboxes(q, f))
	p.mailboxes(q, p.selection)
	return q
}

func (r *Resolver) usersOf(p *plan) *ent.UserQuery {
	q := r.Client.User.Query()
	p.users(q, p.selection)
	return q
}

func (r *Resolver) officesOf(p *plan) *ent.OfficeQuery {
	q := r.Client.Office.Query()
	p.offices(q, p.selection)
	return q
}

func (r *Resolver) entriesOf(p *plan, f *model.LedgerEntryFilter) *ent.LedgerEntryQuery {
	q := r.Client.LedgerEntry.Query()
	p.fail(filterEntries(q, f))
	p.entries(q, p.selection)
	return q
}

func (r *Resolver) countCases(ctx context.Context, f *model.CaseFilter) (int, error) {
	q := r.Client.CaseFile.Query()
	if err := filterCases(ctx, q, f); err != nil {
		return 0, err
	}
	ids, err := q.Limit(maxCount).IDs(ctx)
	return len(ids), err
}

func (r *Resolver) caseNumbered(ctx context.Context, number string) (*ent.CaseFile, error) {
	p := planObject(ctx)
	q := r.Client.CaseFile.Query().Where(casefile.Number(number))
	p.cases(q, p.selection)
	if p.err != nil {
		return nil, p.err
	}
	return maybe(q.Only(ctx))
}
