// Package display makes what strangers wrote safe to be shown in a browser: the
// HTML of a mail that came in, its text, its pictures. It is pure: it fetches
// nothing and keeps nothing.
//
//   - What is shown is written anew out of lists of what is allowed. Nothing of the
//     source is copied but words, escaped, and values that were recognised.
//   - Nothing in it runs, asks or loads. Pictures are data of the page, or stand at a
//     path that the caller names.
//   - No tree is built: that of a hostile text can be a thousand times as big as the
//     text. Time grows with the source; what is written is bounded.
//   - Each element is closed in its place, so that what stands around it stays what it is.
//
// Package letter cleans what we send with bluemonday, by a list that is shorter. What
// comes in needs more of each element than to let it pass (a picture becomes a box, a
// link tells its domain, what is hidden goes with all it holds), so it has its own.
// Behind it stands the Content-Security-Policy of the page, which allows no script.
package display

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Limits of what is shown.
const (
	MaxHTML     = 2 << 20 // bytes of a source, as UTF-8; a longer one is not cleaned
	MaxPictures = 4 << 20 // bytes of the pictures in a page, before they are encoded
	maxRemote   = 300     // remote pictures that are known
	maxOutput   = 8 << 20 // bytes that are written, besides pictures
	maxDepth    = 200     // of elements in elements; what is deeper loses its tags
	maxValue    = 4000    // bytes of an attribute; a longer one is left out
	maxSheet    = 1 << 18 // bytes of style elements
)

// Options say where pictures come from.
type Options struct {
	// Picture gives a picture of the message by its Content-ID, as DataURI makes it;
	// empty when there is none. Nil: there are none.
	Picture func(contentID string) string
	// Remote gives the path from which the remote picture of this number is shown. Nil:
	// remote pictures are not shown.
	Remote func(number int) string
}

// Cleaned is HTML that may be shown.
type Cleaned struct {
	HTML   string   // what stands in the body
	Style  string   // of its style elements, for one of the page's head
	Lang   string   // language tag that it gives itself; empty when none
	Remote []string // addresses of the remote pictures, each once; their place is their number
	Shows  bool     // whether there is anything to see: words, or a picture that is shown
	Whole  bool     // false: it was too long, and nothing of it is here
}

// Clean leaves of a mail's HTML what may be shown: text, tables, lists, fonts,
// colours, links, and pictures as the options say. What its author hides is left
// out. Remote is the same whatever the options are.
func Clean(source string, o Options) Cleaned {
	if len(source) > MaxHTML {
		return Cleaned{}
	}
	c := &cleaner{options: o, numbers: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(source))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch kind {
		case html.TextToken:
			c.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			c.start(z.Token(), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			c.end(z.Token().Data)
		}
		if c.out.Len()-c.encoded > maxOutput {
			return Cleaned{}
		}
	}
	c.closeFrom(0)
	return Cleaned{HTML: c.out.String(), Style: c.sheets.String(), Lang: c.lang, Remote: c.remote, Shows: c.shows, Whole: true}
}

// cleaner writes what is allowed of the tokens that it is given.
type cleaner struct {
	options Options
	out     strings.Builder
	open    []element
	hidden  int    // open elements that their author hides
	skipped string // inside of this element nothing is taken
	skips   int    // how often it stands in itself
	inStyle bool   // inside of a style element
	sheets  strings.Builder
	read    int // bytes of style elements so far
	link    *link
	lang    string
	shows   bool

	remote   []string
	numbers  map[string]int // of the addresses in remote
	pictures int            // bytes of pictures in the page, before they are encoded
	encoded  int            // and after
}

// element is one that is open.
type element struct {
	name   string // in the source
	tag    string // in what is written
	hidden bool
}

func (c *cleaner) write(s string) {
	if c.hidden == 0 {
		c.out.WriteString(s)
	}
}

// text takes words, or the rules of a style element.
func (c *cleaner) text(s string) {
	switch {
	case c.inStyle:
		c.sheet(s)
		return
	case c.skipped != "":
		return
	}
	s = harmless(s)
	c.write(html.EscapeString(s))
	if c.hidden > 0 {
		return
	}
	c.shows = c.shows || seen(s)
	if c.link != nil {
		c.link.says(s)
	}
}

// harmless leaves out of a text what no reader sees and what turns its direction.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\u202d', r == '\u202e', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// seen tells whether a text has anything to see.
func seen(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !strings.ContainsRune("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc", r)
	})
}

func (c *cleaner) start(t html.Token, selfClosing bool) {
	name := t.Data
	if c.skipped != "" {
		if name == c.skipped && !selfClosing {
			c.skips++
		}
		return
	}
	switch {
	case isSkipped(name):
		if !selfClosing || !isForeign(name) {
			c.skipped, c.skips = name, 1
		}
	case name == "style":
		c.inStyle = true
	case name == "html":
		c.lang = language(attribute(t, "lang"))
	case name == "img" || name == "image": // browsers take one for the other
		c.image(t)
	case name == "a":
		c.startLink(t)
	case name == "body" && c.find([]string{"body"}) < 0:
		c.push(t, "div")
	case isVoid(name):
		c.void(t)
	case elements[name] && c.place(name):
		c.push(t, name)
	}
}

// push opens an element.
func (c *cleaner) push(t html.Token, tag string) {
	if len(c.open) >= maxDepth {
		return
	}
	attributes, hidden := c.attributes(t)
	if hidden {
		c.hidden++
	}
	c.open = append(c.open, element{name: t.Data, tag: tag, hidden: hidden})
	c.write("<" + tag + attributes + ">")
}

func (c *cleaner) void(t html.Token) {
	if t.Data == "col" && !c.inTable() {
		return
	}
	if t.Data == "hr" {
		c.endParagraph()
	}
	if attributes, hidden := c.attributes(t); !hidden {
		c.write("<" + t.Data + attributes + ">")
	}
}

func (c *cleaner) end(name string) {
	switch {
	case c.skipped != "":
		if name == c.skipped {
			if c.skips--; c.skips == 0 {
				c.skipped = ""
			}
		}
	case name == "style":
		c.inStyle = false
	case name == "br": // as browsers do
		c.write("<br>")
	case name == "body":
		// text may follow
	case isTabular(name):
		if at := c.find([]string{name}, table); at >= 0 {
			c.closeFrom(at)
		}
	default:
		if at := c.find([]string{name}, cells...); at >= 0 {
			c.closeFrom(at)
		}
	}
}

// closeFrom closes what is open from a place on, the innermost first.
func (c *cleaner) closeFrom(at int) {
	for i := len(c.open) - 1; i >= at; i-- {
		e := c.open[i]
		c.write("</" + e.tag + ">")
		if e.hidden {
			c.hidden--
		}
		if e.name == "a" {
			c.write(c.link.hint())
			c.link = nil
		}
	}
	c.open = c.open[:min(at, len(c.open))]
}

// find gives the place of the innermost open element of some names, not beyond
// one of the others; -1 when there is none.
func (c *cleaner) find(names []string, beyond ...string) int {
	for i, e := range slices.Backward(c.open) {
		switch {
		case slices.Contains(names, e.name):
			return i
		case slices.Contains(beyond, e.name):
			return -1
		}
	}
	return -1
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// language is a language tag (BCP 47); empty when it is none.
func language(s string) string {
	if languageTag.MatchString(s) {
		return s
	}
	return ""
}

// attribute is the first of a name, as browsers take it.
func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}
