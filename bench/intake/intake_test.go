// Package intake measures the whole way of a PEC: from the provider's IMAP
// server through the collector, the archive and the checker to the committed
// row, in the real program, as an operator would run it.
package intake

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/provider"
)

const (
	backlog = 10_000
	letter  = 15 << 10 // of attachment: some 20 KB on the wire and 24 in the envelope
	idle    = 3 * time.Second
)

// BenchmarkBacklog takes in what waits when a mailbox is collected for the
// first time. Memory must not grow with the backlog: the peak of all is set
// against the peak of the first tenth.
func BenchmarkBacklog(b *testing.B) {
	for b.Loop() {
		world := startWorld(b)
		world.fill(b, backlog, letter)
		office := startOffice(b, world)
		begun, cpu := time.Now(), office.cpu(b)
		office.wait(b, backlog/10)
		early := office.peak(b)
		office.wait(b, backlog)
		took, spent := time.Since(begun), office.cpu(b)-cpu
		b.ReportMetric(float64(backlog)/took.Seconds(), "PECs/s")
		b.ReportMetric(spent.Seconds()*1000/backlog, "cpu-ms/PEC")
		b.ReportMetric(early, "peak-MB-at-1000")
		b.ReportMetric(office.peak(b), "peak-MB-at-10000")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkBigMessage takes in one PEC of 1 MB and one of 100 MB, each by a
// fresh program that has settled, and sets the growth of its memory side by side.
func BenchmarkBigMessage(b *testing.B) {
	for b.Loop() {
		small, big := growth(b, 1<<20), growth(b, 100<<20)
		b.ReportMetric(small, "growth-MB-at-1MB")
		b.ReportMetric(big, "growth-MB-at-100MB")
		b.ReportMetric(0, "ns/op")
	}
}

// growth is the peak of memory over the idle program, in MB, while one message
// of about size bytes comes in.
func growth(b *testing.B, size int) float64 {
	world := startWorld(b)
	office := startOffice(b, world)
	world.send(b, "avviamento", 1<<10) // what every process does once is no growth
	office.wait(b, 1)
	<-time.After(idle)
	office.forgetPeak(b)
	before := office.peak(b)
	world.send(b, "grande", size*3/4)
	office.wait(b, 2)
	return office.peak(b) - before
}

type world struct{ *provider.Provider }

const (
	clerk  = "protocollo@pec.ente.example"
	sender = "mittente@pec.impresa.example"
)

func startWorld(b *testing.B) world {
	p, err := provider.Start(b.Context(), provider.Config{
		Operators: []provider.Operator{{Name: "Gestore", Domain: "gestore.example", Domains: []string{"pec.ente.example", "pec.impresa.example"}}},
		Accounts:  []provider.Account{{Address: clerk, Password: "prova"}, {Address: sender, Password: "prova"}},
		Limit:     1 << 40, DataDir: b.TempDir(),
	})
	require.NoError(b, err)
	b.Cleanup(func() { _ = p.Close() })
	return world{p}
}

func (w world) send(b *testing.B, subject string, attachment int) {
	content := make([]byte, attachment)
	r := rand.NewChaCha8([32]byte{byte(len(subject))})
	_, _ = r.Read(content) // never fails
	_, err := w.Send(b.Context(), provider.Mail{From: sender, To: []string{clerk}, Subject: subject, Text: "Si trasmette.",
		Receipt: "sintetica", Attachments: []provider.Attachment{{Name: "allegato.bin", Content: content}}})
	require.NoError(b, err)
	require.NoError(b, w.Settle(b.Context()))
}

// fill puts n different PECs into the clerk's box.
func (w world) fill(b *testing.B, n, attachment int) {
	content := bytes.Repeat([]byte("0123456789abcdef"), attachment/16)
	for i := range n {
		copy(content, fmt.Sprintf("%016d", i))
		_, err := w.Send(b.Context(), provider.Mail{From: sender, To: []string{clerk}, Subject: fmt.Sprintf("Lettera %d", i), Text: "Si trasmette.",
			Receipt: "sintetica", Attachments: []provider.Attachment{{Name: "allegato.bin", Content: content}}})
		require.NoError(b, err)
	}
	require.NoError(b, w.Settle(context.WithoutCancel(b.Context())))
}
