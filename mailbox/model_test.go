package mailbox

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// world is a server, a collector that is started and stopped, and what must be
// in the archive when all is quiet.
type world struct {
	t       *rapid.T
	s       *fakeServer
	l       *memLedger
	stop    func()
	serial  int
	present map[uint32]string // on the server now
	before  map[uint32]string // deleted there: archived or given up
}

func (w *world) start() {
	if w.stop != nil {
		return
	}
	o := quick()
	o.Timing.Poll = 2 * time.Millisecond
	o.Caps.Chunk = 500
	_, w.stop = running(w.s.account(), w.l, o)
}

func (w *world) halt() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}

// add puts a letter of any size, small or in several pieces, on the server.
func (w *world) add() {
	w.serial++
	size := rapid.SampledFrom([]int{1, 40, 499, 500, 501, 1600}).Draw(w.t, "size")
	content := fmt.Sprintf("%0*d", size, w.serial)
	w.s.do(func() { w.present[w.s.folders["INBOX"].uidNext] = content })
	w.s.add("INBOX", content)
}

func (w *world) remove() {
	if len(w.present) == 0 {
		return
	}
	uid := rapid.SampledFrom(slices.Sorted(maps.Keys(w.present))).Draw(w.t, "uid")
	w.s.do(func() { delete(w.s.folders["INBOX"].messages, uid) })
	w.before[uid] = w.present[uid]
	delete(w.present, uid)
}

func (w *world) renumber() {
	w.s.do(func() {
		f := w.s.folders["INBOX"]
		f.uidValidity++
		f.uidNext = 1
		old := w.present
		f.messages, w.present, w.before = map[uint32]*fakeMessage{}, map[uint32]string{}, map[uint32]string{}
		for _, uid := range slices.Sorted(maps.Keys(old)) {
			content := old[uid]
			f.messages[f.uidNext] = &fakeMessage{content: []byte(content)}
			w.present[f.uidNext] = content
			f.uidNext++
		}
	})
}

// check waits until all is collected, and compares.
func (w *world) check() {
	w.start()
	until(w.t, w.l, "all that is on the server", func() bool {
		got := w.archived()
		for uid, content := range w.present {
			if got[uid] != content {
				return false
			}
		}
		return true
	})
	for uid, content := range w.archived() {
		if w.present[uid] != content && w.before[uid] != content {
			w.t.Fatalf("message %d was archived as %.60q and never was that", uid, content)
		}
	}
	require.Empty(w.t, w.l.doubled)
	for uid, reason := range w.quarantined() {
		require.Equal(w.t, reasonGone, reason)
		require.Contains(w.t, w.before, uid)
	}
}

func (w *world) validity() (v uint32) {
	w.s.do(func() { v = w.s.folders["INBOX"].uidValidity })
	return v
}

func (w *world) archived() map[uint32]string {
	v := w.validity()
	w.l.mu.Lock()
	defer w.l.mu.Unlock()
	got := map[uint32]string{}
	for r, row := range w.l.rows {
		if r.UIDValidity == v && row.state == Archived {
			got[r.UID] = row.content
		}
	}
	return got
}

func (w *world) quarantined() map[uint32]string {
	v := w.validity()
	got := map[uint32]string{}
	w.l.mu.Lock()
	defer w.l.mu.Unlock()
	for r, row := range w.l.rows {
		if r.UIDValidity == v && row.state == Quarantined {
			got[r.UID] = row.reason
		}
	}
	return got
}

// Whatever happens to the server, the line and the program: in the end each
// message that is on the server is archived as it is, and nothing else.
func TestNothingLostNothingInvented(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newServer(rt)
		defer s.close()
		w := &world{t: rt, s: s, l: newMemLedger(), present: map[uint32]string{}, before: map[uint32]string{}}
		defer w.halt()
		rt.Repeat(map[string]func(*rapid.T){
			"add":       func(*rapid.T) { w.add() },
			"add more":  func(*rapid.T) { w.add(); w.add(); w.add() },
			"remove":    func(*rapid.T) { w.remove() },
			"renumber":  func(*rapid.T) { w.renumber() },
			"start":     func(*rapid.T) { w.start() },
			"stop":      func(*rapid.T) { w.halt() },
			"cut now":   func(*rapid.T) { s.cutAll() },
			"cut later": func(rt *rapid.T) { n := rapid.Int64Range(0, 3000).Draw(rt, "byte"); s.do(func() { s.cutAt = n }) },
			"whole":     func(*rapid.T) { s.do(func() { s.cutAt = -1 }) },
		})
		w.check()
	})
}

// The end of ranges that a server may write in any way it likes.
func TestSpread(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.MapOf(rapid.Uint32Range(1, math.MaxUint32), rapid.Just(true)).Draw(rt, "uids")
		first := rapid.Uint32Range(1, math.MaxUint32).Draw(rt, "first")
		got, err := spread(uidSet(slices.Collect(maps.Keys(want))), first, int64(len(want)))
		require.NoError(rt, err)
		var expected []uint32
		for _, u := range slices.Sorted(maps.Keys(want)) {
			if u >= first {
				expected = append(expected, u)
			}
		}
		require.Equal(rt, expected, got)
	})
}
