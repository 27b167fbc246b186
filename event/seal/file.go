package seal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	hashesFile = "hashes"
	headsFile  = "heads"
)

// file is what a sealer writes to; tests make it fail.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

func openFile(path string) (file, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
}

// folder holds the two files of a register: hashes, as tlog.StoredHashes gives
// them, and signed heads. Beyond the last head nothing counts.
type folder struct {
	hashes, heads file
	head          Head  // the last one
	end           int64 // of heads
	torn          bool  // something may stand beyond the last head
}

func openFolder(dir string, open func(path string) (file, error), key note.Verifier) (*folder, error) {
	hashes, err := open(filepath.Join(dir, hashesFile))
	if err != nil {
		return nil, err
	}
	heads, err := open(filepath.Join(dir, headsFile))
	if err != nil {
		return nil, errors.Join(err, hashes.Close())
	}
	f := &folder{hashes: hashes, heads: heads, torn: true}
	err = syncDir(dir)
	if err == nil {
		err = f.findHead(key)
	}
	if err == nil {
		err = f.mend()
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// findHead reads all heads: each has to be signed by the key, and none smaller
// than the one before.
func (f *folder) findHead(key note.Verifier) error {
	all := newHeads(io.NewSectionReader(f.heads, 0, 1<<62), key)
	for {
		h, err := all.next()
		if err == io.EOF || errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return &Broken{Reason: fmt.Errorf("%w: number %d: %w", ErrHeads, all.place, err)}
		}
		if h.Size < f.head.Size {
			return &Broken{Event: h.Size, Reason: fmt.Errorf("%w: number %d is of fewer events than the one before", ErrHeads, all.place)}
		}
		f.head = h
	}
	f.end = all.end
	if f.head.Size == 0 {
		return nil
	}
	root, err := tlog.TreeHash(int64(f.head.Size), f)
	if err != nil || root != f.head.Root {
		return &Broken{Event: f.head.Size, Reason: errors.Join(ErrHashes, err)}
	}
	return nil
}

// mend cuts what a crash left beyond the last head.
func (f *folder) mend() error {
	if !f.torn {
		return nil
	}
	err := errors.Join(f.heads.Truncate(f.end), f.hashes.Truncate(bytesOf(f.head.Size)))
	if err != nil {
		return fmt.Errorf("cut what was not finished: %w", err)
	}
	f.torn = false
	return nil
}

// bytesOf is how long the hashes of a tree are.
func bytesOf(size int) int64 { return tlog.StoredHashCount(int64(size)) * tlog.HashSize }

// ReadHashes implements tlog.HashReader.
func (f *folder) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if _, err := f.hashes.ReadAt(hashes[i][:], x*tlog.HashSize); err != nil {
			return nil, fmt.Errorf("read hash %d: %w", x, err)
		}
	}
	return hashes, nil
}

// add writes the leaf that follows a tree of some size. It counts when a head
// covers it.
func (f *folder) add(size int, leaf tlog.Hash) error {
	f.torn = true
	stored, err := tlog.StoredHashesForRecordHash(int64(size), leaf, f)
	if err != nil {
		return err
	}
	b := make([]byte, 0, len(stored)*tlog.HashSize)
	for _, h := range stored {
		b = append(b, h[:]...)
	}
	_, err = f.hashes.WriteAt(b, bytesOf(size))
	return err
}

// commit makes the hashes durable, then the head that covers them.
func (f *folder) commit(h Head, key note.Signer) error {
	signed, err := h.sign(key)
	if err != nil {
		return err
	}
	if err := f.hashes.Sync(); err != nil {
		return fmt.Errorf("make hashes durable: %w", err)
	}
	if _, err := f.heads.WriteAt(signed, f.end); err != nil {
		return fmt.Errorf("write a head: %w", err)
	}
	if err := f.heads.Sync(); err != nil {
		return fmt.Errorf("make a head durable: %w", err)
	}
	f.head, f.end, f.torn = h, f.end+int64(len(signed)), false
	return nil
}

func (f *folder) close() error { return errors.Join(f.hashes.Close(), f.heads.Close()) }
