package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/graph/model"
)

// send makes a request; header pairs are names and values.
func (w *world) send(method, path, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, strings.NewReader(body))
	require.NoError(w.t, err)
	r.Header.Set("Authorization", "Bearer "+w.token)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		if header[i] == "Authorization" {
			r.Header.Del("Authorization")
		}
		r.Header.Add(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response, string(got)
}

const aQuestion = `{"query":"{ registerHead }"}`

func TestWhatIsNoQuestionIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const canary = "hunter2-canary"
	for _, tt := range []struct {
		name, method, kind, body string
		status                   int
	}{
		{"JSON", "POST", "application/json", aQuestion, 200},
		{"JSON with a charset", "POST", "application/json; charset=utf-8", aQuestion, 200},
		{"GET", "GET", "", "", 405},
		{"DELETE", "DELETE", "application/json", aQuestion, 405},
		{"a form", "POST", "application/x-www-form-urlencoded", "query=%7Bcases%7Bnodes%7Bid%7D%7D%7D", 415},
		{"a form with files", "POST", "multipart/form-data; boundary=x", "--x--", 415},
		{"plain text", "POST", "text/plain", aQuestion, 415},
		{"bare GraphQL", "POST", "application/graphql", "{ registerHead }", 415},
		{"no type", "POST", "", aQuestion, 415},
		{"broken JSON", "POST", "application/json", `{"query":"{ registerHead }", "variables": {"password": "` + canary + `"`, 400},
		{"variables of a wrong type", "POST", "application/json", `{"query":"{ registerHead }", "variables": "` + canary + `"}`, 400},
		{"a batch", "POST", "application/json", "[" + aQuestion + "]", 400},
		{"no query", "POST", "application/json", `{"variables":{"password":"` + canary + `"}}`, 400},
		{"something after the object", "POST", "application/json", aQuestion + canary, 400},
		{"a long body", "POST", "application/json", `{"query":"` + strings.Repeat(" ", 1<<20) + `"}`, 413},
		{"a subscription by POST", "POST", "application/json", `{"query":"subscription { events { cursor } }"}`, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			response, body := w.send(tt.method, "/graphql", tt.body, "Content-Type", tt.kind)
			require.Equal(t, tt.status, response.StatusCode, body)
			require.NotContains(t, body, canary)
			if tt.status != 200 || strings.Contains(tt.body, "subscription") {
				require.Contains(t, body, string(model.BadInput))
			}
		})
	}
	t.Cleanup(func() { require.NotContains(t, w.said.String(), canary, "nor is it logged") })
}

// TestStatusFollowsWhatTheClientAccepts: GraphQL over HTTP, §6.4.
func TestStatusFollowsWhatTheClientAccepts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		accept, body, kind string
		status             int
	}{
		{"application/graphql-response+json", aQuestion, "application/graphql-response+json", 200},
		{"application/graphql-response+json", `{"query":"{ nothing }"}`, "application/graphql-response+json", 400},
		{"application/graphql-response+json", `{"query":"{"}`, "application/graphql-response+json", 400},
		{"application/json", aQuestion, "application/json", 200},
	} {
		response, body := w.send("POST", "/graphql", tt.body, "Content-Type", "application/json", "Accept", tt.accept)
		require.Equal(t, tt.status, response.StatusCode, body)
		require.Contains(t, response.Header.Get("Content-Type"), tt.kind)
	}
}

