package notify

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"slices"
	texttemplate "text/template"
	"time"
)

//go:embed templates/*
var files embed.FS

// Rendered is a letter as it will be read.
type Rendered struct{ Subject, Text, HTML string }

// ErrEmpty says that a letter tells nothing.
var ErrEmpty = errors.New("a letter without items")

// Render writes a letter. The same letter is always written the same.
func Render(l Letter) (Rendered, error) {
	if len(l.Items) == 0 {
		return Rendered{}, ErrEmpty
	}
	if l.Zone == nil {
		l.Zone = time.UTC
	}
	p := pageOf(l)
	plain, err := texttemplate.ParseFS(files, "templates/letter.txt")
	if err != nil {
		return Rendered{}, fmt.Errorf("read the template of letters: %w", err)
	}
	rich, err := htmltemplate.ParseFS(files, "templates/letter.html")
	if err != nil {
		return Rendered{}, fmt.Errorf("read the template of letters: %w", err)
	}
	var text, html bytes.Buffer
	if err := errors.Join(plain.Execute(&text, p), rich.Execute(&html, p)); err != nil {
		return Rendered{}, fmt.Errorf("write a letter: %w", err)
	}
	return Rendered{Subject: p.Subject, Text: text.String(), HTML: html.String()}, nil
}

// page is what the templates show.
type page struct {
	Lang, Subject, Greeting string
	Groups                  []group
	More, Footer, Open      string
}

type group struct {
	Title string
	Lines []line
}

type line struct{ Title, Due, Text, At, Link string }

func pageOf(l Letter) page {
	w := wordsIn(l.Language)
	p := page{Lang: w.lang, Greeting: fmt.Sprintf(w.greeting, clean(l.To.Name, mostName)), Footer: w.footer, Open: w.open}
	items := slices.SortedStableFunc(slices.Values(l.Items), byUrgency)
	if len(items) > mostItems {
		p.More = fmt.Sprintf(w.more, len(items)-mostItems)
	}
	for _, it := range items[:min(len(items), mostItems)] {
		title := w.groups[rank(it.Kind)]
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != title {
			p.Groups = append(p.Groups, group{Title: title})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Lines = append(g.Lines, w.line(it, l.Zone))
	}
	p.Subject = fmt.Sprintf(w.digest, len(items))
	if len(items) == 1 {
		p.Subject = "Smista: " + p.Groups[0].Lines[0].Title
	}
	return p
}

// rank groups the kinds: what is late, what comes near, the rest.
func rank(k Kind) int {
	switch k {
	case Breached, Glass, NotSent, Undelivered, NoReceipt, Suspect:
		return 0
	case Reminder, Sollecito, Question, ToApprove, SentBack:
		return 1
	}
	return 2
}

func byUrgency(a, b Item) int {
	if d := rank(a.Kind) - rank(b.Kind); d != 0 {
		return d
	}
	if a.Due.IsZero() != b.Due.IsZero() { // what is never due comes after what is
		return b.Due.Compare(a.Due)
	}
	if d := a.Due.Compare(b.Due); d != 0 {
		return d
	}
	return a.At.Compare(b.At)
}
