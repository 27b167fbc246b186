package reply

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/pec"
)

// Start begins a draft on a case: an answer to a message of it, to all of its
// recipients, a forward, or a new one. It gives the draft's id.
func (s *Replies) Start(ctx context.Context, caseID, messageID int, manner entreply.Manner) (id int, err error) {
	if entreply.MannerValidator(manner) != nil {
		return 0, invalid("manner", "che cosa scrivere manca", "say what to write")
	}
	if seen, err := s.Client.CaseFile.Query().Where(casefile.ID(caseID)).Exist(ctx); err != nil || !seen {
		return 0, errorOr(err, &casework.Refused{Code: casework.NotFound, Italian: "la pratica non esiste", English: "there is no such case"})
	}
	original, err := s.original(ctx, caseID, messageID, manner)
	if err != nil {
		return 0, err
	}
	err = s.Work.Act(ctx, casework.Write, casework.On{Case: caseID}, func(ctx context.Context, a *casework.Act) ([]event.Entry, error) {
		box, err := s.mailboxFor(ctx, a, original)
		if err != nil {
			return nil, err
		}
		o := occasion{me: a.Me, c: a.Case, office: a.Office}
		if original != nil {
			o.answers = original.m
		}
		signature, err := s.signature(ctx, a.Tx, o)
		if err != nil {
			return nil, err
		}
		c := draftOf(original, manner, signature, s.Zone)
		c.Mailbox = box.ID
		if err := s.tidyRecipients(ctx, a.Tx, &c); err != nil {
			return nil, err
		}
		d, err := s.create(ctx, a, c, manner, original)
		if err != nil {
			return nil, err
		}
		id = d.r.ID
		return d.events, nil
	})
	return id, err
}

// StartNew begins a PEC that answers nothing, on a case of its own in an office
// of the author's.
func (s *Replies) StartNew(ctx context.Context, office, box int, subject string) (id int, err error) {
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok || !v.May(guard.Write) || !slices.Contains(slices.Concat(p.Acts, p.Operates, p.Owns), office) {
		return 0, &casework.Refused{Code: casework.Forbidden, Italian: "per questo ufficio non puoi scrivere", English: "you do not write for this office"}
	}
	if subject = oneLine(subject); len(subject) > mostSubject {
		return 0, invalid("subject", "l'oggetto è troppo lungo", "the subject is too long")
	}
	return id, s.Work.Open(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if err := s.mayUse(ctx, tx, box, office, nil); err != nil {
			return nil, err
		}
		c, told, err := s.Cases.OpenOwn(itself(ctx), tx, office, box, p.ID, subject)
		if err != nil {
			return nil, err
		}
		o := occasion{me: p, c: c}
		if o.office, err = tx.Office.Get(itself(ctx), office); err != nil {
			return nil, err
		}
		signature, err := s.signature(ctx, tx, o)
		if err != nil {
			return nil, err
		}
		a := &casework.Act{Tx: tx, Me: p, Case: c, Office: o.office}
		content := draftOf(nil, entreply.MannerNew, signature, s.Zone)
		content.Mailbox, content.Subject = box, subject
		d, err := s.create(ctx, a, content, entreply.MannerNew, nil)
		if err != nil {
			return nil, err
		}
		id = d.r.ID
		return append(told, d.events...), nil
	})
}

func (s *Replies) create(ctx context.Context, a *casework.Act, c Content, manner entreply.Manner, original *quoted) (*deed, error) {
	now := s.now()
	row := a.Tx.Reply.Create().SetCaseID(a.Case.ID).SetManner(manner).SetMailboxID(c.Mailbox).SetTo(c.To).SetCc(c.Cc).SetSubject(c.Subject).
		SetHTML(c.HTML).SetReceipt(c.Receipt).SetConcludes(c.Concludes).SetAuthorID(a.Me.ID).SetCreatedAt(now).SetEditedByID(a.Me.ID).SetEditedAt(now)
	details := event.Details{How: string(manner)}
	if original != nil {
		row.SetAnswersID(original.m.ID)
		details.Of = original.m.ID
	}
	r, err := row.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a reply: %w", err)
	}
	d := &deed{Replies: s, Act: a, r: r, now: now}
	d.tell(event.ReplyStarted, details)
	if err := d.keepVersion(ctx); err != nil {
		return nil, err
	}
	if manner == entreply.MannerForward {
		return d, d.takeAlong(ctx, original.m)
	}
	return d, nil
}

// quoted is the message that is answered, with its HTML.
type quoted struct {
	m    *ent.Message
	html string
}

