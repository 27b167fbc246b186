//go:build linux

package fanout

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// protocol is how one asks a server for its events over a WebSocket.
type protocol struct {
	path        string
	subprotocol string
	steps       []step // after the handshake of RFC 6455 §4
	pong        string // the answer to a message that holds ping
	ping        string
	cursors     bool // its events have cursors to come back with
}

// step is something that is said, and what has to be heard before the next;
// empty: nothing.
type step struct {
	say  func(s *subscriber) string
	hear string
}

func say(text string) func(*subscriber) string { return func(*subscriber) string { return text } }

// bareProtocol sends events to whoever has connected.
var bareProtocol = protocol{path: "/"}

// centrifugeProtocol is the JSON protocol of Centrifugo.
var centrifugeProtocol = protocol{path: "/", steps: []step{
	{say(`{"id":1,"connect":{}}`), `"connect":`},
	{say(`{"id":2,"subscribe":{"channel":"events"}}`), `"subscribe":`},
}}

// graphql is graphql-transport-ws with one subscription. Its id is as long as
// those that clients make. That it was taken is not said: the first event is.
func graphql(path, document string) protocol {
	return protocol{
		path: path, subprotocol: "graphql-transport-ws", ping: `"type":"ping"`, pong: `{"type":"pong"}`,
		steps: []step{
			{func(s *subscriber) string {
				if s.token == "" {
					return `{"type":"connection_init"}`
				}
				return fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, s.token)
			}, `"connection_ack"`},
			{func(s *subscriber) string {
				payload := map[string]any{"query": document}
				if s.cursor != nil {
					payload["variables"] = map[string]any{"after": string(s.cursor)}
				}
				text, _ := json.Marshal(map[string]any{ // strings only: never fails
					"id": fmt.Sprintf("%08x-0000-4000-8000-%012x", s.number, s.number), "type": "subscribe", "payload": payload,
				})
				return string(text)
			}, ""},
		},
	}
}

// upgrade is the request of RFC 6455 §4.1; its key need not be a secret.
func (p *protocol) upgrade(s *subscriber, host string) string {
	key := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(make([]byte, 8, 16), uint64(s.number)))
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n", p.path, host, key)
	if p.subprotocol != "" {
		request += "Sec-WebSocket-Protocol: " + p.subprotocol + "\r\n"
	}
	return request + "\r\n"
}

// The opcodes that are met, RFC 6455 §5.2.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10
)

// masked is a frame of a client. Its mask of zeros leaves the payload as it is.
func masked(op byte, payload []byte) []byte {
	b := []byte{0x80 | op}
	if len(payload) < 126 {
		b = append(b, 0x80|byte(len(payload)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(len(payload)))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// cutFrame takes one frame of a server off b; size 0: it has not come whole.
// No server here sends a message in several frames.
func cutFrame(b []byte) (op byte, payload []byte, size int) {
	if len(b) < 2 {
		return 0, nil, 0
	}
	length, head := int(b[1]), 2
	switch {
	case length == 126 && len(b) >= 4:
		length, head = int(binary.BigEndian.Uint16(b[2:])), 4
	case length == 127 && len(b) >= 10:
		length, head = int(binary.BigEndian.Uint64(b[2:])), 10
	case length >= 126:
		return 0, nil, 0
	}
	if len(b) < head+length {
		return 0, nil, 0
	}
	return b[0] & 0xf, b[head : head+length], head + length
}

// An event carries a mark: its number, from 1, and when it was published, in
// nanoseconds of this machine's clock. Number 0 is only to see who hears.
const markFormat = "ID=%010d;TS=%019d;"

const (
	markStart  = "ID="
	markSize   = 3 + 10 + 4 + 19 + 1
	markMiddle = 3 + 10 + 4
)

// cutMark finds the next mark in b and gives what follows it.
func cutMark(b []byte) (id int, published int64, rest []byte, found bool) {
	i := bytes.Index(b, []byte(markStart))
	if i < 0 || len(b) < i+markSize {
		return 0, 0, nil, false
	}
	b = b[i:]
	for _, c := range b[3:13] {
		id = id*10 + int(c-'0')
	}
	for _, c := range b[markMiddle : markMiddle+19] {
		published = published*10 + int64(c-'0')
	}
	return id, published, b[markSize:], true
}

// cursorIn finds the cursor of an event of ours.
func cursorIn(b []byte) []byte {
	const name = `"cursor":"`
	i := bytes.Index(b, []byte(name))
	if i < 0 {
		return nil
	}
	b = b[i+len(name):]
	return b[:max(0, bytes.IndexByte(b, '"'))]
}
