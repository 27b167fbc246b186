package smime_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// The embedded anchors are the hierarchy of Italian certified mail and nothing
// else: Actalis Authentication Root CA and AgID CA1 as issued three times.
func TestEmbeddedAnchors(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"actalis-authentication-root-ca.pem": "55926084ec963a64b96e2abe01ce0ba86a64fbfebcc7aab5afc155b37fd76066",
		"agid-ca1-2018-04-04.pem":            "4648900b04272628ab7b2d82ddf74cd5b78d77f8652d5bbf2824bb64dd178659",
		"agid-ca1-2021-09-21.pem":            "32322ae2e31a7430be1d6c04bd8cabfbd240c74d2c9dbe82780db1f3f73660a6",
		"agid-ca1-2025-02-20.pem":            "790ec428504a61f273e4fcf7ffd4d56991edc02d4402fbbd8914e149fa278c1d",
	}
	files, err := os.ReadDir("anchors")
	require.NoError(t, err)
	got := map[string]string{}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join("anchors", f.Name()))
		require.NoError(t, err)
		block, rest := pem.Decode(data)
		require.NotNil(t, block, f.Name())
		require.Empty(t, rest, f.Name())
		sum := sha256.Sum256(block.Bytes)
		got[f.Name()] = hex.EncodeToString(sum[:])
		c, err := x509.ParseCertificate(block.Bytes)
		require.NoError(t, err)
		require.Equal(t, f.Name() == "actalis-authentication-root-ca.pem", c.CheckSignatureFrom(c) == nil, "one root")
	}
	require.Equal(t, want, got)
	require.NotPanics(t, func() { smime.DefaultAnchors() })
}

// A folder replaces the embedded anchors: PEM or DER, several in a file, text
// around them; other files are passed over.
func TestTrustFolder(t *testing.T) {
	t.Parallel()
	root, middle := hierarchy().Root().Raw, hierarchy().Intermediate().Raw
	folders := map[string]map[string][]byte{
		"PEM":                       {"a.pem": pemOf(root), "b.crt": pemOf(middle)},
		"DER":                       {"a.der": root, "b.CER": middle},
		"one file":                  {"all.pem": append(append([]byte("Our root:\n"), pemOf(root)...), pemOf(middle)...)},
		"the intermediate alone":    {"only.pem": pemOf(middle)},
		"beside files of no moment": {"root.pem": pemOf(root), "README.txt": []byte("x"), "middle.key": []byte("y")},
	}
	p7s := sign(t, hierarchy().Provider(domain), smime.SignOptions{})
	for name, files := range folders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anchors, err := smime.LoadAnchors(folder(t, files))
			require.NoError(t, err)
			v := anchors.Verify(t.Context(), signed(p7s))
			require.Equal(t, smime.Valid, v.Status, v.Reasons)
			v = anchors.Verify(t.Context(), signed(sign(t, stranger().Provider(domain), smime.SignOptions{})))
			require.Equal(t, smime.Untrusted, v.Status)
		})
	}
}

func folder(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		writeFile(t, dir, name, data)
	}
	return dir
}

// What is wrong with a trust folder is said with the file and the way out.
func TestTrustFolderErrors(t *testing.T) {
	t.Parallel()
	foreign, err := stranger().RevocationList(now)
	require.NoError(t, err)
	leaf := hierarchy().Provider(domain).Certificate.Raw
	tests := map[string]struct {
		files map[string][]byte
		want  []string
	}{
		"empty":              {nil, []string{"no certificate authority", "put the root certificate there"}},
		"no authority":       {map[string][]byte{"leaf.pem": pemOf(leaf)}, []string{"no certificate authority"}},
		"broken certificate": {map[string][]byte{"bad.pem": pemOf(leaf[:100])}, []string{"bad.pem", "replace or remove it"}},
		"not a certificate":  {map[string][]byte{"bad.crt": []byte("hello")}, []string{"bad.crt", "replace or remove it"}},
		"foreign list": {map[string][]byte{"root.pem": pemOf(hierarchy().Root().Raw), "x.crl": foreign},
			[]string{"revocation list", "Test AgID CA1", "add its certificate or remove the list"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, tt.files)
			_, err := smime.LoadAnchors(dir)
			for _, want := range append(tt.want, dir) {
				require.ErrorContains(t, err, want)
			}
		})
	}
	_, err = smime.LoadAnchors("/nonexistent/trust")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A revoked signer cannot be trusted for what came after; what it signed and we
// received before stays as it is. A list that says nothing of that time leaves it open.
func TestRevocation(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	tests := []struct {
		name   string
		listed bool
		issued time.Time
		status smime.Status
		want   string
	}{
		{"not listed", false, now.AddDate(0, -1, 0), smime.Valid, "good"},
		{"not listed later either", false, now.AddDate(0, 1, 0), smime.Valid, "good"},
		{"listed before", true, now.AddDate(0, -1, 0), smime.Untrusted, "revoked"},
		{"listed after", true, now.AddDate(0, 1, 0), smime.Valid, "good"},
		{"a list grown old", false, now.AddDate(-2, 0, 0), smime.Valid, "unchecked"},
		{"a list from after the certificate had expired", false, now.AddDate(5, 0, 0), smime.Valid, "unchecked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var revoked []*x509.Certificate
			if tt.listed {
				revoked = append(revoked, id.Certificate)
			}
			list, err := hierarchy().RevocationList(tt.issued, revoked...)
			require.NoError(t, err)
			anchors, err := smime.LoadAnchors(folder(t, map[string][]byte{
				"root.pem": pemOf(hierarchy().Root().Raw),
				"ca1.pem":  pemOf(hierarchy().Intermediate().Raw),
				"ca1.crl":  list,
			}))
			require.NoError(t, err)
			v := anchors.Verify(t.Context(), signed(sign(t, id, smime.SignOptions{})))
			require.Equal(t, tt.status, v.Status, v.Reasons)
			require.Equal(t, tt.want, v.Revocation)
			require.Equal(t, tt.want == "revoked", len(v.Reasons) == 1 && v.Reasons[0].Code == "revoked")
		})
	}
}

