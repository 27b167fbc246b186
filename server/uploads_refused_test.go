package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/upload"
	"github.com/smista/smista/virus"
)

// TestAnUploadIsOfOnePersonAndOneReply.
func TestAnUploadIsOfOnePersonAndOneReply(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	at := u.begin(1, len(aPDF), meta("filename", "relazione.pdf"))
	u.patch(at, 0, aPDF[:4])
	id := at[strings.LastIndex(at, "/")+1:]
	mine := u.token
	others := u.tokenOf(u.employee("altri@comune.example"))
	try := func(token, path string, status int) {
		t.Helper()
		u.token = token
		response, body := u.patch(path, 4, aPDF[4:])
		require.Equal(t, status, response.StatusCode, body)
		require.NotContains(t, body, "Upload-Offset")
		for _, method := range []string{"HEAD", "DELETE"} {
			response, body = u.send(method, path, "", "Tus-Resumable", "1.0.0")
			require.Equal(t, status, response.StatusCode, body)
			require.Empty(t, response.Header.Get("Upload-Offset"))
		}
	}
	try(others, at, 404)
	try(mine, to(2)+id, 404)
	try(mine, to(9)+id, 404)
	last := "A"
	if strings.HasSuffix(id, last) {
		last = "B"
	}
	try(mine, to(1)+id[:len(id)-1]+last, 404)
	for _, strange := range []string{"x", "1-1-", id + ".info", id + "/x", "..%2f" + id, "1-1-..%2f..%2f..%2fsmista.db", "%00"} {
		try(mine, to(1)+strange, 404)
	}
	try(mine, "/api/v1/replies/"+idOf("Case", 1)+"/files/"+id, 404)
	try("", at, 401)
	secret, _, err := u.deps.Staff.MakeToken(u.ctx(), 1, "lettura", []string{staff.ScopeRead, staff.ScopeContent}, time.Hour)
	require.NoError(t, err)
	try(secret, at, 403)
	secret, _, err = u.deps.Staff.MakeToken(u.ctx(), 1, "senza contenuto", []string{staff.ScopeRead, staff.ScopeWrite}, time.Hour)
	require.NoError(t, err)
	try(secret, at, 403)

	u.token = mine
	require.Equal(t, 4, u.offset(at))
	response, body := u.post(9, 1, "", "")
	require.Equal(t, 404, response.StatusCode, body)
	require.Contains(t, body, "there is no such reply")
	response, _ = u.patch(at, 4, aPDF[4:])
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, aPDF, u.archived(digestOf(aPDF)))
}

// TestRightsEndInTheMiddle: of the reply, or of the key, between two pieces or
// within one.
func TestRightsEndInTheMiddle(t *testing.T) {
	t.Parallel()
	gone := &casework.Refused{Code: casework.NotFound, English: "there is no such reply", Italian: "la risposta non esiste"}
	sent := &casework.Refused{Code: casework.Illegal, English: "the reply was sent", Italian: "la risposta è già inviata"}
	for _, tt := range []struct {
		name   string
		end    func(u *uploader, token int)
		status int
	}{
		{"the reply is out of sight", func(u *uploader, _ int) { u.replies.refuse(gone) }, 404},
		{"the reply was sent", func(u *uploader, _ int) { u.replies.refuse(sent) }, 409},
		{"the token is revoked", func(u *uploader, token int) { require.NoError(t, u.deps.Staff.RevokeToken(u.ctx(), token)) }, 401},
	} {
		for _, within := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, within), func(t *testing.T) {
				t.Parallel()
				u := newUploader(t)
				secret, token, err := u.deps.Staff.MakeToken(u.ctx(), 1, "breve", []string{staff.ScopeRead, staff.ScopeContent, staff.ScopeWrite}, time.Hour)
				require.NoError(t, err)
				u.token = secret
				at := u.begin(1, len(aPDF), "")
				if !within {
					u.patch(at, 0, aPDF[:4])
					tt.end(u, token)
					response, body := u.patch(at, 4, aPDF[4:])
					require.Equal(t, tt.status, response.StatusCode, body)
				} else {
					require.Equal(t, tt.status, u.slowly(at, func() { tt.end(u, token) }))
				}
				require.Empty(t, u.replies.all())
			})
		}
	}
}

