package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

// watchTimeout bounds the handshake and every write; between events the
// server's pings keep the connection, so reads wait for idleTimeout.
const (
	watchTimeout = 10 * time.Second
	idleTimeout  = 2 * time.Minute
)

// watchQuery asks for what a person at a terminal wants to see.
const watchQuery = `subscription ($after: Cursor) {
  events(after: $after) {
    __typename
    cursor
    occurredAt
    ... on MessageReceived { mailbox { address } message { kind subject senderAddress verdict { status } } }
    ... on CaseOpened { case { number subject senderAddress routeReason office { name } } }
    ... on CaseJoined { case { number subject senderAddress } }
    ... on CaseRouted { case { number } office { name } reason }
    ... on ReceiptLinked { message { kind subject } case { number } }
    ... on MessageQuarantined { mailbox { address } reason }
    ... on MailboxHealthChanged { mailbox { address health lastError } }
  }
}`

type watchCmd struct {
	URL   string `default:"ws://127.0.0.1:8080/graphql" help:"Address of the subscriptions." placeholder:"URL"`
	After string `help:"Begin after this cursor; without it, with what happens from now on." placeholder:"CURSOR"`
	Token string `env:"SMISTA_TOKEN" help:"Token of a person, as smista user token makes it; better in the variable, since others on the machine read arguments." placeholder:"TOKEN"`
	Query string `help:"Another subscription; it may use the variable $$after." placeholder:"GRAPHQL"`
}

// watchMessage is a message of graphql-transport-ws (graphql-ws PROTOCOL.md).
type watchMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Run prints one JSON object per event and line, until interrupted or told
// that there is no more.
func (c watchCmd) Run(ctx context.Context) error {
	dialer := websocket.Dialer{HandshakeTimeout: watchTimeout, Subprotocols: []string{"graphql-transport-ws"}}
	conn, response, err := dialer.DialContext(ctx, c.URL, nil) //nolint:bodyclose // gorilla has read the body
	if err != nil {
		if response != nil {
			return fmt.Errorf("connect to %s: the server answered %s: %w", c.URL, response.Status, err)
		}
		return fmt.Errorf("connect to %s (is the system running?): %w", c.URL, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	err = c.watch(conn, os.Stdout)
	if ctx.Err() != nil {
		return nil // interrupted by the person who watches: the normal end
	}
	return err
}

func (c watchCmd) watch(conn *websocket.Conn, out io.Writer) error {
	if err := c.begin(conn); err != nil {
		return err
	}
	for {
		var m watchMessage
		if err := conn.SetReadDeadline(time.Now().Add(idleTimeout)); err != nil {
			return fmt.Errorf("set the time limit for reading: %w", err)
		}
		if err := conn.ReadJSON(&m); err != nil {
			return c.ended(err)
		}
		done, err := c.answer(conn, out, m)
		if err != nil || done {
			return err
		}
	}
}

// begin says who asks.
func (c watchCmd) begin(conn *websocket.Conn) error {
	hello := watchMessage{Type: "connection_init"}
	if c.Token != "" {
		payload, err := json.Marshal(map[string]string{"Authorization": "Bearer " + c.Token})
		if err != nil {
			return fmt.Errorf("write the token as JSON: %w", err)
		}
		hello.Payload = payload
	}
	return writeWatch(conn, hello)
}

// The codes with which the server says that it does not know who asks.
const (
	closeUnauthorized = 4401
	closeForbidden    = 4403
)

// ended is why nothing more can be read.
func (c watchCmd) ended(err error) error {
	if websocket.IsCloseError(err, closeUnauthorized, closeForbidden) {
		return fmt.Errorf("the server asks for a token that holds: set SMISTA_TOKEN to one that smista user token made: %w", err)
	}
	return fmt.Errorf("read from %s: %w", c.URL, err)
}

// answer acts on one message of the server; done says that no more will come.
func (c watchCmd) answer(conn *websocket.Conn, out io.Writer, m watchMessage) (done bool, err error) {
	switch m.Type {
	case "connection_ack":
		return false, c.subscribe(conn)
	case "ping":
		return false, writeWatch(conn, watchMessage{Type: "pong"})
	case "next":
		_, err := fmt.Fprintf(out, "%s\n", eventOf(m.Payload))
		return false, err
	case "error":
		return true, fmt.Errorf("the server refused the subscription: %s", m.Payload)
	case "complete":
		return true, nil
	}
	return false, nil
}

func (c watchCmd) subscribe(conn *websocket.Conn) error {
	variables := map[string]any{}
	if c.After != "" {
		variables["after"] = c.After
	}
	query := c.Query
	if query == "" {
		query = watchQuery
	}
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return fmt.Errorf("write the subscription as JSON: %w", err)
	}
	return writeWatch(conn, watchMessage{ID: "1", Type: "subscribe", Payload: payload})
}

// eventOf is the event alone, when the answer has the usual form; otherwise
// the whole answer, errors included.
func eventOf(payload json.RawMessage) json.RawMessage {
	var answer struct {
		Data struct {
			Events json.RawMessage `json:"events"`
		} `json:"data"`
		Errors json.RawMessage `json:"errors"`
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Errors != nil || answer.Data.Events == nil {
		return payload
	}
	return answer.Data.Events
}

func writeWatch(conn *websocket.Conn, m watchMessage) error {
	err := errors.Join(conn.SetWriteDeadline(time.Now().Add(watchTimeout)), conn.WriteJSON(m))
	if err != nil {
		return fmt.Errorf("write to the server: %w", err)
	}
	return nil
}
