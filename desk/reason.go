package desk

import (
	"fmt"
	"strings"

	"github.com/smista/smista/pec/smime"
)

// A Reason stands in the table as the sentence that people of the API read. Who says
// it in another language has its parts back from ReadReason, which stands here
// beside what writes it.

const (
	ofRule     = "regola «"
	toOffice   = "»: a "
	ofMailbox  = "la casella "
	ofOffice   = " è di "
	noRule     = "nessuna regola corrisponde: da smistare"
	imported   = "importato, " + noRule
	attention  = "; attenzione: "
	openedHere = "aperta dall'ufficio"
)

// Own is why a case that nobody wrote to us about stands where it is: an office opened it.
const Own Why = "own"

// Said are the parts of a Reason: names as they were then.
type Said struct {
	Why    Why
	By     string // the rule, or the mailbox
	Office string
	Doubt  smime.Status // what to look at twice; empty for nothing
}

func reasonOfRule(r Rule) string { return ofRule + r.Name + toOffice + r.Office.Name }

func reasonOfTie(address string, office Place) string {
	return fmt.Sprintf("%s%s%s%s", ofMailbox, address, ofOffice, office.Name)
}

// ReadReason gives the parts of a Reason that this room wrote; false for any other text.
func ReadReason(text string) (Said, bool) {
	for _, s := range []smime.Status{smime.Altered, smime.Imitation} {
		if text == doubt(s) {
			return Said{Why: Untrusted, Doubt: s}, true
		}
	}
	said := Said{}
	for _, s := range []smime.Status{smime.Untrusted, smime.Expired, smime.Unsigned, smime.Unverifiable} {
		if rest, ok := strings.CutSuffix(text, attention+doubt(s)); ok {
			text, said.Doubt = rest, s
			break
		}
	}
	switch text {
	case noRule:
		said.Why = NoRule
		return said, true
	case imported:
		said.Why = Imported
		return said, true
	case openedHere:
		said.Why = Own
		return said, true
	}
	if rest, ok := strings.CutPrefix(text, ofRule); ok {
		if said.By, said.Office, ok = strings.Cut(rest, toOffice); ok {
			said.Why = ByRule
			return said, true
		}
	}
	if rest, ok := strings.CutPrefix(text, ofMailbox); ok {
		if said.By, said.Office, ok = strings.Cut(rest, ofOffice); ok {
			said.Why = ByTie
			return said, true
		}
	}
	return Said{}, false
}
