package pec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
)

// sample reads a real message by folder and file; where it is not at hand the
// test is skipped.
func sample(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samplesDir, path))
	if os.IsNotExist(err) {
		t.Skip("the samples of real messages are not in " + samplesDir)
	}
	require.NoError(t, err)
	return raw
}

func readSample(t *testing.T, path string) *pec.Message {
	t.Helper()
	return read(t, sample(t, path), genuine())
}

const (
	ocaReceipt  = "OCA+l10n-italy/ACCETTAZIONE_IT03339130126_00009.xml.eml"
	ocaEnvelope = "OCA+l10n-italy/POSTA_CERTIFICATA_Invio_File_7339338.eml"
	ocaBase64   = "OCA+l10n-italy/POSTA_CERTIFICATA_Invio_File_7339338_base64_.eml"
	ocaMissing  = "OCA+l10n-italy/POSTA_CERTIFICATA_mancata_consegna.eml"
	pmmEnvelope = "SimoneP91+PMM-PecMassiveMailer/busta-trasporto.eml"
	pmmError    = "SimoneP91+PMM-PecMassiveMailer/errore-consegna.eml"
	namirial    = "osst-users/2024-12-05_namirial_posta-certificata_via-mailman.eml"
)

// What other parsers get wrong, case by case: each was found in a real program.
func TestCase01NamesWhateverTheirCase(t *testing.T) {
	t.Parallel()
	require.Equal(t, "breve", readSample(t, ocaEnvelope).Certification.ReceiptType)
	m := readSample(t, namirial) // its original says "Base64"
	require.NotEmpty(t, m.Mail.Text)
	require.NotContains(t, codes(m), "encoding-unknown")
}

func TestCase02EveryRecipientInOrder(t *testing.T) {
	t.Parallel()
	list := readSample(t, namirial).Certification.Recipients
	require.Len(t, list, 7)
	require.Equal(t, pec.Recipient{Address: "osst-users@lists.sourceforge.net", Type: "esterno"}, list[2])

	m := read(t, letter(t, pec.TakenInCharge, "", func(_ *envelope.Issuer, l *envelope.Letter) {
		l.Certified.TakenFor = []string{"a@x.example", "b@x.example", "a@x.example"}
	}), trusted())
	require.Equal(t, []string{"a@x.example", "b@x.example", "a@x.example"}, m.Certification.TakenFor)
}

func TestCase03NoMsgID(t *testing.T) {
	t.Parallel()
	xml := sample(t, "gcc.gnu.org/2012-09_java_msg00027_daticert.xml")
	m := read(t, signed(t, envelopeHeader(), mixed(xmlPart(string(xml)))), trusted())
	require.NotNil(t, m.Certification)
	require.Empty(t, m.Certification.MessageID)
	require.Equal(t, "E82D9D8F.000073B6.E8F90950.8520A581.posta-certificata@postecert.it", m.Certification.Identifier)
	require.Contains(t, reasons(m), "reference-uncertified")
}

func TestCase04NoDaticert(t *testing.T) {
	t.Parallel()
	m := readSample(t, ocaMissing)
	require.Equal(t, pec.Envelope, m.Kind)
	require.Nil(t, m.Certification)
	require.NotNil(t, m.Mail, "the original is still there")

	receipt := read(t, signed(t, []string{"From: posta-certificata@" + operator, "X-Ricevuta: accettazione"}, mixed(crlf("", "testo"))), trusted())
	require.Equal(t, pec.Acceptance, receipt.Kind)
	require.Equal(t, smime.Altered, receipt.Signature.Status)
}

func TestCase05KindsByWholeWords(t *testing.T) {
	t.Parallel()
	for _, kind := range []pec.Kind{pec.Acceptance, pec.NonAcceptance, pec.TakenInCharge, pec.Delivery, pec.DeliveryError,
		pec.DeliveryWarning, pec.VirusNotice, pec.Anomaly, pec.Envelope} {
		m := read(t, letter(t, kind, plainOriginal(), nil), trusted())
		require.Equal(t, kind, m.Kind)
	}
	m := read(t, []byte("X-Ricevuta: NON-ACCETTAZIONE\r\n\r\n"), trusted())
	require.Equal(t, pec.NonAcceptance, m.Kind, "case does not matter")
}

