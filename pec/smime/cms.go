package smime

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

const (
	maxCertificates = 16
	maxAttributes   = 64
)

// fault is why a signature cannot be judged: the reason of an Unverifiable verdict.
type fault Reason

func malformed(format string, args ...any) *fault {
	return &fault{Code: "malformed", Detail: fmt.Sprintf("The signature cannot be read: "+format+".", args...)}
}

func unsupported(format string, args ...any) *fault {
	return &fault{Code: "unsupported-algorithm", Detail: fmt.Sprintf(format, args...)}
}

// signature is a CMS SignedData (RFC 5652 §5) of the one shape that certified
// mail has: detached, over id-data, by one signer, with signed attributes.
type signature struct {
	certificates []byte // content of the certificates field
	signerID     []byte // content of issuerAndSerialNumber
	digest       crypto.Hash
	algorithm    x509.SignatureAlgorithm
	value        []byte

	attributes    []byte // the SET OF signed attributes, over which value was made
	messageDigest []byte
	signingTime   time.Time // zero when not signed
}

// parse reads a smime.p7s, DER or BER.
func parse(p7s []byte) (*signature, *fault) {
	der, err := normalise(p7s)
	if err != nil {
		return nil, scanFault(err)
	}
	outer := reader{rest: der}
	info := outer.enter(tagSequence)
	if string(info.take(tagOID)) != oidSignedData {
		return nil, malformed("it is not CMS SignedData")
	}
	explicit := info.enter(tagContext0)
	data := explicit.enter(tagSequence)
	data.take(tagInteger)
	data.take(tagSet) // digestAlgorithms: a hint; the signer names its own
	if f := parseContent(data); f != nil {
		return nil, f
	}
	s := &signature{}
	s.certificates, _ = data.optional(tagContext0)
	data.optional(tagContext1) // CRLs sent by the signer prove nothing
	signers := data.enter(tagSet)
	if !outer.done() || !info.done() || !explicit.done() || !data.done() {
		return nil, malformed("its SignedData does not have the fields of RFC 5652")
	}
	return s, s.parseSigners(signers)
}

func scanFault(err error) *fault {
	codes := map[error]string{errTooLarge: "too-large", errTooDeep: "too-deep", errTrailing: "trailing-bytes"}
	if code, ok := codes[err]; ok {
		return &fault{Code: code, Detail: "The signature is refused unread: " + err.Error() + "."}
	}
	return malformed("%v", err)
}

// parseContent requires the encapsulated content to be id-data and absent: a
// signature that brings its own content says nothing about what is shown.
func parseContent(data *reader) *fault {
	content := data.enter(tagSequence)
	if string(content.take(tagOID)) != oidData {
		return malformed("what it signs is not plain data")
	}
	if content.peek() != 0 {
		return &fault{Code: "attached-content", Detail: "The signature carries its own content instead of covering the message's."}
	}
	return nil
}

func (s *signature) parseSigners(signers *reader) *fault {
	if signers.peek() == 0 {
		return &fault{Code: "no-signer", Detail: "The signature names no signer."}
	}
	signer := signers.enter(tagSequence)
	if signers.peek() != 0 {
		return &fault{Code: "several-signers", Detail: "The signature has more than one signer; certified mail has exactly one."}
	}
	signer.take(tagInteger)
	if signer.peek() == tagKeyID {
		return &fault{Code: "signer-by-key-id", Detail: "The signature names its signer by key identifier, which is not supported."}
	}
	s.signerID = signer.take(tagSequence)
	digest := signer.algorithm()
	attributes, present := signer.optional(tagContext0)
	algorithm := signer.algorithm()
	s.value = signer.take(tagOctetString)
	signer.optional(tagContext1) // unsigned attributes prove nothing
	if !signer.done() || !signers.done() {
		return malformed("its SignerInfo does not have the fields of RFC 5652")
	}
	if !present {
		return &fault{Code: "no-signed-attributes", Detail: "The signature has no signed attributes."}
	}
	if f := s.parseAlgorithms(digest, algorithm); f != nil {
		return f
	}
	return s.parseAttributes(attributes)
}

