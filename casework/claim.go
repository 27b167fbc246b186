package casework

import (
	"context"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/event"
)

const (
	// Lease is how long a claim holds that is not kept alive.
	Lease = 2 * time.Minute
	// Courtesy is how long the holder has to say no to who wants to take over.
	Courtesy = 30 * time.Second
)

// Held is a claim: who has taken charge, until when.
type Held struct {
	Holder int
	Until  time.Time
}

// Claim takes charge of a case (presa in carico), for as long as the working
// client keeps it alive. Of many who try at once one gets it. Who asked the one
// that has it with WantClaim, and got no answer within Courtesy, wins.
func (w *Casework) Claim(ctx context.Context, caseID int) (Held, error) {
	var held Held
	err := w.do(ctx, Claim, On{Case: caseID}, func(ctx context.Context, a *act) error {
		if a.heldByOther() && !a.unanswered() {
			return a.held(ctx)
		}
		held = Held{a.me.ID, a.now.Add(Lease)}
		n, err := a.free().SetClaimedByID(a.me.ID).SetClaimedUntil(held.Until).ClearClaimWantedByID().ClearClaimWantedAt().Save(itself(ctx))
		if err != nil || n == 0 {
			return errorIf(err, n == 0, &Refused{Code: Claimed, Italian: "qualcuno è stato più veloce", English: "somebody was quicker"})
		}
		if a.c.ClaimedByID == nil || *a.c.ClaimedByID != a.me.ID || !a.c.ClaimedUntil.After(a.now) {
			a.events = append(a.events, event.Entry{Kind: event.CaseClaimed, Case: caseID, Office: number(a.c.OfficeID), Person: a.me.ID, FromPerson: a.from()})
		}
		return nil
	})
	return held, err
}

func claimChanged() *Refused {
	return &Refused{Code: Claimed, Italian: "la presa in carico è cambiata: riprovare", English: "the claim has changed: try again"}
}

// from is who loses the claim.
func (a *act) from() int {
	if a.heldByOther() {
		return *a.c.ClaimedByID
	}
	return 0
}

// free finds the case as long as its claim is as it was read.
func (a *act) free() *ent.CaseFileUpdate {
	u := a.tx.CaseFile.Update().Where(casefile.ID(a.c.ID))
	if a.c.ClaimedByID == nil {
		return u.Where(casefile.ClaimedByIDIsNil())
	}
	return u.Where(casefile.ClaimedByID(*a.c.ClaimedByID), casefile.ClaimedUntil(*a.c.ClaimedUntil))
}

// unanswered tells whether the author asked the holder to hand over, and the
// holder let the time for an answer pass.
func (a *act) unanswered() bool {
	asked := a.c.ClaimWantedByID != nil && *a.c.ClaimWantedByID == a.me.ID && a.c.ClaimWantedAt != nil
	return asked && !a.c.ClaimWantedAt.Add(Courtesy).After(a.now)
}

// WantClaim asks the holder of a claim to hand it over; the answer is when the
// next Claim wins unless the holder keeps it.
func (w *Casework) WantClaim(ctx context.Context, caseID int) (time.Time, error) {
	var from time.Time
	err := w.do(ctx, Claim, On{Case: caseID}, func(ctx context.Context, a *act) error {
		if !a.heldByOther() {
			return already("nessun altro l'ha in carico", "nobody else has it in charge")
		}
		if a.c.ClaimWantedByID != nil && *a.c.ClaimWantedByID == a.me.ID {
			from = a.c.ClaimWantedAt.Add(Courtesy)
			return nil
		}
		from = a.now.Add(Courtesy)
		n, err := a.free().SetClaimWantedByID(a.me.ID).SetClaimWantedAt(a.now).Save(itself(ctx))
		if err != nil || n == 0 {
			return errorIf(err, n == 0, claimChanged())
		}
		a.events = append(a.events, event.Entry{
			Kind: event.ClaimWanted, Case: caseID, Office: number(a.c.OfficeID), Person: *a.c.ClaimedByID, FromPerson: a.me.ID,
		})
		return nil
	})
	return from, err
}

// KeepClaim keeps one's claim alive; with no, who wants to take over is told
// that the holder goes on.
func (w *Casework) KeepClaim(ctx context.Context, caseID int, no bool) (Held, error) {
	var held Held
	err := w.do(ctx, Claim, On{Case: caseID}, func(ctx context.Context, a *act) error {
		if a.c.ClaimedByID == nil || *a.c.ClaimedByID != a.me.ID {
			return &Refused{Code: Claimed, Italian: "non è più in carico a te", English: "it is no longer in your charge"}
		}
		held = Held{a.me.ID, a.now.Add(Lease)}
		u := a.free().SetClaimedUntil(held.Until)
		if no && a.c.ClaimWantedByID != nil {
			a.events = append(a.events, event.Entry{Kind: event.ClaimKept, Case: caseID, Office: number(a.c.OfficeID), Person: *a.c.ClaimWantedByID})
			u.ClearClaimWantedByID().ClearClaimWantedAt()
		}
		n, err := u.Save(itself(ctx))
		return errorIf(err, err == nil && n == 0, &Refused{Code: Claimed, Italian: "non è più in carico a te", English: "it is no longer in your charge"})
	})
	return held, err
}

// Release gives one's claim up; who asked for it gets it.
func (w *Casework) Release(ctx context.Context, caseID int) error {
	return w.do(ctx, Release, On{Case: caseID}, func(ctx context.Context, a *act) error {
		if a.c.ClaimedByID == nil || *a.c.ClaimedByID != a.me.ID {
			return already("non è in carico a te", "it is not in your charge")
		}
		u := a.free().ClearClaimWantedByID().ClearClaimWantedAt()
		e := event.Entry{Kind: event.CaseReleased, Case: caseID, Office: number(a.c.OfficeID), FromPerson: a.me.ID}
		if next := a.c.ClaimWantedByID; next != nil {
			e.Kind, e.Person = event.CaseClaimed, *next
			u.SetClaimedByID(*next).SetClaimedUntil(a.now.Add(Lease))
		} else {
			u.ClearClaimedBy().ClearClaimedUntil()
		}
		n, err := u.Save(itself(ctx))
		if err != nil || n == 0 {
			return errorIf(err, n == 0, claimChanged())
		}
		a.events = append(a.events, e)
		return nil
	})
}
