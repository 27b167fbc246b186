package rulebook_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/rulebook"
)

// TestAReviewTellsWhichRulesNeverDecide: of each rule that is on, what it takes and
// what is taken before it, within what may be told.
func TestAReviewTellsWhichRulesNeverDecide(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		config, err := o.Client.RoutingRule.Query().Where(routingrule.Name("fatture")).OnlyID(o.ctx)
		require.NoError(t, err)
		covered := o.switched(rulebook.Rule{Name: "coperta", Priority: 50, Condition: desk.Condition{Subject: "fattura elettronica"}, Office: o.office["legale"]})
		o.saved(rulebook.Rule{Name: "bozza", Priority: 1, Condition: desk.Condition{Subject: "fattura"}, Office: o.office["legale"]})
		come := func(n int) {
			for range n {
				o.comes(letter{box: protocollo, from: "a@x.example", subject: "Fattura elettronica"})
			}
		}
		review := func(ctx context.Context) *rulebook.Review {
			found, err := o.Review(ctx, 30)
			require.NoError(t, err)
			return found
		}
		come(4)
		require.Equal(t, &rulebook.Review{Days: 30, Looked: 4, Rules: []rulebook.Fared{
			{Rule: config, Taken: 4}, {Rule: covered, Overshadowed: []rulebook.Overlap{{Rule: config, Count: 4}}},
		}}, review(o.whole))
		require.Equal(t, &rulebook.Review{Days: 30, Looked: 4, Untold: true, Rules: []rulebook.Fared{{Rule: config}, {Rule: covered}}}, review(o.admin), "four are as none")
		e := o.last()
		require.Equal(t, []any{event.RuleTried, 0, rulebook.Reviewed, "", 30}, []any{e.Kind, e.Details.Of, e.Details.How, e.Details.Reason, e.Details.Days})

		come(1)
		require.Equal(t, []rulebook.Fared{{Rule: config, Taken: 5}, {Rule: covered, Overshadowed: []rulebook.Overlap{{Rule: config, Count: 5}}}}, review(o.admin).Rules)

		o.do(func(ctx context.Context, tx *ent.Tx) { tx.CaseFile.Update().SetReserved(true).ExecX(ctx) })
		require.Zero(t, review(o.admin).Looked, "reserved ones take no part")

		for _, days := range []int{-1, 0, 367} {
			_, err := o.Review(o.admin, days)
			require.Equal(t, "days", refused(t, err, casework.Invalid))
		}
		_, err = o.Review(o.ctx, 30)
		refused(t, err, casework.Forbidden)
	})
}

func TestATrialLooksBackSomeDays(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		came := o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})
		o.Now = func() time.Time { return time.Now().AddDate(0, 0, 8) }
		r := rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		for days, want := range map[int][]int{7: nil, 9: {came.ID}} {
			found, err := o.Try(o.whole, rulebook.Try{As: &r, On: true, Days: days})
			require.NoError(t, err)
			var cases []int
			for _, c := range found.Cases {
				cases = append(cases, c.Case)
			}
			require.Equal(t, want, cases)
			require.Equal(t, []any{0, len(want), false}, []any{found.Asked, found.Looked, found.Cut})
			require.Equal(t, []any{0, days}, []any{o.last().Details.Count, o.last().Details.Days})
		}
		for _, days := range []int{-1, 367} {
			_, err := o.Try(o.admin, rulebook.Try{As: &r, On: true, Days: days})
			require.Equal(t, "days", refused(t, err, casework.Invalid))
		}
	})
}

// TestATrialUnderWayTellsItsAuthor: who asks while it runs, which is when it reads the clock.
func TestATrialUnderWayTellsItsAuthor(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		r := rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		var own, others []bool
		o.Now = func() time.Time {
			_, mine := o.Progress(o.admin, "k")
			_, theirs := o.Progress(o.whole, "k")
			own, others = append(own, mine), append(others, theirs)
			return time.Now()
		}
		_, err := o.Try(o.admin, rulebook.Try{As: &r, On: true, Last: 1, Key: "k"})
		require.NoError(t, err)
		require.Contains(t, own, true)
		require.NotContains(t, others, true)
		_, runs := o.Progress(o.admin, "k")
		require.False(t, runs, "it is done")
	})
}
