package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	pendingPage = 500     // waiting messages read from the ledger at once
	batchCount  = 128     // messages described at once
	rowBytes    = 2 << 20 // content fetched at once, and held in memory
	maxRetry    = 1000    // failed messages tried again in one visit
	aloneAfter  = 3       // attempts after which a message gets a connection of its own; failing there sets it aside
	crashLimit  = 6       // attempts after which it is set aside unread: they ended with the process
	streakLimit = 5       // failures of different messages in a row that end the visit
)

// Why a message was set aside.
const (
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
			if e.Attempts == 0 && !v.troubled[e.Ref] {
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
		n := min(len(entries), batchCount)
		left, err := v.batch(ctx, entries[:n])
		if waiting += left; err != nil {
			return waiting + len(entries) - n, err
		}
		entries = entries[n:]
	}
	return waiting, nil
}

// batch collects fresh messages, the small ones several at once. What that does
// not bring home, the large and the troublesome, is fetched one by one.
func (v *visit) batch(ctx context.Context, entries []Entry) (waiting int, err error) {
	var failure error
	if !v.careful && len(entries) > 1 {
		var done map[uint32]bool
		done, failure = v.rows(ctx, entries)
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return done[e.UID] })
	}
	if stop := v.stops(ctx, failure); stop != nil {
		return len(entries), stop
	}
	if failure != nil {
		v.log.Debug("several messages at once failed, going on one by one", "folder", v.folder, "error", failure)
		v.link.drop()
	}
	waiting, err = v.singly(ctx, entries)
	if waiting == 0 && errors.Is(failure, errOrder) {
		v.careful = true // each message is fine alone: the server does not bear rows
	}
	return waiting, err
}

// rows fetches the small ones of the entries, as many at once as fit into
// rowBytes; done are those settled.
func (v *visit) rows(ctx context.Context, entries []Entry) (done map[uint32]bool, err error) {
	done = map[uint32]bool{}
	s, err := v.link.open(ctx)
	if err != nil {
		return done, err
	}
	metas, err := s.describe(uids(entries))
	if err != nil {
		return done, err
	}
	small := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool {
		size := metas[e.UID].size
		return size <= 0 || size > min(rowBytes, v.opts.Caps.Chunk)
	})
	for len(small) > 0 {
		n := fitting(small, metas)
		if err := v.row(ctx, s, small[:n], metas, done); err != nil {
			return done, err
		}
		small = small[n:]
	}
	return done, nil
}

// fitting is how many of the first entries fit into rowBytes together.
func fitting(entries []Entry, metas map[uint32]meta) int {
	total := int64(0)
	for i, e := range entries {
		if total += metas[e.UID].size; total > rowBytes {
			return i
		}
	}
	return len(entries)
}

// row fetches messages at once and hands over, one after the other, those that
// came with the size that was announced.
func (v *visit) row(ctx context.Context, s *session, row []Entry, metas map[uint32]meta, done map[uint32]bool) error {
	s.openWindow(uids(row), span{}, rowBytes+rowBytes/64+int64(len(row))*512+smallAnswer)
	contents, err := s.takeAll(uids(row), rowBytes+smallAnswer)
	s.endWindow()
	if err != nil {
		return err
	}
	for _, e := range row {
		m, content := metas[e.UID], contents[e.UID]
		if int64(len(content)) != m.size {
			continue
		}
		open := func() (io.Reader, error) { return bytes.NewReader(content), nil }
		delete(contents, e.UID)
		err := v.one(ctx, e, m, open)
		done[e.UID] = err == nil
		if err != nil {
			err = v.tolerate(e, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
		return true, nil
	case stop != nil:
		return false, stop
	}
	v.link.drop()
	if is[undeliveredError](err) {
		return false, v.tolerate(e, err)
	}
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
	if v.stops(ctx, err) != nil {
		return err
	}
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
