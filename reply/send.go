package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyapproval"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/track"
)

// errFreeze says that all is in order, and the message has to be written before
// the command can go on.
var errFreeze = errors.New("the message is to be written first")

// Send sends a draft off: to those who approve it, where the office wants that,
// else to the outbox, where it can be taken back for some seconds. again says
// that its author means to answer a second time.
func (s *Replies) Send(ctx context.Context, on On, again bool) error {
	return s.frozen(ctx, casework.Send, on, func(ctx context.Context, d *deed, f *frozen) error {
		if d.r.State != entreply.StateDraft {
			return d.illegal()
		}
		if err := d.fit(ctx, again); err != nil {
			return err
		}
		if d.Office != nil && d.Office.Approvals > 0 {
			return d.submit(ctx, d.Office.Approvals)
		}
		if f == nil {
			return errFreeze
		}
		return d.queue(ctx, f, d.Me.ID)
	})
}

// frozen carries out a command that may end with a message that is to leave. The
// message is written beside the transaction, which a large one would keep too
// long: between two rounds, of which the second one finds the same content.
func (s *Replies) frozen(ctx context.Context, cmd casework.Command, on On, verb func(ctx context.Context, d *deed, f *frozen) error) error {
	err := s.act(ctx, cmd, on, func(ctx context.Context, d *deed) error { return verb(ctx, d, nil) })
	if !errors.Is(err, errFreeze) {
		return err
	}
	f, err := s.freeze(ctx, on.Reply)
	if err != nil {
		return err
	}
	return s.act(ctx, cmd, on, func(ctx context.Context, d *deed) error {
		files, err := filesOf(ctx, d.Tx.Client(), d.r.ID)
		if err != nil {
			return err
		}
		hash, err := fingerprint(d.r, files)
		if err != nil {
			return err
		}
		if hash != f.hash {
			return d.stale(ctx)
		}
		return verb(ctx, d, f)
	})
}

// submit lets a reply wait for approval.
func (d *deed) submit(ctx context.Context, needed int) error {
	err := d.move(ctx, func(u *ent.ReplyUpdate) {
		u.SetState(entreply.StateWaiting).SetSubmittedByID(d.Me.ID).SetApprovalsNeeded(needed)
	})
	if err != nil {
		return err
	}
	d.r.State = entreply.StateWaiting
	if err := d.rehash(ctx); err != nil {
		return err
	}
	d.tell(event.ReplySubmitted, event.Details{Step: 1})
	return d.askApproval(ctx)
}

// askApproval tells those who may approve: the heads of the office, and of the
// one above where the office has no other.
func (d *deed) askApproval(ctx context.Context) error {
	said, err := d.approvals(ctx)
	if err != nil {
		return err
	}
	done := []int{number(d.r.SubmittedByID), d.Me.ID}
	for _, a := range said {
		done = append(done, a.DecidedByID)
	}
	for office := d.Office; office != nil; {
		heads, err := d.Dossier.Heads(ctx, d.Tx, office.ID)
		if err != nil {
			return err
		}
		asked := slices.DeleteFunc(heads, func(id int) bool { return slices.Contains(done, id) })
		for _, person := range asked {
			if err := d.notify(ctx, notify.ToApprove, person, ""); err != nil {
				return err
			}
		}
		if len(asked) > 0 || office.ParentID == nil {
			return nil
		}
		if office, err = d.Tx.Office.Get(itself(ctx), *office.ParentID); err != nil {
			return err
		}
	}
	return nil
}

func (d *deed) notify(ctx context.Context, kind notify.Kind, person int, text string) error {
	return d.Dossier.Tell(ctx, d.Tx, dossier.Notice{
		Key: fmt.Sprintf("%s:%d:%d:%d", kind, d.r.ID, d.now.UnixMicro(), person), User: person, Case: d.Case, Kind: kind, Actor: d.Me.ID, Text: text,
	})
}

// approvals are those that hold.
func (d *deed) approvals(ctx context.Context) ([]*ent.ReplyApproval, error) {
	return d.Tx.ReplyApproval.Query().Where(replyapproval.ReplyID(d.r.ID), replyapproval.Void(false), replyapproval.Approved(true)).
		Order(replyapproval.ByID()).All(ctx)
}

