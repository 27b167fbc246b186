package pec

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
)

// encoding is a Content-Transfer-Encoding (RFC 2045 §6).
type encoding uint8

const (
	identity encoding = iota // 7bit, 8bit, binary, or none
	base64Encoding
	quotedPrintable
	unknownEncoding // taken as it stands
)

func parseEncoding(text string) encoding {
	switch strings.ToLower(text) {
	case "", "7bit", "8bit", "binary":
		return identity
	case "base64":
		return base64Encoding
	case "quoted-printable":
		return quotedPrintable
	}
	return unknownEncoding
}

func (e encoding) String() string {
	return [...]string{"identity", "base64", "quoted-printable", "unknown"}[e]
}

// decoder takes encoded bytes in pieces of any size and hands decoded ones on.
// It never fails: what cannot be decoded is left out, and faulty says so.
type decoder interface {
	write(p []byte)
	finish() (faulty bool)
}

func (e encoding) decoder(sink func([]byte)) decoder {
	switch e {
	case base64Encoding:
		return newBase64Decoder(sink)
	case quotedPrintable:
		return &qpDecoder{sink: sink, out: make([]byte, 0, 4<<10)}
	default:
		return plainDecoder(sink)
	}
}

type plainDecoder func([]byte)

func (d plainDecoder) write(p []byte) { d(p) }
func (d plainDecoder) finish() bool   { return false }

// base64Decoder gathers the lines of a block without their ends and decodes
// them together: most lines are equally long, which spares looking for the end.
type base64Decoder struct {
	sink    func([]byte)
	in, out []byte
	length  int  // of the last line
	ended   bool // padding came: what follows is left out
	faulty  bool
}

func newBase64Decoder(sink func([]byte)) *base64Decoder {
	return &base64Decoder{sink: sink, in: make([]byte, 0, 16<<10), out: make([]byte, 12<<10)}
}

// reset makes d ready for another part.
func (d *base64Decoder) reset() {
	*d = base64Decoder{sink: d.sink, in: d.in[:0], out: d.out}
}

func (d *base64Decoder) write(p []byte) {
	for len(p) > 0 && !d.ended {
		l, rest := d.cut(p)
		for len(l) > 0 {
			n := min(len(l), cap(d.in)-len(d.in))
			d.in = append(d.in, l[:n]...)
			if l = l[n:]; len(d.in) == cap(d.in) {
				d.decode()
			}
		}
		p = rest
	}
	d.faulty = d.faulty || d.ended && len(bytes.TrimSpace(p)) > 0
}

// cut takes the first line off p.
func (d *base64Decoder) cut(p []byte) (l, rest []byte) {
	if n := d.length; n > 0 && len(p) > n+1 && p[n] == '\r' && p[n+1] == '\n' {
		return p[:n], p[n+2:]
	}
	l, rest, _ = bytes.Cut(p, []byte{'\n'})
	l = bytes.TrimSuffix(l, []byte{'\r'})
	d.length = len(l)
	return l, rest
}

// decode empties d.in but for an incomplete group of four.
func (d *base64Decoder) decode() {
	if d.ended {
		d.faulty = d.faulty || len(d.in) > 0
		d.in = d.in[:0]
		return
	}
	whole := len(d.in) &^ 3
	n, err := base64.StdEncoding.Decode(d.out, d.in[:whole])
	if err != nil {
		d.decodeFaulty()
		return
	}
	d.sink(d.out[:n])
	d.ended = whole > 0 && d.in[whole-1] == '='
	d.in = append(d.in[:0], d.in[whole:]...)
}

// decodeFaulty leaves out what is not of the alphabet (RFC 2045 §6.8) and stops
// at the padding.
func (d *base64Decoder) decodeFaulty() {
	kept := d.in[:0]
	for i, c := range d.in {
		if c == '=' {
			d.ended = true
			d.faulty = d.faulty || len(bytes.Trim(d.in[i:], "= \t\r\n")) > 0
			break
		}
		if isBase64(c) {
			kept = append(kept, c)
		} else if c != '\r' && c != '\n' {
			d.faulty = true
		}
	}
	whole := len(kept) &^ 3
	if d.ended {
		whole = len(kept)
	}
	n, _ := base64.RawStdEncoding.Decode(d.out, kept[:whole])
	d.sink(d.out[:n])
	d.in = append(d.in[:0], kept[whole:]...)
}

