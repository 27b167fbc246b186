package letter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const (
	maxQuotes = 8 // levels of quotes and lists that the text shows
	maxLists  = 8
)

// Text makes plain text of HTML, the alternative that a letter carries:
// paragraphs, lists with their marks, tables row by row, quotes after "> ",
// links as "text <address>". Lines are as long as they are.
func Text(source string) string { return plainText(Clean(source)) }

// plainText reads clean HTML.
func plainText(cleaned string) string {
	var t textMaker
	z := html.NewTokenizer(strings.NewReader(cleaned))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.TrimRight(t.out.String(), " \n")
		case html.TextToken:
			t.read(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			t.start(token)
			if kind == html.SelfClosingTagToken && !void(token.Data) {
				t.end(token.Data)
			}
		case html.EndTagToken:
			t.end(z.Token().Data)
		}
	}
}

// textMaker writes lines. What separates is owed until something follows it.
type textMaker struct {
	out    strings.Builder
	lines  int  // line ends owed, two at most but for <br>
	space  bool // a blank is owed
	quotes int  // levels of quotes, of the line that is written now
	before int  // levels of the line before
	pre    int  // inside <pre>, blanks and line ends count
	cells  int  // of the table's row so far
	row    int  // where the row begins
	inCell bool // nothing of a cell is written yet: paragraphs begin in the row
	lists  []list
	mark   string // of a list's item, owed
	links  []link
}

type list struct {
	ordered bool
	number  int
}

type link struct {
	address string
	from    int // where its text begins
}

func (t *textMaker) start(token html.Token) {
	switch token.Data {
	case "br":
		t.lines++
	case "hr":
		t.own(1)
		t.write("----------")
		t.own(1)
	case "img":
		if alt := oneLine(attribute(token, "alt")); alt != "" {
			t.write("[" + alt + "]")
		}
	case "a":
		t.links = append(t.links, link{address: attribute(token, "href"), from: t.out.Len()})
	case "ul", "ol":
		t.openList(token)
	case "li":
		t.own(1)
		t.mark = t.nextMark()
	case "tr":
		t.own(1)
		t.cells, t.row = 0, t.out.Len()
	case "td", "th":
		t.cell()
	case "pre":
		t.own(2)
		t.pre++
	case "blockquote":
		t.own(2)
		t.quotes++
	default:
		t.own(apart(token.Data))
	}
}

func (t *textMaker) end(name string) {
	switch name {
	case "a":
		t.closeLink()
	case "ul", "ol":
		if n := len(t.lists); n > 0 {
			t.lists = t.lists[:n-1]
		}
		t.own(2 - min(len(t.lists), 1)) // a list in a list is no paragraph
		t.mark = ""
	case "td", "th":
		t.inCell = false
	case "li", "tr":
		t.own(1)
	case "pre":
		t.own(2)
		t.pre = max(t.pre-1, 0)
	case "blockquote":
		t.own(2)
		t.quotes = max(t.quotes-1, 0)
	default:
		t.own(apart(name))
	}
}

// apart is how many line ends stand around an element.
func apart(name string) int {
	switch name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dl":
		return 2
	case "div", "center", "caption", "dt", "dd":
		return 1
	}
	return 0
}

// own owes line ends; what is owed already counts. The first line of a list's
// item begins after its mark, that of a table's cell in the row.
func (t *textMaker) own(lines int) {
	if t.mark == "" && !t.inCell {
		t.lines = max(t.lines, lines)
	}
}

func (t *textMaker) openList(token html.Token) {
	first, err := strconv.Atoi(attribute(token, "start"))
	if err != nil {
		first = 1
	}
	t.mark = ""
	t.own(2 - min(len(t.lists), 1))
	t.lists = append(t.lists, list{ordered: token.Data == "ol", number: first})
}

func (t *textMaker) nextMark() string {
	n := len(t.lists)
	if n == 0 || !t.lists[n-1].ordered {
		return "- "
	}
	t.lists[n-1].number++
	return strconv.Itoa(t.lists[n-1].number-1) + ". "
}

// cell begins a cell of a table's row.
func (t *textMaker) cell() {
	t.inCell = true
	t.cells++
	switch {
	case t.cells == 1:
		return
	case t.out.Len() == t.row: // the cells before it are empty
		t.write("|")
	default:
		t.lines, t.space = 0, false
		t.write(" |")
	}
	t.space, t.inCell = true, true
}

func (t *textMaker) closeLink() {
	n := len(t.links)
	if n == 0 {
		return
	}
	l := t.links[n-1]
	t.links = t.links[:n-1]
	shown := strings.TrimSpace(t.out.String()[l.from:])
	address := strings.TrimPrefix(l.address, "mailto:")
	switch {
	case address == "" || strings.HasSuffix(shown, address) || strings.HasSuffix(shown+"/", address):
	case shown == "":
		t.write("<" + address + ">")
	default:
		t.space = true
		t.write("<" + address + ">")
	}
}

// read writes words as they flow, or lines as they are.
func (t *textMaker) read(s string) {
	if t.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				t.lines++
			}
			t.write(line)
		}
		return
	}
	first, _ := utf8.DecodeRuneInString(s)
	t.space = t.space || unicode.IsSpace(first)
	for i, word := range strings.Fields(s) {
		t.space = t.space || i > 0
		t.write(word)
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	t.space = t.space || unicode.IsSpace(last)
}

// write writes what is owed, and then the text.
func (t *textMaker) write(s string) {
	if s == "" {
		return
	}
	switch {
	case t.out.Len() == 0:
		t.beginLine()
	case t.lines > 0:
		t.out.WriteByte('\n')
		for range t.lines - 1 {
			t.out.WriteString(strings.TrimRight(quoted(min(t.before, t.quotes)), " ") + "\n")
		}
		t.beginLine()
	case t.space:
		t.out.WriteByte(' ')
	}
	t.lines, t.space, t.inCell = 0, false, false
	t.out.WriteString(s)
}

func (t *textMaker) beginLine() {
	indent := 2 * min(len(t.lists), maxLists)
	if t.mark != "" {
		indent = max(indent-2, 0)
	}
	t.out.WriteString(quoted(t.quotes) + strings.Repeat(" ", indent) + t.mark)
	t.mark, t.before = "", t.quotes
}

func quoted(levels int) string { return strings.Repeat("> ", min(levels, maxQuotes)) }

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
