package archive_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
)

// BenchmarkPut is how long one original takes to be safe, against the floor: a
// new file of the same size, written and synced.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{20_000, 2_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			dir := b.TempDir()
			floor := fsynced(b, filepath.Join(dir, "floor"), size)
			d, err := archive.OpenDir(filepath.Join(dir, "archive"))
			require.NoError(b, err)
			content := make([]byte, size)
			b.SetBytes(int64(size))
			n := uint64(0)
			for b.Loop() {
				n++
				binary.LittleEndian.PutUint64(content, n)
				_, _, err := d.Put(context.Background(), bytes.NewReader(content))
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
		})
	}
}

// fsynced is the time of one plain file.
func fsynced(b *testing.B, dir string, size int) time.Duration {
	require.NoError(b, os.Mkdir(dir, 0o700))
	content := make([]byte, size)
	const files = 200
	start := time.Now()
	for i := range files {
		f, err := os.Create(filepath.Join(dir, fmt.Sprint(i)))
		require.NoError(b, err)
		_, err = f.Write(content)
		require.NoError(b, err)
		require.NoError(b, f.Sync())
		require.NoError(b, f.Close())
	}
	return time.Since(start) / files
}
