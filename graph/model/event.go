package model

import (
	"fmt"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
)

// Event is one entry of the register as the contract shows it.
type Event interface{ IsEvent() }

// Happening is what all kinds of events are made of. What an event is not
// about, or what may not be seen, is nil.
type Happening struct {
	Cursor     Cursor
	OccurredAt time.Time
	Actor      *Actor
	Kind       event.Kind
	Case       *ent.CaseFile
	Message    *ent.Message
	Mailbox    *ent.Mailbox
	Office     *ent.Office

	Reason, Folder   string
	UIDValidity, UID uint32
	Count            int
}

// IsEvent marks everything made of a Happening as an Event.
func (*Happening) IsEvent() {}

// MessageReceived says that a message was archived and judged.
type MessageReceived struct{ *Happening }

// MessageSeen says that a known message stood in one more mailbox.
type MessageSeen struct{ *Happening }

// CaseOpened says that a PEC opened a case.
type CaseOpened struct{ *Happening }

// CaseJoined says that a PEC joined the case that it answers.
type CaseJoined struct{ *Happening }

// CaseRouted says that a case went to an office or the desk.
type CaseRouted struct{ *Happening }

// ReceiptLinked says that a receipt found what it certifies.
type ReceiptLinked struct{ *Happening }

// ReceiptUnmatched says that a receipt refers to nothing known.
type ReceiptUnmatched struct{ *Happening }

// OutgoingArchived says that one of our own messages was archived.
type OutgoingArchived struct{ *Happening }

// MessageQuarantined says that a message was set aside.
type MessageQuarantined struct{ *Happening }

// MessageReplayed says that it was taken in after all.
type MessageReplayed struct{ *Happening }

// MailboxHealthChanged says that a mailbox began to fail, or works again.
type MailboxHealthChanged struct{ *Happening }

// MailboxGap says that the ledger missed messages: an alarm.
type MailboxGap struct{ *Happening }

// MailboxRenumbered says that a folder has new numbers.
type MailboxRenumbered struct{ *Happening }

// OtherEvent is of a kind that this version does not know.
type OtherEvent struct{ *Happening }

// NewEvent gives a happening the type of its kind.
func NewEvent(h *Happening) Event {
	switch h.Kind {
	case event.MessageReceived:
		return MessageReceived{h}
	case event.MessageSeen:
		return MessageSeen{h}
	case event.CaseOpened:
		return CaseOpened{h}
	case event.CaseJoined:
		return CaseJoined{h}
	case event.CaseRouted:
		return CaseRouted{h}
	case event.ReceiptLinked:
		return ReceiptLinked{h}
	case event.ReceiptUnmatched:
		return ReceiptUnmatched{h}
	case event.OutgoingArchived:
		return OutgoingArchived{h}
	case event.MessageQuarantined:
		return MessageQuarantined{h}
	case event.MessageReplayed:
		return MessageReplayed{h}
	case event.MailboxHealthChanged:
		return MailboxHealthChanged{h}
	case event.MailboxGap:
		return MailboxGap{h}
	case event.MailboxRenumbered:
		return MailboxRenumbered{h}
	}
	return OtherEvent{h}
}

// Name is the kind as the register has it.
func (h *Happening) Name() string { return string(h.Kind) }

// TypeName is the name of an event's type in the contract.
func TypeName(e Event) string {
	name := fmt.Sprintf("%T", e)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// Actor is who did something.
type Actor struct {
	Kind ActorKind
	Name string
}

// ParseActor reads an actor as the register has it, for instance "system:collector".
func ParseActor(s string) *Actor {
	kind, name, found := strings.Cut(s, ":")
	if !found || name == "" {
		return nil
	}
	if kind == "system" {
		return &Actor{Kind: ActorKindSystem, Name: name}
	}
	return &Actor{Kind: ActorKindPerson, Name: name}
}
