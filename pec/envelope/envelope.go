// Package envelope writes what a PEC provider sends: the two envelopes and
// every receipt and notice, signed by the provider (DM 2/11/2005 annex §6,
// RFC 6109 §3).
//
//   - One pass: the signed part goes to the caller and to the signature at the
//     same time, so a message of any size costs a few kilobytes of memory.
//   - What comes from outside (addresses, subjects, identifiers) is refused when
//     it could start a new header field; nothing is cleaned silently.
//   - A quirk changes only what some real provider writes otherwise: with any of
//     them the message is still genuine and verifiable.
package envelope

import (
	"bufio"
	"crypto"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// ErrInjection means that a value would have written a header field of its own.
var ErrInjection = errors.New("envelope: control character in a header value")

// Receipt types that a sender may ask for (X-TipoRicevuta) and daticert.xml repeats.
const (
	Complete  = "completa"  // the delivery receipt carries the whole original
	Brief     = "breve"     // attachments are replaced by their digests
	Synthetic = "sintetica" // the original is not attached
)

// Issuer is a provider (gestore): who certifies and signs.
type Issuer struct {
	Name     string          // gestore-emittente
	Identity *smime.Identity // its certificate names the address in From
	Quirks   Quirks
}

// Address is the one that the issuer signs with, posta-certificata@ its domain;
// empty when the certificate names none.
func (is Issuer) Address() string {
	if is.Identity == nil || is.Identity.Certificate == nil || len(is.Identity.Certificate.EmailAddresses) == 0 {
		return ""
	}
	return is.Identity.Certificate.EmailAddresses[0]
}

// Letter is one message to write.
type Letter struct {
	Kind pec.Kind
	// ID is the letter's own Message-ID with angle brackets. An envelope has
	// none of its own: its Message-ID is the identifier.
	ID     string
	To, Cc []string
	// Certified is what daticert.xml says; Type follows from Kind and may be
	// empty. An anomaly envelope uses Sender, Subject and Time only.
	Certified pec.Certification
	// Original is the message as submitted. Envelopes need it, and delivery
	// receipts unless they are synthetic; the other kinds ignore it.
	Original *Original
}

// Original is a message as its sender submitted it.
type Original struct {
	Content  io.ReaderAt
	Size     int64
	Received string // value of the Received field that the provider adds; empty for none
}

// Write writes the letter with CRLF line ends (LF with Quirks.LF). After an
// error what was written is worthless.
func (is Issuer) Write(w io.Writer, l Letter) error {
	p, err := is.plan(l)
	if err != nil {
		return err
	}
	if is.Quirks.LF {
		w = &lfWriter{w: w}
	}
	if err := p.writeHeader(w); err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	p7s, err := p.writeSigned(w)
	if err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	return p.writeSignature(w, p7s)
}

// plan is a letter that was found fit to write, with its boundaries.
type plan struct {
	Letter
	issuer                    Issuer
	form                      form
	own                       string // the letter's Message-ID
	reference                 string // X-Riferimento-Message-ID
	outer, mixed, alternative string // boundaries
}

func (is Issuer) plan(l Letter) (*plan, error) {
	f, ok := formOf(l.Kind, l.Certified.Error)
	if !ok {
		return nil, fmt.Errorf("envelope: a provider does not send messages of kind %q", l.Kind)
	}
	if is.Address() == "" {
		return nil, fmt.Errorf("envelope: the certificate of %q names no address to sign with", is.Name)
	}
	l.Certified.Type = string(l.Kind)
	p := &plan{Letter: l, issuer: is, form: f, own: l.ID, reference: l.Certified.MessageID,
		outer: boundary(), mixed: boundary(), alternative: boundary()}
	if l.Kind == pec.Envelope {
		p.own = "<" + l.Certified.Identifier + ">"
	}
	if is.Quirks.NoMsgID {
		p.Certified.MessageID = ""
	}
	return p, p.check()
}

func (p *plan) check() error {
	c := p.Certified
	switch {
	case p.needsOriginal() && p.Original == nil:
		return fmt.Errorf("envelope: %s %s needs the original message", p.Kind, c.ReceiptType)
	case c.Sender == "" || c.Time.IsZero() || len(p.own) < 3 || len(p.To) == 0:
		return fmt.Errorf("envelope: %s needs a sender, a time, an identifier and an addressee", p.Kind)
	}
	values := append([]string{p.issuer.Name, p.own, p.reference, c.Identifier, c.Sender, c.ReplyTo, c.Subject,
		c.ReceiptType, c.DeliveryTo, c.ExtendedError}, append(p.To, p.Cc...)...)
	for _, r := range c.Recipients {
		values = append(values, r.Address)
	}
	if p.Original != nil {
		values = append(values, p.Original.Received)
	}
	for _, v := range append(values, c.TakenFor...) {
		if strings.ContainsFunc(v, isControl) {
			return fmt.Errorf("%w: %q", ErrInjection, v)
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (p *plan) needsOriginal() bool {
	return p.Kind == pec.Envelope || p.Kind == pec.Anomaly ||
		p.Kind == pec.Delivery && p.Certified.ReceiptType != Synthetic
}

// writeSigned writes the signed part to w and to the signature, side by side.
func (p *plan) writeSigned(w io.Writer) ([]byte, error) {
	pr, pw := io.Pipe()
	written := make(chan error, 1)
	go func() {
		both := bufio.NewWriterSize(io.MultiWriter(w, pw), 64<<10)
		err := p.writeContent(both)
		if err == nil {
			err = both.Flush()
		}
		pw.CloseWithError(err)
		written <- err
	}()
	p7s, err := p.issuer.Identity.Sign(pr, smime.SignOptions{
		Digest: p.issuer.Quirks.digest(), BER: p.issuer.Quirks.BER, Time: p.Certified.Time,
	})
	pr.CloseWithError(errors.Join(io.ErrClosedPipe, err))
	if wErr := <-written; err == nil {
		err = wErr
	}
	return p7s, err
}

// Quirks are the ways in which real providers differ (docs/provider.md names
// the provider each was seen at). The zero value is the plain form.
type Quirks struct {
	SHA1          bool   `toml:"sha1"`           // sign with SHA-1, as seen until December 2024
	BER           bool   `toml:"ber"`            // indefinite-length signature
	OldSpelling   bool   `toml:"old_spelling"`   // X-Tiporicevuta for X-TipoRicevuta
	PlainPKCS7    bool   `toml:"plain_pkcs7"`    // application/pkcs7-signature without x-
	NoMsgID       bool   `toml:"no_msgid"`       // daticert.xml without msgid
	Folded        bool   `toml:"folded"`         // boundary on a folded line, after a trailing blank
	TrailingBlank bool   `toml:"trailing_blank"` // trailing blank in a header line of the signed part
	XMLSpace      bool   `toml:"xml_space"`      // white space after the end of daticert.xml
	Base64        bool   `toml:"base64"`         // postacert.eml in base64
	HeaderCharset string `toml:"header_charset"` // "" = utf-8, or "iso-8859-1"
	BodyCharset   string `toml:"body_charset"`   // "" = iso-8859-1 where the text allows, or "utf-8"
	LF            bool   `toml:"lf"`             // kept with bare LF line ends, as exports do
	REMSubject    bool   `toml:"rem_subject"`    // X-REM-Subject on delivery receipts
	Bilingual     bool   `toml:"bilingual"`      // an English text below the Italian one
}

func (q Quirks) digest() crypto.Hash {
	if q.SHA1 {
		return crypto.SHA1
	}
	return crypto.SHA256
}

func (q Quirks) micalg() string {
	if q.SHA1 {
		return `"sha1"`
	}
	return "sha-256"
}

func (q Quirks) protocol() string {
	if q.PlainPKCS7 {
		return "application/pkcs7-signature"
	}
	return "application/x-pkcs7-signature"
}
