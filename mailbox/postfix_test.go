package mailbox

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/mailbox/mailtest"
)

const realPeer = "sindaco@pec.altro.example"

func startPostfix(t *testing.T) *mailtest.Server {
	return mailtest.Start(t, mailtest.Account{Address: realBox, Password: "segreta"}, mailtest.Account{Address: realPeer, Password: "altra segreta"})
}

func realOutbound(s *mailtest.Server, mode TLS) Outbound {
	return Outbound{
		Address: realBox, Host: mailtest.Host, Port: map[TLS]int{TLSImplicit: s.SMTPS, TLSStart: s.Submission}[mode], TLS: mode,
		Username: realBox, Password: func() (Secret, error) { return "segreta", nil }, RootCAs: s.Roots,
	}
}

func TestPostfix(t *testing.T) {
	var s *mailtest.Server
	t.Run("while it runs", func(t *testing.T) {
		s = startPostfix(t)
		refusedByPostfix(t, s)
		require.NotContains(t, s.Log(), ": removed") // as it says of a message that went its way
		throughPostfixAndBack(t, s)
		require.Contains(t, s.Log(), ": removed")
	})
	if t.Failed() || s == nil {
		return // or skipped
	}
	for _, port := range []int{s.Submission, s.SMTPS, s.IMAP, s.IMAPS} {
		_, err := net.Dial("tcp", net.JoinHostPort(mailtest.Host, strconv.Itoa(port)))
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
}

// What goes out through Postfix comes home from Dovecot, byte for byte, under
// the lines that the way adds.
func throughPostfixAndBack(t *testing.T, s *mailtest.Server) {
	random := rand.New(rand.NewPCG(1, 2))
	var large strings.Builder
	for large.Len() < 5<<20 {
		fmt.Fprintf(&large, "%x\r\n", random.Uint64())
	}
	var want []string
	for _, body := range []string{"", "ciao\r\n", ".\r\n..\r\n.una\r\n\r\n.\r\n", strings.Repeat("l", 998) + "\r\n", large.String(), "\r\n\r\n"} {
		for _, mode := range []TLS{TLSImplicit, TLSStart} {
			n := len(want)
			text := fmt.Sprintf("From: <%s>\r\nTo: <%s>,\r\n <%s>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <%d@pec.example>\r\nsubject:prova\r\n\r\n%s", realBox, realPeer, realBox, n, body)
			p := &posted{text: text, to: []string{realPeer, realBox}}
			answer, err := realOutbound(s, mode).Submit(t.Context(), p.message())
			require.NoError(t, err)
			require.Contains(t, answer, "queued as")
			require.Equal(t, 1, p.intended)
			want = append(want, text)
		}
	}
	o := quick()
	o.TLS = &tls.Config{RootCAs: s.Roots}
	for _, address := range []string{realBox, realPeer} {
		acc := realAccount(TLSImplicit, s.IMAPS)
		acc.Address, acc.Username = address, address
		if address == realPeer {
			acc.Password = func() (Secret, error) { return "altra segreta", nil }
		}
		l := newMemLedger()
		collecting(t, acc, l, o)
		until(t, l, "all at "+address, func() bool { return len(l.contents("INBOX")) >= len(want) })
		got := l.contents("INBOX")
		require.Len(t, got, len(want))
		for _, text := range want {
			require.True(t, arrived(got, address, text), "not as it was sent, at %s: %.300q", address, text)
		}
	}
}

// arrived looks for a message under the lines of its delivery.
func arrived(got map[uint32]string, address, text string) bool {
	for _, g := range got {
		added, ok := strings.CutSuffix(g, text)
		if ok && strings.HasPrefix(added, "Return-Path: <"+realBox+">\r\n") && strings.Contains(added, "Delivered-To: "+address+"\r\n") {
			return true
		}
	}
	return false
}

// What a real server says no to, and how.
func refusedByPostfix(t *testing.T, s *mailtest.Server) {
	text := "Subject: prova\r\n\r\nciao\r\n"
	cases := map[string]struct {
		change func(*Outbound, *Message)
		stage  Stage
		says   string
		final  bool
	}{
		"a wrong password": {func(o *Outbound, _ *Message) {
			o.Password = func() (Secret, error) { return "sbagliata", nil }
		}, StageLogin, "check the username and the password", false},
		"a recipient that is not there": {func(_ *Outbound, m *Message) {
			m.To = []string{realPeer, "nessuno@pec.altro.example"}
		}, StageRecipients, "nessuno@pec.altro.example: 550 5.1.1", true},
		"the sender of somebody else": {func(o *Outbound, _ *Message) {
			o.Address = realPeer
		}, StageRecipients, "553 5.7.1", true}, // Postfix tells at RCPT
		"too large": {func(_ *Outbound, m *Message) {
			m.Size = 32 << 20
		}, StageSender, "the server takes 31457280", true},
		"in the clear": {func(o *Outbound, _ *Message) {
			o.TLS, o.Port = TLSNone, s.Submission
		}, StageLogin, "neither AUTH PLAIN nor LOGIN", false},
		"TLS where STARTTLS is": {func(o *Outbound, _ *Message) {
			o.Port = s.Submission
		}, StageConnect, "TLS", false},
		"a certificate that nobody vouches for": {func(o *Outbound, _ *Message) {
			o.RootCAs = nil
		}, StageConnect, "certificate", false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			p := &posted{text: text, to: []string{realPeer}}
			o, m := realOutbound(s, TLSImplicit), p.message()
			test.change(&o, &m)
			_, err := o.Submit(t.Context(), m)
			e := failure(t, err)
			require.ErrorContains(t, err, test.says)
			require.Equal(t, []any{OutcomeNotSent, test.stage, test.final}, []any{e.Outcome, e.Stage, e.Permanent}, err)
			require.Zero(t, p.intended)
		})
	}
	t.Run("no word to the dot", func(t *testing.T) {
		p := &posted{text: text, to: []string{realPeer}, intent: context.DeadlineExceeded}
		_, err := realOutbound(s, TLSStart).Submit(t.Context(), p.message())
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	limit, err := realOutbound(s, TLSStart).Probe(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 31457280, limit)
}
