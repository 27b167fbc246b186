package event

import (
	"fmt"
	"time"
)

// Kind is what happened.
type Kind string

// The kinds. Each says which ids and details come with it; ids not named may be
// zero.
const (
	// MessageReceived: a message that is no receipt was archived and judged.
	// Message, Case, Mailbox unless imported; Details.Verdict, .Message (its kind).
	MessageReceived Kind = "message-received"
	// MessageSeen: a known message stood in one more mailbox. Message, Case, Mailbox.
	MessageSeen Kind = "message-seen"
	// CaseOpened: a PEC opened a case. Case, Message.
	CaseOpened Kind = "case-opened"
	// CaseJoined: a PEC that answers one of ours joined its case. Case, Message.
	CaseJoined Kind = "case-joined"
	// CaseRouted: a case went to an office. Case, Office; Details.Reason, in words.
	CaseRouted Kind = "case-routed"
	// ReceiptLinked: a receipt was linked to the message it certifies. Message is
	// the receipt, Details.Of the certified one; Details.Message.
	ReceiptLinked Kind = "receipt-linked"
	// ReceiptUnmatched: a receipt refers to nothing we know. Message; Details.Message.
	ReceiptUnmatched Kind = "receipt-unmatched"
	// OutgoingArchived: one of our own, found in Sent, was archived. Message, Mailbox.
	OutgoingArchived Kind = "outgoing-archived"
	// MessageQuarantined: a UID could not be taken in and is kept aside. Mailbox;
	// Details.Folder, .UIDValidity, .UID, .Reason.
	MessageQuarantined Kind = "message-quarantined"
	// MessageReplayed: a quarantined UID was taken in after all. Mailbox, Message;
	// Details.Folder, .UIDValidity, .UID.
	MessageReplayed Kind = "message-replayed"
	// MailboxHealthChanged: a mailbox answers again, or no longer. Mailbox;
	// Details.Health, and .Reason while failing.
	MailboxHealthChanged Kind = "mailbox-health-changed"
	// MailboxGap: the server shows UIDs the ledger does not know: an alarm.
	// Mailbox; Details.Folder, .Count.
	MailboxGap Kind = "mailbox-gap"
	// MailboxRenumbered: the server gave a folder a new UIDVALIDITY. Mailbox;
	// Details.Folder, .UIDValidity (the new one).
	MailboxRenumbered Kind = "mailbox-renumbered"
	// MailboxPasswordSet: the sealed password of a mailbox is another one, or is
	// sealed by another key. Mailbox; Details.How ("set", "resealed").
	MailboxPasswordSet Kind = "mailbox-password-set"
	// CaseSorted: a sorter sent a case to an office. Case, Office, FromOffice when
	// it had one; Details.From, .To (statuses), .Reason (the sorter's note).
	CaseSorted Kind = "case-sorted"
	// CaseTakenBack: the desk took a case back before work began. Case, FromOffice; Details.Reason.
	CaseTakenBack Kind = "case-taken-back"
	// CaseReturned: an office gave a case back to the desk. Case, FromOffice, FromPerson; Details.Reason.
	CaseReturned Kind = "case-returned"
	// CaseAssigned: a person got a case, by the head, by taking it, by a rule or by
	// an absence. Case, Office, Person, FromPerson; Details.Reason, .How ("assigned",
	// "taken", "rule", "absence", "return").
	CaseAssigned Kind = "case-assigned"
	// CaseUnassigned: the head took a case from a person, for nobody. Case, Office, FromPerson; Details.Reason.
	CaseUnassigned Kind = "case-unassigned"
	// CaseNoted: a note was written; its text is content and not here. Case, Office; Details.Of (the note).
	CaseNoted Kind = "case-noted"
	// CaseClosed: a case was closed. Case, Office, Person (its assignee); Details.Outcome, .Reason.
	CaseClosed Kind = "case-closed"
	// CaseReopened: a closed case is worked again. Case, Office; Details.Reason.
	CaseReopened Kind = "case-reopened"
	// CasePriorityChanged: Case, Office; Details.From, .To.
	CasePriorityChanged Kind = "case-priority-changed"
	// CaseInformed: the offices for information changed. Case, Office (competent); Details.Offices.
	CaseInformed Kind = "case-informed"
	// CaseReserved: its content is now for named people only. Case, Office; Details.People.
	CaseReserved Kind = "case-reserved"
	// CaseUnreserved: the office reads it again. Case, Office.
	CaseUnreserved Kind = "case-unreserved"
	// CaseMerged: a case was put into another one. Case, Office; Details.Of (the other), .Reason.
	CaseMerged Kind = "case-merged"
	// CaseUnmerged: that was undone. Case, Office; Details.Of.
	CaseUnmerged Kind = "case-unmerged"
	// CaseFollowed: somebody wants to be told what becomes of it. Case, Person.
	CaseFollowed Kind = "case-followed"
	// CaseUnfollowed: no longer. Case, Person.
	CaseUnfollowed Kind = "case-unfollowed"
	// CaseClaimed: somebody took charge. Case, Office, Person, FromPerson when taken over.
	CaseClaimed Kind = "case-claimed"
	// ClaimWanted: somebody asks the holder to hand over. Case, Office, Person (the holder).
	ClaimWanted Kind = "claim-wanted"
	// ClaimKept: the holder keeps it. Case, Office, Person (who had asked).
	ClaimKept Kind = "claim-kept"
	// CaseReleased: nobody has it in charge. Case, Office, FromPerson.
	CaseReleased Kind = "case-released"
	// CaseLookedAt: who has the case open has changed. Case, Office; Details.People (now).
	CaseLookedAt Kind = "case-looked-at"
	// GlassBroken: somebody reads a case that is not theirs, for a reason. Case, Office, Person; Details.Reason.
	GlassBroken Kind = "glass-broken"
	// SollecitoSent: the desk reminds an office. Case, Office; Details.Of (the inquiry).
	SollecitoSent Kind = "sollecito-sent"
	// ClarificationAsked: the desk asks an office. Case, Office; Details.Of.
	ClarificationAsked Kind = "clarification-asked"
	// InquiryAnswered: the office answered. Case, Office; Details.Of.
	InquiryAnswered Kind = "inquiry-answered"
	// TermDueSoon: a term comes near. Case, Office, Person; Details.Term, .Due.
	TermDueSoon Kind = "term-due-soon"
	// TermBreached: a term has passed. Case, Office, Person; Details.Term, .Due.
	TermBreached Kind = "term-breached"
	// TermSuspended: the terms of a case stand still. Case, Office; Details.Reason.
	TermSuspended Kind = "term-suspended"
	// TermResumed: they run again. Case, Office.
	TermResumed Kind = "term-resumed"
	// TermReminded: a step of the ladder was taken. Case, Office; Details.Term, .Step, .People.
	TermReminded Kind = "term-reminded"
	// NoticeFailed: an e-mail to a person was given up. Person; Details.Reason.
	NoticeFailed Kind = "notice-failed"
	// ContentRead: a person read what a PEC says. Case, Message, Person; Details.Reason says how:
	// "text", "original", "attachment", or "folder" of all of it, with its case.
	ContentRead Kind = "content-read"
	// RegisterExported: somebody took a copy of the register. Person; Details.Reason (the filter), .Count.
	RegisterExported Kind = "register-exported"
	// ReplyStarted: somebody began to write. Case, Office; Details.Reply, .How (its manner), .Of (the message it answers).
	ReplyStarted Kind = "reply-started"
	// ReplySaved: a stretch of writing of one person began; saving again within it is not told. Case, Office; Details.Reply.
	ReplySaved Kind = "reply-saved"
	// ReplyOpened: who has the draft open has changed. Case, Office; Details.Reply, .People (now).
	ReplyOpened Kind = "reply-opened"
	// ReplyFileAdded: Case, Office; Details.Reply, .Of (the file), .How ("uploaded", "taken over").
	ReplyFileAdded Kind = "reply-file-added"
	// ReplyFileRemoved: Case, Office; Details.Reply, .Of.
	ReplyFileRemoved Kind = "reply-file-removed"
	// ReplySubmitted: it waits for approval. Case, Office; Details.Reply, .Step (the next one).
	ReplySubmitted Kind = "reply-submitted"
	// ReplyApproved: Case, Office; Details.Reply, .Step.
	ReplyApproved Kind = "reply-approved"
	// ReplySentBack: it was not approved, and is a draft again. Case, Office; Details.Reply, .Step.
	ReplySentBack Kind = "reply-sent-back"
	// ReplyVoided: what was approved was changed, and has to be approved again. Case, Office; Details.Reply.
	ReplyVoided Kind = "reply-voided"
	// ReplyQueued: it is to leave. Case, Office; Details.Reply, .Due (not before).
	ReplyQueued Kind = "reply-queued"
	// ReplyWithdrawn: it was taken back before it left, and is a draft again. Case, Office; Details.Reply.
	ReplyWithdrawn Kind = "reply-withdrawn"
	// ReplyDiscarded: it was thrown away. Case, Office; Details.Reply.
	ReplyDiscarded Kind = "reply-discarded"
	// ReplyRestored: and taken out of the bin again. Case, Office; Details.Reply.
	ReplyRestored Kind = "reply-restored"
	// ReplyDelayed: a try came to nothing, for certain, and there will be another. Case, Office; Details.Reply, .Due, .Reason.
	ReplyDelayed Kind = "reply-delayed"
	// ReplySent: the provider took it. Case, Office, Message; Details.Reply, .How (what says so: "answer", "receipt", "copy", "person").
	ReplySent Kind = "reply-sent"
	// ReplyUncertain: nobody knows whether the provider took it; it is not sent again by itself. Case, Office, Message; Details.Reply, .Reason.
	ReplyUncertain Kind = "reply-uncertain"
	// ReplyRefused: it was not taken, and a person has to see to it. Case, Office, Message; Details.Reply, .Reason, .How as of ReplySent.
	ReplyRefused Kind = "reply-refused"
	// DeliveryChanged: a receipt moved what is known of one recipient. Case, Message (ours); Details.Of (the recipient), .From, .To.
	DeliveryChanged Kind = "delivery-changed"
	// ReceiptMissing: a receipt should have come by now. Case, Message (ours); Details.How ("ACCEPTANCE", "DELIVERY"), .Count (of recipients).
	ReceiptMissing Kind = "receipt-missing"
	// ReceiptDiffers: a complete receipt of delivery does not hold what was sent: an alarm. Case, Message (the receipt); Details.Of (ours), .Reason.
	ReceiptDiffers Kind = "receipt-differs"
	// ReceiptSuspect: what looks like a receipt is forged or altered, and changes nothing: an alarm. Case, Message; Details.Of (the message
	// of ours that it names), .Verdict, .Reason.
	ReceiptSuspect Kind = "receipt-suspect"
	// TemplateChanged: a text to begin with was written, changed or removed. Office and Person, where it is theirs; Details.Of, .How.
	TemplateChanged Kind = "template-changed"
	// UserAdded: somebody can sign in from now on. Person.
	UserAdded Kind = "user-added"
	// UserChanged: name, roles, language, password. Person; Details.Reason says what, .Changes how it was and is.
	UserChanged Kind = "user-changed"
	// UserDisabled: all that person's sessions and tokens end. Person.
	UserDisabled Kind = "user-disabled"
	// UserEnabled: that person can sign in again. Person.
	UserEnabled Kind = "user-enabled"
	// MemberAdded: somebody joined an office. Person, Office; Details.To (role).
	MemberAdded Kind = "member-added"
	// MemberRemoved: somebody left an office. Person, FromOffice; Details.From (role).
	MemberRemoved Kind = "member-removed"
	// OfficeChanged: an office was made, closed or reopened, or its habits changed.
	// Office; Details.Reason, .Changes; .From, .To of closing and reopening ("open", "closed").
	OfficeChanged Kind = "office-changed"
	// RuleChanged: a rule that people keep was written, switched, moved, set back or taken off the list. Details.Of, .How, .Reason (its name), .Version.
	RuleChanged Kind = "rule-changed"
	// RuleTried: somebody asked what a rule would have done with what came last. Details.Of (0: a new one), .How ("on", "off"; "review":
	// all that are on, as they are), .Reason (its name and the whole condition), .Count (of cases asked for) or .Days.
	RuleTried Kind = "rule-tried"
	// DeadlineChanged: a deadline that people keep was set or removed. Details.Of, .How, .Term, .Reason (of what it is), .From, .To (how long
	// it was before and is now, whoever says so; empty for none), .Version.
	DeadlineChanged Kind = "deadline-changed"
	// ClosureChanged: a closure that people keep was set or removed. Office, where it is an office's; Details.Of, .How, .Reason (its name),
	// .From, .To (its days and name before and now), .Version.
	ClosureChanged Kind = "closure-changed"
	// PatronChanged: the patron saint's day that people keep was set or removed. Office, where it is an office's; Details.Of, .How, .From,
	// .To (before and now, whoever says so), .Version.
	PatronChanged Kind = "patron-changed"
	// SignedIn: Person; Details.Reason says from where.
	SignedIn Kind = "signed-in"
	// SignInFailed: Person when the account exists; Details.Reason.
	SignInFailed Kind = "sign-in-failed"
	// SignedOut: a session ended. Person; Details.Reason.
	SignedOut Kind = "signed-out"
	// TokenMade: Person; Details.Reason (its name).
	TokenMade Kind = "token-made"
	// TokenRevoked: Person; Details.Reason (its name).
	TokenRevoked Kind = "token-revoked"
	// AbsencePlanned: FromPerson will be away, Person stands in.
	AbsencePlanned Kind = "absence-planned"
	// AbsenceCancelled: FromPerson will not be away after all. Person.
	AbsenceCancelled Kind = "absence-cancelled"
	// AbsenceStarted: the cases of FromPerson went to Person; Details.Count of them.
	AbsenceStarted Kind = "absence-started"
	// AbsenceEnded: those that Person still had went back to FromPerson; Details.Count.
	AbsenceEnded Kind = "absence-ended"
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		MessageReceived, MessageSeen, CaseOpened, CaseJoined, CaseRouted,
		ReceiptLinked, ReceiptUnmatched, OutgoingArchived,
		MessageQuarantined, MessageReplayed,
		MailboxHealthChanged, MailboxGap, MailboxRenumbered, MailboxPasswordSet,
		CaseSorted, CaseTakenBack, CaseReturned, CaseAssigned, CaseUnassigned, CaseNoted, CaseClosed, CaseReopened,
		CasePriorityChanged, CaseInformed, CaseReserved, CaseUnreserved, CaseMerged, CaseUnmerged,
		CaseFollowed, CaseUnfollowed, CaseClaimed, ClaimWanted, ClaimKept, CaseReleased, CaseLookedAt, GlassBroken,
		SollecitoSent, ClarificationAsked, InquiryAnswered,
		TermDueSoon, TermBreached, TermSuspended, TermResumed, TermReminded,
		NoticeFailed, ContentRead, RegisterExported,
		ReplyStarted, ReplySaved, ReplyOpened, ReplyFileAdded, ReplyFileRemoved, ReplySubmitted, ReplyApproved, ReplySentBack, ReplyVoided,
		ReplyQueued, ReplyWithdrawn, ReplyDiscarded, ReplyRestored, ReplyDelayed, ReplySent, ReplyUncertain, ReplyRefused,
		DeliveryChanged, ReceiptMissing, ReceiptDiffers, ReceiptSuspect, TemplateChanged,
		UserAdded, UserChanged, UserDisabled, UserEnabled, MemberAdded, MemberRemoved, OfficeChanged, RuleChanged, RuleTried,
		DeadlineChanged, ClosureChanged, PatronChanged,
		SignedIn, SignInFailed, SignedOut, TokenMade, TokenRevoked,
		AbsencePlanned, AbsenceCancelled, AbsenceStarted, AbsenceEnded,
	}
}

