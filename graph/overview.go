package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	entoffice "github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/overview"
)

// overviewOf is nil for who does not watch the office, or the house.
func (r *Resolver) overviewOf(ctx context.Context, office *model.GlobalID, from, until time.Time) (*model.Overview, error) {
	o, err := r.counted(ctx, office, from, until)
	if o == nil || err != nil {
		return nil, err
	}
	return r.showOverview(ctx, office, o)
}

// counted asks for an overview in the days of the house.
func (r *Resolver) counted(ctx context.Context, office *model.GlobalID, from, until time.Time) (*overview.Overview, error) {
	q := overview.Question{From: from, Until: until, Zone: cmp.Or(r.Dossier.House.Zone, time.UTC)}
	if office != nil {
		if q.Office = rowOf("Office", *office); q.Office == 0 {
			return nil, nil
		}
	}
	if err := q.Check(); err != nil {
		return nil, model.Invalid("%v", err)
	}
	return overview.Of(ctx, r.Client, q)
}

// showOverview adds to what was counted how much stands where now, and the offices.
func (r *Resolver) showOverview(ctx context.Context, office *model.GlobalID, o *overview.Overview) (*model.Overview, error) {
	q := r.Client.Tally.Query().Where(tally.Person(0), tally.Mailbox(0))
	went := map[int]overview.Figures{}
	for _, some := range o.Offices {
		went[some.ID] = some.Figures
	}
	if office != nil {
		q.Where(tally.Office(office.Row))
		went[office.Row] = o.Figures
	}
	rows, err := q.All(ctx)
	if err != nil {
		return nil, err
	}
	now, ids := grouped(rows, func(t *ent.Tally) int { return t.Office })
	for _, id := range ids {
		figures := went[id] // none, and what stands there now is something too
		went[id] = figures
	}
	counts := now[0]
	if office != nil {
		counts = now[office.Row]
	}
	shown := &model.Overview{From: o.From, Until: o.Until, Counts: &counts, Figures: figuresOf(o.Figures), Days: daysOf(o.Days)}
	shown.Offices, err = r.officeFigures(ctx, went, now)
	if office != nil && len(shown.Offices) == 0 {
		return nil, err // there is no such office
	}
	return shown, err
}

func daysOf(days []overview.Day) []model.DayFigures {
	shown := make([]model.DayFigures, len(days))
	for i, d := range days {
		shown[i] = model.DayFigures{
			Date: d.From.Format(time.DateOnly), From: d.From, Until: d.Until,
			Arrived: d.Arrived, Closed: d.Closed, Open: d.Open, Breached: d.Breached,
		}
	}
	return shown
}

// officeFigures show offices by code. Number 0, the desk, is none.
func (r *Resolver) officeFigures(ctx context.Context, went map[int]overview.Figures, now map[int]model.Counts) ([]model.OfficeFigures, error) {
	p := planObject(ctx)
	n := p.inner("Overview", "offices", "OfficeFigures", "office")
	n.ids = slices.Collect(maps.Keys(went))
	offices, err := r.officesByID(ctx, p, n)
	all := []model.OfficeFigures{}
	for id, o := range offices {
		counts := now[id]
		all = append(all, model.OfficeFigures{Office: o, Counts: &counts, Figures: figuresOf(went[id])})
	}
	slices.SortFunc(all, func(a, b model.OfficeFigures) int { return cmp.Compare(a.Office.Code, b.Office.Code) })
	return all, err
}

func figuresOf(f overview.Figures) *model.Figures {
	return &model.Figures{Arrived: f.Arrived, Closed: f.Closed, Breached: f.Breached, ToAssign: paceOf(f.ToAssign), ToClose: paceOf(f.ToClose)}
}

func paceOf(p overview.Pace) *model.Pace {
	if p.Count == 0 {
		return &model.Pace{}
	}
	return &model.Pace{Count: p.Count, MedianHours: &p.Median, P90Hours: &p.P90}
}

// Overview is an overview for other programs, and the offices in it that the viewer
// sees; nil for who may not know.
func (r *Resolver) Overview(ctx context.Context, office *model.GlobalID, from, until time.Time) (*overview.Overview, map[int]*ent.Office, error) {
	o, err := r.counted(ctx, office, from, until)
	if o == nil || err != nil {
		return nil, nil, err
	}
	ids := make([]int, len(o.Offices))
	for i, one := range o.Offices {
		ids[i] = one.ID
	}
	offices, err := r.Client.Office.Query().Where(entoffice.IDIn(ids...)).All(ctx)
	named := make(map[int]*ent.Office, len(offices))
	for _, one := range offices {
		named[one.ID] = one
	}
	return o, named, err
}
