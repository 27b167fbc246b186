package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const (
	keyName    = "smista-register"
	secretFile = "key"
	publicFile = "key.pub"
)

// keys reads the signing key of a folder and the key that checks it; at first
// use they are made.
func keys(dir string) (note.Signer, note.Verifier, string, error) {
	path := filepath.Join(dir, secretFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = makeKeys(dir)
	} else if err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, nil, "", fmt.Errorf("%s can be read by others: chmod 600, or better begin with a new folder", path)
	}
	if err != nil {
		return nil, nil, "", fmt.Errorf("make the key of the register: %w", err)
	}
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, "", fmt.Errorf("read the key of the register: %w", err)
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(secret)))
	if err != nil {
		return nil, nil, "", fmt.Errorf("%s is no signing key", path) // never say what it holds
	}
	public, verifier, err := publicKeyOf(dir)
	if err == nil && (verifier.KeyHash() != signer.KeyHash() || verifier.Name() != signer.Name()) {
		err = fmt.Errorf("%s and %s in %s do not belong together", secretFile, publicFile, dir)
	}
	return signer, verifier, public, err
}

func publicKeyOf(dir string) (string, note.Verifier, error) {
	text, err := os.ReadFile(filepath.Join(dir, publicFile))
	if err != nil {
		return "", nil, fmt.Errorf("read the public key of the register: %w", err)
	}
	public := strings.TrimSpace(string(text))
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return "", nil, fmt.Errorf("%s in %s: %w", publicFile, dir, err)
	}
	return public, verifier, nil
}

// makeKeys writes the public key first: where a secret key stands, both do.
func makeKeys(dir string) error {
	secret, public, err := note.GenerateKey(rand.Reader, keyName)
	if err != nil {
		return err
	}
	if err := writeWhole(dir, publicFile, public, 0o644); err != nil {
		return err
	}
	return writeWhole(dir, secretFile, secret, 0o600)
}

// writeWhole leaves a file that is there whole, or not at all.
func writeWhole(dir, name, text string, mode fs.FileMode) error {
	f, err := os.CreateTemp(dir, name+".*.tmp") // 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
