package server

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

const (
	// mostWaiting is how many bytes may wait for a client that does not read them
	// while others do.
	mostWaiting = 64 << 10
	// atOnce bounds what a slow client has to take within the write time.
	atOnce = 16 << 10
)

// wire is the way out to one client. Whoever says something never waits: what the
// kernel does not take at once, a goroutine hands over as the client reads, and
// there is one only as long as something waits.
type wire struct {
	net.Conn
	writeTime time.Duration

	mu       sync.Mutex
	fd       int // of the connection while it is open; -1 without one
	upgraded bool
	waiting  []byte        // whole messages, but for the rest of one at the start
	pending  int           // bytes that wait, with those being handed over
	drained  chan struct{} // closed when nothing waits any more; nil: nothing does
	closing  bool          // nothing more is said
	ended    func()        // told once that the connection was closed here
}

func newWire(conn net.Conn, writeTime time.Duration) *wire {
	w := &wire{Conn: conn, writeTime: writeTime, fd: -1} // without it all goes the slow way
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { w.fd = int(fd) }) // or it is closed
		}
	}
	return w
}

// Write is how gorilla answers the handshake, and pings and closes afterwards:
// each in one piece.
func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.upgraded {
		return w.Conn.Write(b)
	}
	if !w.closing {
		w.say(b)
	}
	return len(b), nil
}

// SetWriteDeadline is the wire's own business.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// begin ends the handshake. What it is given is told when the connection is closed here.
func (w *wire) begin(ended func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.upgraded, w.ended = true, ended
	_ = w.Conn.SetWriteDeadline(time.Time{})
}

// send says whole messages, unless their operation has ended. It gives false
// when too much waits already: the client is too slow.
func (w *wire) send(op *operation, b []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing || op != nil && op.ended {
		return true
	}
	if w.pending+len(b) > mostWaiting && w.pending > 0 {
		return false
	}
	w.say(b)
	return true
}

// insist says a message however much waits; who has more to say waits with ready.
func (w *wire) insist(op *operation, b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closing && (op == nil || !op.ended) {
		w.say(b)
	}
}

// end lets nothing more be said of an operation.
func (w *wire) end(op *operation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	op.ended = true
}

// ready waits until the client has taken what was said.
func (w *wire) ready(ctx context.Context) error {
	w.mu.Lock()
	drained := w.drained
	w.mu.Unlock()
	if drained == nil {
		return ctx.Err()
	}
	select {
	case <-drained:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// busy tells whether something waits.
func (w *wire) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drained != nil
}

// goodbye says why the connection ends, after all that was said; false when it
// was said before. Nothing is said after it.
func (w *wire) goodbye(b []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing {
		return false
	}
	w.say(b)
	w.closing = true
	return true
}

// Close ends the connection at once.
func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shut()
}

// number does something with the number of the connection, while it is open.
func (w *wire) number(do func(fd int) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fd < 0 {
		return net.ErrClosed
	}
	return do(w.fd)
}

// shut ends the connection. Its number may be another's from now on.
func (w *wire) shut() error {
	w.closing, w.fd = true, -1
	if w.ended != nil {
		go w.ended()
		w.ended = nil
	}
	return w.Conn.Close()
}

// say hands bytes to the kernel, or lets them wait.
func (w *wire) say(b []byte) {
	if w.drained == nil {
		n, err := w.try(b)
		if err != nil {
			_ = w.shut() // ends the reading side too
			return
		}
		if b = b[n:]; len(b) == 0 {
			return
		}
		w.drained = make(chan struct{})
		go w.drain()
	}
	w.waiting = append(w.waiting, b...)
	w.pending += len(b)
}

// try writes what the kernel takes without waiting. The runtime's own way to do
// that costs a tenth of the call.
func (w *wire) try(b []byte) (n int, err error) {
	for w.fd >= 0 {
		n, err = syscall.Write(w.fd, b)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, syscall.EAGAIN):
			return 0, nil
		case !errors.Is(err, syscall.EINTR):
			return 0, err
		}
	}
	return 0, nil
}

// drain hands over what waits, piece by piece; a client that takes no piece in
// time is let go.
func (w *wire) drain() {
	for {
		w.mu.Lock()
		b := w.waiting
		w.waiting = nil
		if len(b) == 0 {
			close(w.drained)
			w.drained = nil
			_ = w.Conn.SetWriteDeadline(time.Time{})
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		for len(b) > 0 {
			piece := b[:min(len(b), atOnce)]
			_ = w.Conn.SetWriteDeadline(time.Now().Add(w.writeTime))
			if _, err := w.Conn.Write(piece); err != nil {
				w.mu.Lock()
				close(w.drained) // who waits finds the socket closed
				_ = w.shut()
				w.mu.Unlock()
				return
			}
			b = b[len(piece):]
			w.mu.Lock()
			w.pending -= len(piece)
			w.mu.Unlock()
		}
	}
}

// appendFrame appends a frame of a server (RFC 6455 §5.2) made of some pieces.
func appendFrame(dst []byte, kind int, pieces ...[]byte) []byte {
	n := 0
	for _, p := range pieces {
		n += len(p)
	}
	dst = append(dst, 0x80|byte(kind))
	switch {
	case n < 126:
		dst = append(dst, byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
	for _, p := range pieces {
		dst = append(dst, p...)
	}
	return dst
}
