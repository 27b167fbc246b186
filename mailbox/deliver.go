package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// receiverError is a failure on our side that would meet every message: disk,
// database, shutdown. No message and no server is to blame.
type receiverError struct{ error }

func (e receiverError) Unwrap() error { return e.error }

// undeliveredError says that the receiver could not keep one message. Whether
// that is the message or the disk shows with the next ones.
type undeliveredError struct{ error }

func (e undeliveredError) Unwrap() error { return e.error }

// is tells whether an error of type E is behind err.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// stops tells whether an error ends the visit, whatever the message: the
// context, the receiver, or a server that cannot be reached.
func (v *visit) stops(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case is[receiverError](err), is[linkError](err):
		return err
	}
	return nil
}

// one counts the attempt, opens the message and hands it over.
func (v *visit) one(ctx context.Context, e Entry, m meta, open func() (io.Reader, error)) error {
	if _, err := v.ledger.Begin(ctx, e.Ref); err != nil {
		return receiverError{err}
	}
	r, err := open()
	if err != nil {
		return v.forgive(ctx, e, err)
	}
	w := &watched{r: r}
	err = v.handOver(ctx, Arrival{Ref: e.Ref, Received: m.received, Size: m.size}, w)
	switch {
	case is[brokeError](err):
		return err
	case err == nil && errors.Is(w.err, io.EOF):
		v.health.collected()
		delete(v.troubled, e.Ref)
		v.streak = 0
		return nil
	case err == nil:
		err = undeliveredError{fmt.Errorf("message %d was not read to its end", e.UID)}
	case w.err != nil && !errors.Is(w.err, io.EOF):
		err = w.err
	default:
		err = undeliveredError{fmt.Errorf("keep message %d of %q of %s: %w", e.UID, v.folder, v.acc.Address, err)}
	}
	return v.forgive(ctx, e, err)
}

// brokeError is a panic of the receiver. It counts against the message that caused it.
type brokeError struct{ error }

func (v *visit) handOver(ctx context.Context, a Arrival, r io.Reader) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = brokeError{fmt.Errorf("the program broke on message %d, which is a defect to report: %v\n%s", a.UID, p, debug.Stack())}
		}
	}()
	return v.deliver(ctx, a, r)
}

// forgive takes the attempt back where the message is not to blame.
func (v *visit) forgive(ctx context.Context, e Entry, err error) error {
	if v.stops(ctx, err) == nil && !is[undeliveredError](err) {
		return err
	}
	// The attempt is taken back even while shutting down.
	if lerr := v.ledger.Release(context.WithoutCancel(ctx), e.Ref); lerr != nil {
		return errors.Join(err, receiverError{lerr})
	}
	return err
}

// tolerate lets the others go on where the receiver could not keep a message.
// From now on it is tried after them. Several in a row are no accident.
func (v *visit) tolerate(e Entry, err error) error {
	if !is[undeliveredError](err) {
		return err
	}
	v.log.Error("a message could not be kept and goes on waiting", "folder", v.folder, "uid", e.UID, "error", err)
	if len(v.troubled) < maxRetry {
		v.troubled[e.Ref] = true
	}
	v.trouble = err
	if v.streak++; v.streak >= streakLimit {
		return receiverError{err}
	}
	return nil
}

// watched remembers how its reader ended.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.r.Read(p)
	w.err = err
	return n, err
}
