package pec

import (
	"bytes"
	"context"
	"errors"
	"io"
)

const windowSize = 64 << 10

// scanner gives the lines of a source, CRLF or bare LF, through one window of
// fixed size. Bytes from held on stay in the window, so that who consumes
// ranges can still take them: whenever the window moves, moving is called first.
type scanner struct {
	ctx    context.Context
	src    io.ReaderAt
	size   int64
	window []byte
	base   int64 // offset in the source of window[0]
	next   int   // first byte not yet given out
	seen   int   // no line feed stands in window[next:seen]
	fill   int   // end of what was read
	err    error

	held   int64 // end of the content of the line before the last: its line end may belong to a delimiter
	last   int64 // the same of the last line given
	bare   bool  // a line that ends with a bare LF may stand in the window
	lastLF bool  // the last line given ends so
	midway bool  // the last line given was cut: what follows belongs to it
	moving func()
}

// line is a line without its end. A line longer than the window comes in pieces.
type line struct {
	text  []byte
	start int64
	piece bool // continues a line already begun
	whole bool // ends here
}

// scan gives the next line; false at the end or on an error, which is in s.err.
func (s *scanner) scan() (line, bool) {
	s.held = s.last
	for {
		if i := bytes.IndexByte(s.window[s.seen:s.fill], '\n'); i >= 0 {
			return s.take(s.seen+i, s.seen+i+1), true
		}
		s.seen = s.fill
		switch {
		case s.base+int64(s.fill) >= s.size:
			if s.next == s.fill {
				return line{}, false
			}
			return s.take(s.fill, s.fill), true
		case s.next <= 2 && s.fill == len(s.window):
			return s.piece(), true
		case !s.more():
			return line{}, false
		}
	}
}

// take gives out window[next:end]; after is where the next line starts.
func (s *scanner) take(end, after int) line {
	s.lastLF = after > end
	if end > s.next && after > end && s.window[end-1] == '\r' {
		end--
		s.lastLF = false
	}
	s.bare = s.bare || s.lastLF
	l := line{text: s.window[s.next:end], start: s.base + int64(s.next), piece: s.midway, whole: true}
	s.next, s.seen = after, after
	s.last = s.base + int64(end)
	s.midway = false
	return l
}

// piece gives out a full window without a line feed. A last CR stays: it may be
// half of a line end.
func (s *scanner) piece() line {
	end := s.fill
	if s.window[end-1] == '\r' {
		end--
	}
	l := line{text: s.window[s.next:end], start: s.base + int64(s.next), piece: s.midway}
	s.lastLF = false
	s.next, s.seen = end, end
	s.last = s.base + int64(end)
	s.midway = true
	return l
}

// more moves the window on and reads.
func (s *scanner) more() bool {
	if s.err = s.ctx.Err(); s.err != nil {
		return false
	}
	s.moving()
	s.bare = s.lastLF
	keep := s.next
	if s.held >= s.base {
		keep = min(keep, int(s.held-s.base))
	}
	copy(s.window, s.window[keep:s.fill])
	s.base += int64(keep)
	s.next, s.seen, s.fill = s.next-keep, s.seen-keep, s.fill-keep
	room := min(int64(len(s.window)-s.fill), s.size-s.base-int64(s.fill))
	n, err := s.src.ReadAt(s.window[s.fill:s.fill+int(room)], s.base+int64(s.fill))
	s.fill += n
	if int64(n) == room {
		return true
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	s.err = err
	return false
}

// bytes gives the source between two offsets, which must still be in the window.
func (s *scanner) bytes(from, to int64) []byte {
	return s.window[from-s.base : to-s.base]
}

// position is the offset of the next line.
func (s *scanner) position() int64 { return s.base + int64(s.next) }
