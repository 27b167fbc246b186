package pec_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
)

// specimens are genuine messages of every shape, and the real ones where they
// are at hand.
func specimens(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{
		"envelope": letter(t, pec.Envelope, plainOriginal(), nil),
		"receipt":  letter(t, pec.Delivery, plainOriginal(), func(is *envelope.Issuer, _ *envelope.Letter) { is.Quirks = envelope.Quirks{LF: true, SHA1: true} }),
		"encoded":  letter(t, pec.Envelope, plainOriginal(), func(is *envelope.Issuer, _ *envelope.Letter) { is.Quirks = envelope.Quirks{Base64: true, BER: true} }),
		"anomaly":  letter(t, pec.Anomaly, plainOriginal(), nil),
		"error":    letter(t, pec.DeliveryError, "", nil),
	}
	t.Run("samples", func(t *testing.T) {
		maps.Copy(found, samples(t))
	})
	return found
}

// options of a specimen: the samples are signed by the real hierarchy.
func optionsFor(name string) pec.Options {
	if strings.Contains(name, "+") {
		return genuine()
	}
	return trusted()
}

// signedRange is where the first part of the multipart/signed stands.
func signedRange(raw []byte) (start, end int) {
	_, rest, ok := bytes.Cut(raw, []byte("multipart/signed"))
	if !ok {
		return 0, 0
	}
	_, rest, _ = bytes.Cut(rest, []byte(`boundary="`))
	boundary, rest, _ := bytes.Cut(rest, []byte(`"`))
	delimiter := append([]byte("--"), boundary...)
	start = len(raw) - len(rest) + bytes.Index(rest, delimiter) + len(delimiter) + 2
	return start, start + bytes.Index(raw[start:], delimiter)
}

// A message cut anywhere is never valid, and never fails to be read.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	for name, raw := range specimens(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, end := signedRange(raw)
			for cut := 0; cut < len(raw); cut += 1 + len(raw)/300 {
				m := read(t, raw[:cut], optionsFor(name))
				if cut < end {
					require.NotEqual(t, smime.Valid, m.Signature.Status, "cut at %d: %s", cut, describe(m))
				}
			}
		})
	}
}

// One flipped bit in what is signed is never valid, and what is shown of a valid
// message is always the same, whichever bit flipped elsewhere.
func TestFlippedBit(t *testing.T) {
	t.Parallel()
	for name, raw := range specimens(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 1))
			start, end := signedRange(raw)
			whole := read(t, raw, optionsFor(name))
			for range 150 {
				changed := bytes.Clone(raw)
				at := random.IntN(len(raw))
				changed[at] ^= 1 << random.IntN(8)
				m := read(t, changed, optionsFor(name))
				if m.Signature.Status != smime.Valid {
					continue
				}
				if at >= start && at < end-2 {
					require.Contains(t, "\r\n", string(raw[at]), "seed %d, byte %d: %s", seed, at, describe(m))
				}
				require.Equal(t, whole.Kind, m.Kind, "seed %d, byte %d", seed, at)
				require.Equal(t, whole.Certification, m.Certification, "seed %d, byte %d", seed, at)
				require.Equal(t, whole.Mail, m.Mail, "seed %d, byte %d", seed, at)
			}
		})
	}
}

// A part taken out is never valid.
func TestRemovedPart(t *testing.T) {
	t.Parallel()
	raw := string(letter(t, pec.Envelope, plainOriginal(), nil))
	for _, part := range []string{"application/xml", "message/rfc822", "multipart/alternative", "text/html", "application/x-pkcs7-signature"} {
		at := strings.Index(raw, "Content-Type: "+part)
		begin := strings.LastIndex(raw[:at], "\r\n--")
		boundary, _, _ := strings.Cut(raw[begin:], "\r\nContent-Type")
		next := at + strings.Index(raw[at:], boundary)
		m := read(t, []byte(raw[:begin]+raw[next:]), trusted())
		require.NotEqual(t, smime.Valid, m.Signature.Status, "%s: %s", part, describe(m))
	}
}

// Every attachment can be read from its section alone, and is the one described.
func TestAttachmentsAreWhereTheyAreSaidToBe(t *testing.T) {
	t.Parallel()
	for name, raw := range specimens(t) {
		m := read(t, raw, optionsFor(name))
		if m.Mail == nil {
			continue
		}
		for _, a := range m.Mail.Attachments {
			s, err := pec.ParseSection(a.Section.String())
			require.NoError(t, err)
			content, err := io.ReadAll(s.Open(bytes.NewReader(raw)))
			require.NoError(t, err)
			sum := sha256.Sum256(content)
			require.Equal(t, a.SHA256, hex.EncodeToString(sum[:]), "%s: %s", name, a.Name)
			require.Len(t, content, int(a.Size))
		}
		whole, err := io.ReadAll(m.Mail.Section.Open(bytes.NewReader(raw)))
		require.NoError(t, err)
		again := read(t, whole, genuine())
		require.Equal(t, m.Mail.Text, again.Mail.Text, "the inner message reads the same by itself: %s", name)
	}
}

// A PEC inside a PEC inside a PEC: each level by itself, whatever its encoding.
func TestNestedLevelByLevel(t *testing.T) {
	t.Parallel()
	for _, quirks := range []envelope.Quirks{{}, {Base64: true}} {
		set := func(is *envelope.Issuer, _ *envelope.Letter) { is.Quirks = quirks }
		first := letter(t, pec.Envelope, plainOriginal(), set)
		second := letter(t, pec.Envelope, crlf("From: "+sender, "Subject: Richiesta di accesso")+
			mixed(crlf("", "inoltro"), messagePart(string(first))), set)
		m := read(t, second, trusted())
		require.Equal(t, "inoltro", m.Mail.Text)
		require.Len(t, m.Mail.Attachments, 1)
		require.Equal(t, "message/rfc822", m.Mail.Attachments[0].MediaType)

		inner, err := pec.ReadSection(t.Context(), bytes.NewReader(second), m.Mail.Attachments[0].Section, trusted())
		require.NoError(t, err)
		require.Equal(t, smime.Valid, inner.Signature.Status, describe(inner))
		require.Equal(t, "Città e perché.", inner.Mail.Text)
		pdf, err := io.ReadAll(inner.Mail.Attachments[0].Section.Open(bytes.NewReader(second)))
		require.NoError(t, err)
		require.Equal(t, "%PDF-1.7\n", string(pdf))
	}
}

// The error is about the source, never about the message.
func TestSourceFails(t *testing.T) {
	t.Parallel()
	raw := letter(t, pec.Envelope, plainOriginal(), nil)
	_, err := pec.Read(t.Context(), bytes.NewReader(raw), int64(len(raw))+1, trusted())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
