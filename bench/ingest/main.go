// Command ingest measures what reading a PEC costs: parsing, verifying and
// digesting every attachment, in user CPU time against the floor of the bare
// arithmetic and against the openssl process, and the memory of a big message.
//
//   - Figures of one run are compared with each other only: the contenders take
//     turns, three rounds, and the median counts.
//   - Nothing fails when a goal is missed: the table says so.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/smista/smista/pec"
)

const rounds = 3

// size is one row of the table.
type size struct {
	name   string
	bytes  int64   // of the attachment's file, before encoding
	repeat int     // readings per round
	goal   float64 // times the floor
}

func sizes() []size {
	return []size{
		{"40 KB", 22 << 10, 400, 5},
		{"0.7 MB", 500 << 10, 60, 2},
		{"14 MB", 10 << 20, 6, 1.5},
	}
}

const openSSLGoal = 0.125

func main() {
	child := flag.String("memory", "", "read this file, print the peak memory and end (used by itself)")
	flag.Parse()
	var err error
	if *child != "" {
		err = printPeak(*child, flag.Arg(0))
	} else {
		err = run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ingest:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "smista-ingest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	k, err := newKit(dir)
	if err != nil {
		return err
	}
	fmt.Println("parse + verify + digests of all attachments, user CPU per message, median of", rounds, "rounds")
	fmt.Printf("%-8s %10s %10s %10s %8s %12s %10s %8s\n", "size", "floor ms", "smista ms", "x floor", "goal", "openssl ms", "x openssl", "goal")
	for _, s := range sizes() {
		if err := k.row(s); err != nil {
			return err
		}
	}
	return k.memory()
}

// row measures one size and prints it.
func (k *kit) row(s size) error {
	m, err := k.message(s)
	if err != nil {
		return err
	}
	contenders := []func() (time.Duration, error){
		func() (time.Duration, error) { return own(s.repeat, m.floor) },
		func() (time.Duration, error) { return own(s.repeat, m.read) },
		func() (time.Duration, error) { return children(max(3, s.repeat/20), m.openSSL) },
	}
	times := make([][]time.Duration, len(contenders))
	for range rounds {
		for i, contend := range contenders {
			d, err := contend()
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			times[i] = append(times[i], d)
		}
	}
	floor, smista, openssl := median(times[0]), median(times[1]), median(times[2])
	overFloor, overOpenSSL := smista/floor, smista/openssl
	fmt.Printf("%-8s %10.3f %10.3f %9.2fx %8s %12.2f %9.3fx %8s\n", s.name, floor, smista, overFloor,
		goal(overFloor, s.goal), openssl, overOpenSSL, goal(overOpenSSL, openSSLGoal))
	return nil
}

// goal writes the goal, marked when it was missed.
func goal(got, want float64) string {
	if got > want {
		return fmt.Sprintf("%g MISS", want)
	}
	return fmt.Sprintf("%g", want)
}

// median gives the middle one in milliseconds.
func median(d []time.Duration) float64 {
	slices.Sort(d)
	return float64(d[len(d)/2].Microseconds()) / 1000
}

// own measures the user CPU time of this process per call.
func own(n int, work func() error) (time.Duration, error) {
	return measure(syscall.RUSAGE_SELF, n, work)
}

// children measures that of the processes that work starts.
func children(n int, work func() error) (time.Duration, error) {
	return measure(syscall.RUSAGE_CHILDREN, n, work)
}

func measure(who, n int, work func() error) (time.Duration, error) {
	var before, after syscall.Rusage
	if err := syscall.Getrusage(who, &before); err != nil {
		return 0, err
	}
	for range n {
		if err := work(); err != nil {
			return 0, err
		}
	}
	if err := syscall.Getrusage(who, &after); err != nil {
		return 0, err
	}
	return time.Duration(after.Utime.Nano()-before.Utime.Nano()) / time.Duration(n), nil
}

// read is what the product does.
func (m *message) read() error {
	got, err := pec.Read(context.Background(), bytes.NewReader(m.raw), int64(len(m.raw)),
		pec.Options{Verifier: m.kit.anchors, Received: m.kit.now})
	if err != nil {
		return err
	}
	if got.Signature.Status != "valid" || got.Mail.Attachments[0].SHA256 != m.digest {
		return fmt.Errorf("%s is not what was written", filepath.Base(m.path))
	}
	return nil
}
