package intake

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // to count what has been committed
)

// office is `smista serve` in a process of its own.
type office struct {
	process *os.Process
	rows    *sql.DB
}

func startOffice(b *testing.B, w world) *office {
	dir := b.TempDir()
	program := filepath.Join(dir, "smista")
	build := exec.CommandContext(b.Context(), "go", "build", "-buildvcs=false", "-o", program, "github.com/smista/smista/cmd/smista")
	out, err := build.CombinedOutput()
	require.NoError(b, err, string(out))
	require.NoError(b, w.SaveTrust(filepath.Join(dir, "trust")))
	file := filepath.Join(dir, "smista.toml")
	require.NoError(b, os.WriteFile(file, fmt.Appendf(nil, `listen = "127.0.0.1:0"
data = "data"
trust = "trust"
[log]
level = "error"
[[mailbox]]
address = %q
imap = %q
tls = "none"
password_env = "CLERK"
`, clerk, w.IMAPAddr()), 0o600))
	serve := exec.CommandContext(b.Context(), program, "serve", "--migrate", "--config", file)
	serve.Env = append(os.Environ(), "CLERK=prova")
	var said bytes.Buffer
	serve.Stderr = &said
	require.NoError(b, serve.Start())
	b.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGTERM)
		_ = serve.Wait()
		if b.Failed() {
			b.Log(said.String())
		}
	})
	rows, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data", "smista.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	require.NoError(b, err)
	b.Cleanup(func() { _ = rows.Close() })
	return &office{process: serve.Process, rows: rows}
}

// wait returns once n messages are committed.
func (o *office) wait(b *testing.B, n int) {
	for deadline := time.Now().Add(20 * time.Minute); ; {
		var have int
		if err := o.rows.QueryRowContext(b.Context(), "select count(*) from messages").Scan(&have); err == nil && have >= n {
			return
		}
		require.True(b, time.Now().Before(deadline), "only %d of %d messages came", have, n)
		<-time.After(50 * time.Millisecond)
	}
}

// family is the program and its checker.
func (o *office) family(b *testing.B) []string {
	main := strconv.Itoa(o.process.Pid)
	children, err := os.ReadFile(filepath.Join("/proc", main, "task", main, "children"))
	if err != nil {
		b.Skip("this system does not tell what its processes use (/proc)")
	}
	return append([]string{main}, strings.Fields(string(children))...)
}

// cpu is the user and system time of the program and its checker.
func (o *office) cpu(b *testing.B) time.Duration {
	var ticks int64
	for _, pid := range o.family(b) {
		stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
		require.NoError(b, err)
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
		for _, f := range fields[11:13] {
			n, err := strconv.ParseInt(f, 10, 64)
			require.NoError(b, err)
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / 100
}

// peak is the highest resident memory so far, in MB, of both.
func (o *office) peak(b *testing.B) (megabytes float64) {
	for _, pid := range o.family(b) {
		status, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
		require.NoError(b, err)
		_, after, _ := strings.Cut(string(status), "VmHWM:")
		kb, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
		require.NoError(b, err)
		megabytes += kb / 1024
	}
	return megabytes
}

// forgetPeak begins the peak anew at what is in use now.
func (o *office) forgetPeak(b *testing.B) {
	for _, pid := range o.family(b) {
		require.NoError(b, os.WriteFile(filepath.Join("/proc", pid, "clear_refs"), []byte("5"), 0))
	}
}
