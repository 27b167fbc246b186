package mailbox

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeSMTP is a submission server that can be cut at any byte, in both
// directions, and whose every answer a test can spoil. What it stored is the
// truth that outcomes are held against.
type fakeSMTP struct {
	listener net.Listener
	wg       sync.WaitGroup
	tls      *tls.Config // nil: no TLS
	starttls bool        // TLS is offered, instead of being there from the first byte
	offers   []string

	mu         sync.Mutex
	conns      map[net.Conn]bool
	hear, tell int64 // bytes to hear, to say, before the connection is cut; negative: all
	heard      int64
	told       int64
	commands   []string
	stored     []smtpLetter

	// spoil may answer itself, by returning true: a command line, "CONNECT" at the
	// beginning and "." at the end of a message, which is not stored then.
	spoil func(c *smtpConn, command string) (handled bool)
}

type smtpLetter struct {
	from string
	to   []string
	data string
}

func newFakeSMTP(t require.TestingT) *fakeSMTP {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &fakeSMTP{
		listener: l, conns: map[net.Conn]bool{}, hear: -1, tell: -1,
		offers: []string{"SIZE 10000000", "8BITMIME", "AUTH PLAIN LOGIN"},
	}
	s.wg.Go(s.accept)
	return s
}

// startFakeSMTP is for one test.
func startFakeSMTP(t testing.TB) *fakeSMTP {
	s := newFakeSMTP(t)
	t.Cleanup(s.close)
	return s
}

// outbound is asked for when the server is as the test wants it.
func (s *fakeSMTP) outbound() Outbound {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := Outbound{
		Address: "ufficio@pec.example", Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, TLS: TLSNone,
		Username: "ufficio@pec.example", Password: func() (Secret, error) { return "segreta", nil },
	}
	if s.tls != nil {
		o.TLS = TLSImplicit
		o.RootCAs = x509.NewCertPool()
		o.RootCAs.AddCert(s.tls.Certificates[0].Leaf)
	}
	if s.starttls {
		o.TLS = TLSStart
	}
	return o
}

func (s *fakeSMTP) letters() []smtpLetter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stored)
}

func (s *fakeSMTP) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn] = true
		c := &smtpConn{s: s}
		c.Conn = &countedConn{Conn: conn, s: s, hear: s.hear, tell: s.tell}
		s.mu.Unlock()
		s.wg.Go(c.serve)
	}
}

