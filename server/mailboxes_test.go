package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/provider"
	"github.com/smista/smista/safe"
	"github.com/smista/smista/staff"
)

// rightPassword has what servers and programs write in other ways.
const rightPassword = `c4nary "one" \ two`

// repeats is an IMAP server that repeats all that it does not like.
func repeats(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					tag, command, _ := strings.Cut(lines.Text(), " ")
					fmt.Fprintf(conn, "%s NO I do not like this: %s\r\n", tag, command)
				}
			}()
		}
	}()
	return l.Addr().String()
}

// postRoom is an instance with a mailbox at a provider, one at a server that repeats
// what it hears, one that nobody answers for, and one whose password is elsewhere.
func postRoom(t *testing.T, said *spoken) (*mailboxes, context.Context) {
	t.Helper()
	elsewhere := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(elsewhere, []byte("altrove"), 0o600))
	config := demo.Config()
	for i := range config.Accounts {
		config.Accounts[i].Password = rightPassword
	}
	config.DataDir = t.TempDir()
	world, err := provider.Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, silent.Close())
	var b strings.Builder
	fmt.Fprintf(&b, "data = %q\nlisten = \"127.0.0.1:0\"\n", t.TempDir())
	for address, server := range map[string]string{demo.Protocollo: world.IMAPAddr(), "eco@pec.example": repeats(t), "muta@pec.example": silent.Addr().String()} {
		fmt.Fprintf(&b, "[[mailbox]]\naddress = %q\nimap = %q\ntls = \"none\"\nsmtp = %q\nsmtp_tls = \"none\"\n", address, server, world.SMTPAddr())
	}
	fmt.Fprintf(&b, "[[mailbox]]\naddress = \"altrove@pec.example\"\nimap = %q\ntls = \"none\"\npassword_file = %q\n", world.IMAPAddr(), elsewhere)
	i := instanceOf(t, said, b.String())
	require.NoError(t, i.Configure(t.Context()))
	id, err := i.Staff.AddUser(guard.NewContext(t.Context(), guard.System("test")), staff.NewUser{Email: "a@comune.example", Name: "A", Roles: staff.Roles{Administrator: true}})
	require.NoError(t, err)
	ctx := guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: id, Administrator: true, Scopes: guard.All, Session: 1}))
	return newMailboxes(i), graph.WithRequest(ctx, graph.Request{Language: "it"})
}

// went tells how a try went, as words.
func went(steps []model.MailboxStep) string {
	var all []string
	for _, s := range steps {
		how := "ok"
		if !s.Ok {
			how = "no"
		}
		all = append(all, strings.ToLower(fmt.Sprintf("%s %s %s", s.Server, s.Stage, how)))
	}
	return strings.Join(all, ", ")
}

// TestAMailboxIsTriedStepByStep, and what went wrong is said in words for people, with
// what the server said, and never with the password.
func TestAMailboxIsTriedStepByStep(t *testing.T) {
	said := &spoken{}
	m, ctx := postRoom(t, said)
	const whole = "imap connect ok, imap tls ok, imap login ok, imap folders ok, smtp connect ok, smtp tls ok, smtp login ok"
	for _, tt := range []struct{ name, address, password, want, text string }{
		{"all goes well", demo.Protocollo, rightPassword, whole, ""},
		{"another password", demo.Protocollo, "sbagliata", "imap connect ok, imap tls ok, imap login no", "Il server non accetta il nome o la password"},
		{"a server that repeats", "eco@pec.example", rightPassword, "imap connect ok, imap tls ok, imap login no", "Il server non accetta"},
		{"nobody there", "muta@pec.example", "x", "imap connect no, smtp connect ok, smtp tls ok, smtp login no", "Il server non si raggiunge"},
	} {
		clear(m.tried)
		require.NoError(t, m.safe.Keep(ctx, m.Log, tt.address, safe.NewPassword(tt.password)))
		steps, err := m.Check(ctx, tt.address)
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.want, went(steps), tt.name)
		for _, s := range steps {
			require.Equal(t, s.Ok, s.Text == "", "%+v", s)
			require.Equal(t, s.Ok, s.Detail == "", "%+v", s)
			require.NotContains(t, s.Text+s.Detail, "c4nary")
			require.NotContains(t, s.Text+s.Detail, tt.password+" ")
		}
		if tt.text != "" {
			i := 0
			for steps[i].Ok {
				i++
			}
			require.Contains(t, steps[i].Text, tt.text)
		}
	}
	require.NotContains(t, said.String(), "c4nary")
	clear(m.tried)
	steps, err := m.Check(ctx, "altrove@pec.example")
	require.NoError(t, err)
	require.Equal(t, "imap connect ok, imap tls ok, imap login no", went(steps), "the password is that of the configuration")
}

