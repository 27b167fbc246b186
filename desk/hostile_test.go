package desk

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
)

// fattura would go to an office by a rule, if it were to be trusted.
var fattura = mail{from: rossi, to: protocollo, subject: "Fattura n. 12", text: "In allegato.", id: "<f1@posta.example>"}

// TestBadInputHasAClearOutcomeAndStopsNobody: whatever comes, the original is
// archived, the row says what it is, and the next message is taken in.
func TestBadInputHasAClearOutcomeAndStopsNobody(t *testing.T) {
	_, foreign := authorities()
	for _, c := range []struct {
		name    string
		raw     func(o *hall) []byte
		verdict smime.Status
		office  bool // it may go to an office by the rules
	}{
		{"right subject and headers, no signature", func(*hall) []byte {
			m := fattura
			m.from, m.subject = `"Per conto di: mario.rossi@posta.example" <posta-certificata@gestore.example>`, "POSTA CERTIFICATA: Fattura n. 12"
			return append([]byte("X-Trasporto: posta-certificata\r\n"), m.raw()...)
		}, smime.Imitation, false},
		{"signed by another hierarchy", func(o *hall) []byte {
			return o.letter(fattura, pec.Envelope, "h1@gestore.example", "", func(i *envelope.Issuer, _ *envelope.Letter) {
				i.Identity = foreign.Provider("gestore.example")
			})
		}, smime.Untrusted, true},
		{"genuine signature around other content", func(o *hall) []byte {
			return replaced(o.pec(fattura, "h2@gestore.example"), "In allegato.", "Nuovo IBAN.")
		}, smime.Altered, false},
		{"the signed part is not the part shown", func(o *hall) []byte { return wrapped(o.pec(fattura, "h3@gestore.example")) }, smime.Untrusted, true},
		{"identifier of the header changed", func(o *hall) []byte {
			return replaced(o.pec(fattura, "h4@gestore.example"), "Message-ID: <h4@", "Message-ID: <h5@")
		}, smime.Altered, false},
		{"a receipt that refers to nothing", func(o *hall) []byte { return o.receipt(nostra, pec.Delivery, "h6@gestore.example") }, smime.Valid, false},
		{"nothing at all", func(*hall) []byte { return nil }, smime.Unsigned, false},
		{"bytes by chance", func(*hall) []byte { return junk(5000) }, smime.Unsigned, false},
		{"a header without end", func(*hall) []byte { return []byte("Subject: " + strings.Repeat("a", 1<<20)) }, smime.Unsigned, false},
		{"multiparts a hundred deep", func(*hall) []byte { return nested(100) }, smime.Unsigned, false},
		{"five thousand parts", func(*hall) []byte { return parts(5000) }, smime.Unsigned, false},
		{"names that lead elsewhere", func(*hall) []byte {
			return []byte("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Disposition: attachment; filename=\"../../etc/\x00passwd\u202efdp.exe\"\r\n\r\nx\r\n--x--\r\n")
		}, smime.Unsigned, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				raw := c.raw(o)
				ref := o.collect(protocollo, "INBOX", raw)
				m := o.message(raw)
				require.Equal(t, c.verdict, m.Verdict, "%v", m.Evidence.Reasons)
				require.NotEqual(t, m.Kind.Receipt(), m.CaseID != nil, "all but receipts have a case")
				if m.Edges.Case != nil {
					require.Equal(t, c.office, m.Edges.Case.Status == casefile.StatusToAssign, m.Edges.Case.RouteReason)
				}
				known, err := o.Ledger().Known(o.ctx, ref.Mailbox, ref.Folder, ref.UIDValidity, 0, 10)
				require.NoError(t, err)
				require.Equal(t, []Known{{ref.UID, Archived}}, known)
				require.Equal(t, smime.Valid, o.inbox(o.pec(istanza, "next@gestore.example")).Verdict, "the collector goes on")
			})
		})
	}
}

// wrapped puts a letter of the attacker's before a genuine one, in one message
// that wears the genuine one's header.
func wrapped(genuine []byte) []byte {
	header, _, _ := bytes.Cut(genuine, []byte("\r\n\r\n"))
	var top []string
	for line := range strings.SplitSeq(string(header), "\r\n") {
		if !strings.HasPrefix(line, "Content-") && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			top = append(top, line)
		}
	}
	return fmt.Appendf(nil, "%s\r\nContent-Type: multipart/mixed; boundary=zzz\r\n\r\n--zzz\r\nContent-Type: text/plain\r\n\r\nVersate la fattura a me.\r\n--zzz\r\n%s\r\n--zzz--\r\n",
		strings.Join(top, "\r\n"), genuine)
}

func TestWordsOutsideTheSignatureAreNeverThoseOfACertifiedMessage(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		m := o.inbox(wrapped(o.pec(fattura, "h3@gestore.example")))
		require.False(t, certified(m), "%v", m.Evidence.Reasons)
		require.NotContains(t, m.Text, "Versate", "only what is signed is shown")
	})
}

func junk(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	return raw
}

func nested(depth int) []byte {
	var b strings.Builder
	b.WriteString("From: a@b.example\r\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nin fondo\r\n")
	return []byte(b.String())
}

func parts(n int) []byte {
	return []byte("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
		strings.Repeat("--x\r\nContent-Disposition: attachment; filename=a\r\n\r\n.\r\n", n) + "--x--\r\n")
}

func TestALedgerEntrySaysReceiptOnlyOfGenuineOnes(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		genuine := o.receipt(nostra, pec.Delivery, "h6@gestore.example")
		o.inbox(genuine)
		require.Equal(t, ledgerentry.StateReceipt, o.entryState(digestOf(genuine)))
		fake := altered(genuine)
		o.inbox(fake)
		require.Equal(t, ledgerentry.StateArchived, o.entryState(digestOf(fake)))
	})
}
