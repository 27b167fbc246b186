// Package guard knows who is asking, and lets the database answer them only what
// they may see (docs/who-sees-what.md).
//
//   - The rules are on the client itself, so that no path goes round them: root
//     queries, relations, counts, ids, changes.
//   - Nobody is answered nothing, and a table without a rule is closed.
//   - What a row may not show is hidden with the row, by a column of the same query.
package guard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/intercept"
	"github.com/smista/smista/ent/user"
)

var (
	// ErrNoViewer says that the context names nobody who asks.
	ErrNoViewer = errors.New("no viewer in the context: set one with guard.NewContext")
	// ErrForbidden says that the rule of the table does not let this viewer do that.
	ErrForbidden = errors.New("not allowed by the rule of this table")
	// ErrOtherTable says that a change would also write rows of another table.
	ErrOtherTable = errors.New("a change of rows of another table, by an edge: change that table")
	// ErrNoTransaction says that a change was tried beside a transaction.
	ErrNoTransaction = errors.New("a change needs a transaction: use event.Log.Write or store.DB.Tx")
)

// Refusal tells what was refused to whom. Its reason is one of the errors above.
type Refusal struct {
	Viewer string // as Viewer.String
	Op     string // "query", "create", "update" or "delete"
	Type   string // ent type
	Reason error
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("guard: %s of %s refused to %s: %v", r.Op, r.Type, r.Viewer, r.Reason)
}

func (r *Refusal) Unwrap() error { return r.Reason }

// Wrap installs the rules on a client and returns it. Clients of its
// transactions inherit them.
func Wrap(client *ent.Client) *ent.Client {
	client.Intercept(intercept.TraverseFunc(checkQuery))
	client.CaseFile.Intercept(intercept.TraverseCaseFile(markCases), ent.InterceptFunc(maskCases))
	client.User.Intercept(intercept.TraverseUser(wholeUsers), ent.InterceptFunc(maskUsers))
	client.Use(checkChange)
	return client
}

// checkQuery lets a query of the viewer's find what he may see.
func checkQuery(ctx context.Context, q intercept.Query) error {
	r, err := check(ctx, "query", q.Type(), func(r rule) permission { return r.query })
	if err != nil {
		return err
	}
	if rows := narrowed(ctx, r); rows != nil {
		q.WhereP(rows)
	}
	return nil
}

// narrowed is what a rule lets the viewer see; nil for all.
func narrowed(ctx context.Context, r rule) narrowing {
	v, _ := From(ctx)
	if p, ok := v.Person(); ok && r.rows != nil {
		return r.rows(p)
	}
	return nil
}

// checkChange lets a change of the viewer's touch what he may see, in a
// transaction, and nothing of another table by the way.
func checkChange(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		op, pick := "update", func(r rule) permission { return r.update }
		switch {
		case m.Op().Is(ent.OpCreate):
			op, pick = "create", func(r rule) permission { return r.create }
		case m.Op().Is(ent.OpDelete | ent.OpDeleteOne):
			op, pick = "delete", func(r rule) permission { return r.remove }
		}
		r, err := check(ctx, op, m.Type(), pick)
		if err != nil {
			return nil, err
		}
		refusal := func(reason error) error {
			return &Refusal{Viewer: named(ctx), Op: op, Type: m.Type(), Reason: reason}
		}
		tx, ok := m.(interface{ Tx() (*ent.Tx, error) })
		if !ok || !inside(tx.Tx()) {
			return nil, refusal(ErrNoTransaction)
		}
		if changesOthers(m) {
			return nil, refusal(ErrOtherTable)
		}
		if err := checkPerson(ctx, r, m); err != nil {
			return nil, refusal(err)
		}
		value, err := next.Mutate(ctx, m)
		hide(ctx, value)
		return value, err
	})
}

func inside(_ *ent.Tx, err error) bool { return err == nil }

