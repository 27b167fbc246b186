package graph

import (
	"context"
	"errors"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// cursorUnknown says, to programs and people, what to do with a cursor that is
// not of this register.
func cursorUnknown() *model.Error {
	return &model.Error{
		Code:    model.CursorUnknown,
		English: "this cursor is not of this register: read the data again, then go on from a new registerHead",
		Italian: "il cursore non appartiene a questo registro: rileggere i dati e ripartire da un nuovo registerHead",
	}
}

// place reads a cursor of the register; the zero Cursor for nil.
func place(c *model.Cursor) (event.Cursor, error) {
	if c == nil {
		return event.Cursor{}, nil
	}
	cursor, err := event.ParseCursor(string(*c))
	if err != nil {
		return event.Cursor{}, cursorUnknown()
	}
	return cursor, nil
}

// expectedOf makes the errors of the log known to the client.
func expectedOf(err error) error {
	if errors.Is(err, event.ErrOtherLog) || errors.Is(err, event.ErrBeyondEnd) {
		return cursorUnknown()
	}
	return err
}

func (r *Resolver) registerHead(ctx context.Context) (model.Cursor, error) {
	last, err := r.Log.Last(ctx)
	return r.cursorAt(last), err
}

func (r *Resolver) cursorAt(seq int) model.Cursor {
	return model.Cursor(r.Log.Cursor(seq).String())
}

// eventsOf answers the register as a connection; its cursors are those of the subscription.
func (r *Resolver) eventsOf(ctx context.Context, p *plan, f *model.EventFilter) (*model.Connection[model.Event], error) {
	q := r.Client.Event.Query()
	filter, err := readEventFilter(f)
	p.fail(err)
	filter.narrow(q)
	between, err := r.betweenEvents(ctx, p.page)
	p.fail(err)
	if p.err != nil {
		return nil, p.err
	}
	q.Where(between...)
	direction := sql.OrderAsc()
	if p.page.backwards {
		direction = sql.OrderDesc()
	}
	rows, err := q.Order(entevent.ByID(direction)).Limit(p.page.size + 1).All(ctx)
	if err != nil {
		return nil, err
	}
	return r.connectEvents(ctx, p, rows)
}

func (r *Resolver) betweenEvents(ctx context.Context, pg page) ([]predicate.Event, error) {
	var between []predicate.Event
	for _, end := range []struct {
		at   model.Cursor
		than func(int) predicate.Event
	}{{pg.after, entevent.IDGT}, {pg.before, entevent.IDLT}} {
		if end.at == "" {
			continue
		}
		c, err := place(&end.at)
		if err != nil {
			return nil, err
		}
		if err := r.Log.Check(ctx, c); err != nil {
			return nil, expectedOf(err)
		}
		between = append(between, end.than(c.Seq))
	}
	return between, nil
}

func (r *Resolver) connectEvents(ctx context.Context, p *plan, rows []*ent.Event) (*model.Connection[model.Event], error) {
	c := connect(rows, p.page, func(e *ent.Event) model.Cursor { return r.cursorAt(e.ID) })
	events := make([]event.Event, len(c.Edges))
	var err error
	for i, edge := range c.Edges {
		if events[i], err = event.FromRow(edge.Node); err != nil {
			return nil, err
		}
	}
	shown, err := r.happenings(ctx, p, events)
	if err != nil {
		return nil, err
	}
	edges := make([]model.EventEdge, len(shown))
	for i := range shown {
		edges[i] = model.EventEdge{Cursor: c.Edges[i].Cursor, Node: shown[i]}
	}
	return &model.EventConnection{Edges: edges, PageInfo: c.PageInfo}, nil
}
