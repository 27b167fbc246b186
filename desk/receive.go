package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/pec"
)

// Ref names one message on one server for ever (RFC 9051 §2.3.1.1): the
// mailbox's address, the folder, and the UID under its UIDVALIDITY. An imported
// message has no folder and no numbers, and its mailbox may be empty.
type Ref struct {
	Mailbox, Folder  string
	UIDValidity, UID uint32
}

// Arrival is what the server says about a message that is being received.
type Arrival struct {
	Ref
	Received time.Time // INTERNALDATE; zero when there is none
	Size     int64     // bytes, as announced
}

// Received says what became of a message.
type Received struct {
	Message     int // its id; zero when quarantined
	Kind        pec.Kind
	Verdict     string // smime.Status
	Known       bool   // the same bytes were there before
	Quarantined string // why it could not be taken in, in words
}

// Receive takes in one collected message: the original is archived, read and
// judged, and recorded with its links. An error says that the message must be
// given again; whatever is wrong with the message itself is recorded, with nil.
func (d *Desk) Receive(ctx context.Context, a Arrival, r io.Reader) error {
	_, err := d.receive(ctx, a, false, r)
	return err
}

// Import takes in one existing message of a mailbox, or of none. sent says that
// we wrote it.
func (d *Desk) Import(ctx context.Context, mailbox string, sent bool, r io.Reader) (Received, error) {
	return d.receive(ctx, Arrival{Ref: Ref{Mailbox: mailbox}}, sent, r)
}

// original is an archived message.
type original struct {
	digest archive.Digest
	size   int64
}

func (d *Desk) receive(ctx context.Context, a Arrival, sent bool, r io.Reader) (Received, error) {
	box, err := d.mailbox(ctx, a.Mailbox)
	if err != nil {
		return Received{}, err
	}
	from, err := d.folder(ctx, a.Mailbox, a.Folder)
	if err != nil {
		return Received{}, err
	}
	in := intake{Arrival: a, box: box, sent: sent || from != nil && from.Sent}
	if in.digest, in.size, err = d.Archive.Put(ctx, r); err != nil {
		return Received{}, failed("the original could not be archived", err)
	}
	if err := d.noteDigest(ctx, in); err != nil {
		return Received{}, err
	}
	return d.takeIn(ctx, in)
}

// takeIn understands an archived original and records it.
func (d *Desk) takeIn(ctx context.Context, in intake) (Received, error) {
	known, err := d.Client.Message.Query().Where(message.Digest(string(in.digest))).Exist(ctx)
	if err != nil {
		return Received{}, failed("the database did not answer", err)
	}
	if !known {
		in.read, err = d.understand(ctx, in)
	}
	if crash, ok := errors.AsType[*parseCrash](err); ok {
		return Received{Quarantined: crash.Error()}, d.setAside(ctx, in, crash.Error())
	}
	if err != nil {
		return Received{}, err
	}
	return d.record(ctx, in)
}

// parseCrash is a fault of the program that one message brought to light.
type parseCrash struct{ value string }

func (c *parseCrash) Error() string {
	return "the program failed while reading it (" + c.value + "); the original is archived and will be read again after a correction"
}

// understand reads and judges the archived bytes. An error is about the archive
// or ctx, or is a *parseCrash.
func (d *Desk) understand(ctx context.Context, in intake) (m *pec.Message, err error) {
	blob, err := d.Archive.Open(ctx, in.digest)
	if err != nil {
		return nil, failed("the archived original could not be opened", err)
	}
	defer func() { err = errors.Join(err, blob.Close()) }()
	defer func() {
		if v := recover(); v != nil {
			err = &parseCrash{value: cut(fmt.Sprintf("%v at %s", v, where(debug.Stack())), 300)}
		}
	}()
	m, err = d.read(ctx, blob, pec.Options{Verifier: d.Verifier, Received: in.Received})
	return m, failed("the archived original could not be read", err)
}

// noteDigest ties the archived bytes to the UID before they are read, when an
// earlier attempt did not come to an end: should this one kill the process too,
// the quarantined entry still leads to its original.
func (d *Desk) noteDigest(ctx context.Context, in intake) error {
	if in.UID == 0 {
		return nil
	}
	entry, err := d.entry(ctx, in.Ref)
	if err != nil || entry == nil || entry.Attempts < 2 || entry.Digest != "" {
		return err
	}
	return d.change(ctx, "the ledger could not be written", func(ctx context.Context, w *work) error {
		return w.tx.LedgerEntry.Update().Where(ledgerentry.ID(entry.ID), ledgerentry.StateEQ(ledgerentry.StateSeen)).
			SetDigest(string(in.digest)).SetNillableReceivedAt(nonZero(in.Received)).SetChangedAt(w.at).Exec(ctx)
	})
}
