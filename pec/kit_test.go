package pec_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
)

const (
	operator  = "gestore.example"
	sender    = "protocollo@pec.comune.example"
	recipient = "anna@pec.cittadini.example"
	sentID    = "<abc.1@client.example>"
	issuedID  = "prova1.20261103.7@" + operator
)

// issued is the certified time of every message made here.
func issued() time.Time {
	return time.Date(2026, 11, 3, 10, 20, 30, 0, time.FixedZone("", 3600))
}

// hierarchy is made once: keys take long.
var hierarchy = sync.OnceValue(func() *testpki.Hierarchy {
	h, err := testpki.New(issued(), operator, "altro.example")
	if err != nil {
		panic(err)
	}
	return h
})

func trusted() pec.Options {
	return pec.Options{Verifier: hierarchy().Anchors(), Received: issued().Add(time.Minute)}
}

// genuine is how the samples are read: trusting the real hierarchy, at the time
// the message itself states.
func genuine() pec.Options { return pec.Options{Verifier: defaultAnchors()} }

var defaultAnchors = sync.OnceValue(smime.DefaultAnchors)

// letter gives a message of any kind; change may be nil.
func letter(t testing.TB, kind pec.Kind, original string, change func(*envelope.Issuer, *envelope.Letter)) []byte {
	t.Helper()
	is := envelope.Issuer{Name: "Gestore di Prova S.p.A.", Identity: hierarchy().Provider(operator)}
	c := pec.Certification{
		Sender: sender, ReplyTo: sender, Subject: "Richiesta di accesso", Provider: is.Name, Time: issued(),
		Recipients: []pec.Recipient{{Address: recipient, Type: "certificato"}},
		Identifier: issuedID, MessageID: sentID, ReceiptType: envelope.Complete,
	}
	l := envelope.Letter{Kind: kind, ID: "<ricevuta.1@" + operator + ">", To: []string{recipient}, Certified: c,
		Original: &envelope.Original{Content: strings.NewReader(original), Size: int64(len(original))}}
	if change != nil {
		change(&is, &l)
	}
	var out bytes.Buffer
	require.NoError(t, is.Write(&out, l))
	return out.Bytes()
}

// crlf joins lines as they go over the wire.
func crlf(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

// plainOriginal is a submitted message with one attachment.
func plainOriginal() string {
	return crlf("From: Protocollo <"+sender+">", "To: "+recipient, "Subject: Richiesta di accesso",
		"Message-ID: "+sentID, "Date: Tue, 3 Nov 2026 10:20:29 +0100", "MIME-Version: 1.0",
		`Content-Type: multipart/mixed; boundary="b1"`, "",
		"--b1", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Città e perché.", "",
		"--b1", "Content-Type: application/pdf; name=atto.pdf", "Content-Transfer-Encoding: base64",
		"Content-Disposition: attachment; filename=atto.pdf", "", "JVBERi0xLjcK", "--b1--")
}

// signed wraps any content in a multipart/signed that the test provider signs;
// the header lines come before it. The content is the whole first part.
func signed(t testing.TB, header []string, content string) []byte {
	t.Helper()
	p7s, err := hierarchy().Provider(operator).Sign(strings.NewReader(content), smime.SignOptions{Digest: crypto.SHA256, Time: issued()})
	require.NoError(t, err)
	return withSignature(header, content, p7s)
}

func withSignature(header []string, content string, p7s []byte) []byte {
	return []byte(crlf(header...) + crlf("MIME-Version: 1.0",
		`Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="outer"`, "", "--outer") +
		content + crlf("", "--outer", `Content-Type: application/pkcs7-signature; name="smime.p7s"`,
		"Content-Transfer-Encoding: base64", "", lines64(p7s), "--outer--"))
}

func lines64(p []byte) string {
	text := base64.StdEncoding.EncodeToString(p)
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return b.String() + text
}

// envelopeHeader is the header of a genuine transport envelope.
func envelopeHeader() []string {
	return []string{
		`From: "Per conto di: ` + sender + `" <posta-certificata@` + operator + `>`, "To: " + recipient,
		"Subject: POSTA CERTIFICATA: Richiesta di accesso", "Message-ID: <" + issuedID + ">",
		"X-Trasporto: posta-certificata", "X-Riferimento-Message-ID: " + sentID,
	}
}

// xmlPart is daticert.xml as a part; the XML itself is given.
func xmlPart(xml string) string {
	return crlf("Content-Type: application/xml; name=daticert.xml", "Content-Transfer-Encoding: base64", "", lines64([]byte(xml)))
}

func messagePart(original string) string {
	return crlf("Content-Type: message/rfc822; name=postacert.eml", "") + original
}

// mixed joins parts as a provider does.
func mixed(parts ...string) string {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/mixed; boundary=mixed\r\n\r\n")
	for _, p := range parts {
		b.WriteString("--mixed\r\n" + p + "\r\n")
	}
	return b.String() + "--mixed--\r\n"
}

// daticert is the certified data of a transport envelope.
func daticert() string {
	return envelope.Daticert(pec.Certification{
		Type: "posta-certificata", Error: "nessuno", Sender: sender, ReplyTo: sender, Subject: "Richiesta di accesso",
		Provider: "Gestore di Prova S.p.A.", Time: issued(), Identifier: issuedID, MessageID: sentID, ReceiptType: "completa",
		Recipients: []pec.Recipient{{Address: recipient, Type: "certificato"}},
	})
}

func codes(m *pec.Message) []string {
	var list []string
	for _, p := range m.Problems {
		list = append(list, p.Code)
	}
	return list
}

func reasons(m *pec.Message) []string {
	var list []string
	for _, r := range m.Signature.Reasons {
		list = append(list, r.Code)
	}
	return list
}

// replaced changes the one place where old stands.
func replaced(t testing.TB, raw []byte, old, with string) []byte {
	t.Helper()
	require.Equal(t, 1, bytes.Count(raw, []byte(old)), "%q must stand once", old)
	return bytes.Replace(raw, []byte(old), []byte(with), 1)
}

func describe(m *pec.Message) string {
	return fmt.Sprintf("%s %s %v %v", m.Kind, m.Signature.Status, m.Signature.Reasons, m.Problems)
}
