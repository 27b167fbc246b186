package guard

import (
	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/casefollower"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/ent/user"
)

// mine narrows rows that belong to a person by a column.
func mine(column string) func(Person) narrowing {
	return func(p Person) narrowing {
		return func(s *sql.Selector) { s.Where(sql.EQ(s.C(column), p.ID)) }
	}
}

// ownFollowing: whom a case interests is nobody else's business.
func ownFollowing(p Person) narrowing { return mine(casefollower.FieldUserID)(p) }

func ownTokens(p Person) narrowing { return mine(apitoken.FieldUserID)(p) }

// ownPush: where somebody is told through is nobody else's business, not even the
// administrator's.
func ownPush(p Person) narrowing { return mine(pushsubscription.FieldUserID)(p) }

// managed is for the administrator, and for the desk that has to explain itself.
func managed(p Person) narrowing {
	if p.Administrator || p.Sorter {
		return func(*sql.Selector) {}
	}
	return nothing
}

// explained is managed for what the auditor looks at too: by what rule a case went
// where it is.
func explained(p Person) narrowing {
	p.Sorter = p.Sorter || p.Auditor
	return managed(p)
}

// audited is for the administrator and the auditor: who changed what.
func audited(p Person) narrowing {
	if p.Administrator || p.Auditor {
		return func(*sql.Selector) {}
	}
	return nothing
}

// ofTheMachine is for those who look after the mailboxes.
func ofTheMachine(p Person) narrowing { return managed(p) }

// userRows: who works here is no secret; what is masked is said by maskUser.
func userRows(Person) narrowing { return func(*sql.Selector) {} }

// membershipRows: the administrator sees all, everybody his own offices.
func membershipRows(p Person) narrowing {
	if p.Administrator {
		return func(*sql.Selector) {}
	}
	return func(s *sql.Selector) {
		s.Where(sql.Or(sql.EQ(s.C(membership.FieldUserID), p.ID), in(s.C(membership.FieldOfficeID), p.offices())))
	}
}

// offices are all in which a person is something, and those below that he reads.
func (p Person) offices() []any { return numbers(p.Heads, p.Operates, p.Owns, p.Inherits) }

// templateRows: those of the house, of his offices, and his own.
func templateRows(p Person) narrowing {
	return func(s *sql.Selector) {
		ofOffice, ofUser := s.C(template.FieldOfficeID), s.C(template.FieldUserID)
		s.Where(sql.Or(sql.And(sql.IsNull(ofOffice), sql.IsNull(ofUser)), in(ofOffice, p.offices()), sql.EQ(ofUser, p.ID)))
	}
}

// absenceRows: the administrator and the desk see who is away, and colleagues do.
func absenceRows(p Person) narrowing {
	if p.Administrator || p.Sorter {
		return func(*sql.Selector) {}
	}
	return func(s *sql.Selector) {
		m := sql.Table(membership.Table).As("colleague")
		s.Where(sql.Or(
			sql.EQ(s.C(absence.FieldUserID), p.ID), sql.EQ(s.C(absence.FieldDelegateID), p.ID),
			ifAny(p.offices(), func(offices []any) *sql.Predicate {
				return exists(m, sql.ColumnsEQ(m.C(membership.FieldUserID), s.C(absence.FieldUserID)), in(m.C(membership.FieldOfficeID), offices))
			})))
	}
}

// noticeRows: everybody sees his own, the administrator those that failed.
func noticeRows(p Person) narrowing {
	return func(s *sql.Selector) {
		own := sql.EQ(s.C(notice.FieldUserID), p.ID)
		if p.Administrator {
			own = sql.Or(own, sql.EQ(s.C(notice.FieldState), string(notice.StateFailed)))
		}
		s.Where(own)
	}
}

// ownFields are what a person changes of himself; the rest is the
// administrator's.
func ownFields() []string {
	return []string{user.FieldPassword, user.FieldPreferences, user.FieldLanguage}
}
