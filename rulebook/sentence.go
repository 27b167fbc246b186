package rulebook

import (
	"encoding/json"
	"strings"

	"github.com/smista/smista/desk"
)

// text is a condition as the configuration and the register write it.
func text(c desk.Condition) string {
	b, _ := json.Marshal(c) //nolint:errchkjson // texts and lists only
	return string(b)
}

// words are a language's for saying a rule.
type words struct {
	begin, and, or, not, to string
	of                      map[string]string // of a field, before its value
}

func italian() words {
	return words{
		begin: "se ", and: " e ", or: " o ", not: "non ", to: ", allora a ",
		of: map[string]string{
			"mailbox": "la casella è ", "sender": "il mittente è ", "subject": "l'oggetto contiene ",
			"text": "il testo contiene ", "attachment": "c'è un allegato ",
		},
	}
}

func english() words {
	return words{
		begin: "if ", and: " and ", or: " or ", not: "not ", to: ", then to ",
		of: map[string]string{
			"mailbox": "the mailbox is ", "sender": "the sender is ", "subject": "the subject contains ",
			"text": "the text contains ", "attachment": "there is an attachment ",
		},
	}
}

// Sentence says a rule in words: «se l'oggetto contiene «fattur*», allora a
// Ufficio Tributi».
func Sentence(c desk.Condition, office string, inItalian bool) string {
	w := english()
	if inItalian {
		w = italian()
	}
	said, _ := w.say(c)
	return w.begin + said + w.to + office
}

// say gives a condition in words, and whether they need brackets inside of others.
func (w words) say(c desk.Condition) (said string, several bool) {
	var parts []string
	for _, f := range []struct{ name, value string }{
		{"mailbox", c.Mailbox}, {"sender", c.Sender}, {"subject", c.Subject}, {"text", c.Text}, {"attachment", c.Attachment},
	} {
		if f.value != "" {
			parts = append(parts, w.of[f.name]+"«"+f.value+"»")
		}
	}
	for _, inner := range c.All {
		parts = append(parts, w.inside(inner))
	}
	if len(c.Any) > 0 {
		var choices []string
		for _, inner := range c.Any {
			choices = append(choices, w.inside(inner))
		}
		some := strings.Join(choices, w.or)
		if len(choices) > 1 && (len(parts) > 0 || c.Not != nil) {
			some = "(" + some + ")"
		}
		parts = append(parts, some)
	}
	if c.Not != nil {
		parts = append(parts, w.not+w.inside(*c.Not))
	}
	return strings.Join(parts, w.and), len(parts) > 1 || len(c.Any) > 1
}

func (w words) inside(c desk.Condition) string {
	said, several := w.say(c)
	if several {
		return "(" + said + ")"
	}
	return said
}