// A revocation list may come as PEM beside the certificates.
func TestRevocationListAsPEM(t *testing.T) {
	t.Parallel()
	list, err := hierarchy().RevocationList(now, hierarchy().Provider(domain).Certificate)
	require.NoError(t, err)
	text := append(pemOf(hierarchy().Root().Raw), pemOf(hierarchy().Intermediate().Raw)...)
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list})...)
	anchors, err := smime.LoadAnchors(folder(t, map[string][]byte{"all.pem": text}))
	require.NoError(t, err)
	v := anchors.Verify(t.Context(), signed(sign(t, hierarchy().Provider(domain), smime.SignOptions{})))
	require.Equal(t, "revoked", v.Revocation)
}

// Chains are remembered, their validity is not: the same signer is judged anew
// for each message's time, and by each Anchors for itself.
func TestRememberedChains(t *testing.T) {
	t.Parallel()
	anchors := hierarchy().Anchors()
	id := expired(t)
	before := signed(forge(t, id, at(t, now.AddDate(-2, 0, 0))))
	before.Received = now.AddDate(-2, 0, 0)
	after := signed(forge(t, id, func(*forgery) {}))
	for range 2 {
		require.Equal(t, smime.Valid, anchors.Verify(t.Context(), before).Status)
		require.Equal(t, smime.Expired, anchors.Verify(t.Context(), after).Status)
		require.Equal(t, smime.Untrusted, stranger().Anchors().Verify(t.Context(), before).Status)
	}
}

// lonely makes a self-signed certificate of any key.
func lonely(t testing.TB, public any, key crypto.Signer, change func(*x509.Certificate)) *smime.Identity {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Lonely"}, EmailAddresses: []string{address},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	change(template)
	raw, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	require.NoError(t, err)
	c, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return &smime.Identity{Certificate: c, Key: key}
}

// A self-signed signer vouches for nobody, not even itself, unless configured.
func TestSelfSigned(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	byECDSA := func(f *forgery) { f.signature = pkcs7.OIDDigestAlgorithmECDSASHA256 }
	id := lonely(t, key.Public(), key, func(*x509.Certificate) {})
	p7s := forge(t, id, byECDSA)
	v := judge(t, p7s)
	require.Equal(t, smime.Untrusted, v.Status)
	require.Equal(t, []string{"no-chain"}, codes(v))
	v = smime.NewAnchors(id.Certificate).Verify(t.Context(), signed(p7s))
	require.Equal(t, smime.Valid, v.Status, v.Reasons)

	// The subject's emailAddress stands in for a missing subjectAltName.
	old := lonely(t, key.Public(), key, func(c *x509.Certificate) {
		c.EmailAddresses = nil
		c.Subject.ExtraNames = emailName(address)
	})
	v = smime.NewAnchors(old.Certificate).Verify(t.Context(), signed(forge(t, old, byECDSA)))
	require.Equal(t, smime.Valid, v.Status, v.Reasons)
}

// Anybody can put any name into a certificate: it is shown without what could
// deceive, and cut off from nothing else.
func TestNamesAreSafeToShow(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	id := lonely(t, key.Public(), key, func(c *x509.Certificate) {
		c.EmailAddresses = nil
		c.Subject.CommonName = "Posta\u202e\r\n\x1b[2J Certificata àè"
	})
	v := judge(t, forge(t, id, func(f *forgery) { f.signature = pkcs7.OIDDigestAlgorithmECDSASHA256 }))
	require.Equal(t, smime.Untrusted, v.Status)
	require.Equal(t, "Posta[2J Certificata àè", v.Signer)
	require.Equal(t, "Posta[2J Certificata àè", v.Issuer)
}

// The memory of chains is bounded and forgets without changing a verdict.
func TestRememberedChainsAreBounded(t *testing.T) {
	t.Parallel()
	anchors := hierarchy().Anchors()
	id := hierarchy().Provider(domain)
	for n := range smime.MaxCached + 10 {
		p7s := forge(t, id, func(f *forgery) {
			f.certs = append(f.certs, smime.TLV(0x30, der(t, n))) // makes each set of certificates another one
		})
		require.Equal(t, smime.Valid, anchors.Verify(t.Context(), signed(p7s)).Status)
		require.LessOrEqual(t, smime.Remembered(anchors), smime.MaxCached)
	}
}

// Keys so large that checking them is an attack are not checked, in the signer
// or in a certificate sent along; nor are keys too small to mean anything.
func TestKeySizes(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), 200_000), 0, 1), E: 1<<31 - 1}
	small := &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), 511), 0, 1), E: 3}
	for _, public := range []*rsa.PublicKey{huge, small} {
		id := lonely(t, public, key, func(*x509.Certificate) {})
		v := smime.NewAnchors(id.Certificate).Verify(t.Context(), signed(forge(t, id, func(*forgery) {})))
		require.Equal(t, smime.Unverifiable, v.Status, v.Reasons)
		require.Equal(t, []string{"unsupported-key"}, codes(v))
	}
	along := lonely(t, huge, key, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
	id := hierarchy().Provider(domain)
	v := judge(t, forge(t, id, func(f *forgery) { f.certs = append(f.certs, along.Certificate.Raw) }))
	require.Equal(t, smime.Valid, v.Status, v.Reasons)
}
