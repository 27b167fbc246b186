// Package event is the memory of what happened: typed events, the order of the
// log, the bell that says it grew, and the feed that live readers follow.
//
//   - Every change goes through [Log.Write]: state and events in one
//     transaction, then the bell.
//   - The number of an event is taken last in its transaction, from one row
//     that stays locked until the commit. So the order of numbers is the order
//     of commits, there are no holes, and a reader that stands at n never finds
//     an older event later.
//   - The [Bus] is a bell, never the truth: readers read the log, and look for
//     themselves now and then in case the bell was not heard.
//   - A slow subscriber costs nothing but itself: it holds a number, not a queue.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
)

// Entry is an event to be appended. Ids that do not apply are zero.
type Entry struct {
	Kind    Kind
	Case    int
	Message int
	Mailbox int
	Office  int
	Person  int // whom it is about
	Details Details

	FromOffice, FromPerson int // that a case left
}

// Event is an entry of the log.
type Event struct {
	Entry
	Seq        int       // its number: 1, 2, 3 … without holes
	OccurredAt time.Time // when it was written, by this instance's clock, UTC
	Actor      string    // as guard.Viewer.String: "system:collector"
}

// Store is what the log needs of a database: package store has it.
type Store interface {
	Client() *ent.Client
	Tx(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error
}

// FromRow reads an event as the table has it, for readers who select the rows themselves.
func FromRow(row *ent.Event) (Event, error) {
	e := Event{
		Entry: Entry{
			Kind: Kind(row.Kind), Case: id(row.CaseID), Message: id(row.MessageID),
			Mailbox: id(row.MailboxID), Office: id(row.OfficeID), Person: id(row.PersonID),
			FromOffice: id(row.FromOfficeID), FromPerson: id(row.FromPersonID),
		},
		Seq: row.ID, OccurredAt: row.OccurredAt.UTC(), Actor: row.Actor,
	}
	if len(row.Data) == 0 {
		return e, nil
	}
	if err := json.Unmarshal(row.Data, &e.Details); err != nil {
		return Event{}, fmt.Errorf("read the details of event %d: %w", row.ID, err)
	}
	return e, nil
}

func id(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

func optional(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// Happening is what the rules ask about an event.
func (e Event) Happening() guard.Happening {
	return guard.Happening{
		Actor: e.Actor, Case: e.Case, Message: e.Message, Mailbox: e.Mailbox,
		Office: e.Office, FromOffice: e.FromOffice, Person: e.Person, FromPerson: e.FromPerson,
	}
}

// Concerns lists the people that an event is by or about, each perhaps more than
// once: to them it is shown whatever else they see, and it may change what they see.
func (e Event) Concerns() []int {
	people := []int{e.Person, e.FromPerson}
	if id, found := strings.CutPrefix(e.Actor, "person:"); found {
		if n, err := strconv.Atoi(id); err == nil {
			people = append(people, n)
		}
	}
	if e.Kind == CaseReserved {
		people = append(people, e.Details.People...)
	}
	return slices.DeleteFunc(people, func(id int) bool { return id == 0 })
}
