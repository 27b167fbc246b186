package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
)

func TestANewCaseIsHeardOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	c := w.listener()
	c.subscribe("a", everything, map[string]any{"after": w.head()})
	w.arrives(box, nil, 0)
	require.Equal(t, "MessageReceived", c.event("a").Type)
	opened := c.event("a")
	require.Equal(t, "CaseOpened", opened.Type)
	require.Equal(t, "2026/000001", opened.Case.Number)
}

// TestClientsThatBreakTheProtocol: which close code each of them gets.
func TestClientsThatBreakTheProtocol(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hello = `{"type":"connection_init"}`
	subscribe := func(id string) string {
		return fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":{"query":"subscription { events { cursor } }"}}`, id)
	}
	var many, flood []string
	for i := range maxSubscriptions + 1 {
		many = append(many, subscribe(fmt.Sprint(i)))
	}
	for range messageBurst + messageRate {
		flood = append(flood, `{"type":"ping"}`)
	}
	for _, tt := range []struct {
		name string
		says []string
		code int
	}{
		{"no JSON", []string{"hello"}, 4400},
		{"an array", []string{"[]"}, 4400},
		{"a type nobody knows", []string{`{"type":"start"}`}, 4400},
		{"a type of the server", []string{hello, `{"type":"next","id":"1","payload":{}}`}, 4400},
		{"a number for the first payload", []string{`{"type":"connection_init","payload":5}`}, 4400},
		{"a text for the first payload", []string{`{"type":"connection_init","payload":"x"}`}, 4400},
		{"asks before it said hello", []string{subscribe("1")}, 4401},
		{"says hello twice", []string{hello, hello}, 4429},
		{"asks under no id", []string{hello, subscribe("")}, 4400},
		{"asks under a long id", []string{hello, subscribe(strings.Repeat("x", maxOperationID+1))}, 4400},
		{"asks nothing", []string{hello, `{"id":"1","type":"subscribe","payload":{}}`}, 4400},
		{"asks twice under one id", []string{hello, subscribe("1"), subscribe("1")}, 4409},
		{"asks too much at once", append([]string{hello}, many...), 4429},
		{"talks too much", append([]string{hello}, flood...), 4429},
		{"says too much at once", []string{hello, `{"type":"ping","payload":{"x":"` + strings.Repeat("x", maxFrame) + `"}}`}, 1009},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := w.connect()
			c.t = t
			for _, text := range tt.says {
				_ = c.WriteMessage(websocket.TextMessage, []byte(text)) // it may be closed by now
			}
			require.Equal(t, tt.code, c.closed())
		})
	}
	t.Run("bytes instead of text", func(t *testing.T) {
		t.Parallel()
		c := w.connect()
		require.NoError(t, c.WriteMessage(websocket.BinaryMessage, []byte(hello)))
		require.Equal(t, 4400, c.closed())
	})
}

func TestWhoSaysNothingIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.front.sockets.initTime = 20 * time.Millisecond
	require.Equal(t, closeInitTimeout, w.connect().closed())
}

func TestAnEmptyFirstPayloadIsFine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, payload := range []string{"null", "{}", `{"token":"x"}`} {
		c := w.connect()
		c.send(`{"type":"connection_init","payload":` + payload + `}`)
		require.Equal(t, "connection_ack", c.next().Type)
		c.send(`{"type":"ping","payload":{"id":"1"}}`)
		require.Equal(t, "pong", c.next().Type)
	}
}

// TestAnIDIsUsedAgain: an id is free as soon as the client has completed it,
// and nothing more is said under it.
func TestAnIDIsUsedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.listener()
	after := map[string]any{"after": w.head()}
	for range 20 {
		c.subscribe("same", everything, after)
		c.send(`{"id":"same","type":"complete"}`)
	}
	c.subscribe("same", everything, after)
	c.send(`{"type":"ping"}`)
	require.Equal(t, "pong", c.next().Type, "what was asked before was heard")
	w.happen(3)
	for range 3 {
		require.Equal(t, "MailboxHealthChanged", c.event("same").Type)
	}
	c.subscribe("query", `{ registerHead }`, nil)
	require.Equal(t, message{ID: "query", Type: "next"}, withoutPayload(c.next()))
	require.Equal(t, message{ID: "query", Type: "complete"}, withoutPayload(c.next()))
}

func withoutPayload(m message) message { return message{ID: m.ID, Type: m.Type} }

// TestAWrongQuestionEndsItsOperationOnly, by one error and nothing after it.
func TestAWrongQuestionEndsItsOperationOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := newWorld(t)
	foreign.happen(1)
	for _, tt := range []struct {
		name, query string
		variables   map[string]any
		code        string
	}{
		{"no GraphQL", `subscription {`, nil, "GRAPHQL_PARSE_FAILED"},
		{"an unknown field", `subscription { nothing }`, nil, "GRAPHQL_VALIDATION_FAILED"},
		{"too costly", `{ cases(first: 100) { nodes { messages(first: 100) { nodes { text subject } } } } }`, nil, "TOO_COSTLY"},
		{"a cursor of another register", everything, map[string]any{"after": foreign.head()}, "CURSOR_UNKNOWN"},
		{"a made-up cursor", everything, map[string]any{"after": "bm9uc2Vuc2U"}, "CURSOR_UNKNOWN"},
		{"too many ids", everything, map[string]any{"filter": map[string]any{"caseIds": strings.Split(strings.Repeat("x ", 100), " ")}}, "BAD_INPUT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := w.listener()
			c.t = t
			c.subscribe("1", tt.query, tt.variables)
			m := c.next()
			require.Equal(t, message{ID: "1", Type: "error"}, withoutPayload(m), string(m.Payload))
			var errors []struct{ Extensions map[string]any }
			require.NoError(t, json.Unmarshal(m.Payload, &errors))
			require.Equal(t, tt.code, errors[0].Extensions["code"])
			c.subscribe("2", `{ registerHead }`, nil)
			require.Equal(t, message{ID: "2", Type: "next"}, withoutPayload(c.next()))
		})
	}
}

