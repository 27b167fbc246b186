package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/term"
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
	FromOffice *ent.Office
	Person     *ent.User
	FromPerson *ent.User

	From, To, Outcome, How string
	Version                *int
	Term                   *term.Kind
	DueAt                  *time.Time

	Reason, Folder   string
	UIDValidity, UID uint32
	Count, Days      int
	Changes          []event.Change

	Reply     *ent.Reply
	Recipient *ent.Recipient
	Template  *ent.Template
	About     *ent.Message // of a receipt
	Rule      *ent.RoutingRule
	People    []ent.User
	Step      *int
	Verdict   string
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

// MailboxPasswordSet says that a mailbox has another password, or another key seals it.
type MailboxPasswordSet struct{ *Happening }

// CaseChanged says that somebody did something to a case.
type CaseChanged struct{ *Happening }

// ReplyChanged says that somebody did something to a reply, or what became of it.
type ReplyChanged struct{ *Happening }

// DeliveryChanged says how far a message of ours came, or what is missed of it.
type DeliveryChanged struct{ *Happening }

// ReceiptAlarm says that a receipt is not what it should be.
type ReceiptAlarm struct{ *Happening }

// TemplateChanged says that a template was written, changed or removed.
type TemplateChanged struct{ *Happening }

// TermChanged says what became of a term.
type TermChanged struct{ *Happening }

// PersonChanged says something about a person.
type PersonChanged struct{ *Happening }

// OfficeChanged says that an office was made or changed.
type OfficeChanged struct{ *Happening }

// RuleChanged says that a routing rule that people keep was changed.
type RuleChanged struct{ *Happening }

// CalendarChanged says that a deadline, a closure or a patron saint's day that
// people keep was changed.
type CalendarChanged struct{ *Happening }

// RuleTried says that somebody tried a rule on what came in.
type RuleTried struct{ *Happening }

// ContentRead says that somebody read what a PEC says.
type ContentRead struct{ *Happening }

// RegisterExported says that somebody took a copy of the register.
type RegisterExported struct{ *Happening }

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
	case event.MailboxPasswordSet:
		return MailboxPasswordSet{h}
	case event.CaseSorted, event.CaseTakenBack, event.CaseReturned, event.CaseAssigned, event.CaseUnassigned, event.CaseNoted,
		event.CaseClosed, event.CaseReopened,
		event.CasePriorityChanged, event.CaseInformed, event.CaseReserved, event.CaseUnreserved, event.CaseMerged, event.CaseUnmerged,
		event.CaseFollowed, event.CaseUnfollowed, event.CaseClaimed, event.ClaimWanted, event.ClaimKept, event.CaseReleased, event.CaseLookedAt,
		event.GlassBroken, event.SollecitoSent, event.ClarificationAsked, event.InquiryAnswered:
		return CaseChanged{h}
	}
	return newEvent(h)
}

// newEvent is NewEvent for what is not about a command on a case.
func newEvent(h *Happening) Event {
	switch h.Kind {
	case event.ReplyStarted, event.ReplySaved, event.ReplyOpened, event.ReplyFileAdded, event.ReplyFileRemoved, event.ReplySubmitted,
		event.ReplyApproved, event.ReplySentBack, event.ReplyVoided, event.ReplyQueued, event.ReplyWithdrawn, event.ReplyDiscarded,
		event.ReplyRestored, event.ReplyDelayed, event.ReplySent, event.ReplyUncertain, event.ReplyRefused:
		return ReplyChanged{h}
	case event.DeliveryChanged, event.ReceiptMissing:
		return DeliveryChanged{h}
	case event.ReceiptDiffers, event.ReceiptSuspect:
		return ReceiptAlarm{h}
	case event.TemplateChanged:
		return TemplateChanged{h}
	case event.TermDueSoon, event.TermBreached, event.TermSuspended, event.TermResumed, event.TermReminded:
		return TermChanged{h}
	case event.NoticeFailed, event.UserAdded, event.UserChanged, event.UserDisabled, event.UserEnabled, event.MemberAdded, event.MemberRemoved,
		event.SignedIn, event.SignInFailed, event.SignedOut, event.TokenMade, event.TokenRevoked,
		event.AbsencePlanned, event.AbsenceCancelled, event.AbsenceStarted, event.AbsenceEnded:
		return PersonChanged{h}
	case event.OfficeChanged:
		return OfficeChanged{h}
	case event.RuleChanged:
		return RuleChanged{h}
	case event.DeadlineChanged, event.ClosureChanged, event.PatronChanged:
		return CalendarChanged{h}
	case event.RuleTried:
		return RuleTried{h}
	case event.ContentRead:
		return ContentRead{h}
	case event.RegisterExported:
		return RegisterExported{h}
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
	User *ent.User // of a person
	ID   int       // of a person
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
	id, _ := strconv.Atoi(name)
	return &Actor{Kind: ActorKindPerson, Name: name, ID: id}
}
