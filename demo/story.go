package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
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
	open  []exchange // that may go on, the newest last
}

// exchange is a correspondence of two, told by its last letter.
type exchange struct {
	from, to, subject string // of the last letter
	id                string // its Message-ID
}

// remembered bounds the exchanges that may go on.
const remembered = 20

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
// then one to two of them, an ordinary mail, an imitation, a letter of ours, or
// an answer of ours or to us.
func (s *Story) Next(ctx context.Context) error {
	s.told++
	switch s.told % 20 {
	case 4:
		return s.ordinary()
	case 9:
		return s.imitation()
	case 7:
		return s.goOn(ctx, Protocollo)
	case 12:
		return s.ourLetter(ctx)
	case 11, 15:
		return s.goOn(ctx, "")
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
	if s.r.IntN(4) == 0 {
		m.Receipt = pick(s.r, []string{"breve", "sintetica"})
	}
	return s.send(ctx, m)
}

// send submits a letter; of ours, the mail program keeps a copy in Sent.
func (s *Story) send(ctx context.Context, m provider.Mail) error {
	m.MessageID = fmt.Sprintf("<%d.%08x@%s>", s.told, s.r.Uint32(), m.From[strings.Index(m.From, "@")+1:])
	s.open = append(s.open, exchange{from: m.From, to: m.To[0], subject: m.Subject, id: m.MessageID})
	s.open = s.open[max(0, len(s.open)-remembered):]
	if _, err := s.world.Send(ctx, m); err != nil || m.From != Protocollo {
		return err
	}
	var copied bytes.Buffer
	if err := m.Write(&copied, time.Now()); err != nil {
		return err
	}
	_, err := s.world.Deliver(Protocollo, provider.Sent, &copied, time.Now())
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

// ourLetter begins something from our side, now and then to a full mailbox.
func (s *Story) ourLetter(ctx context.Context) error {
	to := pick(s.r, []string{"anna.morandi@pec.cittadini.example", "giuseppe.bo@pec.cittadini.example", "nuria.costa@pec.cittadini.example"})
	if s.told%40 > 20 {
		to = "casella.piena@pec.cittadini.example"
	}
	return s.send(ctx, provider.Mail{From: Protocollo, To: []string{to}, Subject: fmt.Sprintf("Richiesta di integrazioni n. %d", s.told),
		Text: "Per proseguire nell'istruttoria servono i documenti elencati di seguito. Si prega di rispondere a questo messaggio."})
}

// goOn answers the newest letter to an address, or with none the newest of
// ours, as a mail program does that only knows the identifier that the provider
// gave to it. When there is none, somebody begins something new.
func (s *Story) goOn(ctx context.Context, to string) error {
	if err := s.world.Settle(ctx); err != nil {
		return err
	}
	for i, e := range slices.Backward(s.open) {
		identifier := s.delivered(e)
		if identifier == "" || to != "" && e.to != to || to == "" && e.from != Protocollo {
			continue
		}
		s.open = slices.Delete(s.open, i, i+1)
		m := provider.Mail{From: e.to, To: []string{e.from}, InReplyTo: "<" + identifier + ">", Subject: "R: " + strings.TrimPrefix(e.subject, "R: ")}
		if to == "" {
			m.Text = "Si trasmettono i documenti richiesti."
			m.Attachments = []file{(&writer{r: s.r, from: e.to}).pdf("Documenti integrativi")}
		} else {
			m.Text = "Si comunica che la richiesta è stata presa in esame; il procedimento si concluderà entro trenta giorni. Si prega di integrare i documenti."
		}
		return s.send(ctx, m)
	}
	return s.write(ctx)
}

// delivered gives the identifier under which a letter reached its recipient,
// empty when it did not.
func (s *Story) delivered(e exchange) (identifier string) {
	for _, l := range s.world.Log() {
		switch {
		case l.RefersTo != e.id || l.Event != provider.Issued:
		case l.Kind == pec.Envelope:
			identifier = l.Identifier
		case l.Kind == pec.DeliveryError:
			return ""
		}
	}
	return identifier
}
