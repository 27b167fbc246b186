package graph

import (
	"context"
	"encoding/json"

	"entgo.io/ent/dialect/sql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/ruleversion"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/rulebook"
)

// Bounds of lists that have no pages.
const (
	mostRules   = 1000
	mostHistory = 100
)

// rules plans what hangs on rules. The office is always loaded: the sentence
// names it.
func (p *plan) rules(q *ent.RoutingRuleQuery, selection ast.SelectionSet) {
	all := p.fields(selection, "Rule", node)
	q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, selectedOf(all, "office")) })
	for _, a := range all {
		switch a.name {
		case "assignee":
			q.WithAssignee(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "history":
			q.WithVersions(func(q *ent.RuleVersionQuery) {
				q.Modify(each(p, ruleVersionsNewestFirst(), routingrule.VersionsColumn, unpaged(mostHistory)))
				p.ruleVersions(q, a.selection)
			})
		}
	}
}

func ruleVersionsNewestFirst() order[*ent.RuleVersion] {
	return byNumber("rule version", ruleversion.FieldNumber,
		func(v *ent.RuleVersion) int { return v.ID },
		func(v *ent.RuleVersion) int { return v.Number }).descending(true)
}

func (p *plan) ruleVersions(q *ent.RuleVersionQuery, selection ast.SelectionSet) {
	all := p.fields(selection, "RuleVersion")
	q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, selectedOf(all, "office")) })
	for _, a := range all {
		switch a.name {
		case "author":
			q.WithAuthor(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "assignee":
			q.WithAssignee(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}

// selectedOf is what is selected of one field; nothing when it was not asked for.
func selectedOf(all []asked, name string) (selection ast.SelectionSet) {
	for _, a := range all {
		if a.name == name {
			selection = append(selection, a.selection...)
		}
	}
	return selection
}

// listRules lists those on the list, in the order in which they are asked.
func (r *Resolver) listRules(ctx context.Context) ([]ent.RoutingRule, error) {
	p := planObject(ctx)
	q := r.Client.RoutingRule.Query().Where(rulebook.There)
	p.rules(q, p.selection)
	if p.err != nil {
		return nil, p.err
	}
	return values(q.Order(routingrule.ByPriority(), routingrule.ByTurn(), routingrule.ByID(sql.OrderAsc())).Limit(mostRules).All(ctx))
}

func stateOf(r *ent.RoutingRule) model.RuleState {
	switch {
	case r.Enabled:
		return model.RuleStateOn
	case r.Draft:
		return model.RuleStateDraft
	}
	return model.RuleStateOff
}

// conditionOf reads a condition; nil for one that cannot be read any more.
func conditionOf(written json.RawMessage) *desk.Condition {
	c, err := desk.ParseCondition(written)
	if err != nil {
		return nil
	}
	return &c
}

// sentence says a rule in words; empty for one that cannot be read any more.
func sentence(ctx context.Context, written json.RawMessage, office *ent.Office) string {
	c := conditionOf(written)
	if c == nil || office == nil {
		return ""
	}
	return rulebook.Sentence(*c, office.Name, RequestFrom(ctx).Language == "it")
}

// sourceOf is a condition as the configuration has it.
func sourceOf(c *desk.Condition) (string, error) {
	written, err := json.Marshal(c)
	return string(written), err
}

func onRule(id model.GlobalID, version int) rulebook.On {
	return rulebook.On{Rule: known(rowOf("Rule", id)), Version: version}
}

func ruleOf(input *model.RuleInput) rulebook.Rule {
	r := rulebook.Rule{Name: input.Name, Priority: input.Priority, Condition: *input.Condition, Office: known(rowOf("Office", input.OfficeID))}
	if input.AssigneeID != nil {
		r.Assignee = known(rowOf("User", *input.AssigneeID))
	}
	return r
}

func (r *Resolver) saveRule(ctx context.Context, input model.RuleSaveInput) (*model.RulePayload, error) {
	on := rulebook.On{Version: given(input.Version)}
	if input.RuleID != nil {
		on = onRule(*input.RuleID, on.Version)
	}
	id, err := r.Rules.Save(ctx, on, ruleOf(input.Rule))
	return r.ruled(ctx, id, input.ClientMutationID, err)
}

func (r *Resolver) moveRule(ctx context.Context, input model.RuleMoveInput) (*model.RulePayload, error) {
	on, before := onRule(input.RuleID, input.Version), 0
	if input.BeforeID != nil {
		before = known(rowOf("Rule", *input.BeforeID))
	}
	return r.ruled(ctx, on.Rule, input.ClientMutationID, r.Rules.Move(ctx, on, before))
}

// ruled answers a command on a rule.
func (r *Resolver) ruled(ctx context.Context, id int, client *string, err error) (*model.RulePayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	for i, e := range refused {
		if stale, ok := e.(model.StaleCaseError); ok {
			refused[i] = model.StaleRuleError{Message: stale.Message, Path: stale.Path, Code: stale.Code, CurrentVersion: stale.CurrentVersion}
		}
	}
	p := planObject(ctx)
	rules, err := r.rulesByID(ctx, p, p.part("RulePayload", "rule", id))
	return &model.RulePayload{Rule: rules[id], UserErrors: refused, ClientMutationID: client}, err
}

func (r *Resolver) tryRule(ctx context.Context, input model.RuleTrialInput) (*model.RuleTrialPayload, error) {
	t := rulebook.Try{On: input.On, Last: input.Last, Key: given(input.Key)}
	if input.Days != nil {
		if t.Days = *input.Days; t.Days == 0 {
			t.Days = -1 // asked for, and none
		}
	}
	if input.RuleID != nil {
		t.Rule = known(rowOf("Rule", *input.RuleID))
	}
	if input.Rule != nil {
		as := ruleOf(input.Rule)
		t.As = &as
	}
	found, err := r.Rules.Try(ctx, t)
	refused, err := r.refusals(ctx, err)
	if err != nil || found == nil {
		return &model.RuleTrialPayload{UserErrors: refused}, err
	}
	shown, err := r.trial(ctx, found)
	return &model.RuleTrialPayload{Trial: shown, UserErrors: refused}, err
}

// trial shows what a trial found, each sort of thing that it names loaded once.
func (r *Resolver) trial(ctx context.Context, found *rulebook.Trial) (*model.RuleTrial, error) {
	p := planObject(ctx)
	var offices, cases, rules need
	for _, f := range p.fields(p.selection, "RuleTrialPayload") {
		for _, a := range p.fields(f.selection, "RuleTrial") {
			for _, b := range p.fields(a.selection, "RuleMove", "RuleMovedCase", "RuleOverlap") {
				switch b.name {
				case "from", "to":
					offices.want(b.selection)
				case "case":
					cases.want(b.selection)
				case "rule":
					rules.want(b.selection)
				}
			}
		}
	}
	shown := &model.RuleTrial{
		Asked: found.Asked, Looked: found.Looked, Cut: found.Cut, Untold: found.Untold, Taken: found.Taken, Moved: found.Moved,
		Moves: []model.RuleMove{}, Cases: []model.RuleMovedCase{}, OvershadowedBy: []model.RuleOverlap{},
	}
	for _, m := range found.Moves {
		offices.ids = append(offices.ids, m.From, m.To)
	}
	for _, c := range found.Cases {
		offices.ids, cases.ids = append(offices.ids, c.From, c.To), append(cases.ids, c.Case)
	}
	for _, o := range found.Overshadowed {
		rules.ids = append(rules.ids, o.Rule)
	}
	officeOf, err := r.officesByID(ctx, p, offices)
	if err != nil {
		return nil, err
	}
	caseOf, err := r.casesByID(ctx, p, cases)
	if err != nil {
		return nil, err
	}
	ruleNamed, err := r.rulesByID(ctx, p, rules)
	if err != nil {
		return nil, err
	}
	for _, m := range found.Moves {
		shown.Moves = append(shown.Moves, model.RuleMove{From: officeOf[m.From], To: officeOf[m.To], Count: m.Count})
	}
	for _, c := range found.Cases {
		shown.Cases = append(shown.Cases, model.RuleMovedCase{Case: caseOf[c.Case], ReceivedAt: c.At, From: officeOf[c.From], To: officeOf[c.To], Why: c.Why})
	}
	for _, o := range found.Overshadowed {
		shown.OvershadowedBy = append(shown.OvershadowedBy, model.RuleOverlap{Rule: ruleNamed[o.Rule], Count: o.Count})
	}
	return shown, nil
}

func (r *Resolver) trialProgress(ctx context.Context, key string) *model.RuleTrialProgress {
	looked, runs := r.Rules.Progress(ctx, key)
	if !runs {
		return nil
	}
	return &model.RuleTrialProgress{Looked: looked}
}

func (r *Resolver) reviewRules(ctx context.Context, days int) (*model.RuleReviewPayload, error) {
	found, err := r.Rules.Review(ctx, days)
	refused, err := r.refusals(ctx, err)
	if err != nil || found == nil {
		return &model.RuleReviewPayload{UserErrors: refused}, err
	}
	shown, err := r.review(ctx, found)
	return &model.RuleReviewPayload{Review: shown, UserErrors: refused}, err
}

// rulesReviewed is what is asked of the rules in a review.
func rulesReviewed(p *plan) need {
	var rules need
	for _, f := range p.fields(p.selection, "RuleReviewPayload") {
		for _, a := range p.fields(f.selection, "RuleReview") {
			for _, b := range p.fields(a.selection, "RuleFared") {
				if b.name == "rule" {
					rules.want(b.selection)
				}
				if b.name != "overshadowedBy" {
					continue
				}
				for _, c := range p.fields(b.selection, "RuleOverlap") {
					if c.name == "rule" {
						rules.want(c.selection)
					}
				}
			}
		}
	}
	return rules
}

// review shows how the rules fared, all that it names loaded at once.
func (r *Resolver) review(ctx context.Context, found *rulebook.Review) (*model.RuleReview, error) {
	p := planObject(ctx)
	rules := rulesReviewed(p)
	for _, f := range found.Rules {
		rules.ids = append(rules.ids, f.Rule) // those that overshadow are on too
	}
	named, err := r.rulesByID(ctx, p, rules)
	if err != nil {
		return nil, err
	}
	shown := &model.RuleReview{Days: found.Days, Looked: found.Looked, Cut: found.Cut, Untold: found.Untold, Rules: []model.RuleFared{}}
	for _, f := range found.Rules {
		fared := model.RuleFared{Rule: named[f.Rule], Taken: f.Taken, OvershadowedBy: []model.RuleOverlap{}}
		for _, o := range f.Overshadowed {
			fared.OvershadowedBy = append(fared.OvershadowedBy, model.RuleOverlap{Rule: named[o.Rule], Count: o.Count})
		}
		shown.Rules = append(shown.Rules, fared)
	}
	return shown, nil
}
