package display

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// elements are those that are shown, besides what is handled by itself (a, img,
// body, style) and what has no end.
var elements = setOf("p div span b strong i em u s strike del ins sub sup small big center font tt h1 h2 h3 h4 h5 h6 blockquote q pre code samp kbd var " +
	"cite abbr address dfn mark ul ol li dl dt dd table caption colgroup thead tbody tfoot tr td th section article header footer main nav aside figure figcaption")

// blocks are those that end a paragraph (HTML, "close a p element").
var blocks = setOf("p div center h1 h2 h3 h4 h5 h6 blockquote pre address ul ol li dl dt dd table section article header footer main nav aside figure figcaption")

const table = "table"

// cells are what an end tag does not reach beyond.
var cells = []string{"td", "th", "caption", table}

func setOf(names string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

// isSkipped tells what goes with all that stands in it.
func isSkipped(name string) bool {
	return slices.Contains([]string{"script", "title", "template", "iframe", "noembed", "noframes"}, name) || isForeign(name)
}

// isForeign tells the elements in which other rules hold than those of HTML.
func isForeign(name string) bool { return name == "svg" || name == "math" }

func isVoid(name string) bool { return slices.Contains([]string{"br", "hr", "wbr", "col"}, name) }

func isTabular(name string) bool {
	return slices.Contains([]string{table, "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"}, name)
}

// place closes what an element ends, and tells whether it may stand there.
func (c *cleaner) place(name string) bool {
	if isTabular(name) && name != table {
		return c.placeInTable(name)
	}
	switch name {
	case "li":
		c.endItem([]string{"li"}, "ul", "ol")
	case "dt", "dd":
		c.endItem([]string{"dt", "dd"}, "dl")
	case table:
		if c.inTable() { // a table in no cell of the one around it ends that
			c.closeFrom(c.find([]string{table}))
		}
	}
	if blocks[name] {
		c.endParagraph()
	}
	return true
}

// placeInTable closes what stands open in the table, down to where the element
// belongs. Outside of a table it has no place.
func (c *cleaner) placeInTable(name string) bool {
	whole := c.find([]string{table})
	if whole < 0 {
		return false
	}
	at := whole
	section := c.find([]string{"thead", "tbody", "tfoot"}, table)
	row := c.find([]string{"tr"}, table)
	switch {
	case (name == "td" || name == "th") && row >= 0:
		at = row
	case (name == "td" || name == "th" || name == "tr") && section >= 0:
		at = section
	}
	c.closeFrom(at + 1)
	return true
}

// inTable tells whether the innermost of tables and cells is a table.
func (c *cleaner) inTable() bool {
	at := c.find(cells)
	return at >= 0 && c.open[at].name == table
}

func (c *cleaner) endItem(names []string, lists ...string) {
	if at := c.find(names, append(lists, cells...)...); at >= 0 {
		c.closeFrom(at)
	}
}

func (c *cleaner) endParagraph() {
	if at := c.find([]string{"p"}, cells...); at >= 0 {
		c.closeFrom(at)
	}
}

// values are the attributes that are kept, with what they may say.
var values = sync.OnceValue(func() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{"lang": languageTag}
	for names, value := range map[string]string{
		"dir":                            `ltr|rtl|auto`,
		"align":                          `left|right|center|justify|top|middle|bottom|absmiddle`,
		"valign":                         `top|middle|bottom|baseline`,
		"width height":                   `\d{1,4}(px|%)?`,
		"border cellpadding cellspacing": `\d{1,3}`,
		"colspan rowspan span":           `\d{1,3}`,
		"start value":                    `-?\d{1,6}`,
		"type":                           `1|a|i|disc|circle|square|cite`,
		"bgcolor color":                  `#?[0-9a-f]{3,8}|[a-z]{3,30}`,
		"size":                           `[+-]?[1-7]`,
		"face":                           `[\w ,-]{1,120}`,
		"nowrap":                         `(nowrap)?`,
		"role":                           `presentation|none`,
		"class":                          `[\w -]{1,300}`,
		"hspace vspace":                  `\d{1,2}`,
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = regexp.MustCompile(`^(?i:` + value + `)$`)
		}
	}
	return all
})

// belongs tells which elements an attribute stands at; all where it is not named.
func belongs(name, element string) bool {
	at := map[string][]string{
		"start": {"ol"}, "value": {"li"}, "type": {"ol", "ul", "li", "blockquote"}, "color": {"font"}, "face": {"font"}, "size": {"font", "hr"},
		"border": {table, "img"}, "cellpadding": {table}, "cellspacing": {table}, "colspan": {"td", "th"}, "rowspan": {"td", "th"},
		"span":    {"col", "colgroup"},
		"bgcolor": {"body", table, "tr", "td", "th"}, "nowrap": {"td", "th"}, "role": {table}, "hspace": {"img"}, "vspace": {"img"},
		"width": {table, "td", "th", "col", "colgroup", "img", "hr"}, "height": {table, "tr", "td", "th", "img"},
	}
	elements, named := at[name]
	return !named || slices.Contains(elements, element)
}

// attributes writes those that are kept, each once, and tells whether the element
// is hidden by its author.
func (c *cleaner) attributes(t html.Token) (written string, hidden bool) {
	var out strings.Builder
	styles := ""
	done := map[string]bool{}
	for _, a := range t.Attr {
		if a.Namespace != "" || done[a.Key] {
			continue
		}
		done[a.Key] = true
		value := strings.TrimSpace(a.Val)
		switch {
		case a.Key == "hidden":
			hidden = true
		case a.Key == "style":
			declared, hides := c.declared(value, t.Data)
			styles, hidden = declared+styles, hidden || hides
		case a.Key == "background" && slices.Contains([]string{"body", table, "tr", "td", "th"}, t.Data):
			styles += c.backdrop(value)
		case values()[a.Key] == nil || len(value) > maxValue || !values()[a.Key].MatchString(value) || !belongs(a.Key, t.Data):
			continue
		case a.Key == "bgcolor" && t.Data == "body": // a div knows none
			styles = "background-color:" + value + ";" + styles
		case a.Key == "class":
			value = foreignClasses(value)
			fallthrough
		default:
			out.WriteString(" " + a.Key + `="` + html.EscapeString(value) + `"`)
		}
	}
	if styles = strings.TrimSuffix(styles, ";"); styles != "" {
		out.WriteString(` style="` + html.EscapeString(styles) + `"`)
	}
	return out.String(), hidden
}

// ownClass begins the classes of the page itself: a mail has none of them.
const ownClass = "smista-"

func foreignClasses(value string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(value), func(class string) bool {
		return strings.HasPrefix(strings.ToLower(class), ownClass)
	}), " ")
}
