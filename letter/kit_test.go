package letter_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/letter"
)

var update = flag.Bool("update", false, "write the golden files anew")

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	require.NoError(t, err)
	return zone
}

func file(name, kind, content string) letter.File {
	return letter.File{Name: name, MediaType: kind, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func picture(id, name, content string) letter.File {
	f := file(name, "image/png", content)
	f.ContentID = id
	return f
}

// simple is a letter that may be sent, with nothing that it may do without.
func simple(t testing.TB) letter.Letter {
	t.Helper()
	return letter.Letter{
		MessageID: "<1.abc@smista.comune.example>",
		Date:      time.Date(2026, 11, 24, 10, 42, 0, 0, rome(t)),
		From:      letter.Address{Address: "protocollo@pec.comune.example"},
		To:        []letter.Address{{Address: "mario.rossi@pec.example"}},
		Subject:   "Risposta alla richiesta",
		HTML:      "<p>Buongiorno.</p>",
	}
}

// full is one with everything.
func full(t testing.TB) letter.Letter {
	t.Helper()
	l := simple(t)
	l.From.Name = "Comune di Forlì – Ufficio Protocollo"
	l.To = []letter.Address{
		{Name: "Mario Rossi", Address: "mario.rossi@pec.example"},
		{Name: `Studio "Àlàcre" & C., S.r.l.`, Address: "studio.alacre@legalmail.example"},
	}
	l.Cc = []letter.Address{{Name: "Ufficio Anagrafe", Address: "anagrafe@pec.comune.example"}}
	l.Subject = "Riscontro all'istanza n. 42/2026 – perché la città è più bella 🏛️ con le strade pulite e i giardini in fiore"
	l.InReplyTo = "<opec288.20261113163926.01838.310.1.63@pec.aruba.example>"
	l.References = []string{"<first@client.example>", "<opec288.20261113163926.01838.310.1.63@pec.aruba.example>"}
	l.Receipt = letter.Brief
	l.HTML = `<p>Gentile <b>Mario</b>,<br>si allega l'atto.</p><p><img src="cid:logo@smista" alt="stemma"></p>` +
		`<table><tr><td>Voce</td><td>Importo</td></tr><tr><td>Bollo</td><td>16,00 €</td></tr></table>` +
		`<ol><li>primo</li><li>secondo</li></ol><p>Veda <a href="https://comune.example/atti">gli atti</a>.</p>`
	l.Files = []letter.File{
		picture("logo@smista", "stemma.png", "\x89PNG\r\n\x1a\n\x00\xff"),
		file("perché città 🏛.pdf", "application/pdf", "%PDF-1.7\nnon proprio\n"),
		file("originale.eml", "message/rfc822", "From: a@b.example\r\n\r\nFrom here è\r\n"),
	}
	return l
}

func write(t require.TestingT, l letter.Letter) []byte {
	var b bytes.Buffer
	require.NoError(t, l.Write(&b))
	return b.Bytes()
}

// leaf is a part without parts, as it was read.
type leaf struct {
	path, kind, name, disposition, id string
	content                           string
}

// parts reads with the standard library.
func parts(t require.TestingT, raw []byte) (*mail.Message, []leaf) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	require.NoError(t, err)
	return m, leaves(t, "", m.Header.Get, m.Body)
}

func leaves(t require.TestingT, path string, header func(string) string, body io.Reader) (found []leaf) {
	kind, parameters, err := mime.ParseMediaType(header("Content-Type"))
	require.NoError(t, err)
	if family, name, _ := strings.Cut(kind, "/"); family == "multipart" {
		r := multipart.NewReader(body, parameters["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return found
			}
			require.NoError(t, err)
			found = append(found, leaves(t, path+name+"/", p.Header.Get, p)...)
		}
	}
	l := leaf{path: path, kind: kind, id: header("Content-ID")}
	switch header("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	default:
		require.Fail(t, "an encoding that is not ours", header("Content-Transfer-Encoding"))
	}
	content, err := io.ReadAll(body)
	require.NoError(t, err)
	l.content = string(content)
	if d := header("Content-Disposition"); d != "" {
		l.disposition, parameters, err = mime.ParseMediaType(d)
		require.NoError(t, err)
		l.name = parameters["filename"]
	}
	return []leaf{l}
}
