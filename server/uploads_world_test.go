package server

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/upload"
	"github.com/smista/smista/virus"
)

// replies are those that uploads are for: the first two may be attached to.
type replies struct {
	mu       sync.Mutex
	why      error // nobody may attach
	attached []upload.File
}

func (r *replies) MayAttach(ctx context.Context, reply int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := guard.From(ctx); !ok || reply > 2 {
		return &casework.Refused{Code: casework.NotFound, English: "there is no such reply", Italian: "la risposta non esiste"}
	}
	return r.why
}

func (r *replies) Attach(ctx context.Context, reply int, f upload.File) (int, error) {
	if err := r.MayAttach(ctx, reply); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attached = append(r.attached, f)
	return len(r.attached), nil
}

func (r *replies) refuse(why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.why = why
}

func (r *replies) all() []upload.File {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.attached
}

// scanner finds a virus in what says so.
type scanner struct {
	mu   sync.Mutex
	down error
}

func (s *scanner) set(down error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

func (s *scanner) Scan(_ context.Context, r io.Reader) (virus.Finding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return virus.Finding{}, s.down
	}
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err == nil && string(head) == "VIRUS" {
		return virus.Finding{Infected: true, Name: "Prova"}, nil // without reading on
	}
	_, err := io.Copy(io.Discard, r)
	return virus.Finding{}, err
}

// uploader is a world in which files are uploaded.
type uploader struct {
	*world
	replies *replies
	scanner *scanner
	options upload.Options
}

const mostBytes = 8 << 20

func newUploader(t *testing.T, change ...func(*upload.Options)) *uploader {
	t.Helper()
	u := &uploader{replies: &replies{}, scanner: &scanner{}}
	u.world = newWorld(t, func(d *Deps) {
		u.options = upload.Options{
			Folder: filepath.Join(t.TempDir(), "uploads"), FileBytes: mostBytes, Open: 5,
			Archive: d.Archive, Scanner: u.scanner, Replies: u.replies, Logger: d.Logger,
		}
		for _, c := range change {
			c(&u.options)
		}
		var err error
		d.Uploads, err = openUploads(u.options, d.Staff)
		require.NoError(t, err)
	})
	return u
}

// restart puts a new program in place of the running one.
func (u *uploader) restart() {
	d := u.deps
	var err error
	d.Uploads, err = openUploads(u.options, d.Staff)
	require.NoError(u.t, err)
	again := httptest.NewUnstartedServer(nil)
	again.Config = NewHTTPServer(NewFront(d), d.Logger)
	again.Start()
	u.http.Close()
	u.http = again // which the world closes
}

// meta writes Upload-Metadata.
func meta(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(list, ",")
}

func to(reply int) string { return graph.ReplyUploadsPath(reply) }

// post creates an upload of a size, with a body when there is one.
func (u *uploader) post(reply, size int, body, said string, header ...string) (*http.Response, string) {
	u.t.Helper()
	header = append(header, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(size), "Upload-Metadata", said)
	if body != "" {
		header = append(header, "Content-Type", "application/offset+octet-stream")
	}
	return u.send("POST", to(reply), body, header...)
}

// begin makes an upload and gives its path.
func (u *uploader) begin(reply, size int, said string) string {
	u.t.Helper()
	response, body := u.post(reply, size, "", said)
	require.Equal(u.t, http.StatusCreated, response.StatusCode, body)
	return response.Header.Get("Location")
}

func (u *uploader) patch(at string, offset int, body string, header ...string) (*http.Response, string) {
	u.t.Helper()
	return u.send("PATCH", at, body, append(header, "Tus-Resumable", "1.0.0",
		"Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")...)
}

// offset asks how far an upload came.
func (u *uploader) offset(at string) int {
	u.t.Helper()
	response, _ := u.send("HEAD", at, "", "Tus-Resumable", "1.0.0")
	require.Equal(u.t, http.StatusOK, response.StatusCode)
	n, err := strconv.Atoi(response.Header.Get("Upload-Offset"))
	require.NoError(u.t, err)
	return n
}

// archived is what the archive has of a file.
func (u *uploader) archived(digest string) string {
	u.t.Helper()
	blob, err := u.store.Open(u.ctx(), archive.Digest(digest))
	require.NoError(u.t, err)
	defer blob.Close()
	content, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
	require.NoError(u.t, err)
	return string(content)
}

// lying lists the files in the folder of uploads by their ends.
func (u *uploader) lying() (ends []string) {
	entries, err := os.ReadDir(u.options.Folder)
	require.NoError(u.t, err)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(u.t, err)
		require.Zero(u.t, info.Mode().Perm()&0o077, e.Name())
		ends = append(ends, filepath.Ext(e.Name()))
	}
	return ends
}

const aPDF = "%PDF-1.7\nrelazione"

// deferred are replies that are made after the world.
type deferred struct{ to *upload.Replies }

func (d deferred) MayAttach(ctx context.Context, reply int) error {
	return (*d.to).MayAttach(ctx, reply)
}

func (d deferred) Attach(ctx context.Context, reply int, f upload.File) (int, error) {
	return (*d.to).Attach(ctx, reply, f)
}
