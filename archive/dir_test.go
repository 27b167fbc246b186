package archive_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/archive/archivetest"
)

func names(root string) []string {
	var l []string
	filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			l = append(l, path)
		}
		return nil
	})
	return l
}

func TestDir(t *testing.T) {
	t.Parallel()
	archivetest.Exercise(t, func(t *testing.T) archivetest.Subject {
		root := filepath.Join(t.TempDir(), "a", "b")
		d, err := archive.OpenDir(root)
		require.NoError(t, err)
		return archivetest.Subject{
			Store: d,
			Names: func() []string { return names(root) },
			Damage: func(d archive.Digest, content []byte) {
				path := filepath.Join(root, d.Key())
				require.NoError(t, os.Remove(path))
				require.NoError(t, os.WriteFile(path, content, 0o400))
			},
		}
	})
}

func TestOriginalsAreReadOnlyUnderTheirDigest(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	d, err := archive.OpenDir(root)
	require.NoError(t, err)
	digest, _, err := d.Put(context.Background(), strings.NewReader("abc"))
	require.NoError(t, err)
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	require.Equal(t, archive.Digest(want), digest)
	info, err := os.Stat(filepath.Join(root, "ba", "78", want))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o400), info.Mode())
	require.NoError(t, d.Verify(context.Background(), digest))
}

// A second process may open the archive, for an import, while the first is
// writing: it must clean up after the dead and leave the living alone.
func TestLeftoversOfTheDeadAreRemovedAndTheLivingKept(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	d, err := archive.OpenDir(root)
	require.NoError(t, err)
	leftover := filepath.Join(root, "tmp", "put-123")
	require.NoError(t, os.WriteFile(leftover, []byte("half a letter"), 0o600))

	pr, pw := io.Pipe()
	put := make(chan error)
	go func() {
		_, _, err := d.Put(context.Background(), pr)
		put <- err
	}()
	_, err = pw.Write([]byte("begun "))
	require.NoError(t, err)
	_, err = archive.OpenDir(root)
	require.NoError(t, err)
	require.NoFileExists(t, leftover)
	pw.Write([]byte("ended"))
	pw.Close()
	require.NoError(t, <-put)
	require.Len(t, names(root), 1)
}

// A full disk is an error that leaves the archive as it was. The disk is a
// small file system of its own, which takes root to make.
func TestFullDisk(t *testing.T) {
	root := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "none", root).Run(); err != nil {
		t.Skip("cannot make a small file system here: " + err.Error())
	}
	defer func() { require.NoError(t, exec.Command("umount", root).Run()) }()
	d, err := archive.OpenDir(root)
	require.NoError(t, err)
	_, _, err = d.Put(context.Background(), bytes.NewReader(make([]byte, 2<<20)))
	require.ErrorContains(t, err, "no space left on device")
	require.Empty(t, names(root))
	_, _, err = d.Put(context.Background(), strings.NewReader("a small letter still fits"))
	require.NoError(t, err)
}
