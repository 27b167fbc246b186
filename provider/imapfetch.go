package provider

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"sort"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// numbered is a message under the number that the connection knows it by.
// Its flags are a copy.
type numbered struct {
	message
	seq uint32
}

// pick finds messages by sequence number or UID, without the hidden ones. It
// costs what it finds, not what the folder holds.
func (v *view) pick(set imap.NumSet) []numbered {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []numbered
	add := func(i int) {
		if m := v.messages[i]; !v.hidden[m.uid] {
			out = append(out, numbered{*m, v.tracker.EncodeSeqNum(uint32(i) + 1)})
		}
	}
	switch set := set.(type) {
	case imap.SeqSet:
		for i := range v.messages {
			if seq := v.tracker.EncodeSeqNum(uint32(i) + 1); seq != 0 && v.seqSet(set).Contains(seq) {
				add(i)
			}
		}
	case imap.UIDSet:
		for _, r := range v.uidSet(set) {
			first := sort.Search(len(v.messages), func(i int) bool { return v.messages[i].uid >= r.Start })
			for i := first; i < len(v.messages) && v.messages[i].uid <= r.Stop; i++ {
				add(i)
			}
		}
		slices.SortFunc(out, byUID)
		out = slices.CompactFunc(out, func(x, y numbered) bool { return x.uid == y.uid }) // "5,*" may name one twice
	}
	return out
}

func byUID(x, y numbered) int { return cmp.Compare(x.uid, y.uid) }

// seqSet and uidSet give "*" its value.
func (v *view) seqSet(set imap.SeqSet) *imap.SeqSet {
	out := slices.Clone(set)
	for i := range out {
		out[i].Start, out[i].Stop = ordered(out[i].Start, out[i].Stop, uint32(len(v.messages)))
	}
	return &out
}

func (v *view) uidSet(set imap.UIDSet) imap.UIDSet {
	out := slices.Clone(set)
	for i := range out {
		start, stop := ordered(uint32(out[i].Start), uint32(out[i].Stop), uint32(v.next)-1)
		out[i].Start, out[i].Stop = imap.UID(start), imap.UID(stop)
	}
	return out
}

// ordered reads a range in which 0 stands for "*" (RFC 3501 §9, seq-range).
func ordered(start, stop, last uint32) (uint32, uint32) {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop), max(start, stop)
}

func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	seen := !s.view.readOnly && slices.ContainsFunc(o.BodySection, func(b *imap.FetchItemBodySection) bool { return !b.Peek })
	for _, n := range s.view.pick(set) {
		if n.seq == 0 {
			continue // not announced to this connection yet
		}
		if seen && !n.has(imap.FlagSeen) {
			n.flags = s.view.store(n.uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil)
		}
		if err := s.fetchOne(w.CreateMessage(n.seq), n, o); err != nil {
			return err
		}
	}
	return nil
}

// fetchOne answers in the usual order, or with the body before the UID.
func (s *session) fetchOne(w *imapserver.FetchResponseWriter, n numbered, o *imap.FetchOptions) error {
	c, err := n.data.open()
	if err != nil {
		return errors.Join(err, w.Close())
	}
	defer c.Close()
	whole := io.NewSectionReader(c, 0, n.data.size())
	account := s.box.account.Address
	if len(o.BodySection) > 0 && s.p.faults.take(BodyFirst, account) {
		if err := s.writeBodies(w, whole, o); err != nil {
			return err
		}
		writeFacts(w, n, o)
		return w.Close()
	}
	writeFacts(w, n, o)
	if err := s.writeParsed(w, whole, o); err != nil {
		return err
	}
	if err := s.writeBodies(w, whole, o); err != nil {
		return err
	}
	return w.Close()
}

func writeFacts(w *imapserver.FetchResponseWriter, n numbered, o *imap.FetchOptions) {
	if o.UID {
		w.WriteUID(n.uid)
	}
	if o.Flags {
		w.WriteFlags(n.flags)
	}
	if o.InternalDate {
		w.WriteInternalDate(n.date)
	}
	if o.RFC822Size {
		w.WriteRFC822Size(n.data.size())
	}
}

func (s *session) writeParsed(w *imapserver.FetchResponseWriter, whole *io.SectionReader, o *imap.FetchOptions) error {
	if o.Envelope {
		h, err := textproto.ReadHeader(bufio.NewReader(rewound(whole)))
		if err != nil {
			return err
		}
		w.WriteEnvelope(imapserver.ExtractEnvelope(h))
	}
	if o.BodyStructure != nil {
		w.WriteBodyStructure(imapserver.ExtractBodyStructure(rewound(whole)))
	}
	return nil
}

func (s *session) writeBodies(w *imapserver.FetchResponseWriter, whole *io.SectionReader, o *imap.FetchOptions) error {
	for _, section := range o.BodySection {
		r, size := sectionOf(whole, section)
		if s.p.faults.take(NilBody, s.box.account.Address) {
			size = 0
			s.nextIsNil()
		}
		lit := w.WriteBodySection(section, size)
		_, err := io.CopyN(lit, r, size)
		if err := errors.Join(err, lit.Close()); err != nil {
			return err
		}
	}
	return nil
}

// nextIsNil asks the connection to turn the next empty literal into NIL.
func (s *session) nextIsNil() {
	if c, ok := s.conn.NetConn().(*imapConn); ok {
		c.nils.Add(1)
	}
}

// sectionOf streams the whole message and its slices; smaller parts are cut out
// by the library.
func sectionOf(whole *io.SectionReader, b *imap.FetchItemBodySection) (io.Reader, int64) {
	if len(b.Part) > 0 || b.Specifier != imap.PartSpecifierNone {
		part := imapserver.ExtractBodySection(rewound(whole), b)
		return bytes.NewReader(part), int64(len(part))
	}
	offset, size := int64(0), whole.Size()
	if b.Partial != nil {
		offset = min(max(b.Partial.Offset, 0), size)
		size = min(max(b.Partial.Size, 0), size-offset)
	}
	return io.NewSectionReader(whole, offset, size), size
}

func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, change *imap.StoreFlags, _ *imap.StoreOptions) error {
	if s.view.readOnly {
		return readOnly()
	}
	for _, n := range s.view.pick(set) {
		flags := s.view.store(n.uid, change, s.view.tracker)
		if change.Silent || n.seq == 0 {
			continue
		}
		m := w.CreateMessage(n.seq)
		m.WriteUID(n.uid)
		m.WriteFlags(flags)
		if err := m.Close(); err != nil {
			return err
		}
	}
	return nil
}

// store changes the flags of one message and tells the other connections.
func (f *folder) store(uid imap.UID, change *imap.StoreFlags, source *imapserver.SessionTracker) []imap.Flag {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := sort.Search(len(f.messages), func(i int) bool { return f.messages[i].uid >= uid })
	if i == len(f.messages) || f.messages[i].uid != uid {
		return nil
	}
	m := f.messages[i]
	m.change(change)
	flags := slices.Clone(m.flags)
	f.tracker.QueueMessageFlags(uint32(i)+1, uid, flags, source)
	return flags
}
