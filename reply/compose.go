package reply

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/pec"
)

// whole is a reply with all that its message is made of.
type whole struct {
	r       *ent.Reply
	files   []*ent.ReplyFile
	box     *ent.Mailbox
	office  *ent.Office  // nil at the desk
	answers *ent.Message // nil when it answers nothing
}

// read reads a reply for writing its message, as the viewer.
func (s *Replies) read(ctx context.Context, client *ent.Client, id int) (*whole, error) {
	r, err := client.Reply.Query().Where(entreply.ID(id)).WithAnswers().WithMailbox().
		WithCase(func(q *ent.CaseFileQuery) { q.WithOffice() }).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	w := &whole{r: r, box: r.Edges.Mailbox, answers: r.Edges.Answers}
	if r.Edges.Case != nil {
		w.office = r.Edges.Case.Edges.Office
	}
	w.files, err = filesOf(ctx, client, id)
	return w, err
}

// letter is the message of a reply, under an identifier, of a time.
func (s *Replies) letter(ctx context.Context, w *whole, id string, at time.Time) letter.Letter {
	l := letter.Letter{
		MessageID: id, Date: at, From: letter.Address{Address: w.box.Address}, To: letterAddresses(w.r.To), Cc: letterAddresses(w.r.Cc),
		Subject: w.r.Subject, HTML: w.r.HTML, Receipt: receiptOf(w.r.Receipt),
	}
	if w.office != nil {
		l.From.Name = w.office.Name
	}
	if w.answers != nil {
		l.InReplyTo = answered(w.answers)
		l.References = append(append([]string{}, w.answers.References...), l.InReplyTo)
	}
	for _, f := range w.files {
		l.Files = append(l.Files, letter.File{
			Name: f.Name, MediaType: f.MediaType, ContentID: f.ContentID, Size: f.Size,
			Open: func() (io.ReadCloser, error) { return s.OpenFile(ctx, f) },
		})
	}
	return l
}

// answered is the Message-ID that the program of the other side knows: its own,
// before the provider gave another one.
func answered(m *ent.Message) string {
	for _, id := range []string{m.OriginalMessageID, m.InnerMessageID, m.MessageID} {
		if id != "" {
			return id
		}
	}
	return ""
}

func receiptOf(r entreply.Receipt) letter.Receipt {
	return map[entreply.Receipt]letter.Receipt{
		entreply.ReceiptComplete: letter.Complete, entreply.ReceiptBrief: letter.Brief, entreply.ReceiptSynthetic: letter.Synthetic,
	}[r]
}

// OpenFile opens the content of a file of a reply, whether it was uploaded or
// stands in a message of the case.
func (s *Replies) OpenFile(ctx context.Context, f *ent.ReplyFile) (io.ReadCloser, error) {
	if f.AttachmentID == nil {
		return s.open(ctx, archive.Digest(f.Sha256), nil)
	}
	a, err := s.Client.Attachment.Query().Where(attachment.ID(*f.AttachmentID)).WithMessage().Only(itself(ctx))
	if err != nil {
		return nil, fmt.Errorf("find what file %d of a reply was taken from: %w", f.ID, err)
	}
	section, err := pec.ParseSection(a.Section)
	if err != nil {
		return nil, fmt.Errorf("section of attachment %d: %w", a.ID, err)
	}
	return s.open(ctx, archive.Digest(a.Edges.Message.Digest), &section)
}

type readCloser struct {
	io.Reader
	io.Closer
}

func (s *Replies) open(ctx context.Context, digest archive.Digest, section *pec.Section) (io.ReadCloser, error) {
	blob, err := s.Archive.Open(ctx, digest)
	if err != nil {
		return nil, err
	}
	if section == nil {
		return readCloser{io.NewSectionReader(blob, 0, blob.Size()), blob}, nil
	}
	return readCloser{section.Open(blob), blob}, nil
}

