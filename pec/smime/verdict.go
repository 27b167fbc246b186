// Package smime judges and makes the signatures of certified mail: detached CMS
// (RFC 5652) over the first part of a multipart/signed, made by the provider.
//
//   - A verdict is a status with reasons, never a boolean; what cannot be checked
//     is Unverifiable, never valid and never altered.
//   - The policy, in this order: one well-formed BER element within the limits;
//     one signer, named by issuer and serial number; signed attributes, none
//     twice, with the content type of plain data and the digest of the message;
//     no content inside; a supported digest (SHA-1 is reported) and RSA PKCS #1
//     v1.5 or ECDSA; the signature value; a chain to the configured anchors only,
//     for signing mail; valid at every time that counts, where what the message
//     claims can only make it worse; not revoked; the signer is the From address.
//   - All bytes are normalised by one linear scan first and read by one strict
//     reader. No kept CMS library is in the way of a verdict: they hide the
//     content type, ignore errors of ASN.1 and recurse without bound.
//   - No network, ever. Revocation lists come from the trust folder.
//   - Anchors hold the only state, a bounded memory of chains found.
package smime

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"
)

// Status is the outcome of judging a signature. It is never reduced to a
// boolean: each value asks for a different sentence on the screen.
type Status string

const (
	// Valid: one good signature by a provider whose chain ends at a configured
	// anchor, made by the address in From, over exactly the bytes shown.
	Valid Status = "valid"
	// Untrusted: the signature is good, but no configured anchor vouches for
	// its signer (no chain, wrong key usage, revoked, or another address).
	Untrusted Status = "untrusted"
	// Expired: the signer's certificate was not valid at the message's own time.
	Expired Status = "expired"
	// Altered: the signed bytes are not those that were signed, or what is
	// shown is not what is signed, or the certification data contradicts the headers.
	Altered Status = "altered"
	// Unverifiable: a signature that cannot be read, or uses what we do not support.
	Unverifiable Status = "unverifiable"
	// Unsigned: ordinary mail, which does not claim to be certified.
	Unsigned Status = "unsigned"
	// Imitation: dresses as PEC in headers, subject or parts and carries no signature.
	Imitation Status = "imitation"
)

// Reason says, in a word for programs and a sentence for people, why a verdict
// is what it is. A valid message has reasons too (for instance "sha1").
type Reason struct {
	Code   string `json:"code"`   // kebab-case and stable, for instance "digest-mismatch"
	Detail string `json:"detail"` // one English sentence, safe to show
}

// String gives "code: detail".
func (r Reason) String() string { return r.Code + ": " + r.Detail }

// Verdict is dated evidence: what was checked, with which certificate, with
// what result. The zero Verdict is not meaningful.
type Verdict struct {
	Status  Status
	Reasons []Reason

	Signer     string    // the signer's address (SAN rfc822Name), else the subject's common name
	Issuer     string    // the issuer's common name, else its whole distinguished name
	Digest     string    // digest algorithm of the signature: "sha1", "sha256", …; empty when unread
	Time       time.Time // signingTime when signed, else the time it was checked at, zero when it was not; UTC
	Chain      [][]byte  // DER certificates from the signer to the anchor, when one was found
	Revocation string    // "good", "revoked" or "unchecked"

	// Missing is set, with Status Unverifiable, when the signature uses a digest
	// that Signed.Digests did not hold: compute it and ask again.
	Missing crypto.Hash
}

// Signed is a detached signature and what it is said to cover.
type Signed struct {
	P7S     []byte                 // the decoded smime.p7s (DER or BER)
	Digests map[crypto.Hash][]byte // digests of the covered bytes in their canonical CRLF form (RFC 8551 §3.1.1)
	From    string                 // the one address of the envelope's From, lower case; the signer must be this address

	// Received is a time that we trust (IMAP INTERNALDATE or our own intake).
	// Zero when there is none: then the message's own time stands alone, and a
	// reason says so.
	Received time.Time
	// Claimed is the message's own legal time (daticert.xml data), zero when it
	// has none: then signingTime stands for it.
	Claimed time.Time
}

// Verifier judges a detached signature. *Anchors does it in this process,
// package isolate in a child that may die.
type Verifier interface {
	Verify(ctx context.Context, s Signed) Verdict
}

// Identity is a certificate with its key and the certificates that lead to
// (and do not include) its anchor: what a provider signs with.
type Identity struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	Chain       []*x509.Certificate
}
