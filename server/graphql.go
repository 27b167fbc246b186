package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

const (
	queryTime   = 15 * time.Second // for one query
	keptQueries = 256              // documents that are not parsed again
)

// newGraphQL makes the handler of /graphql: POST of JSON, and graphql-transport-ws.
// Both execute in the same way, under the same limits.
func newGraphQL(d Deps, resolver *graph.Resolver, sockets *sockets) http.Handler {
	schema := graph.Schema(resolver)
	server, exec := handler.New(schema), executor.New(schema)
	server.AddTransport(transport.POST{})
	for _, e := range []engine{server, exec} {
		e.SetParserTokenLimit(d.Limits.QueryTokens)
		e.SetDisableSuggestion(true)
		e.SetQueryCache(lru.New[*ast.QueryDocument](keptQueries))
		e.SetErrorPresenter(resolver.Present)
		e.SetRecoverFunc(resolver.Recover)
		e.Use(costLimit{schema: schema.Schema(), tokens: d.Limits.QueryTokens, atMost: d.Limits.QueryCost})
		if d.Introspection {
			e.Use(extension.Introspection{})
		}
		e.AroundOperations(bounded(resolver.Present))
		e.AroundOperations(resolver.TellTexts)
	}
	sockets.answers = &answers{exec: exec, resolver: resolver, chorus: newChorus(exec, resolver, d.Staff.Named, d.Logger)}
	return &graphqlHandler{sockets: sockets, server: server, body: int64(d.Limits.BodyBytes)}
}

// engine is what executes GraphQL, however it was asked for.
type engine interface {
	SetParserTokenLimit(limit int)
	SetDisableSuggestion(value bool)
	SetQueryCache(cache graphql.Cache[*ast.QueryDocument])
	SetErrorPresenter(f graphql.ErrorPresenterFunc)
	SetRecoverFunc(f graphql.RecoverFunc)
	Use(extension graphql.HandlerExtension)
	AroundOperations(f graphql.OperationMiddleware)
}

// bounded gives a query its time. A subscription lasts as long as its socket,
// and needs one.
func bounded(present graphql.ErrorPresenterFunc) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
			return inTime(ctx, next)
		}
		if !isOverSocket(ctx) {
			err := present(ctx, model.Invalid("a subscription is asked for over a WebSocket, by the protocol %s", protocol))
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{err}})
		}
		return next(ctx)
	}
}

func inTime(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	answer := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		ctx, cancel := context.WithTimeout(ctx, queryTime)
		defer cancel()
		return answer(ctx)
	}
}

type graphqlHandler struct {
	sockets *sockets
	server  http.Handler
	body    int64
}

// ServeHTTP takes what the two transports understand and answers all else
// itself: gqlgen repeats a body that it cannot read, with the secrets in it.
func (h *graphqlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		h.sockets.serve(w, r)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		refuse(w, r, http.StatusMethodNotAllowed, "questions are asked by POST, or over a WebSocket; /graphiql is a page to try them")
		return
	}
	if _, ok := guard.From(r.Context()); !ok {
		refuseStranger(w, r) // before anything of it is read
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, r, http.StatusUnsupportedMediaType, "the body is JSON: say so with Content-Type: application/json")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.body))
	if err != nil {
		refuseBody(w, r, err)
		return
	}
	if !isRequest(body) {
		refuse(w, r, http.StatusBadRequest, `the body is one JSON object with "query", and if needed "variables", "operationName" and "extensions"`)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h.server.ServeHTTP(w, r)
}

func refuseBody(w http.ResponseWriter, r *http.Request, err error) {
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		refuse(w, r, http.StatusRequestEntityTooLarge, "the body is longer than this server reads")
		return
	}
	refuse(w, r, http.StatusBadRequest, "the body did not come to its end")
}

// isRequest tells whether a body is a request of GraphQL over HTTP.
func isRequest(body []byte) bool {
	var request struct {
		Query         *string        `json:"query"`
		OperationName *string        `json:"operationName"`
		Variables     map[string]any `json:"variables"`
		Extensions    map[string]any `json:"extensions"`
	}
	return json.Unmarshal(body, &request) == nil && request.Query != nil
}

// refuse answers an error outside of GraphQL in the form that its clients read.
func refuse(w http.ResponseWriter, r *http.Request, status int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{
		"message":    message,
		"extensions": map[string]any{"code": model.BadInput, "requestId": graph.RequestFrom(r.Context()).ID},
	}}})
}
