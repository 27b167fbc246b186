// Command peers is a server that bench/fanout sets ours against: the library
// centrifuge, the core of Centrifugo, with its JSON protocol over WebSocket.
//
// It says where it listens in one line of JSON, publishes each line of its input
// on one channel, and ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/centrifugal/centrifuge"
)

// channel is the one that everybody follows.
const channel = "events"

// Pings stay out of the measuring.
const (
	pingEvery = 3 * time.Minute
	pongTime  = time.Minute
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "centrifuge:", err)
		os.Exit(1)
	}
}

func run() error {
	node, err := newNode()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	everybody := func(*http.Request) bool { return true }
	sockets := centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{CheckOrigin: everybody, UseWriteBufferPool: true})
	http := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sockets.ServeHTTP(w, r.WithContext(centrifuge.SetCredentials(r.Context(), &centrifuge.Credentials{})))
	})}
	go func() {
		if err := http.Serve(l); err != nil {
			fmt.Fprintln(os.Stderr, "centrifuge:", err)
		}
	}()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"addr": l.Addr().String()}); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if _, err := node.Publish(channel, append([]byte(nil), lines.Bytes()...)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func newNode() (*centrifuge.Node, error) {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{PingPongConfig: &centrifuge.PingPongConfig{PingInterval: pingEvery, PongTimeout: pongTime}}, nil
	})
	node.OnConnect(func(c *centrifuge.Client) {
		c.OnSubscribe(func(_ centrifuge.SubscribeEvent, answer centrifuge.SubscribeCallback) {
			answer(centrifuge.SubscribeReply{}, nil)
		})
	})
	return node, node.Run()
}
