package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/demo"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/provider"
	"github.com/smista/smista/store/storetest"
)

const (
	tributi  = "tributi@pec.comune.borgoverde.example"
	edilizia = "edilizia@pec.comune.borgoverde.example"
	suap     = "suap@pec.comune.borgoverde.example"

	rightOne = "c4nary?Right&One="
	wrongOne = "c4nary>Wrong~One+"
	otherKey = "base64key://c4nary1Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4A="
)

// postRoom is a town hall with a provider, managed from the command line. All that
// any of its commands says is kept.
type postRoom struct {
	t        *testing.T
	dir      string
	database string // of PostgreSQL; empty for SQLite
	world    *provider.Provider
	echo     string // an IMAP server that repeats what it does not like

	mu   sync.Mutex
	said bytes.Buffer
}

func newPostRoom(t *testing.T, database string) *postRoom {
	t.Helper()
	config := demo.Config()
	for i := range config.Accounts {
		config.Accounts[i].Password = rightOne
	}
	config.DataDir = t.TempDir()
	world, err := provider.Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	p := &postRoom{t: t, dir: t.TempDir(), database: database, world: world, echo: echoServer(t)}
	p.configure("")
	p.does("", "migrate")
	return p
}

// configure writes the configuration; more goes to its top.
func (p *postRoom) configure(more string) {
	p.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "listen = \"127.0.0.1:0\"\ndata = \"data\"\n%s\nlog.level = \"debug\"\n", more)
	if p.database != "" {
		fmt.Fprintf(&b, "database = %q\n", p.database)
	}
	for _, address := range []string{demo.Protocollo, tributi, edilizia, suap} {
		server := p.world.IMAPAddr()
		if address == edilizia {
			server = p.echo
		}
		fmt.Fprintf(&b, "[[mailbox]]\naddress = %q\nimap = %q\ntls = \"none\"\nsmtp = %q\nsmtp_tls = \"none\"\n", address, server, p.world.SMTPAddr())
	}
	require.NoError(p.t, os.WriteFile(filepath.Join(p.dir, "smista.toml"), []byte(b.String()), 0o600))
}

// echoServer is an IMAP server that repeats the password in its refusal.
func echoServer(t *testing.T) string {
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
			go refuseAll(conn)
		}
	}()
	return l.Addr().String()
}

func refuseAll(conn net.Conn) {
	defer conn.Close()
	fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		fmt.Fprintf(conn, "%s NO I do not like this: %s\r\n", tag, command)
	}
}

// Write keeps what a command says.
func (p *postRoom) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *postRoom) heard() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

func (p *postRoom) command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], append(args, "-c", filepath.Join(p.dir, "smista.toml"))...)
	c.Env = append(os.Environ(), asProgram+"=1", "LC_ALL=C")
	c.Stdout, c.Stderr = p, p
	return c
}

// run runs a command; out is all that it says.
func (p *postRoom) run(input string, environment []string, args ...string) (out string, code int) {
	p.t.Helper()
	before := len(p.heard())
	c := p.command(args...)
	c.Env, c.Stdin = append(c.Env, environment...), strings.NewReader(input)
	if failed := (*exec.ExitError)(nil); errors.As(c.Run(), &failed) {
		code = failed.ExitCode()
	}
	return p.heard()[before:], code
}

func (p *postRoom) does(input string, args ...string) string {
	p.t.Helper()
	out, code := p.run(input, nil, args...)
	require.Equal(p.t, 0, code, "%v: %s", args, out)
	return out
}

func (p *postRoom) refuses(want, input string, args ...string) {
	p.t.Helper()
	out, code := p.run(input, nil, args...)
	require.NotEqual(p.t, 0, code, "%v", args)
	require.Contains(p.t, out, want, "%v", args)
}

// serves runs the system until the function that it gives is called.
func (p *postRoom) serves() (where demoAddresses, stop func()) {
	p.t.Helper()
	c, where := p.runs("data")
	return where, func() {
		require.NoError(p.t, c.Process.Signal(syscall.SIGTERM))
		require.NoError(p.t, c.Wait())
	}
}

// runs starts an instance with a folder of its own and waits until it listens.
func (p *postRoom) runs(folder string) (c *exec.Cmd, where demoAddresses) {
	p.t.Helper()
	before := len(p.heard())
	c = p.command("serve")
	c.Env = append(c.Env, "SMISTA_DATA="+filepath.Join(p.dir, folder))
	require.NoError(p.t, c.Start())
	p.t.Cleanup(func() { _ = c.Process.Kill() }) // gone already when the test went well
	address := regexp.MustCompile(`smista: (http://\S+),`)
	require.Eventually(p.t, func() bool { return address.MatchString(p.heard()[before:]) }, patience, 20*time.Millisecond)
	where.HTTP = address.FindStringSubmatch(p.heard()[before:])[1]
	where.GraphQL = where.HTTP + "/graphql"
	return c, where
}

