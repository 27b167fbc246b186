package mailbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// minRate is the slowest transfer that is not taken for a stall, in bytes a second.
const minRate = 1 << 10

var errTooMuch = errors.New("the server sent far more than was asked for")

// wire is the raw connection under TLS and the IMAP client. It alone decides
// on deadlines and sizes: go-imap waits for ever between replies and gives a
// literal five minutes whatever its size, so its own deadlines are ignored.
//
// While a command is in flight the time spent waiting for the server, and not
// the time its consumer takes, is held against silence plus bytes/minRate.
type wire struct {
	net.Conn
	silence time.Duration

	mu       sync.Mutex
	busy     bool
	resumed  time.Time     // when the current wait began, or the command if later
	waited   time.Duration // in finished waits of this command
	got      int64         // bytes since the command began
	budget   int64         // most bytes it may bring
	failedAs error         // why the wire closed itself
}

// arm begins a command whose answer may be up to budget bytes.
func (w *wire) arm(budget int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy, w.waited, w.got, w.budget = true, 0, 0, budget
	w.resumed = time.Now()
	w.waitUntil(w.resumed.Add(w.silence))
}

// rest ends a command: the server may now be silent, and send up to budget bytes unasked.
func (w *wire) rest(budget int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy, w.got, w.budget = false, 0, budget
	w.waitUntil(time.Time{})
}

// waitUntil sets the deadline of reads. That fails only on a closed connection,
// which the next read tells.
func (w *wire) waitUntil(t time.Time) { _ = w.Conn.SetReadDeadline(t) }

// cut ends the connection at once, and with it every wait.
func (w *wire) cut() { _ = w.Close() }

func (w *wire) Read(p []byte) (int, error) {
	w.before()
	n, err := w.Conn.Read(p)
	return n, w.after(n, err)
}

func (w *wire) before() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.busy {
		return
	}
	w.resumed = time.Now()
	left := w.silence + time.Duration(w.got/minRate)*time.Second - w.waited
	w.waitUntil(w.resumed.Add(min(left, w.silence)))
}

func (w *wire) after(n int, err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy {
		w.waited += time.Since(w.resumed)
	}
	w.got += int64(n)
	if w.got > w.budget {
		w.failedAs = fmt.Errorf("%w: over %d bytes", errTooMuch, w.budget)
		return w.failedAs
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		w.failedAs = fmt.Errorf("no answer from the server within %v: %w", w.silence, err)
		return w.failedAs
	}
	return err
}

func (w *wire) Write(p []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(time.Now().Add(w.silence)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// cause is the wire's own reason to fail, where it has one; go-imap hides it
// under general words.
func (w *wire) cause() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failedAs
}

// fail gives the reason before the connection is closed from outside.
func (w *wire) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failedAs = err
}

func (*wire) SetDeadline(time.Time) error      { return nil }
func (*wire) SetReadDeadline(time.Time) error  { return nil }
func (*wire) SetWriteDeadline(time.Time) error { return nil }
