package provider

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// spool keeps message bodies in files, so that memory does not grow with them.
type spool struct {
	dir       string
	temporary bool // the folder is ours and goes with us
	seq       atomic.Int64
}

func openSpool(dir string) (*spool, error) {
	if dir != "" {
		dir = filepath.Join(dir, "bodies")
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("provider: clear the bodies of an earlier run: %w", err)
		}
		return &spool{dir: dir}, os.MkdirAll(dir, 0o700)
	}
	dir, err := os.MkdirTemp("", "smista-provider-*")
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	return &spool{dir: dir, temporary: true}, nil
}

func (s *spool) close() error {
	if s.temporary {
		return os.RemoveAll(s.dir)
	}
	return nil
}

// body is a file that never changes.
type body struct {
	path   string
	size   int64
	digest string // SHA-256, lower-case hex
}

// put stores what write writes.
func (s *spool) put(write func(io.Writer) error) (_ body, err error) {
	path := filepath.Join(s.dir, strconv.FormatInt(s.seq.Add(1), 10))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return body{}, fmt.Errorf("provider: store a message: %w", err)
	}
	defer func() {
		if cErr := f.Close(); err == nil {
			err = cErr
		}
		if err != nil {
			_ = os.Remove(path) // what is wrong is err; the folder goes with us
		}
	}()
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(f, sum)}
	buffered := bufio.NewWriterSize(counted, 32<<10)
	if err := write(buffered); err != nil {
		return body{}, err
	}
	if err := buffered.Flush(); err != nil {
		return body{}, fmt.Errorf("provider: store a message: %w", err)
	}
	return body{path: path, size: counted.n, digest: hex.EncodeToString(sum.Sum(nil))}, nil
}

func (s *spool) putReader(r io.Reader) (body, error) {
	return s.put(func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// stored is a body with the lines that the delivery put before it. Bodies are
// shared by all the boxes that a message went to.
type stored struct {
	prefix []byte
	body   body
}

func (s stored) size() int64 { return int64(len(s.prefix)) + s.body.size }

// open gives the bytes; the caller closes them.
func (s stored) open() (*content, error) {
	f, err := os.Open(s.body.path)
	if err != nil {
		return nil, fmt.Errorf("provider: read a message: %w", err)
	}
	return &content{prefix: s.prefix, file: f}, nil
}

// digest reads the whole when there is a prefix.
func (s stored) digest() (string, error) {
	if len(s.prefix) == 0 {
		return s.body.digest, nil
	}
	c, err := s.open()
	if err != nil {
		return "", err
	}
	defer c.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(c, 0, s.size())); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// content reads prefix and file as one.
type content struct {
	prefix []byte
	file   *os.File
}

func (c *content) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(c.prefix)) {
		n = copy(p, c.prefix[off:])
	}
	if n == len(p) {
		return n, nil
	}
	m, err := c.file.ReadAt(p[n:], off+int64(n)-int64(len(c.prefix)))
	return n + m, err
}

func (c *content) Close() error { return c.file.Close() }
