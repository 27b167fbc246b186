package display

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// maxLinks bounds the links that are recognised in a text.
const maxLinks = 2000

var linked = regexp.MustCompile("(?i)https?://[^\\s<>\"'`“”«»]+|[a-z0-9._+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+")

// Text writes a plain text as HTML: every word as it stands, lines and blanks kept,
// addresses of the web and of mailboxes as links.
func Text(text string) string {
	text = harmless(strings.ReplaceAll(text, "\r\n", "\n"))
	var out strings.Builder
	out.WriteString(`<div class="smista-text">`)
	at := 0
	for _, place := range linked.FindAllStringIndex(text, maxLinks) {
		shown := trimmed(text[place[0]:place[1]])
		href := shown
		if !strings.Contains(shown, "://") {
			href = "mailto:" + shown
		}
		address, domain := target(href)
		if address == "" {
			continue
		}
		l := &link{domain: domain}
		l.says(shown)
		out.WriteString(html.EscapeString(text[at:place[0]]) + anchor(address, "") + html.EscapeString(shown) + "</a>" + l.hint())
		at = place[0] + len(shown)
	}
	out.WriteString(html.EscapeString(text[at:]) + "</div>\n")
	return out.String()
}

// trimmed leaves out what ends the sentence and not the address.
func trimmed(address string) string {
	address = strings.TrimRight(address, ".,;:!?…")
	if !strings.Contains(address, "(") {
		address = strings.TrimRight(address, ").,;:!?…")
	}
	return address
}
