package display

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxShown bounds the words of a link that are looked at for a domain.
const maxShown = 500

// link is the one that is open, with what it says.
type link struct {
	domain string // of where it leads, in ASCII
	shown  strings.Builder
}

// startLink opens a link to the web, to a mailbox or to a telephone. What leads
// elsewhere is no link; its words stay.
func (c *cleaner) startLink(t html.Token) {
	if at := c.find([]string{"a"}, cells...); at >= 0 {
		c.closeFrom(at)
	}
	address, domain := target(attribute(t, "href"))
	if address == "" || c.link != nil || len(c.open) >= maxDepth {
		return
	}
	attributes, hidden := c.attributes(t)
	if hidden {
		c.hidden++
	}
	c.open = append(c.open, element{name: "a", tag: "a", hidden: hidden})
	c.link = &link{domain: domain}
	c.write(anchor(address, attributes))
}

// anchor opens a link in a window of its own, which learns nothing of ours.
func anchor(address, attributes string) string {
	return `<a href="` + html.EscapeString(address) + `" target="_blank" rel="noopener noreferrer"` + attributes + ">"
}

var allowedAddress = regexp.MustCompile(`(?i)^(?:https?://[^\s\\"<>]+|mailto:[^\s\\"<>]+|tel:[0-9+*#().-]{1,40})$`)

// target is the address that a link may lead to, and its domain; empty when it may
// not lead there.
func target(href string) (address, domain string) {
	href = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(href)) // as browsers do
	if scheme, _, _ := strings.Cut(href, ":"); strings.EqualFold(scheme, "tel") {
		href = strings.ReplaceAll(href, " ", "")
	}
	href = strings.ReplaceAll(href, " ", "%20")
	if len(href) > maxValue || strings.ContainsFunc(href, func(r rune) bool { return harmless(string(r)) == "" }) || !allowedAddress.MatchString(href) {
		return "", ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return "", ""
	}
	if u.Scheme == "mailto" || u.Scheme == "tel" {
		to, _, _ := strings.Cut(u.Opaque, "?")
		_, domain, _ = strings.Cut(to, "@")
		return href, ascii(domain)
	}
	if u.Hostname() == "" {
		return "", ""
	}
	return href, ascii(u.Hostname())
}

// ascii is a domain as the name service knows it.
func ascii(domain string) string {
	if name, err := idna.Lookup.ToASCII(strings.ToLower(domain)); err == nil {
		return name
	}
	return strings.ToLower(domain)
}

func (l *link) says(s string) {
	if room := maxShown - l.shown.Len(); room > 0 {
		l.shown.WriteString(strings.ToValidUTF8(s[:min(len(s), room)], ""))
	}
}

var named = regexp.MustCompile(`(?i)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// hint tells where a link leads when it says something else, or when the name is
// written in letters that can look like others.
func (l *link) hint() string {
	if l.domain == "" {
		return ""
	}
	misleads := strings.Contains(l.domain, "xn--")
	for _, name := range named.FindAllString(l.shown.String(), 10) {
		name = ascii(name)
		if _, known := publicsuffix.PublicSuffix(name); known && house(name) != house(l.domain) {
			misleads = true
		}
	}
	if !misleads {
		return ""
	}
	return ` <span class="smista-domain">[` + html.EscapeString(l.domain) + `]</span>`
}

// house is the part of a domain that somebody owns.
func house(domain string) string {
	if owned, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return owned
	}
	return domain
}
