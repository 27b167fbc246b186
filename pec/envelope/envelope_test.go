package envelope_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
)

const (
	operator  = "gestore.example"
	sender    = "protocollo@pec.comune.example"
	recipient = "anna@pec.cittadini.example"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a hierarchy with an issuer under it.
type bench struct {
	hierarchy *testpki.Hierarchy
	issuer    envelope.Issuer
	now       time.Time
}

func newBench(t *testing.T) bench {
	t.Helper()
	now := time.Now().Truncate(time.Second).In(time.FixedZone("", 3600))
	h, err := testpki.New(now, operator)
	require.NoError(t, err)
	return bench{h, envelope.Issuer{Name: "Gestore di Prova S.p.A.", Identity: h.Provider(operator)}, now}
}

// letter of any kind, with words that need escaping everywhere.
func (b bench) letter(kind pec.Kind, failure string) envelope.Letter {
	c := pec.Certification{
		Error: failure, Sender: sender, Subject: `Attività: "A & B" <2026> – perché`, Provider: b.issuer.Name, Time: b.now,
		Recipients: []pec.Recipient{{Address: recipient, Type: "certificato"}, {Address: "mario@posta.example", Type: "esterno"}},
		Identifier: "prova1.20260302.7@" + operator, MessageID: "<abc&1@client.example>",
	}
	switch kind {
	case pec.Envelope, pec.Delivery:
		c.ReceiptType = envelope.Complete
	case pec.TakenInCharge:
		c.TakenFor = []string{recipient}
	}
	if kind == pec.Delivery || kind == pec.DeliveryError || kind == pec.DeliveryWarning {
		c.DeliveryTo = recipient
	}
	if failure != "" {
		c.ExtendedError = "5.1.1 - " + b.issuer.Name + " - indirizzo non valido"
	}
	return envelope.Letter{Kind: kind, ID: "<ricevuta.1@" + operator + ">", To: []string{recipient}, Certified: c, Original: original(submitted)}
}

func original(s string) *envelope.Original {
	return &envelope.Original{Content: strings.NewReader(s), Size: int64(len(s)), Received: "from [192.0.2.1] by gestore.example with ESMTPA"}
}

var submitted = strings.Join([]string{
	"From: " + sender, "To: " + recipient, "Cc: mario@posta.example", "Subject: Prova", "message-id:", " <abc&1@client.example>",
	"X-TipoRicevuta: breve", "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="b1"`, "",
	"--b1", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Città e perché.", "",
	"--b1", `Content-Type: application/pdf; name="atto.pdf"`, "Content-Transfer-Encoding: base64",
	`Content-Disposition: attachment; filename="atto.pdf"`, "", "JVBERi0xLjcK", "", "--b1--", "",
}, "\r\n")

// kinds of pec.md §2, rows 1 to 11.
var kinds = []struct {
	kind    pec.Kind
	failure string
	prefix  string
}{
	{pec.Envelope, "", "POSTA CERTIFICATA: "},
	{pec.Anomaly, "", "ANOMALIA MESSAGGIO: "},
	{pec.Acceptance, "", "ACCETTAZIONE: "},
	{pec.NonAcceptance, "altro", "AVVISO DI NON ACCETTAZIONE: "},
	{pec.NonAcceptance, "virus", "AVVISO DI NON ACCETTAZIONE PER VIRUS: "},
	{pec.TakenInCharge, "", "PRESA IN CARICO: "},
	{pec.Delivery, "", "CONSEGNA: "},
	{pec.VirusNotice, "virus", "PROBLEMA DI SICUREZZA: "},
	{pec.DeliveryError, "no-dest", "AVVISO DI MANCATA CONSEGNA: "},
	{pec.DeliveryError, "virus", "AVVISO DI MANCATA CONSEGNA PER VIRUS: "},
	{pec.DeliveryWarning, "altro", "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: "},
}

var quirks = map[string]envelope.Quirks{
	"plain":          {},
	"sha1":           {SHA1: true},
	"ber":            {BER: true},
	"old spelling":   {OldSpelling: true},
	"plain pkcs7":    {PlainPKCS7: true},
	"no msgid":       {NoMsgID: true},
	"folded":         {Folded: true},
	"trailing blank": {TrailingBlank: true},
	"xml space":      {XMLSpace: true},
	"base64":         {Base64: true},
	"latin-1 header": {HeaderCharset: "iso-8859-1", BodyCharset: "utf-8"},
	"line feeds":     {LF: true},
	"rem subject":    {REMSubject: true},
	"bilingual":      {Bilingual: true},
	"all at once": {SHA1: true, BER: true, OldSpelling: true, PlainPKCS7: true, NoMsgID: true, Folded: true, TrailingBlank: true,
		XMLSpace: true, Base64: true, HeaderCharset: "iso-8859-1", BodyCharset: "utf-8", LF: true, REMSubject: true, Bilingual: true},
}

func (b bench) write(t *testing.T, l envelope.Letter) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, b.issuer.Write(&out, l))
	return out.Bytes()
}

