package smime_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// signatureCase is one signature over the tests' content and what must be said of it.
type signatureCase struct {
	name   string
	p7s    []byte
	status smime.Status
	code   string // a reason that must be given; none when empty
}

// signatureCases are all the ways in which the signature of a message that has
// just come in can be good or bad.
func signatureCases(t testing.TB) []signatureCase {
	t.Helper()
	id := hierarchy().Provider(domain)
	plain := sign(t, id, smime.SignOptions{})
	cases := []signatureCase{
		{"as providers sign", plain, smime.Valid, ""},
		{"in BER of indefinite length", sign(t, id, smime.SignOptions{BER: true}), smime.Valid, ""},
		{"SHA-1 is weak and said to be", sign(t, id, smime.SignOptions{Digest: crypto.SHA1}), smime.Valid, "sha1"},
		{"SHA-384", sign(t, id, smime.SignOptions{Digest: crypto.SHA384}), smime.Valid, ""},
		{"SHA-512", sign(t, id, smime.SignOptions{Digest: crypto.SHA512}), smime.Valid, ""},

		{"another hierarchy", sign(t, stranger().Provider(domain), smime.SignOptions{}), smime.Untrusted, "no-chain"},
		{"expired, signing time put back", forge(t, expired(t), at(t, now.AddDate(-2, 0, 0))), smime.Expired, "expired"},
		{"expired at its own time", forge(t, expired(t), func(*forgery) {}), smime.Expired, "expired"},
		{"not yet valid", forge(t, odd(t, func(c *x509.Certificate) { c.NotBefore = now.AddDate(0, 1, 0) }), func(*forgery) {}), smime.Expired, "expired"},
		{"signed later than received", forge(t, id, at(t, now.AddDate(0, 0, 1))), smime.Untrusted, "time-after-receipt"},
		{"signed over other content", forge(t, id, func(f *forgery) {
			f.set(t, pkcs7.OIDAttributeMessageDigest, digests([]byte("other"))[crypto.SHA256])
		}), smime.Altered, "digest-mismatch"},
		{"a value by another key", forge(t, id, func(f *forgery) { f.id = stranger().Provider(domain) }), smime.Altered, "signature-mismatch"},
	}
	cases = append(cases, purposeCases(t)...)
	cases = append(cases, shapeCases(t, id, plain)...)
	return append(cases, attributeCases(t, id)...)
}

func expired(t testing.TB) *smime.Identity {
	t.Helper()
	return odd(t, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(-3, 0, 0), now.AddDate(-1, 0, 0) })
}

// purposeCases are certificates of our own hierarchy that may not sign this mail.
func purposeCases(t testing.TB) []signatureCase {
	t.Helper()
	signedBy := func(change func(*x509.Certificate)) []byte { return sign(t, odd(t, change), smime.SignOptions{}) }
	return []signatureCase{
		{"a web server's certificate", signedBy(func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}), smime.Untrusted, "wrong-purpose"},
		{"a certificate for nothing in particular", signedBy(func(c *x509.Certificate) { c.ExtKeyUsage = nil }), smime.Untrusted, "wrong-purpose"},
		{"a certificate for encryption", signedBy(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), smime.Untrusted, "wrong-purpose"},
		{"a certificate without stated key usage", signedBy(func(c *x509.Certificate) { c.KeyUsage = 0 }), smime.Valid, ""},
		{"another address of the same provider", signedBy(func(c *x509.Certificate) {
			c.EmailAddresses = []string{"altro@" + domain}
		}), smime.Untrusted, "signer-mismatch"},
		{"the address in other letters", signedBy(func(c *x509.Certificate) {
			c.EmailAddresses = []string{"Posta-Certificata@" + domain}
		}), smime.Valid, ""},
		{"a domain that the intermediate may not vouch for", signedBy(func(c *x509.Certificate) {
			c.EmailAddresses = []string{address, "posta-certificata@pec.altri.it"}
		}), smime.Untrusted, "no-chain"},
		{"an address in the subject only, past the limits of the intermediate", signedBy(func(c *x509.Certificate) {
			c.EmailAddresses = nil
			c.Subject.ExtraNames = emailName(address)
		}), smime.Untrusted, "signer-mismatch"},
	}
}

