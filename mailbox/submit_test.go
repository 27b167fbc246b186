package mailbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/mailbox/mailtest"
)

const oneLetter = "Subject: prova\r\n\r\n.una riga con il punto\r\n.\r\n..\r\nfine.\r\n"

func (p *posted) intend(context.Context) error {
	p.intended++
	return p.intent
}

// judge holds an outcome against what the server stored.
func judge(t require.TestingT, s *fakeSMTP, p *posted, answer string, err error, where string) {
	s.settle()
	stored := s.letters()
	require.LessOrEqual(t, len(stored), 1, where)
	require.LessOrEqual(t, p.intended, 1, where)
	require.Zero(t, p.opened, "%s: the message was left open", where)
	if len(stored) == 1 {
		require.Equal(t, p.text, stored[0].data, where)
		require.Equal(t, 1, p.intended, "%s: it left before the intent was kept", where)
		require.NoError(t, p.intent, where)
	}
	if err == nil {
		require.Len(t, stored, 1, where)
		require.Contains(t, answer, "queued as 42", where)
		return
	}
	e := failure(t, err)
	require.Empty(t, answer, where)
	require.NotContains(t, err.Error(), "segreta", where)
	switch e.Outcome {
	case OutcomeUnknown:
		require.Equal(t, 1, p.intended, "%s: the dot was never sent: %v", where, err)
		require.NoError(t, p.intent, where)
	default:
		require.Empty(t, stored, "%s: it was taken, and yet: %v", where, err)
	}
}

func failure(t require.TestingT, err error) *SubmitError {
	var e *SubmitError
	require.ErrorAs(t, err, &e)
	return e
}

func serverTLS(t testing.TB) *tls.Config {
	dir := t.TempDir()
	mailtest.Certificate(t, dir)
	cert, err := tls.LoadX509KeyPair(dir+"/cert.pem", dir+"/key.pem")
	require.NoError(t, err)
	return &tls.Config{Certificates: []tls.Certificate{cert}}
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*fakeSMTP){
		"in the clear on loopback": func(*fakeSMTP) {},
		"TLS":                      func(s *fakeSMTP) { s.tls = serverTLS(t) },
		"STARTTLS":                 func(s *fakeSMTP) { s.tls, s.starttls = serverTLS(t), true },
		"AUTH LOGIN, in any case":  func(s *fakeSMTP) { s.offers = []string{"auth Login", "size 100000"} },
		"no extensions but AUTH":   func(s *fakeSMTP) { s.offers = []string{"AUTH PLAIN"} },
		"bare codes": func(s *fakeSMTP) {
			s.spoil = func(c *smtpConn, command string) bool {
				if strings.HasPrefix(command, "RCPT") {
					c.letter.to = append(c.letter.to, command[5:])
					c.say("250")
					return true
				}
				return false
			}
		},
		"another success": func(s *fakeSMTP) { // all 2xx are success (RFC 5321 §4.2.1)
			s.spoil = func(c *smtpConn, command string) bool {
				if command != "." {
					return false
				}
				c.store()
				c.say("251-well\r\n251 queued as 42")
				return true
			}
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startFakeSMTP(t)
			change(s)
			p := &posted{text: oneLetter}
			answer, err := s.outbound().Submit(t.Context(), p.message())
			require.NoError(t, err)
			judge(t, s, p, answer, err, name)
			require.Equal(t, []string{"TO:<uno@pec.example>", "TO:<due@pec.example>"}, s.letters()[0].to)
			require.Contains(t, s.letters()[0].from, "FROM:<ufficio@pec.example>")
			require.Equal(t, "QUIT", s.commands[len(s.commands)-1])
		})
	}
}

