package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph/model"
)

// query is what all queries of the database client can do.
type query[T, S any] interface {
	All(ctx context.Context) ([]T, error)
	Modify(modifiers ...func(*sql.Selector)) S
}

// list answers a connection at the root.
func list[T, S any](ctx context.Context, p *plan, o order[T], q query[T, S]) (*model.Connection[T], error) {
	cut, err := o.cut(p.page)
	p.fail(err)
	if p.err != nil {
		return nil, p.err
	}
	q.Modify(cut)
	rows, err := q.All(ctx)
	if err != nil {
		return nil, err
	}
	return connect(rows, p.page, o.cursor), nil
}

// loaded gives the rows of a connection inside of another object, which the
// plan has loaded under the key of its page.
func loaded[T any](
	named func(string) ([]T, error), o order[T], first *int, after *model.Cursor, last *int, before *model.Cursor,
) (*model.Connection[T], error) {
	pg, err := newPage(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, err := named(pg.key())
	if err != nil {
		return nil, err
	}
	return connect(rows, pg, o.cursor), nil
}

// maybe gives an object that the plan has loaded, nil where there is none.
func maybe[T any](object *T, err error) (*T, error) {
	if ent.IsNotFound(err) {
		return nil, nil //nolint:nilnil // null in the answer
	}
	return object, err
}

// alone gives the only one of a list.
func alone[T any](rows []T, err error) (T, error) {
	var none T
	if err != nil || len(rows) == 0 {
		return none, err
	}
	return rows[0], nil
}