// TestWhoMayAsk: pages of others may not, whatever they make of the origin.
func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.AllowedOrigins = []string{"https://desk.example:8443", "https://smista.example:443"} })
	own := w.http.URL
	port := own[strings.LastIndex(own, ":"):]
	for _, tt := range []struct {
		name   string
		header []string
		status int
	}{
		{"a program", nil, 200},
		{"our own page", []string{"Origin", own}, 200},
		{"our own page, written otherwise", []string{"Origin", strings.ToUpper(own)}, 200},
		{"our own page by name", []string{"Origin", "http://localhost" + port, "Host", "localhost" + port}, 200},
		{"an allowed page", []string{"Origin", "https://desk.example:8443"}, 200},
		{"an allowed page, usual port left out", []string{"Origin", "https://smista.example"}, 200},
		{"an allowed page through its own name", []string{"Origin", "https://smista.example", "Host", "smista.example"}, 200},
		{"another site", []string{"Origin", "https://evil.example"}, 403},
		{"another port", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"another scheme", []string{"Origin", strings.Replace(own, "http:", "https:", 1)}, 403},
		{"an allowed page at another port", []string{"Origin", "https://desk.example"}, 403},
		{"a name that begins like ours", []string{"Origin", own + ".evil.example"}, 403},
		{"a name that ends like an allowed one", []string{"Origin", "https://evildesk.example:8443"}, 403},
		{"a name in front", []string{"Origin", "http://127.0.0.1@evil.example"}, 403},
		{"a page without origin", []string{"Origin", "null"}, 403},
		{"two origins", []string{"Origin", own, "Origin", "https://evil.example"}, 403},
		{"no origin but cookies", []string{"Cookie", "a=b"}, 403},
		{"no origin but from another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"no origin, our own page", []string{"Sec-Fetch-Site", "same-origin", "Cookie", "a=b"}, 200},
		{"a name that was made to lead here", []string{"Host", "rebound.example" + port}, 421},
		{"the same, and its own origin", []string{"Host", "rebound.example" + port, "Origin", "http://rebound.example" + port}, 421},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			response, body := w.send("POST", "/graphql", aQuestion, append([]string{"Content-Type", "application/json"}, tt.header...)...)
			require.Equal(t, tt.status, response.StatusCode, body)
			if host := response.Request.Host; host != "" && host != own[len("http://"):] {
				return // the dialer of sockets sets its own Host
			}
			header := http.Header{}
			for i := 0; i < len(tt.header); i += 2 {
				header.Add(tt.header[i], tt.header[i+1])
			}
			conn, response, err := w.dial(header)
			if tt.status == 200 {
				require.NoError(t, err)
				require.NoError(t, conn.Close())
				return
			}
			require.Error(t, err)
			require.Equal(t, tt.status, response.StatusCode)
		})
	}
}

// TestALinkFromElsewhereOpensAPage, but nothing else does from there.
func TestALinkFromElsewhereOpensAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest"}
	response, _ := w.send("GET", "/livez", "", append(link, "document")...)
	require.Equal(t, http.StatusOK, response.StatusCode)
	response, _ = w.send("GET", "/livez", "", append(link, "iframe")...)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	response, _ = w.send("POST", "/graphql", aQuestion, append(link, "document", "Content-Type", "application/json")...)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	response, _ = w.send("GET", "/livez", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image")
	require.Equal(t, http.StatusForbidden, response.StatusCode)
}

func TestEveryAnswerHasAnIDAndKeepsBrowsersSafe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	response, _ := w.send("GET", "/livez?token=hunter2", "")
	id := response.Header.Get("X-Request-Id")
	require.NotEmpty(t, id)
	require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "DENY", response.Header.Get("X-Frame-Options"))
	require.Eventually(t, func() bool { return strings.Contains(w.said.String(), id) }, patience, patience/1000)
	require.NotContains(t, w.said.String(), "hunter2", "a query string may hold secrets")
}

func TestAPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) {
		d.Pages = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })
	})
	response, body := w.send("GET", "/", "")
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.NotContains(t, body, "hunter2")
	require.Contains(t, w.said.String(), "hunter2")
}

