package letter

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Field is what a template (modello) may use, as {{name}}.
type Field struct{ Name, Italian, English string }

// Fields lists those that the office fills in.
func Fields() []Field {
	return []Field{
		{"ufficio", "nome dell'ufficio", "name of the office"},
		{"pratica", "numero della pratica", "number of the case"},
		{"mittente", "chi ha scritto", "who wrote"},
		{"indirizzo", "indirizzo di chi ha scritto", "address of who wrote"},
		{"oggetto", "oggetto del messaggio ricevuto", "subject of the received message"},
		{"data_ricezione", "data di ricezione", "date of receipt"},
		{"data", "data di oggi", "today's date"},
		{"operatore", "nome di chi risponde", "name of who answers"},
	}
}

var place = regexp.MustCompile(`\{\{[\s\x{a0}]*([\p{L}\p{N}_.-]{1,64})[\s\x{a0}]*\}\}`)

// Fill fills a template in: clean HTML, in which the values are text, whatever
// is in them. What is not known stays as it stands, and is listed once. A value is
// not looked into for further places. Addresses of links have no places.
func Fill(template string, values map[string]string) (filled string, unknown []string) {
	filled, unknown = fill(Clean(template), values, func(value string) string {
		return strings.ReplaceAll(html.EscapeString(value), "\n", "<br>")
	})
	return Clean(filled), unknown
}

// FillSubject fills in the template of a subject, which is one line of text.
func FillSubject(template string, values map[string]string) (filled string, unknown []string) {
	filled, unknown = fill(template, values, func(value string) string { return value })
	return cut(oneLine(filled), maxSubject), unknown
}

func fill(template string, values map[string]string, as func(string) string) (filled string, unknown []string) {
	filled = place.ReplaceAllStringFunc(template, func(found string) string {
		name := strings.ToLower(place.FindStringSubmatch(found)[1])
		value, known := values[name]
		if !known {
			unknown = append(unknown, name)
			return found
		}
		return as(value)
	})
	slices.Sort(unknown)
	return filled, slices.Compact(unknown)
}
