// Package rulebook keeps the routing rules that people make: they are written,
// tried on what came in, switched on, ordered, set back.
//
//   - The rules of the configuration are the file's: nothing here changes them,
//     and the configuration changes nothing of what people made.
//   - Each change is one transaction with its event, and leaves a version that
//     says what the rule was from then on, and by whom.
//   - A new rule is a draft. What is taken off the list is kept: cases name it.
//   - A trial asks the very desk.Route that will route, changes nothing, stands in
//     the register, and tells only what its author may know (docs/decisions/0020).
package rulebook

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/ruleversion"
	"github.com/smista/smista/ent/schema"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Options are what a Rulebook works with.
type Options struct {
	Client   *ent.Client // guarded, for reading
	Log      *event.Log
	Now      func() time.Time // nil = time.Now
	Patience time.Duration    // with which a trial looks; zero = 10 s
}

// Rulebook keeps the rules, as the person of the context. Its methods may be
// called at the same time. Their errors are *casework.Refused, or a failure of
// the database.
type Rulebook struct {
	Options
	running trials
}

// New makes a Rulebook.
func New(o Options) *Rulebook {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	return &Rulebook{Options: o, running: trials{looked: map[trialKey]int{}}}
}

func (b *Rulebook) now() time.Time { return b.Now().UTC().Truncate(time.Microsecond) }

// On is the rule that a command is about, and the version that its author saw.
type On struct{ Rule, Version int }

// How a version came to be, as it stands in the table and in the register.
const (
	Added    = "added"
	Changed  = "changed"
	SwitchOn = "on"
	Off      = "off"
	Moved    = "moved"
	Restored = "restored"
	Removed  = "removed"
)

// There finds the rules that are on the list.
var There = routingrule.RemovedAt(schema.Never)

// itself lets the program read what a decision needs.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("rules"))
}

// manager is the administrator who asks.
func manager(ctx context.Context) (guard.Person, error) {
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok || !p.Administrator || !v.May(guard.Write) {
		return p, &casework.Refused{Code: casework.Forbidden, Italian: "le regole spettano all'amministratore", English: "rules are for administrators"}
	}
	return p, nil
}

// attempts bounds how often a change is tried that met another one.
const attempts = 5

// write is Log.Write, again when another change was quicker: by then it is seen.
func (b *Rulebook) write(ctx context.Context, change func(context.Context, *ent.Tx) ([]event.Entry, error)) (err error) {
	for range attempts {
		if err = b.Log.Write(ctx, change); !ent.IsConstraintError(err) {
			return err
		}
	}
	return err
}

// edit changes what a rule says; row is the rule as it is.
type edit func(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error

// change carries out a command on a rule that people keep.
func (b *Rulebook) change(ctx context.Context, on On, how string, e edit) error {
	p, err := manager(ctx)
	if err != nil {
		return err
	}
	return b.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := kept(ctx, tx, on)
		if err != nil {
			return nil, err
		}
		u := tx.RoutingRule.Update().Where(routingrule.ID(row.ID), routingrule.Version(row.Version)).AddVersion(1)
		if err := e(ctx, tx, row, u); err != nil {
			return nil, err
		}
		n, err := u.Save(ctx)
		if err == nil && n == 0 {
			err = stale(on.Version + 1) // by somebody who was quicker than our reading
		}
		if err != nil {
			return nil, err
		}
		return b.note(ctx, tx, p, row.ID, how)
	})
}

// kept reads the rule of a command.
func kept(ctx context.Context, tx *ent.Tx, on On) (*ent.RoutingRule, error) {
	row, err := tx.RoutingRule.Query().Where(routingrule.ID(on.Rule), There).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return nil, notThere()
	case err != nil:
		return nil, err
	case row.Origin != routingrule.OriginPeople:
		return nil, &casework.Refused{
			Code: casework.Illegal, Path: "ruleId",
			Italian: "questa regola è della configurazione: si cambia lì", English: "this rule is the configuration's: change it there",
		}
	case on.Version <= 0:
		return nil, invalid("version", "manca la versione della regola", "say which version of the rule you saw")
	case row.Version != on.Version:
		return nil, stale(row.Version)
	}
	return row, nil
}

// note writes the version that a change left, and tells of it.
func (b *Rulebook) note(ctx context.Context, tx *ent.Tx, p guard.Person, id int, how string) ([]event.Entry, error) {
	row, err := tx.RoutingRule.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	err = tx.RuleVersion.Create().SetRuleID(id).SetNumber(row.Version).SetAuthorID(p.ID).SetSavedAt(b.now()).SetHow(how).
		SetName(row.Name).SetPriority(row.Priority).SetCondition(row.Condition).SetOfficeID(row.OfficeID).
		SetNillableAssigneeID(row.AssigneeID).SetEnabled(row.Enabled).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("keep version %d of rule %d: %w", row.Version, id, err)
	}
	return []event.Entry{{Kind: event.RuleChanged, Details: event.Details{Of: id, How: how, Reason: row.Name, Version: row.Version}}}, nil
}

