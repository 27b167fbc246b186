package envelope

import "github.com/smista/smista/pec"

// form is what tells one kind of message from another.
type form struct {
	prefix    string // of the subject
	transport string // X-Trasporto
	receipt   string // X-Ricevuta
	title     string // of the text
	english   string // of the English text
}

const (
	noError = "nessuno"
	virus   = "virus"
)

// formOf gives the form of a kind; a virus has words of its own.
func formOf(kind pec.Kind, failure string) (form, bool) {
	if f, ok := virusForms[kind]; ok && failure == virus {
		return f, true
	}
	f, ok := forms[kind]
	return f, ok
}

// forms and virusForms are the messages of the service (RFC 6109 §3); nothing writes to them.
var forms = map[pec.Kind]form{
	pec.Envelope: {"POSTA CERTIFICATA: ", "posta-certificata", "",
		"Messaggio di posta certificata", "Certified mail message"},
	pec.Anomaly: {"ANOMALIA MESSAGGIO: ", "errore", "",
		"Messaggio non certificato", "Message that is not certified"},
	pec.Acceptance: {"ACCETTAZIONE: ", "", "accettazione",
		"Ricevuta di accettazione", "Acceptance receipt"},
	pec.NonAcceptance: {"AVVISO DI NON ACCETTAZIONE: ", "", "non-accettazione",
		"Avviso di non accettazione", "Notice of non-acceptance"},
	pec.TakenInCharge: {"PRESA IN CARICO: ", "", "presa-in-carico",
		"Ricevuta di presa in carico", "Receipt of taking in charge"},
	pec.Delivery: {"CONSEGNA: ", "", "avvenuta-consegna",
		"Ricevuta di avvenuta consegna", "Delivery receipt"},
	pec.DeliveryError: {"AVVISO DI MANCATA CONSEGNA: ", "", "errore-consegna",
		"Avviso di mancata consegna", "Notice of non-delivery"},
	pec.DeliveryWarning: {"AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: ", "", "preavviso-errore-consegna",
		"Avviso di mancata consegna per superamento dei tempi", "Notice of late delivery"},
	pec.VirusNotice: {"PROBLEMA DI SICUREZZA: ", "", "rilevazione-virus",
		"Avviso di rilevazione di virus", "Virus notice"},
}

var virusForms = map[pec.Kind]form{
	pec.NonAcceptance: {"AVVISO DI NON ACCETTAZIONE PER VIRUS: ", "", "non-accettazione",
		"Avviso di non accettazione per virus", "Notice of non-acceptance: virus"},
	pec.DeliveryError: {"AVVISO DI MANCATA CONSEGNA PER VIRUS: ", "", "errore-consegna",
		"Avviso di mancata consegna per virus", "Notice of non-delivery: virus"},
}
