package graph

import (
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caselooker"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/ent/user"
)

// work plans what hangs on a case besides its mail: who works on it, until when,
// and what was written beside it.
func (p *plan) work(q *ent.CaseFileQuery, a asked) {
	switch a.name {
	case "assignee":
		q.WithAssignee(func(q *ent.UserQuery) { p.users(q, a.selection) })
	case "onBehalfOf":
		q.WithOnBehalfOf(func(q *ent.UserQuery) { p.users(q, a.selection) })
	case "claim":
		q.WithClaimedBy(func(q *ent.UserQuery) { p.claims(q, a.selection) })
	case "followed":
		q.WithFollowers() // the viewer's own
	case "terms":
		q.WithTerms(func(q *ent.TermQuery) { p.terms(q.Order(term.ByKind()), a.selection) })
	case "informedOffices":
		q.WithInformed(func(q *ent.CaseOfficeQuery) {
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		})
	case "lookers":
		q.WithLookers(func(q *ent.CaseLookerQuery) {
			q.Where(caselooker.UntilGT(time.Now().UTC()))
			q.Modify(inOrder[*ent.CaseLooker](p, casefile.LookersColumn, mostPresent))
			q.WithUser(func(q *ent.UserQuery) { p.users(q, a.selection) })
		})
	case "notes":
		q.WithNamedNotes(a.page.key(), func(q *ent.NoteQuery) {
			q.Modify(each(p, notesByTime(), casefile.NotesColumn, a.page))
			p.notes(q, a.selection)
		})
	case "replies":
		q.WithNamedReplies(a.page.key(), func(q *ent.ReplyQuery) {
			q.Modify(each(p, repliesNewestFirst(), casefile.RepliesColumn, a.page))
			p.replies(q, a.selection)
		})
	case "inquiries":
		q.WithNamedInquiries(a.page.key(), func(q *ent.InquiryQuery) {
			q.Modify(each(p, inquiriesByTime(), casefile.InquiriesColumn, a.page))
			p.inquiries(q, a.selection)
		})
	}
}

func (p *plan) users(q *ent.UserQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "User", node) {
		switch a.name {
		case "memberships":
			q.WithNamedMemberships(a.page.key(), func(q *ent.MembershipQuery) {
				q.Modify(each(p, membershipsByID(), user.MembershipsColumn, a.page))
				p.memberships(q, a.selection)
			})
		case "absences":
			q.WithAbsences(func(q *ent.AbsenceQuery) {
				q.Where(absence.StateIn(absence.StatePlanned, absence.StateActive)).Order(absence.ByFrom())
				p.absences(q, a.selection)
			})
		}
	}
}

// claims plans the holder of a claim, which is the only thing in it to be loaded.
func (p *plan) claims(q *ent.UserQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Claim") {
		if a.name == "holder" {
			p.users(q, a.selection)
		}
	}
}

func (p *plan) memberships(q *ent.MembershipQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Membership", node) {
		switch a.name {
		case "user":
			q.WithUser(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "office":
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		}
	}
}

func (p *plan) absences(q *ent.AbsenceQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Absence", node) {
		switch a.name {
		case "user":
			q.WithUser(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "delegate":
			q.WithDelegate(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}

// terms plans, for a reckoning, the office of the case: it has the calendar of terms that keep none.
func (p *plan) terms(q *ent.TermQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Term", node) {
		if a.name == "reckoning" {
			q.WithCase(func(q *ent.CaseFileQuery) { q.WithOffice() })
		}
	}
}

func (p *plan) notes(q *ent.NoteQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Note", node) {
		if a.name == "author" {
			q.WithAuthor(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}

func (p *plan) inquiries(q *ent.InquiryQuery, selection ast.SelectionSet) {
	for _, a := range p.fields(selection, "Inquiry", node) {
		switch a.name {
		case "office":
			q.WithOffice(func(q *ent.OfficeQuery) { p.offices(q, a.selection) })
		case "askedBy":
			q.WithAskedBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		case "answeredBy":
			q.WithAnsweredBy(func(q *ent.UserQuery) { p.users(q, a.selection) })
		}
	}
}
