package letter

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

const (
	maxRounds    = 6       // until cleaning changes nothing any more
	maxDepth     = 100     // of elements in elements; what is deeper loses its tags
	maxAttribute = 2000    // bytes of an attribute; a longer one is left out
	maxQuoted    = 1 << 19 // bytes of a text that is quoted
)

// Clean leaves of HTML what a mail may hold: formatting, lists, tables, links to
// the web and to mailboxes, and pictures that are attached (cid:). Nothing in it
// runs, loads or asks, and each element is closed, so that what stands around it
// stays what it is. Cleaning again changes nothing. A text of more than MaxHTML
// becomes empty; Check tells of it.
func Clean(source string) string {
	cleaned, _ := clean(source, withPictures)
	return cleaned
}

// clean reports also whether the text is short enough.
func clean(source string, policy func() *bluemonday.Policy) (cleaned string, fits bool) {
	if len(source) > MaxHTML {
		return "", false
	}
	for range maxRounds {
		cleaned = balance(policy().Sanitize(bound(source)))
		switch {
		case len(cleaned) > MaxHTML:
			return "", false
		case cleaned == source:
			return cleaned, true
		}
		source = cleaned
	}
	escaped := html.EscapeString(plainText(cleaned)) // no text is known that comes here
	return escaped, len(escaped) <= MaxHTML
}

var (
	withPictures    = sync.OnceValue(func() *bluemonday.Policy { return allowPictures(newPolicy()) })
	withoutPictures = sync.OnceValue(newPolicy)
)

// newPolicy lists what is allowed; all else is not.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "br", "hr", "span", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup",
		"small", "big", "center", "font", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li",
		"dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
	p.AllowNoAttrs().OnElements("big")
	p.SkipElementsContent("title", "svg", "math", "template", "select", "audio", "video")

	p.RequireParseableURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "cid")
	p.AddTargetBlankToFullyQualifiedLinks(true) // with rel="noopener"
	p.AllowAttrs("href").Matching(regexp.MustCompile(`(?i)^(https?://|mailto:)[^\s\\]+$`)).OnElements("a")

	number := regexp.MustCompile(`^\d{1,3}$`)
	color := regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,30})$`)
	p.AllowAttrs("width", "height").Matching(size()).OnElements("table", "td", "th")
	p.AllowAttrs("border", "cellpadding", "cellspacing").Matching(number).OnElements("table")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^cite$`)).OnElements("blockquote")
	p.AllowAttrs("color").Matching(color).OnElements("font")
	p.AllowAttrs("size").Matching(regexp.MustCompile(`^[+-]?[1-7]$`)).OnElements("font")
	p.AllowAttrs("face").Matching(regexp.MustCompile(`^[\w ,-]{1,100}$`)).OnElements("font")
	p.AllowAttrs("bgcolor").Matching(color).OnElements("table", "tr", "td", "th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify)$`)).
		OnElements("p", "div", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`(?i)^(top|middle|bottom|baseline)$`)).OnElements("tr", "td", "th")
	allowStyles(p)
	return p
}

// allowPictures allows those that are attached (RFC 2392).
func allowPictures(p *bluemonday.Policy) *bluemonday.Policy {
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^cid:[A-Za-z0-9][A-Za-z0-9._+@-]*$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(size()).OnElements("img")
	return p
}

func size() *regexp.Regexp { return regexp.MustCompile(`^\d{1,4}(px|%)?$`) }

// allowStyles lists how a text may look. Nothing may be placed or loaded.
func allowStyles(p *bluemonday.Policy) {
	const size = `([6-9]|[1-9]\d)(\.\d{1,3})?(px|pt)|([5-9]\d|[1-3]\d\d)%|(0\.[5-9]\d?|[1-3](\.\d{1,3})?)r?em|(x{1,2}-)?(small|large)|medium|smaller|larger`
	const length = `\d{1,3}(\.\d{1,3})?(px|pt|em|rem|%)?`
	const color = `#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\([\d.,% ]{1,40}\)`
	const stroke = `none|solid|dashed|dotted|double`
	for properties, value := range map[string]string{
		"color background-color":                   color,
		"font-size":                                size,
		"font-family":                              `[\w ,'"-]{1,120}`,
		"font-weight":                              `normal|bold|bolder|lighter|[1-9]00`,
		"font-style":                               `normal|italic|oblique`,
		"text-decoration text-decoration-line":     `(none|underline|line-through)( (underline|line-through))?`,
		"text-align":                               `left|right|center|justify|start|end`,
		"vertical-align":                           `top|middle|bottom|baseline|sub|super`,
		"line-height":                              `normal|[1-3](\.\d{1,3})?`,
		"white-space":                              `normal|pre|pre-wrap|pre-line`,
		"direction":                                `ltr|rtl`,
		"list-style-type":                          `disc|circle|square|decimal|(lower|upper)-(alpha|roman|latin)`,
		"width text-indent border-spacing":         length,
		"margin padding":                           `(` + length + `)( ` + length + `){0,3}`,
		"margin-left margin-right margin-top":      length,
		"margin-bottom padding-left padding-right": length,
		"padding-top padding-bottom border-width":  length,
		"border border-left border-right":          length + ` (` + stroke + `) (` + color + `)|none`,
		"border-top border-bottom":                 length + ` (` + stroke + `) (` + color + `)|none`,
		"border-style":                             stroke,
		"border-color":                             color,
		"border-collapse":                          `collapse|separate`,
	} {
		p.AllowStyles(strings.Fields(properties)...).Matching(regexp.MustCompile(`^(?i:` + value + `)$`)).Globally()
	}
}

// bound prepares hostile HTML for the policy, which takes a time that grows with
// the square of a style full of escapes: what is too long, or escaped, is left out.
func bound(source string) string {
	source = strings.ReplaceAll(strings.ToValidUTF8(source, ""), "\r\n", "\n")
	source = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && breaksLine(r) {
			return -1
		}
		return r
	}, source)
	return rewrite(source, func(out *strings.Builder, raw string, z *html.Tokenizer) {
		token := z.Token()
		kept := slices.DeleteFunc(slices.Clone(token.Attr), func(a html.Attribute) bool {
			return len(a.Val) > maxAttribute || a.Key == "style" && (strings.Contains(a.Val, `\`) || strings.Contains(a.Val, "/*"))
		})
		if len(kept) < len(token.Attr) {
			token.Attr = kept
			raw = token.String()
		}
		out.WriteString(raw)
	})
}
