package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
)

// errFenced says that another instance has taken over, or that the reply was
// settled meanwhile.
var errFenced = errors.New("this try was overtaken: nothing is sent")

// empty sends what is due from a mailbox, one after the other.
func (o *Outbox) empty(ctx context.Context, box int) error {
	row, err := o.Client.Mailbox.Get(ctx, box)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if full, err := o.full(ctx, row); full || err != nil {
			return err
		}
		r, err := o.Client.Reply.Query().Where(due(o.now()), reply.MailboxID(box)).Order(reply.BySendAt(), reply.ByID()).First(ctx)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := o.try(ctx, row, r); err != nil {
			return fmt.Errorf("send reply %d: %w", r.ID, err)
		}
	}
	return nil
}

// full tells whether the provider of a mailbox takes no more in this hour.
func (o *Outbox) full(ctx context.Context, box *ent.Mailbox) (bool, error) {
	if box.Hourly <= 0 {
		return false, nil
	}
	n, err := o.Client.Reply.Query().Where(reply.MailboxID(box.ID), reply.DotAtGT(o.now().Add(-time.Hour))).Count(ctx)
	return n >= box.Hourly, err
}

// attempt is one try of a reply, under its fence.
type attempt struct {
	*Outbox
	id, fence, number int
	message           string // its Message-ID
	dotted            bool   // that the dot is sent was committed
}

// try offers a reply to the provider, and keeps what came of it.
func (o *Outbox) try(ctx context.Context, box *ent.Mailbox, r *ent.Reply) error {
	departure, err := o.Desk.Prepare(ctx, box.Address, archive.Digest(r.Digest), r.Size)
	if err != nil {
		return errors.Join(err, o.postpone(ctx, r))
	}
	forgotten, err := o.forgotten(ctx, r)
	if err != nil {
		return err
	}
	a, to, err := o.begin(ctx, r.ID, departure, forgotten)
	if err != nil || a == nil {
		return err
	}
	answer, err := a.submit(ctx, box, r, to)
	return a.settle(ctx, answer, err)
}

// postpone lets the others of the mailbox go first, when what is to be sent
// cannot be read for now.
func (o *Outbox) postpone(ctx context.Context, r *ent.Reply) error {
	const reason = "il messaggio da inviare non si può leggere dall'archivio"
	return o.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if r.Attempts+1 >= tries {
			return o.Track.Refused(ctx, tx, r.ID, reply.SettledByAnswer, reason)
		}
		at := o.now().Add(wait(r.Attempts + 1))
		n, err := tx.Reply.Update().Where(reply.ID(r.ID), reply.Fence(r.Fence), due(o.now())).AddAttempts(1).SetSendAt(at).SetLastError(reason).Save(ctx)
		if err != nil || n == 0 {
			return nil, err
		}
		return []event.Entry{{Kind: event.ReplyDelayed, Case: r.CaseID, Details: event.Details{Reply: r.ID, Due: &at, Reason: reason}}}, nil
	})
}

// begin takes a reply for one try: nil when another instance was quicker, or
// somebody took it back. Its message is recorded before anything leaves. What the
// database forgot to have sent is uncertain.
func (o *Outbox) begin(ctx context.Context, id int, departure Departure, forgotten bool) (a *attempt, to []string, err error) {
	err = o.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		a = nil
		still, err := tx.Reply.Query().Where(due(o.now()), reply.ID(id)).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		m, told, err := departure.Enter(ctx, tx, still.CaseID)
		if err != nil {
			return nil, err
		}
		n, err := tx.Reply.Update().Where(due(o.now()), reply.ID(id), reply.Fence(still.Fence)).SetState(reply.StateSending).
			SetOutgoingID(m.ID).AddFence(1).AddAttempts(1).SetLeasedUntil(o.now().Add(o.Lease)).ClearDotAt().Save(ctx)
		if err != nil || n == 0 {
			return nil, errorOr(err, errFenced)
		}
		if forgotten {
			more, err := o.Track.Uncertain(ctx, tx, id, "secondo l'archivio era già partita, e la base di dati non lo sa: è stata ripristinata da una copia?")
			return append(told, more...), err
		}
		a, to = &attempt{Outbox: o, id: id, message: *still.MessageID, fence: still.Fence + 1, number: still.Attempts + 1}, recipients(m)
		return told, nil
	})
	if errors.Is(err, errFenced) {
		return nil, nil, nil
	}
	return a, to, err
}

