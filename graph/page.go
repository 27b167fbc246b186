package graph

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/graph/model"
)

const (
	maxPage     = 100
	defaultPage = 20
)

// page is which part of a list is asked for.
type page struct {
	size          int
	backwards     bool // the last ones rather than the first
	after, before model.Cursor
}

// newPage checks the arguments of a connection.
func newPage(first *int, after *model.Cursor, last *int, before *model.Cursor) (page, error) {
	p := page{size: defaultPage, backwards: last != nil}
	switch {
	case first != nil && last != nil:
		return p, model.Invalid("ask for first or for last, not for both")
	case first != nil:
		p.size = *first
	case last != nil:
		p.size = *last
	}
	if p.size < 1 || p.size > maxPage {
		return p, model.Invalid("first and last are 1 to %d, not %d", maxPage, p.size)
	}
	if after != nil {
		p.after = *after
	}
	if before != nil {
		p.before = *before
	}
	return p, nil
}

// key tells pages of one list apart.
func (p page) key() string {
	return fmt.Sprintf("%d %t %s %s", p.size, p.backwards, p.after, p.before)
}

// order is how a list of T runs: by a column, then by id, so that no two rows
// stand at the same place.
type order[T any] struct {
	name   string // in the cursor, so that one of another list is refused
	column string // never null; "id" for by id alone
	desc   bool
	id     func(T) int
	text   func(T) string            // the column of a row, as the cursor holds it
	parse  func(string) (any, error) // what the database compares it with
}

func byTime[T any](name, column string, id func(T) int, at func(T) time.Time) order[T] {
	return order[T]{
		name: name, column: column, id: id,
		text:  func(row T) string { return at(row).UTC().Format(time.RFC3339Nano) },
		parse: func(s string) (any, error) { return time.Parse(time.RFC3339Nano, s) },
	}
}

func byText[T any](name, column string, id func(T) int, text func(T) string) order[T] {
	return order[T]{
		name: name, column: column, id: id, text: text,
		parse: func(s string) (any, error) { return s, nil },
	}
}

func byNumber[T any](name, column string, id, number func(T) int) order[T] {
	return order[T]{
		name: name, column: column, id: id,
		text:  func(row T) string { return strconv.Itoa(number(row)) },
		parse: func(s string) (any, error) { return strconv.Atoi(s) },
	}
}

func (o order[T]) descending(desc bool) order[T] {
	o.desc = desc
	return o
}

// cursor is the place of a row.
func (o order[T]) cursor(row T) model.Cursor {
	s := o.name + "|" + strconv.Itoa(o.id(row)) + "|" + o.text(row)
	return model.Cursor(base64.RawURLEncoding.EncodeToString([]byte(s)))
}

// place reads a cursor back: the values of the column and of the id.
func (o order[T]) place(c model.Cursor) ([]any, error) {
	unknown := &model.Error{Code: model.CursorUnknown, English: "this cursor is not of this list: ask for its first page again"}
	b, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil {
		return nil, unknown
	}
	parts := strings.SplitN(string(b), "|", 3)
	if len(parts) != 3 || parts[0] != o.name {
		return nil, unknown
	}
	id, err := strconv.Atoi(parts[1])
	if err != nil {
		return nil, unknown
	}
	value, err := o.parse(parts[2])
	if err != nil {
		return nil, unknown
	}
	return []any{value, id}, nil
}

// between reads the two cursors of a page into a predicate.
func (o order[T]) between(p page) (func(*sql.Selector), error) {
	var after, before []any
	var err error
	if p.after != "" {
		if after, err = o.place(p.after); err != nil {
			return nil, err
		}
	}
	if p.before != "" {
		if before, err = o.place(p.before); err != nil {
			return nil, err
		}
	}
	return func(s *sql.Selector) {
		columns := []string{s.C(o.column), s.C("id")}
		follows, precedes := sql.CompositeGT, sql.CompositeLT
		if o.desc {
			follows, precedes = precedes, follows
		}
		if after != nil {
			s.Where(follows(columns, after...))
		}
		if before != nil {
			s.Where(precedes(columns, before...))
		}
	}, nil
}

// sorted puts the rows in the order in which a page is read.
func (o order[T]) sorted(s *sql.Selector, p page) {
	direction := sql.Asc
	if o.desc != p.backwards {
		direction = sql.Desc
	}
	s.OrderBy(direction(s.C(o.column)), direction(s.C("id")))
}

// cut makes a query read the page, and one row more to see whether it ends there.
func (o order[T]) cut(p page) (func(*sql.Selector), error) {
	between, err := o.between(p)
	if err != nil {
		return nil, err
	}
	return func(s *sql.Selector) {
		between(s)
		o.sorted(s, p)
		s.Limit(p.size + 1)
	}, nil
}

// cutEach does the same for each parent of rows that are loaded for many at
// once; parent is the column that refers to it.
func (o order[T]) cutEach(parent string, p page) (func(*sql.Selector), error) {
	between, err := o.between(p)
	if err != nil {
		return nil, err
	}
	return func(s *sql.Selector) {
		between(s)
		columns := s.UnqualifiedColumns()
		d := sql.Dialect(s.Dialect())
		number := sql.RowNumber().PartitionBy(s.C(parent)).OrderExpr(sql.ExprFunc(func(b *sql.Builder) {
			word := " ASC"
			if o.desc != p.backwards {
				word = " DESC"
			}
			b.Ident(s.C(o.column)).WriteString(word).Comma().Ident(s.C("id")).WriteString(word)
		}))
		numbered := s.Clone().AppendSelectExprAs(number, "place").As(s.TableName())
		*s = *d.Select(columns...).From(numbered).Where(sql.LTE("place", p.size+1))
		o.sorted(s, p)
	}, nil
}

// connect makes a connection of the rows that cut or cutEach let through.
func connect[T any](rows []T, p page, cursor func(T) model.Cursor) *model.Connection[T] {
	more := len(rows) > p.size
	rows = slices.Clone(rows[:min(len(rows), p.size)])
	c := &model.Connection[T]{Edges: make([]model.Edge[T], len(rows))}
	if p.backwards {
		slices.Reverse(rows)
		c.PageInfo.HasPreviousPage, c.PageInfo.HasNextPage = more, p.before != ""
	} else {
		c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = more, p.after != ""
	}
	for i, row := range rows {
		c.Edges[i] = model.Edge[T]{Cursor: cursor(row), Node: row}
	}
	if n := len(rows); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
