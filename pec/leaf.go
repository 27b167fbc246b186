package pec

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// leaf takes the body of a part without parts: decodes it, digests it, keeps
// the beginning when that is asked for.
type leaf struct {
	part    *part
	from    int64 // next byte of the source to take
	decoder decoder
	hash    hash.Hash
	keep    int
	text    bool // what is kept counts as text
}

// unused is how much of the room for text was not needed.
func (l *leaf) unused() int {
	if !l.text {
		return 0
	}
	return l.keep - len(l.part.kept)
}

func (l *leaf) sink(p []byte) {
	l.hash.Write(p)
	l.part.size += int64(len(p))
	if room := l.keep - len(l.part.kept); room > 0 {
		l.part.kept = append(l.part.kept, p[:min(room, len(p))]...)
	}
	l.part.cut = l.keep > 0 && l.part.size > int64(l.keep)
}

func (l *leaf) close(n *notes) {
	if l.decoder.finish() {
		n.add("encoding-broken", "the %s content of a part is damaged; what could be decoded was kept", l.part.encoding)
	}
	l.part.digest = hex.EncodeToString(l.hash.Sum(nil))
}

func (w *walker) beginLeaf(p *part) {
	w.state = inBody
	l := &leaf{part: p, from: p.body, hash: sha256.New()}
	l.keep, l.text = w.keep(p)
	if p.encoding == base64Encoding {
		l.decoder = w.base64Into(l.sink)
	} else {
		l.decoder = p.encoding.decoder(l.sink)
	}
	w.leaf = l
}

func (w *walker) base64Into(sink func([]byte)) *base64Decoder {
	if w.base64 == nil {
		w.base64 = newBase64Decoder(nil)
	}
	w.base64.sink = sink
	w.base64.reset()
	return w.base64
}

// keep says how many bytes of the content are needed later, and whether they
// count as text.
func (w *walker) keep(p *part) (n int, text bool) {
	switch {
	case w.signed != nil && p.parent == w.signed.whole && len(p.parent.kids) == 2:
		return w.limits.Signature, false
	case w.signed != nil && w.signed.end < 0 && certification(content(w.signed.whole)) == p:
		return w.limits.Certification, false
	case p.readable():
		n = min(w.limits.Text, w.textLeft)
		w.textLeft -= n
		return n, true
	}
	return 0, false
}
