package mailbox

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/mailbox/mailtest"
)

const realBox = "ufficio@pec.example"

func startDovecot(t *testing.T) *mailtest.Server {
	return mailtest.StartDovecot(t, mailtest.Account{Address: realBox, Password: "segreta"})
}

func realAccount(mode TLS, port int) Account {
	return Account{
		Address: realBox, Host: mailtest.Host, Port: port, TLS: mode,
		Username: realBox, Password: func() (Secret, error) { return "segreta", nil },
	}
}

func TestDovecot(t *testing.T) {
	d := startDovecot(t)
	o := quick()
	o.TLS = &tls.Config{RootCAs: d.Roots}
	o.Caps.Chunk = 100_000
	var log strings.Builder
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	large := "Subject: large\r\n\r\n" + strings.Repeat("a line of sixty-two characters, which is repeated many times\r\n", 20_000)
	want := append(letters(100, 2000), large)
	d.Deliver(t, realBox, "INBOX", want...)
	d.Deliver(t, realBox, "Posta inviata", want[:2]...)
	for name, acc := range map[string]Account{
		"in the clear on loopback": realAccount(TLSNone, d.IMAP),
		"STARTTLS":                 realAccount(TLSStart, d.IMAP),
		"TLS":                      realAccount(TLSImplicit, d.IMAPS),
	} {
		t.Run(name, func(t *testing.T) {
			l := newMemLedger()
			collecting(t, acc, l, o)
			until(t, l, "INBOX", has(l, "INBOX", want))
			until(t, l, "sent mail", has(l, "Posta inviata", want[:2]))
		})
	}

	// IDLE is the bell: the news come long before the next poll.
	slow := o
	slow.Timing.Poll = time.Hour
	l := newMemLedger()
	_, stop := collecting(t, realAccount(TLSImplicit, d.IMAPS), l, slow)
	until(t, l, "INBOX", has(l, "INBOX", want))
	want = append(want, "Subject: news\r\n\r\nof the day\r\n")
	d.Deliver(t, realBox, "INBOX", want[len(want)-1])
	until(t, l, "the news", has(l, "INBOX", want))
	stop()

	// A common server bears several messages at once.
	require.NotContains(t, log.String(), "going on one by one")

	// Nothing was changed: no message moved from new to seen.
	seen, err := filepath.Glob(filepath.Join(d.Maildir(realBox), "cur", "*:2,*S*"))
	require.NoError(t, err)
	require.Empty(t, seen)
}

// relay passes connections on to a port and ends each after so many bytes from there.
func relay(t *testing.T, port int, limit int64) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go pass(client, port, limit)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func pass(client net.Conn, port int, limit int64) {
	defer client.Close()
	server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		io.Copy(server, client)
		server.Close()
	}()
	io.CopyN(client, server, limit)
}

// A line that is cut again and again, in the middle of TLS records, brings
// everything home all the same.
func TestDovecotOverALineThatIsAlwaysCut(t *testing.T) {
	d := startDovecot(t)
	want := append(letters(40, 2000), "Subject: large\r\n\r\n"+strings.Repeat("a line of sixty-two characters, which is repeated many times\r\n", 40_000))
	d.Deliver(t, realBox, "INBOX", want...)
	o := quick()
	o.TLS = &tls.Config{RootCAs: d.Roots}
	o.Caps.Chunk = 500_000
	l := newMemLedger()
	collecting(t, realAccount(TLSImplicit, relay(t, d.IMAPS, 333_333)), l, o)
	until(t, l, "INBOX", has(l, "INBOX", want))
}

func TestAnUntrustedServerGetsNoPassword(t *testing.T) {
	d := startDovecot(t)
	for _, mode := range []TLS{TLSImplicit, TLSStart} {
		acc := realAccount(mode, map[TLS]int{TLSImplicit: d.IMAPS, TLSStart: d.IMAP}[mode])
		acc.Password = func() (Secret, error) { panic("the password was asked for") }
		l := newMemLedger()
		c, stop := collecting(t, acc, l, quick())
		until(t, l, "the refusal", func() bool { return strings.Contains(c.Health().LastError, "certificate") })
		stop()
	}
}