// shapeCases are structures that are not those of certified mail.
func shapeCases(t testing.TB, id *smime.Identity, plain []byte) []signatureCase {
	t.Helper()
	two := func(one []byte) [][]byte { return [][]byte{one, one} }
	return []signatureCase{
		{"nothing", nil, smime.Unverifiable, "malformed"},
		{"not CMS", []byte("MII..."), smime.Unverifiable, "malformed"},
		{"a hundred bytes after it", append(bytes.Clone(plain), bytes.Repeat([]byte("A"), 100)...), smime.Unverifiable, "trailing-bytes"},
		{"4 MB of nesting", bytes.Repeat([]byte{0x30, 0x80}, 2<<20), smime.Unverifiable, "too-large"},
		{"200 KB of nesting", bytes.Repeat([]byte{0x30, 0x80}, 100<<10), smime.Unverifiable, "too-deep"},
		{"200 KB of empty elements", smime.TLV(0x30, bytes.Repeat([]byte{0x05, 0x00}, 100<<10)), smime.Unverifiable, "too-deep"},
		{"no signer", forge(t, id, func(f *forgery) { f.signers = func([]byte) [][]byte { return nil } }), smime.Unverifiable, "no-signer"},
		{"two signers", forge(t, id, func(f *forgery) { f.signers = two }), smime.Unverifiable, "several-signers"},
		{"a signer by key identifier", forge(t, id, func(f *forgery) { f.sid = smime.TLV(0x80, id.Certificate.SubjectKeyId) }), smime.Unverifiable, "signer-by-key-id"},
		{"no certificate", forge(t, id, func(f *forgery) { f.certs = nil }), smime.Unverifiable, "no-certificate"},
		{"the intermediate alone", forge(t, id, func(f *forgery) { f.certs = f.certs[1:] }), smime.Unverifiable, "no-certificate"},
		{"without the intermediate, which the anchors know", forge(t, id, func(f *forgery) { f.certs = f.certs[:1] }), smime.Valid, ""},
		{"content inside", forge(t, id, func(f *forgery) { f.eContent = []byte(content) }), smime.Unverifiable, "attached-content"},
		{"empty content inside", forge(t, id, func(f *forgery) { f.eContent = []byte{} }), smime.Unverifiable, "attached-content"},
		{"content of another type", forge(t, id, func(f *forgery) { f.eType = pkcs7.OIDEnvelopedData }), smime.Unverifiable, "malformed"},
		{"RSA-PSS", forge(t, id, func(f *forgery) { f.pss(t) }), smime.Unverifiable, "unsupported-algorithm"},
		{"MD5", forge(t, id, func(f *forgery) { f.digest = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5} }), smime.Unverifiable, "unsupported-algorithm"},
		{"an algorithm that does not fit the digest", forge(t, id, func(f *forgery) { f.signature = pkcs7.OIDEncryptionAlgorithmRSASHA1 }), smime.Unverifiable, "unsupported-algorithm"},
		{"an algorithm that does not fit the key", forge(t, id, func(f *forgery) { f.signature = pkcs7.OIDDigestAlgorithmECDSASHA256 }), smime.Unverifiable, "unsupported-key"},
		{"an algorithm that names the digest", forge(t, id, func(f *forgery) { f.signature = pkcs7.OIDEncryptionAlgorithmRSASHA256 }), smime.Valid, ""},
	}
}

