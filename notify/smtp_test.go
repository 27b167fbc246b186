package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

const relayPassword = "parola del relay"

// relay is an SMTP server on loopback that does as it is told.
type relay struct {
	address string
	roots   *x509.CertPool

	mu       sync.Mutex
	letters  []taken
	sessions int
	saying   saying
}

// saying is what a relay answers.
type saying struct {
	onMail, onRcpt, onData error
	hangUp                 bool // at the end of DATA, without a word
}

func (r *relay) says() saying {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.saying
}

func (r *relay) say(what saying) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.saying = what
}

func (r *relay) took() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.letters)
}

type taken struct {
	from, to, user string
	secure         bool
	raw            []byte
}

// session is one connection to it.
type session struct {
	r    *relay
	conn *smtp.Conn
	t    taken
}

func startRelay(t *testing.T, withTLS, withAuth, implicit bool) *relay {
	t.Helper()
	r := &relay{}
	borrowed := httptest.NewUnstartedServer(nil)
	borrowed.StartTLS()
	t.Cleanup(borrowed.Close)
	r.roots = x509.NewCertPool()
	r.roots.AddCert(borrowed.Certificate())

	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sessions++
		s := &session{r: r, conn: c}
		if withAuth {
			return &authSession{s}, nil
		}
		return s, nil
	}))
	server.ErrorLog = silent{}
	server.AllowInsecureAuth = true
	config := &tls.Config{Certificates: borrowed.TLS.Certificates, MinVersion: tls.VersionTLS12}
	if withTLS {
		server.TLSConfig = config
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.address = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, config)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = l.Close() // the server may not have begun
		<-done
	})
	return r
}

// silent keeps a server's opinion of connections that were cut to itself.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

type authSession struct{ *session }

