//go:build !race

package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// walker makes questions that, together, ask for everything the contract has:
// every field of every type, every argument, every id.
type walker struct {
	schema *ast.Schema
	ids    []string            // of everything in the world
	some   []string            // of the types that arguments name, and of one that none does, a few
	words  []string            // texts to look for
	known  map[string][]string // values for required arguments and for input fields, by name, as GraphQL writes them
}

// deep is how many objects inside of each other are asked for.
const deep = 2

// questions asks every field of the root, with each value of its required
// arguments and with each of its optional ones alone.
func (w walker) questions(root *ast.Definition) []string {
	var all []string
	for _, f := range root.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		for _, args := range w.arguments(f) {
			all = append(all, f.Name+args+w.selection(f.Type.Name(), deep, nil))
		}
	}
	return all
}

// arguments are the ways to call a field: required arguments take each value,
// optional ones come one at a time.
func (w walker) arguments(f *ast.FieldDefinition) []string {
	calls := []string{""}
	var optional []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			var more []string
			for _, call := range calls {
				for _, v := range w.values(a.Name, a.Type, 0) {
					more = append(more, call+a.Name+": "+v+" ")
				}
			}
			calls = more
			continue
		}
		for _, v := range w.values(a.Name, a.Type, 0) {
			optional = append(optional, a.Name+": "+v)
		}
	}
	var all []string
	for _, call := range calls {
		for _, o := range append([]string{""}, optional...) {
			if args := strings.TrimSpace(call + w.page(f, o)); args != "" {
				all = append(all, "("+args+")")
			} else {
				all = append(all, "")
			}
		}
	}
	return all
}

// page asks a connection for as much as there is.
func (w walker) page(f *ast.FieldDefinition, other string) string {
	if strings.HasSuffix(f.Type.Name(), "Connection") && !strings.HasPrefix(other, "last:") && !strings.HasPrefix(other, "first:") {
		return "first: 100 " + other
	}
	return other
}

// values are some values of a type, enough to find what a filter lets through.
func (w walker) values(name string, t *ast.Type, inside int) []string {
	if t.Elem != nil {
		if t.Elem.Name() == "ID" && inside == 0 && t.NonNull { // nodes(ids): all at once
			var lists []string
			for some := range slices.Chunk(w.ids, 100) {
				lists = append(lists, "["+strings.Join(quotedAll(some), ", ")+"]")
			}
			return lists
		}
		var lists []string
		for _, v := range w.values(name, t.Elem, inside+1) {
			lists = append(lists, "["+v+"]")
		}
		return lists
	}
	if v, ok := w.known[name]; ok {
		return v
	}
	definition := w.schema.Types[t.Name()]
	switch {
	case t.Name() == "ID":
		return quotedAll(w.some)
	case definition.Kind == ast.Enum:
		var all []string
		for _, v := range definition.EnumValues {
			all = append(all, v.Name)
		}
		return all
	case definition.Kind == ast.InputObject:
		return w.inputs(definition, inside)
	}
	switch t.Name() {
	case "String":
		return quotedAll(w.words)
	case "Int":
		return []string{"5"}
	case "Boolean":
		return []string{"true", "false"}
	case "DateTime":
		return []string{`"2020-01-01T00:00:00Z"`, `"2100-01-01T00:00:00Z"`}
	case "Cursor":
		return nil // needs an answer first: the paging tests have it
	}
	return []string{"teach the walker the type " + t.Name()}
}

// inputs sets each field of an input alone, with all required ones.
func (w walker) inputs(definition *ast.Definition, inside int) []string {
	if inside > 3 {
		return nil
	}
	required := ""
	for _, f := range definition.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			if v := w.values(f.Name, f.Type, inside+1); len(v) > 0 {
				required += f.Name + ": " + v[0] + " "
			}
		}
	}
	var all []string
	for _, f := range definition.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			for _, v := range w.values(f.Name, f.Type, inside+1) {
				all = append(all, strings.Replace("{"+required+"}", f.Name+": "+w.values(f.Name, f.Type, inside+1)[0], f.Name+": "+v, 1))
			}
			continue
		}
		for _, v := range w.values(f.Name, f.Type, inside+1) {
			all = append(all, "{"+required+f.Name+": "+v+"}")
		}
	}
	return all
}

// selection asks for all fields of a type, down to some depth; of an interface,
// for those of all its types.
func (w walker) selection(name string, depth int, path []string) string {
	definition := w.schema.Types[name]
	switch definition.Kind {
	case ast.Scalar, ast.Enum:
		return ""
	case ast.Interface, ast.Union:
		var b strings.Builder
		for _, t := range w.schema.GetPossibleTypes(definition) {
			fmt.Fprintf(&b, " ... on %s %s", t.Name, w.fields(t, depth, path))
		}
		return " { __typename" + b.String() + " }"
	}
	return " " + w.fields(definition, depth, path)
}

// fields asks for each field under a name of its own, since the same name may
// have another type in another fragment.
func (w walker) fields(definition *ast.Definition, depth int, path []string) string {
	var b strings.Builder
	b.WriteString("{ __typename")
	for _, f := range definition.Fields {
		if strings.HasPrefix(f.Name, "__") || f.Name == "edges" {
			continue
		}
		inner := w.schema.Types[f.Type.Name()]
		leaf := inner.Kind == ast.Scalar || inner.Kind == ast.Enum
		if !leaf && (depth == 0 || slices.Contains(path, definition.Name+"."+f.Name)) || needs(f) {
			continue
		}
		down := depth - 1
		if f.Name == "nodes" {
			down = depth
		}
		fmt.Fprintf(&b, " %s_%s: %s%s", strings.ToLower(definition.Name), f.Name, f.Name, w.selection(f.Type.Name(), down, append(slices.Clip(path), definition.Name+"."+f.Name)))
	}
	return b.String() + " }"
}

// needs tells whether a field cannot be asked for without arguments.
func needs(f *ast.FieldDefinition) bool {
	return slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
}

func quotedAll(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fmt.Sprintf("%q", word)
	}
	return all
}
