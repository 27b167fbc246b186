package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/graph/model"
)

// asked is a field of an object that has to be loaded. Under which names the
// client wants it does not matter: what all of them select is loaded together.
type asked struct {
	name      string
	page      page             // of a connection
	selection ast.SelectionSet // of the object, or of the connection's nodes
}

// plan turns what a query selects into what is loaded from the database: one
// statement for each edge of the query, however many rows there are.
type plan struct {
	op        *graphql.OperationContext
	selection ast.SelectionSet // of the current field; of its nodes when it is a connection
	page      page             // when it is a connection
	err       error            // the first wrong argument
}

// planObject starts a plan for the current field.
func planObject(ctx context.Context) *plan {
	return &plan{op: graphql.GetOperationContext(ctx), selection: graphql.GetFieldContext(ctx).Field.Selections}
}

// planPage starts a plan for the current field, a connection.
func planPage(ctx context.Context, first *int, after *model.Cursor, last *int, before *model.Cursor) *plan {
	p := planObject(ctx)
	p.selection = p.nodes(p.selection, graphql.GetFieldContext(ctx).Field.Definition.Type.Name())
	pg, err := newPage(first, after, last, before)
	p.page, p.err = pg, err
	return p
}

// fields lists what is asked of an object; types are its own and its interfaces'.
func (p *plan) fields(selection ast.SelectionSet, types ...string) []asked {
	var all []asked
	for _, f := range graphql.CollectFields(p.op, selection, types) {
		a := asked{name: f.Name, selection: f.Selections}
		if f.Definition != nil && strings.HasSuffix(f.Definition.Type.Name(), "Connection") {
			a.page = p.pageOf(f)
			a.selection = p.nodes(f.Selections, f.Definition.Type.Name())
		}
		same := func(b asked) bool { return b.name == a.name && b.page == a.page }
		if i := slices.IndexFunc(all, same); i >= 0 {
			all[i].selection = append(slices.Clip(all[i].selection), a.selection...)
		} else {
			all = append(all, a)
		}
	}
	return all
}

// nodes gives what is selected of the nodes of a connection, by either way to them.
func (p *plan) nodes(selection ast.SelectionSet, connection string) ast.SelectionSet {
	var nodes ast.SelectionSet
	for _, f := range graphql.CollectFields(p.op, selection, []string{connection}) {
		switch f.Name {
		case "nodes":
			nodes = append(nodes, f.Selections...)
		case "edges":
			edge := strings.TrimSuffix(connection, "Connection") + "Edge"
			for _, g := range graphql.CollectFields(p.op, f.Selections, []string{edge}) {
				nodes = append(nodes, g.Selections...)
			}
		}
	}
	return nodes
}

// pageOf reads the arguments of a connection inside of another object.
func (p *plan) pageOf(f graphql.CollectedField) page {
	args := f.ArgumentMap(p.op.Variables)
	number := func(name string) *int {
		if args[name] == nil {
			return nil
		}
		n, err := graphql.UnmarshalInt(args[name])
		p.fail(err)
		return &n
	}
	cursor := func(name string) *model.Cursor {
		if args[name] == nil {
			return nil
		}
		var c model.Cursor
		p.fail(c.UnmarshalGQL(args[name]))
		return &c
	}
	pg, err := newPage(number("first"), cursor("after"), number("last"), cursor("before"))
	p.fail(err)
	return pg
}

func (p *plan) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
