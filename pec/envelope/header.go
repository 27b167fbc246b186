package envelope

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"io"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/smista/smista/pec"
)

const (
	latin1 = "iso-8859-1"
	utf8   = "utf-8"
	line   = 76 // characters per line, at most
)

// writeHeader writes the letter's header and opens the multipart/signed.
// Fields are outside the signature (pec.md §9).
func (p *plan) writeHeader(w io.Writer) error {
	q := p.issuer.Quirks
	var h fields
	h.add("Date", p.Certified.Time.Format(time.RFC1123Z))
	h.add("From", p.from())
	if p.form.transport != "" {
		h.add("Reply-To", cmp.Or(p.Certified.ReplyTo, p.Certified.Sender))
	}
	h.list("To", p.To)
	h.list("Cc", p.Cc)
	h.add("Message-ID", p.own)
	h.add("Subject", p.form.prefix+encoded(q.HeaderCharset, p.Certified.Subject))
	h.add("MIME-Version", "1.0")
	h.addRaw("Content-Type: multipart/signed; protocol=\"" + q.protocol() + "\"; micalg=" + q.micalg() + ";" + p.fold() + "boundary=\"" + p.outer + "\"")
	p.markers(&h)
	_, err := io.WriteString(w, h.String()+"\r\nThis is an S/MIME signed message\r\n\r\n--"+p.outer+"\r\n")
	return err
}

// markers are the fields that say which message of the service this is.
func (p *plan) markers(h *fields) {
	c := p.Certified
	h.add("X-Trasporto", p.form.transport)
	h.add("X-Ricevuta", p.form.receipt)
	if p.Kind == pec.Envelope || p.Kind == pec.Delivery && c.ReceiptType != Complete {
		h.add(p.receiptField(), c.ReceiptType)
	}
	if p.Kind != pec.Anomaly {
		h.add("X-Riferimento-Message-ID", p.reference)
	}
	if c.Error == virus {
		h.add("X-VerificaSicurezza", "errore")
	}
	if p.Kind == pec.VirusNotice {
		h.add("X-Mittente", c.Sender)
	}
	if p.Kind == pec.Delivery && p.issuer.Quirks.REMSubject {
		h.add("X-REM-Subject", "REM ContentConsignment: "+encoded(p.issuer.Quirks.HeaderCharset, c.Subject))
	}
}

func (p *plan) receiptField() string {
	if p.issuer.Quirks.OldSpelling {
		return "X-Tiporicevuta"
	}
	return "X-TipoRicevuta"
}

// from names the sender on envelopes only (annex §6.3.4).
func (p *plan) from() string {
	if p.form.transport == "" {
		return p.issuer.Address()
	}
	name := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace("Per conto di: " + p.Certified.Sender)
	return `"` + name + `" <` + p.issuer.Address() + ">"
}

// fold is what stands between two parameters.
func (p *plan) fold() string {
	if p.issuer.Quirks.Folded {
		return " \r\n\t"
	}
	return "\r\n "
}

// fields collects header lines.
type fields struct{ strings.Builder }

// add writes a field, folded at blanks; an empty value writes nothing.
func (f *fields) add(name, value string) {
	if value == "" {
		return
	}
	f.WriteString(name + ":")
	n := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if n+1+len(word) > line && n > len(name)+1 && word != "" {
			f.WriteString("\r\n")
			n = 0
		}
		f.WriteString(" " + word)
		n += 1 + len(word)
	}
	f.WriteString("\r\n")
}

func (f *fields) list(name string, addresses []string) { f.add(name, strings.Join(addresses, ", ")) }

func (f *fields) addRaw(s string) { f.WriteString(s + "\r\n") }

// encoded gives a header text as ASCII, in encoded words where needed (RFC 2047),
// each of whole characters.
func encoded(charset, s string) string {
	if isASCII(s) && !strings.Contains(s, "=?") {
		return s
	}
	encode := func(chunk string) (string, error) { return chunk, nil }
	if _, err := charmap.ISO8859_1.NewEncoder().String(s); charset == latin1 && err == nil {
		encode = charmap.ISO8859_1.NewEncoder().String
	} else {
		charset = utf8
	}
	var words []string
	for len(s) > 0 {
		n := chunk(s)
		b, _ := encode(s[:n]) // the whole could be encoded
		words = append(words, "=?"+charset+"?B?"+base64.StdEncoding.EncodeToString([]byte(b))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// chunk is the length of the first characters that fit into an encoded word.
func chunk(s string) int {
	for i := range s {
		if i > 40 {
			return i
		}
	}
	return len(s)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// boundary cannot be foreseen, so no original can contain it.
func boundary() string { return "----=_" + rand.Text() }
