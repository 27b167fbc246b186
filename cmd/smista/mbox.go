package main

import (
	"bufio"
	"bytes"
	"io"
)

// mbox splits a file of many messages (RFC 4155) while it is read, in the
// mboxrd and mboxo forms: a line "From " after an empty one begins a message,
// and of a quoted ">From " one quotation mark is taken away.
type mbox struct {
	r     *bufio.Reader
	inner bool // r stands inside a message, not at a "From " line
}

func newMbox(r io.Reader) *mbox { return &mbox{r: bufio.NewReaderSize(r, 64<<10)} }

var mboxFrom = []byte("From ")

// next gives the following message, or io.EOF. The reader is good until next is
// called again; what was not read of it is skipped.
func (m *mbox) next() (io.Reader, error) {
	if m.inner {
		if _, err := io.Copy(io.Discard, &mboxMessage{m: m}); err != nil {
			return nil, err
		}
	}
	for {
		line, err := m.r.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			err = m.skipLine()
		}
		if bytes.HasPrefix(line, mboxFrom) {
			m.inner = true
			return &mboxMessage{m: m, start: true}, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (m *mbox) skipLine() error {
	for {
		if _, err := m.r.ReadSlice('\n'); err != bufio.ErrBufferFull {
			return err
		}
	}
}

// mboxMessage reads one message.
type mboxMessage struct {
	m       *mbox
	ready   []byte // to be handed out
	blank   []byte // an empty line that may be the separator
	start   bool   // nothing was read yet
	middle  bool   // the next bytes go on with a long line
	scratch []byte
}

func (b *mboxMessage) Read(p []byte) (int, error) {
	for len(b.ready) == 0 {
		if !b.m.inner {
			return 0, io.EOF
		}
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// fill reads one line, or a piece of a long one.
func (b *mboxMessage) fill() error {
	if next, _ := b.m.r.Peek(len(mboxFrom)); !b.middle && (b.start || b.blank != nil) && bytes.Equal(next, mboxFrom) {
		b.m.inner = false
		return nil
	}
	line, err := b.m.r.ReadSlice('\n')
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	if err == io.EOF && len(line) == 0 {
		b.m.inner = false
		return nil
	}
	b.scratch = append(b.scratch[:0], b.blank...)
	b.blank, b.start = nil, false
	switch {
	case !b.middle && len(bytes.TrimRight(line, "\r\n")) == 0 && err == nil:
		b.blank = bytes.Clone(line)
	case !b.middle && quoted(line):
		b.scratch = append(b.scratch, line[1:]...)
	default:
		b.scratch = append(b.scratch, line...)
	}
	b.middle = err == bufio.ErrBufferFull
	b.ready = b.scratch
	return nil
}

func quoted(line []byte) bool {
	unquoted := bytes.TrimLeft(line, ">")
	return len(unquoted) < len(line) && bytes.HasPrefix(unquoted, mboxFrom)
}
