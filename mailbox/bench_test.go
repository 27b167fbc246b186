package mailbox

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"
)

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPoll is a look at INBOX and Sent in which nothing happened. Bytes
// and CPU (of the collector and the scripted server together) must not depend
// on how much the folders hold: the ratios are to the smallest.
func BenchmarkPoll(b *testing.B) {
	var firstBytes, firstCPU float64
	for _, size := range []uint32{10, 1_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s, c := fullMailbox(b, size)
			ctx := context.Background()
			defer c.link.drop()
			if err := c.once(ctx); err != nil {
				b.Fatal(err)
			}
			sent, cpu := s.wireBytes(), cpuTime(b)
			for b.Loop() {
				if err := c.once(ctx); err != nil {
					b.Fatal(err)
				}
			}
			bytes := float64(s.wireBytes()-sent) / float64(b.N)
			used := float64((cpuTime(b) - cpu).Microseconds()) / float64(b.N)
			if firstBytes == 0 {
				firstBytes, firstCPU = bytes, used
			}
			b.ReportMetric(bytes, "wire-B/op")
			b.ReportMetric(bytes/firstBytes, "wire-ratio")
			b.ReportMetric(used/firstCPU, "cpu-ratio")
		})
	}
}

// fullMailbox has two folders whose every message is archived already.
func fullMailbox(b *testing.B, size uint32) (*fakeServer, *Collector) {
	s := newFakeServer(b)
	l := newMemLedger()
	s.folder("Inviata", `\Sent`)
	for name, f := range s.folders {
		f.uidNext = size + 1
		for u := range size {
			f.messages[u+1] = &fakeMessage{generate: 20_000}
		}
		l.folders[place{"ufficio@pec.example", name}] = FolderState{f.uidValidity, f.uidNext, size, time.Now(), name != "INBOX"}
	}
	c, err := New(s.account(), allArchived{l, size}, l.deliver, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s, c
}

// allArchived answers at once, as a database with an index does; the map of the
// tests would have to be searched.
type allArchived struct {
	*memLedger
	size uint32
}

func (allArchived) Pending(context.Context, string, string, uint32, uint32, int) ([]Entry, error) {
	return nil, nil
}

func (a allArchived) Known(_ context.Context, _, _ string, _, after uint32, limit int) ([]Known, error) {
	var known []Known
	for u := after + 1; u <= a.size && len(known) < limit; u++ {
		known = append(known, Known{u, Archived})
	}
	return known, nil
}

// BenchmarkBacklog collects many PECs of a common size. The receiver only takes
// their digest: the figure is the collector's own, and its floor is that digest.
func BenchmarkBacklog(b *testing.B) {
	const size = 20_000
	content := strings.Repeat("0123456789abcdef\n", size/17)
	s := newFakeServer(b)
	l := newMemLedger()
	for range b.N {
		s.add("INBOX", content)
	}
	c, err := New(s.account(), l, nil, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.link.drop()
	c.deliver = func(ctx context.Context, a Arrival, r io.Reader) error {
		if _, err := io.Copy(sha256.New(), r); err != nil {
			return err
		}
		return l.deliver(ctx, a, strings.NewReader(""))
	}
	b.ResetTimer()
	cpu := cpuTime(b)
	if err := c.once(context.Background()); err != nil {
		b.Fatal(err)
	}
	if got := len(l.contents("INBOX")); got != b.N {
		b.Fatalf("%d of %d collected", got, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/message")
}
