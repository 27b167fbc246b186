package graph

import (
	"context"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// needs is what some events refer to, and what is selected of each sort.
type needs struct {
	cases, messages, mailboxes, offices, users need
	replies, recipients, templates, about      need
	rules                                      need
}

type need struct {
	ids       []int
	wanted    bool
	selection ast.SelectionSet
}

// happenings gives events their types and loads what they refer to: one
// statement for each sort of thing, however many events there are.
func (r *Resolver) happenings(ctx context.Context, p *plan, events []event.Event) ([]model.Event, error) {
	shown := make([]model.Event, len(events))
	bare := make([]*model.Happening, len(events))
	for i, e := range events {
		bare[i] = r.bare(e)
		shown[i] = model.NewEvent(bare[i])
	}
	return shown, r.furnish(ctx, p, events, bare, p.needsOf(events, shown, bare))
}

// bare is an event without what it refers to.
func (r *Resolver) bare(e event.Event) *model.Happening {
	d := e.Details
	h := &model.Happening{
		Cursor: r.cursorAt(e.Seq), OccurredAt: e.OccurredAt, Actor: model.ParseActor(e.Actor), Kind: e.Kind,
		From: d.From, To: d.To, Outcome: d.Outcome, How: d.How, DueAt: d.Due,
		Reason: d.Reason, Verdict: d.Verdict, People: []ent.User{}, Folder: d.Folder, UIDValidity: d.UIDValidity, UID: d.UID,
		Count: d.Count, Days: d.Days, Changes: d.Changes,
	}
	if d.Version != 0 {
		h.Version = &d.Version
	}
	if d.Step != 0 {
		h.Step = &d.Step
	}
	if d.Term != "" {
		kind := term.Kind(d.Term)
		h.Term = &kind
	}
	return h
}

// needsOf finds what the selection wants of the things that the events refer to.
func (p *plan) needsOf(events []event.Event, shown []model.Event, bare []*model.Happening) needs {
	n := needs{
		cases:     need{ids: distinct(events, func(e event.Event) int { return e.Case })},
		messages:  need{ids: distinct(events, func(e event.Event) int { return e.Message })},
		mailboxes: need{ids: distinct(events, func(e event.Event) int { return e.Mailbox })},
		offices: need{ids: distinct(events,
			func(e event.Event) int { return e.Office }, func(e event.Event) int { return e.FromOffice })},
		users: need{ids: distinct(events,
			func(e event.Event) int { return e.Person }, func(e event.Event) int { return e.FromPerson })},
	}
	n.writing(events)
	for _, h := range bare {
		if h.Actor != nil && h.Actor.ID != 0 && !slices.Contains(n.users.ids, h.Actor.ID) {
			n.users.ids = append(n.users.ids, h.Actor.ID)
		}
	}
	seen := map[event.Kind]bool{}
	for i, e := range events {
		if seen[e.Kind] || shown == nil {
			continue
		}
		seen[e.Kind] = true
		for _, a := range p.fields(p.selection, model.TypeName(shown[i]), "Event") {
			n.want(p, a)
		}
	}
	return n
}

// writing adds what events about replies refer to.
func (n *needs) writing(events []event.Event) {
	of := func(kinds ...event.Kind) func(e event.Event) int {
		return func(e event.Event) int {
			if !slices.Contains(kinds, e.Kind) {
				return 0
			}
			return e.Details.Of
		}
	}
	n.replies.ids = distinct(events, func(e event.Event) int { return e.Details.Reply })
	n.recipients.ids = distinct(events, of(event.DeliveryChanged))
	n.templates.ids = distinct(events, of(event.TemplateChanged))
	n.rules.ids = distinct(events, of(event.RuleChanged, event.RuleTried))
	n.about.ids = distinct(events, of(event.ReceiptDiffers, event.ReceiptSuspect))
	for _, e := range events {
		for _, id := range openBy(e) {
			if !slices.Contains(n.users.ids, id) {
				n.users.ids = append(n.users.ids, id)
			}
		}
	}
}

// openBy are those who have a reply or a case open, as an event tells.
func openBy(e event.Event) []int {
	if e.Kind != event.ReplyOpened && e.Kind != event.CaseLookedAt {
		return nil
	}
	return bounded(e.Details.People, mostPresent)
}

func (n *needs) want(p *plan, a asked) {
	switch a.name {
	case "reply":
		n.replies.want(a.selection)
	case "recipient":
		n.recipients.want(a.selection)
	case "template":
		n.templates.want(a.selection)
	case "rule":
		n.rules.want(a.selection)
	case "about":
		n.about.want(a.selection)
	case "case":
		n.cases.want(a.selection)
	case "message":
		n.messages.want(a.selection)
	case "mailbox":
		n.mailboxes.want(a.selection)
	case "office", "fromOffice":
		n.offices.want(a.selection)
	case "people":
		n.users.want(a.selection)
		n.cases.want(nil) // who reads them is told
	case "person", "fromPerson":
		n.users.want(a.selection)
	case "actor":
		for _, b := range p.fields(a.selection, "Actor") {
			switch b.name {
			case "user":
				n.users.want(b.selection)
			case "name":
				n.users.want(nil)
			}
		}
	}
}

func (n *need) want(selection ast.SelectionSet) {
	n.wanted, n.selection = true, append(n.selection, selection...)
}

// asked tells whether there is anything to load.
func (n *need) asked() bool { return len(n.ids) > 0 && n.wanted }

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
	users, err := r.usersByID(ctx, p, n.users)
	if err != nil {
		return err
	}
	for i, e := range events {
		h := shown[i]
		h.Case, h.Message, h.Mailbox = cases[e.Case], messages[e.Message], mailboxes[e.Mailbox]
		h.Office, h.FromOffice = offices[e.Office], offices[e.FromOffice]
		h.Person, h.FromPerson = users[e.Person], users[e.FromPerson]
		if h.Actor != nil && users[h.Actor.ID] != nil {
			h.Actor.User, h.Actor.Name = users[h.Actor.ID], users[h.Actor.ID].Name
		}
		for _, id := range openBy(e) {
			isRead := h.Case != nil && !guard.Masked(h.Case)
			if users[id] != nil && (isRead || e.Kind != event.CaseLookedAt) {
				h.People = append(h.People, *users[id])
			}
		}
	}
	return r.furnishWriting(ctx, p, events, shown, n)
}

// furnishWriting is furnish for what is told of replies.
func (r *Resolver) furnishWriting(ctx context.Context, p *plan, events []event.Event, shown []*model.Happening, n needs) error {
	replies, err := r.repliesByID(ctx, p, n.replies)
	if err != nil {
		return err
	}
	recipients, err := r.recipientsByID(ctx, p, n.recipients)
	if err != nil {
		return err
	}
	templates, err := r.templatesByID(ctx, p, n.templates)
	if err != nil {
		return err
	}
	rules, err := r.rulesByID(ctx, p, n.rules)
	if err != nil {
		return err
	}
	about, err := r.messagesByID(ctx, p, n.about)
	if err != nil {
		return err
	}
	for i, e := range events {
		h := shown[i]
		h.Reply = replies[e.Details.Reply]
		switch e.Kind {
		case event.DeliveryChanged:
			h.Recipient = recipients[e.Details.Of]
		case event.RuleChanged, event.RuleTried:
			h.Rule = rules[e.Details.Of]
		case event.TemplateChanged:
			h.Template = templates[e.Details.Of]
		case event.ReceiptDiffers, event.ReceiptSuspect:
			h.About = about[e.Details.Of]
		}
	}
	return nil
}
