package provider_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/provider"
)

// Formal checks of the access point (RFC 6109 §3.1.1).
func TestWhatIsNotInOrderIsNotAccepted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ message, why string }{
		"another From":     {letter(impresa, anna, "s"), "From"},
		"no To":            {strings.Replace(letter(comune, anna, "s"), "To: ", "X-To: ", 1), "To"},
		"Bcc":              {letter(comune, anna, "s", "Bcc: "+impresa), "Bcc"},
		"hidden recipient": {letter(comune, impresa, "s"), "destinatario"},
		"too large":        {letter(comune, anna, "s", "X-Pad: "+strings.Repeat("a ", 30000)), "dimensione"},
	} {
		w := start(t, func(c *provider.Config) { c.Limit = 50000 })
		err := w.Submit(t.Context(), comune, []string{anna}, strings.NewReader(c.message))
		require.NoError(t, err, name)
		w.settled()
		require.Equal(t, []pec.Kind{pec.NonAcceptance}, w.kinds(comune), name)
		require.Contains(t, w.read(w.inbox(comune)[0]).Certification.ExtendedError, c.why, name)
		require.Empty(t, w.inbox(anna), name)
	}
}

func TestSubmissionIsRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	w := start(t, func(c *provider.Config) { c.Limit = 50000 })
	code := func(err error) int {
		var refused *smtp.SMTPError
		require.ErrorAs(t, err, &refused)
		return refused.Code
	}
	c := w.dialSMTP()
	require.NoError(t, c.Auth(plainAuth(comune)))
	require.Equal(t, 553, code(c.Mail(impresa, nil)), "foreign envelope sender")
	require.Equal(t, 552, code(w.send(comune, letter(comune, anna, "s", strings.Repeat("X-Pad: aaaaaaaaaaaaaaaaaaa\r\n", 3000)+"X-End: 1"), anna)), "far too large")
	require.Equal(t, 554, code(w.send(comune, "this is no header\r\n\r\n", anna)), "no header")
	require.Equal(t, 535, code(w.dialSMTP().Auth(plainAuth("nessuno@pec.comune.example"))), "unknown account")
	out := w.dialSMTP()
	require.NoError(t, out.Mail("mario@posta.example", nil))
	require.Equal(t, 550, code(out.Rcpt("lucia@posta.example", nil)), "relaying")
}

func TestEachRecipientHasAnOutcomeOfItsOwn(t *testing.T) {
	t.Parallel()
	add := func(address string, b provider.Behaviour) func(*provider.Config) {
		return func(c *provider.Config) {
			c.Accounts = append(c.Accounts, provider.Account{Address: address, Password: "prova", Behaviour: b})
		}
	}
	for to, want := range map[string]struct {
		kind          pec.Kind
		failure, code string
	}{
		anna:                               {pec.Delivery, "nessuno", ""},
		"nessuno@pec.cittadini.example":    {pec.DeliveryError, "no-dest", "5.1.1"},
		"nessuno@pec.impresa.example":      {pec.DeliveryError, "altro", "5.1.1"}, // as Aruba answers
		"qualcuno@pec.inesistente.invalid": {pec.DeliveryError, "no-dominio", "5.1.2"},
		"piena@pec.cittadini.example":      {pec.DeliveryError, "altro", "5.2.2"},
		"spenta@pec.cittadini.example":     {pec.DeliveryError, "altro", "5.2.1"},
		"infetta@pec.cittadini.example":    {pec.DeliveryError, "virus", "5.5.1"},
	} {
		w := start(t, add("piena@pec.cittadini.example", provider.Full), add("spenta@pec.cittadini.example", provider.Disabled),
			add("infetta@pec.cittadini.example", provider.Infected))
		require.NoError(t, w.send(comune, letter(comune, to, "Prova"), to), to)
		w.settled()
		require.Equal(t, []pec.Kind{pec.Acceptance, want.kind}, w.kinds(comune), to)
		c := w.read(w.inbox(comune)[1]).Certification
		require.Equal(t, want.failure, c.Error, to)
		require.Equal(t, to, c.DeliveryTo)
		require.True(t, strings.HasPrefix(c.ExtendedError, want.code), c.ExtendedError)
	}
}

