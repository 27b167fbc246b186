package server

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// eventStream is the media type of Server-Sent Events.
const eventStream = "text/event-stream"

// comesBack is what a client is told to wait before it comes back, in milliseconds.
const comesBack = "2000"

// stream is the speech of Server-Sent Events, for where no WebSocket passes: the
// client asks one operation by POST, and the answer is a stream that ends with it
// (graphql-sse PROTOCOL.md, distinct connections). The client says nothing on it.
type stream struct{}

// wantsStream holds for who wants the answer as events before all else.
func wantsStream(r *http.Request) bool {
	first, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	kind, _, _ := strings.Cut(first, ";")
	return strings.TrimSpace(kind) == eventStream
}

// stream answers by a stream. It takes the connection from net/http, so that a
// stream costs no goroutine and waits for nobody, as a WebSocket.
func (h *sockets) stream(w http.ResponseWriter, r *http.Request, asked *graphql.RawParams) {
	if !h.enter() {
		refuseCrowd(w, r)
		return
	}
	w.Header().Set("Content-Type", eventStream)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		h.leave()
		refuse(w, r, http.StatusHTTPVersionNotSupported, "events are streamed over HTTP/1.1")
		return
	}
	s := h.socket(r, newWire(conn, h.writeTime), stream{})
	s.single = true
	s.heard.Store(time.Now().UnixNano())
	_, failed := h.door.hello(s.ctx, "", &s.visit)
	h.add(s, pingInterval, preamble(w.Header()))
	if failed != nil {
		s.close(closeForbidden, "Forbidden")
	}
	s.mu.Lock()
	s.start(&operation{}, asked)
	s.mu.Unlock()
	if !s.rest() {
		go s.live()
	}
}

// preamble is the head of the answer, and a comment, by which a client knows that
// what is said comes through. The answer lasts as long as the connection, which
// proxies understand that speak HTTP/1.0 to us; they are asked to hold nothing back.
func preamble(h http.Header) []byte {
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	h.Set("Connection", "close")
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // into memory
	b.WriteString("\r\n:\n\n")
	return b.Bytes()
}

// listen finds out that the client has gone, or is to go: then what was said last
// is handed over.
func (stream) listen(s *socket) (rests bool) {
	_, _ = s.wire.Read(make([]byte, 1))
	ctx, cancel := context.WithTimeout(context.Background(), lingerTime)
	defer cancel()
	_ = s.wire.ready(ctx)
	return false
}

func (stream) next(dst []byte, _ *operation, body []byte) []byte {
	return append(append(append(dst, "event: next\ndata: "...), body...), "\n\n"...)
}

// finish says an error as an answer that has no data.
func (f stream) finish(op *operation, errs gqlerror.List) (b []byte) {
	if len(errs) > 0 {
		b = f.next(b, op, bodyOf(&graphql.Response{Errors: errs}))
	}
	return append(b, "event: complete\ndata:\n\n"...)
}

func (stream) ping() []byte { return []byte(":\n\n") }

// overdue: it says nothing. Who has gone without a word is found by what waits for him.
func (stream) overdue(time.Time) bool { return false }

// goodbye ends the stream in its midst, and the client comes back with its cursor,
// unless it is not to come back.
func (f stream) goodbye(s *socket, code int, reason string) ([]byte, time.Duration) {
	switch code {
	case closeDone:
		return nil, 0
	case closeUnauthorized, closeForbidden:
		return f.finish(nil, gqlerror.List{s.hub.answers.resolver.Present(s.ctx, noLonger())}), 0
	}
	return []byte(": " + reason + "\nretry: " + comesBack + "\n\n"), 0
}
