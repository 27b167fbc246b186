package server

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
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

// operations are what runs on a socket. gqlgen knows each by a number that is
// never used twice: it would confuse one operation with a next one of the same id.
type operations struct {
	last    int
	numbers map[string]string // by the client's id
	ids     map[string]string // by number
}

func (o *operations) add(id string) (number string) {
	o.last++
	number = strconv.Itoa(o.last)
	o.numbers[id], o.ids[number] = number, id
	return number
}

func (o *operations) remove(id string) {
	delete(o.ids, o.numbers[id])
	delete(o.numbers, id)
}

// admit judges a message of the client and gives it as gqlgen shall see it.
func (s *socket) admit(kind int, frame []byte) ([]byte, *closing) {
	if !s.allowance.take(time.Now()) {
		return nil, &closing{closeTooMany, "Too many messages"}
	}
	var m message
	if kind != websocket.TextMessage || json.Unmarshal(frame, &m) != nil {
		return nil, invalid()
	}
	switch m.Type {
	case "connection_init":
		return frame, s.begin(m)
	case "ping", "pong":
		return frame, nil
	case "subscribe":
		return s.subscribe(m)
	case "complete":
		return s.complete(m)
	}
	return nil, invalid()
}

func (s *socket) begin(m message) *closing {
	if s.started {
		return &closing{closeTooMany, "Too many initialisation requests"}
	}
	if len(m.Payload) > 0 && !isObjectOrNull(m.Payload) {
		return invalid()
	}
	s.started = true
	s.init.Stop()
	return nil
}

func (s *socket) subscribe(m message) ([]byte, *closing) {
	switch {
	case !s.started:
		return nil, &closing{closeUnauthorized, "Unauthorized"}
	case m.ID == "" || len(m.ID) > maxOperationID || !isRequest(m.Payload):
		return nil, invalid()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.running.numbers[m.ID] != "":
		return nil, &closing{closeSubscriberTaken, "Subscriber for " + m.ID + " already exists"}
	case len(s.running.ids) >= maxSubscriptions:
		return nil, &closing{closeTooMany, "Too many subscriptions"}
	}
	m.ID = s.running.add(m.ID)
	b, err := json.Marshal(m)
	if err != nil {
		return nil, invalid()
	}
	return b, nil
}

// complete forgets the operation at once: what gqlgen still says of it is not sent.
func (s *socket) complete(m message) ([]byte, *closing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	number := s.running.numbers[m.ID]
	s.running.remove(m.ID)
	b, err := json.Marshal(message{ID: number, Type: m.Type})
	if err != nil {
		return nil, invalid()
	}
	return b, nil
}

// outgoing gives a message of gqlgen as the client shall see it, nil when it
// must not see it: gqlgen completes also what has ended with an error, and what
// the client itself has completed.
func (s *socket) outgoing(b []byte) []byte {
	head, number, kind, found := cutOperation(b)
	if !found {
		return b
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, running := s.running.ids[number]
	if !running {
		return nil
	}
	if kind != "next" {
		s.running.remove(id)
	}
	tail, err := json.Marshal(message{ID: id, Type: kind})
	if err != nil {
		return nil
	}
	return append(head, tail[1:]...)
}

// cutOperation cuts a message of gqlgen before its id and type, with which it
// ends: {"payload":…,"id":"7","type":"next"}. The payload is not read.
func cutOperation(b []byte) (head []byte, number, kind string, found bool) {
	i := bytes.LastIndex(b, []byte(`"id":"`))
	if i < 0 {
		return nil, "", "", false
	}
	number, rest, _ := strings.Cut(string(b[i+len(`"id":"`):]), `","type":"`)
	kind, found = strings.CutSuffix(rest, `"}`)
	switch kind {
	case "next", "error", "complete":
		return b[:i:i], number, kind, found
	}
	return nil, "", "", false
}

func isObjectOrNull(b []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(b, &object) == nil
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
