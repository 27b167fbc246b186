package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	pendingPage  = 500 // waiting messages read from the ledger at once
	windowCount  = 64  // messages asked for in one go
	maxRetry     = 1000
	aloneAfter   = 3 // attempts after which a message gets a connection of its own; failing there sets it aside
	crashLimit   = 6 // attempts after which it is set aside unread: they ended with the process
	streakLimit  = 5 // failures of different messages in a row that end the visit
	reasonGone   = "deleted on the server before it could be collected"
	reasonCrash  = "each attempt to collect it ended with the program; it is no longer tried by itself"
	reasonFailed = "it could not be fetched: "
)

// collect fetches what waits: first what was never tried, several at once, then
// what failed before, one by one, so that a bad message holds nobody up.
func (v *visit) collect(ctx context.Context) (waiting int, err error) {
	var retry []Entry
	for after, n := uint32(0), pendingPage; n == pendingPage; {
		page, err := v.ledger.Pending(ctx, v.acc.Address, v.folder, v.sel.UIDValidity, after, pendingPage)
		if err != nil {
			return 0, err
		}
		var fresh []Entry
		for _, e := range page {
			if e.Attempts == 0 {
				fresh = append(fresh, e)
			} else if len(retry) < maxRetry {
				retry = append(retry, e)
			}
			after = e.UID
		}
		n = len(page)
		left, err := v.batches(ctx, fresh)
		if waiting += left; err != nil {
			return waiting + len(retry), err
		}
	}
	left, err := v.singly(ctx, retry)
	return waiting + left, err
}

func (v *visit) batches(ctx context.Context, entries []Entry) (waiting int, err error) {
	for len(entries) > 0 {
		n := min(len(entries), windowCount)
		left, err := v.batch(ctx, entries[:n])
		if waiting += left; err != nil {
			return waiting + len(entries) - n, err
		}
		entries = entries[n:]
	}
	return waiting, nil
}

// batch collects fresh messages over rows of fetches. What they do not bring
// home, the large and the troublesome, is fetched one by one.
func (v *visit) batch(ctx context.Context, entries []Entry) (waiting int, err error) {
	var failure error
	for more := true; more && failure == nil && len(entries) > 1 && !v.careful; {
		var done map[uint32]bool
		done, failure = v.row(ctx, entries)
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return done[e.UID] })
		more = len(done) > 0
	}
	if stop := v.stops(ctx, failure); stop != nil {
		return len(entries), stop
	}
	if failure != nil {
		v.log.Debug("a row of fetches failed, going on one by one", "folder", v.folder, "error", failure)
		v.link.drop()
	}
	waiting, err = v.singly(ctx, entries)
	if waiting == 0 && (errors.Is(failure, errOrder) || errors.Is(failure, errNothing)) {
		v.careful = true // each message is fine alone: the server does not bear rows
	}
	return waiting, err
}

// row fetches the smaller ones of the entries in one go; done are those settled.
func (v *visit) row(ctx context.Context, entries []Entry) (done map[uint32]bool, err error) {
	done = map[uint32]bool{}
	s, err := v.link.open(ctx)
	if err != nil {
		return done, err
	}
	metas, err := s.describe(uids(entries))
	if err != nil {
		return done, err
	}
	row, total := v.small(entries, metas)
	if len(row) == 0 {
		return done, nil
	}
	s.openWindow(uids(row), span{}, total+total/64+int64(len(row))*smallAnswer)
	defer s.endWindow()
	for _, e := range row {
		open := func() (io.Reader, error) { return v.whole(s, e.UID, metas[e.UID]) }
		if err := v.one(ctx, e, metas[e.UID], open); err != nil {
			return done, err
		}
		done[e.UID] = true
	}
	return done, nil
}

