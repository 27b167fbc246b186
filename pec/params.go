package pec

import (
	"slices"
	"strconv"
	"strings"
)

// parameters of a Content-Type or Content-Disposition field (RFC 2045 §5.1,
// RFC 2231), decoded.
type parameters struct {
	values    map[string]string
	ambiguous bool // one that matters was given twice: programs differ on which of the two holds
}

const maxPieces = 64

// parseParameters reads "value; name=value; …" leniently: unquoted values may
// hold blanks, a quote may stay open.
func parseParameters(text string) (value string, p parameters) {
	value, text, _ = strings.Cut(text, ";")
	value = strings.ToLower(strings.TrimSpace(value))
	p.values = map[string]string{}
	pieces := map[string][]piece{}
	for count := 0; text != "" && count < 4*maxPieces; count++ {
		var name, raw string
		name, raw, text = cutParameter(text)
		base, order, extended, isPiece := continuation(name)
		_, twice := p.values[name]
		switch {
		case name == "":
		case isPiece && len(pieces[base]) < maxPieces:
			pieces[base] = append(pieces[base], piece{order, extended, raw})
		case twice:
			p.ambiguous = p.ambiguous || decisive(name)
		default:
			p.values[name] = raw
		}
	}
	for base, list := range pieces {
		if !p.join(base, list) && decisive(base) {
			p.ambiguous = true
		}
	}
	return value, p
}

// decisive parameters say what a part is made of and how it is called.
func decisive(name string) bool {
	return name == "boundary" || name == "name" || name == "filename"
}

// piece is one of name*0, name*1*, … or the single name*.
type piece struct {
	order    int
	extended bool // percent-encoded, the first with charset'language'
	raw      string
}

// continuation splits name*1* into its parts (RFC 2231 §3, §4).
func continuation(name string) (base string, order int, extended, ok bool) {
	base, rest, ok := strings.Cut(name, "*")
	if !ok {
		return name, 0, false, false
	}
	if rest == "" {
		return base, 0, true, true
	}
	digits, extended := strings.CutSuffix(rest, "*")
	order, err := strconv.Atoi(digits)
	return base, order, extended, err == nil && order >= 0
}

// join puts the pieces of one parameter together; it wins over the plain one,
// which old programs read. False when two pieces claim the same place.
func (p *parameters) join(base string, list []piece) bool {
	slices.SortStableFunc(list, func(a, b piece) int { return a.order - b.order })
	var joined strings.Builder
	charset := ""
	for i, one := range list {
		if i > 0 && one.order == list[i-1].order {
			return false
		}
		raw := one.raw
		if one.extended {
			if i == 0 {
				if cs, rest, ok := strings.Cut(raw, "'"); ok {
					charset = cs
					_, raw, _ = strings.Cut(rest, "'")
				}
			}
			raw = percentDecode(raw)
		}
		joined.WriteString(raw)
	}
	p.values[base] = string(decodeCharset([]byte(joined.String()), charset))
	return true
}

func percentDecode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && unhex(text[i+1]) >= 0 && unhex(text[i+2]) >= 0 {
			b.WriteByte(byte(unhex(text[i+1])<<4 | unhex(text[i+2])))
			i += 2
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// cutParameter takes one name=value off the text.
func cutParameter(text string) (name, value, rest string) {
	text = strings.TrimLeft(text, " \t;")
	end := strings.IndexAny(text, "=;")
	if end < 0 {
		return "", "", ""
	}
	if text[end] == ';' {
		return "", "", text[end:]
	}
	name = strings.ToLower(strings.TrimSpace(text[:end]))
	text = strings.TrimLeft(text[end+1:], " \t")
	if strings.HasPrefix(text, `"`) {
		value, rest = cutQuoted(text[1:])
		return name, value, rest
	}
	value, rest, _ = strings.Cut(text, ";")
	return name, strings.TrimSpace(value), rest
}

// cutQuoted reads up to the closing quote. A backslash quotes only a quote or a
// backslash, since some programs write Windows paths bare.
func cutQuoted(text string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			_, rest, _ = strings.Cut(text[i+1:], ";")
			return b.String(), rest
		case c == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
