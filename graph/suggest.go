package graph

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

type atDeskKey struct{}

// atDesk gathers the cases at the desk that one answer finds, so that what is
// suggested for them is looked up for all at once.
type atDesk struct {
	mu        sync.Mutex
	cases     map[int]*ent.CaseFile // found, and not looked up yet
	suggested map[int][]desk.Suggestion
	offices   map[ast.Position]map[int]*ent.Office // with what is selected there
}

// GatherDesk runs an operation in which suggestions can be asked for. A
// subscription has none: it answers for many.
func (r *Resolver) GatherDesk(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	answer := next(ctx)
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return answer
	}
	return func(ctx context.Context) *graphql.Response {
		g := &atDesk{cases: map[int]*ent.CaseFile{}, suggested: map[int][]desk.Suggestion{}, offices: map[ast.Position]map[int]*ent.Office{}}
		ctx = guard.WithFound(ctx, func(rows []*ent.CaseFile) { g.gather(ctx, rows) })
		return answer(context.WithValue(ctx, atDeskKey{}, g))
	}
}

func (g *atDesk) gather(ctx context.Context, rows []*ent.CaseFile) {
	if !me(ctx).Sorter {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range rows {
		if _, known := g.suggested[c.ID]; !known && c.Status == casefile.StatusToSort && !guard.Masked(c) {
			g.cases[c.ID] = c
		}
	}
}

// suggestedFor says where a case at the desk may belong, to sorters who read it.
func (r *Resolver) suggestedFor(ctx context.Context, c *ent.CaseFile) ([]model.OfficeSuggestion, error) {
	g, ok := ctx.Value(atDeskKey{}).(*atDesk)
	if !ok {
		return []model.OfficeSuggestion{}, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.lookUp(ctx, r, c.ID); err != nil {
		return nil, err
	}
	offices, err := g.officesHere(ctx, r)
	if err != nil {
		return nil, err
	}
	shown := []model.OfficeSuggestion{}
	for _, s := range g.suggested[c.ID] {
		if o := offices[s.Office]; o != nil {
			shown = append(shown, model.OfficeSuggestion{Office: o, Reason: s.Hint, Count: s.Count, Of: s.Of})
		}
	}
	return shown, nil
}

// lookUp looks up what is suggested for all cases that were found, when that is
// not known of one of them.
func (g *atDesk) lookUp(ctx context.Context, r *Resolver, id int) error {
	if g.cases[id] == nil {
		return nil
	}
	cases := make([]*ent.CaseFile, 0, len(g.cases))
	for _, c := range g.cases {
		cases = append(cases, c)
	}
	found, err := desk.Suggest(ctx, r.Client, time.Now(), cases)
	if err != nil {
		return err
	}
	maps.Copy(g.suggested, found)
	clear(g.cases)
	return nil
}

// officesHere are all offices that are suggested, with what this field selects.
func (g *atDesk) officesHere(ctx context.Context, r *Resolver) (map[int]*ent.Office, error) {
	p, at := planObject(ctx), *graphql.GetFieldContext(ctx).Field.Position
	known := g.offices[at]
	if known == nil {
		known = map[int]*ent.Office{}
		g.offices[at] = known
	}
	n := p.part("OfficeSuggestion", "office", 0)
	n.ids = nil
	missing := map[int]bool{}
	for _, list := range g.suggested {
		for _, s := range list {
			if known[s.Office] == nil && !missing[s.Office] {
				missing[s.Office] = true
				n.ids = append(n.ids, s.Office)
			}
		}
	}
	n.wanted = true
	loaded, err := r.officesByID(ctx, p, n)
	maps.Copy(known, loaded)
	return known, err
}

// frequentOffices are those that the viewer sends to most from the desk.
func (r *Resolver) frequentOffices(ctx context.Context) ([]ent.Office, error) {
	who := me(ctx)
	if !who.Sorter {
		return []ent.Office{}, nil
	}
	ids, err := desk.Frequent(ctx, r.Client, time.Now(), who.ID)
	if err != nil {
		return nil, err
	}
	p := planObject(ctx)
	rows, err := r.officesByID(ctx, p, need{ids: ids, wanted: true, selection: p.selection})
	offices := make([]ent.Office, 0, len(ids))
	for _, id := range ids {
		if rows[id] != nil {
			offices = append(offices, *rows[id])
		}
	}
	return offices, err
}