// Any message arrives as it is: dots, long lines, whatever the pieces it is read in.
func TestAnyMessageArrivesAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.OneOf(
			rapid.SampledFrom([]string{"", ".", "..", "...", ".x", "x.", " .", "\t"}),
			rapid.StringMatching(`[ -~]{0,90}`),
			rapid.Map(rapid.IntRange(900, 9000), func(n int) string { return strings.Repeat("l", n) }),
			rapid.Map(rapid.IntRange(4085, 4100), func(n int) string { return "." + strings.Repeat("b", n) }),
		)
		lines := rapid.SliceOfN(line, 1, 30).Draw(t, "lines")
		piece := rapid.IntRange(1, 5000).Draw(t, "piece")
		s := newFakeSMTP(t)
		defer s.close()
		p := &posted{text: strings.Join(lines, "\r\n") + "\r\n"}
		m := p.message()
		m.Open = func() (io.ReadCloser, error) {
			return io.NopCloser(&morsels{strings.NewReader(p.text), piece}), nil
		}
		answer, err := s.outbound().Submit(context.Background(), m)
		require.NoError(t, err)
		judge(t, s, p, answer, err, "")
	})
}

type morsels struct {
	r io.Reader
	n int
}

func (p *morsels) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.n)]) }

// A message that is not what it should be never leaves, wherever that shows.
func TestAMessageThatIsNotInOrderNeverLeaves(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is broken")
	long := strings.Repeat("una riga come tante altre\r\n", 2000)
	cases := map[string]struct {
		content   string
		claimed   int // more than the content
		fail      error
		permanent bool
		says      string
	}{
		"shorter":         {content: long, claimed: 1, permanent: true, says: "1 bytes shorter than announced"},
		"longer":          {content: long, claimed: -1, permanent: true, says: "longer than announced"},
		"nothing at all":  {content: "", claimed: 10, permanent: true, says: "shorter"},
		"a bare LF":       {content: long + "\n" + long, permanent: true, says: "no end of a line"},
		"a bare CR":       {content: long + "\rx\r\n", permanent: true, says: "no end of a line"},
		"smuggling":       {content: long + "x\r\n.\n" + long, permanent: true, says: "no end of a line"},
		"CR at the end":   {content: long + "x\r", permanent: true, says: "its last line has no end"},
		"no end":          {content: long + "x", permanent: true, says: "its last line has no end"},
		"not of 7 bits":   {content: "perché\r\n", permanent: true, says: "above 127"},
		"unreadable":      {content: long, claimed: 100, fail: broken, says: "the disk is broken"},
		"broken at once":  {content: "", claimed: 100, fail: broken, says: "the disk is broken"},
		"broken too late": {content: long, fail: broken, says: "the disk is broken"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startFakeSMTP(t)
			p := &posted{text: test.content}
			m := p.message()
			m.Size += int64(test.claimed)
			m.Open = func() (io.ReadCloser, error) {
				var r io.Reader = strings.NewReader(test.content)
				if test.fail != nil {
					r = io.MultiReader(r, iotest.ErrReader(test.fail))
				}
				return io.NopCloser(iotest.OneByteReader(r)), nil
			}
			answer, err := s.outbound().Submit(t.Context(), m)
			judge(t, s, p, answer, err, name)
			e := failure(t, err)
			require.Equal(t, OutcomeNotSent, e.Outcome)
			require.Equal(t, test.permanent, e.Permanent)
			require.ErrorContains(t, err, test.says)
			require.Zero(t, p.intended)
			require.Equal(t, "DATA", s.commands[len(s.commands)-1], "nothing may be said after the message broke off")
			if test.fail != nil {
				require.ErrorIs(t, err, broken)
			}
		})
	}
}

func TestBytesAbove127GoWhereTheyAreTaken(t *testing.T) {
	t.Parallel()
	for _, offered := range []bool{true, false} {
		s := startFakeSMTP(t)
		if !offered {
			s.offers = []string{"AUTH PLAIN"}
		}
		p := &posted{text: "Subject: x\r\n\r\nperché \xff\r\n"}
		m := p.message()
		m.EightBit = true
		answer, err := s.outbound().Submit(t.Context(), m)
		judge(t, s, p, answer, err, "")
		if offered {
			require.NoError(t, err)
			require.Contains(t, s.letters()[0].from, "BODY=8BITMIME")
			continue
		}
		require.True(t, failure(t, err).Permanent)
	}
}

