package smime_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// forgery is a CMS signature of which every piece can be changed before it is
// signed and put together.
type forgery struct {
	id         *smime.Identity
	hash       crypto.Hash
	digest     asn1.ObjectIdentifier
	signature  asn1.ObjectIdentifier
	parameters []byte // of the signature algorithm
	attributes [][]byte
	over       []byte // no signed attributes: the value stands over this
	options    crypto.SignerOpts
	sid        []byte // SignerIdentifier
	eType      asn1.ObjectIdentifier
	eContent   []byte
	certs      [][]byte
	signers    func(one []byte) [][]byte
}

// forge makes the signature of id over the tests' content, after change.
func forge(t testing.TB, id *smime.Identity, change func(*forgery)) []byte {
	t.Helper()
	f := &forgery{id: id, hash: crypto.SHA256, digest: pkcs7.OIDDigestAlgorithmSHA256,
		signature: pkcs7.OIDEncryptionAlgorithmRSA, options: crypto.SHA256, eType: pkcs7.OIDData}
	f.attributes = [][]byte{
		attribute(t, pkcs7.OIDAttributeContentType, pkcs7.OIDData),
		attribute(t, pkcs7.OIDAttributeSigningTime, now),
		attribute(t, pkcs7.OIDAttributeMessageDigest, digests([]byte(content))[crypto.SHA256]),
	}
	f.sid = smime.TLV(0x30, id.Certificate.RawIssuer, der(t, id.Certificate.SerialNumber))
	f.certs = [][]byte{id.Certificate.Raw}
	for _, c := range id.Chain {
		f.certs = append(f.certs, c.Raw)
	}
	f.signers = func(one []byte) [][]byte { return [][]byte{one} }
	change(f)
	return f.build(t)
}

func (f *forgery) build(t testing.TB) []byte {
	t.Helper()
	over, attributes := f.over, []byte(nil)
	if over == nil {
		over = smime.TLV(0x31, f.attributes...)
		attributes = smime.TLV(0xa0, f.attributes...)
	}
	h := f.hash.New()
	h.Write(over)
	value, err := f.id.Key.Sign(rand.Reader, h.Sum(nil), f.options)
	require.NoError(t, err)
	signer := smime.TLV(0x30, der(t, 1), f.sid, algorithm(t, f.digest, nil), attributes,
		algorithm(t, f.signature, f.parameters), der(t, value))
	encapsulated := der(t, f.eType)
	if f.eContent != nil {
		encapsulated = append(encapsulated, smime.TLV(0xa0, der(t, f.eContent))...)
	}
	data := smime.TLV(0x30, der(t, 1), smime.TLV(0x31, algorithm(t, f.digest, nil)),
		smime.TLV(0x30, encapsulated), smime.TLV(0xa0, f.certs...), smime.TLV(0x31, f.signers(signer)...))
	return smime.TLV(0x30, der(t, pkcs7.OIDSignedData), smime.TLV(0xa0, data))
}

// set replaces the value of a signed attribute; drop leaves one out.
func (f *forgery) set(t testing.TB, oid asn1.ObjectIdentifier, value any) {
	t.Helper()
	f.drop(t, oid)
	f.attributes = append(f.attributes, attribute(t, oid, value))
}

func (f *forgery) drop(t testing.TB, oid asn1.ObjectIdentifier) {
	t.Helper()
	name := string(der(t, oid))
	f.attributes = slices.DeleteFunc(f.attributes, func(a []byte) bool { return string(a[2:2+len(name)]) == name })
}

func attribute(t testing.TB, oid asn1.ObjectIdentifier, values ...any) []byte {
	t.Helper()
	var set [][]byte
	for _, v := range values {
		set = append(set, der(t, v))
	}
	return smime.TLV(0x30, der(t, oid), smime.TLV(0x31, set...))
}

func algorithm(t testing.TB, oid asn1.ObjectIdentifier, parameters []byte) []byte {
	t.Helper()
	return smime.TLV(0x30, der(t, oid), parameters)
}

func der(t testing.TB, value any) []byte {
	t.Helper()
	out, err := asn1.Marshal(value)
	require.NoError(t, err)
	return out
}

// at is a signature that states another time.
func at(t testing.TB, signingTime time.Time) func(*forgery) {
	t.Helper()
	return func(f *forgery) { f.set(t, pkcs7.OIDAttributeSigningTime, signingTime) }
}

// pss makes the forgery use RSASSA-PSS with SHA-256 (RFC 4055 §3.1).
func (f *forgery) pss(t testing.TB) {
	t.Helper()
	sha256 := algorithm(t, pkcs7.OIDDigestAlgorithmSHA256, nil)
	mgf1 := algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}, sha256)
	f.signature = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	f.parameters = smime.TLV(0x30, smime.TLV(0xa0, sha256), smime.TLV(0xa1, mgf1), smime.TLV(0xa2, der(t, 32)))
	f.options = &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256}
}

// emailName is a subject's emailAddress.
func emailName(address string) []pkix.AttributeTypeAndValue {
	return []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: address}}
}
