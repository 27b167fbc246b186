package reply

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/message"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyapproval"
	"github.com/smista/smista/ent/replyeditor"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/ent/replyversion"
	"github.com/smista/smista/event"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/pec"
)

const (
	// PresenceTime is how long somebody counts as having a draft open, as of a case.
	PresenceTime = casework.PresenceTime
	// stretch bounds what is one version: so long, of one person, without a longer
	// pause than pause.
	stretch, pause = 10 * time.Minute, 2 * time.Minute
	mostFiles      = letter.MaxFiles
)

// Save keeps what a draft says now. Of a reply that waits for approval it voids
// what was approved; saved by its author, it waits no longer.
func (s *Replies) Save(ctx context.Context, on On, c Content) error {
	c, err := c.tidied()
	if err != nil {
		return err
	}
	return s.edit(ctx, on, func(ctx context.Context, d *deed) error {
		if c.Mailbox != d.r.MailboxID {
			if err := s.mayUse(ctx, d.Tx, c.Mailbox, number(d.Case.OfficeID), d.r); err != nil {
				return err
			}
		}
		return d.change(ctx, func(u *ent.ReplyUpdate) {
			u.SetMailboxID(c.Mailbox).SetTo(c.To).SetCc(c.Cc).SetSubject(c.Subject).SetHTML(c.HTML).SetReceipt(c.Receipt).SetConcludes(c.Concludes)
		})
	})
}

// edit lets somebody change what a reply says: whoever writes on its case, and
// while it waits for approval, those who approve.
func (s *Replies) edit(ctx context.Context, on On, verb func(ctx context.Context, d *deed) error) error {
	cmd, err := s.editing(ctx, on.Reply)
	if err != nil {
		return err
	}
	return s.act(ctx, cmd, on, func(ctx context.Context, d *deed) error {
		approving := cmd == casework.Approve
		if approving != (d.r.State == entreply.StateWaiting && number(d.r.SubmittedByID) != d.Me.ID) {
			return d.stale(ctx)
		}
		if d.r.State != entreply.StateDraft && d.r.State != entreply.StateWaiting {
			return d.illegal()
		}
		return verb(ctx, d)
	})
}

// editing is the command by which the viewer would change a reply.
func (s *Replies) editing(ctx context.Context, id int) (casework.Command, error) {
	r, err := s.Client.Reply.Get(ctx, id)
	if ent.IsNotFound(err) {
		return "", notFound()
	}
	if err != nil {
		return "", err
	}
	if r.State == entreply.StateWaiting && number(r.SubmittedByID) != viewer(ctx) {
		return casework.Approve, nil
	}
	return casework.Write, nil
}

// change writes a new version of what the reply says.
func (d *deed) change(ctx context.Context, edit func(u *ent.ReplyUpdate)) error {
	waiting := d.r.State == entreply.StateWaiting
	back := waiting && number(d.r.SubmittedByID) == d.Me.ID
	err := d.move(ctx, func(u *ent.ReplyUpdate) {
		edit(u)
		u.AddVersion(1).SetEditedByID(d.Me.ID).SetEditedAt(d.now)
		if back {
			u.SetState(entreply.StateDraft).ClearSubmittedBy().SetContentHash("")
		}
	})
	if err != nil {
		return err
	}
	if d.r, err = d.Tx.Reply.Get(ctx, d.r.ID); err != nil {
		return err
	}
	if err := d.keepVersion(ctx); err != nil || !waiting {
		return err
	}
	return d.void(ctx, !back)
}

// void ends what was approved; while the reply still waits, it is of what it
// says now.
func (d *deed) void(ctx context.Context, waits bool) error {
	n, err := d.Tx.ReplyApproval.Update().Where(replyapproval.ReplyID(d.r.ID), replyapproval.Void(false)).SetVoid(true).Save(ctx)
	if err != nil {
		return err
	}
	if n > 0 || !waits {
		d.tell(event.ReplyVoided, event.Details{})
	}
	if !waits {
		return nil
	}
	return d.rehash(ctx)
}

func (d *deed) rehash(ctx context.Context) error {
	files, err := filesOf(ctx, d.Tx.Client(), d.r.ID)
	if err != nil {
		return err
	}
	hash, err := fingerprint(d.r, files)
	if err != nil {
		return err
	}
	d.r.ContentHash = hash
	return d.Tx.Reply.UpdateOneID(d.r.ID).SetContentHash(hash).Exec(ctx)
}