// slowly sends a file in one request in which something happens half way.
func (u *uploader) slowly(at string, happens func()) int {
	u.t.Helper()
	body, out := io.Pipe()
	r, err := http.NewRequestWithContext(u.t.Context(), http.MethodPatch, u.http.URL+at, body)
	require.NoError(u.t, err)
	r.ContentLength = int64(len(aPDF))
	for _, h := range [][2]string{
		{"Authorization", "Bearer " + u.token}, {"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "0"}, {"Content-Type", "application/offset+octet-stream"},
	} {
		r.Header.Set(h[0], h[1])
	}
	go func() {
		io.WriteString(out, aPDF[:4])
		require.Eventually(u.t, func() bool { // it has begun
			info, err := os.Stat(filepath.Join(u.options.Folder, at[strings.LastIndex(at, "/")+1:]))
			return err == nil && info.Size() == 4
		}, patience, patience/1000)
		happens()
		io.WriteString(out, aPDF[4:])
		out.Close()
	}()
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(u.t, err)
	response.Body.Close()
	return response.StatusCode
}

func TestUploadsAreBounded(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	response, body := u.post(1, mostBytes+1, "", "", "Accept-Language", "it")
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	require.Contains(t, body, "il file supera")
	for size, body := range map[int]string{0: "", -1: "", 3: "quattro"} {
		response, _ = u.post(1, size, body, "")
		require.GreaterOrEqual(t, response.StatusCode, 400, size)
	}
	response, _ = u.send("POST", to(1), "", "Tus-Resumable", "1.0.0", "Upload-Defer-Length", "1")
	require.Equal(t, http.StatusNotImplemented, response.StatusCode)
	response, _ = u.send("POST", to(1), "", "Upload-Length", "3")
	require.Equal(t, http.StatusPreconditionFailed, response.StatusCode, "it does not speak tus")
	require.Empty(t, u.lying(), "what failed leaves nothing")

	var made sync.Map
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if response, _ := u.post(1, 10, "", ""); response.StatusCode == http.StatusCreated {
				made.Store(i, response.Header.Get("Location"))
			} else if response.StatusCode != http.StatusTooManyRequests {
				t.Error(response.StatusCode)
			}
		})
	}
	all.Wait()
	var open []string
	made.Range(func(_, at any) bool {
		open = append(open, at.(string))
		return true
	})
	require.Len(t, open, 5)
	response, _ = u.patch(open[0], 0, "più di dieci byte")
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	response, _ = u.patch(open[0], 3, "xyz")
	require.Equal(t, http.StatusConflict, response.StatusCode)
	response, _ = u.send("DELETE", open[0], "", "Tus-Resumable", "1.0.0")
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	response, _ = u.send("HEAD", open[0], "", "Tus-Resumable", "1.0.0")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	u.begin(2, 10, "")
	require.Empty(t, u.replies.all())
}

func TestWhatCannotSucceedIsDropped(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	u.scanner.set(fmt.Errorf("%w (StreamMaxLength)", virus.ErrTooLarge))
	response, body := u.post(1, len(aPDF), aPDF, "")
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode, body)
	u.scanner.set(nil)
	response, body = u.post(1, len(aPDF), aPDF, meta("sha256", digestOf("altro")))
	require.Equal(t, http.StatusConflict, response.StatusCode, body)
	response, body = u.post(1, len(aPDF), aPDF, meta("contentid", "logo", "filetype", "image/png"))
	require.Equal(t, http.StatusUnsupportedMediaType, response.StatusCode, body)
	for _, said := range []string{meta("contentid", "a b"), meta("sha256", "x")} {
		response, body = u.post(1, len(aPDF), aPDF, said)
		require.Equal(t, http.StatusBadRequest, response.StatusCode, body)
	}
	require.Empty(t, u.lying())
	require.Empty(t, u.replies.all())
}

// TestWhatWentWrongInsideAnUploadIsNotTold, and the bytes stay.
func TestWhatWentWrongInsideAnUploadIsNotTold(t *testing.T) {
	t.Parallel()
	u := newUploader(t, func(o *upload.Options) { o.Scanner = nil })
	at := u.begin(1, len(aPDF), "")
	u.replies.refuse(errors.New("hunter2"))
	response, body := u.patch(at, 0, aPDF)
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.NotContains(t, body, "hunter2")
	require.Contains(t, u.said.String(), "hunter2")
	u.replies.refuse(nil)
	response, _ = u.patch(at, 0, aPDF)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.False(t, u.replies.all()[0].Scanned)
}

// TestOtherPagesDoNotUpload, and ours do, with their cookie.
func TestOtherPagesDoNotUpload(t *testing.T) {
	t.Parallel()
	u := newUploader(t)
	u.employee("scrive@comune.example")
	b := &browser{world: u.world}
	b.signIn("scrive@comune.example", password)
	tus := []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}
	for _, method := range []string{"POST", "PATCH", "HEAD", "DELETE", "OPTIONS"} {
		response := b.do(method, to(1), "", append(tus, "Origin", "https://evil.example", "Upload-Length", "3")...)
		require.Equal(t, http.StatusForbidden, response.StatusCode, method)
		require.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
	}
	response := b.do("POST", to(1), "", append(tus, "Upload-Length", "6")...)
	require.Equal(t, http.StatusCreated, response.StatusCode)
	at := response.Header.Get("Location")
	require.Equal(t, http.StatusNoContent, b.do("PATCH", at, "uno", append(tus, "Upload-Offset", "0")...).StatusCode)
	require.Equal(t, "3", b.do("HEAD", at, "", "Tus-Resumable", "1.0.0", "Content-Type", "").Header.Get("Upload-Offset"))
	require.Equal(t, http.StatusNoContent, b.do("PATCH", at, "due", append(tus, "Upload-Offset", "3")...).StatusCode)
	response = b.do("OPTIONS", to(1), "")
	require.Equal(t, "creation,creation-with-upload,termination", response.Header.Get("Tus-Extension"))
	require.Equal(t, strconv.Itoa(mostBytes), response.Header.Get("Tus-Max-Size"))
	for name := range response.Header {
		require.NotContains(t, name, "Access-Control")
	}
	require.Equal(t, "unodue", u.archived(u.replies.all()[0].SHA256))
}
