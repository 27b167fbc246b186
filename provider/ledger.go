package provider

import (
	"slices"
	"sync"
	"time"

	"github.com/smista/smista/pec"
)

// What an Entry tells.
const (
	Accepted = "accepted" // a DATA or Submit was taken; the sender may not know it
	Refused  = "refused"  // a DATA was refused after the dot
	Exposed  = "exposed"  // a message stands in a folder
	Issued   = "issued"   // an envelope, receipt or notice was written
	Applied  = "fault"    // a fault was applied
)

// Entry is one thing that the provider did.
type Entry struct {
	At          time.Time `json:"at"`
	Event       string    `json:"event"`
	Box         string    `json:"box,omitempty"`
	Folder      string    `json:"folder,omitempty"`
	UIDValidity uint32    `json:"uid_validity,omitempty"`
	UID         uint32    `json:"uid,omitempty"`
	Kind        pec.Kind  `json:"kind,omitempty"`
	MessageID   string    `json:"message_id,omitempty"` // of an accepted message: the sender's; of an issued one: its own
	RefersTo    string    `json:"refers_to,omitempty"`  // the sender's Message-ID
	Identifier  string    `json:"identifier,omitempty"` // identificativo
	From        string    `json:"from,omitempty"`
	To          []string  `json:"to,omitempty"`
	Digest      string    `json:"digest,omitempty"` // SHA-256 of the bytes
	Size        int64     `json:"size,omitempty"`
	Detail      string    `json:"detail,omitempty"`
}

// ledger is what the provider did, in order: the oracle of tests.
type ledger struct {
	mu      sync.Mutex
	entries []Entry
}

func (l *ledger) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
}

func (l *ledger) copy() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}
