package rulebook_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/store/storetest"
)

// chance draws rules and letters of few words, so that they meet.
type chance struct{ *rand.Rand }

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

func (c chance) letter() letter {
	l := letter{
		box: pick(c, protocollo, tributi), from: pick(c, "a@studio.example", "b@studio.example", "c@ditta.example"),
		subject: pick(c, "Fattura n. 1", "Ricorso al TAR", "Istanza", "Perché il ricorso?"), text: pick(c, "uno due", "due tre", "SCIA"),
		attachment: pick(c, "", "", "atto.pdf", "fattura.xml.p7m"), certified: c.IntN(2) == 0,
	}
	if l.certified && c.IntN(3) == 0 {
		l.also = pick(c, protocollo, tributi)
		if l.also == l.box {
			l.also = ""
		}
	}
	return l
}

func (c chance) condition(depth int) desk.Condition {
	var said desk.Condition
	switch c.IntN(5) {
	case 0:
		said.Mailbox = pick(c, protocollo, tributi)
	case 1:
		said.Sender = pick(c, "@studio.example", "c@ditta.example")
	case 2:
		said.Subject = pick(c, "fattur*", "ricorso", "istanza", "perche")
	case 3:
		said.Text = pick(c, "due", "scia", "uno due")
	case 4:
		said.Attachment = pick(c, ".pdf", "p7m")
	}
	if depth > 0 && c.IntN(2) == 0 {
		inner, other := c.condition(depth-1), c.condition(depth-1)
		switch c.IntN(3) {
		case 0:
			said = desk.Condition{Any: []desk.Condition{inner, other}}
		case 1:
			said.Not = &inner
		case 2:
			said = desk.Condition{All: []desk.Condition{inner, other}}
		}
	}
	return said
}

func (c chance) rule(o *hall, name string) rulebook.Rule {
	return rulebook.Rule{
		Name: name, Priority: 5 * c.IntN(4), Condition: c.condition(2),
		Office: o.office[pick(c, "tributi", "edilizia", "legale")],
	}
}

// TestATrialSaysWhatThenHappens: random letters come, a random change of random
// rules is tried and then made, and the same letters come again: each goes where
// the trial said, whether it moves or not.
func TestATrialSaysWhatThenHappens(t *testing.T) {
	seed := storetest.Seed(t)
	each(t, func(t *testing.T, o *hall) {
		c := chance{rand.New(rand.NewPCG(seed, 3))}
		for i := range 4 {
			o.switched(c.rule(o, fmt.Sprint("before ", i)))
		}
		for round := range 6 {
			letters := make([]letter, 12)
			first := make([]*ent.CaseFile, len(letters))
			for i := range letters {
				letters[i] = c.letter()
				first[i] = o.comes(letters[i])
			}
			try, do := o.anyChange(c, round)
			try.Last = len(letters)
			found, err := o.Try(o.whole, try)
			require.NoError(t, err)
			require.Equal(t, []any{len(letters), len(letters), false, false}, []any{found.Asked, found.Looked, found.Cut, found.Untold})

			ruled := do()
			moved, taken, counts := 0, 0, map[rulebook.Move]int{}
			for i, l := range letters {
				again := o.comes(l)
				from, to := where(o, first[i]), where(o, again)
				if again.RuleID != nil && *again.RuleID == ruled {
					taken++
				}
				said := saidOf(found, first[i].ID)
				if from == to {
					require.Nil(t, said, "seed %d round %d: %+v stays", seed, round, l)
					continue
				}
				moved++
				counts[rulebook.Move{From: from, To: to}]++
				require.NotNil(t, said, "seed %d round %d: %+v moves", seed, round, l)
				require.Equal(t, []int{from, to}, []int{said.From, said.To})
				require.Equal(t, again.RouteReason, said.Why)
				require.WithinDuration(t, first[i].ReceivedAt, said.At, 0)
			}
			require.Equal(t, []int{moved, taken}, []int{found.Moved, found.Taken}, "seed %d round %d", seed, round)
			for _, m := range found.Moves {
				require.Equal(t, counts[rulebook.Move{From: m.From, To: m.To}], m.Count)
			}
			require.Len(t, found.Moves, len(counts))
		}
	})
}

func where(o *hall, c *ent.CaseFile) int {
	if code := o.placed(c); code != "" {
		return o.office[code]
	}
	return 0
}

func saidOf(found *rulebook.Trial, id int) *rulebook.MovedCase {
	for i := range found.Cases {
		if found.Cases[i].Case == id {
			return &found.Cases[i]
		}
	}
	return nil
}

