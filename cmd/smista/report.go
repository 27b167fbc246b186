package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/smista/smista/pec"
)

// kindTitles name each kind as the rules do, and in English.
var kindTitles = map[pec.Kind]string{
	pec.Envelope:        "Busta di trasporto (certified message)",
	pec.Anomaly:         "Busta di anomalia (ordinary mail, wrapped by the provider)",
	pec.Acceptance:      "Ricevuta di accettazione (accepted by the sender's provider)",
	pec.NonAcceptance:   "Avviso di non accettazione (refused by the sender's provider)",
	pec.TakenInCharge:   "Ricevuta di presa in carico (taken in charge, between providers)",
	pec.Delivery:        "Ricevuta di avvenuta consegna (delivered)",
	pec.DeliveryError:   "Avviso di mancata consegna (not delivered)",
	pec.DeliveryWarning: "Preavviso di mancata consegna (not delivered in time)",
	pec.VirusNotice:     "Avviso di rilevazione virus (virus found, between providers)",
	pec.OrdinaryMail:    "Posta ordinaria (ordinary mail)",
}

// page lays a report out for a terminal. Every text comes from the message, so
// nothing that could steer the terminal gets through.
type page struct {
	w   io.Writer
	err error
}

const labelWidth = 14

func (p *page) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *page) title(text string) { p.printf("\n  %s\n", text) }

// field prints a label and a value; nothing when there is no value.
func (p *page) field(label, value string) {
	if value = printable(value); value != "" {
		p.printf("    %-*s %s\n", labelWidth, label, value)
	}
}

// list prints values under one label.
func (p *page) list(label string, values []string) {
	for i, v := range values {
		if i > 0 {
			label = ""
		}
		p.field(label, v)
	}
}

// printReport shows one message to a person.
func printReport(w io.Writer, r pec.Report) error {
	p := &page{w: w}
	p.printf("%s\n  %s\n", printable(r.File), kindTitles[r.Kind])
	p.signature(r.Signature)
	if r.Certification != nil {
		p.certification(r.Certification)
	}
	if r.RefersTo != "" {
		p.title("Riferimento (about)")
		p.field("message id", r.RefersTo)
	}
	if r.Message != nil {
		p.message(r.Message)
	}
	if len(r.Problems) > 0 {
		p.title("Problemi (problems)")
		p.list("", r.Problems)
	}
	p.printf("\n")
	return p.err
}

func (p *page) signature(s pec.SignatureReport) {
	p.title("Firma (signature)")
	p.field("status", strings.ToUpper(s.Status))
	p.list("because", s.Reasons)
	p.field("signer", s.Signer)
	p.field("issuer", s.Issuer)
	p.field("digest", s.Digest)
	p.field("time", s.Time)
}

func (p *page) certification(c *pec.CertificationReport) {
	p.title("Certificazione (daticert.xml)")
	p.field("tipo", c.Type)
	if c.Error != "nessuno" {
		p.field("errore", c.Error)
	}
	p.field("errore esteso", c.ExtendedError)
	p.field("mittente", c.Sender)
	for i, to := range c.Recipients {
		label := ""
		if i == 0 {
			label = "destinatari"
		}
		p.field(label, to.Address+" ("+to.Type+")")
	}
	p.field("risposte", c.ReplyTo)
	p.field("oggetto", c.Subject)
	p.field("gestore", c.Provider)
	p.field("data", c.Time)
	p.field("identificativo", c.Identifier)
	p.field("msgid", c.MessageID)
	p.field("ricevuta", c.ReceiptType)
	p.field("consegna", c.DeliveryTo)
}

func (p *page) message(m *pec.MessageReport) {
	p.title("Messaggio (message)")
	p.field("from", m.From)
	p.list("to", m.To)
	p.list("cc", m.Cc)
	p.field("subject", m.Subject)
	p.field("date", m.Date)
	p.field("message id", m.MessageID)
	for i, a := range m.Attachments {
		label := ""
		if i == 0 {
			label = "attachments"
		}
		name := a.Name
		if name == "" {
			name = "(no name)"
		}
		p.field(label, fmt.Sprintf("%s  %s, %d bytes, sha256 %s", name, a.MediaType, a.Size, a.SHA256))
	}
	if m.Text != "" {
		p.printf("\n")
	}
	for line := range strings.Lines(m.Text) {
		p.printf("    | %s\n", printable(strings.TrimRight(line, "\n")))
	}
}

// printable replaces what is not for a screen: control and format characters,
// the right-to-left override among them.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsControl(r) {
			return ' '
		}
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
