package envelope_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
)

// The provider puts its identifier in the place of the sender's Message-ID and
// keeps that beside it; nothing else of the original changes.
func TestOriginalIsRewrittenOnlyWhereTheProviderMust(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	raw := string(b.write(t, b.letter(pec.Envelope, "")))
	_, inner, _ := strings.Cut(raw, "filename=\"postacert.eml\"\r\n\r\n")
	head, body, _ := strings.Cut(inner, "\r\n\r\n")

	require.True(t, strings.HasPrefix(head, "Received: from [192.0.2.1]"))
	require.True(t, strings.HasSuffix(head, "\r\nMessage-ID: <prova1.20260302.7@gestore.example>\r\nX-Riferimento-Message-ID: <abc&1@client.example>"))
	require.Equal(t, 1, strings.Count(strings.ToLower(head), "\r\nmessage-id:"))
	_, submittedBody, _ := strings.Cut(submitted, "\r\n\r\n")
	require.True(t, strings.HasPrefix(body, submittedBody))
}

func TestBriefReceiptHoldsDigestsForAttachments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	l := b.letter(pec.Delivery, "")
	l.Certified.ReceiptType = envelope.Brief
	m := b.read(t, b.write(t, l))

	require.Equal(t, "Città e perché.", strings.TrimSpace(m.Mail.Text))
	require.Equal(t, "<abc&1@client.example>", m.Mail.OriginalID)
	require.Len(t, m.Mail.Attachments, 1)
	require.Equal(t, "atto.pdf.hash", m.Mail.Attachments[0].Name)
	raw := b.write(t, l)
	digest, err := io.ReadAll(b.read(t, raw).Mail.Attachments[0].Section.Open(bytes.NewReader(raw)))
	require.NoError(t, err)
	// printf '%%PDF-1.7\n' | sha256sum
	require.Equal(t, "0716f9264c9fe19f5d7455276107f3ddcc1d3497f63d60689a73558ae8a1bf5e", strings.TrimSpace(string(digest)))
}

func TestSyntheticReceiptCarriesNoOriginal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	l := b.letter(pec.Delivery, "")
	l.Certified.ReceiptType, l.Original = envelope.Synthetic, nil
	m := b.read(t, b.write(t, l))
	require.Nil(t, m.Mail)
	require.Equal(t, envelope.Synthetic, m.Certification.ReceiptType)
}

