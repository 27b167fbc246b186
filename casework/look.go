package casework

import (
	"context"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caselooker"
	"github.com/smista/smista/event"
)

// PresenceTime is how long somebody counts as having something open, after that
// client last said so.
const PresenceTime = 45 * time.Second

// Look says that somebody has a case open, for a while; the client says so again.
// Of that nothing is told: only that somebody came, and that somebody went.
func (w *Casework) Look(ctx context.Context, caseID int) error {
	return w.do(ctx, Look, On{Case: caseID}, func(ctx context.Context, a *act) error {
		mine, until := caselooker.UserID(a.me.ID), a.now.Add(PresenceTime)
		n, err := a.tx.CaseLooker.Update().Where(caselooker.CaseID(caseID), mine, caselooker.UntilGT(a.now)).SetUntil(until).Save(ctx)
		if err != nil || n > 0 {
			return err
		}
		if _, err := a.tx.CaseLooker.Delete().Where(caselooker.CaseID(caseID), mine).Exec(ctx); err != nil { // long ago
			return err
		}
		if err := a.tx.CaseLooker.Create().SetCaseID(caseID).SetUserID(a.me.ID).SetUntil(until).Exec(ctx); err != nil {
			return err
		}
		return a.tellLookers(ctx)
	})
}

// LookAway says that somebody has it open no longer. Who no longer reads the case
// may say so too.
func (w *Casework) LookAway(ctx context.Context, caseID int) error {
	return w.do(ctx, LookAway, On{Case: caseID}, func(ctx context.Context, a *act) error {
		n, err := a.tx.CaseLooker.Delete().Where(caselooker.CaseID(caseID), caselooker.UserID(a.me.ID)).Exec(itself(ctx))
		if err != nil || n == 0 {
			return err
		}
		return a.tellLookers(ctx)
	})
}

func (a *act) tellLookers(ctx context.Context) error {
	people, err := lookers(itself(ctx), a.tx, a.c.ID, a.now)
	a.events = append(a.events, lookedAt(a.c.ID, a.c.OfficeID, people))
	return err
}

// lookers are those who have a case open now, in the order in which they came.
func lookers(ctx context.Context, tx *ent.Tx, caseID int, now time.Time) (people []int, err error) {
	err = tx.CaseLooker.Query().Where(caselooker.CaseID(caseID), caselooker.UntilGT(now)).Order(caselooker.ByID()).
		Select(caselooker.FieldUserID).Scan(ctx, &people)
	return people, err
}

func lookedAt(caseID int, office *int, people []int) event.Entry {
	return event.Entry{Kind: event.CaseLookedAt, Case: caseID, Office: number(office), Details: event.Details{People: people}}
}

// EndLooks ends the looks of those whose client says nothing any more, and tells
// who is left. It returns how many there were, at most limit.
func (w *Casework) EndLooks(ctx context.Context, now time.Time, limit int) (ended int, err error) {
	over, err := w.Client.CaseLooker.Query().Where(caselooker.UntilLTE(now)).Limit(limit).All(ctx)
	if err != nil || len(over) == 0 {
		return 0, err
	}
	var cases []int
	for _, l := range over {
		cases = append(cases, l.CaseID)
	}
	err = w.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		ended = 0
		files, err := tx.CaseFile.Query().Where(casefile.IDIn(distinct(cases)...)).Order(casefile.ByID()).All(ctx)
		if err != nil {
			return nil, err
		}
		var entries []event.Entry
		for _, c := range files {
			n, err := tx.CaseLooker.Delete().Where(caselooker.CaseID(c.ID), caselooker.UntilLTE(now)).Exec(ctx)
			if err != nil {
				return nil, err
			}
			people, err := lookers(ctx, tx, c.ID, now)
			if err != nil {
				return nil, err
			}
			if n > 0 { // no other instance was quicker, and nobody of them looks again
				ended, entries = ended+n, append(entries, lookedAt(c.ID, c.OfficeID, people))
			}
		}
		return entries, nil
	})
	return ended, err
}
