package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal is a terminal that a test sits at.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = person.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// typed runs a command at a terminal where somebody types an answer at each
// prompt; seen is what stood on the screen in the end.
func (h *hall) typed(answers []string, args ...string) (seen string, code int) {
	h.t.Helper()
	person, program := terminal(h.t)
	command := exec.CommandContext(h.t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1", "SMISTA_DATA="+h.data, "LC_ALL=C")
	command.Stdin, command.Stdout, command.Stderr = program, program, program
	require.NoError(h.t, command.Start())
	require.NoError(h.t, program.Close())
	var screen bytes.Buffer
	var reading sync.WaitGroup
	reading.Go(func() {
		for in := bufio.NewReader(io.TeeReader(person, &screen)); ; { // until the program has gone
			prompt, err := in.ReadString(':')
			if err != nil {
				return
			}
			if strings.HasSuffix(prompt, "assword:") || strings.HasSuffix(prompt, "more:") {
				_, _ = io.WriteString(person, answers[0]+"\r")
				answers = answers[1:]
			}
		}
	})
	_ = command.Wait() // the exit code says it
	reading.Wait()
	return screen.String(), command.ProcessState.ExitCode()
}

func TestAPasswordIsAskedForTwiceAndNotShown(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	add := []string{"user", "add", anna, "--name", "Anna Verdi"}
	seen, code := h.typed([]string{canary, canary2}, add...)
	require.Equal(t, 1, code)
	require.Contains(t, seen, "the two passwords are not the same")
	require.NotContains(t, seen, "c4nary")
	require.Empty(t, h.events())

	seen, code = h.typed([]string{canary, canary}, add...)
	require.Equal(t, 0, code, seen)
	require.Equal(t, "New password: \r\nOnce more: \r\n", seen)
	require.True(t, h.signsIn(anna, canary))
}