// keepVersion keeps what the reply says now: as the newest of one stretch of
// writing, or as a new one.
func (d *deed) keepVersion(ctx context.Context) error {
	content, err := json.Marshal(contentOf(d.r))
	if err != nil {
		return fmt.Errorf("keep version %d of reply %d: %w", d.r.Version, d.r.ID, err)
	}
	last, err := d.Tx.ReplyVersion.Query().Where(replyversion.ReplyID(d.r.ID)).Order(ent.Desc(replyversion.FieldNumber)).First(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return err
	}
	goesOn := last != nil && last.SavedByID == d.Me.ID && d.now.Sub(last.BegunAt) < stretch && d.now.Sub(last.SavedAt) < pause
	if goesOn {
		return d.Tx.ReplyVersion.Update().Where(replyversion.ID(last.ID)).SetNumber(d.r.Version).SetSavedAt(d.now).SetContent(content).Exec(ctx)
	}
	if last != nil {
		d.tell(event.ReplySaved, event.Details{})
	}
	return d.Tx.ReplyVersion.Create().SetReplyID(d.r.ID).SetCaseID(d.r.CaseID).SetNumber(d.r.Version).SetSavedByID(d.Me.ID).
		SetBegunAt(d.now).SetSavedAt(d.now).SetContent(content).Exec(ctx)
}

// Open says that somebody has a draft open, for a while; the client says so again.
func (s *Replies) Open(ctx context.Context, id int) error {
	return s.act(ctx, casework.Write, On{Reply: id}, func(ctx context.Context, d *deed) error {
		before, err := d.editors(ctx)
		if err != nil {
			return err
		}
		n, err := d.Tx.ReplyEditor.Update().Where(replyeditor.ReplyID(id), replyeditor.UserID(d.Me.ID)).SetUntil(d.now.Add(PresenceTime)).Save(ctx)
		if err == nil && n == 0 {
			err = d.Tx.ReplyEditor.Create().SetReplyID(id).SetCaseID(d.r.CaseID).SetUserID(d.Me.ID).SetUntil(d.now.Add(PresenceTime)).Exec(ctx)
		}
		if err != nil || slices.Contains(before, d.Me.ID) {
			return err
		}
		d.tell(event.ReplyOpened, event.Details{People: append(before, d.Me.ID)})
		return nil
	})
}

// Leave says that somebody has it open no longer.
func (s *Replies) Leave(ctx context.Context, id int) error {
	return s.act(ctx, casework.Write, On{Reply: id}, func(ctx context.Context, d *deed) error {
		n, err := d.Tx.ReplyEditor.Delete().Where(replyeditor.ReplyID(id), replyeditor.UserID(d.Me.ID)).Exec(ctx)
		if err != nil || n == 0 {
			return err
		}
		left, err := d.editors(ctx)
		d.tell(event.ReplyOpened, event.Details{People: left})
		return err
	})
}

// editors are those who have the draft open now.
func (d *deed) editors(ctx context.Context) (people []int, err error) {
	err = d.Tx.ReplyEditor.Query().Where(replyeditor.ReplyID(d.r.ID), replyeditor.UntilGT(d.now)).Order(replyeditor.ByID()).
		Select(replyeditor.FieldUserID).Scan(ctx, &people)
	return people, err
}

// Upload is a file that was taken up, and lies in the archive.
type Upload struct {
	Name, MediaType, ContentID string
	Size                       int64
	SHA256                     string
	Scan                       replyfile.Scan
	Found                      string // by the scanner
}

// MayAttach tells whether the viewer may add a file to a reply now.
func (s *Replies) MayAttach(ctx context.Context, id int) error {
	return s.edit(ctx, On{Reply: id}, func(ctx context.Context, d *deed) error { return d.roomForOne(ctx) })
}

func (d *deed) roomForOne(ctx context.Context) error {
	n, err := d.Tx.ReplyFile.Query().Where(replyfile.ReplyID(d.r.ID)).Count(ctx)
	if err == nil && n >= mostFiles {
		return invalid("", fmt.Sprintf("al massimo %d allegati", mostFiles), fmt.Sprintf("at most %d attachments", mostFiles))
	}
	return err
}

