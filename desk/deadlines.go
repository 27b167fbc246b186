package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
)

// DeadlineSetting says how long something may take, as configured: in the cases
// of a mailbox (address), an office (code) or a rule (name), or of all.
type DeadlineSetting struct {
	Kind                  string // of DeadlineKinds
	Amount                deadline.Amount
	Mailbox, Office, Rule string // one of the three at most
}

// DeadlineKinds are the things that may take only so long: until a case is
// assigned, until it is worked, until it is answered.
func DeadlineKinds() []string { return []string{"assign", "work", "answer"} }

// scope is what a deadline is for, by its name in the configuration.
func (d DeadlineSetting) scope() (deadlinepolicy.Scope, string) {
	switch {
	case d.Rule != "":
		return deadlinepolicy.ScopeRule, d.Rule
	case d.Mailbox != "":
		return deadlinepolicy.ScopeMailbox, strings.ToLower(d.Mailbox)
	case d.Office != "":
		return deadlinepolicy.ScopeOffice, d.Office
	}
	return deadlinepolicy.ScopeHouse, ""
}

func (d DeadlineSetting) check() error {
	if !slices.Contains(DeadlineKinds(), d.Kind) {
		return fmt.Errorf("kind is %q, must be one of %s", d.Kind, strings.Join(DeadlineKinds(), ", "))
	}
	named := 0
	for _, name := range []string{d.Mailbox, d.Office, d.Rule} {
		if name != "" {
			named++
		}
	}
	if named > 1 {
		return errors.New("it names more than one of mailbox, office and rule; keep one")
	}
	return d.Amount.Check()
}

// checkDeadlines tells what is wrong with the deadlines, by themselves and with
// the names in them.
func (s Settings) checkDeadlines() error {
	seen := map[string]bool{}
	for i, d := range s.Deadlines {
		place := fmt.Sprintf("deadline %d", i+1)
		if err := d.check(); err != nil {
			return invalid(place, err.Error())
		}
		scope, name := d.scope()
		if !s.names(scope, name) {
			return invalid(place, fmt.Sprintf("there is no %s %q", scope, name))
		}
		key := fmt.Sprintf("%s %s %s", scope, name, d.Kind)
		if seen[key] {
			return invalid(place, fmt.Sprintf("there are two of %s for the %s %q; each stands once", d.Kind, scope, name))
		}
		seen[key] = true
	}
	return nil
}

// names tells whether what a deadline is for is there.
func (s Settings) names(scope deadlinepolicy.Scope, name string) bool {
	switch scope {
	case deadlinepolicy.ScopeOffice:
		return slices.ContainsFunc(s.Offices, func(o OfficeSetting) bool { return o.Code == name })
	case deadlinepolicy.ScopeMailbox:
		return slices.ContainsFunc(s.Mailboxes, func(m MailboxSetting) bool { return strings.ToLower(m.Address) == name })
	case deadlinepolicy.ScopeRule:
		return slices.ContainsFunc(s.Rules, func(r RuleSetting) bool { return r.Name == name })
	}
	return true
}

// policy is a row of the table of deadlines.
type policy struct {
	scope deadlinepolicy.Scope
	id    int
	kind  deadlinepolicy.Kind
}

// putDeadlines makes the table what is configured, but for what people keep. An
// event tells of each office whose own deadlines changed.
func (w *work) putDeadlines(ctx context.Context, list []DeadlineSetting, offices map[string]int) error {
	wanted := map[policy]string{}
	for _, d := range list {
		p, err := w.policy(ctx, d, offices)
		if err != nil {
			return err
		}
		wanted[p] = d.Amount.String()
	}
	configured := deadlinepolicy.OriginEQ(deadlinepolicy.OriginConfiguration)
	rows, err := w.tx.DeadlinePolicy.Query().Where(configured).All(ctx)
	if err != nil {
		return err
	}
	had := map[policy]string{}
	for _, r := range rows {
		had[policy{r.Scope, r.ScopeID, r.Kind}] = r.Amount
	}
	if maps.Equal(had, wanted) {
		return nil
	}
	if _, err := w.tx.DeadlinePolicy.Delete().Where(configured).Exec(ctx); err != nil {
		return err
	}
	for p, amount := range wanted {
		if err := w.tx.DeadlinePolicy.Create().SetScope(p.scope).SetScopeID(p.id).SetKind(p.kind).SetAmount(amount).Exec(ctx); err != nil {
			return err
		}
	}
	for _, id := range officesOf(had, wanted) {
		w.tell(event.Entry{Kind: event.OfficeChanged, Office: id, Details: event.Details{Reason: "deadlines"}})
	}
	return nil
}

// policy finds the rows that a deadline names.
func (w *work) policy(ctx context.Context, d DeadlineSetting, offices map[string]int) (policy, error) {
	scope, name := d.scope()
	p := policy{scope: scope, kind: deadlinepolicy.Kind(strings.ToUpper(d.Kind))}
	var err error
	switch scope {
	case deadlinepolicy.ScopeOffice:
		p.id = offices[name]
	case deadlinepolicy.ScopeMailbox:
		p.id, err = w.tx.Mailbox.Query().Where(mailbox.Address(name)).OnlyID(ctx)
	case deadlinepolicy.ScopeRule:
		p.id, err = w.tx.RoutingRule.Query().Where(routingrule.Name(name), ofTheConfiguration()).OnlyID(ctx)
	}
	if err != nil {
		return p, fmt.Errorf("deadline of %s %q: %w", scope, name, err)
	}
	return p, nil
}

// officesOf lists, in order, the offices of which two sets say different things.
func officesOf(had, wanted map[policy]string) []int {
	ids := map[int]bool{}
	for _, pair := range [][2]map[policy]string{{had, wanted}, {wanted, had}} {
		for p, amount := range pair[0] {
			if p.scope == deadlinepolicy.ScopeOffice && pair[1][p] != amount {
				ids[p.id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids))
}
