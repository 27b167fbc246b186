package mailbox

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A message that the cursor passed by, for whatever reason, is found by the
// full comparison and counted as a gap.
func TestReconciliationFindsAGap(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(5, 300)
	s.add("INBOX", want...)
	l := newMemLedger()
	_, stop := collecting(t, s.account(), l, quick())
	until(t, l, "all", has(l, "INBOX", want))
	until(t, l, "a report", func() bool { _, ok := l.report(0); return ok })
	stop()
	l.mu.Lock()
	delete(l.rows, Ref{"ufficio@pec.example", "INBOX", 7, 2})
	l.reports = nil
	l.mu.Unlock()
	s.do(func() { delete(s.folders["INBOX"].messages, 1) })

	collecting(t, s.account(), l, quick())
	until(t, l, "a report", func() bool { _, ok := l.report(0); return ok })
	r, _ := l.report(0)
	require.Equal(t, Reconciliation{UIDValidity: 7, OnServer: 4, Archived: 4, Missing: 1, Gone: 1}, r)
	require.Equal(t, want[1], l.contents("INBOX")[2])
}

// Our own troubles are no message's fault: nothing is set aside, however long
// the disk stays full.
func TestATroubleOfTheReceiverQuarantinesNothing(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(6, 300)
	s.add("INBOX", want...)
	l := newMemLedger()
	var refused atomic.Int32
	l.receive = func(_ Arrival, err error) error {
		if refused.Add(1) <= 30 {
			return errors.New("no space left on device")
		}
		return err
	}
	c, _ := collecting(t, s.account(), l, quick())
	until(t, l, "the error to be seen", func() bool { return strings.Contains(c.Health().LastError, "no space left") })
	until(t, l, "all", has(l, "INBOX", want))
	require.Empty(t, l.quarantined("INBOX"))
}

// Messages that the receiver cannot keep wait, and hold up no other, however
// many they are.
func TestMessagesThatCannotBeKeptHoldUpNoOther(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(20, 300)
	s.add("INBOX", want[:15]...)
	l := newMemLedger()
	l.receive = func(a Arrival, err error) error {
		if a.UID <= 7 {
			return errors.New("a constraint of the database")
		}
		return err
	}
	c, _ := collecting(t, s.account(), l, quick())
	until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 8 })
	s.add("INBOX", want[15:]...)
	until(t, l, "the news", func() bool { return len(l.contents("INBOX")) == 13 })
	require.Equal(t, Failing, c.Health().State)
	require.Contains(t, c.Health().LastError, "a constraint of the database")
	require.Empty(t, l.quarantined("INBOX"))
}

func TestAMessageThatBreaksTheReceiverIsSetAside(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.add("INBOX", letters(6, 300)...)
	l := newMemLedger()
	l.receive = func(a Arrival, err error) error {
		if a.UID == 2 {
			panic("index out of range")
		}
		return err
	}
	collecting(t, s.account(), l, quick())
	until(t, l, "2 set aside", func() bool { return strings.Contains(l.quarantined("INBOX")[2], "index out of range") })
	until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 5 })
}

// A receiver that gives up in the middle (go-imap's own Close would wait for
// ever) costs a connection and nothing else.
func TestAReceiverThatDoesNotReadOn(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := append(letters(3, 300), strings.Repeat("x", 3<<20))
	s.add("INBOX", want...)
	l := newMemLedger()
	var lazy atomic.Int32
	c, err := New(s.account(), l, nil, quick())
	require.NoError(t, err)
	c.deliver = func(ctx context.Context, a Arrival, r io.Reader) error {
		if a.UID == 4 && lazy.Add(1) < 3 {
			io.ReadFull(r, make([]byte, 10))
			return errors.New("disk failure")
		}
		return l.deliver(ctx, a, r)
	}
	runUntil(t, c, l, "all", has(l, "INBOX", want))
}

// The full comparison is made again when its time has come.
func TestReconciliationIsRepeated(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.add("INBOX", letters(3, 100)...)
	o := quick()
	o.Timing.Reconcile = time.Millisecond
	l := newMemLedger()
	collecting(t, s.account(), l, o)
	until(t, l, "a third report", func() bool { _, ok := l.report(2); return ok })
	last, _ := l.report(2)
	require.Equal(t, Reconciliation{UIDValidity: 7, OnServer: 3, Archived: 3}, last)
}

// An attempt is counted before it begins, so that a message that kills the
// program each time does not do so for ever.
func TestAMessageThatKillsTheProgramIsNotTriedForEver(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.add("INBOX", letters(3, 100)...)
	l := newMemLedger()
	l.rows[Ref{"ufficio@pec.example", "INBOX", 7, 2}] = &memRow{attempts: crashLimit}
	collecting(t, s.account(), l, quick())
	until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 2 })
	until(t, l, "2 set aside", func() bool { return l.quarantined("INBOX")[2] == reasonCrash })
	for _, c := range s.received() {
		require.False(t, fetchesBody(c, 2), c)
	}
}
