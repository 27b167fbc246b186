package rulebook

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/event"
)

// Reviewed is how a look at all rules stands in the register.
const Reviewed = "review"

// Review tells how all rules that are on fared among what came in some days.
type Review struct {
	Days, Looked int
	Cut          bool // as of a Trial
	Untold       bool // as of a Trial
	Rules        []Fared
}

// Fared is one of them: how many cases it takes, and what earlier ones take before it.
type Fared struct {
	Rule, Taken  int
	Overshadowed []Overlap
}

// Review asks the rules of now about the cases of the last days. It tells what a
// trial may tell, and stands in the register like one.
func (b *Rulebook) Review(ctx context.Context, days int) (*Review, error) {
	if _, err := manager(ctx); err != nil {
		return nil, err
	}
	if days < 1 || days > mostDays {
		return nil, invalid("days", fmt.Sprintf("da 1 a %d", mostDays), fmt.Sprintf("1 to %d", mostDays))
	}
	rules, err := desk.RulesOn(itself(ctx), b.Client.RoutingRule)
	if err != nil {
		return nil, err
	}
	if err := b.tell(ctx, event.Details{How: Reviewed, Days: days}); err != nil {
		return nil, err
	}
	w := &reviewing{
		Review: Review{Days: days}, rules: desk.InOrder(rules), content: asksContent(rules), taken: map[int]*tally{}, overlaps: map[shade]*tally{},
	}
	if w.Cut, err = b.look(ctx, lastDays(b.now(), days), w.weigh); err != nil {
		return nil, err
	}
	return w.sum(), nil
}

func asksContent(rules []desk.Rule) bool {
	return slices.ContainsFunc(rules, func(r desk.Rule) bool { return r.Condition.AsksContent() })
}

// reviewing is a review under way.
type reviewing struct {
	Review
	rules    []desk.Rule
	content  bool // some rule asks for more than the mailbox
	taken    map[int]*tally
	overlaps map[shade]*tally
}

// shade is a rule that would hold, and the earlier one that takes the case.
type shade struct{ rule, by int }

func (w *reviewing) weigh(o opening) {
	if w.content && o.file.Reserved && !o.read {
		return
	}
	w.Looked++
	read := o.read || !w.content
	if !read {
		w.Untold = true
	}
	decided, by := o.decide(w.rules)
	if decided.Rule == 0 {
		return
	}
	added(w.taken, decided.Rule).add(read)
	for _, r := range w.rules {
		if r.ID != decided.Rule && by.Holds(r.Condition) {
			added(w.overlaps, shade{r.ID, decided.Rule}).add(read)
		}
	}
}

// sum tells what may be told.
func (w *reviewing) sum() *Review {
	shades := slices.SortedFunc(maps.Keys(w.overlaps), func(a, b shade) int { return a.by - b.by })
	for _, r := range w.rules {
		f := Fared{Rule: r.ID, Taken: added(w.taken, r.ID).told()}
		for _, s := range shades {
			if n := w.overlaps[s].told(); s.rule == r.ID && n > 0 {
				f.Overshadowed = append(f.Overshadowed, Overlap{Rule: s.by, Count: n})
			}
		}
		w.Rules = append(w.Rules, f)
	}
	return &w.Review
}
