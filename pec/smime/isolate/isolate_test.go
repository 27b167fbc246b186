package isolate_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/smime/isolate"
	"github.com/smista/smista/pec/testpki"
	"github.com/stretchr/testify/require"
)

// TestMain lets this binary play the child: "verify-worker" is the real one,
// "trapped-worker" one that falls into the trap that a message names.
func TestMain(m *testing.M) {
	args := slices.Concat(os.Args[1:], []string{"", "", ""})
	var err error
	switch args[0] {
	case "verify-worker":
		err = isolate.Run(args[2])
	case "trapped-worker":
		if err = isolate.Confine(); err == nil {
			err = isolate.Serve(trap{os.Stdin}, os.Stdout, smime.DefaultAnchors())
		}
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// trap is a reader that kills its process when certain senders pass by, in the
// ways in which parsing could.
type trap struct{ io.Reader }

func (t trap) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	switch {
	case bytes.Contains(p[:n], []byte("overflow@")):
		fmt.Fprint(io.Discard, overflow(0))
	case bytes.Contains(p[:n], []byte("balloon@")):
		for hoard := [][]byte{}; ; {
			hoard = append(hoard, make([]byte, 64<<20))
		}
	case bytes.Contains(p[:n], []byte("hang@")):
		<-time.After(time.Hour)
	case bytes.Contains(p[:n], []byte("babble@")):
		fmt.Fprint(os.Stdout, "\xff\xff\xff\xffnot a frame")
	}
	return n, err
}

func overflow(n int) int { return overflow(n+1) + 1 } //nolint:staticcheck // overflows on purpose

// setUp makes a hierarchy, saves what trusts it, and signs a message.
func setUp(t testing.TB) (trust string, message smime.Signed) {
	t.Helper()
	now := time.Now()
	h, err := testpki.New(now, "pec.prova.it")
	require.NoError(t, err)
	trust = t.TempDir()
	require.NoError(t, h.SaveTrust(trust))
	p7s, err := h.Provider("pec.prova.it").Sign(strings.NewReader("x\r\n"), smime.SignOptions{Time: now})
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("x\r\n"))
	return trust, smime.Signed{
		P7S:      p7s,
		Digests:  map[crypto.Hash][]byte{crypto.SHA256: sum[:]},
		From:     "posta-certificata@pec.prova.it",
		Received: now,
	}
}

func newWorker(t testing.TB, trust string, options ...isolate.Option) *isolate.Worker {
	t.Helper()
	w := isolate.New(trust, options...)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

// The child says what the verifier in this process would have said.
func TestChildGivesTheSameVerdict(t *testing.T) {
	t.Parallel()
	trust, message := setUp(t)
	w := newWorker(t, trust)
	anchors, err := smime.LoadAnchors(trust)
	require.NoError(t, err)
	broken := message
	broken.P7S = message.P7S[:100]
	needy := message
	needy.Digests = nil
	for _, m := range []smime.Signed{message, broken, needy, {}} {
		require.Equal(t, anchors.Verify(t.Context(), m), w.Verify(t.Context(), m))
	}
}

// Many goroutines share one child.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	trust, message := setUp(t)
	w := newWorker(t, trust)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if v := w.Verify(t.Context(), message); v.Status != smime.Valid {
				t.Error(v.Reasons)
			}
		})
	}
	all.Wait()
}

// A message that kills its checker costs only its own verdict: the messages
// before and after it are judged.
func TestDeadlyMessages(t *testing.T) {
	t.Parallel()
	tests := []struct{ from, code string }{
		{"overflow@x.it", "checker-died"},
		{"balloon@x.it", "checker-died"},
		{"babble@x.it", "checker-died"},
		{"hang@x.it", "checker-timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.from, func(t *testing.T) {
			t.Parallel()
			timeout := 30 * time.Second
			if tt.code == "checker-timeout" {
				timeout = 200 * time.Millisecond
			}
			w := newWorker(t, "", isolate.Command(os.Args[0], "trapped-worker"), isolate.Timeout(timeout))
			requireJudged(t, w)
			v := w.Verify(t.Context(), smime.Signed{From: tt.from})
			require.Equal(t, smime.Unverifiable, v.Status)
			require.Equal(t, tt.code, v.Reasons[0].Code, v.Reasons)
			requireJudged(t, w)
		})
	}
}

// requireJudged asks about an empty signature; a slow machine may take several
// tries to start a child within a short timeout.
func requireJudged(t *testing.T, w *isolate.Worker) {
	t.Helper()
	answered := func() bool {
		return w.Verify(t.Context(), smime.Signed{From: "good@x.it"}).Reasons[0].Code == "malformed"
	}
	require.Eventually(t, answered, 30*time.Second, time.Millisecond)
}

// A child that died while idle is no fault of the next message.
func TestIdleDeath(t *testing.T) {
	t.Parallel()
	w := newWorker(t, "")
	requireJudged(t, w)
	isolate.KillIdle(w)
	require.Equal(t, "malformed", w.Verify(t.Context(), smime.Signed{}).Reasons[0].Code)
}

// A caller that gives up gets an answer at once and the next one a child.
func TestCancelled(t *testing.T) {
	t.Parallel()
	w := newWorker(t, "", isolate.Command(os.Args[0], "trapped-worker"), isolate.Timeout(time.Minute))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	require.Equal(t, "cancelled", w.Verify(ctx, smime.Signed{From: "hang@x.it"}).Reasons[0].Code)
	require.Equal(t, "cancelled", w.Verify(ctx, smime.Signed{}).Reasons[0].Code)
	requireJudged(t, w)
}

// A checker that cannot run is said to be so, and nothing is valid.
func TestNoChild(t *testing.T) {
	t.Parallel()
	missing := newWorker(t, "", isolate.Command("/nonexistent/smista"))
	closed := isolate.New("", isolate.Command(os.Args[0], "verify-worker"))
	require.NoError(t, closed.Close())
	untrusting := newWorker(t, t.TempDir()) // an empty trust folder: the child refuses to start
	for _, w := range []*isolate.Worker{missing, closed, untrusting} {
		v := w.Verify(t.Context(), smime.Signed{})
		require.Equal(t, smime.Unverifiable, v.Status)
		require.Equal(t, "checker-died", v.Reasons[0].Code)
	}
}

// What is too large for a request does not reach the child.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorker(t, "", isolate.Command("/nonexistent/smista"))
	v := w.Verify(t.Context(), smime.Signed{P7S: make([]byte, 4<<20)})
	require.Equal(t, "too-large", v.Reasons[0].Code)
}

// The child's side ends quietly with its input and refuses anything but requests.
func TestServeRefusesGarbage(t *testing.T) {
	t.Parallel()
	serve := func(in string) error {
		return isolate.Serve(strings.NewReader(in), io.Discard, smime.NewAnchors())
	}
	require.NoError(t, serve(""))
	require.NoError(t, serve("\x00\x00\x00\x02{}"))
	require.ErrorContains(t, serve("\x00\x00\x00\x02no"), "read a request")
	require.ErrorContains(t, serve("\x00\x00\x00\x05{}"), "cut short")
	require.ErrorContains(t, serve("\x00\x00\x00\x05"), "cut short")
	require.ErrorContains(t, serve("\xff\xff\xff\xff"), "more than")
}

// BenchmarkWorker is one signature judged in the child, there and back.
func BenchmarkWorker(b *testing.B) {
	trust, message := setUp(b)
	w := newWorker(b, trust)
	for b.Loop() {
		if v := w.Verify(b.Context(), message); v.Status != smime.Valid {
			b.Fatal(v.Reasons)
		}
	}
}
