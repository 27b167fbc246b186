package server

import (
	"context"
	"maps"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph"
)

// answers executes what is asked over sockets: what many ask alike once for all,
// by the chorus, everything else for itself.
type answers struct {
	exec     *executor.Executor
	resolver *graph.Resolver
	chorus   *chorus
}

// answer answers one operation to its end.
func (a *answers) answer(ctx context.Context, s *socket, op *operation, asked *graphql.RawParams) {
	defer func() {
		if cause := recover(); cause != nil {
			s.finish(op, gqlerror.List{a.resolver.Present(ctx, a.resolver.Recover(ctx, cause))})
		}
	}()
	end := &graph.End{}
	ctx = graphql.StartOperationTrace(graph.WithEnd(ctx, end))
	asking := *asked
	asking.Variables = maps.Clone(asked.Variables)
	oc, errs := a.exec.CreateOperationContext(ctx, &asking)
	if len(errs) > 0 {
		s.finish(op, a.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs).Errors)
		return
	}
	if live, ok := graph.LiveOf(oc); ok {
		a.chorus.join(ctx, s, op, asked, live)
		return
	}
	responses, ctx := a.exec.DispatchOperation(ctx, oc)
	for {
		answer := responses(ctx)
		if answer == nil {
			break
		}
		if s.next(ctx, op, answer) != nil {
			break
		}
	}
	if err := end.Load(); err != nil {
		s.finish(op, gqlerror.List{err})
		return
	}
	s.finish(op, nil)
}