// newMessageID makes the identifier of a message of ours (RFC 5322 §3.6.4).
func newMessageID(box string) string {
	_, domain, _ := strings.Cut(box, "@")
	return "<" + strings.ToLower(rand.Text()) + "@" + domain + ">"
}

// frozen is a reply written as the message that is sent.
type frozen struct {
	id     string
	digest archive.Digest
	size   int64
	hash   string // of the content that was written
}

// freeze writes the message of a reply into the archive.
func (s *Replies) freeze(ctx context.Context, id int) (*frozen, error) {
	w, err := s.read(ctx, s.Client, id)
	if err != nil {
		return nil, err
	}
	f := &frozen{id: newMessageID(w.box.Address)}
	if f.hash, err = fingerprint(w.r, w.files); err != nil {
		return nil, err
	}
	l := s.letter(ctx, w, f.id, s.now())
	out, in := io.Pipe()
	go func() { in.CloseWithError(l.Write(in)) }()
	f.digest, f.size, err = s.Archive.Put(ctx, out)
	out.CloseWithError(err)
	if err != nil {
		return nil, fmt.Errorf("write the message of reply %d: %w", id, err)
	}
	return f, nil
}

// Preview is a reply as it would be sent.
type Preview struct {
	From       letter.Address
	Subject    string
	HTML, Text string
	Size       int64 // of the message, in bytes
	Limit      int64 // of it, for so many recipients
	Hash       string
	Problems   []Problem // why it cannot be sent as it is
	Warnings   []Problem // what its author should know before
	Recipients []Known   // To before Cc
}

// Known is an address, in lower case, and whether it is certified mail as far as
// is known before it is written to.
type Known struct {
	Address string
	System  recipient.System
}

// Problem is something to be said of a draft, in both languages.
type Problem struct{ Path, Italian, English string }

// Preview shows a reply as it would be sent now.
func (s *Replies) Preview(ctx context.Context, id int) (*Preview, error) {
	w, err := s.read(ctx, s.Client, id)
	if err != nil {
		return nil, err
	}
	l := s.letter(ctx, w, newMessageID(w.box.Address), s.now())
	p := &Preview{From: l.From, Subject: l.Subject, HTML: letter.Clean(l.HTML), Text: letter.Text(l.HTML), Limit: limit(w)}
	if p.Hash, err = fingerprint(w.r, w.files); err != nil {
		return nil, err
	}
	p.Problems, p.Size = s.problems(w, l)
	if p.Recipients, err = s.known(ctx, w); err != nil {
		return nil, err
	}
	p.Warnings, err = s.warnings(ctx, w, p)
	return p, err
}

// Shown is what a reply says, with all that it takes to show it as its recipients
// will see it.
type Shown struct {
	Subject, HTML, Text string
	Quotes              *ent.Message     // that it answers; nil when it answers nothing
	Pictures            []*ent.ReplyFile // that its HTML may name
}

// Show gives what a reply says now.
func (s *Replies) Show(ctx context.Context, id int) (*Shown, error) {
	w, err := s.read(ctx, s.Client, id)
	if err != nil {
		return nil, err
	}
	shown := &Shown{Subject: w.r.Subject, HTML: letter.Clean(w.r.HTML), Text: letter.Text(w.r.HTML), Quotes: w.answers}
	for _, f := range w.files {
		if f.ContentID != "" {
			shown.Pictures = append(shown.Pictures, f)
		}
	}
	return shown, nil
}

// WritePreview writes the message as it would be sent now; only its Message-ID
// and its date will be others.
func (s *Replies) WritePreview(ctx context.Context, id int, out io.Writer) error {
	w, err := s.read(ctx, s.Client, id)
	if err != nil {
		return err
	}
	return s.letter(ctx, w, newMessageID(w.box.Address), s.now()).Write(out)
}

// limit is how long a message may be that goes to so many (the provider counts
// its size once for each recipient).
func limit(w *whole) int64 {
	return w.box.SizeLimit / int64(max(1, len(w.r.To)+len(w.r.Cc)))
}
