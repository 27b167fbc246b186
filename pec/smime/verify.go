package smime

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// skew is how far a provider's clock may be ahead of ours.
	skew = 15 * time.Minute
	// apart is how far signingTime and the certified time may differ unremarked.
	apart = 24 * time.Hour
)

// Verify judges a detached signature by the policy of the package comment. It
// never touches the network and runs in bounded time and memory.
func (a *Anchors) Verify(_ context.Context, s Signed) Verdict {
	v := Verdict{Status: Valid, Revocation: "unchecked"}
	sig, f := parse(s.P7S)
	if sig != nil {
		v.Digest, v.Time = digestName(sig.digest), sig.signingTime
	}
	if f != nil {
		v.fail(Unverifiable, Reason(*f))
		return v
	}
	c := a.identify(sig)
	if c.signer == nil {
		v.add(Unverifiable, "no-certificate", "The signer's certificate does not come with the signature or cannot be read.")
		return v
	}
	v.Signer, v.Issuer = signerName(c.signer), issuerName(c.signer)
	if checkContent(&v, sig, s.Digests) && checkSignature(&v, sig, c.signer) {
		a.checkTrust(&v, c, newTimes(sig, s))
		checkAddress(&v, c, s.From)
	}
	return v
}

// fail adds a reason and lowers the status, unless it is worse already.
func (v *Verdict) fail(status Status, r Reason) {
	order := []Status{Valid, Expired, Untrusted, Altered, Unverifiable}
	if slices.Index(order, status) > slices.Index(order, v.Status) {
		v.Status = status
	}
	v.Reasons = append(v.Reasons, r)
}

// add is fail with the reason's code and detail; Valid leaves the status as it is.
func (v *Verdict) add(status Status, code, format string, args ...any) {
	v.fail(status, Reason{Code: code, Detail: fmt.Sprintf(format, args...)})
}

// checkContent compares the digest that was signed with that of the message.
func checkContent(v *Verdict, sig *signature, digests map[crypto.Hash][]byte) bool {
	given := digests[sig.digest]
	if len(given) != sig.digest.Size() {
		v.Missing = sig.digest
		v.add(Unverifiable, "digest-needed", "The signature uses %s and the message's digest by it was not given.", v.Digest)
		return false
	}
	if !bytes.Equal(given, sig.messageDigest) {
		v.add(Altered, "digest-mismatch", "The message is not the one that was signed.")
		return false
	}
	return true
}

// checkSignature checks the signature value over the signed attributes.
func checkSignature(v *Verdict, sig *signature, signer *x509.Certificate) bool {
	if !usableKey(signer) || !fits(signer.PublicKey, sig.algorithm) {
		v.add(Unverifiable, "unsupported-key", "The signer's key is of a kind or size that is not supported, or does not fit the signature algorithm.")
		return false
	}
	if err := signer.CheckSignature(sig.algorithm, sig.attributes, sig.value); err != nil {
		v.add(Altered, "signature-mismatch", "The signature was not made with the key of its certificate.")
		return false
	}
	if sig.digest == crypto.SHA1 {
		v.add(Valid, "sha1", "The signature uses SHA-1, which is weak today; it was usual when the message was made.")
	}
	return true
}

// fits tells whether the key is of the kind that the algorithm needs.
func fits(key any, algorithm x509.SignatureAlgorithm) bool {
	_, isRSA := key.(*rsa.PublicKey)
	_, isECDSA := key.(*ecdsa.PublicKey)
	switch algorithm {
	case x509.SHA1WithRSA, x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA:
		return isRSA
	default:
		return isECDSA
	}
}

// usableKey refuses keys that are too weak for Go or so large that checking
// them would be an attack on our CPU.
func usableKey(c *x509.Certificate) bool {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= 1024 && key.N.BitLen() <= 8192
	case *ecdsa.PublicKey:
		return true // only the NIST curves are read
	default:
		return false
	}
}

// times are the moments at which the signer must have been valid.
type times struct {
	all      []time.Time
	received time.Time
	signing  time.Time // signingTime attribute
	claimed  time.Time
}

