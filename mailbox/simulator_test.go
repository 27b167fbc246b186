package mailbox

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/provider"
)

const simulated = "protocollo@pec.comune.example"

func startSimulator(t *testing.T) (*provider.Provider, Account) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	p, err := provider.Start(ctx, provider.Config{
		Operators: []provider.Operator{{Name: "Gestore", Domain: "pec.comune.example"}},
		Accounts:  []provider.Account{{Address: simulated, Password: "segreta"}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	host, port := hostPort(t, p.IMAPAddr())
	return p, Account{
		Address: simulated, Host: host, Port: port, TLS: TLSNone, Username: simulated,
		Password: func() (Secret, error) { return "segreta", nil },
	}
}

func hostPort(t *testing.T, addr string) (host string, port int) {
	host, text, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	port, err = strconv.Atoi(text)
	require.NoError(t, err)
	return host, port
}

// The provider of the demo, with each fault of its IMAP side.
func TestSimulator(t *testing.T) {
	t.Parallel()
	cases := map[string][]provider.Fault{
		"no fault":              nil,
		"body first":            {{Do: provider.BodyFirst}},
		"NIL for a while":       {{Do: provider.NilBody, Count: 2}},
		"no IDLE":               {{Do: provider.NoIdle}},
		"cut at many places":    {{Do: provider.Cut, Protocol: provider.IMAP, Bytes: 700, Count: 1}, {Do: provider.Cut, Protocol: provider.IMAP, Bytes: 20_000, Count: 3}},
		"cut while it is asked": {{Do: provider.Cut, Protocol: provider.IMAP, Bytes: 180, Incoming: true, Count: 2}},
		"a slow line":           {{Do: provider.Slow, Protocol: provider.IMAP, Bytes: 400_000}},
	}
	for name, faults := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, acc := startSimulator(t)
			want := append(letters(30, 1500), strings.Repeat("0123456789", 30_000))
			for _, f := range faults {
				require.NoError(t, p.Inject(f))
			}
			put := func(letters []string) {
				for _, c := range letters {
					_, err := p.Deliver(simulated, "", strings.NewReader(c), time.Time{})
					require.NoError(t, err)
				}
			}
			put(want[:25])
			o := quick()
			o.Caps.Chunk = 100_000
			l := newMemLedger()
			collecting(t, acc, l, o)
			until(t, l, "what was there", has(l, "INBOX", want[:25]))
			put(want[25:])
			until(t, l, "all", has(l, "INBOX", want))
			require.Empty(t, l.quarantined("INBOX"))
		})
	}
}

func TestSimulatorChangesUIDValidity(t *testing.T) {
	t.Parallel()
	p, acc := startSimulator(t)
	want := letters(10, 1500)
	for _, c := range want {
		_, err := p.Deliver(simulated, "", strings.NewReader(c), time.Time{})
		require.NoError(t, err)
	}
	l := newMemLedger()
	collecting(t, acc, l, quick())
	until(t, l, "all", has(l, "INBOX", want))
	_, err := p.ChangeUIDValidity(simulated, "")
	require.NoError(t, err)
	until(t, l, "the alarm", func() bool { return l.renumbered() == 1 })
	until(t, l, "all again", has(l, "INBOX", want))
}