func TestCase06EnvelopeToOneselfIsNoReceipt(t *testing.T) {
	t.Parallel()
	m := readSample(t, pmmEnvelope)
	require.Equal(t, pec.Envelope, m.Kind)
	require.NotEmpty(t, m.RefersTo)
}

func TestCase07ErrorIsSaidByItsCode(t *testing.T) {
	t.Parallel()
	m := readSample(t, pmmError)
	require.Equal(t, "altro", m.Certification.Error)
	require.True(t, strings.HasPrefix(m.Certification.ExtendedError, "5.1.1 "))
	require.Equal(t, "no-dest", readSample(t, "danzipie+go-pec/consegna.eml").Certification.Error)
}

func TestCase08TwoNoticesOfLateness(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"4.4.7 - Gestore - dodici ore", "5.4.1 - Gestore - ventiquattro ore"} {
		m := read(t, letter(t, pec.DeliveryWarning, "", func(_ *envelope.Issuer, l *envelope.Letter) {
			l.Certified.Error, l.Certified.ExtendedError, l.Certified.DeliveryTo = "altro", text, recipient
		}), trusted())
		require.Equal(t, pec.DeliveryWarning, m.Kind)
		require.Equal(t, text, m.Certification.ExtendedError, "only this tells them apart")
		require.Equal(t, recipient, m.Certification.DeliveryTo)
	}
}

func TestCase09SignatureInBER(t *testing.T) {
	t.Parallel()
	m := readSample(t, pmmEnvelope)
	require.Equal(t, "sha256", m.Signature.Digest)
	require.Equal(t, []string{"digest-mismatch"}, reasons(m), "it was read; the sample was anonymised")
	m = read(t, letter(t, pec.Acceptance, "", func(is *envelope.Issuer, _ *envelope.Letter) { is.Quirks.BER = true }), trusted())
	require.Equal(t, smime.Valid, m.Signature.Status, describe(m))
}

func TestCase10SignedBytesAsTheyStand(t *testing.T) {
	t.Parallel()
	require.Equal(t, smime.Valid, readSample(t, ocaEnvelope).Signature.Status, "a trailing blank in the signed part, bare LF")
	crlf := []byte(strings.ReplaceAll(string(sample(t, ocaReceipt)), "\n", "\r\n"))
	require.Equal(t, smime.Valid, read(t, crlf, genuine()).Signature.Status)
}

func TestCase11OneByteChanged(t *testing.T) {
	t.Parallel()
	require.Equal(t, smime.Altered, readSample(t, ocaBase64).Signature.Status)
}

func TestCase12ExpiredSinceAndSHA1(t *testing.T) {
	t.Parallel()
	for _, path := range []string{namirial, ocaReceipt} {
		m := readSample(t, path)
		require.Equal(t, smime.Valid, m.Signature.Status)
		require.Contains(t, reasons(m), "sha1")
	}
}

func TestCase13WrappedByAList(t *testing.T) {
	t.Parallel()
	m := readSample(t, namirial)
	require.Equal(t, pec.Envelope, m.Kind)
	require.Equal(t, "Norah Colly", m.Certification.Subject)
	require.Contains(t, codes(m), "wrapped")
}

func TestCase14InnerLevelIsNotTheOuter(t *testing.T) {
	t.Parallel()
	m := readSample(t, "danzipie+go-pec/email_3.eml")
	require.Equal(t, "POSTA CERTIFICATA: SUBJECT", m.Mail.Subject)

	pecInside := letter(t, pec.Envelope, plainOriginal(), nil)
	anomaly := read(t, letter(t, pec.Anomaly, string(pecInside), nil), trusted())
	require.Equal(t, pec.Anomaly, anomaly.Kind)
	require.Nil(t, anomaly.Certification, "the certification of the PEC inside is not the envelope's")
	require.Equal(t, smime.Valid, anomaly.Signature.Status, describe(anomaly))
}

