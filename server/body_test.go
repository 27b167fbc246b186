package server

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

const aPicture = "\x89PNG\r\n\x1a\nlogo"

// takesIn puts a mail into a case of an office, as it is read.
func (w *world) takesIn(box *ent.Mailbox, office *ent.Office, raw string) (mail *ent.Message, attachments []*ent.Attachment) {
	w.t.Helper()
	raw = strings.ReplaceAll(raw, "\n", "\r\n")
	file, _ := w.arrives(box, office, 0)
	digest, size, err := w.store.Put(w.ctx(), strings.NewReader(raw))
	require.NoError(w.t, err)
	m, err := pec.Read(w.ctx(), strings.NewReader(raw), int64(len(raw)), pec.Options{Verifier: unjudged{}})
	require.NoError(w.t, err)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		row := tx.Message.Create().SetDigest(string(digest)).SetSize(size).SetDirection(entmessage.DirectionIncoming).SetKind(m.Kind).
			SetVerdict(smime.Unsigned).SetEvidence(smime.Verdict{Status: smime.Unsigned}).SetSubject(m.Mail.Subject).SetText(m.Mail.Text).
			SetReceivedAt(noon).SetArchivedAt(noon).SetCase(file)
		if m.Mail.HTML != nil {
			row.SetHTMLSection(m.Mail.HTML.String()).SetHTMLCharset(m.Mail.HTMLCharset)
		}
		mail = row.SaveX(ctx)
		for i, a := range m.Mail.Attachments {
			attachments = append(attachments, tx.Attachment.Create().SetMessage(mail).SetPosition(i).SetName(a.Name).SetMediaType(a.MediaType).
				SetContentID(a.ContentID).SetInline(a.Inline).SetSize(a.Size).SetSha256(a.SHA256).SetSection(a.Section.String()).SaveX(ctx))
		}
		return nil
	})
	return mail, attachments
}

// readingsOf are the ways in which a message was read.
func (w *world) readingsOf(m *ent.Message) (ways []string) {
	for _, e := range w.db.Client().Event.Query().Where(entevent.Kind(string(event.ContentRead)), entevent.MessageID(m.ID)).Order(entevent.ByID()).AllX(w.ctx()) {
		told, err := event.FromRow(e)
		require.NoError(w.t, err)
		ways = append(ways, told.Details.Reason)
	}
	return ways
}

// rootOf reads what a page says of itself.
func rootOf(t *testing.T, page string) map[string]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	said := map[string]string{}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "html" {
			for _, a := range n.Attr {
				said[strings.TrimPrefix(a.Key, "data-")] = a.Val
			}
		}
	}
	return said
}

// aMail is what a company sends: text, HTML in Latin-1, and a picture in it.
func aMail(body string) string {
	return `From: Ditta Rossi <rossi@pec.example>
Subject: Richiesta <urgente>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=r

--r
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

Testo semplice: https://www.rossi.example.it/
--a
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

` + body + `
--a--
--r
Content-Type: image/png
Content-ID: <logo@rossi>
Content-Transfer-Encoding: base64

` + base64.StdEncoding.EncodeToString([]byte(aPicture)) + `
--r
Content-Type: image/png
Content-ID: <svg@rossi>

<svg onload=alert(1)>
--r--
`
}

const aBody = `<p onclick=3D"x()">perch=E9 <script>alert(1)</script></p><img src=3D"cid:logo@rossi" alt=3D"Logo">
<img src=3D"cid:svg@rossi" alt=3D"no"><img src=3D"https://img.example/a.png"><img src=3D"https://img.example/b.png?chi=3Dio">`

