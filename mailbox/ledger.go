package mailbox

import (
	"context"
	"io"
	"time"
)

// Ref names one message on one server for ever (RFC 9051 §2.3.1.1): the
// account's address, the folder, and the UID under its UIDVALIDITY.
type Ref struct {
	Mailbox, Folder  string
	UIDValidity, UID uint32
}

// Arrival is what the server says about a message that is being collected.
type Arrival struct {
	Ref
	Received time.Time // INTERNALDATE: when the server took it in
	Size     int64     // RFC822.SIZE in bytes, as announced; what r yields is the truth
}

// Deliver takes one whole message.
//
// r ends with io.EOF only when the whole literal came and the server's tagged
// OK was read; with any other error the message must be forgotten, and Deliver
// returns that error, wrapped. Returning nil means: archived and recorded for
// ever. A message that cannot be understood is the receiver's to record as
// such, with nil. An error of its own (disk, database) leaves the message
// waiting for a later cycle, after the others; it never leads to quarantine. A
// panic does, after a few attempts.
//
// It is called for one message of an account at a time, and again for the same
// one after a crash: it must be idempotent by Ref.
type Deliver func(ctx context.Context, a Arrival, r io.Reader) error

// Ledger remembers what was seen on the servers and what became of it, so that
// nothing is lost across crashes. Every method is durable when it returns nil.
//
// A UID is waiting from Seen until Deliver (the receiver marks it archived in
// the transaction that records the message) or Quarantine.
type Ledger interface {
	// Folder gives what was saved last; the zero value when never seen.
	Folder(ctx context.Context, mailbox, folder string) (FolderState, error)
	SaveFolder(ctx context.Context, mailbox, folder string, s FolderState) error

	// Seen adds UIDs, ascending, as waiting; those already known stay as they are.
	Seen(ctx context.Context, mailbox, folder string, uidValidity uint32, uids []uint32) error
	// Pending lists up to limit waiting UIDs greater than after, ascending.
	Pending(ctx context.Context, mailbox, folder string, uidValidity, after uint32, limit int) ([]Entry, error)
	// Begin counts one more attempt, committed before the message's bytes are
	// handed over, so that a crash counts too; it returns the number of this attempt, from 1.
	Begin(ctx context.Context, r Ref) (attempt int, err error)
	// Release takes the attempt of Begin back: the failure was not the
	// message's (shutdown, disk, database).
	Release(ctx context.Context, r Ref) error
	// Quarantine sets a waiting UID aside, visibly, with the reason in words.
	// It is not tried again until the receiver makes it waiting again with no attempts.
	Quarantine(ctx context.Context, r Ref, reason string) error

	// Known pages through every UID ever seen greater than after, ascending, up to limit.
	Known(ctx context.Context, mailbox, folder string, uidValidity, after uint32, limit int) ([]Known, error)
	// Reconciled records the figures of a full comparison with the server.
	// r.Missing > 0 is an alarm to the administrator.
	Reconciled(ctx context.Context, mailbox, folder string, r Reconciliation) error
	// Renumbered records that the server gave the folder new numbers
	// (UIDVALIDITY changed) or took numbers back (UIDNEXT fell: then before ==
	// now, and every UID of it must be forgotten, or kept under another name,
	// so that Known and Pending are empty again). All is collected again
	// and the receiver finds the copies by their digest. An event to the administrator.
	Renumbered(ctx context.Context, mailbox, folder string, before, now uint32) error
}

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

// Reconciliation compares the server's list with the ledger, after the
// collection that followed. OnServer is the sum of Archived, Quarantined and Waiting.
type Reconciliation struct {
	At                             time.Time
	UIDValidity                    uint32
	OnServer                       int // messages the server lists
	Archived, Quarantined, Waiting int // of those
	Missing                        int // were on the server below the cursor and unknown to the ledger: a gap, now closed by collecting them
	Gone                           int // in the ledger and no longer on the server: deleted by somebody else
}
