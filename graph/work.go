package graph

import (
	"context"
	"errors"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// readable is nil for what a case says to readers only, when the viewer is none.
func readable[T any](c *ent.CaseFile, value T) *T {
	if guard.Masked(c) {
		return nil
	}
	return &value
}

// dueAt is nil where nothing is due.
func dueAt(at time.Time) *time.Time {
	if at.Equal(dossier.Never) {
		return nil
	}
	return &at
}

// claimOf is who has taken charge of a case, now.
func claimOf(ctx context.Context, c *ent.CaseFile) (*model.Claim, error) {
	if c.ClaimedByID == nil || c.ClaimedUntil == nil || !c.ClaimedUntil.After(time.Now()) {
		return nil, nil //nolint:nilnil // null in the answer
	}
	holder, err := c.Edges.ClaimedByOrErr()
	if err != nil {
		return nil, err
	}
	return &model.Claim{Holder: holder, Until: *c.ClaimedUntil, Mine: holder.ID == me(ctx).ID, Wanted: c.ClaimWantedByID != nil}, nil
}

// informed are the offices that have a case for information.
func informed(c *ent.CaseFile) ([]ent.Office, error) {
	rows, err := c.Edges.InformedOrErr()
	if err != nil {
		return nil, err
	}
	offices := make([]ent.Office, 0, len(rows))
	for _, row := range rows {
		if row.Edges.Office != nil {
			offices = append(offices, *row.Edges.Office)
		}
	}
	return offices, nil
}

// lookers are those who have a case open.
func lookers(c *ent.CaseFile) ([]ent.User, error) {
	rows, err := c.Edges.LookersOrErr()
	return present(rows, err, func(l *ent.CaseLooker) *ent.User { return l.Edges.User })
}

// mayDo is what the viewer may do with a case.
func mayDo(ctx context.Context, c *ent.CaseFile) []casework.Command {
	all := casework.MayDo(me(ctx), c, time.Now())
	if all == nil {
		return []casework.Command{}
	}
	return all
}

// mostLines bounds a reckoning in an answer.
const mostLines = 400

// reckoning shows why a term ends when it does; the plan has loaded the office,
// whose calendar counts for a term that keeps none of its own.
func (r *Resolver) reckoning(ctx context.Context, t *ent.Term) ([]model.ReckoningLine, error) {
	c, err := t.Edges.CaseOrErr()
	if err != nil {
		return nil, err
	}
	found, err := r.Dossier.Reckon(c.Edges.Office, t)
	if errors.Is(err, deadline.ErrNoEnd) {
		return []model.ReckoningLine{}, nil
	} else if err != nil {
		return nil, err
	}
	return shownLines(ctx, found), nil
}

// shownLines are the last of a reckoning.
func shownLines(ctx context.Context, found deadline.Reckoning) []model.ReckoningLine {
	lines := found.Lines[max(0, len(found.Lines)-mostLines):]
	shown := make([]model.ReckoningLine, len(lines))
	for i, l := range lines {
		shown[i] = model.ReckoningLine{Date: l.Date.String(), Kind: string(l.Kind), Days: l.Days, Text: in(ctx, l.Italian(), l.English())}
	}
	return shown
}
