package pec

import (
	"strings"
)

// mail reads the message inside: postacert.eml of certified mail, the mail
// itself when nothing certified stands around it.
func (r *reading) mail() error {
	whole, err := r.inner()
	if whole == nil || err != nil {
		return err
	}
	r.m.Mail, err = r.assemble(whole)
	return err
}

// inner finds the message inside; nil when there is none.
func (r *reading) inner() (*part, error) {
	if r.m.Kind == OrdinaryMail || r.signed == nil && r.root.media != "application/pkcs7-mime" && r.root.media != "application/x-pkcs7-mime" {
		return r.root, nil
	}
	if r.signed == nil {
		return nil, nil
	}
	r.leftOut()
	mixed := content(r.signed.whole)
	p := original(mixed)
	switch {
	case p == nil && (r.m.Kind == Envelope || r.m.Kind == Anomaly):
		r.notes.add("original-missing", "there is no postacert.eml among the signed parts")
		return nil, nil
	case p == nil:
		return nil, nil
	case p.ambiguous || repeated(mixed, p):
		r.notes.add("original-ambiguous", "there is more than one reading of postacert.eml; none was taken")
		return nil, nil
	case len(p.kids) > 0:
		return p.kids[0], nil
	}
	return r.walkInner(p)
}

// leftOut notes what stands outside the signed part: it is not shown.
func (r *reading) leftOut() {
	s := r.signed.whole
	if s != r.root {
		r.notes.add("wrapped", "the signed message stands inside another multipart, as mailing lists and gateways do; only the signed part is shown")
	}
	if len(s.kids) > 2 || s != r.root && len(r.root.kids) > 1 {
		r.notes.add("outside-signature", "there are parts outside the signature; they are not shown")
	}
}

// assemble reads header and parts of one message.
func (r *reading) assemble(whole *part) (*Mail, error) {
	h := whole.head
	m := &Mail{
		MessageID:  messageID(h.get("message-id")),
		Subject:    headline(h.get("subject")),
		From:       parseAddresses(h.get("from")),
		To:         parseAddresses(strings.Join(h.all("to"), ", ")),
		Cc:         parseAddresses(strings.Join(h.all("cc"), ", ")),
		ReplyTo:    parseAddresses(h.get("reply-to")),
		Date:       h.date(r.notes),
		InReplyTo:  messageIDs(h.get("in-reply-to")),
		References: messageIDs(h.get("references")),
		OriginalID: messageID(h.get("x-riferimento-message-id")),
		Section:    whole.base.then(whole.start, whole.end-whole.start, identity),
	}
	b := body{limit: r.options.Limits.Text}
	if !whole.ambiguous {
		b.gather(whole, false)
	}
	b.finish(m, r.notes)
	for _, p := range b.others {
		if err := p.settle(r.src); err != nil {
			return nil, err
		}
		m.Attachments = append(m.Attachments, attachment(p, b.shown))
	}
	return m, nil
}

func attachment(p *part, shown map[string]bool) Attachment {
	id := p.contentID()
	return Attachment{
		Name:      clean(p.name),
		MediaType: p.media,
		ContentID: clean(id),
		Inline:    p.disposition == "inline" || id != "" && shown[id],
		Size:      p.size,
		SHA256:    p.digest,
		Section:   p.section(),
	}
}

// body sorts the parts of a message into text and attachments.
type body struct {
	limit  int
	plain  []*part         // text to read, in order
	html   *part           // the HTML body
	others []*part         // everything else
	shown  map[string]bool // Content-IDs that the HTML refers to
}

// gather sorts p and what it holds. Inside a multipart/alternative HTML is the
// other form of the text before it (RFC 2046 §5.1.4), also where it stands with
// its pictures in a multipart/related, or with attachments in a multipart/mixed.
func (b *body) gather(p *part, alternative bool) {
	switch {
	case len(p.kids) > 0 && p.multipart():
		alternative = alternative || p.media == "multipart/alternative"
		root := p.root()
		if root != nil {
			b.gather(root, alternative)
		}
		for _, k := range p.kids {
			if k != root {
				b.gather(k, alternative && root == nil)
			}
		}
	case p.readable() && p.media == "text/plain":
		b.plain = append(b.plain, p)
	case p.readable() && b.html == nil && (alternative || len(b.plain) == 0):
		b.html = p
	case p.multipart() && p.size == 0 && p.digest == "":
		// a multipart without parts holds nothing
	default:
		b.others = append(b.others, p)
	}
}

// finish writes the text for reading.
func (b *body) finish(m *Mail, n *notes) {
	var text strings.Builder
	cut := false
	for _, p := range b.plain {
		if text.Len() > 0 {
			text.WriteString("\n\n")
		}
		text.WriteString(readableText(p))
		cut = cut || p.cut || int64(len(p.kept)) < p.size
	}
	if b.html != nil {
		source := decodeCharset(b.html.kept, b.html.params["charset"])
		fromHTML, ids := htmlText(source)
		b.shown = ids
		s := b.html.section()
		m.HTML, m.HTMLCharset = &s, strings.ToLower(clean(b.html.params["charset"]))
		if strings.TrimSpace(text.String()) == "" {
			text.Reset()
			text.WriteString(fromHTML)
			cut = b.html.cut || int64(len(b.html.kept)) < b.html.size
		}
	}
	m.Text = text.String()
	if len(m.Text) > b.limit {
		m.Text, cut = strings.ToValidUTF8(m.Text[:b.limit], ""), true
	}
	if cut {
		n.add("text-cut", "the text is longer than %d bytes; the rest was left out", b.limit)
	}
}

func readableText(p *part) string {
	text := string(decodeCharset(p.kept, p.params["charset"]))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Trim(strings.ReplaceAll(text, "\r", "\n"), "\n")
}

// rebase places every section of the mail inside the original that outer is in.
func (m *Mail) rebase(outer Section) {
	m.Section = m.Section.within(outer)
	if m.HTML != nil {
		s := m.HTML.within(outer)
		m.HTML = &s
	}
	for i := range m.Attachments {
		m.Attachments[i].Section = m.Attachments[i].Section.within(outer)
	}
}
