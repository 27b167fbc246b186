package envelope

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/smista/smista/pec"
)

// copyOriginal writes postacert.eml: the original with the provider's identifier
// for its Message-ID and its own kept in X-Riferimento-Message-ID (pec.md §2).
// An anomaly envelope carries it untouched, a brief receipt without attachments.
func (p *plan) copyOriginal(w io.Writer) error {
	src := bufio.NewReaderSize(io.NewSectionReader(p.Original.Content, 0, p.Original.Size), 32<<10)
	out := bufio.NewWriterSize(&crlfWriter{w: w}, 32<<10)
	var err error
	switch {
	case p.Kind == pec.Anomaly:
		_, err = src.WriteTo(out)
	case p.Kind == pec.Delivery && p.Certified.ReceiptType == Brief:
		err = p.copyBrief(out, src)
	default:
		err = p.copyRewritten(out, src)
	}
	if err != nil {
		return fmt.Errorf("original message: %w", err)
	}
	return out.Flush()
}

func (p *plan) copyRewritten(w io.Writer, src *bufio.Reader) error {
	if p.Original.Received != "" {
		var h fields
		h.add("Received", p.Original.Received)
		if _, err := io.WriteString(w, h.String()); err != nil {
			return err
		}
	}
	if err := copyHeader(w, src, "Message-ID", "X-Riferimento-Message-ID"); err != nil {
		return err
	}
	if _, err := io.WriteString(w, p.identity()+"\r\n"); err != nil {
		return err
	}
	_, err := src.WriteTo(w)
	return err
}

// identity gives the header lines that the provider writes into the original.
func (p *plan) identity() string {
	var h fields
	h.add("Message-ID", "<"+p.Certified.Identifier+">")
	h.add("X-Riferimento-Message-ID", p.reference)
	return h.String()
}

// copyHeader copies header lines as they stand, without the dropped fields, and
// stops after the blank line, which it does not write. Lines may be of any
// length: no more than the reader's buffer is held.
func copyHeader(w io.Writer, src *bufio.Reader, drop ...string) error {
	start, keep := true, true
	for {
		piece, err := src.ReadSlice('\n')
		whole := err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return err
		}
		if start && len(bytes.TrimRight(piece, "\r\n")) == 0 {
			return nil
		}
		if start && piece[0] != ' ' && piece[0] != '\t' {
			keep = !isField(piece, drop)
		}
		if keep {
			if _, err := w.Write(piece); err != nil {
				return err
			}
		}
		start = whole
		if errors.Is(err, io.EOF) {
			_, err := io.WriteString(w, "\r\n")
			return err
		}
	}
}

func isField(piece []byte, names []string) bool {
	name, _, found := bytes.Cut(piece[:min(len(piece), 200)], []byte(":"))
	for _, n := range names {
		if found && strings.EqualFold(strings.TrimRight(string(name), " \t"), n) {
			return true
		}
	}
	return false
}

// encoding is 8bit when the original holds a byte over 127.
func (o *Original) encoding() (string, error) {
	r := io.NewSectionReader(o.Content, 0, o.Size)
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		for _, b := range buf[:n] {
			if b >= 0x80 {
				return "8bit", nil
			}
		}
		if errors.Is(err, io.EOF) {
			return "7bit", nil
		}
		if err != nil {
			return "", err
		}
	}
}
