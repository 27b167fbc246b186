package casework

import (
	"context"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Act is a command that another room carries out on a case, once the table has
// allowed it: in this transaction, as this person.
type Act struct {
	Tx     *ent.Tx
	Me     guard.Person
	Case   *ent.CaseFile // as the author sees it
	Office *ent.Office   // the competent one
}

// Act carries out a command on a case, as far as the table allows it: verb does
// what there is to do, and gives the events that tell of it. Errors are as
// those of the other commands.
func (w *Casework) Act(ctx context.Context, cmd Command, on On, verb func(ctx context.Context, a *Act) ([]event.Entry, error)) error {
	return w.do(ctx, cmd, on, func(ctx context.Context, a *act) error {
		told, err := verb(ctx, &Act{Tx: a.tx, Me: a.me, Case: a.c, Office: a.office})
		a.events = append(a.events, told...)
		return err
	})
}

// Open runs the change that opens a case, and again when another one was quicker.
func (w *Casework) Open(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error)) error {
	return w.write(ctx, change)
}
