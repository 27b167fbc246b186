package pec

import (
	"time"

	"github.com/smista/smista/pec/smime"
)

// Kind says which of the messages of certified mail this is (DM 2/11/2005
// annex, RFC 6109 §3).
type Kind string

const (
	Envelope        Kind = "posta-certificata"         // busta di trasporto
	Anomaly         Kind = "anomalia"                  // busta di anomalia
	Acceptance      Kind = "accettazione"              // ricevuta di accettazione
	NonAcceptance   Kind = "non-accettazione"          // avviso di non accettazione (formal or virus)
	TakenInCharge   Kind = "presa-in-carico"           // ricevuta di presa in carico, between providers
	Delivery        Kind = "avvenuta-consegna"         // ricevuta di avvenuta consegna
	DeliveryError   Kind = "errore-consegna"           // avviso di mancata consegna
	DeliveryWarning Kind = "preavviso-errore-consegna" // avviso di mancata consegna per superamento dei tempi (12 h, 24 h)
	VirusNotice     Kind = "rilevazione-virus"         // avviso di rilevazione virus, between providers
	OrdinaryMail    Kind = "ordinaria"                 // anything else
)

// Message is one e-mail read and judged: what its provider certifies, whether
// that holds, and the message inside, in the clear.
type Message struct {
	Kind      Kind
	Signature smime.Verdict

	// Envelope's own header fields, decoded; From and Subject are outside the signature.
	MessageID  string // with angle brackets, as written
	From       Address
	Subject    string
	Date       time.Time // zero when missing or unreadable
	RefersTo   string    // X-Riferimento-Message-ID, with angle brackets, as written
	UnknownRic string    // X-Ricevuta with a value that is none of the kinds, kept as text

	Certification *Certification // daticert.xml; nil when absent or unreadable
	Mail          *Mail          // the inner message; the mail itself when ordinary; nil where there is none
	Problems      []Problem      // what is broken or was left out, in the order found
}

// Certification is daticert.xml (DM 2/11/2005 annex §7.3.3): what the provider
// certifies. Text stands as written, entities resolved.
type Certification struct {
	Type          string // @tipo
	Error         string // @errore, "nessuno" when absent
	Sender        string // mittente
	Recipients    []Recipient
	ReplyTo       string    // risposte
	Subject       string    // oggetto
	Provider      string    // gestore-emittente
	Time          time.Time // data (giorno, ora, zona); zero when unreadable
	Identifier    string    // identificativo
	MessageID     string    // msgid, with angle brackets, as written; may be missing
	ReceiptType   string    // ricevuta/@tipo: completa, breve, sintetica
	DeliveryTo    string    // consegna: the one recipient of a delivery or failure
	TakenFor      []string  // ricezione: recipients taken in charge
	ExtendedError string    // errore-esteso, for instance "5.1.1 - … - indirizzo non valido"
}

// Recipient is one destinatari element.
type Recipient struct {
	Address string
	Type    string // "certificato" (the default) or "esterno": no delivery receipt will come
}

// Mail is an Internet message (RFC 5322) as a person reads it.
type Mail struct {
	MessageID  string // with angle brackets, as written
	Subject    string
	From       []Address
	To, Cc     []Address
	ReplyTo    []Address
	Date       time.Time
	InReplyTo  []string // message ids with angle brackets
	References []string
	OriginalID string // X-Riferimento-Message-ID inside postacert.eml: the id the sender's client gave

	Section Section // where the whole mail stands, header included

	Text        string       // text for reading, line ends \n, at most Limits.Text bytes; made from the HTML when there is no plain text
	HTML        *Section     // where the HTML body stands, nil when there is none
	HTMLCharset string       // charset of that body
	Attachments []Attachment // every other part, in order; a nested message is one attachment
}

// Address is a mailbox of a header field, decoded.
type Address struct {
	Name    string
	Address string
}

// String gives "Name <address>", or the one of the two that there is.
func (a Address) String() string {
	switch {
	case a.Name == "":
		return a.Address
	case a.Address == "":
		return a.Name
	}
	return a.Name + " <" + a.Address + ">"
}

// Attachment is a part that is not the text: its bytes stay in the original and
// are read through Section.
type Attachment struct {
	Name      string // decoded, as the sender wrote it: hostile; empty when none
	MediaType string // lower case, "application/octet-stream" when missing or unreadable
	ContentID string // without angle brackets
	Inline    bool   // Content-Disposition: inline, or referred to by the HTML through cid:
	Size      int64  // of the decoded content
	SHA256    string // of the decoded content, lower-case hex
	Section   Section
}

// Problem is something broken, ambiguous or left out. Reading goes on.
type Problem struct {
	Code   string `json:"code"`   // kebab-case and stable, for instance "multipart-unclosed"
	Detail string `json:"detail"` // one English sentence, safe to show
}

// String gives "code: detail".
func (p Problem) String() string { return p.Code + ": " + p.Detail }
