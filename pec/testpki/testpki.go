// Package testpki makes certificate hierarchies shaped like the one of Italian
// certified mail, so that a provider can be played and every way in which a
// signature goes wrong can be tested.
//
//   - root → one intermediate that may vouch for the given domains only (name
//     constraints, like AgID CA1) → one RSA-2048 certificate per provider for
//     posta-certificata@domain, for signing mail only;
//   - nothing here is trusted by anybody who was not told to: the names say
//     "Test", and no key is the same twice;
//   - two calls of New are two hierarchies that do not trust each other.
package testpki

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/smista/smista/pec/smime"
	"golang.org/x/sync/errgroup"
)

const year = 365 * 24 * time.Hour

// Hierarchy is a root, an intermediate and the providers under it.
type Hierarchy struct {
	root, intermediate *smime.Identity
	providers          map[string]*smime.Identity // by domain
}

// New makes a hierarchy with one provider per domain, valid from a year before
// now to two years after it.
func New(now time.Time, domains ...string) (*Hierarchy, error) {
	keys, err := makeKeys(2 + len(domains))
	if err != nil {
		return nil, err
	}
	h := &Hierarchy{providers: map[string]*smime.Identity{}}
	top := authority("Test Root CA", now.Add(-5*year), now.Add(15*year))
	if h.root, err = issue(top, keys[0], nil); err != nil {
		return nil, err
	}
	middle := authority("Test AgID CA1", now.Add(-2*year), now.Add(8*year))
	middle.PermittedEmailAddresses = domains
	if h.intermediate, err = issue(middle, keys[1], h.root); err != nil {
		return nil, err
	}
	for i, domain := range domains {
		leaf, err := provider(domain, now)
		if err != nil {
			return nil, err
		}
		if h.providers[domain], err = issue(leaf, keys[2+i], h.intermediate); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// makeKeys makes RSA-2048 keys side by side: each takes a tenth of a second or more.
func makeKeys(n int) ([]*rsa.PrivateKey, error) {
	keys := make([]*rsa.PrivateKey, n)
	var g errgroup.Group
	for i := range keys {
		g.Go(func() (err error) {
			keys[i], err = rsa.GenerateKey(rand.Reader, 2048)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("make a test key: %w", err)
	}
	return keys, nil
}

func authority(name string, from, to time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{Country: []string{"IT"}, Organization: []string{"Smista test hierarchy"}, CommonName: name},
		NotBefore:             from,
		NotAfter:              to,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
}

func provider(domain string, now time.Time) (*x509.Certificate, error) {
	policy, err := x509.OIDFromInts([]uint64{1, 3, 76, 16, 3, 1, 1}) // AgID's, for signers of certified mail
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		Subject:        pkix.Name{Country: []string{"IT"}, Organization: []string{"Test provider"}, CommonName: "Posta Certificata " + domain},
		NotBefore:      now.Add(-year),
		NotAfter:       now.Add(2 * year),
		KeyUsage:       x509.KeyUsageDigitalSignature,
		ExtKeyUsage:    []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses: []string{"posta-certificata@" + domain},
		Policies:       []x509.OID{policy},
	}, nil
}

// issue signs template for key with by, or with key itself when by is nil.
func issue(template *x509.Certificate, key *rsa.PrivateKey, by *smime.Identity) (*smime.Identity, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	keyID := sha256.Sum256(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	template.SubjectKeyId = keyID[:20] // RFC 7093 §2
	id := &smime.Identity{Certificate: template, Key: key}
	parent := id
	if by != nil {
		parent = by
		id.Chain = chainOf(by)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.Certificate, key.Public(), parent.Key)
	if err != nil {
		return nil, fmt.Errorf("issue the test certificate %q: %w", template.Subject.CommonName, err)
	}
	id.Certificate, err = x509.ParseCertificate(der)
	return id, err
}

// chainOf is what a certificate needs beside it that by has issued: real providers
// send the intermediate and not the root.
func chainOf(by *smime.Identity) []*x509.Certificate {
	if bytes.Equal(by.Certificate.RawIssuer, by.Certificate.RawSubject) {
		return nil
	}
	return append([]*x509.Certificate{by.Certificate}, by.Chain...)
}

// Root is the trust anchor.
func (h *Hierarchy) Root() *x509.Certificate { return h.root.Certificate }

// Intermediate is the authority that vouches for the providers.
func (h *Hierarchy) Intermediate() *x509.Certificate { return h.intermediate.Certificate }

// Anchors trusts this hierarchy and no other.
func (h *Hierarchy) Anchors() *smime.Anchors {
	return smime.NewAnchors(h.Root(), h.Intermediate())
}

// Provider is what the provider of a domain signs with, nil for a domain that
// was not named when the hierarchy was made.
func (h *Hierarchy) Provider(domain string) *smime.Identity { return h.providers[domain] }

// Domains are those that have a provider, sorted.
func (h *Hierarchy) Domains() []string {
	var out []string
	for domain := range h.providers {
		out = append(out, domain)
	}
	slices.Sort(out)
	return out
}

// Odd issues one more certificate for the provider of a domain, with the same
// key, after change has spoilt it: its validity, its usage, its address.
func (h *Hierarchy) Odd(domain string, change func(*x509.Certificate)) (*smime.Identity, error) {
	usual := h.providers[domain]
	if usual == nil {
		return nil, fmt.Errorf("the test hierarchy has no provider for %s", domain)
	}
	key, ok := usual.Key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key of %s is not RSA", domain)
	}
	template, err := provider(domain, usual.Certificate.NotBefore.Add(year))
	if err != nil {
		return nil, err
	}
	change(template)
	return issue(template, key, h.intermediate)
}

// RevocationList is the intermediate's CRL (DER), issued at the given time, that
// revokes certs as of then.
func (h *Hierarchy) RevocationList(at time.Time, certs ...*x509.Certificate) ([]byte, error) {
	list := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.Add(year)}
	for _, c := range certs {
		entry := x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at}
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, entry)
	}
	return x509.CreateRevocationList(rand.Reader, list, h.Intermediate(), h.intermediate.Key)
}
