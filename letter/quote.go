package letter

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Quoted is a message that is answered or forwarded.
type Quoted struct {
	From    Address
	To, Cc  []Address
	Date    time.Time // zero when it is not known
	Zone    *time.Location
	Subject string
	HTML    string // either is enough; what of both is too long is left out
	Text    string
}

// Quote is the original under an answer, as clean HTML: who wrote it when, and
// a quote without its pictures, which are not attached.
func Quote(q Quoted) string {
	head := q.From.both() + " ha scritto:"
	if when := q.when(); when != "" {
		head = "Il giorno " + when + ", " + head
	}
	return q.under("<p>" + html.EscapeString(head) + "</p>")
}

// Forward is the original in a message that passes it on, after what its header said.
func Forward(q Quoted) string {
	var head strings.Builder
	head.WriteString("<p>---------- Messaggio inoltrato ----------")
	for _, line := range [][2]string{
		{"Da", q.From.both()}, {"Data", q.when()}, {"A", all(q.To)}, {"Cc", all(q.Cc)}, {"Oggetto", oneLine(q.Subject)},
	} {
		if line[1] != "" {
			head.WriteString("<br><b>" + line[0] + ":</b> " + html.EscapeString(line[1]))
		}
	}
	return q.under(head.String() + "</p>")
}

func (q Quoted) under(head string) string {
	return Clean(head + "<blockquote type=\"cite\">" + q.body() + "</blockquote>")
}

func (q Quoted) body() string {
	if len(q.HTML) <= maxQuoted {
		if body, fits := clean(q.HTML, withoutPictures); fits && len(body) <= maxQuoted && plainText(body) != "" {
			return body
		}
	}
	shown := cut(q.Text, maxQuoted/8) // an escaped character takes up to five bytes
	body := strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(shown, "\r\n", "\n")), "\n", "<br>\n")
	if len(shown) < len(q.Text) {
		body += "<br>\n[…]"
	}
	return body
}

func (q Quoted) when() string {
	if q.Date.IsZero() {
		return ""
	}
	if q.Zone != nil {
		q.Date = q.Date.In(q.Zone)
	}
	return q.Date.Format("02/01/2006 15:04")
}

func (a Address) both() string {
	name, address := cut(oneLine(a.Name), maxLabel), cut(oneLine(a.Address), maxLabel+60)
	if name == "" || name == address {
		return address
	}
	return fmt.Sprintf("%s <%s>", name, address)
}

func all(list []Address) string {
	const most = 50
	var each []string
	for _, a := range list[:min(len(list), most)] {
		each = append(each, a.both())
	}
	if len(list) > most {
		each = append(each, fmt.Sprintf("e altri %d", len(list)-most))
	}
	return strings.Join(each, ", ")
}

// prefixes are what programs and providers put before a subject.
var prefixes = regexp.MustCompile(`^(?i:\s*(re|r|rif|i|fw|fwd|posta certificata|anomalia messaggio)(\[\d{1,3}\])?\s*:)+`)

// ReplySubject is the subject of an answer: "Re: " once, without what others put before.
func ReplySubject(s string) string { return subject("Re: ", s) }

// ForwardSubject is the subject of a forward: "I: " once, without what others put before.
func ForwardSubject(s string) string { return subject("I: ", s) }

func subject(prefix, s string) string {
	s = oneLine(prefixes.ReplaceAllString(oneLine(cut(s, 4*maxSubject)), ""))
	return strings.TrimSpace(cut(prefix+s, maxSubject))
}
