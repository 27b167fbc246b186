// Package desk holds the verbs of the office: a message is received, routed,
// linked to what it answers or certifies, and what became of it can be proved.
//
//   - Archive, then understand: the original is kept before anything is read in it.
//   - One verb, one transaction, with its events: it happened whole or not at all.
//   - Receiving is idempotent: the same UID, the same bytes, the same PEC in
//     another mailbox, in any order and as often as a crash makes it.
//   - Same bytes are one message; the same PEC (valid signature, same provider
//     and identifier) is one case, however many of our mailboxes it came to. A
//     Message-ID alone never makes two messages one.
//   - Links are made by what a provider certified with a valid signature, and
//     never by a subject. Who is not a party to a message cannot join its case.
//   - Receipts never open a case.
//   - A message that cannot be taken in is set aside, visibly, and stops nobody.
package desk

import (
	"context"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/lease"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/track"
)

// Options are what a Desk works with.
type Options struct {
	Archive  archive.Store
	Client   *ent.Client      // for reading; guarded
	Log      *event.Log       // for every change
	Dossier  *dossier.Dossier // the one door for changing a case; nil = one without working hours of its own
	Track    *track.Tracker   // what is known of our PECs; nil = one of its own
	Verifier smime.Verifier
	Now      func() time.Time // nil = time.Now
	Zone     *time.Location   // whose calendar numbers the cases; nil = UTC
}

// Desk does the work of the office. Its methods act as the viewer of their
// context and may be called at the same time.
type Desk struct {
	Options
	read reader // pec.Read, but for tests of what happens when it fails
}

type reader func(ctx context.Context, b archive.Blob, o pec.Options) (*pec.Message, error)

// New makes a desk.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Dossier == nil {
		o.Dossier = dossier.New(dossier.Options{House: deadline.Standard(o.Zone), Log: o.Log, Now: o.Now})
	}
	if o.Track == nil {
		o.Track = track.New(track.Options{Log: o.Log, Dossier: o.Dossier, Now: o.Now})
	}
	return &Desk{Options: o, read: func(ctx context.Context, b archive.Blob, o pec.Options) (*pec.Message, error) {
		return pec.Read(ctx, b, b.Size(), o)
	}}
}

func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

// change runs one transaction under the turn of the intakes: they follow each
// other, so that of two messages that belong together the later one finds the
// earlier, whichever process takes them in.
func (d *Desk) change(ctx context.Context, what string, verb func(ctx context.Context, w *work) error) error {
	var err error
	for range changeAttempts {
		err = d.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			w := &work{Desk: d, tx: tx, at: d.now()}
			if err := w.takeTurn(ctx); err != nil {
				return nil, err
			}
			if err := lease.Check(ctx, tx); err != nil { // in our turn: it holds until the commit
				return nil, err
			}
			err := verb(ctx, w)
			return w.events, err
		})
		if !ent.IsConstraintError(err) {
			break // on a violated key somebody was quicker: look again
		}
	}
	return failed(what, err)
}

const changeAttempts = 5

// work is one transaction and the events it will leave.
type work struct {
	*Desk
	tx     *ent.Tx
	at     time.Time
	events []event.Entry
}

func (w *work) tell(e ...event.Entry) { w.events = append(w.events, e...) }

// turn is the row of the case counters that is no year's: whoever has updated
// it works alone until the commit, on both databases.
const turn = 0

func (w *work) takeTurn(ctx context.Context) error {
	err := w.tx.CaseCounter.UpdateOneID(turn).AddLast(1).Exec(ctx)
	if ent.IsNotFound(err) {
		return w.tx.CaseCounter.Create().SetID(turn).Exec(ctx)
	}
	return err
}
