package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/provider"
)

// Story makes the people of the world write, one message after the other.
type Story struct {
	world *provider.Provider
	r     *rand.Rand
	told  int
	last  string // Message-ID of our newest letter that waits for an answer
}

// NewStory begins a story; the same seed tells the same one.
func NewStory(world *provider.Provider, seed uint64) *Story {
	return &Story{world: world, r: rand.New(rand.NewPCG(seed, 1))}
}

// Tell makes the next n things happen.
func (s *Story) Tell(ctx context.Context, n int) error {
	for range n {
		if err := s.Next(ctx); err != nil {
			return fmt.Errorf("demo: message %d of the story: %w", s.told, err)
		}
	}
	return nil
}

// Next makes one thing happen: mostly a PEC to one of our mailboxes, now and
// then one to two of them, an ordinary mail, an imitation, a letter of ours or
// its answer.
func (s *Story) Next(ctx context.Context) error {
	s.told++
	switch s.told % 20 {
	case 4:
		return s.ordinary()
	case 9:
		return s.imitation()
	case 12:
		return s.ourLetter(ctx)
	case 15:
		return s.answer(ctx)
	case 18:
		return s.write(ctx, Protocollo, "servizisociali@"+ours)
	}
	return s.write(ctx)
}

// write sends a letter of a random kind; also adds mailboxes to the one it is meant for.
func (s *Story) write(ctx context.Context, also ...string) error {
	l := pick(s.r, letters)
	m := provider.Mail{From: pick(s.r, l.from), To: []string{l.to + "@" + ours}, Subject: l.subjectOf(s.r), Text: l.text}
	for _, a := range also {
		if a != m.To[0] {
			m.Cc = append(m.Cc, a)
		}
	}
	if l.files != nil {
		m.Attachments = l.files(&writer{r: s.r, from: m.From})
	}
	_, err := s.world.Send(ctx, m)
	return err
}

// ordinary is uncertified mail, which arrives in an anomaly envelope.
func (s *Story) ordinary() error {
	m := provider.Mail{From: "newsletter@bandi.example", To: []string{Protocollo}, MessageID: fmt.Sprintf("<n%d@bandi.example>", s.told),
		Subject: fmt.Sprintf("Nuovi bandi della settimana, n. %d", s.told), Text: "Gentile abbonato, ecco i bandi in scadenza."}
	var b bytes.Buffer
	if err := m.Write(&b, time.Now()); err != nil {
		return err
	}
	return s.world.Ordinary(m.From, m.To, &b)
}

// imitation looks like a PEC and carries no signature.
func (s *Story) imitation() error {
	raw := strings.ReplaceAll(fmt.Sprintf(`From: "Per conto di: avvisi@pagamenti.example" <posta-certificata@pagamenti.example>
To: %s
Subject: POSTA CERTIFICATA: Sollecito di pagamento n. %d
X-Trasporto: posta-certificata
Message-ID: <falso%d@pagamenti.example>
Date: %s
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Il pagamento risulta scaduto. Aprire il collegamento per evitare la mora.
`, Protocollo, 100+s.r.IntN(900), s.told, time.Now().Format(time.RFC1123Z)), "\n", "\r\n")
	_, err := s.world.Deliver(Protocollo, provider.Inbox, strings.NewReader(raw), time.Now())
	return err
}

// ourLetter leaves one of our mailboxes with another mail program, which keeps
// its copy in Sent; its receipts come back.
func (s *Story) ourLetter(ctx context.Context) error {
	to := people[7+s.r.IntN(3)].Address
	if s.told%40 > 20 {
		to = "casella.piena@pec.cittadini.example"
	}
	m := provider.Mail{From: Protocollo, To: []string{to}, Subject: fmt.Sprintf("Richiesta di integrazioni n. %d", s.told),
		MessageID: fmt.Sprintf("<lettera.%d.%d@%s>", s.told, s.r.Uint32(), ours),
		Text:      "Per proseguire nell'istruttoria servono i documenti elencati di seguito. Si prega di rispondere a questo messaggio."}
	var copied bytes.Buffer
	if err := m.Write(&copied, time.Now()); err != nil {
		return err
	}
	if _, err := s.world.Send(ctx, m); err != nil {
		return err
	}
	s.last = m.MessageID
	_, err := s.world.Deliver(Protocollo, provider.Sent, &copied, time.Now())
	return err
}

// answer replies to our last letter, as a mail program does that only knows the
// identifier the provider gave to it.
func (s *Story) answer(ctx context.Context) error {
	if err := s.world.Settle(ctx); err != nil {
		return err
	}
	for _, e := range s.world.Log() {
		if e.Event != provider.Issued || e.Kind != pec.Envelope || e.RefersTo != s.last || len(e.To) == 0 {
			continue
		}
		_, err := s.world.Send(ctx, provider.Mail{From: e.To[0], To: []string{Protocollo}, InReplyTo: "<" + e.Identifier + ">",
			Subject: "R: Richiesta di integrazioni", Text: "Si trasmettono i documenti richiesti.",
			Attachments: []file{(&writer{r: s.r, from: e.To[0]}).pdf("Documenti integrativi")}})
		return err
	}
	return s.write(ctx)
}