// TestTriesAreFewAndFarBetween: many of them could lock the account.
func TestTriesAreFewAndFarBetween(t *testing.T) {
	m, ctx := postRoom(t, &spoken{})
	refused := func(err error) casework.Code {
		var e *casework.Refused
		require.ErrorAs(t, err, &e)
		return e.Code
	}
	steps, err := m.Check(ctx, demo.Protocollo)
	require.NoError(t, err)
	require.Contains(t, steps[len(steps)-1].Text, "non ha ancora una password")
	_, err = m.Check(ctx, demo.Protocollo)
	require.Equal(t, casework.Unavailable, refused(err))
	_, err = m.SetPassword(ctx, demo.Protocollo, rightPassword, true)
	require.Equal(t, casework.Unavailable, refused(err))
	m.tried[demo.Protocollo] = m.tried[demo.Protocollo].Add(-tryRest)
	_, err = m.SetPassword(ctx, demo.Protocollo, rightPassword, true)
	require.NoError(t, err)
	require.True(t, m.begin("eco@pec.example"))
	_, err = m.Check(ctx, "eco@pec.example")
	require.Equal(t, casework.Unavailable, refused(err), "one at a time")
	_, err = m.Check(ctx, "ignota@pec.example")
	require.Equal(t, casework.Illegal, refused(err))
	_, err = m.SetPassword(ctx, "altrove@pec.example", "nuova", false)
	require.Equal(t, casework.Illegal, refused(err), "that of the configuration holds")
}

// TestAPasswordIsKeptWhenItIsTaken: by who signed in, with the event that the command
// line leaves; one that is not taken changes nothing.
func TestAPasswordIsKeptWhenItIsTaken(t *testing.T) {
	said := &spoken{}
	m, ctx := postRoom(t, said)
	kept := func() string {
		p, err := m.safe.Of(guard.NewContext(ctx, guard.System("test")), m.DB.Client(), demo.Protocollo)
		if errors.Is(err, safe.ErrNoPassword) {
			return ""
		}
		require.NoError(t, err)
		return p.Reveal()
	}
	steps, err := m.SetPassword(ctx, demo.Protocollo, "sbagliata", true)
	require.ErrorAs(t, err, new(*casework.Refused))
	require.Contains(t, went(steps), "imap login no")
	require.Empty(t, kept())
	clear(m.tried)
	_, err = m.SetPassword(ctx, demo.Protocollo, rightPassword, true)
	require.NoError(t, err)
	require.Equal(t, rightPassword, kept())
	_, err = m.SetPassword(ctx, demo.Protocollo, "un'altra", false)
	require.NoError(t, err, "without a try it is taken as it is")
	require.Equal(t, "un'altra", kept())
	events, err := m.DB.Client().Event.Query().All(guard.NewContext(ctx, guard.System("test")))
	require.NoError(t, err)
	person, _ := guard.From(ctx)
	set := 0
	for _, e := range events {
		if e.Kind == string(event.MailboxPasswordSet) {
			set++
			require.Equal(t, person.String(), e.Actor)
			require.NotContains(t, string(e.Data), "altra")
		}
	}
	require.Equal(t, 2, set)
	for _, p := range []guard.Person{
		{ID: 1, Scopes: guard.All, Session: 1}, {ID: 1, Administrator: true, Scopes: guard.All, Token: 1}, {ID: 1, Administrator: true, Scopes: guard.Read, Session: 1},
	} {
		err := m.safe.Keep(guard.NewContext(ctx, guard.Someone(p)), m.Log, demo.Protocollo, safe.NewPassword("di chi non può"))
		require.ErrorIs(t, err, safe.ErrNotAllowed)
	}
	require.Equal(t, "un'altra", kept())
	require.NotContains(t, said.String(), "c4nary")
	require.NotContains(t, said.String(), "un'altra")
}

// pretended are mailboxes that note what they were asked for.
type pretended struct{ asked []string }

func (p *pretended) Check(_ context.Context, address string) ([]model.MailboxStep, error) {
	p.asked = append(p.asked, "check "+address)
	return []model.MailboxStep{{Server: model.MailboxServerImap, Stage: model.MailboxStageConnect, Text: "muto", Detail: "silenzio"}}, nil
}

