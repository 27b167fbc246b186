package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/folder"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/event"
	"github.com/smista/smista/lease"
)

// FolderState is how far a folder was read. UIDs below UIDNext are in the ledger.
type FolderState struct {
	UIDValidity, UIDNext, Exists uint32
	Reconciled                   time.Time // last full comparison; zero when never
	Sent                         bool      // holds what was sent from the mailbox
}

// Entry is a message that waits to be collected.
type Entry struct {
	Ref
	Attempts int // begun so far, not released
}

// State is what became of a UID.
type State uint8

// The states.
const (
	Waiting State = iota
	Archived
	Quarantined
)

// Known is one UID of the ledger.
type Known struct {
	UID   uint32
	State State
}

// Reconciliation compares the server's list with the ledger.
type Reconciliation struct {
	At                             time.Time
	UIDValidity                    uint32
	OnServer                       int // messages the server lists
	Archived, Quarantined, Waiting int // of those
	Missing                        int // the ledger did not know them: a gap, now closed by collecting them
	Gone                           int // in the ledger and no longer on the server
}

// Ledger is the memory of what was seen on the servers (mailbox.Ledger). It is
// bookkeeping: only what an administrator must hear of makes an event.
type Ledger struct{ d *Desk }

// Ledger gives the ledger of this desk.
func (d *Desk) Ledger() Ledger { return Ledger{d} }

const ledgerFailed = "the ledger could not be written"

// write runs a change that waits for no other intake: each touches rows of one
// folder, which one collector reads at a time.
func (l Ledger) write(ctx context.Context, change func(ctx context.Context, w *work) error) error {
	var err error
	for range changeAttempts {
		err = l.d.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			if err := lease.Check(ctx, tx); err != nil {
				return nil, err
			}
			w := &work{Desk: l.d, tx: tx, at: l.d.now()}
			err := change(ctx, w)
			return w.events, err
		})
		if !ent.IsConstraintError(err) {
			break
		}
	}
	return failed(ledgerFailed, err)
}

// Folder gives what was saved last; the zero value when never seen.
func (l Ledger) Folder(ctx context.Context, mailbox, name string) (FolderState, error) {
	f, err := l.d.folder(ctx, mailbox, name)
	if err != nil || f == nil {
		return FolderState{}, err
	}
	s := FolderState{UIDValidity: f.UIDValidity, UIDNext: f.UIDNext, Exists: f.Messages, Sent: f.Sent}
	if f.ReconciledAt != nil {
		s.Reconciled = *f.ReconciledAt
	}
	return s, nil
}

// SaveFolder saves how far a folder was read.
func (l Ledger) SaveFolder(ctx context.Context, mailbox, name string, s FolderState) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		f, err := w.folderFor(ctx, mailbox, name)
		if err != nil {
			return err
		}
		return f.Update().SetUIDValidity(s.UIDValidity).SetUIDNext(s.UIDNext).SetMessages(s.Exists).SetSent(s.Sent).
			SetNillableReconciledAt(nonZero(s.Reconciled)).Exec(ctx)
	})
}

// seenAtOnce bounds the rows of one statement: databases bound its parameters.
const seenAtOnce = 500

