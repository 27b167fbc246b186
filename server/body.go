package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/display"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/pec"
)

const (
	bodyTime    = 20 * time.Second // to make one page
	maxInline   = 200              // pictures of a message that are looked up
	bodySandbox = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src data:"
)

// body answers with what a mail says, as a page for a frame of ours in which no
// script runs: its HTML, cleaned (package display), or its text where it has none,
// where that is too long or shows nothing, and where ?as=text asks for it. With
// ?remote=1 pictures of the web are shown, fetched by this server.
func body(d Deps, open opening) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
		defer cancel()
		p, err := open(ctx, d, r)
		if err != nil {
			failed(d, w, r, err)
			return
		}
		defer p.close()
		p.remote = d.RemotePictures && r.URL.Query().Get("remote") == "1"
		page, err := p.page(r.URL.Query().Get("as") == "text")
		if err != nil {
			failed(d, w, r, err)
			return
		}
		h := w.Header()
		policy := bodySandbox
		if p.remote {
			policy += " 'self'"
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "private, no-store")
		out := &patient{ResponseWriter: w, deadline: http.NewResponseController(w)}
		_, _ = io.WriteString(out, page.String()) // who has gone needs no answer
	})
}

// opening finds the mail that a request names, for who may read it, and tells the
// register that it is read. What may not be seen is not there.
type opening func(ctx context.Context, d Deps, r *http.Request) (*reader, error)

// openMessage opens a message of ours; the register hears that its text is read,
// since that is what is shown.
func openMessage(ctx context.Context, d Deps, r *http.Request) (*reader, error) {
	id := model.ParseID(r.PathValue("id"))
	if id.Type != "Message" {
		id.Row = 0
	}
	m, err := d.Client.Message.Query().Where(entmessage.ID(id.Row)).Select(entmessage.FieldDigest, entmessage.FieldSubject, entmessage.FieldText,
		entmessage.FieldCaseID, entmessage.FieldHTMLSection, entmessage.FieldHTMLCharset).Only(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.Readings.Tell(ctx, graph.ReadText, m); err != nil {
		return nil, err
	}
	return &reader{
		ctx: ctx, deps: d, original: archive.Digest(m.Digest), subject: m.Subject, text: m.Text, section: m.HTMLSection, charset: m.HTMLCharset,
		parts:       func() ([]figure, error) { return withContentID(ctx, d.Client, m.ID) },
		picturePath: func(n int) string { return graph.MessagePicturePath(m.ID, n) },
	}, nil
}

// withContentID are the attachments that the HTML of a message can name.
func withContentID(ctx context.Context, c *ent.Client, message int) (parts []figure, err error) {
	all, err := c.Attachment.Query().Where(attachment.MessageID(message), attachment.ContentIDNEQ("")).
		Order(attachment.ByPosition()).Limit(maxInline).All(ctx)
	for _, a := range all {
		parts = append(parts, figure{contentID: a.ContentID, size: a.Size, section: a.Section})
	}
	return parts, err
}

// failed answers that something is not there, or was not to be had.
func failed(d Deps, w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case ent.IsNotFound(err):
		refuse(w, r, http.StatusNotFound, "there is no such file, or you may not see it")
	case r.Context().Err() == nil:
		d.Logger.ErrorContext(r.Context(), "a message is not shown", "path", r.URL.Path, "error", err)
		refuse(w, r, http.StatusInternalServerError, "internal error: the administrator finds it in the log by its request id")
	}
}

// reader reads one mail to show it.
type reader struct {
	ctx                             context.Context
	deps                            Deps
	original                        archive.Digest // that it stands in
	subject, text, section, charset string         // the last two of its HTML; no section: it has none
	written                         string         // HTML of ours, that stands in no original yet
	parts                           func() ([]figure, error)
	picturePath                     func(n int) string
	remote                          bool         // remote pictures are shown
	blob                            archive.Blob // nil until something is read of it

	byID     map[string]figure // by Content-ID; nil until one is asked for
	pictures map[string]string // as they are shown
	left     int64             // bytes of pictures that may still be read
}

// figure is a part of the mail that the HTML can name.
type figure struct {
	contentID string
	size      int64
	section   string
	open      func() (io.ReadCloser, error) // of one that stands in no original yet
}

func (p *reader) close() {
	if p.blob != nil {
		_ = p.blob.Close() // it was only read
	}
}

