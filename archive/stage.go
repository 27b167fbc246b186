package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// Staged is a local temporary file with the digest of its bytes: what a Store
// needs before it knows the name.
type Staged struct {
	File   *os.File
	Digest Digest
	Size   int64

	kept bool // it has its final name
}

// Stage writes all of r to a new temporary file in dir (the system's when
// empty). On an error of r, of the disk or of ctx nothing is left.
func Stage(ctx context.Context, dir string, r io.Reader) (*Staged, error) {
	f, err := os.CreateTemp(dir, "put-*")
	if err != nil {
		return nil, fmt.Errorf("stage for the archive: %w", err)
	}
	s := &Staged{File: f}
	if err := s.fill(ctx, r); err != nil {
		s.Close()
		return nil, fmt.Errorf("stage for the archive, after %d bytes: %w", s.Size, err)
	}
	return s, nil
}

func (s *Staged) fill(ctx context.Context, r io.Reader) error {
	if err := claim(s.File); err != nil {
		return err
	}
	h := sha256.New()
	n, err := copyAll(ctx, io.MultiWriter(s.File, h), r)
	s.Size, s.Digest = n, Digest(hex.EncodeToString(h.Sum(nil)))
	return err
}

// Close closes the file, and removes it where it still has its temporary name.
func (s *Staged) Close() error {
	err := s.File.Close()
	if !s.kept {
		err = errors.Join(err, os.Remove(s.File.Name()))
	}
	return err
}

// Key is the name of a blob in a store: two levels of folders, then the digest.
func (d Digest) Key() string {
	return string(d[:2]) + "/" + string(d[2:4]) + "/" + string(d)
}

// copyAll copies until io.EOF or until ctx ends.
func copyAll(ctx context.Context, w io.Writer, r io.Reader) (int64, error) {
	// The plain struct hides WriteTo and ReadFrom, which would not look at ctx.
	return io.CopyBuffer(struct{ io.Writer }{w}, heedful{ctx, r}, make([]byte, copyBuffer))
}

// heedful stops reading when its context ends.
type heedful struct {
	ctx context.Context
	r   io.Reader
}

func (h heedful) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, context.Cause(h.ctx)
	}
	return h.r.Read(p)
}
