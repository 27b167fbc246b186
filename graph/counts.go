package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// figures adds rows of the tallies up to what a board shows.
func figures(rows []*ent.Tally) model.Counts {
	var c model.Counts
	for _, t := range rows {
		switch casefile.Status(t.Status) {
		case casefile.StatusToSort:
			c.ToSort += t.Count
		case casefile.StatusToAssign:
			c.ToAssign += t.Count
		case casefile.StatusInProgress:
			c.InProgress += t.Count
		case casefile.StatusAnswering:
			c.Answering += t.Count
		case casefile.StatusClosed:
			c.Closed += t.Count
			continue
		default:
			continue
		}
		switch casefile.Urgency(t.Urgency) {
		case casefile.UrgencyDueSoon:
			c.DueSoon += t.Count
		case casefile.UrgencyBreached:
			c.Breached += t.Count
		}
	}
	return c
}

// grouped adds rows up for each value of a column, and lists the values that
// have any.
func grouped(rows []*ent.Tally, of func(*ent.Tally) int) (map[int]model.Counts, []int) {
	by := map[int][]*ent.Tally{}
	var ids []int
	for _, t := range rows {
		if t.Count == 0 {
			continue
		}
		if _, seen := by[of(t)]; !seen {
			ids = append(ids, of(t))
		}
		by[of(t)] = append(by[of(t)], t)
	}
	counts := make(map[int]model.Counts, len(by))
	for id, rows := range by {
		counts[id] = figures(rows)
	}
	slices.Sort(ids)
	return counts, ids
}

// tallies reads the cells of an office, a person and a mailbox; 0 stands for any.
func (r *Resolver) tallies(ctx context.Context, office, person, mailbox int) (*model.Counts, error) {
	rows, err := r.Client.Tally.Query().Where(tally.Office(office), tally.Person(person), tally.Mailbox(mailbox)).All(ctx)
	if err != nil {
		return nil, err
	}
	c := figures(rows)
	return &c, nil
}

// What the viewer has to do, counted.
func (r *Resolver) toDo(ctx context.Context) (*model.Counts, error) {
	return r.tallies(ctx, 0, me(ctx).ID, 0)
}

// me is the person who asks; nobody when the program does.
func me(ctx context.Context) guard.Person {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	return p
}

// watched is what a subscription of counts is about.
type watched struct{ office, person, mailbox int }

func notYours() *model.Error {
	return &model.Error{Code: model.Forbidden, English: "these figures are not yours to see", Italian: "questi numeri non sono visibili a te"}
}

// watching reads what is to be watched. An office and a mailbox at once are
// nobody's figures.
func watching(ctx context.Context, office, mailbox *model.GlobalID, mine bool) (watched, error) {
	var w watched
	asked := 0
	if office != nil {
		w.office, asked = rowOf("Office", *office), asked+1
	}
	if mailbox != nil {
		w.mailbox, asked = rowOf("Mailbox", *mailbox), asked+1
	}
	if mine {
		w.person, asked = me(ctx).ID, asked+1
	}
	if asked > 1 {
		return w, model.Invalid("ask for the figures of an office, of a mailbox or of yours, not for several at once")
	}
	if asked == 1 && w == (watched{}) {
		return w, notYours()
	}
	return w, nil
}

// allowed tells whether the viewer may watch figures, now.
func (w watched) allowed(ctx context.Context) error {
	p := me(ctx)
	if w.person != 0 && w.person == p.ID || p.Counts(w.office) {
		return nil
	}
	return notYours()
}

// followCounts sends figures now, and again whenever they change.
func (r *Resolver) followCounts(ctx context.Context, w watched) (<-chan *model.Counts, error) {
	out := make(chan *model.Counts)
	go func() {
		defer close(out)
		if err := r.pumpCounts(ctx, w, out); err != nil {
			endOf(ctx).Store(r.Present(ctx, err))
		}
	}()
	return out, nil
}

// pumpCounts reads the figures after every page of events: what happens between
// two looks is one change. It listens before it looks first.
func (r *Resolver) pumpCounts(ctx context.Context, w watched, out chan<- *model.Counts) error {
	s, err := r.Feed.Subscribe(ctx, event.Cursor{})
	if err != nil {
		return err
	}
	var last *model.Counts
	for {
		now, err := r.look(ctx, w)
		if err != nil {
			return Ended(ctx, err)
		}
		if last == nil || *now != *last {
			select {
			case out <- now:
			case <-ctx.Done():
				return nil
			}
			last = now
		}
		if _, err := s.Next(ctx); err != nil {
			return Ended(ctx, err)
		}
	}
}

// look reads the figures with the rights of this moment.
func (r *Resolver) look(ctx context.Context, w watched) (*model.Counts, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	ctx, err := Renewed(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.allowed(ctx); err != nil {
		return nil, err
	}
	return r.tallies(ctx, w.office, w.person, w.mailbox)
}

// Ended is the error that ends a subscription: none when the client has left, or
// when the server stops, which it says on the socket itself.
func Ended(ctx context.Context, err error) error {
	if errors.Is(err, event.ErrStopped) {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the normal end
	}
	return err
}
