package virus

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// eicar is the text that all scanners take for a virus, written so that this
// file is none.
var eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

const clamdConf = `
Foreground yes
%s
DatabaseDirectory %s
TemporaryDirectory %s
StreamMaxLength 2M
MaxFileSize 1M
AlertExceedsMax yes
User %s
`

// startDaemon starts a real clamd that knows one virus, and listens as said.
func startDaemon(t *testing.T, listen string) {
	binary, err := exec.LookPath("clamd")
	if err != nil {
		missing(t, "clamd is not installed (apt-get install clamav-daemon)")
	}
	dir := t.TempDir()
	signature := fmt.Sprintf("Eicar-Test:0:*:%x\n", eicar)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "test.ndb"), []byte(signature), 0o600))
	conf := filepath.Join(dir, "clamd.conf")
	require.NoError(t, os.WriteFile(conf, fmt.Appendf(nil, clamdConf, listen, dir, dir, whoRuns()), 0o600))
	var said bytes.Buffer
	cmd := exec.Command(binary, "--config-file="+conf)
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
}

// missing skips the test, or fails it where the servers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// whoRuns keeps clamd from changing to its own user, who cannot read our folder.
func whoRuns() string {
	if os.Getuid() == 0 {
		return "root"
	}
	return os.Getenv("USER")
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// ready waits until the daemon has read its signatures.
func ready(t *testing.T, c Clamd) {
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := c.Scan(t.Context(), strings.NewReader("x"))
		if err == nil {
			return
		}
		require.True(t, time.Now().Before(deadline), "clamd does not answer: %v", err)
		<-time.After(20 * time.Millisecond)
	}
}

// TestDaemon: the real one, on its socket and on a port.
func TestDaemon(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "ctl")
	port := freePort(t)
	startDaemon(t, fmt.Sprintf("LocalSocket %s\nTCPSocket %d\nTCPAddr 127.0.0.1", socket, port))
	for name, c := range map[string]Clamd{
		"socket": {Network: "unix", Address: socket},
		"port":   {Network: "tcp", Address: fmt.Sprintf("127.0.0.1:%d", port)},
	} {
		t.Run(name, func(t *testing.T) {
			ready(t, c)
			clean, err := c.Scan(t.Context(), strings.NewReader("Si trasmette quanto in oggetto."))
			require.NoError(t, err)
			require.Equal(t, Finding{}, clean)

			infected, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat(" ", 3*chunk)+eicar))
			require.NoError(t, err)
			require.True(t, infected.Infected)
			require.Contains(t, infected.Name, "Eicar")

			_, err = c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 8<<20)))
			require.ErrorIs(t, err, ErrTooLarge, "more than it reads")
			_, err = c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 3<<19)))
			require.ErrorIs(t, err, ErrTooLarge, "read, and not looked at")

			_, err = c.Scan(t.Context(), strings.NewReader(""))
			require.NoError(t, err)
		})
	}
}
