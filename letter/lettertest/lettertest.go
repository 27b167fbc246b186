// Package lettertest opens mail with programs that we did not write: the email
// package of Python, and mutt in a terminal that nobody looks at.
//
//   - Where a program is not installed the test is skipped, or fails with SMISTA_REQUIRE_SERVERS=1.
package lettertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// program finds a program of other people.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
		t.Fatal(name + " is not installed and SMISTA_REQUIRE_SERVERS is set")
	}
	if err != nil {
		t.Skip(name + " is not installed: nobody else reads our letters")
	}
	return path
}

//go:embed reader.py
var reader string

// Seen is what Python finds in a mail.
type Seen struct {
	Subject, Date, ID, Receipt, Text, HTML string
	References, Defects                    []string
	From, To, Cc                           [][2]string // names without blanks, and addresses
	Files                                  [][3]string // name, type and content in hex
	Pictures                               [][3]string // Content-ID, name and content in hex
}

// Python opens a mail with the email package and its default policy.
func Python(t testing.TB, raw []byte) Seen {
	t.Helper()
	command := exec.CommandContext(t.Context(), program(t, "python3"), "-c", reader)
	command.Stdin = strings.NewReader(string(raw))
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	require.NoError(t, err, problems.String())
	var s Seen
	require.NoError(t, json.Unmarshal(out, &s))
	return s
}

// Shown is what mutt makes of a mail.
type Shown struct {
	Text  string            // of the screen: the header and the text
	Files map[string]string // what it saved, under the names it reads
}

const settings = "set charset=utf-8 folder=. resolve=no pipe_decode wait_key=no sleep_time=0 confirmappend=no\npush \""

// Mutt opens a mail with mutt, and saves the last parts of it.
func Mutt(t testing.TB, raw []byte, last int) Shown {
	t.Helper()
	mutt, script := program(t, "mutt"), program(t, "script")
	dir := t.TempDir()
	box := "From a@b.example Tue Nov 24 10:42:00 2026\n" + strings.ReplaceAll(string(raw), "\r\n", "\n") + "\n"
	keys := "<pipe-message>cat > shown<enter><view-attachments><last-entry><save-entry><enter>" +
		strings.Repeat("<previous-entry><save-entry><enter>", last-1) + "<exit><exit>"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "box"), []byte(box), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "settings"), []byte(settings+keys+"\"\n"), 0o600))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, script, "-qec", "stty cols 200 rows 50; exec '"+mutt+"' -n -F settings -f box", os.DevNull)
	command.Dir = dir
	command.Env = append(os.Environ(), "TERM=xterm", "LC_ALL=C.UTF-8", "HOME="+dir)
	command.WaitDelay = time.Second
	stdin, err := command.StdinPipe() // stays open: mutt ends by its keys, or waits
	require.NoError(t, err)
	defer stdin.Close()
	screen, err := command.CombinedOutput()
	const tail = 1500
	require.NoError(t, err, "%q", screen[max(0, len(screen)-tail):])
	return saved(t, dir)
}

// saved reads what mutt has left in its folder.
func saved(t testing.TB, dir string) Shown {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	s := Shown{Files: map[string]string{}}
	for _, e := range entries {
		if e.IsDir() || e.Name() == "box" || e.Name() == "settings" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		if e.Name() == "shown" {
			s.Text = strings.ReplaceAll(string(content), "\n ", " ") // it folds the header again
			continue
		}
		s.Files[e.Name()] = string(content)
	}
	return s
}
