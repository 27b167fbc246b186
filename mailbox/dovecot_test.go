package mailbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dovecot is a real server with one account, a folder of sent mail, and two
// ports: one with STARTTLS, one with TLS from the first byte.
type dovecot struct {
	maildir    string
	plain, tls int
	roots      *x509.CertPool
	serial     int
}

const dovecotConf = `
base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/log
instance_name = smista-test-%[2]d
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = %[4]s
default_login_user = %[4]s
default_internal_group = %[5]s
passdb {
  driver = static
  args = password=segreta
}
userdb {
  driver = static
  args = uid=%[4]s gid=%[5]s home=%[1]s/home
}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:%[1]s/home/Maildir
mailbox_list_index = no
namespace inbox {
  inbox = yes
  separator = /
  mailbox "Posta inviata" {
    special_use = \Sent
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[2]d
  }
  inet_listener imaps {
    port = %[3]d
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service auth {
  user = root
}
`

func startDovecot(t *testing.T) *dovecot {
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		binary = "/usr/sbin/dovecot"
	}
	if _, err := os.Stat(binary); err != nil || os.Getuid() != 0 {
		missing(t, "dovecot is not installed, or this is not root (apt-get install dovecot-imapd)")
	}
	// Its sockets want a short path that another user may enter.
	dir, err := os.MkdirTemp("", "dovecot") //nolint:usetesting // t.TempDir is too long and too closed
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &dovecot{maildir: filepath.Join(dir, "home", "Maildir"), plain: freePort(t), tls: freePort(t)}
	d.roots = certificate(t, dir)
	owner, group := unprivileged(t)
	require.NoError(t, os.MkdirAll(d.maildir, 0o700))
	require.NoError(t, exec.Command("chown", "-R", owner+":"+group, filepath.Join(dir, "home")).Run())
	conf := filepath.Join(dir, "conf")
	require.NoError(t, os.WriteFile(conf, fmt.Appendf(nil, dovecotConf, dir, d.plain, d.tls, owner, group), 0o600))
	cmd := exec.Command(binary, "-F", "-c", conf)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Logf("%s", log)
		}
	})
	d.awaitReady(t)
	return d
}

// missing skips the test, or fails it where the servers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func unprivileged(t *testing.T) (owner, group string) {
	u, err := user.Lookup("nobody")
	require.NoError(t, err)
	g, err := user.LookupGroupId(u.Gid)
	require.NoError(t, err)
	return u.Username, g.Name
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// certificate writes a key and a self-signed certificate for 127.0.0.1.
func certificate(t *testing.T, dir string) *x509.CertPool {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
	roots := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots.AddCert(cert)
	return roots
}

func (d *dovecot) awaitReady(t *testing.T) {
	deadline := time.Now().Add(15 * time.Second)
	for {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.plain))
		if err == nil {
			conn.Close()
			return
		}
		require.True(t, time.Now().Before(deadline), "dovecot does not answer: %v", err)
		tick := time.NewTimer(20 * time.Millisecond)
		<-tick.C
	}
}

func (d *dovecot) account(mode TLS, port int) Account {
	return Account{
		Address: "ufficio@pec.example", Host: "127.0.0.1", Port: port, TLS: mode,
		Username: "ufficio@pec.example", Password: func() (Secret, error) { return "segreta", nil },
	}
}

// deliver puts mail into a folder as a delivery agent does. Dovecot gives line
// ends as CRLF.
func (d *dovecot) deliver(t *testing.T, folder string, letters ...string) {
	dir := d.maildir
	if folder != "INBOX" {
		dir = filepath.Join(dir, "."+folder)
	}
	owner, group := unprivileged(t)
	for _, sub := range []string{"new", "cur", "tmp"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
	}
	for _, l := range letters {
		d.serial++
		name := fmt.Sprintf("%d.M%dP1.test", 1_700_000_000+d.serial, d.serial)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "tmp", name), []byte(l), 0o666))
		require.NoError(t, os.Chmod(filepath.Join(dir, "tmp", name), 0o666)) // whatever the umask
		require.NoError(t, os.Rename(filepath.Join(dir, "tmp", name), filepath.Join(dir, "new", name)))
	}
	require.NoError(t, exec.Command("chown", "-R", owner+":"+group, d.maildir).Run())
}

func TestDovecot(t *testing.T) {
	d := startDovecot(t)
	o := quick()
	o.TLS = &tls.Config{RootCAs: d.roots}
	o.Caps.Chunk = 100_000
	var log strings.Builder
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	large := "Subject: large\r\n\r\n" + strings.Repeat("a line of sixty-two characters, which is repeated many times\r\n", 20_000)
	want := append(letters(100, 2000), large)
	d.deliver(t, "INBOX", want...)
	d.deliver(t, "Posta inviata", want[:2]...)
	for name, acc := range map[string]Account{
		"in the clear on loopback": d.account(TLSNone, d.plain),
		"STARTTLS":                 d.account(TLSStart, d.plain),
		"TLS":                      d.account(TLSImplicit, d.tls),
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
	_, stop := collecting(t, d.account(TLSImplicit, d.tls), l, slow)
	until(t, l, "INBOX", has(l, "INBOX", want))
	want = append(want, "Subject: news\r\n\r\nof the day\r\n")
	d.deliver(t, "INBOX", want[len(want)-1])
	until(t, l, "the news", has(l, "INBOX", want))
	stop()

	// A common server bears several messages at once.
	require.NotContains(t, log.String(), "going on one by one")

	// Nothing was changed: no message moved from new to seen.
	seen, err := filepath.Glob(filepath.Join(d.maildir, "cur", "*:2,*S*"))
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
	d.deliver(t, "INBOX", want...)
	o := quick()
	o.TLS = &tls.Config{RootCAs: d.roots}
	o.Caps.Chunk = 500_000
	l := newMemLedger()
	collecting(t, d.account(TLSImplicit, relay(t, d.tls, 333_333)), l, o)
	until(t, l, "INBOX", has(l, "INBOX", want))
}

func TestAnUntrustedServerGetsNoPassword(t *testing.T) {
	d := startDovecot(t)
	for _, mode := range []TLS{TLSImplicit, TLSStart} {
		acc := d.account(mode, map[TLS]int{TLSImplicit: d.tls, TLSStart: d.plain}[mode])
		acc.Password = func() (Secret, error) { panic("the password was asked for") }
		l := newMemLedger()
		c, stop := collecting(t, acc, l, quick())
		until(t, l, "the refusal", func() bool { return strings.Contains(c.Health().LastError, "certificate") })
		stop()
	}
}
