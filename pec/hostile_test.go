package pec_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
)

// patience is far above what any of these takes, and far below what a quadratic
// algorithm would.
const patience = 10 * time.Second

func readInTime(t *testing.T, raw []byte, o pec.Options) *pec.Message {
	t.Helper()
	start := time.Now()
	m := read(t, raw, o)
	require.Less(t, time.Since(start), patience)
	return m
}

func TestMultipartsNestedTooDeep(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("From: a@b.example\r\n")
	for i := range 100 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n", i, i)
	}
	b.WriteString("\r\ndeep inside\r\n")
	m := readInTime(t, []byte(b.String()), trusted())
	require.Contains(t, codes(m), "too-deep")
	require.Len(t, m.Mail.Attachments, 1, "what is too deep is offered as it stands")
	require.Equal(t, "multipart/mixed", m.Mail.Attachments[0].MediaType)
}

func TestTooManyParts(t *testing.T) {
	t.Parallel()
	parts := strings.Repeat("--mixed\r\nContent-Disposition: attachment\r\n\r\nx\r\n", 100_000)
	raw := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=mixed\r\n\r\n" + parts + "--mixed--\r\n"
	m := readInTime(t, []byte(raw), trusted())
	require.Contains(t, codes(m), "too-many-parts")
	require.Len(t, m.Mail.Attachments, 999)
}

// The signature comes after the parts; leaving parts out must not lose it.
func TestTooManySignedParts(t *testing.T) {
	t.Parallel()
	parts := []string{xmlPart(daticert())}
	for range 2000 {
		parts = append(parts, crlf("Content-Disposition: attachment", "", "x"))
	}
	m := readInTime(t, signed(t, envelopeHeader(), mixed(parts...)), trusted())
	require.Contains(t, codes(m), "too-many-parts")
	require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
}

func TestHugeHeaders(t *testing.T) {
	t.Parallel()
	const size = 10 << 20
	tests := map[string]string{
		"one long line":  "X-Big: " + strings.Repeat("a", size) + "\r\n",
		"one long field": "Subject: x" + strings.Repeat("\r\n "+strings.Repeat("b", 70), size/70) + "\r\n",
		"many fields":    strings.Repeat("X-A: b\r\n", size/8),
		"no colon":       strings.Repeat("nothing here\r\n", size/14),
	}
	for name, header := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := readInTime(t, []byte("From: a@b.example\r\n"+header+"\r\nthe body\r\n"), trusted())
			require.Contains(t, codes(m), "header-too-long")
			require.Equal(t, "the body", m.Mail.Text)
			require.LessOrEqual(t, len(m.Subject), 256<<10)

			part := "Content-Type: multipart/mixed; boundary=mixed\r\n\r\n--mixed\r\n" + header + "\r\nthe part\r\n--mixed--\r\n"
			m = readInTime(t, []byte(part), trusted())
			require.Contains(t, codes(m), "header-too-long")
			require.Equal(t, "the part", m.Mail.Text)
		})
	}
}

func TestHostileHeaderFields(t *testing.T) {
	t.Parallel()
	long := func(piece string) string { return strings.Repeat(piece, 200_000/len(piece)) }
	tests := map[string]string{
		"open encoded words":      "Subject: " + long("=?x?Q? "),
		"encoded words":           "Subject: " + long("=?utf-8?B?4g==?= "),
		"open quotes in To":       "To: " + long(`"a `),
		"open brackets in To":     "To: " + long("<a@b "),
		"nested comments in From": "From: " + long("("),
		"many addresses":          "Cc: " + long("a@b,"),
		"continuations":           "Content-Disposition: attachment" + long("; f*1*=%41"),
		"many parameters":         "Content-Type: text/plain" + long("; a=b"),
		"references":              "References: " + long("<a@b> "),
	}
	for name, field := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := readInTime(t, []byte(field+"\r\n\r\nthe body\r\n"), trusted())
			require.LessOrEqual(t, len(m.Mail.Cc), 1000)
		})
	}
}

