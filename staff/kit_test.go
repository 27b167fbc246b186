package staff

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// monday is when the clock of each house begins.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

const goodPassword = "corretto cavallo batteria"

// house is a Staff on a clock of its own, with an administrator.
type house struct {
	*Staff
	t     *testing.T
	db    *store.DB
	admin int
	said  *bytes.Buffer // what was logged

	mu      sync.Mutex
	time    time.Time
	secrets []string
}

// each runs a test in a house on each database. Whatever it does, no secret that
// it knows may be found in the register or in what was logged.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		test(t, h)
		h.noSecretIn("the register", h.register())
		h.noSecretIn("the log", h.said.String())
	})
}

func newHouse(t *testing.T, db *store.DB) *house {
	h := &house{t: t, db: db, said: &bytes.Buffer{}, time: monday, secrets: []string{goodPassword}}
	log, err := event.NewLog(t.Context(), db, event.NewMemoryBus())
	require.NoError(t, err)
	logger := slog.New(slog.NewTextHandler(h.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.Staff = New(Options{Client: db.Client(), Log: log, Logger: logger, Now: h.clock})
	h.admin = h.add("ada@comune.example", Roles{Administrator: true})
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

// pass lets time pass.
func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

// program is the context of the program itself.
func (h *house) program() context.Context {
	return guard.NewContext(h.t.Context(), guard.System("test"))
}

// as is the context of a person who has just signed in.
func (h *house) as(id int) context.Context {
	return guard.NewContext(h.t.Context(), guard.Someone(h.rights(id)))
}

// narrowly is the context of a person who came with some scopes only.
func (h *house) narrowly(id int, scopes guard.Scope) context.Context {
	p := h.rights(id)
	p.Scopes = scopes
	return guard.NewContext(h.t.Context(), guard.Someone(p))
}

// rights are those that a person has now.
func (h *house) rights(id int) guard.Person {
	h.t.Helper()
	v, err := h.Rights(h.program(), h.Client, id)
	require.NoError(h.t, err)
	p, ok := v.Person()
	require.True(h.t, ok)
	return p
}

// add makes a person with the good password.
func (h *house) add(email string, roles Roles) int {
	h.t.Helper()
	id, err := h.AddUser(h.program(), NewUser{Email: email, Name: email, Password: goodPassword, Roles: roles})
	require.NoError(h.t, err)
	return id
}

// enter signs somebody in, from a quiet network.
func (h *house) enter(email, password string) (string, error) {
	secret, _, err := h.SignIn(h.t.Context(), email, password, From{Address: "192.0.2.1", Agent: "Firefox"})
	if secret != "" {
		h.secrets = append(h.secrets, secret, digest(secret))
	}
	return secret, err
}

func (h *house) mustEnter(email string) string {
	h.t.Helper()
	secret, err := h.enter(email, goodPassword)
	require.NoError(h.t, err)
	return secret
}

func (h *house) knows(secret string) error {
	_, _, err := h.Authenticate(h.t.Context(), secret)
	return err
}

// register is every event as the table has it.
func (h *house) register() string {
	var text bytes.Buffer
	for _, e := range h.Client.Event.Query().Order(entevent.ByID()).AllX(h.program()) {
		require.NoError(h.t, json.NewEncoder(&text).Encode(e))
		text.WriteString(string(e.Data) + "\n")
	}
	return text.String()
}

// last is the newest event.
func (h *house) last() event.Event {
	h.t.Helper()
	row := h.Client.Event.Query().Order(ent.Desc(entevent.FieldID)).FirstX(h.program())
	e, err := event.FromRow(row)
	require.NoError(h.t, err)
	return e
}

func (h *house) events() int { return h.Client.Event.Query().CountX(h.program()) }

func (h *house) noSecretIn(place, text string) {
	h.t.Helper()
	for _, secret := range h.secrets {
		require.NotContains(h.t, text, secret, "%s", place)
	}
	require.NotContains(h.t, text, "$argon2id$", "%s", place)
}

// refuses asserts how something was refused, and that the refusal tells no secret.
func (h *house) refuses(code Code, err error, about ...any) {
	h.t.Helper()
	require.Error(h.t, err, about...)
	require.Equal(h.t, code, CodeOf(err), "%v", append(about, err))
	h.noSecretIn("an error", err.Error())
}
