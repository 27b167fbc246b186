package mailbox

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Reasons why a fetch cannot be believed.
var (
	errNothing = errors.New("the server answered OK and sent no message")
	errNoBody  = errors.New("the server sent the message without content (NIL)")
	errOrder   = errors.New("the server answered for another message than the one asked for")
	errCut     = errors.New("the connection ended inside the message")
	errClosed  = errors.New("the connection was closed")
)

// meta is what must be known of a message before its bytes are asked for.
type meta struct {
	size     int64 // RFC822.SIZE
	received time.Time
}

// describe asks for size and date of messages of the open folder. Those the
// server does not mention are missing in the answer. It asks for nothing that
// the server would have to parse, and that it could get wrong or make huge
// (ENVELOPE, BODYSTRUCTURE).
func (s *session) describe(uids []uint32) (map[uint32]meta, error) {
	found := make(map[uint32]meta, len(uids))
	budget := smallAnswer + 512*int64(len(uids))
	err := s.do("UID FETCH", budget, func() error {
		cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			uid, m := readMeta(msg)
			found[uid] = m
		}
		return cmd.Close()
	})
	return found, err
}

func readMeta(msg *imapclient.FetchMessageData) (uid uint32, m meta) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataRFC822Size:
			m.size = item.Size
		case imapclient.FetchItemDataInternalDate:
			m.received = item.Time
		}
	}
	return uid, m
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	return set
}

// span is a part of a message; the zero value is all of it.
type span struct{ offset, length int64 }

// window is a fetch of contents in flight. Each message of the answer comes as
// a body event and an end event, and the command as a done event; the
// goroutines that read them from go-imap hand them over one at a time. The
// messages may come in any order.
type window struct {
	events chan event
	over   chan struct{} // closed when nobody takes events any more
}

// event is one step of a fetch's answer.
type event struct {
	kind eventKind
	uid  uint32   // body: 0 when the server sends it after the content; end: 0 when it never did
	body *literal // body, end: nil for NIL
	err  error    // done
}

type eventKind int

const (
	eventBody eventKind = iota
	eventEnd
	eventDone
)

// openWindow asks for the content of messages, or for a part of it. The answer
// is then read with take or takeAll.
func (s *session) openWindow(uids []uint32, part span, budget int64) {
	w := &window{events: make(chan event), over: make(chan struct{})}
	s.mu.Lock()
	s.window = w
	s.mu.Unlock()
	s.wire.arm(budget)
	section := &imap.FetchItemBodySection{Peek: true}
	if part.length > 0 {
		section.Partial = &imap.SectionPartial{Offset: part.offset, Size: part.length}
	}
	cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	s.pumps.Go(func() { w.pump(cmd) })
}

// endWindow ends the fetch; what still comes for it is dropped.
func (s *session) endWindow() {
	s.mu.Lock()
	w := s.window
	s.window = nil
	s.mu.Unlock()
	if w != nil {
		close(w.over)
		s.wire.rest(unasked)
	}
}

// stray receives FETCH answers that go-imap cannot assign: changed flags, and
// messages whose server sends the UID after the content, which it would drop.
func (s *session) stray(msg *imapclient.FetchMessageData) {
	s.mu.Lock()
	w := s.window
	s.mu.Unlock()
	if w == nil {
		readMeta(msg)
		return
	}
	w.scan(msg)
}

// pump reads the answer to the command.
func (w *window) pump(cmd *imapclient.FetchCommand) {
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		if !w.scan(msg) {
			w.send(event{kind: eventDone, err: errCut})
			return
		}
	}
	w.send(event{kind: eventDone, err: cmd.Close()})
}

// scan reads one message of an answer. One without content, such as news about
// flags, is no event. It is false when a literal ended before its end: neither
// the message nor its command may be touched any more then, since go-imap
// would read the literal once more, at the same time as its own goroutine.
func (w *window) scan(msg *imapclient.FetchMessageData) bool {
	var end event
	var bodies int
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			end.uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			bodies++
			if end.body = announced(item.Literal); !w.offer(end.uid, end.body) {
				return false
			}
		}
	}
	switch {
	case bodies == 1:
		w.send(event{kind: eventEnd, uid: end.uid, body: end.body})
	case bodies > 1: // belongs to nobody
		w.send(event{kind: eventEnd})
	}
	return true
}

// offer gives a literal to the consumer and waits until it was read: go-imap
// reads nothing else meanwhile. It tells whether all of it came.
func (w *window) offer(uid uint32, l *literal) bool {
	if w.send(event{kind: eventBody, uid: uid, body: l}) && l != nil {
		select {
		case <-l.ended:
			return l.whole()
		case <-w.over:
		}
	}
	if l == nil {
		return true
	}
	_, _ = io.Copy(io.Discard, l) // how it ended is asked of l
	return l.whole()
}

