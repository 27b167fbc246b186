package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/display"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

const (
	maxNested      = 5        // messages in messages that are read
	maxNestedBytes = 64 << 20 // of the outermost of them
	maxNestedParts = 200
)

// nestedMail is a mail that is attached to another one, read in place. ?in= says which
// of its attachments, and which of the attachments of that one, and so on: 2.0 is the
// first of the third.
type nestedMail struct {
	reader  *reader
	path    string // of the attachment
	steps   []int
	message *pec.Message
}

// openNested finds a nested mail for who may read the message it came with. The
// register hears that an attachment is read. Its signature is not judged: what is
// shown of it is what it says of itself.
func openNested(ctx context.Context, d Deps, r *http.Request) (*nestedMail, error) {
	f, err := findAttachment(ctx, d.Client, r)
	if err != nil {
		return nil, err
	}
	n := &nestedMail{path: graph.AttachmentsPath + r.PathValue("id"), reader: &reader{ctx: ctx, deps: d, original: f.original}}
	steps, ok := stepsOf(r.URL.Query().Get("in"))
	if !ok || !graph.IsMessage(f.mediaType, f.name) || f.size > maxNestedBytes {
		return nil, &ent.NotFoundError{}
	}
	if err := d.Readings.Tell(ctx, f.how, f.message); err != nil {
		return nil, err
	}
	if err := n.read(*f.section, steps); err != nil {
		n.reader.close()
		return nil, err
	}
	return n, nil
}

func stepsOf(in string) (steps []int, ok bool) {
	if in == "" {
		return nil, true
	}
	for one := range strings.SplitSeq(in, ".") {
		n, err := strconv.Atoi(one)
		if err != nil || n < 0 || len(steps) >= maxNested-1 {
			return nil, false
		}
		steps = append(steps, n)
	}
	return steps, true
}

// read goes down to the mail that is meant.
func (n *nestedMail) read(section pec.Section, steps []int) error {
	p := n.reader
	if err := p.open(); err != nil {
		return err
	}
	for {
		m, err := pec.ReadSection(p.ctx, p.blob, section, pec.Options{
			Verifier: unjudged{}, Limits: pec.Limits{Depth: 10, Parts: maxNestedParts, Text: 64 << 10},
		})
		if err != nil {
			return err
		}
		if m.From == (pec.Address{}) && m.Subject == "" && m.Date.IsZero() {
			return &ent.NotFoundError{} // whatever it calls itself
		}
		n.message = m
		if len(steps) == 0 {
			break
		}
		step := steps[0]
		if m.Mail == nil || step >= len(m.Mail.Attachments) || !graph.IsMessage(m.Mail.Attachments[step].MediaType, m.Mail.Attachments[step].Name) {
			return &ent.NotFoundError{}
		}
		section = m.Mail.Attachments[step].Section
		n.steps, steps = append(n.steps, step), steps[1:]
	}
	p.subject, p.parts = n.message.Subject, func() ([]figure, error) { return nil, nil }
	if mail := n.message.Mail; mail != nil {
		p.subject, p.text, p.charset = mail.Subject, mail.Text, mail.HTMLCharset
		p.parts = func() ([]figure, error) { return figuresOf(mail), nil }
		if mail.HTML != nil {
			p.section = mail.HTML.String()
		}
	}
	p.picturePath = func(i int) string {
		return n.at("/message/picture", n.steps) + joined(n.steps) + "n=" + strconv.Itoa(i)
	}
	return nil
}

// unjudged knows no anchors.
type unjudged struct{}

// Verify implements smime.Verifier.
func (unjudged) Verify(context.Context, smime.Signed) smime.Verdict {
	return smime.Verdict{Status: smime.Unverifiable}
}

func figuresOf(mail *pec.Mail) (parts []figure) {
	for _, a := range mail.Attachments {
		if a.ContentID != "" && len(parts) < maxInline {
			parts = append(parts, figure{contentID: a.ContentID, size: a.Size, section: a.Section.String()})
		}
	}
	return parts
}

// at is the path of something of a nested mail.
func (n *nestedMail) at(what string, steps []int) string {
	if len(steps) == 0 {
		return n.path + what
	}
	texts := make([]string, len(steps))
	for i, step := range steps {
		texts[i] = strconv.Itoa(step)
	}
	return n.path + what + "?in=" + strings.Join(texts, ".")
}

// joined is what a further parameter of a path at begins with.
func joined(steps []int) string {
	if len(steps) == 0 {
		return "?"
	}
	return "&"
}

