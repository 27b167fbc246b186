package server

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/upload"
	"github.com/smista/smista/virus"
)

func TestASmallFileTakesOneRequest(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	response, body := u.post(1, len(aPDF), aPDF, meta("filename", "../../relazione\r\nfinale.pdf", "filetype", "text/html", "sha256", digestOf(aPDF)))
	require.Equal(t, http.StatusCreated, response.StatusCode, body)
	require.Equal(t, idOf("ReplyFile", 1), response.Header.Get(upload.FileHeader))
	require.Equal(t, strconv.Itoa(len(aPDF)), response.Header.Get("Upload-Offset"))
	require.Equal(t, "1.0.0", response.Header.Get("Tus-Resumable"))
	at := response.Header.Get("Location")
	require.True(t, strings.HasPrefix(at, to(1)), at)
	require.Equal(t, []upload.File{{
		Name: "relazionefinale.pdf", MediaType: "application/pdf", Size: int64(len(aPDF)), SHA256: digestOf(aPDF), Scanned: true,
	}}, u.replies.all())
	require.Equal(t, aPDF, u.archived(digestOf(aPDF)))

	// Whoever lost the answer asks again, and nothing is attached twice.
	require.Equal(t, len(aPDF), u.offset(at))
	response, _ = u.patch(at, len(aPDF), "")
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, idOf("ReplyFile", 1), response.Header.Get(upload.FileHeader))
	response, _ = u.patch(at, 0, aPDF)
	require.Equal(t, http.StatusConflict, response.StatusCode)
	require.Len(t, u.replies.all(), 1)
	require.Equal(t, []string{".done"}, u.lying())
	response, _ = u.send("GET", at, "", "Tus-Resumable", "1.0.0")
	require.Equal(t, http.StatusMethodNotAllowed, response.StatusCode, "uploads are handed out to nobody")
}

// TestALargeFileGoesOnAfterCuts: the line breaks after every n-th byte, and once
// the program is started anew.
func TestALargeFileGoesOnAfterCuts(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	content := make([]byte, 5<<20+3)
	for i := range content {
		content[i] = byte(random.Uint32())
	}
	at := u.begin(1, len(content), meta("filename", "planimetria.zip"))
	cuts, restarted := 0, false
	for n := 1; ; n = n*3/2 + 1 {
		offset := u.offset(at)
		if offset == len(content) {
			break
		}
		u.cut(at, offset, content, min(n, len(content)-offset))
		cuts++
		if offset > len(content)/2 && !restarted {
			restarted = true
			u.restart()
		}
	}
	require.Greater(t, cuts, 20)
	require.True(t, restarted)
	require.Len(t, u.replies.all(), 1)
	require.Equal(t, digestOf(string(content)), u.replies.all()[0].SHA256)
	require.Equal(t, string(content), u.archived(digestOf(string(content))))
}

// TestEveryByteCanBeTheLast: of a small file, each cut is tried.
func TestEveryByteCanBeTheLast(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	content := []byte("piccolo, ma non tanto da arrivare tutto in una volta")
	at := u.begin(1, len(content), "")
	for offset := 0; offset < len(content); offset = u.offset(at) {
		u.cut(at, offset, content, 1)
	}
	require.Equal(t, string(content), u.archived(u.replies.all()[0].SHA256))
}

// cut sends n bytes of the rest, and breaks the line.
func (u *uploader) cut(at string, offset int, content []byte, n int) {
	u.t.Helper()
	conn, err := net.Dial("tcp", u.http.Listener.Addr().String())
	require.NoError(u.t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n\r\n", at, u.token, offset, len(content)-offset)
	require.NoError(u.t, err)
	_, err = conn.Write(content[offset : offset+n])
	require.NoError(u.t, err)
	require.NoError(u.t, conn.(*net.TCPConn).CloseWrite())
	_, err = io.Copy(io.Discard, conn) // what came is written
	require.NoError(u.t, err)
}

func TestAnInfectedFileIsToldAndNotKept(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	content := "VIRUS" + strings.Repeat("x", 100_000)
	response, body := u.post(1, len(content), content, meta("filename", "fattura.exe"))
	require.Equal(t, http.StatusCreated, response.StatusCode, body)
	require.Equal(t, []upload.File{{
		Name: "fattura.exe", MediaType: "text/plain", Size: int64(len(content)), SHA256: digestOf(content), Infected: "Prova", Scanned: true,
	}}, u.replies.all())
	_, err := u.store.Open(u.ctx(), archive.Digest(digestOf(content)))
	require.ErrorIs(t, err, archive.ErrNotFound)
	require.Equal(t, []string{".done"}, u.lying())
}

// TestTheScannerIsDown: the bytes wait, and are not sent again.
func TestTheScannerIsDown(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	u.scanner.set(fmt.Errorf("%w: connection refused", virus.ErrUnavailable))
	response, body := u.post(1, len(aPDF), aPDF, "", "Accept-Language", "it")
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Contains(t, body, "l'antivirus non risponde")
	require.NotContains(t, body, "connection refused")
	at := response.Header.Get("Location")
	for range 2 {
		response, _ = u.send("HEAD", at, "", "Tus-Resumable", "1.0.0")
		require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		response, _ = u.patch(at, len(aPDF), "")
		require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		u.restart()
	}
	require.Empty(t, u.replies.all())
	u.scanner.set(nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { u.offset(at) })
	}
	all.Wait()
	require.Len(t, u.replies.all(), 1, "however often it is asked")
	require.Equal(t, aPDF, u.archived(digestOf(aPDF)))
}

