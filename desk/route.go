package desk

import (
	"cmp"
	"slices"
	"strings"

	"github.com/smista/smista/pec/smime"
)

// Facts are what routing looks at.
type Facts struct {
	Mailbox     string // our address it came to; empty when imported without one
	Sender      string // address
	Subject     string
	Text        string
	Attachments []File
	Verdict     smime.Status
}

// File is an attachment, by its name and media type.
type File struct{ Name, MediaType string }

// Place is an office as routing names it.
type Place struct {
	ID   int
	Name string
}

// Rule sends what its condition asks for to an office.
type Rule struct {
	ID        int
	Name      string
	Priority  int // lower comes first; equal ones by Turn, then by ID
	Turn      int // zero of the configuration's
	Condition Condition
	Office    Place
}

// Why is a reason for programs.
type Why string

// The reasons.
const (
	ByRule    Why = "rule"           // a rule holds
	ByTie     Why = "mailbox"        // its mailbox is tied to an office
	NoRule    Why = "no-rule"        // neither: a person decides
	Untrusted Why = "not-to-trust"   // altered or an imitation: a person decides, whatever the rules say
	Imported  Why = "sorting-import" // as NoRule, for a message that came without a mailbox
)

// Decision is where a message goes, and why.
type Decision struct {
	Office int // zero: the sorting desk
	Rule   int // the rule that decided, zero when none did
	Why    Why
	Reason string // the same in words, for people (Italian)
}

// Route decides where a message goes: the first rule that holds, by priority;
// else the office that the mailbox is tied to; else the sorting desk. What was
// altered or imitates certified mail always goes to the sorting desk. It looks at
// its arguments only.
func Route(f Facts, tie *Place, rules []Rule) Decision { return Prepare(f).Route(tie, rules) }

// Prepared are facts made ready for being routed by many sets of rules.
type Prepared struct {
	facts  Facts
	folded *folded
}

// Prepare makes facts ready.
func Prepare(f Facts) Prepared { return Prepared{f, f.fold()} }

// Holds tells whether the message is as a condition asks.
func (m Prepared) Holds(c Condition) bool { return c.holds(m.folded) }

// Route is Route for what is prepared.
func (m Prepared) Route(tie *Place, rules []Rule) Decision {
	verdict := m.facts.Verdict
	if verdict == smime.Altered || verdict == smime.Imitation {
		return Decision{Why: Untrusted, Reason: doubt(verdict)}
	}
	d := m.route(tie, rules)
	if d.Office != 0 && doubt(verdict) != "" {
		d.Reason += attention + doubt(verdict)
	}
	return d
}

func (m Prepared) route(tie *Place, rules []Rule) Decision {
	f := m.facts
	for _, r := range InOrder(rules) {
		if m.Holds(r.Condition) {
			return Decision{Office: r.Office.ID, Rule: r.ID, Why: ByRule, Reason: reasonOfRule(r)}
		}
	}
	switch {
	case tie != nil:
		return Decision{Office: tie.ID, Why: ByTie, Reason: reasonOfTie(f.Mailbox, *tie)}
	case f.Mailbox == "":
		return Decision{Why: Imported, Reason: imported}
	}
	return Decision{Why: NoRule, Reason: noRule}
}

// InOrder are rules as they are asked: by priority, then by turn.
func InOrder(rules []Rule) []Rule {
	return slices.SortedStableFunc(slices.Values(rules), func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Turn, b.Turn), cmp.Compare(a.ID, b.ID))
	})
}

// doubt says what a verdict other than valid means; nothing for valid ones.
func doubt(s smime.Status) string {
	switch s {
	case smime.Valid:
		return ""
	case smime.Altered:
		return "il contenuto non è quello firmato dal gestore"
	case smime.Imitation:
		return "si presenta come PEC ma non è firmato"
	case smime.Untrusted:
		return "firma di un gestore non riconosciuto"
	case smime.Expired:
		return "certificato del gestore non valido alla data del messaggio"
	case smime.Unsigned:
		return "posta ordinaria, non certificata"
	}
	return "firma non verificabile"
}

// folded is a message made ready for comparing, once for all rules.
type folded struct {
	to, from      string
	subject, text []string
	files         []File
}

func (f Facts) fold() *folded {
	m := &folded{to: fold(f.Mailbox), from: fold(f.Sender), subject: words(f.Subject), text: words(f.Text)}
	for _, a := range f.Attachments {
		m.files = append(m.files, File{Name: fold(strings.TrimSpace(a.Name)), MediaType: fold(a.MediaType)})
	}
	return m
}

func (m *folded) mailbox(address string) bool { return m.to == fold(address) }

func (m *folded) sender(pattern string) bool {
	pattern = fold(pattern)
	if domain, ok := strings.CutPrefix(pattern, "@"); ok {
		at := strings.LastIndexByte(m.from, '@')
		return at >= 0 && like(domain, m.from[at+1:])
	}
	return like(pattern, m.from)
}

func (m *folded) attachment(pattern string) bool {
	pattern = fold(pattern)
	return slices.ContainsFunc(m.files, func(f File) bool {
		if strings.Contains(pattern, "/") {
			return like(pattern, f.MediaType)
		}
		return strings.HasSuffix(f.Name, "."+strings.TrimPrefix(pattern, "."))
	})
}
