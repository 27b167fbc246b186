package pec

import (
	"bytes"
	"context"
	"crypto"
	"io"
	"slices"
	"sync"
)

// walker splits a message into its parts in one pass (RFC 2046 §5.1): a stack
// of open multiparts, of which any boundary ends what is inside. It takes the
// digest of the signed part and of every content in passing.
type walker struct {
	in     scanner
	limits Limits
	notes  *notes
	inner  bool // the source is a postacert.eml: no envelope is looked for in it
	*scratch

	root     *part
	current  *part   // the part whose header or body is being read
	open     []*part // multiparts whose end has not come
	state    state
	count    int // parts so far
	textLeft int // bytes of text that may still be kept
	tooMany  bool
	tooDeep  bool

	leaf   *leaf
	signed *signedRange
}

type state uint8

const (
	inHeader state = iota
	inLongHeader
	inBody
	inNothing // preamble, epilogue, or a part left out
)

// signedRange is the first part of a multipart/signed, header included (RFC 1847 §2.1).
type signedRange struct {
	whole      *part // the multipart/signed
	hash       crypto.Hash
	digest     canonical
	start, end int64 // end is negative until it is known
	from       int64 // next byte to digest
}

// scratch is the memory of a walk, used again by the next.
type scratch struct {
	window []byte
	block  []byte // the header block being read
	base64 *base64Decoder
}

var scratches sync.Pool

func newScratch() *scratch {
	if s, ok := scratches.Get().(*scratch); ok {
		return s
	}
	return &scratch{window: make([]byte, windowSize)}
}

func newWalker(ctx context.Context, src io.ReaderAt, size int64, l Limits, n *notes) *walker {
	w := &walker{limits: l, notes: n, textLeft: 4 * l.Text, scratch: newScratch()}
	w.in = scanner{ctx: ctx, src: src, size: size, window: w.window, moving: w.take}
	w.root = &part{message: true}
	return w
}

func (w *walker) release() {
	w.in.window = nil
	w.block = w.block[:0]
	if cap(w.block) > 16<<10 {
		w.block = nil
	}
	if w.base64 != nil {
		w.base64.sink = nil
	}
	scratches.Put(w.scratch)
	w.scratch = nil
}

func (w *walker) run() (*part, error) {
	w.enter(w.root, 0)
	for {
		l, ok := w.in.scan()
		if !ok {
			break
		}
		w.line(l)
	}
	if w.in.err != nil {
		return nil, w.in.err
	}
	w.finish()
	return w.root, nil
}

// line handles the next line: a delimiter, or what the current part is made of.
func (w *walker) line(l line) {
	if !l.piece && l.whole && len(w.open) > 0 && len(l.text) > 2 && l.text[0] == '-' && l.text[1] == '-' {
		if level, last := w.delimiter(l.text); level >= 0 {
			w.endPart(level)
			w.afterDelimiter(level, last)
			return
		}
	}
	if w.state == inHeader || w.state == inLongHeader {
		w.headerLine(l)
	}
}

// delimiter says which open multipart the line belongs to, or -1, and whether
// it closes it. The innermost wins.
func (w *walker) delimiter(text []byte) (level int, last bool) {
	text = bytes.TrimRight(text, " \t")[2:]
	for level = len(w.open) - 1; level >= 0; level-- {
		boundary := w.open[level].params["boundary"]
		n := len(boundary)
		if len(text) >= n && string(text[:n]) == boundary && (len(text) == n || string(text[n:]) == "--") {
			return level, len(text) > n
		}
	}
	return -1, false
}

// afterDelimiter begins the next part of the multipart at level, or closes it.
func (w *walker) afterDelimiter(level int, last bool) {
	whole := w.open[level]
	if last {
		w.open = w.open[:level]
		w.state, w.current = inNothing, whole
		return
	}
	if w.count >= w.limits.Parts && (whole.media != "multipart/signed" || len(whole.kids) > 2) {
		w.state, w.current = inNothing, whole
		if !w.tooMany {
			w.tooMany = true
			w.notes.add("too-many-parts", "the message has more than %d parts; the rest was left out", w.limits.Parts)
		}
		return
	}
	p := &part{parent: whole, base: whole.base}
	whole.kids = append(whole.kids, p)
	w.enter(p, w.in.position())
}

// enter begins to read the header of a part that starts at the offset.
func (w *walker) enter(p *part, start int64) {
	w.count++
	p.start, p.body, p.end = start, start, start
	w.current, w.state, w.block = p, inHeader, w.block[:0]
	if w.opensSigned(p) {
		h := hashHint(p.parent.params["micalg"])
		w.signed = &signedRange{whole: p.parent, hash: h, digest: canonical{h.New()}, start: start, from: start, end: -1}
	}
}

