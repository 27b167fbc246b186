package pec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

// part is a node of the MIME tree (RFC 2045). Offsets count in the bytes that
// were walked; base places those bytes in the original.
type part struct {
	parent *part
	kids   []*part
	head   header
	base   Section

	start, body, end int64 // first header byte, first body byte, end of the content

	media       string // type/subtype in lower case
	params      map[string]string
	disposition string // "inline", "attachment" or empty
	name        string // decoded, hostile
	encoding    encoding
	ambiguous   bool // programs would read its structure differently: nothing of it is shown
	message     bool // a message of its own: the root, or what a message/rfc822 part holds

	size   int64  // of the decoded content
	digest string // SHA-256 of the decoded content; empty when it was not taken
	kept   []byte // decoded content, as far as it was asked for
	cut    bool   // there is more content than was kept
}

// describe reads the fields that say what the part is.
func (p *part) describe(n *notes) {
	types := p.head.all("content-type")
	var kind, place parameters
	p.media, kind = parseParameters(p.head.get("content-type"))
	p.disposition, place = parseParameters(p.head.get("content-disposition"))
	p.params = kind.values
	p.encoding = parseEncoding(p.head.get("content-transfer-encoding"))
	p.name = place.values["filename"]
	if p.name == "" {
		p.name = kind.values["name"]
	}
	p.name = decodeWords(p.name)
	if len(types) > 1 || kind.ambiguous || place.ambiguous || len(p.head.all("content-transfer-encoding")) > 1 {
		p.ambiguous, p.name = true, ""
		n.add("structure-ambiguous", "a part gives its type, encoding, boundary or name twice; it is offered only as it stands")
	}
	if p.encoding == unknownEncoding {
		n.add("encoding-unknown", "a part has an unknown transfer encoding; its content was taken as it stands")
	}
	if !validMedia(p.media) {
		p.media = p.defaultMedia()
	}
}

// defaultMedia is what a missing or unreadable type means (RFC 2045 §5.2).
func (p *part) defaultMedia() string {
	if len(p.head.all("content-type")) > 0 {
		return "application/octet-stream"
	}
	if p.parent != nil && p.parent.media == "multipart/digest" {
		return "message/rfc822"
	}
	return "text/plain"
}

func validMedia(media string) bool {
	kind, sub, ok := strings.Cut(media, "/")
	return ok && kind != "" && sub != "" && len(media) <= 200 && !strings.ContainsFunc(media, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"[]?=`, r)
	})
}

func (p *part) multipart() bool { return strings.HasPrefix(p.media, "multipart/") }

// root is the part of a multipart/related that is shown: the one that its start
// names, else the first (RFC 2387 §3.2). The others are what it is made of.
func (p *part) root() *part {
	if p.media != "multipart/related" || len(p.kids) == 0 {
		return nil
	}
	start := bareID(p.params["start"])
	if i := slices.IndexFunc(p.kids, func(k *part) bool { return k.contentID() == start }); start != "" && i >= 0 {
		return p.kids[i]
	}
	return p.kids[0]
}

// contentID is the name by which other parts refer to this one (RFC 2392).
func (p *part) contentID() string { return bareID(p.head.get("content-id")) }

func bareID(id string) string { return strings.Trim(id, "<> \t") }

// section says where the decoded content stands in the original.
func (p *part) section() Section {
	e := p.encoding
	if e == unknownEncoding || len(p.kids) > 0 {
		e = identity
	}
	return p.base.then(p.body, p.end-p.body, e)
}

// readable reports whether the part may be (some of) the text of its message.
func (p *part) readable() bool {
	return (p.media == "text/plain" || p.media == "text/html") &&
		p.name == "" && p.disposition != "attachment" && !p.ambiguous
}

// dressed reports whether the header claims to be certified mail.
func (p *part) dressed() bool {
	return p.head.get("x-ricevuta") != "" || p.head.get("x-trasporto") != ""
}

// content is what a provider signs: the multipart/mixed that is the first part
// of a multipart/signed; nil when there is none.
func content(signed *part) *part {
	if signed == nil || len(signed.kids) == 0 || signed.kids[0].media != "multipart/mixed" {
		return nil
	}
	return signed.kids[0]
}

// certification finds daticert.xml, only among the direct children of mixed:
// what stands further down belongs to the original.
func certification(mixed *part) *part {
	return child(mixed, "daticert.xml", "application/xml", "text/xml")
}

// original finds postacert.eml, in the same place.
func original(mixed *part) *part {
	return child(mixed, "postacert.eml", "message/rfc822")
}

// child finds a part by its name or, among those without a name, by its type.
func child(mixed *part, name string, media ...string) *part {
	if mixed == nil {
		return nil
	}
	for _, p := range mixed.kids {
		if strings.EqualFold(p.name, name) || p.name == "" && slices.Contains(media, p.media) && !p.ambiguous {
			return p
		}
	}
	return nil
}

// all gives every part of the tree, in order.
func (p *part) all(visit func(*part)) {
	visit(p)
	for _, k := range p.kids {
		k.all(visit)
	}
}

// settle takes size and digest of a part that was not read as one piece (one
// with parts of its own), by reading its section again.
func (p *part) settle(src io.ReaderAt) error {
	if p.digest != "" {
		return nil
	}
	h := sha256.New()
	n, err := io.Copy(h, p.section().Open(src))
	if err != nil {
		return fmt.Errorf("digest of part at %d: %w", p.start, err)
	}
	p.size, p.digest = n, hex.EncodeToString(h.Sum(nil))
	return nil
}