func TestWhatAPECSaysIsAPage(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		box := w.mailbox("tributi@comune.example", office)
		mail, _ := w.takesIn(box, office, aMail(aBody))
		path := graph.MessageBodyPath(mail.ID)

		response, page := w.send("GET", path, "")
		require.Equal(t, http.StatusOK, response.StatusCode, page)
		require.Equal(t, map[string]string{"lang": "it", "form": "html", "html": "true", "remote": "never", "remote-pictures": "2", "reason": ""}, rootOf(t, page))
		require.Contains(t, page, "<title>Richiesta &lt;urgente&gt;</title>")
		require.Contains(t, page, "<p>perché </p>")
		require.Contains(t, page, `<img src="data:image/png;base64,`+base64.StdEncoding.EncodeToString([]byte(aPicture))+`" alt="Logo">`)
		for _, never := range []string{"script", "onclick", "img.example", "svg", "Testo semplice"} {
			require.NotContains(t, page, never)
		}
		h := response.Header
		require.Equal(t, "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src data:", h.Get("Content-Security-Policy"))
		require.Equal(t, "SAMEORIGIN", h.Get("X-Frame-Options"))
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "private, no-store", h.Get("Cache-Control"))
		require.Equal(t, "text/html; charset=utf-8", h.Get("Content-Type"))

		_, page = w.send("GET", path+"?as=text", "")
		require.Equal(t, "text", rootOf(t, page)["form"])
		require.Equal(t, "true", rootOf(t, page)["html"])
		require.Contains(t, page, `Testo semplice: <a href="https://www.rossi.example.it/" target="_blank" rel="noopener noreferrer">https://www.rossi.example.it/</a>`)
		_, page = w.send("GET", path+"?remote=1", "")
		require.Equal(t, "never", rootOf(t, page)["remote"], "the house may forbid it")
		require.NotContains(t, page, "/picture")
		require.Equal(t, []string{"text"}, w.readingsOf(mail))

		answer := w.get(`query($id: ID!) { node(id: $id) { ... on Message { body { path html } attachments { nodes { nestedPath } } } } }`, map[string]any{"id": idOf("Message", mail.ID)})
		require.JSONEq(t, `{"node": {"body": {"path": "`+path+`", "html": true}, "attachments": {"nodes": [{"nestedPath": null}, {"nestedPath": null}]}}}`, answer)

		_, nothing := w.send("GET", graph.OriginalPath(strings.Repeat("0", 64)), "")
		elsewhere := []string{graph.MessageBodyPath(99999), graph.MessagesPath + idOf("Attachment", mail.ID) + "/body", graph.MessagesPath + "1/body", graph.MessagePicturePath(99999, 0)}
		for _, p := range elsewhere {
			response, page = w.send("GET", p, "")
			require.Equal(t, http.StatusNotFound, response.StatusCode, p)
			require.Equal(t, withoutID(nothing), withoutID(page))
		}
		w.token = w.tokenOf(w.employee("altri@comune.example")) // sees that the case is there, not what is in it
		for _, p := range []string{path, path + "?as=text", path + "?remote=1", graph.MessagePicturePath(mail.ID, 0)} {
			response, page = w.send("GET", p, "")
			require.Equal(t, http.StatusNotFound, response.StatusCode, p)
			require.Equal(t, withoutID(nothing), withoutID(page))
		}
		response, _ = w.send("GET", path, "", "Authorization", "")
		require.Equal(t, http.StatusUnauthorized, response.StatusCode)
		require.Equal(t, []string{"text"}, w.readingsOf(mail), "who was refused has read nothing")
	})
}

// withoutID is an error without the id of its request.
func withoutID(body string) string {
	before, _, _ := strings.Cut(body, "requestId")
	return before
}

// TestWhyTheTextIsShown where there is HTML.
func TestWhyTheTextIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	alternative := func(body string) string {
		return "Subject: x\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nIl testo.\n--a\nContent-Type: text/html\n\n" + body + "\n--a--\n"
	}
	for name, tt := range map[string]struct{ raw, form, reason, note string }{
		"HTML":          {alternative("<p>Ciao"), "html", "", ""},
		"hidden":        {alternative("<body style='display:none'><p>Ciao"), "text", "empty", "non mostra nulla"},
		"pictures only": {alternative("<img src=http://x.example/a.png alt=Ciao>"), "text", "remote-only", "immagini esterne"},
		"10 MB":         {alternative(strings.Repeat("<p>0123456789\n", 10<<20/14)), "text", "too-long", "troppo grande"},
		"script":        {alternative("<script>document.write('Ciao')"), "text", "empty", "non mostra nulla"},
		"no HTML":       {"Subject: x\n\nIl testo.\n", "text", "", ""},
		"nothing":       {"Subject: x\n\n\n", "text", "no-text", "non ha testo"},
		"HTML alone":    {"Subject: x\nContent-Type: text/html\n\n<img src=http://x.example/a.png>\n", "html", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			mail, _ := w.takesIn(box, nil, tt.raw)
			response, page := w.send("GET", graph.MessageBodyPath(mail.ID), "", "Accept-Language", "it")
			require.Equal(t, http.StatusOK, response.StatusCode, page)
			require.Equal(t, tt.form, rootOf(t, page)["form"])
			require.Equal(t, tt.reason, rootOf(t, page)["reason"])
			require.Equal(t, tt.note != "", strings.Contains(page, `<p class="smista-note" lang="it">`))
			require.Contains(t, page, tt.note)
			require.Equal(t, tt.form == "text" && name != "nothing", strings.Contains(page, "Il testo."))
		})
	}
}

