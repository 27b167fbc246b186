package pec

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Section says where decoded content stands in an original: which bytes, and
// how they are encoded; a further step counts inside the bytes decoded so far
// (an attachment inside a base64 postacert.eml). The zero Section is the whole
// original.
type Section struct {
	steps []step
}

type step struct {
	offset, length int64
	encoding       encoding
}

const maxSteps = 32

// String gives the compact text that ParseSection reads, for instance
// "1200+340" or "1200+340/base64,10+20/quoted-printable".
func (s Section) String() string {
	texts := make([]string, len(s.steps))
	for i, t := range s.steps {
		texts[i] = strconv.FormatInt(t.offset, 10) + "+" + strconv.FormatInt(t.length, 10)
		if t.encoding != identity {
			texts[i] += "/" + t.encoding.String()
		}
	}
	return strings.Join(texts, ",")
}

// ParseSection reads what String gave.
func ParseSection(text string) (Section, error) {
	var s Section
	if text == "" {
		return s, nil
	}
	if strings.Count(text, ",") >= maxSteps {
		return s, fmt.Errorf("section has more than %d steps", maxSteps)
	}
	for one := range strings.SplitSeq(text, ",") {
		t, err := parseStep(one)
		if err != nil {
			return Section{}, fmt.Errorf("section %q: %w", text, err)
		}
		s.steps = append(s.steps, t)
	}
	return s, nil
}

func parseStep(text string) (t step, err error) {
	where, name, encoded := strings.Cut(text, "/")
	if encoded {
		if t.encoding = parseEncoding(name); t.encoding != base64Encoding && t.encoding != quotedPrintable {
			return t, fmt.Errorf("unknown encoding %q", name)
		}
	}
	offset, length, ok := strings.Cut(where, "+")
	if !ok {
		return t, errors.New("want OFFSET+LENGTH")
	}
	var errs [2]error
	t.offset, errs[0] = strconv.ParseInt(offset, 10, 64)
	t.length, errs[1] = strconv.ParseInt(length, 10, 64)
	if errors.Join(errs[:]...) != nil || t.offset < 0 || t.length < 0 || t.offset+t.length < 0 {
		return t, errors.New("offset and length must be numbers, not negative")
	}
	return t, nil
}

// Open streams the decoded bytes out of the original: only that range is read.
func (s Section) Open(src io.ReaderAt) io.Reader {
	var r io.Reader = io.NewSectionReader(src, 0, 1<<63-1)
	for i, t := range s.steps {
		if i == 0 {
			r = io.NewSectionReader(src, t.offset, t.length)
		} else {
			r = &window{r: r, skip: t.offset, left: t.length}
		}
		r = t.encoding.reader(r)
	}
	return r
}

// then is the section of what stands at (offset, length) inside s.
func (s Section) then(offset, length int64, e encoding) Section {
	if n := len(s.steps); n > 0 && s.steps[n-1].encoding == identity {
		last := s.steps[n-1]
		length = max(0, min(length, last.length-offset))
		steps := append([]step{}, s.steps[:n-1]...)
		return Section{append(steps, step{last.offset + offset, length, e})}
	}
	steps := append([]step{}, s.steps...)
	return Section{append(steps, step{offset, length, e})}
}

// within places a section that counts inside outer into outer's original.
func (s Section) within(outer Section) Section {
	for _, t := range s.steps {
		outer = outer.then(t.offset, t.length, t.encoding)
	}
	return outer
}

// plain reports whether the content stands in the original as it is.
func (s Section) plain() bool {
	return len(s.steps) == 1 && s.steps[0].encoding == identity
}

func (s Section) size(src io.ReaderAt) (int64, error) {
	if s.plain() {
		return s.steps[0].length, nil
	}
	return io.Copy(io.Discard, s.Open(src))
}

// ReaderAt reads the decoded bytes anywhere. What is encoded is decoded anew from its
// beginning for whoever goes back: it is made for reading in order, and for one reader.
func (s Section) ReaderAt(src io.ReaderAt) io.ReaderAt {
	if s.plain() {
		return io.NewSectionReader(src, s.steps[0].offset, s.steps[0].length)
	}
	return &forwardAt{open: func() io.Reader { return s.Open(src) }}
}

// window is the part of a stream that starts after skip bytes and is left long.
type window struct {
	r          io.Reader
	skip, left int64
}

func (w *window) Read(p []byte) (int, error) {
	if w.skip > 0 {
		n, err := io.CopyN(io.Discard, w.r, w.skip)
		if w.skip -= n; err != nil {
			return 0, err
		}
	}
	if w.left <= 0 {
		return 0, io.EOF
	}
	n, err := w.r.Read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	return n, err
}

// forwardAt is an io.ReaderAt over a stream, made for reading in order: going
// back opens the stream again.
type forwardAt struct {
	open func() io.Reader
	r    io.Reader
	at   int64
}

func (f *forwardAt) ReadAt(p []byte, offset int64) (int, error) {
	if f.r == nil || offset < f.at {
		f.r, f.at = f.open(), 0
	}
	skipped, err := io.CopyN(io.Discard, f.r, offset-f.at)
	f.at += skipped
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(f.r, p)
	f.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