func (s *authSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *authSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "smista" || password != relayPassword {
			return smtp.ErrAuthFailed
		}
		s.t.user = username
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.t.from = from
	_, s.t.secure = s.conn.TLSConnectionState()
	return s.r.says().onMail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.t.to = to
	return s.r.says().onRcpt
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.r.says().hangUp {
		return s.conn.Conn().Close()
	}
	if err := s.r.says().onData; err != nil {
		return err
	}
	s.t.raw = raw
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.letters = append(s.r.letters, s.t)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (r *relay) config(how TLS) Config {
	return Config{Address: r.address, From: Address{"Smista", "smista@comune.example"}, TLS: how, RootCAs: r.roots, Timeout: 10 * time.Second}
}

func send(t *testing.T, c Config, l Letter) error {
	t.Helper()
	s, err := NewSMTP(c)
	require.NoError(t, err)
	return s.Send(t.Context(), l)
}

func refusal(t *testing.T, err error) *Refused {
	t.Helper()
	var r *Refused
	require.ErrorAs(t, err, &r)
	require.NotEmpty(t, r.Text)
	require.NotContains(t, err.Error(), relayPassword)
	require.NotContains(t, err.Error(), "\n")
	return r
}

func password() (string, error) { return relayPassword, nil }

func TestALetterIsHandedOver(t *testing.T) {
	for _, c := range []struct {
		name               string
		how                TLS
		tls, implicit, key bool
	}{
		{"STARTTLS and a password", TLSStart, true, false, true},
		{"STARTTLS", TLSStart, true, false, false},
		{"TLS from the start", TLSImplicit, false, true, true},
		{"in the clear", TLSNone, false, false, false},
		{"in the clear, with a password", TLSNone, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := startRelay(t, c.tls, c.key, c.implicit)
			config := r.config(c.how)
			if c.key {
				config.Username, config.Password = "smista", password
			}
			l := letter(t, Italian, item(Assigned))
			require.NoError(t, send(t, config, l))
			require.Len(t, r.took(), 1)
			got := r.took()[0]
			require.Equal(t, "smista@comune.example", got.from)
			require.Equal(t, "bruno@comune.example", got.to)
			require.Equal(t, c.how != TLSNone, got.secure || c.implicit)
			require.Equal(t, c.key, got.user == "smista")

			m, err := mail.ReadMessage(bytes.NewReader(got.raw))
			require.NoError(t, err)
			for name, want := range map[string]string{
				"Message-ID": "<1@comune.example>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
				"From": `"Smista" <smista@comune.example>`, "To": `"Bruno Rossi" <bruno@comune.example>`, "Date": "Mon, 23 Nov 2026 07:30:00 +0000",
			} {
				require.Equal(t, want, m.Header.Get(name), name)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			require.NoError(t, err)
			require.Equal(t, "Smista: la pratica 2026/000114 è stata assegnata a te da Ada Neri", subject)
			kind, _, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
			require.NoError(t, err)
			require.Equal(t, "multipart/alternative", kind)
		})
	}
}

// A relay that offers no TLS, or cannot prove who it is, gets neither the letter
// nor the password.
func TestNothingIsSaidInTheClear(t *testing.T) {
	t.Run("no STARTTLS", func(t *testing.T) {
		r := startRelay(t, false, true, false)
		c := r.config(TLSStart)
		c.Username, c.Password = "smista", password
		require.False(t, refusal(t, send(t, c, letter(t, Italian, item(Assigned)))).Permanent)
		require.Empty(t, r.took())
	})
	for _, how := range []TLS{TLSStart, TLSImplicit, ""} {
		t.Run("a stranger's certificate "+string(how), func(t *testing.T) {
			r := startRelay(t, true, true, how == TLSImplicit)
			c := r.config(how)
			c.Username, c.Password, c.RootCAs = "smista", password, x509.NewCertPool()
			require.False(t, refusal(t, send(t, c, letter(t, Italian, item(Assigned)))).Permanent)
			require.Empty(t, r.took())
		})
	}
}

// What a server says for good is for good; everything else is tried again.
func TestHowALetterIsRefused(t *testing.T) {
	answer := func(code int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: "because\x1b[31m"}
	}
	for _, c := range []struct {
		name      string
		says      saying
		permanent bool
		code      int
	}{
		{"no such sender", saying{onMail: answer(550)}, true, 550},
		{"sender, later", saying{onMail: answer(451)}, false, 451},
		{"no such recipient", saying{onRcpt: answer(550)}, true, 550},
		{"recipient, later", saying{onRcpt: answer(450)}, false, 450},
		{"mailbox full, later", saying{onRcpt: answer(452)}, false, 452},
		{"not this letter", saying{onData: answer(554)}, true, 554},
		{"this letter, later", saying{onData: answer(421)}, false, 421},
		{"first a password", saying{onMail: answer(530)}, false, 530},
		{"the line was cut", saying{hangUp: true}, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := startRelay(t, false, false, false)
			r.say(c.says)
			got := refusal(t, send(t, r.config(TLSNone), letter(t, Italian, item(Assigned))))
			require.Equal(t, c.permanent, got.Permanent, got.Text)
			require.Equal(t, c.code, got.Code, got.Text)
			require.NotContains(t, got.Text, "\x1b")
			require.Empty(t, r.took())

			r.say(saying{})
			require.NoError(t, send(t, r.config(TLSNone), letter(t, Italian, item(Assigned))), "the next one goes")
		})
	}
}

func TestAWrongPasswordIsOursToMend(t *testing.T) {
	r := startRelay(t, true, true, false)
	c := r.config(TLSStart)
	c.Username, c.Password = "smista", func() (string, error) { return "sbagliata", nil }
	got := refusal(t, send(t, c, letter(t, Italian, item(Assigned))))
	require.False(t, got.Permanent)
	require.Equal(t, 535, got.Code)
	require.NotContains(t, got.Text, "sbagliata")

	c.Password = func() (string, error) { return "", errors.New("the file is gone") }
	got = refusal(t, send(t, c, letter(t, Italian, item(Assigned))))
	require.False(t, got.Permanent)
	require.Contains(t, got.Text, "the file is gone")

	c.Password = password
	require.NoError(t, send(t, c, letter(t, Italian, item(Assigned))), "it is read anew for each letter")
}

