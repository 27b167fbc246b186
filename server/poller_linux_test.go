package server

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// reading counts the goroutines that read from sockets.
func reading() int {
	text := make([]byte, 8<<20)
	return strings.Count(string(text[:runtime.Stack(text, true)]), "server.(*socket).live(")
}

// A socket that has nothing to read has no goroutine; it hears what it is told, and
// that it is to go, all the same. Not parallel: it counts those of all tests.
func TestASocketThatWaitsHasNoGoroutine(t *testing.T) {
	w := newWorld(t)
	var resting []*client
	after := map[string]any{"after": w.head()}
	for range 20 {
		c := w.listener()
		c.subscribe("1", `subscription($after: Cursor) { events(after: $after) { __typename } }`, after)
		resting = append(resting, c)
	}
	atRest := func() bool { return reading() == 0 }
	require.Eventually(t, atRest, patience, 10*time.Millisecond)
	w.happen(1)
	for _, c := range resting {
		require.Contains(t, c.data("1"), "__typename")
	}
	require.Zero(t, reading(), "an event wakes nobody's reader")
	for i, c := range resting {
		c.send(`{"type":"ping"}`)
		for c.next().Type != "pong" {
			require.NoError(t, t.Context().Err())
		}
		c.subscribe(fmt.Sprint(i+2), `{ __typename }`, nil)
		require.Contains(t, c.data(fmt.Sprint(i+2)), "Query")
		require.Equal(t, "complete", c.next().Type)
	}
	require.Eventually(t, atRest, patience, 10*time.Millisecond)

	require.NoError(t, resting[0].Close()) // it goes without a word
	require.NoError(t, resting[1].WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")))
	ping := []byte(`{"type":"ping"}`) // a frame that comes in two pieces, masked by nothing
	frame := append([]byte{0x81, 0x80 | byte(len(ping)), 0, 0, 0, 0}, ping...)
	for _, piece := range [][]byte{frame[:9], frame[9:]} {
		_, err := resting[2].UnderlyingConn().Write(piece)
		require.NoError(t, err)
		<-time.After(20 * time.Millisecond)
	}
	require.Equal(t, "pong", resting[2].next().Type)
	resting[3].send(`{"type":`)
	require.Equal(t, closeInvalid, resting[3].closed())
	require.Eventually(t, func() bool { return len(w.front.sockets.visits()) == 17 }, patience, 10*time.Millisecond, "three have gone")
	require.Eventually(t, atRest, patience, 10*time.Millisecond)
}
