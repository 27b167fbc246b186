package graph

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/closure"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/patronday"
	"github.com/smista/smista/graph/model"
)

// mostDaysOff bounds lists that have no pages.
const mostDaysOff = 1000

// ownCalendar is what the configuration says of an office; of the house for nil.
type ownCalendar struct {
	office *ent.Office
	dossier.OfficeCalendar
}

// configured are the calendars of the configuration, the house's first.
func (r *Resolver) configured(ctx context.Context, p *plan, selection ast.SelectionSet) ([]ownCalendar, error) {
	all := []ownCalendar{{nil, dossier.OfficeCalendar{Patron: r.Dossier.House.Patron, Closures: r.Dossier.House.Closures}}}
	q := r.Client.Office.Query()
	p.offices(q, selection)
	rows, err := q.Order(office.ByCode()).Limit(mostDaysOff).All(ctx)
	for _, row := range rows {
		own, err := dossier.OwnCalendar(row)
		if err != nil {
			return nil, err
		}
		all = append(all, ownCalendar{row, own})
	}
	return all, err
}

// closures are those of the configuration, then those that people keep.
func (r *Resolver) closures(ctx context.Context) ([]model.Closure, error) {
	p := planObject(ctx)
	calendars, err := r.configured(ctx, p, p.need(p.selection, "Closure", "office").selection)
	if err != nil {
		return nil, err
	}
	all := []model.Closure{}
	for _, c := range calendars {
		for _, closed := range c.Closures {
			if len(all) < mostDaysOff {
				all = append(all, model.Closure{
					Name: closed.Name, From: closed.From.String(), To: closed.To.String(), Office: c.office, Origin: deadlinepolicy.OriginConfiguration,
				})
			}
		}
	}
	rows, err := r.Client.Closure.Query().Order(closure.ByFromDay(), closure.ByID()).Limit(mostDaysOff).All(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := r.shownClosures(ctx, p, p.selection, rows)
	return append(all, kept...), err
}

// shownClosures shows those that people keep.
func (r *Resolver) shownClosures(ctx context.Context, p *plan, selection ast.SelectionSet, rows []*ent.Closure) ([]model.Closure, error) {
	of := p.need(selection, "Closure", "office")
	for _, row := range rows {
		if row.OfficeID != nil {
			of.ids = append(of.ids, *row.OfficeID)
		}
	}
	offices, err := r.officesByID(ctx, p, of)
	all := make([]model.Closure, len(rows))
	for i, row := range rows {
		all[i] = model.Closure{
			ID: &model.GlobalID{Type: "Closure", Row: row.ID}, Name: row.Name, From: row.FromDay, To: row.ToDay,
			Origin: deadlinepolicy.OriginPeople, Version: row.Version,
		}
		if row.OfficeID != nil {
			all[i].Office = offices[*row.OfficeID]
		}
	}
	return all, err
}

func (r *Resolver) setClosure(ctx context.Context, input model.ClosureSetInput) (*model.ClosurePayload, error) {
	on := almanac.On{ID: rowOr("Closure", input.ClosureID), Version: given(input.Version)}
	id, err := r.Almanac.SetClosure(ctx, on, almanac.Closure{Name: input.Name, From: input.From, To: text(input.To), Office: rowOr("Office", input.OfficeID)})
	refused, err := r.settingRefusals(ctx, err)
	payload := &model.ClosurePayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}
	if err != nil || len(refused) > 0 {
		return payload, err
	}
	rows, err := r.Client.Closure.Query().Where(closure.ID(id)).All(ctx)
	if err != nil || len(rows) == 0 { // taken away again by now
		return payload, err
	}
	p := planObject(ctx)
	shown, err := r.shownClosures(ctx, p, p.part("ClosurePayload", "closure", id).selection, rows)
	payload.Closure = &shown[0]
	return payload, err
}

func (r *Resolver) removeClosure(ctx context.Context, input model.ClosureRemoveInput) (*model.ClosurePayload, error) {
	on := almanac.On{ID: known(rowOf("Closure", input.ClosureID)), Version: input.Version}
	refused, err := r.settingRefusals(ctx, r.Almanac.RemoveClosure(ctx, on))
	return &model.ClosurePayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}, err
}

// patrons are the days of the configuration, each with that of the people behind it.
func (r *Resolver) patrons(ctx context.Context) ([]model.PatronDay, error) {
	p := planObject(ctx)
	calendars, err := r.configured(ctx, p, p.need(p.selection, "PatronDay", "office").selection)
	if err != nil {
		return nil, err
	}
	rows, err := r.Client.PatronDay.Query().Order(patronday.ByScopeID()).Limit(mostDaysOff).All(ctx)
	if err != nil {
		return nil, err
	}
	kept := map[int]*ent.PatronDay{}
	for _, row := range rows {
		kept[row.ScopeID] = row
	}
	all := []model.PatronDay{}
	for _, c := range calendars {
		of := 0
		if c.office != nil {
			of = c.office.ID
		}
		if c.Patron != (deadline.MonthDay{}) {
			all = append(all, model.PatronDay{Day: c.Patron.String(), Office: c.office, Origin: deadlinepolicy.OriginConfiguration, Holds: kept[of] == nil})
		}
		if kept[of] != nil {
			all = append(all, shownPatron(kept[of], c.office))
		}
	}
	return all, nil
}

func shownPatron(row *ent.PatronDay, of *ent.Office) model.PatronDay {
	return model.PatronDay{Day: row.Day, Office: of, Origin: deadlinepolicy.OriginPeople, Version: row.Version, Holds: true}
}

func (r *Resolver) setPatron(ctx context.Context, input model.PatronSetInput) (*model.PatronPayload, error) {
	of := rowOr("Office", input.OfficeID)
	refused, err := r.settingRefusals(ctx, r.Almanac.SetPatron(ctx, of, given(input.Version), input.Day))
	payload := &model.PatronPayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}
	if err != nil || len(refused) > 0 {
		return payload, err
	}
	row, err := r.Client.PatronDay.Query().Where(patronday.ScopeID(of)).Only(ctx)
	if ent.IsNotFound(err) { // taken away again by now
		return payload, nil
	} else if err != nil {
		return nil, err
	}
	p := planObject(ctx)
	offices := p.need(p.part("PatronPayload", "patron", row.ID).selection, "PatronDay", "office")
	offices.ids = []int{of}
	found, err := r.officesByID(ctx, p, offices)
	shown := shownPatron(row, found[of])
	payload.Patron = &shown
	return payload, err
}

func (r *Resolver) removePatron(ctx context.Context, input model.PatronRemoveInput) (*model.PatronPayload, error) {
	refused, err := r.settingRefusals(ctx, r.Almanac.RemovePatron(ctx, rowOr("Office", input.OfficeID), input.Version))
	return &model.PatronPayload{UserErrors: refused, ClientMutationID: input.ClientMutationID}, err
}
