package graph

import (
	"context"
	"errors"
	"strings"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

// refusals makes the refusal of a command known to the client; what is no
// refusal is an error.
func (r *Resolver) refusals(ctx context.Context, err error) ([]model.UserError, error) {
	if err == nil {
		return []model.UserError{}, nil
	}
	if e, ok := errors.AsType[*casework.Refused](err); ok {
		shown, err := r.refusal(ctx, e)
		return []model.UserError{shown}, err
	}
	if e, ok := errors.AsType[*staff.Error](err); ok && e.Code != staff.Unauthenticated {
		return []model.UserError{ofStaff(ctx, e)}, nil
	}
	if refused, ok := errors.AsType[*guard.Refusal](err); ok && errors.Is(refused, guard.ErrForbidden) {
		return []model.UserError{forbidden(ctx)}, nil
	}
	return nil, err
}

func forbidden(ctx context.Context) model.CommandError {
	return model.CommandError{Code: casework.Forbidden, Path: []string{}, Message: in(ctx, "questo comando non spetta a te", "this is not yours to do")}
}

// in chooses the text that the client reads.
func in(ctx context.Context, italian, english string) string {
	if RequestFrom(ctx).Language == "it" {
		return italian
	}
	return english
}

// path is the list that the contract has for the one input that is wrong; a dot
// leads to what is inside of it.
func path(input string) []string {
	if input == "" {
		return []string{}
	}
	return strings.Split(input, ".")
}

func (r *Resolver) refusal(ctx context.Context, e *casework.Refused) (model.UserError, error) {
	message := in(ctx, e.Italian, e.English)
	switch e.Code {
	case casework.Stale:
		changes, err := r.changes(ctx, e.Changes)
		return model.StaleCaseError{Message: message, Path: path(e.Path), Code: e.Code, CurrentVersion: e.Current, Changes: changes}, err
	case casework.Claimed:
		shown := model.ClaimedError{Message: message, Path: path(e.Path), Code: e.Code}
		if !e.Until.IsZero() {
			shown.Until = &e.Until
		}
		return shown, nil
	}
	return model.CommandError{Message: message, Path: path(e.Path), Code: e.Code}, nil
}

// changes names who changed what since the author of a stale command looked.
func (r *Resolver) changes(ctx context.Context, events []event.Event) ([]model.CaseChange, error) {
	changes := make([]model.CaseChange, len(events))
	people := need{wanted: true}
	actors := make([]*model.Actor, len(events))
	for i, e := range events {
		changes[i] = model.CaseChange{Kind: e.Kind, At: e.OccurredAt}
		if actors[i] = model.ParseActor(e.Actor); actors[i] != nil {
			changes[i].Actor = actors[i].Name
			people.ids = append(people.ids, actors[i].ID)
		}
	}
	users, err := r.usersByID(ctx, planObject(ctx), people)
	for i, a := range actors {
		if a != nil && users[a.ID] != nil {
			changes[i].Actor = users[a.ID].Name
		}
	}
	return changes, err
}

// ofStaff is a refusal of what is done to people and offices.
func ofStaff(ctx context.Context, e *staff.Error) model.UserError {
	code := map[staff.Code]casework.Code{
		staff.Forbidden: casework.Forbidden, staff.Refused: casework.Forbidden, staff.NotFound: casework.NotFound,
		staff.Invalid: casework.Invalid, staff.Conflict: casework.Already,
	}[e.Code]
	return model.CommandError{Message: in(ctx, e.Italian, e.English), Path: path(e.Path), Code: code}
}

// rowOf is the number of a row of a type; 0, which is none, for an id of another.
func rowOf(kind string, id model.GlobalID) int {
	if id.Type != kind {
		return 0
	}
	return id.Row
}

// rowsFrom is rowOf for a list.
func rowsFrom(kind string, ids []model.GlobalID) []int {
	rows := make([]int, len(ids))
	for i, id := range ids {
		rows[i] = rowOf(kind, id)
	}
	return rows
}

// on names the case of a command, as its author saw it.
func on(id model.GlobalID, version int) casework.On {
	return casework.On{Case: rowOf("Case", id), Version: version}
}

// text is an input that may be left out.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// done answers a command on a case: with the case as its author sees it now, or
// with why it was not carried out.
func (r *Resolver) done(ctx context.Context, id model.GlobalID, client *string, err error) (*model.CasePayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	p := planObject(ctx)
	cases, err := r.casesByID(ctx, p, p.part("CasePayload", "case", rowOf("Case", id)))
	if err != nil {
		return nil, err
	}
	return &model.CasePayload{Case: cases[rowOf("Case", id)], UserErrors: refused, ClientMutationID: client}, nil
}

// part is what is selected of one field of what a command answers.
func (p *plan) part(payload, field string, id int) need {
	n := need{}
	for _, a := range p.fields(p.selection, payload) {
		if a.name == field {
			n.ids, n.selection, n.wanted = []int{id}, a.selection, true
		}
	}
	return n
}

// answered answers what the desk asked; the case is the one it was asked about.
func (r *Resolver) answered(ctx context.Context, input model.InquiryAnswerInput) (*model.CasePayload, error) {
	id := rowOf("Inquiry", input.InquiryID)
	refused := r.Work.AnswerInquiry(ctx, id, input.Text)
	asked, err := r.Client.Inquiry.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	about := model.GlobalID{Type: "Case"}
	if asked != nil {
		about.Row = asked.CaseID
	}
	return r.done(ctx, about, input.ClientMutationID, refused)
}

// claimed forgets when a claim ends: the case says so.
func claimed[T any](_ T, err error) error { return err }

// bulk carries out one command on many cases.
func (r *Resolver) bulk(ctx context.Context, input model.CasesBulkInput) (*model.CasesBulkPayload, error) {
	seen := make([]casework.On, len(input.Cases))
	for i, c := range input.Cases {
		seen[i] = on(c.CaseID, c.Version)
	}
	payload := &model.CasesBulkPayload{Outcomes: []model.BulkOutcome{}, ClientMutationID: input.ClientMutationID}
	outcomes, err := r.Work.Bulk(ctx, seen, r.bulkCommand(input))
	if payload.UserErrors, err = r.refusals(ctx, err); err != nil {
		return nil, err
	}
	for i, outcome := range outcomes {
		refused, err := r.refusals(ctx, outcome)
		if err != nil {
			refused = []model.UserError{r.notDone(ctx, err)}
		}
		payload.Outcomes = append(payload.Outcomes, model.BulkOutcome{CaseID: input.Cases[i].CaseID, Done: outcome == nil, UserErrors: refused})
	}
	return payload, nil
}

// notDone tells of a failure in the middle of many: what was done before it is
// done, so that the answer has to come.
func (r *Resolver) notDone(ctx context.Context, err error) model.UserError {
	shown := r.Present(ctx, err)
	return model.CommandError{Message: shown.Message, Path: []string{}, Code: casework.Unavailable}
}

func (r *Resolver) bulkCommand(input model.CasesBulkInput) func(context.Context, casework.On) error {
	w, reason := r.Work, text(input.Reason)
	switch input.Command {
	case model.BulkCommandSort:
		to := casework.SortTo{Note: reason}
		if input.OfficeID != nil {
			to.Office = rowOf("Office", *input.OfficeID)
		}
		return func(ctx context.Context, on casework.On) error { return w.Sort(ctx, on, to) }
	case model.BulkCommandTakeBack:
		return func(ctx context.Context, on casework.On) error { return w.TakeBack(ctx, on, reason) }
	case model.BulkCommandReturn:
		return func(ctx context.Context, on casework.On) error { return w.Return(ctx, on, reason) }
	case model.BulkCommandAssign:
		person := 0
		if input.AssigneeID != nil {
			person = rowOf("User", *input.AssigneeID)
		}
		return func(ctx context.Context, on casework.On) error { return w.Assign(ctx, on, person, reason) }
	case model.BulkCommandTake:
		return w.Take
	case model.BulkCommandUnassign:
		return func(ctx context.Context, on casework.On) error { return w.Unassign(ctx, on, reason) }
	case model.BulkCommandReopen:
		return func(ctx context.Context, on casework.On) error { return w.Reopen(ctx, on, reason) }
	case model.BulkCommandFollow:
		return func(ctx context.Context, on casework.On) error { return w.Follow(ctx, on.Case) }
	}
	return r.bulkSetting(input)
}

// bulkSetting is bulkCommand for what needs a value of its own.
func (r *Resolver) bulkSetting(input model.CasesBulkInput) func(context.Context, casework.On) error {
	if input.Command == model.BulkCommandClose {
		return func(ctx context.Context, on casework.On) error {
			return r.Work.Close(ctx, on, given(input.Outcome), text(input.Reason))
		}
	}
	return func(ctx context.Context, on casework.On) error {
		return r.Work.SetPriority(ctx, on, given(input.Priority))
	}
}

// given is the value of an input that may be left out; the zero value then.
func given[T any](value *T) T {
	if value == nil {
		var none T
		return none
	}
	return *value
}

// absent answers a command on an absence.
func (r *Resolver) absent(ctx context.Context, client *string, err error) (*model.AbsencePayload, error) {
	refused, err := r.refusals(ctx, err)
	return &model.AbsencePayload{UserErrors: refused, ClientMutationID: client}, err
}
