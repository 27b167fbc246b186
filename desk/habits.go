package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
)

// Habits are how an office works. What is nil stays as somebody set it;
// calendar and ladder are set nowhere else, and without them those of the house
// hold.
type Habits struct {
	Parent           *string // code of the office above; empty for none
	HeadSeesBelow    *bool
	OperatorsSeeOwn  *bool
	OperatorsMayTake *bool
	ReasonToMove     *bool
	Approvals        *int
	Calendar         dossier.OfficeCalendar
	Ladder           []dossier.Step
}

// mostApprovals is how many can have to approve a reply.
const mostApprovals = 2

// check tells what is wrong with approvals, calendar and ladder by themselves.
func (h Habits) check() error {
	if err := h.Calendar.Over(deadline.Standard(time.UTC)).Check(); err != nil {
		return err
	}
	if h.Approvals != nil && (*h.Approvals < 0 || *h.Approvals > mostApprovals) {
		return fmt.Errorf("approvals: %d is not 0, 1 or 2", *h.Approvals)
	}
	if err := dossier.CheckLadder(h.Ladder); err != nil {
		return fmt.Errorf("ladder: %w", err)
	}
	return nil
}

// putOffices writes the offices, then who is above whom, and gives their ids by
// their codes. One event tells what changed of an office.
func (w *work) putOffices(ctx context.Context, list []OfficeSetting) (map[string]int, error) {
	ids, changed := map[string]int{}, map[string][]event.Change{}
	for _, o := range list {
		row, changes, err := w.putOffice(ctx, o)
		if err != nil {
			return nil, fmt.Errorf("office %s: %w", o.Code, err)
		}
		ids[o.Code], changed[o.Code] = row.ID, changes
	}
	for _, o := range list {
		moved, err := w.putParent(ctx, ids, o)
		if err != nil {
			return nil, fmt.Errorf("office %s: %w", o.Code, err)
		}
		changed[o.Code] = append(changed[o.Code], moved...)
	}
	for _, o := range list {
		if err := w.standsBelowOthers(ctx, ids[o.Code]); err != nil {
			return nil, invalid("office "+o.Code, err.Error())
		}
		if len(changed[o.Code]) > 0 {
			w.tell(event.Entry{Kind: event.OfficeChanged, Office: ids[o.Code], Details: event.Details{
				Reason: whatOf(changed[o.Code]), Changes: changed[o.Code],
			}})
		}
	}
	return ids, nil
}

func whatOf(changes []event.Change) string {
	names := make([]string, len(changes))
	for i, c := range changes {
		names[i] = c.What
	}
	return strings.Join(names, ", ")
}

// putOffice writes one office but for its parent, and says what changed.
func (w *work) putOffice(ctx context.Context, o OfficeSetting) (*ent.Office, []event.Change, error) {
	var changed []event.Change
	row, err := w.tx.Office.Query().Where(office.Code(o.Code)).Only(ctx)
	if ent.IsNotFound(err) {
		row, err = w.tx.Office.Create().SetCode(o.Code).SetName(o.Name).Save(ctx)
		changed = event.Changed(nil, "name", "", o.Name)
	}
	if err != nil {
		return nil, nil, err
	}
	u := row.Update()
	if row.Name != o.Name {
		u.SetName(o.Name)
		changed = event.Changed(changed, "name", row.Name, o.Name)
	}
	for _, b := range []struct {
		name  string
		is    bool
		value *bool
		set   func(bool) *ent.OfficeUpdateOne
	}{
		{"head sees below", row.HeadSeesBelow, o.Habits.HeadSeesBelow, u.SetHeadSeesBelow},
		{"operators see own", row.OperatorsSeeOwn, o.Habits.OperatorsSeeOwn, u.SetOperatorsSeeOwn},
		{"operators may take", row.OperatorsMayTake, o.Habits.OperatorsMayTake, u.SetOperatorsMayTake},
		{"reason to move", row.ReasonToMove, o.Habits.ReasonToMove, u.SetReasonToMove},
	} {
		if b.value != nil && *b.value != b.is {
			b.set(*b.value)
			changed = event.Changed(changed, b.name, b.is, *b.value)
		}
	}
	if a := o.Habits.Approvals; a != nil && *a != row.Approvals {
		u.SetApprovals(*a)
		changed = event.Changed(changed, "approvals", row.Approvals, *a)
	}
	for _, j := range []struct {
		name  string
		was   json.RawMessage
		value any // a pointer
		set   func(json.RawMessage) *ent.OfficeUpdateOne
		clear func() *ent.OfficeUpdateOne
	}{
		{"calendar", row.Calendar, &o.Habits.Calendar, u.SetCalendar, u.ClearCalendar},
		{"ladder", row.Ladder, &o.Habits.Ladder, u.SetLadder, u.ClearLadder},
	} {
		text, differs, err := asColumn(j.was, j.value)
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", j.name, err)
		case !differs:
			continue
		case text == nil:
			j.clear()
		default:
			j.set(text)
		}
		changed = event.Changed(changed, j.name, string(j.was), string(text))
	}
	if len(changed) == 0 {
		return row, nil, nil
	}
	return row, changed, u.Exec(ctx)
}

// asColumn writes what a pointer points to as JSON, nil for a zero value, and
// tells whether the column holds something else: by its meaning, since a
// database may write JSON in a form of its own.
func asColumn(column json.RawMessage, value any) (text json.RawMessage, differs bool, err error) {
	held := reflect.New(reflect.TypeOf(value).Elem()).Interface()
	none, err := json.Marshal(held)
	if err != nil {
		return nil, false, err
	}
	if len(column) > 0 {
		if err := json.Unmarshal(column, held); err != nil {
			return nil, false, err
		}
	}
	was, err := json.Marshal(held)
	if err != nil {
		return nil, false, err
	}
	if text, err = json.Marshal(value); err != nil {
		return nil, false, err
	}
	differs = !bytes.Equal(was, text)
	if bytes.Equal(text, none) {
		text = nil
	}
	return text, differs, nil
}

// putParent says who is above an office, and gives that where it is new.
func (w *work) putParent(ctx context.Context, ids map[string]int, o OfficeSetting) ([]event.Change, error) {
	if o.Habits.Parent == nil {
		return nil, nil
	}
	row, err := w.tx.Office.Query().Where(office.ID(ids[o.Code])).WithParent().Only(ctx)
	if err != nil {
		return nil, err
	}
	above, was := ids[*o.Habits.Parent], ""
	if row.Edges.Parent != nil {
		was = row.Edges.Parent.Code
	}
	changed := event.Changed(nil, "parent", was, *o.Habits.Parent)
	switch {
	case zeroed(row.ParentID) == above:
		return nil, nil
	case above == 0:
		return changed, row.Update().ClearParentID().Exec(ctx)
	}
	return changed, row.Update().SetParentID(above).Exec(ctx)
}

// standsBelowOthers refuses an office that is, by some steps, above itself.
func (w *work) standsBelowOthers(ctx context.Context, id int) error {
	seen := map[int]bool{}
	for at := id; at != 0; {
		if seen[at] {
			return errors.New("parent: the offices above it lead back to themselves: correct parent")
		}
		seen[at] = true
		row, err := w.tx.Office.Get(ctx, at)
		if err != nil {
			return err
		}
		at = zeroed(row.ParentID)
	}
	return nil
}
