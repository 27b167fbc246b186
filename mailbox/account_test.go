package mailbox

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAccountsThatCannotWork(t *testing.T) {
	t.Parallel()
	good := Account{
		Address: "ufficio@pec.example", Host: "imap.pec.example", Username: "u",
		Password: func() (Secret, error) { return "segreta", nil },
	}
	cases := map[string]struct {
		change func(*Account)
		says   string
	}{
		"no address":          {func(a *Account) { a.Address = "" }, "no address"},
		"no host":             {func(a *Account) { a.Host = "" }, "host, username and password are needed"},
		"no password":         {func(a *Account) { a.Password = nil }, "host, username and password are needed"},
		"no port":             {func(a *Account) { a.Port = 70000 }, "70000 is not a port"},
		"misspelt protection": {func(a *Account) { a.TLS = "ssl" }, "must be implicit, starttls or none"},
		"in the clear":        {func(a *Account) { a.TLS = TLSNone }, "would send the password in the clear to imap.pec.example"},
	}
	_, err := New(good, newMemLedger(), nil, Options{})
	require.NoError(t, err)
	for name, test := range cases {
		acc := good
		test.change(&acc)
		_, err := NewFleet([]Account{good, acc}, newMemLedger(), nil, Options{})
		require.ErrorContains(t, err, test.says, name)
	}
}

func TestPortsFollowTheProtection(t *testing.T) {
	t.Parallel()
	for protection, want := range map[TLS]string{"": ":993", TLSImplicit: ":993", TLSStart: ":143", TLSNone: ":143"} {
		require.True(t, strings.HasSuffix(Account{Host: "h", TLS: protection}.addr(), want), protection)
	}
	require.Equal(t, "h:1993", Account{Host: "h", Port: 1993}.addr())
}

func TestASecretDoesNotPrint(t *testing.T) {
	t.Parallel()
	s := Secret("segreta")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("login", "password", s)
	encoded, err := json.Marshal(map[string]Secret{"password": s})
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %q %s", s, s, s, s, s), log.String(), string(encoded)} {
		require.NotContains(t, text, "segreta")
	}
	for _, verb := range []string{"%x", "%X", "%d", "%c", "%t"} {
		require.Equal(t, secret, fmt.Sprintf(verb, s), verb)
	}
}

// Many accounts, one of which is broken: the others do not notice.
func TestFleet(t *testing.T) {
	t.Parallel()
	l := newMemLedger()
	var accounts []Account
	want := letters(5, 200)
	for i := range 8 {
		s := newFakeServer(t)
		s.folders = map[string]*fakeFolder{}
		s.folder("INBOX", "")
		s.add("INBOX", want...)
		if i == 3 {
			s.spoil = func(c *fakeConn, _, _ string) bool { c.say("nonsense"); return true }
		}
		acc := s.account()
		acc.Address = fmt.Sprintf("ufficio%d@pec.example", i)
		accounts = append(accounts, acc)
	}
	f, err := NewFleet(accounts, l, l.deliver, quick())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	until(t, l, "seven accounts", func() bool {
		healthy := 0
		for _, h := range f.Health() {
			if h.State == Healthy && h.Collected == 5 {
				healthy++
			}
		}
		return healthy == 7
	})
	require.Contains(t, []Condition{Failing, Connecting}, f.Health()[3].State)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
}
