package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Bounds of what is suggested, and of the history that it is taken from.
const (
	mostSuggested = 3
	mostFrequent  = 9
	newestCases   = 50  // of a sender, of a domain
	newestSorted  = 500 // of the desk, of a sorter
	lately        = 30 * 24 * time.Hour
)

// Hint is why an office is suggested.
type Hint string

// The hints, the strongest first.
const (
	HintRule   Hint = "RULE"   // the rules would send it there, were there no doubt
	HintSender Hint = "SENDER" // this sender's PECs were worked there
	HintDomain Hint = "DOMAIN" // those of all senders of this domain were
	HintOften  Hint = "OFTEN"  // the desk sends there most, lately
)

// Suggestion is an office that a case at the desk may belong to: Count of the
// newest Of cases were there. Of a rule both are 0.
type Suggestion struct {
	Office    int
	Hint      Hint
	Count, Of int
}

// Suggest says of cases at the desk, by their ids, to which offices they may
// belong, the likeliest first: at most three for each. It looks up for all at
// once, as the program; whom it may be told is for the caller to know. What is
// reserved is no part of the history, and an office that gave a case back is not
// suggested for it again.
func Suggest(ctx context.Context, client *ent.Client, now time.Time, cases []*ent.CaseFile) (map[int][]Suggestion, error) {
	ctx = guard.NewContext(ctx, guard.System("suggestions"))
	var p past
	var err error
	if p.senders, err = workedOf(ctx, client, casefile.FieldSenderAddress, values(cases, func(c *ent.CaseFile) string { return c.SenderAddress })); err != nil {
		return nil, fmt.Errorf("read where senders went: %w", err)
	}
	if p.domains, err = workedOf(ctx, client, casefile.FieldSenderDomain, values(cases, func(c *ent.CaseFile) string { return c.SenderDomain })); err != nil {
		return nil, fmt.Errorf("read where domains went: %w", err)
	}
	if p.desk, err = sortedTo(ctx, client.CaseFile.Query().Where(casefile.Reserved(false)), now); err != nil {
		return nil, fmt.Errorf("read where the desk sends: %w", err)
	}
	if p.refused, err = refusedBy(ctx, client, cases); err != nil {
		return nil, fmt.Errorf("read who gave cases back: %w", err)
	}
	if p.ruled, err = ruledTo(ctx, client, cases); err != nil {
		return nil, fmt.Errorf("ask the rules about cases in doubt: %w", err)
	}
	at, err := todays(ctx, client)
	if err != nil {
		return nil, err
	}
	p.senders, p.domains, p.desk = at.worked(p.senders), at.worked(p.domains), at.counted(p.desk)
	all := make(map[int][]Suggestion, len(cases))
	for _, c := range cases {
		all[c.ID] = p.suggest(c)
	}
	return all, nil
}

// SenderKnown finds the cases at the desk of whose sender an office worked a case
// before, so that Suggest has a HintSender for them, or those that are not so.
// What is found tells of other cases: join it with guard.CasesRead, for sorters.
func SenderKnown(is bool) predicate.CaseFile {
	return func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		t := d.Table(casefile.Table).As("past")
		// The offset keeps PostgreSQL from reading all of the past at once: each case is a step into an index.
		past := d.Select(t.C(casefile.FieldID)).From(t).
			Where(sql.And(sql.ColumnsEQ(t.C(casefile.FieldSenderAddress), s.C(casefile.FieldSenderAddress)), isWorked(t))).Limit(1).Offset(0)
		known := sql.And(sql.NotNull(s.C(casefile.FieldSenderAddress)), sql.NEQ(s.C(casefile.FieldSenderAddress), ""), sql.Exists(past))
		if !is {
			known = sql.Not(known)
		}
		s.Where(sql.And(sql.EQ(s.C(casefile.FieldStatus), string(casefile.StatusToSort)), known))
	}
}

// Frequent are the offices that a sorter sends to most, lately, the most frequent
// first; at most nine.
func Frequent(ctx context.Context, client *ent.Client, now time.Time, sorter int) ([]int, error) {
	counted, err := sortedTo(ctx, client.CaseFile.Query().Where(casefile.SortedByID(sorter)), now)
	if err != nil {
		return nil, fmt.Errorf("read where a sorter sends: %w", err)
	}
	at, err := todays(ctx, client)
	if err != nil {
		return nil, err
	}
	var offices []int
	for _, s := range ranked(at.counted(counted), HintOften) {
		offices = append(offices, s.Office)
	}
	return offices[:min(len(offices), mostFrequent)], nil
}

// worked counts the cases of one sender that one office worked.
type worked struct {
	Key    string // what was looked for: an address, or a domain
	Sender string
	Office int
	Count  int
}

// past is what is known of where cases went.
type past struct {
	senders, domains map[string][]worked
	desk             map[int]int   // by office
	refused          map[int][]int // offices, by case
	ruled            map[int]int   // office, by case
}

func (p past) suggest(c *ent.CaseFile) []Suggestion {
	var likely []Suggestion
	if office := p.ruled[c.ID]; office != 0 {
		likely = append(likely, Suggestion{Office: office, Hint: HintRule})
	}
	if c.SenderAddress != "" {
		likely = append(likely, ranked(byOffice(p.senders[c.SenderAddress]), HintSender)...)
	}
	if c.SenderDomain != "" {
		likely = append(likely, speaking(p.domains[c.SenderDomain])...)
	}
	likely = append(likely, ranked(p.desk, HintOften)...)
	some := []Suggestion{}
	for _, s := range likely {
		isThere := slices.ContainsFunc(some, func(t Suggestion) bool { return t.Office == s.Office })
		if !isThere && !slices.Contains(p.refused[c.ID], s.Office) && len(some) < mostSuggested {
			some = append(some, s)
		}
	}
	return some
}

