package graph

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// mostLanes bounds how many walks of an index one list is put together from.
const mostLanes = 60

// lane is a walk of one index, which reads only what is shown.
type lane = predicate.CaseFile

// lanesOf splits a list of the cases of several offices, people or mailboxes, and
// of several statuses, into the lanes of which it is made; without such a filter,
// into those on which the viewer comes to his cases. No index has the order of
// several of them together, and a database would sort all they have.
func lanesOf(v guard.Viewer, f *model.CaseFilter) [][]lane {
	if f == nil {
		f = &model.CaseFilter{}
	}
	places := placesOf(f)
	if len(places) == 0 {
		places = guard.Lanes(v)
	}
	all := [][]lane{nil}
	for _, dimension := range [][]lane{places, statusesOf(f)} {
		if len(dimension) == 0 || len(all)*len(dimension) > mostLanes {
			continue
		}
		var more [][]lane
		for _, road := range all {
			for _, l := range dimension {
				more = append(more, append(slices.Clip(road), l))
			}
		}
		all = more
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// placesOf are the lanes of the narrowest of the lists that have an index.
func placesOf(f *model.CaseFilter) []lane {
	for _, list := range []struct {
		is   func(int) predicate.CaseFile
		kind string
		ids  []model.GlobalID
	}{
		{casefile.AssigneeID, "User", f.AssigneeIds},
		{casefile.OfficeID, "Office", f.OfficeIds},
		{casefile.MailboxID, "Mailbox", f.FirstMailboxIds},
	} {
		if len(list.ids) == 0 {
			continue
		}
		lanes := make([]lane, len(list.ids))
		for i, id := range list.ids {
			lanes[i] = list.is(rowOf(list.kind, id))
		}
		return lanes
	}
	return nil
}

func statusesOf(f *model.CaseFilter) []lane {
	lanes := make([]lane, len(f.Statuses))
	for i, s := range f.Statuses {
		lanes[i] = casefile.StatusEQ(s)
	}
	return lanes
}

// inLanes makes a page of a query that is cut into lanes: the first rows of each,
// and of those the first.
func inLanes(q *ent.CaseFileQuery, o order[*ent.CaseFile], pg page, lanes [][]lane) error {
	between, err := o.between(pg)
	if err != nil || len(lanes) == 0 {
		return err
	}
	q.Modify(func(s *sql.Selector) {
		var first *sql.Selector
		for _, road := range lanes {
			walk := s.Clone().Select(s.C(casefile.FieldID))
			for _, l := range road {
				l(walk)
			}
			between(walk)
			o.sorted(walk, pg)
			walk.Limit(pg.size + 1)
			found := sql.Dialect(s.Dialect()).Select(casefile.FieldID).From(walk.As("lane"))
			if first == nil {
				first = found
			} else {
				first.UnionAll(found)
			}
		}
		s.Where(sql.In(s.C(casefile.FieldID), first))
	})
	return nil
}
