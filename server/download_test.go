package server

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/staff"
)

// inLines is base64 as a mail has it.
func inLines(content string) string {
	var b strings.Builder
	for text := base64.StdEncoding.EncodeToString([]byte(content)); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}

// Whoever wants a part of a file gets that part, however it stands in its original;
// and reading it in parts is one reading.
func TestFilesAreReadInParts(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		content := "%PDF-1.7\n"
		for i := range 700 {
			content += fmt.Sprintf("riga %d\n", i)
		}
		raw := "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n" +
			"Content-Transfer-Encoding: base64\n\n" + inLines(content) + "--m--\n"
		box := w.mailbox("tributi@comune.example", office)
		mail, attachments := w.takesIn(box, office, raw)
		original := strings.ReplaceAll(raw, "\n", "\r\n")
		for _, f := range []struct{ path, whole, digest, how string }{
			{graph.AttachmentPath(attachments[0].ID), content, attachments[0].Sha256, graph.ReadAttachment},
			{graph.AttachmentPath(attachments[0].ID) + "?inline=1", content, attachments[0].Sha256, graph.ReadAttachment},
			{graph.OriginalsPath + mail.Digest, original, mail.Digest, graph.ReadOriginal},
			{w.draft(mail, box, w.kept("bozza.pdf", "application/pdf", content))[0], content, digestOf(content), ""},
		} {
			n := len(f.whole)
			etag := `"` + f.digest + `"`
			for _, tt := range []struct {
				name    string
				header  []string
				status  int
				content string
				is      string // Content-Range
			}{
				{"all of it", nil, 200, f.whole, ""},
				{"its beginning", []string{"Range", "bytes=0-99"}, 206, f.whole[:100], fmt.Sprintf("bytes 0-99/%d", n)},
				{"its middle", []string{"Range", "bytes=2001-3000"}, 206, f.whole[2001:3001], fmt.Sprintf("bytes 2001-3000/%d", n)},
				{"from some place on", []string{"Range", "bytes=4000-"}, 206, f.whole[4000:], fmt.Sprintf("bytes 4000-%d/%d", n-1, n)},
				{"its end", []string{"Range", "bytes=-50"}, 206, f.whole[n-50:], fmt.Sprintf("bytes %d-%d/%d", n-50, n-1, n)},
				{"more than there is", []string{"Range", "bytes=4000-999999"}, 206, f.whole[4000:], fmt.Sprintf("bytes 4000-%d/%d", n-1, n)},
				{"what is not there", []string{"Range", "bytes=999999-"}, 416, "", fmt.Sprintf("bytes */%d", n)},
				{"no range", []string{"Range", "bytes=x"}, 416, "", ""},
				{"several parts", []string{"Range", "bytes=3000-3001,0-1"}, 200, f.whole, ""},
				{"a part of what it has", []string{"Range", "bytes=0-99", "If-Range", etag}, 206, f.whole[:100], fmt.Sprintf("bytes 0-99/%d", n)},
				{"a part of what it no longer has", []string{"Range", "bytes=0-99", "If-Range", `"x"`}, 200, f.whole, ""},
				{"what it has", []string{"If-None-Match", `"x", W/` + etag}, 304, "", ""},
				{"what it no longer has", []string{"If-None-Match", `"x"`}, 200, f.whole, ""},
			} {
				response, body := w.send("GET", f.path, "", tt.header...)
				require.Equal(t, tt.status, response.StatusCode, "%s: %s", f.path, tt.name)
				if tt.status != http.StatusRequestedRangeNotSatisfiable {
					require.Equal(t, tt.content, body, "%s: %s", f.path, tt.name)
					require.Equal(t, etag, response.Header.Get("ETag"))
				}
				if tt.is != "" || tt.status == 200 {
					require.Equal(t, tt.is, response.Header.Get("Content-Range"), "%s: %s", f.path, tt.name)
				}
				require.Contains(t, response.Header.Get("Content-Security-Policy"), "sandbox")
			}
			response, body := w.send("HEAD", f.path, "")
			require.Equal(t, http.StatusOK, response.StatusCode)
			require.Empty(t, body)
			require.Equal(t, "bytes", response.Header.Get("Accept-Ranges"))
			require.EqualValues(t, n, response.ContentLength)
		}
		require.Equal(t, []string{graph.ReadAttachment, graph.ReadOriginal}, w.readingsOf(mail), "each once")
	})
}

// A part is as secret as the whole, and leaves the same trace: whichever comes first.
func TestAPartIsAsSecretAsTheWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes := w.office("tributi")
	_, mail := w.arrives(w.mailbox("tributi@comune.example", taxes), taxes, 1)
	paths := []string{graph.AttachmentPath(1), graph.AttachmentPath(1) + "?inline=1", graph.OriginalsPath + mail.Digest}
	stranger, _ := w.someone("altri", staff.Roles{}, w.office("lavori"), membership.RoleOperator)
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD"} {
			response, body := stranger.send(method, path, "", "Range", "bytes=4-7", "If-Range", `"`+digestOf("allegato")+`"`)
			require.Equal(t, http.StatusNotFound, response.StatusCode)
			require.NotContains(t, body, "gato")
			require.Empty(t, response.Header.Get("ETag"))
			response, _ = stranger.send(method, path, "", "If-None-Match", `"`+digestOf("allegato")+`"`)
			require.Equal(t, http.StatusNotFound, response.StatusCode)
		}
	}
	require.Empty(t, w.readingsOf(mail))

	response, body := w.send("GET", paths[0], "", "Range", "bytes=4-7")
	require.Equal(t, http.StatusPartialContent, response.StatusCode)
	require.Equal(t, "gato", body)
	require.Equal(t, []string{graph.ReadAttachment}, w.readingsOf(mail), "its end is a reading too")
	for i := range 8 {
		w.send("GET", paths[0], "", "Range", fmt.Sprintf("bytes=%d-%d", i, i))
	}
	require.Len(t, w.readingsOf(mail), 1)
}
