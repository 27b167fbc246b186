package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/demo"
	"github.com/smista/smista/demo/town"
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
	var ending error
	exited := make(chan struct{})
	go func() { defer close(exited); ending = command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill() // gone already when the test went well
		<-exited
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
		case <-exited:
			require.NoError(t, ending, "it ends in good order")
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
	original := ask(t, where.People[0].Token, http.MethodGet, where.HTTP+"/api/v1/originals/"+digest, nil)
	sum := sha256.Sum256(original)
	require.Equal(t, digest, hex.EncodeToString(sum[:]), "byte for byte")
	require.Contains(t, string(original), "X-Trasporto: posta-certificata")

	whenQuiet(t, where)
	everyOfficeWorks(t, where)
	before := messages(t, where, "")
	stop()
	again, stop := startDemo(t, dir)
	whenQuiet(t, again)
	require.Subset(t, messages(t, again, ""), before, "what was there is there; people go on answering")
	require.Len(t, found(t, again, subject), 1)
	stop()
}

// subscribe follows the events from a socket; the function it gives waits for a
// message with a subject and returns the digest of its original.
func subscribe(t *testing.T, where demoAddresses) (arrived func(subject string) string) {
	t.Helper()
	var start struct{ RegisterHead string }
	query(t, where, where.People[0].Token, `{ registerHead }`, &start)
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	socket, answer, err := dialer.Dial(where.Subscriptions, nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
	require.NoError(t, socket.WriteJSON(map[string]any{"type": "connection_init", "payload": map[string]string{"Authorization": "Bearer " + where.People[0].Token}}))
	require.NoError(t, socket.WriteJSON(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{
		"variables": map[string]any{"after": start.RegisterHead},
		"query":     `subscription($after: Cursor) { events(after: $after) { cursor ... on MessageReceived { message { subject verdict { status } original { sha256 } } } } }`}}))
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

// everyOfficeWorks waits until each office has cases in every status that an
// office can have, and the desk has some; who audits sees that.
func everyOfficeWorks(t *testing.T, where demoAddresses) {
	t.Helper()
	auditor := where.People[slices.IndexFunc(where.People, func(p town.Person) bool { return p.Role == "auditor" })].Token
	roles := map[string]int{}
	for _, p := range where.People {
		roles[p.Role]++
	}
	for _, role := range []string{"sorter", "head", "operator", "administrator", "auditor"} {
		require.GreaterOrEqual(t, roles[role], 2, role)
	}
	require.Eventually(t, func() bool {
		var answer struct {
			SortingBoard struct {
				Counts   struct{ ToSort int }
				ByOffice []struct {
					Office struct{ ID string }
					Counts struct{ ToAssign, InProgress, Closed int }
				}
			}
		}
		query(t, where, auditor, `{ sortingBoard { counts { toSort } byOffice { office { id } counts { toAssign inProgress closed } } } }`, &answer)
		complete := answer.SortingBoard.Counts.ToSort > 0 && len(answer.SortingBoard.ByOffice) == len(demo.Offices())
		for _, o := range answer.SortingBoard.ByOffice {
			var merged struct{ CaseCount int }
			query(t, where, auditor, fmt.Sprintf(`{ caseCount(filter: {statuses: [MERGED], officeIds: [%q]}) }`, o.Office.ID), &merged)
			complete = complete && o.Counts.ToAssign > 0 && o.Counts.InProgress > 0 && o.Counts.Closed > 0 && merged.CaseCount > 0
		}
		return complete
	}, patience, 500*time.Millisecond, "some office has no case in some status")
}

// ask sends a request as somebody, and wants it to go well.
func ask(t *testing.T, token, method, url string, body []byte) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode, string(text))
	return text
}

// query asks the API as somebody.
func query(t *testing.T, where demoAddresses, token, question string, into any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": question})
	require.NoError(t, err)
	answer := struct {
		Data   any
		Errors []struct{ Message string }
	}{Data: into}
	require.NoError(t, json.Unmarshal(ask(t, token, http.MethodPost, where.GraphQL, body), &answer))
	require.Empty(t, answer.Errors)
}

// count pages through all messages.
func count(t *testing.T, where demoAddresses) int { return len(messages(t, where, "")) }

// found are the messages with a subject; not the answers to it, and their receipts.
func found(t *testing.T, where demoAddresses, subject string) []string {
	all := subjects(t, where, fmt.Sprintf(`, filter: {text: %q}`, subject))
	maps.DeleteFunc(all, func(_, s string) bool { return s != subject })
	return slices.Collect(maps.Keys(all))
}

func messages(t *testing.T, where demoAddresses, filter string) []string {
	return slices.Sorted(maps.Keys(subjects(t, where, filter)))
}

// subjects are those of the messages that all people together can read, by id.
func subjects(t *testing.T, where demoAddresses, filter string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, p := range where.People {
		for after := "null"; ; {
			var page struct {
				Messages struct {
					Nodes    []struct{ ID, Subject string }
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			query(t, where, p.Token, fmt.Sprintf(`{ messages(first: 100, after: %s%s) { nodes { id subject } pageInfo { hasNextPage endCursor } } }`, after, filter), &page)
			for _, n := range page.Messages.Nodes {
				all[n.ID] = n.Subject
			}
			if !page.Messages.PageInfo.HasNextPage {
				break
			}
			after = fmt.Sprintf("%q", page.Messages.PageInfo.EndCursor)
		}
	}
	return all
}