// speaking is where a domain went, when it says something: it has several senders,
// and each of them went to the same office more often than not. Those of a
// provider that everybody is with (pec.it, legalmail.it) go everywhere.
func speaking(domain []worked) []Suggestion {
	bySender := map[string][]worked{}
	for _, w := range domain {
		bySender[w.Sender] = append(bySender[w.Sender], w)
	}
	if len(bySender) < 2 {
		return nil
	}
	all := ranked(byOffice(domain), HintDomain)
	for _, sender := range bySender {
		first := ranked(byOffice(sender), HintDomain)[0]
		if first.Office != all[0].Office || 2*first.Count <= first.Of {
			return nil
		}
	}
	return all[:1]
}

func byOffice(list []worked) map[int]int {
	counted := map[int]int{}
	for _, w := range list {
		counted[w.Office] += w.Count
	}
	return counted
}

// ranked puts counted offices in order, the most frequent first.
func ranked(counted map[int]int, hint Hint) []Suggestion {
	var all []Suggestion
	of := 0
	for office, n := range counted {
		all, of = append(all, Suggestion{Office: office, Hint: hint, Count: n}), of+n
	}
	for i := range all {
		all[i].Of = of
	}
	slices.SortFunc(all, func(a, b Suggestion) int { return cmp.Or(b.Count-a.Count, a.Office-b.Office) })
	return all
}

// values are those of the cases, each once, without the empty ones.
func values(cases []*ent.CaseFile, of func(*ent.CaseFile) string) []string {
	var all []string
	for _, c := range cases {
		if v := of(c); v != "" {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// isWorked finds the cases that tell where others may belong: an office took them
// on and has them, also when they are closed, unless it found that it is not
// competent. What is reserved tells nothing.
func isWorked(t *sql.SelectTable) *sql.Predicate {
	return sql.And(sql.NotNull(t.C(casefile.FieldOfficeID)), sql.EQ(t.C(casefile.FieldReserved), false),
		sql.In(t.C(casefile.FieldStatus), string(casefile.StatusInProgress), string(casefile.StatusAnswering), string(casefile.StatusClosed)),
		sql.Or(sql.IsNull(t.C(casefile.FieldOutcome)), sql.NEQ(t.C(casefile.FieldOutcome), string(casefile.OutcomeNotCompetent))))
}

// workedOf counts where the newest cases were worked that have one of some values
// in a column. Each value is a walk of an index that ends after the newest.
func workedOf(ctx context.Context, client *ent.Client, column string, values []string) (map[string][]worked, error) {
	if len(values) == 0 {
		return nil, nil
	}
	var rows []worked
	err := client.CaseFile.Query().Modify(func(s *sql.Selector) {
		d, all := sql.Dialect(s.Dialect()), (*sql.Selector)(nil)
		for _, v := range values {
			t := d.Table(casefile.Table)
			newest := d.Select(t.C(column)).AppendSelectAs(t.C(casefile.FieldSenderAddress), "sender").AppendSelect(t.C(casefile.FieldOfficeID)).From(t).
				Where(sql.And(sql.EQ(t.C(column), v), isWorked(t))).
				OrderBy(sql.Desc(t.C(casefile.FieldReceivedAt)), sql.Desc(t.C(casefile.FieldID))).Limit(newestCases)
			lane := d.Select("*").From(newest.As("newest"))
			if all == nil {
				all = lane
			} else {
				all.UnionAll(lane)
			}
		}
		from := all.As("worked")
		*s = *d.Select().AppendSelectAs(from.C(column), "key").AppendSelectAs(from.C("sender"), "sender").
			AppendSelectAs(from.C(casefile.FieldOfficeID), "office").AppendSelectExprAs(sql.Raw("COUNT(*)"), "count").
			From(from).GroupBy(from.C(column), from.C("sender"), from.C(casefile.FieldOfficeID))
	}).Scan(ctx, &rows)
	counted := map[string][]worked{}
	for _, w := range rows {
		counted[w.Key] = append(counted[w.Key], w)
	}
	return counted, err
}

// sortedTo counts to which offices the desk sent the newest of some cases, lately.
func sortedTo(ctx context.Context, q *ent.CaseFileQuery, now time.Time) (map[int]int, error) {
	var offices []int
	err := q.Where(casefile.SortedAtGTE(now.Add(-lately)), casefile.OfficeIDNotNil()).
		Order(casefile.BySortedAt(sql.OrderDesc()), casefile.ByID(sql.OrderDesc())).Limit(newestSorted).
		Select(casefile.FieldOfficeID).Scan(ctx, &offices)
	counted := map[int]int{}
	for _, office := range offices {
		counted[office]++
	}
	return counted, err
}

// refusedBy are the offices that gave cases back.
func refusedBy(ctx context.Context, client *ent.Client, cases []*ent.CaseFile) (map[int][]int, error) {
	ids := make([]int, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	var rows []struct {
		CaseID       int `json:"case_id"`
		FromOfficeID int `json:"from_office_id"`
	}
	err := client.Event.Query().Where(entevent.CaseIDIn(ids...), entevent.Kind(string(event.CaseReturned)), entevent.FromOfficeIDNotNil()).
		Select(entevent.FieldCaseID, entevent.FieldFromOfficeID).Scan(ctx, &rows)
	offices := map[int][]int{}
	for _, r := range rows {
		offices[r.CaseID] = append(offices[r.CaseID], r.FromOfficeID)
	}
	return offices, err
}
