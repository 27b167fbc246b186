package graph

import (
	"context"

	"github.com/smista/smista/guard"
)

// Rights gives who asks, with the rights of this moment. An error ends what is
// being answered.
type Rights func(context.Context) (guard.Viewer, error)

type rightsKey struct{}

// WithRights returns a context in which rights can be read anew, for answers
// that go on: a subscription does so for each page of events.
func WithRights(ctx context.Context, r Rights) context.Context {
	return context.WithValue(ctx, rightsKey{}, r)
}

// Renewed returns a context in which the viewer has the rights of now.
func Renewed(ctx context.Context) (context.Context, error) {
	rights, ok := ctx.Value(rightsKey{}).(Rights)
	if !ok {
		return ctx, nil
	}
	v, err := rights(ctx)
	if err != nil {
		return nil, err
	}
	return guard.NewContext(ctx, v), nil
}