func (b bench) read(t *testing.T, raw []byte) *pec.Message {
	t.Helper()
	m, err := pec.Read(t.Context(), bytes.NewReader(raw), int64(len(raw)), pec.Options{Verifier: b.hierarchy.Anchors(), Received: b.now})
	require.NoError(t, err)
	return m
}

func TestEveryKindIsValidWithEveryQuirk(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, q := range quirks {
		b.issuer.Quirks = q
		for _, k := range kinds {
			l := b.letter(k.kind, k.failure)
			m := b.read(t, b.write(t, l))
			where := fmt.Sprintf("%s, %s %s", name, k.kind, k.failure)
			require.Equal(t, k.kind, m.Kind, where)
			require.Equal(t, smime.Valid, m.Signature.Status, "%s: %v", where, m.Signature.Reasons)
			require.Empty(t, m.Problems, where)
			require.Equal(t, k.prefix+l.Certified.Subject, m.Subject, where)
		}
	}
}

func TestCertificationSaysWhatWasGiven(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, k := range kinds {
		if k.kind == pec.Anomaly {
			continue // certifies nothing
		}
		l := b.letter(k.kind, k.failure)
		got := b.read(t, b.write(t, l)).Certification
		want := l.Certified
		want.Type, want.ReplyTo = string(k.kind), sender
		if want.Error == "" {
			want.Error = "nessuno"
		}
		require.True(t, want.Time.Equal(got.Time), k.kind)
		got.Time = want.Time
		require.Equal(t, &want, got)
	}
}

// OpenSSL is the second opinion.
func TestOpenSSLAgrees(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
			t.Fatal("openssl is not installed and SMISTA_REQUIRE_SERVERS is set")
		}
		t.Skip("openssl is not installed: no second opinion on our signatures")
	}
	b := newBench(t)
	dir := t.TempDir()
	require.NoError(t, b.hierarchy.SaveTrust(dir))
	agree := func(name string, l envelope.Letter) {
		file := filepath.Join(dir, "letter.eml")
		require.NoError(t, os.WriteFile(file, b.write(t, l), 0o600))
		out, err := exec.CommandContext(t.Context(), "openssl", "cms", "-verify", "-in", file, "-out", os.DevNull,
			"-CAfile", filepath.Join(dir, "root.pem"), "-purpose", "any").CombinedOutput()
		require.NoError(t, err, "%s, %s: %s", name, l.Kind, out)
	}
	for name, q := range quirks {
		b.issuer.Quirks = q
		agree(name, b.letter(pec.Envelope, ""))
	}
	for _, name := range []string{"plain", "all at once"} {
		b.issuer.Quirks = quirks[name]
		for _, k := range kinds {
			agree(name, b.letter(k.kind, k.failure))
		}
	}
}
