package smime

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"
)

// maxCached bounds the signers whose chains are remembered. All of Italy has
// about twenty providers; when the bound is reached all is forgotten.
const maxCached = 256

// credentials are the certificates of one signer and the chains from it to the
// anchors: what does not depend on the message, and so can be remembered.
type credentials struct {
	signer *x509.Certificate
	chains [][]*x509.Certificate
}

// identify finds the signer's certificate and its chains.
func (a *Anchors) identify(sig *signature) *credentials {
	key := sha256.Sum256(tlv(tagSequence, tlv(tagSequence, sig.signerID), sig.certificates))
	a.mu.Lock()
	c := a.known[key]
	a.mu.Unlock()
	if c != nil {
		return c
	}
	c = &credentials{}
	var others []*x509.Certificate
	if c.signer, others = sig.readCertificates(); c.signer != nil {
		c.chains = a.build(c.signer, others)
	}
	if len(c.chains) > 0 { // a stranger cannot fill the memory: only vouched signers are kept
		a.remember(key, c)
	}
	return c
}

func (a *Anchors) remember(key [sha256.Size]byte, c *credentials) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.known) >= maxCached {
		clear(a.known)
	}
	a.known[key] = c
}

// build gives the chains from signer to an anchor that hold at the start, the
// middle or the end of the signer's validity. The times of the message are held
// against them later.
func (a *Anchors) build(signer *x509.Certificate, others []*x509.Certificate) [][]*x509.Certificate {
	if !usableKey(signer) {
		return nil
	}
	o := x509.VerifyOptions{
		Roots:         pool(a.roots),
		Intermediates: pool(append(others, a.intermediates...)),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	middle := signer.NotBefore.Add(signer.NotAfter.Sub(signer.NotBefore) / 2)
	var chains [][]*x509.Certificate
	for _, at := range []time.Time{signer.NotBefore, middle, signer.NotAfter} {
		o.CurrentTime = at
		if found, err := signer.Verify(o); err == nil {
			chains = append(chains, found...)
		}
	}
	return chains
}

// pool collects the certificates whose keys are usable.
func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		if usableKey(c) {
			p.AddCert(c)
		}
	}
	return p
}

// at gives the chain that holds at every moment, and at the first one when
// they need several; nil when there is a moment at which none holds.
func (c *credentials) at(moments []time.Time) []*x509.Certificate {
	var first []*x509.Certificate
	for i, t := range moments {
		holds := func(chain []*x509.Certificate) bool { return validAt(chain, t) }
		found := slices.IndexFunc(c.chains, holds)
		if found < 0 {
			return nil
		}
		if i == 0 {
			first = c.chains[found]
		}
	}
	return first
}

func validAt(chain []*x509.Certificate, t time.Time) bool {
	return !slices.ContainsFunc(chain, func(c *x509.Certificate) bool {
		return t.Before(c.NotBefore) || t.After(c.NotAfter)
	})
}

// addresses are those that the signer may sign for: the rfc822Names of its
// subjectAltName or, when it has none, the emailAddress of its subject. The
// latter only under authorities without limits on addresses, because Go does
// not hold subjects against name constraints.
func (c *credentials) addresses() []string {
	if len(c.signer.EmailAddresses) > 0 || slices.ContainsFunc(c.chains, limited) {
		return c.signer.EmailAddresses
	}
	email := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
	var out []string
	for _, name := range c.signer.Subject.Names {
		if text, ok := name.Value.(string); ok && name.Type.Equal(email) {
			out = append(out, text)
		}
	}
	return out
}

// limited tells whether an authority of the chain has limits on mail addresses.
func limited(chain []*x509.Certificate) bool {
	return slices.ContainsFunc(chain, func(c *x509.Certificate) bool {
		return len(c.PermittedEmailAddresses) > 0 || len(c.ExcludedEmailAddresses) > 0
	})
}

// checkLists requires each revocation list to be signed by an authority of the
// folder: one that is not would be passed over in silence.
func (a *Anchors) checkLists() error {
	for _, list := range a.lists {
		signed := func(c *x509.Certificate) bool {
			return bytes.Equal(c.RawSubject, list.RawIssuer) && list.CheckSignatureFrom(c) == nil
		}
		if !slices.ContainsFunc(slices.Concat(a.roots, a.intermediates), signed) {
			return fmt.Errorf("the revocation list of %q is not signed by an authority of this folder: add its certificate or remove the list", list.Issuer)
		}
	}
	return nil
}

// revocation tells whether a certificate of the chain had been revoked by then:
// "good" and "unchecked" are about the signer.
func (a *Anchors) revocation(chain []*x509.Certificate, by time.Time) string {
	status := "unchecked"
	for i, c := range chain {
		for _, list := range a.lists {
			if !bytes.Equal(list.RawIssuer, c.RawIssuer) {
				continue
			}
			if revokedBy(list, c, by) {
				return "revoked"
			}
			// A list may leave out certificates that had expired before it.
			if i == 0 && !by.After(list.NextUpdate) && !list.ThisUpdate.After(c.NotAfter) {
				status = "good"
			}
		}
	}
	return status
}

func revokedBy(list *x509.RevocationList, c *x509.Certificate, by time.Time) bool {
	return slices.ContainsFunc(list.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool {
		return e.SerialNumber.Cmp(c.SerialNumber) == 0 && !e.RevocationTime.After(by)
	})
}
