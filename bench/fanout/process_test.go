//go:build linux

package fanout

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asServer makes this test binary a server; its value is a setting in JSON.
const asServer = "SMISTA_BENCH_FANOUT"

// setting is what a server is told at its start.
type setting struct {
	Peer    string
	Dir     string // for what is kept between two starts
	Offices int    // different offices that the people are of
	People  int    // different people, spread over the offices
}

// welcome is the first line that a server says.
type welcome struct {
	Addr   string   `json:"addr"`
	Tokens []string `json:"tokens,omitempty"` // of the people
	Cursor string   `json:"cursor,omitempty"` // where the register ends
}

// process is a server: it publishes each line of its input, and ends with it.
type process struct {
	welcome
	cmd   *exec.Cmd
	input io.WriteCloser
}

// start starts a server and waits until it listens. program is empty for this binary.
func start(tb testing.TB, program string, s setting) *process {
	tb.Helper()
	text, err := json.Marshal(s)
	require.NoError(tb, err)
	if program == "" {
		program = os.Args[0]
	}
	p := &process{cmd: exec.CommandContext(tb.Context(), program)}
	p.cmd.Env = append(os.Environ(), asServer+"="+string(text))
	p.cmd.Stderr = os.Stderr
	p.input, err = p.cmd.StdinPipe()
	require.NoError(tb, err)
	output, err := p.cmd.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, p.cmd.Start())
	tb.Cleanup(p.kill)
	line, err := bufio.NewReader(output).ReadBytes('\n')
	require.NoError(tb, err, "the server %s has not come up", s.Peer)
	require.NoError(tb, json.Unmarshal(line, &p.welcome))
	return p
}

// kill ends the process at once, as a crash would; it may be called again.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.cmd.Wait()
}

// ticks of /proc in a second: USER_HZ is 100 on every architecture that Go knows.
const ticks = 100

// cpu is the user and system time that the process has used, in seconds.
func (p *process) cpu() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // from the third, proc(5)
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return float64(user+system) / ticks, errors.Join(err, err2)
}

// resident is the memory of the process, in KB.
func (p *process) resident() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	return float64(pages*os.Getpagesize()) / 1024, err
}

// publish says the event with the number id, as of a time.
func (p *process) publish(id int, at time.Time) error {
	_, err := fmt.Fprintf(p.input, eventFormat+"\n", id, id, at.UnixNano())
	return err
}

// eventFormat is an event of some 300 bytes.
const eventFormat = `{"id":"%d","kind":"POSTA_CERTIFICATA","mailbox":"ufficio.protocollo@pec.comune.example","status":"NEW",` +
	`"subject":"Notifica di atti ai sensi della L. 53/1994, R.G. 6437, urgente","sender":"studio.legale@pec.example","receivedAt":"2026-11-22T10:00:00Z","note":"` + markFormat + `"}`

// pace publishes the events first to last at a rate. Each is marked with the time
// when it was due: what a server lags behind is in the latencies.
func (p *process) pace(first, last, rate int) <-chan error {
	done := make(chan error, 1)
	go func() {
		begun := time.Now()
		for id := first; id <= last; id++ {
			due := begun.Add(time.Duration(id-first) * time.Second / time.Duration(rate))
			<-time.After(time.Until(due))
			if err := p.publish(id, due); err != nil {
				done <- fmt.Errorf("publish event %d: %w", id, err)
				return
			}
		}
		done <- nil
	}()
	return done
}

// serve is a server process: it says where it listens, and publishes what it is told.
func serve(text string) error {
	var s setting
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	var run func(setting) (welcome, func(line []byte) error, error)
	switch s.Peer {
	case "bare":
		run = startBare
	case "gqlgen":
		run = startPlain
	case "smista":
		run = startOurs
	}
	hello, publish, err := run(s)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(hello); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := publish(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// buildCentrifuge builds the peer that is a module of its own, so that centrifuge
// and what it needs are no dependencies of the product. gorilla and gqlgen are:
// their servers are in this binary, with the product's own versions.
func buildCentrifuge(tb testing.TB) string {
	tb.Helper()
	program := filepath.Join(tb.TempDir(), "peers")
	build := exec.CommandContext(tb.Context(), "go", "build", "-C", "peers", "-o", program, ".")
	out, err := build.CombinedOutput()
	require.NoError(tb, err, "%s", out)
	return program
}