// health waits until each mailbox is as wanted: in some condition, for some reason.
func (p *postRoom) health(where demoAddresses, token string, want map[string]string) {
	p.t.Helper()
	found := map[string]string{}
	require.Eventually(p.t, func() bool {
		var answer struct {
			Mailboxes struct {
				Nodes []struct{ Address, Health, LastError string }
			}
		}
		query(p.t, where, token, `{ mailboxes { nodes { address health lastError } } }`, &answer)
		met := 0
		for _, m := range answer.Mailboxes.Nodes {
			found[m.Address] = m.Health + " " + m.LastError
			state, reason, _ := strings.Cut(want[m.Address], " ")
			if m.Health == state && strings.Contains(m.LastError, reason) {
				met++
			}
		}
		return met == len(want)
	}, patience, 200*time.Millisecond, "%v", found)
}

// traces are the forms in which a secret could stand somewhere.
func traces(secret string) []string {
	list := []string{secret, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
		url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]")}
	for shift := range 3 { // where it begins inside of longer text
		padded := strings.Repeat("x", shift) + secret
		whole := base64.StdEncoding.EncodeToString([]byte(padded[:len(padded)/3*3]))[shift*4/3+1:]
		list = append(list, whole, strings.NewReplacer("+", "-", "/", "_").Replace(whole))
	}
	return list
}

func TestTracesFindASecretWhereverItStands(t *testing.T) {
	t.Parallel()
	for shift := range 6 {
		for _, text := range []string{base64.StdEncoding.EncodeToString([]byte(strings.Repeat("q", shift) + rightOne + "tail")), fmt.Sprintf("%q", rightOne), fmt.Sprintf("%X", rightOne)} {
			found := false
			for _, trace := range traces(rightOne) {
				found = found || strings.Contains(text, trace)
			}
			require.True(t, found, "%s (%d)", text, shift)
		}
	}
}

// keeps looks for secrets in all that was said, in every file of the folder, and
// in every row of the database.
func (p *postRoom) keeps(secrets ...string) {
	p.t.Helper()
	places := map[string]string{"what was said": p.heard()}
	require.NoError(p.t, filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "smista.toml" { // which holds a key where a test wrote one
			return err
		}
		content, err := os.ReadFile(path)
		places[path] = string(content)
		return err
	}))
	if p.database != "" {
		places["the database"] = p.dump()
	}
	for place, content := range places {
		for _, secret := range secrets {
			for _, trace := range traces(secret) {
				if strings.Contains(content, trace) { // too long to be printed
					p.t.Errorf("%s keeps %s as %s", place, secret, trace)
				}
			}
		}
	}
}

// dump is every row of every table.
func (p *postRoom) dump() string {
	p.t.Helper()
	db, err := sql.Open("pgx", p.database)
	require.NoError(p.t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(p.t.Context(), "SELECT set_config('smista.roles', '{program}', false)")
	require.NoError(p.t, err)
	var tables, text strings.Builder
	for _, into := range []struct {
		query string
		b     *strings.Builder
	}{{"SELECT format('SELECT t::text FROM %I.%I t', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')", &tables}} {
		p.rows(db, into.query, into.b)
	}
	for statement := range strings.SplitSeq(strings.TrimSpace(tables.String()), "\n") {
		p.rows(db, statement, &text)
	}
	require.Contains(p.t, text.String(), `\\x`, "what is sealed is among it")
	return text.String()
}

func (p *postRoom) rows(db *sql.DB, query string, into *strings.Builder) {
	p.t.Helper()
	rows, err := db.QueryContext(p.t.Context(), query)
	require.NoError(p.t, err)
	defer rows.Close()
	for rows.Next() {
		var row string
		require.NoError(p.t, rows.Scan(&row))
		into.WriteString(row + "\n")
	}
	require.NoError(p.t, rows.Err())
}

func onEachDatabase(t *testing.T, test func(t *testing.T, p *postRoom)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newPostRoom(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newPostRoom(t, storetest.PostgresURL(t)))
	})
}

