package rulebook_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/store/storetest"
)

func TestARuleHoldsForTheNextPECWhateverIsDoneToIt(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		appeal := letter{box: protocollo, from: "a@studio.example", subject: "Ricorso al TAR", certified: true}
		id := o.saved(rulebook.Rule{Name: "ricorsi", Priority: 50, Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"], Assignee: o.people["anna"]})
		require.Empty(t, o.placed(o.comes(appeal)), "a draft does not route")

		require.NoError(t, o.Switch(o.admin, o.on(id), true))
		c := o.comes(appeal)
		require.Equal(t, "legale", o.placed(c))
		require.Equal(t, "regola «ricorsi»: a Avvocatura", c.RouteReason)
		require.Equal(t, o.people["anna"], *c.AssigneeID)
		row := o.rule(id)
		require.Equal(t, 1, row.Hits)
		require.NotNil(t, row.LastHitAt)

		_, err := o.Save(o.admin, o.on(id), rulebook.Rule{Name: "ricorsi", Priority: 50, Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["edilizia"]})
		require.NoError(t, err)
		require.Equal(t, "edilizia", o.placed(o.comes(appeal)))

		require.NoError(t, o.Restore(o.admin, o.on(id), 1))
		require.Equal(t, "legale", o.placed(o.comes(appeal)), "as it was written first, and still on")

		require.NoError(t, o.Switch(o.admin, o.on(id), false))
		require.Empty(t, o.placed(o.comes(appeal)))
		require.NoError(t, o.Remove(o.admin, o.on(id)))
		require.Equal(t, 3, o.rule(id).Hits, "it is kept, with what it did")

		var how []string
		for _, v := range o.rule(id).Edges.Versions {
			require.Equal(t, []any{len(how) + 1, o.people["admin"]}, []any{v.Number, v.AuthorID})
			how = append(how, v.How)
		}
		require.Equal(t, []string{"added", "on", "changed", "restored", "off", "removed"}, how)
	})
}

func TestEachChangeIsTold(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		r := rulebook.Rule{Name: "ricorsi", Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]}
		id := o.saved(r)
		told := func(how string) {
			t.Helper()
			e := o.last()
			require.Equal(t, []any{event.RuleChanged, fmt.Sprintf("person:%d", o.people["admin"]), id, how, "ricorsi", o.rule(id).Version},
				[]any{e.Kind, e.Actor, e.Details.Of, e.Details.How, e.Details.Reason, e.Details.Version})
		}
		told("added")
		r.Priority = 7
		_, err := o.Save(o.admin, o.on(id), r)
		require.NoError(t, err)
		told("changed")
		require.NoError(t, o.Switch(o.admin, o.on(id), true))
		told("on")
		require.NoError(t, o.Move(o.admin, o.on(id), 0))
		told("moved")
		require.NoError(t, o.Restore(o.admin, o.on(id), 1))
		told("restored")
		require.NoError(t, o.Switch(o.admin, o.on(id), false))
		told("off")
		require.NoError(t, o.Remove(o.admin, o.on(id)))
		told("removed")
	})
}

// What is refused is refused at its place, and leaves no trace.
func TestNonsenseIsRefusedAtItsPlace(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		good := func() rulebook.Rule {
			return rulebook.Rule{Name: "x", Priority: 1, Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]}
		}
		deep := desk.Condition{Subject: "x"}
		for range 9 {
			deep = desk.Condition{Not: &desk.Condition{All: deep.All, Subject: deep.Subject, Not: deep.Not}}
		}
		before := o.last()
		for want, spoil := range map[string]func(r *rulebook.Rule){
			"rule.name":             func(r *rulebook.Rule) { r.Name = " \n" },
			"rule.name ":            func(r *rulebook.Rule) { r.Name = strings.Repeat("a", 101) },
			"rule.name  ":           func(r *rulebook.Rule) { r.Name = "a\u202eb" },
			"rule.priority":         func(r *rulebook.Rule) { r.Priority = -1 },
			"rule.officeId":         func(r *rulebook.Rule) { r.Office = -1 },
			"rule.assigneeId":       func(r *rulebook.Rule) { r.Assignee = o.people["admin"] },
			"rule.condition":        func(r *rulebook.Rule) { r.Condition = desk.Condition{} },
			"rule.condition ":       func(r *rulebook.Rule) { r.Condition = desk.Condition{Mailbox: "nobody@comune.example"} },
			"rule.condition.sender": func(r *rulebook.Rule) { r.Condition = desk.Condition{Sender: "studio.example"} },
			"rule.condition.any.1":  func(r *rulebook.Rule) { r.Condition = desk.Condition{Any: []desk.Condition{{Text: "a"}, {}}} },
			"rule.condition.any.0.not.text": func(r *rulebook.Rule) {
				r.Condition = desk.Condition{Any: []desk.Condition{{Not: &desk.Condition{Text: "*"}}}}
			},
			"rule.condition.all.0.attachment": func(r *rulebook.Rule) {
				r.Condition = desk.Condition{All: []desk.Condition{{Attachment: strings.Repeat("a", 201)}}}
			},
			"rule.condition  ": func(r *rulebook.Rule) {
				r.Condition = desk.Condition{Any: slices.Repeat([]desk.Condition{{Subject: strings.Repeat("a", 100)}}, 100)}
			},
			"rule.condition.not.not.not.not.not.not.not.not": func(r *rulebook.Rule) { r.Condition = deep },
		} {
			r := good()
			spoil(&r)
			_, err := o.Save(o.admin, rulebook.On{}, r)
			require.Equal(t, strings.TrimSpace(want), refused(t, err, casework.Invalid))
			_, err = o.Try(o.admin, rulebook.Try{As: &r, On: true, Last: 10})
			require.Equal(t, strings.TrimSpace(want), refused(t, err, casework.Invalid))
		}
		r := good()
		r.Name = "  fatture "
		_, err := o.Save(o.admin, rulebook.On{}, r)
		require.Equal(t, "rule.name", refused(t, err, casework.Already), "the configuration has one of this name")
		require.Equal(t, before, o.last())
	})
}

