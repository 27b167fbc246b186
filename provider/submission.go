package provider

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // subjects in any charset
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
)

// VirusMarker in a subject makes the provider find a virus.
const VirusMarker = "SMISTA-TEST-VIRUS"

// submission is a message at the access point (punto di accesso).
type submission struct {
	op       *operator
	sender   string
	rcpt     []string
	data     body
	at       time.Time
	facts    pec.Certification // what every receipt about it says
	cc       []string
	received string // the Received line that the provider adds
	problem  string // why it is refused; empty when it is in order
	infected bool
}

// read finds the facts and the first formal fault of a submitted message
// (RFC 6109 §3.1.1).
func (p *Provider) read(sender string, rcpt []string, data body) (*submission, error) {
	s := &submission{op: p.operators[domainOf(sender)], sender: lower(sender), rcpt: distinct(rcpt), data: data, at: p.config.Clock()}
	if s.op == nil {
		return nil, fmt.Errorf("provider: no operator serves the domain of %q", sender)
	}
	h, err := readHeader(data)
	if err != nil {
		return nil, err
	}
	to, cc := addresses(h, "To"), addresses(h, "Cc")
	s.cc = cc
	s.received = "from [127.0.0.1] by " + s.op.Domain + " with ESMTPA; " + s.at.Format(time.RFC1123Z)
	s.facts = pec.Certification{
		Sender: s.sender, Subject: plain(subject(h)), Provider: s.op.Name, Time: s.at,
		ReplyTo: cmp.Or(first(addresses(h, "Reply-To")), s.sender), Identifier: p.identifier(s.op),
		MessageID: plain(h.Get("Message-Id")), ReceiptType: receiptType(h.Get("X-Tiporicevuta")),
		Recipients: p.recipients(slices.Concat(to, cc)),
	}
	s.infected = strings.Contains(s.facts.Subject, VirusMarker)
	s.problem = p.formalFault(s, h, to, cc)
	return s, nil
}

func (p *Provider) formalFault(s *submission, h mail.Header, to, cc []string) string {
	from := addresses(h, "From")
	listed := func(a string) bool { return slices.Contains(slices.Concat(to, cc), a) }
	switch {
	case len(from) != 1 || from[0] != s.sender:
		return "il campo From non coincide con il titolare della casella"
	case len(to) == 0:
		return "il campo To non contiene alcun indirizzo"
	case h.Has("Bcc"):
		return "il campo Bcc non è ammesso"
	case !slices.ContainsFunc(s.rcpt, listed) || slices.ContainsFunc(s.rcpt, func(a string) bool { return !listed(a) }):
		return "un destinatario non compare nei campi To e Cc"
	case s.data.size*int64(len(s.rcpt)) > p.config.Limit:
		return "la dimensione moltiplicata per il numero dei destinatari supera il limite"
	}
	return ""
}

// recipients says of each address whether it is certified mail. Domains under
// .invalid (RFC 2606) stand for certified domains that do not exist.
func (p *Provider) recipients(list []string) []pec.Recipient {
	var out []pec.Recipient
	for _, a := range list {
		kind := "esterno"
		if p.operators[domainOf(a)] != nil || strings.HasSuffix(domainOf(a), ".invalid") {
			kind = "certificato"
		}
		out = append(out, pec.Recipient{Address: a, Type: kind})
	}
	return out
}

// identifier makes an identificativo: unique, opaque, with the time in it.
func (p *Provider) identifier(op *operator) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.serial++
	now := p.config.Clock()
	return fmt.Sprintf("prova.%s.%05d.%s@%s", now.Format("20060102150405"), p.serial, p.run, op.Domain)
}

func readHeader(data body) (mail.Header, error) {
	c, err := stored{body: data}.open()
	if err != nil {
		return mail.Header{}, err
	}
	defer c.Close()
	h, err := textproto.ReadHeader(bufio.NewReader(io.NewSectionReader(c, 0, data.size)))
	if err != nil {
		return mail.Header{}, fmt.Errorf("provider: header of a message: %w", err)
	}
	return mail.Header{Header: gomessage.Header{Header: h}}, nil
}

// addresses gives lower-case addresses; a list that cannot be read is empty.
func addresses(h mail.Header, field string) []string {
	list, err := h.AddressList(field)
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range list {
		out = append(out, plain(lower(a.Address)))
	}
	return out
}

func subject(h mail.Header) string {
	s, err := h.Subject()
	if err != nil {
		return h.Get("Subject")
	}
	return s
}

// plain makes a value of a stranger fit for a header: one line of valid text,
// no controls.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

func receiptType(s string) string {
	switch s = lower(strings.TrimSpace(s)); s {
	case envelope.Brief, envelope.Synthetic:
		return s
	}
	return envelope.Complete
}

// distinct gives lower-case addresses, each once.
func distinct(list []string) []string {
	var out []string
	for _, a := range list {
		if !slices.Contains(out, lower(a)) {
			out = append(out, lower(a))
		}
	}
	return out
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