// Approve says yes to what a reply says (approvazione; the second time
// autorizzazione). With the last one that is needed it leaves.
func (s *Replies) Approve(ctx context.Context, on On, remark string) error {
	if remark = oneLine(remark); len(remark) > mostRemark {
		return invalid("remark", "la nota è troppo lunga", "the remark is too long")
	}
	return s.frozen(ctx, casework.Approve, on, func(ctx context.Context, d *deed, f *frozen) error {
		said, err := d.mayDecide(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(said, func(a *ent.ReplyApproval) bool { return a.DecidedByID == d.Me.ID }) {
			return errAnother
		}
		files, err := filesOf(ctx, d.Tx.Client(), d.r.ID)
		if err != nil {
			return err
		}
		if hash, err := fingerprint(d.r, files); err != nil || hash != d.r.ContentHash {
			return errorOr(err, d.stale(ctx))
		}
		last := len(said)+1 >= d.r.ApprovalsNeeded
		if last && f == nil {
			return errorOr(d.fit(ctx, true), errFreeze)
		}
		if err := d.decide(ctx, len(said)+1, true, remark); err != nil {
			return err
		}
		d.tell(event.ReplyApproved, event.Details{Step: len(said) + 1})
		if !last {
			return d.askApproval(ctx)
		}
		return d.queue(ctx, f, number(d.r.SubmittedByID))
	})
}

const mostRemark = 2000

// SendBack gives a reply back to its author, with a remark.
func (s *Replies) SendBack(ctx context.Context, on On, remark string) error {
	if remark = oneLine(remark); remark == "" || len(remark) > mostRemark {
		return &casework.Refused{Code: casework.ReasonNeeded, Path: "remark", Italian: "serve una nota", English: "say why"}
	}
	return s.act(ctx, casework.Approve, on, func(ctx context.Context, d *deed) error {
		said, err := d.mayDecide(ctx)
		if err != nil {
			return err
		}
		submitter := number(d.r.SubmittedByID)
		if err := d.decide(ctx, len(said)+1, false, remark); err != nil {
			return err
		}
		if _, err := d.Tx.ReplyApproval.Update().Where(replyapproval.ReplyID(d.r.ID)).SetVoid(true).Save(ctx); err != nil {
			return err
		}
		d.tell(event.ReplySentBack, event.Details{Step: len(said) + 1})
		err = d.move(ctx, func(u *ent.ReplyUpdate) { u.SetState(entreply.StateDraft).ClearSubmittedBy().SetContentHash("") })
		if err != nil {
			return err
		}
		return d.notify(ctx, notify.SentBack, submitter, remark)
	})
}

// errAnother: nobody approves what he sent off, nor twice.
var errAnother = &casework.Refused{
	Code: casework.Forbidden, Italian: "deve approvarla un'altra persona", English: "somebody else has to approve it",
}

// mayDecide refuses who has sent it off, and tells the approvals that hold. Who
// has approved it may still send it back.
func (d *deed) mayDecide(ctx context.Context) ([]*ent.ReplyApproval, error) {
	if d.r.State != entreply.StateWaiting {
		return nil, d.illegal()
	}
	if number(d.r.SubmittedByID) == d.Me.ID {
		return nil, errAnother
	}
	return d.approvals(ctx)
}

func (d *deed) decide(ctx context.Context, step int, approved bool, remark string) error {
	return d.Tx.ReplyApproval.Create().SetReplyID(d.r.ID).SetCaseID(d.r.CaseID).SetStep(step).SetDecidedByID(d.Me.ID).SetDecidedAt(d.now).
		SetApproved(approved).SetContentHash(d.r.ContentHash).SetRemark(remark).Exec(ctx)
}

// queue hands a frozen reply to the outbox. A reply that concludes lets its case
// wait for it.
func (d *deed) queue(ctx context.Context, f *frozen, by int) error {
	at := d.now.Add(d.Hold)
	err := d.move(ctx, func(u *ent.ReplyUpdate) {
		u.SetState(entreply.StateQueued).SetSubmittedByID(by).SetContentHash(f.hash).SetMessageID(f.id).SetDigest(string(f.digest)).SetSize(f.size).
			SetSendAt(at).SetAttempts(0).ClearDotAt().SetLastError("")
	})
	if err != nil {
		return err
	}
	details := event.Details{Due: &at}
	if d.r.Concludes && d.Case.Status != casefile.StatusAnswering {
		err := d.caseGoes(ctx, casefile.StatusAnswering, &details)
		if err != nil {
			return err
		}
	}
	d.tell(event.ReplyQueued, details)
	return nil
}

// caseGoes moves the case, as it is read here, to a status.
func (d *deed) caseGoes(ctx context.Context, to casefile.Status, details *event.Details) error {
	after, err := d.Dossier.Change(ctx, d.Tx, d.Case, func(u *ent.CaseFileUpdate) { u.SetStatus(to) })
	if err != nil {
		return err
	}
	details.From, details.To, details.Version = string(d.Case.Status), string(after.Status), after.Version
	return nil
}

// Withdraw takes back what waits for approval, or has not been tried yet: it is a
// draft again.
func (s *Replies) Withdraw(ctx context.Context, id int) error {
	return s.act(ctx, casework.Send, On{Reply: id}, func(ctx context.Context, d *deed) error {
		if err := d.mayWithdraw(); err != nil {
			return err
		}
		err := d.move(ctx, func(u *ent.ReplyUpdate) {
			u.SetState(entreply.StateDraft).ClearSubmittedBy().ClearMessageID().SetDigest("").SetSize(0).SetSendAt(dossier.Never).SetContentHash("").
				AddVersion(1).SetEditedByID(d.Me.ID).SetEditedAt(d.now).Where(entreply.OutgoingIDIsNil(), entreply.Fence(d.r.Fence))
		})
		if err != nil {
			return err
		}
		if _, err := d.Tx.ReplyApproval.Update().Where(replyapproval.ReplyID(id)).SetVoid(true).Save(ctx); err != nil {
			return err
		}
		details := event.Details{}
		if d.r.Concludes && d.Case.Status == casefile.StatusAnswering {
			others, err := d.Tx.Reply.Query().Where(entreply.CaseID(d.r.CaseID), entreply.IDNEQ(id), entreply.Concludes(true),
				entreply.StateIn(entreply.StateQueued, entreply.StateSending, entreply.StateUncertain, entreply.StateSent)).Exist(ctx)
			if err == nil && !others {
				err = d.caseGoes(ctx, dossier.Resting(d.Case), &details)
			}
			if err != nil {
				return err
			}
		}
		d.tell(event.ReplyWithdrawn, details)
		return nil
	})
}

func (d *deed) mayWithdraw() error {
	switch d.r.State {
	case entreply.StateWaiting:
		return nil
	case entreply.StateDraft, entreply.StateDiscarded:
		return d.illegal()
	case entreply.StateQueued:
		if d.r.OutgoingID == nil {
			return nil
		}
	case entreply.StateSending, entreply.StateUncertain, entreply.StateSent, entreply.StateRefused:
	}
	return &casework.Refused{
		Code: casework.Illegal, Italian: "è già partita: non si può più annullare", English: "it has left already: it cannot be taken back",
	}
}

// Decision is what a person makes of a reply of which nobody knows whether it
// was sent, or that waits for another try.
type Decision string

// The decisions.
const (
	Resend Decision = "RESEND"  // the same message again, with its Message-ID
	IsSent Decision = "SENT"    // it is known to have been sent
	GiveUp Decision = "GIVE_UP" // it is not sent any more
)

// Decide ends what evidence did not: once the provider should have said by now
// whether it has the message.
func (s *Replies) Decide(ctx context.Context, id int, what Decision) error {
	return s.act(ctx, casework.Send, On{Reply: id}, func(ctx context.Context, d *deed) error {
		uncertain, delayed := d.r.State == entreply.StateUncertain, d.r.State == entreply.StateQueued && d.r.OutgoingID != nil
		if !uncertain && (!delayed || what == IsSent) {
			return d.illegal()
		}
		if uncertain {
			if err := d.patience(ctx); err != nil {
				return err
			}
		}
		switch what {
		case Resend:
			return d.resend(ctx)
		case IsSent:
			told, err := d.Track.Sent(ctx, d.Tx, id, entreply.SettledByPerson, "")
			d.events = append(d.events, told...)
			return err
		case GiveUp:
			told, err := d.Track.Refused(ctx, d.Tx, id, entreply.SettledByPerson, "una persona ha deciso di non inviarla")
			d.events = append(d.events, told...)
			return err
		}
		return invalid("decision", "la decisione manca", "say what is to be done")
	})
}

// DecidableAt is from when a person may decide what became of a reply; nil unless it
// is uncertain.
func DecidableAt(r *ent.Reply) *time.Time {
	if r.State != entreply.StateUncertain {
		return nil
	}
	from := r.EditedAt // the program does not know that it sent the dot: nothing is waited for
	if r.DotAt != nil {
		from = r.DotAt.Add(track.AcceptanceWithin)
	}
	return &from
}

// patience refuses to decide while the acceptance may still come.
func (d *deed) patience(ctx context.Context) error {
	missed, err := d.Tx.Recipient.Query().
		Where(recipient.MessageID(number(d.r.OutgoingID)), recipient.MissingEQ(recipient.MissingAcceptance)).Exist(itself(ctx))
	from := DecidableAt(d.r)
	if err != nil || missed || from == nil || !d.now.Before(*from) {
		return err
	}
	until := from.In(d.Zone).Format("15:04")
	return &casework.Refused{
		Code: casework.Unavailable, Italian: "la ricevuta di accettazione può ancora arrivare: si decide dopo le " + until,
		English: "the acceptance may still come: decide after " + until,
	}
}

func (d *deed) resend(ctx context.Context) error {
	now := d.now
	err := d.move(ctx, func(u *ent.ReplyUpdate) {
		u.SetState(entreply.StateQueued).SetSendAt(now).SetAttempts(0).ClearDotAt().AddFence(1).ClearLeasedUntil().Where(entreply.Fence(d.r.Fence))
	})
	if err != nil {
		return err
	}
	d.tell(event.ReplyQueued, event.Details{Due: &now, How: "resend"})
	return nil
}

// Again begins a new draft that says what another one said: one that was
// refused, for instance. It gives the draft's id.
func (s *Replies) Again(ctx context.Context, id int) (created int, err error) {
	err = s.act(ctx, casework.Write, On{Reply: id}, func(ctx context.Context, d *deed) error {
		var q *quoted
		if d.r.AnswersID != nil {
			q = &quoted{m: &ent.Message{ID: *d.r.AnswersID}}
		}
		n, err := s.create(ctx, d.Act, contentOf(d.r), d.r.Manner, q)
		if err != nil {
			return err
		}
		files, err := filesOf(ctx, d.Tx.Client(), id)
		if err != nil {
			return err
		}
		for _, f := range files {
			err := d.Tx.ReplyFile.Create().SetReplyID(n.r.ID).SetCaseID(n.r.CaseID).SetName(f.Name).SetMediaType(f.MediaType).SetContentID(f.ContentID).
				SetSize(f.Size).SetSha256(f.Sha256).SetNillableAttachmentID(f.AttachmentID).SetScan(f.Scan).SetScanText(f.ScanText).
				SetAddedByID(d.Me.ID).SetAddedAt(d.now).Exec(ctx)
			if err != nil {
				return err
			}
		}
		d.events, created = append(d.events, n.events...), n.r.ID
		return nil
	})
	return created, err
}

// Position is how many are to leave from the mailbox before a reply, and when
// that is at the earliest: nil when it is not in the queue.
func (s *Replies) Position(ctx context.Context, r *ent.Reply) (*int, error) {
	if r.State != entreply.StateQueued {
		return nil, nil
	}
	n, err := s.Client.Reply.Query().Where(entreply.MailboxID(r.MailboxID), entreply.StateEQ(entreply.StateQueued), entreply.Or(
		entreply.SendAtLT(r.SendAt), entreply.And(entreply.SendAt(r.SendAt), entreply.IDLT(r.ID)))).Count(itself(ctx))
	return &n, err
}

func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// viewer is the person who asks; 0 for the program.
func viewer(ctx context.Context) int {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	return p.ID
}
