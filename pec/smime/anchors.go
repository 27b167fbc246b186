package smime

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// embedded are the public certificates of the hierarchy that signs certified
// mail: Actalis Authentication Root CA and three issues of AgID CA1.
//
//go:embed anchors/*.pem
var embedded embed.FS

// Anchors are the certificates that are trusted to vouch for providers. They do
// not change once made and may be used by many goroutines at once.
type Anchors struct {
	roots         []*x509.Certificate
	intermediates []*x509.Certificate
	lists         []*x509.RevocationList

	mu    sync.Mutex
	known map[[sha256.Size]byte]*credentials
}

// NewAnchors trusts the self-signed among certs; the others only help to build
// chains. When none is self-signed, all certificate authorities among them are
// trusted as they stand.
func NewAnchors(certs ...*x509.Certificate) *Anchors {
	a := &Anchors{known: map[[sha256.Size]byte]*credentials{}}
	for _, c := range certs {
		if selfSigned(c) {
			a.roots = append(a.roots, c)
		} else {
			a.intermediates = append(a.intermediates, c)
		}
	}
	if len(a.roots) == 0 {
		notAuthority := func(c *x509.Certificate) bool { return !c.IsCA }
		a.roots = slices.DeleteFunc(slices.Clone(a.intermediates), notAuthority)
	}
	return a
}

// Roots are the certificates that are trusted to vouch for providers.
func (a *Anchors) Roots() []*x509.Certificate { return slices.Clone(a.roots) }

// DefaultAnchors trusts the hierarchy of Italian certified mail, embedded in
// the program. Make it once and share it: it remembers the chains it has checked.
func DefaultAnchors() *Anchors {
	a, err := load(embedded, "anchors")
	if err != nil {
		panic("smime: embedded anchors: " + err.Error()) //nolint:forbidigo // fixed when the program is built, and tested
	}
	return a
}

// LoadAnchors trusts the certificates in a folder (.pem, .crt, .cer, .der)
// instead of the embedded ones, by the rule of NewAnchors, and reads the
// revocation lists beside them (.crl, .pem). Other files are passed over.
func LoadAnchors(dir string) (*Anchors, error) {
	a, err := load(os.DirFS(dir), ".")
	if err != nil {
		return nil, fmt.Errorf("trust folder %s: %w", dir, err)
	}
	return a, nil
}

func load(files fs.FS, dir string) (*Anchors, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	var found material
	for _, e := range entries {
		if e.IsDir() || !readable(e.Name()) {
			continue
		}
		data, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err == nil {
			err = found.read(data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	a := NewAnchors(found.certs...)
	if len(a.roots) == 0 {
		return nil, errors.New("it holds no certificate authority: put the root certificate there as a .pem file")
	}
	a.lists = found.lists
	return a, a.checkLists()
}

func readable(name string) bool {
	known := []string{".pem", ".crt", ".cer", ".der", ".crl"}
	return slices.Contains(known, strings.ToLower(path.Ext(name)))
}

// material is what a trust folder holds.
type material struct {
	certs []*x509.Certificate
	lists []*x509.RevocationList
}

// read takes the certificates and revocation lists of one file, PEM or DER.
func (m *material) read(data []byte) error {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		return m.add(data)
	}
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return nil
		}
		if block.Type == "CERTIFICATE" || block.Type == "X509 CRL" {
			if err := m.add(block.Bytes); err != nil {
				return err
			}
		}
	}
}

func (m *material) add(der []byte) error {
	c, err := x509.ParseCertificate(der)
	if err == nil {
		m.certs = append(m.certs, c)
		return nil
	}
	list, listErr := x509.ParseRevocationList(der)
	if listErr != nil {
		return fmt.Errorf("not a certificate or revocation list that can be read (%w): replace or remove it", err)
	}
	m.lists = append(m.lists, list)
	return nil
}

// selfSigned tells whether c is signed with its own key, authority or not.
func selfSigned(c *x509.Certificate) bool {
	return usableKey(c) && bytes.Equal(c.RawIssuer, c.RawSubject) &&
		c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}
