package guard

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/tally"
)

// MessagesRead finds the messages that the viewer may read, for conditions that
// go through messages.
func MessagesRead(v Viewer) predicate.Message {
	return predicate.Message(func(s *sql.Selector) {
		if p, ok := v.Person(); ok {
			s.Where(messageRead(p, s))
		} else if !v.IsSystem() {
			nothing(s)
		}
	})
}

func messageRows(p Person) narrowing {
	return func(s *sql.Selector) { s.Where(messageRead(p, s)) }
}

// messageRead holds for the messages of cases that a person reads. What is in no
// case belongs to the office of its mailbox, else to the sorting desk.
func messageRead(p Person, t from) *sql.Predicate {
	if p.Scopes&Content == 0 {
		return sql.False()
	}
	inCase := t.C(message.FieldCaseID)
	file := sql.Table(casefile.Table).As("in_case")
	kept := in(t.C(message.FieldKeptByID), numbers(p.Heads, p.Operates, p.Inherits))
	if p.Sorter {
		kept = sql.Or(kept, sql.IsNull(t.C(message.FieldKeptByID)))
	}
	return sql.Or(
		sql.And(sql.IsNull(inCase), kept),
		sql.And(sql.NotNull(inCase), exists(file, sql.ColumnsEQ(file.C(casefile.FieldID), inCase), caseRead(p).sql(file))),
	)
}

// ofMessages narrows what is part of a message by its message_id.
func ofMessages(p Person) narrowing {
	return func(s *sql.Selector) { s.Where(ofMessage(p, s.C("message_id"))) }
}

func ofMessage(p Person, column string) *sql.Predicate {
	m := sql.Table(message.Table).As("of_message")
	return exists(m, sql.ColumnsEQ(m.C(message.FieldID), column), messageRead(p, m))
}

// eventRows narrows the register. The auditor reads all of it, the sorting desk
// all movements, an office what concerns its cases and what left it, the
// administrator what concerns no case; and everybody what is about himself.
func eventRows(p Person) narrowing {
	if p.Auditor {
		return func(*sql.Selector) {}
	}
	return func(s *sql.Selector) {
		actor := Someone(p).String()
		some := []*sql.Predicate{
			sql.EQ(s.C(event.FieldActor), actor), sql.EQ(s.C(event.FieldPersonID), p.ID), sql.EQ(s.C(event.FieldFromPersonID), p.ID),
		}
		if p.Administrator {
			some = append(some, sql.And(sql.IsNull(s.C(event.FieldCaseID)), sql.IsNull(s.C(event.FieldMessageID))))
		}
		if p.Sorter {
			some = append(some, sql.NotNull(s.C(event.FieldCaseID)), sql.NotNull(s.C(event.FieldMailboxID)), sql.NotNull(s.C(event.FieldMessageID)))
		} else {
			whole := numbers(p.Acts, p.Operates)
			some = append(some, in(s.C(event.FieldOfficeID), whole), in(s.C(event.FieldFromOfficeID), whole),
				ofCase(caseSeen(p), s.C(event.FieldCaseID)),
				sql.And(sql.IsNull(s.C(event.FieldCaseID)), ofMessage(p, s.C(event.FieldMessageID))))
		}
		s.Where(sql.Or(some...))
	}
}

// Counts tells whether a person sees how much work an office has; of office 0,
// the whole house and each mailbox.
func (p Person) Counts(office int) bool {
	return p.Sorter || p.Auditor || among(office, p.Heads, p.Operates, p.Inherits)
}

// Oversees tells whether a viewer watches how the work of an office goes; of office
// 0, of the whole house. An operator sees the work, and does not watch it.
func (v Viewer) Oversees(office int) bool {
	p, ok := v.Person()
	if !ok || !v.May(Read) {
		return v.IsSystem()
	}
	return p.Sorter || p.Auditor || slices.Contains(p.Heads, office)
}

// tallyRows narrows the counters: the desk sees all, an office its own, and
// everybody his own.
func tallyRows(p Person) narrowing {
	if p.Counts(0) {
		return func(*sql.Selector) {}
	}
	return func(s *sql.Selector) {
		s.Where(sql.Or(in(s.C(tally.FieldOffice), numbers(p.Heads, p.Operates, p.Inherits)), sql.EQ(s.C(tally.FieldPerson), p.ID)))
	}
}
