package desk

import (
	"context"
	"fmt"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/pec"
)

// RulesOn reads the rules that are switched on, each time anew: a changed one
// holds for the next message. One whose condition can no longer be read is left
// out: the message then goes to the sorting desk.
func RulesOn(ctx context.Context, table *ent.RoutingRuleClient) ([]Rule, error) {
	rows, err := table.Query().Where(routingrule.Enabled(true)).WithOffice().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	var rules []Rule
	for _, row := range rows {
		if r, err := RuleOf(row); err == nil {
			rules = append(rules, r)
		}
	}
	return rules, nil
}

// RuleOf is a rule as routing takes it, from its row with its office.
func RuleOf(row *ent.RoutingRule) (Rule, error) {
	condition, err := ParseCondition(row.Condition)
	if err != nil {
		return Rule{}, err
	}
	if row.Edges.Office == nil {
		return Rule{}, &Error{Code: Invalid, Message: "rule " + row.Name + " has no office"}
	}
	return Rule{
		ID: row.ID, Name: row.Name, Priority: row.Priority, Turn: row.Turn, Condition: condition,
		Office: Place{ID: row.Edges.Office.ID, Name: row.Edges.Office.Name},
	}, nil
}

// hit notes that a rule routed a case.
func (w *work) hit(ctx context.Context, d Decision) error {
	if d.Rule == 0 {
		return nil
	}
	return w.tx.RoutingRule.UpdateOneID(d.Rule).AddHits(1).SetLastHitAt(w.at).Exec(ctx)
}

// factsOf are what routing looks at of a message as it comes in.
func factsOf(mailbox string, m *ent.Message, read *pec.Message) Facts {
	f := factsIn(mailbox, m)
	if read.Mail != nil {
		for _, a := range read.Mail.Attachments {
			f.Attachments = append(f.Attachments, File{Name: cut(a.Name, maxText), MediaType: cut(a.MediaType, maxText)})
		}
	}
	return f
}

func factsIn(mailbox string, m *ent.Message) Facts {
	return Facts{Mailbox: mailbox, Sender: m.SenderAddress, Subject: m.Subject, Text: m.Text, Verdict: m.Verdict}
}

// FactsAgain are the same, of a message that is kept: from its row with its
// attachments.
func FactsAgain(mailbox string, m *ent.Message) Facts {
	f := factsIn(mailbox, m)
	for _, a := range m.Edges.Attachments {
		f.Attachments = append(f.Attachments, File{Name: a.Name, MediaType: a.MediaType})
	}
	return f
}

// Opened tells whether a message is the PEC that opened a case, or a copy of it
// from another mailbox.
func Opened(m *ent.Message, c *ent.CaseFile) bool {
	return m.Direction == message.DirectionIncoming && !m.Kind.Receipt() && openedBy(m) == c.OpenedBy
}
