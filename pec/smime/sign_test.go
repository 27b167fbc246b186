package smime_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/smallstep/pkcs7"
	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// What we sign, another library reads: signer, chain without the root, time.
func TestSignedStructure(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	for _, o := range []smime.SignOptions{{}, {BER: true}, {Digest: crypto.SHA1}, {Digest: crypto.SHA512, BER: true}} {
		p7s := sign(t, id, o)
		require.Equal(t, o.BER, p7s[1] == 0x80)
		parsed, err := pkcs7.Parse(p7s)
		require.NoError(t, err)
		require.Empty(t, parsed.Content, "detached")
		require.Len(t, parsed.Certificates, 2)
		parsed.Content = []byte(content)
		roots := x509.NewCertPool()
		roots.AddCert(hierarchy().Root())
		require.NoError(t, parsed.VerifyWithChain(roots))
	}
}

// Content is read as a stream, whatever its size, and what stops it is told.
func TestSignStreams(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	body := strings.Repeat("0123456789abcde\r\n", 1<<16)
	p7s, err := id.Sign(iotest.HalfReader(strings.NewReader(body)), smime.SignOptions{Time: now})
	require.NoError(t, err)
	s := signed(p7s)
	s.Digests = digests([]byte(body))
	require.Equal(t, smime.Valid, hierarchy().Anchors().Verify(t.Context(), s).Status)

	broken := errors.New("disk gone")
	_, err = id.Sign(io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken)), smime.SignOptions{})
	require.ErrorIs(t, err, broken)
}

// What cannot be signed with is refused with the reason.
func TestSignRefuses(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	_, err := id.Sign(strings.NewReader(content), smime.SignOptions{Digest: crypto.MD5})
	require.ErrorContains(t, err, "use SHA-1, SHA-256")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	other := &smime.Identity{Certificate: id.Certificate, Key: key}
	_, err = other.Sign(strings.NewReader(content), smime.SignOptions{})
	require.ErrorContains(t, err, "not RSA")
}