func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// recipients are all addressees of a message, each once.
func recipients(m *ent.Message) []string {
	var list []string
	seen := map[string]bool{}
	for _, a := range append(m.Recipients, m.Copies...) {
		if !seen[a.Address] {
			seen[a.Address] = true
			list = append(list, a.Address)
		}
	}
	return list
}

// submit hands the message over. A program that stops breaks off before the
// dot; after it, it waits a little for the answer.
func (a *attempt) submit(ctx context.Context, box *ent.Mailbox, r *ent.Reply, to []string) (string, error) {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	dotted := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
		case <-working.Done():
			return
		}
		select {
		case <-dotted:
			wait := time.NewTimer(graceTime)
			defer wait.Stop()
			select {
			case <-wait.C:
			case <-working.Done():
			}
		default:
		}
		stop()
	}()
	go a.keepAlive(working)
	return a.Submit(working, box.Address, Letter{
		To: to, Size: r.Size,
		Open: func() (io.ReadCloser, error) {
			blob, err := a.Archive.Open(working, archive.Digest(r.Digest))
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{io.NewSectionReader(blob, 0, blob.Size()), blob}, nil
		},
		Dot: func(ctx context.Context) error {
			err := a.dot(ctx)
			if err == nil {
				close(dotted)
			}
			return err
		},
	})
}

// keepAlive holds the lease of a try while it goes on.
func (a *attempt) keepAlive(ctx context.Context) {
	tick := time.NewTicker(a.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := a.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			return nil, tx.Reply.Update().Where(a.mine()...).SetLeasedUntil(a.now().Add(a.Lease)).Exec(ctx)
		})
		if err != nil && ctx.Err() == nil {
			a.Logger.WarnContext(ctx, "the lease of a sending could not be held", "reply", a.id, "error", err)
		}
	}
}

// mine holds while this try is the one that counts.
func (a *attempt) mine() []predicate.Reply {
	return []predicate.Reply{reply.ID(a.id), reply.Fence(a.fence), reply.StateEQ(reply.StateSending)}
}

// dot commits that the final dot is about to be sent, unless this try was
// overtaken. What is not certain to be committed counts as committed, and the dot is not sent.
func (a *attempt) dot(ctx context.Context) error {
	err := a.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		n, err := tx.Reply.Update().Where(append(a.mine(), reply.DotAtIsNil())...).SetDotAt(a.now()).SetLeasedUntil(a.now().Add(a.Lease)).Save(ctx)
		if err != nil || n == 0 {
			return nil, errorOr(err, errFenced)
		}
		return nil, nil
	})
	if err != nil {
		return err
	}
	if _, _, err := a.Archive.Put(ctx, strings.NewReader(mark(a.message))); err != nil {
		return fmt.Errorf("keep in the archive that it is sent: %w", err)
	}
	a.dotted = true
	return nil
}

// mark is what stands in the archive from the moment at which the final dot of a
// message is sent: it is still there when the database comes back from a backup.
func mark(messageID string) string { return "Smista sends the final dot of " + messageID + "\n" }

// forgotten tells whether the archive knows of a dot of which the database does
// not: when a person had it sent again, it does.
func (o *Outbox) forgotten(ctx context.Context, r *ent.Reply) (bool, error) {
	if again := r.OutgoingID != nil && r.Attempts == 0; again || r.MessageID == nil {
		return false, nil
	}
	sum := sha256.Sum256([]byte(mark(*r.MessageID)))
	blob, err := o.Archive.Open(ctx, archive.Digest(hex.EncodeToString(sum[:])))
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look in the archive whether it was sent: %w", err)
	}
	return true, blob.Close()
}

