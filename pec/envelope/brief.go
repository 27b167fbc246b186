package envelope

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"

	"github.com/emersion/go-message/textproto"
)

const maxDepth = 20 // of multiparts inside one another; what is deeper counts as an attachment

// copyBrief writes the original with each attachment replaced by a text part
// that holds the digest of its decoded content and is named after it with
// ".hash" (annex §6.5.2.2; the digest is the one the provider signs with).
func (p *plan) copyBrief(w io.Writer, src *bufio.Reader) error {
	checked := &checkedReader{r: src}
	body := bufio.NewReader(checked)
	h, err := textproto.ReadHeader(body)
	if err != nil {
		return err
	}
	h.Del("Message-ID")
	h.Del("X-Riferimento-Message-ID")
	if p.reference != "" {
		h.AddRaw([]byte("X-Riferimento-Message-ID: " + p.reference + "\r\n"))
	}
	h.AddRaw([]byte("Message-ID: <" + p.Certified.Identifier + ">\r\n"))
	if p.Original.Received != "" {
		h.Add("Received", p.Original.Received)
	}
	err = p.briefPart(h, body, 0, func(h textproto.Header) (io.Writer, error) {
		return w, textproto.WriteHeader(w, h)
	})
	return errors.Join(err, checked.err)
}

// checkedReader remembers why reading failed: the multipart reader does not say.
type checkedReader struct {
	r   io.Reader
	err error
}

func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// briefPart writes one part; create opens it once its header is known.
func (p *plan) briefPart(h textproto.Header, body io.Reader, depth int,
	create func(textproto.Header) (io.Writer, error)) error {
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	switch {
	case depth < maxDepth && err == nil && strings.HasPrefix(mediaType, "multipart/") && params["boundary"] != "":
		return p.briefMultipart(h, body, params["boundary"], depth, create)
	case depth > 0 && isAttachment(mediaType, params, h):
		return p.digestPart(h, body, params["name"], create)
	}
	out, err := create(h)
	if err != nil {
		return err
	}
	return copyPart(out, body)
}

// copyPart copies what there is of a part; the last one may be cut short.
func copyPart(w io.Writer, body io.Reader) error {
	if _, err := io.Copy(w, body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return nil
}

func (p *plan) briefMultipart(h textproto.Header, body io.Reader, boundary string, depth int,
	create func(textproto.Header) (io.Writer, error)) error {
	out, err := create(h)
	if err != nil {
		return err
	}
	mw := textproto.NewMultipartWriter(out)
	if err := mw.SetBoundary(boundary); err != nil {
		return err
	}
	mr := textproto.NewMultipartReader(body, boundary)
	for {
		part, err := mr.NextPart()
		if err != nil { // closed, or broken from here on: there is no more to take apart
			return mw.Close()
		}
		if err := p.briefPart(part.Header, part, depth+1, mw.CreatePart); err != nil {
			return err
		}
	}
}

func (p *plan) digestPart(h textproto.Header, body io.Reader, name string,
	create func(textproto.Header) (io.Writer, error)) error {
	if _, params, err := mime.ParseMediaType(h.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		name = params["filename"]
	}
	if name == "" {
		name = "allegato"
	}
	sum := p.issuer.Quirks.digest().New()
	if err := copyPart(sum, decoded(h.Get("Content-Transfer-Encoding"), body)); err != nil {
		return err
	}
	var n textproto.Header
	n.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ".hash"}))
	n.Set("Content-Type", mime.FormatMediaType("text/plain", map[string]string{"charset": "us-ascii", "name": name + ".hash"}))
	out, err := create(n)
	if err == nil {
		_, err = io.WriteString(out, hex.EncodeToString(sum.Sum(nil))+"\r\n")
	}
	return err
}

// isAttachment tells a part that is not the text from one that is.
func isAttachment(mediaType string, params map[string]string, h textproto.Header) bool {
	disposition, dp, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	return disposition == "attachment" || params["name"] != "" || dp["filename"] != "" ||
		mediaType != "" && !strings.HasPrefix(mediaType, "text/")
}

func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}
