package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"

	"github.com/smista/smista/provider"
)

type file = provider.Attachment

// writer makes the attachments of a letter, each different.
type writer struct {
	r    *rand.Rand
	from string
}

// pdf is a page of PDF 1.4 with a title on it.
func (w *writer) pdf(title string) file {
	page := fmt.Sprintf("BT /F1 18 Tf 72 760 Td (%s) Tj 0 -28 Td /F1 11 Tf (Riferimento interno %06d) Tj ET",
		strings.NewReplacer("à", `\340`, "'", `\222`).Replace(title), w.r.IntN(1e6))
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(page), page),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table = fmt.Appendf(table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&b, "%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, b.Len())
	return file{Name: title + ".pdf", MediaType: "application/pdf", Content: b.Bytes()}
}

func (w *writer) picture(name string) file {
	m := image.NewGray(image.Rect(0, 0, 96, 64))
	for i := range m.Pix {
		m.Pix[i] = uint8(128 + w.r.IntN(100))
	}
	for x := 20; x < 70; x++ {
		for y := 20; y < 44; y++ {
			m.SetGray(x, y, color.Gray{Y: uint8(x)})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return file{Name: name, MediaType: "image/png", Content: b.Bytes()}
}

func (w *writer) drawing(title string) file { return w.picture(title + ".png") }

func (w *writer) zip(name string) file {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []file{w.pdf("Elenco"), w.drawing("Tavola 1")} {
		if entry, err := z.Create(f.Name); err == nil {
			_, _ = entry.Write(f.Content) // a buffer takes everything
		}
	}
	_ = z.Close()
	return file{Name: name, MediaType: "application/zip", Content: b.Bytes()}
}

// invoice is shaped like an electronic invoice, as far as a reader cares here.
func (w *writer) invoice() file {
	n := w.r.IntN(90000) + 10000
	return file{Name: fmt.Sprintf("IT00000000000_%05d.xml", n), MediaType: "application/xml", Content: fmt.Appendf(nil,
		`<?xml version="1.0" encoding="UTF-8"?>
<FatturaElettronica versione="FPA12"><FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento>
<TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Numero>%d</Numero><ImportoTotaleDocumento>%d.%02d</ImportoTotaleDocumento>
</DatiGeneraliDocumento></DatiGenerali></FatturaElettronicaBody></FatturaElettronica>
`, n, 100+w.r.IntN(9000), w.r.IntN(100))}
}

// forwarded is an earlier message, enclosed whole.
func (w *writer) forwarded() file {
	return file{Name: "richiesta originaria.eml", MediaType: "message/rfc822", Content: fmt.Appendf(nil,
		"From: Ufficio Viabilità <viabilita@provincia.valtersa.example>\r\nTo: %s\r\nSubject: Richiesta originaria\r\n"+
			"Message-ID: <v%d@provincia.valtersa.example>\r\nDate: Mon, 02 Nov 2026 09:12:00 +0100\r\nMIME-Version: 1.0\r\n"+
			"Content-Type: text/plain; charset=utf-8\r\n\r\nSi inoltra per competenza.\r\n", w.from, w.r.IntN(1e6))}
}
