package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	protocol = "graphql-transport-ws"

	maxFrame         = 64 << 10 // bytes of one message from a client
	maxSubscriptions = 50       // on one socket
)

// webSocket is the speech of graphql-transport-ws.
type webSocket struct {
	conn      *websocket.Conn // it only reads
	reader    *bufio.Reader   // by this
	allowance allowance       // for the reading goroutine alone
}

// serve answers a handshake, or says why not. The socket then lives in a
// goroutine of its own, and what the request took is given back.
func (h *sockets) serve(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) || r.Method != http.MethodGet {
		refuse(w, r, http.StatusBadRequest, "this is not a WebSocket handshake")
		return
	}
	if !slices.Contains(websocket.Subprotocols(r), protocol) {
		refuse(w, r, http.StatusBadRequest, "the subprotocol has to be "+protocol)
		return
	}
	if !h.enter() {
		refuseCrowd(w, r)
		return
	}
	wiring := &wiring{ResponseWriter: w, writeTime: h.writeTime}
	conn, err := h.upgrader.Upgrade(wiring, r, nil)
	if err != nil {
		h.leave()
		return // the upgrader has answered
	}
	conn.SetReadLimit(maxFrame)
	s := h.socket(r, wiring.wire, &webSocket{conn: conn, reader: wiring.reader, allowance: newAllowance(time.Now())})
	h.add(s, h.initTime, nil)
	go s.live()
}

// wiring gives the upgrader a wire for the connection.
type wiring struct {
	http.ResponseWriter
	writeTime time.Duration
	wire      *wire
	reader    *bufio.Reader
}

// Hijack implements http.Hijacker. gorilla takes the reader that it is given, if
// it is not smaller than this.
func (w *wiring) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if rw.Reader.Buffered() > 0 {
		return nil, nil, errors.Join(errors.New("the client did not wait for the handshake"), conn.Close())
	}
	w.wire = newWire(conn, w.writeTime)
	w.reader = bufio.NewReaderSize(w.wire, 257)
	return w.wire, bufio.NewReadWriter(w.reader, rw.Writer), nil
}

func (c *webSocket) listen(s *socket) (rests bool) {
	for {
		kind, r, err := c.conn.NextReader()
		if err != nil {
			return false
		}
		frame, err := io.ReadAll(r)
		if err != nil {
			return false
		}
		refused := &closing{closeTooMany, "Too many messages"}
		if c.allowance.take(time.Now()) {
			refused = s.admit(kind, frame)
		}
		if refused != nil {
			s.close(refused.code, refused.reason)
			c.drain()
			return false
		}
		if c.reader.Buffered() == 0 && s.rest() {
			return true
		}
	}
}

// drain reads what a client sends that was told to go, until it has gone or its
// moment is over: closing with unread bytes would take the reason from it.
func (c *webSocket) drain() {
	for {
		if _, _, err := c.conn.NextReader(); err != nil {
			return
		}
	}
}

func (*webSocket) next(dst []byte, op *operation, body []byte) []byte {
	return appendFrame(dst, websocket.TextMessage, op.head, nextStart, body, nextEnd)
}

var nextStart, nextEnd = []byte(`,"type":"next","payload":`), []byte(`}`)

func (*webSocket) finish(op *operation, errs gqlerror.List) []byte {
	if len(errs) > 0 {
		if b, err := json.Marshal(errs); err == nil {
			return appendFrame(nil, websocket.TextMessage, op.head, []byte(`,"type":"error","payload":`), b, []byte(`}`))
		}
	}
	return appendFrame(nil, websocket.TextMessage, op.head, []byte(`,"type":"complete"}`))
}

func (*webSocket) ping() []byte { return pingFrame }

var pingFrame = appendFrame(nil, websocket.TextMessage, []byte(`{"type":"ping"}`))

// overdue: it answers pings.
func (*webSocket) overdue(heard time.Time) bool { return time.Since(heard) > 2*pingInterval+lingerTime }

func (*webSocket) goodbye(_ *socket, code int, reason string) ([]byte, time.Duration) {
	return appendFrame(nil, websocket.CloseMessage, websocket.FormatCloseMessage(code, reason)), lingerTime
}