// settle keeps what came of a try. When this fails, or the program dies before
// it, the lease ends and another instance sees to it.
func (a *attempt) settle(ctx context.Context, answer string, sent error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	err := a.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if sent == nil { // even when overtaken: what the provider said is true
			return a.Track.Sent(ctx, tx, a.id, reply.SettledByAnswer, answer)
		}
		still, err := tx.Reply.Query().Where(a.mine()...).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, nil // settled by evidence, or overtaken
		}
		if err != nil {
			return nil, err
		}
		return a.failed(ctx, tx, still, sent)
	})
	if err != nil {
		return fmt.Errorf("keep what came of it: %w", err)
	}
	return nil
}

func (a *attempt) failed(ctx context.Context, tx *ent.Tx, still *ent.Reply, sent error) ([]event.Entry, error) {
	if refused, ok := errors.AsType[*Refused](sent); ok {
		return a.Track.Refused(ctx, tx, a.id, reply.SettledByAnswer, refused.Reason)
	}
	notTaken, certain := errors.AsType[*NotTaken](sent)
	switch {
	case a.dotted && !certain:
		return a.Track.Uncertain(ctx, tx, a.id, reasonOf(sent))
	case certain && notTaken.Permanent, a.number >= tries:
		return a.Track.Refused(ctx, tx, a.id, reply.SettledByAnswer, reasonOf(sent))
	}
	at := a.now().Add(wait(a.number))
	err := tx.Reply.Update().Where(a.mine()...).SetState(reply.StateQueued).SetSendAt(at).SetLastError(reasonOf(sent)).
		ClearLeasedUntil().ClearDotAt().Exec(ctx)
	return []event.Entry{{Kind: event.ReplyDelayed, Case: still.CaseID, Message: number(still.OutgoingID), Details: event.Details{
		Reply: a.id, Due: &at, Reason: reasonOf(sent)}}}, err
}

// reasonOf is what may be shown of why a try came to nothing.
func reasonOf(err error) string {
	if notTaken, ok := errors.AsType[*NotTaken](err); ok {
		return notTaken.Reason
	}
	const most = 300
	text := err.Error()
	return text[:min(len(text), most)]
}

// wait is how long until another try: half a minute, twice as long each time,
// four hours at most.
func wait(attempt int) time.Duration {
	return min(30*time.Second<<min(attempt-1, 20), 4*time.Hour)
}

func number(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// recover sees to tries whose instance died over them, or fell asleep: before
// the dot they begin anew, after it nobody knows.
func (o *Outbox) recover(ctx context.Context) error {
	abandoned := []predicate.Reply{reply.StateEQ(reply.StateSending), reply.LeasedUntilLTE(o.now())}
	rows, err := o.Client.Reply.Query().Where(abandoned...).Order(reply.ByID()).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("look for tries that came to no end: %w", err)
	}
	for _, r := range rows {
		still := append([]predicate.Reply{reply.ID(r.ID), reply.Fence(r.Fence)}, abandoned...)
		err := o.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			row, err := tx.Reply.Query().Where(still...).Only(ctx)
			switch {
			case ent.IsNotFound(err):
				return nil, nil
			case err != nil:
				return nil, err
			case row.DotAt != nil:
				return o.Track.Uncertain(ctx, tx, r.ID, "il programma si è interrotto prima di ricevere la risposta del gestore")
			}
			return nil, tx.Reply.Update().Where(append(still, reply.DotAtIsNil())...).
				SetState(reply.StateQueued).SetSendAt(o.now()).AddFence(1).ClearLeasedUntil().Exec(ctx)
		})
		if err != nil {
			return fmt.Errorf("see to reply %d: %w", r.ID, err)
		}
	}
	return nil
}
