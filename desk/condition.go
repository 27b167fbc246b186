package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Bounds of one condition, so that a rule can neither grow without end nor take
// long on a long text.
const (
	maxConditionBytes = 64 << 10
	maxConditionDepth = 8
	maxConditionNodes = 200
	maxPattern        = 200 // bytes of one value
)

// Condition is what a rule asks of a message. Everything said in one condition
// must hold. Neither case nor accents count.
//
//	{"sender": "@studio.example", "any": [{"subject": "fattur*"}, {"attachment": ".xml.p7m"}]}
type Condition struct {
	All []Condition `json:"all,omitempty"` // all must hold
	Any []Condition `json:"any,omitempty"` // at least one must hold
	Not *Condition  `json:"not,omitempty"` // must not hold

	Mailbox    string `json:"mailbox,omitempty"`    // address of our mailbox it came to
	Sender     string `json:"sender,omitempty"`     // address, or @domain; * stands for any characters
	Subject    string `json:"subject,omitempty"`    // whole words, one after the other; * stands for any letters
	Text       string `json:"text,omitempty"`       // the same, in the text
	Attachment string `json:"attachment,omitempty"` // end of a name (".pdf"), or media type ("image/*")
}

// ParseCondition reads a condition as JSON and is strict: an error names the
// place of what is unknown, repeated, empty or too large.
func ParseCondition(data []byte) (Condition, error) {
	if len(data) > maxConditionBytes {
		return Condition{}, invalid("$", fmt.Sprintf("the condition is longer than %d bytes", maxConditionBytes))
	}
	c, err := parseCondition(data, "$", 1)
	if err != nil {
		return Condition{}, err
	}
	return c, c.Check()
}

func invalid(place, what string) error {
	return &Error{Code: Invalid, Message: place + ": " + what}
}

// wrong is invalid for what people can write as well.
func wrong(place, what, italian string) error {
	return &Error{Code: Invalid, Message: place + ": " + what, Place: place, Italian: italian}
}

func parseCondition(data []byte, place string, depth int) (c Condition, err error) {
	if depth > maxConditionDepth {
		return c, invalid(place, fmt.Sprintf("conditions stand more than %d deep", maxConditionDepth))
	}
	fields, err := members(data, place)
	if err != nil {
		return c, err
	}
	for _, f := range fields {
		if err := assign(&c, f, place+"."+f.name, depth); err != nil {
			return Condition{}, err
		}
	}
	return c, nil
}

// assign reads one member of the object into its field.
func assign(c *Condition, f member, place string, depth int) (err error) {
	switch f.name {
	case "all":
		c.All, err = parseList(f.value, place, depth)
	case "any":
		c.Any, err = parseList(f.value, place, depth)
	case "not":
		var inner Condition
		inner, err = parseCondition(f.value, place, depth+1)
		c.Not = &inner
	default:
		target := named(c, f.name)
		if target == nil {
			return invalid(place, "there is no such condition; there are all, any, not, mailbox, sender, subject, text, attachment")
		}
		if json.Unmarshal(f.value, target) != nil || *target == "" {
			return invalid(place, "must be a text, not empty")
		}
	}
	return err
}

func named(c *Condition, name string) *string {
	return map[string]*string{
		"mailbox": &c.Mailbox, "sender": &c.Sender, "subject": &c.Subject,
		"text": &c.Text, "attachment": &c.Attachment,
	}[name]
}

func parseList(data []byte, place string, depth int) ([]Condition, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil || len(raw) == 0 {
		return nil, invalid(place, "must be a list of conditions, not empty")
	}
	list := make([]Condition, len(raw))
	for i, one := range raw {
		var err error
		if list[i], err = parseCondition(one, fmt.Sprintf("%s[%d]", place, i), depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

type member struct {
	name  string
	value json.RawMessage
}

// members reads a JSON object in order, and refuses a name that comes twice.
func members(data []byte, place string) ([]member, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, invalid(place, "must be an object, as in {\"subject\": \"fattura\"}")
	}
	var list []member
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, invalid(place, "is not JSON")
		}
		if seen[name] {
			return nil, invalid(place+"."+name, "stands twice")
		}
		seen[name] = true
		f := member{name: name}
		if err := dec.Decode(&f.value); err != nil {
			return nil, invalid(place+"."+name, "is not JSON")
		}
		list = append(list, f)
	}
	if _, err := dec.Token(); err != nil || len(strings.TrimSpace(string(data[dec.InputOffset():]))) > 0 {
		return nil, invalid(place, "is not one whole JSON object")
	}
	return list, nil
}

