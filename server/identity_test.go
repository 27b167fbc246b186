package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/staff"
)

const password = "una frase lunga"

// employee adds a person with a password, and leaves the world without a token.
func (w *world) employee(email string) int {
	w.t.Helper()
	id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: email, Name: email, Password: password, Roles: staff.Roles{Sorter: true}})
	require.NoError(w.t, err)
	w.token = ""
	return id
}

// browser asks as a page of ours does, with the cookie that it was given.
type browser struct {
	*world
	cookie *http.Cookie
}

func (b *browser) do(method, path, body string, header ...string) *http.Response {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.http.URL+path, strings.NewReader(body))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", b.http.URL)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			r.Header.Del(header[i])
		}
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(b.t, err)
	require.NoError(b.t, response.Body.Close())
	return response
}

func (b *browser) signIn(email, password string) *http.Response {
	b.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	require.NoError(b.t, err)
	response := b.do("POST", sessionPath, string(body))
	if cookies := response.Cookies(); len(cookies) > 0 {
		b.cookie = cookies[0]
	}
	return response
}

const head = `{"query":"{ registerHead }"}`

func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	_, mail := w.arrives(box, nil, 1)
	w.token = ""
	b := &browser{world: w}
	for path, status := range map[string]int{"/livez": 200, "/readyz": 200, "/graphql": 401, sessionPath: 401, "/originals/" + mail.Digest: 404} {
		method := "GET"
		if path == "/graphql" {
			method = "POST"
		}
		require.Equal(t, status, b.do(method, path, head).StatusCode, path)
	}
	for _, token := range []string{"Bearer x", "Bearer smista_pat_x", "Basic eDp5", "Bearer"} {
		require.Equal(t, 401, b.do("POST", "/graphql", head, "Authorization", token).StatusCode, token)
	}
}

func TestASessionFromItsBeginningToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.employee("anna@comune.example")
	b := &browser{world: w}
	require.Equal(t, 401, b.signIn("anna@comune.example", "sbagliata!").StatusCode)
	require.Equal(t, 401, b.signIn("nessuno@comune.example", password).StatusCode)
	require.Nil(t, b.cookie)

	b.cookie = &http.Cookie{Name: sessionCookie, Value: "chosen by somebody else"}
	require.Equal(t, 200, b.signIn("Anna@Comune.example", password).StatusCode)
	require.NotEqual(t, "chosen by somebody else", b.cookie.Value)
	require.True(t, b.cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, b.cookie.SameSite)
	require.Equal(t, 200, b.do("POST", "/graphql", head).StatusCode)
	require.Equal(t, 200, b.do("GET", sessionPath, "").StatusCode)

	for _, forged := range [][]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", ""}, {"Origin", "", "Sec-Fetch-Site", "cross-site"},
	} {
		require.Equal(t, 403, b.do("POST", "/graphql", head, forged...).StatusCode, forged)
		require.Equal(t, 403, b.do("DELETE", sessionPath, "", forged...).StatusCode, forged)
	}
	require.Equal(t, 415, b.do("POST", "/graphql", head, "Content-Type", "text/plain").StatusCode)

	kept := *b.cookie
	require.Equal(t, 204, b.do("DELETE", sessionPath, "").StatusCode)
	b.cookie = &kept
	refused := b.do("POST", "/graphql", head)
	require.Equal(t, 401, refused.StatusCode, "a cookie that was kept")
	require.Equal(t, `"cache", "storage"`, refused.Header.Get("Clear-Site-Data"), "somebody ended it: nothing stays on that device")
	require.Empty(t, b.signIn("anna@comune.example", password).Header.Get("Clear-Site-Data"), "a new session begins with what is there")
	require.NotContains(t, w.said.String(), password)
	require.NotContains(t, w.said.String(), kept.Value)
}

// visitor opens a socket with a cookie or with a token in the first payload, and
// says hello.
func (w *world) visitor(cookie, payload string) *client {
	w.t.Helper()
	header := http.Header{"Origin": {w.http.URL}}
	if cookie != "" {
		header.Set("Cookie", sessionCookie+"="+cookie)
	}
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, HandshakeTimeout: patience}
	conn, response, err := dialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.http.URL, "http")+"/graphql", header)
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	w.t.Cleanup(func() { _ = conn.Close() })
	c := &client{t: w.t, Conn: conn}
	c.send(`{"type":"connection_init","payload":` + payload + `}`)
	return c
}

func TestWhoMayOpenASocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token
	w.employee("anna@comune.example")
	b := &browser{world: w}
	b.signIn("anna@comune.example", password)
	require.Equal(t, "connection_ack", w.visitor(b.cookie.Value, `null`).next().Type)
	require.Equal(t, "connection_ack", w.visitor("", `{"Authorization":"Bearer `+token+`"}`).next().Type)
	require.Equal(t, closeForbidden, w.visitor("", `null`).closed())
	require.Equal(t, closeForbidden, w.visitor("", `{"Authorization":"Bearer smista_pat_no"}`).closed())
	require.Equal(t, closeForbidden, w.visitor("", `{"Authorization":5}`).closed())
}

// A socket is closed as soon as its key no longer holds, on whichever instance
// that was decided: the register tells.
func TestASocketEndsWithItsKey(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		for name, end := range map[string]func(id int, b *browser, token int){
			"signed out": func(_ int, b *browser, _ int) { b.do("DELETE", sessionPath, "") },
			"disabled":   func(id int, _ *browser, _ int) { require.NoError(t, w.deps.Staff.Disable(w.ctx(), id)) },
			"password": func(id int, _ *browser, _ int) {
				require.NoError(t, w.deps.Staff.SetPassword(w.ctx(), id, "", password+"!"))
			},
		} {
			id := w.employee(strings.ReplaceAll(name, " ", "") + "@comune.example")
			b := &browser{world: w}
			b.signIn(strings.ReplaceAll(name, " ", "")+"@comune.example", password)
			c := w.visitor(b.cookie.Value, `null`)
			require.Equal(t, "connection_ack", c.next().Type)
			c.subscribe("1", everything, nil)
			end(id, b, 0)
			require.Equal(t, closeUnauthorized, c.closed(), name)
		}
		id := w.employee("token@comune.example")
		secret, token, err := w.deps.Staff.MakeToken(w.ctx(), id, "t", []string{staff.ScopeRead}, time.Hour)
		require.NoError(t, err)
		c := w.visitor("", `{"Authorization":"Bearer `+secret+`"}`)
		require.Equal(t, "connection_ack", c.next().Type)
		require.NoError(t, w.deps.Staff.RevokeToken(w.ctx(), token))
		require.Equal(t, closeUnauthorized, c.closed())
	})
}

// After some wrong passwords an account answers nobody for a while, not even
// with the right one; and nothing tells it from one that is not there.
func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.employee("anna@comune.example")
	answers := map[string][]byte{}
	for _, email := range []string{"anna@comune.example", "nessuno@comune.example"} {
		for range 6 {
			(&browser{world: w}).signIn(email, "parola sbagliata")
		}
		body, err := json.Marshal(map[string]string{"email": email, "password": password})
		require.NoError(t, err)
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.http.URL+sessionPath, bytes.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.Equal(t, 401, response.StatusCode)
		var said struct{ Errors []struct{ Message string } }
		require.NoError(t, json.NewDecoder(response.Body).Decode(&said))
		require.NoError(t, response.Body.Close())
		answers[email] = []byte(said.Errors[0].Message)
	}
	require.Equal(t, answers["anna@comune.example"], answers["nessuno@comune.example"])
}
