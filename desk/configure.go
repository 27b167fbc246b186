package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
)

// OfficeSetting is an office as configured.
type OfficeSetting struct{ Code, Name string }

// MailboxSetting is one of our mailboxes as configured. Office is a code; empty
// for one that goes by the rules and the sorting desk.
type MailboxSetting struct{ Address, Office string }

// RuleSetting is a routing rule as configured. Office is a code.
type RuleSetting struct {
	Name      string
	Priority  int
	Condition Condition
	Office    string
}

// Settings are what the tables should hold.
type Settings struct {
	Offices   []OfficeSetting
	Mailboxes []MailboxSetting
	Rules     []RuleSetting
}

// check tells what is wrong, naming the place.
func (s Settings) check() error {
	codes := map[string]bool{"": true}
	for _, o := range s.Offices {
		codes[o.Code] = true
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
	return nil
}

// Configure puts offices, mailboxes and rules into the tables as they are
// configured. It may be repeated. Offices and mailboxes that are no longer named
// stay, since cases and originals refer to them; rules are switched off.
func (d *Desk) Configure(ctx context.Context, s Settings) error {
	if err := s.check(); err != nil {
		return err
	}
	return d.change(ctx, "the configuration could not be written", func(ctx context.Context, w *work) error {
		offices, err := w.putOffices(ctx, s.Offices)
		if err != nil {
			return err
		}
		for _, m := range s.Mailboxes {
			if err := w.putMailbox(ctx, m, offices); err != nil {
				return fmt.Errorf("mailbox %s: %w", m.Address, err)
			}
		}
		return w.putRules(ctx, s.Rules, offices)
	})
}

// putOffices gives the ids of the offices by their codes.
func (w *work) putOffices(ctx context.Context, list []OfficeSetting) (map[string]int, error) {
	ids := map[string]int{}
	for _, o := range list {
		row, err := w.tx.Office.Query().Where(office.Code(o.Code)).Only(ctx)
		switch {
		case ent.IsNotFound(err):
			row, err = w.tx.Office.Create().SetCode(o.Code).SetName(o.Name).Save(ctx)
		case err == nil && row.Name != o.Name:
			row, err = row.Update().SetName(o.Name).Save(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("office %s: %w", o.Code, err)
		}
		ids[o.Code] = row.ID
	}
	return ids, nil
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
	if m.Office == "" {
		return row.Update().ClearOffice().Exec(ctx)
	}
	return row.Update().SetOfficeID(offices[m.Office]).Exec(ctx)
}

func (w *work) putRules(ctx context.Context, list []RuleSetting, offices map[string]int) error {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
		if err := w.putRule(ctx, r, offices[r.Office]); err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
	}
	return w.tx.RoutingRule.Update().Where(routingrule.NameNotIn(names...)).SetEnabled(false).Exec(ctx)
}

func (w *work) putRule(ctx context.Context, r RuleSetting, officeID int) error {
	condition, err := json.Marshal(r.Condition)
	if err != nil {
		return err
	}
	row, err := w.tx.RoutingRule.Query().Where(routingrule.Name(r.Name)).Only(ctx)
	if ent.IsNotFound(err) {
		return w.tx.RoutingRule.Create().SetName(r.Name).SetPriority(r.Priority).
			SetCondition(condition).SetOfficeID(officeID).Exec(ctx)
	}
	if err != nil {
		return err
	}
	return row.Update().SetPriority(r.Priority).SetCondition(condition).SetOfficeID(officeID).SetEnabled(true).Exec(ctx)
}