func TestOrdinaryAddressIsAcceptedAndNothingComesBack(t *testing.T) {
	t.Parallel()
	w := start(t)
	require.NoError(t, w.send(comune, letter(comune, "mario@posta.example", "Prova"), "mario@posta.example"))
	w.settled()
	require.Equal(t, []pec.Kind{pec.Acceptance}, w.kinds(comune))
	require.Equal(t, []pec.Recipient{{Address: "mario@posta.example", Type: "esterno"}}, w.read(w.inbox(comune)[0]).Certification.Recipients)
}

func TestVirusAtTheAccessPoint(t *testing.T) {
	t.Parallel()
	w := start(t)
	require.NoError(t, w.send(comune, letter(comune, anna, provider.VirusMarker), anna))
	w.settled()
	require.Equal(t, []pec.Kind{pec.NonAcceptance}, w.kinds(comune))
	require.Equal(t, "virus", w.read(w.inbox(comune)[0]).Certification.Error)
}

// The sender asks for the kind of receipt; recipients in copy get the short one.
func TestReceiptIsTheOneAskedFor(t *testing.T) {
	t.Parallel()
	for asked, attachments := range map[string][]string{"completa": {"atto.txt"}, "breve": {"atto.txt.hash"}, "sintetica": nil} {
		w := start(t)
		_, err := w.Send(t.Context(), provider.Mail{From: comune, To: []string{anna}, Cc: []string{impresa}, Subject: "Atto", Text: "Si trasmette.",
			Receipt: asked, Attachments: []provider.Attachment{{Name: "atto.txt", Content: []byte("testo")}}})
		require.NoError(t, err)
		w.settled()
		require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery, pec.Delivery}, w.kinds(comune))
		box := w.inbox(comune)
		direct, copied := w.read(box[1]), w.read(box[2])
		require.Equal(t, anna, direct.Certification.DeliveryTo)
		require.Equal(t, asked, direct.Certification.ReceiptType)
		require.Equal(t, attachments, names(direct))
		require.Equal(t, "sintetica", copied.Certification.ReceiptType)
		require.Nil(t, copied.Mail)
	}
}

func names(m *pec.Message) []string {
	if m.Mail == nil {
		return nil
	}
	var out []string
	for _, a := range m.Mail.Attachments {
		out = append(out, a.Name)
	}
	return out
}

func TestOrdinaryMailArrivesInAnAnomalyEnvelope(t *testing.T) {
	t.Parallel()
	w := start(t)
	c := w.dialSMTP()
	message := letter("mario@posta.example", comune, "Una domanda")
	require.NoError(t, c.SendMail("mario@posta.example", []string{comune}, strings.NewReader(message)))
	w.settled()
	require.Equal(t, []pec.Kind{pec.Anomaly}, w.kinds(comune))
	m := w.read(w.inbox(comune)[0])
	require.Nil(t, m.Certification)
	require.Equal(t, "Una domanda", m.Mail.Subject)
	require.Equal(t, "ANOMALIA MESSAGGIO: Una domanda", m.Subject)
}

// Two notices, by the clock; a delivery may still follow (pec.md §6).
func TestLateDeliveryIsNoticedTwice(t *testing.T) {
	t.Parallel()
	stuck := "lenta@pec.cittadini.example"
	clock := &clock{now: time.Now()}
	w := start(t, func(c *provider.Config) {
		c.Clock = clock.Now
		c.Accounts = append(c.Accounts, provider.Account{Address: stuck, Password: "prova", Behaviour: provider.Stuck})
	})
	require.NoError(t, w.send(comune, letter(comune, stuck, "Prova"), stuck))
	w.settled()
	for _, step := range []time.Duration{11 * time.Hour, time.Hour, 11 * time.Hour, time.Hour, time.Hour} {
		clock.advance(step)
		w.Tick()
	}
	want := []pec.Kind{pec.Acceptance, pec.DeliveryWarning, pec.DeliveryWarning}
	require.Equal(t, want, w.kinds(comune))
	require.Contains(t, w.read(w.inbox(comune)[1]).Certification.ExtendedError, "dodici ore")
	require.True(t, strings.HasPrefix(w.read(w.inbox(comune)[2]).Certification.ExtendedError, "5.4.1"))

	require.NoError(t, w.Release(stuck))
	require.Equal(t, append(want, pec.Delivery), w.kinds(comune))
	require.Equal(t, []pec.Kind{pec.Envelope}, w.kinds(stuck))
}