// Attach adds a file that was uploaded. It gives the file's id.
func (s *Replies) Attach(ctx context.Context, reply int, f Upload) (id int, err error) {
	err = s.edit(ctx, On{Reply: reply}, func(ctx context.Context, d *deed) error {
		row := d.Tx.ReplyFile.Create().SetName(pec.SafeName(f.Name, 1)).SetMediaType(f.MediaType).SetContentID(f.ContentID).SetSize(f.Size).
			SetSha256(f.SHA256).SetScan(f.Scan).SetScanText(f.Found)
		id, err = d.attach(ctx, row, "uploaded")
		return err
	})
	return id, err
}

// TakeOver attaches what is attached to a message of the case. It gives the file's id.
func (s *Replies) TakeOver(ctx context.Context, reply, attached int) (id int, err error) {
	err = s.edit(ctx, On{Reply: reply}, func(ctx context.Context, d *deed) error {
		a, err := d.Tx.Attachment.Query().Where(attachment.ID(attached), attachment.HasMessageWith(message.CaseID(d.r.CaseID))).Only(ctx)
		if ent.IsNotFound(err) {
			return invalid("attachmentId", "l'allegato non è di questa pratica", "the attachment is not of this case")
		}
		if err != nil {
			return err
		}
		id, err = d.takeOver(ctx, a)
		return err
	})
	return id, err
}

func (d *deed) takeOver(ctx context.Context, a *ent.Attachment) (int, error) {
	row := d.Tx.ReplyFile.Create().SetName(pec.SafeName(a.Name, a.Position+1)).SetMediaType(a.MediaType).SetSize(a.Size).
		SetSha256(a.Sha256).SetAttachmentID(a.ID)
	return d.attach(ctx, row, "taken over")
}

// takeAlong attaches what is attached to the message that is forwarded, as far
// as there is room.
func (d *deed) takeAlong(ctx context.Context, m *ent.Message) error {
	all, err := d.Tx.Attachment.Query().Where(attachment.MessageID(m.ID)).Order(attachment.ByPosition()).Limit(mostFiles).All(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if _, err := d.takeOver(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (d *deed) attach(ctx context.Context, row *ent.ReplyFileCreate, how string) (int, error) {
	if err := d.roomForOne(ctx); err != nil {
		return 0, err
	}
	f, err := row.SetReplyID(d.r.ID).SetCaseID(d.r.CaseID).SetAddedByID(d.Me.ID).SetAddedAt(d.now).Save(ctx)
	if err != nil {
		return 0, fmt.Errorf("attach to reply %d: %w", d.r.ID, err)
	}
	d.tell(event.ReplyFileAdded, event.Details{Of: f.ID, How: how})
	return f.ID, d.change(ctx, func(*ent.ReplyUpdate) {})
}

// RemoveFile takes a file off a draft. What was taken over stays where it was.
func (s *Replies) RemoveFile(ctx context.Context, id int) error {
	f, err := s.Client.ReplyFile.Get(ctx, id)
	if ent.IsNotFound(err) {
		return &casework.Refused{Code: casework.NotFound, Italian: "l'allegato non esiste", English: "there is no such attachment"}
	}
	if err != nil {
		return err
	}
	return s.edit(ctx, On{Reply: f.ReplyID}, func(ctx context.Context, d *deed) error {
		n, err := d.Tx.ReplyFile.Delete().Where(replyfile.ID(id)).Exec(ctx)
		if err != nil || n == 0 {
			return err
		}
		d.tell(event.ReplyFileRemoved, event.Details{Of: id})
		return d.change(ctx, func(*ent.ReplyUpdate) {})
	})
}

// Discard throws a draft away; for thirty days it can be had back.
func (s *Replies) Discard(ctx context.Context, on On) error {
	return s.turn(ctx, on, entreply.StateDraft, entreply.StateDiscarded, event.ReplyDiscarded)
}

// Restore takes a draft out of the bin.
func (s *Replies) Restore(ctx context.Context, on On) error {
	return s.turn(ctx, on, entreply.StateDiscarded, entreply.StateDraft, event.ReplyRestored)
}

func (s *Replies) turn(ctx context.Context, on On, from, to entreply.State, kind event.Kind) error {
	return s.act(ctx, casework.Write, on, func(ctx context.Context, d *deed) error {
		if d.r.State != from {
			return d.illegal()
		}
		d.tell(kind, event.Details{})
		return d.move(ctx, func(u *ent.ReplyUpdate) {
			u.SetState(to).AddVersion(1).SetEditedByID(d.Me.ID).SetEditedAt(d.now)
		})
	})
}
