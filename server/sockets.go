package server

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

const (
	initTime       = 5 * time.Second  // until connection_init
	writeTime      = 10 * time.Second // until a client that does not read is let go
	lingerTime     = time.Second      // for the client to learn why it ends
	pingInterval   = 20 * time.Second // a client that is silent for two of them is let go
	restTime       = 2 * time.Second  // without a newcomer, after which memory is given back
	crowd          = 500              // newcomers for which that is worth while
	crowdedPercent = 25               // of the garbage collector while they come
)

// Close codes of graphql-transport-ws, and of RFC 6455 and its registry. Clients
// come back by themselves after those of the registry, but for the first.
const (
	closeDone            = 1000
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

// sockets are the clients that are connected for what is live: by
// graphql-transport-ws, or reading a stream of events.
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

// socket makes one of the connection on which a request came. It has entered.
func (h *sockets) socket(r *http.Request, wire *wire, speech speech) *socket {
	s := &socket{hub: h, speech: speech, wire: wire, running: map[string]*operation{}}
	s.ctx, s.cancel = context.WithCancel(h.contextOf(r))
	wire.begin(s.wake)
	return s
}

func refuseCrowd(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "5")
	refuse(w, r, http.StatusServiceUnavailable, "too many subscribers are connected, or the server stops: try again later")
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

// overSocket marks the context of what is asked over a socket.
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

// add takes in a socket whose timer rings for the first time after some while. The
// first word to it, if there is one, is said when it is known: from then on it hears
// that it has to go.
func (h *sockets) add(s *socket, first time.Duration, word []byte) {
	s.mu.Lock() // the timer may ring before it has a name
	s.timer = time.AfterFunc(first, s.beat)
	s.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[s] = struct{}{}
	if len(word) > 0 {
		s.wire.insist(nil, word)
	}
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
		s.close(closeRestart, "Service restart")
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
	hub    *sockets
	speech speech
	single bool // it ends with its one operation
	wire   *wire
	ctx    context.Context // of the socket; who is on it after connection_init
	cancel context.CancelFunc
	visit  visit
	heard  atomic.Int64 // when the client last said something, in Unix nanoseconds; 0 before connection_init

	name int32 // for the poller

	mu      sync.Mutex
	timer   *time.Timer
	running map[string]*operation // by the client's id
	resting bool                  // no goroutine reads
	awake   bool                  // for good: it is to end
}

// speech is how a client is spoken to. It is for one socket.
type speech interface {
	// listen reads what the client says; it tells whether the socket rests, or has to end.
	listen(s *socket) (rests bool)
	// next appends an answer to an operation.
	next(dst []byte, op *operation, body []byte) []byte
	// finish is the end of an operation, by an error or without one.
	finish(op *operation, errs gqlerror.List) []byte
	// ping says that the server lives.
	ping() []byte
	// overdue tells whether a client that was heard then should have been heard since.
	overdue(heard time.Time) bool
	// goodbye says why the connection ends, and how long the client may take to read it.
	goodbye(s *socket, code int, reason string) (says []byte, within time.Duration)
}

// operation is what a client has asked and has not been answered in full.
type operation struct {
	id     string
	speech speech // of its socket
	head   []byte // how each message about it begins, on a WebSocket
	cancel context.CancelFunc
	ended  bool // nothing more is said of it; the wire's
}

// live reads until the socket rests, or ends, by whomever.
func (s *socket) live() {
	if s.speech.listen(s) {
		return
	}
	s.mu.Lock()
	s.timer.Stop()
	s.mu.Unlock()
	s.cancel()
	_ = s.wire.Close()
	s.hub.remove(s)
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

// close says why the socket ends, and leaves the client a moment to read it. The
// first reason counts.
func (s *socket) close(code int, reason string) {
	says, within := s.speech.goodbye(s, code, reason)
	if s.wire.goodbye(says) {
		_ = s.wire.SetReadDeadline(time.Now().Add(within))
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
	case s.speech.overdue(time.Unix(0, heard)):
		s.close(closeSilent, "No answer to a ping")
		return
	}
	if !s.wire.busy() { // else what waits says that we live
		s.wire.send(nil, s.speech.ping())
	}
	s.mu.Lock()
	s.timer.Reset(pingInterval)
	s.mu.Unlock()
}
