package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/demo"
)

// patience is how long a loaded machine may take for what takes a moment.
const patience = 90 * time.Second

// startDemo runs the demo in a folder until the test ends it.
func startDemo(t *testing.T, dir string) (where demoAddresses, stop func()) {
	t.Helper()
	file := filepath.Join(dir, "demo.json")
	_ = os.Remove(file)
	command := exec.Command(os.Args[0], "demo", "--addr", "127.0.0.1:0", "--data", dir, "--every", "1h")
	command.Env = append(os.Environ(), asProgram+"=1")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	require.NoError(t, command.Start())
	exited := make(chan error, 1)
	go func() { exited <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill() // gone already when the test went well
		if t.Failed() {
			t.Log(said.String())
		}
	})
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(file)
		return err == nil && json.Unmarshal(text, &where) == nil
	}, patience, 20*time.Millisecond, "demo.json is not written")
	return where, func() {
		require.NoError(t, command.Process.Signal(syscall.SIGTERM))
		select {
		case err := <-exited:
			require.NoError(t, err, "it ends in good order")
		case <-time.After(patience):
			t.Fatal("the demo does not end")
		}
	}
}

// TestAPECReachesADashboard goes the whole way as a stranger would: over SMTP to
// the provider, and from the socket of a subscription to the original.
func TestAPECReachesADashboard(t *testing.T) {
	dir := t.TempDir()
	where, stop := startDemo(t, dir)
	arrived := subscribe(t, where)
	const subject = "Prova di tutta la strada"
	submit(t, where, subject)

	digest := arrived(subject)
	answer, err := http.Get(where.HTTP + "/api/v1/originals/" + digest)
	require.NoError(t, err)
	defer answer.Body.Close()
	original, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	sum := sha256.Sum256(original)
	require.Equal(t, digest, hex.EncodeToString(sum[:]), "byte for byte")
	require.Contains(t, string(original), "X-Trasporto: posta-certificata")

	whenQuiet(t, where)
	before := count(t, where)
	stop()
	again, stop := startDemo(t, dir)
	whenQuiet(t, again)
	require.Equal(t, before, count(t, again), "what was there is there, and once")
	require.Len(t, found(t, again, subject), 1)
	stop()
}

// subscribe follows the events from a socket; the function it gives waits for a
// message with a subject and returns the digest of its original.
func subscribe(t *testing.T, where demoAddresses) (arrived func(subject string) string) {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	socket, answer, err := dialer.Dial(where.Subscriptions, nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
	require.NoError(t, socket.WriteJSON(map[string]any{"type": "connection_init"}))
	require.NoError(t, socket.WriteJSON(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{
		"query": `subscription { events { cursor ... on MessageReceived { message { subject verdict { status } original { sha256 } } } } }`}}))
	return func(subject string) string {
		for {
			var frame struct {
				Payload struct {
					Data struct {
						Events struct {
							Message struct {
								Subject  string
								Verdict  struct{ Status string }
								Original struct{ SHA256 string }
							}
						}
					}
				}
			}
			require.NoError(t, socket.ReadJSON(&frame))
			if m := frame.Payload.Data.Events.Message; m.Subject == subject {
				require.Equal(t, "VALID", m.Verdict.Status)
				return m.Original.SHA256
			}
		}
	}
}

// submit writes to the town hall as any mail program would.
func submit(t *testing.T, where demoAddresses, subject string) {
	t.Helper()
	const from = "anna.morandi@pec.cittadini.example"
	host, _, _ := strings.Cut(where.Provider.SMTP, ":")
	message := strings.ReplaceAll(fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <prova@pec.cittadini.example>\nDate: %s\n\nBuongiorno.\n",
		from, demo.Protocollo, subject, time.Now().Format(time.RFC1123Z)), "\n", "\r\n")
	require.NoError(t, smtp.SendMail(where.Provider.SMTP, smtp.PlainAuth("", from, where.Provider.Password, host),
		from, []string{demo.Protocollo}, []byte(message)))
}

// whenQuiet waits until the story that begins a demo has been taken in.
func whenQuiet(t *testing.T, where demoAddresses) {
	t.Helper()
	last := -1
	require.Eventually(t, func() bool {
		now := count(t, where)
		quiet := now == last && now >= demoFirst
		last = now
		return quiet
	}, patience, 2*time.Second, "messages go on coming")
}

// count pages through all messages.
func count(t *testing.T, where demoAddresses) int { return len(messages(t, where, "")) }

func found(t *testing.T, where demoAddresses, subject string) []string {
	return messages(t, where, fmt.Sprintf(`, filter: {text: %q}`, subject))
}

func messages(t *testing.T, where demoAddresses, filter string) (ids []string) {
	t.Helper()
	for after := "null"; ; {
		body, err := json.Marshal(map[string]string{"query": fmt.Sprintf(
			`{ messages(first: 100, after: %s%s) { nodes { id } pageInfo { hasNextPage endCursor } } }`, after, filter)})
		require.NoError(t, err)
		answer, err := http.Post(where.GraphQL, "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		var page struct {
			Data struct {
				Messages struct {
					Nodes    []struct{ ID string }
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			Errors []struct{ Message string }
		}
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&page))
		require.NoError(t, answer.Body.Close())
		require.Empty(t, page.Errors)
		for _, n := range page.Data.Messages.Nodes {
			ids = append(ids, n.ID)
		}
		if !page.Data.Messages.PageInfo.HasNextPage {
			return ids
		}
		after = fmt.Sprintf("%q", page.Data.Messages.PageInfo.EndCursor)
	}
}
