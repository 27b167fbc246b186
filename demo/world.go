// Package demo is a small world of named people: a town hall with its mailboxes
// and offices, and those who write to it, at three providers with the habits of
// real ones. The demo and the tests live in it.
//
//   - All names, addresses and texts are invented; the domains are reserved (RFC 2606).
//   - The same seed tells the same story.
package demo

import (
	"github.com/smista/smista/provider"
)

// Password opens every account of the world.
const Password = "prova"

const ours = "pec.comune.borgoverde.example"

// Office is an office (ufficio) of the town hall.
type Office struct {
	Code, Name      string
	OperatorsSeeOwn bool // its operators read only what is assigned to them
}

// Offices of the town hall of Borgoverde.
func Offices() []Office {
	return []Office{
		{Code: "tributi", Name: "Ufficio Tributi"},
		{Code: "edilizia", Name: "Edilizia privata e urbanistica"},
		{Code: "suap", Name: "Sportello unico attività produttive"},
		{Code: "sociali", Name: "Servizi sociali", OperatorsSeeOwn: true},
		{Code: "legale", Name: "Avvocatura comunale"},
		{Code: "ragioneria", Name: "Ragioneria"},
	}
}

// Deadline is a term (termine): how long something may take, of an office or,
// where it names none, of the house.
type Deadline struct{ Kind, Amount, Office string }

// Deadlines of the town hall.
func Deadlines() []Deadline {
	return []Deadline{
		{Kind: "assign", Amount: "8 working hours"},
		{Kind: "answer", Amount: "30 days"},
		{Kind: "work", Amount: "20 working days"},
		{Kind: "work", Amount: "5 working days", Office: "legale"},
	}
}

// Mailbox is a certified mailbox (casella) of the town hall. Office is the code
// of the office it is tied to; empty for one that goes by rules and desk.
type Mailbox struct{ Address, Office string }

// Mailboxes of the town hall.
func Mailboxes() []Mailbox {
	return []Mailbox{
		{Protocollo, ""},
		{"tributi@" + ours, "tributi"},
		{"edilizia@" + ours, "edilizia"},
		{"suap@" + ours, "suap"},
		{"servizisociali@" + ours, "sociali"},
	}
}

// Protocollo is the mailbox for everybody: its PECs are sorted.
const Protocollo = "protocollo@" + ours

// Rule routes what one of its words in the subject, its sender or the ending of
// an attachment's name gives away.
type Rule struct {
	Name, Office       string
	Subjects           []string
	Sender, Attachment string
}

// Rules of the desk.
func Rules() []Rule {
	return []Rule{
		{Name: "Avvocati e tribunale", Office: "legale", Sender: "@pec.avvocati.example"},
		{Name: "Fatture elettroniche", Office: "ragioneria", Attachment: ".xml"},
		{Name: "Tributi locali", Office: "tributi", Subjects: []string{"IMU", "TARI", "avviso di accertamento"}},
		{Name: "Pratiche edilizie", Office: "edilizia", Subjects: []string{"SCIA edilizia", "CILA", "permesso di costruire"}},
		{Name: "Commercio", Office: "suap", Subjects: []string{"SCIA", "suolo pubblico"}},
	}
}

// people who write to the town hall.
var people = []provider.Account{
	{Address: "studio.ferri@pec.avvocati.example", Name: "Avv. Lucia Ferri"},
	{Address: "marco.dallolio@pec.avvocati.example", Name: "Avv. Marco Dall'Olio"},
	{Address: "geom.tassi@pec.geometri.example", Name: "Geom. Piero Tassi"},
	{Address: "arch.nardi@pec.geometri.example", Name: "Arch. Elena Nardi"},
	{Address: "amministrazione@pec.edilcasa.example", Name: "Edilcasa S.r.l."},
	{Address: "info@pec.fornolievito.example", Name: "Forno Lievito S.n.c."},
	{Address: "fatture@pec.energiachiara.example", Name: "Energia Chiara S.p.A."},
	{Address: "anna.morandi@pec.cittadini.example", Name: "Anna Morandi"},
	{Address: "giuseppe.bo@pec.cittadini.example", Name: "Giuseppe Bo"},
	{Address: "nuria.costa@pec.cittadini.example", Name: "Nùria Costa"},
	{Address: "protocollo@pec.provincia.valtersa.example", Name: "Provincia di Valtersa"},
	{Address: "direzione@pec.asl.valtersa.example", Name: "ASL Valtersa"},
	{Address: "casella.piena@pec.cittadini.example", Name: "Casella Piena", Behaviour: provider.Full},
	{Address: Slow, Name: "Casella Lenta", Behaviour: provider.Stuck},
}

// Slow is a mailbox whose provider does not deliver for a day.
const Slow = "casella.lenta@pec.cittadini.example"

// Config is the world as its provider knows it.
func Config() provider.Config {
	c := provider.Config{
		Operators: []provider.Operator{
			{Name: "Aurora PEC S.p.A.", Domain: "aurora-pec.example", Profile: "aruba",
				Domains: []string{ours, "pec.edilcasa.example", "pec.fornolievito.example", "pec.energiachiara.example"}},
			{Name: "Posta Sicura Nord S.r.l.", Domain: "postasicuranord.example", Profile: "namirial",
				Domains: []string{"pec.avvocati.example", "pec.geometri.example"}},
			{Name: "Corrispondenza Certificata S.p.A.", Domain: "corrispondenza.example", Profile: "poste",
				Domains: []string{"pec.cittadini.example", "pec.provincia.valtersa.example", "pec.asl.valtersa.example"}},
		},
		Accounts: append([]provider.Account{}, people...),
	}
	for _, m := range Mailboxes() {
		c.Accounts = append(c.Accounts, provider.Account{Address: m.Address, Name: "Comune di Borgoverde"})
	}
	for i := range c.Accounts {
		c.Accounts[i].Password = Password
	}
	return c
}
