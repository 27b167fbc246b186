package provider

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	gomessage "github.com/emersion/go-message"
)

const searched = 1 << 20 // bytes of a message that SEARCH TEXT and BODY look at, undecoded

// Search narrows by UID first: "UID n:*" costs what it finds.
func (s *session) Search(kind imapserver.NumKind, c *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	candidates := imap.UIDSet{{Start: 1, Stop: 0}}
	if len(c.UID) > 0 {
		candidates = c.UID[0]
	}
	var seqs imap.SeqSet
	var uids imap.UIDSet
	d := &imap.SearchData{}
	for _, n := range s.view.pick(candidates) {
		if !s.view.matches(n, c) {
			continue
		}
		num := uint32(n.uid)
		if kind == imapserver.NumKindSeq {
			if num = n.seq; num == 0 {
				continue
			}
			seqs.AddNum(num)
		} else {
			uids.AddNum(n.uid)
		}
		if d.Min == 0 {
			d.Min = num
		}
		d.Max = max(d.Max, num)
		d.Count++
	}
	d.All = uids
	if kind == imapserver.NumKindSeq {
		d.All = seqs
	}
	return d, nil
}

func (v *view) matches(n numbered, c *imap.SearchCriteria) bool {
	size := n.data.size()
	switch {
	case !v.inSets(n, c),
		slices.ContainsFunc(c.Flag, func(f imap.Flag) bool { return !n.has(f) }),
		slices.ContainsFunc(c.NotFlag, n.has),
		c.Larger != 0 && size <= c.Larger, c.Smaller != 0 && size >= c.Smaller,
		!within(n.date, c.Since, c.Before),
		slices.ContainsFunc(c.Not, func(x imap.SearchCriteria) bool { return v.matches(n, &x) }),
		slices.ContainsFunc(c.Or, func(x [2]imap.SearchCriteria) bool { return !v.matches(n, &x[0]) && !v.matches(n, &x[1]) }):
		return false
	}
	if len(c.Header)+len(c.Text)+len(c.Body) == 0 && c.SentSince.IsZero() && c.SentBefore.IsZero() {
		return true
	}
	return n.contains(c)
}

func (v *view) inSets(n numbered, c *imap.SearchCriteria) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, set := range c.SeqNum {
		if n.seq == 0 || !v.seqSet(set).Contains(n.seq) {
			return false
		}
	}
	for _, set := range c.UID {
		if !v.uidSet(set).Contains(n.uid) {
			return false
		}
	}
	return true
}

// within compares dates only, without zones (RFC 3501 §6.4.4).
func within(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

// contains looks into the bytes; what cannot be read matches nothing.
func (n numbered) contains(c *imap.SearchCriteria) bool {
	r, err := n.data.open()
	if err != nil {
		return false
	}
	defer r.Close()
	raw := make([]byte, min(n.data.size(), searched))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, int64(len(raw))), raw); err != nil {
		return false
	}
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return false
	}
	header := mail.Header{Header: gomessage.Header{Header: h}}
	for _, want := range c.Header {
		if !hasHeader(header, want) {
			return false
		}
	}
	if !c.SentSince.IsZero() || !c.SentBefore.IsZero() {
		if date, err := header.Date(); err != nil || !within(date, c.SentSince, c.SentBefore) {
			return false
		}
	}
	text := strings.ToLower(string(raw))
	_, rest, _ := strings.Cut(text, "\r\n\r\n")
	return !slices.ContainsFunc(c.Text, func(s string) bool { return !strings.Contains(text, lower(s)) }) &&
		!slices.ContainsFunc(c.Body, func(s string) bool { return !strings.Contains(rest, lower(s)) })
}

func hasHeader(h mail.Header, want imap.SearchCriteriaHeaderField) bool {
	fields := h.FieldsByKey(want.Key)
	for fields.Next() {
		text, err := fields.Text()
		if err != nil {
			text = fields.Value()
		}
		if strings.Contains(lower(text), lower(want.Value)) {
			return true
		}
	}
	return false
}

func rewound(whole *io.SectionReader) *io.SectionReader {
	return io.NewSectionReader(whole, 0, whole.Size())
}
