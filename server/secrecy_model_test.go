//go:build !race

package server

import "slices"

// The model says who may see what, from the table "who uses it" of the product
// alone: it shares nothing with package guard.

type mOffice struct {
	id        int
	parent    int // index, -1 for none
	seesBelow bool
	ownOnly   bool
	heir      int // index of the one that has its work, since it was closed; -1 while it works
}

type mPerson struct {
	id                             int
	sorter, administrator, auditor bool
	disabled                       bool
	shallow                        bool  // his token shows no content
	heads, deputies, past, works   []int // offices by index; past: was deputy or will be, is not now
}

type mCase struct {
	id       int
	office   int // index, -1 at the desk
	assignee int // index of a person, -1 for nobody
	info     []int
	reserved bool
	named    []int // persons by index
	glass    []int // whose glass is broken now
	stale    []int // whose broken glass is over
	follow   []int // persons by index
	into     int   // index of the case it was merged into, -1
}

type mMessage struct {
	id      int
	filedIn int // index of a case, -1
	keptBy  int // index of an office, -1: the desk's
}

type whoSees struct {
	offices  []mOffice
	persons  []mPerson
	cases    []mCase
	messages []mMessage
}

type level int

const (
	none level = iota
	movements
	content
)

// leads tells whether a person is head of an office, or deputy now.
func (p mPerson) leads(office int) bool {
	return slices.Contains(p.heads, office) || slices.Contains(p.deputies, office)
}

// sees is the level of a person on a case.
func (m whoSees) sees(p, c int) level {
	person, file := m.persons[p], m.cases[c]
	if person.disabled {
		return none
	}
	if file.into >= 0 {
		return m.sees(p, file.into)
	}
	l := m.byPlace(p, c)
	if file.reserved {
		l = min(l, movements)
		if slices.Contains(file.named, p) {
			l = content
		}
	}
	if slices.Contains(file.glass, p) {
		l = content
	}
	if person.shallow {
		l = min(l, movements)
	}
	return l
}

// byPlace is the level that follows from roles and offices alone.
func (m whoSees) byPlace(p, c int) level {
	person, file := m.persons[p], m.cases[c]
	l := none
	if person.auditor {
		l = movements
	}
	if person.sorter {
		l = movements
		if file.office < 0 {
			return content
		}
	}
	if m.leadsFrom(p, file.office) {
		return content
	}
	if slices.Contains(person.works, file.office) && (!m.offices[file.office].ownOnly || file.assignee == p) {
		return content
	}
	if m.inherits(p, file.office) {
		return content
	}
	for _, o := range file.info {
		if person.leads(o) || slices.Contains(person.works, o) && !m.offices[o].ownOnly {
			return content
		}
	}
	return l
}

// reads tells whether a person may read a message.
func (m whoSees) reads(p, i int) bool {
	person, msg := m.persons[p], m.messages[i]
	switch {
	case person.disabled, person.shallow:
		return false
	case msg.filedIn >= 0:
		return m.sees(p, msg.filedIn) == content
	case msg.keptBy < 0:
		return person.sorter
	}
	return m.leadsFrom(p, msg.keptBy) || m.inherits(p, msg.keptBy) || slices.Contains(person.works, msg.keptBy) && !m.offices[msg.keptBy].ownOnly
}

// leadsFrom tells whether a person leads an office, or one above it whose head
// reads what is below.
func (m whoSees) leadsFrom(p, office int) bool {
	for above, distance := office, 0; above >= 0; above, distance = m.offices[above].parent, distance+1 {
		if m.persons[p].leads(above) && (distance == 0 || m.offices[above].seesBelow) {
			return true
		}
	}
	return false
}

// inherits tells whether a person leads, or works and reads all in, the office that
// has the work of a closed one.
func (m whoSees) inherits(p, office int) bool {
	if office < 0 || m.offices[office].heir < 0 {
		return false
	}
	heir := m.offices[office].heir
	return m.persons[p].leads(heir) || slices.Contains(m.persons[p].works, heir) && !m.offices[heir].ownOnly
}

// belongs tells whether a person sees who else is in an office.
func (m whoSees) belongs(p, office int) bool {
	return m.inherits(p, office) || m.leadsFrom(p, office) || slices.Contains(m.persons[p].works, office)
}

// knowsOfAbsence tells whether a person may know that another one is away: the
// two of it, those who plan the work, and everybody in an office where the absent
// one is, was or will be something.
func (m whoSees) knowsOfAbsence(p, absent, delegate int) bool {
	person, away := m.persons[p], m.persons[absent]
	return p == absent || p == delegate || person.sorter || person.administrator ||
		slices.ContainsFunc(slices.Concat(away.works, away.heads, away.deputies, away.past), func(o int) bool { return m.belongs(p, o) })
}
