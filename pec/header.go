package pec

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// header holds the fields of a header block that this package reads, in order,
// unfolded but not decoded.
type header []field

type field struct {
	name  string // lower case
	value string
}

// maxField bounds one field of a part; those of a message may use the whole block.
const maxField = 4 << 10

// wanted are the fields that are read; content- fields in every part, the
// others in the header of a message only.
var wanted = map[string]bool{
	"content-type": true, "content-transfer-encoding": true, "content-disposition": true, "content-id": true,
	"from": false, "to": false, "cc": false, "reply-to": false, "subject": false, "date": false,
	"message-id": false, "in-reply-to": false, "references": false,
	"x-ricevuta": false, "x-trasporto": false, "x-riferimento-message-id": false,
}

// parseHeader reads a header block (RFC 5322 §2.2), lenient where real mail is.
func parseHeader(block []byte, ofMessage bool, maxFields int, n *notes) header {
	var h header
	count, malformed := 0, 0
	for len(block) > 0 {
		var raw []byte
		raw, block = cutField(block)
		if count++; count > maxFields {
			n.add("header-too-long", "a header has more than %d fields; the rest was left out", maxFields)
			break
		}
		name, value, ok := bytes.Cut(raw, []byte{':'})
		if !ok || len(bytes.TrimSpace(name)) == 0 {
			malformed++
			continue
		}
		key := strings.ToLower(string(bytes.TrimSpace(name[:min(len(name), 100)])))
		inParts, known := wanted[key]
		if !known || !inParts && !ofMessage {
			continue
		}
		if inParts && len(value) > maxField {
			n.add("header-field-too-long", "the field %s has more than %d bytes; the rest was left out", key, maxField)
			value = value[:maxField]
		}
		h = append(h, field{key, unfold(value)})
	}
	if malformed > 0 {
		n.add("header-line-malformed", "%d header lines have no field name; they were left out", malformed)
	}
	return h
}

// cutField takes one field off the block, with its folded lines.
func cutField(block []byte) (raw, rest []byte) {
	end := 0
	for {
		i := bytes.IndexByte(block[end:], '\n')
		if i < 0 {
			return block, nil
		}
		end += i + 1
		if end == len(block) || block[end] != ' ' && block[end] != '\t' {
			return block[:end], block[end:]
		}
	}
}

func unfold(value []byte) string {
	value = bytes.TrimSpace(value)
	if bytes.IndexByte(value, '\n') < 0 {
		return string(value)
	}
	var b strings.Builder
	for l := range bytes.Lines(value) {
		b.Write(bytes.TrimRight(l, "\r\n"))
	}
	return b.String()
}

// get gives the first value of a field, empty when there is none.
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// all gives every value of a field.
func (h header) all(name string) (values []string) {
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// date reads the Date field; the zero time when missing or unreadable.
func (h header) date(n *notes) time.Time {
	text := h.get("date")
	if text == "" {
		return time.Time{}
	}
	t, err := mail.ParseDate(text[:min(len(text), 200)])
	if err != nil {
		n.add("date-unreadable", "the Date field cannot be read")
		return time.Time{}
	}
	return t
}

// messageID gives an id with its angle brackets, as written.
func messageID(value string) string {
	if ids := messageIDs(value); len(ids) > 0 {
		return ids[0]
	}
	return clean(value[:min(len(value), maxID)])
}

const maxID, maxIDs = 1000, 100

// messageIDs gives the ids in angle brackets of a field such as References.
func messageIDs(value string) (ids []string) {
	for len(ids) < maxIDs {
		_, rest, ok := strings.Cut(value, "<")
		if !ok {
			return ids
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			return ids
		}
		if len(id) <= maxID {
			ids = append(ids, clean("<"+id+">"))
		}
		value = after
	}
	return ids
}

// clean makes text fit for a database and a screen: valid UTF-8, no NUL.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "�")
	return strings.ReplaceAll(text, "\x00", "�")
}
