package graph

import (
	"context"
	"errors"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/graph/model"
)

// mostPolicies bounds a list that has no pages.
const mostPolicies = 1000

// deadlines are what the configuration and people say; the guard lets see them who
// keeps them, and who has to explain them.
func (r *Resolver) deadlines(ctx context.Context) ([]model.DeadlinePolicy, error) {
	rows, err := r.Client.DeadlinePolicy.Query().
		Order(deadlinepolicy.ByScope(), deadlinepolicy.ByScopeID(), deadlinepolicy.ByKind(), deadlinepolicy.ByOrigin()).Limit(mostPolicies).All(ctx)
	if err != nil || len(rows) == 0 {
		return []model.DeadlinePolicy{}, err
	}
	p := planObject(ctx)
	return r.shownDeadlines(ctx, p, p.selection, rows)
}

// shownDeadlines shows rows, each sort of thing that they are of loaded once.
func (r *Resolver) shownDeadlines(ctx context.Context, p *plan, selection ast.SelectionSet, rows []*ent.DeadlinePolicy) ([]model.DeadlinePolicy, error) {
	ofOffices, ofBoxes, rules := p.need(selection, "DeadlinePolicy", "office"), p.need(selection, "DeadlinePolicy", "mailbox"), []int{}
	for _, row := range rows {
		switch row.Scope {
		case deadlinepolicy.ScopeOffice:
			ofOffices.ids = append(ofOffices.ids, row.ScopeID)
		case deadlinepolicy.ScopeMailbox:
			ofBoxes.ids = append(ofBoxes.ids, row.ScopeID)
		case deadlinepolicy.ScopeRule:
			rules = append(rules, row.ScopeID)
		}
	}
	offices, err := r.officesByID(ctx, p, ofOffices)
	boxes, err2 := r.mailboxesByID(ctx, p, ofBoxes)
	named, err3 := r.ruleNames(ctx, rules)
	all := make([]model.DeadlinePolicy, len(rows))
	for i, row := range rows {
		all[i] = model.DeadlinePolicy{Kind: term.Kind(row.Kind), Amount: row.Amount, Origin: row.Origin, Version: row.Version, Holds: holds(row, rows)}
		if row.Origin == deadlinepolicy.OriginPeople {
			all[i].ID = &model.GlobalID{Type: "DeadlinePolicy", Row: row.ID}
		}
		switch row.Scope {
		case deadlinepolicy.ScopeOffice:
			all[i].Office = offices[row.ScopeID]
		case deadlinepolicy.ScopeMailbox:
			all[i].Mailbox = boxes[row.ScopeID]
		case deadlinepolicy.ScopeRule:
			name := named[row.ScopeID]
			all[i].Rule, all[i].RuleID = &name, &model.GlobalID{Type: "Rule", Row: row.ScopeID}
		}
	}
	return all, errors.Join(err, err2, err3)
}

// holds tells that people said nothing else of the same.
func holds(row *ent.DeadlinePolicy, all []*ent.DeadlinePolicy) bool {
	if row.Origin == deadlinepolicy.OriginPeople {
		return true
	}
	for _, other := range all {
		if other.Origin == deadlinepolicy.OriginPeople && other.Scope == row.Scope && other.ScopeID == row.ScopeID && other.Kind == row.Kind {
			return false
		}
	}
	return true
}

// need is what is selected of one thing of an object.
func (p *plan) need(selection ast.SelectionSet, object, thing string) need {
	n := need{}
	for _, a := range p.fields(selection, object) {
		if a.name == thing {
			n.selection, n.wanted = append(n.selection, a.selection...), true
		}
	}
	return n
}

func (r *Resolver) ruleNames(ctx context.Context, ids []int) (map[int]string, error) {
	names := map[int]string{}
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := r.Client.RoutingRule.Query().Where(routingrule.IDIn(ids...)).All(ctx)
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, err
}

func (r *Resolver) setDeadline(ctx context.Context, input model.DeadlineSetInput) (*model.DeadlinePayload, error) {
	d := almanac.Deadline{
		Kind: deadlinepolicy.Kind(input.Kind), Amount: input.Amount,
		Office: rowOr("Office", input.OfficeID), Mailbox: rowOr("Mailbox", input.MailboxID), Rule: rowOr("Rule", input.RuleID),
	}
	id, err := r.Almanac.SetDeadline(ctx, given(input.Version), d)
	refused, err := r.settingRefusals(ctx, err)
	payload := &model.DeadlinePayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}
	if err != nil || len(refused) > 0 {
		return payload, err
	}
	rows, err := r.Client.DeadlinePolicy.Query().Where(deadlinepolicy.ID(id)).All(ctx)
	if err != nil || len(rows) == 0 { // taken away again by now
		return payload, err
	}
	p := planObject(ctx)
	shown, err := r.shownDeadlines(ctx, p, p.part("DeadlinePayload", "deadline", id).selection, rows)
	payload.Deadline = &shown[0]
	return payload, err
}

func (r *Resolver) removeDeadline(ctx context.Context, input model.DeadlineRemoveInput) (*model.DeadlinePayload, error) {
	on := almanac.On{ID: known(rowOf("DeadlinePolicy", input.DeadlineID)), Version: input.Version}
	refused, err := r.settingRefusals(ctx, r.Almanac.RemoveDeadline(ctx, on))
	return &model.DeadlinePayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}, err
}

// rowOr is the number of a row that may be left out; of none where there is none.
func rowOr(kind string, id *model.GlobalID) int {
	if id == nil {
		return 0
	}
	return known(rowOf(kind, *id))
}

// settingRefusals is refusals for what is no case.
func (r *Resolver) settingRefusals(ctx context.Context, err error) ([]model.UserError, error) {
	refused, err := r.refusals(ctx, err)
	for i, e := range refused {
		if stale, ok := e.(model.StaleCaseError); ok {
			refused[i] = model.StaleSettingError{Message: stale.Message, Path: stale.Path, Code: stale.Code, CurrentVersion: stale.CurrentVersion}
		}
	}
	return refused, err
}
