package display

import (
	"cmp"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Page is a whole page for a frame that runs no scripts. What the program has to
// know of it stands in attributes of its root element.
type Page struct {
	Title    string // as the sender wrote it
	Lang     string // of what it says; Italian when empty
	Note     string // a sentence of ours above it; empty for none
	NoteLang string // language of that sentence
	Body     string // as Clean or Text wrote it
	Style    string // as Clean wrote it
	Form     string // data-form: what is shown, "html" or "text"
	HTML     bool   // data-html: whether there is HTML to show
	Remote   string // data-remote: what is done with remote pictures, "blocked", "shown" or "never"
	// RemotePictures is data-remote-pictures: how many there are, as far as they are known.
	RemotePictures int
	Reason         string // data-reason: why the text is shown where there is HTML; empty when it was asked for
}

// pageStyle is the page's own. What a mail declares is never important, so that it
// changes nothing here.
const pageStyle = `html{background:#fff!important;color:#000;color-scheme:only light}
body{margin:12px;font:15px/1.45 system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%}
blockquote{margin:0 0 0 .6em;padding-left:.6em;border-left:2px solid #ccc}
.smista-text{white-space:pre-wrap!important;font-family:inherit}
.smista-note{margin:0 0 12px!important;padding:8px 12px!important;border-left:4px solid #8a6d00!important;
background:#fff8e1!important;color:#3b3000!important;font:14px/1.4 system-ui,sans-serif!important}
.smista-picture{display:inline-block!important;box-sizing:border-box;min-width:16px;min-height:16px;max-width:100%;overflow:hidden;
border:1px dashed #767676;background:#f3f3f3;color:#555;font:12px/1.3 system-ui,sans-serif;padding:1px 4px;vertical-align:middle}
.smista-domain{display:inline!important;padding:0 2px!important;background:#fff!important;color:#a4262c!important;font:12px/1.3 system-ui,sans-serif!important}
`

// String writes the page.
func (p Page) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html>\n"+`<html lang="%s" data-form="%s" data-html="%t" data-remote="%s" data-remote-pictures="%d" data-reason="%s">`+"\n",
		cmp.Or(language(p.Lang), "it"), html.EscapeString(p.Form), p.HTML, html.EscapeString(p.Remote), p.RemotePictures, html.EscapeString(p.Reason))
	fmt.Fprintf(&b, `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title>`+"\n",
		html.EscapeString(shorten(harmless(p.Title))))
	b.WriteString("<style>" + pageStyle + "</style>\n")
	if p.Style != "" {
		b.WriteString("<style>\n" + p.Style + "</style>\n")
	}
	b.WriteString("</head>\n<body>\n")
	if p.Note != "" {
		b.WriteString(`<p class="smista-note" lang="` + language(p.NoteLang) + `">` + html.EscapeString(p.Note) + "</p>\n")
	}
	b.WriteString(p.Body + "\n</body>\n</html>\n")
	return b.String()
}