func TestNoticeOnRequest(t *testing.T) {
	t.Parallel()
	stuck := "lenta@pec.cittadini.example"
	w := start(t, func(c *provider.Config) {
		c.Accounts = append(c.Accounts, provider.Account{Address: stuck, Password: "prova", Behaviour: provider.Stuck})
	})
	require.NoError(t, w.send(comune, letter(comune, stuck, "Prova"), stuck))
	w.settled()
	require.NoError(t, w.Warn("<Prova@client.example>", 24))
	w.Tick() // the clock has nothing to add
	require.Equal(t, []pec.Kind{pec.Acceptance, pec.DeliveryWarning}, w.kinds(comune))
	require.ErrorContains(t, w.Warn("<Prova@client.example>", 13), "not at 13")
	require.ErrorContains(t, w.Warn("<altro@client.example>", 12), "no message")
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Each profile is a provider whose mail verifies.
func TestEveryProfileIsGenuine(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"", "aruba", "namirial", "sogei", "poste"} {
		w := start(t, func(c *provider.Config) { c.Operators[0].Profile = profile })
		require.NoError(t, w.send(comune, letter(comune, impresa, "Prova"), impresa))
		w.settled()
		require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery}, w.kinds(comune), profile)
		m := w.read(w.inbox(impresa)[0])
		require.Equal(t, profile == "poste", m.Certification.MessageID == "", profile)
		require.Equal(t, profile == "namirial" || profile == "sogei", m.Signature.Digest == "sha1", profile)
	}
}

// Twenty senders at once: each message, receipt and exposure is accounted for.
func TestTwentySendersLoseNothing(t *testing.T) {
	t.Parallel()
	const senders, each = 20, 20
	w := start(t, func(c *provider.Config) {
		for i := range senders {
			c.Accounts = append(c.Accounts, provider.Account{Address: fmt.Sprintf("mittente%d@pec.impresa.example", i), Password: "prova"})
		}
	})
	var group sync.WaitGroup
	for i := range senders {
		group.Go(func() {
			from := fmt.Sprintf("mittente%d@pec.impresa.example", i)
			for n := range each {
				subject := fmt.Sprintf("m%d.%d", i, n)
				if err := w.send(from, letter(from, anna, subject), anna); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	w.settled()
	seen := map[pec.Kind]map[string]int{}
	for _, e := range w.Log() {
		if e.Event != provider.Exposed {
			continue
		}
		if seen[e.Kind] == nil {
			seen[e.Kind] = map[string]int{}
		}
		seen[e.Kind][e.RefersTo]++
	}
	for _, kind := range []pec.Kind{pec.Acceptance, pec.Envelope, pec.Delivery} {
		require.Len(t, seen[kind], senders*each, kind)
		for id, n := range seen[kind] {
			require.Equal(t, 1, n, "%s %s", kind, id)
		}
	}
	require.Len(t, w.inbox(anna), senders*each)
}

// An attachment that cannot be decoded has no digest: the receipt comes all the same.
func TestBriefReceiptOfABrokenMessage(t *testing.T) {
	t.Parallel()
	w := start(t)
	broken := strings.Replace(letter(comune, anna, "Prova", "X-TipoRicevuta: breve"), "Content-Type: text/plain; charset=utf-8",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%\r\n--b--", 1)
	require.NoError(t, w.send(comune, broken, anna))
	w.settled()
	require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery}, w.kinds(comune))
	require.Equal(t, "sintetica", w.read(w.inbox(comune)[1]).Certification.ReceiptType)
}
