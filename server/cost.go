package server

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/smista/smista/graph/model"
)

const (
	maxQuery  = 20 << 10 // bytes of a document
	maxFields = 600      // written in a document; validation compares them in pairs
	maxDepth  = 24       // GraphiQL's question about the schema needs 15

	pageDefault = 20  // of a connection, as in package graph
	pageMost    = 100 // when a variable does not say
	listGuess   = 10  // of a list whose length is not asked for
)

// costLimit refuses, before anything else looks at it, a document that would
// cost too much to validate or to answer.
//
// Each field costs one, times the length of the lists around it. A fragment is
// counted once and its figure used wherever it is spread, so that counting takes
// as long as reading the document, however often fragments double each other.
type costLimit struct {
	schema         *ast.Schema
	tokens, atMost int
}

// ExtensionName implements graphql.HandlerExtension.
func (costLimit) ExtensionName() string { return "CostLimit" }

// Validate implements graphql.HandlerExtension.
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements graphql.OperationParameterMutator.
func (l costLimit) MutateOperationParameters(_ context.Context, raw *graphql.RawParams) *gqlerror.Error {
	if len(raw.Query) > maxQuery {
		return refused("the document has %d bytes, at most %d are read", len(raw.Query), maxQuery)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: raw.Query}, l.tokens)
	if err != nil {
		return nil //nolint:nilerr // the parser of the executor says the same, better
	}
	c := counter{schema: l.schema, doc: doc, variables: raw.Variables, atMost: l.atMost, known: map[string]weight{}}
	for _, op := range doc.Operations {
		if w := c.selection(op.SelectionSet, c.root(op.Operation)); w.cost > l.atMost || w.depth > maxDepth {
			return refused("the operation costs more than %d or is more than %d levels deep: ask for fewer fields or shorter lists", l.atMost, maxDepth)
		}
	}
	if c.fields > maxFields {
		return refused("the document has %d fields, at most %d are taken", c.fields, maxFields)
	}
	return nil
}

// refused is an error of the document in the eyes of gqlgen, which decides the
// status, with a code of our own.
func refused(format string, args ...any) *gqlerror.Error {
	err := model.Invalid(format, args...)
	err.Code = model.TooCostly
	wrapped := gqlerror.WrapPath(nil, err)
	errcode.Set(wrapped, errcode.ValidationFailed)
	return wrapped
}

// weight is what a selection costs, and how deep it goes.
type weight struct{ cost, depth int }

type counter struct {
	schema    *ast.Schema
	doc       *ast.QueryDocument
	variables map[string]any
	atMost    int
	known     map[string]weight // of fragments; zero while one is being counted
	fields    int               // written so far
}

func (c *counter) root(op ast.Operation) *ast.Definition {
	switch op {
	case ast.Subscription:
		return c.schema.Subscription
	case ast.Mutation:
		return c.schema.Mutation
	}
	return c.schema.Query
}

// selection weighs the fields of an object of type on; nil when nobody knows it,
// which validation will tell.
func (c *counter) selection(set ast.SelectionSet, on *ast.Definition) weight {
	var sum weight
	for _, s := range set {
		var w weight
		switch s := s.(type) {
		case *ast.Field:
			c.fields++
			w = c.field(s, on)
		case *ast.InlineFragment:
			if s.TypeCondition != "" {
				on = c.schema.Types[s.TypeCondition]
			}
			w = c.selection(s.SelectionSet, on)
		case *ast.FragmentSpread:
			w = c.fragment(s.Name)
		}
		sum.cost = min(sum.cost+w.cost, c.atMost+1)
		sum.depth = max(sum.depth, w.depth)
	}
	return sum
}

// fragment weighs a fragment the first time it is met. One that spreads itself
// counts nothing inside itself; validation will refuse it.
func (c *counter) fragment(name string) weight {
	if w, ok := c.known[name]; ok {
		return w
	}
	c.known[name] = weight{}
	f := c.doc.Fragments.ForName(name)
	if f == nil {
		return weight{}
	}
	w := c.selection(f.SelectionSet, c.schema.Types[f.TypeCondition])
	c.known[name] = w
	return w
}

func (c *counter) field(f *ast.Field, on *ast.Definition) weight {
	var definition *ast.FieldDefinition
	if on != nil {
		definition = on.Fields.ForName(f.Name)
	}
	if definition == nil { // validation will tell
		inner := c.selection(f.SelectionSet, nil)
		return weight{cost: min(1+inner.cost, c.atMost+1), depth: inner.depth + 1}
	}
	inner := c.selection(f.SelectionSet, c.schema.Types[definition.Type.Name()])
	return weight{cost: min(1+c.length(f, definition)*inner.cost, c.atMost+1), depth: inner.depth + 1}
}

// length says how many objects a field yields at most.
func (c *counter) length(f *ast.Field, definition *ast.FieldDefinition) int {
	if strings.HasSuffix(definition.Type.Name(), "Connection") {
		for _, name := range []string{"first", "last"} {
			if a := f.Arguments.ForName(name); a != nil && a.Value.Kind != ast.NullValue {
				return c.number(a.Value)
			}
		}
		return pageDefault
	}
	if strings.HasPrefix(definition.Type.Name(), "__") {
		return 1 // the schema's own description: bounded by the schema, and by a rule of validation
	}
	if definition.Type.Elem == nil || f.Name == "edges" || f.Name == "nodes" && len(f.Arguments) == 0 {
		return 1 // one object, or what the connection has counted
	}
	if ids := f.Arguments.ForName("ids"); ids != nil {
		return c.number(ids.Value)
	}
	return listGuess
}

// number reads how much an argument asks for: a number, or the length of a list.
func (c *counter) number(v *ast.Value) int {
	switch v.Kind {
	case ast.IntValue:
		n, err := strconv.Atoi(v.Raw)
		if err == nil {
			return clamp(n)
		}
	case ast.ListValue:
		return clamp(len(v.Children))
	case ast.Variable:
		return given(c.variables[v.Raw])
	}
	return pageMost
}

// given reads the same from a variable, as JSON decoding left it.
func given(v any) int {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err == nil {
			return clamp(int(n))
		}
	case float64:
		return clamp(int(v))
	case []any:
		return clamp(len(v))
	}
	return pageMost
}

// clamp keeps what the resolvers will refuse from counting for less than it says.
func clamp(n int) int { return max(1, min(n, pageMost)) }
