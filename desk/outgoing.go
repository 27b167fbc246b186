package desk

import (
	"context"
	"fmt"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
)

// enterOutgoing puts one of our own into the case it belongs to, with the
// receipts that came before it.
func (w *work) enterOutgoing(ctx context.Context, in intake, m *ent.Message) error {
	w.tell(w.about(event.OutgoingArchived, in, m))
	of, told, err := w.Track.Copy(ctx, w.tx, m)
	w.tell(told...)
	if err != nil {
		return err
	}
	if of != nil { // a copy, as the provider keeps it, of a reply: its receipts are with that
		return w.beside(ctx, m, of)
	}
	answered, err := w.answered(ctx, m)
	if err != nil {
		return err
	}
	if answered != nil && answered.CaseID != nil {
		if err := w.follow(ctx, m, *answered.CaseID); err != nil {
			return err
		}
	}
	if err := w.Track.Await(ctx, w.tx, m, true); err != nil {
		return err
	}
	if err := w.claim(ctx, m); err != nil {
		return err
	}
	return w.adoptedBy(ctx, m)
}

// beside puts a copy into the case of what it is a copy of.
func (w *work) beside(ctx context.Context, m, of *ent.Message) error {
	if of.CaseID == nil {
		return nil
	}
	return w.follow(ctx, m, *of.CaseID)
}

// Departure is a message of ours that was read and is to be sent.
type Departure struct {
	desk *Desk
	in   intake
}

// Prepare reads an archived message that is to be sent from a mailbox.
func (d *Desk) Prepare(ctx context.Context, mailbox string, digest archive.Digest, size int64) (*Departure, error) {
	box, err := d.mailbox(ctx, mailbox)
	if err != nil {
		return nil, err
	}
	in := intake{Arrival: Arrival{Ref: Ref{Mailbox: mailbox}, Size: size}, original: original{digest, size}, box: box, sent: true}
	if in.read, err = d.understand(ctx, in); err != nil {
		return nil, err
	}
	return &Departure{desk: d, in: in}, nil
}

// Enter records it, in the case it belongs to, in the transaction that begins
// to send it: whatever receipt comes, and however soon, finds it.
func (p *Departure) Enter(ctx context.Context, tx *ent.Tx, caseID int) (*ent.Message, []event.Entry, error) {
	w := &work{Desk: p.desk, tx: tx, at: p.desk.now()}
	if err := w.takeTurn(ctx); err != nil {
		return nil, nil, err
	}
	m, err := tx.Message.Query().Where(message.Digest(string(p.in.digest))).Only(ctx)
	if err == nil || !ent.IsNotFound(err) {
		return m, nil, err
	}
	c, err := w.standing(ctx, caseID)
	if err != nil {
		return nil, nil, err
	}
	if m, err = w.row(p.in, true).SetCaseID(c.ID).Save(ctx); err != nil {
		return nil, nil, fmt.Errorf("write message %s: %w", p.in.digest, err)
	}
	if err := w.attach(ctx, m, p.in.read); err != nil {
		return nil, nil, err
	}
	if err := w.Track.Await(ctx, tx, m, false); err != nil {
		return nil, nil, err
	}
	err = w.claim(ctx, m)
	return m, w.events, err
}

// OpenOwn opens a case for a PEC of ours that answers nothing: in an office,
// with who writes it.
func (d *Desk) OpenOwn(ctx context.Context, tx *ent.Tx, office, mailbox, assignee int, subject string) (*ent.CaseFile, []event.Entry, error) {
	w := &work{Desk: d, tx: tx, at: d.now()}
	number, err := w.number(ctx)
	if err != nil {
		return nil, nil, err
	}
	c, err := d.Dossier.Open(ctx, tx, tx.CaseFile.Create().SetNumber(number).SetOpenedBy("own:"+number).SetSubject(cut(subject, maxText)).
		SetRouteReason(openedHere).SetReceivedAt(w.at).SetChangedAt(w.at).SetMailboxID(mailbox).
		SetStatus(casefile.StatusInProgress).SetOfficeID(office).SetAssigneeID(assignee))
	if err != nil {
		return nil, nil, err
	}
	w.tell(event.Entry{Kind: event.CaseOpened, Case: c.ID, Mailbox: mailbox, Office: office, Details: event.Details{Version: c.Version}},
		event.Entry{Kind: event.CaseAssigned, Case: c.ID, Office: office, Person: assignee, Details: event.Details{How: "own", Version: c.Version}})
	return c, w.events, nil
}
