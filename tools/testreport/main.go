// Command testreport reads `go test -json` and prints what a person wants to
// know: one line per package, the output of what failed, and, visibly at the
// end, the tests that took longest and each that was skipped and why.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of `go test -json` (go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

type report struct {
	out                     io.Writer
	output                  map[string][]string // what each test (or package, "") printed
	skips                   []string
	times                   []timing // of tests, not of their parts
	passed, failed, skipped int
	broken                  bool // a package failed, perhaps before any test ran
}

type timing struct {
	seconds float64
	test    string
}

// slowest is how many of the tests that took longest are listed.
const slowest = 12

func main() {
	r := report{out: os.Stdout, output: map[string][]string{}}
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if r.finish() {
		os.Exit(1)
	}
}

func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the output of go test: %w", err)
		}
	}
}

func (r *report) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(r.out, "%s", line) // not JSON: a message of the go command itself
		return
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		r.ended(e, key)
	}
}

func (r *report) ended(e event, key string) {
	if e.Test == "" {
		r.packageEnded(e, key)
		return
	}
	if !strings.Contains(e.Test, "/") {
		r.times = append(r.times, timing{e.Elapsed, e.Package + " " + e.Test})
	}
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		fmt.Fprintf(r.out, "--- FAIL: %s %s\n%s", e.Package, e.Test, strings.Join(r.output[key], ""))
	case "skip":
		r.skipped++
		r.skips = append(r.skips, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(r.output[key])))
	}
	delete(r.output, key)
}

func (r *report) packageEnded(e event, key string) {
	switch e.Action {
	case "skip": // no test files
	case "fail":
		r.broken = true
		fmt.Fprintf(r.out, "FAIL %s (%.1f s)\n%s", e.Package, e.Elapsed, strings.Join(r.output[key], ""))
		r.unfinished(e.Package)
	default:
		fmt.Fprintf(r.out, "ok   %s (%.1f s)\n", e.Package, e.Elapsed)
	}
	delete(r.output, key)
}

// unfinished prints what tests said that never ended: a panic or a time-out.
func (r *report) unfinished(pkg string) {
	for key, lines := range r.output {
		if test, found := strings.CutPrefix(key, pkg+" "); found && test != "" {
			fmt.Fprintf(r.out, "--- NOT ENDED: %s\n%s", test, strings.Join(lines, ""))
			delete(r.output, key)
		}
	}
}

// finish prints what took longest, the skips and the closing line, and tells whether anything failed.
func (r *report) finish() bool {
	slices.SortFunc(r.times, func(a, b timing) int { return cmp.Compare(b.seconds, a.seconds) })
	for _, t := range r.times[:min(slowest, len(r.times))] {
		if t.seconds >= 1 {
			fmt.Fprintf(r.out, "%6.1f s  %s\n", t.seconds, t.test)
		}
	}
	if len(r.skips) > 0 {
		fmt.Fprintf(r.out, "\n!!! %d skipped: these rules were NOT tested here !!!\n", len(r.skips))
		for _, skip := range r.skips {
			fmt.Fprintln(r.out, "  "+skip)
		}
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r.broken || r.failed > 0
}

// reason is what the test said when it skipped, without the frame of go test.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