// Check tells what is wrong with a condition that was not parsed from JSON.
func (c Condition) Check() error {
	nodes := 0
	return c.check("$", 1, &nodes)
}

func (c Condition) check(place string, depth int, nodes *int) error {
	*nodes++
	switch {
	case depth > maxConditionDepth:
		return wrong(place, fmt.Sprintf("conditions stand more than %d deep", maxConditionDepth),
			fmt.Sprintf("le condizioni stanno una dentro l'altra per più di %d livelli", maxConditionDepth))
	case *nodes > maxConditionNodes:
		return wrong(place, fmt.Sprintf("there are more than %d conditions", maxConditionNodes),
			fmt.Sprintf("le condizioni sono più di %d", maxConditionNodes))
	case c.empty():
		return wrong(place, "says nothing, and so would hold for every message", "la condizione è vuota, e varrebbe per ogni messaggio")
	}
	if err := c.checkValues(place); err != nil {
		return err
	}
	for i, inner := range c.All {
		if err := inner.check(fmt.Sprintf("%s.all[%d]", place, i), depth+1, nodes); err != nil {
			return err
		}
	}
	for i, inner := range c.Any {
		if err := inner.check(fmt.Sprintf("%s.any[%d]", place, i), depth+1, nodes); err != nil {
			return err
		}
	}
	if c.Not != nil {
		return c.Not.check(place+".not", depth+1, nodes)
	}
	return nil
}

func (c Condition) empty() bool {
	return len(c.All)+len(c.Any) == 0 && c.Not == nil &&
		c.Mailbox+c.Sender+c.Subject+c.Text+c.Attachment == ""
}

func (c Condition) checkValues(place string) error {
	for _, name := range []string{"mailbox", "sender", "subject", "text", "attachment"} {
		value := *named(&c, name)
		switch {
		case value == "":
		case len(value) > maxPattern:
			return wrong(place+"."+name, fmt.Sprintf("is longer than %d bytes", maxPattern), fmt.Sprintf("il valore supera %d byte", maxPattern))
		case (name == "mailbox" || name == "sender") && !strings.Contains(value, "@"):
			return wrong(place+"."+name, "must be an address; a domain is written @example.it", "serve un indirizzo; un dominio si scrive @esempio.it")
		case (name == "subject" || name == "text") && len(patterns(value)) == 0:
			return wrong(place+"."+name, "has no word in it", "il valore non contiene parole")
		}
	}
	return nil
}

// holds tells whether the message is as the condition asks.
func (c Condition) holds(m *folded) bool {
	if c.Mailbox != "" && !m.mailbox(c.Mailbox) ||
		c.Sender != "" && !m.sender(c.Sender) ||
		c.Subject != "" && !stands(patterns(c.Subject), m.subject) ||
		c.Text != "" && !stands(patterns(c.Text), m.text) ||
		c.Attachment != "" && !m.attachment(c.Attachment) ||
		c.Not != nil && c.Not.holds(m) {
		return false
	}
	for _, inner := range c.All {
		if !inner.holds(m) {
			return false
		}
	}
	for _, inner := range c.Any {
		if inner.holds(m) {
			return true
		}
	}
	return len(c.Any) == 0
}

// AsksContent tells whether it depends on anything but the mailbox: on who wrote,
// or on what the message says.
func (c Condition) AsksContent() bool {
	return c.Sender+c.Subject+c.Text+c.Attachment != "" || c.Not != nil && c.Not.AsksContent() ||
		slices.ContainsFunc(c.All, Condition.AsksContent) || slices.ContainsFunc(c.Any, Condition.AsksContent)
}
