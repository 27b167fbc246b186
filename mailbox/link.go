package mailbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// errRenumbered means that the folder got another UIDVALIDITY while it was being read.
var errRenumbered = errors.New("the server gave the folder other numbers while it was being read")

// linkError is a failure to reach the server or to open the folder: no message is to blame.
type linkError struct{ error }

func (e linkError) Unwrap() error { return e.error }

// link keeps one connection to an account and the folder that is open on it,
// and makes both anew when they were lost.
type link struct {
	acc  Account
	opts Options

	s           *session
	folder      string // to be open
	uidValidity uint32 // it must have
}

// session gives the living connection, or a new one.
func (l *link) session(ctx context.Context) (*session, error) {
	if l.s != nil && l.s.alive() {
		return l.s, nil
	}
	l.drop()
	s, err := dial(ctx, l.acc, l.opts)
	if err != nil {
		return nil, linkError{err}
	}
	l.s = s
	return s, nil
}

// examine opens a folder and says what it is now; from here on open gives
// connections that have the same one open.
func (l *link) examine(ctx context.Context, folder string) (selected, error) {
	s, err := l.session(ctx)
	if err != nil {
		return selected{}, err
	}
	sel, err := s.examine(folder)
	if err != nil {
		return selected{}, linkError{err}
	}
	l.folder, l.uidValidity = folder, sel.UIDValidity
	return sel, nil
}

// open gives a connection on which the folder last examined is open.
func (l *link) open(ctx context.Context) (*session, error) {
	s, err := l.session(ctx)
	if err != nil || s.folder.Name == l.folder {
		return s, err
	}
	sel, err := s.examine(l.folder)
	if err != nil {
		return nil, linkError{err}
	}
	if sel.UIDValidity != l.uidValidity {
		return nil, linkError{fmt.Errorf("folder %q of %s: %w", l.folder, l.acc.Address, errRenumbered)}
	}
	return s, nil
}

// drop closes the connection; the next one is new.
func (l *link) drop() {
	if l.s != nil {
		l.s.close()
		l.s = nil
	}
}

func (l *link) endWindow() {
	if l.s != nil {
		l.s.endWindow()
	}
}

// pause waits before the n-th attempt in a row, longer each time and never
// exactly as long as others do.
func (l *link) pause(ctx context.Context, n int) error {
	t := l.opts.Timing
	d := min(t.Backoff<<min(n, 20), t.BackoffMax)
	return sleep(ctx, d/2+rand.N(d/2+1))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *link) living() bool { return l.s != nil && l.s.alive() }