func TestAMessageNobodyCouldSendIsNotTried(t *testing.T) {
	t.Parallel()
	o := Outbound{Address: "ufficio@pec.example", Host: "127.0.0.1", Port: 1, TLS: TLSNone, Username: "u", Password: func() (Secret, error) { return "", nil }}
	cases := map[string]struct {
		change func(*Message)
		says   string
	}{
		"no recipient":        {func(m *Message) { m.To = nil }, "no recipient"},
		"twice":               {func(m *Message) { m.To = []string{"a@b.example", "a@b.example"} }, "twice"},
		"a second command":    {func(m *Message) { m.To = []string{"a@b.example>\r\nDATA"} }, "no address"},
		"parameters":          {func(m *Message) { m.To = []string{"a@b.example> SIZE=1"} }, "no address"},
		"another script":      {func(m *Message) { m.To = []string{"ì@b.example"} }, "no address"},
		"no domain":           {func(m *Message) { m.To = []string{"a@"} }, "no address"},
		"empty":               {func(m *Message) { m.Size = 0 }, "empty"},
		"nobody writes it up": {func(m *Message) { m.Intent = nil }, "nobody writes down"},
	}
	for name, test := range cases {
		m := (&posted{text: oneLetter}).message()
		test.change(&m)
		_, err := o.Submit(t.Context(), m)
		require.ErrorContains(t, err, test.says, name)
		require.True(t, failure(t, err).Permanent, name)
	}
	m := (&posted{text: oneLetter}).message()
	m.Open = func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }
	_, err := o.Submit(t.Context(), m)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, SubmitError{Address: o.Address, Outcome: OutcomeNotSent, Stage: StageMessage, Err: failure(t, err).Err}, *failure(t, err))
}

func TestWhatIsTooLargeIsNotOffered(t *testing.T) {
	t.Parallel()
	s := startFakeSMTP(t)
	s.offers = []string{"AUTH PLAIN", fmt.Sprintf("SIZE %d", len(oneLetter)-1)}
	p := &posted{text: oneLetter}
	limit, err := s.outbound().Probe(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, len(oneLetter)-1, limit)
	answer, err := s.outbound().Submit(t.Context(), p.message())
	judge(t, s, p, answer, err, "")
	e := failure(t, err)
	require.True(t, e.Permanent)
	require.Equal(t, StageSender, e.Stage)
	require.ErrorContains(t, err, "the server takes 55")
	require.NotContains(t, strings.Join(s.commands, "\n"), "MAIL")
}

// Without the caller's word the dot is not sent, and the server throws away the rest.
func TestWithoutIntentNothingIsSent(t *testing.T) {
	t.Parallel()
	s := startFakeSMTP(t)
	full := errors.New("no space left on device")
	p := &posted{text: oneLetter, intent: full}
	answer, err := s.outbound().Submit(t.Context(), p.message())
	judge(t, s, p, answer, err, "")
	require.ErrorIs(t, err, full)
	e := failure(t, err)
	require.Equal(t, []any{OutcomeNotSent, StageIntent, false}, []any{e.Outcome, e.Stage, e.Permanent})
	require.Equal(t, "DATA", s.commands[len(s.commands)-1])
}

// When the intent is kept the server has all but the dot.
func TestTheIntentComesBetweenTheMessageAndTheDot(t *testing.T) {
	t.Parallel()
	s := startFakeSMTP(t)
	o := s.outbound()
	p := &posted{text: strings.Repeat(oneLetter, 300)}
	m := p.message()
	before := len("EHLO [127.0.0.1]\r\n") + len("AUTH PLAIN AHVmZmljaW9AcGVjLmV4YW1wbGUAc2VncmV0YQ==\r\n") +
		len("MAIL FROM:<ufficio@pec.example> SIZE=16800\r\n") + len("RCPT TO:<uno@pec.example>\r\n") + len("RCPT TO:<due@pec.example>\r\n") + len("DATA\r\n")
	stuffed := int64(before + len(p.text) + 900)
	m.Intent = func(ctx context.Context) error {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		timeout := time.After(5 * time.Second)
		for {
			s.mu.Lock()
			heard := s.heard
			s.mu.Unlock()
			if heard == stuffed {
				return p.intend(ctx)
			}
			select {
			case <-tick.C:
			case <-timeout:
				return fmt.Errorf("%d bytes of %d", heard, stuffed)
			}
		}
	}
	answer, err := o.Submit(t.Context(), m)
	require.NoError(t, err)
	judge(t, s, p, answer, err, "")
}