func newTimes(sig *signature, s Signed) times {
	t := times{received: s.Received, signing: sig.signingTime, claimed: s.Claimed}
	for _, at := range []time.Time{t.signing, t.claimed, t.received} {
		if !at.IsZero() {
			t.all = append(t.all, at.UTC())
		}
	}
	if len(t.all) == 0 {
		t.all = append(t.all, time.Now().UTC())
	}
	return t
}

// last is the latest of the moments.
func (t times) last() time.Time { return slices.MaxFunc(t.all, time.Time.Compare) }

// checkTimes holds the message's own time against the one that we trust: what
// a message claims can only make the verdict worse.
func checkTimes(v *Verdict, t times) {
	if v.Time.IsZero() {
		v.Time = t.all[0]
	}
	if !t.signing.IsZero() && !t.claimed.IsZero() && t.signing.Sub(t.claimed).Abs() > apart {
		v.add(Valid, "times-differ", "The time in the signature and the certified time are more than a day apart.")
	}
	if t.received.IsZero() {
		v.add(Valid, "own-time", "The signer was checked at the time that the message itself states; no time of receipt is known.")
		return
	}
	if t.last().After(t.received.Add(skew)) {
		v.add(Untrusted, "time-after-receipt", "The message claims a time later than that of its receipt.")
	}
}

// checkTrust requires a signer made for signing mail, vouched for by a
// configured anchor, valid at every moment that counts, and not revoked.
func (a *Anchors) checkTrust(v *Verdict, c *credentials, t times) {
	checkTimes(v, t)
	if !forMail(c.signer) {
		v.add(Untrusted, "wrong-purpose", "The signer's certificate is not for signing mail.")
	}
	if len(c.chains) == 0 {
		v.add(Untrusted, "no-chain", "No configured trust anchor vouches for the signer.")
		return
	}
	chain := c.at(t.all)
	if chain == nil {
		v.add(Expired, "expired", "The signer's certificate (%s to %s) or its authority's was not valid when the message was made or received.",
			c.signer.NotBefore.UTC().Format(time.DateOnly), c.signer.NotAfter.UTC().Format(time.DateOnly))
		chain = c.chains[0]
	}
	for _, link := range chain {
		v.Chain = append(v.Chain, link.Raw)
	}
	v.Revocation = a.revocation(chain, t.last())
	if v.Revocation == "revoked" {
		v.add(Untrusted, "revoked", "The signer's certificate had been revoked when the message was made or received.")
	}
}

// forMail requires extended key usage emailProtection and, where key usages are
// listed, digitalSignature (RFC 8550 §4.4).
func forMail(c *x509.Certificate) bool {
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageEmailProtection) &&
		(c.KeyUsage == 0 || c.KeyUsage&x509.KeyUsageDigitalSignature != 0)
}

// checkAddress requires the signer to be the address in From (RFC 8550 §3).
func checkAddress(v *Verdict, c *credentials, from string) {
	same := func(address string) bool { return strings.EqualFold(address, from) }
	if from == "" || !slices.ContainsFunc(c.addresses(), same) {
		v.add(Untrusted, "signer-mismatch", "The signer is not the address that the message is from.")
	}
}

func signerName(c *x509.Certificate) string {
	if len(c.EmailAddresses) > 0 {
		return printable(c.EmailAddresses[0])
	}
	return printable(c.Subject.CommonName)
}

func issuerName(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" {
		return printable(c.Issuer.CommonName)
	}
	return printable(c.Issuer.String())
}

// printable leaves out what could deceive on a screen: anybody can issue a
// certificate with any name.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
}

// digestName is the name of a digest algorithm as verdicts spell it.
func digestName(h crypto.Hash) string {
	switch h {
	case crypto.SHA1:
		return "sha1"
	case crypto.SHA256:
		return "sha256"
	case crypto.SHA384:
		return "sha384"
	case crypto.SHA512:
		return "sha512"
	default:
		return ""
	}
}
