package pec

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText makes plain text for reading out of HTML, and gives the Content-IDs
// that the HTML shows (RFC 2392). It reads tokens, never builds a tree.
func htmlText(source []byte) (text string, shown map[string]bool) {
	t := textMaker{shown: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.text(), t.shown
		case html.TextToken:
			t.words(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			t.start(atom.Lookup(name))
			for more {
				var value []byte
				_, value, more = z.TagAttr()
				t.attribute(string(value))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(atom.Lookup(name))
		}
	}
}

type textMaker struct {
	out    strings.Builder
	hidden atom.Atom // inside this element nothing is shown
	lines  int       // line ends owed before the next word
	space  bool      // a blank is owed
	shown  map[string]bool
}

func (t *textMaker) start(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		if t.hidden == 0 {
			t.hidden = tag
		}
	case atom.Br:
		t.lines = min(t.lines+1, 2)
	case atom.Td, atom.Th:
		t.space = true
	default:
		t.block(tag)
	}
}

func (t *textMaker) end(tag atom.Atom) {
	if tag == t.hidden {
		t.hidden = 0
	}
	t.block(tag)
}

// block owes a line end around elements that stand by themselves.
func (t *textMaker) block(tag atom.Atom) {
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.Blockquote, atom.Table, atom.Ul, atom.Ol:
		t.lines = 2
	case atom.Div, atom.Li, atom.Tr, atom.Hr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Pre:
		t.lines = max(t.lines, 1)
	}
}

func (t *textMaker) words(text string) {
	if t.hidden != 0 {
		return
	}
	first, _ := utf8.DecodeRuneInString(text)
	t.space = t.space || unicode.IsSpace(first)
	for i, word := range strings.Fields(text) {
		if t.out.Len() > 0 {
			switch {
			case t.lines > 0:
				t.out.WriteString("\n\n"[:t.lines])
			case t.space || i > 0:
				t.out.WriteByte(' ')
			}
		}
		t.lines, t.space = 0, false
		t.out.WriteString(word)
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	t.space = t.space || unicode.IsSpace(last)
}

func (t *textMaker) attribute(value string) {
	if id, ok := strings.CutPrefix(value, "cid:"); ok && len(t.shown) < maxIDs {
		t.shown[id] = true
	}
}

func (t *textMaker) text() string { return clean(t.out.String()) }
