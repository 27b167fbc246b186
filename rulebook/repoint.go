package rulebook

import (
	"context"
	"fmt"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
)

// Repoint lets the rules that people keep, and that send to one office, send to
// another one: in the transaction of the administrator who closes the first. A
// person whom a rule names stays in it where he is of the other office.
func (b *Rulebook) Repoint(ctx context.Context, tx *ent.Tx, from, to int) ([]event.Entry, error) {
	p, err := manager(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.RoutingRule.Query().Where(There, routingrule.OriginEQ(routingrule.OriginPeople), routingrule.OfficeID(from)).
		Order(routingrule.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rules of office %d: %w", from, err)
	}
	var told []event.Entry
	for _, row := range rows {
		u := tx.RoutingRule.UpdateOneID(row.ID).SetOfficeID(to).AddVersion(1)
		if row.AssigneeID != nil {
			works, err := tx.Membership.Query().Where(membership.UserID(*row.AssigneeID), membership.OfficeID(to)).Exist(ctx)
			if err != nil {
				return nil, err
			}
			if !works {
				u.ClearAssignee()
			}
		}
		if err := u.Exec(ctx); err != nil {
			return nil, fmt.Errorf("let rule %q send to another office: %w", row.Name, err)
		}
		more, err := b.note(ctx, tx, p, row.ID, Changed)
		if err != nil {
			return nil, err
		}
		told = append(told, more...)
	}
	return told, nil
}
