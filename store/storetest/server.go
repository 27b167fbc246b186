package storetest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/smista/smista/guard"
)

// ErrNotInstalled says that this machine has no PostgreSQL to start.
var ErrNotInstalled = errors.New("PostgreSQL is not installed (make test-deps installs it)")

// Server is a PostgreSQL of our own, on a socket in a folder of its own. It
// lives as long as this process: a shell holds the other end of a pipe, and
// when that closes, however we end, it stops the server and removes the folder.
type Server struct {
	dir      string // owned by the account the server runs under
	bin      string // where its programs are
	settings []string
	names    atomic.Int64
	leash    io.Closer
	shell    *exec.Cmd
}

// attend is what the shell does: make a cluster, start it, and wait for the
// end of its input. trap keeps it alive when a key or our end interrupts it.
const attend = `trap '' INT TERM HUP PIPE
dir=$1 bin=$2
"$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 &&
"$bin/pg_ctl" -D "$dir/data" -o "$3" -l "$dir/log" -w start >/dev/null 2>&1 &&
"$bin/createuser" -h "$dir" -U postgres smista >>"$dir/log" 2>&1 && echo ready || echo failed
read -r _
"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
rm -rf "$dir"`

// StartServer starts a private PostgreSQL. Durability is off: what is tested
// here is never a power cut. Settings such as "fsync=on" come on top.
func StartServer(settings ...string) (*Server, error) {
	bin, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "smista-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, settings: settings}
	if err := s.start(); err != nil {
		said, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, errors.Join(fmt.Errorf("start PostgreSQL in %s: %w\n%s", dir, err, said), s.Stop(), os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start() error {
	if err := giveToNobody(s.dir); err != nil {
		return err
	}
	s.shell = asServer("sh", "-c", attend, "sh", s.dir, s.bin, s.options())
	leash, err := s.shell.StdinPipe()
	if err != nil {
		return err
	}
	said, err := s.shell.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.shell.Start(); err != nil {
		return err
	}
	s.leash = leash
	line, err := bufio.NewReader(said).ReadString('\n')
	if strings.TrimSpace(line) != "ready" {
		return errors.Join(errors.New("it did not get ready"), err)
	}
	return nil
}

func (s *Server) options() string {
	settings := append([]string{
		"listen_addresses=''", "unix_socket_directories=" + s.dir,
		"fsync=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB",
	}, s.settings...)
	return "-c " + strings.Join(settings, " -c ")
}

// Stop ends the server for good and removes its folder. A second time it does nothing.
func (s *Server) Stop() error {
	if s.leash == nil {
		return nil
	}
	err := s.leash.Close()
	s.leash = nil
	return errors.Join(err, s.shell.Wait())
}

// Crash ends the server at once, as if it had been killed. Its data stays.
func (s *Server) Crash() error { return s.control("-m", "immediate", "stop") }

// Restart starts a crashed server again, with what it had committed.
func (s *Server) Restart() error {
	return s.control("-o", s.options(), "-l", filepath.Join(s.dir, "log"), "-w", "start")
}

func (s *Server) control(args ...string) error {
	args = append([]string{filepath.Join(s.bin, "pg_ctl"), "-D", filepath.Join(s.dir, "data")}, args...)
	cmd := asServer(args[0], args[1:]...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// URL is the address of a database of this server, for a role that owns it and
// that row-level security binds.
func (s *Server) URL(database string) string { return s.address("smista", database) }

// databaseOf is the name in an address that URL gave.
func databaseOf(url string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(url, "postgres://smista@/"), "?")
	return name
}

func (s *Server) address(role, database string) string {
	return "postgres://" + role + "@/" + database + "?host=" + s.dir
}

// AsProgram is the address of a database for a program that goes round package
// store and yet is shown all rows. It is the same for SQLite, which hides none.
func AsProgram(address string) string {
	if !strings.HasPrefix(address, "postgres://") {
		return address
	}
	return address + "&smista.roles=" + url.QueryEscape(guard.System("test").Settings().Roles)
}

// NewDatabase makes an empty database and returns its address.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	return s.newDatabase(ctx, "template1")
}

// newDatabase copies the template, which nobody may be connected to.
func (s *Server) newDatabase(ctx context.Context, template string) (string, error) {
	admin, err := sql.Open("pgx", s.address("postgres", "postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = admin.Close() }() // nothing is pending on it
	name := fmt.Sprintf("test%d", s.names.Add(1))
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" OWNER smista TEMPLATE "+template); err != nil {
		return "", fmt.Errorf("create a database for a test: %w", err)
	}
	return s.URL(name), nil
}

// postgresPrograms finds the folder of the newest installed PostgreSQL.
func postgresPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	newest, version := "", 0
	for _, path := range found {
		dir := filepath.Dir(path)
		if v, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && v > version {
			newest, version = dir, v
		}
	}
	if newest != "" {
		return newest, nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", ErrNotInstalled
	}
	return filepath.Dir(path), nil
}

// asServer runs a program as an account that PostgreSQL accepts: it refuses root.
func asServer(name string, args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"-u", "nobody", "--", name}, args...)
		name = "runuser"
	}
	cmd := exec.CommandContext(context.Background(), name, args...) // it ends by its leash
	cmd.Dir = "/"
	return cmd
}

func giveToNobody(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}
