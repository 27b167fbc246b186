package mailbox

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/provider"
)

// A submission is cut at each byte that the client says, and at each byte that
// the server says: what is told of it is always true.
func TestSubmitCutAtEveryByte(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		prepare func(*fakeSMTP)
		stride  int64
	}{
		"PLAIN":      {func(*fakeSMTP) {}, 1},
		"AUTH LOGIN": {func(s *fakeSMTP) { s.offers = []string{"AUTH LOGIN"} }, 1},
		"TLS":        {withTLS(t, false), 29},
		"STARTTLS":   {withTLS(t, true), 31},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := func(s *fakeSMTP) Outcome { return cutSubmission(t, s, test.prepare, name) }
			s := newFakeSMTP(t)
			require.Equal(t, Outcome(""), whole(s))
			heard, told := s.heard, s.told
			seen := map[Outcome]int{}
			for k := int64(0); k <= heard; k += test.stride {
				s := newFakeSMTP(t)
				s.hear = k
				seen[whole(s)]++
			}
			for k := int64(0); k <= told; k += test.stride {
				s := newFakeSMTP(t)
				s.tell = k
				seen[whole(s)]++
			}
			t.Log(name, seen, "over", heard, "bytes out and", told, "in")
			require.Positive(t, seen[OutcomeNotSent])
			require.Positive(t, seen[OutcomeUnknown])
			require.Zero(t, seen[OutcomeRefused])
		})
	}
}

func withTLS(t testing.TB, starttls bool) func(*fakeSMTP) {
	cfg := serverTLS(t)
	return func(s *fakeSMTP) { s.tls, s.starttls = cfg, starttls }
}

// cutSubmission gives the outcome, empty when the message was taken.
func cutSubmission(t require.TestingT, s *fakeSMTP, prepare func(*fakeSMTP), name string) Outcome {
	defer s.close()
	prepare(s)
	p := &posted{text: oneLetter}
	answer, err := s.outbound().Submit(context.Background(), p.message())
	judge(t, s, p, answer, err, fmt.Sprintf("%s, cut after hearing %d and saying %d bytes", name, s.hear, s.tell))
	if err != nil {
		return failure(t, err).Outcome
	}
	return ""
}

// impatient is for servers that would not answer at all.
var impatient = Patience{Command: 250 * time.Millisecond, Answer: 250 * time.Millisecond}

// What a server can do at each step, instead of what it should.
func TestSubmitToAServerThatFailsAtEachStep(t *testing.T) {
	t.Parallel()
	before := []string{"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"}
	says := func(line string) func(*smtpConn) { return func(c *smtpConn) { c.say("%s", line) } }
	then := func(first, second func(*smtpConn)) func(*smtpConn) {
		return func(c *smtpConn) { first(c); second(c) }
	}
	drop, store, silent := func(c *smtpConn) { c.Close() }, (*smtpConn).store, (*smtpConn).silent
	faults := map[string]struct {
		do        func(*smtpConn)
		after     Outcome // when it happens after the dot
		permanent bool    // when it happens at MAIL and later
		code      int
		waits     bool // only our patience ends it
	}{
		"4xx":                   {do: says("451 4.3.0 try again"), after: OutcomeUnknown, code: 451},
		"4xx of several lines":  {do: says("421-4.3.2 going\r\n421 4.3.2 down"), after: OutcomeUnknown, code: 421},
		"4xx after storing":     {do: then(store, says("451 4.3.0 local error")), after: OutcomeUnknown, code: 451},
		"5xx":                   {do: says("554 5.7.1 no"), after: OutcomeRefused, permanent: true, code: 554},
		"5xx without a text":    {do: says("550"), after: OutcomeRefused, permanent: true, code: 550},
		"dropped":               {do: drop, after: OutcomeUnknown},
		"dropped after storing": {do: then(store, drop), after: OutcomeUnknown},
		"silence":               {do: silent, after: OutcomeUnknown, waits: true},
		"silence after storing": {do: then(store, silent), after: OutcomeUnknown, waits: true},
		"half an answer":        {do: then(func(c *smtpConn) { io.WriteString(c, "250 2.0.0 que") }, drop), after: OutcomeUnknown},
		"an answer without end": {do: then(func(c *smtpConn) { io.WriteString(c, "250-2.0.0 que") }, silent), after: OutcomeUnknown, waits: true},
		"nonsense":              {do: (*smtpConn).echo, after: OutcomeUnknown},
		"two codes":             {do: says("250-ok\r\n554 no"), after: OutcomeUnknown},
		"a code of none":        {do: says("999 well"), after: OutcomeUnknown},
		"wrong in tone":         {do: says("334 and now?"), after: OutcomeUnknown, code: 334},
		"endless lines":         {do: func(c *smtpConn) { endless(c, "250-more and more\r\n") }, after: OutcomeUnknown},
		"an endless line":       {do: func(c *smtpConn) { endless(c, strings.Repeat("250 ", 500)) }, after: OutcomeUnknown},
		"a trickle":             {do: trickle, after: OutcomeUnknown, waits: true},
	}
	for name, fault := range faults {
		for i, step := range append(before, ".") {
			if strings.Contains(name, "storing") && step != "." {
				continue // there is nothing to store yet
			}
			t.Run(name+" at "+step, func(t *testing.T) {
				t.Parallel()
				s := startFakeSMTP(t)
				s.spoil = func(c *smtpConn, command string) bool {
					if !strings.HasPrefix(command, step) {
						return false
					}
					fault.do(c)
					return true
				}
				o := s.outbound()
				if fault.waits {
					o.Patience = impatient
				}
				p := &posted{text: oneLetter}
				start := time.Now()
				answer, err := o.Submit(t.Context(), p.message())
				require.Less(t, time.Since(start), 5*time.Second)
				judge(t, s, p, answer, err, name+" at "+step)
				e := failure(t, err)
				want := OutcomeNotSent
				if step == "." {
					want = fault.after
				}
				require.Equal(t, want, e.Outcome, err)
				require.Equal(t, fault.permanent && i >= slices.Index(before, "MAIL"), e.Permanent, err)
				require.Equal(t, fault.code, e.Code, err)
				require.NotContains(t, err.Error(), "c2VncmV0YQ", "the password, in base64")
				require.Less(t, len(err.Error()), 2000)
			})
		}
	}
}