// TestAPasswordStandsNowhere follows passwords through everything that a program
// does with them, right and wrong ones, and looks for them everywhere afterwards.
func TestAPasswordStandsNowhere(t *testing.T) {
	t.Parallel()
	onEachDatabase(t, func(t *testing.T, p *postRoom) {
		set := func(address, password string, more ...string) []string {
			return append([]string{"mailbox", "set-password", address, "--password-stdin"}, more...)
		}
		p.refuses("there is no mailbox nobody@pec.example in the configuration", rightOne, set("nobody@pec.example", rightOne)...)
		p.refuses("the password was not kept: the server refused the login of "+tributi, wrongOne, set(tributi, wrongOne, "--check")...)
		p.refuses("the password was not kept: the server refused the login of "+edilizia, rightOne, set(edilizia, rightOne, "--check")...)
		require.Equal(t, "never", p.listed(demo.Protocollo)[5])
		p.does(rightOne, set(demo.Protocollo, rightOne, "--check")...)
		p.does(wrongOne, set(tributi, wrongOne)...)
		p.does(rightOne, set(edilizia, rightOne)...)
		p.does("", "config", "show")
		p.does("", "config", "check")
		p.does("c4nary-of-anna\n", "user", "add", anna, "--name", "Anna Verdi", "--administrator", "--auditor", "--password-stdin")
		token := strings.TrimSpace(p.does("", "user", "token", anna, "--name", "t", "--scopes", "READ,CONTENT,WRITE"))
		token, _, _ = strings.Cut(token, "\n")

		where, stop := p.serves()
		p.health(where, token, map[string]string{
			demo.Protocollo: "OK", tributi: "FAILING check the username and the password", edilizia: "FAILING I do not like this",
			suap: "FAILING no password: set it with smista mailbox set-password " + suap,
		})
		_, _ = p.Write(ask(t, token, http.MethodPost, where.GraphQL, []byte(`{"query":"{ mailboxes { nodes { id address health checkedAt failingSince lastError office { code } folders { nodes { name } } } } events(first: 100) { nodes { __typename ... on MailboxPasswordSet { how mailbox { address } } ... on MailboxHealthChanged { reason } } } }"}`)))
		require.Contains(t, p.heard(), `{"__typename":"MailboxPasswordSet","how":"set","mailbox":{"address":"`+tributi+`"}}`)
		p.does(rightOne, set(tributi, rightOne)...)
		require.Contains(t, p.does("", "rekey", "--to", "new"), "Sealed 3 passwords by a new key")
		stop()

		out, code := p.run("", []string{"SMISTA_REKEY_TO=" + otherKey}, "rekey")
		require.Equal(t, 0, code, out)
		require.Contains(t, out, `key = "base64key://•••"`)
		require.Contains(t, p.listed(tributi)[6], "another key sealed it")
		where, stop = p.serves() // it starts all the same
		p.health(where, token, map[string]string{tributi: "FAILING another key sealed it"})
		stop()
		p.configure("secrets.key = \"" + otherKey + "\"")
		p.does("", "config", "show")
		where, stop = p.serves()
		p.health(where, token, map[string]string{demo.Protocollo: "OK", tributi: "OK"})
		stop()
		require.Equal(t, "sealed", strings.Fields(p.listed(tributi)[4])[0])
		require.Contains(t, p.does("", "rekey", "--to", "new"), "Now remove key from [secrets]")
		p.configure("")
		require.Equal(t, "sealed", strings.Fields(p.listed(tributi)[4])[0])
		p.keeps(rightOne, wrongOne, strings.TrimSuffix(strings.TrimPrefix(otherKey, "base64key://"), "="))
	})
}

// listed is the line of a mailbox, cell by cell.
func (p *postRoom) listed(address string) []string {
	p.t.Helper()
	for _, line := range lines(p.does("", "mailbox", "list")) {
		if cells := regexp.MustCompile(` {2,}`).Split(line, -1); cells[0] == address {
			return cells
		}
	}
	p.t.Fatalf("%s is not listed", address)
	return nil
}

func TestASecretOfTheWireDoesNotPrintEither(t *testing.T) {
	t.Parallel()
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", mailbox.Secret(rightOne), mailbox.Secret(rightOne), mailbox.Secret(rightOne), mailbox.Secret(rightOne)), "c4nary")
}

func TestEveryCommandOfMailboxesHasHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"mailbox"}, {"mailbox", "list"}, {"mailbox", "set-password"}, {"rekey"}} {
		stdout, stderr, code := smista(t, append(args, "--help")...)
		require.Equal(t, 0, code, stderr)
		require.Contains(t, stdout, "Usage: smista "+strings.Join(args, " "))
	}
}