// anyChange is a change of the rules by chance: how it is tried, and how it is
// made. It gives the rule.
func (o *hall) anyChange(c chance, round int) (rulebook.Try, func() int) {
	people, err := o.Client.RoutingRule.Query().Where(rulebook.There, routingrule.OriginEQ(routingrule.OriginPeople)).All(o.ctx)
	require.NoError(o.t, err)
	some := people[c.IntN(len(people))]
	switch c.IntN(3) {
	case 0:
		r := c.rule(o, fmt.Sprint("new ", round))
		return rulebook.Try{As: &r, On: true}, func() int { return o.switched(r) }
	case 1:
		r := c.rule(o, some.Name)
		return rulebook.Try{Rule: some.ID, As: &r, On: true}, func() int {
			_, err := o.Save(o.admin, o.on(some.ID), r)
			require.NoError(o.t, err)
			if !some.Enabled {
				require.NoError(o.t, o.Switch(o.admin, o.on(some.ID), true))
			}
			return some.ID
		}
	}
	return rulebook.Try{Rule: some.ID, On: !some.Enabled}, func() int {
		require.NoError(o.t, o.Switch(o.admin, o.on(some.ID), !some.Enabled))
		return some.ID
	}
}

// A trial tells nobody what a PEC says that he may not read: neither which case
// is meant, nor whether a few are.
func TestATrialTellsOnlyWhatItsAuthorMayKnow(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		secret := rulebook.Rule{Name: "spia", Priority: 1, Condition: desk.Condition{Text: "referto"}, Office: o.office["edilizia"]}
		try := func(ctx context.Context) *rulebook.Trial {
			found, err := o.Try(ctx, rulebook.Try{As: &secret, On: true, Last: 100})
			require.NoError(t, err)
			return found
		}
		var hit []*ent.CaseFile
		come := func(n int, text string) {
			for range n {
				hit = append(hit, o.comes(letter{box: tributi, from: "a@x.example", subject: "Istanza", text: text}))
			}
		}
		come(4, "nulla")
		none := try(o.admin)
		require.True(t, none.Untold)
		hit = nil
		come(4, "la referto")
		few := try(o.admin)
		require.Equal(t, 8, few.Looked)
		few.Looked = none.Looked
		require.Equal(t, none, few, "four are as none")

		come(1, "una referto")
		moved := []rulebook.Move{{From: o.office["tributi"], To: o.office["edilizia"], Count: 5}}
		many := try(o.admin)
		require.Equal(t, moved, many.Moves)
		require.Equal(t, []int{5, 5}, []int{many.Moved, many.Taken})
		require.Empty(t, many.Cases, "a count, and no case")

		all := try(o.whole)
		require.Equal(t, moved, all.Moves)
		require.Len(t, all.Cases, 5)
		require.False(t, all.Untold)
		require.Equal(t, hit[4].ID, all.Cases[0].Case, "the newest first")

		head := o.as(guard.Person{ID: o.people["admin"], Administrator: true, Acts: []int{o.office["tributi"]}, Heads: []int{o.office["tributi"]}, Scopes: guard.All})
		require.Equal(t, all, try(head), "of the office where they all are")
		blind := o.as(guard.Person{ID: o.people["admin"], Administrator: true, Heads: []int{o.office["tributi"]}, Scopes: guard.Read | guard.Write})
		require.Equal(t, many, try(blind), "by a token without content")

		// A reserved case takes no part, unless its readers try.
		o.do(func(ctx context.Context, tx *ent.Tx) {
			tx.CaseFile.Update().Where(casefile.ID(hit[0].ID)).SetReserved(true).ExecX(ctx)
		})
		require.Equal(t, none.Looked+4, try(o.admin).Looked)
		require.Equal(t, 4, try(head).Moved)
	})
}

// Where no rule asks for more than the mailbox, there is nothing to hide in counts.
func TestATrialOfMailboxesCounts(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		s := configured()
		s.Rules = nil
		require.NoError(t, o.desk.Configure(o.ctx, s))
		o.comes(letter{box: protocollo, from: "a@x.example", subject: "fattura"})
		r := rulebook.Rule{Name: "tutto", Condition: desk.Condition{Mailbox: protocollo}, Office: o.office["edilizia"]}
		found, err := o.Try(o.admin, rulebook.Try{As: &r, On: true, Last: 10})
		require.NoError(t, err)
		require.Equal(t, []rulebook.Move{{To: o.office["edilizia"], Count: 1}}, found.Moves)
		require.False(t, found.Untold)
		require.Empty(t, found.Cases)
	})
}

func TestATrialStandsInTheRegisterAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		c := o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})
		r := rulebook.Rule{Name: "prova", Condition: desk.Condition{Subject: "ricorso", Not: &desk.Condition{Sender: "@y.example"}}, Office: o.office["legale"]}
		_, err := o.Try(o.admin, rulebook.Try{As: &r, On: true, Last: 7})
		require.NoError(t, err)
		e := o.last()
		require.Equal(t, []any{event.RuleTried, fmt.Sprintf("person:%d", o.people["admin"]), 0, "on", `«prova»: {"not":{"sender":"@y.example"},"subject":"ricorso"}`, 7},
			[]any{e.Kind, e.Actor, e.Details.Of, e.Details.How, e.Details.Reason, e.Details.Count})
		require.Zero(t, []int{e.Case, e.Message, e.Office}[0])
		require.Empty(t, o.placed(c))
		n, err := o.Client.RoutingRule.Query().Count(o.ctx)
		require.NoError(t, err)
		require.Equal(t, 1, n)

		for _, last := range []int{0, -1, rulebook.MostLooked + 1} {
			_, err = o.Try(o.admin, rulebook.Try{As: &r, On: true, Last: last})
			require.Equal(t, "last", refused(t, err, casework.Invalid))
		}
		_, err = o.Try(o.admin, rulebook.Try{On: true, Last: 7})
		require.Equal(t, "ruleId", refused(t, err, casework.Invalid))
		_, err = o.Try(o.admin, rulebook.Try{Rule: 99, On: true, Last: 7})
		refused(t, err, casework.NotFound)
		require.Equal(t, e.Seq, o.last().Seq, "what was refused was not tried")
	})
}

// Probing by many trials ends soon, and begins again after an hour.
func TestTrialsAreCounted(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		r := rulebook.Rule{Name: "prova", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		try := func(ctx context.Context) error {
			_, err := o.Try(ctx, rulebook.Try{As: &r, On: true, Last: 1})
			return err
		}
		for range 60 {
			require.NoError(t, try(o.admin))
		}
		refused(t, try(o.admin), casework.Unavailable)
		require.NoError(t, try(o.whole), "each person has his own")
		o.Now = func() time.Time { return time.Now().Add(time.Hour) }
		require.NoError(t, try(o.admin))
	})
}

func TestATrialEndsInTime(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})
		r := rulebook.Rule{Name: "prova", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		o.Patience = time.Nanosecond
		found, err := o.Try(o.whole, rulebook.Try{As: &r, On: true, Last: 500})
		require.NoError(t, err)
		require.Equal(t, []any{500, 0, true, 0}, []any{found.Asked, found.Looked, found.Cut, found.Moved})
		o.Patience = time.Minute
		gone, cancel := context.WithCancel(o.whole)
		cancel()
		_, err = o.Try(gone, rulebook.Try{As: &r, On: true, Last: 500})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A rule that others come before takes nothing, and it says which.
func TestARuleThatIsOvershadowed(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		for range 3 {
			o.comes(letter{box: protocollo, from: "a@x.example", subject: "fattura"})
		}
		o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})
		config, err := o.Client.RoutingRule.Query().Where(routingrule.Name("fatture")).OnlyID(o.ctx)
		require.NoError(t, err)
		r := rulebook.Rule{Name: "x", Priority: 50, Condition: desk.Condition{Sender: "@x.example"}, Office: o.office["legale"]}
		found, err := o.Try(o.whole, rulebook.Try{As: &r, On: true, Last: 10})
		require.NoError(t, err)
		require.Equal(t, []rulebook.Overlap{{Rule: config, Count: 3}}, found.Overshadowed)
		require.Equal(t, []int{1, 1}, []int{found.Taken, found.Moved})
		r.Priority = 1
		found, err = o.Try(o.whole, rulebook.Try{As: &r, On: true, Last: 10})
		require.NoError(t, err)
		require.Empty(t, found.Overshadowed)
		require.Equal(t, []int{4, 4}, []int{found.Taken, found.Moved})
	})
}

// A merged case is looked at as what it was when it came.
func TestATrialLooksAtMergedCases(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		one := o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})
		other := o.comes(letter{box: protocollo, from: "a@x.example", subject: "istanza"})
		o.do(func(ctx context.Context, tx *ent.Tx) {
			tx.Message.Update().SetCaseID(other.ID).ExecX(ctx)
			tx.CaseFile.UpdateOneID(one.ID).SetStatus(casefile.StatusMerged).SetMergedIntoID(other.ID).ExecX(ctx)
		})
		r := rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		found, err := o.Try(o.whole, rulebook.Try{As: &r, On: true, Last: 10})
		require.NoError(t, err)
		require.Equal(t, 2, found.Looked)
		require.Len(t, found.Cases, 1)
		require.Equal(t, one.ID, found.Cases[0].Case)
	})
}
