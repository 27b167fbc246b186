package archive_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
)

const writerEnv = "ARCHIVE_TEST_WRITER"

// TestMain plays the writer that is to be killed, where the environment asks for it.
func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		fmt.Fprintln(os.Stderr, write(dir))
		return
	}
	m.Run()
}

// write puts one original after the other and says each digest once it is kept.
func write(dir string) error {
	d, err := archive.OpenDir(dir)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		letter := strings.Repeat(fmt.Sprintf("letter %d of %d\n", i, os.Getpid()), 1+i%7*3000)
		digest, _, err := d.Put(context.Background(), strings.NewReader(letter))
		if err != nil {
			return err
		}
		fmt.Println(digest)
	}
}

// Whenever the program dies, what Put returned for is there and whole, nothing
// under a digest's name is anything else, and the next start leaves no rest.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var promised []archive.Digest
	for range 20 {
		promised = append(promised, killed(t, root, time.Duration(random.IntN(60))*time.Millisecond)...)
	}
	require.NotEmpty(t, promised)
	d, err := archive.OpenDir(root)
	require.NoError(t, err)
	for _, digest := range promised {
		require.NoError(t, d.Verify(context.Background(), digest))
	}
	for _, name := range names(root) {
		require.NoError(t, d.Verify(context.Background(), archive.Digest(filepath.Base(name))), name)
	}
}

// killed runs a writer, kills it a while after its first Put, and gives the
// digests it promised.
func killed(t *testing.T, root string, after time.Duration) []archive.Digest {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+root)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	kill := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer kill.Stop()
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	require.Error(t, cmd.Wait(), "it writes until it is killed")
	var promised []archive.Digest
	for line := range strings.Lines(first + string(rest)) {
		if digest, whole := strings.CutSuffix(line, "\n"); whole {
			promised = append(promised, archive.Digest(digest))
		}
	}
	return promised
}
