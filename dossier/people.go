package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/user"
)

// Heads are the heads of an office and those who now stand in for them
// (deputies, within their dates).
func (d *Dossier) Heads(ctx context.Context, tx *ent.Tx, officeID int) ([]int, error) {
	now := d.now()
	var ids []int
	err := tx.Membership.Query().Where(
		membership.OfficeID(officeID), membership.HasUserWith(user.DisabledAtIsNil()),
		membership.Or(
			membership.RoleEQ(membership.RoleHead),
			membership.And(membership.RoleEQ(membership.RoleDeputy),
				membership.Or(membership.FromIsNil(), membership.FromLTE(now)), membership.Or(membership.UntilIsNil(), membership.UntilGT(now))),
		)).Select(membership.FieldUserID).Scan(itself(ctx), &ids)
	if err != nil {
		return nil, fmt.Errorf("find the heads of office %d: %w", officeID, err)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// Sorters are the people of the sorting desk.
func (d *Dossier) Sorters(ctx context.Context, tx *ent.Tx) ([]int, error) {
	ids, err := tx.User.Query().Where(user.Sorter(true), user.DisabledAtIsNil()).Order(user.ByID()).IDs(itself(ctx))
	if err != nil {
		return nil, fmt.Errorf("find the sorters: %w", err)
	}
	return ids, nil
}

// mostDelegates bounds a chain of delegates.
const mostDelegates = 20

// Standing is who does a person's work now: the person, or while absent the
// delegate, or that one's. It is 0 when the chain leads nowhere: in a circle, or
// to somebody who was disabled.
func (d *Dossier) Standing(ctx context.Context, tx *ent.Tx, userID int) (int, error) {
	now := d.now()
	for range mostDelegates {
		a, err := tx.Absence.Query().Where(absence.UserID(userID), absence.FromLTE(now), absence.UntilGT(now),
			absence.StateIn(absence.StatePlanned, absence.StateActive)).Order(absence.ByID()).First(itself(ctx))
		if ent.IsNotFound(err) {
			return d.enabled(ctx, tx, userID)
		}
		if err != nil {
			return 0, fmt.Errorf("find who stands in for user %d: %w", userID, err)
		}
		userID = a.DelegateID
	}
	return 0, nil
}

func (d *Dossier) enabled(ctx context.Context, tx *ent.Tx, userID int) (int, error) {
	ok, err := tx.User.Query().Where(user.ID(userID), user.DisabledAtIsNil()).Exist(itself(ctx))
	if err != nil || !ok {
		return 0, err
	}
	return userID, nil
}
