package guard

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caseoffice"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/message"
)

// Happening is what the rules ask about an event itself; zero is none.
type Happening struct {
	Actor                                                          string
	Case, Message, Mailbox, Office, FromOffice, Person, FromPerson int
}

// Facts are what the rules ask about some events: with them it can be told of
// many people what each of them sees, without asking the database for each.
type Facts struct {
	events   []Happening
	cases    map[int]*caseFacts
	messages map[int]messageFacts
}

type caseFacts struct {
	office, assignee, mergedInto int
	reserved                     bool
	informed                     []int // offices
	readers                      []readerFacts
	into                         *caseFacts // the one it was merged into
}

type readerFacts struct {
	person int
	kind   casereader.Kind
	until  time.Time
}

type messageFacts struct{ inCase, keptBy int }

// ReadFacts reads what the rules ask about some events now, as the program.
func ReadFacts(ctx context.Context, client *ent.Client, events []Happening) (*Facts, error) {
	ctx = NewContext(ctx, System("facts"))
	f := &Facts{events: events, cases: map[int]*caseFacts{}, messages: map[int]messageFacts{}}
	var cases, messages []int
	for _, e := range events {
		cases, messages = append(cases, e.Case), append(messages, e.Message)
	}
	if err := f.readMessages(ctx, client, messages); err != nil {
		return nil, err
	}
	for _, m := range f.messages {
		cases = append(cases, m.inCase)
	}
	if err := f.readCases(ctx, client, cases); err != nil {
		return nil, err
	}
	var into []int
	for _, c := range f.cases {
		into = append(into, c.mergedInto)
	}
	if err := f.readCases(ctx, client, into); err != nil {
		return nil, err
	}
	for _, c := range f.cases {
		c.into = f.cases[c.mergedInto]
	}
	return f, nil
}

// Same tells whether other facts say the same about the same events.
func (f *Facts) Same(other *Facts) bool { return reflect.DeepEqual(f, other) }

func (f *Facts) readMessages(ctx context.Context, client *ent.Client, ids []int) error {
	ids = unknown(ids, f.messages)
	if len(ids) == 0 {
		return nil
	}
	rows, err := client.Message.Query().Where(message.IDIn(ids...)).Select(message.FieldID, message.FieldCaseID, message.FieldKeptByID).All(ctx)
	for _, m := range rows {
		f.messages[m.ID] = messageFacts{inCase: orZero(m.CaseID), keptBy: orZero(m.KeptByID)}
	}
	return err
}

// readCases reads the cases that are not known yet: most have neither readers nor
// offices that are informed, which comes with the row.
func (f *Facts) readCases(ctx context.Context, client *ent.Client, ids []int) error {
	ids = unknown(ids, f.cases)
	if len(ids) == 0 {
		return nil
	}
	const named, informed = "is_named", "is_informed"
	rows, err := client.CaseFile.Query().Where(casefile.IDIn(ids...)).Modify(func(s *sql.Selector) {
		has := func(table string) sql.Querier {
			t := sql.Table(table).As("of_it")
			return sql.ExprFunc(func(b *sql.Builder) {
				b.WriteString("CASE WHEN ").Join(exists(t, sql.ColumnsEQ(t.C("case_id"), s.C(casefile.FieldID)))).WriteString(" THEN 1 ELSE 0 END")
			})
		}
		s.Select(s.Columns(casefile.FieldID, casefile.FieldOfficeID, casefile.FieldAssigneeID, casefile.FieldReserved, casefile.FieldMergedIntoID)...).
			AppendSelectExprAs(has(casereader.Table), named).AppendSelectExprAs(has(caseoffice.Table), informed)
	}).All(ctx)
	if err != nil {
		return err
	}
	var read, told []int
	for _, c := range rows {
		f.cases[c.ID] = &caseFacts{office: orZero(c.OfficeID), assignee: orZero(c.AssigneeID), mergedInto: orZero(c.MergedIntoID), reserved: c.Reserved}
		if is(c, named) {
			read = append(read, c.ID)
		}
		if is(c, informed) {
			told = append(told, c.ID)
		}
	}
	return errors.Join(f.readReaders(ctx, client, read), f.readInformed(ctx, client, told))
}

