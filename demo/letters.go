package demo

import (
	"fmt"
	"math/rand/v2"
)

// letter is a kind of message that people write to a town hall.
type letter struct {
	from    []string // who writes such letters, by address
	to      string   // local part of the mailbox
	subject string   // %d is a number, %s a place or name
	text    string
	files   func(w *writer) []file
}

var places = []string{"via dei Tigli", "piazza della Libertà", "via Già Vecchia", "corso Matteotti", "vicolo del Pozzo", "località Ca' Bianca"}

var letters = []letter{
	{from: []string{"geom.tassi@pec.geometri.example", "arch.nardi@pec.geometri.example"}, to: "edilizia",
		subject: "SCIA edilizia per l'immobile in %s – pratica %d",
		text:    "Si trasmette in allegato la segnalazione certificata per i lavori di manutenzione straordinaria nell'immobile indicato in oggetto, completa di elaborati grafici e relazione tecnica.\n\nSi resta in attesa del numero di protocollo.",
		files:   func(w *writer) []file { return []file{w.pdf("Relazione tecnica"), w.drawing("Pianta piano terra")} }},
	{from: []string{"arch.nardi@pec.geometri.example"}, to: "protocollo",
		subject: "Richiesta di permesso di costruire, %s (rif. %d)",
		text:    "A nome della committenza si chiede il rilascio del permesso di costruire per l'ampliamento descritto negli elaborati. I diritti di segreteria sono stati versati.",
		files:   func(w *writer) []file { return []file{w.zip("elaborati.zip")} }},
	{from: []string{"anna.morandi@pec.cittadini.example", "giuseppe.bo@pec.cittadini.example", "nuria.costa@pec.cittadini.example"}, to: "tributi",
		subject: "IMU: richiesta di rimborso per versamento doppio, %s n. %d",
		text:    "Il 16 giugno ho pagato due volte l'acconto per la stessa abitazione. Chiedo il rimborso sul conto corrente indicato nel modulo che allego. Perché la somma non è grande ma neppure piccola, vi prego di rispondere entro i termini.",
		files:   func(w *writer) []file { return []file{w.pdf("Modulo di rimborso")} }},
	{from: []string{"giuseppe.bo@pec.cittadini.example", "nuria.costa@pec.cittadini.example"}, to: "protocollo",
		subject: "TARI %s, contestazione dell'avviso n. %d",
		text:    "L'avviso ricevuto riporta una superficie che non corrisponde a quella catastale. Allego la visura e chiedo la rettifica in autotutela."},
	{from: []string{"studio.ferri@pec.avvocati.example", "marco.dallolio@pec.avvocati.example"}, to: "protocollo",
		subject: "Notifica ai sensi della L. 53/1994 – R.G. %[2]d",
		text:    "In nome e per conto dell'assistito si notifica l'atto allegato, con la relata di notifica e la procura alle liti.",
		files:   func(w *writer) []file { return []file{w.pdf("Atto di citazione"), w.pdf("Relata di notifica")} }},
	{from: []string{"marco.dallolio@pec.avvocati.example"}, to: "protocollo",
		subject: "Sinistro in %s: richiesta di risarcimento, pos. %d",
		text:    "Si chiede il risarcimento dei danni patiti dal mio assistito a causa di una buca non segnalata. Si allegano le fotografie del luogo.",
		files:   func(w *writer) []file { return []file{w.picture("buca.png")} }},
	{from: []string{"fatture@pec.energiachiara.example"}, to: "protocollo",
		subject: "Trasmissione fattura di fornitura %s, documento %d",
		text:    "Si trasmette la fattura elettronica relativa alla fornitura di energia per gli edifici comunali.",
		files:   func(w *writer) []file { return []file{w.invoice()} }},
	{from: []string{"info@pec.fornolievito.example"}, to: "suap",
		subject: "SCIA per somministrazione in %s – prot. %d",
		text:    "Il sottoscritto titolare segnala l'avvio dell'attività di vendita e somministrazione di prodotti da forno.\nCordiali saluti.",
		files:   func(w *writer) []file { return []file{w.pdf("SCIA"), w.pdf("Documento d'identità")} }},
	{from: []string{"info@pec.fornolievito.example", "amministrazione@pec.edilcasa.example"}, to: "protocollo",
		subject: "Occupazione di suolo pubblico in %s, giorni %d",
		text:    "Si chiede l'autorizzazione a occupare il suolo pubblico con tavolini o ponteggio come da planimetria."},
	{from: []string{"direzione@pec.asl.valtersa.example"}, to: "servizisociali",
		subject: "Segnalazione per nucleo familiare residente in %s (fasc. %d)",
		text:    "Si segnala la situazione descritta nella relazione allegata, per quanto di competenza. Riservato.",
		files:   func(w *writer) []file { return []file{w.pdf("Relazione riservata")} }},
	{from: []string{"protocollo@pec.provincia.valtersa.example"}, to: "protocollo",
		subject: "Conferenza di servizi: strada provinciale presso %s, convocazione n. %d",
		text:    "È convocata la conferenza di servizi in forma semplificata. Il parere va reso entro quindici giorni; decorso il termine si intende acquisito l'assenso.",
		files:   func(w *writer) []file { return []file{w.pdf("Convocazione"), w.forwarded()} }},
	{from: []string{"anna.morandi@pec.cittadini.example"}, to: "protocollo",
		subject: "Accesso agli atti: pratica di %s del %d",
		text:    "Ai sensi della legge 241/1990 chiedo copia del fascicolo. Sono la proprietaria confinante; l'interesse è quello di conoscere le distanze autorizzate."},
	{from: []string{"amministrazione@pec.edilcasa.example"}, to: "protocollo",
		subject: "Gara per la manutenzione di %s – offerta, lotto %d",
		text:    "Si trasmette la documentazione amministrativa. L'offerta economica è protetta da password, che sarà comunicata in seduta.",
		files:   func(w *writer) []file { return []file{w.zip("busta-amministrativa.zip"), w.pdf("DGUE")} }},
}

func (l letter) subjectOf(r *rand.Rand) string {
	return fmt.Sprintf(l.subject, places[r.IntN(len(places))], 100+r.IntN(9900))
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
