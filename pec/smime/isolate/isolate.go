// Package isolate judges signatures in a child process, so that a signature
// crafted to exhaust memory, the stack or the CPU costs one message its verdict
// and not the program its life.
//
//   - One long-lived child answers one request at a time; it holds no secret:
//     its environment is empty and it needs no file but the trust folder.
//   - A request that takes longer than the timeout has its child killed.
//   - A child that dies makes the message at hand Unverifiable; the next message
//     gets a new child. A verdict is never made up.
//   - Nobody is asked twice by a message that killed a fresh child.
package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/smista/smista/pec/smime"
)

// Worker is a smime.Verifier that asks a child process. It may be used by many
// goroutines at once.
type Worker struct {
	command []string
	timeout time.Duration

	turn   chan struct{} // held by whoever uses what is below
	child  *child        // nil when none is running
	closed bool
}

// Option changes how a Worker runs its child.
type Option func(*Worker)

// Command replaces the command of the child, which is this program with the
// argument "verify-worker". "--trust DIR" is added when there is a trust folder.
func Command(name string, args ...string) Option {
	return func(w *Worker) { w.command = append([]string{name}, args...) }
}

// Timeout replaces the five seconds that one signature may take.
func Timeout(d time.Duration) Option {
	return func(w *Worker) { w.timeout = d }
}

// New gives a Worker whose child trusts the certificates in anchorsDir, or the
// embedded ones when it is empty. The child starts with the first signature.
func New(anchorsDir string, options ...Option) *Worker {
	w := &Worker{timeout: 5 * time.Second, turn: make(chan struct{}, 1)}
	for _, o := range options {
		o(w)
	}
	if w.command == nil {
		self, err := os.Executable()
		if err != nil {
			self = os.Args[0]
		}
		w.command = []string{self, "verify-worker"}
	}
	if anchorsDir != "" {
		w.command = append(w.command, "--trust", anchorsDir)
	}
	return w
}

// errClosed answers what comes after Close.
var errClosed = errors.New("the checker has been closed")

// Verify asks the child. When there is no answer the verdict is Unverifiable
// with the reason "checker-died", "checker-timeout" or "cancelled".
func (w *Worker) Verify(ctx context.Context, s smime.Signed) smime.Verdict {
	request, err := json.Marshal(s)
	if err != nil {
		return unverifiable("malformed", "The message states a time that cannot be: "+err.Error()+".")
	}
	if len(request) > maxFrame {
		return unverifiable("too-large", "The signature is too large to be looked at.")
	}
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return unverifiable("cancelled", "The check was called off.")
	}
	v, err := w.ask(ctx, request)
	switch {
	case err == nil:
		return v
	case ctx.Err() != nil:
		return unverifiable("cancelled", "The check was called off.")
	case errors.Is(err, context.DeadlineExceeded):
		return unverifiable("checker-timeout", fmt.Sprintf("The check took longer than %v and was ended.", w.timeout))
	default:
		return unverifiable("checker-died", "The process that checks signatures ended without an answer: "+err.Error()+".")
	}
}

func unverifiable(code, detail string) smime.Verdict {
	return smime.Verdict{
		Status:     smime.Unverifiable,
		Reasons:    []smime.Reason{{Code: code, Detail: detail}},
		Revocation: "unchecked",
	}
}

// ask gets the verdict from the child. One that was idle may have died since,
// through no fault of this message: then a fresh one is asked.
func (w *Worker) ask(ctx context.Context, request []byte) (smime.Verdict, error) {
	if w.closed {
		return smime.Verdict{}, errClosed
	}
	if w.child != nil {
		v, err := w.askChild(ctx, request)
		if !errors.Is(err, errGone) {
			return v, err
		}
	}
	var err error
	if w.child, err = start(w.command); err != nil {
		return smime.Verdict{}, err
	}
	return w.askChild(ctx, request)
}

// askChild puts one question to the running child, which is stopped unless it answers.
func (w *Worker) askChild(ctx context.Context, request []byte) (smime.Verdict, error) {
	limited, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	v, err := w.child.ask(limited, request)
	if err == nil {
		return v, nil
	}
	ended := w.child.stop()
	w.child = nil
	if limited.Err() != nil {
		return smime.Verdict{}, limited.Err()
	}
	return smime.Verdict{}, fmt.Errorf("%w (%s)", err, ended)
}

// Close ends the child after the request at hand.
func (w *Worker) Close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	w.closed = true
	if w.child != nil {
		w.child.stop()
		w.child = nil
	}
	return nil
}