func (p *reader) page(asText bool) (display.Page, error) {
	page := display.Page{Title: p.subject, Body: display.Text(p.text), Form: "text", HTML: p.section != "" || p.written != "", Remote: p.remotely()}
	if strings.TrimSpace(p.text) == "" {
		page.Reason = "no-text"
	}
	if page.HTML && !asText {
		source, err := p.html()
		if err != nil {
			return page, err
		}
		o := display.Options{Picture: p.picture}
		if p.remote && p.picturePath != nil {
			o.Remote = p.picturePath
		}
		cleaned := display.Clean(source, o)
		page.RemotePictures = len(cleaned.Remote)
		switch {
		case !cleaned.Whole:
			page.Reason = "too-long"
		case cleaned.Shows || page.Reason != "":
			page.Reason, page.Form, page.Body, page.Style, page.Lang = "", "html", cleaned.HTML, cleaned.Style, cleaned.Lang
		case page.RemotePictures > 0 && !p.remote:
			page.Reason = "remote-only"
		default:
			page.Reason = "empty"
		}
	}
	page.NoteLang = graph.RequestFrom(p.ctx).Language
	page.Note = noteOf(page.Reason, page.NoteLang)
	return page, nil
}

// remotely says what is done with remote pictures.
func (p *reader) remotely() string {
	switch {
	case !p.deps.RemotePictures:
		return "never"
	case p.remote:
		return "shown"
	}
	return "blocked"
}

// noteOf tells the reader why something else is shown than was sent.
func noteOf(reason, language string) string {
	notes := map[string][2]string{
		"no-text":     {"Il messaggio non ha testo.", "The message has no text."},
		"too-long":    {"Il testo formattato è troppo grande per essere mostrato: qui c'è il testo semplice, nell'originale c'è tutto.", "The formatted text is too big to be shown: here is the plain text, the original has all of it."},
		"remote-only": {"Il testo formattato consiste solo di immagini esterne, che sono bloccate: qui c'è il testo semplice.", "The formatted text consists of remote pictures only, which are blocked: here is the plain text."},
		"empty":       {"Il testo formattato non mostra nulla: qui c'è il testo semplice.", "The formatted text shows nothing: here is the plain text."},
	}
	if language == "it" {
		return notes[reason][0]
	}
	return notes[reason][1]
}

// html is the HTML of the mail, as UTF-8; of one that is too long the beginning, and
// more than can be shown.
func (p *reader) html() (string, error) {
	if p.written != "" {
		return p.written, nil
	}
	content, err := p.content(p.section, display.MaxHTML+1)
	if err != nil {
		return "", fmt.Errorf("read the HTML of a message: %w", err)
	}
	if len(content) > display.MaxHTML {
		return string(content), nil
	}
	name := p.charset
	if name == "" { // the HTML may say it itself
		_, name, _ = charset.DetermineEncoding(content[:min(len(content), 1024)], "")
	}
	return pec.DecodeText(content, name), nil
}

// content reads a part, at most so many bytes of it.
func (p *reader) content(where string, most int64) ([]byte, error) {
	section, err := pec.ParseSection(where)
	if err != nil {
		return nil, err
	}
	if err := p.open(); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(section.Open(p.blob), most))
}

// contentOf reads a part that the HTML names.
func (p *reader) contentOf(one figure) ([]byte, error) {
	if one.open == nil {
		return p.content(one.section, one.size)
	}
	from, err := one.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(from, one.size))
}

func (p *reader) open() (err error) {
	if p.blob == nil {
		p.blob, err = p.deps.Archive.Open(p.ctx, p.original)
	}
	return err
}

// picture is a picture of the mail, as it stands in the page; empty when there is
// none of that Content-ID, or too much was read already.
func (p *reader) picture(id string) string {
	if p.byID == nil {
		p.byID, p.pictures, p.left = map[string]figure{}, map[string]string{}, display.MaxPictures
		parts, err := p.parts()
		if err != nil {
			p.deps.Logger.WarnContext(p.ctx, "the pictures of a message are not shown", "error", err)
		}
		for _, one := range parts {
			p.byID[one.contentID] = one
		}
	}
	shown, known := p.pictures[id]
	one, found := p.byID[id]
	if known || !found || one.size > p.left || p.ctx.Err() != nil {
		return shown
	}
	p.left -= one.size
	content, err := p.contentOf(one)
	if err != nil {
		p.deps.Logger.WarnContext(p.ctx, "a picture of a message is not shown", "error", err)
	}
	p.pictures[id] = display.DataURI(content)
	return p.pictures[id]
}
