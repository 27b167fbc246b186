// Package redistest gives tests a Redis of their own on a loopback port, to be
// killed, paused and started again.
package redistest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// Server is a redis-server that keeps no data; what it writes all the same, for a
// replica for instance, goes to a folder of the test.
type Server struct {
	t     testing.TB
	port  string
	args  []string
	shell *exec.Cmd
	leash io.Closer
	pid   int
}

// attend starts the server and ends it when its input ends, however the test does.
const attend = `trap '' INT TERM HUP PIPE
redis-server "$@" >/dev/null 2>&1 &
pid=$!
echo $pid
read -r _
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
exit 0`

// Start starts a server; where none is installed the test is skipped, or fails
// when SMISTA_REQUIRE_SERVERS=1.
func Start(t testing.TB) *Server { return start(t, freePort(t)) }

// StartReplica starts a server that follows another one.
func StartReplica(t testing.TB, of *Server) *Server {
	return start(t, freePort(t), "--replicaof", "127.0.0.1 "+of.port)
}

// StartSentinel starts a sentinel that looks after a server, under a name, and
// puts another one in its place when it has been away for half a second.
func StartSentinel(t testing.TB, name string, over *Server) *Server {
	t.Helper()
	port, file := freePort(t), filepath.Join(t.TempDir(), "sentinel.conf")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `port %[1]s
bind 127.0.0.1
dir %[2]q
sentinel monitor %[3]s 127.0.0.1 %[4]s 1
sentinel down-after-milliseconds %[3]s 500
sentinel failover-timeout %[3]s 2000
`, port, filepath.Dir(file), name, over.port), 0o600))
	return startAs(t, port, file, "--sentinel")
}

// StartCluster starts a cluster of one server.
func StartCluster(t testing.TB) *Server {
	t.Helper()
	s := start(t, freePort(t), "--cluster-enabled", "yes", "--cluster-port", freePort(t))
	client := redis.NewClient(&redis.Options{Addr: s.Addr()})
	defer client.Close()
	require.NoError(t, client.ClusterAddSlotsRange(t.Context(), 0, 16383).Err())
	require.Eventually(t, func() bool {
		state, err := client.ClusterInfo(t.Context()).Result()
		return err == nil && strings.Contains(state, "cluster_state:ok")
	}, 30*time.Second, 20*time.Millisecond, "the cluster does not come together")
	return s
}

func start(t testing.TB, port string, options ...string) *Server {
	t.Helper()
	return startAs(t, port, append([]string{
		"--bind", "127.0.0.1", "--port", port, "--dir", t.TempDir(),
		"--save", "", "--appendonly", "no", "--daemonize", "no",
	}, options...)...)
}

func startAs(t testing.TB, port string, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
			t.Fatal("redis-server is not installed (make test-deps installs it)")
		}
		t.Skip("skipped: redis-server is not installed (make test-deps installs it)")
	}
	s := &Server{t: t, port: port, args: args}
	s.Restart()
	t.Cleanup(s.Kill)
	return s
}

func freePort(t testing.TB) string {
	t.Helper()
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(free.Addr().String())
	require.NoError(t, err)
	require.NoError(t, free.Close())
	return port
}

// URL is the address of the server.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// Addr is the host and the port.
func (s *Server) Addr() string { return "127.0.0.1:" + s.port }

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
	s.shell = exec.CommandContext(context.Background(), "sh", append([]string{"-c", attend, "sh"}, s.args...)...) // it ends by its leash
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
	client := redis.NewClient(&redis.Options{Addr: s.Addr()})
	defer client.Close()
	answers := func() bool { return client.Ping(context.Background()).Err() == nil }
	require.Eventually(s.t, answers, 30*time.Second, 5*time.Millisecond, "redis-server does not answer")
}

// Pause stops the server in its tracks: it takes connections and says nothing.
func (s *Server) Pause() { require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGSTOP)) }

// Resume lets it go on.
func (s *Server) Resume() { require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGCONT)) }
