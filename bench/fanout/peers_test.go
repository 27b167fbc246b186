//go:build linux

package fanout

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/gorilla/websocket"
	"golang.org/x/sys/unix"

	"github.com/smista/smista/bench/fanout/plain"
)

// listen serves on a port of this machine.
func listen(h http.Handler) (welcome, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return welcome{}, err
	}
	go func() {
		if err := (&http.Server{Handler: h, ReadHeaderTimeout: time.Minute}).Serve(l); err != nil {
			fmt.Fprintln(os.Stderr, "serve:", err)
		}
	}()
	return welcome{Addr: l.Addr().String()}, nil
}

// bare is near what the machine can do: the frame is built once, and one loop
// gives it to each socket by write(2). No goroutine, no buffer and no queue is
// kept for a subscriber, and nobody who leaves is noticed but by the loop.
type bare struct {
	mu      sync.Mutex
	sockets []int
}

func startBare(setting) (welcome, func([]byte) error, error) {
	b := &bare{}
	hello, err := listen(b)
	return hello, b.publish, err
}

// ServeHTTP takes the socket away from net/http and gorilla.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	file, err := conn.NetConn().(*net.TCPConn).File()
	if err != nil {
		return
	}
	defer file.Close()
	fd, err := unix.Dup(int(file.Fd()))
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sockets = append(b.sockets, fd)
}

// publish waits for a socket that is full: nobody loses an event, and all wait.
func (b *bare) publish(line []byte) error {
	frame := []byte{0x80 | opText, 126, byte(len(line) >> 8), byte(len(line))}
	frame = append(frame, line...)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, fd := range b.sockets {
		for rest := frame; len(rest) > 0; {
			n, err := unix.Write(fd, rest)
			if err == unix.EAGAIN {
				_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
			}
			if err != nil && err != unix.EINTR {
				break // it has left
			}
			rest = rest[max(0, n):]
		}
	}
	return nil
}

// startPlain is gqlgen as it comes, over gorilla.
func startPlain(setting) (welcome, func([]byte) error, error) {
	resolver := plain.NewResolver()
	server := handler.New(plain.NewExecutableSchema(plain.Config{Resolvers: resolver}))
	server.AddTransport(transport.Websocket{Implementation: gorilla{}})
	hello, err := listen(server)
	return hello, func(line []byte) error {
		var e plain.MailEvent
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		resolver.Publish(&e)
		return nil
	}, err
}

// gorilla lets gqlgen speak by gorilla/websocket, as the product does.
type gorilla struct{}

// Accept implements transport.WebsocketImplementation.
func (gorilla) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	up := websocket.Upgrader{Subprotocols: o.Subprotocols, CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, o.ResponseHeader)
	if err != nil {
		return nil, err
	}
	return gorillaConn{conn}, nil
}

type gorillaConn struct{ *websocket.Conn }

// NextReader implements transport.WebsocketConn.
func (c gorillaConn) NextReader() (int, io.Reader, error) {
	kind, r, err := c.Conn.NextReader()
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived) {
		err = transport.ErrWebsocketClosed
	}
	return kind, r, err
}

// WriteClose implements transport.WebsocketConn.
func (c gorillaConn) WriteClose(code int, reason string) error {
	return c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
}
