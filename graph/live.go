package graph

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/graph/model"
)

// Live is an operation that follows the register and answers all alike who may
// see the same: it can be executed once for all of them.
type Live struct {
	Key   string        // the same for operations that ask the same, wherever they start
	Plain bool          // an answer is told by what of an event, its case and its message the viewer sees
	after *model.Cursor // where this one starts
}

// LiveOf finds out whether an operation can be shared. Only what is known to be
// the same for everybody is: a field that is not named here is nobody else's.
func LiveOf(op *graphql.OperationContext) (Live, bool) {
	if op.Operation.Operation != ast.Subscription {
		return Live{}, false
	}
	roots := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Subscription"})
	if len(roots) != 1 || roots[0].Name != "events" || !throughout(roots[0].Selections, isImpersonal) {
		return Live{}, false
	}
	variables := op.Variables
	l := Live{Plain: throughout(roots[0].Selections, isPlain)}
	if a := roots[0].Arguments.ForName("after"); a != nil {
		value, err := a.Value.Value(op.Variables)
		if err != nil {
			return Live{}, false
		}
		if text, ok := value.(string); ok {
			cursor := model.Cursor(text)
			l.after = &cursor
		}
		if a.Value.Kind == ast.Variable && strings.Count(op.RawQuery, "$"+a.Value.Raw) == 2 { // declared, and used here alone
			variables = without(variables, a.Value.Raw)
		}
	}
	said, err := json.Marshal([]any{op.RawQuery, op.OperationName, variables})
	l.Key = string(said)
	return l, err == nil
}

func without(variables map[string]any, name string) map[string]any {
	rest := make(map[string]any, len(variables))
	for k, v := range variables {
		if k != name {
			rest[k] = v
		}
	}
	return rest
}

// Start is the place that an operation starts after. Its error is the client's.
func (r *Resolver) Start(ctx context.Context, l Live) (seq int, err error) {
	s, err := r.subscribe(ctx, l.after)
	if err != nil {
		return 0, err
	}
	return s.Seq(), nil
}

// throughout tells whether all fields that are selected are of a sort.
func throughout(selection ast.SelectionSet, is func(*ast.Field) bool) bool {
	for _, s := range selection {
		ok := false
		switch s := s.(type) {
		case *ast.Field:
			ok = is(s) && throughout(s.SelectionSet, is)
		case *ast.InlineFragment:
			ok = throughout(s.SelectionSet, is)
		case *ast.FragmentSpread:
			ok = s.Definition != nil && throughout(s.Definition.SelectionSet, is)
		}
		if !ok {
			return false
		}
	}
	return true
}

// isImpersonal tells whether a field is the same for all who may see it.
func isImpersonal(f *ast.Field) bool {
	if f.Name == "__typename" {
		return true
	}
	of := f.ObjectDefinition
	if of == nil {
		return false
	}
	switch of.Name {
	case "Event", "Actor", "Message", "Attachment", "Mailbox", "Address", "Verdict", "Certification", "Problem", "Original",
		"DeliveryStatus", "Term", "ReckoningLine":
		return true
	case "Case":
		return f.Name != "mayDo" && f.Name != "followed" && f.Name != "suggestedOffices"
	case "Claim":
		return f.Name != "mine"
	case "Office":
		return f.Name != "members"
	case "User":
		return f.Name == "id" || f.Name == "name"
	case "Reply":
		return f.Name != "preview" && f.Name != "html"
	}
	return slices.Contains(of.Interfaces, "Event")
}

// isPlain tells whether a field that is impersonal is told by the event, its case
// and its message alone, and by how much of these somebody sees (guard.Sight).
func isPlain(f *ast.Field) bool {
	if len(f.SelectionSet) == 0 {
		return true
	}
	of := f.ObjectDefinition
	if of == nil {
		return false
	}
	fields := []string{}
	switch of.Name {
	case "Case":
		fields = []string{"office", "assignee", "onBehalfOf", "terms"}
	case "Message":
		fields = []string{"verdict", "certification", "problems", "recipients", "copies"}
	case "Term":
		fields = []string{"reckoning"}
	case "Actor":
		fields = []string{"user"}
	default:
		if of.Name == "Event" || slices.Contains(of.Interfaces, "Event") {
			fields = []string{"actor", "case", "message", "mailbox", "office", "fromOffice", "person", "fromPerson", "people"}
		}
	}
	return slices.Contains(fields, f.Name)
}
