//go:build linux

package fanout

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
)

// contender is a peer under a load.
type contender struct {
	peer
	load
	name string // in the table and in metrics
}

// compete makes the rounds, each contender in each round; who fell behind once
// is not asked again. It prints the medians and gives them.
func compete(b *testing.B, all []contender) []figures {
	seen := make([][]figures, len(all))
	for range rounds() {
		for i, c := range all {
			if n := len(seen[i]); n > 0 && seen[i][n-1].behind {
				continue
			}
			seen[i] = append(seen[i], measure(b, c.peer, c.sized()))
		}
	}
	medians := make([]figures, len(all))
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tCPU-s/M\tp50 ms\tp99 ms\tdeliveries/s\tbytes\tarrived\tlost\tcut\t")
	for i, c := range all {
		f := middle(seen[i])
		medians[i] = f
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%.3f\t%d\t%d\t\n", c.name, f.cpu, f.p50, f.p99, f.rate, f.size, f.arrived, f.lost, f.cut)
	}
	_ = table.Flush() // to standard output
	return medians
}

// middle is the median of each figure by itself.
func middle(of []figures) figures {
	last := of[len(of)-1]
	return figures{
		cpu: median(of, func(f figures) float64 { return f.cpu }), p50: median(of, func(f figures) float64 { return f.p50 }),
		p99: median(of, func(f figures) float64 { return f.p99 }), rate: median(of, func(f figures) float64 { return f.rate }),
		size:    median(of, func(f figures) float64 { return f.size }),
		arrived: median(of, func(f figures) float64 { return f.arrived }), lost: median(of, func(f figures) int { return f.lost }),
		cut: median(of, func(f figures) int { return f.cut }), behind: last.behind,
	}
}

func median[T cmp.Ordered](of []figures, figure func(figures) T) T {
	all := make([]T, len(of))
	for i, f := range of {
		all[i] = figure(f)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// each runs a benchmark for each load, with everybody under it, and reports
// ours as ratios to the peers.
func each(b *testing.B, loads ...load) {
	peers := everyone(b)
	for _, l := range loads {
		b.Run(l.sized().String(), func(b *testing.B) {
			for b.Loop() {
				var all []contender
				for _, p := range peers {
					all = append(all, contender{p, l, p.name})
				}
				m := compete(b, all)
				b.ReportMetric(m[0].cpu, "cpu-s/M")
				b.ReportMetric(m[0].p99, "p99-ms")
				b.ReportMetric(m[0].arrived, "arrived")
				for i, p := range peers[1:] {
					b.ReportMetric(m[0].cpu/m[i+1].cpu, "cpu/"+p.name)
					b.ReportMetric(m[0].p99/m[i+1].p99, "p99/"+p.name)
					b.ReportMetric(m[0].rate/m[i+1].rate, "rate/"+p.name)
				}
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// BenchmarkFanout is what CPU and latency a delivery costs.
func BenchmarkFanout(b *testing.B) {
	each(b, load{subscribers: 1000, rate: 20}, load{subscribers: 5000, rate: 20})
}

// BenchmarkSaturation is what becomes of more than the machine can do one by one.
func BenchmarkSaturation(b *testing.B) { each(b, load{subscribers: 5000, rate: 100}) }

// ladder sets loads of ours against the first of them.
func ladder(b *testing.B, loads ...load) {
	for b.Loop() {
		var all []contender
		for _, l := range loads {
			all = append(all, contender{smista(), l, l.sized().String()})
		}
		m := compete(b, all)
		for i, l := range loads[1:] {
			name := fmt.Sprintf("%d-offices", l.offices)
			if l.people > 0 {
				name = fmt.Sprintf("%d-people", l.people)
			}
			b.ReportMetric(m[i+1].cpu/m[0].cpu, "cpu-"+name+"/1")
			b.ReportMetric(m[i+1].p99/m[0].p99, "p99-"+name+"/1")
		}
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkOffices is what it costs that not all may see the same: people of 50
// offices, and a thousand people of one.
func BenchmarkOffices(b *testing.B) {
	const n = 1000
	ladder(b, load{subscribers: n, rate: 20, offices: 1}, load{subscribers: n, rate: 20, offices: 50}, load{subscribers: n, rate: 20, people: n})
}

// BenchmarkManyOffices is the curve of that.
func BenchmarkManyOffices(b *testing.B) {
	var loads []load
	for _, offices := range []int{1, 10, 100, 1000} {
		loads = append(loads, load{subscribers: 5000, rate: 20, offices: offices})
	}
	ladder(b, loads...)
}

// BenchmarkSlowReaders is what those who read feel of those who hardly do.
func BenchmarkSlowReaders(b *testing.B) {
	for b.Loop() {
		m := compete(b, []contender{
			{smista(), load{subscribers: 1000, rate: 20}, "without"}, {smista(), load{subscribers: 1000, rate: 20, slow: 1000}, "with slow readers"},
		})
		b.ReportMetric(m[1].p99/m[0].p99, "p99-with/without")
		b.ReportMetric(m[1].cpu/m[0].cpu, "cpu-with/without")
		b.ReportMetric(0, "ns/op")
	}
}
