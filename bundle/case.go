package bundle

import (
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// Case is what is taken away.
type Case struct {
	Number, Subject, Sender   string
	Office, Assignee, Mailbox string // empty: none
	ReceivedAt                time.Time

	TakenAt time.Time // in the zone in which times are told
	TakenBy string

	Letters []Letter  // the oldest first
	Others  []Receipt // of what is not here
}

// Letter is a message that is not a receipt.
type Letter struct {
	Outgoing              bool
	Kind                  pec.Kind
	Subject, From         string
	To, Cc                []pec.Address
	Identifier, MessageID string
	Time                  time.Time // certified, else as it was sent or came
	Verdict               smime.Status
	Signer                string
	Reasons               []smime.Reason

	Original    File
	Attachments []File
	Receipts    []Receipt
	Recipients  []Recipient // how far it came; of what we sent
}

// Receipt is what a provider certifies of a message.
type Receipt struct {
	Kind       pec.Kind
	Recipient  string // empty: it speaks of all
	Time       time.Time
	Provider   string
	Identifier string
	Reason     string // why not, in the provider's words
	Verdict    smime.Status
	Original   File
}

// Recipient is how far a message came with one of those it was sent to.
type Recipient struct {
	Address string
	Status  string // as the table of recipients has it: DELIVERED …
	Time    time.Time
	Reason  string
}

// File is some bytes of an original.
type File struct {
	Name    string // a stranger's; of an attachment
	SHA256  string // lower-case hex
	Size    int64
	Section pec.Section // where it stands in its original; the zero one is all of it

	path string // in the bundle
}
