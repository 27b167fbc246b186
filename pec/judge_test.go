package pec_test

import (
	"crypto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
)

// Every row is one thing done to a genuine message, or one way to pose as one.
func TestVerdict(t *testing.T) {
	t.Parallel()
	genuine := letter(t, pec.Envelope, plainOriginal(), nil)
	receipt := letter(t, pec.Delivery, plainOriginal(), func(_ *envelope.Issuer, l *envelope.Letter) { l.Certified.DeliveryTo = recipient })
	change := func(old, with string) func(*testing.T) []byte {
		return func(t *testing.T) []byte { return replaced(t, genuine, old, with) }
	}
	inReceipt := func(old, with string) func(*testing.T) []byte {
		return func(t *testing.T) []byte { return replaced(t, receipt, old, with) }
	}
	tests := map[string]struct {
		raw    func(*testing.T) []byte
		kind   pec.Kind
		status smime.Status
		reason string
	}{
		"genuine":             {func(*testing.T) []byte { return genuine }, pec.Envelope, smime.Valid, ""},
		"genuine receipt":     {func(*testing.T) []byte { return receipt }, pec.Delivery, smime.Valid, ""},
		"signed text changed": {change("Città", "Civil"), pec.Envelope, smime.Altered, "digest-mismatch"},
		"signed header line refolded": {change("Content-Type: multipart/mixed;\r\n boundary", "Content-Type: multipart/mixed; boundary"),
			pec.Envelope, smime.Altered, "digest-mismatch"},
		"reference of an envelope changed": {func(t *testing.T) []byte {
			return []byte(strings.Replace(string(genuine), "X-Riferimento-Message-ID: "+sentID, "X-Riferimento-Message-ID: <other@x>", 1))
		}, pec.Envelope, smime.Altered, "reference-mismatch"},
		"reference of a receipt changed": {func(t *testing.T) []byte {
			return []byte(strings.Replace(string(receipt), "X-Riferimento-Message-ID: "+sentID, "X-Riferimento-Message-ID: <other@x>", 1))
		}, pec.Delivery, smime.Altered, "reference-mismatch"},
		"a second reference": {change("X-Trasporto: posta-certificata", "X-Riferimento-Message-ID: <other@x>\r\nX-Trasporto: posta-certificata"),
			pec.Envelope, smime.Altered, "reference-mismatch"},
		"reference dropped by a gateway": {func(t *testing.T) []byte {
			return []byte(strings.Replace(string(receipt), "X-Riferimento-Message-ID: "+sentID+"\r\n", "", 1))
		}, pec.Delivery, smime.Valid, ""},
		"receipt made to say it was delivered": {func(t *testing.T) []byte {
			warning := letter(t, pec.DeliveryWarning, "", nil)
			return replaced(t, warning, "X-Ricevuta: preavviso-errore-consegna", "X-Ricevuta: avvenuta-consegna")
		}, pec.Delivery, smime.Altered, "kind-mismatch"},
		"anomaly made to look certified": {func(t *testing.T) []byte {
			return replaced(t, letter(t, pec.Anomaly, plainOriginal(), nil), "X-Trasporto: errore", "X-Trasporto: posta-certificata")
		}, pec.Envelope, smime.Altered, "certification-missing"},
		"certified made to look anomalous": {change("X-Trasporto: posta-certificata", "X-Trasporto: errore"), pec.Anomaly, smime.Altered, "kind-mismatch"},
		"genuine anomaly":                  {func(t *testing.T) []byte { return letter(t, pec.Anomaly, plainOriginal(), nil) }, pec.Anomaly, smime.Valid, ""},
		"identifier changed": {func(t *testing.T) []byte {
			return []byte(strings.Replace(string(genuine), "Message-ID: <"+issuedID, "Message-ID: <x"+issuedID, 1))
		}, pec.Envelope, smime.Altered, "identifier-mismatch"},
		"sender's name changed":            {change("Per conto di: "+sender, "Per conto di: ministero@pec.example"), pec.Envelope, smime.Altered, "sender-mismatch"},
		"other subject":                    {change("Subject: POSTA CERTIFICATA: Richiesta di accesso", "Subject: POSTA CERTIFICATA: Bonifico urgente"), pec.Envelope, smime.Altered, "subject-mismatch"},
		"subject with a list's tag":        {change("Subject: POSTA CERTIFICATA:", "Subject: [lista] [SPAM] POSTA CERTIFICATA:"), pec.Envelope, smime.Valid, ""},
		"other provider's address in From": {change("<posta-certificata@"+operator+">", "<posta-certificata@altro.example>"), pec.Envelope, smime.Untrusted, "signer-mismatch"},
		"two addresses in From":            {change("<posta-certificata@"+operator+">", "<posta-certificata@"+operator+">, a@b.example"), pec.Envelope, smime.Untrusted, "from-ambiguous"},
		"two From fields":                  {change("X-Trasporto: posta-certificata", "From: posta-certificata@"+operator+"\r\nX-Trasporto: posta-certificata"), pec.Envelope, smime.Untrusted, "from-ambiguous"},
		"reply address changed by a list":  {inReceipt("X-Ricevuta: avvenuta-consegna", "Reply-To: list@x.example\r\nX-Ricevuta: avvenuta-consegna"), pec.Delivery, smime.Valid, "reply-to-mismatch"},
		"signature removed": {func(*testing.T) []byte {
			return genuine[:strings.Index(string(genuine), "\r\nContent-Type: application/x-pkcs7-signature")]
		},
			pec.Envelope, smime.Imitation, "no-signature"},
		"signature is not CMS": {func(*testing.T) []byte {
			return withSignature(envelopeHeader(), mixed(xmlPart(daticert())), []byte("MII..."))
		},
			pec.Envelope, smime.Unverifiable, "malformed"},
		"signature empty": {func(*testing.T) []byte { return withSignature(envelopeHeader(), mixed(xmlPart(daticert())), nil) },
			pec.Envelope, smime.Imitation, "no-signature"},
		"signature of another message": {func(t *testing.T) []byte {
			p7s, err := hierarchy().Provider(operator).Sign(strings.NewReader("something else"), smime.SignOptions{Time: issued()})
			require.NoError(t, err)
			return withSignature(envelopeHeader(), mixed(xmlPart(daticert())), p7s)
		}, pec.Envelope, smime.Altered, "digest-mismatch"},
		"signed by another hierarchy": {func(t *testing.T) []byte {
			other, err := testpki.New(issued(), operator)
			require.NoError(t, err)
			return letter(t, pec.Envelope, plainOriginal(), func(is *envelope.Issuer, _ *envelope.Letter) { is.Identity = other.Provider(operator) })
		}, pec.Envelope, smime.Untrusted, "no-chain"},
		"signed with a digest that micalg does not announce": {func(t *testing.T) []byte {
			content := mixed(xmlPart(daticert()), messagePart(plainOriginal()))
			p7s, err := hierarchy().Provider(operator).Sign(strings.NewReader(content), smime.SignOptions{Digest: crypto.SHA512, Time: issued()})
			require.NoError(t, err)
			return withSignature(envelopeHeader(), content, p7s)
		}, pec.Envelope, smime.Valid, ""},
		"signer expired": {func(t *testing.T) []byte {
			return letter(t, pec.Acceptance, "", func(_ *envelope.Issuer, l *envelope.Letter) { l.Certified.Time = issued().AddDate(-5, 0, 0) })
		}, pec.Acceptance, smime.Expired, "expired"},
		"headers and subject only": {func(*testing.T) []byte { return []byte(crlf(append(envelopeHeader(), "", "Pagate subito.")...)) },
			pec.Envelope, smime.Imitation, "dressed-header"},
		"subject only": {func(*testing.T) []byte {
			return []byte(crlf("From: a@b.example", "Subject: Posta certificata: avviso", "", "x"))
		},
			pec.OrdinaryMail, smime.Imitation, "dressed-subject"},
		"sender only": {func(*testing.T) []byte {
			return []byte(crlf("From: posta-certificata@pec.aruba.it", "Subject: x", "", "x"))
		},
			pec.OrdinaryMail, smime.Imitation, "dressed-sender"},
		"parts only": {func(*testing.T) []byte {
			return []byte(crlf("From: a@b.example", "Subject: x") + mixed(xmlPart(daticert()), messagePart(plainOriginal())))
		}, pec.OrdinaryMail, smime.Imitation, "dressed-parts"},
		"a delivery of goods": {func(*testing.T) []byte {
			return []byte(crlf("From: a@b.example", "Subject: Consegna: divano", "", "x"))
		},
			pec.OrdinaryMail, smime.Unsigned, ""},
		"an answer to a PEC": {func(*testing.T) []byte {
			return []byte(crlf("From: a@b.example", "Subject: Re: POSTA CERTIFICATA: x", "X-Riferimento-Message-ID: <a@b>", "", "x"))
		}, pec.OrdinaryMail, smime.Unsigned, ""},
		"personal S/MIME": {func(t *testing.T) []byte {
			return signed(t, []string{"From: a@b.example", "Subject: x"}, crlf("Content-Type: text/plain", "", "x"))
		},
			pec.OrdinaryMail, smime.Unsigned, "personal-signature"},
		"opaque signature": {func(*testing.T) []byte {
			return []byte(crlf(append(envelopeHeader(), "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "", "MIIB")...))
		}, pec.Envelope, smime.Unverifiable, "opaque-signature"},
		"two types": {change("X-Trasporto: posta-certificata\r\n", "X-Trasporto: posta-certificata\r\nContent-Type: text/plain\r\n"),
			pec.Envelope, smime.Unverifiable, "structure-ambiguous"},
		"PGP signature": {func(t *testing.T) []byte {
			return replaced(t, withSignature(envelopeHeader(), mixed(xmlPart(daticert())), []byte("x")), `application/pkcs7-signature; name="smime.p7s"`, "application/pgp-signature")
		}, pec.Envelope, smime.Unverifiable, "signature-unsupported"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := read(t, test.raw(t), trusted())
			require.Equal(t, test.kind, m.Kind, describe(m))
			require.Equal(t, test.status, m.Signature.Status, describe(m))
			if test.reason != "" {
				require.Contains(t, reasons(m), test.reason)
			} else {
				require.NotContains(t, reasons(m), "digest-mismatch")
			}
		})
	}
}

// What is shown of a certified message is what is signed: whatever else came
// with it is left out, and named.
func TestOnlySignedPartsAreShown(t *testing.T) {
	t.Parallel()
	genuine := string(letter(t, pec.Envelope, plainOriginal(), nil))
	header, body, _ := strings.Cut(genuine, "\r\nMIME-Version")
	evil := crlf("Content-Type: text/plain", "", "Pagate subito.")

	t.Run("a third part after the signature", func(t *testing.T) {
		t.Parallel()
		end := strings.LastIndex(genuine, "\r\n--")
		boundary := strings.TrimRight(strings.TrimSpace(genuine[end:]), "-")
		m := read(t, []byte(genuine[:end]+"\r\n"+boundary+"\r\n"+evil+boundary+"--\r\n"), trusted())
		require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
		require.NotContains(t, m.Mail.Text, "Pagate")
		require.Contains(t, codes(m), "outside-signature")
	})
	t.Run("a part before, the genuine one wrapped", func(t *testing.T) {
		t.Parallel()
		raw := header + "\r\nContent-Type: multipart/mixed; boundary=wrap\r\n\r\n--wrap\r\n" + evil + "\r\n--wrap\r\nMIME-Version" + body + "\r\n--wrap--\r\n"
		m := read(t, []byte(raw), trusted())
		require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
		require.Equal(t, "Città e perché.", m.Mail.Text)
		require.Subset(t, codes(m), []string{"wrapped", "outside-signature"})
	})
	t.Run("daticert.xml and postacert.eml beside the signed part", func(t *testing.T) {
		t.Parallel()
		fake := crlf(envelopeHeader()...) + "Content-Type: multipart/mixed; boundary=wrap\r\n\r\n--wrap\r\n" +
			xmlPart(strings.ReplaceAll(daticert(), sender, "falso@pec.example")) + "\r\n--wrap\r\n" +
			messagePart(strings.ReplaceAll(plainOriginal(), "Città", "Falso")) + "\r\n--wrap\r\nMIME-Version" + body + "\r\n--wrap--\r\n"
		m := read(t, []byte(fake), trusted())
		require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
		require.Equal(t, sender, m.Certification.Sender)
		require.Equal(t, "Città e perché.", m.Mail.Text)
	})
	t.Run("daticert.xml inside the original", func(t *testing.T) {
		t.Parallel()
		inner := crlf("From: x@y.example", "Subject: Richiesta di accesso") + mixed(crlf("", "testo"), xmlPart(strings.ReplaceAll(daticert(), sender, "falso@pec.example")))
		m := read(t, letter(t, pec.Envelope, inner, nil), trusted())
		require.Equal(t, sender, m.Certification.Sender)
		require.Len(t, m.Mail.Attachments, 1)
		require.Equal(t, "daticert.xml", m.Mail.Attachments[0].Name)
	})
}

// A gateway that strips X- fields does not make a PEC ordinary mail: the signed
// data says what it is.
func TestKindFromCertification(t *testing.T) {
	t.Parallel()
	raw := replaced(t, letter(t, pec.Acceptance, "", nil), "X-Ricevuta: accettazione\r\n", "")
	m := read(t, raw, trusted())
	require.Equal(t, pec.Acceptance, m.Kind)
	require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
	require.Contains(t, codes(m), "kind-from-certification")
}

func TestUnknownReceiptIsKept(t *testing.T) {
	t.Parallel()
	raw := replaced(t, letter(t, pec.Acceptance, "", nil), "X-Ricevuta: accettazione", "X-Ricevuta: Nuova-Ricevuta")
	m := read(t, raw, trusted())
	require.Equal(t, "Nuova-Ricevuta", m.UnknownRic)
	require.Equal(t, pec.Acceptance, m.Kind, "the certified data still says which it is")
	require.Contains(t, codes(m), "receipt-unknown")
}

// A receipt about nothing of ours is read like any other: linking is the
// office's work.
func TestReceiptWithoutReference(t *testing.T) {
	t.Parallel()
	raw := letter(t, pec.Acceptance, "", func(is *envelope.Issuer, l *envelope.Letter) {
		is.Quirks.NoMsgID, l.Certified.MessageID = true, ""
	})
	m := read(t, raw, trusted())
	require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
	require.Empty(t, m.RefersTo)
}

// The time of receipt is what counts: a signer that has expired since is fine.
func TestOldMessageStaysValid(t *testing.T) {
	t.Parallel()
	o := trusted()
	o.Received = time.Time{}
	m := read(t, letter(t, pec.Acceptance, "", nil), o)
	require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
}

// Ordinary mail that carries a genuine PEC beside words of its own is shown
// whole, so it is never called valid.
func TestOrdinaryMailIsNeverValid(t *testing.T) {
	t.Parallel()
	genuine := string(letter(t, pec.Envelope, plainOriginal(), nil))
	_, body, _ := strings.Cut(genuine, "Content-Type: multipart/signed")
	raw := crlf("From: a@b.example", "Subject: POSTA CERTIFICATA: x", "Content-Type: multipart/mixed; boundary=wrap", "",
		"--wrap", "", "Pagate subito.", "--wrap") + "Content-Type: multipart/signed" + body + "\r\n--wrap--\r\n"
	m := read(t, []byte(raw), trusted())
	require.Equal(t, pec.OrdinaryMail, m.Kind)
	require.Equal(t, smime.Altered, m.Signature.Status, describe(m))
	require.Contains(t, reasons(m), "kind-mismatch")
}
