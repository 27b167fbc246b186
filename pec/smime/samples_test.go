package smime_test

import (
	"testing"

	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// Real messages, judged with the embedded anchors at their own time. Those that
// somebody made anonymous are altered, and must be called so.
func TestRealMessages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file   string
		status smime.Status
		digest string
		year   int
		codes  []string
	}{
		{"OCA+l10n-italy/ACCETTAZIONE_IT03339130126_00009.xml.eml", smime.Valid, "sha1", 2018, []string{"sha1", "own-time"}},
		{"OCA+l10n-italy/POSTA_CERTIFICATA_Invio_File_7339338.eml", smime.Valid, "sha1", 2018, []string{"sha1", "own-time"}},
		{"OCA+l10n-italy/POSTA_CERTIFICATA_Invio_File_7339338_base64_.eml", smime.Altered, "sha1", 2018, []string{"digest-mismatch"}},
		{"OCA+l10n-italy/POSTA_CERTIFICATA_mancata_consegna.eml", smime.Altered, "sha1", 2019, []string{"digest-mismatch"}},
		{"SimoneP91+PMM-PecMassiveMailer/busta-trasporto.eml", smime.Altered, "sha256", 2026, []string{"digest-mismatch"}},
		{"SimoneP91+PMM-PecMassiveMailer/errore-consegna.eml", smime.Altered, "sha256", 2026, []string{"digest-mismatch"}},
		{"osst-users/2024-12-05_namirial_posta-certificata_via-mailman.eml", smime.Valid, "sha1", 2024, []string{"sha1", "own-time"}},
	}
	anchors := smime.DefaultAnchors()
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			s := readSample(t, tt.file)
			v := anchors.Verify(t.Context(), smime.Signed{P7S: s.p7s, Digests: digests(s.signed), From: s.from})
			require.Equal(t, tt.status, v.Status, v.Reasons)
			require.Equal(t, tt.codes, codes(v))
			require.Equal(t, tt.digest, v.Digest)
			require.Equal(t, s.from, v.Signer)
			require.Equal(t, "AgID CA1", v.Issuer)
			require.Equal(t, tt.year, v.Time.Year())
		})
	}
}

// The BER signatures of 2026 are genuine, only the text around them is not:
// with the digest that was signed they verify.
func TestRealBER(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"busta-trasporto.eml", "errore-consegna.eml"} {
		s := readSample(t, "SimoneP91+PMM-PecMassiveMailer/"+file)
		require.Equal(t, []byte{0x30, 0x80}, s.p7s[:2], "indefinite length")
		v := smime.DefaultAnchors().Verify(t.Context(), smime.Signed{P7S: s.p7s, Digests: signedDigest(t, s.p7s), From: s.from})
		require.Equal(t, smime.Valid, v.Status, v.Reasons)
		require.Len(t, v.Chain, 3)
	}
}
