package smime

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"   // SHA-1, which providers still sign with
	_ "crypto/sha256" // SHA-256
	_ "crypto/sha512" // SHA-384, SHA-512
	"encoding/asn1"
	"fmt"
	"io"
	"slices"
	"time"
)

// SignOptions say how to sign; the zero value is what providers do today.
type SignOptions struct {
	Digest crypto.Hash // SHA-1, SHA-256 (when zero), SHA-384 or SHA-512
	BER    bool        // indefinite lengths, as Aruba sends since 2026
	Time   time.Time   // signingTime; now when zero
}

// Sign gives a detached CMS signature (RFC 5652) over content, which must be in
// canonical form with CRLF line ends. The content is streamed, never held. The
// key must be RSA, as those of all providers are.
func (id *Identity) Sign(content io.Reader, o SignOptions) ([]byte, error) {
	if o.Digest == 0 {
		o.Digest = crypto.SHA256
	}
	if o.Time.IsZero() {
		o.Time = time.Now()
	}
	digest, err := digestOID(o.Digest)
	if err != nil {
		return nil, err
	}
	if _, ok := id.Key.Public().(*rsa.PublicKey); !ok {
		return nil, fmt.Errorf("sign as %s: the key is not RSA", signerName(id.Certificate))
	}
	h := o.Digest.New()
	if _, err := io.Copy(h, content); err != nil {
		return nil, fmt.Errorf("read the content to sign: %w", err)
	}
	attributes, err := signedAttributes(h.Sum(nil), o.Time)
	if err != nil {
		return nil, err
	}
	h.Reset()
	h.Write(tlv(tagSet, attributes))
	value, err := id.Key.Sign(rand.Reader, h.Sum(nil), o.Digest)
	if err != nil {
		return nil, fmt.Errorf("sign as %s: %w", signerName(id.Certificate), err)
	}
	signer := tlv(tagSequence, integer(1), id.issuerAndSerial(), algorithm(digest),
		tlv(tagContext0, attributes), algorithm(oidRSA), tlv(tagOctetString, value))
	return id.envelop(algorithm(digest), signer, o.BER), nil
}

// envelop puts the signer into SignedData with the certificates.
func (id *Identity) envelop(digest, signer []byte, ber bool) []byte {
	outer := tlv
	if ber {
		outer = indefinite
	}
	certificates := [][]byte{id.Certificate.Raw}
	for _, c := range id.Chain {
		certificates = append(certificates, c.Raw)
	}
	data := outer(tagSequence,
		integer(1),
		tlv(tagSet, digest),
		outer(tagSequence, tlv(tagOID, []byte(oidData))),
		outer(tagContext0, certificates...),
		tlv(tagSet, signer))
	return outer(tagSequence, tlv(tagOID, []byte(oidSignedData)), outer(tagContext0, data))
}

// signedAttributes gives the content of the SET OF signed attributes.
func signedAttributes(digest []byte, at time.Time) ([]byte, error) {
	signingTime, err := asn1.Marshal(at.UTC())
	if err != nil {
		return nil, fmt.Errorf("signing time %v: %w", at, err)
	}
	attributes := [][]byte{
		attribute(oidContentType, tlv(tagOID, []byte(oidData))),
		attribute(oidSigningTime, signingTime),
		attribute(oidMessageDigest, tlv(tagOctetString, digest)),
	}
	slices.SortFunc(attributes, bytes.Compare)
	return slices.Concat(attributes...), nil
}

func attribute(oid string, value []byte) []byte {
	return tlv(tagSequence, tlv(tagOID, []byte(oid)), tlv(tagSet, value))
}

func (id *Identity) issuerAndSerial() []byte {
	serial, _ := asn1.Marshal(id.Certificate.SerialNumber) // a big.Int always has an encoding
	return tlv(tagSequence, id.Certificate.RawIssuer, serial)
}

func integer(n byte) []byte { return tlv(tagInteger, []byte{n}) }

// algorithm gives an AlgorithmIdentifier with NULL parameters, as OpenSSL does
// for digests and RSA.
func algorithm(oid string) []byte {
	return tlv(tagSequence, tlv(tagOID, []byte(oid)), []byte{0x05, 0x00})
}

// digestOID names a digest algorithm.
func digestOID(h crypto.Hash) (string, error) {
	switch h {
	case crypto.SHA1:
		return oidSHA1, nil
	case crypto.SHA256:
		return oidSHA256, nil
	case crypto.SHA384:
		return oidSHA384, nil
	case crypto.SHA512:
		return oidSHA512, nil
	default:
		return "", fmt.Errorf("cannot sign with %v: use SHA-1, SHA-256, SHA-384 or SHA-512", h)
	}
}