// TestCharsets: what the bytes mean is found before they are cleaned.
func TestCharsets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	wide := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.Write([]byte{byte(r), byte(r >> 8)})
		}
		return b.String()
	}
	for name, tt := range map[string]struct{ charset, body, want string }{
		"UTF-16":               {"; charset=utf-16le", wide("<p>perché<script>alert(1)</script></p>"), "<p>perché</p>"},
		"UTF-16 by its mark":   {"", "\xff\xfe" + wide("<p>perché<script>alert(1)</script></p>"), "<p>perché</p>"},
		"UTF-7":                {"; charset=utf-7", "<p>+ADw-script+AD4-alert(1)</p>", "<p>+ADw-script+AD4-alert(1)</p>"},
		"its own word":         {"", "<meta charset=windows-1252><p>\x93perch\xe9\x94</p>", "<p>“perché”</p>"},
		"nobody says":          {"", "<p>perch\xe9</p>", "<p>perché</p>"},
		"unknown":              {"; charset=x-nothing", "<p>perché</p>", "<p>perché</p>"},
		"overlong":             {"; charset=utf-8", "<p>\xc0\xbcscript\xc0\xbe</p>", "<p>\ufffd"},
		"half of another code": {"; charset=iso-2022-jp", "<p>\x1b$B<script>\x1b(B</p>", "<p>"},
	} {
		raw := "Subject: x\nContent-Type: text/html" + tt.charset + "\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(tt.body)) + "\n"
		mail, _ := w.takesIn(box, nil, raw)
		response, page := w.send("GET", graph.MessageBodyPath(mail.ID), "")
		require.Equal(t, http.StatusOK, response.StatusCode, name)
		require.Contains(t, page, tt.want, name)
		require.NotContains(t, page, "<script", name)
	}
}

// TestADamagedOriginalIsNotShown.
func TestADamagedOriginalIsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Archive = damaged{d.Archive} })
	mail, _ := w.takesIn(w.mailbox("protocollo@comune.example", nil), nil, aMail(aBody))
	response, page := w.send("GET", graph.MessageBodyPath(mail.ID), "")
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.NotContains(t, page, "perch")
}

// TestAttachmentsAreShownAsWhatTheyAre, and not as what they are called.
func TestAttachmentsAreShownAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files := []struct{ kind, content, shown string }{
		{"application/pdf", "%PDF-1.7 x", "application/pdf"},
		{"application/octet-stream", "%PDF-1.7 x", "application/pdf"},
		{"image/png", aPicture, "image/png"},
		{"image/png", "<svg onload=alert(1)>", ""},
		{"image/svg+xml", "<svg xmlns='x'/>", ""},
		{"text/plain", "perché", "text/plain; charset=utf-8"},
		{"text/plain", "perch\xe9", "text/plain; charset=windows-1252"},
		{"text/plain", "\xff\xfea\x00", "text/plain; charset=utf-16le"},
		{"text/plain", "<html><script>alert(1)</script>", ""},
		{"text/html", "ciao", ""},
		{"application/zip", "PK\x03\x04", ""},
		{"application/octet-stream", "ciao", ""},
	}
	raw := "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n"
	for i, f := range files {
		raw += fmt.Sprintf("--m\nContent-Type: %s\nContent-Disposition: attachment; filename=a%d\nContent-Transfer-Encoding: base64\n\n%s\n", f.kind, i, base64.StdEncoding.EncodeToString([]byte(f.content)))
	}
	_, attachments := w.takesIn(w.mailbox("protocollo@comune.example", nil), nil, raw+"--m--\n")
	require.Len(t, attachments, len(files))
	for i, f := range files {
		path := graph.AttachmentPath(attachments[i].ID)
		response, body := w.send("GET", path+"?inline=1", "")
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Equal(t, f.content, body)
		h := response.Header
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Contains(t, h.Get("Content-Security-Policy"), "sandbox")
		if f.shown == "" {
			require.True(t, strings.HasPrefix(h.Get("Content-Disposition"), "attachment;"), "%v", f)
			require.Equal(t, "DENY", h.Get("X-Frame-Options"))
			continue
		}
		require.True(t, strings.HasPrefix(h.Get("Content-Disposition"), "inline;"), "%v", f)
		require.Equal(t, f.shown, h.Get("Content-Type"))
		require.Equal(t, "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'", h.Get("Content-Security-Policy"))
		require.Equal(t, "SAMEORIGIN", h.Get("X-Frame-Options"))
		response, _ = w.send("GET", path, "")
		require.True(t, strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment;"), "unless it is asked for, it is saved")
	}
}
