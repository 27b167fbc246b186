package rulebook

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Bounds of trials.
const (
	MostLooked = 2000 // cases
	mostShown  = 100  // that would have moved
	mostTrials = 60   // of one person, in an hour
	fewest     = 5    // of what may not be read, less is not told
	readAtOnce = 100  // cases
	mostDays   = 366
	longestKey = 100
)

// Try is what is tried: a rule that is there (Rule), as it is or as it would be
// saved (As), or a new one (As alone); then on or off.
type Try struct {
	Rule int
	As   *Rule
	On   bool
	Last int    // how many cases are looked at
	Days int    // if not zero, those of so many days instead, at most MostLooked
	Key  string // under which Progress tells of it; empty: it does not
}

// Trial is what a change of the rules would have done.
type Trial struct {
	Asked, Looked int  // cases; fewer were looked at when there are no more, or it was cut; zero were asked for by days
	Cut           bool // time ran out, or the days had more than MostLooked
	Untold        bool // small numbers are missing, of cases that its author does not read
	Taken, Moved  int  // that the rule would have taken; that would be with another office
	Moves         []Move
	Cases         []MovedCase // the newest first
	Overshadowed  []Overlap
}

// Move counts cases that would have gone elsewhere.
type Move struct {
	From, To int // offices; zero is the sorting desk
	Count    int
}

// MovedCase is one of them, which the author of the trial reads.
type MovedCase struct {
	Case     int
	At       time.Time // when it came
	From, To int
	Why      string // in words (Italian), as desk.Route says it
}

// Overlap is another rule, and how many cases it took before the tried one, which
// would have held for them too.
type Overlap struct{ Rule, Count int }

// Try tells what a rule would have done with what came last. It is told to the
// register first.
func (b *Rulebook) Try(ctx context.Context, t Try) (*Trial, error) {
	if _, err := manager(ctx); err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	w, err := b.prepare(ctx, t)
	if err != nil {
		return nil, err
	}
	tell, done := b.running.begin(ctx, t.Key)
	defer done()
	if err := b.tell(ctx, t.details(w.tried)); err != nil {
		return nil, err
	}
	if w.Cut, err = b.look(ctx, t.span(b.now()), func(o opening) {
		w.weigh(o)
		tell(w.Looked)
	}); err != nil {
		return nil, err
	}
	if t.Days != 0 {
		t.Last = 0
	}
	return w.sum(t.Last), nil
}

func (t Try) check() error {
	switch {
	case t.Days < 0 || t.Days > mostDays:
		return invalid("days", fmt.Sprintf("da 1 a %d", mostDays), fmt.Sprintf("1 to %d", mostDays))
	case t.Days == 0 && (t.Last < 1 || t.Last > MostLooked):
		return invalid("last", fmt.Sprintf("da 1 a %d", MostLooked), fmt.Sprintf("1 to %d", MostLooked))
	case len(t.Key) > longestKey:
		return invalid("key", fmt.Sprintf("al massimo %d caratteri", longestKey), fmt.Sprintf("at most %d characters", longestKey))
	}
	return nil
}

func (t Try) span(now time.Time) span {
	if t.Days == 0 {
		return span{most: t.Last}
	}
	return lastDays(now, t.Days)
}

// details is what the register says of a trial.
func (t Try) details(tried desk.Rule) event.Details {
	d := event.Details{Of: t.Rule, How: Off, Count: t.Last, Reason: "«" + tried.Name + "»: " + text(tried.Condition)}
	if t.Days != 0 {
		d.Count, d.Days = 0, t.Days
	}
	if t.On {
		d.How = SwitchOn
	}
	return d
}

// weighing is a trial under way: the rules as they are and as they would be.
type weighing struct {
	Trial
	now, then []desk.Rule
	tried     desk.Rule
	on        bool
	content   bool // some rule of the two asks for more than the mailbox
	counts    map[Move]*tally
	overlaps  map[int]*tally
	taken     tally
}

// tally counts cases that are read by who asks, and others.
type tally struct{ read, other int }

func (t *tally) add(read bool) {
	if read {
		t.read++
	} else {
		t.other++
	}
}

// told is what may be told of a count.
func (t *tally) told() int {
	if t.other < fewest {
		return t.read
	}
	return t.read + t.other
}