func (p *pretended) SetPassword(_ context.Context, address, password string, check bool) ([]model.MailboxStep, error) {
	p.asked = append(p.asked, fmt.Sprintf("set %s %s %v", address, password, check))
	return nil, nil
}

// asks gives a command by a session's cookie, or by a token.
func (w *world) asks(cookie *http.Cookie, token, command string) string {
	w.t.Helper()
	body, err := json.Marshal(map[string]string{"query": "mutation { told: " + command + " }"})
	require.NoError(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.http.URL+"/graphql", strings.NewReader(string(body)))
	require.NoError(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", w.http.URL)
	if cookie != nil {
		r.AddCookie(cookie)
	} else {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return string(answer)
}

// TestWhoLooksAfterMailboxes: administrators; the password only by who signed in.
func TestWhoLooksAfterMailboxes(t *testing.T) {
	t.Parallel()
	boxes := &pretended{}
	w := newWorld(t, func(d *Deps) { d.Mailboxes = boxes })
	box := w.mailbox("protocollo@comune.example", nil)
	check := fmt.Sprintf(`mailboxCheck(input: {mailboxId: %q, clientMutationId: "c"}) { mailbox { address } steps { server stage ok text detail } userErrors { code } clientMutationId }`, idOf("Mailbox", box.ID))
	set := fmt.Sprintf(`mailboxSetPassword(input: {mailboxId: %q, password: "zitta"}) { mailbox { address } steps { ok } userErrors { code message } }`, idOf("Mailbox", box.ID))
	for _, tt := range []struct {
		name             string
		roles            staff.Roles
		mayCheck, maySet bool
	}{
		{"amministra", staff.Roles{Administrator: true}, true, true},
		{"smista", staff.Roles{Sorter: true}, false, false},
		{"controlla", staff.Roles{Auditor: true}, false, false},
	} {
		id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: tt.name + "@comune.example", Name: tt.name, Password: password, Roles: tt.roles})
		require.NoError(t, err)
		b := &browser{world: w}
		require.Equal(t, http.StatusOK, b.signIn(tt.name+"@comune.example", password).StatusCode)
		for _, by := range []struct {
			cookie *http.Cookie
			token  string
		}{{b.cookie, ""}, {nil, w.tokenOf(id)}} {
			boxes.asked = nil
			answer := w.asks(by.cookie, by.token, check)
			require.Equal(t, tt.mayCheck, len(boxes.asked) == 1, answer)
			require.Equal(t, !tt.mayCheck, strings.Contains(answer, `"FORBIDDEN"`), answer)
			boxes.asked = nil
			answer = w.asks(by.cookie, by.token, set)
			may := tt.maySet && by.cookie != nil
			require.Equal(t, may, len(boxes.asked) == 1, answer)
			require.Equal(t, !may, strings.Contains(answer, `"FORBIDDEN"`), answer)
			require.NotContains(t, answer, "zitta")
			if may {
				require.Equal(t, []string{"set protocollo@comune.example zitta true"}, boxes.asked)
			}
		}
		reading, _, err := w.deps.Staff.MakeToken(w.ctx(), id, "legge", []string{staff.ScopeRead}, patience)
		require.NoError(t, err)
		boxes.asked = nil
		require.Contains(t, w.asks(nil, reading, check), `"FORBIDDEN"`)
		require.Empty(t, boxes.asked)
	}
	require.NotContains(t, w.said.String(), "zitta")
	answer := w.asks(nil, w.token, strings.ReplaceAll(check, idOf("Mailbox", box.ID), idOf("Mailbox", 999)))
	require.Contains(t, answer, `"NOT_FOUND"`)
	answer = w.asks(nil, w.token, check)
	require.JSONEq(t, `{"data":{"told":{"mailbox":{"address":"protocollo@comune.example"},"userErrors":[],"clientMutationId":"c",
		"steps":[{"server":"IMAP","stage":"CONNECT","ok":false,"text":"muto","detail":"silenzio"}]}}}`, answer)
}

// TestNoFormOfAPasswordIsTold, however a server repeats it.
func TestNoFormOfAPasswordIsTold(t *testing.T) {
	t.Parallel()
	for _, secret := range []mailbox.Secret{`a"b\c`, "due  parole", "semplice"} {
		for _, form := range []string{string(secret), strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(string(secret))} {
			require.Equal(t, "NO LOGIN (secret) ok", unsecret("NO LOGIN\r\n"+form+" ok", secret))
		}
	}
	require.Len(t, []rune(unsecret(strings.Repeat("è", 2000), "")), mostSaid)
}
