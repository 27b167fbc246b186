package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// doorkeeper is a server that lets in who bears a token, tells one event, and
// ends; others it sends away as ours does.
func doorkeeper(t *testing.T, token string) (url string) {
	t.Helper()
	upgrader := websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		var hello struct {
			Type    string
			Payload *struct{ Authorization string }
		}
		if conn.ReadJSON(&hello) != nil || hello.Payload == nil || hello.Payload.Authorization != "Bearer "+token {
			_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeForbidden, "Forbidden"), time.Now().Add(time.Second))
			return
		}
		for _, answer := range []string{`{"type":"connection_ack"}`, `{"id":"1","type":"next","payload":{"data":{"events":{"cursor":"c1"}}}}`, `{"id":"1","type":"complete"}`} {
			_ = conn.WriteMessage(websocket.TextMessage, json.RawMessage(answer))
		}
		_, _, _ = conn.ReadMessage()
	}))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func TestWatchSaysWhoAsks(t *testing.T) {
	const token = "smista_pat_c4nary"
	url := doorkeeper(t, token)
	for _, tt := range []struct {
		name, environ string
		args          []string
		in            bool
	}{
		{"by the variable", token, nil, true},
		{"by the flag", "", []string{"--token", token}, true},
		{"the flag comes first", "smista_pat_other", []string{"--token", token}, true},
		{"nobody", "", nil, false},
		{"somebody else", "smista_pat_0ther", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("SMISTA_TOKEN", tt.environ)
			stdout, stderr, code := smista(t, append([]string{"watch", "--url", url}, tt.args...)...)
			require.NotContains(t, stdout+stderr, "smista_pat_")
			if tt.in {
				require.Equal(t, []any{`{"cursor":"c1"}` + "\n", "", 0}, []any{stdout, stderr, code})
				return
			}
			require.Equal(t, 1, code)
			require.Contains(t, stderr, "set SMISTA_TOKEN to one that smista user token made")
			help, _, _ := smista(t, "watch", "--help")
			require.NotContains(t, help, "smista_pat_")
		})
	}
}
