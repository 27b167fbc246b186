package letter

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// balance closes what is open and leaves out what closes nothing. It reads
// tokens and builds no tree: the tree of a hostile text can be a thousand times as
// big as the text. Its input is clean, so that no element hides tags in its text.
func balance(source string) string {
	var open []string
	balanced := rewrite(source, func(out *strings.Builder, raw string, z *html.Tokenizer) {
		token := z.Token()
		name := token.Data
		switch {
		case token.Type == html.EndTagToken:
			if at := slices.Index(open, name); at >= 0 {
				open = closeFrom(out, open, lastIndex(open, name))
			}
		case token.Type == html.SelfClosingTagToken && !void(name):
			out.WriteString(raw + "</" + name + ">")
		case token.Type != html.StartTagToken || void(name):
			out.WriteString(raw)
		default:
			if n := len(open); n > 0 && slices.Contains(endedBy(name), open[n-1]) {
				open = closeFrom(out, open, n-1)
			}
			if len(open) < maxDepth {
				open = append(open, name)
				out.WriteString(raw)
			}
		}
	})
	var rest strings.Builder
	closeFrom(&rest, open, 0)
	return balanced + rest.String()
}

func closeFrom(out *strings.Builder, open []string, at int) []string {
	for _, name := range slices.Backward(open[at:]) {
		out.WriteString("</" + name + ">")
	}
	return open[:at]
}

func lastIndex(open []string, name string) int {
	for i, one := range slices.Backward(open) {
		if one == name {
			return i
		}
	}
	return -1
}

// void reports an element that has no end tag.
func void(name string) bool { return name == "br" || name == "hr" || name == "img" }

// endedBy lists the elements whose end tag is left out before this one.
func endedBy(name string) []string {
	switch name {
	case "li", "p":
		return []string{name}
	case "dt", "dd":
		return []string{"dt", "dd"}
	case "td", "th":
		return []string{"td", "th"}
	case "tr":
		return []string{"td", "th", "tr"}
	}
	return nil
}

// rewrite hands each tag to a function, and copies all else.
func rewrite(source string, tag func(out *strings.Builder, raw string, z *html.Tokenizer)) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			if z.Err() == io.EOF {
				out.WriteString(html.EscapeString(raw)) // a tag that never ends
			}
			return out.String()
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			tag(&out, raw, z)
		default:
			out.WriteString(raw)
		}
	}
}

// picturesIn gives the Content-IDs of the pictures that clean HTML shows.
func picturesIn(cleaned string) map[string]bool {
	shown := map[string]bool{}
	rewrite(cleaned, func(_ *strings.Builder, _ string, z *html.Tokenizer) {
		for _, a := range z.Token().Attr {
			if id, found := strings.CutPrefix(a.Val, "cid:"); found && a.Key == "src" {
				shown[id] = true
			}
		}
	})
	return shown
}
