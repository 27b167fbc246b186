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

// MessageReceived and the others are the kinds of events, as schema.graphql describes them.
type (
	MessageReceived      struct{ *Happening }
	MessageSeen          struct{ *Happening }
	CaseOpened           struct{ *Happening }
	CaseJoined           struct{ *Happening }
	CaseRouted           struct{ *Happening }
	ReceiptLinked        struct{ *Happening }
	ReceiptUnmatched     struct{ *Happening }
	OutgoingArchived     struct{ *Happening }
	MessageQuarantined   struct{ *Happening }
	MessageReplayed      struct{ *Happening }
	MailboxHealthChanged struct{ *Happening }
	MailboxGap           struct{ *Happening }
	MailboxRenumbered    struct{ *Happening }
	OtherEvent           struct{ *Happening }
)

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
