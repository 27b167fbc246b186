package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// streaming reads a stream of events.
type streaming struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Reader
	conn     net.Conn
	comments []string // and hints, since the last event
}

// opens asks for a stream, with other headers than usual where some are given.
func (w *world) opens(query string, variables map[string]any, header http.Header) *streaming {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.http.URL+"/graphql", bytes.NewReader(body))
	require.NoError(w.t, err)
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {eventStream}, "Authorization": {"Bearer " + w.token}}
	maps.Copy(r.Header, header)
	s := &streaming{t: w.t}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		s.conn = conn
		return conn, errors.Join(err, conn.(*net.TCPConn).SetReadBuffer(4<<10))
	}}
	s.response, err = transport.RoundTrip(r)
	require.NoError(w.t, err)
	s.lines = bufio.NewReader(s.response.Body)
	w.t.Cleanup(func() { _ = s.response.Body.Close() })
	return s
}

// streams opens a stream, and reads by its first comment that it is open.
func (w *world) streams(query string, variables map[string]any) *streaming {
	w.t.Helper()
	s := w.opens(query, variables, nil)
	require.Equal(w.t, http.StatusOK, s.response.StatusCode)
	first, err := s.lines.ReadString('\n')
	require.NoError(w.t, err)
	require.Equal(w.t, ":\n", first)
	return s
}

// next reads an event; none at the end of the stream.
func (s *streaming) next() (event, data string) {
	s.t.Helper()
	require.NoError(s.t, s.conn.SetReadDeadline(time.Now().Add(patience)))
	s.comments = nil
	for {
		line, err := s.lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return "", ""
		}
		require.NoError(s.t, err)
		switch name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":"); name {
		case "event":
			event = strings.TrimSpace(value)
		case "data":
			data = strings.TrimSpace(value)
		default:
			if line != "\n" {
				s.comments = append(s.comments, strings.TrimSpace(line))
			} else if event != "" {
				return event, data
			}
		}
	}
}

// data reads the next answer.
func (s *streaming) data(string) string {
	s.t.Helper()
	event, data := s.next()
	require.Equal(s.t, "next", event, data)
	var payload struct{ Data json.RawMessage }
	require.NoError(s.t, json.Unmarshal([]byte(data), &payload))
	return string(payload.Data)
}

// event reads the next answer to a subscription to events.
func (s *streaming) event() happening {
	s.t.Helper()
	var data struct{ Events happening }
	require.NoError(s.t, json.Unmarshal([]byte(s.data("")), &data))
	return data.Events
}

// ends reads that it ends by an error with some code, and that nothing follows.
func (s *streaming) ends(code string) {
	s.t.Helper()
	event, data := s.next()
	for event == "next" && strings.Contains(data, `"data":{`) {
		event, data = s.next()
	}
	require.Equal(s.t, "next", event)
	require.Contains(s.t, data, `"code":"`+code+`"`)
	event, _ = s.next()
	require.Equal(s.t, "complete", event)
	event, _ = s.next()
	require.Empty(s.t, event)
}

func TestAStreamTellsWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	s := w.streams(everything, map[string]any{"after": w.head()})
	for name, want := range map[string]string{
		"Content-Type": eventStream, "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff",
	} {
		require.Equal(t, want, s.response.Header.Get(name), name)
	}
	w.arrives(box, nil, 0)
	require.Equal(t, "MessageReceived", s.event().Type)
	opened := s.event()
	require.Equal(t, "CaseOpened", opened.Type)
	require.Equal(t, "2026/000001", opened.Case.Number)

	one := w.streams(`{ registerHead }`, nil)
	require.JSONEq(t, fmt.Sprintf(`{"registerHead":%q}`, w.head()), one.data(""))
	event, _ := one.next()
	require.Equal(t, "complete", event)
	event, _ = one.next()
	require.Empty(t, event, "it ends with its operation")
}

// A stream and a WebSocket are two ways to the same part.
func TestStreamsShareAnExecutionWithSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	after := map[string]any{"after": w.head()}
	c, s := w.listener(), w.streams(inChorus, after)
	c.subscribe("1", inChorus, after)
	w.happen(3)
	for range 3 {
		require.Equal(t, c.data("1"), s.data(""))
	}
	require.Equal(t, 1, w.parts())
}

// The same as of a socket: cut again and again, each event is seen once.
func TestACutStreamResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cursor := w.head()
	const total = 300
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range total / 10 {
			w.happen(10)
		}
	}()
	var seen []string
	for len(seen) < total {
		s := w.streams(everything, map[string]any{"after": cursor})
		for range min(1+len(seen)%37, total-len(seen)) {
			cursor = s.event().Cursor
			seen = append(seen, cursor)
		}
		require.NoError(t, s.conn.Close())
	}
	<-written
	register := w.cursors()
	require.Equal(t, register[len(register)-total:], seen, "each event once, in order")
	require.Eventually(t, func() bool { return w.front.sockets.connected() == 0 }, patience, 5*time.Millisecond, "who has gone is forgotten")
}