// attributeCases are signed attributes that do not say what they must.
func attributeCases(t testing.TB, id *smime.Identity) []signatureCase {
	t.Helper()
	without := func(oid asn1.ObjectIdentifier) []byte {
		return forge(t, id, func(f *forgery) { f.drop(t, oid) })
	}
	twice := func(oid asn1.ObjectIdentifier, value any) []byte {
		return forge(t, id, func(f *forgery) { f.attributes = append(f.attributes, attribute(t, oid, value)) })
	}
	replaced := func(oid asn1.ObjectIdentifier, values ...any) []byte {
		return forge(t, id, func(f *forgery) {
			f.drop(t, oid)
			f.attributes = append(f.attributes, attribute(t, oid, values...))
		})
	}
	many := forge(t, id, func(f *forgery) {
		for i := range 100 {
			f.attributes = append(f.attributes, attribute(t, asn1.ObjectIdentifier{1, 2, 3, i}, i))
		}
	})
	return []signatureCase{
		{"no signed attributes", forge(t, id, func(f *forgery) { f.over = []byte(content) }), smime.Unverifiable, "no-signed-attributes"},
		{"empty signed attributes", forge(t, id, func(f *forgery) { f.attributes = nil }), smime.Unverifiable, "missing-attribute"},
		{"no content type", without(pkcs7.OIDAttributeContentType), smime.Unverifiable, "missing-attribute"},
		{"no message digest", without(pkcs7.OIDAttributeMessageDigest), smime.Unverifiable, "missing-attribute"},
		{"no signing time", without(pkcs7.OIDAttributeSigningTime), smime.Valid, ""},
		{"another content type", replaced(pkcs7.OIDAttributeContentType, pkcs7.OIDSignedData), smime.Unverifiable, "malformed"},
		{"two content types in one", replaced(pkcs7.OIDAttributeContentType, pkcs7.OIDData, pkcs7.OIDData), smime.Unverifiable, "malformed"},
		{"two message digests in one", replaced(pkcs7.OIDAttributeMessageDigest, []byte("a"), []byte("b")), smime.Unverifiable, "malformed"},
		{"two signing times in one", replaced(pkcs7.OIDAttributeSigningTime, now, now), smime.Unverifiable, "malformed"},
		{"a signing time that is none", replaced(pkcs7.OIDAttributeSigningTime, 7), smime.Unverifiable, "malformed"},
		{"a second signing time", twice(pkcs7.OIDAttributeSigningTime, now), smime.Unverifiable, "duplicate-attribute"},
		{"a second message digest", twice(pkcs7.OIDAttributeMessageDigest, []byte("x")), smime.Unverifiable, "duplicate-attribute"},
		{"a second content type", twice(pkcs7.OIDAttributeContentType, pkcs7.OIDData), smime.Unverifiable, "duplicate-attribute"},
		{"an attribute that we do not know", twice(asn1.ObjectIdentifier{1, 2, 3}, "x"), smime.Valid, ""},
		{"an unknown attribute twice", forge(t, id, func(f *forgery) {
			a := attribute(t, asn1.ObjectIdentifier{1, 2, 3}, "x")
			f.attributes = append(f.attributes, a, a)
		}), smime.Unverifiable, "duplicate-attribute"},
		{"a hundred attributes", many, smime.Unverifiable, "malformed"},
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range signatureCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := judge(t, tt.p7s)
			require.Equal(t, tt.status, v.Status, v.Reasons)
			if tt.code == "" {
				require.Empty(t, v.Reasons)
			} else {
				require.Contains(t, codes(v), tt.code)
			}
		})
	}
}

// The signed attributes of a genuine message, sent as the content of another
// with the same signature value, are the forgery that signed attributes invite:
// the value does stand over these bytes.
func TestReplayedAttributes(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	var replayed []byte
	s := signed(forge(t, id, func(f *forgery) {
		replayed = smime.TLV(0x31, f.attributes...)
		f.over = replayed
	}))
	s.Digests = digests(replayed)
	v := hierarchy().Anchors().Verify(t.Context(), s)
	require.Equal(t, smime.Unverifiable, v.Status, v.Reasons)
	require.Equal(t, []string{"no-signed-attributes"}, codes(v))
}

// A verdict is evidence: it names who signed, when, how, and through whom.
func TestVerdictIsEvidence(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	require.Equal(t, smime.Verdict{
		Status:     smime.Valid,
		Signer:     address,
		Issuer:     "Test AgID CA1",
		Digest:     "sha256",
		Time:       now,
		Chain:      [][]byte{id.Certificate.Raw, hierarchy().Intermediate().Raw, hierarchy().Root().Raw},
		Revocation: "unchecked",
	}, judge(t, sign(t, id, smime.SignOptions{})))
}

