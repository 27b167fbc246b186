package server

import (
	"context"
	"encoding/json"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// message is a message of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

const maxOperationID = 128

// closing says with which code a socket is to be closed, and why.
type closing struct {
	code   int
	reason string
}

func invalid() *closing { return &closing{closeInvalid, "Invalid message"} }

// admit judges a message of the client, and does what it says.
func (s *socket) admit(kind int, frame []byte) *closing {
	var m message
	if kind != websocket.TextMessage || json.Unmarshal(frame, &m) != nil {
		return invalid()
	}
	if s.heard.Load() != 0 {
		s.heard.Store(time.Now().UnixNano())
	}
	switch m.Type {
	case "connection_init":
		return s.begin(m)
	case "ping":
		s.wire.insist(nil, framed(message{Type: "pong", Payload: m.Payload}))
		return nil
	case "pong":
		return nil
	case "subscribe":
		return s.subscribe(m)
	case "complete":
		s.complete(m.ID)
		return nil
	}
	return invalid()
}

// begin finds out who is on the socket.
func (s *socket) begin(m message) *closing {
	if s.heard.Load() != 0 {
		return &closing{closeTooMany, "Too many initialisation requests"}
	}
	var said map[string]any
	if len(m.Payload) > 0 && json.Unmarshal(m.Payload, &said) != nil {
		return invalid()
	}
	s.mu.Lock()
	s.timer.Stop() // it came in time, however long it takes here to see who it is
	s.mu.Unlock()
	header, _ := said["Authorization"].(string)
	ctx, err := s.hub.door.hello(s.ctx, header, &s.visit)
	if err != nil {
		return &closing{closeForbidden, "Forbidden"}
	}
	s.ctx = ctx
	s.heard.Store(time.Now().UnixNano())
	s.mu.Lock()
	s.timer.Reset(pingInterval)
	s.mu.Unlock()
	s.wire.insist(nil, framed(message{Type: "connection_ack"}))
	return nil
}

func (s *socket) subscribe(m message) *closing {
	switch {
	case s.heard.Load() == 0:
		return &closing{closeUnauthorized, "Unauthorized"}
	case m.ID == "" || len(m.ID) > maxOperationID:
		return invalid()
	}
	asked, err := readRequest(m.Payload)
	if err != nil {
		return invalid()
	}
	head, err := json.Marshal(struct {
		ID string `json:"id"`
	}{m.ID})
	if err != nil {
		return invalid()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.running[m.ID] != nil:
		return &closing{closeSubscriberTaken, "Subscriber for " + m.ID + " already exists"}
	case len(s.running) >= maxSubscriptions:
		return &closing{closeTooMany, "Too many subscriptions"}
	}
	s.start(&operation{id: m.ID, head: head[:len(head)-1]}, asked)
	return nil
}

// start begins to answer an operation. s.mu is held.
func (s *socket) start(op *operation, asked *graphql.RawParams) {
	ctx, cancel := context.WithCancel(s.ctx)
	op.speech, op.cancel = s.speech, cancel
	s.running[op.id] = op
	go s.hub.answers.answer(ctx, s, op, asked)
}

// complete forgets an operation that the client wants no more of.
func (s *socket) complete(id string) {
	s.mu.Lock()
	op := s.running[id]
	delete(s.running, id)
	s.mu.Unlock()
	if op != nil {
		s.wire.end(op)
		op.cancel()
	}
}

// next says an answer, and waits until the client has taken it.
func (s *socket) next(ctx context.Context, op *operation, answer *graphql.Response) error {
	s.wire.insist(op, s.speech.next(nil, op, bodyOf(answer)))
	return s.wire.ready(ctx)
}

// finish says that an operation has ended, by an error or because there is no
// more to say. Its id is free for another one before the client can know.
func (s *socket) finish(op *operation, errs gqlerror.List) {
	s.mu.Lock()
	if s.running[op.id] == op {
		delete(s.running, op.id)
	}
	s.mu.Unlock()
	s.wire.insist(op, s.speech.finish(op, errs))
	s.wire.end(op)
	op.cancel()
	if s.single {
		s.close(closeDone, "")
	}
}

// bodyOf is an answer in one line.
func bodyOf(answer *graphql.Response) []byte {
	b := make([]byte, 0, len(answer.Data)+len(`{"data":}`))
	if len(answer.Errors) == 0 && len(answer.Extensions) == 0 && answer.HasNext == nil && len(answer.Data) > 0 {
		b = append(append(append(b, `{"data":`...), answer.Data...), '}')
	} else if said, err := json.Marshal(answer); err == nil {
		b = said
	} else {
		b = append(b, `{"errors":[{"message":"internal error"}]}`...)
	}
	return oneLine(b)
}

// oneLine writes JSON in one line. In it, a line only breaks between two words.
func oneLine(b []byte) []byte {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			b[i] = ' '
		}
	}
	return b
}

func framed(m message) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		return nil // of our own words: cannot be
	}
	return appendFrame(nil, websocket.TextMessage, b)
}

// allowance bounds how many messages a client may send: a burst, and then a rate.
type allowance struct {
	left float64
	at   time.Time
}

const (
	messageBurst = 100
	messageRate  = 20 // a second
)

func newAllowance(now time.Time) allowance { return allowance{left: messageBurst, at: now} }

func (a *allowance) take(now time.Time) bool {
	a.left = min(messageBurst, a.left+now.Sub(a.at).Seconds()*messageRate)
	a.at = now
	a.left--
	return a.left >= 0
}
