package guard

import (
	"context"
	"errors"
	"slices"
	"time"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/user"
)

// Hidden stands in a field that the viewer may not see. No text of a database
// can be the same: PostgreSQL keeps no NUL.
const Hidden = "\x00hidden"

// errColumns says that single columns were asked for that may have to be hidden.
var errColumns = errors.New("columns that may be hidden are read as whole rows only")

// readable is the column by which a query tells whether the content of a case
// may be read; it comes with the row, so that nothing can happen in between.
const readable = "readable"

// hiddenColumns of a case are content.
func hiddenColumns() []string {
	return []string{casefile.FieldSubject, casefile.FieldSenderName, casefile.FieldSenderAddress, casefile.FieldSenderDomain, casefile.FieldRepeated}
}

// markCases lets each row say whether its content may be read.
func markCases(ctx context.Context, q *ent.CaseFileQuery) error {
	v, _ := From(ctx)
	p, ok := v.Person()
	if !ok {
		return nil
	}
	if asksColumns(ctx, func(f string) bool { return !slices.Contains(hiddenColumns(), f) }) {
		return errColumns
	}
	switch entgo.QueryFromContext(ctx).Op {
	case entgo.OpQueryAll, entgo.OpQueryFirst, entgo.OpQueryOnly:
		q.Modify(func(s *sql.Selector) {
			s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
				b.WriteString("CASE WHEN ").Join(caseRead(p).sql(s)).WriteString(" THEN 1 ELSE 0 END") // never NULL
			}), readable)
		})
	}
	return nil
}

// maskCases hides the content of the rows that may not be read.
func maskCases(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
		value, err := next.Query(ctx, q)
		v, _ := From(ctx)
		if _, isPerson := v.Person(); err != nil || !isPerson {
			return value, err
		}
		rows, ok := value.([]*ent.CaseFile)
		if !ok {
			return value, nil
		}
		for _, row := range rows {
			if !isReadable(row) {
				hideContent(row)
			}
		}
		tellFound(ctx, rows)
		return rows, nil
	})
}

func hideContent(row *ent.CaseFile) {
	row.Subject, row.SenderName, row.SenderAddress, row.SenderDomain = Hidden, Hidden, Hidden, Hidden
	row.Repeated = false
}

type foundKey struct{}

// WithFound returns a context in which hear is told what cases a person's questions
// find, as that person sees them, those along edges too. So what is to be said of
// each of many can be looked up for all at once.
func WithFound(ctx context.Context, hear func([]*ent.CaseFile)) context.Context {
	return context.WithValue(ctx, foundKey{}, hear)
}

func tellFound(ctx context.Context, rows []*ent.CaseFile) {
	if hear, ok := ctx.Value(foundKey{}).(func([]*ent.CaseFile)); ok {
		hear(rows)
	}
}

func isReadable(row *ent.CaseFile) bool { return is(row, readable) }

// is tells whether a column that a question added to a row says 1.
func is(row *ent.CaseFile, column string) bool {
	value, err := row.Value(column)
	n, ok := value.(int64)
	return err == nil && ok && n == 1
}

// Masked tells whether the content of a case was hidden from who asked.
func Masked(row *ent.CaseFile) bool { return row.Subject == Hidden }

// maskUsers hides from everybody but the administrator what is nobody's
// business of others: the address, the roles, the habits.
func maskUsers(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
		value, err := next.Query(ctx, q)
		v, _ := From(ctx)
		p, isPerson := v.Person()
		if err != nil || !isPerson {
			return value, err
		}
		rows, ok := value.([]*ent.User)
		if !ok {
			return value, nil
		}
		for _, row := range rows {
			row.Password = Hidden
			if !p.Administrator && row.ID != p.ID {
				row.Email, row.Password, row.Preferences, row.CreatedAt, row.DisabledAt = Hidden, "", nil, time.Time{}, nil
				row.Sorter, row.Administrator, row.Auditor = false, false, false
			}
		}
		return rows, nil
	})
}

// hide takes out of the row that a change gives back to a person what a question
// might not show: nobody needs it from there.
func hide(ctx context.Context, value any) {
	v, _ := From(ctx)
	if _, isPerson := v.Person(); !isPerson {
		return
	}
	switch row := value.(type) {
	case *ent.CaseFile:
		if row != nil {
			hideContent(row)
		}
	case *ent.User:
		if row != nil {
			row.Password = Hidden
		}
	}
}

// wholeUsers refuses to give single columns of people that would have to be hidden.
func wholeUsers(ctx context.Context, _ *ent.UserQuery) error {
	v, _ := From(ctx)
	if _, isPerson := v.Person(); !isPerson {
		return nil
	}
	if asksColumns(ctx, func(f string) bool { return f == user.FieldID || f == user.FieldName }) {
		return errColumns
	}
	return nil
}

// asksColumns tells whether a query is for single columns of which one is not
// open. An aggregate can be of any column and does not show which: a query of
// one, and every group, is taken as such.
func asksColumns(ctx context.Context, open func(column string) bool) bool {
	asked := entgo.QueryFromContext(ctx)
	switch asked.Op {
	case entgo.OpQueryGroupBy:
		return true
	case entgo.OpQuerySelect:
		return len(asked.Fields) == 0 || slices.ContainsFunc(asked.Fields, func(f string) bool { return !open(f) })
	}
	return false
}
