package envelope

import (
	"fmt"
	"strings"

	"github.com/smista/smista/pec"
)

// page is the readable part in one language: a title and its lines.
type page struct {
	title string
	lines []string
}

func (p *plan) pages() []page {
	pages := []page{{p.form.title, p.italian()}}
	if p.issuer.Quirks.Bilingual {
		pages = append(pages, page{p.form.english, p.english()})
	}
	return pages
}

// italian says what happened, then the facts that every text repeats.
func (p *plan) italian() []string {
	c := p.Certified
	when := fmt.Sprintf("Il %s alle ore %s (%s)", c.Time.Format("02/01/2006"), c.Time.Format("15:04:05"), c.Time.Format("-0700"))
	lines := []string{when + " " + p.sentence()}
	lines = append(lines, "", "Mittente: "+c.Sender, "Oggetto: "+c.Subject)
	for _, r := range c.Recipients {
		lines = append(lines, "Destinatario: "+r.Address+" ("+kindOfAddress(r)+")")
	}
	if p.Kind == pec.Anomaly {
		return append(lines, "", "Il messaggio ricevuto si trova in allegato, così come è arrivato (postacert.eml).")
	}
	lines = append(lines, "Identificativo: "+c.Identifier, "")
	if p.needsOriginal() {
		lines = append(lines, p.attachmentLine())
	}
	return append(lines, "I dati certificati dal gestore si leggono nell'allegato daticert.xml.")
}

// sentence goes on after the date and the hour.
func (p *plan) sentence() string {
	c := p.Certified
	switch p.Kind {
	case pec.Envelope:
		return "questo messaggio è stato spedito tramite posta elettronica certificata."
	case pec.Anomaly:
		return "è giunto in questa casella un messaggio che non proviene dal circuito della posta elettronica certificata: il gestore non ne garantisce né il mittente né il contenuto."
	case pec.Acceptance:
		return "il gestore del mittente ha preso in consegna il messaggio e lo ha inoltrato ai destinatari elencati."
	case pec.NonAcceptance:
		return "il gestore del mittente ha respinto il messaggio, che non è stato inoltrato. Motivo: " + c.ExtendedError + "."
	case pec.TakenInCharge:
		return "il gestore di destinazione ha preso in carico il messaggio per: " + strings.Join(c.TakenFor, ", ") + "."
	case pec.Delivery:
		return "il messaggio è stato depositato nella casella " + c.DeliveryTo + "."
	case pec.DeliveryError:
		return "non è stato possibile consegnare il messaggio alla casella " + c.DeliveryTo + ". Motivo: " + c.ExtendedError + "."
	case pec.DeliveryWarning:
		return "non risulta ancora alcuna consegna alla casella " + c.DeliveryTo + ". " + c.ExtendedError + "."
	default:
		return "nel messaggio è stato trovato un virus: il messaggio è stato trattenuto e non sarà consegnato."
	}
}

func (p *plan) attachmentLine() string {
	if p.Kind == pec.Delivery && p.Certified.ReceiptType == Brief {
		return "Il messaggio è allegato (postacert.eml) con l'impronta di ciascun documento al posto del documento."
	}
	return "Il messaggio è allegato per intero (postacert.eml)."
}

func kindOfAddress(r pec.Recipient) string {
	if r.Type == "esterno" {
		return "posta ordinaria"
	}
	return "posta certificata"
}

func (p *plan) english() []string {
	c := p.Certified
	lines := []string{"On " + c.Time.Format("2006-01-02 at 15:04:05 (-0700)") + " " + p.englishSentence(), "", "Sender: " + c.Sender, "Subject: " + c.Subject}
	if p.Kind != pec.Anomaly {
		lines = append(lines, "Identifier: "+c.Identifier)
	}
	return lines
}

func (p *plan) englishSentence() string {
	c := p.Certified
	switch p.Kind {
	case pec.Envelope:
		return "this message was sent by certified electronic mail."
	case pec.Anomaly:
		return "a message reached this mailbox from outside certified mail: nothing about it is guaranteed."
	case pec.Acceptance:
		return "the sender's provider accepted the message and passed it on."
	case pec.NonAcceptance:
		return "the sender's provider refused the message: " + c.ExtendedError + "."
	case pec.TakenInCharge:
		return "the recipients' provider took the message in charge."
	case pec.Delivery:
		return "the message was put into the mailbox " + c.DeliveryTo + "."
	case pec.DeliveryError:
		return "the message could not be delivered to " + c.DeliveryTo + ": " + c.ExtendedError + "."
	case pec.DeliveryWarning:
		return "no delivery to " + c.DeliveryTo + " is known yet: " + c.ExtendedError + "."
	default:
		return "a virus was found in the message, which will not be delivered."
	}
}
