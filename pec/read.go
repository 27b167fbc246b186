// Package pec reads the messages of Italian certified mail (posta elettronica
// certificata): what kind each is, what its provider certifies, whether the
// signature holds, and the message inside.
//
//   - The original is never changed and never held in memory: it is read once,
//     in order, and everything said about it points back into it (Section).
//   - What a certified message shows comes from inside the signed bytes only.
//   - Malformed input never fails and never panics: it gives what could be read
//     and Problems that say what is broken or was left out.
//   - Memory, depth, parts, headers and time are bounded by Limits.
package pec

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/smista/smista/pec/smime"
)

// Options are what reading needs besides the bytes. The zero value is good.
type Options struct {
	Verifier smime.Verifier // judges signatures; nil makes smime.DefaultAnchors anew: give one to read many
	Received time.Time      // a time we trust, for the signer's validity; zero when there is none
	Limits   Limits
}

// Limits bound what one message may cost. A zero field means its default.
type Limits struct {
	Depth         int // containers inside each other; 20
	Parts         int // parts of one message, containers included; 1000
	Header        int // bytes of one header block that are read; 256 KiB
	Fields        int // fields of one header block; 2000
	Text          int // bytes of text kept for reading; 512 KiB
	Certification int // bytes of daticert.xml; 1 MiB
	Signature     int // bytes of smime.p7s; 1 MiB
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Depth:         cmp.Or(l.Depth, 20),
		Parts:         cmp.Or(l.Parts, 1000),
		Header:        cmp.Or(l.Header, 256<<10),
		Fields:        cmp.Or(l.Fields, 2000),
		Text:          cmp.Or(l.Text, 512<<10),
		Certification: cmp.Or(l.Certification, 1<<20),
		Signature:     cmp.Or(l.Signature, 1<<20),
	}
}

// Read reads and judges the message that src holds in its first size bytes.
// The error is about reading src or about ctx; whatever is wrong with the
// message itself stands in Message.Problems and Message.Signature.
func Read(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Message, error) {
	o.Limits = o.Limits.orDefaults()
	if o.Verifier == nil {
		o.Verifier = smime.DefaultAnchors()
	}
	r := &reading{ctx: ctx, src: src, size: size, options: o, notes: &notes{}}
	m, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	m.Problems = r.notes.list
	return m, nil
}

// ReadSection reads the message that stands at s inside src, for instance a PEC
// attached to another: one level further down. Its sections point into src.
func ReadSection(ctx context.Context, src io.ReaderAt, s Section, o Options) (*Message, error) {
	size, err := s.size(src)
	if err != nil {
		return nil, fmt.Errorf("read section %s: %w", s, err)
	}
	m, err := Read(ctx, s.ReaderAt(src), size, o)
	if err != nil {
		return nil, fmt.Errorf("read section %s: %w", s, err)
	}
	if m.Mail != nil {
		m.Mail.rebase(s)
	}
	return m, nil
}

// reading is the work of one Read.
type reading struct {
	ctx     context.Context
	src     io.ReaderAt
	size    int64
	options Options
	notes   *notes

	root   *part
	signed *signedRange // nil when there is no multipart/signed in the place for one
	m      *Message
}

func (r *reading) read() (*Message, error) {
	w := newWalker(r.ctx, r.src, r.size, r.options.Limits, r.notes)
	defer w.release()
	var err error
	if r.root, err = w.run(); err != nil {
		return nil, err
	}
	r.signed = w.signed
	r.m = &Message{}
	r.envelope()
	r.certification()
	if err := r.judge(); err != nil {
		return nil, err
	}
	if err := r.mail(); err != nil {
		return nil, err
	}
	return r.m, nil
}

// walkInner splits a postacert.eml that stands encoded in the original.
func (r *reading) walkInner(p *part) (*part, error) {
	s := p.section()
	w := newWalker(r.ctx, s.ReaderAt(r.src), p.size, r.options.Limits, r.notes)
	defer w.release()
	w.inner, w.root.base = true, s
	return w.run()
}

// notes collects problems, at most maxNotes of them.
type notes struct {
	list []Problem
	full bool
}

const maxNotes = 100

// add notes a problem, once however often it occurs in the same words.
func (n *notes) add(code, format string, args ...any) {
	p := Problem{Code: code, Detail: fmt.Sprintf(format, args...)}
	switch {
	case slices.Contains(n.list, p):
	case len(n.list) < maxNotes:
		n.list = append(n.list, p)
	case !n.full:
		n.full = true
		n.list = append(n.list, Problem{Code: "more-problems", Detail: "there are more problems than are listed"})
	}
}