// A bomb of nested BER that kills parsers by their stack.
func TestBERBomb(t *testing.T) {
	t.Parallel()
	bomb := bytes.Repeat([]byte{0x30, 0x80}, 2<<20)
	m := readInTime(t, withSignature(envelopeHeader(), mixed(xmlPart(daticert())), bomb), trusted())
	require.Equal(t, smime.Unverifiable, m.Signature.Status)
	require.Contains(t, reasons(m), "signature-too-large")
	m = readInTime(t, withSignature(envelopeHeader(), mixed(xmlPart(daticert())), bomb[:1<<19]), trusted())
	require.Equal(t, smime.Unverifiable, m.Signature.Status)
}

// An archive is an attachment like any other: it is never opened.
func TestZipBombIsNotOpened(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	f, err := z.Create("zeros")
	require.NoError(t, err)
	_, err = io.CopyN(f, zeros{}, 64<<20)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	original := crlf("From: "+sender) + mixed(crlf("Content-Type: application/zip; name=bomb.zip",
		"Content-Transfer-Encoding: base64", "", lines64(b.Bytes())))
	m := readInTime(t, letter(t, pec.Envelope, original, nil), trusted())
	require.EqualValues(t, b.Len(), m.Mail.Attachments[0].Size)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Programs differ on which of two readings holds: none is shown.
func TestStructureAmbiguous(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"two types":      crlf("Content-Type: text/plain", "Content-Type: text/html", "", "<b>x</b>"),
		"two boundaries": crlf("Content-Type: multipart/mixed; boundary=a; boundary=b", "", "--a", "", "one", "--a--", "--b", "", "two", "--b--"),
		"two encodings":  crlf("Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: 7bit", "", "eHg="),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := read(t, []byte(raw), trusted())
			require.Contains(t, codes(m), "structure-ambiguous")
			require.Empty(t, m.Mail.Text)
			require.Empty(t, m.Mail.Attachments)
		})
	}
	t.Run("two file names", func(t *testing.T) {
		t.Parallel()
		m := read(t, []byte(mixed(crlf(`Content-Disposition: attachment; filename="a.pdf"; filename="b.exe"`, "", "x"))), trusted())
		require.Contains(t, codes(m), "structure-ambiguous")
		require.Len(t, m.Mail.Attachments, 1)
		require.Empty(t, m.Mail.Attachments[0].Name)
	})
	t.Run("a boundary used again inside", func(t *testing.T) {
		t.Parallel()
		m := read(t, []byte(mixed("Content-Type: multipart/mixed; boundary=mixed\r\n\r\n--mixed\r\n\r\nx\r\n")), trusted())
		require.Contains(t, codes(m), "structure-ambiguous")
	})
	t.Run("two daticert.xml", func(t *testing.T) {
		t.Parallel()
		m := read(t, signed(t, envelopeHeader(), mixed(xmlPart(daticert()), xmlPart(daticert()))), trusted())
		require.Contains(t, codes(m), "certification-ambiguous")
		require.Nil(t, m.Certification)
		require.Equal(t, smime.Unverifiable, m.Signature.Status)
	})
	t.Run("two postacert.eml", func(t *testing.T) {
		t.Parallel()
		m := read(t, signed(t, envelopeHeader(), mixed(xmlPart(daticert()), messagePart(plainOriginal()), messagePart(plainOriginal()))), trusted())
		require.Contains(t, codes(m), "original-ambiguous")
		require.Nil(t, m.Mail)
	})
}

