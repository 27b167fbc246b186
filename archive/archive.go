// Package archive keeps original bytes for ever, each under its digest.
//
//   - What was put stays as it is: nothing here changes or deletes.
//   - When Put returns, the bytes survive a power cut.
//   - Open checks the digest before it hands out a byte.
package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Digest names a blob: the lower-case hex SHA-256 of its bytes.
type Digest string

// Store keeps blobs by what they are.
type Store interface {
	// Put keeps all that r yields, until io.EOF. Any other error of r leaves
	// nothing behind and is returned, wrapped. The same bytes twice are one blob.
	Put(ctx context.Context, r io.Reader) (Digest, int64, error)
	// Open gives a blob whose bytes were just checked against the digest.
	// The errors to act upon are ErrNotFound and ErrCorrupt.
	Open(ctx context.Context, d Digest) (Blob, error)
}

// Blob is an opened original.
type Blob interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

var (
	// ErrNotFound means that no blob has this digest.
	ErrNotFound = errors.New("not in the archive")
	// ErrCorrupt means that the stored bytes no longer have this digest: a disk
	// or a hand changed them. Restore the blob from a copy; Put of the right
	// bytes does not overwrite it.
	ErrCorrupt = errors.New("the archived bytes do not match their digest: restore this original from a backup")
)

// Valid tells whether d is 64 lower-case hex digits.
func (d Digest) Valid() bool {
	if len(d) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for i := range len(d) {
		if c := d[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// check is ErrNotFound for what cannot be a digest, since it may come from outside.
func (d Digest) check() error {
	if d.Valid() {
		return nil
	}
	return fmt.Errorf("%w: %.80q is not a SHA-256 in lower-case hex", ErrNotFound, string(d))
}
