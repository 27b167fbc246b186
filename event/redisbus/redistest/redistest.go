// Package redistest gives tests a Redis of their own on a loopback port, to be
// killed, paused and started again.
package redistest

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// Server is a redis-server that keeps nothing on disk.
type Server struct {
	t     testing.TB
	port  string
	shell *exec.Cmd
	leash io.Closer
	pid   int
}

// attend starts the server and ends it when its input ends, however the test does.
const attend = `trap '' INT TERM HUP PIPE
redis-server --bind 127.0.0.1 --port "$1" --save '' --appendonly no --daemonize no >/dev/null 2>&1 &
pid=$!
echo $pid
read -r _
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
exit 0`

// Start starts a server; where none is installed the test is skipped, or fails
// when SMISTA_REQUIRE_SERVERS=1.
func Start(t testing.TB) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
			t.Fatal("redis-server is not installed (make test-deps installs it)")
		}
		t.Skip("skipped: redis-server is not installed (make test-deps installs it)")
	}
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(free.Addr().String())
	require.NoError(t, err)
	require.NoError(t, free.Close())
	s := &Server{t: t, port: port}
	s.Restart()
	t.Cleanup(s.Kill)
	return s
}

// URL is the address of the server.
func (s *Server) URL() string { return "redis://127.0.0.1:" + s.port }

// Kill ends the server at once. A second time it does nothing.
func (s *Server) Kill() {
	if s.leash == nil {
		return
	}
	require.NoError(s.t, s.leash.Close())
	s.leash = nil
	require.NoError(s.t, s.shell.Wait())
}

// Restart starts a killed server again, with nothing in it, and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.shell = exec.CommandContext(context.Background(), "sh", "-c", attend, "sh", s.port) // it ends by its leash
	leash, err := s.shell.StdinPipe()
	require.NoError(s.t, err)
	said, err := s.shell.StdoutPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, s.shell.Start())
	s.leash = leash
	line, err := bufio.NewReader(said).ReadString('\n')
	require.NoError(s.t, err)
	s.pid, err = strconv.Atoi(strings.TrimSpace(line))
	require.NoError(s.t, err)
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port})
	defer client.Close()
	answers := func() bool { return client.Ping(context.Background()).Err() == nil }
	require.Eventually(s.t, answers, 30*time.Second, 5*time.Millisecond, "redis-server does not answer")
}

// Pause stops the server in its tracks: it takes connections and says nothing.
func (s *Server) Pause() { require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGSTOP)) }

// Resume lets it go on.
func (s *Server) Resume() { require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGCONT)) }
