package mailbox

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cutSession collects from a server that cuts the first connection after so
// many bytes. It tells how many bytes the server had to send for all of it.
func cutSession(t *testing.T, cut int64) int64 {
	s := newFakeServer(t)
	defer s.close()
	s.folder("Inviata", `\Sent`)
	want := append(letters(4, 60), strings.Repeat("0123456789", 30))
	s.add("INBOX", want...)
	s.add("Inviata", want[0])
	s.cutAt = cut
	o := quick()
	o.Caps.Chunk = 128
	l := newMemLedger()
	_, stop := collecting(t, s.account(), l, o)
	defer stop()
	until(t, l, "INBOX", has(l, "INBOX", want))
	until(t, l, "sent mail", has(l, "Inviata", want[:1]))
	require.Empty(t, l.quarantined("INBOX"), "cut at %d", cut)
	require.Empty(t, l.doubled, "cut at %d", cut)
	sent, err := l.Folder(t.Context(), "ufficio@pec.example", "Inviata")
	require.NoError(t, err)
	require.True(t, sent.Sent, "the desk has to know what we wrote ourselves")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// Wherever a connection ends, nothing is lost, nothing is archived that is not
// a whole message, and the collector goes on. SMISTA_LONG=1 tries every byte.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	total := cutSession(t, -1)
	stride := int64(13)
	if os.Getenv("SMISTA_LONG") == "1" {
		stride = 1
	}
	for cut := int64(0); cut < total; cut += stride {
		cutSession(t, cut)
	}
}

// A line that is always cut after a while still brings a large message home:
// each new connection goes on where the last one ended.
func TestALargeMessageOverALineThatIsAlwaysCut(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	const size = 5 << 20
	s.add("INBOX", "")
	s.folders["INBOX"].messages[1] = &fakeMessage{generate: size}
	s.cutAt, s.cutEach = 700_000, true
	o := quick()
	o.Caps.Chunk = 1 << 20
	l := newMemLedger()
	c, err := New(s.account(), l, nil, o)
	require.NoError(t, err)
	c.deliver = func(ctx context.Context, a Arrival, r io.Reader) error {
		return l.deliver(ctx, a, &checked{r: r})
	}
	runUntil(t, c, l, "the message", func() bool { return len(l.contents("INBOX")[1]) == size })
	require.Equal(t, 1, l.attempts(1))
}

// checked fails when the bytes are not those of the pattern.
type checked struct {
	r   io.Reader
	off int64
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for _, b := range p[:n] {
		if b != pattern(c.off) {
			return 0, io.ErrNoProgress
		}
		c.off++
	}
	return n, err
}

// A slow line is not a dead one, as long as bytes come.
func TestASlowLineIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(3, 3000)
	s.add("INBOX", want...)
	s.spoil = func(c *fakeConn, tag, command string) bool {
		if !fetchesBody(command, 2) {
			return false
		}
		m := c.message(2).content
		fmt.Fprintf(c, "* 2 FETCH (UID 2 BODY[] {%d}\r\n", len(m))
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for len(m) > 0 {
			<-tick.C
			n := min(len(m), 40)
			c.Write(m[:n])
			m = m[n:]
		}
		c.say(")")
		c.say("%s OK done", tag)
		return true
	}
	o := quick()
	o.Timing.Silence = 200 * time.Millisecond // less than the message takes
	l := newMemLedger()
	collecting(t, s.account(), l, o)
	until(t, l, "all", has(l, "INBOX", want))
	require.Equal(t, 1, l.attempts(2))
}

// A server that sends one byte now and then, for ever, is dead.
func TestATrickleIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.add("INBOX", letters(3, 3000)...)
	var dripping atomic.Int32
	s.spoil = func(c *fakeConn, tag, command string) bool {
		if !fetchesBody(command, 2) {
			return false
		}
		dripping.Add(1)
		io.WriteString(c, "* 2 FETCH (UID 2 BODY[] {3000}\r\n")
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for range 1000 {
			<-tick.C
			if _, err := c.Write([]byte("x")); err != nil {
				break
			}
		}
		return true
	}
	o := quick()
	o.Timing.Silence = 100 * time.Millisecond
	l := newMemLedger()
	collecting(t, s.account(), l, o)
	until(t, l, "2 set aside", func() bool { return len(l.quarantined("INBOX")) == 1 })
	until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 2 })
}

// 100 MB pass through in the memory of a few.
func TestALargeMessageInLittleMemory(t *testing.T) {
	s := newFakeServer(t)
	s.add("INBOX", "")
	const size = 100 << 20
	s.folders["INBOX"].messages[1] = &fakeMessage{generate: size}
	l := newMemLedger()
	c, err := New(s.account(), l, nil, quick())
	require.NoError(t, err)
	var peak atomic.Uint64
	c.deliver = func(ctx context.Context, a Arrival, r io.Reader) error {
		n, err := io.Copy(&meter{peak: &peak}, &checked{r: r})
		if err != nil {
			return err
		}
		return l.deliver(ctx, a, io.LimitReader(patternAt0(), n%1000))
	}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	runUntil(t, c, l, "the message", func() bool { return len(l.contents("INBOX")) == 1 })
	require.Len(t, l.contents("INBOX")[1], size%1000)
	require.Less(t, int64(peak.Load())-int64(before.HeapAlloc), int64(8<<20))
}

func patternAt0() io.Reader { return io.NewSectionReader(patternReader{}, 0, 1<<20) }

// meter looks at the heap every few megabytes.
type meter struct {
	peak *atomic.Uint64
	n    int
}

func (m *meter) Write(p []byte) (int, error) {
	if m.n += len(p); m.n > 4<<20 {
		m.n = 0
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		m.peak.Store(max(m.peak.Load(), now.HeapAlloc))
	}
	return len(p), nil
}
