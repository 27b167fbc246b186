package virus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a clamd that does with each connection what the test says.
func fake(t *testing.T, network string, serve func(conn net.Conn)) Clamd {
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return Clamd{Network: network, Address: l.Addr().String(), StepTime: time.Second, AnswerTime: time.Second}
}

// taken reads a command INSTREAM to its end.
func taken(conn net.Conn) []byte {
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		return nil
	}
	var all []byte
	for {
		var size uint32
		if binary.Read(r, binary.BigEndian, &size) != nil || size == 0 {
			return all
		}
		piece := make([]byte, size)
		if _, err := io.ReadFull(r, piece); err != nil {
			return nil
		}
		all = append(all, piece...)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer string
		want   Finding
		err    error
	}{
		{"stream: OK\x00", Finding{}, nil},
		{"stream: Eicar-Test-Signature FOUND\x00", Finding{Infected: true, Name: "Eicar-Test-Signature"}, nil},
		{"stream: a\r\nb\x1b FOUND\x00", Finding{Infected: true, Name: "a__b_"}, nil},
		{"INSTREAM size limit exceeded. ERROR\x00", Finding{}, ErrTooLarge},
		{"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\x00", Finding{}, ErrTooLarge},
		{"stream: Can't allocate memory ERROR\x00", Finding{}, ErrUnavailable},
		{"stream: FOUND\x00", Finding{}, ErrUnavailable},
		{"stream:  FOUND\x00", Finding{}, ErrUnavailable},
		{"other: OK\x00", Finding{}, ErrUnavailable},
		{"OK\x00", Finding{}, ErrUnavailable},
		{"stream: OK", Finding{}, ErrUnavailable}, // cut
		{"UNKNOWN COMMAND\x00", Finding{}, ErrUnavailable},
		{"HTTP/1.1 400 Bad Request\r\n\r\n\x00", Finding{}, ErrUnavailable},
		{"\x00", Finding{}, ErrUnavailable},
		{"", Finding{}, ErrUnavailable},
	} {
		for _, network := range []string{"tcp", "unix"} {
			c := fake(t, network, func(conn net.Conn) {
				taken(conn)
				io.WriteString(conn, tt.answer)
			})
			got, err := c.Scan(t.Context(), strings.NewReader("lettera"))
			require.ErrorIs(t, err, tt.err, "%q", tt.answer)
			require.Equal(t, tt.want, got, "%q", tt.answer)
		}
	}
}

// TestAllOfItIsSent: whatever its length, and however it comes.
func TestAllOfItIsSent(t *testing.T) {
	t.Parallel()
	got := make(chan []byte, 1)
	c := fake(t, "unix", func(conn net.Conn) {
		got <- taken(conn)
		io.WriteString(conn, "stream: OK\x00")
	})
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3*chunk + 7} {
		sent := bytes.Repeat([]byte("x"), size)
		_, err := c.Scan(t.Context(), iotest.HalfReader(bytes.NewReader(sent)))
		require.NoError(t, err)
		require.Equal(t, string(sent), string(<-got), size)
	}
}

// TestHostileScanner: it gives no verdict, in bounded time.
func TestHostileScanner(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone) })
	for name, serve := range map[string]func(net.Conn){
		"it hangs up at once":       func(net.Conn) {},
		"it hangs up in the middle": func(conn net.Conn) { io.CopyN(io.Discard, conn, 100_000) },
		"a giant answer": func(conn net.Conn) {
			taken(conn)
			conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
			conn.Write(bytes.Repeat([]byte("stream: "), 1<<20))
		},
		"it speaks first, and says what we would like": func(conn net.Conn) {
			io.WriteString(conn, "stream: OK\x00")
			io.CopyN(io.Discard, conn, 10)
		},
		"silence": func(conn net.Conn) {
			taken(conn)
			conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			io.Copy(io.Discard, conn)
		},
		"it does not read": func(conn net.Conn) {
			select {
			case <-gone:
			case <-time.After(3 * time.Second):
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := fake(t, "tcp", serve)
			_, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 32<<20)))
			require.ErrorIs(t, err, ErrUnavailable)
		})
	}
}

// TestTooLargeIsToldBeforeTheEnd: clamd says so and hangs up while we still send.
func TestTooLargeIsToldBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"tcp", "unix"} {
		c := fake(t, network, func(conn net.Conn) {
			io.CopyN(io.Discard, conn, 1<<20)
			io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
		})
		_, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 8<<20)))
		require.ErrorIs(t, err, ErrTooLarge)
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	_, err := Clamd{Network: "unix", Address: filepath.Join(t.TempDir(), "s")}.Scan(t.Context(), strings.NewReader(""))
	require.ErrorIs(t, err, ErrUnavailable)
}

// TestErrorsOfTheFileAreItsOwn, and so is it when the caller gives up.
func TestErrorsOfTheFileAreItsOwn(t *testing.T) {
	t.Parallel()
	c := fake(t, "tcp", func(conn net.Conn) { taken(conn) })
	broken := errors.New("the disk is broken")
	_, err := c.Scan(t.Context(), io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, ErrUnavailable)

	ctx, cancel := context.WithCancel(t.Context())
	c = fake(t, "tcp", func(conn net.Conn) {
		taken(conn)
		cancel()
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		io.Copy(io.Discard, conn)
	})
	c.AnswerTime = time.Minute
	_, err = c.Scan(ctx, strings.NewReader("lettera"))
	require.ErrorIs(t, err, context.Canceled)
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]Clamd{
		"/run/clamav/clamd.ctl": {Network: "unix", Address: "/run/clamav/clamd.ctl"},
		"127.0.0.1:3310":        {Network: "tcp", Address: "127.0.0.1:3310"},
		"[::1]:3310":            {Network: "tcp", Address: "[::1]:3310"},
	} {
		got, err := At(place)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, place := range []string{"", "clamd", ":3310", "localhost:", "run/clamd.ctl"} {
		_, err := At(place)
		require.Error(t, err, place)
	}
}
