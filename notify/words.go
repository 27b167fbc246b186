package notify

import (
	"fmt"
	"net/url"
	"time"
)

// words are the sentences of a language.
type words struct {
	lang, greeting, digest, more, footer, open string
	due, happened                              string
	groups                                     [3]string
	terms                                      map[string]string
	titles                                     map[Kind]string // %[1]s case, %[2]s office, %[3]s actor, %[4]s term
}

const moment = "02/01/2006 15:04"

func wordsIn(l Language) words {
	if l == English {
		return english
	}
	return italian
}

var italian = words{
	lang: "it", greeting: "Buongiorno %s,", digest: "Smista: %d avvisi", more: "… e altri %d avvisi, che si trovano in Smista.",
	footer: "Questo messaggio è automatico: non rispondere. Quali avvisi ricevere si sceglie nelle preferenze di Smista.",
	open:   "Apri la pratica", due: "Scadenza: %s", happened: "Il %s",
	groups: [3]string{"Da vedere subito", "In scadenza e solleciti", "Altri avvisi"},
	terms:  map[string]string{"ASSIGN": "assegnazione", "WORK": "lavorazione", "ANSWER": "risposta"},
	titles: map[Kind]string{
		Assigned:      "la pratica %[1]s è stata assegnata a te da %[3]s",
		Unassigned:    "la pratica %[1]s non è più assegnata a te (%[3]s)",
		Returned:      "la pratica %[1]s è tornata allo smistamento da %[2]s",
		Reminder:      "la pratica %[1]s di %[2]s scade: %[4]s",
		Breached:      "la pratica %[1]s di %[2]s è scaduta: %[4]s",
		Sollecito:     "sollecito dello smistamento sulla pratica %[1]s",
		Question:      "richiesta di chiarimenti sulla pratica %[1]s",
		Answer:        "%[2]s ha risposto sulla pratica %[1]s",
		Glass:         "%[3]s ha aperto per necessità la pratica %[1]s di %[2]s",
		AbsenceBegins: "da ora sostituisci %[3]s",
		AbsenceEnds:   "fine della sostituzione di %[3]s",
		ToApprove:     "una risposta sulla pratica %[1]s attende la tua approvazione (%[3]s)",
		SentBack:      "la tua risposta sulla pratica %[1]s non è stata approvata (%[3]s)",
		NotSent:       "una risposta sulla pratica %[1]s non è partita",
		Undelivered:   "una risposta sulla pratica %[1]s non è stata consegnata",
		NoReceipt:     "sulla pratica %[1]s manca una ricevuta",
		Suspect:       "sulla pratica %[1]s una ricevuta è sospetta",
		Followed:      "novità sulla pratica %[1]s che segui",
	},
}

var english = words{
	lang: "en", greeting: "Good day %s,", digest: "Smista: %d notices", more: "… and %d more notices, which you find in Smista.",
	footer: "This message is automatic: do not answer. Choose in Smista's preferences which notices you get.",
	open:   "Open the case", due: "Due: %s", happened: "On %s",
	groups: [3]string{"To look at now", "Due soon and reminders", "Other notices"},
	terms:  map[string]string{"ASSIGN": "to be assigned", "WORK": "to be worked", "ANSWER": "to be answered"},
	titles: map[Kind]string{
		Assigned:      "case %[1]s was assigned to you by %[3]s",
		Unassigned:    "case %[1]s is no longer assigned to you (%[3]s)",
		Returned:      "case %[1]s came back to the desk from %[2]s",
		Reminder:      "case %[1]s of %[2]s is due: %[4]s",
		Breached:      "case %[1]s of %[2]s is overdue: %[4]s",
		Sollecito:     "the sorting desk reminds you of case %[1]s",
		Question:      "the sorting desk asks about case %[1]s",
		Answer:        "%[2]s answered about case %[1]s",
		Glass:         "%[3]s opened case %[1]s of %[2]s by break-glass",
		AbsenceBegins: "from now on you stand in for %[3]s",
		AbsenceEnds:   "end of standing in for %[3]s",
		ToApprove:     "a reply on case %[1]s waits for your approval (%[3]s)",
		SentBack:      "your reply on case %[1]s was not approved (%[3]s)",
		NotSent:       "a reply on case %[1]s did not leave",
		Undelivered:   "a reply on case %[1]s was not delivered",
		NoReceipt:     "a receipt is missing on case %[1]s",
		Suspect:       "a receipt on case %[1]s is suspect",
		Followed:      "news of case %[1]s, which you follow",
	},
}

// line writes one item.
func (w words) line(it Item, zone *time.Location) line {
	term := w.terms[it.Term]
	title, known := w.titles[it.Kind]
	if !known {
		title = w.titles[Followed]
	}
	l := line{
		Title: clean(fmt.Sprintf(title, clean(it.Case, mostName), clean(it.Office, mostName), clean(it.Actor, mostName), term), mostText),
		Text:  clean(it.Text, mostText), At: fmt.Sprintf(w.happened, it.At.In(zone).Format(moment)), Link: safeLink(it.Link),
	}
	if !it.Due.IsZero() {
		l.Due = fmt.Sprintf(w.due, it.Due.In(zone).Format(moment))
	}
	return l
}

// safeLink is the link when it leads to a web page, else nothing.
func safeLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}