func (s *fakeSMTP) close() {
	s.listener.Close()
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// settle lets open connections come to their end: what was stored is final then.
func (s *fakeSMTP) settle() {
	s.listener.Close()
	s.wg.Wait()
}

// countedConn is cut after so many bytes.
type countedConn struct {
	net.Conn
	s          *fakeSMTP
	hear, tell int64
}

func (c *countedConn) Read(p []byte) (int, error) {
	if c.hear >= 0 {
		p = p[:min(int64(len(p)), c.hear)]
	}
	if len(p) == 0 {
		c.Close()
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p)
	if c.hear >= 0 {
		c.hear -= int64(n)
	}
	c.s.mu.Lock()
	c.s.heard += int64(n)
	c.s.mu.Unlock()
	return n, err
}

func (c *countedConn) Write(p []byte) (int, error) {
	allowed := p
	if c.tell >= 0 {
		allowed = p[:min(int64(len(p)), c.tell)]
		c.tell -= int64(len(allowed))
	}
	n, err := c.Conn.Write(allowed)
	c.s.mu.Lock()
	c.s.told += int64(n)
	c.s.mu.Unlock()
	if n < len(p) {
		c.Close()
		return n, io.ErrClosedPipe
	}
	return n, err
}

type smtpConn struct {
	net.Conn
	s      *fakeSMTP
	r      *bufio.Reader
	letter smtpLetter
}

func (c *smtpConn) say(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }

func (c *smtpConn) line() (string, error) {
	line, err := c.r.ReadString('\n')
	return strings.TrimSuffix(line, "\r\n"), err
}

// secure puts TLS on the connection.
func (c *smtpConn) secure() {
	if c.s.tls == nil {
		return
	}
	c.Conn = tls.Server(c.Conn, c.s.tls)
	c.r = bufio.NewReader(c.Conn)
}

func (c *smtpConn) serve() {
	defer func() { c.Close() }()
	c.r = bufio.NewReader(c.Conn)
	if !c.s.starttls {
		c.secure()
	}
	if !c.spoiled("CONNECT") {
		c.say("220 fake.example ESMTP")
	}
	for {
		line, err := c.line()
		if err != nil {
			return
		}
		c.s.mu.Lock()
		c.s.commands = append(c.s.commands, line)
		c.s.mu.Unlock()
		if !c.spoiled(line) {
			c.command(line)
		}
		if line == "QUIT" {
			return
		}
	}
}

func (c *smtpConn) spoiled(command string) bool { return c.s.spoil != nil && c.s.spoil(c, command) }

func (c *smtpConn) command(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "EHLO":
		c.say("250-fake.example")
		for _, o := range c.s.offers {
			c.say("250-%s", o)
		}
		if c.s.starttls {
			c.say("250-STARTTLS")
		}
		c.say("250 HELP")
	case "STARTTLS":
		c.say("220 go ahead")
		c.secure()
	case "AUTH":
		c.auth(rest)
	case "MAIL":
		c.letter = smtpLetter{from: rest}
		c.say("250 2.1.0 ok")
	case "RCPT":
		c.letter.to = append(c.letter.to, rest)
		c.say("250 2.1.5 ok")
	case "DATA":
		c.say("354 go ahead")
		c.data()
	case "QUIT":
		c.say("221 bye")
	default:
		c.say("500 what?")
	}
}

func (c *smtpConn) auth(how string) {
	mechanism, response, _ := strings.Cut(how, " ")
	want := "\x00ufficio@pec.example\x00segreta"
	if mechanism == "LOGIN" {
		want = ""
		for i, challenge := range []string{"User Name", "Secret please"} {
			c.say("334 %s", base64.StdEncoding.EncodeToString([]byte(challenge)))
			line, _ := c.line()
			part, _ := base64.StdEncoding.DecodeString(line)
			want += []string{"", "/"}[i] + string(part)
		}
		response = base64.StdEncoding.EncodeToString([]byte("\x00" + strings.Replace(want, "/", "\x00", 1)))
		want = "\x00ufficio@pec.example\x00segreta"
	}
	got, _ := base64.StdEncoding.DecodeString(response)
	if string(got) != want {
		c.say("535 5.7.8 wrong: %s", response)
		return
	}
	c.say("235 2.7.0 welcome")
}

// data reads as the standard says (RFC 5321 §4.5.2): nothing but CRLF . CRLF ends.
func (c *smtpConn) data() {
	var data strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
	c.letter.data = data.String()
	if !c.spoiled(".") {
		c.store()
		c.say("250 2.0.0 queued as 42")
	}
}

func (c *smtpConn) store() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.stored = append(c.s.stored, c.letter)
}

// silent says nothing for as long as the client stays.
func (c *smtpConn) silent() { io.Copy(io.Discard, c.r) }

// posted is a message for a test, that counts how often it was intended.
type posted struct {
	text     string
	to       []string
	intended int
	intent   error
	opened   int
}

func (p *posted) message() Message {
	to := p.to
	if to == nil {
		to = []string{"uno@pec.example", "due@pec.example"}
	}
	return Message{To: to, Size: int64(len(p.text)), Open: func() (io.ReadCloser, error) {
		p.opened++
		return &closing{Reader: strings.NewReader(p.text), p: p}, nil
	}, Intent: p.intend}
}

type closing struct {
	io.Reader
	p *posted
}

func (c *closing) Close() error {
	c.p.opened--
	return nil
}