func TestAStreamEndsWithItsKey(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.employee("anna@comune.example")
		b := &browser{world: w}
		b.signIn("anna@comune.example", password)
		mine := http.Header{"Authorization": nil, "Cookie": {sessionCookie + "=" + b.cookie.Value}, "Origin": {w.http.URL}}
		s := w.opens(everything, nil, mine)
		require.Equal(t, http.StatusOK, s.response.StatusCode)
		b.do("DELETE", sessionPath, "")
		s.ends("UNAUTHENTICATED")
		require.Equal(t, http.StatusUnauthorized, w.opens(everything, nil, mine).response.StatusCode)

		secret, token, err := w.deps.Staff.MakeToken(w.ctx(), id, "t", []string{staff.ScopeRead}, time.Hour)
		require.NoError(t, err)
		s = w.opens(everything, nil, http.Header{"Authorization": {"Bearer " + secret}})
		require.NoError(t, w.deps.Staff.RevokeToken(w.ctx(), token))
		s.ends("UNAUTHENTICATED")
	})
}

// Who leaves an office hears nothing more of it, on the stream that is open.
func TestARoleThatIsTakenStopsItsEvents(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		box := w.mailbox("tributi@comune.example", taxes)
		as, id := w.someone("opera", staff.Roles{}, taxes, membership.RoleOperator)
		s := as.streams(inChorus, map[string]any{"after": w.head()})
		w.arrives(box, taxes, 0)
		for _, kind := range []string{"MessageReceived", "CaseOpened", "CaseRouted"} {
			require.Contains(t, s.data(""), kind)
		}
		require.NoError(t, w.deps.Staff.RemoveMember(w.ctx(), staff.Member{User: id, Office: taxes.ID, Role: membership.RoleOperator}))
		w.arrives(box, taxes, 0)
		w.write(func(context.Context, *ent.Tx) []event.Entry {
			return []event.Entry{{Kind: event.NoticeFailed, Person: id}}
		})
		for heard := ""; !strings.Contains(heard, "NOTICE_FAILED"); {
			heard = s.data("")
			require.NotContains(t, heard, "Istanza 2")
			require.NotContains(t, heard, "2026/000002")
		}
	})
}

func TestWhoMayOpenAStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		header http.Header
		status int
	}{
		"nobody":               {http.Header{"Authorization": nil}, 401},
		"a token that is none": {http.Header{"Authorization": {"Bearer smista_pat_no"}}, 401},
		"a page of another":    {http.Header{"Origin": {"https://evil.example"}}, 403},
		"a form":               {http.Header{"Content-Type": {"text/plain"}}, 415},
	} {
		require.Equal(t, tt.status, w.opens(everything, nil, tt.header).response.StatusCode, name)
	}
	also := w.opens(`{ registerHead }`, nil, http.Header{"Accept": {"application/json, " + eventStream}})
	require.Contains(t, also.response.Header.Get("Content-Type"), "application/json", "who would rather have JSON")
	foreign := newWorld(t)
	foreign.happen(1)
	w.streams(`subscription {`, nil).ends("GRAPHQL_PARSE_FAILED")
	w.streams(`{ cases(first: 100) { nodes { messages(first: 100) { nodes { text subject } } } } }`, nil).ends("TOO_COSTLY")
	w.streams(everything, map[string]any{"after": foreign.head()}).ends("CURSOR_UNKNOWN")
}

func TestAStreamThatIsNotReadIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.front.sockets.writeTime = 200 * time.Millisecond
	_, mail := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)
	start := w.head()
	var much strings.Builder
	for i := range 280 {
		fmt.Fprintf(&much, " a%d: identifier b%d: messageId", i, i)
	}
	reader := w.streams(everything, map[string]any{"after": start})
	for range 5 {
		w.streams(`subscription($a: Cursor) { events(after: $a) { ... on MessageSeen { message {`+much.String()+`} } } }`, map[string]any{"a": start})
	}
	const events = 50
	w.write(func(context.Context, *ent.Tx) []event.Entry {
		return slices.Repeat([]event.Entry{{Kind: event.MessageSeen, Message: mail.ID}}, events)
	})
	for range events {
		require.Equal(t, "MessageSeen", reader.event().Type)
	}
	require.Eventually(t, func() bool { return w.front.sockets.connected() == 1 }, patience, 5*time.Millisecond)
}

// A server that stops, or is full, says when to come back.
func TestAStreamIsToldToComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Limits.Sockets = 1 })
	s := w.streams(everything, nil)
	full := w.opens(everything, nil, nil)
	require.Equal(t, http.StatusServiceUnavailable, full.response.StatusCode)
	require.NotEmpty(t, full.response.Header.Get("Retry-After"))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.front.Shutdown(ctx))
	event, _ := s.next()
	require.Empty(t, event, "it did not complete")
	require.Contains(t, s.comments, "retry: "+comesBack)
	require.Equal(t, http.StatusServiceUnavailable, w.opens(everything, nil, nil).response.StatusCode)
}

// A stream on which nothing happens says that it lives, and rests meanwhile.
func TestAQuietStreamBeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.streams(everything, nil)
	require.Len(t, w.front.sockets.visits(), 1)
	for one := range w.front.sockets.visits() {
		one.beat()
	}
	w.happen(1)
	require.Equal(t, "MailboxHealthChanged", s.event().Type)
	require.Contains(t, s.comments, ":")
}
