package pec

import (
	"strings"
	"time"
)

// Report is what `smista inspect --json` prints for one file. Lists are never
// null; certification and message are, where there is none; a missing time is "".
type Report struct {
	File          string               `json:"file"`
	Kind          Kind                 `json:"kind"`
	Signature     SignatureReport      `json:"signature"`
	Certification *CertificationReport `json:"certification"`
	RefersTo      string               `json:"refers_to"` // the message id a receipt is about, or the sender's own id
	Message       *MessageReport       `json:"message"`
	Problems      []string             `json:"problems"` // "code: detail"
}

// SignatureReport is the verdict in words.
type SignatureReport struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons"` // "code: detail"
	Signer  string   `json:"signer"`
	Issuer  string   `json:"issuer"`
	Digest  string   `json:"digest"`
	Time    string   `json:"time"` // RFC 3339
}

// CertificationReport is daticert.xml.
type CertificationReport struct {
	Type          string            `json:"type"`
	Error         string            `json:"error"`
	Sender        string            `json:"sender"`
	Recipients    []RecipientReport `json:"recipients"`
	ReplyTo       string            `json:"reply_to"`
	Subject       string            `json:"subject"`
	Provider      string            `json:"provider"`
	Time          string            `json:"time"` // RFC 3339, with the zone written
	Identifier    string            `json:"identifier"`
	MessageID     string            `json:"message_id"`
	ReceiptType   string            `json:"receipt_type"`
	DeliveryTo    string            `json:"delivery_to"`
	ExtendedError string            `json:"extended_error"`
}

// RecipientReport is one of destinatari.
type RecipientReport struct {
	Address string `json:"address"`
	Type    string `json:"type"`
}

// MessageReport is the message inside; addresses are bare, or "Name <address>".
type MessageReport struct {
	MessageID   string             `json:"message_id"`
	Subject     string             `json:"subject"`
	From        string             `json:"from"`
	To          []string           `json:"to"`
	Cc          []string           `json:"cc"`
	Date        string             `json:"date"` // RFC 3339
	Text        string             `json:"text"`
	Attachments []AttachmentReport `json:"attachments"`
}

// AttachmentReport names an attachment as its sender did: not safe as a file name.
type AttachmentReport struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

// Report gives what is known of the message in the shape for programs.
func (m *Message) Report(file string) Report {
	r := Report{File: file, Kind: m.Kind, RefersTo: m.RefersTo, Problems: []string{}}
	r.Signature = SignatureReport{
		Status: string(m.Signature.Status), Reasons: []string{},
		Signer: m.Signature.Signer, Issuer: m.Signature.Issuer,
		Digest: m.Signature.Digest, Time: stamp(m.Signature.Time),
	}
	for _, reason := range m.Signature.Reasons {
		r.Signature.Reasons = append(r.Signature.Reasons, reason.String())
	}
	for _, p := range m.Problems {
		r.Problems = append(r.Problems, p.String())
	}
	if m.Certification != nil {
		r.Certification = m.Certification.report()
	}
	if m.Mail != nil {
		r.Message = m.Mail.report()
	}
	return r
}

func (c *Certification) report() *CertificationReport {
	r := &CertificationReport{
		Type: c.Type, Error: c.Error, Sender: c.Sender, Recipients: []RecipientReport{},
		ReplyTo: c.ReplyTo, Subject: c.Subject, Provider: c.Provider, Time: stamp(c.Time),
		Identifier: c.Identifier, MessageID: c.MessageID, ReceiptType: c.ReceiptType,
		DeliveryTo: c.DeliveryTo, ExtendedError: c.ExtendedError,
	}
	for _, to := range c.Recipients {
		r.Recipients = append(r.Recipients, RecipientReport(to))
	}
	return r
}

func (m *Mail) report() *MessageReport {
	r := &MessageReport{
		MessageID: m.MessageID, Subject: m.Subject, From: strings.Join(addressList(m.From), ", "),
		To: addressList(m.To), Cc: addressList(m.Cc), Date: stamp(m.Date), Text: m.Text,
		Attachments: []AttachmentReport{},
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, AttachmentReport{a.Name, a.MediaType, a.Size, a.SHA256})
	}
	return r
}

func addressList(list []Address) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = a.String()
	}
	return texts
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