// readNested is openNested for pages.
func readNested(ctx context.Context, d Deps, r *http.Request) (*reader, error) {
	n, err := openNested(ctx, d, r)
	if err != nil {
		return nil, err
	}
	return n.reader, nil
}

// nestedAnswer is a nested mail as JSON. Everything in it is what a stranger wrote.
type nestedAnswer struct {
	Kind        pec.Kind       `json:"kind"` // as its headers say, not judged
	Subject     string         `json:"subject"`
	From        []nestedPerson `json:"from"`
	To          []nestedPerson `json:"to"`
	Cc          []nestedPerson `json:"cc"`
	SentAt      *time.Time     `json:"sentAt"` // null when missing or unreadable
	Text        string         `json:"text"`   // at most 64 KB
	BodyPath    string         `json:"bodyPath"`
	HTML        bool           `json:"html"`
	Attachments []nestedPart   `json:"attachments"`
}

type nestedPerson struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type nestedPart struct {
	Name       string  `json:"name"`
	MediaType  string  `json:"mediaType"`
	Size       int64   `json:"size"`
	Inline     bool    `json:"inline"`
	Path       string  `json:"path"`
	NestedPath *string `json:"nestedPath"` // null where it is no message, or too deep
}

// nested answers with what a nested mail says.
func nested(d Deps) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
		defer cancel()
		n, err := openNested(ctx, d, r)
		if err != nil {
			failed(d, w, r, err)
			return
		}
		defer n.reader.close()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "private, no-store")
		_ = json.NewEncoder(w).Encode(n.answer()) // who has gone needs no answer
	})
}

func (n *nestedMail) answer() nestedAnswer {
	m := n.message
	a := nestedAnswer{
		Kind: m.Kind, Subject: n.reader.subject, From: persons([]pec.Address{m.From}), To: persons(nil), Cc: persons(nil), Text: n.reader.text,
		BodyPath: n.at("/message/body", n.steps), HTML: n.reader.section != "", Attachments: []nestedPart{},
	}
	sent := m.Date
	if m.Mail != nil {
		a.From, a.To, a.Cc, sent = persons(m.Mail.From), persons(m.Mail.To), persons(m.Mail.Cc), m.Mail.Date
		for i, one := range m.Mail.Attachments {
			a.Attachments = append(a.Attachments, n.part(i, one))
		}
	}
	if !sent.IsZero() {
		a.SentAt = &sent
	}
	return a
}

func persons(addresses []pec.Address) []nestedPerson {
	all := []nestedPerson{}
	for _, a := range addresses {
		all = append(all, nestedPerson{Name: a.Name, Address: a.Address})
	}
	return all
}

func (n *nestedMail) part(i int, a pec.Attachment) nestedPart {
	p := nestedPart{
		Name: pec.SafeName(a.Name, i), MediaType: safeMediaType(a.MediaType), Size: a.Size, Inline: a.Inline,
		Path: n.at("/message/parts/"+strconv.Itoa(i), n.steps),
	}
	if graph.IsMessage(a.MediaType, a.Name) && len(n.steps) < maxNested-1 {
		path := n.at("/message", append(slices.Clone(n.steps), i))
		p.NestedPath = &path
	}
	return p
}

// nestedFile answers with an attachment of a nested mail.
func nestedFile(d Deps) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := openNested(r.Context(), d, r)
		if err != nil {
			failed(d, w, r, err)
			return
		}
		defer n.reader.close()
		i, err := strconv.Atoi(r.PathValue("part"))
		if mail := n.message.Mail; err != nil || mail == nil || i < 0 || i >= len(mail.Attachments) {
			failed(d, w, r, &ent.NotFoundError{})
			return
		}
		a := n.message.Mail.Attachments[i]
		f := &file{
			original: n.reader.original, section: &a.Section, name: pec.SafeName(a.Name, i), mediaType: safeMediaType(a.MediaType),
			size: a.Size, digest: a.SHA256, look: wantsInline(r),
		}
		if err := f.serve(w, r, d.Archive); err != nil {
			failed(d, w, r, err)
		}
	})
}

func wantsInline(r *http.Request) bool { return r.URL.Query().Get("inline") == "1" }

// lookAt shows a file in the browser when its content is what can be shown there,
// and as that, whatever it is called.
func (f *file) lookAt(blob archive.Blob) error {
	if !f.look || f.section == nil {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(f.section.Open(blob), display.Head))
	if err != nil {
		return err
	}
	if kind := display.Inline(head, f.mediaType); kind != "" {
		f.mediaType, f.inline, f.framed = kind, true, true
	}
	return nil
}
