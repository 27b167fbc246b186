package guard

import (
	"context"
	"errors"
	"fmt"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/intercept"
)

var (
	// ErrNoViewer says that the context names nobody who asks.
	ErrNoViewer = errors.New("no viewer in the context: set one with guard.NewContext")
	// ErrForbidden says that the rule of the table does not let this viewer do that.
	ErrForbidden = errors.New("not allowed by the rule of this table")
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
	client.Use(checkChange)
	return client
}

func checkQuery(ctx context.Context, q intercept.Query) error {
	return check(ctx, "query", q.Type(), func(r rule) permission { return r.query })
}

func checkChange(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		op, pick := "update", func(r rule) permission { return r.update }
		switch {
		case m.Op().Is(ent.OpCreate):
			op, pick = "create", func(r rule) permission { return r.create }
		case m.Op().Is(ent.OpDelete | ent.OpDeleteOne):
			op, pick = "delete", func(r rule) permission { return r.remove }
		}
		if err := check(ctx, op, m.Type(), pick); err != nil {
			return nil, err
		}
		if tx, ok := m.(interface{ Tx() (*ent.Tx, error) }); !ok || !inside(tx.Tx()) {
			return nil, &Refusal{Viewer: named(ctx), Op: op, Type: m.Type(), Reason: ErrNoTransaction}
		}
		return next.Mutate(ctx, m)
	})
}

func inside(_ *ent.Tx, err error) bool { return err == nil }

func named(ctx context.Context) string {
	v, _ := From(ctx)
	return v.String()
}

// check asks the rule of a table whether the viewer may do op there.
func check(ctx context.Context, op, table string, pick func(rule) permission) error {
	v, ok := From(ctx)
	if !ok {
		return &Refusal{Viewer: v.String(), Op: op, Type: table, Reason: ErrNoViewer}
	}
	if r, ok := ruleOf(table); !ok || !pick(r)(v) {
		return &Refusal{Viewer: v.String(), Op: op, Type: table, Reason: ErrForbidden}
	}
	return nil
}
