package mailbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeServer is an IMAP server whose every answer a test can spoil. Its honest
// answers are those of RFC 9051.
type fakeServer struct {
	listener net.Listener
	wg       sync.WaitGroup
	caps     string // after the greeting

	mu       sync.Mutex
	folders  map[string]*fakeFolder
	commands []string // all received, without tags
	conns    map[net.Conn]bool
	dials    int
	cutAt    int64 // bytes to send on the next connection before it is cut; negative: never
	cutEach  bool  // and on all that follow
	sent     int64 // bytes sent on all connections
	heard    int64 // bytes received on all

	// spoil may answer a command itself, by returning true; false closes the
	// connection when cut is set.
	spoil func(c *fakeConn, tag, command string) (handled bool)
}

type fakeFolder struct {
	uidValidity, uidNext uint32
	messages             map[uint32]*fakeMessage
	attrs                string
	claimExists          uint32 // instead of the number of messages
}

type fakeMessage struct {
	content  []byte
	generate int64 // instead of content: so many bytes of pattern
	claim    int64 // announced instead of the true size, when not 0
}

func (m *fakeMessage) size() int64 { return max(m.generate, int64(len(m.content))) }

// pattern is the generated content: the byte at any offset.
func pattern(off int64) byte { return byte('a' + off*7%23 + off>>16%3) }

func newFakeServer(t testing.TB) *fakeServer {
	s := newServer(t)
	t.Cleanup(s.close)
	return s
}

// newServer is to be closed by the caller.
func newServer(t require.TestingT) *fakeServer {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &fakeServer{
		listener: l, caps: "IMAP4rev1 IDLE SPECIAL-USE LIST-EXTENDED", cutAt: -1,
		folders: map[string]*fakeFolder{}, conns: map[net.Conn]bool{},
	}
	s.folder("INBOX", "")
	s.wg.Go(s.accept)
	return s
}

func (s *fakeServer) folder(name, attrs string) *fakeFolder {
	f := &fakeFolder{uidValidity: 7, uidNext: 1, messages: map[uint32]*fakeMessage{}, attrs: attrs}
	s.folders[name] = f
	return f
}

// add puts messages at the end of a folder.
func (s *fakeServer) add(folder string, contents ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.folders[folder]
	for _, c := range contents {
		f.messages[f.uidNext] = &fakeMessage{content: []byte(c)}
		f.uidNext++
	}
}

func (s *fakeServer) do(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *fakeServer) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.dials++
		left := s.cutAt
		if !s.cutEach {
			s.cutAt = -1
		}
		s.mu.Unlock()
		c := &fakeConn{s: s, conn: conn, left: left}
		s.wg.Go(c.serve)
	}
}

func (s *fakeServer) close() {
	s.listener.Close()
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// cutAll ends every open connection.
func (s *fakeServer) cutAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close()
	}
}

// account is asked for when the server is as the test wants it: the lock makes
// that visible to its goroutines.
func (s *fakeServer) account() Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	addr := s.listener.Addr().(*net.TCPAddr)
	return Account{
		Address: "ufficio@pec.example", Host: "127.0.0.1", Port: addr.Port, TLS: TLSNone,
		Username: "ufficio@pec.example", Password: func() (Secret, error) { return "segreta", nil },
	}
}

// wireBytes counts both directions of all connections.
func (s *fakeServer) wireBytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent + s.heard
}

func (s *fakeServer) received() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

type fakeConn struct {
	s      *fakeServer
	conn   net.Conn
	left   int64
	folder string
	dead   bool
}

// Write sends, up to the byte at which the connection is to be cut.
func (c *fakeConn) Write(p []byte) (int, error) {
	if c.dead {
		return 0, net.ErrClosed
	}
	if c.left >= 0 && int64(len(p)) > c.left {
		p, c.dead = p[:c.left], true
	}
	n, err := c.conn.Write(p)
	if c.left >= 0 {
		c.left -= int64(n)
	}
	c.s.mu.Lock()
	c.s.sent += int64(n)
	c.s.mu.Unlock()
	if c.dead {
		c.conn.Close()
		return n, net.ErrClosed
	}
	return n, err
}

func (c *fakeConn) say(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }

func (c *fakeConn) serve() {
	defer func() {
		c.conn.Close()
		c.s.mu.Lock()
		delete(c.s.conns, c.conn)
		c.s.mu.Unlock()
	}()
	c.say("* OK [CAPABILITY %s] ready", c.s.caps)
	r := bufio.NewReader(c.conn)
	for !c.dead {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.s.mu.Lock()
		c.s.commands = append(c.s.commands, command)
		c.s.heard += int64(len(line))
		spoil := c.s.spoil
		c.s.mu.Unlock()
		if spoil != nil && spoil(c, tag, command) {
			continue
		}
		c.answer(tag, command, r)
	}
}

var (
	reFetch  = regexp.MustCompile(`^UID FETCH (\S+) \((.*)\)$`)
	reSearch = regexp.MustCompile(`^UID SEARCH UID (\S+)$`)
	rePart   = regexp.MustCompile(`BODY\.PEEK\[\](<(\d+)\.(\d+)>)?`)
)

