package server

import (
	"bufio"
	"context"
	"errors"
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
	poller  *poller     // made for the first socket
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
			WriteBufferSize:  512, WriteBufferPool: &sync.Pool{}, // it reads by what wiring gives it
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
	conn.SetReadLimit(maxFrame)
	s := &socket{hub: h, conn: conn, reader: wiring.reader, wire: wiring.wire, allowance: newAllowance(time.Now()), running: map[string]*operation{}}
	s.ctx, s.cancel = context.WithCancel(h.contextOf(r))
	s.wire.begin(s.wake)
	h.add(s)    //nolint:contextcheck // as above
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
	if h.poller == nil {
		h.poller = newPoller()
	}
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
	h.poller.forget(s)
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
		s.close(closeRestart, "Service restart") //nolint:contextcheck // a socket has one of its own
	}
	h.mu.Unlock()
	left := make(chan struct{})
	go func() {
		h.serving.Wait()
		close(left)
	}()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.poller.close()
	}()
	select {
	case <-left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// socket is one client: a wire that writes, a timer, and, while there is something
// to read, a goroutine that does; otherwise it rests.
type socket struct {
	hub       *sockets
	conn      *websocket.Conn // it only reads
	reader    *bufio.Reader   // by this
	wire      *wire
	ctx       context.Context // of the socket; who is on it after connection_init
	cancel    context.CancelFunc
	visit     visit
	allowance allowance    // for the reading goroutine alone
	heard     atomic.Int64 // when the client last said something, in Unix nanoseconds; 0 before connection_init

	name int32 // for the poller

	mu      sync.Mutex
	timer   *time.Timer
	running map[string]*operation // by the client's id
	resting bool                  // no goroutine reads
	awake   bool                  // for good: it is to end
}

// operation is what a client has asked and has not been answered in full.
type operation struct {
	id     string
	head   []byte // how each message about it begins
	cancel context.CancelFunc
	ended  bool // nothing more is said of it; the wire's
}

// live reads until the socket rests, or ends, by whomever.
func (s *socket) live() {
	if s.listen() {
		return
	}
	s.mu.Lock()
	s.timer.Stop()
	s.mu.Unlock()
	s.cancel()
	_ = s.wire.Close()
	s.hub.remove(s)
}

func (s *socket) listen() (rests bool) {
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			return false
		}
		frame, err := io.ReadAll(r)
		if err != nil {
			return false
		}
		if refused := s.admit(kind, frame); refused != nil {
			s.close(refused.code, refused.reason)
			s.drain()
			return false
		}
		if s.reader.Buffered() == 0 && s.rest() {
			return true
		}
	}
}

// rest lets the goroutine go until the client writes; false when it has to stay.
func (s *socket) rest() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting = !s.awake && s.hub.poller.arm(s)
	return s.resting
}

// stir gives a socket that rests a goroutine to read what the client wrote.
func (s *socket) stir() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resting {
		s.resting = false
		go s.live()
	}
}

// wake gives it one to find out that it has ended.
func (s *socket) wake() {
	s.mu.Lock()
	s.awake = true
	s.mu.Unlock()
	s.stir()
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
		s.wake()
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
