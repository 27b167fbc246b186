package graph

import (
	"context"

	"github.com/smista/smista/closure"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/graph/model"
)

// officeImpact is nil for who is no administrator. How many cases an office has is
// no secret before the one who closes it; the tallies know nothing else of them.
func (r *Resolver) officeImpact(ctx context.Context, of model.GlobalID, to *model.GlobalID) (*model.OfficeImpact, error) {
	id, heir := rowOf("Office", of), 0
	if to != nil {
		heir = rowOf("Office", *to)
	}
	impact, err := r.Closing.Impact(ctx, id, heir)
	if err != nil || impact == nil {
		return nil, err
	}
	rows, err := r.Client.Tally.Query().Where(tally.Office(id), tally.Person(0), tally.Mailbox(0)).All(asProgram(ctx))
	if err != nil {
		return nil, err
	}
	shown := &model.OfficeImpact{
		Counts: new(figures(rows)), People: impact.People, Deputies: impact.Deputies, Mailboxes: impact.Mailboxes, Rules: impact.Rules,
		Templates: impact.Templates, Terms: impact.Terms, Closures: impact.Closures, Below: impact.Below,
		Mark: impact.Mark, Obstacles: []model.UserError{},
	}
	if impact.Obstacle != nil {
		shown.Obstacles, err = r.refusals(ctx, impact.Obstacle)
	}
	return shown, err
}

func (r *Resolver) closeOffice(ctx context.Context, input model.OfficeCloseInput) (*model.OfficePayload, error) {
	id, err := r.Closing.Close(ctx, closure.Order{Code: input.Code, To: text(input.MoveTo), TakePeople: input.TakePeople, Mark: input.Mark})
	return r.ofOffice(ctx, id, input.ClientMutationID, err)
}

func (r *Resolver) reopenOffice(ctx context.Context, input model.OfficeReopenInput) (*model.OfficePayload, error) {
	id, err := r.Closing.Reopen(ctx, input.Code)
	return r.ofOffice(ctx, id, input.ClientMutationID, err)
}

// ofOffice answers a command on an office.
func (r *Resolver) ofOffice(ctx context.Context, id int, client *string, err error) (*model.OfficePayload, error) {
	payload := &model.OfficePayload{ClientMutationID: client}
	if payload.UserErrors, err = r.refusals(ctx, err); err != nil {
		return nil, err
	}
	p := planObject(ctx)
	offices, err := r.officesByID(ctx, p, p.part("OfficePayload", "office", id))
	payload.Office = offices[id]
	return payload, err
}
