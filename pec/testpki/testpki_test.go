package testpki_test

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
	"github.com/stretchr/testify/require"
)

// A hierarchy has the shape of the real one, and a restart keeps it: what the
// loaded one signs is valid for whoever trusts the folder that was saved before.
func TestSavedHierarchyKeepsItsTrust(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	made, err := testpki.New(now, "pec.uno.it", "pec.due.it")
	require.NoError(t, err)
	keys, trust := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "trust")
	require.NoError(t, made.Save(keys))
	require.NoError(t, made.SaveTrust(trust))

	loaded, err := testpki.Load(keys)
	require.NoError(t, err)
	require.Equal(t, []string{"pec.due.it", "pec.uno.it"}, loaded.Domains())
	anchors, err := smime.LoadAnchors(trust)
	require.NoError(t, err)
	for _, domain := range loaded.Domains() {
		requireRealShape(t, loaded.Provider(domain).Certificate)
		p7s, err := loaded.Provider(domain).Sign(strings.NewReader("x\r\n"), smime.SignOptions{Time: now})
		require.NoError(t, err)
		v := anchors.Verify(t.Context(), smime.Signed{P7S: p7s, Digests: digest("x\r\n"), From: "posta-certificata@" + domain, Received: now})
		require.Equal(t, smime.Valid, v.Status, v.Reasons)
	}
}

func requireRealShape(t *testing.T, c *x509.Certificate) {
	t.Helper()
	require.Equal(t, []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, c.ExtKeyUsage)
	require.Equal(t, x509.KeyUsageDigitalSignature, c.KeyUsage)
	require.Equal(t, "1.3.76.16.3.1.1", c.Policies[0].String())
	require.Contains(t, c.EmailAddresses[0], "posta-certificata@")
}

// Keys are for their owner only, and a trust folder holds none.
func TestKeysStayPrivate(t *testing.T) {
	t.Parallel()
	h, err := testpki.New(time.Now(), "pec.uno.it")
	require.NoError(t, err)
	keys, trust := t.TempDir(), t.TempDir()
	require.NoError(t, h.Save(keys))
	require.NoError(t, h.SaveTrust(trust))
	entries, err := os.ReadDir(keys)
	require.NoError(t, err)
	require.Len(t, entries, 6)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		if filepath.Ext(e.Name()) == ".key" {
			require.Equal(t, fs.FileMode(0o600), info.Mode(), e.Name())
		}
	}
	found, err := filepath.Glob(filepath.Join(trust, "*.key"))
	require.NoError(t, err)
	require.Empty(t, found)
}

// The intermediate may not vouch for a domain that it was not made for.
func TestIntermediateIsBoundToItsDomains(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h, err := testpki.New(now, "pec.uno.it")
	require.NoError(t, err)
	id, err := h.Odd("pec.uno.it", func(c *x509.Certificate) { c.EmailAddresses = []string{"posta-certificata@pec.altri.it"} })
	require.NoError(t, err)
	p7s, err := id.Sign(strings.NewReader("x\r\n"), smime.SignOptions{Time: now})
	require.NoError(t, err)
	v := h.Anchors().Verify(t.Context(), smime.Signed{P7S: p7s, Digests: digest("x\r\n"), From: "posta-certificata@pec.altri.it", Received: now})
	require.Equal(t, smime.Untrusted, v.Status, v.Reasons)
}

// Without a saved hierarchy the caller can tell, and makes one.
func TestLoadWithoutAHierarchy(t *testing.T) {
	t.Parallel()
	_, err := testpki.Load(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func digest(s string) map[crypto.Hash][]byte {
	sum := sha256.Sum256([]byte(s))
	return map[crypto.Hash][]byte{crypto.SHA256: sum[:]}
}
