package letter

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// go-message leaves a line of encoded words unfolded up to 998 characters, and
// splits long ASCII words with a blank that was not there. So the fields are
// folded here, between words that are short enough, and handed over as they are.

const (
	lineLength = 76 // of a line with encoded words (RFC 2047 §2); below the 78 of RFC 5322
	plainWord  = 60 // a longer one is encoded, so that it can be folded
	maxLabel   = 200
)

// field writes a header field, folded between its words; one without words is none.
func field(name string, words ...string) []byte {
	if len(words) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(name + ":")
	length := b.Len()
	for i, word := range words {
		if i > 0 && length+1+len(word) > lineLength {
			b.WriteString("\r\n")
			length = 0
		}
		b.WriteString(" " + word)
		length += 1 + len(word)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// text gives the words of an unstructured field. Each blank is kept.
func text(s string) []string {
	words := strings.Split(s, " ")
	for _, word := range words {
		if word == "" || !plain(word) { // an empty word is a blank that unfolding could lose
			return encodedWords(s)
		}
	}
	return words
}

// plain reports a text that stands as it is, and is not taken for an encoded word.
func plain(s string) bool {
	return len(s) <= plainWord && !strings.Contains(s, "=?") && !strings.ContainsFunc(s, notPrintable)
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }

// encodedWords encodes a text in pieces of whole characters (RFC 2047 §5).
func encodedWords(s string) (words []string) {
	for s != "" {
		piece := cut(s, 39) // 64 characters when encoded: the longest field name fits before it
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(piece))+"?=")
		s = s[len(piece):]
	}
	return words
}

// addresses gives the words of an address list.
func addresses(list ...Address) (words []string) {
	for i, a := range list {
		name := cut(oneLine(a.Name), maxLabel)
		switch {
		case name == "":
		case plain(name):
			words = append(words, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)+`"`)
		default:
			words = append(words, encodedWords(name)...)
		}
		comma := ","
		if i == len(list)-1 {
			comma = ""
		}
		words = append(words, "<"+a.Address+">"+comma)
	}
	return words
}

// identifiers leaves out what is none: those of other people's mail are hostile.
// Of many the first and the last ones are kept, which threads are made of.
func identifiers(ids ...string) (words []string) {
	for _, id := range ids {
		if identifier.MatchString(id) {
			words = append(words, id)
		}
	}
	if surplus := len(words) - maxReferences; surplus > 0 {
		words = append(words[:1], words[1+surplus:]...)
	}
	return words
}

// named gives the words of a parameter that holds a file name. What is not ASCII
// comes first as RFC 2231 writes it, then again in letters that everybody reads:
// Python and mutt believe the first, and others the one with the star.
func named(parameter, name string) []string {
	basic := fmt.Sprintf(`%s="%s"`, parameter, asciiName(name))
	if asciiName(name) == name {
		return []string{basic}
	}
	return []string{parameter + "*=utf-8''" + percent(name) + ";", basic}
}

// percent encodes a value of RFC 2231 §4. It is not cut into numbered pieces:
// fewer programs read those, and it fits into a line (maxName).
func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("-._", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
