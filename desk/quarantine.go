package desk

import (
	"context"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// setAside quarantines an entry, unless it was taken in meanwhile.
func (w *work) setAside(ctx context.Context, e *ent.LedgerEntry, r Ref, digest, reason string) error {
	if e.State == ledgerentry.StateArchived || e.State == ledgerentry.StateReceipt {
		return nil
	}
	reason = cut(reason, maxText)
	err := e.Update().SetState(ledgerentry.StateQuarantined).SetReason(reason).SetDigest(digest).SetChangedAt(w.at).Exec(ctx)
	if err != nil || e.State == ledgerentry.StateQuarantined && e.Reason == reason {
		return err
	}
	f, err := w.tx.Folder.Get(ctx, e.FolderID)
	if err != nil {
		return err
	}
	details := r.where()
	details.Reason = reason
	w.tell(event.Entry{Kind: event.MessageQuarantined, Mailbox: f.MailboxID, Details: details})
	return nil
}

// setAside quarantines a message that brought a fault of the program to light.
// An imported one has no entry: its outcome is the answer.
func (d *Desk) setAside(ctx context.Context, in intake, reason string) error {
	if in.UID == 0 {
		return nil
	}
	return d.change(ctx, ledgerFailed, func(ctx context.Context, w *work) error {
		e, err := w.entryFor(ctx, in.Ref)
		if err != nil {
			return err
		}
		taken, err := w.tx.Message.Query().Where(message.Digest(string(in.digest))).Exist(ctx)
		if err != nil || taken {
			return err
		}
		if err := e.Update().SetNillableReceivedAt(nonZero(in.Received)).SetChangedAt(w.at).Exec(ctx); err != nil {
			return err
		}
		return w.setAside(ctx, e, in.Ref, string(in.digest), reason)
	})
}

// Replayed counts what became of the quarantined.
type Replayed struct {
	TakenIn int // read from the archive and recorded
	Waiting int // never fetched: the collector will try again
	Still   int // failed again
}

const replayPage = 100

// Replay gives every quarantined message another chance, after a correction of
// the program or at the provider: those that are archived are read again from
// there, the others wait for the collector as if never tried.
func (d *Desk) Replay(ctx context.Context) (done Replayed, err error) {
	for after := 0; ; {
		list, err := d.Client.LedgerEntry.Query().
			Where(ledgerentry.StateEQ(ledgerentry.StateQuarantined), ledgerentry.IDGT(after)).
			WithFolder(func(q *ent.FolderQuery) { q.WithMailbox() }).
			Order(ledgerentry.ByID()).Limit(replayPage).All(ctx)
		if err != nil {
			return done, failed("the ledger could not be read", err)
		}
		for _, e := range list {
			after = e.ID
			if err := d.replay(ctx, e, &done); err != nil {
				return done, err
			}
		}
		if len(list) < replayPage {
			return done, nil
		}
	}
}

// Retry gives one quarantined message another chance, as Replay does. The program
// does it, for whoever was found to be allowed to ask for it.
func (d *Desk) Retry(ctx context.Context, entry int) error {
	ctx = guard.NewContext(ctx, guard.System("replay"))
	e, err := d.Client.LedgerEntry.Query().
		Where(ledgerentry.ID(entry), ledgerentry.StateEQ(ledgerentry.StateQuarantined)).
		WithFolder(func(q *ent.FolderQuery) { q.WithMailbox() }).Only(ctx)
	if ent.IsNotFound(err) {
		return nil // somebody was quicker
	}
	if err != nil {
		return failed("the ledger could not be read", err)
	}
	return d.replay(ctx, e, &Replayed{})
}

func (d *Desk) replay(ctx context.Context, e *ent.LedgerEntry, done *Replayed) error {
	if e.Digest == "" {
		done.Waiting++
		return d.waitAgain(ctx, e)
	}
	box := e.Edges.Folder.Edges.Mailbox
	in := intake{
		Arrival:  Arrival{Ref: Ref{box.Address, e.Edges.Folder.Name, e.UIDValidity, e.UID}, Received: timeOf(e.ReceivedAt)},
		original: original{digest: archive.Digest(e.Digest)},
		box:      box,
		sent:     e.Edges.Folder.Sent,
	}
	blob, err := d.Archive.Open(ctx, in.digest)
	if err != nil {
		return failed("the archived original could not be opened", err)
	}
	in.size = blob.Size()
	if err := blob.Close(); err != nil {
		return failed("the archived original could not be closed", err)
	}
	out, err := d.takeIn(ctx, in)
	switch {
	case err != nil:
		return err
	case out.Quarantined != "":
		done.Still++
	default:
		done.TakenIn++
	}
	return nil
}

// waitAgain makes an entry as if never tried.
func (d *Desk) waitAgain(ctx context.Context, e *ent.LedgerEntry) error {
	return d.Ledger().write(ctx, func(ctx context.Context, w *work) error {
		return w.tx.LedgerEntry.Update().
			Where(ledgerentry.ID(e.ID), ledgerentry.StateEQ(ledgerentry.StateQuarantined)).
			SetState(ledgerentry.StateSeen).SetAttempts(0).SetReason("").SetChangedAt(w.at).Exec(ctx)
	})
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
