package graph

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// ours are the types of the contract, without GraphQL's own.
func ours() []*ast.Definition {
	var all []*ast.Definition
	for _, d := range Schema(&Resolver{}).Schema().Types {
		if !d.BuiltIn && !strings.HasPrefix(d.Name, "__") {
			all = append(all, d)
		}
	}
	return all
}

// TestEverythingIsDescribed, in a sentence.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	sentence := func(where, text string) {
		require.NotEmpty(t, text, where)
		require.Regexp(t, "^[A-Z`]", text, where)
		require.True(t, strings.HasSuffix(text, ".") || strings.HasSuffix(text, "`"), "%s: %q ends with a full stop", where, text)
	}
	for _, d := range ours() {
		sentence(d.Name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			sentence(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				sentence(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			sentence(d.Name+"."+v.Name, v.Description)
		}
	}
}

// TestNamesFollowTheConventions: types Pascal, fields camel, enum values capital.
func TestNamesFollowTheConventions(t *testing.T) {
	t.Parallel()
	pascal, camel, capital := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`), regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`), regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	affix := regexp.MustCompile(`^(get|list|query|mutation)[A-Z]|(Enum|Query|Mutation)$`)
	for _, d := range ours() {
		require.Regexp(t, pascal, d.Name)
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				require.Regexp(t, camel, f.Name, d.Name)
				require.NotRegexp(t, affix, f.Name, d.Name)
			}
		}
		for _, v := range d.EnumValues {
			require.Regexp(t, capital, v.Name, d.Name)
		}
	}
}

// TestConnectionsAreRelay: shapes, arguments, and page information are all alike.
func TestConnectionsAreRelay(t *testing.T) {
	t.Parallel()
	schema := Schema(&Resolver{}).Schema()
	for _, d := range ours() {
		for _, f := range d.Fields {
			if strings.HasSuffix(f.Type.Name(), "Connection") {
				for name, kind := range map[string]string{"first": "Int", "after": "Cursor", "last": "Int", "before": "Cursor"} {
					a := f.Arguments.ForName(name)
					require.NotNil(t, a, "%s.%s(%s)", d.Name, f.Name, name)
					require.Equal(t, kind, a.Type.String())
				}
			}
		}
		if of, is := strings.CutSuffix(d.Name, "Connection"); is {
			require.Equal(t, "["+of+"Edge!]!", d.Fields.ForName("edges").Type.String())
			require.Equal(t, "["+of+"!]!", d.Fields.ForName("nodes").Type.String())
			require.Equal(t, "PageInfo!", d.Fields.ForName("pageInfo").Type.String())
			edge := schema.Types[of+"Edge"]
			require.Equal(t, of+"!", edge.Fields.ForName("node").Type.String())
			require.Equal(t, "Cursor!", edge.Fields.ForName("cursor").Type.String())
		}
	}
}

// TestNoListIsUnbounded: things with an id come in connections, or in lists that
// say how long they get, and a list never holds nulls unless it says for which.
func TestNoListIsUnbounded(t *testing.T) {
	t.Parallel()
	schema := Schema(&Resolver{}).Schema()
	for _, d := range ours() {
		for _, f := range d.Fields {
			if f.Type.Elem == nil || d.Kind == ast.InputObject || strings.HasPrefix(f.Name, "__") {
				continue
			}
			isThing := schema.Types[f.Type.Name()].Fields.ForName("id") != nil || f.Type.Name() == "Event"
			if isThing && !strings.HasSuffix(d.Name, "Connection") {
				bounded := f.Arguments.ForName("ids") != nil || regexp.MustCompile(`at most \d+`).MatchString(f.Description)
				require.True(t, bounded, "%s.%s is a bare list of things", d.Name, f.Name)
			}
			if f.Arguments.ForName("ids") == nil {
				require.True(t, f.Type.NonNull && f.Type.Elem.NonNull, "%s.%s", d.Name, f.Name)
			}
		}
	}
}

// TestEveryKindOfEventHasItsType, and the type its kind.
func TestEveryKindOfEventHasItsType(t *testing.T) {
	t.Parallel()
	schema := Schema(&Resolver{}).Schema()
	types := map[string]bool{"OtherEvent": true}
	for _, k := range event.Kinds() {
		name := model.TypeName(model.NewEvent(&model.Happening{Kind: k}))
		require.NotEqual(t, "OtherEvent", name, "%s has no type", k)
		require.Contains(t, schema.Types[name].Interfaces, "Event")
		value := schema.Types["EventKind"].EnumValues.ForName(strings.ToUpper(strings.ReplaceAll(string(k), "-", "_")))
		require.NotNil(t, value, k)
		require.Equal(t, "`"+name+"`.", value.Description)
		types[name] = true
	}
	require.Len(t, schema.PossibleTypes["Event"], len(types))
	require.Equal(t, "OtherEvent", model.TypeName(model.NewEvent(&model.Happening{Kind: "of tomorrow"})))
}
