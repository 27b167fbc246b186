package safe

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gocloud.dev/gcerrors"
	"gocloud.dev/secrets"
	"gocloud.dev/secrets/localsecrets"
)

// key is that of a secretbox (XSalsa20 and Poly1305).
type key = [32]byte

// maxKeyFile bounds what is read of a file of a key, in bytes.
const maxKeyFile = 1 << 10

// keyring gives the keys of this moment: the first one seals, each may open.
type keyring interface {
	seals() (key, error)
	opens() ([]key, error)
}

// theKey is a key that does not change.
type theKey key

func (k theKey) seals() (key, error)   { return key(k), nil }
func (k theKey) opens() ([]key, error) { return []key{key(k)}, nil }

// localKeys are those in a file, and in the one beside it while a change of key
// is unfinished. They are read again each time: the program that runs takes up
// what a command has done.
type localKeys string

// next is the file of the key that is to be.
func (f localKeys) next() string { return string(f) + ".new" }

// seals gives the key that is to be, where there is one: it outlives the other.
// Where there is none at all it is made.
func (f localKeys) seals() (key, error) {
	keys, err := f.opens()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return key{}, err
	}
	if len(keys) == 0 {
		return makeKey(string(f))
	}
	return keys[0], nil
}

// opens looks for the key that is to be first. Should it take its place
// meanwhile, it is there.
func (f localKeys) opens() (keys []key, err error) {
	for _, path := range []string{f.next(), string(f)} {
		k, err := readKeyFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("the key file %s is missing: bring it back from the backup, or set all passwords again with smista mailbox set-password: %w",
			string(f), fs.ErrNotExist)
	}
	return keys, nil
}

// adopt puts the key that is to be into its place, in one step, and clears away
// what was left where the making of a key was broken off.
func (f localKeys) adopt() error {
	if err := os.Rename(f.next(), string(f)); err != nil {
		return err
	}
	err := syncFolder(filepath.Dir(string(f)))
	left, _ := filepath.Glob(string(f) + ".*tmp") // only a broken pattern is an error
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// readKeyFile reads a key that nobody else can read.
func readKeyFile(path string) (key, error) {
	f, err := os.Open(path)
	if err != nil {
		return key{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return key{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return key{}, fmt.Errorf("the key file %s can be read by others: chmod 600 it, then smista rekey --to new", path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return key{}, err
	}
	k, err := readKey(string(text))
	if err != nil {
		return k, fmt.Errorf("the key file %s: %w", path, err)
	}
	return k, nil
}

// makeKey writes a new key into a file that is there whole or not at all, and
// never takes the place of another: who comes second takes the first one's.
func makeKey(path string) (key, error) {
	k, err := writeKey(path)
	if errors.Is(err, fs.ErrExist) {
		return readKeyFile(path)
	}
	if err != nil {
		return key{}, fmt.Errorf("make the key file %s: %w", path, err)
	}
	return k, nil
}

func writeKey(path string) (k key, err error) {
	_, _ = rand.Read(k[:]) // never fails
	f, err := os.OpenFile(path+"."+rand.Text()+".tmp", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return key{}, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(base64.URLEncoding.EncodeToString(k[:]) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return key{}, err
	}
	if err := os.Link(f.Name(), path); err != nil { // unlike a renaming, it fails where there is one
		return key{}, err
	}
	return k, syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// keyed is a keeper (driver.Keeper) whose keys are at hand.
type keyed struct{ keyring }

// errNoneOpens says that none of the keys is the right one.
var errNoneOpens = errors.New("no key opens it")

// Encrypt implements driver.Keeper.
func (r keyed) Encrypt(ctx context.Context, plain []byte) ([]byte, error) {
	k, err := r.seals()
	if err != nil {
		return nil, err
	}
	return localsecrets.NewKeeper(k).Encrypt(ctx, plain)
}

// Decrypt implements driver.Keeper.
func (r keyed) Decrypt(ctx context.Context, sealed []byte) ([]byte, error) {
	keys, err := r.opens()
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if plain, err := localsecrets.NewKeeper(k).Decrypt(ctx, sealed); err == nil {
			return plain, nil
		}
	}
	return nil, errNoneOpens
}

// Close implements driver.Keeper.
func (keyed) Close() error { return nil }

// ErrorAs implements driver.Keeper.
func (keyed) ErrorAs(error, any) bool { return false }

// ErrorCode implements driver.Keeper.
func (keyed) ErrorCode(err error) gcerrors.ErrorCode {
	if errors.Is(err, errNoneOpens) {
		return gcerrors.InvalidArgument
	}
	return gcerrors.Unknown
}

func keeperOf(k key) *secrets.Keeper { return secrets.NewKeeper(keyed{theKey(k)}) }