// original reads what is answered: a message of the case that its author reads.
func (s *Replies) original(ctx context.Context, caseID, id int, manner entreply.Manner) (*quoted, error) {
	if manner == entreply.MannerNew {
		return nil, nil
	}
	m, err := s.Client.Message.Query().Where(message.ID(id), message.CaseID(caseID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, invalid("messageId", "il messaggio non è di questa pratica", "the message is not of this case")
	}
	if err != nil {
		return nil, err
	}
	if m.Kind.Receipt() {
		return nil, invalid("messageId", "a una ricevuta non si risponde", "a receipt is not answered")
	}
	return &quoted{m: m, html: s.htmlOf(ctx, m)}, nil
}

// htmlOf reads the HTML of a message from its original; none is no error: the
// text serves.
func (s *Replies) htmlOf(ctx context.Context, m *ent.Message) string {
	section, err := pec.ParseSection(m.HTMLSection)
	if m.HTMLSection == "" || err != nil || m.HTMLCharset != "" && !strings.EqualFold(m.HTMLCharset, "utf-8") {
		return ""
	}
	blob, err := s.Archive.Open(ctx, archive.Digest(m.Digest))
	if err != nil {
		return ""
	}
	defer blob.Close()
	b, err := io.ReadAll(io.LimitReader(section.Open(blob), letter.MaxHTML+1))
	if err != nil || len(b) > letter.MaxHTML {
		return ""
	}
	return string(b)
}

// draftOf is what a draft says before anybody wrote in it: an empty line for the
// cursor, the block to sign with, and what is quoted.
func draftOf(q *quoted, manner entreply.Manner, signature string, zone *time.Location) Content {
	c := Content{Receipt: entreply.ReceiptComplete, Concludes: manner != entreply.MannerForward}
	if q == nil {
		if signature != "" {
			c.HTML = "<p></p>" + signature
		}
		return c
	}
	m := q.m
	sender := pec.Address{Name: m.SenderName, Address: m.SenderAddress}
	if m.Certification != nil && m.Certification.ReplyTo != "" {
		sender.Address = strings.ToLower(m.Certification.ReplyTo)
	}
	if m.Direction == message.DirectionOutgoing { // one of ours: on to those it went to
		c.To, c.Cc = m.Recipients, nil
	} else {
		c.To = []pec.Address{sender}
	}
	switch manner {
	case entreply.MannerForward:
		c.To, c.Subject, c.HTML = nil, letter.ForwardSubject(m.Subject), "<p></p>"+signature+letter.Forward(q.letter(zone))
		return c
	case entreply.MannerReplyAll:
		if m.Direction == message.DirectionIncoming {
			c.Cc = slices.Concat(m.Recipients, m.Copies)
		} else {
			c.Cc = m.Copies
		}
	}
	c.Subject, c.HTML = letter.ReplySubject(m.Subject), "<p></p>"+signature+letter.Quote(q.letter(zone))
	return c
}

func (q *quoted) letter(zone *time.Location) letter.Quoted {
	at := q.m.ReceivedAt
	if q.m.CertifiedAt != nil {
		at = *q.m.CertifiedAt
	}
	return letter.Quoted{
		From: letter.Address{Name: q.m.SenderName, Address: q.m.SenderAddress}, To: letterAddresses(q.m.Recipients), Cc: letterAddresses(q.m.Copies),
		Date: at, Zone: zone, Subject: q.m.Subject, HTML: q.html, Text: q.m.Text,
	}
}

// tidyRecipients leaves out our own mailboxes, and what stands twice.
func (s *Replies) tidyRecipients(ctx context.Context, tx *ent.Tx, c *Content) error {
	boxes, err := tx.Mailbox.Query().All(itself(ctx))
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, b := range boxes {
		seen[b.Address] = true
	}
	for _, list := range []*[]pec.Address{&c.To, &c.Cc} {
		*list = slices.DeleteFunc(slices.Clone(*list), func(a pec.Address) bool {
			same := lower(a.Address)
			there := seen[same]
			seen[same] = true
			return there
		})
	}
	return nil
}

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// mailboxFor is the mailbox that an answer leaves from: the one that received
// the PEC, else one of the office's.
func (s *Replies) mailboxFor(ctx context.Context, a *casework.Act, q *quoted) (*ent.Mailbox, error) {
	var received []int
	if q != nil {
		err := a.Tx.Delivery.Query().Where(delivery.MessageID(q.m.ID), delivery.MailboxIDNotNil()).Order(delivery.ByID()).
			Select(delivery.FieldMailboxID).Scan(itself(ctx), &received)
		if err != nil {
			return nil, err
		}
	}
	if a.Case.MailboxID != nil {
		received = append(received, *a.Case.MailboxID)
	}
	boxes, err := a.Tx.Mailbox.Query().Where(mailbox.Sends(true)).Order(mailbox.ByID()).All(itself(ctx))
	if err != nil {
		return nil, err
	}
	office := number(a.Case.OfficeID)
	for _, fits := range []func(*ent.Mailbox) bool{
		func(b *ent.Mailbox) bool { return slices.Contains(received, b.ID) && number(b.OfficeID) == office },
		func(b *ent.Mailbox) bool { return slices.Contains(received, b.ID) },
		func(b *ent.Mailbox) bool { return number(b.OfficeID) == office },
		func(b *ent.Mailbox) bool { return b.OfficeID == nil },
	} {
		if i := slices.IndexFunc(boxes, fits); i >= 0 {
			return boxes[i], nil
		}
	}
	return nil, invalid("mailboxId", "nessuna casella di questo ufficio può inviare", "no mailbox of this office sends")
}

// mayUse tells whether a reply of an office may leave from a mailbox: its own,
// one of the house, or the one that received the PEC.
func (s *Replies) mayUse(ctx context.Context, tx *ent.Tx, id, office int, r *ent.Reply) error {
	refused := invalid("mailboxId", "da questa casella l'ufficio non può inviare", "the office does not send from this mailbox")
	box, err := tx.Mailbox.Get(itself(ctx), id)
	if ent.IsNotFound(err) {
		return refused
	}
	if err != nil {
		return err
	}
	if !box.Sends {
		return refused
	}
	if box.OfficeID == nil || *box.OfficeID == office {
		return nil
	}
	if r == nil || r.AnswersID == nil {
		return refused
	}
	received, err := tx.Delivery.Query().Where(delivery.MessageID(*r.AnswersID), delivery.MailboxID(id)).Exist(itself(ctx))
	if err == nil && !received {
		return refused
	}
	return err
}

func letterAddresses(list []pec.Address) []letter.Address {
	out := make([]letter.Address, len(list))
	for i, a := range list {
		out[i] = letter.Address{Name: a.Name, Address: a.Address}
	}
	return out
}