func (c *fakeConn) answer(tag, command string, r *bufio.Reader) {
	word, rest, _ := strings.Cut(command, " ")
	switch {
	case word == "LOGIN":
		c.say("%s OK [CAPABILITY %s] hello", tag, c.s.caps)
	case word == "LIST":
		for name, f := range c.s.folders {
			c.say(`* LIST (%s) "/" %q`, f.attrs, name)
		}
		c.say("%s OK done", tag)
	case word == "EXAMINE":
		c.examine(tag, strings.Trim(rest, `"`))
	case word == "IDLE":
		c.say("+ idling")
		r.ReadString('\n')
		c.say("%s OK done", tag)
	case reSearch.MatchString(command):
		c.search(tag, reSearch.FindStringSubmatch(command)[1])
	case reFetch.MatchString(command):
		m := reFetch.FindStringSubmatch(command)
		c.fetch(tag, m[1], m[2])
	case command == "CAPABILITY":
		c.say("* CAPABILITY %s", c.s.caps)
		c.say("%s OK done", tag)
	default:
		c.say("%s BAD unknown", tag)
	}
}

func (c *fakeConn) examine(tag, name string) {
	c.s.mu.Lock()
	f := c.s.folders[name]
	if f == nil {
		c.s.mu.Unlock()
		c.say("%s NO no such folder", tag)
		return
	}
	exists := max(uint32(len(f.messages)), f.claimExists)
	validity, next := f.uidValidity, f.uidNext
	c.s.mu.Unlock()
	c.folder = name
	c.say(`* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)`)
	c.say("* %d EXISTS", exists)
	c.say("* OK [UIDVALIDITY %d] ok", validity)
	c.say("* OK [UIDNEXT %d] ok", next)
	c.say("%s OK [READ-ONLY] done", tag)
}

// uids gives the messages of the open folder that a set names, ascending.
func (c *fakeConn) uids(set string) []uint32 {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	f := c.s.folders[c.folder]
	if one, err := strconv.ParseUint(set, 10, 32); err == nil {
		if f.messages[uint32(one)] == nil {
			return nil
		}
		return []uint32{uint32(one)}
	}
	all := slices.Sorted(maps.Keys(f.messages))
	return slices.DeleteFunc(all, func(u uint32) bool { return !inSet(set, u, all[len(all)-1]) })
}

// inSet tells whether a sequence set names a UID; last is what * stands for.
func inSet(set string, uid, last uint32) bool {
	number := func(s string) uint32 {
		if s == "*" {
			return last
		}
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	for r := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(r, ":")
		lo, hi := number(from), number(from)
		if isRange {
			hi = number(to)
		}
		if uid >= min(lo, hi) && uid <= max(lo, hi) {
			return true
		}
	}
	return false
}

func (c *fakeConn) search(tag, set string) {
	var line strings.Builder
	for _, u := range c.uids(set) {
		fmt.Fprintf(&line, " %d", u)
	}
	c.say("* SEARCH%s", &line)
	c.say("%s OK done", tag)
}

func (c *fakeConn) message(uid uint32) *fakeMessage {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.folders[c.folder].messages[uid]
}

func (c *fakeConn) fetch(tag, set, items string) {
	for _, uid := range c.uids(set) {
		m := c.message(uid)
		if m == nil {
			continue
		}
		size := m.size()
		if m.claim != 0 {
			size = m.claim
		}
		if part := rePart.FindStringSubmatch(items); part != nil {
			c.body(uid, m, part)
		} else {
			c.say(`* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "02-Nov-2026 10:00:00 +0100")`, uid, uid, size)
		}
	}
	c.say("%s OK done", tag)
}

func (c *fakeConn) body(uid uint32, m *fakeMessage, part []string) {
	off, length, label := int64(0), m.size(), ""
	if part[1] != "" {
		off, _ = strconv.ParseInt(part[2], 10, 64)
		length, _ = strconv.ParseInt(part[3], 10, 64)
		label = "<" + part[2] + ">"
	}
	off = min(off, m.size())
	length = min(length, m.size()-off)
	fmt.Fprintf(c, "* %d FETCH (UID %d BODY[]%s {%d}\r\n", uid, uid, label, length)
	c.send(m, off, length)
	c.say(")")
}

func (c *fakeConn) send(m *fakeMessage, off, length int64) {
	if m.generate == 0 {
		c.Write(m.content[off : off+length])
		return
	}
	io.Copy(c, io.NewSectionReader(patternReader{}, off, length))
}

// patternReader yields the generated content.
type patternReader struct{}

func (patternReader) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = pattern(off + int64(i))
	}
	return len(p), nil
}

// quick is a timing for tests.
func quick() Options {
	return Options{Timing: Timing{
		Poll: 20 * time.Millisecond, Silence: 2 * time.Second,
		Backoff: time.Millisecond, BackoffMax: 10 * time.Millisecond,
	}}
}

// running runs a collector until stop is called.
func running(acc Account, l *memLedger, o Options) (c *Collector, stop func()) {
	c, err := New(acc, l, l.deliver, o)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Run(ctx)
	}()
	return c, func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			panic("the collector did not stop")
		}
	}
}

// collecting runs a collector until stop is called, or the test ends.
func collecting(t testing.TB, acc Account, l *memLedger, o Options) (c *Collector, stop func()) {
	c, stop = running(acc, l, o)
	t.Cleanup(stop)
	return c, stop
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// until waits for a condition, which is looked at after each change of the ledger.
func until(t tester, l *memLedger, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		changed := l.changes()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			t.Fatalf("waited in vain for: %s\n%s", what, l)
		}
	}
}

// runUntil runs a collector until a condition holds.
func runUntil(t testing.TB, c *Collector, l *memLedger, what string, ok func() bool) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Run(ctx)
	}()
	defer func() { cancel(); <-done }()
	until(t, l, what, ok)
}
