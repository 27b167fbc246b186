//go:build linux

// Package fanout measures how events reach many subscribers: our server and its
// peers, side by side in one run, in alternating rounds.
//
//   - Each server is a process of its own, this test binary again: the CPU and the
//     memory that are reported are its alone.
//   - Every event carries a number, and every subscriber's numbers are counted: one
//     that is missing, comes twice or out of order is a failure, except with a peer
//     that is known to drop; then it is said how many.
//   - The clock starts before an event is handed to a server. With ours the commit
//     to SQLite is in it; the peers keep nothing.
//   - Nothing fails when a goal is missed: the table says what was seen.
//
// SMISTA_BENCH_QUICK=1 makes one short round of a fifth of the subscribers, to see
// that all of it works; its figures do not count.
package fanout

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(asServer); text != "" {
		if err := serve(text); err != nil {
			fmt.Fprintln(os.Stderr, "server:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
