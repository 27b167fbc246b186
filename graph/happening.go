package graph

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// needs is what some events refer to, and what is selected of each sort.
type needs struct {
	cases, messages, mailboxes, offices need
}

type need struct {
	ids       []int
	selection ast.SelectionSet
}

// happenings gives events their types and loads what they refer to: one
// statement for each sort of thing, however many events there are.
func (r *Resolver) happenings(ctx context.Context, p *plan, events []event.Event) ([]model.Event, error) {
	shown := make([]model.Event, len(events))
	bare := make([]*model.Happening, len(events))
	for i, e := range events {
		bare[i] = &model.Happening{
			Cursor: r.cursorAt(e.Seq), OccurredAt: e.OccurredAt, Actor: model.ParseActor(e.Actor), Kind: e.Kind,
			Reason: e.Details.Reason, Folder: e.Details.Folder, UIDValidity: e.Details.UIDValidity, UID: e.Details.UID, Count: e.Details.Count,
		}
		shown[i] = model.NewEvent(bare[i])
	}
	return shown, r.furnish(ctx, p, events, bare, p.needsOf(events, shown))
}

// needsOf finds what the selection wants of the things that the events refer to.
func (p *plan) needsOf(events []event.Event, shown []model.Event) needs {
	n := needs{
		cases:     need{ids: distinct(events, func(e event.Event) int { return e.Case })},
		messages:  need{ids: distinct(events, func(e event.Event) int { return e.Message })},
		mailboxes: need{ids: distinct(events, func(e event.Event) int { return e.Mailbox })},
		offices:   need{ids: distinct(events, func(e event.Event) int { return e.Office })},
	}
	seen := map[event.Kind]bool{}
	for i, e := range events {
		if seen[e.Kind] {
			continue
		}
		seen[e.Kind] = true
		for _, a := range p.fields(p.selection, model.TypeName(shown[i]), "Event") {
			n.want(a)
		}
	}
	return n
}

func (n *needs) want(a asked) {
	of := map[string]*need{"case": &n.cases, "message": &n.messages, "mailbox": &n.mailboxes, "office": &n.offices}[a.name]
	if of != nil {
		of.selection = append(of.selection, a.selection...)
	}
}

// asked tells whether there is anything to load.
func (n need) asked() bool { return len(n.ids) > 0 && len(n.selection) > 0 }

// furnish loads what is needed and hangs it on the events.
func (r *Resolver) furnish(ctx context.Context, p *plan, events []event.Event, shown []*model.Happening, n needs) error {
	cases, err := r.casesByID(ctx, p, n.cases)
	if err != nil {
		return err
	}
	messages, err := r.messagesByID(ctx, p, n.messages)
	if err != nil {
		return err
	}
	mailboxes, err := r.mailboxesByID(ctx, p, n.mailboxes)
	if err != nil {
		return err
	}
	offices, err := r.officesByID(ctx, p, n.offices)
	if err != nil {
		return err
	}
	for i, e := range events {
		shown[i].Case, shown[i].Message = cases[e.Case], messages[e.Message]
		shown[i].Mailbox, shown[i].Office = mailboxes[e.Mailbox], offices[e.Office]
	}
	return nil
}
