package provider

import (
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Names of the folders that every account has.
const (
	Inbox = "INBOX"
	Sent  = "Posta inviata" // special use \Sent
)

// box is an account with its folders.
type box struct {
	account Account

	mu      sync.Mutex
	folders map[string]*folder
}

func newBox(a Account, validity uint32) *box {
	b := &box{account: a, folders: map[string]*folder{}}
	b.folders[Inbox] = newFolder(Inbox, validity)
	b.folders[Sent] = newFolder(Sent, validity, imap.MailboxAttrSent)
	return b
}

// folder finds by name; INBOX in any case (RFC 3501 §5.1).
func (b *box) folder(name string) *folder {
	b.mu.Lock()
	defer b.mu.Unlock()
	if lower(name) == "inbox" {
		name = Inbox
	}
	return b.folders[name]
}

// create adds a folder; false when it exists.
func (b *box) create(name string, validity uint32) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.folders[name] != nil || lower(name) == "inbox" {
		return false
	}
	b.folders[name] = newFolder(name, validity)
	return true
}

// all lists the folders by name.
func (b *box) all() []*folder {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*folder
	for _, f := range b.folders {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y *folder) int {
		if x.name < y.name {
			return -1
		}
		return 1
	})
	return out
}

// message is a stored message in a folder. Flags are guarded by the folder.
type message struct {
	uid   imap.UID
	date  time.Time // INTERNALDATE
	data  stored
	flags []imap.Flag
}

// folder is an ordered list of messages with UIDs that only grow, until
// renumber gives it a new UIDVALIDITY.
type folder struct {
	name string
	use  []imap.MailboxAttr

	mu       sync.Mutex
	validity uint32
	next     imap.UID
	messages []*message // by rising UID
	hidden   map[imap.UID]bool
	tracker  *imapserver.MailboxTracker
}

func newFolder(name string, validity uint32, use ...imap.MailboxAttr) *folder {
	return &folder{name: name, use: use, validity: validity, next: 1,
		hidden: map[imap.UID]bool{}, tracker: imapserver.NewMailboxTracker(0)}
}

// add puts a message in and rings the bell of those who IDLE.
func (f *folder) add(data stored, date time.Time, flags ...imap.Flag) (validity uint32, uid imap.UID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := &message{uid: f.next, date: date, data: data, flags: slices.Clone(flags)}
	f.next++
	f.messages = append(f.messages, m)
	f.tracker.QueueNumMessages(uint32(len(f.messages)))
	return f.validity, m.uid
}

// remove takes messages out and tells every session.
func (f *folder) remove(gone func(*message) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, m := range slices.Backward(f.messages) {
		if gone(m) {
			f.messages = slices.Delete(f.messages, i, i+1)
			f.tracker.QueueExpunge(uint32(i) + 1)
		}
	}
}

// renumber starts a new UIDVALIDITY, with UIDs from 1.
func (f *folder) renumber() (uint32, []*message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.validity++
	f.hidden = map[imap.UID]bool{}
	renewed := make([]*message, 0, len(f.messages))
	for i, m := range f.messages {
		renewed = append(renewed, &message{uid: imap.UID(i + 1), date: m.date, data: m.data, flags: m.flags})
	}
	f.messages, f.next = renewed, imap.UID(len(renewed)+1)
	return f.validity, slices.Clone(renewed)
}

func (f *folder) status(o *imap.StatusOptions) *imap.StatusData {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := &imap.StatusData{Mailbox: f.name}
	if o.NumMessages {
		d.NumMessages = new(uint32(len(f.messages)))
	}
	if o.NumRecent {
		d.NumRecent = new(uint32)
	}
	if o.UIDNext {
		d.UIDNext = f.next
	}
	if o.UIDValidity {
		d.UIDValidity = f.validity
	}
	if o.NumUnseen {
		d.NumUnseen = new(uint32(len(f.messages)) - f.countFlag(imap.FlagSeen))
	}
	if o.NumDeleted {
		d.NumDeleted = new(f.countFlag(imap.FlagDeleted))
	}
	if o.Size {
		d.Size = new(f.totalSize())
	}
	return d
}

func (f *folder) countFlag(flag imap.Flag) uint32 {
	var n uint32
	for _, m := range f.messages {
		if m.has(flag) {
			n++
		}
	}
	return n
}

func (f *folder) totalSize() int64 {
	var n int64
	for _, m := range f.messages {
		n += m.data.size()
	}
	return n
}

func (m *message) has(flag imap.Flag) bool {
	return slices.ContainsFunc(m.flags, func(x imap.Flag) bool { return lower(string(x)) == lower(string(flag)) })
}

// change applies a STORE.
func (m *message) change(s *imap.StoreFlags) {
	if s.Op == imap.StoreFlagsSet {
		m.flags = nil
	}
	for _, flag := range s.Flags {
		i := slices.IndexFunc(m.flags, func(x imap.Flag) bool { return lower(string(x)) == lower(string(flag)) })
		switch {
		case s.Op == imap.StoreFlagsDel && i >= 0:
			m.flags = slices.Delete(slices.Clone(m.flags), i, i+1)
		case s.Op != imap.StoreFlagsDel && i < 0:
			m.flags = append(slices.Clone(m.flags), flag)
		}
	}
}

func (f *folder) hide(uid uint32, hidden bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if hidden {
		f.hidden[imap.UID(uid)] = true
	} else {
		delete(f.hidden, imap.UID(uid))
	}
}
