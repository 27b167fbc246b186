// Package closure closes offices (chiusura), merges them into others, and opens
// them again.
//
//   - Closing is one transaction on the office: its people lose their roles there,
//     the rules that people keep send elsewhere, what stands below it hangs under
//     what stood above. From then on nothing new comes to it.
//   - Its open cases follow one by one, by casework.MoveOn, whatever dies meanwhile.
//   - It stays: cases and history go on naming it, and its closed cases stay with it.
//   - What it cannot change, because the configuration file says it, is named and refused.
package closure

import (
	"context"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/rulebook"
)

// Options are what a Closing works with.
type Options struct {
	Client *ent.Client // guarded, for reading
	Log    *event.Log
	Rules  *rulebook.Rulebook
	Now    func() time.Time // nil = time.Now
}

// Closing closes offices, as the administrator of the context. Its methods may be
// called at the same time. Their errors are *casework.Refused, or a failure of the
// database.
type Closing struct{ Options }

// New makes a Closing.
func New(o Options) *Closing {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Closing{o}
}

func (c *Closing) now() time.Time { return c.Now().UTC().Truncate(time.Microsecond) }

// Order is to close an office.
type Order struct {
	Code       string
	To         string // code of the office that gets its work; empty: the sorting desk
	TakePeople bool   // its people become operators of that office
	Mark       string // of the Impact that its author saw
}

// Close closes an office and gives its id.
func (c *Closing) Close(ctx context.Context, o Order) (int, error) {
	if err := manages(ctx); err != nil {
		return 0, err
	}
	id := 0
	err := c.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		k, err := c.prepare(ctx, tx, o)
		if err != nil {
			return nil, err
		}
		id = k.office.ID
		err = k.carryOut(ctx)
		return k.events, err
	})
	return id, err
}

// attempts bounds how often a change is tried that met another one.
const attempts = 5

func (c *Closing) write(ctx context.Context, change func(context.Context, *ent.Tx) ([]event.Entry, error)) (err error) {
	for range attempts {
		if err = c.Log.Write(ctx, change); !ent.IsConstraintError(err) {
			return err
		}
	}
	return err
}

// manages lets administrators through.
func manages(ctx context.Context) error {
	v, _ := guard.From(ctx)
	if p, ok := v.Person(); ok && p.Administrator && v.May(guard.Write) {
		return nil
	}
	return &casework.Refused{Code: casework.Forbidden, Italian: "spetta all'amministratore", English: "this is for administrators"}
}

// order is one office being closed.
type order struct {
	*Closing
	tx     *ent.Tx
	office *ent.Office
	heir   *ent.Office // nil: the desk
	takes  bool
	events []event.Entry
}

// prepare finds what an order names, and refuses what cannot be.
func (c *Closing) prepare(ctx context.Context, tx *ent.Tx, o Order) (*order, error) {
	row, err := named(ctx, tx.Client(), o.Code, "code")
	if err != nil {
		return nil, err
	}
	k := &order{Closing: c, tx: tx, office: row, takes: o.TakePeople}
	if o.To != "" {
		if k.heir, err = named(ctx, tx.Client(), o.To, "moveTo"); err != nil {
			return nil, err
		}
	}
	h, err := hangingOn(ctx, tx.Client(), row)
	if err != nil {
		return nil, err
	}
	if obstacle := h.obstacle(k.heir); obstacle != nil {
		return nil, obstacle
	}
	if o.Mark != h.mark() {
		return nil, &casework.Refused{Code: casework.Illegal, Path: "mark",
			Italian: "nel frattempo è cambiato ciò che dipende dall'ufficio: rivedere e confermare",
			English: "what hangs on the office has changed meanwhile: look again, and confirm"}
	}
	return k, nil
}

// named finds an office by its code.
func named(ctx context.Context, db *ent.Client, code, path string) (*ent.Office, error) {
	row, err := db.Office.Query().Where(office.Code(code)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, &casework.Refused{Code: casework.NotFound, Path: path, Italian: "l'ufficio non esiste", English: "there is no such office"}
	}
	return row, err
}

