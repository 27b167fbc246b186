package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// patience bounds every wait of a test, on a machine that has other things to do.
const patience = 30 * time.Second

// client speaks graphql-transport-ws.
type client struct {
	t *testing.T
	*websocket.Conn
}

func (w *world) dial(header http.Header) (*websocket.Conn, *http.Response, error) {
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Authorization") == "" && header.Get("Cookie") == "" && w.token != "" {
		header.Set("Authorization", "Bearer "+w.token)
	}
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, HandshakeTimeout: patience}
	return dialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.http.URL, "http")+"/graphql", header)
}

// connect opens a socket without a word.
func (w *world) connect() *client {
	w.t.Helper()
	conn, response, err := w.dial(nil)
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	w.t.Cleanup(func() { _ = conn.Close() })
	return &client{t: w.t, Conn: conn}
}

// listener opens a socket and says hello.
func (w *world) listener() *client {
	w.t.Helper()
	c := w.connect()
	c.send(`{"type":"connection_init"}`)
	require.Equal(w.t, "connection_ack", c.next().Type)
	return c
}

func (c *client) send(text string) {
	c.t.Helper()
	require.NoError(c.t, c.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (c *client) subscribe(id, query string, variables map[string]any) {
	c.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(c.t, err)
	b, err := json.Marshal(message{ID: id, Type: "subscribe", Payload: payload})
	require.NoError(c.t, err)
	c.send(string(b))
}

// next reads a message other than a ping.
func (c *client) next() message {
	c.t.Helper()
	for {
		var m message
		require.NoError(c.t, c.SetReadDeadline(time.Now().Add(patience)))
		require.NoError(c.t, c.ReadJSON(&m))
		if m.Type != "ping" {
			return m
		}
	}
}

// happening is an event as a client reads it.
type happening struct {
	Type   string `json:"__typename"`
	Cursor string
	Case   *struct{ Number string }
}

// event reads the next event of a subscription.
func (c *client) event(id string) happening {
	c.t.Helper()
	m := c.next()
	require.Equal(c.t, message{ID: id, Type: "next", Payload: m.Payload}, m, string(m.Payload))
	var payload struct{ Data struct{ Events happening } }
	require.NoError(c.t, json.Unmarshal(m.Payload, &payload))
	return payload.Data.Events
}

// data reads the next answer of a subscription.
func (c *client) data(id string) string {
	c.t.Helper()
	m := c.next()
	require.Equal(c.t, message{ID: id, Type: "next", Payload: m.Payload}, m, string(m.Payload))
	var payload struct{ Data json.RawMessage }
	require.NoError(c.t, json.Unmarshal(m.Payload, &payload))
	return string(payload.Data)
}

// ended reads until a subscription ends with an error, and gives what it says.
func (c *client) ended(id string) string {
	c.t.Helper()
	for {
		m := c.next()
		if m.ID == id && m.Type == "error" {
			return string(m.Payload)
		}
		require.NotEqual(c.t, "complete", m.Type)
	}
}

// closed reads until the server closes the socket, and gives the code.
func (c *client) closed() int {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(patience)))
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			var e *websocket.CloseError
			require.ErrorAs(c.t, err, &e)
			return e.Code
		}
	}
}

const everything = `subscription($after: Cursor, $filter: EventFilter) { events(after: $after, filter: $filter) {
	__typename cursor ... on CaseOpened { case { number } } } }`