func (f *Facts) readReaders(ctx context.Context, client *ent.Client, cases []int) error {
	if len(cases) == 0 {
		return nil
	}
	rows, err := client.CaseReader.Query().Where(casereader.CaseIDIn(cases...)).Order(casereader.ByID()).All(ctx)
	for _, r := range rows {
		c := f.cases[r.CaseID]
		c.readers = append(c.readers, readerFacts{person: r.UserID, kind: r.Kind, until: r.Until})
	}
	return err
}

func (f *Facts) readInformed(ctx context.Context, client *ent.Client, cases []int) error {
	if len(cases) == 0 {
		return nil
	}
	rows, err := client.CaseOffice.Query().Where(caseoffice.CaseIDIn(cases...)).Order(caseoffice.ByID()).All(ctx)
	for _, o := range rows {
		c := f.cases[o.CaseID]
		c.informed = append(c.informed, o.OfficeID)
	}
	return err
}

// unknown gives the ids that are not among those known, each once.
func unknown[T any](ids []int, known map[int]T) []int {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id int) bool {
		_, found := known[id]
		return id == 0 || found
	})
}

func orZero[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

// Sight is how much somebody sees of an event, and of what it is about.
type Sight byte

// What a Sight is made of.
const (
	SeesEvent Sight = 1 << iota
	SeesCase        // its movements
	ReadsCase       // its content too
	ReadsMessage
)

// Judge tells what one person sees, as the rules have it, from facts.
type Judge struct {
	person     Person
	name       string // as events name an actor
	seen, read condition
}

// NewJudge makes the judge of what a person sees.
func NewJudge(p Person) *Judge {
	return &Judge{person: p, name: Someone(p).String(), seen: caseSeen(p), read: caseRead(p)}
}

// Sights tells what the person sees of each of the events.
func (j *Judge) Sights(f *Facts) []Sight {
	sights := make([]Sight, len(f.events))
	for i, e := range f.events {
		s := Sight(0)
		if c := f.cases[e.Case]; c != nil {
			s = s.with(SeesCase, j.seen.holds(c)).with(ReadsCase, j.read.holds(c))
		}
		s = s.with(ReadsMessage, j.readsMessage(f, e.Message))
		sights[i] = s.with(SeesEvent, j.seesEvent(e, s))
	}
	return sights
}

func (s Sight) with(what Sight, holds bool) Sight {
	if holds {
		return s | what
	}
	return s
}

// Has tells whether something belongs to a sight.
func (s Sight) Has(what Sight) bool { return s&what == what }

// readsMessage is messageRead for facts.
func (j *Judge) readsMessage(f *Facts, id int) bool {
	m, found := f.messages[id]
	switch {
	case !found || j.person.Scopes&Content == 0:
		return false
	case m.inCase != 0:
		c := f.cases[m.inCase]
		return c != nil && j.read.holds(c)
	case m.keptBy == 0:
		return j.person.Sorter
	}
	return among(m.keptBy, j.person.Heads, j.person.Operates, j.person.Inherits)
}

// seesEvent is eventRows for facts.
func (j *Judge) seesEvent(e Happening, of Sight) bool {
	p := j.person
	isOwn := e.Actor == j.name || e.Person != 0 && e.Person == p.ID || e.FromPerson != 0 && e.FromPerson == p.ID
	switch {
	case p.Auditor, isOwn, p.Administrator && e.Case == 0 && e.Message == 0:
		return true
	case p.Sorter:
		return e.Case != 0 || e.Mailbox != 0 || e.Message != 0
	}
	return e.Office != 0 && among(e.Office, p.Acts, p.Operates) || e.FromOffice != 0 && among(e.FromOffice, p.Acts, p.Operates) ||
		of.Has(SeesCase) || e.Case == 0 && of.Has(ReadsMessage)
}