// parseAlgorithms accepts what is supported: an RSA (PKCS #1 v1.5) or ECDSA
// signature over a digest of the SHA family.
func (s *signature) parseAlgorithms(digest, algorithm string) *fault {
	var rsa, ecdsa string
	var withRSA, withECDSA x509.SignatureAlgorithm
	switch digest {
	case oidSHA1:
		s.digest, rsa, ecdsa = crypto.SHA1, oidSHA1WithRSA, oidECDSAWithSHA1
		withRSA, withECDSA = x509.SHA1WithRSA, x509.ECDSAWithSHA1
	case oidSHA256:
		s.digest, rsa, ecdsa = crypto.SHA256, oidSHA256WithRSA, oidECDSAWithSHA256
		withRSA, withECDSA = x509.SHA256WithRSA, x509.ECDSAWithSHA256
	case oidSHA384:
		s.digest, rsa, ecdsa = crypto.SHA384, oidSHA384WithRSA, oidECDSAWithSHA384
		withRSA, withECDSA = x509.SHA384WithRSA, x509.ECDSAWithSHA384
	case oidSHA512:
		s.digest, rsa, ecdsa = crypto.SHA512, oidSHA512WithRSA, oidECDSAWithSHA512
		withRSA, withECDSA = x509.SHA512WithRSA, x509.ECDSAWithSHA512
	default:
		return unsupported("The signature uses a digest algorithm (%s) that is not supported.", oidText(digest))
	}
	switch algorithm {
	case oidRSA, rsa:
		s.algorithm = withRSA
	case ecdsa:
		s.algorithm = withECDSA
	default:
		return unsupported("The signature algorithm (%s) is not supported or does not fit the digest.", oidText(algorithm))
	}
	return nil
}

// oidText is an object identifier in dotted form.
func oidText(oid string) string {
	var out asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(tlv(tagOID, []byte(oid)), &out); err != nil || len(rest) > 0 {
		return "unreadable"
	}
	return out.String()
}

// parseAttributes reads the signed attributes (RFC 5652 §11): each type at most
// once; contentType and messageDigest exactly once; one value each.
func (s *signature) parseAttributes(set []byte) *fault {
	seen := map[string]*reader{}
	for r := (&reader{rest: set}); r.peek() != 0; {
		attribute := r.enter(tagSequence)
		oid := string(attribute.take(tagOID))
		values := attribute.enter(tagSet)
		if !attribute.done() || len(seen) == maxAttributes {
			return malformed("its signed attributes are broken or too many")
		}
		if seen[oid] != nil {
			return &fault{Code: "duplicate-attribute", Detail: "The signed attribute " + oidText(oid) + " appears twice."}
		}
		seen[oid] = values
	}
	s.attributes = tlv(tagSet, set) // in the order sent, as OpenSSL takes them
	contentType, messageDigest := seen[oidContentType], seen[oidMessageDigest]
	if contentType == nil || messageDigest == nil {
		return &fault{Code: "missing-attribute", Detail: "The signed attributes do not state the content type and the message digest."}
	}
	if string(contentType.take(tagOID)) != oidData || !contentType.done() {
		return malformed("its signed content type is not that of the content")
	}
	if s.messageDigest = messageDigest.take(tagOctetString); !messageDigest.done() {
		return malformed("its message digest attribute is broken")
	}
	return s.parseSigningTime(seen[oidSigningTime])
}

func (s *signature) parseSigningTime(values *reader) *fault {
	if values == nil {
		return nil
	}
	if rest, err := asn1.Unmarshal(values.rest, &s.signingTime); err != nil || len(rest) > 0 {
		return malformed("its signing time attribute is broken")
	}
	s.signingTime = s.signingTime.UTC()
	return nil
}

// readCertificates gives the certificates that came with the signature and can
// be read; signer is the one that it names, nil when it is not among them.
func (s *signature) readCertificates() (signer *x509.Certificate, others []*x509.Certificate) {
	r := reader{rest: s.certificates}
	for n := 0; r.peek() != 0 && n < maxCertificates; n++ {
		_, der := r.next()
		c, err := x509.ParseCertificate(bytes.Clone(der)) // may be remembered, and the message's bytes not with it
		switch {
		case err != nil: // another certificate format, or one that Go refuses
		case signer == nil && s.names(c):
			signer = c
		default:
			others = append(others, c)
		}
	}
	return signer, others
}

// names tells whether c is the certificate of the signer.
func (s *signature) names(c *x509.Certificate) bool {
	r := reader{rest: s.signerID}
	_, issuer := r.next()
	serial := new(big.Int).SetBytes(r.take(tagInteger))
	return r.done() && bytes.Equal(issuer, c.RawIssuer) && serial.Cmp(c.SerialNumber) == 0
}
