package bundle

import (
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

const sumsFile = "SHA256SUMS.txt"

// language is all that the index says in one language.
type language struct {
	tag, file     string
	moment        string // how a time is written
	words         map[string]string
	kinds         map[pec.Kind]string
	verdicts      map[smime.Status]string
	verdictOfOurs string
	statuses      map[string]string
}

var languages = []*language{&italian, &english}

var italian = language{ //nolint:dupl // two languages of one text
	tag: "it", file: "indice.html", moment: "02/01/2006 15:04:05 (-07:00)",
	words: map[string]string{
		"title": "Fascicolo della pratica", "subject": "Oggetto", "sender": "Mittente", "received": "Ricevuta", "office": "Ufficio competente",
		"assignee": "Assegnata a", "mailbox": "Casella", "taken": "Fascicolo preparato", "by": "da", "documents": "Documenti",
		"noDocuments": "Nessun documento.",
		"incoming":    "In arrivo", "outgoing": "In partenza", "from": "Da", "to": "A", "cc": "Cc", "kind": "Tipo", "when": "Data e ora",
		"identifier": "Identificativo",
		"messageID":  "Message-ID", "verdict": "Verifica della firma", "signer": "Firmatario", "original": "Originale", "attachments": "Allegati",
		"receipts": "Ricevute", "recipients": "Esito per destinatario", "recipient": "Destinatario", "all": "tutti", "status": "Esito", "reason": "Motivo",
		"provider": "Gestore", "others": "Altre ricevute", "file": "File", "bytes": "Byte", "sha": "SHA-256",
		"check": "Le impronte SHA-256 di tutti i file stanno in", "checkHow": "e si controllano, nella cartella estratta, con",
		"other": "In English", "otherFile": "index.html", "otherLang": "en",
	},
	kinds: map[pec.Kind]string{
		pec.Envelope: "Posta certificata", pec.Anomaly: "Busta di anomalia", pec.Acceptance: "Ricevuta di accettazione",
		pec.NonAcceptance: "Avviso di non accettazione",
		pec.TakenInCharge: "Presa in carico", pec.Delivery: "Ricevuta di avvenuta consegna", pec.DeliveryError: "Avviso di mancata consegna",
		pec.DeliveryWarning: "Preavviso di mancata consegna", pec.VirusNotice: "Avviso di virus", pec.OrdinaryMail: "Posta non certificata",
	},
	verdicts: map[smime.Status]string{
		smime.Valid: "Firma valida", smime.Untrusted: "Gestore non riconosciuto", smime.Expired: "Certificato scaduto", smime.Altered: "Alterata",
		smime.Unverifiable: "Firma non verificabile", smime.Unsigned: "Non firmata", smime.Imitation: "Imitazione di PEC",
	},
	verdictOfOurs: "Inviata da noi: fanno prova le ricevute",
	statuses: map[string]string{
		"PENDING": "Inviata", "ACCEPTED": "Accettata", "TAKEN": "Presa in carico", "DELIVERED": "Consegnata", "NOT_DELIVERED": "Mancata consegna",
		"NOT_ACCEPTED": "Non accettata",
	},
}

var english = language{ //nolint:dupl // the other language of that text
	tag: "en", file: "index.html", moment: "2006-01-02 15:04:05 (-07:00)",
	words: map[string]string{
		"title": "File of the case", "subject": "Subject", "sender": "Sender", "received": "Received", "office": "Competent office",
		"assignee": "Assigned to", "mailbox": "Mailbox", "taken": "Made", "by": "by", "documents": "Documents", "noDocuments": "No documents.",
		"incoming": "Incoming", "outgoing": "Outgoing", "from": "From", "to": "To", "cc": "Cc", "kind": "Kind", "when": "Date and time",
		"identifier": "Identifier",
		"messageID":  "Message-ID", "verdict": "Check of the signature", "signer": "Signer", "original": "Original", "attachments": "Attachments",
		"receipts": "Receipts", "recipients": "Outcome by recipient", "recipient": "Recipient", "all": "all", "status": "Outcome", "reason": "Reason",
		"provider": "Provider", "others": "Other receipts", "file": "File", "bytes": "Bytes", "sha": "SHA-256",
		"check": "The SHA-256 of every file stand in", "checkHow": "and are checked, in the extracted folder, by",
		"other": "In italiano", "otherFile": "indice.html", "otherLang": "it",
	},
	kinds: map[pec.Kind]string{
		pec.Envelope: "Certified mail", pec.Anomaly: "Anomaly envelope", pec.Acceptance: "Receipt of acceptance", pec.NonAcceptance: "Notice of non-acceptance",
		pec.TakenInCharge: "Taken in charge", pec.Delivery: "Receipt of delivery", pec.DeliveryError: "Notice of non-delivery",
		pec.DeliveryWarning: "Warning of non-delivery", pec.VirusNotice: "Virus notice", pec.OrdinaryMail: "Not certified mail",
	},
	verdicts: map[smime.Status]string{
		smime.Valid: "Valid signature", smime.Untrusted: "Unknown provider", smime.Expired: "Expired certificate", smime.Altered: "Altered",
		smime.Unverifiable: "Signature cannot be verified", smime.Unsigned: "Not signed", smime.Imitation: "Imitation of a PEC",
	},
	verdictOfOurs: "Sent by us: its receipts are the proof",
	statuses: map[string]string{
		"PENDING": "Sent", "ACCEPTED": "Accepted", "TAKEN": "Taken in charge", "DELIVERED": "Delivered", "NOT_DELIVERED": "Not delivered",
		"NOT_ACCEPTED": "Not accepted",
	},
}
