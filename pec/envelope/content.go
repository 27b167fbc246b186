package envelope

import (
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/smista/smista/pec"
)

// writeContent writes the signed part: text, daticert.xml, postacert.eml, in
// this order (pec.md §3).
func (p *plan) writeContent(w io.Writer) error {
	blank := ";"
	if p.issuer.Quirks.TrailingBlank {
		blank = "; "
	}
	open := "Content-Type: multipart/mixed" + blank + "\r\n boundary=\"" + p.mixed + "\"\r\n\r\n--" + p.mixed + "\r\n"
	if _, err := io.WriteString(w, open); err != nil {
		return err
	}
	steps := []func(io.Writer) error{p.writeTexts, p.writeDaticert, p.writePostacert}
	for _, step := range steps {
		if err := step(w); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\r\n--"+p.mixed+"--\r\n")
	return err
}

func (p *plan) writeTexts(w io.Writer) error {
	if _, err := io.WriteString(w, "Content-Type: multipart/alternative;\r\n boundary=\""+p.alternative+"\"\r\n"); err != nil {
		return err
	}
	pages := p.pages()
	if err := p.writeText(w, "plain", plainText(pages)); err != nil {
		return err
	}
	if err := p.writeText(w, "html", htmlText(pages)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\r\n--"+p.alternative+"--\r\n")
	return err
}

func (p *plan) writeText(w io.Writer, subtype, text string) error {
	charset, bytes := utf8, text
	if p.issuer.Quirks.BodyCharset != utf8 {
		if s, err := charmap.ISO8859_1.NewEncoder().String(text); err == nil {
			charset, bytes = latin1, s
		}
	}
	_, err := fmt.Fprintf(w, "\r\n--%s\r\nContent-Type: text/%s; charset=\"%s\"\r\n"+
		"Content-Transfer-Encoding: quoted-printable\r\nContent-Disposition: inline\r\n\r\n", p.alternative, subtype, charset)
	if err != nil {
		return err
	}
	q := quotedprintable.NewWriter(w)
	if _, err := io.WriteString(q, bytes); err != nil {
		return err
	}
	return q.Close()
}

// writeDaticert writes the certification data; an anomaly envelope certifies nothing.
func (p *plan) writeDaticert(w io.Writer) error {
	if p.Kind == pec.Anomaly {
		return nil
	}
	xml := Daticert(p.Certified)
	if p.issuer.Quirks.XMLSpace {
		xml += "\n\r\n"
	}
	head := "\r\n--" + p.mixed + "\r\nContent-Type: application/xml; name=\"daticert.xml\"\r\n" +
		"Content-Transfer-Encoding: base64\r\nContent-Disposition: inline; filename=\"daticert.xml\"\r\n\r\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	return writeBase64(w, strings.NewReader(xml))
}

func (p *plan) writePostacert(w io.Writer) error {
	if !p.needsOriginal() {
		return nil
	}
	encoding := "base64"
	if !p.issuer.Quirks.Base64 {
		var err error
		if encoding, err = p.Original.encoding(); err != nil {
			return err
		}
	}
	head := "\r\n--" + p.mixed + "\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\n" +
		"Content-Transfer-Encoding: " + encoding + "\r\nContent-Disposition: inline; filename=\"postacert.eml\"\r\n\r\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	if encoding != "base64" {
		return p.copyOriginal(w)
	}
	lines := &lineWriter{w: w}
	enc := base64.NewEncoder(base64.StdEncoding, lines)
	if err := p.copyOriginal(enc); err != nil {
		return err
	}
	return enc.Close()
}

func (p *plan) writeSignature(w io.Writer, p7s []byte) error {
	_, err := fmt.Fprintf(w, "\r\n--%s\r\nContent-Type: %s; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n"+
		"Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n", p.outer, p.issuer.Quirks.protocol())
	if err == nil {
		err = writeBase64(w, strings.NewReader(string(p7s)))
	}
	if err == nil {
		_, err = io.WriteString(w, "\r\n--"+p.outer+"--\r\n")
	}
	if err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	return nil
}

func writeBase64(w io.Writer, r io.Reader) error {
	enc := base64.NewEncoder(base64.StdEncoding, &lineWriter{w: w})
	if _, err := io.Copy(enc, r); err != nil {
		return err
	}
	return enc.Close()
}

func plainText(pages []page) string {
	var b strings.Builder
	for _, pg := range pages {
		b.WriteString(pg.title + "\r\n\r\n")
		for _, l := range pg.lines {
			b.WriteString(l + "\r\n")
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func htmlText(pages []page) string {
	var b strings.Builder
	b.WriteString("<html>\r\n<head><title>" + html.EscapeString(pages[0].title) + "</title></head>\r\n<body>\r\n")
	for _, pg := range pages {
		b.WriteString("<h3>" + html.EscapeString(pg.title) + "</h3>\r\n<p>\r\n")
		for _, l := range pg.lines {
			b.WriteString(html.EscapeString(l) + "<br>\r\n")
		}
		b.WriteString("</p>\r\n")
	}
	b.WriteString("</body>\r\n</html>\r\n")
	return b.String()
}
