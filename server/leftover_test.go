//go:build !race

package server

import (
	"log/slog"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// Ten thousand clients come, subscribe and go, some of them without a word; then
// there is as little as before.
func TestNothingIsLeftOverOfWhoHasGone(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Logger = slog.New(slog.DiscardHandler) }) // what is logged stays in memory here
	visit := func(i int) error {
		dialer := websocket.Dialer{Subprotocols: []string{protocol}, HandshakeTimeout: patience}
		conn, response, err := dialer.Dial("ws"+w.http.URL[len("http"):]+"/graphql", http.Header{"Authorization": {"Bearer " + w.token}})
		if err != nil {
			return err
		}
		_ = response.Body.Close()
		defer conn.Close()
		if i%7 == 0 {
			return nil // nothing was said
		}
		for _, text := range []string{
			`{"type":"connection_init"}`,
			`{"id":"1","type":"subscribe","payload":{"query":"subscription { events { cursor } }"}}`,
			`{"id":"2","type":"subscribe","payload":{"query":"subscription { counts { toSort } }"}}`,
		} {
			if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
				return err
			}
		}
		if i%5 == 0 {
			return conn.NetConn().Close() // in the middle of it
		}
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		for range 2 { // the greeting, and the counts
			if _, _, err := conn.ReadMessage(); err != nil {
				return err
			}
		}
		return conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
	}
	crowd := func(n int) {
		var all errgroup.Group
		all.SetLimit(16)
		for i := range n {
			all.Go(func() error { return visit(i) })
		}
		require.NoError(t, all.Wait())
	}
	settled := func() (goroutines int, heap uint64) {
		require.Eventually(t, func() bool { return w.front.sockets.connected() == 0 && w.parts() == 0 }, patience, 10*time.Millisecond)
		w.http.CloseClientConnections()
		var m runtime.MemStats
		for range 3 {
			runtime.GC()
			<-time.After(50 * time.Millisecond) // for what finalizers give back
		}
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	crowd(500) // what is made once is made
	goroutines, heap := settled()
	crowd(10_000)
	after, grown := settled()
	t.Logf("goroutines %d, then %d; heap %d KB, then %d KB", goroutines, after, heap>>10, grown>>10)
	require.LessOrEqual(t, after, goroutines+10)
	require.Less(t, grown, heap+(512<<10), "fifty bytes for each would show")
}
