//go:build linux

package fanout

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkIdle is the memory of a server for each dashboard that only waits.
// The kernel's, some 5 KB for a socket, comes on top with every server.
func BenchmarkIdle(b *testing.B) {
	peers := everyone(b)
	l := load{subscribers: 5000}.sized()
	for b.Loop() {
		seen := make([][]float64, len(peers))
		for range rounds() {
			for i, p := range peers {
				seen[i] = append(seen[i], idle(b, p, l))
			}
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "%d idle\tKB each\t\n", l.subscribers)
		for i, p := range peers {
			slices.Sort(seen[i])
			fmt.Fprintf(table, "%s\t%.1f\t\n", p.name, seen[i][len(seen[i])/2])
			if i > 0 {
				b.ReportMetric(seen[0][len(seen[0])/2]/seen[i][len(seen[i])/2], "KB/"+p.name)
			}
		}
		require.NoError(b, table.Flush())
		b.ReportMetric(seen[0][len(seen[0])/2], "KB/dashboard")
		b.ReportMetric(0, "ns/op")
	}
}

// idle gives the KB that a server has taken for each subscriber.
func idle(b *testing.B, p peer, l load) float64 {
	server, a, before := gather(b, p, l)
	a.rest(b, settled)
	after, err := server.resident()
	require.NoError(b, err)
	server.kill()
	require.NoError(b, a.close())
	return (after - before) / float64(l.subscribers)
}

// BenchmarkReconnect lets everybody come back at once, each with the cursor of the
// last event it saw, after the server was killed. Events go on meanwhile; it is
// over when each subscriber has each of them, once and in order.
func BenchmarkReconnect(b *testing.B) {
	l := load{subscribers: 10_000, rate: 20, offices: 50}.sized()
	for b.Loop() {
		var took, cpu []float64
		for range rounds() {
			seconds, used := comeBack(b, l)
			took, cpu = append(took, seconds), append(cpu, used)
		}
		slices.Sort(took)
		slices.Sort(cpu)
		b.ReportMetric(took[len(took)/2], "s-until-all-are-back")
		b.ReportMetric(float64(l.subscribers)/took[len(took)/2], "subscribers/s")
		b.ReportMetric(cpu[len(cpu)/2]*1000/float64(l.subscribers), "cpu-ms/subscriber")
		b.ReportMetric(0, "ns/op")
	}
}

// comeBack gives the seconds from where the new server listens until all are
// back without a gap, and the CPU seconds that it used.
func comeBack(b *testing.B, l load) (took, cpu float64) {
	s := setting{Peer: "smista", Dir: b.TempDir(), Offices: l.offices, People: l.people}
	server := start(b, "", s)
	a, err := newAudience(ourProtocol, l.subscribers)
	require.NoError(b, err)
	defer func() { require.NoError(b, a.close()) }()
	for i, one := range a.all {
		one.cursor, one.token = []byte(server.Cursor), server.Tokens[i%len(server.Tokens)]
	}
	require.NoError(b, a.visit(server.Addr))
	require.NoError(b, a.assemble(server, setUp), "connect %d subscribers", l.subscribers)

	published := server.pace(1, l.rate, l.rate)
	require.NoError(b, a.until(setUp, func() bool { return a.deliveries == l.rate*l.subscribers }))
	require.NoError(b, <-published)
	server.kill()
	require.NoError(b, a.until(setUp, func() bool { return a.live == 0 }))

	server = start(b, "", s)
	defer server.kill()
	a.gone, a.why, a.atOnce = 0, nil, l.subscribers
	last := 2 * l.rate
	begun := time.Now()
	published = server.pace(l.rate+1, last, l.rate)
	require.NoError(b, a.visit(server.Addr))
	require.NoError(b, a.until(setUp, func() bool { return a.live == len(a.all) && a.deliveries >= last*l.subscribers }))
	took = time.Since(begun).Seconds()
	require.NoError(b, <-published)
	for _, one := range a.all {
		require.Equal(b, count{last: last}, one.count, "subscriber %d", one.number)
	}
	require.Zero(b, a.gone, "%v", a.why)
	cpu, err = server.cpu()
	require.NoError(b, err)
	b.Logf("%d are back after %.1f s", l.subscribers, took)
	if a.retries > 0 {
		b.Logf("%d handshakes had to be begun again, the last one: %v", a.retries, a.why)
	}
	return took, cpu
}
