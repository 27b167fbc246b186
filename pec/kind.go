package pec

import (
	"slices"
	"strings"
)

// receipts are the values of X-Ricevuta, and of daticert.xml's tipo but for the
// transport envelope (DM 2/11/2005 annex).
var receipts = []Kind{
	Acceptance, NonAcceptance, TakenInCharge, Delivery, DeliveryError, DeliveryWarning, VirusNotice,
}

// Certified reports whether the kind is one that a provider makes and signs.
func (k Kind) Certified() bool { return k == Envelope || k == Anomaly || k.Receipt() }

// Receipt reports whether the kind is a receipt or notice about a message sent earlier.
func (k Kind) Receipt() bool { return slices.Contains(receipts, k) }

// kindOf reads the kind from the message's own header: X-Ricevuta first, then
// X-Trasporto, by whole words whatever their case. X-Riferimento-Message-ID says
// nothing, since envelopes have it too, and neither does the subject, since people
// forward. unknown is an X-Ricevuta that is none of the kinds.
func kindOf(h header) (k Kind, unknown string) {
	for _, value := range h.all("x-ricevuta") {
		k := Kind(strings.ToLower(value))
		if k.Receipt() {
			return k, ""
		}
		unknown = clean(value[:min(len(value), 100)])
	}
	if unknown != "" {
		return OrdinaryMail, unknown
	}
	for _, value := range h.all("x-trasporto") {
		switch strings.ToLower(value) {
		case "posta-certificata":
			return Envelope, ""
		case "errore":
			return Anomaly, ""
		}
	}
	return OrdinaryMail, ""
}

// kindOfType reads daticert.xml's tipo; OrdinaryMail when it is none.
func kindOfType(tipo string) Kind {
	if k := Kind(tipo); k == Envelope || k.Receipt() {
		return k
	}
	return OrdinaryMail
}

// envelope reads what the outer header says.
func (r *reading) envelope() {
	m, h := r.m, r.root.head
	m.Kind, m.UnknownRic = kindOf(h)
	m.MessageID = messageID(h.get("message-id"))
	m.RefersTo = messageID(h.get("x-riferimento-message-id"))
	m.Subject = headline(h.get("subject"))
	m.Date = h.date(r.notes)
	if from := r.from(); len(from) > 0 {
		m.From = from[0]
	}
	if m.UnknownRic != "" {
		r.notes.add("receipt-unknown", "X-Ricevuta has a value that is none of the known kinds")
	}
	for _, name := range []string{"from", "message-id", "x-ricevuta", "x-trasporto", "x-riferimento-message-id"} {
		if len(h.all(name)) > 1 {
			r.notes.add("header-repeated", "the field %s stands more than once", name)
		}
	}
}

// from gives every address that any From field names.
func (r *reading) from() (list []Address) {
	for _, value := range r.root.head.all("from") {
		list = append(list, parseAddresses(value)...)
	}
	return list
}

// certification reads daticert.xml, and takes the kind from it where the header
// lost it on the way.
func (r *reading) certification() {
	if r.signed == nil {
		return
	}
	mixed := content(r.signed.whole)
	p := certification(mixed)
	if p == nil {
		return
	}
	switch {
	case p.ambiguous || repeated(mixed, p):
		r.notes.add("certification-ambiguous", "there is more than one reading of daticert.xml; none was taken")
		return
	case p.cut:
		r.notes.add("certification-too-large", "daticert.xml has more than %d bytes; it was left out", r.options.Limits.Certification)
		return
	}
	if r.m.Certification = parseCertification(p.kept, r.notes); r.m.Certification != nil {
		r.completeFrom(r.m.Certification)
	}
}

// completeFrom fills in what the header lost on the way. In a message that was
// wrapped, an ordinary sender may have put a PEC beside words of his own: there
// the sender, too, must be a provider.
func (r *reading) completeFrom(c *Certification) {
	own := r.signed.whole == r.root || dressedSender(r.from())
	switch {
	case r.m.UnknownRic != "":
		r.m.Kind = kindOfType(c.Type)
	case own && !r.root.dressed() && kindOfType(c.Type) != OrdinaryMail:
		r.m.Kind = kindOfType(c.Type)
		r.notes.add("kind-from-certification", "the header does not say what kind this is; daticert.xml does")
	}
	if r.m.RefersTo == "" && r.m.Kind != OrdinaryMail {
		r.m.RefersTo = c.MessageID
	}
}

// repeated reports whether another part has p's name.
func repeated(mixed, p *part) bool {
	return p.name != "" && slices.ContainsFunc(mixed.kids, func(q *part) bool {
		return q != p && strings.EqualFold(q.name, p.name)
	})
}
