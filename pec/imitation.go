package pec

import (
	"strings"

	"github.com/smista/smista/pec/smime"
)

// subjectPrefixes are what providers put before the subject. They prove nothing:
// they only tell when something poses as certified mail.
var subjectPrefixes = []string{
	"POSTA CERTIFICATA:", "ANOMALIA MESSAGGIO:", "AVVISO DI NON ACCETTAZIONE:", "AVVISO DI NON ACCETTAZIONE PER VIRUS:",
	"AVVISO DI MANCATA CONSEGNA:", "AVVISO DI MANCATA CONSEGNA PER VIRUS:",
	"AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO:", "PROBLEMA DI SICUREZZA:",
	"ACCETTAZIONE:", "PRESA IN CARICO:", "CONSEGNA:",
}

// dress says in what the message looks like certified mail: its header, its
// subject, its sender, its parts. A lone postacert.eml does not: its fields
// X-TipoRicevuta and X-Riferimento-Message-ID are those of any mail that was
// sent by PEC, and claim nothing.
func (r *reading) dress() (worn []smime.Reason) {
	wears := func(code, detail string) { worn = append(worn, smime.Reason{Code: code, Detail: detail}) }
	if r.root.dressed() {
		wears("dressed-header", "X-Ricevuta or X-Trasporto claims that this is certified mail")
	}
	if dressedSubject(r.m.Subject) {
		wears("dressed-subject", "the subject begins like that of certified mail")
	}
	if dressedSender(r.from()) {
		wears("dressed-sender", "From looks like that of a PEC provider")
	}
	dressed := false
	r.root.all(func(p *part) {
		dressed = dressed || strings.EqualFold(p.name, "daticert.xml") || strings.EqualFold(p.name, "postacert.eml")
	})
	if dressed {
		wears("dressed-parts", "a part is called daticert.xml or postacert.eml")
	}
	return worn
}

// dressedSubject ignores case only for words that nobody uses by chance: a mail
// about a "Consegna: …" is not an imitation.
func dressedSubject(subject string) bool {
	for _, prefix := range subjectPrefixes {
		common := !strings.ContainsAny(prefix, " ")
		if strings.HasPrefix(subject, prefix) || !common && strings.HasPrefix(strings.ToUpper(subject), prefix) {
			return true
		}
	}
	return false
}

func dressedSender(from []Address) bool {
	for _, a := range from {
		local, _, _ := strings.Cut(strings.ToLower(a.Address), "@")
		if local == "posta-certificata" || onBehalfOf(a.Name) != "" {
			return true
		}
	}
	return false
}