// echo repeats all that it heard, the password too.
func (c *smtpConn) echo() {
	c.s.mu.Lock()
	heard := strings.Join(c.s.commands, " ")
	c.s.mu.Unlock()
	if strings.Contains(heard, "AUTH") {
		heard += " segreta c2VncmV0YQ=="
	}
	c.say("I heard: %s", heard)
}

func endless(c *smtpConn, s string) {
	for {
		if _, err := io.WriteString(c, s); err != nil {
			return
		}
	}
}

// trickle says a letter of an answer now and then, until the client has enough.
func trickle(c *smtpConn) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		<-tick.C
		if _, err := io.WriteString(c, "2"); err != nil {
			return
		}
	}
}

// An answer that came before its question would be taken for the answer to the dot.
func TestAnAnswerBeforeTheDotIsNotTheAnswerToIt(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"EHLO", "MAIL", "DATA"} {
		s := startFakeSMTP(t)
		s.spoil = func(c *smtpConn, command string) bool {
			if !strings.HasPrefix(command, at) {
				return false
			}
			code := map[string]string{"EHLO": "250-x\r\n250 AUTH PLAIN", "MAIL": "250 ok", "DATA": "354 go"}[at]
			c.say("%s\r\n250 queued", code)
			if at == "DATA" {
				c.data()
			}
			return true
		}
		p := &posted{text: oneLetter}
		answer, err := s.outbound().Submit(t.Context(), p.message())
		judge(t, s, p, answer, err, at)
		require.ErrorContains(t, err, "before it was asked")
		require.Equal(t, OutcomeNotSent, failure(t, err).Outcome)
	}
}

// Whoever stops us does not wait for the server, and is told the truth.
func TestSubmitIsStoppedAtOnce(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			s := startFakeSMTP(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			s.spoil = func(c *smtpConn, command string) bool {
				if !strings.HasPrefix(command, step) {
					return false
				}
				if step == "." {
					c.store()
				}
				cancel(fmt.Errorf("the house is closing: %w", context.Canceled))
				c.silent()
				return true
			}
			p := &posted{text: oneLetter}
			start := time.Now()
			answer, err := s.outbound().Submit(ctx, p.message())
			require.Less(t, time.Since(start), 5*time.Second)
			judge(t, s, p, answer, err, step)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorContains(t, err, "the house is closing")
			require.Equal(t, step == ".", failure(t, err).Outcome == OutcomeUnknown)
		})
	}
	t.Run("before it began", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := startFakeSMTP(t)
		p := &posted{text: oneLetter}
		answer, err := s.outbound().Submit(ctx, p.message())
		judge(t, s, p, answer, err, "")
		require.ErrorIs(t, err, context.Canceled)
	})
	t.Run("by the intent", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := startFakeSMTP(t)
		p := &posted{text: oneLetter}
		m := p.message()
		m.Intent = func(ctx context.Context) error { cancel(); return p.intend(ctx) }
		answer, err := s.outbound().Submit(ctx, m)
		judge(t, s, p, answer, err, "")
		require.Equal(t, OutcomeNotSent, failure(t, err).Outcome)
	})
}

