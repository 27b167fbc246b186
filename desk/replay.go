package desk

import (
	"context"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
)

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
		sent:     d.Sent(box.Address, e.Edges.Folder.Name),
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
