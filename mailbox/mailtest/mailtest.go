// Package mailtest starts real mail servers for tests: Dovecot to read from and
// Postfix to submit to, on loopback ports and in a folder of their own.
//
//   - What Postfix takes for one of the accounts, Dovecot shows in its INBOX.
//   - A sender must be the account that logged in, and passwords want TLS, as at providers.
//   - The servers end with the test, also when the test process is killed.
package mailtest

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Host is where everything listens. The certificate is for it.
const Host = "127.0.0.1"

// Account is a mailbox. The name to log in with is the address.
type Account struct{ Address, Password string }

// Server is Dovecot, and Postfix where it was asked for.
type Server struct {
	IMAP, IMAPS       int // ports: with STARTTLS, with TLS from the first byte
	Submission, SMTPS int // the same for Postfix; 0 without
	Roots             *x509.CertPool

	dir          string
	owner, group string // of the mail
	uid, gid     string
	accounts     []Account
	serial       int // of delivered letters
	leash        io.Closer
	shell        *exec.Cmd
}

// attend is what the shell does: start the servers and wait for the end of its
// input. setsid and trap keep it alive when our end takes others with it.
const attend = `trap '' INT TERM HUP PIPE
PATH=$PATH:/usr/sbin:/sbin dir=$1
exec 2>>"$dir/log"
dovecot -c "$dir/dovecot.conf" >&2 && { [ ! -e "$dir/postfix" ] || postfix -c "$dir/postfix" start >&2; } && echo ready || echo failed
read -r _
[ ! -e "$dir/postfix" ] || postfix -c "$dir/postfix" stop >&2
dovecot -c "$dir/dovecot.conf" stop >&2
rm -rf "$dir"`

// StartDovecot starts a server of mail that lies in Maildirs. The test is skipped
// where that cannot be.
func StartDovecot(t testing.TB, accounts ...Account) *Server {
	t.Helper()
	s := prepare(t, "dovecot", accounts)
	s.start(t)
	return s
}

// Start starts a server of mail and one that takes it.
func Start(t testing.TB, accounts ...Account) *Server {
	t.Helper()
	s := prepare(t, "postfix", accounts)
	s.Submission, s.SMTPS = freePort(t), freePort(t)
	s.configurePostfix(t)
	s.start(t)
	return s
}

// prepare writes what Dovecot needs, and what both need.
func prepare(t testing.TB, last string, accounts []Account) *Server {
	t.Helper()
	need(t, "dovecot")
	need(t, last)
	// Sockets want a short path that another user may enter.
	dir, err := os.MkdirTemp("", "mail") //nolint:usetesting // t.TempDir is too long and too closed
	require.NoError(t, err)
	run(t, "chmod", "755", dir)
	s := &Server{IMAP: freePort(t), IMAPS: freePort(t), Roots: Certificate(t, dir), dir: dir, accounts: accounts}
	s.unprivileged(t)
	s.write(t, "users", func(a Account) string { return a.Address + ":{PLAIN}" + a.Password + "::::::" })
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dovecot.conf"),
		fmt.Appendf(nil, dovecotConf, dir, s.IMAP, s.IMAPS, s.owner, s.group), 0o600))
	for _, a := range accounts {
		require.NoError(t, os.MkdirAll(s.Maildir(a.Address), 0o700))
	}
	s.own(t, filepath.Join(dir, "home"))
	return s
}

// need skips the test, or fails it where the servers are required.
func need(t testing.TB, program string) {
	t.Helper()
	_, err := exec.LookPath(program)
	if err != nil {
		_, err = os.Stat("/usr/sbin/" + program)
	}
	if err == nil && os.Getuid() == 0 {
		return
	}
	why := program + " is not installed, or this is not root (make test-deps installs it)"
	if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func (s *Server) start(t testing.TB) {
	t.Helper()
	t.Cleanup(func() { s.stop(t) })
	s.shell = exec.CommandContext(context.WithoutCancel(t.Context()), "setsid", "sh", "-c", attend, "sh", s.dir)
	leash, err := s.shell.StdinPipe()
	require.NoError(t, err)
	said, err := s.shell.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.shell.Start())
	s.leash = leash
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "ready" {
		t.Fatalf("the mail servers did not start: %q %v\n%s", line, err, s.Log())
	}
}

func (s *Server) stop(t testing.TB) {
	t.Helper()
	if t.Failed() {
		t.Logf("%s", s.Log())
	}
	var err error
	if s.leash != nil {
		err = errors.Join(s.leash.Close(), s.shell.Wait())
	}
	require.NoError(t, errors.Join(err, os.RemoveAll(s.dir)))
}

// Log is what the servers have said so far.
func (s *Server) Log() string {
	var all strings.Builder
	for _, name := range []string{"log", "dovecot.log", "postfix.log"} {
		said, _ := os.ReadFile(filepath.Join(s.dir, name)) // it may not be there yet
		all.Write(said)
	}
	return all.String()
}

// Maildir is where the mail of an account lies, with LF at the end of lines.
func (s *Server) Maildir(address string) string {
	return filepath.Join(s.dir, "home", address, "Maildir")
}

// Deliver puts letters into a folder of an account as a delivery agent does.
func (s *Server) Deliver(t testing.TB, address, folder string, letters ...string) {
	t.Helper()
	dir := s.Maildir(address)
	if folder != "INBOX" {
		dir = filepath.Join(dir, "."+folder)
	}
	for _, sub := range []string{"new", "cur", "tmp"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
	}
	for _, l := range letters {
		s.serial++
		name := fmt.Sprintf("%d.M%dP1.test", 1_700_000_000+s.serial, s.serial)
		written := filepath.Join(dir, "tmp", name)
		require.NoError(t, os.WriteFile(written, []byte(l), 0o600))
		s.own(t, written)
		require.NoError(t, os.Rename(written, filepath.Join(dir, "new", name)))
	}
	s.own(t, s.Maildir(address))
}

// write makes a table with a line for each account.
func (s *Server) write(t testing.TB, name string, line func(Account) string) {
	t.Helper()
	var table strings.Builder
	for _, a := range s.accounts {
		table.WriteString(line(a) + "\n")
	}
	path := filepath.Join(s.dir, name)
	require.NoError(t, os.WriteFile(path, []byte(table.String()), 0o644))
	run(t, "chmod", "644", path) // whatever the umask
}

// unprivileged finds the user who owns the mail.
func (s *Server) unprivileged(t testing.TB) {
	t.Helper()
	u, err := user.Lookup("nobody")
	require.NoError(t, err)
	g, err := user.LookupGroupId(u.Gid)
	require.NoError(t, err)
	s.owner, s.group, s.uid, s.gid = u.Username, g.Name, u.Uid, u.Gid
}

func (s *Server) own(t testing.TB, path string) {
	t.Helper()
	run(t, "chown", "-R", s.owner+":"+s.group, path)
}

func run(t testing.TB, program string, args ...string) {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	require.NoError(t, err, "%s %v: %s", program, args, said)
}

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", Host+":0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it was asked for tcp
}