// A server that takes a byte now and then does not hold us for ever, and after
// the dot it has the time that was promised.
func TestTheWholeIsBounded(t *testing.T) {
	t.Parallel()
	s := startFakeSMTP(t)
	stuck := make(chan struct{})
	s.spoil = func(c *smtpConn, command string) bool {
		if command == "DATA" {
			c.say("354 go ahead")
			<-stuck
			return true
		}
		return false
	}
	o := s.outbound()
	o.Patience.Whole = 300 * time.Millisecond
	p := &posted{text: oneLetter}
	m := p.message()
	m.Size = 4000 // the bound grows with the size
	m.Open = func() (io.ReadCloser, error) { return io.NopCloser(&slowly{}), nil }
	_, err := o.Submit(t.Context(), m)
	close(stuck)
	judge(t, s, p, "", err, "")
	require.ErrorContains(t, err, "not away after 300ms")

	s = startFakeSMTP(t)
	s.spoil = func(c *smtpConn, command string) bool {
		if command == "." {
			timer := time.NewTimer(1200 * time.Millisecond)
			<-timer.C
		}
		return false
	}
	o = s.outbound()
	o.Patience.Whole = time.Second
	p = &posted{text: oneLetter}
	answer, err := o.Submit(t.Context(), p.message())
	require.NoError(t, err)
	judge(t, s, p, answer, err, "")
}

// slowly gives a line now and then.
type slowly struct{}

func (*slowly) Read(p []byte) (int, error) {
	timer := time.NewTimer(5 * time.Millisecond)
	<-timer.C
	return copy(p, "x\r\n"), nil
}

func TestWhoIsInBetweenGetsNoPassword(t *testing.T) {
	t.Parallel()
	untrusted := func(s *fakeSMTP) Outbound {
		o := s.outbound()
		o.RootCAs = nil
		return o
	}
	cases := map[string]struct {
		prepare func(*fakeSMTP)
		out     func(*fakeSMTP) Outbound
		says    string
	}{
		"a certificate of nobody": {withTLS(t, false), untrusted, "certificate"},
		"the same by STARTTLS":    {withTLS(t, true), untrusted, "certificate"},
		"STARTTLS taken away": {
			func(*fakeSMTP) {},
			func(s *fakeSMTP) Outbound { o := s.outbound(); o.TLS = TLSStart; return o }, "does not offer STARTTLS",
		},
		"a host of another name": {
			withTLS(t, false),
			func(s *fakeSMTP) Outbound { o := s.outbound(); o.Host = "localhost"; return o }, "certificate",
		},
		"words slipped in before TLS": {func(s *fakeSMTP) {
			withTLS(t, true)(s)
			s.spoil = func(c *smtpConn, command string) bool {
				if command != "STARTTLS" {
					return false
				}
				c.say("220 go\r\n250-evil\r\n250 AUTH PLAIN")
				c.secure()
				return true
			}
		}, (*fakeSMTP).outbound, "before it was asked"},
		"an old TLS": {func(s *fakeSMTP) {
			withTLS(t, false)(s)
			s.tls = s.tls.Clone()
			s.tls.MaxVersion = tls.VersionTLS11
		}, (*fakeSMTP).outbound, "TLS"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startFakeSMTP(t)
			test.prepare(s)
			o := test.out(s)
			o.Password = func() (Secret, error) { panic("the password was asked for") }
			_, err := o.Probe(t.Context())
			require.ErrorContains(t, err, test.says)
			require.Contains(t, []Stage{StageConnect, StageGreeting}, failure(t, err).Stage)
			require.False(t, failure(t, err).Permanent)
		})
	}
}

