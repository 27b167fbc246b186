package graph

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/event/export"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// exportPage is how many events are read at once.
const exportPage = 500

// Export writes the events that the viewer sees and the filter asks for, the
// oldest first, up to the one that tells of the export: that one is written
// before anything leaves. What the viewer may not see of an event stays empty.
func (r *Resolver) Export(ctx context.Context, f *model.EventFilter, begin func(), write func(export.Record) error) error {
	filter, err := readEventFilter(f)
	if err != nil {
		return err
	}
	query := func() *ent.EventQuery {
		q := r.Client.Event.Query()
		filter.narrow(q)
		return q
	}
	n, err := query().Count(ctx)
	if err != nil {
		return err
	}
	last, err := r.tellExport(ctx, f, n)
	if err != nil {
		return err
	}
	begin()
	for after := 0; ; {
		rows, err := query().Where(entevent.IDGT(after), entevent.IDLT(last)).Order(entevent.ByID()).Limit(exportPage).All(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].ID
		if err := r.exportRows(ctx, rows, write); err != nil {
			return err
		}
	}
}

// tellExport writes the event of an export, and gives its number.
func (r *Resolver) tellExport(ctx context.Context, f *model.EventFilter, n int) (int, error) {
	asked, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	err = r.Log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
		return []event.Entry{{Kind: event.RegisterExported, Person: me(ctx).ID, Details: event.Details{Reason: string(asked), Count: n}}}, nil
	})
	if err != nil {
		return 0, err
	}
	return r.Log.Last(ctx)
}

func (r *Resolver) exportRows(ctx context.Context, rows []*ent.Event, write func(export.Record) error) error {
	events := make([]event.Event, len(rows))
	bare := make([]*model.Happening, len(rows))
	var err error
	for i, row := range rows {
		if events[i], err = event.FromRow(row); err != nil {
			return err
		}
		bare[i] = r.bare(events[i])
	}
	p := &plan{op: &graphql.OperationContext{}} // nothing is selected by anybody
	n := p.needsOf(events, nil, bare)
	for _, part := range []*need{&n.cases, &n.mailboxes, &n.offices, &n.users} {
		part.wanted = true
	}
	if err := r.furnish(ctx, p, events, bare, n); err != nil {
		return err
	}
	for i, e := range events {
		if err := write(record(e, bare[i])); err != nil {
			return err
		}
	}
	return nil
}

// record is an event in words, as far as the viewer may see what it is about.
func record(e event.Event, h *model.Happening) export.Record {
	row := export.Record{
		Number: strconv.Itoa(e.Seq), Time: e.OccurredAt.Format(time.RFC3339Nano), Kind: string(e.Kind), Actor: e.Actor,
		Message: number(e.Message), Reason: e.Details.Reason, Details: details(e.Details),
	}
	if h.Actor != nil && h.Actor.User != nil {
		row.Actor = h.Actor.Name
	}
	if h.Case != nil {
		row.Case = h.Case.Number
		if !guard.Masked(h.Case) {
			row.Subject = h.Case.Subject
		}
	}
	if h.Mailbox != nil {
		row.Mailbox = h.Mailbox.Address
	}
	row.Office, row.FromOffice = nameOf(h.Office), nameOf(h.FromOffice)
	row.Person, row.FromPerson = called(h.Person), called(h.FromPerson)
	return row
}

func number(id int) string {
	if id == 0 {
		return ""
	}
	return strconv.Itoa(id)
}

// details are what an event says besides, as the register has it.
func details(d event.Details) string {
	d.Reason = ""
	text, err := json.Marshal(d)
	if err != nil || string(text) == "{}" {
		return ""
	}
	return string(text)
}

func nameOf(o *ent.Office) string {
	if o == nil {
		return ""
	}
	return o.Name
}

func called(u *ent.User) string {
	if u == nil {
		return ""
	}
	return u.Name
}
