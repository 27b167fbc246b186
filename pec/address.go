package pec

import "strings"

// maxAddresses bounds one address field.
const maxAddresses = 1000

// parseAddresses reads an address list (RFC 5322 §3.4) leniently and in linear
// time: names may be unquoted, groups are flattened, what has no address is
// kept as a name.
func parseAddresses(text string) (list []Address) {
	for text != "" && len(list) < maxAddresses {
		var a mailbox
		a, text = cutMailbox(text)
		if one := a.address(); one != (Address{}) {
			list = append(list, one)
		}
	}
	return list
}

// mailbox gathers the pieces of one entry of the list.
type mailbox struct {
	bare   strings.Builder // text outside quotes, comments and brackets
	quoted strings.Builder // with the text in quotes, for the name
	angle  string          // inside <…>
	found  bool            // there was a <…>
}

// cutMailbox reads one entry, up to a comma or semicolon of the list's own level.
func cutMailbox(text string) (m mailbox, rest string) {
	for text != "" {
		c := text[0]
		text = text[1:]
		switch c {
		case '"':
			var inside string
			inside, text = cutString(text)
			m.quoted.WriteString(inside)
		case '(':
			text = skipComment(text)
		case '<':
			inside, after, closed := strings.Cut(text, ">")
			m.angle, m.found, text = inside, true, after
			if !closed {
				text = ""
			}
		case ',', ';':
			return m, text
		default:
			m.bare.WriteByte(c)
			m.quoted.WriteByte(c)
		}
	}
	return m, ""
}

// cutString reads a quoted string up to its closing quote.
func cutString(text string) (inside, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}

// skipComment reads up to the closing parenthesis; comments nest.
func skipComment(text string) string {
	depth := 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text[i+1:]
			}
		}
	}
	return ""
}

func (m *mailbox) address() Address {
	if m.found {
		route := m.angle[strings.LastIndexByte(m.angle, ':')+1:]
		return Address{Name: headline(m.quoted.String()), Address: headline(route)}
	}
	bare := m.bare.String()
	bare = strings.TrimSpace(bare[strings.LastIndexByte(bare, ':')+1:])
	if strings.Contains(bare, "@") && !strings.ContainsAny(bare, " \t") {
		return Address{Address: headline(bare)}
	}
	name := m.quoted.String()
	return Address{Name: headline(name[strings.LastIndexByte(name, ':')+1:])}
}