// happen makes n events that are about nothing.
func (w *world) happen(n int) {
	w.t.Helper()
	w.write(func(context.Context, *ent.Tx) []event.Entry {
		entries := make([]event.Entry, n)
		for i := range entries {
			entries[i].Kind = event.MailboxHealthChanged
		}
		return entries
	})
}

// TestACutSocketResumes: the socket is cut again and again while a thousand
// events happen; with the cursor of the last one seen, each is seen once.
func TestACutSocketResumes(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t)
	cursor := w.head()
	const total = 1000
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range total / 10 {
			w.happen(10)
		}
	}()
	seen := map[string]bool{}
	for cuts := 0; len(seen) < total; cuts++ {
		c := w.listener()
		c.subscribe("1", everything, map[string]any{"after": cursor})
		for range min(1+random.IntN(60), total-len(seen)) {
			e := c.event("1")
			require.False(t, seen[e.Cursor], "seen twice")
			seen[e.Cursor], cursor = true, e.Cursor
		}
		require.NoError(t, c.NetConn().Close())
	}
	<-written
	require.Equal(t, w.head(), cursor, "the last event seen is the last one of the register")
	require.Len(t, seen, total)
}

// TestWhatASubscriberAsksFor: filters of live events.
func TestWhatASubscriberAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes, works := w.office("tributi"), w.office("lavori")
	box, other := w.mailbox("tributi@comune.example", taxes), w.mailbox("lavori@comune.example", works)
	start := w.head()
	first, _ := w.arrives(box, taxes, 0)
	w.arrives(other, works, 0)
	for _, tt := range []struct {
		name   string
		filter map[string]any
		want   []string
	}{
		{"kinds", map[string]any{"kinds": []string{"CASE_OPENED", "CASE_ROUTED"}}, []string{"CaseOpened", "CaseRouted", "CaseOpened", "CaseRouted"}},
		{"a mailbox, also through the message", map[string]any{"mailboxIds": []string{idOf("Mailbox", box.ID)}}, []string{"MessageReceived", "CaseOpened"}},
		{"an office, also through the case", map[string]any{"officeIds": []string{idOf("Office", works.ID)}}, []string{"MessageReceived", "CaseOpened", "CaseRouted"}},
		{"a case", map[string]any{"caseIds": []string{idOf("Case", first.ID)}}, []string{"MessageReceived", "CaseOpened", "CaseRouted"}},
		{"all of these", map[string]any{"caseIds": []string{idOf("Case", first.ID)}, "officeIds": []string{idOf("Office", taxes.ID)}, "kinds": []string{"CASE_ROUTED"}}, []string{"CaseRouted"}},
		{"an id of another type", map[string]any{"caseIds": []string{idOf("Office", first.ID)}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			variables := map[string]any{"after": start, "filter": tt.filter}
			c := w.listener()
			c.t = t
			c.subscribe("live", everything, variables)
			var got []string
			for range tt.want {
				got = append(got, c.event("live").Type)
			}
			require.Equal(t, tt.want, got)

			var page struct{ Events struct{ Nodes []happening } }
			require.NoError(t, json.Unmarshal([]byte(w.get(`query($after: Cursor, $filter: EventFilter) {
				events(after: $after, filter: $filter) { nodes { __typename } } }`, variables)), &page))
			var register []string
			for _, e := range page.Events.Nodes {
				register = append(register, e.Type)
			}
			require.Equal(t, tt.want, register, "the register finds the same")
		})
	}
}

// TestWhoDoesNotReadIsLetGo, and nobody waits for them.
func TestWhoDoesNotReadIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.front.sockets.writeTime = 200 * time.Millisecond
	var much strings.Builder
	for i := range 280 {
		fmt.Fprintf(&much, " a%d: identifier b%d: messageId", i, i)
	}
	box := w.mailbox("protocollo@comune.example", nil)
	_, mail := w.arrives(box, nil, 0)
	start := w.head()
	reader := w.listener()
	reader.subscribe("1", everything, map[string]any{"after": start})
	for range 20 {
		idle := w.listener()
		require.NoError(t, idle.NetConn().(*net.TCPConn).SetReadBuffer(1<<10))
		idle.subscribe("1", `subscription($a: Cursor) { events(after: $a) { ... on MessageSeen { message {`+much.String()+`} } } }`, map[string]any{"a": start})
	}
	const events = 50
	w.write(func(context.Context, *ent.Tx) []event.Entry {
		return slices.Repeat([]event.Entry{{Kind: event.MessageSeen, Message: mail.ID}}, events)
	})
	for range events {
		require.Equal(t, "MessageSeen", reader.event("1").Type)
	}
	require.Eventually(t, func() bool { return w.front.sockets.connected() == 1 }, patience, 5*time.Millisecond)
}

func TestAServerThatStopsSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.listener()
	c.subscribe("1", everything, nil)
	silent := w.connect()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.front.Shutdown(ctx))
	require.Equal(t, closeRestart, c.closed())
	require.Equal(t, closeRestart, silent.closed())
	_, response, err := w.dial(nil)
	require.Error(t, err)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
}

func TestThereAreOnlySoManySockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Limits.Sockets = 2 })
	a := w.listener()
	w.listener()
	_, response, err := w.dial(nil)
	require.Error(t, err)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.NoError(t, a.Close())
	require.Eventually(t, func() bool {
		conn, _, err := w.dial(nil)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, patience, 5*time.Millisecond)
}

// connected counts the sockets.
func (h *sockets) connected() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}
