package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Dir is a Store in a folder of a local file system: ab/cd/abcd…, each file
// read-only. Several processes may use one folder at the same time.
//
// Put writes to tmp/ in the same file system, syncs the file, renames it, and
// syncs every folder on the way, so that a name that exists is always whole.
type Dir struct {
	root string

	mu      sync.Mutex
	durable map[string]bool // folders whose own entry was synced by this process
}

var _ Store = (*Dir)(nil)

const (
	tmpFolder  = "tmp"
	copyBuffer = 256 << 10
)

// OpenDir opens the archive in a folder, making it when it does not exist, and
// removes what an interrupted Put left in tmp/.
func OpenDir(root string) (*Dir, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open the archive: %w", err)
	}
	d := &Dir{root: root, durable: map[string]bool{filepath.Dir(root): true}}
	tmp := filepath.Join(root, tmpFolder)
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, fmt.Errorf("make the archive's folder: %w", err)
	}
	if err := d.settle(tmp); err != nil {
		return nil, err
	}
	return d, d.sweep()
}

// sweep removes the temporary files that no living process holds.
func (d *Dir) sweep() error {
	tmp := filepath.Join(d.root, tmpFolder)
	entries, err := os.ReadDir(tmp)
	if err != nil {
		return fmt.Errorf("clean the archive's folder for temporary files: %w", err)
	}
	for _, e := range entries {
		path := filepath.Join(tmp, e.Name())
		if !e.Type().IsRegular() || !abandoned(path) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clean the archive's folder for temporary files: %w", err)
		}
	}
	return nil
}

// Put implements Store. What is already there is compared by size and left alone.
func (d *Dir) Put(ctx context.Context, r io.Reader) (Digest, int64, error) {
	s, err := Stage(ctx, filepath.Join(d.root, tmpFolder), r)
	if err != nil {
		return "", 0, err
	}
	defer s.Close()
	if err := d.keep(s); err != nil {
		return "", 0, fmt.Errorf("archive %s: %w", s.Digest, err)
	}
	return s.Digest, s.Size, nil
}

func (d *Dir) keep(s *Staged) error {
	if err := s.File.Chmod(0o400); err != nil {
		return err
	}
	if err := s.File.Sync(); err != nil {
		return err
	}
	path := d.path(s.Digest)
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.Size() != s.Size:
		return fmt.Errorf("%w (%d bytes instead of %d)", ErrCorrupt, info.Size(), s.Size)
	case errors.Is(err, fs.ErrNotExist):
		if err := os.Rename(s.File.Name(), path); err != nil {
			return err
		}
		s.kept = true
	case err != nil:
		return err
	}
	if err := d.settle(folder); err != nil {
		return err
	}
	return syncFolder(folder)
}

// settle makes the entries of folder and of its parents survive a power cut.
// Another Put may have made them a moment ago and not synced yet, so each is
// synced once by this process whoever made it.
func (d *Dir) settle(folder string) error {
	d.mu.Lock()
	known := d.durable[folder]
	d.mu.Unlock()
	if known {
		return nil
	}
	parent := filepath.Dir(folder)
	if err := d.settle(parent); err != nil {
		return err
	}
	if err := syncFolder(parent); err != nil {
		return err
	}
	d.mu.Lock()
	d.durable[folder] = true
	d.mu.Unlock()
	return nil
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync the folder %s: %w", path, err)
	}
	return nil
}

// Open implements Store: it reads the whole file once to check the digest (from
// the page cache, as a rule) and then gives the same open file.
func (d *Dir) Open(ctx context.Context, digest Digest) (Blob, error) {
	if err := digest.check(); err != nil {
		return nil, err
	}
	f, err := os.Open(d.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("original %s: %w", digest, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open the original %s: %w", digest, err)
	}
	size, err := verify(ctx, f, digest)
	if err != nil {
		f.Close()
		return nil, err
	}
	return file{f, size}, nil
}

// Verify reads an original and compares it with its digest.
func (d *Dir) Verify(ctx context.Context, digest Digest) error {
	b, err := d.Open(ctx, digest)
	if err != nil {
		return err
	}
	return b.Close()
}

func (d *Dir) path(digest Digest) string {
	return filepath.Join(d.root, filepath.FromSlash(digest.Key()))
}

func verify(ctx context.Context, r io.Reader, want Digest) (int64, error) {
	h := sha256.New()
	n, err := copyAll(ctx, h, r)
	if err != nil {
		return n, fmt.Errorf("read the original %s: %w", want, err)
	}
	if got := Digest(hex.EncodeToString(h.Sum(nil))); got != want {
		return n, fmt.Errorf("original %s: %w (they have %s)", want, ErrCorrupt, got)
	}
	return n, nil
}

// file is a Blob over a local file; ReadAt does not depend on its position.
type file struct {
	*os.File
	size int64
}

func (f file) Size() int64 { return f.size }
