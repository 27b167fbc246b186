package casework

import (
	"slices"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/guard"
)

//go:generate go run ./print

// Command is something that a person does to a case.
type Command string

// The commands.
const (
	Sort       Command = "SORT"        // to an office (smistare)
	TakeBack   Command = "TAKE_BACK"   // from an office, before work began (ritirare)
	Return     Command = "RETURN"      // to the desk, by the office (restituire)
	Assign     Command = "ASSIGN"      // to a person, or to another one (assegnare)
	Unassign   Command = "UNASSIGN"    // from a person, to nobody of the office (togliere)
	Take       Command = "TAKE"        // by oneself (prendere)
	Note       Command = "NOTE"        // (annotare)
	Close      Command = "CLOSE"       // (chiudere, evadere)
	Reopen     Command = "REOPEN"      // (riaprire)
	Prioritise Command = "PRIORITISE"  // (cambiare priorità)
	Inform     Command = "INFORM"      // other offices (per conoscenza)
	Reserve    Command = "RESERVE"     // for named people (riservare)
	Unreserve  Command = "UNRESERVE"   //
	Merge      Command = "MERGE"       // into another case (unire)
	Unmerge    Command = "UNMERGE"     //
	Follow     Command = "FOLLOW"      // (seguire)
	Unfollow   Command = "UNFOLLOW"    //
	Claim      Command = "CLAIM"       // take charge (presa in carico)
	Release    Command = "RELEASE"     //
	Look       Command = "LOOK"        // have it open (guardare)
	LookAway   Command = "LOOK_AWAY"   //
	BreakGlass Command = "BREAK_GLASS" // read for a reason what is not yours (accesso motivato)
	Remind     Command = "REMIND"      // (sollecitare)
	Ask        Command = "ASK"         // (chiedere chiarimenti)
	Answer     Command = "ANSWER"      // (rispondere al sollecito o ai chiarimenti)
	Write      Command = "WRITE"       // a reply, or a PEC of our own (scrivere)
	Send       Command = "SEND"        // it, or ask for approval (inviare)
	Approve    Command = "APPROVE"     // it, where the office wants that (approvare, autorizzare)
)

// Who is in what capacity a person acts on a case. Several can hold.
type Who uint8

// The capacities.
const (
	Sorter   Who = 1 << iota // of the sorting desk
	Head                     // head of the competent office, or deputy now
	Operator                 // operator of the competent office who sees the case
	Assignee                 // who has it
	Above                    // head of an office above that reads it
	Seer                     // whoever sees it
)

// Need says when a command needs a reason.
type Need uint8

// The needs.
const (
	Never      Need = iota
	WhereAsked      // where the office wants one for moves
	Always
)

// Transition is a row of the table.
type Transition struct {
	Command   Command
	From      []casefile.Status
	To        []casefile.Status // the statuses it can lead to; none: it stays as it is
	By        Who
	Reason    Need
	Versioned bool // names the version that its author saw
	Content   bool // only who reads the case
	Claimed   bool // not while somebody else has taken charge, but for the head
}