func (d *base64Decoder) finish() bool {
	d.decode()
	if len(d.in) > 0 {
		d.faulty = true
		n, _ := base64.RawStdEncoding.Decode(d.out, d.in)
		d.sink(d.out[:n])
		d.in = d.in[:0]
	}
	return d.faulty
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// qpDecoder decodes quoted-printable (RFC 2045 §6.7). Line ends stay as they
// stand; an escape that is none stays as text.
type qpDecoder struct {
	sink   func([]byte)
	out    []byte
	escape []byte // what came since "=", at most 3 bytes
	faulty bool
}

func (d *qpDecoder) write(p []byte) {
	for len(p) > 0 {
		if len(d.escape) > 0 {
			d.continueEscape(p[0])
			p = p[1:]
			continue
		}
		i := bytes.IndexByte(p, '=')
		if i < 0 {
			d.emit(p)
			return
		}
		d.emit(p[:i])
		d.escape = append(d.escape, '=')
		p = p[i+1:]
	}
}

func (d *qpDecoder) continueEscape(c byte) {
	last := d.escape[len(d.escape)-1]
	switch {
	case c == '\n' && (last == '=' || last == ' ' || last == '\r'):
		d.escape = d.escape[:0] // soft line break
	case (c == ' ' || c == '\t') && (last == '=' || last == ' '):
		d.escape = append(d.escape[:1], ' ') // white space before a soft line break
	case c == '\r' && (last == '=' || last == ' '):
		d.escape = append(d.escape, '\r')
	case unhex(c) >= 0 && last == '=':
		d.escape = append(d.escape, c)
	case unhex(c) >= 0 && unhex(last) >= 0:
		d.put(byte(unhex(last)<<4 | unhex(c)))
		d.escape = d.escape[:0]
	default:
		d.faulty = true
		d.emit(d.escape)
		d.escape = d.escape[:0]
		d.write([]byte{c})
	}
}

func (d *qpDecoder) emit(p []byte) {
	if len(p) >= cap(d.out) {
		d.flush()
		d.sink(p)
		return
	}
	if len(d.out)+len(p) > cap(d.out) {
		d.flush()
	}
	d.out = append(d.out, p...)
}

func (d *qpDecoder) put(c byte) {
	if len(d.out) == cap(d.out) {
		d.flush()
	}
	d.out = append(d.out, c)
}

func (d *qpDecoder) flush() {
	if len(d.out) > 0 {
		d.sink(d.out)
		d.out = d.out[:0]
	}
}

func (d *qpDecoder) finish() bool {
	if len(d.escape) > 1 && unhex(d.escape[1]) >= 0 {
		d.faulty = true
		d.emit(d.escape)
	}
	d.flush()
	return d.faulty
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// reader decodes what r gives.
func (e encoding) reader(r io.Reader) io.Reader {
	if e == identity || e == unknownEncoding {
		return r
	}
	d := &decodingReader{r: r, in: make([]byte, 16<<10)}
	d.decoder = e.decoder(func(p []byte) { d.out = append(d.out, p...) })
	return d
}

type decodingReader struct {
	r       io.Reader
	decoder decoder
	in      []byte
	out     []byte // decoded, from at on not read yet
	at      int
	err     error
}

func (d *decodingReader) Read(p []byte) (int, error) {
	for d.at == len(d.out) {
		if d.err != nil {
			return 0, d.err
		}
		d.out, d.at = d.out[:0], 0
		var n int
		n, d.err = d.r.Read(d.in)
		d.decoder.write(d.in[:n])
		if d.err != nil {
			d.decoder.finish()
		}
	}
	n := copy(p, d.out[d.at:])
	d.at += n
	return n, nil
}
