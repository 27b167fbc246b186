package letter

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"

	"github.com/emersion/go-message"
)

const bufferSize = 64 << 10

// ErrFileSize says that a file was not as long as the letter said, so that what
// was written of the letter is not complete.
var ErrFileSize = errors.New("the file is not as long as was said")

// Write writes the letter. It gives Problems, before a byte is written, when
// it cannot be sent; after any other error what was written must not be used.
func (l Letter) Write(w io.Writer) error {
	d, err := l.draft()
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(w, bufferSize)
	if err := d.write(buffer); err != nil {
		return fmt.Errorf("write the letter %s: %w", l.MessageID, err)
	}
	return buffer.Flush()
}

// Size is how many bytes Write writes. No file is opened.
func (l Letter) Size() (int64, error) {
	d, err := l.draft()
	if err != nil {
		return 0, err
	}
	var total counter
	for _, list := range [][]File{d.pictures, d.attached} {
		for i := range list {
			total += encodedSize(list[i].Size)
			list[i].Size, list[i].Open = 0, nothing
		}
	}
	if err := d.write(&total); err != nil {
		return 0, fmt.Errorf("measure the letter %s: %w", l.MessageID, err)
	}
	return int64(total), nil
}

// encodedSize is the size of base64 in lines of 76, without a line end after the last.
func encodedSize(n int64) counter {
	encoded := (n + 2) / 3 * 4
	return counter(encoded + 2*(max(encoded-1, 0)/76))
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func nothing() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }

func (d draft) write(w io.Writer) error {
	top := d.tree()
	mw, err := message.CreateWriter(w, header(append(d.fields(), top.fields...)))
	if err != nil {
		return err
	}
	return top.write(mw)
}

// fields gives the header of the letter, without what it has not.
func (d draft) fields() [][]byte {
	if d.Receipt == "" {
		d.Receipt = Complete
	}
	fields := [][]byte{
		field("From", addresses(d.From)...),
		field("To", addresses(d.To...)...),
		field("Cc", addresses(d.Cc...)...),
		field("Subject", text(d.Subject)...),
		field("Date", d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")),
		field("Message-ID", d.MessageID),
		field("In-Reply-To", identifiers(d.InReplyTo)...),
		field("References", identifiers(d.References...)...),
		field("X-TipoRicevuta", string(d.Receipt)),
		field("MIME-Version", "1.0"),
	}
	return slices.DeleteFunc(fields, func(f []byte) bool { return f == nil })
}

// header hands the fields over as they are. go-message adds each one at the top.
func header(fields [][]byte) (h message.Header) {
	for _, f := range slices.Backward(fields) {
		h.AddRaw(f)
	}
	return h
}

// part is a node of the letter's tree: it has parts, a file, or a text.
type part struct {
	fields [][]byte
	parts  []part
	file   *File
	text   string
}

// tree is the letter's structure (RFC 2046 §5.1, RFC 2387), as small as it can be.
func (d draft) tree() part {
	page := "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + d.HTML + "\n</body></html>\n"
	body := textPart("html", page)
	if len(d.pictures) > 0 {
		shown := d.multipart("related", `type="text/html"; `, body)
		for i, f := range d.pictures {
			shown.parts = append(shown.parts, filePart(f, i+1))
		}
		body = shown
	}
	body = d.multipart("alternative", "", textPart("plain", plainText(d.HTML)+"\n"), body)
	if len(d.attached) == 0 {
		return body
	}
	mixed := d.multipart("mixed", "", body)
	for i, f := range d.attached {
		f.ContentID = ""
		mixed.parts = append(mixed.parts, filePart(f, len(d.pictures)+i+1))
	}
	return mixed
}

// multipart has a boundary that is always the same for this letter. As it begins
// with "=_" it stands in no quoted-printable and no base64 text (RFC 2045 §6.7).
func (d draft) multipart(kind, parameters string, parts ...part) part {
	sum := sha256.Sum256([]byte(kind + "\n" + d.MessageID + "\n" + d.HTML))
	boundary := fmt.Sprintf(`boundary="=_%s_%s"`, kind, hex.EncodeToString(sum[:16]))
	words := append(strings.Fields("multipart/"+kind+"; "+parameters), boundary)
	return part{fields: [][]byte{field("Content-Type", words...)}, parts: parts}
}

func textPart(kind, s string) part {
	return part{text: s, fields: [][]byte{
		field("Content-Type", "text/"+kind+";", "charset=utf-8"),
		field("Content-Transfer-Encoding", "quoted-printable"),
	}}
}

func filePart(f File, i int) part {
	name := fileName(f.Name, i)
	disposition := "attachment;"
	if f.ContentID != "" {
		disposition = "inline;"
	}
	p := part{file: &f, fields: [][]byte{
		field("Content-Type", append([]string{mediaType(f.MediaType) + ";"}, named("name", name)...)...),
		field("Content-Transfer-Encoding", "base64"),
		field("Content-Disposition", append([]string{disposition}, named("filename", name)...)...),
	}}
	if f.ContentID != "" {
		p.fields = append(p.fields, field("Content-ID", "<"+f.ContentID+">"))
	}
	return p
}

// mediaType is a simple one. Messages and multiparts, which must not be encoded
// in base64 (RFC 2046 §5.1 and §5.2.1), are sent as bytes: unencoded, relays may
// fold them, cut blanks or mark a "From ", and the signature of a PEC that is
// forwarded as .eml would hold no more.
func mediaType(given string) string {
	const unknown = "application/octet-stream"
	kind, _, err := mime.ParseMediaType(given)
	family, _, found := strings.Cut(kind, "/")
	if err != nil || !found || len(kind) > plainWord || family == "message" || family == "multipart" {
		return unknown
	}
	return kind
}

// write writes a part and ends it. One that failed is not ended, so that it
// cannot be taken for complete.
func (p part) write(w *message.Writer) error {
	if err := p.writeBody(w); err != nil {
		return err
	}
	return w.Close()
}

func (p part) writeBody(w *message.Writer) error {
	if p.file != nil {
		return p.file.write(w)
	}
	for _, child := range p.parts {
		next, err := w.CreatePart(header(child.fields))
		if err != nil {
			return err
		}
		if err := child.write(next); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, p.text)
	return err
}

func (f File) write(w io.Writer) (err error) {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("open the file %q: %w", f.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	n, err := io.Copy(w, io.LimitReader(r, f.Size+1))
	if err != nil {
		return fmt.Errorf("attach the file %q: %w", f.Name, err)
	}
	if n != f.Size {
		return fmt.Errorf("attach the file %q of %d bytes: %w", f.Name, f.Size, ErrFileSize)
	}
	return nil
}