func TestWithoutARelay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	c := Config{Address: address, From: Address{"Smista", "smista@comune.example"}, TLS: TLSNone, Timeout: time.Second}
	require.False(t, refusal(t, send(t, c, letter(t, Italian, item(Assigned)))).Permanent, "nobody is there")

	silence, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	require.NoError(t, err)
	defer func() { require.NoError(t, silence.Close()) }()
	c.Address, c.Timeout = silence.Addr().String(), 50*time.Millisecond
	require.False(t, refusal(t, send(t, c, letter(t, Italian, item(Assigned)))).Permanent, "it says nothing")

	s, err := NewSMTP(c)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.False(t, refusal(t, s.Send(ctx, letter(t, Italian, item(Assigned)))).Permanent, "the program stops")
}

// A letter that cannot be written is not tried again.
func TestALetterThatCannotBe(t *testing.T) {
	r := startRelay(t, false, false, false)
	for what, l := range map[string]Letter{
		"nothing to say": letter(t, Italian),
		"no address":     {To: Address{"Bruno", "bruno"}, Items: []Item{item(Assigned)}},
		"two addresses":  {To: Address{"Bruno", "b@comune.example, c@comune.example"}, Items: []Item{item(Assigned)}},
		"more than one":  {To: Address{"Bruno", "b@comune.example>\r\nRCPT TO:<c@comune.example"}, Items: []Item{item(Assigned)}},
	} {
		require.True(t, refusal(t, send(t, r.config(TLSNone), l)).Permanent, what)
	}
	require.Zero(t, r.sessions, "nobody is called for that")
}

// Whatever a name holds, the letter goes to its person and says nothing more in
// its head than it should.
func TestHostileNamesAreOnlyNames(t *testing.T) {
	r := startRelay(t, false, false, false)
	for _, text := range hostile() {
		r.mu.Lock()
		r.letters = nil
		r.mu.Unlock()
		c := r.config(TLSNone)
		c.From.Name = text
		l := letter(t, Italian, Item{Kind: Assigned, Case: text, Actor: text, Office: text, At: at})
		l.To.Name = text
		require.NoError(t, send(t, c, l), "%q", text)
		require.Len(t, r.took(), 1)
		require.Equal(t, "bruno@comune.example", r.took()[0].to)
		m, err := mail.ReadMessage(bytes.NewReader(r.took()[0].raw))
		require.NoError(t, err)
		to, err := m.Header.AddressList("To")
		require.NoError(t, err, "%q", text)
		require.Len(t, to, 1)
		require.Equal(t, mail.Address{Name: clean(text, mostName), Address: "bruno@comune.example"}, *to[0], "%q", text)
		from, err := m.Header.AddressList("From")
		require.NoError(t, err, "%q", text)
		require.Equal(t, "smista@comune.example", from[0].Address)
		require.Len(t, from, 1)
		for name := range m.Header {
			require.Contains(t, []string{
				"Message-Id", "Date", "From", "To", "Subject", "Mime-Version", "Content-Type", "User-Agent", "X-Mailer", "Auto-Submitted", "X-Auto-Response-Suppress",
			}, name, "%q", text)
		}
		head, _, _ := strings.Cut(string(r.took()[0].raw), "\r\n\r\n")
		for line := range strings.SplitSeq(head, "\r\n") {
			require.LessOrEqual(t, len(line), 998, "RFC 5322 §2.1.1")
			require.NotRegexp(t, `[^\x09\x20-\x7e]`, line)
		}
	}
}

func TestAConfigurationIsChecked(t *testing.T) {
	good := Config{Address: "smtp.example:587", From: Address{"Smista", "smista@comune.example"}}
	_, err := NewSMTP(good)
	require.NoError(t, err)
	for what, edit := range map[string]func(*Config){
		"no port": func(c *Config) { c.Address = "smtp.example" }, "port 0": func(c *Config) { c.Address = "smtp.example:0" },
		"port of words": func(c *Config) { c.Address = "smtp.example:submission" }, "port too high": func(c *Config) { c.Address = "smtp.example:65536" },
		"no sender": func(c *Config) { c.From.Address = "" }, "no address": func(c *Config) { c.From.Address = "smista" },
	} {
		c := good
		edit(&c)
		_, err := NewSMTP(c)
		require.Error(t, err, what)
	}
}