// Details is what a kind says beside its ids; each kind names its own.
type Details struct {
	Reason      string `json:"reason,omitempty"`       // in words, safe to show
	Message     string `json:"message,omitempty"`      // pec.Kind of the message
	Verdict     string `json:"verdict,omitempty"`      // smime.Status of the message
	Of          int    `json:"of,omitempty"`           // id of the message a receipt certifies
	Folder      string `json:"folder,omitempty"`       // IMAP folder
	UIDValidity uint32 `json:"uid_validity,omitempty"` // of that folder
	UID         uint32 `json:"uid,omitempty"`          // in that folder
	Count       int    `json:"count,omitempty"`        // how many UIDs
	Days        int    `json:"days,omitempty"`         // back from then
	Health      string `json:"health,omitempty"`       // "ok" or "failing"

	From    string     `json:"from,omitempty"`    // status, priority, role or setting before
	To      string     `json:"to,omitempty"`      // and after
	How     string     `json:"how,omitempty"`     // by what way
	Outcome string     `json:"outcome,omitempty"` // of a closed case
	Offices []int      `json:"offices,omitempty"` // for information
	People  []int      `json:"people,omitempty"`  // named, or reminded
	Term    string     `json:"term,omitempty"`    // ASSIGN, WORK, ANSWER
	Step    int        `json:"step,omitempty"`    // of the ladder, from 1
	Due     *time.Time `json:"due,omitempty"`     // of the term
	Version int        `json:"version,omitempty"` // of the case after it
	Reply   int        `json:"reply,omitempty"`   // what we write
	Changes []Change   `json:"changes,omitempty"` // of settings
}

// Change is a setting before and after, as text; empty where there was or is none.
type Change struct {
	What string `json:"what"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Changed adds a setting to those that changed, if it did.
func Changed(list []Change, what string, from, to any) []Change {
	before, after := fmt.Sprint(from), fmt.Sprint(to)
	if before == after {
		return list
	}
	return append(list, Change{What: what, From: before, To: after})
}