func (w *window) send(e event) bool {
	select {
	case w.events <- e:
		return true
	case <-w.over:
		return false
	}
}

// literal is read by one goroutine at a time, and never again after its end.
type literal struct {
	imap.LiteralReader
	n     int64
	err   error
	ended chan struct{} // closed at the end
}

// announced wraps a literal of go-imap; NIL is nil.
func announced(lit imap.LiteralReader) *literal {
	if lit == nil {
		return nil
	}
	return &literal{LiteralReader: lit, ended: make(chan struct{})}
}

func (l *literal) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.LiteralReader.Read(p)
	l.n += int64(n)
	if l.err = err; err != nil {
		close(l.ended)
	}
	return n, err
}

// whole tells, at the end, whether all announced bytes came. go-imap gives
// io.EOF also where the connection ended in the middle.
func (l *literal) whole() bool { return errors.Is(l.err, io.EOF) && l.n == l.Size() }

// all reads a literal into memory.
func (l *literal) all() ([]byte, error) {
	content := make([]byte, l.Size())
	if _, err := io.ReadFull(l, content); err == nil {
		_, _ = l.Read(make([]byte, 1)) // its end
	}
	if !l.whole() {
		return nil, fmt.Errorf("%w: %d bytes of %d", errCut, l.n, l.Size())
	}
	return content, nil
}

// next waits for the next event. It ends with the connection: the command then
// has its done event.
func (s *session) next() (event, error) {
	s.mu.Lock()
	w := s.window
	s.mu.Unlock()
	if w == nil {
		return event{}, errClosed
	}
	select {
	case e := <-w.events:
		return e, s.explain("UID FETCH", e.err)
	case <-s.ctx.Done():
		return event{}, s.explain("UID FETCH", errClosed)
	}
}

// takeAll reads the whole answer to a window over small messages into memory:
// no more than room bytes. Messages without content are missing in it; nothing
// of it counts before the server's OK.
func (s *session) takeAll(uids []uint32, room int64) (map[uint32][]byte, error) {
	got := make(map[uint32][]byte, len(uids))
	open := map[*literal][]byte{} // read, and not yet known whose
	for done := false; !done || len(open) > 0; {
		e, err := s.next()
		if err != nil {
			return nil, err
		}
		switch {
		case e.kind == eventDone:
			done = true
		case e.kind == eventEnd && (got[e.uid] != nil || !slices.Contains(uids, e.uid)):
			return nil, errOrder
		case e.body == nil: // NIL
		case e.kind == eventEnd:
			got[e.uid] = open[e.body]
			delete(open, e.body)
		default:
			if room -= e.body.Size(); room < 0 {
				return nil, errTooMuch
			}
			if open[e.body], err = e.body.all(); err != nil {
				return nil, s.explain("UID FETCH", err)
			}
		}
	}
	return got, nil
}

// take begins to read the answer to a window over one message.
func (s *session) take(uid uint32) (*body, error) {
	e, err := s.next()
	switch {
	case err != nil:
		return nil, err
	case e.kind == eventDone:
		return nil, fmt.Errorf("message %d: %w", uid, errNothing)
	case e.kind == eventEnd, e.uid != 0 && e.uid != uid:
		return nil, fmt.Errorf("message %d: %w", uid, errOrder)
	case e.body == nil:
		return nil, fmt.Errorf("message %d: %w", uid, errNoBody)
	}
	return &body{s: s, uid: uid, named: e.uid == uid, lit: e.body}, nil
}

// body reads one literal. It ends with io.EOF only when all of it came, it
// proved to be of the message asked for, and the server said OK.
type body struct {
	s     *session
	uid   uint32
	named bool // the server said whose content it is before it sent it
	lit   *literal
	err   error
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.lit.Read(p)
	if err != nil {
		b.err = b.finish()
	}
	return n, b.err
}

// finish turns the end of the literal into the end of the message.
func (b *body) finish() error {
	if !b.lit.whole() {
		return b.s.explain("UID FETCH", fmt.Errorf("%w: %d bytes of %d", errCut, b.lit.n, b.lit.Size()))
	}
	for ended, done := false, false; !ended || !done; {
		e, err := b.s.next()
		switch {
		case err != nil:
			return err
		case e.kind == eventEnd && !ended && e.uid == b.uid && e.body == b.lit:
			ended = true
		case e.kind == eventDone && !done:
			done = true
		default:
			return fmt.Errorf("message %d: %w", b.uid, errOrder)
		}
	}
	return io.EOF
}