// The digest that a signature needs may be known only once it has been read.
func TestMissingDigest(t *testing.T) {
	t.Parallel()
	s := signed(sign(t, hierarchy().Provider(domain), smime.SignOptions{Digest: crypto.SHA512}))
	all := s.Digests
	s.Digests = map[crypto.Hash][]byte{crypto.SHA256: all[crypto.SHA256], crypto.SHA512: {}}
	v := hierarchy().Anchors().Verify(t.Context(), s)
	require.Equal(t, smime.Unverifiable, v.Status)
	require.Equal(t, []string{"digest-needed"}, codes(v))
	s.Digests = map[crypto.Hash][]byte{v.Missing: all[v.Missing]}
	require.Equal(t, smime.Valid, hierarchy().Anchors().Verify(t.Context(), s).Status)
}

// What the message claims about its time can make the verdict worse, never better.
func TestTimes(t *testing.T) {
	t.Parallel()
	good, old := hierarchy().Provider(domain), expired(t)
	before := now.AddDate(-2, 0, 0) // while old was valid
	tests := []struct {
		name              string
		id                *smime.Identity
		signing           time.Time
		claimed, received time.Time
		status            smime.Status
		codes             []string
	}{
		{"all agree", good, now, now, now, smime.Valid, []string{}},
		{"receipt unknown", good, now, now, time.Time{}, smime.Valid, []string{"own-time"}},
		{"an old message, receipt unknown", old, before, before, time.Time{}, smime.Valid, []string{"own-time"}},
		{"an old message, received then", old, before, before, before.Add(time.Minute), smime.Valid, []string{}},
		{"an old message, received now", old, before, before, now, smime.Expired, []string{"expired"}},
		{"a claim of now by an old signature", old, before, now, time.Time{}, smime.Expired, []string{"times-differ", "own-time", "expired"}},
		{"an old claim by a new signature", old, now, before, time.Time{}, smime.Expired, []string{"times-differ", "own-time", "expired"}},
		{"a day between the two times", good, now, now.AddDate(0, 0, -2), now, smime.Valid, []string{"times-differ"}},
		{"the provider's clock a little ahead", good, now.Add(10 * time.Minute), now, now, smime.Valid, []string{}},
		{"claimed for tomorrow", good, now, now.AddDate(0, 0, 1), now, smime.Untrusted, []string{"time-after-receipt"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := signed(forge(t, tt.id, at(t, tt.signing)))
			s.Claimed, s.Received = tt.claimed, tt.received
			v := hierarchy().Anchors().Verify(t.Context(), s)
			require.Equal(t, tt.status, v.Status, v.Reasons)
			require.Equal(t, tt.codes, codes(v))
			require.Equal(t, tt.signing, v.Time)
		})
	}
}

// A message that states no time is checked at that of its receipt, else now.
func TestNoTimeAtAll(t *testing.T) {
	t.Parallel()
	s := signed(forge(t, expired(t), func(f *forgery) { f.drop(t, pkcs7.OIDAttributeSigningTime) }))
	v := hierarchy().Anchors().Verify(t.Context(), s)
	require.Equal(t, s.Received, v.Time)
	require.Equal(t, smime.Expired, v.Status)
	s.Received = time.Time{}
	v = hierarchy().Anchors().Verify(t.Context(), s)
	require.WithinDuration(t, time.Now(), v.Time, time.Minute)
	require.Equal(t, smime.Expired, v.Status)
}

// From must be there: a signer cannot be the address of nobody.
func TestNoFrom(t *testing.T) {
	t.Parallel()
	s := signed(sign(t, hierarchy().Provider(domain), smime.SignOptions{}))
	s.From = ""
	require.Equal(t, smime.Untrusted, hierarchy().Anchors().Verify(t.Context(), s).Status)
}

// Reasons are shown to people: they end as sentences do and quote no bytes.
func TestReasonsAreSentences(t *testing.T) {
	t.Parallel()
	for _, tt := range signatureCases(t) {
		for _, r := range judge(t, tt.p7s).Reasons {
			require.True(t, strings.HasSuffix(r.Detail, "."), r.Detail)
			require.Regexp(t, `^[a-z0-9-]+$`, r.Code)
			require.Regexp(t, `^[A-Z][ -~]*$`, r.Detail)
		}
	}
}