// Oddities of real mail that must still give a readable message.
func TestOddities(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw, text, problem string
	}{
		"empty":                      {"", "", ""},
		"no header":                  {"\r\nhello\r\n", "hello", ""},
		"header only":                {"Subject: x", "", ""},
		"mbox line":                  {"From a@b Mon Jan 1\nSubject: x\n\nhello\n", "hello", "mbox-line"},
		"line without colon":         {"Subject: x\r\ngarbage\r\nTo: a@b\r\n\r\nhello\r\n", "hello", "header-line-malformed"},
		"two CR and LF":              {"Subject: x\r\r\nTo: a@b\r\r\n\r\r\nhello\r\n", "hello", ""},
		"unknown charset":            {"Content-Type: text/plain; charset=x-foo\r\n\r\n\xe8 \xe9\r\n", "è é", ""},
		"8 bits without charset":     {"Subject: x\r\n\r\nperch\xe9\r\n", "perché", ""},
		"unknown encoding":           {"Content-Transfer-Encoding: x-uue\r\n\r\nabc\r\n", "abc", "encoding-unknown"},
		"base64 with rubbish":        {"Content-Transfer-Encoding: base64\r\n\r\naGV$sbG8=\r\nfooter\r\n", "hello", "encoding-broken"},
		"base64 cut":                 {"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8", "hello", "encoding-broken"},
		"quoted-printable broken":    {"Content-Transfer-Encoding: quoted-printable\r\n\r\n100=ZZ=\r\n%\r\n", "100=ZZ%", "encoding-broken"},
		"multipart without boundary": {"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", "", "boundary-missing"},
		"multipart never closed":     {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello", "hello", "multipart-unclosed"},
		"part without a blank line":  {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n--b\r\n\r\nhello\r\n--b--\r\n", "hello", ""},
		"HTML only":                  {"Content-Type: text/html\r\n\r\n<style>x{}</style><p>ci&agrave;o</p><p>a&nbsp;<b>tutti</b><script>x</script>\r\n", "ciào\n\na tutti", ""},
		"NUL":                        {"Subject: a\x00b\r\n\r\nx\x00y\r\n", "x\ufffdy", ""},
		"date":                       {"Date: yesterday\r\n\r\nx\r\n", "x", "date-unreadable"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := read(t, []byte(test.raw), trusted())
			require.Equal(t, pec.OrdinaryMail, m.Kind)
			require.Equal(t, test.text, m.Mail.Text)
			if test.problem != "" {
				require.Contains(t, codes(m), test.problem)
			} else {
				require.Empty(t, m.Problems)
			}
		})
	}
}

func TestTextIsCut(t *testing.T) {
	t.Parallel()
	m := read(t, []byte("Subject: x\r\n\r\n"+strings.Repeat("è parola\r\n", 200_000)), trusted())
	require.Contains(t, codes(m), "text-cut")
	require.LessOrEqual(t, len(m.Mail.Text), 512<<10)
}

// Hostile names come through as written, for SafeName to handle.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	original := crlf("From: "+sender) + mixed(
		crlf(`Content-Disposition: attachment; filename*=utf-8''..%2f..%2fetc%2fpasswd%00.pdf`, "", "x"),
		crlf("Content-Disposition: attachment; filename=\"fattura\u202efdp.exe\"", "", "x"))
	m := read(t, letter(t, pec.Envelope, original, func(is *envelope.Issuer, _ *envelope.Letter) { is.Quirks.Base64 = true }), trusted())
	require.Equal(t, "../../etc/passwd\ufffd.pdf", m.Mail.Attachments[0].Name)
	require.Equal(t, "passwd.pdf", pec.SafeName(m.Mail.Attachments[0].Name, 1))
	require.Equal(t, "fatturafdp.exe", pec.SafeName(m.Mail.Attachments[1].Name, 2))
}

// What is larger than any real one is left out, and said.
func TestLimits(t *testing.T) {
	t.Parallel()
	raw := letter(t, pec.Envelope, plainOriginal(), nil)
	o := trusted()
	o.Limits = pec.Limits{Certification: 100}
	m := read(t, raw, o)
	require.Nil(t, m.Certification)
	require.Contains(t, codes(m), "certification-too-large")
	require.Equal(t, smime.Unverifiable, m.Signature.Status, "nothing certified was read")

	o.Limits = pec.Limits{Signature: 100}
	m = read(t, raw, o)
	require.Equal(t, smime.Unverifiable, m.Signature.Status)
	require.Contains(t, reasons(m), "signature-too-large")

	o.Limits = pec.Limits{Text: 5}
	m = read(t, raw, o)
	require.Equal(t, "Citt", m.Mail.Text, "never half a letter")
	require.Contains(t, codes(m), "text-cut")
}

func TestHostileHTML(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"<", "<!--", "<a ", "<a b=\"", "&", "&amp", "<script>", "</", "<![CDATA[", "<p>a", "<textarea>", "<a href=cid:x>"} {
		m := readInTime(t, []byte("Content-Type: text/html\r\n\r\n"+strings.Repeat(piece, 512<<10/len(piece))), trusted())
		require.NotNil(t, m.Mail.HTML, piece)
	}
}
