package pec

import (
	"bytes"
	"crypto"
	"errors"
	"hash"
	"io"
	"strings"

	// The digests a PEC signature may use (RFC 8551 §2.1; SHA-1 until 2024).
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
)

// canonical feeds a digest with bytes in canonical form: each line end CRLF
// (RFC 8551 §3.1.1). A block must not end between CR and LF.
type canonical struct{ hash.Hash }

// block adds bytes; bare says that there may be a bare LF among them.
func (c canonical) block(p []byte, bare bool) {
	if !bare {
		c.Write(p)
		return
	}
	const room = 4 << 10 // short lines are digested together
	out := make([]byte, 0, room)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			break
		}
		l := bytes.TrimSuffix(p[:i], []byte{'\r'})
		p = p[i+1:]
		if len(out)+len(l)+2 > room {
			c.Write(out)
			out = out[:0]
		}
		if len(l)+2 > room {
			c.Write(l)
			l = nil
		}
		out = append(append(out, l...), '\r', '\n')
	}
	c.Write(out)
	c.Write(p)
}

// digestRange reads a range of src a second time, for a digest that was not
// taken in passing.
func digestRange(src io.ReaderAt, start, end int64, h crypto.Hash) ([]byte, error) {
	c, at := canonical{h.New()}, start
	buffer := make([]byte, 32<<10)
	for at < end {
		n, err := src.ReadAt(buffer[:min(int64(len(buffer)), end-at)], at)
		if n == 0 {
			return nil, errors.Join(io.ErrUnexpectedEOF, err)
		}
		p := buffer[:n]
		if at+int64(n) < end && n > 1 {
			p = bytes.TrimSuffix(p, []byte{'\r'})
		}
		c.block(p, true)
		at += int64(len(p))
	}
	return c.Sum(nil), nil
}

// hashHint reads the micalg parameter (RFC 8551 §3.5.3.2), which is a hint
// only: the signature itself says which digest it uses.
func hashHint(micalg string) crypto.Hash {
	first, _, _ := strings.Cut(micalg, ",")
	switch strings.ReplaceAll(strings.ToLower(strings.TrimSpace(first)), "-", "") {
	case "sha1":
		return crypto.SHA1
	case "sha384":
		return crypto.SHA384
	case "sha512":
		return crypto.SHA512
	}
	return crypto.SHA256
}
