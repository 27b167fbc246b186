package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// asProgram makes this test binary be the program itself.
const asProgram = "SMISTA_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	// The checker's child is started with an empty environment.
	if os.Getenv(asProgram) != "" || len(os.Args) > 1 && os.Args[1] == "verify-worker" {
		main()
		return
	}
	os.Exit(m.Run())
}

// smista runs the program and returns what it said and its exit code.
func smista(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	command.Stdout, command.Stderr = &out, &err
	if failed := (*exec.ExitError)(nil); !errors.As(command.Run(), &failed) {
		return out.String(), err.String(), 0
	}
	return out.String(), err.String(), command.ProcessState.ExitCode()
}

func TestExitCodesTellUsageFromFailure(t *testing.T) {
	t.Parallel()
	wrong := filepath.Join(t.TempDir(), "wrong.toml")
	require.NoError(t, os.WriteFile(wrong, []byte("listn = \"x\"\n"), 0o600))
	for _, tt := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"--help"}, 0, ""},
		{[]string{"version"}, 0, ""},
		{[]string{"config", "check"}, 0, ""},
		{[]string{"config", "check", "-c", wrong}, 1, "wrong.toml:1: there is no setting listn"},
		{[]string{"inspect", filepath.Join(t.TempDir(), "none.eml")}, 1, "none.eml"},
		{[]string{}, 2, "smista --help"},
		{[]string{"nonsense"}, 2, "nonsense"},
		{[]string{"version", "--nonsense"}, 2, "--nonsense"},
		{[]string{"config", "check", "-c", "/none"}, 2, "/none"},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			t.Parallel()
			_, stderr, code := smista(t, tt.args...)
			require.Equal(t, tt.code, code, stderr)
			require.Contains(t, stderr, tt.stderr)
			if tt.code == 0 {
				require.Empty(t, stderr)
			}
		})
	}
}

// subscriptions is a server that plays one conversation of graphql-transport-ws.
func subscriptions(t *testing.T, after *json.RawMessage, answers ...string) (url string) {
	t.Helper()
	upgrader := websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		var m watchMessage
		if conn.ReadJSON(&m) != nil || m.Type != "connection_init" {
			return
		}
		say := func(text string) { _ = conn.WriteMessage(websocket.TextMessage, []byte(text)) }
		say(`{"type":"connection_ack"}`)
		if conn.ReadJSON(&m) != nil || m.Type != "subscribe" {
			return
		}
		*after = m.Payload
		for _, text := range answers {
			say(text)
		}
		_, _, _ = conn.ReadMessage() // wait for the client to go
	}))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func TestWatchPrintsOneEventPerLine(t *testing.T) {
	t.Parallel()
	var asked json.RawMessage
	url := subscriptions(t, &asked,
		`{"type":"ping"}`,
		`{"id":"1","type":"next","payload":{"data":{"events":{"__typename":"CaseOpened","cursor":"c1"}}}}`,
		`{"id":"1","type":"next","payload":{"data":null,"errors":[{"message":"broken"}]}}`,
		`{"id":"1","type":"complete"}`)
	stdout, stderr, code := smista(t, "watch", "--url", url, "--after", "c0")
	require.Equal(t, 0, code, stderr)
	want := []string{`{"__typename":"CaseOpened","cursor":"c1"}`, `{"data":null,"errors":[{"message":"broken"}]}`, ""}
	require.Equal(t, want, strings.Split(stdout, "\n"))
	var payload struct {
		Query     string
		Variables map[string]string
	}
	require.NoError(t, json.Unmarshal(asked, &payload))
	require.Equal(t, map[string]string{"after": "c0"}, payload.Variables)
	require.Contains(t, payload.Query, "events(after: $after)")
}

func TestWatchAsksWhatTheSchemaOffers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "schema.graphql"))
	require.NoError(t, err)
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	require.NoError(t, err)
	_, problems := gqlparser.LoadQueryWithRules(schema, watchQuery, rules.NewDefaultRules())
	require.Empty(t, problems)
}

func TestWatchFailsWhenRefused(t *testing.T) {
	t.Parallel()
	var asked json.RawMessage
	url := subscriptions(t, &asked, `{"id":"1","type":"error","payload":[{"message":"no such cursor"}]}`)
	stdout, stderr, code := smista(t, "watch", "--url", url)
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "no such cursor")
}
