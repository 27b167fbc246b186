package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/gorilla/websocket"
)

const (
	protocol = "graphql-transport-ws"

	maxFrame         = 64 << 10         // bytes of one message from a client
	maxSubscriptions = 50               // on one socket
	initTime         = 5 * time.Second  // until connection_init
	writeTime        = 10 * time.Second // until a client that does not read is let go
	lingerTime       = time.Second      // for the client's answer to a close
)

// Close codes of graphql-transport-ws, and of RFC 6455 for a restart.
const (
	closeRestart         = 1012
	closeInvalid         = 4400
	closeUnauthorized    = 4401
	closeForbidden       = 4403
	closeInitTimeout     = 4408
	closeSubscriberTaken = 4409
	closeTooMany         = 4429
)

// sockets speaks WebSocket by gorilla for gqlgen's transport, and judges every
// message before gqlgen sees it: what it would leave open is closed here.
type sockets struct {
	atMost              int
	initTime, writeTime time.Duration
	upgrader            websocket.Upgrader

	mu      sync.Mutex
	open    map[*socket]struct{}
	serving sync.WaitGroup
	count   int
	closing bool
}

func newSockets(atMost int) *sockets {
	return &sockets{
		atMost: atMost, initTime: initTime, writeTime: writeTime,
		open: map[*socket]struct{}{},
		upgrader: websocket.Upgrader{
			Subprotocols:     []string{protocol},
			HandshakeTimeout: initTime,
			ReadBufferSize:   1 << 10, WriteBufferSize: 4 << 10, WriteBufferPool: &sync.Pool{},
			CheckOrigin: func(*http.Request) bool { return true },                // who may ask was checked for every request, in http.go
			Error:       func(http.ResponseWriter, *http.Request, int, error) {}, // gqlgen answers
		},
	}
}

// serve hands a handshake on to gqlgen, or answers why not.
func (h *sockets) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if !websocket.IsWebSocketUpgrade(r) || r.Method != http.MethodGet {
		refuse(w, r, http.StatusBadRequest, "this is not a WebSocket handshake")
		return
	}
	if !slices.Contains(websocket.Subprotocols(r), protocol) {
		refuse(w, r, http.StatusBadRequest, "the subprotocol has to be "+protocol)
		return
	}
	if !h.enter() {
		w.Header().Set("Retry-After", "5")
		refuse(w, r, http.StatusServiceUnavailable, "too many subscribers are connected, or the server stops: try again later")
		return
	}
	defer h.leave()
	ctx := context.WithValue(context.WithValue(r.Context(), overSocket{}, true), visitKey{}, &visit{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // what the socket started ends with it
	next.ServeHTTP(w, r.WithContext(ctx))
}

// overSocket marks the context of what is asked over a WebSocket.
type overSocket struct{}

func isOverSocket(ctx context.Context) bool {
	is, _ := ctx.Value(overSocket{}).(bool)
	return is
}

func (h *sockets) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing || h.count >= h.atMost {
		return false
	}
	h.count++
	h.serving.Add(1)
	return true
}

func (h *sockets) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count--
	h.serving.Done()
}

// Accept implements transport.WebsocketImplementation.
func (h *sockets) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	conn, err := h.upgrader.Upgrade(w, r, o.ResponseHeader)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(maxFrame)
	who, _ := r.Context().Value(visitKey{}).(*visit)
	s := &socket{
		Conn: conn, hub: h, visit: who, allowance: newAllowance(time.Now()),
		running: operations{numbers: map[string]string{}, ids: map[string]string{}},
	}
	s.mu.Lock() // the timer may ring before it has a name
	s.init = time.AfterFunc(h.initTime, func() { _ = s.WriteClose(closeInitTimeout, "Connection initialisation timeout") })
	s.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[s] = struct{}{}
	if h.closing {
		go s.WriteClose(closeRestart, "Service restart")
	}
	return s, nil
}

// shutdown tells every client to come back later and waits until all have left.
func (h *sockets) shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	for s := range h.open {
		go s.WriteClose(closeRestart, "Service restart")
	}
	h.mu.Unlock()
	left := make(chan struct{})
	go func() {
		h.serving.Wait()
		close(left)
	}()
	select {
	case <-left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// socket is one client. gqlgen reads in one goroutine and writes in one at a
// time; closing comes from anywhere.
type socket struct {
	*websocket.Conn
	hub       *sockets
	visit     *visit // who is on it
	init      *time.Timer
	started   bool // connection_init came; for the reading goroutine alone
	allowance allowance

	mu      sync.Mutex
	running operations
	closed  bool
}

// SetReadLimit keeps our own limit rather than the transport's.
func (s *socket) SetReadLimit(int64) {}

// SetReadDeadline lets gqlgen wait for pongs, until the socket is being closed.
func (s *socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	return s.Conn.SetReadDeadline(t)
}

// NextReader gives gqlgen the next message that the protocol allows.
func (s *socket) NextReader() (int, io.Reader, error) {
	kind, r, err := s.Conn.NextReader()
	if err != nil {
		return 0, nil, closedNormally(err)
	}
	frame, err := io.ReadAll(r)
	if err != nil {
		return 0, nil, closedNormally(err)
	}
	frame, refused := s.admit(kind, frame)
	if refused != nil {
		_ = s.WriteClose(refused.code, refused.reason)
		s.drain()
		return 0, nil, transport.ErrWebsocketClosed
	}
	return kind, bytes.NewReader(frame), nil
}

// drain reads what a client sends that was told to go, until it has gone or its
// moment is over: closing with unread bytes would take the reason from it.
func (s *socket) drain() {
	for {
		if _, _, err := s.Conn.NextReader(); err != nil {
			return
		}
	}
}

func closedNormally(err error) error {
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived) {
		return transport.ErrWebsocketClosed
	}
	return err
}

// WriteJSON sends one message. A client that does not take it in time is let go.
func (s *socket) WriteJSON(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if b = s.outgoing(b); b == nil {
		return nil
	}
	_ = s.SetWriteDeadline(time.Now().Add(s.hub.writeTime))
	if err := s.WriteMessage(websocket.TextMessage, b); err != nil {
		_ = s.Conn.Close() // ends the reading side too
		return err
	}
	return nil
}

// WriteClose closes the socket from our side, and leaves the client a moment to
// read why. The first reason counts.
func (s *socket) WriteClose(code int, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.init.Stop()
	_ = s.Conn.SetReadDeadline(time.Now().Add(lingerTime))
	return s.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(lingerTime))
}

// Close implements transport.WebsocketConn.
func (s *socket) Close() error {
	s.init.Stop()
	s.hub.mu.Lock()
	delete(s.hub.open, s)
	s.hub.mu.Unlock()
	return s.Conn.Close()
}
