package event

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
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		MessageReceived, MessageSeen, CaseOpened, CaseJoined, CaseRouted,
		ReceiptLinked, ReceiptUnmatched, OutgoingArchived,
		MessageQuarantined, MessageReplayed,
		MailboxHealthChanged, MailboxGap, MailboxRenumbered,
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
	Health      string `json:"health,omitempty"`       // "ok" or "failing"
}
