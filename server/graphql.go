package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
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

// newGraphQL makes the handler of /graphql: POST of JSON, answered by JSON or a stream
// of events, and graphql-transport-ws. All are executed in the same way, under the same limits.
func newGraphQL(d Deps, resolver *graph.Resolver, sockets *sockets) http.Handler {
	schema := graph.Schema(resolver)
	exec := executor.New(schema)
	exec.SetParserTokenLimit(d.Limits.QueryTokens)
	exec.SetDisableSuggestion(true)
	exec.SetQueryCache(lru.New[*ast.QueryDocument](keptQueries))
	exec.SetErrorPresenter(resolver.Present)
	exec.SetRecoverFunc(resolver.Recover)
	exec.Use(registered{documents: d.Operations, only: d.OnlyRegistered})
	exec.Use(costLimit{schema: schema.Schema(), tokens: d.Limits.QueryTokens, atMost: d.Limits.QueryCost})
	if d.Introspection {
		exec.Use(extension.Introspection{})
	}
	exec.AroundOperations(bounded(resolver.Present))
	exec.AroundOperations(resolver.TellTexts)
	exec.AroundOperations(resolver.GatherDesk)
	sockets.answers = &answers{exec: exec, resolver: resolver, chorus: newChorus(exec, resolver, d.Staff.Named)}
	return &graphqlHandler{sockets: sockets, exec: exec, body: int64(d.Limits.BodyBytes)}
}

// bounded gives a query its time. A subscription lasts as long as its socket,
// and needs one.
func bounded(present graphql.ErrorPresenterFunc) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
			return inTime(ctx, next)
		}
		if !isOverSocket(ctx) {
			err := present(ctx, model.Invalid("a subscription is asked for over a WebSocket, by the protocol %s, or with Accept: %s", protocol, eventStream))
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
	exec    *executor.Executor
	body    int64
}

// ServeHTTP answers what is a question, and says of all else what is wrong with
// it; it repeats nothing of a body, which may have secrets in it.
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
	asked, err := readRequest(body)
	if err != nil {
		refuse(w, r, http.StatusBadRequest, `the body is one JSON object with "query", and if needed "variables", "operationName" and "extensions"`)
		return
	}
	if wantsStream(r) {
		h.sockets.stream(w, r, asked) //nolint:contextcheck // what it says has a context of its own, as a socket's
		return
	}
	asked.Headers = r.Header
	h.answer(w, r, asked)
}

// The media types of answers (GraphQL over HTTP, Media Types): the status of the
// newer one tells whether the question was one.
const (
	graphqlJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
)

// answer executes a question. One that cannot be executed has no data, not even null.
func (h *graphqlHandler) answer(w http.ResponseWriter, r *http.Request, asked *graphql.RawParams) {
	ctx := graphql.StartOperationTrace(r.Context())
	var said *graphql.Response
	oc, errs := h.exec.CreateOperationContext(ctx, asked)
	if len(errs) > 0 {
		said = h.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs)
	} else {
		responses, ctx := h.exec.DispatchOperation(ctx, oc)
		said = responses(ctx)
	}
	kind, status := plainJSON, http.StatusOK
	if strings.Contains(r.Header.Get("Accept"), graphqlJSON) {
		kind = graphqlJSON
	}
	var body any = said
	if said == nil || len(said.Data) == 0 {
		errs := gqlerror.List{}
		if said != nil {
			errs = said.Errors
		}
		body = map[string]any{"errors": errs}
		if kind == graphqlJSON {
			status = http.StatusBadRequest
		}
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone
}

func refuseBody(w http.ResponseWriter, r *http.Request, err error) {
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		refuse(w, r, http.StatusRequestEntityTooLarge, "the body is longer than this server reads")
		return
	}
	refuse(w, r, http.StatusBadRequest, "the body did not come to its end")
}

// readRequest reads a request of GraphQL over HTTP, or of a subscription.
func readRequest(body []byte) (*graphql.RawParams, error) {
	var request struct {
		Query         *string        `json:"query"`
		OperationName *string        `json:"operationName"`
		Variables     map[string]any `json:"variables"`
		Extensions    map[string]any `json:"extensions"`
	}
	reading := json.NewDecoder(bytes.NewReader(body))
	reading.UseNumber() // an ID may be longer than a float is exact
	if err := reading.Decode(&request); err != nil {
		return nil, err
	}
	_, byHash := request.Extensions["persistedQuery"]
	if _, err := reading.Token(); request.Query == nil && !byHash || !errors.Is(err, io.EOF) {
		return nil, errors.New("no request, or more than one")
	}
	now := graphql.Now()
	asked := &graphql.RawParams{
		Variables: request.Variables, Extensions: request.Extensions, ReadTime: graphql.TraceTiming{Start: now, End: now},
	}
	if request.Query != nil {
		asked.Query = *request.Query
	}
	if request.OperationName != nil {
		asked.OperationName = *request.OperationName
	}
	return asked, nil
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
