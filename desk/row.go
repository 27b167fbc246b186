package desk

import (
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// Bounds of what is kept in a row; the original is whole in the archive.
const (
	maxText      = 2000 // bytes of a subject or a name
	maxID        = 998  // of an identifier: a line of RFC 5322 §2.1.1, and what an index takes
	maxAddress   = 320
	maxAddresses = 1000
	maxRefs      = 200
)

// row says of a message what the tables keep.
func (w *work) row(in intake, outgoing bool) *ent.MessageCreate {
	m, c := in.read, certification(in.read.Certification)
	direction := message.DirectionIncoming
	if outgoing {
		direction = message.DirectionOutgoing
	}
	row := w.tx.Message.Create().
		SetDigest(string(in.digest)).SetSize(in.size).SetDirection(direction).
		SetKind(m.Kind).SetVerdict(m.Signature.Status).SetEvidence(evidence(m.Signature)).
		SetProblems(problems(m.Problems)).SetMessageID(id(m.MessageID)).SetRefersTo(id(m.RefersTo)).
		SetReceivedAt(w.received(in)).SetArchivedAt(w.at)
	if c != nil {
		row.SetCertification(c).SetIdentifier(c.Identifier).SetOriginalMessageID(c.MessageID).
			SetNillableCertifiedAt(nonZero(c.Time))
	}
	if in.box != nil {
		row.SetNillableKeptByID(in.box.OfficeID)
	}
	sender := senderOf(m, c)
	row.SetSenderAddress(sender.Address).SetSenderName(sender.Name).SetSubject(subjectOf(m, c))
	if m.Mail != nil && !m.Kind.Receipt() {
		content(row, m)
	} else if c != nil {
		row.SetRecipients(certifiedRecipients(c))
	}
	if m.Mail != nil && m.Kind == pec.Delivery { // what was delivered, to be compared with what was sent
		row.SetText(plain(m.Mail.Text)).SetInnerMessageID(id(m.Mail.MessageID))
	}
	return row
}

// content is what the inner message says.
func content(row *ent.MessageCreate, m *pec.Message) {
	mail := m.Mail
	if m.Kind.Certified() {
		row.SetInnerMessageID(id(mail.MessageID))
	}
	if _, set := row.Mutation().OriginalMessageID(); !set {
		row.SetOriginalMessageID(id(mail.OriginalID))
	}
	row.SetReferences(references(mail)).SetRecipients(addresses(mail.To)).SetCopies(addresses(mail.Cc)).
		SetText(plain(mail.Text)).SetNillableSentAt(nonZero(mail.Date))
	if mail.HTML != nil {
		row.SetHTMLSection(mail.HTML.String()).SetHTMLCharset(cut(mail.HTMLCharset, maxText))
	}
}

// senderOf is who wrote it: as certified, else From. A receipt is the provider's.
func senderOf(m *pec.Message, c *pec.Certification) pec.Address {
	from := m.From
	if m.Mail != nil && !m.Kind.Receipt() && len(m.Mail.From) > 0 {
		from = m.Mail.From[0]
	}
	if c != nil && c.Sender != "" && !m.Kind.Receipt() {
		if !strings.EqualFold(from.Address, c.Sender) {
			from.Name = ""
		}
		from.Address = c.Sender
	}
	return address(from)
}

func subjectOf(m *pec.Message, c *pec.Certification) string {
	switch {
	case m.Mail != nil && !m.Kind.Receipt():
		return cut(m.Mail.Subject, maxText)
	case c != nil && c.Subject != "":
		return cut(c.Subject, maxText)
	}
	return cut(m.Subject, maxText)
}

func references(m *pec.Mail) (list []string) {
	for _, ref := range append(m.InReplyTo, m.References...) {
		if ref = id(ref); ref != "" && len(list) < maxRefs {
			list = append(list, ref)
		}
	}
	return list
}

func addresses(from []pec.Address) []pec.Address {
	list := make([]pec.Address, 0, min(len(from), maxAddresses))
	for _, a := range from[:min(len(from), maxAddresses)] {
		list = append(list, address(a))
	}
	return list
}

func certifiedRecipients(c *pec.Certification) (list []pec.Address) {
	for _, r := range c.Recipients {
		list = append(list, pec.Address{Address: r.Address})
	}
	return addresses(list)
}

func address(a pec.Address) pec.Address {
	return pec.Address{Name: cut(a.Name, maxText), Address: strings.ToLower(cut(a.Address, maxAddress))}
}

// certification is the certified data as a database takes it.
func certification(c *pec.Certification) *pec.Certification {
	if c == nil {
		return nil
	}
	n := *c
	for _, text := range []*string{&n.Type, &n.Error, &n.Sender, &n.ReplyTo, &n.Subject, &n.Provider, &n.ReceiptType, &n.DeliveryTo, &n.ExtendedError} {
		*text = cut(*text, maxText)
	}
	n.Identifier, n.MessageID, n.Time = id(n.Identifier), id(n.MessageID), storable(n.Time)
	n.Recipients, n.TakenFor = nil, nil
	for _, r := range c.Recipients[:min(len(c.Recipients), maxAddresses)] {
		n.Recipients = append(n.Recipients, pec.Recipient{Address: cut(r.Address, maxAddress), Type: cut(r.Type, maxAddress)})
	}
	for _, a := range c.TakenFor[:min(len(c.TakenFor), maxAddresses)] {
		n.TakenFor = append(n.TakenFor, cut(a, maxAddress))
	}
	return &n
}

func evidence(v smime.Verdict) smime.Verdict {
	v.Signer, v.Issuer, v.Time = cut(v.Signer, maxText), cut(v.Issuer, maxText), storable(v.Time)
	reasons := make([]smime.Reason, len(v.Reasons))
	for i, r := range v.Reasons {
		reasons[i] = smime.Reason{Code: r.Code, Detail: cut(r.Detail, maxText)}
	}
	v.Reasons = reasons
	return v
}

func problems(from []pec.Problem) []pec.Problem {
	list := make([]pec.Problem, len(from))
	for i, p := range from {
		list[i] = pec.Problem{Code: p.Code, Detail: cut(p.Detail, maxText)}
	}
	return list
}

// plain is text as both databases take it: UTF-8 without NUL.
func plain(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// cut is plain text of at most n bytes.
func cut(text string, n int) string {
	text = plain(text)
	if len(text) > n {
		text = strings.ToValidUTF8(text[:n], "")
	}
	return text
}

// id is an identifier for looking up; one that is too long is none, since a cut
// one could be somebody else's.
func id(text string) string {
	if text = plain(text); len(text) > maxID {
		return ""
	}
	return text
}

// storable is a time that both databases and JSON take, else zero.
func storable(t time.Time) time.Time {
	if t = t.UTC().Truncate(time.Microsecond); t.Year() < 1970 || t.Year() > 9998 {
		return time.Time{}
	}
	return t
}

func nonZero(t time.Time) *time.Time {
	if t = storable(t); t.IsZero() {
		return nil
	}
	return &t
}

// where names the place of a panic: the first line of ours in its stack.
func where(stack []byte) string {
	after := false
	for line := range strings.Lines(string(stack)) {
		line = strings.TrimSpace(line)
		if after && strings.Contains(line, ".go:") && !strings.Contains(line, "/runtime/") {
			file, _, _ := strings.Cut(line[strings.LastIndexByte(line, '/')+1:], " ")
			return file
		}
		after = after || strings.HasPrefix(line, "panic(")
	}
	return "an unknown place"
}
