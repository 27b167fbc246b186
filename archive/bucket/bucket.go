// Package bucket keeps originals in an object store: S3 and what speaks like
// it, through gocloud.dev/blob. It stands apart from archive so that only
// programs that want it link the clouds' libraries.
package bucket

import (
	"context"
	"fmt"
	"io"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"github.com/smista/smista/archive"
)

// Bucket is an archive.Store in an object store, under the same names as in an
// archive.Dir. Bytes pass through a local file both ways: before they are sent
// their digest must be known, and before they are handed out it must be checked.
type Bucket struct {
	bucket  *blob.Bucket
	staging string
}

var _ archive.Store = (*Bucket)(nil)

// Open opens a bucket by its address, such as s3://name?region=eu-south-1, see
// https://gocloud.dev/howto/blob/#s3. Staging is a local folder for temporary
// files; empty means the system's.
func Open(ctx context.Context, address, staging string) (*Bucket, error) {
	b, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("open the archive's bucket: %w", err)
	}
	return &Bucket{bucket: b, staging: staging}, nil
}

// Close releases the connections.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Put implements archive.Store. The object store acknowledges only what is durable.
func (b *Bucket) Put(ctx context.Context, r io.Reader) (archive.Digest, int64, error) {
	s, err := archive.Stage(ctx, b.staging, r)
	if err != nil {
		return "", 0, err
	}
	defer s.Close()
	if err := b.keep(ctx, s); err != nil {
		return "", 0, fmt.Errorf("archive %s: %w", s.Digest, err)
	}
	return s.Digest, s.Size, nil
}

func (b *Bucket) keep(ctx context.Context, s *archive.Staged) error {
	switch there, err := b.bucket.Attributes(ctx, s.Digest.Key()); {
	case err == nil && there.Size == s.Size:
		return nil
	case err == nil:
		return fmt.Errorf("%w (%d bytes instead of %d)", archive.ErrCorrupt, there.Size, s.Size)
	case gcerrors.Code(err) != gcerrors.NotFound:
		return err
	}
	if _, err := s.File.Seek(0, io.SeekStart); err != nil {
		return err
	}
	// The name is the content's digest: who writes it twice writes the same.
	return b.bucket.Upload(ctx, s.Digest.Key(), s.File, &blob.WriterOptions{ContentType: "message/rfc822"})
}

// Open implements archive.Store: it copies the object to a local temporary
// file, checking it on the way, which lasts until Close.
func (b *Bucket) Open(ctx context.Context, d archive.Digest) (archive.Blob, error) {
	if !d.Valid() {
		return nil, fmt.Errorf("original %.80q: %w", string(d), archive.ErrNotFound)
	}
	r, err := b.bucket.NewReader(ctx, d.Key(), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("original %s: %w", d, archive.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open the original %s: %w", d, err)
	}
	defer r.Close()
	s, err := archive.Stage(ctx, b.staging, r)
	if err != nil {
		return nil, fmt.Errorf("read the original %s: %w", d, err)
	}
	if s.Digest != d {
		s.Close()
		return nil, fmt.Errorf("original %s: %w", d, archive.ErrCorrupt)
	}
	return local{s}, nil
}

// local is a Blob over a staged file.
type local struct{ s *archive.Staged }

func (l local) ReadAt(p []byte, off int64) (int, error) { return l.s.File.ReadAt(p, off) }
func (l local) Size() int64                             { return l.s.Size }
func (l local) Close() error                            { return l.s.Close() }
