package server

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/staff"
)

// TestTheDeskIsToldWhereACaseMayBelong: what an office worked in the end is
// suggested for the sender's next PEC, to the desk and nobody else.
func TestTheDeskIsToldWhereACaseMayBelong(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		desk, sorter := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
		head, headID := w.someone("capo", staff.Roles{}, taxes, membership.RoleHead)
		named, namedID := w.someone("indicata", staff.Roles{}, nil, "")
		box := w.mailbox("protocollo@comune.example", nil)
		first, _ := w.arrives(box, nil, 0)
		next, _ := w.arrives(box, nil, 0)
		asks := func(as *world, c *ent.CaseFile) string {
			return as.get(`query($n: String!) { caseByNumber(number: $n) { suggestedOffices { reason count of office { code } } } viewer { frequentOffices { code } } }`,
				map[string]any{"n": c.Number})
		}
		require.JSONEq(t, `{"caseByNumber":{"suggestedOffices":[]},"viewer":{"frequentOffices":[]}}`, asks(desk, next))
		before := time.Now().Add(-time.Minute)
		require.Empty(t, desk.tell("caseSort", caseAt(first, 1)+fmt.Sprintf(`, officeId: %q`, idOf("Office", taxes.ID))).UserErrors)
		require.JSONEq(t, `{"caseByNumber":{"suggestedOffices":[{"reason":"OFTEN","count":1,"of":1,"office":{"code":"tributi"}}]},"viewer":{"frequentOffices":[{"code":"tributi"}]}}`,
			asks(desk, next), "it may come back yet")
		require.Empty(t, head.tell("caseAssign", caseAt(first, 2)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", headID))).UserErrors)
		require.JSONEq(t, `{"caseByNumber":{"suggestedOffices":[{"reason":"SENDER","count":1,"of":1,"office":{"code":"tributi"}}]},"viewer":{"frequentOffices":[{"code":"tributi"}]}}`,
			asks(desk, next))
		require.JSONEq(t, `{"caseByNumber":{"suggestedOffices":[]},"viewer":{"frequentOffices":[{"code":"tributi"}]}}`, asks(desk, first), "it waits no longer")

		require.Empty(t, desk.tell("caseReserve", caseAt(next, 1)+fmt.Sprintf(`, readerIds: [%q]`, idOf("User", namedID))).UserErrors)
		require.JSONEq(t, `{"caseByNumber":{"suggestedOffices":[]},"viewer":{"frequentOffices":[]}}`, asks(named, next), "who is no sorter is told nothing")
		require.JSONEq(t, `{"caseByNumber":null,"viewer":{"frequentOffices":[]}}`, asks(head, next))

		counts := func(as *world, filter string) string { return as.get(`{ caseCount(filter: {`+filter+`}) }`, nil) }
		for filter, want := range map[string]int{
			fmt.Sprintf("sortedFrom: %q", before.Format(time.RFC3339)): 1,
			fmt.Sprintf("sortedByIds: [%q]", idOf("User", sorter)):     1,
			fmt.Sprintf("sortedByIds: [%q]", idOf("User", headID)):     0,
			`sortedFrom: "2100-01-01T00:00:00Z"`:                       0,
			"doubtful: false":                                          1,
			"doubtful: true":                                           0,
		} {
			require.JSONEq(t, fmt.Sprintf(`{"caseCount":%d}`, want), counts(desk, filter), filter)
		}
		w.change(func(ctx context.Context, tx *ent.Tx) {
			tx.CaseFile.Create().SetNumber("2026/900000").SetOpenedBy("mail:x").SetRouteReason("prova").SetReceivedAt(noon).SetChangedAt(noon).SaveX(ctx)
		})
		require.JSONEq(t, `{"caseCount":1}`, counts(desk, "doubtful: true"))
		require.JSONEq(t, `{"caseCount":0}`, counts(head, "doubtful: true"))

		again, _ := w.arrives(box, nil, 0)
		require.JSONEq(t, `{"caseCount":2}`, counts(desk, "senderKnown: true"), "an office has the first one of that sender")
		require.JSONEq(t, `{"caseCount":1}`, counts(desk, "senderKnown: false"), "the one without a sender")
		require.JSONEq(t, `{"caseCount":0}`, counts(head, "senderKnown: true"))
		require.JSONEq(t, `{"caseCount":0}`, counts(named, "senderKnown: true"), "who is no sorter is told nothing")
		w.change(func(ctx context.Context, tx *ent.Tx) { tx.CaseFile.UpdateOne(again).SetRepeated(true).ExecX(ctx) })
		require.JSONEq(t, `{"caseCount":1}`, counts(desk, "repeated: true"))
		require.JSONEq(t, `{"caseCount":0}`, counts(named, "repeated: true"))
		repeated := `query($n: String!) { caseByNumber(number: $n) { repeated } }`
		require.JSONEq(t, `{"caseByNumber":{"repeated":true}}`, desk.get(repeated, map[string]any{"n": again.Number}))
		require.JSONEq(t, `{"caseByNumber":{"repeated":null}}`, desk.get(repeated, map[string]any{"n": first.Number}), "it went")
	})
}

// TestWhoHasACaseOpenIsSeen by those who read it, at once and in a subscription;
// who sees movements hears that somebody looked, and not who does.
func TestWhoHasACaseOpenIsSeen(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		one, _ := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
		two, _ := w.someone("collega", staff.Roles{Sorter: true}, nil, "")
		auditor, _ := w.someone("revisore", staff.Roles{Auditor: true}, nil, "")
		c, _ := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)
		question, after := `subscription($after: Cursor) { events(after: $after) { ... on CaseChanged { kind case { number } people { name } } } }`, map[string]any{"after": w.head()}
		desk, audit := two.listener(), auditor.listener()
		desk.subscribe("1", question, after)
		audit.subscribe("1", question, after)
		look := func(as *world, command string) []string {
			told := as.tell(command, fmt.Sprintf(`caseId: %q`, idOf("Case", c.ID)))
			var codes []string
			for _, e := range told.UserErrors {
				codes = append(codes, e.Code)
			}
			return codes
		}
		hears := func(people string) {
			said := `{"events":{"kind":"CASE_LOOKED_AT","case":{"number":"` + c.Number + `"},"people":`
			require.JSONEq(t, said+people+`}}`, desk.data("1"))
			require.JSONEq(t, said+`[]}}`, audit.data("1"), "the auditor sees movements")
		}
		require.Empty(t, look(one, "caseLookAt"))
		hears(`[{"name":"smista"}]`)
		require.Empty(t, look(one, "caseLookAt"), "of which nothing is told")
		require.Empty(t, look(two, "caseLookAt"))
		hears(`[{"name":"smista"},{"name":"collega"}]`)
		require.Equal(t, []string{"FORBIDDEN"}, look(auditor, "caseLookAt"))
		seen := `query($n: String!) { caseByNumber(number: $n) { lookers { name } } }`
		require.JSONEq(t, `{"caseByNumber":{"lookers":[{"name":"smista"},{"name":"collega"}]}}`, one.get(seen, map[string]any{"n": c.Number}))
		require.JSONEq(t, `{"caseByNumber":{"lookers":[]}}`, auditor.get(seen, map[string]any{"n": c.Number}))
		require.Empty(t, look(one, "caseLookAway"))
		hears(`[{"name":"collega"}]`)
		_, err := w.deps.Work.EndLooks(w.ctx(), time.Now().Add(time.Minute).UTC(), 10)
		require.NoError(t, err)
		hears(`[]`)
	})
}
