// Package track is the one door for what is known of a PEC that we sent: of
// each recipient, of the reply that it was, and of the case that waits for it.
//
//   - What is known of a recipient is a join of facts, each from a receipt that a
//     provider signed: their order, and how often they come, make no difference.
//   - A receipt is also evidence of the sending: what an SMTP time-out left open
//     is settled by it, or by a copy in the folder of sent mail, or by a person.
//   - What did not arrive brings its case back to work, and is told; what arrived
//     everywhere closes it, where its author wanted that.
//   - A receipt that should have come by now is missed once, by whichever instance.
//
// It writes as the program, in the transaction of whoever brings the news.
package track

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/schema"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
)

const (
	// AcceptanceWithin is how soon an acceptance is expected; providers give it in moments.
	AcceptanceWithin = 15 * time.Minute
	// DeliveryWithin is the longest that a delivery, or the notice that there is
	// none, may take (DM 2/11/2005, annex §6.5: the notice of 24 hours).
	DeliveryWithin = 24 * time.Hour
)

// Options are what a Tracker works with.
type Options struct {
	Log     *event.Log
	Dossier *dossier.Dossier
	Now     func() time.Time // nil = time.Now
}

// Tracker keeps what is known of our PECs.
type Tracker struct{ Options }

// New makes a tracker.
func New(o Options) *Tracker {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Tracker{o}
}

func (t *Tracker) now() time.Time { return t.Now().UTC().Truncate(time.Microsecond) }

// itself lets the program keep what follows.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("tracker"))
}

// news is one piece of news being written down.
type news struct {
	*Tracker
	tx     *ent.Tx
	now    time.Time
	events []event.Entry
}

func (t *Tracker) begin(tx *ent.Tx) *news { return &news{Tracker: t, tx: tx, now: t.now()} }

func (n *news) tell(e event.Entry) { n.events = append(n.events, e) }

// attempts bounds how often a case is read again that others change meanwhile.
const attempts = 5

// change edits the case of a reply as it is now; edit says false when there is
// nothing to do. It returns the case as it is after it, nil without a change.
func (n *news) change(ctx context.Context, id int, edit func(c *ent.CaseFile, u *ent.CaseFileUpdate) bool) (before, after *ent.CaseFile, err error) {
	for range attempts {
		before, err = n.tx.CaseFile.Get(ctx, id)
		if err != nil {
			return nil, nil, fmt.Errorf("read the case of a reply: %w", err)
		}
		if !edit(before, n.tx.CaseFile.Update()) {
			return before, nil, nil
		}
		after, err = n.Dossier.Change(ctx, n.tx, before, func(u *ent.CaseFileUpdate) { edit(before, u) })
		if !errors.Is(err, dossier.ErrStale) {
			return before, after, err
		}
	}
	return nil, nil, err
}

// alarm tells the operator and the heads of a case, once for each key.
func (n *news) alarm(ctx context.Context, c *ent.CaseFile, kind notify.Kind, key, text string) error {
	people, err := n.responsible(ctx, c)
	if err != nil {
		return err
	}
	for _, person := range people {
		err := n.Dossier.Tell(ctx, n.tx, dossier.Notice{Key: fmt.Sprintf("%s:%s:%d", kind, key, person), User: person, Case: c, Kind: kind, Text: text})
		if err != nil {
			return err
		}
	}
	return nil
}

// responsible are those who have to act when something went wrong with a case.
func (n *news) responsible(ctx context.Context, c *ent.CaseFile) ([]int, error) {
	var people []int
	if c.AssigneeID != nil {
		people = append(people, *c.AssigneeID)
	}
	if c.OfficeID == nil {
		return people, nil
	}
	heads, err := n.Dossier.Heads(ctx, n.tx, *c.OfficeID)
	return append(people, heads...), err
}

// Never is when nothing is expected any more.
var Never = schema.Never

func number(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}
