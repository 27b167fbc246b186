// Package notify tells people by ordinary e-mail what waits for them: it writes
// the letters (avvisi), in Italian and English, and hands them to an SMTP relay
// that has nothing to do with the certified mailboxes.
//
//   - A letter says which case, what and until when. What a PEC says, and who
//     wrote it, is never in it: ordinary mail leaves the house.
//   - Everything in it is hostile: it is cut, cleaned and escaped.
//   - A letter has its Message-ID before the first try. After a connection that was
//     lost nobody knows whether it arrived, and it is sent again as the same one:
//     a notice may come twice, and never not at all.
package notify

import (
	"strings"
	"time"
	"unicode"
)

// Kind is what a person is told of.
type Kind string

// The kinds.
const (
	Assigned      Kind = "assigned"      // a case was given to you
	Unassigned    Kind = "unassigned"    // a case of yours was given to somebody else
	Returned      Kind = "returned"      // a case came back to the desk
	Reminder      Kind = "reminder"      // a step of the ladder before the term ends
	Breached      Kind = "breached"      // the term has passed
	Sollecito     Kind = "sollecito"     // the desk reminds
	Question      Kind = "question"      // the desk asks (richiesta di chiarimenti)
	Answer        Kind = "answer"        // the office answered
	Glass         Kind = "glass"         // somebody reads a case of your office that is not theirs
	AbsenceBegins Kind = "absence"       // you stand in for somebody
	AbsenceEnds   Kind = "absence-ended" // you are here again, or no longer stand in
	ToApprove     Kind = "to-approve"    // a reply waits for your approval
	SentBack      Kind = "sent-back"     // a reply of yours was not approved
	NotSent       Kind = "not-sent"      // a reply did not leave, and somebody has to see to it
	Undelivered   Kind = "undelivered"   // a reply left and did not arrive
	NoReceipt     Kind = "no-receipt"    // a receipt should have come by now
	Suspect       Kind = "suspect"       // a receipt is forged, or does not hold what was sent
	Followed      Kind = "followed"      // something happened to a case that you follow
	ToSort        Kind = "to-sort"       // a new PEC waits at the sorting desk: by push alone
)

// Kinds lists all that letters tell of.
func Kinds() []Kind {
	return []Kind{
		Assigned, Unassigned, Returned, Reminder, Breached, Sollecito, Question, Answer, Glass, AbsenceBegins, AbsenceEnds,
		ToApprove, SentBack, NotSent, Undelivered, NoReceipt, Suspect, Followed,
	}
}

// PushKinds lists all that browsers are told of.
func PushKinds() []Kind { return append(Kinds(), ToSort) }

// PushedAtFirst are those of who chose none: what waits for somebody, and what
// went wrong.
func PushedAtFirst() []Kind { return []Kind{ToSort, Assigned, Breached, NotSent, Undelivered} }

// Urgent tells whether something is to be looked at now.
func (k Kind) Urgent() bool { return rank(k) == 0 }

// Item is one thing that a person is told. What does not apply is empty.
type Item struct {
	Kind   Kind      `json:"kind"`
	Case   string    `json:"case,omitempty"`   // its number
	Office string    `json:"office,omitempty"` // its name
	Actor  string    `json:"actor,omitempty"`  // name of who did it
	Term   string    `json:"term,omitempty"`   // ASSIGN, WORK or ANSWER
	Due    time.Time `json:"due,omitzero"`     // of the term
	Text   string    `json:"text,omitempty"`   // what they wrote
	Link   string    `json:"link,omitempty"`   // to the case in the web client
	At     time.Time `json:"at"`               // when it happened
}

// Language of a letter.
type Language string

// The languages.
const (
	Italian Language = "it"
	English Language = "en"
)

// Address is a person's name and address.
type Address struct{ Name, Address string }

// Letter is what one person is told at one time: one item, or a digest of several.
type Letter struct {
	MessageID string // with angle brackets
	To        Address
	Language  Language
	Items     []Item
	Zone      *time.Location // of the dates in it
	Date      time.Time
}

const (
	mostItems = 100  // in one letter; the rest are counted
	mostText  = 1000 // runes of what somebody wrote
	mostName  = 120  // runes of a name
)

// clean makes one line of a text: without control characters and marks that
// turn the direction of writing, and cut.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
