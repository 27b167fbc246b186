package display

import (
	"regexp"
	"strings"
	"sync"
)

// properties list how a mail may look. Nothing may be placed over something else,
// nothing loads; what hides is not written but obeyed, in style attributes.
var properties = sync.OnceValue(func() map[string]*regexp.Regexp {
	const color = `#[0-9a-f]{3,8}|[a-z]{3,30}|(?:rgb|hsl)a?\([\d.,%/ ]{1,40}\)`
	const number = `(?:\d{1,4}(?:\.\d{1,5})?|\.\d{1,5})`
	const length = `0|` + number + `(?:px|pt|r?em|%|cm|mm|in|pc|ex|ch)`
	const size = `(?:[6-9]|[1-9]\d)(?:\.\d{1,3})?(?:px|pt)|(?:[5-9]\d|[1-3]\d\d)%|` +
		`(?:0?\.[5-9]\d{0,3}|[1-3](?:\.\d{1,3})?)r?em|(?:x{1,2}-)?(?:small|large)|medium|smaller|larger`
	const line = `normal|[1-9](?:\.\d{1,5})?|[01]?\.[5-9]\d{0,4}|(?:[5-9]\d|[1-3]\d\d)(?:\.\d{1,3})?%|` +
		`(?:[6-9]|\d\d|1\d\d)(?:\.\d{1,3})?(?:px|pt)|[1-9](?:\.\d{1,3})?r?em`
	const family = `(?:[\w -]{1,60}|'[\w .-]{1,60}'|"[\w .-]{1,60}")`
	const families = family + `(?: ?, ?` + family + `){0,15}`
	const shorthand = `(?:(?:normal|italic|oblique|bold|bolder|lighter|small-caps|[1-9]00) ){0,4}` +
		`(?:` + size + `)(?: ?/ ?(?:` + line + `))? ` + families
	const stroke = `none|hidden|solid|dashed|dotted|double|groove|ridge|inset|outset`
	const border = `(?:` + length + `|thin|medium|thick|` + stroke + `|` + color + `)`
	all := map[string]*regexp.Regexp{}
	for names, value := range map[string]string{
		"color background-color border-color":  color,
		"border-top-color border-bottom-color": color,
		"border-left-color border-right-color": color,
		"font-size":                            size,
		"font-family":                          families,
		"font-weight":                          `normal|bold|bolder|lighter|[1-9]00`,
		"font-style":                           `normal|italic|oblique`,
		"font-variant":                         `normal|small-caps`,
		"font":                                 shorthand,
		"text-decoration text-decoration-line": `none|(?:underline|line-through|overline)(?: (?:underline|line-through|overline)){0,2}`,
		"text-align":                           `left|right|center|justify|start|end`,
		"text-transform":                       `none|uppercase|lowercase|capitalize`,
		"text-indent":                          length + `|-\d{1,2}(?:\.\d{1,3})?(?:px|pt)|-[0-2]?(?:\.\d{1,3})?(?:cm|em)`,
		"vertical-align":                       `top|middle|bottom|baseline|sub|super|text-top|text-bottom|` + length,
		"line-height":                          line,
		"letter-spacing word-spacing":          `normal|0|-?[0-2]?(?:\.\d{1,3})?(?:px|pt)|0?\.\d{1,3}em`,
		"white-space":                          `normal|nowrap|pre|pre-wrap|pre-line`,
		"word-break":                           `normal|break-all|break-word|keep-all`,
		"overflow-wrap word-wrap":              `normal|break-word|anywhere`,
		"direction":                            `ltr|rtl`,
		"list-style-type list-style":           `none|disc|circle|square|decimal|(?:lower|upper)-(?:alpha|roman|latin)`,
		"list-style-position":                  `inside|outside`,
		"width max-width min-width min-height": length + `|auto|none`,
		"height":                               length + `|auto`,
		"margin":                               `(?:` + length + `|auto)(?: (?:` + length + `|auto)){0,3}`,
		"margin-left margin-right margin-top":  length + `|auto`,
		"margin-bottom":                        length + `|auto`,
		"padding border-width border-spacing":  `(?:` + length + `)(?: (?:` + length + `)){0,3}`,
		"border-radius":                        `(?:` + length + `)(?: (?:` + length + `)){0,3}`,
		"padding-left padding-right":           length,
		"padding-top padding-bottom":           length,
		"border-top-width border-bottom-width": length + `|thin|medium|thick`,
		"border-left-width border-right-width": length + `|thin|medium|thick`,
		"border border-left border-right":      border + `(?: ` + border + `){0,2}`,
		"border-top border-bottom":             border + `(?: ` + border + `){0,2}`,
		"border-style":                         `(?:` + stroke + `)(?: (?:` + stroke + `)){0,3}`,
		"border-top-style border-bottom-style": stroke,
		"border-left-style border-right-style": stroke,
		"border-collapse":                      `collapse|separate`,
		"table-layout":                         `auto|fixed`,
		"box-sizing":                           `border-box|content-box`,
		"float":                                `left|right|none`,
		"clear":                                `left|right|both|none`,
		"display":                              `block|inline|inline-block|table|table-row|table-cell|list-item`,
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = regexp.MustCompile(`^(?i:` + value + `)$`)
		}
	}
	return all
})

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?(\*/|$)`)
	important  = regexp.MustCompile(`(?i)\s*!\s*important\s*$`)
	cssURL     = regexp.MustCompile(`(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]*))\s*\)`)
	colorWord  = regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,30}|(rgb|hsl)a?\([\d.,%/]{1,40}\))$`)
)

