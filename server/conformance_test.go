package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// node runs a script of web/conformance, which others' clients are in; it gives
// the lines that it says.
func node(t *testing.T, script string, arguments ...string) *exec.Cmd {
	t.Helper()
	web, err := filepath.Abs("../web")
	require.NoError(t, err)
	_, missing := exec.LookPath("node")
	if _, err := os.Stat(filepath.Join(web, "node_modules", "graphql-http")); missing != nil || err != nil {
		if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
			t.Fatal("Node.js or web/node_modules is missing: make web")
		}
		t.Skip("skipped: Node.js or web/node_modules is missing (make web)")
	}
	command := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join("conformance", script)}, arguments...)...)
	command.Dir = web
	command.WaitDelay = patience
	return command
}

// The public audit of GraphQL over HTTP finds nothing that a server must or
// should do and this one does not.
func TestGraphQLOverHTTPIsConforming(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	said, err := node(t, "http.mjs", w.http.URL+"/graphql", w.token).Output()
	require.NoError(t, err)
	n := 0
	for line := range strings.Lines(string(said)) {
		var r struct{ ID, Name, Status, Reason string }
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		n++
		if strings.HasPrefix(r.Name, "MUST") || strings.HasPrefix(r.Name, "SHOULD") {
			assert.Equal(t, "ok", r.Status, "%s %s: %s", r.ID, r.Name, r.Reason)
		}
	}
	require.Greater(t, n, 50, "the audit asked")
}

// happened is a line of ws.mjs.
type happened struct {
	Refused, Closed, Errors       int
	Connected, Retrying, Disposed bool
	Ping, Pong                    bool
	Query                         json.RawMessage
	Event, Cursor, Error          string
}

// The public graphql-ws client is understood, refused as it expects, answered, and
// comes back by itself from wherever the server sends it away, without a gap.
func TestThePublicClientIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	w.arrives(box, nil, 0)
	const events, each = 40, 4
	command := node(t, "ws.mjs", "ws"+strings.TrimPrefix(w.http.URL, "http")+"/graphql", w.token, w.head(), "40")
	var wrong bytes.Buffer
	command.Stderr = &wrong
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines := bufio.NewScanner(out)
	var seen, closed []string
	var all happened
	for lines.Scan() {
		var h happened
		require.NoError(t, json.Unmarshal(lines.Bytes(), &h), lines.Text())
		switch {
		case h.Refused != 0:
			all.Refused = h.Refused
		case h.Query != nil:
			all.Query = h.Query
		case h.Errors != 0:
			all.Errors = h.Errors
			w.happen(each)
		case h.Event != "":
			seen = append(seen, h.Cursor)
			if len(seen)%each == 0 && len(seen) < events {
				w.sendAway()
				w.happen(each)
			}
		case h.Closed != 0:
			closed = append(closed, lines.Text())
		case h.Error != "":
			t.Log(h.Error)
		}
		all.Disposed, all.Pong, all.Retrying = all.Disposed || h.Disposed, all.Pong || h.Pong, all.Retrying || h.Retrying
	}
	require.NoError(t, command.Wait(), wrong.String())
	require.Equal(t, closeForbidden, all.Refused)
	require.JSONEq(t, `{"caseByNumber":{"number":"2026/000001"},"viewer":{"scopes":["READ","CONTENT","WRITE"]}}`, string(all.Query))
	require.Equal(t, 1, all.Errors)
	require.True(t, all.Disposed)
	require.True(t, all.Retrying, "it came back: %v", closed)
	register := w.cursors()
	require.Equal(t, register[len(register)-events:], seen, "each event once, in order")
}

// sendAway restarts, as its clients see it: all of them are told to come back.
func (w *world) sendAway() {
	h := w.front.sockets
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.open {
		s.close(closeRestart, "Service restart")
	}
}

// cursors are those of the whole register, as its reader has them.
func (w *world) cursors() []string {
	w.t.Helper()
	last, err := w.log.Last(context.WithoutCancel(w.ctx()))
	require.NoError(w.t, err)
	var all []string
	for seq := range last {
		all = append(all, w.log.Cursor(seq+1).String())
	}
	return all
}