// opensSigned reports whether p is what the envelope's signature covers: the
// first part of a multipart/signed that is the message, or, when a list or a
// gateway wrapped it, stands directly in the message's multipart.
func (w *walker) opensSigned(p *part) bool {
	s := p.parent
	if w.inner || w.signed != nil || s == nil || s.media != "multipart/signed" || len(s.kids) != 1 {
		return false
	}
	return s == w.root || s.parent == w.root
}

func (w *walker) headerLine(l line) {
	text := bytes.TrimRight(l.text, "\r")
	if len(text) == 0 && !l.piece && l.whole {
		w.body(w.in.position())
		return
	}
	if w.state == inLongHeader {
		return
	}
	if len(w.block)+len(text)+1 > w.limits.Header {
		w.state = inLongHeader
		w.notes.add("header-too-long", "a header has more than %d bytes; the rest was left out", w.limits.Header)
		return
	}
	if !l.piece && len(w.block) == 0 && w.current == w.root && (bytes.HasPrefix(text, []byte("From ")) || bytes.HasPrefix(text, []byte(">From "))) {
		w.notes.add("mbox-line", "the message begins with the separator line of an mbox file")
		return
	}
	w.block = append(w.block, text...)
	if l.whole {
		w.block = append(w.block, '\n')
	}
}

// body is called at the end of the current header: what follows is the body.
func (w *walker) body(at int64) {
	p := w.current
	p.body, p.end = at, at
	p.head = parseHeader(w.block, p.message, w.limits.Fields, w.notes)
	p.describe(w.notes)
	switch {
	case p.ambiguous:
		w.beginLeaf(p)
	case p.multipart():
		w.beginMultipart(p)
	case w.holdsOriginal(p):
		w.beginMessage(p)
	default:
		w.beginLeaf(p)
	}
}

func (w *walker) beginMultipart(p *part) {
	boundary := p.params["boundary"]
	switch {
	case boundary == "" || len(boundary) > 500:
		w.notes.add("boundary-missing", "a multipart has no usable boundary; it is offered only as it stands")
	case w.reused(boundary):
		p.ambiguous = true
		w.notes.add("structure-ambiguous", "a multipart has the boundary of another around it; it is offered only as it stands")
	case w.deep(p):
	default:
		w.open = append(w.open, p)
		w.state = inNothing
		return
	}
	w.beginLeaf(p)
}

func (w *walker) reused(boundary string) bool {
	for _, p := range w.open {
		if p.params["boundary"] == boundary {
			return true
		}
	}
	return false
}

// deep reports, and notes once, that p must not be opened.
func (w *walker) deep(p *part) bool {
	depth := 0
	for q := p; q != nil; q = q.parent {
		depth++
	}
	if depth > w.limits.Depth && !w.tooDeep {
		w.tooDeep = true
		w.notes.add("too-deep", "parts stand inside each other more than %d deep; the rest is offered only as it stands", w.limits.Depth)
	}
	return depth > w.limits.Depth
}

// holdsOriginal reports whether p is a postacert.eml that can be read in passing.
func (w *walker) holdsOriginal(p *part) bool {
	if w.signed == nil || w.signed.end >= 0 || p.encoding != identity {
		return false
	}
	mixed := content(w.signed.whole)
	return original(mixed) == p && (w.root.dressed() || certification(mixed) != nil) && !w.deep(p)
}

// beginMessage goes on with the header of the message that p holds.
func (w *walker) beginMessage(p *part) {
	m := &part{parent: p, base: p.base, message: true}
	p.kids = append(p.kids, m)
	w.enter(m, p.body)
}

// take hands on what the window holds of the ranges being read, before it moves.
func (w *walker) take() {
	end := w.in.held
	if l := w.leaf; l != nil && l.from < end {
		l.decoder.write(w.in.bytes(l.from, end))
		l.from = end
	}
	if s := w.signed; s != nil && s.end < 0 && s.from < end {
		s.digest.block(w.in.bytes(s.from, end), w.in.bare)
		s.from = end
	}
}

// endPart ends the current part, and everything open above the level.
func (w *walker) endPart(level int) {
	for w.state == inHeader || w.state == inLongHeader {
		w.body(max(w.in.held, w.current.start))
	}
	w.take()
	if w.leaf != nil {
		w.leaf.close(w.notes)
		w.textLeft += w.leaf.unused()
		w.leaf = nil
	}
	var whole *part
	if level >= 0 {
		whole = w.open[level]
	}
	for p := w.current; p != whole; p = p.parent {
		p.end = max(p.body, w.in.held)
	}
	for _, p := range w.open[level+1:] {
		w.notes.add("multipart-unclosed", "the multipart that begins at byte %d ends without its closing line", p.start)
	}
	w.open = w.open[:level+1]
	if s := w.signed; s != nil && s.end < 0 && (whole == s.whole || !slices.Contains(w.open, s.whole)) {
		s.end = max(s.start, w.in.held)
	}
}

// finish ends everything at the end of the source.
func (w *walker) finish() {
	w.in.held = w.in.size
	w.endPart(-1)
}
