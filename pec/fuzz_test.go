package pec_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
)

// FuzzRead: whatever the bytes are, reading ends without error, the report is
// JSON, and every attachment is where it is said to be.
func FuzzRead(f *testing.F) {
	for _, kind := range []pec.Kind{pec.Envelope, pec.Anomaly, pec.Acceptance, pec.Delivery} {
		f.Add(letter(f, kind, plainOriginal(), nil))
	}
	f.Add([]byte(mixed(crlf("Content-Type: text/html; charset=utf-7", "", "<a href=cid:x>"), crlf("Content-ID: <x>", "Content-Transfer-Encoding: quoted-printable", "", "=3D="))))
	addSamples(f, "*/*.eml")
	o := trusted()
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := read(t, raw, o)
		_, err := json.Marshal(m.Report("x"))
		require.NoError(t, err)
		if m.Mail == nil {
			return
		}
		require.True(t, utf8.ValidString(m.Mail.Text))
		for _, a := range m.Mail.Attachments {
			require.NotEmpty(t, pec.SafeName(a.Name, 1))
			h := sha256.New()
			n, err := io.Copy(h, a.Section.Open(bytes.NewReader(raw)))
			require.NoError(t, err)
			require.Equal(t, a.Size, n)
			require.Equal(t, a.SHA256, hex.EncodeToString(h.Sum(nil)))
		}
	})
}

// FuzzCertification: daticert.xml, whatever it is, gives certified data or one
// reason why not, and nothing in it breaks a database or a screen.
func FuzzCertification(f *testing.F) {
	f.Add([]byte(daticert()))
	addSamples(f, "*/*daticert.xml")
	o := trusted()
	f.Fuzz(func(t *testing.T, xml []byte) {
		m := read(t, withSignature(envelopeHeader(), mixed(xmlPart(string(xml))), []byte("x")), o)
		c := m.Certification
		if c == nil {
			require.NotEmpty(t, m.Problems)
			return
		}
		for _, text := range []string{c.Type, c.Sender, c.Subject, c.Provider, c.Identifier, c.MessageID, c.ExtendedError} {
			require.True(t, utf8.ValidString(text))
			require.NotContains(t, text, "\x00")
		}
	})
}

// addSamples seeds with the real messages where they are at hand.
func addSamples(f *testing.F, pattern string) {
	f.Helper()
	paths, err := filepath.Glob(filepath.Join(samplesDir, pattern))
	require.NoError(f, err)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(raw)
	}
}
