package bucket

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/memblob"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/archive/archivetest"
)

func subject(t *testing.T, address string) archivetest.Subject {
	staging := t.TempDir()
	b, err := Open(context.Background(), address, staging)
	require.NoError(t, err)
	t.Cleanup(func() { b.Close() })
	return archivetest.Subject{
		Store: b,
		Names: func() []string { return append(stored(t, b.bucket), staged(t, staging)...) },
		Damage: func(d archive.Digest, content []byte) {
			require.NoError(t, b.bucket.WriteAll(context.Background(), d.Key(), content, nil))
		},
	}
}

func stored(t *testing.T, b *blob.Bucket) []string {
	var names []string
	all, failed := b.List(nil).All(context.Background())
	for o := range all {
		names = append(names, o.Key)
	}
	require.NoError(t, failed())
	return names
}

func staged(t *testing.T, dir string) []string {
	var names []string
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestInMemory(t *testing.T) {
	archivetest.Exercise(t, func(t *testing.T) archivetest.Subject { return subject(t, "mem://") })
}

func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	archivetest.Exercise(t, func(t *testing.T) archivetest.Subject {
		backend := s3mem.New()
		require.NoError(t, backend.CreateBucket("originals"))
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		return subject(t, fmt.Sprintf("s3://originals?region=eu-south-1&endpoint=%s&use_path_style=true&disable_https=true", server.URL))
	})
}

func TestAnAddressThatIsNoneIsAnError(t *testing.T) {
	_, err := Open(context.Background(), "nowhere://x", "")
	require.Error(t, err)
}
