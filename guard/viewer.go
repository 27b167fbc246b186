package guard

import (
	"context"
	"strconv"
	"time"
)

// Viewer is who asks. The zero Viewer is nobody.
type Viewer struct {
	kind, name string
	person     *Person
}

const (
	kindSystem = "system"
	kindPerson = "person"
)

// Scope is what a token lets its bearer do.
type Scope uint8

// The scopes. A session has all of them.
const (
	Read    Scope = 1 << iota // what its person may see, but the content of PECs
	Content                   // that too
	Write                     // commands
	All     = Read | Content | Write
)

// Person is somebody who signed in, with the rights of this moment. Package
// staff reads them from the tables, again for each request and each page of a
// subscription.
type Person struct {
	ID                             int
	Name                           string
	Sorter, Administrator, Auditor bool
	Acts                           []int // offices where the person is head, or deputy now
	Heads                          []int // these, and the offices below that their head reads too
	Operates                       []int // offices where the person is an operator who sees the whole office
	Owns                           []int // offices where the person is an operator who sees what is assigned to him
	Inherits                       []int // closed offices whose work went to one that the person heads, or sees whole
	Scopes                         Scope
	Session                        int // by which the person asks; zero by a token
	Token                          int
	Until                          time.Time // when these rights change by themselves; zero: never
}

// Scope is what a person may see without being named: what all see alike who
// have the same. Somebody who sees cases by name, or as their assignee, has a
// scope of his own.
func (p Person) Scope() Person {
	p.ID, p.Name, p.Session, p.Token, p.Until = 0, "", 0, 0, time.Time{}
	return p
}

// System is a part of the program that acts on its own, for instance
// System("collector"). It sees everything.
func System(name string) Viewer { return Viewer{kind: kindSystem, name: name} }

// Someone is a person who signed in.
func Someone(p Person) Viewer {
	return Viewer{kind: kindPerson, name: strconv.Itoa(p.ID), person: &p}
}

// EventLog is the log itself, the only one that may write events. Package event
// acts under it; nobody else should.
func EventLog() Viewer { return System("event-log") }

// Person gives the rights of somebody who signed in; false for a part of the program.
func (v Viewer) Person() (Person, bool) {
	if v.person == nil {
		return Person{}, false
	}
	return *v.person, true
}

// IsSystem tells whether the program itself asks.
func (v Viewer) IsSystem() bool { return v.kind == kindSystem }

// May tells whether the viewer has a scope; the program has all.
func (v Viewer) May(s Scope) bool {
	return v.IsSystem() || v.person != nil && v.person.Scopes&s == s
}

// String names the viewer as events keep it: "system:collector", "person:12".
func (v Viewer) String() string {
	if v == (Viewer{}) {
		return "nobody"
	}
	return v.kind + ":" + v.name
}

type viewerKey struct{}

// NewContext returns a context in which v asks.
func NewContext(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// From tells who asks; false when nobody does.
func From(ctx context.Context) (Viewer, bool) {
	v, ok := ctx.Value(viewerKey{}).(Viewer)
	return v, ok && v != Viewer{}
}
