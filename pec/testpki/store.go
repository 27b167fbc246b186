package testpki

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/smista/smista/pec/smime"
)

// File names in a saved hierarchy: NAME.pem holds the certificate, NAME.key the
// key; a provider's NAME is its domain after the prefix.
const (
	rootName         = "root"
	intermediateName = "intermediate"
	providerPrefix   = "provider-"
)

// SaveTrust writes the certificates that others need to trust this hierarchy
// into dir, which is made when missing: a folder for smime.LoadAnchors.
func (h *Hierarchy) SaveTrust(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, c := range map[string]*x509.Certificate{rootName: h.Root(), intermediateName: h.Intermediate()} {
		if err := writePEM(filepath.Join(dir, name+".pem"), 0o644, "CERTIFICATE", c.Raw); err != nil {
			return err
		}
	}
	return nil
}

// Save writes the whole hierarchy into dir, keys readable by the owner only, so
// that a restart keeps the trust. The root comes last: a folder with a root is whole.
func (h *Hierarchy) Save(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for domain, id := range h.providers {
		if !filepath.IsLocal(domain) || strings.ContainsAny(domain, `/\`) {
			return fmt.Errorf("save the test hierarchy: %q is not a domain", domain)
		}
		if err := saveIdentity(dir, providerPrefix+domain, id); err != nil {
			return err
		}
	}
	if err := saveIdentity(dir, intermediateName, h.intermediate); err != nil {
		return err
	}
	return saveIdentity(dir, rootName, h.root)
}

func saveIdentity(dir, name string, id *smime.Identity) error {
	key, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		return fmt.Errorf("save the key of %s: %w", name, err)
	}
	if err := writePEM(filepath.Join(dir, name+".key"), 0o600, "PRIVATE KEY", key); err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, name+".pem"), 0o644, "CERTIFICATE", id.Certificate.Raw)
}

func writePEM(path string, mode os.FileMode, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}

// Load reads a hierarchy that Save wrote. The error is fs.ErrNotExist when dir
// holds none.
func Load(dir string) (*Hierarchy, error) {
	h := &Hierarchy{providers: map[string]*smime.Identity{}}
	var err error
	if h.root, err = loadIdentity(filepath.Join(dir, rootName), nil); err != nil {
		return nil, err
	}
	if h.intermediate, err = loadIdentity(filepath.Join(dir, intermediateName), nil); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name, isCertificate := strings.CutSuffix(f.Name(), ".pem")
		domain, isProvider := strings.CutPrefix(name, providerPrefix)
		if !isCertificate || !isProvider {
			continue
		}
		if h.providers[domain], err = loadIdentity(filepath.Join(dir, name), chainOf(h.intermediate)); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func loadIdentity(path string, chain []*x509.Certificate) (*smime.Identity, error) {
	certificate, err := readPEM(path + ".pem")
	if err != nil {
		return nil, err
	}
	key, err := readPEM(path + ".key")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, fmt.Errorf("%s.pem: %w", path, err)
	}
	k, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("%s.key: cannot be read as a PKCS #8 key", path)
	}
	private, ok := k.(*rsa.PrivateKey)
	if !ok || !private.PublicKey.Equal(c.PublicKey) {
		return nil, fmt.Errorf("%s.key: is not the key of the certificate beside it", path)
	}
	return &smime.Identity{Certificate: c, Key: private, Chain: chain}, nil
}

func readPEM(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s: not a PEM file", path)
	}
	return block.Bytes, nil
}
