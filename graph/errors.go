package graph

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph/model"
)

// Request is what an error has to know of the request that it answers.
type Request struct {
	ID       string // shown with every error, and in the log
	Language string // "it" or "en"
}

type requestKey struct{}

// WithRequest returns a context in which errors are presented for r.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestFrom gives what WithRequest put in.
func RequestFrom(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}

// Present shows expected errors with their code, and of all others only that
// something went wrong: what they say goes to the log, under the request's id.
func (r *Resolver) Present(ctx context.Context, err error) *gqlerror.Error {
	request := RequestFrom(ctx)
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx), Extensions: map[string]any{}}
	if request.ID != "" {
		shown.Extensions["requestId"] = request.ID
	}
	expected := expectedIn(ctx, err)
	if known := ofGraphQL(err); known != nil && expected.Code == model.Internal {
		shown.Message, shown.Locations = known.Message, known.Locations
		shown.Extensions["code"] = known.Extensions["code"]
		return shown
	}
	if expected.Code == model.Internal {
		r.Logger.ErrorContext(ctx, "a request failed", "request", request.ID, "path", shown.Path.String(), "error", err)
	}
	shown.Message = expected.In(request.Language)
	shown.Extensions["code"] = expected.Code
	return shown
}

// ofGraphQL gives an error of the language itself: the query is wrong.
func ofGraphQL(err error) *gqlerror.Error {
	var e *gqlerror.Error
	codes := []any{errcode.ParseFailed, errcode.ValidationFailed}
	if errors.As(err, &e) && slices.Contains(codes, e.Extensions["code"]) {
		return e
	}
	return nil
}

// expectedIn finds the error that is safe to show; what is unknown is internal.
func expectedIn(ctx context.Context, err error) *model.Error {
	var e *model.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &model.Error{
			Code:    model.TimedOut,
			English: "the answer takes too long: ask for less, for instance a shorter time range",
			Italian: "la risposta richiede troppo tempo: restringere la ricerca, per esempio l'intervallo di date",
		}
	}
	return model.Failure()
}

// Recover turns a panic into an internal error, with its stack in the log.
func (r *Resolver) Recover(ctx context.Context, cause any) error {
	r.Logger.ErrorContext(ctx, "a resolver panicked", "request", RequestFrom(ctx).ID, "cause", cause, "stack", string(debug.Stack()))
	return &model.Error{Code: model.Internal, English: "internal error", Italian: "errore interno"}
}
