package bundle

import (
	"embed"
	"html/template"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

//go:embed index.html
var indexPage embed.FS

// writeIndex writes the page that says what is in the bundle.
func writeIndex(out io.Writer, c *Case, l *language) error {
	page, err := template.New("index.html").Funcs(template.FuncMap{
		"moment": func(t time.Time) string { return momentIn(t, c.TakenAt.Location(), l) },
		"kind":   func(k pec.Kind) string { return said(l.kinds, k) },
		"status": func(s string) string { return said(l.statuses, s) },
		"verdict": func(m Letter) string {
			if m.Outgoing && m.Verdict == smime.Unsigned { // the provider signs it on its way
				return l.verdictOfOurs
			}
			return said(l.verdicts, m.Verdict)
		},
		"signature": func(s smime.Status) string { return said(l.verdicts, s) },
		"receipts":  func(title string, all []Receipt) receiptTable { return receiptTable{l.words, title, all} },
		"people":    people,
		"link":      link,
		"place":     func(i int) int { return i + 1 },
		"path":      func(f File) string { return f.path },
	}).ParseFS(indexPage, "index.html")
	if err != nil {
		return err
	}
	return page.Execute(out, map[string]any{"Case": c, "W": l.words, "Lang": l.tag, "Sums": sumsFile})
}

// receiptTable is what the table of some receipts says.
type receiptTable struct {
	W        map[string]string
	Title    string
	Receipts []Receipt
}

// momentIn tells a time to the second, with its distance from UTC.
func momentIn(t time.Time, zone *time.Location, l *language) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(zone).Format(l.moment)
}

func people(all []pec.Address) string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = a.String()
	}
	return strings.Join(texts, ", ")
}

// link is the address of a file from the index: no character of a name means
// anything in it.
func link(f File) string {
	elements := strings.Split(f.path, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	return "./" + strings.Join(elements, "/")
}

// said is the word for a value, or the value where there is none.
func said[K ~string](words map[K]string, value K) string {
	if word, ok := words[value]; ok {
		return word
	}
	return string(value)
}