// Whatever the sender's line ends, the signed part is canonical and the
// envelope valid.
func TestAnyOriginalGivesAValidEnvelope(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[ -~é]{0,90}(\r\n|\n|\r)`), 0, 12).Draw(t, "lines")
		text := rapid.SampledFrom([]string{"", "From: a@b.example\r\n", "Subject: é\n"}).Draw(t, "header") + strings.Join(lines, "")
		b.issuer.Quirks.Base64 = rapid.Bool().Draw(t, "base64")
		l := b.letter(pec.Envelope, "")
		l.Original = original(text)
		var out bytes.Buffer
		if err := b.issuer.Write(&out, l); err != nil {
			t.Fatal(err)
		}
		m, err := pec.Read(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), pec.Options{Verifier: b.hierarchy.Anchors(), Received: b.now})
		if err != nil || m.Signature.Status != "valid" {
			t.Fatalf("%v %v", err, m.Signature)
		}
	})
}

// The subject is the same in the header and in the certification, whatever it
// holds and however it is encoded.
func TestAnySubjectSurvives(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rapid.Check(t, func(t *rapid.T) {
		l := b.letter(pec.Acceptance, "")
		l.Certified.Subject = strings.TrimSpace(rapid.StringMatching(`([ -~à-ü€🖋]{0,60} {0,3}){0,4}`).Draw(t, "subject"))
		b.issuer.Quirks.HeaderCharset = rapid.SampledFrom([]string{"", "iso-8859-1"}).Draw(t, "charset")
		var out bytes.Buffer
		if err := b.issuer.Write(&out, l); err != nil {
			t.Fatal(err)
		}
		m, err := pec.Read(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), pec.Options{Verifier: b.hierarchy.Anchors(), Received: b.now})
		if err != nil || m.Signature.Status != "valid" {
			t.Fatalf("%v %v", err, m.Signature)
		}
		if want := strings.TrimSpace("ACCETTAZIONE: " + l.Certified.Subject); m.Subject != want {
			t.Fatalf("%q, want %q", m.Subject, want)
		}
	})
}

// A subject that looks encoded is text like any other.
func TestSubjectThatLooksEncoded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	l := b.letter(pec.Acceptance, "")
	l.Certified.Subject = "=?utf-8?q?gi=C3=A0?= codificato"
	require.Equal(t, "ACCETTAZIONE: "+l.Certified.Subject, b.read(t, b.write(t, l)).Subject)
}

func TestHeaderInjectionIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	attack := "x\r\nX-Ricevuta: avvenuta-consegna"
	for name, spoil := range map[string]func(*envelope.Letter){
		"subject":    func(l *envelope.Letter) { l.Certified.Subject = attack },
		"sender":     func(l *envelope.Letter) { l.Certified.Sender = attack },
		"reply to":   func(l *envelope.Letter) { l.Certified.ReplyTo = attack },
		"message id": func(l *envelope.Letter) { l.Certified.MessageID = attack },
		"identifier": func(l *envelope.Letter) { l.Certified.Identifier = attack },
		"recipient":  func(l *envelope.Letter) { l.Certified.Recipients[0].Address = attack },
		"addressee":  func(l *envelope.Letter) { l.To = []string{attack} },
		"copy":       func(l *envelope.Letter) { l.Cc = []string{"a@b.example\n"} },
		"received":   func(l *envelope.Letter) { l.Original.Received = attack },
	} {
		l := b.letter(pec.Envelope, "")
		spoil(&l)
		require.ErrorIs(t, b.issuer.Write(io.Discard, l), envelope.ErrInjection, name)
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, spoil := range map[string]func(*envelope.Letter){
		"ordinary mail":       func(l *envelope.Letter) { l.Kind = pec.OrdinaryMail },
		"no original":         func(l *envelope.Letter) { l.Original = nil },
		"no time":             func(l *envelope.Letter) { l.Certified.Time = time.Time{} },
		"no addressee":        func(l *envelope.Letter) { l.To = nil },
		"no identifier":       func(l *envelope.Letter) { l.Certified.Identifier = "" },
		"unreadable original": func(l *envelope.Letter) { l.Original.Content = failing{} },
	} {
		l := b.letter(pec.Envelope, "")
		spoil(&l)
		require.Error(t, b.issuer.Write(io.Discard, l), name)
	}
	require.ErrorIs(t, b.issuer.Write(full{}, b.letter(pec.Acceptance, "")), errFull)
	require.Error(t, envelope.Issuer{Name: "senza chiave"}.Write(io.Discard, b.letter(pec.Acceptance, "")))
}

// Writing a message costs the same memory whatever its size.
func TestMemoryDoesNotGrowWithTheMessage(t *testing.T) {
	b := newBench(t)
	small, large := b.allocated(t, 1<<20), b.allocated(t, 64<<20)
	require.Less(t, large, small+1<<20, "64 MB allocated %d bytes, 1 MB %d", large, small)
}

func (b bench) allocated(t *testing.T, size int64) uint64 {
	t.Helper()
	l := b.letter(pec.Envelope, "")
	l.Original = &envelope.Original{Content: dots{}, Size: size}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	require.NoError(t, b.issuer.Write(io.Discard, l))
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// dots is a message of any length.
type dots struct{}

func (dots) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = '.'
		if (off+int64(i))%70 == 69 {
			p[i] = '\n'
		}
	}
	return len(p), nil
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errFull }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no room")
