package seal

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// window is how far a moved event is looked for: so many events inserted, or
// removed, in one place are told from changed ones.
const window = 128

// compare finds the event of the log that stands where a sealed one stood, and
// notes what differs. It returns the log's leaf; of a removed event a hash that
// fits nothing.
func (v *verification) compare(sealed sealedLeaf) (tlog.Hash, error) {
	if err := v.log.need(window + 1); err != nil {
		return tlog.Hash{}, err
	}
	if err := v.sealed.need(window); err != nil {
		return tlog.Hash{}, err
	}
	n := sealed.number
	for v.log.has(0) && v.log.at(0).Number < n+v.log.shift {
		l := v.log.drop() // a number before the first
		v.note(Inserted, l.Number, l.Number)
	}
	switch {
	case !v.log.has(0):
		v.note(Cut, n, n)
		return tlog.Hash{}, nil
	case v.log.at(0).Number > n+v.log.shift:
		v.note(Removed, n, n)
		return tlog.Hash{}, nil
	case !sealed.known || v.log.is(0, sealed):
		return v.log.drop().Hash, nil
	}
	return v.differs(sealed)
}

// differs tells what happened to an event that is not what was sealed.
func (v *verification) differs(sealed sealedLeaf) (tlog.Hash, error) {
	n := sealed.number
	switch {
	case v.swapOf != 0 && v.swapOf+1 == n:
		return v.log.drop().Hash, nil // said with the one before
	case v.log.is(0, v.sealed.at(0)) && v.log.is(1, sealed):
		v.swapOf = n
		v.note(Swapped, n, n+1)
		return v.log.drop().Hash, nil
	case v.log.is(1, v.sealed.at(0)):
		v.note(Changed, n, n)
		return v.log.drop().Hash, nil
	}
	for k := 1; k <= window; k++ {
		if v.log.is(k, sealed) && v.goesOn(k+1, 0) {
			return v.inserted(k), nil
		}
		if v.log.is(0, v.sealed.at(k-1)) && v.goesOn(1, k) {
			v.log.shift--
			v.note(Removed, n, n)
			return tlog.Hash{}, nil
		}
	}
	v.note(Changed, n, n)
	return v.log.drop().Hash, nil
}

// goesOn tells whether what follows a supposed shift fits too, or cannot say.
func (v *verification) goesOn(inLog, inSealed int) bool {
	next := v.sealed.at(inSealed)
	return !next.known || !v.log.has(inLog) || v.log.is(inLog, next)
}

// inserted drops events that nobody sealed, and returns the one that follows.
func (v *verification) inserted(count int) tlog.Hash {
	for range count {
		l := v.log.drop()
		v.note(Inserted, l.Number, l.Number)
	}
	v.log.shift += count
	return v.log.drop().Hash
}

// rest counts what was not sealed yet. Even there no number may be missing.
func (v *verification) rest() error {
	expected := v.found.size + v.log.shift + 1
	for {
		if err := v.log.need(1); err != nil {
			return err
		}
		if !v.log.has(0) {
			v.Events = v.log.dropped
			v.settle()
			return nil
		}
		l := v.log.drop()
		switch {
		case l.Number < expected:
			v.note(Inserted, l.Number, l.Number)
			continue
		case l.Number > expected:
			v.note(Removed, expected, l.Number-1)
		case l.Unreadable != nil:
			v.note(Changed, l.Number, l.Number)
		}
		v.Unsealed++
		expected = l.Number + 1
	}
}

// logWindow looks some events ahead in the log.
type logWindow struct {
	ctx     context.Context
	source  Source
	next    int // reading goes on after this number
	ended   bool
	leaves  []Leaf
	shift   int // of the log's numbers against the sealed ones
	dropped int
}

// need reads on until so many leaves are at hand, or the log has no more.
func (w *logWindow) need(count int) error {
	for len(w.leaves) < count && !w.ended {
		page, err := w.source.Leaves(w.ctx, w.next, pageSize)
		if err != nil {
			return err
		}
		w.ended = len(page) < pageSize
		if len(page) > 0 {
			w.next = page[len(page)-1].Number
		}
		w.leaves = append(append(make([]Leaf, 0, len(w.leaves)+len(page)), w.leaves...), page...)
	}
	return nil
}

func (w *logWindow) has(i int) bool { return i < len(w.leaves) }
func (w *logWindow) at(i int) Leaf  { return w.leaves[i] }

func (w *logWindow) drop() Leaf {
	l := w.leaves[0]
	w.leaves = w.leaves[1:]
	w.dropped++
	return l
}

// is tells whether an event ahead is the one that was sealed.
func (w *logWindow) is(i int, sealed sealedLeaf) bool {
	return w.has(i) && sealed.known && w.leaves[i].Unreadable == nil && w.leaves[i].Hash == sealed.hash
}

// sealedLeaf is what the folder has of an event.
type sealedLeaf struct {
	number int
	hash   tlog.Hash
	nodes  []tlog.Hash // stored after it
	known  bool        // the file has it
}

// sealedWindow looks some leaves ahead in the stored hashes.
type sealedWindow struct {
	hashes *bufio.Reader
	size   int // as the newest head says
	read   int
	leaves []sealedLeaf
}

// need reads on until so many leaves are at hand, or the newest head covers no more.
func (w *sealedWindow) need(count int) error {
	for len(w.leaves) < count && w.read < w.size {
		w.read++
		leaf := sealedLeaf{number: w.read}
		stored := make([]tlog.Hash, 1+bits.TrailingZeros(uint(w.read)))
		whole := true
		for i := range stored {
			_, err := io.ReadFull(w.hashes, stored[i][:])
			if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
				whole = false
				break
			}
			if err != nil {
				return err
			}
			leaf.hash, leaf.known = stored[0], true
		}
		if whole {
			leaf.nodes = stored[1:]
		}
		w.leaves = append(w.leaves, leaf)
	}
	return nil
}

// at is a leaf ahead; one that is not known beyond the end.
func (w *sealedWindow) at(i int) sealedLeaf {
	if i >= len(w.leaves) {
		return sealedLeaf{}
	}
	return w.leaves[i]
}

func (w *sealedWindow) take() (sealedLeaf, error) {
	if err := w.need(1); err != nil {
		return sealedLeaf{}, err
	}
	l := w.leaves[0]
	w.leaves = w.leaves[1:]
	return l, nil
}
