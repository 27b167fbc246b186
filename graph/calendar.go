package graph

import (
	"context"
	"errors"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	entoffice "github.com/smista/smista/ent/office"
	"github.com/smista/smista/graph/model"
)

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
	calendar, err := r.Dossier.Calendar(ctx, r.Client, office)
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
	found, plan, err := r.Dossier.Preview(ctx, r.Client, office, asked)
	if errors.Is(err, deadline.ErrNoEnd) {
		return &model.DeadlinePreview{Lines: []model.ReckoningLine{}, Reminders: []model.PlannedReminder{}}, nil
	}
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