// Save writes a new rule, a draft at the end of its priority, or changes one that
// is there. It gives the rule's id.
func (b *Rulebook) Save(ctx context.Context, on On, r Rule) (int, error) {
	if on.Rule != 0 {
		return on.Rule, b.change(ctx, on, Changed, func(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
			r, err := r.checked(ctx, tx.Client(), row.ID)
			if err != nil {
				return err
			}
			return r.write(ctx, tx, row, u)
		})
	}
	p, err := manager(ctx)
	if err != nil {
		return 0, err
	}
	id := 0
	err = b.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		r, err := r.checked(ctx, tx.Client(), 0)
		if err != nil {
			return nil, err
		}
		n, err := tx.RoutingRule.Query().Where(There, routingrule.OriginEQ(routingrule.OriginPeople)).Count(ctx)
		if err == nil && n >= MostRules {
			err = invalid("", fmt.Sprintf("al massimo %d regole", MostRules), fmt.Sprintf("at most %d rules", MostRules))
		}
		if err != nil {
			return nil, err
		}
		condition, err := json.Marshal(r.Condition)
		if err != nil {
			return nil, err
		}
		turn, err := lastTurn(ctx, tx, r.Priority)
		if err != nil {
			return nil, err
		}
		row, err := tx.RoutingRule.Create().SetOrigin(routingrule.OriginPeople).SetEnabled(false).SetDraft(true).SetVersion(1).
			SetName(r.Name).SetPriority(r.Priority).SetTurn(turn + 1).SetCondition(condition).
			SetOfficeID(r.Office).SetNillableAssigneeID(optional(r.Assignee)).Save(ctx)
		if err != nil {
			return nil, err
		}
		id = row.ID
		return b.note(ctx, tx, p, id, Added)
	})
	return id, err
}

// write makes a rule say r; with another priority it goes to the end of that one.
func (r Rule) write(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
	condition, err := json.Marshal(r.Condition)
	if err != nil {
		return err
	}
	if r.Priority != row.Priority {
		turn, err := lastTurn(ctx, tx, r.Priority)
		if err != nil {
			return err
		}
		u.SetTurn(turn + 1)
	}
	u.SetName(r.Name).SetPriority(r.Priority).SetCondition(condition).SetOfficeID(r.Office).ClearAssignee()
	if r.Assignee != 0 {
		u.SetAssigneeID(r.Assignee)
	}
	return nil
}

// Switch lets a rule route from the next message on, or no longer.
func (b *Rulebook) Switch(ctx context.Context, on On, enabled bool) error {
	how := map[bool]string{true: SwitchOn, false: Off}[enabled]
	return b.change(ctx, on, how, func(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
		if row.Enabled == enabled {
			return &casework.Refused{Code: casework.Already, Italian: "è già così", English: "it is so already"}
		}
		u.SetEnabled(enabled).SetDraft(false)
		if !enabled {
			return nil
		}
		r, err := said(row) // the office and the person may have changed since it was written
		if err == nil {
			_, err = r.checked(ctx, tx.Client(), row.ID)
		}
		return err
	})
}

// Remove takes a rule that does not route off the list.
func (b *Rulebook) Remove(ctx context.Context, on On) error {
	return b.change(ctx, on, Removed, func(_ context.Context, _ *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
		if row.Enabled {
			return &casework.Refused{Code: casework.Illegal, Italian: "è attiva: prima va disattivata", English: "it is on: switch it off first"}
		}
		u.SetRemovedAt(b.now())
		return nil
	})
}

// Restore makes a rule say again what it said in a version. Whether it is on
// stays as it is.
func (b *Rulebook) Restore(ctx context.Context, on On, number int) error {
	return b.change(ctx, on, Restored, func(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
		v, err := tx.RuleVersion.Query().Where(ruleversion.RuleID(row.ID), ruleversion.Number(number)).Only(ctx)
		if ent.IsNotFound(err) {
			return &casework.Refused{Code: casework.NotFound, Path: "to", Italian: "la versione non esiste", English: "there is no such version"}
		}
		if err != nil {
			return err
		}
		r, err := said(&ent.RoutingRule{Name: v.Name, Priority: v.Priority, Condition: v.Condition, OfficeID: v.OfficeID, AssigneeID: v.AssigneeID})
		if err == nil {
			r, err = r.checked(ctx, tx.Client(), row.ID)
		}
		if err != nil {
			return err
		}
		return r.write(ctx, tx, row, u)
	})
}

// Move puts a rule before another one that people keep, with the priority of
// that one; before none, at the end of all.
func (b *Rulebook) Move(ctx context.Context, on On, before int) error {
	return b.change(ctx, on, Moved, func(ctx context.Context, tx *ent.Tx, row *ent.RoutingRule, u *ent.RoutingRuleUpdate) error {
		people := tx.RoutingRule.Query().Where(There, routingrule.OriginEQ(routingrule.OriginPeople), routingrule.IDNEQ(row.ID))
		rules, err := people.Order(routingrule.ByPriority(), routingrule.ByTurn(), routingrule.ByID()).All(ctx)
		if err != nil {
			return err
		}
		place := len(rules)
		for i, r := range rules {
			if r.ID == before {
				place = i
			}
		}
		switch {
		case before != 0 && place == len(rules):
			return &casework.Refused{
				Code: casework.NotFound, Path: "beforeId",
				Italian: "l'altra regola non esiste, o è della configurazione", English: "there is no such other rule, or it is the configuration's",
			}
		case len(rules) == 0:
			return nil
		case before == 0:
			last := rules[len(rules)-1]
			u.SetPriority(last.Priority).SetTurn(last.Turn + 1)
			return nil
		}
		next := rules[place]
		u.SetPriority(next.Priority).SetTurn(next.Turn)
		for _, r := range rules[place:] { // those after it make room
			if r.Priority != next.Priority {
				break
			}
			if err := tx.RoutingRule.UpdateOneID(r.ID).AddTurn(1).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// lastTurn is that of the last rule of a priority.
func lastTurn(ctx context.Context, tx *ent.Tx, priority int) (int, error) {
	last, err := tx.RoutingRule.Query().Where(There, routingrule.Priority(priority)).Order(routingrule.ByTurn(desc()), routingrule.ByID(desc())).First(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return last.Turn, nil
}