// changesOthers tells whether a change would write into rows of another table:
// by an edge whose key stands there.
func changesOthers(m ent.Mutation) bool {
	for _, edge := range slices.Concat(m.AddedEdges(), m.RemovedEdges(), m.ClearedEdges()) {
		_, set := m.Field(edge + "_id")
		if !set && !slices.Contains(m.ClearedFields(), edge+"_id") {
			return true
		}
	}
	return false
}

// checkPerson narrows the change of a person to what he may see, and lets him
// make rows only about that.
func checkPerson(ctx context.Context, r rule, m ent.Mutation) error {
	v, _ := From(ctx)
	p, ok := v.Person()
	if !ok {
		return nil
	}
	if m.Op().Is(ent.OpCreate) {
		return mayMake(ctx, p, m)
	}
	if m.Type() == ent.TypeUser && !p.Administrator {
		for _, f := range slices.Concat(m.Fields(), m.ClearedFields()) {
			if !slices.Contains(ownFields(), f) {
				return ErrForbidden
			}
		}
		if err := narrow(m, sql.FieldEQ(user.FieldID, p.ID)); err != nil {
			return err
		}
	}
	if r.rows != nil {
		return narrow(m, saying(r.rows(p)))
	}
	return nil
}

// narrow adds a condition to a change; one that cannot be narrowed is refused.
func narrow(m ent.Mutation, rows narrowing) error {
	change, ok := m.(interface {
		WhereP(rows ...func(*sql.Selector))
	})
	if !ok {
		return ErrForbidden
	}
	change.WhereP(rows)
	return nil
}

// saying makes a condition of a narrowing that narrows nothing: ent fails over a
// change of one row where there is none.
func saying(rows narrowing) narrowing {
	return func(s *sql.Selector) {
		rows(s)
		if s.P() == nil {
			s.Where(sql.ExprP("1 = 1"))
		}
	}
}

// mayMake tells whether a person may make a row: what hangs on a case needs one
// that he sees, a note or a reply one that he reads, and what is somebody's own is his.
func mayMake(ctx context.Context, p Person, m ent.Mutation) error {
	on, hangs := m.Field("case_id")
	if id, ok := on.(int); hangs && ok {
		seen := CasesSeen(Someone(p))
		switch m.Type() {
		case ent.TypeNote, ent.TypeReply, ent.TypeReplyVersion, ent.TypeReplyApproval, ent.TypeReplyFile, ent.TypeReplyEditor,
			ent.TypeCaseLooker:
			seen = CasesRead(Someone(p))
		}
		db, ok := m.(interface{ Client() *ent.Client })
		if !ok {
			return ErrForbidden
		}
		found, err := db.Client().CaseFile.Query().Where(casefile.ID(id), seen).Exist(ctx)
		if err != nil || !found {
			return errors.Join(ErrForbidden, err)
		}
	} else if hangs {
		return ErrForbidden
	}
	if author, ok := m.Field("author_id"); ok && author != p.ID {
		return ErrForbidden
	}
	switch m.Type() {
	case ent.TypeAPIToken, ent.TypeCaseFollower, ent.TypeCaseLooker, ent.TypeReplyEditor:
		if id, _ := m.Field("user_id"); id != p.ID {
			return ErrForbidden
		}
	}
	return nil
}

func named(ctx context.Context) string {
	v, _ := From(ctx)
	return v.String()
}

// check asks the rule of a table whether the viewer may do op there.
func check(ctx context.Context, op, table string, pick func(rule) permission) (rule, error) {
	v, ok := From(ctx)
	if !ok {
		return rule{}, &Refusal{Viewer: v.String(), Op: op, Type: table, Reason: ErrNoViewer}
	}
	r, ok := ruleOf(table)
	if !ok || !pick(r)(v) {
		return rule{}, &Refusal{Viewer: v.String(), Op: op, Type: table, Reason: ErrForbidden}
	}
	return r, nil
}
