package server

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

const (
	protocol = "graphql-transport-ws"

	maxFrame         = 64 << 10         // bytes of one message from a client
	maxSubscriptions = 50               // on one socket
	initTime         = 5 * time.Second  // until connection_init
	writeTime        = 10 * time.Second // until a client that does not read is let go
	lingerTime       = time.Second      // for the client's answer to a close
	pingInterval     = 20 * time.Second // a client that is silent for two of them is let go
	restTime         = 2 * time.Second  // without a newcomer, after which memory is given back
	crowd            = 500              // newcomers for which that is worth while
	crowdedPercent   = 25               // of the garbage collector while they come
)

// Close codes of graphql-transport-ws, and of RFC 6455 and its registry. Clients
// come back by themselves after those of the registry.
const (
	closeSilent          = 1001
	closeRestart         = 1012
	closeTooSlow         = 1013
	closeInvalid         = 4400
	closeUnauthorized    = 4401
	closeForbidden       = 4403
	closeInitTimeout     = 4408
	closeSubscriberTaken = 4409
	closeTooMany         = 4429
)

// sockets are the clients that speak graphql-transport-ws.
type sockets struct {
	atMost              int
	initTime, writeTime time.Duration
	upgrader            websocket.Upgrader
	door                *doorman
	answers             *answers

	mu      sync.Mutex
	open    map[*socket]struct{}
	serving sync.WaitGroup
	count   int
	closing bool
	came    int         // since memory was last given back
	rest    *time.Timer // when nobody has come for a while
	percent int         // of the garbage collector, as it is when no crowd comes in
}

func newSockets(atMost int, door *doorman) *sockets {
	return &sockets{
		atMost: atMost, initTime: initTime, writeTime: writeTime, door: door,
		open: map[*socket]struct{}{},
		upgrader: websocket.Upgrader{
			Subprotocols:     []string{protocol},
			HandshakeTimeout: initTime,
			ReadBufferSize:   512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
			CheckOrigin: func(*http.Request) bool { return true }, // who may ask was checked for every request, in http.go
		},
	}
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
		w.Header().Set("Retry-After", "5")
		refuse(w, r, http.StatusServiceUnavailable, "too many subscribers are connected, or the server stops: try again later")
		return
	}
	wiring := &wiring{ResponseWriter: w, writeTime: h.writeTime}
	conn, err := h.upgrader.Upgrade(wiring, r, nil)
	if err != nil {
		h.leave()
		return // the upgrader has answered
	}
	wiring.wire.begin()
	conn.SetReadLimit(maxFrame)
	s := &socket{hub: h, conn: conn, wire: wiring.wire, allowance: newAllowance(time.Now()), running: map[string]*operation{}}
	s.ctx, s.cancel = context.WithCancel(h.contextOf(r))
	h.add(s)
	go s.live() //nolint:contextcheck // it outlives the request
}

// contextOf is what of a request's context a socket needs for its life.
func (h *sockets) contextOf(r *http.Request) context.Context {
	ctx := graph.WithRequest(context.Background(), graph.RequestFrom(r.Context()))
	ctx = context.WithValue(ctx, overSocket{}, true)
	if v, ok := guard.From(r.Context()); ok {
		key, _ := r.Context().Value(keyOf{}).(staff.Key)
		ctx = h.door.entered(ctx, key, v)
	}
	return ctx
}

// wiring gives the upgrader a wire for the connection.
type wiring struct {
	http.ResponseWriter
	writeTime time.Duration
	wire      *wire
}

// Hijack implements http.Hijacker.
func (w *wiring) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.wire = newWire(conn, w.writeTime)
	return w.wire, rw, nil
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

func (h *sockets) add(s *socket) {
	s.mu.Lock() // the timer may ring before it has a name
	s.timer = time.AfterFunc(h.initTime, s.beat)
	s.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[s] = struct{}{}
	if h.came++; h.came == crowd { // what stays is to lie close together
		h.percent = debug.SetGCPercent(crowdedPercent)
	}
	if h.rest == nil {
		h.rest = time.AfterFunc(restTime, h.tidy)
	} else {
		h.rest.Reset(restTime)
	}
	if h.closing {
		s.close(closeRestart, "Service restart")
	}
}

// tidy gives the memory back that a crowd took to come in, most of it to be
// recognised: a dashboard that only waits needs a third of that.
func (h *sockets) tidy() {
	h.mu.Lock()
	many := h.came >= crowd
	if many {
		h.came = 0
		debug.SetGCPercent(h.percent)
	}
	h.mu.Unlock()
	if many {
		debug.FreeOSMemory()
	}
}

func (h *sockets) remove(s *socket) {
	h.mu.Lock()
	delete(h.open, s)
	h.mu.Unlock()
	h.leave()
}

// shutdown tells every client to come back later and waits until all have left.
func (h *sockets) shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	if h.rest != nil {
		h.rest.Stop()
	}
	if h.came >= crowd {
		h.came = 0
		debug.SetGCPercent(h.percent)
	}
	for s := range h.open {
		s.close(closeRestart, "Service restart")
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

// socket is one client: a goroutine that reads, a wire that writes, and a timer.
type socket struct {
	hub       *sockets
	conn      *websocket.Conn // it only reads
	wire      *wire
	ctx       context.Context // of the socket; who is on it after connection_init
	cancel    context.CancelFunc
	visit     visit
	allowance allowance    // for the reading goroutine alone
	heard     atomic.Int64 // when the client last said something, in Unix nanoseconds; 0 before connection_init

	mu      sync.Mutex
	timer   *time.Timer
	running map[string]*operation // by the client's id
}

// operation is what a client has asked and has not been answered in full.
type operation struct {
	id     string
	head   []byte // how each message about it begins
	cancel context.CancelFunc
	ended  bool // nothing more is said of it; the wire's
}

// live reads until the socket ends, by whomever.
func (s *socket) live() {
	defer s.hub.remove(s)
	defer func() {
		s.mu.Lock()
		s.timer.Stop()
		s.mu.Unlock()
		s.cancel()
		_ = s.wire.Close()
	}()
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			return
		}
		frame, err := io.ReadAll(r)
		if err != nil {
			return
		}
		if refused := s.admit(kind, frame); refused != nil {
			s.close(refused.code, refused.reason)
			s.drain()
			return
		}
	}
}

// drain reads what a client sends that was told to go, until it has gone or its
// moment is over: closing with unread bytes would take the reason from it.
func (s *socket) drain() {
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			return
		}
	}
}

// close says why the socket ends, and leaves the client a moment to read it. The
// first reason counts.
func (s *socket) close(code int, reason string) {
	if s.wire.goodbye(code, reason) {
		_ = s.conn.SetReadDeadline(time.Now().Add(lingerTime))
	}
}

// beat ends a socket that nobody said hello on, or that is silent, and pings.
func (s *socket) beat() {
	heard := s.heard.Load()
	switch {
	case heard == 0:
		s.close(closeInitTimeout, "Connection initialisation timeout")
		return
	case time.Since(time.Unix(0, heard)) > 2*pingInterval+lingerTime:
		s.close(closeSilent, "No answer to a ping")
		return
	}
	if !s.wire.busy() { // else what waits says that we live
		s.wire.send(nil, pingFrame)
	}
	s.mu.Lock()
	s.timer.Reset(pingInterval)
	s.mu.Unlock()
}

var pingFrame = appendFrame(nil, websocket.TextMessage, []byte(`{"type":"ping"}`))
