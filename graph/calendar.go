package graph

import (
	"context"
	"errors"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	entoffice "github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/graph/model"
)

// mostPolicies bounds a list that has no pages.
const mostPolicies = 1000

// The years whose holidays are told.
const (
	firstYear = 1950
	lastYear  = 2200
)

// officeOr is the office that is asked for; nil where none is. A wrong id is an error
// of who asks.
func (r *Resolver) officeOr(ctx context.Context, id *model.GlobalID) (*ent.Office, error) {
	if id == nil {
		return nil, nil
	}
	office, err := r.Client.Office.Query().Where(entoffice.ID(rowOf("Office", *id))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, model.Invalid("there is no such office")
	}
	return office, err
}

// holidays are the days of a year on which a calendar has no work but for the week.
func (r *Resolver) holidays(ctx context.Context, year int, id *model.GlobalID) ([]model.Holiday, error) {
	if year < firstYear || year > lastYear {
		return nil, model.Invalid("year is %d to %d", firstYear, lastYear)
	}
	office, err := r.officeOr(ctx, id)
	if err != nil {
		return nil, err
	}
	calendar, err := r.Dossier.Calendar(office)
	if err != nil {
		return nil, err
	}
	all := []model.Holiday{}
	for day := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		d := deadline.Date{Year: year, Month: day.Month(), Day: day.Day()}
		if name, is := calendar.Holiday(d); is {
			all = append(all, model.Holiday{Date: d.String(), Name: in(ctx, name.Italian, name.English)})
		}
	}
	return all, nil
}

// deadlines are what the configuration says; the guard lets see them who keeps them,
// and who has to explain them.
func (r *Resolver) deadlines(ctx context.Context) ([]model.DeadlinePolicy, error) {
	rows, err := r.Client.DeadlinePolicy.Query().
		Order(deadlinepolicy.ByScope(), deadlinepolicy.ByScopeID(), deadlinepolicy.ByKind()).Limit(mostPolicies).All(ctx)
	if err != nil || len(rows) == 0 {
		return []model.DeadlinePolicy{}, err
	}
	p := planObject(ctx)
	ofOffices, ofBoxes, rules := p.need("DeadlinePolicy", "office"), p.need("DeadlinePolicy", "mailbox"), []int{}
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
		all[i] = model.DeadlinePolicy{Kind: term.Kind(row.Kind), Amount: row.Amount}
		switch row.Scope {
		case deadlinepolicy.ScopeOffice:
			all[i].Office = offices[row.ScopeID]
		case deadlinepolicy.ScopeMailbox:
			all[i].Mailbox = boxes[row.ScopeID]
		case deadlinepolicy.ScopeRule:
			name := named[row.ScopeID]
			all[i].Rule = &name
		}
	}
	return all, errors.Join(err, err2, err3)
}

// need is what is selected of one thing of the objects in a list.
func (p *plan) need(object, thing string) need {
	n := need{}
	for _, a := range p.fields(p.selection, object) {
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

// previewed reckons a term that nobody has.
func (r *Resolver) previewed(ctx context.Context, start time.Time, amount string, id *model.GlobalID) (*model.DeadlinePreview, error) {
	if _, err := deadline.ParseAmount(amount); err != nil {
		return nil, model.Invalid("amount: %v", err)
	}
	if start.Year() < firstYear || start.Year() > lastYear {
		return nil, model.Invalid("start is in the years %d to %d", firstYear, lastYear)
	}
	office, err := r.officeOr(ctx, id)
	if err != nil {
		return nil, err
	}
	asked := &ent.Term{Amount: amount, StartedAt: start}
	found, err := r.Dossier.Reckon(office, asked)
	if errors.Is(err, deadline.ErrNoEnd) {
		return &model.DeadlinePreview{Lines: []model.ReckoningLine{}, Reminders: []model.PlannedReminder{}}, nil
	}
	if err != nil {
		return nil, err
	}
	plan, err := r.Dossier.Plan(office, asked, found.Due)
	if err != nil {
		return nil, err
	}
	preview := &model.DeadlinePreview{DueAt: &found.Due, Lines: shownLines(ctx, found), Reminders: make([]model.PlannedReminder, len(plan))}
	for i, step := range plan {
		preview.Reminders[i] = model.PlannedReminder{At: step.At, To: step.To}
		if step.Every != "" {
			preview.Reminders[i].Every = &step.Every
		}
	}
	return preview, nil
}
