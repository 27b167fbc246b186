package envelope

import (
	"cmp"
	"encoding/xml"
	"strings"

	"github.com/smista/smista/pec"
)

// Daticert writes daticert.xml in the order of its DTD (annex §7.3.3). Every
// text is escaped; characters that XML cannot hold become U+FFFD.
func Daticert(c pec.Certification) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	b.WriteString(`<postacert tipo="` + escaped(c.Type) + `" errore="` + escaped(cmp.Or(c.Error, noError)) + `">` + "\n")
	b.WriteString("    <intestazione>\n")
	element(&b, "mittente", c.Sender)
	for _, r := range c.Recipients {
		b.WriteString(`        <destinatari tipo="` + escaped(cmp.Or(r.Type, "certificato")) + `">` + escaped(r.Address) + "</destinatari>\n")
	}
	element(&b, "risposte", cmp.Or(c.ReplyTo, c.Sender))
	element(&b, "oggetto", c.Subject)
	b.WriteString("    </intestazione>\n    <dati>\n")
	element(&b, "gestore-emittente", c.Provider)
	b.WriteString(`        <data zona="` + c.Time.Format("-0700") + `"><giorno>` + c.Time.Format("02/01/2006") +
		"</giorno><ora>" + c.Time.Format("15:04:05") + "</ora></data>\n")
	element(&b, "identificativo", c.Identifier)
	optional(&b, "msgid", c.MessageID)
	if c.ReceiptType != "" {
		b.WriteString(`        <ricevuta tipo="` + escaped(c.ReceiptType) + `"/>` + "\n")
	}
	optional(&b, "consegna", c.DeliveryTo)
	for _, to := range c.TakenFor {
		element(&b, "ricezione", to)
	}
	optional(&b, "errore-esteso", c.ExtendedError)
	b.WriteString("    </dati>\n</postacert>\n")
	return b.String()
}

func element(b *strings.Builder, name, text string) {
	b.WriteString("        <" + name + ">" + escaped(text) + "</" + name + ">\n")
}

func optional(b *strings.Builder, name, text string) {
	if text != "" {
		element(b, name, text)
	}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}
