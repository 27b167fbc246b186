package envelope

import (
	"bytes"
	"io"
)

// lineWriter breaks an endless line (base64) every 76 characters.
type lineWriter struct {
	w io.Writer
	n int // characters on the current line
}

func (l *lineWriter) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		if l.n == line {
			if _, err := io.WriteString(l.w, "\r\n"); err != nil {
				return done, err
			}
			l.n = 0
		}
		k := min(line-l.n, len(p)-done)
		if _, err := l.w.Write(p[done : done+k]); err != nil {
			return done, err
		}
		done, l.n = done+k, l.n+k
	}
	return done, nil
}

// crlfWriter ends every line with CRLF (RFC 8551 §3.1.1), whatever the original
// ended it with; a lone CR in a line becomes a line end too.
type crlfWriter struct {
	w   io.Writer
	cr  bool // the last byte was a CR, already written as a line end
	buf []byte
}

func (c *crlfWriter) Write(p []byte) (int, error) {
	out := c.buf[:0]
	for _, b := range p {
		switch {
		case b == '\n' && c.cr:
			c.cr = false
		case b == '\n' || b == '\r':
			out = append(out, '\r', '\n')
			c.cr = b == '\r'
		default:
			out = append(out, b)
			c.cr = false
		}
	}
	c.buf = out
	if _, err := c.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lfWriter keeps LF of every CRLF.
type lfWriter struct{ w io.Writer }

func (l *lfWriter) Write(p []byte) (int, error) {
	if _, err := l.w.Write(bytes.ReplaceAll(p, []byte("\r"), nil)); err != nil {
		return 0, err
	}
	return len(p), nil
}
