package smime_test

import (
	"bytes"
	"crypto/x509"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// A signature cut anywhere cannot be checked, and is never called altered or valid.
func TestTruncated(t *testing.T) {
	t.Parallel()
	anchors := hierarchy().Anchors()
	for _, ber := range []bool{false, true} {
		p7s := sign(t, hierarchy().Provider(domain), smime.SignOptions{BER: ber})
		for n := range p7s {
			v := anchors.Verify(t.Context(), signed(p7s[:n]))
			require.Equal(t, smime.Unverifiable, v.Status, "cut at %d of %d", n, len(p7s))
		}
	}
}

// A flipped bit anywhere makes the signature not valid, except in the few bytes
// that say nothing: two version numbers, the hint of the digest algorithms, and
// the empty parameters of algorithms. There the evidence stays the same.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	const seed, hints = 7, 32
	random := rand.New(rand.NewPCG(seed, seed))
	anchors := smime.NewAnchors(hierarchy().Root()) // the intermediate must come with the message
	for _, ber := range []bool{false, true} {
		p7s := sign(t, hierarchy().Provider(domain), smime.SignOptions{BER: ber})
		whole := anchors.Verify(t.Context(), signed(p7s))
		require.Equal(t, smime.Valid, whole.Status)
		harmless := 0
		for n := range p7s {
			flipped := bytes.Clone(p7s)
			flipped[n] ^= 1 << random.IntN(8)
			if v := anchors.Verify(t.Context(), signed(flipped)); v.Status == smime.Valid {
				require.Equal(t, whole, v, "byte %d, seed %d", n, seed)
				harmless++
			}
		}
		require.LessOrEqual(t, harmless, hints)
	}
}

// FuzzSignature: any bytes get a verdict in bounded time, never a panic, and
// only the provider's own key ever makes it a valid one.
func FuzzSignature(f *testing.F) {
	provider := hierarchy().Provider(domain)
	for _, tt := range signatureCases(f) {
		if len(tt.p7s) < 16<<10 {
			f.Add(tt.p7s)
		}
	}
	for _, s := range sampleSignatures(f) {
		f.Add(s)
	}
	f.Add(bytes.Repeat([]byte{0x30, 0x80}, 500))
	ours, public := smime.NewAnchors(hierarchy().Root()), smime.DefaultAnchors()
	f.Fuzz(func(t *testing.T, p7s []byte) {
		if v := ours.Verify(t.Context(), signed(p7s)); v.Status == smime.Valid {
			signer, err := x509.ParseCertificate(v.Chain[0])
			require.NoError(t, err)
			require.Equal(t, signer.PublicKey, provider.Certificate.PublicKey)
		}
		v := public.Verify(t.Context(), signed(p7s))
		require.NotEqual(t, smime.Valid, v.Status, "no real provider signed this content")
		if der, err := smime.Normalise(p7s); err == nil {
			again, err := smime.Normalise(der)
			require.NoError(t, err)
			require.Equal(t, der, again)
		}
	})
}

// sampleSignatures are those of the real messages, when these are at hand.
func sampleSignatures(f *testing.F) [][]byte {
	var out [][]byte
	for _, pattern := range []string{"OCA+l10n-italy/[AP]*.eml", "SimoneP91+PMM-PecMassiveMailer/*.eml"} {
		files, err := filepath.Glob(filepath.Join(samples, pattern))
		require.NoError(f, err)
		for _, file := range files {
			name, err := filepath.Rel(samples, file)
			require.NoError(f, err)
			out = append(out, readSample(f, name).p7s)
		}
	}
	return out
}

// BenchmarkVerify is one signature of a signer seen before, and of one seen for
// the first time.
func BenchmarkVerify(b *testing.B) {
	s := signed(sign(b, hierarchy().Provider(domain), smime.SignOptions{}))
	b.Run("known signer", func(b *testing.B) {
		anchors := hierarchy().Anchors()
		for b.Loop() {
			anchors.Verify(b.Context(), s)
		}
	})
	b.Run("new signer", func(b *testing.B) {
		for b.Loop() {
			hierarchy().Anchors().Verify(b.Context(), s)
		}
	})
}