// prepare reads the rules, and makes the change on them.
func (b *Rulebook) prepare(ctx context.Context, t Try) (*weighing, error) {
	w := &weighing{on: t.On, counts: map[Move]*tally{}, overlaps: map[int]*tally{}}
	var err error
	if w.now, err = desk.RulesOn(itself(ctx), b.Client.RoutingRule); err != nil {
		return nil, err
	}
	row := &ent.RoutingRule{ID: math.MaxInt, Turn: math.MaxInt, Origin: routingrule.OriginPeople}
	switch {
	case t.Rule != 0:
		row, err = b.Client.RoutingRule.Query().Where(routingrule.ID(t.Rule), There).WithOffice().Only(ctx)
		if ent.IsNotFound(err) {
			return nil, notThere()
		}
		if err != nil {
			return nil, err
		}
	case t.As == nil:
		return nil, invalid("ruleId", "manca la regola da provare", "say which rule to try")
	}
	if w.tried, err = b.tried(ctx, t, row); err != nil {
		return nil, err
	}
	w.then = slices.DeleteFunc(slices.Clone(w.now), func(r desk.Rule) bool { return r.ID == w.tried.ID })
	if t.On {
		w.then = append(w.then, w.tried)
	}
	w.content = asksContent(w.now) || asksContent(w.then)
	return w, nil
}

// tried is the rule as it would be then.
func (b *Rulebook) tried(ctx context.Context, t Try, row *ent.RoutingRule) (desk.Rule, error) {
	if t.As == nil {
		return desk.RuleOf(row)
	}
	if row.Origin != routingrule.OriginPeople {
		return desk.Rule{}, invalid("ruleId", "questa regola è della configurazione: si cambia lì", "this rule is the configuration's: change it there")
	}
	r, err := t.As.checked(ctx, b.Client, t.Rule)
	if err != nil {
		return desk.Rule{}, err
	}
	office, err := b.Client.Office.Get(itself(ctx), r.Office)
	if err != nil {
		return desk.Rule{}, err
	}
	tried := desk.Rule{
		ID: row.ID, Name: r.Name, Priority: r.Priority, Turn: row.Turn, Condition: r.Condition,
		Office: desk.Place{ID: office.ID, Name: office.Name},
	}
	if r.Priority != row.Priority { // it would go to the end of that one
		tried.Turn = math.MaxInt
	}
	return tried, nil
}

// tell writes to the register who tries what, whole; too many trials are refused.
func (b *Rulebook) tell(ctx context.Context, d event.Details) error {
	v, _ := guard.From(ctx)
	return b.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		n, err := tx.Event.Query().Where(entevent.Actor(v.String()), entevent.Kind(string(event.RuleTried)),
			entevent.OccurredAtGT(b.now().Add(-time.Hour))).Count(itself(ctx))
		if err != nil {
			return nil, err
		}
		if n >= mostTrials {
			return nil, &casework.Refused{
				Code:    casework.Unavailable,
				Italian: fmt.Sprintf("al massimo %d prove all'ora: riprovare più tardi", mostTrials),
				English: fmt.Sprintf("at most %d trials an hour: try again later", mostTrials),
			}
		}
		return []event.Entry{{Kind: event.RuleTried, Details: d}}, nil
	})
}

// weigh asks both sets of rules about a case. What a reserved one says takes part
// in no trial of somebody who does not read it.
func (w *weighing) weigh(o opening) {
	if w.content && o.file.Reserved && !o.read {
		return
	}
	w.Looked++
	read := o.read || !w.content
	if !read {
		w.Untold = true
	}
	before, _ := o.decide(w.now)
	after, by := o.decide(w.then)
	switch {
	case after.Rule == w.tried.ID:
		w.taken.add(read)
	case after.Rule != 0 && w.on && by.Holds(w.tried.Condition):
		added(w.overlaps, after.Rule).add(read)
	}
	if before.Office == after.Office {
		return
	}
	added(w.counts, Move{From: before.Office, To: after.Office}).add(read)
	if o.read && len(w.Cases) < mostShown {
		w.Cases = append(w.Cases, MovedCase{Case: o.file.ID, At: o.file.ReceivedAt, From: before.Office, To: after.Office, Why: after.Reason})
	}
}

func added[K comparable](counts map[K]*tally, key K) *tally {
	if counts[key] == nil {
		counts[key] = &tally{}
	}
	return counts[key]
}

// sum tells what may be told.
func (w *weighing) sum(asked int) *Trial {
	w.Asked, w.Taken = asked, w.taken.told()
	for _, m := range slices.SortedFunc(maps.Keys(w.counts), func(a, b Move) int { return cmp.Or(a.From-b.From, a.To-b.To) }) {
		if m.Count = w.counts[Move{From: m.From, To: m.To}].told(); m.Count > 0 {
			w.Moves = append(w.Moves, m)
			w.Moved += m.Count
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(w.overlaps)) {
		if n := w.overlaps[rule].told(); n > 0 {
			w.Overshadowed = append(w.Overshadowed, Overlap{Rule: rule, Count: n})
		}
	}
	return &w.Trial
}