func TestAWrongPasswordIsSaidToBeOne(t *testing.T) {
	t.Parallel()
	for name, offers := range map[string]string{"PLAIN": "AUTH PLAIN LOGIN", "LOGIN": "AUTH XOAUTH2 LOGIN", "none": "AUTH XOAUTH2"} {
		s := startFakeSMTP(t)
		s.offers = []string{offers}
		o := s.outbound()
		o.Password = func() (Secret, error) { return "sbagliata", nil }
		p := &posted{text: oneLetter}
		_, err := o.Submit(t.Context(), p.message())
		judge(t, s, p, "", err, name)
		e := failure(t, err)
		require.Equal(t, []any{OutcomeNotSent, StageLogin, false}, []any{e.Outcome, e.Stage, e.Permanent})
		require.Equal(t, name != "none", is[*RefusedError](err), name)
		for _, secret := range []string{"sbagliata", "c2JhZ2xpYXRh", "AHVmZmljaW9AcGVjLmV4YW1wbGUAc2JhZ2xpYXRh"} {
			require.NotContains(t, err.Error()+e.Text, secret, name)
		}
	}
	s := startFakeSMTP(t)
	o := s.outbound()
	o.Password = func() (Secret, error) { return "", io.ErrClosedPipe }
	_, err := o.Probe(t.Context())
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.False(t, is[*RefusedError](err))
}

// The provider of the demo, with each fault of its submission side.
func TestSubmitToTheSimulator(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		faults []provider.Fault
		want   Outcome
		taken  bool
	}{
		"no fault":    {nil, "", true},
		"hang":        {[]provider.Fault{{Do: provider.Hang}}, OutcomeUnknown, true},
		"drop":        {[]provider.Fault{{Do: provider.Drop}}, OutcomeUnknown, true},
		"refuse late": {[]provider.Fault{{Do: provider.RefuseLate}}, OutcomeRefused, false},
		"fail stored": {[]provider.Fault{{Do: provider.FailStored}}, OutcomeUnknown, true},
		"slow":        {[]provider.Fault{{Do: provider.Slow, Protocol: provider.SMTP, Bytes: 4000}}, "", true},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, acc := startSimulator(t)
			got, taken := submitToSimulator(t, p, acc, test.faults...)
			require.Equal(t, test.want, got)
			require.Equal(t, test.taken, taken)
		})
	}
}

// The demo's connections cut anywhere, both ways.
func TestSubmitToTheSimulatorCutAnywhere(t *testing.T) {
	t.Parallel()
	p, acc := startSimulator(t)
	seen := map[Outcome]int{}
	for k := int64(0); k < 600; k += 13 {
		for _, incoming := range []bool{true, false} {
			p.ClearFaults()
			got, taken := submitToSimulator(t, p, acc, provider.Fault{Do: provider.Cut, Protocol: provider.SMTP, Bytes: k, Incoming: incoming})
			require.False(t, taken && got == OutcomeNotSent || !taken && got == "", "cut after %d, %q", k, got)
			seen[got]++
		}
	}
	t.Log(seen)
	require.Len(t, seen, 3)
}

// submitToSimulator gives the outcome, empty when all is well, and whether the
// provider took the message.
func submitToSimulator(t *testing.T, p *provider.Provider, acc Account, faults ...provider.Fault) (got Outcome, taken bool) {
	for _, f := range faults {
		require.NoError(t, p.Inject(f))
	}
	o := Outbound{Address: acc.Address, TLS: TLSNone, Username: acc.Username, Password: acc.Password}
	if slices.ContainsFunc(faults, func(f provider.Fault) bool { return f.Do == provider.Hang }) {
		o.Patience = impatient
	}
	o.Host, o.Port = hostPort(t, p.SMTPAddr())
	text := "From: " + simulated + "\r\nTo: " + simulated + "\r\nMessage-ID: <1@comune.example>\r\nSubject: prova\r\n\r\nciao\r\n"
	accepted := func() (n int) {
		for _, e := range p.Log() {
			if e.Event == provider.Accepted {
				n++
			}
		}
		return n
	}
	before := accepted()
	_, err := o.Submit(t.Context(), (&posted{text: text, to: []string{simulated}}).message())
	if err != nil {
		got = failure(t, err).Outcome
	}
	require.NoError(t, p.Settle(t.Context()))
	after := accepted()
	require.LessOrEqual(t, after-before, 1)
	return got, after > before
}
