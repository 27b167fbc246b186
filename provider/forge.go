package provider

import (
	"bytes"
	"fmt"

	"github.com/smista/smista/pec/envelope"
)

// writeForgery writes a receipt that is not genuine. It carries no original:
// the facts alone are what a forger wants believed.
func (p *Provider) writeForgery(op *operator, l envelope.Letter, variant string) (body, error) {
	l.Certified.ReceiptType = envelope.Synthetic
	issuer := op.issuer
	if variant == "" || variant == Stranger {
		h, err := p.stranger()
		if err != nil {
			return body{}, fmt.Errorf("provider: another hierarchy: %w", err)
		}
		issuer.Identity = h.Provider(op.Domain)
	}
	var b bytes.Buffer
	if err := issuer.Write(&b, l); err != nil {
		return body{}, err
	}
	forged := b.Bytes()
	switch variant {
	case Altered:
		forged = bytes.Replace(forged, []byte("Content-Type: text/plain"), []byte("Content-Type: text/PLAIN"), 1)
	case Unsigned:
		forged = withoutSignature(forged)
	}
	return p.spool.putReader(bytes.NewReader(forged))
}

// withoutSignature keeps the header fields and the signed part of a letter.
func withoutSignature(letter []byte) []byte {
	header, rest, _ := bytes.Cut(letter, []byte("\r\n\r\n"))
	_, after, _ := bytes.Cut(header, []byte(`boundary="`))
	boundary, _, _ := bytes.Cut(after, []byte(`"`))
	delimiter := append([]byte("\r\n--"), boundary...)
	_, signed, _ := bytes.Cut(rest, append(delimiter, "\r\n"...))
	signed, _, _ = bytes.Cut(signed, delimiter)
	var out bytes.Buffer
	skipping := false
	for line := range bytes.SplitSeq(header, []byte("\r\n")) {
		if !bytes.HasPrefix(line, []byte(" ")) && !bytes.HasPrefix(line, []byte("\t")) {
			skipping = bytes.HasPrefix(line, []byte("Content-Type:"))
		}
		if !skipping {
			out.Write(line)
			out.WriteString("\r\n")
		}
	}
	out.Write(signed)
	return out.Bytes()
}
