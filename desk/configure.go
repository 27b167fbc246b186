package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/user"
)

// OfficeSetting is an office as configured.
type OfficeSetting struct {
	Code, Name string
	Habits     Habits
}

// MailboxSetting is one of our mailboxes as configured. Office is a code; empty
// for one that goes by the rules and the sorting desk.
type MailboxSetting struct {
	Address, Office string
	Sends           bool  // PECs may leave from it
	SizeLimit       int64 // bytes; zero leaves it as it is
	Hourly          int   // messages in an hour; zero: no limit is known
}

// RuleSetting is a routing rule as configured. Office is a code, Assignee the
// address of the person who gets it at once; empty for the head to decide.
type RuleSetting struct {
	Name      string
	Priority  int
	Condition Condition
	Office    string
	Assignee  string
}

// Settings are what the tables should hold.
type Settings struct {
	Offices   []OfficeSetting
	Mailboxes []MailboxSetting
	Rules     []RuleSetting
	Deadlines []DeadlineSetting
}

// check tells what is wrong, naming the place.
func (s Settings) check() error {
	codes := map[string]bool{"": true}
	for _, o := range s.Offices {
		codes[o.Code] = true
	}
	for _, o := range s.Offices {
		if above := o.Habits.Parent; above != nil && !codes[*above] {
			return invalid("office "+o.Code, fmt.Sprintf("parent: there is no office %q", *above))
		}
		if err := o.Habits.check(); err != nil {
			return invalid("office "+o.Code, err.Error())
		}
	}
	for _, m := range s.Mailboxes {
		if !codes[m.Office] {
			return invalid("mailbox "+m.Address, fmt.Sprintf("there is no office %q", m.Office))
		}
		if !strings.Contains(m.Address, "@") {
			return invalid("mailbox "+m.Address, "is not an address")
		}
	}
	for _, r := range s.Rules {
		if r.Office == "" || !codes[r.Office] {
			return invalid("rule "+r.Name, fmt.Sprintf("there is no office %q", r.Office))
		}
		if err := r.Condition.Check(); err != nil {
			return invalid("rule "+r.Name, err.Error())
		}
	}
	return s.checkDeadlines()
}

// Configure puts offices, mailboxes, rules and deadlines into the tables as they
// are configured. It may be repeated. Offices and mailboxes that are no longer
// named stay, since cases and originals refer to them; rules are switched off,
// and deadlines are gone: those of cases that are under way stay until the case
// moves on. What an office does not say of its Habits stays as it is, and so do
// the rules, deadlines and closures that people keep.
func (d *Desk) Configure(ctx context.Context, s Settings) error {
	if err := s.check(); err != nil {
		return err
	}
	return d.change(ctx, "the configuration could not be written", func(ctx context.Context, w *work) error {
		offices, err := w.putOffices(ctx, s.Offices)
		if err != nil {
			return err
		}
		if err := w.sendsToOpenOnes(ctx, s, offices); err != nil {
			return err
		}
		for _, m := range s.Mailboxes {
			if err := w.putMailbox(ctx, m, offices); err != nil {
				return fmt.Errorf("mailbox %s: %w", m.Address, err)
			}
		}
		if err := w.putRules(ctx, s.Rules, offices); err != nil {
			return err
		}
		return w.putDeadlines(ctx, s.Deadlines, offices)
	})
}

// sendsToOpenOnes refuses what would send to an office that was closed.
func (w *work) sendsToOpenOnes(ctx context.Context, s Settings, offices map[string]int) error {
	closed, err := closedOffices(ctx, w.tx.Office)
	if err != nil {
		return err
	}
	isClosed := func(code string) bool {
		return slices.ContainsFunc(closed, func(o *ent.Office) bool { return o.ID == offices[code] })
	}
	for _, m := range s.Mailboxes {
		if isClosed(m.Office) {
			return invalid("mailbox "+m.Address, fmt.Sprintf("office %q was closed: name another one, or none", m.Office))
		}
	}
	for _, r := range s.Rules {
		if isClosed(r.Office) {
			return invalid("rule "+r.Name, fmt.Sprintf("office %q was closed: name another one", r.Office))
		}
	}
	return nil
}

func (w *work) putMailbox(ctx context.Context, m MailboxSetting, offices map[string]int) error {
	address := strings.ToLower(m.Address)
	row, err := w.tx.Mailbox.Query().Where(mailbox.Address(address)).Only(ctx)
	if ent.IsNotFound(err) {
		row, err = w.tx.Mailbox.Create().SetAddress(address).Save(ctx)
	}
	if err != nil {
		return err
	}
	u := row.Update().SetSends(m.Sends).SetHourly(m.Hourly)
	if m.SizeLimit > 0 {
		u.SetSizeLimit(m.SizeLimit)
	}
	if m.Office == "" {
		return u.ClearOffice().Exec(ctx)
	}
	return u.SetOfficeID(offices[m.Office]).Exec(ctx)
}

func (w *work) putRules(ctx context.Context, list []RuleSetting, offices map[string]int) error {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
		if err := w.putRule(ctx, r, offices[r.Office]); err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
	}
	return w.tx.RoutingRule.Update().Where(routingrule.NameNotIn(names...), ofTheConfiguration()).SetEnabled(false).Exec(ctx)
}

// ofTheConfiguration leaves alone the rules that people keep, whatever they are called.
func ofTheConfiguration() predicate.RoutingRule {
	return routingrule.OriginEQ(routingrule.OriginConfiguration)
}

func (w *work) putRule(ctx context.Context, r RuleSetting, officeID int) error {
	condition, err := json.Marshal(r.Condition)
	if err != nil {
		return err
	}
	assignee, err := w.named(ctx, r)
	if err != nil {
		return err
	}
	row, err := w.tx.RoutingRule.Query().Where(routingrule.Name(r.Name), ofTheConfiguration()).Only(ctx)
	if ent.IsNotFound(err) {
		return w.tx.RoutingRule.Create().SetName(r.Name).SetPriority(r.Priority).
			SetCondition(condition).SetOfficeID(officeID).SetNillableAssigneeID(assignee).Exec(ctx)
	}
	if err != nil {
		return err
	}
	u := row.Update().SetPriority(r.Priority).SetCondition(condition).SetOfficeID(officeID).SetEnabled(true).ClearAssignee()
	if assignee != nil {
		u.SetAssigneeID(*assignee)
	}
	return u.Exec(ctx)
}

// named finds the person whom a rule names; nil for nobody. Somebody who is
// disabled, or not of the office yet, gets nothing and is no reason to refuse.
func (w *work) named(ctx context.Context, r RuleSetting) (*int, error) {
	if r.Assignee == "" {
		return nil, nil
	}
	id, err := w.tx.User.Query().Where(user.Email(strings.ToLower(r.Assignee))).OnlyID(ctx)
	if ent.IsNotFound(err) {
		return nil, invalid("assignee", fmt.Sprintf("there is nobody with the address %s; smista user add %s --name … adds them", r.Assignee, r.Assignee))
	}
	return &id, err
}