// TestWhatIsLeftLyingIsDropped after a day.
func TestWhatIsLeftLyingIsDropped(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	old, young := u.begin(1, 10, ""), u.begin(1, 10, "")
	u.post(1, len(aPDF), aPDF, "")
	u.patch(old, 0, "abc")
	now := time.Now()
	files, err := filepath.Glob(filepath.Join(u.options.Folder, "*"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	for _, f := range files {
		if !strings.Contains(f, filepath.Base(young)) {
			require.NoError(t, os.Chtimes(f, now, now.Add(-25*time.Hour)))
		}
	}
	u.patch(young, 0, "abc")
	require.NoError(t, u.deps.Uploads.Sweep(now))
	require.ElementsMatch(t, []string{"", ".info"}, u.lying())
	require.Equal(t, 3, u.offset(young))
	require.NoError(t, u.deps.Uploads.Sweep(now.Add(25*time.Hour)))
	require.Empty(t, u.lying())

	ctx, stop := context.WithCancel(t.Context())
	stop()
	u.deps.Uploads.Run(ctx)
}

// TestPicturesLookLikePictures.
func TestPicturesLookLikePictures(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 20)
	for _, tt := range []struct{ content, said, want string }{
		{png, "text/html", "image/png"},
		{"<html><script>", "image/png", "text/html"},
		{"<html><script>", "application/pdf", "text/html"},
		{"\x00\x01", "image/png", "application/octet-stream"},
		{"\x30\x82\x01\x00", "application/pkcs7-mime", "application/pkcs7-mime"},
		{"PK\x03\x04", "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"},
		{"PK\x03\x04", "", "application/zip"},
		{"<?xml version=\"1.0\"?>", "application/xml; charset=x", "application/xml"},
		{"a,b", "text/csv\r\nX: y", "text/plain"},
	} {
		response, body := u.post(1, len(tt.content), tt.content, meta("filetype", tt.said))
		require.Equal(t, http.StatusCreated, response.StatusCode, body)
		all := u.replies.all()
		require.Equal(t, tt.want, all[len(all)-1].MediaType, "%q", tt.content)
	}
	response, body := u.post(1, len(png), png, meta("contentid", "logo@smista", "filename", "logo.png"))
	require.Equal(t, http.StatusCreated, response.StatusCode, body)
	require.True(t, strings.HasPrefix(u.archived(digestOf(png)), "\x89PNG"))
}

// TestAnUploadBecomesAFileOfTheReply, with the real replies behind it.
func TestAnUploadBecomesAFileOfTheReply(t *testing.T) {
	t.Parallel()
	var actual upload.Replies
	u := newUploader(t, func(o *upload.Options) { o.Replies = deferred{&actual} })
	written := reply.New(reply.Options{Client: u.deps.Client, Archive: u.store, Work: u.deps.Work, Dossier: u.deps.Dossier, Scanned: true})
	actual = attaching{written}
	office := u.office("tributi")
	box := u.mailbox("tributi@comune.example", office)
	_, mail := u.arrives(box, office, 0)
	u.draft(mail, box)

	for _, content := range []string{aPDF, "VIRUS"} {
		response, body := u.post(1, len(content), content, meta("filename", "relazione.pdf"))
		require.Equal(t, http.StatusCreated, response.StatusCode, body)
	}
	rows := u.db.Client().ReplyFile.Query().Order(replyfile.ByID()).AllX(u.ctx())
	require.Len(t, rows, 2)
	require.Equal(t, replyfile.ScanClean, rows[0].Scan)
	require.Equal(t, replyfile.ScanInfected, rows[1].Scan)
	require.Equal(t, "Prova", rows[1].ScanText)
	response, body := u.send("GET", graph.ReplyFilePath(rows[0].ID), "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, aPDF, body)
	response, _ = u.send("GET", graph.ReplyFilePath(rows[1].ID), "")
	require.Equal(t, http.StatusForbidden, response.StatusCode)

	at := u.begin(1, len(aPDF), "")
	response, body = u.post(2, 3, "", "", "Accept-Language", "it")
	require.Equal(t, http.StatusNotFound, response.StatusCode, body)
	own := u.token
	u.token = u.tokenOf(u.employee("altri@comune.example"))
	response, body = u.post(1, 3, "", "")
	require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, response.StatusCode, body)
	u.token = own
	u.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.Reply.UpdateOneID(1).SetState("DISCARDED").ExecX(ctx)
		return nil
	})
	response, body = u.patch(at, 0, aPDF)
	require.Equal(t, http.StatusConflict, response.StatusCode, body)
	require.Equal(t, 2, u.db.Client().ReplyFile.Query().CountX(u.ctx()))
}

// TestWhereTheScannerIs.
func TestWhereTheScannerIs(t *testing.T) {
	t.Parallel()
	c, err := LoadConfig("", []string{"SMISTA_VIRUS_CLAMD=/run/clamav/clamd.ctl", "SMISTA_DATA=" + t.TempDir()})
	require.NoError(t, err)
	s, err := c.scanner()
	require.NoError(t, err)
	require.Equal(t, virus.Clamd{Network: "unix", Address: "/run/clamav/clamd.ctl"}, s)
	_, err = LoadConfig("", []string{"SMISTA_VIRUS_CLAMD=clamd"})
	require.ErrorContains(t, err, "SMISTA_VIRUS_CLAMD")
	i := &Instance{Config: c}
	uploads, err := i.uploads(&replies{})
	require.NoError(t, err)
	require.NotNil(t, uploads)
	info, err := os.Stat(filepath.Join(c.Data, "uploads"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}