func TestEachRecipientMustBeAccepted(t *testing.T) {
	t.Parallel()
	for name, codes := range map[string][3]int{"for good": {550, 250, 451}, "for now": {250, 450, 250}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startFakeSMTP(t)
			n := 0
			s.spoil = func(c *smtpConn, command string) bool {
				if !strings.HasPrefix(command, "RCPT") {
					return false
				}
				n++
				c.say("%d-%d.1.%d no\r\n%[1]d %[2]d.1.%[3]d longer", codes[n-1], codes[n-1]/100, n)
				return true
			}
			p := &posted{text: oneLetter, to: []string{"uno@x.example", "due@x.example", "tre@x.example"}}
			answer, err := s.outbound().Submit(t.Context(), p.message())
			judge(t, s, p, answer, err, name)
			e := failure(t, err)
			require.Equal(t, []any{OutcomeNotSent, StageRecipients, name == "for good"}, []any{e.Outcome, e.Stage, e.Permanent})
			if name == "for good" {
				require.Equal(t, []Rejection{{"uno@x.example", 550, "5.1.1", "no longer"}, {"tre@x.example", 451, "4.1.3", "no longer"}}, e.Rejections)
				require.ErrorContains(t, err, "uno@x.example: 550 5.1.1 no longer; tre@x.example: 451 4.1.3 no longer")
				return
			}
			require.Equal(t, []Rejection{{"due@x.example", 450, "4.1.2", "no longer"}}, e.Rejections)
		})
	}
}

func TestOutboundsThatCannotWork(t *testing.T) {
	t.Parallel()
	good := Outbound{
		Address: "ufficio@pec.example", Host: "smtp.pec.example", Username: "u",
		Password: func() (Secret, error) { return "segreta", nil },
	}
	require.NoError(t, good.Check())
	cases := map[string]struct {
		change func(*Outbound)
		says   string
	}{
		"no address":          {func(o *Outbound) { o.Address = "" }, "no address"},
		"a name":              {func(o *Outbound) { o.Address = "Ufficio <ufficio@pec.example>" }, "no address"},
		"no host":             {func(o *Outbound) { o.Host = "" }, "host, username and password are needed"},
		"no port":             {func(o *Outbound) { o.Port = 70000 }, "70000 is not a port"},
		"misspelt protection": {func(o *Outbound) { o.TLS = "ssl" }, "must be implicit, starttls or none"},
		"in the clear":        {func(o *Outbound) { o.TLS = TLSNone }, "would send the password in the clear to smtp.pec.example"},
	}
	for name, test := range cases {
		o := good
		test.change(&o)
		require.ErrorContains(t, o.Check(), test.says, name)
		_, err := o.Submit(t.Context(), (&posted{text: oneLetter}).message())
		require.ErrorContains(t, err, test.says, name)
		require.Equal(t, StageSettings, failure(t, err).Stage)
		require.False(t, failure(t, err).Permanent, "settings can be mended")
		_, err = o.Probe(t.Context())
		require.ErrorContains(t, err, test.says, name)
	}
	for protection, want := range map[TLS]string{"": ":465", TLSImplicit: ":465", TLSStart: ":587", TLSNone: ":587"} {
		require.True(t, strings.HasSuffix(Outbound{Host: "h", TLS: protection}.addr(), want), protection)
	}
	require.Equal(t, "h:2525", Outbound{Host: "h", Port: 2525}.addr())
}

func BenchmarkSubmit(b *testing.B) {
	text := strings.Repeat(strings.Repeat("x", 74)+"\r\n", 10<<20/76)
	s := startFakeSMTP(b)
	s.offers = []string{"AUTH PLAIN"}
	s.spoil = func(c *smtpConn, command string) bool {
		if command == "DATA" {
			c.say("354 go ahead")
			for !bytes.Equal(peek(c, 3), []byte(".\r\n")) {
				c.r.ReadSlice('\n')
			}
			c.r.Discard(3)
			c.say("250 queued")
			return true
		}
		return false
	}
	o := s.outbound()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_, err := o.Submit(b.Context(), (&posted{text: text}).message())
		require.NoError(b, err)
	}
}

func peek(c *smtpConn, n int) []byte {
	p, _ := c.r.Peek(n)
	return p
}