// Seen adds UIDs as waiting; those already known stay as they are.
func (l Ledger) Seen(ctx context.Context, mailbox, name string, uidValidity uint32, uids []uint32) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		f, err := w.folderFor(ctx, mailbox, name)
		if err != nil {
			return err
		}
		for page := range slices.Chunk(uids, seenAtOnce) {
			if err := w.seen(ctx, f.ID, uidValidity, page); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *work) seen(ctx context.Context, folderID int, uidValidity uint32, uids []uint32) error {
	var known []uint32
	err := w.tx.LedgerEntry.Query().
		Where(ledgerentry.FolderID(folderID), ledgerentry.UIDValidity(uidValidity), ledgerentry.UIDIn(uids...)).
		Select(ledgerentry.FieldUID).Scan(ctx, &known)
	if err != nil {
		return err
	}
	var rows []*ent.LedgerEntryCreate
	for _, uid := range uids {
		if !slices.Contains(known, uid) {
			rows = append(rows, w.tx.LedgerEntry.Create().SetFolderID(folderID).
				SetUIDValidity(uidValidity).SetUID(uid).SetChangedAt(w.at))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return w.tx.LedgerEntry.CreateBulk(rows...).Exec(ctx)
}

// Pending lists up to limit waiting UIDs greater than after, ascending.
func (l Ledger) Pending(ctx context.Context, mailbox, name string, uidValidity, after uint32, limit int) ([]Entry, error) {
	rows, err := l.page(ctx, mailbox, name, uidValidity, after, limit, true)
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[i] = Entry{Ref: Ref{mailbox, name, uidValidity, r.UID}, Attempts: r.Attempts}
	}
	return entries, err
}

// Known pages through every UID ever seen greater than after, ascending.
func (l Ledger) Known(ctx context.Context, mailbox, name string, uidValidity, after uint32, limit int) ([]Known, error) {
	rows, err := l.page(ctx, mailbox, name, uidValidity, after, limit, false)
	known := make([]Known, len(rows))
	for i, r := range rows {
		known[i] = Known{UID: r.UID, State: stateOf(r.State)}
	}
	return known, err
}

func (l Ledger) page(ctx context.Context, mailbox, name string, uidValidity, after uint32, limit int, waiting bool) ([]*ent.LedgerEntry, error) {
	f, err := l.d.folder(ctx, mailbox, name)
	if err != nil || f == nil {
		return nil, err
	}
	q := l.d.Client.LedgerEntry.Query().
		Where(ledgerentry.FolderID(f.ID), ledgerentry.UIDValidity(uidValidity), ledgerentry.UIDGT(after)).
		Order(ledgerentry.ByUID()).Limit(limit)
	if waiting {
		q.Where(ledgerentry.StateEQ(ledgerentry.StateSeen))
	}
	rows, err := q.All(ctx)
	return rows, failed("the ledger could not be read", err)
}

func stateOf(s ledgerentry.State) State {
	switch s {
	case ledgerentry.StateSeen:
		return Waiting
	case ledgerentry.StateQuarantined:
		return Quarantined
	}
	return Archived
}

// Begin counts one more attempt and returns its number, from 1.
func (l Ledger) Begin(ctx context.Context, r Ref) (attempt int, err error) {
	err = l.write(ctx, func(ctx context.Context, w *work) error {
		e, err := w.entryFor(ctx, r)
		if err != nil {
			return err
		}
		attempt = e.Attempts + 1
		return e.Update().SetAttempts(attempt).SetChangedAt(w.at).Exec(ctx)
	})
	return attempt, err
}

// Release takes the attempt of Begin back.
func (l Ledger) Release(ctx context.Context, r Ref) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		e, err := w.entryFor(ctx, r)
		if err != nil {
			return err
		}
		return e.Update().SetAttempts(max(0, e.Attempts-1)).SetChangedAt(w.at).Exec(ctx)
	})
}

// Quarantine sets a waiting UID aside, visibly, with the reason in words.
func (l Ledger) Quarantine(ctx context.Context, r Ref, reason string) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		e, err := w.entryFor(ctx, r)
		if err != nil {
			return err
		}
		return w.setAside(ctx, e, r, e.Digest, reason)
	})
}

// Reconciled records the figures of a full comparison; a gap is an event.
func (l Ledger) Reconciled(ctx context.Context, mailbox, name string, r Reconciliation) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		f, err := w.folderFor(ctx, mailbox, name)
		if err != nil {
			return err
		}
		if r.Missing > 0 {
			w.tell(event.Entry{Kind: event.MailboxGap, Mailbox: f.MailboxID,
				Details: event.Details{Folder: name, UIDValidity: r.UIDValidity, Count: r.Missing}})
		}
		return f.Update().SetNillableReconciledAt(nonZero(r.At)).SetOnServer(r.OnServer).SetArchived(r.Archived).
			SetQuarantined(r.Quarantined).SetWaiting(r.Waiting).SetGone(r.Gone).SetMissing(r.Missing).Exec(ctx)
	})
}

// Renumbered records that the server numbered a folder anew. Where it did so
// under the same UIDVALIDITY, the old entries are kept under another folder
// name, since their numbers now mean other messages.
func (l Ledger) Renumbered(ctx context.Context, mailbox, name string, before, after uint32) error {
	return l.write(ctx, func(ctx context.Context, w *work) error {
		f, err := w.folderFor(ctx, mailbox, name)
		if err != nil {
			return err
		}
		w.tell(event.Entry{Kind: event.MailboxRenumbered, Mailbox: f.MailboxID,
			Details: event.Details{Folder: name, UIDValidity: after}})
		if before != after {
			return nil
		}
		// The name is immutable for everybody else: Modify is how ent lets us through.
		kept := fmt.Sprintf("%s (until %s)", name, w.at.Format(time.RFC3339Nano))
		return w.tx.Folder.UpdateOneID(f.ID).SetUIDNext(0).
			Modify(func(u *sql.UpdateBuilder) { u.Set(folder.FieldName, kept) }).Exec(ctx)
	})
}
