package graph

import (
	"context"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// eventFilter is an EventFilter with the numbers of rows; nil is no condition,
// and an empty list finds nothing. An event is about a mailbox also through its
// message, and about an office also through its case.
type eventFilter struct {
	kinds                             []event.Kind
	cases, mailboxes, offices, people []int
	from, before                      *time.Time
}

func readEventFilter(f *model.EventFilter) (eventFilter, error) {
	if f == nil {
		return eventFilter{}, nil
	}
	read := eventFilter{kinds: f.Kinds, from: f.From, before: f.Before}
	for _, list := range []struct {
		kind string
		ids  []model.GlobalID
		rows *[]int
	}{
		{"Case", f.CaseIds, &read.cases},
		{"Mailbox", f.MailboxIds, &read.mailboxes},
		{"Office", f.OfficeIds, &read.offices},
		{"User", f.PersonIds, &read.people},
	} {
		if list.ids == nil {
			continue
		}
		rows, err := rowsOf(list.kind, list.ids)
		if err != nil {
			return eventFilter{}, err
		}
		*list.rows = rows
	}
	return read, nil
}

// narrow makes a query of the register find what the filter asks for.
func (f eventFilter) narrow(q *ent.EventQuery) {
	if f.kinds != nil {
		kinds := make([]string, len(f.kinds))
		for i, k := range f.kinds {
			kinds[i] = string(k)
		}
		q.Where(entevent.KindIn(kinds...))
	}
	if f.cases != nil {
		q.Where(entevent.CaseIDIn(f.cases...))
	}
	if f.people != nil {
		q.Where(entevent.Or(entevent.ActorIn(f.actors()...), entevent.PersonIDIn(f.people...), entevent.FromPersonIDIn(f.people...)))
	}
	if f.from != nil {
		q.Where(entevent.OccurredAtGTE(*f.from))
	}
	if f.before != nil {
		q.Where(entevent.OccurredAtLT(*f.before))
	}
	if f.mailboxes != nil {
		q.Where(entevent.Or(entevent.MailboxIDIn(f.mailboxes...), through(entevent.FieldMessageID,
			delivery.Table, delivery.MessageColumn, delivery.MailboxColumn, f.mailboxes)))
	}
	if f.offices != nil {
		q.Where(entevent.Or(entevent.OfficeIDIn(f.offices...), through(entevent.FieldCaseID,
			casefile.Table, casefile.FieldID, casefile.OfficeColumn, f.offices)))
	}
}

// through finds the events whose column is the key of a row of a table that
// refers to one of ids; the register itself has no edges.
func through(column, table, key, reference string, ids []int) predicate.Event {
	return func(s *sql.Selector) {
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		t := sql.Dialect(s.Dialect()).Table(table)
		s.Where(sql.In(s.C(column), sql.Dialect(s.Dialect()).Select(t.C(key)).From(t).Where(sql.In(t.C(reference), args...))))
	}
}

// about keeps, of events that just happened, those that the filter asks for, as
// narrow does for the register.
func (r *Resolver) about(ctx context.Context, f eventFilter, events []event.Event) ([]event.Event, error) {
	inOffices, err := r.casesOfOffices(ctx, f.offices, events)
	if err != nil {
		return nil, err
	}
	inMailboxes, err := r.messagesOfMailboxes(ctx, f.mailboxes, events)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(events), func(e event.Event) bool {
		return !f.mentions(e) || !f.during(e.OccurredAt) || f.kinds != nil && !slices.Contains(f.kinds, e.Kind) ||
			f.cases != nil && !slices.Contains(f.cases, e.Case) ||
			f.mailboxes != nil && !slices.Contains(f.mailboxes, e.Mailbox) && !slices.Contains(inMailboxes, e.Message) ||
			f.offices != nil && !slices.Contains(f.offices, e.Office) && !slices.Contains(inOffices, e.Case)
	}), nil
}

// actors are the people of the filter as the register names them.
func (f eventFilter) actors() []string {
	names := make([]string, len(f.people))
	for i, id := range f.people {
		names[i] = guard.Someone(guard.Person{ID: id}).String()
	}
	return names
}

// mentions tells whether one of the people did it, or is whom it is about.
func (f eventFilter) mentions(e event.Event) bool {
	return f.people == nil || slices.Contains(f.actors(), e.Actor) ||
		slices.Contains(f.people, e.Person) || slices.Contains(f.people, e.FromPerson)
}

func (f eventFilter) during(t time.Time) bool {
	return (f.from == nil || !t.Before(*f.from)) && (f.before == nil || t.Before(*f.before))
}

// casesOfOffices finds which of the cases that the events are about belong to the offices.
func (r *Resolver) casesOfOffices(ctx context.Context, offices []int, events []event.Event) ([]int, error) {
	ids := distinct(events, func(e event.Event) int { return e.Case })
	if len(offices) == 0 || len(ids) == 0 {
		return nil, nil
	}
	return r.Client.CaseFile.Query().Where(casefile.IDIn(ids...), casefile.HasOfficeWith(office.IDIn(offices...))).IDs(ctx)
}

// messagesOfMailboxes finds which of the messages that the events are about stood in the mailboxes.
func (r *Resolver) messagesOfMailboxes(ctx context.Context, mailboxes []int, events []event.Event) ([]int, error) {
	ids := distinct(events, func(e event.Event) int { return e.Message })
	if len(mailboxes) == 0 || len(ids) == 0 {
		return nil, nil
	}
	return r.Client.Message.Query().Where(message.IDIn(ids...),
		message.HasDeliveriesWith(delivery.HasMailboxWith(mailbox.IDIn(mailboxes...)))).IDs(ctx)
}

// distinct lists the ids that events refer to, each once.
func distinct(events []event.Event, of ...func(event.Event) int) []int {
	var ids []int
	for _, e := range events {
		for _, id := range of {
			if id(e) != 0 {
				ids = append(ids, id(e))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