// TestWhatWentWrongInsideIsNotTold, but for a sentence in the reader's language
// and the way to the log.
func TestWhatWentWrongInsideIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.db.Close())
	for language, want := range map[string]string{"": "internal error", "it-IT,it;q=0.9,en;q=0.8": "errore interno", "fr": "internal error"} {
		response, body := w.send("POST", "/graphql", aQuestion, "Content-Type", "application/json", "Accept-Language", language)
		require.Contains(t, body, want)
		require.Contains(t, body, `"INTERNAL"`)
		require.Contains(t, body, response.Header.Get("X-Request-Id"))
		require.NotContains(t, body, "sql")
	}
	require.Contains(t, w.said.String(), "database is closed")
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	broken := errors.New("hunter2")
	var failure, less error
	w := newWorld(t, func(d *Deps) {
		d.Checks = []Check{
			{Name: "archive", Run: func(context.Context) error { return failure }},
			{Name: "redis", Spare: true, Run: func(context.Context) error { return less }},
		}
	})
	response, body := w.send("GET", "/readyz", "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "OK\n", body)
	less = broken
	response, body = w.send("GET", "/readyz?verbose", "")
	require.Equal(t, http.StatusOK, response.StatusCode, "it serves without it too")
	require.Equal(t, "database: ok\narchive: ok\nredis: failed, see the log\n", body)
	less = nil
	failure = broken
	response, body = w.send("GET", "/readyz?verbose", "")
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, "database: ok\narchive: failed, see the log\nredis: ok\n", body)
	response, body = w.send("GET", "/livez", "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "ok\n", body)
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	_, mail := w.arrives(box, nil, 1)
	const whole = "Subject: PEC 1\r\n\r\nallegato numero 1\r\n"
	original := "/api/v1/originals/" + mail.Digest
	attached := "/api/v1/attachments/" + idOf("Attachment", 1)

	response, body := w.send("GET", original, "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, whole, body)
	require.Equal(t, `"`+mail.Digest+`"`, response.Header.Get("ETag"))
	require.Equal(t, "message/rfc822", response.Header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="Istanza 1.eml"; filename*=UTF-8''Istanza%201.eml`, response.Header.Get("Content-Disposition"))
	require.Contains(t, response.Header.Get("Content-Security-Policy"), "sandbox")
	require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))

	response, body = w.send("GET", original, "", "Range", "bytes=0-6")
	require.Equal(t, http.StatusPartialContent, response.StatusCode)
	require.Equal(t, "Subject", body)

	response, body = w.send("GET", attached, "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "allegato", body)
	require.Equal(t, "application/pdf", response.Header.Get("Content-Type"))
	require.Equal(t, `"`+digestOf("allegato")+`"`, response.Header.Get("ETag"))

	for _, path := range []string{original, attached} {
		response, body = w.send("HEAD", path, "")
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Empty(t, body)
		response, _ = w.send("GET", path, "", "If-None-Match", response.Header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, response.StatusCode)
		response, _ = w.send("POST", path, "")
		require.Equal(t, http.StatusNotFound, response.StatusCode)
	}
	for _, path := range []string{
		"/api/v1/originals/" + strings.Repeat("0", 64), "/api/v1/originals/..%2f..%2fetc%2fpasswd", "/api/v1/originals/x",
		"/api/v1/attachments/" + idOf("Attachment", 2), "/api/v1/attachments/" + idOf("Message", 1), "/api/v1/attachments/1",
	} {
		response, body = w.send("GET", path, "")
		require.Equal(t, http.StatusNotFound, response.StatusCode, body)
	}
}

// TestADamagedOriginalIsNotHandedOut.
func TestADamagedOriginalIsNotHandedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Archive = damaged{d.Archive} })
	_, mail := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 1)
	for _, path := range []string{"/api/v1/originals/" + mail.Digest, "/api/v1/attachments/" + idOf("Attachment", 1)} {
		response, body := w.send("GET", path, "")
		require.Equal(t, http.StatusInternalServerError, response.StatusCode)
		require.NotContains(t, body, "allegato")
	}
	require.Contains(t, w.said.String(), archive.ErrCorrupt.Error())
}

type damaged struct{ archive.Store }

func (damaged) Open(context.Context, archive.Digest) (archive.Blob, error) {
	return nil, archive.ErrCorrupt
}

// TestNamesOfDownloads: what a stranger called it does no harm in a header.
func TestNamesOfDownloads(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fattura.pdf":       `attachment; filename="fattura.pdf"; filename*=UTF-8''fattura.pdf`,
		"città 100%.txt":    `attachment; filename="citt_ 100_.txt"; filename*=UTF-8''citt%C3%A0%20100%25.txt`,
		"a\"; b=\"c.txt":    `attachment; filename="a_; b=_c.txt"; filename*=UTF-8''a%22%3B%20b%3D%22c.txt`,
		"a\r\nSet-Cookie:b": `attachment; filename="a__Set-Cookie:b"; filename*=UTF-8''a%0D%0ASet-Cookie%3Ab`,
	} {
		require.Equal(t, want, disposition(name))
	}
	for declared, want := range map[string]string{
		"text/html; charset=utf-8": "text/html", "": "application/octet-stream", "x": "application/octet-stream",
		"text/html\r\nX: y": "application/octet-stream", "Application/PDF": "application/pdf",
	} {
		require.Equal(t, want, safeMediaType(declared))
	}
}