// carryOut closes the office, people first: a rule keeps whom it names where that
// person comes along.
func (k *order) carryOut(ctx context.Context) error {
	for _, step := range []func(context.Context) error{k.people, k.rules, k.below, k.itself} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// people takes everybody's roles in the office. Those who come along are operators
// of the other one: who heads that one stays as it is.
func (k *order) people(ctx context.Context) error {
	rows, err := k.tx.Membership.Query().Where(membership.OfficeID(k.office.ID)).Order(membership.ByID()).WithUser().All(ctx)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if k.takes && k.heir != nil && m.Edges.User.DisabledAt == nil {
			if err := k.take(ctx, m.UserID); err != nil {
				return err
			}
		}
		k.tell(event.Entry{Kind: event.MemberRemoved, Person: m.UserID, FromOffice: k.office.ID, Details: event.Details{From: string(m.Role)}})
	}
	_, err = k.tx.Membership.Delete().Where(membership.OfficeID(k.office.ID)).Exec(ctx)
	return err
}

// take makes a person an operator of the other office, who is not something there already.
func (k *order) take(ctx context.Context, person int) error {
	isThere, err := k.tx.Membership.Query().Where(membership.OfficeID(k.heir.ID), membership.UserID(person)).Exist(ctx)
	if err != nil || isThere {
		return err
	}
	k.tell(event.Entry{Kind: event.MemberAdded, Person: person, Office: k.heir.ID, Details: event.Details{To: string(membership.RoleOperator)}})
	return k.tx.Membership.Create().SetUserID(person).SetOfficeID(k.heir.ID).SetRole(membership.RoleOperator).Exec(ctx)
}

func (k *order) rules(ctx context.Context) error {
	if k.heir == nil {
		return nil // those that are on were an obstacle
	}
	told, err := k.Rules.Repoint(ctx, k.tx, k.office.ID, k.heir.ID)
	k.tell(told...)
	return err
}

// below hangs the offices below under the one above, closed ones too: whoever reads
// from above goes on reading there.
func (k *order) below(ctx context.Context) error {
	ids, err := k.tx.Office.Query().Where(office.ParentID(k.office.ID)).Order(office.ByID()).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	u := k.tx.Office.Update().Where(office.IDIn(ids...)).ClearParentID()
	if k.office.ParentID != nil {
		u.SetParentID(*k.office.ParentID)
	}
	for _, id := range ids {
		k.tell(event.Entry{Kind: event.OfficeChanged, Office: id, Details: event.Details{Reason: "parent"}})
	}
	return u.Exec(ctx)
}

func (k *order) itself(ctx context.Context) error {
	u, where := k.tx.Office.Update().Where(office.ID(k.office.ID)).SetClosedAt(k.now()), "work goes to the desk"
	if k.heir != nil {
		u.SetSuccessorID(k.heir.ID)
		where = "work goes to: " + k.heir.Name
	}
	k.tell(event.Entry{Kind: event.OfficeChanged, Office: k.office.ID, Details: event.Details{From: "open", To: "closed", Reason: "closed, " + where}})
	return u.Exec(ctx)
}

func (k *order) tell(events ...event.Entry) { k.events = append(k.events, events...) }

// Reopen lets an office work again: without people, and without the cases that left.
func (c *Closing) Reopen(ctx context.Context, code string) (int, error) {
	if err := manages(ctx); err != nil {
		return 0, err
	}
	id := 0
	err := c.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := named(ctx, tx.Client(), code, "code")
		if err != nil {
			return nil, err
		}
		if row.ClosedAt == nil {
			return nil, &casework.Refused{Code: casework.Already, Path: "code", Italian: "l'ufficio non è chiuso", English: "the office is not closed"}
		}
		id = row.ID
		e := event.Entry{Kind: event.OfficeChanged, Office: id, Details: event.Details{From: "closed", To: "open", Reason: "reopened"}}
		return []event.Entry{e}, tx.Office.Update().Where(office.ID(id)).ClearClosedAt().ClearSuccessor().Exec(ctx)
	})
	return id, err
}