// small chooses what fits into one window: together no more than one chunk.
func (v *visit) small(entries []Entry, metas map[uint32]meta) (row []Entry, total int64) {
	for _, e := range entries {
		m, ok := metas[e.UID]
		if !ok || m.size <= 0 || total+m.size > v.opts.Caps.Chunk {
			continue
		}
		row = append(row, e)
		total += m.size
	}
	return row, total
}

// whole reads a message from the row, and holds the server to the size it announced.
func (v *visit) whole(s *session, uid uint32, m meta) (io.Reader, error) {
	b, err := s.take(uid)
	if err != nil {
		return nil, err
	}
	return &exact{b, m.size}, nil
}

// exact ends with errShort where a message has another size than announced.
type exact struct {
	*body
	size int64
}

func (e *exact) Read(p []byte) (int, error) {
	n, err := e.body.Read(p)
	if errors.Is(err, io.EOF) && e.lit.n != e.size {
		return n, fmt.Errorf("message %d: %w: %d of %d", e.uid, errShort, e.lit.n, e.size)
	}
	return n, err
}

// singly collects messages one by one, each failure on its own account.
func (v *visit) singly(ctx context.Context, entries []Entry) (waiting int, err error) {
	for i, e := range entries {
		settled, err := v.single(ctx, e)
		if !settled {
			waiting++
		}
		if err != nil {
			return waiting + len(entries) - i - 1, err
		}
	}
	return waiting, nil
}

// single collects one message. The error is one that ends the visit.
func (v *visit) single(ctx context.Context, e Entry) (settled bool, err error) {
	if e.Attempts >= crashLimit {
		return true, v.quarantine(ctx, e, reasonCrash)
	}
	alone := e.Attempts >= aloneAfter
	if alone {
		v.link.drop()
	}
	gone, err := v.alone(ctx, e)
	switch stop := v.stops(ctx, err); {
	case gone:
		return true, v.quarantine(ctx, e, reasonGone)
	case err == nil:
		v.streak = 0
		return true, nil
	case stop != nil:
		return false, stop
	}
	v.link.drop()
	v.streak++
	v.log.Warn("a message could not be fetched", "folder", v.folder, "uid", e.UID, "attempt", e.Attempts+1, "error", err)
	if alone {
		return true, v.quarantine(ctx, e, reasonFailed+err.Error())
	}
	if v.streak >= streakLimit {
		return false, fmt.Errorf("folder %q of %s: %d messages in a row failed: %w", v.folder, v.acc.Address, v.streak, err)
	}
	return false, nil
}

// alone fetches one message, in pieces where it is large. gone means that the
// server has it no more.
func (v *visit) alone(ctx context.Context, e Entry) (gone bool, err error) {
	s, err := v.link.open(ctx)
	if err != nil {
		return false, err
	}
	metas, err := s.describe([]uint32{e.UID})
	m, ok := metas[e.UID]
	if err == nil && !ok {
		var there bool
		if there, err = s.exists(e.UID); err == nil && !there {
			return true, nil
		}
	}
	if err != nil {
		return false, v.blame(ctx, e, err)
	}
	defer v.link.endWindow()
	return false, v.one(ctx, e, m, func() (io.Reader, error) {
		return &pieces{ctx: ctx, link: v.link, uid: e.UID, size: m.size}, nil
	})
}

// blame counts an attempt that failed before a byte of the message was read.
func (v *visit) blame(ctx context.Context, e Entry, err error) error {
	if _, lerr := v.ledger.Begin(ctx, e.Ref); lerr != nil {
		return receiverError{lerr}
	}
	return err
}

func (v *visit) quarantine(ctx context.Context, e Entry, reason string) error {
	v.log.Error("a message was set aside", "folder", v.folder, "uid", e.UID, "reason", reason)
	return v.ledger.Quarantine(ctx, e.Ref, reason)
}

func uids(entries []Entry) []uint32 {
	l := make([]uint32, len(entries))
	for i, e := range entries {
		l[i] = e.UID
	}
	return l
}
