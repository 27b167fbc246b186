package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/term"
)

// Suspend makes the open terms of a case stand still, for a reason, until
// Resume. Terms that stand still already go on doing so.
func (d *Dossier) Suspend(ctx context.Context, tx *ent.Tx, caseID int, reason string) error {
	return d.restate(ctx, tx, caseID, func(stops []deadline.Suspension, now time.Time) []deadline.Suspension {
		if n := len(stops); n > 0 && stops[n-1].To.IsZero() {
			return stops
		}
		return append(stops, deadline.Suspension{From: now, Reason: reason})
	})
}

// Resume makes the terms of a case run again.
func (d *Dossier) Resume(ctx context.Context, tx *ent.Tx, caseID int) error {
	return d.restate(ctx, tx, caseID, func(stops []deadline.Suspension, now time.Time) []deadline.Suspension {
		if n := len(stops); n > 0 && stops[n-1].To.IsZero() {
			stops[n-1].To = now
		}
		return stops
	})
}

// restate changes the suspensions of all terms of a case, and what follows.
func (d *Dossier) restate(ctx context.Context, tx *ent.Tx, caseID int, change func([]deadline.Suspension, time.Time) []deadline.Suspension) error {
	ctx = itself(ctx)
	before, err := lock(ctx, tx, caseID)
	if err != nil {
		return err
	}
	h, err := d.habits(ctx, tx.Client(), before.OfficeID)
	if err != nil {
		return err
	}
	rows, err := tx.Term.Query().Where(term.CaseID(caseID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read the terms of case %s: %w", before.Number, err)
	}
	for _, t := range rows {
		stops, err := suspensions(t)
		if err != nil {
			return err
		}
		if t.Suspensions, err = json.Marshal(change(stops, d.now())); err != nil {
			return fmt.Errorf("write the suspensions of term %d: %w", t.ID, err)
		}
		u := tx.Term.Update().Where(term.ID(t.ID)).SetSuspensions(t.Suspensions)
		if t.MetAt != nil {
			err = u.Exec(ctx)
		} else {
			err = d.rewind(ctx, u, h, t)
		}
		if err != nil {
			return fmt.Errorf("suspend or resume the terms of case %s: %w", before.Number, err)
		}
	}
	after := *before
	if _, err := d.settle(ctx, tx, &after); err != nil {
		return err
	}
	return d.count(ctx, tx, before, &after)
}

// lock makes other transactions wait that change the same case, until this one
// ends, and reads the case as it then is; on both databases.
func lock(ctx context.Context, tx *ent.Tx, caseID int) (*ent.CaseFile, error) {
	n, err := tx.CaseFile.Update().Where(casefile.ID(caseID)).AddVersion(0).Save(ctx)
	if err != nil || n == 0 {
		return nil, fmt.Errorf("lock case %d: %w", caseID, orGone(err))
	}
	return tx.CaseFile.Get(ctx, caseID)
}

func orGone(err error) error {
	if err == nil {
		return ErrStale
	}
	return err
}