// declared reads a style attribute: what is kept of it, and whether it hides.
func (c *cleaner) declared(style, element string) (kept string, hidden bool) {
	if len(style) > maxValue && !strings.Contains(style, "data:") {
		return "", false
	}
	var out strings.Builder
	for name, value := range declarations(style) {
		hidden = hidden || hides(name, value)
		switch {
		case name == "background" || name == "background-image":
			out.WriteString(c.background(value))
		case name == "height" && !belongs("height", element):
			// what is lower than its text would lie over what follows
		case known(name, value):
			out.WriteString(name + ":" + value + ";")
		}
	}
	return out.String(), hidden
}

func known(name, value string) bool {
	pattern := properties()[name]
	return pattern != nil && len(value) <= maxValue && pattern.MatchString(value)
}

func hides(name, value string) bool {
	value = strings.ToLower(value)
	switch name {
	case "display":
		return value == "none"
	case "visibility":
		return value == "hidden" || value == "collapse"
	case "opacity":
		return strings.Trim(value, "0.%") == ""
	case "mso-hide":
		return value == "all"
	}
	return false
}

// declarations gives names, in lower case, and values, with single blanks; those
// with escapes are left out.
func declarations(style string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for one := range split(cssComment.ReplaceAllString(style, " ")) {
			name, value, found := strings.Cut(one, ":")
			if !found || strings.Contains(one, `\`) {
				continue
			}
			value = strings.Join(strings.Fields(important.ReplaceAllString(value, "")), " ")
			if !yield(strings.ToLower(strings.TrimSpace(name)), value) {
				return
			}
		}
	}
}

// split cuts declarations at the semicolons that stand in no quotes and in no
// brackets.
func split(style string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		from, depth, quote := 0, 0, byte(0)
		for i := range len(style) {
			switch b := style[i]; {
			case quote != 0:
				if b == quote {
					quote = 0
				}
			case b == '"' || b == '\'':
				quote = b
			case b == '(':
				depth++
			case b == ')':
				depth = max(depth-1, 0)
			case b == ';' && depth == 0:
				if !yield(style[from:i]) {
					return
				}
				from = i + 1
			}
		}
		yield(style[from:])
	}
}

// backdropWords say how the picture of a background lies.
var backdropWords = setOf("none repeat center left right top bottom cover contain scroll fixed local auto round space")

// background keeps the colour of a background, and its picture where that is shown.
func (c *cleaner) background(value string) string {
	written := ""
	if m := cssURL.FindStringSubmatch(value); m != nil {
		written = c.backdrop(m[1] + m[2] + m[3])
		value = cssURL.ReplaceAllString(value, " ")
	}
	for word := range strings.FieldsSeq(strings.ReplaceAll(value, ", ", ",")) {
		if colorWord.MatchString(word) && !backdropWords[strings.ToLower(word)] {
			written = "background-color:" + word + ";" + written
			break
		}
	}
	return written
}

// backdrop is a picture behind the text. It shows nothing that has to be read.
func (c *cleaner) backdrop(source string) string {
	if uri := c.source(source); uri != "" && c.hidden == 0 {
		return `background-image:url("` + uri + `");`
	}
	return ""
}

var (
	selector = regexp.MustCompile(`^[A-Za-z0-9_.*>+~ -]{1,200}$`)
	media    = regexp.MustCompile(`(?i)^@media[a-z0-9 ():,.-]{1,200}$`)
)

// sheet keeps the rules of a style element that only say how something looks. Those
// that hide are not obeyed there: what a rule means for whom is the browser's to
// say, and too much to read is better than too little.
func (c *cleaner) sheet(text string) {
	if c.read += len(text); c.read > maxSheet {
		return
	}
	text = strings.NewReplacer("<!--", " ", "-->", " ").Replace(cssComment.ReplaceAllString(text, " "))
	writeRules(&c.sheets, text, true)
}

func writeRules(out *strings.Builder, text string, outer bool) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		at := strings.IndexAny(text, "{;")
		if at < 0 {
			return
		}
		head := strings.Join(strings.Fields(text[:at]), " ")
		if text[at] == ';' { // @import, @charset, or what is none
			text = text[at+1:]
			continue
		}
		end := closing(text, at)
		block := text[at+1 : end]
		text = strings.TrimPrefix(text[end:], "}")
		switch {
		case !strings.HasPrefix(head, "@"):
			writeRule(out, head, block)
		case outer && media.MatchString(head) && !strings.Contains(strings.ToLower(head), "prefers"): // the page is light
			var inner strings.Builder
			if writeRules(&inner, block, false); inner.Len() > 0 {
				out.WriteString(head + "{\n" + inner.String() + "}\n")
			}
		}
	}
}

// closing is the place of the brace that closes the one at a place, or the end.
func closing(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

func writeRule(out *strings.Builder, head, block string) {
	var selectors []string
	for one := range strings.SplitSeq(head, ",") {
		if one = strings.TrimSpace(one); selector.MatchString(one) && !strings.Contains(strings.ToLower(one), ownClass) {
			selectors = append(selectors, one)
		}
	}
	var kept strings.Builder
	for name, value := range declarations(block) {
		if name == "background" && colorWord.MatchString(value) {
			name = "background-color"
		}
		if name != "height" && known(name, value) {
			kept.WriteString(name + ":" + value + ";")
		}
	}
	if len(selectors) > 0 && kept.Len() > 0 {
		out.WriteString(strings.Join(selectors, ",") + "{" + kept.String() + "}\n")
	}
}
