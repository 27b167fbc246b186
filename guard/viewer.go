// Package guard knows who is asking, and lets the database client answer
// nobody else.
//
//   - [Wrap] is the only door to an ent client: package store wraps every one
//     it hands out, and a test there proves it.
//   - No viewer in the context, no answer: every query and every change is
//     refused.
//   - A change is made in a transaction, never beside one.
//   - What is evidence (messages, deliveries, events) is never deleted, and an
//     event never changed; only the log writes events and their numbers.
//   - A table without a rule is closed: a new one has to be thought about.
package guard

import "context"

// Viewer is who asks. The zero Viewer is nobody.
type Viewer struct{ kind, name string }

const (
	kindSystem = "system"
	kindPerson = "person"
)

// System is a part of the program that acts on its own, for instance
// System("collector"). It sees everything.
func System(name string) Viewer { return Viewer{kindSystem, name} }

// Loopback is whoever sits at this machine: until people can sign in, the
// server listens on loopback only and this viewer sees everything.
func Loopback() Viewer { return Viewer{kindPerson, "loopback"} }

// EventLog is the log itself, the only one that may write events. Package event
// acts under it; nobody else should.
func EventLog() Viewer { return System("event-log") }

// String names the viewer as events keep it: "system:collector".
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
