package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/graph/model"
)

// sortingBoard is nil for who neither sorts nor audits.
func (r *Resolver) sortingBoard(ctx context.Context) (*model.SortingBoard, error) {
	if !me(ctx).Counts(0) {
		return nil, nil //nolint:nilnil // null in the answer
	}
	p := planObject(ctx)
	lists := p.lists()
	q := r.Client.Tally.Query().Where(tally.Person(0))
	if !lists {
		q.Where(tally.Office(0), tally.Mailbox(0))
	}
	rows, err := q.All(ctx)
	if err != nil {
		return nil, err
	}
	var house, ofOffices, ofMailboxes []*ent.Tally
	for _, t := range rows {
		switch {
		case t.Office != 0:
			ofOffices = append(ofOffices, t)
		case t.Mailbox != 0:
			ofMailboxes = append(ofMailboxes, t)
		default:
			house = append(house, t)
		}
	}
	counts := figures(house)
	board := &model.SortingBoard{Counts: &counts, ByOffice: []model.OfficeCounts{}, ByMailbox: []model.MailboxCounts{}}
	if !lists {
		return board, nil
	}
	if board.ByOffice, err = r.countsByOffice(ctx, p, ofOffices); err != nil {
		return nil, err
	}
	board.ByMailbox, err = r.countsByMailbox(ctx, p, ofMailboxes)
	return board, err
}

// lists tells whether a sorting board is asked for more than the whole house.
func (p *plan) lists() bool {
	return slices.ContainsFunc(p.fields(p.selection, "SortingBoard"), func(a asked) bool { return strings.HasPrefix(a.name, "by") })
}

// inner is what is selected of a thing inside of a list of a board.
func (p *plan) inner(board, list, of, thing string) need {
	n := need{wanted: true}
	for _, a := range p.fields(p.selection, board) {
		if a.name != list {
			continue
		}
		for _, b := range p.fields(a.selection, of) {
			if b.name == thing {
				n.selection = append(n.selection, b.selection...)
			}
		}
	}
	return n
}

func (r *Resolver) countsByOffice(ctx context.Context, p *plan, rows []*ent.Tally) ([]model.OfficeCounts, error) {
	n := p.inner("SortingBoard", "byOffice", "OfficeCounts", "office")
	counts, ids := grouped(rows, func(t *ent.Tally) int { return t.Office })
	n.ids = ids
	offices, err := r.officesByID(ctx, p, n)
	if err != nil {
		return nil, err
	}
	all := make([]model.OfficeCounts, 0, len(ids))
	for _, id := range ids {
		c := counts[id]
		all = append(all, model.OfficeCounts{Office: offices[id], Counts: &c})
	}
	return all, nil
}

func (r *Resolver) countsByMailbox(ctx context.Context, p *plan, rows []*ent.Tally) ([]model.MailboxCounts, error) {
	n := p.inner("SortingBoard", "byMailbox", "MailboxCounts", "mailbox")
	counts, ids := grouped(rows, func(t *ent.Tally) int { return t.Mailbox })
	n.ids = ids
	mailboxes, err := r.mailboxesByID(ctx, p, n)
	if err != nil {
		return nil, err
	}
	all := make([]model.MailboxCounts, 0, len(ids))
	for _, id := range ids {
		c := counts[id]
		all = append(all, model.MailboxCounts{Mailbox: mailboxes[id], Counts: &c})
	}
	return all, nil
}

// officeBoard is nil for who does not see the whole of the office's work.
func (r *Resolver) officeBoard(ctx context.Context, id int) (*model.OfficeBoard, error) {
	if id == 0 || !me(ctx).Counts(id) {
		return nil, nil //nolint:nilnil // null in the answer
	}
	p := planObject(ctx)
	n := need{ids: []int{id}, wanted: true}
	for _, a := range p.fields(p.selection, "OfficeBoard") {
		if a.name == "office" {
			n.selection = a.selection
		}
	}
	offices, err := r.officesByID(ctx, p, n)
	if err != nil || offices[id] == nil {
		return nil, err
	}
	rows, err := r.Client.Tally.Query().Where(tally.Office(id), tally.Mailbox(0)).All(ctx)
	if err != nil {
		return nil, err
	}
	var whole, ofPeople []*ent.Tally
	for _, t := range rows {
		if t.Person == 0 {
			whole = append(whole, t)
		} else {
			ofPeople = append(ofPeople, t)
		}
	}
	counts := figures(whole)
	board := &model.OfficeBoard{Office: offices[id], Counts: &counts}
	board.ByPerson, err = r.countsByPerson(ctx, p, ofPeople)
	return board, err
}

func (r *Resolver) countsByPerson(ctx context.Context, p *plan, rows []*ent.Tally) ([]model.PersonCounts, error) {
	n := p.inner("OfficeBoard", "byPerson", "PersonCounts", "person")
	counts, ids := grouped(rows, func(t *ent.Tally) int { return t.Person })
	n.ids = ids
	users, err := r.usersByID(ctx, p, n)
	if err != nil {
		return nil, err
	}
	all := make([]model.PersonCounts, 0, len(ids))
	for _, id := range ids {
		c := counts[id]
		all = append(all, model.PersonCounts{Person: users[id], Counts: &c})
	}
	return all, nil
}
