package provider

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"time"

	"github.com/emersion/go-message/mail"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
)

// Mail is a message to write and submit, for the demo and for tests.
type Mail struct {
	From        string       `json:"from"` // an account
	To          []string     `json:"to"`
	Cc          []string     `json:"cc,omitempty"`
	Subject     string       `json:"subject"`
	Text        string       `json:"text"`
	HTML        string       `json:"html,omitempty"`
	Receipt     string       `json:"receipt,omitempty"`    // completa (default), breve, sintetica
	MessageID   string       `json:"message_id,omitempty"` // with angle brackets; made when empty
	InReplyTo   string       `json:"in_reply_to,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is a file of a Mail; in JSON its content is base64.
type Attachment struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type,omitempty"` // application/octet-stream when empty
	Content   []byte `json:"content"`
}

// Send writes a message as a mail program would and submits it. It returns the
// Message-ID that receipts will refer to.
func (p *Provider) Send(ctx context.Context, m Mail) (string, error) {
	if m.MessageID == "" {
		m.MessageID = "<" + rand.Text() + "@" + domainOf(m.From) + ">"
	}
	var b bytes.Buffer
	if err := m.Write(&b, p.config.Clock()); err != nil {
		return "", fmt.Errorf("provider: write a message: %w", err)
	}
	return m.MessageID, p.Submit(ctx, m.From, append(append([]string{}, m.To...), m.Cc...), &b)
}

// Write writes the message as a mail program would.
func (m Mail) Write(w io.Writer, date time.Time) error {
	h := m.header(date)
	mw, err := mail.CreateWriter(w, h)
	if err != nil {
		return err
	}
	if err := m.writeTexts(mw); err != nil {
		return err
	}
	for _, a := range m.Attachments {
		if err := a.write(mw); err != nil {
			return err
		}
	}
	return mw.Close()
}

func (m Mail) header(date time.Time) mail.Header {
	var h mail.Header
	h.SetAddressList("From", list(m.From))
	h.SetAddressList("To", list(m.To...))
	if len(m.Cc) > 0 {
		h.SetAddressList("Cc", list(m.Cc...))
	}
	h.SetDate(date)
	h.SetSubject(m.Subject)
	h.Set("Message-Id", m.MessageID)
	for name, value := range map[string]string{"X-TipoRicevuta": m.Receipt, "In-Reply-To": m.InReplyTo, "References": m.InReplyTo} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return h
}

func list(addresses ...string) []*mail.Address {
	var out []*mail.Address
	for _, a := range addresses {
		out = append(out, &mail.Address{Address: a})
	}
	return out
}

func (m Mail) writeTexts(mw *mail.Writer) error {
	texts, err := mw.CreateInline()
	if err != nil {
		return err
	}
	for _, t := range []struct{ mediaType, text string }{{"text/plain", m.Text}, {"text/html", m.HTML}} {
		if t.text == "" && t.mediaType == "text/html" {
			continue
		}
		var h mail.InlineHeader
		h.SetContentType(t.mediaType, map[string]string{"charset": "utf-8"})
		if err := writePart(t.text, func() (io.WriteCloser, error) { return texts.CreatePart(h) }); err != nil {
			return err
		}
	}
	return texts.Close()
}

func (a Attachment) write(mw *mail.Writer) error {
	mediaType, params, err := mime.ParseMediaType(a.MediaType)
	if err != nil {
		mediaType, params = "application/octet-stream", nil
	}
	var h mail.AttachmentHeader
	h.SetContentType(mediaType, params)
	h.SetFilename(a.Name)
	h.Set("Content-Transfer-Encoding", "base64")
	return writePart(string(a.Content), func() (io.WriteCloser, error) { return mw.CreateAttachment(h) })
}

func writePart(content string, create func() (io.WriteCloser, error)) error {
	w, err := create()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, content); err != nil {
		return err
	}
	return w.Close()
}

// anomaly is the busta di anomalia for one recipient.
func anomaly(s *submission, to, id string) envelope.Letter {
	c := s.facts
	c.Time = s.at
	return envelope.Letter{Kind: pec.Anomaly, ID: id, To: []string{to}, Certified: c}
}