func TestCase15OriginalInEveryForm(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{
		"7bit":         messagePart(plainOriginal()),
		"base64":       crlf("Content-Type: message/rfc822; name=postacert.eml", "Content-Transfer-Encoding: BASE64", "", lines64([]byte(plainOriginal()))),
		"octet stream": crlf("Content-Type: application/octet-stream; name=postacert.eml", "Content-Transfer-Encoding: base64", "", lines64([]byte(plainOriginal()))),
		"without name": crlf("Content-Type: message/rfc822", "") + plainOriginal(),
		"bare LF":      messagePart(strings.ReplaceAll(plainOriginal(), "\r\n", "\n")),
	} {
		m := read(t, signed(t, envelopeHeader(), mixed(xmlPart(daticert()), part)), trusted())
		if name != "bare LF" { // a provider signs CRLF
			require.Equal(t, smime.Valid, m.Signature.Status, "%s: %s", name, describe(m))
		}
		require.NotNil(t, m.Mail, name)
		require.Equal(t, "Città e perché.", m.Mail.Text, name)
		require.Len(t, m.Mail.Attachments, 1, name)
		require.EqualValues(t, 9, m.Mail.Attachments[0].Size, name)
	}
}

func TestCase16AttachmentNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, "IT01234567890_FPR04.xml.p7m", readSample(t, ocaBase64).Mail.Attachments[1].Name, "unquoted, no transfer encoding")
	require.Equal(t, "application/octet-stream", readSample(t, ocaBase64).Mail.Attachments[1].MediaType)
	m := read(t, []byte(mixed(crlf(`Content-Type: application/pdf; name="=?UTF-8?Q?perch=C3=A9.pdf?="`, "", "x"))), trusted())
	require.Equal(t, "perché.pdf", m.Mail.Attachments[0].Name, "an encoded word inside quotes")
}

func TestCase17CutAndPlaceholder(t *testing.T) {
	t.Parallel()
	m := readSample(t, "biagioT+java-pec-parser/accettazione.eml")
	require.Equal(t, smime.Imitation, m.Signature.Status)
	require.Contains(t, codes(m), "multipart-unclosed")
	require.NotNil(t, m.Certification)
	require.Equal(t, smime.Unverifiable, readSample(t, "danzipie+go-pec/accettazione.eml").Signature.Status)
}

func TestCase18StrayTextInDaticert(t *testing.T) {
	t.Parallel()
	m := readSample(t, "danzipie+go-pec/consegna.eml")
	require.Contains(t, codes(m), "certification-invalid")
	require.Equal(t, "Test PEC", m.Certification.Subject)
	require.Equal(t, "sender@fakepec.it", m.Certification.ReplyTo)
}

// Linking goes by what is certified; a receipt's subject has no part in it.
func TestCase19ReferenceNotSubject(t *testing.T) {
	t.Parallel()
	m := read(t, letter(t, pec.Acceptance, "", func(_ *envelope.Issuer, l *envelope.Letter) { l.Certified.Subject = "fattura.xml.p7m" }), trusted())
	require.Equal(t, sentID, m.RefersTo)
	require.Equal(t, sentID, m.Certification.MessageID)
	require.Equal(t, issuedID, m.Certification.Identifier)
}

func TestCase20ExternalEntities(t *testing.T) {
	t.Parallel()
	for _, doctype := range []string{
		`<!DOCTYPE postacert [<!ENTITY x SYSTEM "file:///etc/passwd">]>`,
		`<!DOCTYPE postacert SYSTEM "http://127.0.0.1/x.dtd">`,
	} {
		xml := strings.Replace(daticert(), "<postacert", doctype+"<postacert", 1)
		m := read(t, signed(t, envelopeHeader(), mixed(xmlPart(xml))), trusted())
		require.Nil(t, m.Certification)
		require.Contains(t, codes(m), "certification-refused")
	}
}

func TestCase21PartsWithoutNames(t *testing.T) {
	t.Parallel()
	xml := strings.Replace(xmlPart(daticert()), "; name=daticert.xml", "", 1)
	m := read(t, signed(t, envelopeHeader(), mixed(crlf("Content-Disposition: attachment", "", "x"), xml,
		crlf("Content-Type: message/rfc822", "")+plainOriginal())), trusted())
	require.Equal(t, sender, m.Certification.Sender)
	require.Equal(t, "Città e perché.", m.Mail.Text)
}
