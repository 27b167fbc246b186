package provider_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
	"github.com/smista/smista/provider"
)

const (
	comune  = "protocollo@pec.comune.example"
	impresa = "ufficio@pec.impresa.example"
	anna    = "anna.bianchi@pec.cittadini.example"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a running provider with the words that tests speak.
type world struct {
	*provider.Provider
	t   *testing.T
	now func() time.Time
}

// hierarchy is shared: keys are slow to make, and no test changes them.
var hierarchy = sync.OnceValue(func() *testpki.Hierarchy {
	h, err := testpki.New(time.Now(), "gestore-uno.example", "gestore-due.example")
	if err != nil {
		panic(err)
	}
	return h
})

func start(t *testing.T, change ...func(*provider.Config)) *world {
	t.Helper()
	c := provider.Default()
	c.Hierarchy = hierarchy()
	for _, f := range change {
		f(&c)
	}
	p, err := provider.Start(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	w := &world{p, t, time.Now}
	if c.Clock != nil {
		w.now = c.Clock
	}
	return w
}

// settled waits for the receipts.
func (w *world) settled() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	require.NoError(w.t, w.Settle(ctx))
}

// send submits by SMTP as a mail program does.
func (w *world) send(from, message string, to ...string) error {
	w.t.Helper()
	c := w.dialSMTP()
	defer c.Close()
	if err := c.Auth(plainAuth(from)); err != nil {
		return err
	}
	return c.SendMail(from, to, strings.NewReader(message))
}

func (w *world) dialSMTP() *smtp.Client {
	w.t.Helper()
	c, err := smtp.Dial(w.SMTPAddr())
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = c.Close() })
	return c
}

func plainAuth(account string) sasl.Client { return sasl.NewPlainClient("", account, "prova") }

// letter is a message as a mail program writes it.
func letter(from, to, subject string, more ...string) string {
	return strings.Join(append([]string{"From: " + from, "To: " + to, "Subject: " + subject,
		"Message-ID: <" + subject + "@client.example>", "Date: Mon, 02 Mar 2026 09:30:00 +0100", "MIME-Version: 1.0"},
		append(more, "Content-Type: text/plain; charset=utf-8", "", "Buongiorno.", "")...), "\r\n")
}

func (w *world) login(account string) *imapclient.Client {
	w.t.Helper()
	c, err := imapclient.DialInsecure(w.IMAPAddr(), nil)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = c.Close() })
	require.NoError(w.t, c.Login(account, "prova").Wait())
	return c
}

// inbox fetches every message by IMAP.
func (w *world) inbox(account string) [][]byte {
	w.t.Helper()
	c := w.login(account)
	selected, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	require.NoError(w.t, err)
	if selected.NumMessages == 0 {
		return nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	require.NoError(w.t, err)
	var out [][]byte
	for _, m := range list {
		out = append(out, m.FindBodySection(section))
	}
	require.NoError(w.t, c.Logout().Wait())
	return out
}

// read judges a message under the test hierarchy.
func (w *world) read(raw []byte) *pec.Message {
	w.t.Helper()
	m, err := pec.Read(w.t.Context(), bytes.NewReader(raw), int64(len(raw)), pec.Options{Verifier: w.Hierarchy().Anchors(), Received: w.now()})
	require.NoError(w.t, err)
	return m
}

// kinds reads an inbox: what arrived, in order; each must be valid.
func (w *world) kinds(account string) []pec.Kind {
	w.t.Helper()
	var out []pec.Kind
	for _, raw := range w.inbox(account) {
		m := w.read(raw)
		require.Equal(w.t, smime.Valid, m.Signature.Status, "%s: %v", m.Kind, m.Signature.Reasons)
		out = append(out, m.Kind)
	}
	return out
}

func TestMailGoesFromSenderToRecipientWithItsReceipts(t *testing.T) {
	t.Parallel()
	w := start(t)
	require.NoError(t, w.send(comune, letter(comune, anna, "Avviso"), anna))
	w.settled()

	require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery}, w.kinds(comune))
	require.Equal(t, []pec.Kind{pec.Envelope}, w.kinds(anna))
	envelope := w.read(w.inbox(anna)[0])
	require.Equal(t, "<Avviso@client.example>", envelope.RefersTo)
	require.Equal(t, comune, envelope.Certification.Sender)
	require.Equal(t, "Buongiorno.", strings.TrimSpace(envelope.Mail.Text))
	require.Equal(t, "<"+envelope.Certification.Identifier+">", envelope.Mail.MessageID)
}