func TestWhatIsNotToBeDoneToARule(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		r := rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]}
		id := o.switched(r)
		config, err := o.Client.RoutingRule.Query().Where(routingrule.Name("fatture")).OnlyID(o.ctx)
		require.NoError(t, err)
		gone := o.saved(rulebook.Rule{Name: "y", Condition: desk.Condition{Subject: "y"}, Office: o.office["legale"]})
		require.NoError(t, o.Remove(o.admin, o.on(gone)))
		before := o.last()

		require.Equal(t, "ruleId", refused(t, o.Switch(o.admin, rulebook.On{Rule: config, Version: 0}, false), casework.Illegal))
		refused(t, o.Remove(o.admin, o.on(id)), casework.Illegal)
		refused(t, o.Switch(o.admin, o.on(id), true), casework.Already)
		refused(t, o.Switch(o.admin, rulebook.On{Rule: id, Version: 1}, false), casework.Stale)
		require.Equal(t, "version", refused(t, o.Switch(o.admin, rulebook.On{Rule: id}, false), casework.Invalid))
		require.Equal(t, "to", refused(t, o.Restore(o.admin, o.on(id), 9), casework.NotFound))
		require.Equal(t, "beforeId", refused(t, o.Move(o.admin, o.on(id), config), casework.NotFound))
		for _, none := range []int{gone, 99, -1} {
			require.Equal(t, "ruleId", refused(t, o.Remove(o.admin, rulebook.On{Rule: none, Version: 2}), casework.NotFound))
		}
		require.Equal(t, before, o.last())
	})
}

func TestRulesAreForAdministrators(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		id := o.saved(rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]})
		before := o.last()
		for name, p := range map[string]guard.Person{
			"sorter": {Sorter: true, Scopes: guard.All}, "auditor": {Auditor: true, Scopes: guard.All},
			"head": {Acts: []int{o.office["legale"]}, Heads: []int{o.office["legale"]}, Scopes: guard.All},
			"an administrator whose token reads only": {Administrator: true, Scopes: guard.Read | guard.Content},
		} {
			p.ID = o.people["anna"]
			ctx, r := o.as(p), rulebook.Rule{Name: "z", Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]}
			for what, do := range map[string]func() error{
				"save":    func() error { _, err := o.Save(ctx, rulebook.On{}, r); return err },
				"change":  func() error { _, err := o.Save(ctx, o.on(id), r); return err },
				"switch":  func() error { return o.Switch(ctx, o.on(id), true) },
				"remove":  func() error { return o.Remove(ctx, o.on(id)) },
				"move":    func() error { return o.Move(ctx, o.on(id), 0) },
				"restore": func() error { return o.Restore(ctx, o.on(id), 1) },
				"try":     func() error { _, err := o.Try(ctx, rulebook.Try{Rule: id, On: true, Last: 10}); return err },
			} {
				require.Empty(t, refused(t, do(), casework.Forbidden), "%s: %s", name, what)
			}
		}
		require.Equal(t, before, o.last())
	})
}

