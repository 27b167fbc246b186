package graph

import (
	"context"

	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// House tells of the program and what it stands on, to whoever may know.
type House interface {
	System(ctx context.Context) (*model.System, error)
}

// system is nil for who is no administrator.
func (r *Resolver) system(ctx context.Context) (*model.System, error) {
	if v, _ := guard.From(ctx); r.House == nil || !me(ctx).Administrator || !v.May(guard.Read) {
		return nil, nil
	}
	return r.House.System(ctx)
}
