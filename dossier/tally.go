package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/tally"
)

// cell is a row of the tallies: a sort of cases; 0 stands for any office,
// person, mailbox.
type cell struct {
	office, person, mailbox int
	status, urgency         string
}

// cells are where a case counts: in the whole house, in its office, with its
// person there and anywhere, and by its mailbox.
func cells(c *ent.CaseFile) []cell {
	if c == nil {
		return nil
	}
	office, person, mailbox := number(c.OfficeID), number(c.AssigneeID), number(c.MailboxID)
	keys := []cell{{}}
	if office != 0 {
		keys = append(keys, cell{office: office})
	}
	if person != 0 {
		keys = append(keys, cell{person: person})
	}
	if office != 0 && person != 0 {
		keys = append(keys, cell{office: office, person: person})
	}
	if mailbox != 0 {
		keys = append(keys, cell{mailbox: mailbox})
	}
	for i := range keys {
		keys[i].status, keys[i].urgency = string(c.Status), string(c.Urgency)
	}
	return keys
}

func number(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// count moves a case from the cells where it was to those where it is.
func (d *Dossier) count(ctx context.Context, tx *ent.Tx, before, after *ent.CaseFile) error {
	moved := map[cell]int{}
	for _, k := range cells(before) {
		moved[k]--
	}
	for _, k := range cells(after) {
		moved[k]++
	}
	var keys []cell
	for k, n := range moved {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, inOrder) // all transactions take the rows in the same order
	for _, k := range keys {
		if err := add(ctx, tx, k, moved[k]); err != nil {
			return fmt.Errorf("keep the tallies: %w", err)
		}
	}
	return nil
}

func inOrder(a, b cell) int {
	return cmp.Or(cmp.Compare(a.office, b.office), cmp.Compare(a.person, b.person), cmp.Compare(a.mailbox, b.mailbox),
		cmp.Compare(a.status, b.status), cmp.Compare(a.urgency, b.urgency))
}

// add counts n cases more in a cell. Where two transactions make the same cell,
// the second one is run again by its caller.
func add(ctx context.Context, tx *ent.Tx, k cell, n int) error {
	found, err := tx.Tally.Update().Where(tally.Office(k.office), tally.Person(k.person), tally.Mailbox(k.mailbox),
		tally.Status(k.status), tally.Urgency(k.urgency)).AddCount(n).Save(ctx)
	if err != nil || found > 0 {
		return err
	}
	return tx.Tally.Create().SetOffice(k.office).SetPerson(k.person).SetMailbox(k.mailbox).
		SetStatus(k.status).SetUrgency(k.urgency).SetCount(n).Exec(ctx)
}
