package display_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/smista/smista/display"
)

// dot is a picture of one dot.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

const ownPath = "/api/v1/picture?n="

func withCID(id string) string {
	if id == "logo@rossi.example" {
		return display.DataURI([]byte(dot))
	}
	return ""
}

func remotely(n int) string { return ownPath + string(rune('0'+n%10)) }

// shown cleans a text in both ways and makes pages of it, holds what must be true of
// every page, and gives what is cleaned with remote pictures blocked.
func shown(t require.TestingT, source string) display.Cleaned {
	blocked := display.Clean(source, display.Options{Picture: withCID})
	open := display.Clean(source, display.Options{Picture: withCID, Remote: remotely})
	if blocked.Whole && open.Whole {
		require.Equal(t, blocked.Remote, open.Remote, "a picture has the same number, shown or not: %q", source)
	}
	for _, c := range []display.Cleaned{blocked, open} {
		page := display.Page{Title: source[:min(len(source), 500)], Lang: c.Lang, Body: c.HTML, Style: c.Style, Form: "html", Remote: "blocked"}
		harmless(t, source, page.String(), len(c.Remote) > 0 && c.HTML == open.HTML)
	}
	harmless(t, source, display.Page{Title: "t", Body: display.Text(source)}.String(), false)
	return blocked
}

var (
	allowedElements = strings.Fields("html head meta title style body p div br hr wbr span b strong i em u s strike del ins sub sup small big center font tt " +
		"h1 h2 h3 h4 h5 h6 blockquote q pre code samp kbd var cite abbr address dfn mark ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th " +
		"section article header footer main nav aside figure figcaption a img")
	allowedAttributes = strings.Fields("lang dir class style align valign width height border cellpadding cellspacing colspan rowspan span start value type bgcolor " +
		"color size face nowrap hspace vspace href target rel src alt role aria-label aria-hidden")
	dataPicture = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$`)
)

// harmless knows what may stand in a page, by itself: not by the lists of the
// package.
func harmless(t require.TestingT, source, page string, remote bool) {
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	styles, bodies := 0, 0
	for n := range root.Descendants() {
		switch {
		case n.Type == html.CommentNode:
			require.Fail(t, "a comment", "%q: %q", source, page)
		case n.Type != html.ElementNode:
			continue
		}
		require.Contains(t, allowedElements, n.Data, "%q", source)
		require.Empty(t, n.Namespace, "%q", source)
		switch n.Data {
		case "style":
			require.Equal(t, "head", n.Parent.Data, "%q", source)
			if styles++; styles > 1 { // the first is the page's own
				harmlessStyle(t, source, n.FirstChild.Data, remote)
			}
		case "body":
			bodies++
			require.Empty(t, n.Attr, "%q", source)
		case "meta":
			require.Equal(t, "head", n.Parent.Data, "%q", source)
		case "html", "title":
		default:
			harmlessAttributes(t, source, n, remote)
		}
	}
	require.LessOrEqual(t, styles, 2)
	require.Equal(t, 1, bodies)
}

func harmlessAttributes(t require.TestingT, source string, n *html.Node, remote bool) {
	values := map[string]string{}
	for _, a := range n.Attr {
		require.Contains(t, allowedAttributes, a.Key, "%q", source)
		require.NotContains(t, values, a.Key, "%q", source)
		values[a.Key] = a.Val
	}
	switch n.Data {
	case "a":
		u, err := url.Parse(values["href"])
		require.NoError(t, err, "%q", source)
		require.Contains(t, []string{"http", "https", "mailto", "tel"}, u.Scheme, "%q", source)
		require.Equal(t, "_blank", values["target"], "%q", source)
		require.Equal(t, "noopener noreferrer", values["rel"], "%q", source)
	case "img":
		require.True(t, dataPicture.MatchString(values["src"]) || remote && strings.HasPrefix(values["src"], ownPath), "%q: %.100q", source, values["src"])
	default:
		require.NotContains(t, values, "href", "%q", source)
		require.NotContains(t, values, "src", "%q", source)
	}
	if class := strings.Fields(values["class"]); slices.ContainsFunc(class, func(s string) bool { return strings.HasPrefix(s, "smista-") }) {
		require.Contains(t, []string{"smista-text", "smista-domain", "smista-picture"}, values["class"], "%q", source)
	}
	harmlessStyle(t, source, values["style"], remote)
}

var (
	loading = regexp.MustCompile(`url\("([^"]*)"\)`)
	fonts   = regexp.MustCompile(`(?i)(font|font-family):[^;"]*("[^"]*"[^;"]*)*`)
	// A word alone does nothing: what does is a function that is called and a property that is set.
	bad = regexp.MustCompile(`(?i)(url|image-set|src|attr|var|env|expression)\s*\(|` +
		`(^|[;{\s])(-[a-z]+-)?(behavior|binding|position|z-index|content|opacity|visibility|overflow|overflow-[xy]|(filter|animation|clip|mask)[a-z-]*)\s*:|` +
		`@import|@font|\\|/\*|display:\s*none|transform:[^ulcn]|javascript|!|<|>[^ ]*<`)
)

func harmlessStyle(t require.TestingT, source, style string, remote bool) {
	style = loading.ReplaceAllStringFunc(style, func(found string) string {
		address := loading.FindStringSubmatch(found)[1]
		require.True(t, dataPicture.MatchString(address) || remote && strings.HasPrefix(address, ownPath), "%q: %q", source, found)
		return ""
	})
	style = regexp.MustCompile(`(?m)^[^{}\n]*\{`).ReplaceAllString(style, "{") // classes have any name
	require.NotRegexp(t, bad, fonts.ReplaceAllString(style, ""), "%q", source)
}