// Table is what can be done to a case: when, and by whom.
func Table() []Transition {
	const (
		sort, assign, work = casefile.StatusToSort, casefile.StatusToAssign, casefile.StatusInProgress
		out, done, merged  = casefile.StatusAnswering, casefile.StatusClosed, casefile.StatusMerged
	)
	type list = []casefile.Status
	all := list{sort, assign, work, out, done, merged}
	return []Transition{
		{Command: Sort, From: list{sort, assign}, To: list{assign}, By: Sorter, Versioned: true, Claimed: true},
		{Command: TakeBack, From: list{assign}, To: list{sort}, By: Sorter, Reason: WhereAsked, Versioned: true, Claimed: true},
		{Command: Return, From: list{assign}, To: list{sort}, By: Head, Reason: Always, Versioned: true, Claimed: true},
		{Command: Return, From: list{work}, To: list{sort}, By: Head | Assignee, Reason: Always, Versioned: true, Claimed: true},
		{Command: Assign, From: list{assign, work}, To: list{work}, By: Head, Reason: WhereAsked, Versioned: true},
		{Command: Assign, From: list{out}, By: Head, Reason: WhereAsked, Versioned: true},
		{Command: Unassign, From: list{work}, To: list{assign}, By: Head, Reason: WhereAsked, Versioned: true},
		{Command: Take, From: list{assign}, To: list{work}, By: Head | Operator, Versioned: true, Content: true, Claimed: true},
		{Command: Note, From: list{sort}, By: Sorter, Content: true},
		{Command: Note, From: list{assign, work, out, done}, By: Head | Operator | Assignee, Content: true},
		{Command: Close, From: list{sort}, To: list{done}, By: Sorter, Versioned: true, Content: true, Claimed: true},
		{Command: Close, From: list{assign}, To: list{done}, By: Head, Versioned: true, Content: true, Claimed: true},
		{Command: Close, From: list{work, out}, To: list{done}, By: Head | Assignee, Versioned: true, Content: true, Claimed: true},
		{Command: Reopen, From: list{done}, To: list{sort, assign, work}, By: Head | Sorter, Reason: Always, Versioned: true},
		{Command: Reopen, From: list{out}, To: list{work}, By: Head | Assignee, Reason: Always, Versioned: true},
		{Command: Prioritise, From: list{sort}, By: Sorter, Versioned: true},
		{Command: Prioritise, From: list{assign, work, out}, By: Head | Sorter, Versioned: true},
		{Command: Inform, From: list{sort}, By: Sorter, Versioned: true, Content: true},
		{Command: Inform, From: list{assign, work, out}, By: Head, Versioned: true, Content: true},
		{Command: Reserve, From: list{sort}, By: Sorter, Versioned: true, Content: true},
		{Command: Reserve, From: list{assign, work, out, done}, By: Head, Versioned: true, Content: true},
		{Command: Unreserve, From: list{sort}, By: Sorter, Versioned: true, Content: true},
		{Command: Unreserve, From: list{assign, work, out, done}, By: Head, Versioned: true, Content: true},
		{Command: Merge, From: list{sort}, To: list{merged}, By: Sorter, Versioned: true, Content: true, Claimed: true},
		{Command: Merge, From: list{assign, work}, To: list{merged}, By: Head, Versioned: true, Content: true, Claimed: true},
		{Command: Unmerge, From: list{merged}, To: list{sort, assign, work}, By: Head | Sorter, Versioned: true, Content: true},
		{Command: Follow, From: all, By: Seer},
		{Command: Unfollow, From: all, By: Seer},
		{Command: Claim, From: list{sort}, By: Sorter, Content: true},
		{Command: Claim, From: list{assign, work, out}, By: Head | Operator | Assignee, Content: true},
		{Command: Release, From: list{sort}, By: Sorter},
		{Command: Release, From: list{assign, work, out}, By: Head | Operator | Assignee},
		{Command: Look, From: all, By: Seer, Content: true},
		{Command: LookAway, From: all, By: Seer},
		{Command: BreakGlass, From: all, By: Seer, Reason: Always},
		{Command: Remind, From: list{assign, work, out}, By: Sorter},
		{Command: Ask, From: list{assign, work, out}, By: Sorter},
		{Command: Answer, From: list{assign, work, out, done}, By: Head | Operator | Assignee, Content: true},
		{Command: Write, From: list{assign, work, out}, By: Head | Operator | Assignee, Content: true, Claimed: true},
		{Command: Send, From: list{assign, work, out}, By: Head | Assignee, Content: true, Claimed: true},
		{Command: Approve, From: list{assign, work, out}, By: Head | Above, Content: true},
	}
}

// Commands lists all commands, in the order of the table.
func Commands() []Command {
	var all []Command
	for _, t := range Table() {
		if !slices.Contains(all, t.Command) {
			all = append(all, t.Command)
		}
	}
	return all
}

// capacities says in what capacities a person acts on a case that he sees. What
// an office has closed is its own: the desk no longer acts on it.
func capacities(p guard.Person, c *ent.CaseFile) Who {
	who := Seer
	over := c.Status == casefile.StatusClosed || c.Status == casefile.StatusMerged
	if p.Sorter && (!over || c.OfficeID == nil) {
		who |= Sorter
	}
	if c.OfficeID == nil {
		return who
	}
	mine := c.AssigneeID != nil && *c.AssigneeID == p.ID
	switch {
	case slices.Contains(p.Acts, *c.OfficeID):
		who |= Head
	case slices.Contains(p.Heads, *c.OfficeID):
		who |= Above
	}
	if slices.Contains(p.Operates, *c.OfficeID) || mine && slices.Contains(p.Owns, *c.OfficeID) {
		who |= Operator
	}
	if mine && who&(Head|Operator) != 0 {
		who |= Assignee
	}
	return who
}

// judge asks the table; the refusal is nil when the command is allowed.
func judge(cmd Command, status casefile.Status, who Who) (Transition, *Refused) {
	possible := false
	for _, t := range Table() {
		if t.Command != cmd || !slices.Contains(t.From, status) {
			continue
		}
		possible = true
		if t.By&who != 0 {
			return t, nil
		}
	}
	if possible {
		return Transition{}, forbidden(cmd)
	}
	return Transition{}, illegal(cmd, string(status))
}

// MayDo lists what a person may do now with a case as he sees it: what the table
// allows. A command can still be refused for what it asks.
func MayDo(p guard.Person, c *ent.CaseFile, now time.Time) []Command {
	if p.Scopes&guard.Write == 0 {
		return nil
	}
	who := capacities(p, c)
	var all []Command
	for _, cmd := range Commands() {
		t, refused := judge(cmd, c.Status, who)
		held := c.ClaimedByID != nil && *c.ClaimedByID != p.ID && c.ClaimedUntil != nil && c.ClaimedUntil.After(now)
		readable := !t.Content || !guard.Masked(c)
		free := !t.Claimed || !held || who&Head != 0
		if refused == nil && readable && free {
			all = append(all, cmd)
		}
	}
	return all
}