// The configuration and people keep their rules apart, even of one name.
func TestTheConfigurationLeavesPeoplesRulesAlone(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		id := o.switched(rulebook.Rule{Name: "ricorsi", Priority: 5, Condition: desk.Condition{Subject: "ricorso"}, Office: o.office["legale"]})
		was := o.rule(id)
		s := configured()
		s.Rules = []desk.RuleSetting{{Name: "ricorsi", Priority: 90, Condition: desk.Condition{Subject: "ricorso"}, Office: "edilizia"}}
		s.Deadlines = []desk.DeadlineSetting{{Kind: "answer", Rule: "ricorsi", Amount: deadline.Amount{N: 5, Unit: deadline.WorkingDays}}}
		require.NoError(t, o.desk.Configure(o.ctx, s))
		require.NoError(t, o.desk.Configure(o.ctx, s))
		require.Equal(t, was.String(), o.rule(id).String())
		require.Equal(t, "legale", o.placed(o.comes(letter{box: protocollo, from: "a@x.example", subject: "ricorso"})))
		require.Empty(t, o.placed(o.comes(letter{box: protocollo, from: "a@x.example", subject: "fattura"})), "that of the configuration is off")
		two, err := o.Client.RoutingRule.Query().Where(routingrule.Name("ricorsi")).Count(o.ctx)
		require.NoError(t, err)
		require.Equal(t, 2, two)
	})
}

// TestRulesStandWhereTheyArePut: whatever is moved before whatever, the order is
// that of a list in which the same is done, and each has a place of its own.
func TestRulesStandWhereTheyArePut(t *testing.T) {
	seed := storetest.Seed(t)
	each(t, func(t *testing.T, o *hall) {
		luck := rand.New(rand.NewPCG(seed, 2))
		var model []int
		for i := range 6 {
			model = append(model, o.saved(rulebook.Rule{Name: fmt.Sprint("r", i), Priority: 10 * (i / 2), Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]}))
		}
		for range 40 {
			id := model[luck.IntN(len(model))]
			model = slices.DeleteFunc(model, func(x int) bool { return x == id })
			at := luck.IntN(len(model) + 1)
			before := 0
			if at < len(model) {
				before = model[at]
			}
			require.NoError(t, o.Move(o.admin, o.on(id), before))
			model = slices.Insert(model, at, id)
			is, err := o.Client.RoutingRule.Query().Where(rulebook.There, routingrule.OriginEQ(routingrule.OriginPeople)).
				Order(routingrule.ByPriority(), routingrule.ByTurn()).IDs(o.ctx)
			require.NoError(t, err)
			require.Equal(t, model, is, "seed %d", seed)
		}
	})
}

// Of many who change a rule that they saw alike, one does.
func TestOneOfManyChangesARule(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		id := o.saved(rulebook.Rule{Name: "x", Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]})
		on := o.on(id)
		var all sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			all.Go(func() {
				_, results[i] = o.Save(o.admin, on, rulebook.Rule{Name: fmt.Sprint("x", i), Condition: desk.Condition{Subject: "x"}, Office: o.office["legale"]})
			})
		}
		all.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
				continue
			}
			refused(t, err, casework.Stale)
		}
		require.Equal(t, 1, done)
		require.Len(t, o.rule(id).Edges.Versions, 2)
	})
}

func TestSentences(t *testing.T) {
	for want, c := range map[string]desk.Condition{
		"se l'oggetto contiene «fattur*», allora a Tributi": {Subject: "fattur*"},
		"se la casella è «a@b» e il mittente è «@x.it» e il testo contiene «y» e c'è un allegato «.pdf», allora a Tributi": {
			Mailbox: "a@b", Sender: "@x.it", Text: "y", Attachment: ".pdf",
		},
		"se l'oggetto contiene «a» o il testo contiene «b», allora a Tributi": {Any: []desk.Condition{{Subject: "a"}, {Text: "b"}}},
		"se il mittente è «@x» e (l'oggetto contiene «a» o (il testo contiene «b» e non c'è un allegato «.exe»)), allora a Tributi": {
			Sender: "@x", Any: []desk.Condition{{Subject: "a"}, {Text: "b", Not: &desk.Condition{Attachment: ".exe"}}},
		},
		"se non (l'oggetto contiene «a» o l'oggetto contiene «b»), allora a Tributi": {Not: &desk.Condition{Any: []desk.Condition{{Subject: "a"}, {Subject: "b"}}}},
		"se l'oggetto contiene «a» e il testo contiene «b», allora a Tributi":        {All: []desk.Condition{{Subject: "a"}, {Text: "b"}}},
	} {
		require.Equal(t, want, rulebook.Sentence(c, "Tributi", true))
	}
	require.Equal(t, "if the subject contains «a» or the text contains «b», then to Tributi",
		rulebook.Sentence(desk.Condition{Any: []desk.Condition{{Subject: "a"}, {Text: "b"}}}, "Tributi", false))
}
