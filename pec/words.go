package pec

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// DecodeText turns the content of a text part into valid UTF-8, by the charset that
// it declares, for instance Mail.HTMLCharset. An unknown one is guessed.
func DecodeText(content []byte, charset string) string {
	return string(decodeCharset(content, charset))
}

// decodeCharset turns bytes into valid UTF-8. An unknown charset is guessed:
// UTF-8 when it fits, else Windows-1252, in which every byte means something.
func decodeCharset(p []byte, charset string) []byte {
	charset, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(charset)), " ") // a comment may follow
	if charset == "" || charset == "utf-8" || charset == "us-ascii" || charset == "ascii" {
		if utf8.Valid(p) {
			return []byte(clean(string(p)))
		}
		if charset == "utf-8" {
			return []byte(clean(string(p)))
		}
		charset = "windows-1252"
	}
	decoded, ok := convert(p, charset)
	if !ok && utf8.Valid(p) {
		decoded = p
	} else if !ok {
		decoded, _ = charmap.Windows1252.NewDecoder().Bytes(p)
	}
	return []byte(clean(string(decoded)))
}

// convert reads the charset names of the web first (they say what mail programs
// mean by iso-8859-1), then those of IANA.
func convert(p []byte, charset string) ([]byte, bool) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		e, err = ianaindex.MIME.Encoding(charset)
	}
	if err != nil || e == nil {
		return nil, false
	}
	decoded, err := e.NewDecoder().Bytes(p)
	return decoded, err == nil
}

// decodeWords decodes the encoded words of a header text (RFC 2047), also where
// they must not stand (inside quotes, glued to text). Neighbours of the same
// charset are joined before conversion, since programs cut characters in two.
// A broken word stays as it is.
func decodeWords(text string) string {
	if !strings.Contains(text, "=?") {
		return string(decodeCharset([]byte(text), ""))
	}
	var out strings.Builder
	var pending []byte // bytes of words not converted yet
	charset := ""
	flush := func() {
		out.Write(decodeCharset(pending, charset))
		pending = pending[:0]
	}
	for text != "" {
		before, rest, _ := strings.Cut(text, "=?")
		if len(pending) == 0 || strings.TrimSpace(before) != "" {
			flush()
			out.Write(decodeCharset([]byte(before), ""))
		}
		if len(before) == len(text) {
			break
		}
		w, after, ok := cutWord(rest)
		if !ok {
			flush()
			out.WriteString("=?")
			text = rest
			continue
		}
		if w.charset != charset {
			flush()
			charset = w.charset
		}
		pending = append(pending, w.bytes...)
		text = after
	}
	flush()
	return out.String()
}

// maxWord bounds an encoded word; the standard says 75, real programs write more.
const maxWord = 8 << 10

type word struct {
	charset string
	bytes   []byte
}

// cutWord reads charset?B?text?= off the text.
func cutWord(text string) (w word, rest string, ok bool) {
	charset, rest, ok := strings.Cut(text, "?")
	if !ok || len(charset) > 60 || len(rest) < 2 || rest[1] != '?' {
		return w, "", false
	}
	w.charset, _, _ = strings.Cut(strings.ToLower(charset), "*") // RFC 2231 §5: language
	end := strings.Index(rest[2:min(len(rest), maxWord)], "?=")
	if end < 0 {
		return w, "", false
	}
	encoded, after := rest[2:2+end], rest[2+end+2:]
	switch rest[0] {
	case 'B', 'b':
		w.bytes, ok = wordBase64(encoded)
	case 'Q', 'q':
		w.bytes = wordQ(encoded)
	default:
		return w, "", false
	}
	return w, after, ok
}

func wordBase64(text string) ([]byte, bool) {
	text = strings.TrimRight(strings.ReplaceAll(text, " ", ""), "=")
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	p, err := base64.RawStdEncoding.DecodeString(text)
	return p, err == nil
}

func wordQ(text string) []byte {
	p := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '_':
			p = append(p, ' ')
		case text[i] == '=' && i+2 < len(text) && unhex(text[i+1]) >= 0 && unhex(text[i+2]) >= 0:
			p = append(p, byte(unhex(text[i+1])<<4|unhex(text[i+2])))
			i += 2
		default:
			p = append(p, text[i])
		}
	}
	return p
}

// headline decodes a header text for one line of a screen: no control characters.
func headline(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, decodeWords(text)))
}
