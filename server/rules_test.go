package server

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

const saveRule = `mutation($i: RuleSaveInput!) { ruleSave(input: $i) { clientMutationId
	rule { id name sentence condition { source } office { code } priority state origin version hits lastHitAt removedAt history { number how on author { name } } }
	userErrors { __typename message path code } } }`

type ruleShown struct {
	ID, Name, Sentence, State, Origin string
	Condition                         struct{ Source string }
	Version, Hits                     int
	History                           []struct {
		Number int
		How    string
		On     bool
	}
}

// ruleAnswer is what a command on a rule is answered.
type ruleAnswer struct {
	Rule       *ruleShown
	UserErrors []struct {
		Typename string `json:"__typename"`
		Message  string
		Path     []string
		Code     string
	}
}

func (w *world) command(query, name string, variables map[string]any) ruleAnswer {
	w.t.Helper()
	var data map[string]ruleAnswer
	require.NoError(w.t, json.Unmarshal([]byte(w.get(query, variables)), &data))
	return data[name]
}

// TestConditionsAsSaidOverTheAPI: what is written is what comes back, as the
// configuration would have it, and asks for what it says.
func TestConditionsAsSaidOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes := w.office("tributi")
	w.mailbox("protocollo@comune.example", nil)
	facts := desk.Facts{
		Mailbox: "protocollo@comune.example", Sender: "mario@studio.example", Subject: "Ricorso n. 12/2026", Text: "Si trasmette la SCIA.",
		Attachments: []desk.File{{Name: "atto.pdf", MediaType: "application/pdf"}},
	}
	for i, tt := range []struct {
		said, kept string
		holds      bool
	}{
		{`{mailbox: "protocollo@comune.example"}`, `{"mailbox":"protocollo@comune.example"}`, true},
		{`{sender: "@studio.example"}`, `{"sender":"@studio.example"}`, true},
		{`{sender: "@altro.example"}`, `{"sender":"@altro.example"}`, false},
		{`{subject: "RICORSO n"}`, `{"subject":"RICORSO n"}`, true},
		{`{subject: "ricor"}`, `{"subject":"ricor"}`, false},
		{`{subject: "ricor*", text: null}`, `{"subject":"ricor*"}`, true},
		{`{text: "scia"}`, `{"text":"scia"}`, true},
		{`{attachment: ".pdf"}`, `{"attachment":".pdf"}`, true},
		{`{attachment: "image/*"}`, `{"attachment":"image/*"}`, false},
		{`{not: {subject: "fattura"}}`, `{"not":{"subject":"fattura"}}`, true},
		{`{all: [{subject: "ricorso"}, {text: "cila"}]}`, `{"all":[{"subject":"ricorso"},{"text":"cila"}]}`, false},
		{`{any: [{subject: "cila"}, {text: "scia", not: {attachment: ".exe"}}]}`, `{"any":[{"subject":"cila"},{"not":{"attachment":".exe"},"text":"scia"}]}`, true},
	} {
		query := fmt.Sprintf(`mutation { ruleSave(input: {rule: {name: "r%d", officeId: %q, condition: %s}}) { rule { id sentence condition { source } state origin version } userErrors { message path } } }`,
			i, idOf("Office", taxes.ID), tt.said)
		a := w.command(query, "ruleSave", nil)
		require.Empty(t, a.UserErrors, tt.said)
		require.Equal(t, []any{"DRAFT", "PEOPLE", 1}, []any{a.Rule.State, a.Rule.Origin, a.Rule.Version})
		require.Equal(t, tt.kept, a.Rule.Condition.Source)
		require.Contains(t, a.Rule.Sentence, "Ufficio tributi")
		c, err := desk.ParseCondition([]byte(a.Rule.Condition.Source))
		require.NoError(t, err)
		require.Equal(t, tt.holds, desk.Prepare(facts).Holds(c), tt.said)
	}
}

// TestTheLifeOfARuleByTheAPI, from a draft to its history.
func TestTheLifeOfARuleByTheAPI(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		start := w.head()
		rule := map[string]any{"name": "Ricorsi", "officeId": idOf("Office", taxes.ID), "condition": map[string]any{"subject": "ricorso"}}
		a := w.command(saveRule, "ruleSave", map[string]any{"i": map[string]any{"rule": rule}})
		require.Empty(t, a.UserErrors)
		id := a.Rule.ID

		rule["condition"] = map[string]any{"any": []any{map[string]any{"subject": "x"}, map[string]any{"sender": "studio"}}}
		a = w.command(saveRule, "ruleSave", map[string]any{"i": map[string]any{"ruleId": id, "version": 1, "rule": rule}})
		require.Equal(t, []string{"rule", "condition", "any", "1", "sender"}, a.UserErrors[0].Path)
		require.Equal(t, "INVALID", a.UserErrors[0].Code)

		const command = `mutation($id: ID!, $v: Int!) { %s { rule { id state version history { number how on } } userErrors { __typename path code } } }`
		do := func(name, call string, version int) ruleAnswer {
			return w.command(fmt.Sprintf(command, call), name, map[string]any{"id": id, "v": version})
		}
		require.Equal(t, "ON", do("ruleSwitch", "ruleSwitch(input: {ruleId: $id, version: $v, on: true})", 1).Rule.State)
		stale := do("ruleSwitch", "ruleSwitch(input: {ruleId: $id, version: $v, on: false})", 1)
		require.Equal(t, []any{"StaleRuleError", "STALE"}, []any{stale.UserErrors[0].Typename, stale.UserErrors[0].Code})
		require.Equal(t, "ILLEGAL", do("ruleRemove", "ruleRemove(input: {ruleId: $id, version: $v})", 2).UserErrors[0].Code)
		require.Equal(t, 3, do("ruleMove", "ruleMove(input: {ruleId: $id, version: $v})", 2).Rule.Version)
		require.Equal(t, 4, do("ruleRestore", "ruleRestore(input: {ruleId: $id, version: $v, to: 1})", 3).Rule.Version)
		require.Equal(t, "OFF", do("ruleSwitch", "ruleSwitch(input: {ruleId: $id, version: $v, on: false})", 4).Rule.State)
		gone := do("ruleRemove", "ruleRemove(input: {ruleId: $id, version: $v})", 5)
		require.Len(t, gone.Rule.History, 6)
		require.Equal(t, []any{6, "removed", "added"}, []any{gone.Rule.History[0].Number, gone.Rule.History[0].How, gone.Rule.History[5].How})

		require.JSONEq(t, `{"rules":[]}`, w.get(`{ rules { id } }`, nil))
		require.JSONEq(t, `{"node":{"name":"Ricorsi","state":"OFF"}}`, w.get(`query($id: ID!) { node(id: $id) { ... on Rule { name state } } }`, map[string]any{"id": id}))
		require.JSONEq(t, `{"events":{"nodes":[{"how":"added","reason":"Ricorsi","version":1,"rule":{"id":"`+id+`"}},{"how":"on","reason":"Ricorsi","version":2,"rule":{"id":"`+id+`"}},
			{"how":"moved","reason":"Ricorsi","version":3,"rule":{"id":"`+id+`"}},{"how":"restored","reason":"Ricorsi","version":4,"rule":{"id":"`+id+`"}},
			{"how":"off","reason":"Ricorsi","version":5,"rule":{"id":"`+id+`"}},{"how":"removed","reason":"Ricorsi","version":6,"rule":{"id":"`+id+`"}}]}}`,
			w.get(`query($after: Cursor) { events(first: 20, after: $after, filter: {kinds: [RULE_CHANGED]}) { nodes { ... on RuleChanged { how reason version rule { id } } } } }`, map[string]any{"after": start}))
	})
}

// putRule writes a rule as the configuration does, and the case that it routed.
func (w *world) putRule(name string, office *ent.Office, of *ent.CaseFile) (row *ent.RoutingRule) {
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		row = tx.RoutingRule.Create().SetName(name).SetCondition(json.RawMessage(`{"subject":"istanza"}`)).SetOffice(office).SetHits(1).SaveX(ctx)
		if of != nil {
			tx.CaseFile.UpdateOne(of).SetRuleID(row.ID).ExecX(ctx)
		}
		return nil
	})
	return row
}

// TestWhoSeesRules: the rules are for those who manage, sort and audit; what they
// said before for the first and the last; commands and trials for the first.
func TestWhoSeesRules(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		file, _ := w.arrives(w.mailbox("tributi@comune.example", taxes), taxes, 0)
		w.putRule("istanze", taxes, file)
		a := w.command(saveRule, "ruleSave", map[string]any{"i": map[string]any{"rule": map[string]any{
			"name": "Ricorsi", "officeId": idOf("Office", taxes.ID), "condition": map[string]any{"subject": "ricorso"}, "priority": 200,
		}}})
		require.Empty(t, a.UserErrors)
		for name, who := range map[string]struct {
			roles          staff.Roles
			rules, history int
			trial          bool
		}{
			"administrator": {staff.Roles{Administrator: true}, 2, 1, true},
			"auditor":       {staff.Roles{Auditor: true}, 2, 1, false},
			"sorter":        {staff.Roles{Sorter: true}, 2, 0, false},
			"nobody":        {staff.Roles{}, 0, 0, false},
		} {
			id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: name + "@comune.example", Name: name, Roles: who.roles})
			require.NoError(t, err)
			all := w.token
			w.token = w.tokenOf(id)
			var seen struct {
				Rules        []ruleShown
				CaseByNumber *struct{ Rule *ruleShown }
				RuleTrial    struct {
					Trial      *struct{ Looked int }
					UserErrors []struct{ Code string }
				}
			}
			require.NoError(t, json.Unmarshal([]byte(w.get(`query($id: ID!) { rules { name origin state hits history { number } }
				caseByNumber(number: "2026/000001") { rule { name hits } }
				ruleTrial(input: {ruleId: $id, last: 10}) { trial { looked moves { from { code } to { code } count } cases { case { subject } } overshadowedBy { rule { name } } } userErrors { code } } }`,
				map[string]any{"id": a.Rule.ID})), &seen))
			w.token = all
			require.Len(t, seen.Rules, who.rules, name)
			if who.rules > 0 {
				require.Equal(t, []any{"istanze", "CONFIGURATION", "ON", 1}, []any{seen.Rules[0].Name, seen.Rules[0].Origin, seen.Rules[0].State, seen.Rules[0].Hits})
				require.Len(t, seen.Rules[1].History, who.history, name)
			}
			require.Equal(t, name == "sorter" || name == "auditor", seen.CaseByNumber != nil, name)
			if seen.CaseByNumber != nil {
				require.Equal(t, "istanze", seen.CaseByNumber.Rule.Name)
			}
			require.Equal(t, who.trial, seen.RuleTrial.Trial != nil, name)
			if !who.trial {
				require.Equal(t, "FORBIDDEN", seen.RuleTrial.UserErrors[0].Code)
			}
		}
		row, err := w.db.Client().RoutingRule.Query().Where(routingrule.Name("istanze")).Only(w.ctx())
		require.NoError(t, err)
		require.True(t, row.Enabled)
	})
}

// TestATrialByTheAPI, with everything that it names.
func TestATrialByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes, legal := w.office("tributi"), w.office("legale")
	box := w.mailbox("protocollo@comune.example", taxes)
	file, mail := w.arrives(box, taxes, 0)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry { // as a desk opens it
		tx.Message.UpdateOne(mail).ClearCase().ExecX(ctx)
		file = tx.CaseFile.Create().SetNumber("2026/000009").SetOpenedBy("mail:" + mail.Digest).SetSubject("Istanza 1").SetRouteReason("-").
			SetReceivedAt(noon).SetChangedAt(noon).SetOffice(taxes).SetStatus("TO_ASSIGN").SaveX(ctx)
		tx.Message.UpdateOne(mail).SetCaseID(file.ID).ExecX(ctx)
		return nil
	})
	w.putRule("istanze", taxes, nil)
	rule := func(priority int) map[string]any {
		return map[string]any{"i": map[string]any{"last": 5, "rule": map[string]any{
			"name": "prova", "priority": priority, "officeId": idOf("Office", legal.ID), "condition": map[string]any{"sender": "@pec.example"},
		}}}
	}
	const query = `query($i: RuleTrialInput!) { ruleTrial(input: $i) { userErrors { path } trial { asked looked cut untold taken moved
		moves { from { code } to { name code } count } cases { case { number subject } receivedAt from { code } to { code } why } overshadowedBy { rule { name } count } } } }`
	require.JSONEq(t, `{"ruleTrial":{"userErrors":[],"trial":{"asked":5,"looked":1,"cut":false,"untold":false,"taken":1,"moved":1,
		"moves":[{"from":{"code":"tributi"},"to":{"name":"Ufficio legale","code":"legale"},"count":1}],
		"cases":[{"case":{"number":"2026/000009","subject":"Istanza 1"},"receivedAt":"2026-11-20T12:00:00.000Z","from":{"code":"tributi"},"to":{"code":"legale"},"why":"regola «prova»: a Ufficio legale"}],
		"overshadowedBy":[]}}}`, w.get(query, rule(1)))
	require.JSONEq(t, `{"ruleTrial":{"userErrors":[],"trial":{"asked":5,"looked":1,"cut":false,"untold":false,"taken":0,"moved":0,"moves":[],"cases":[],
		"overshadowedBy":[{"rule":{"name":"istanze"},"count":1}]}}}`, w.get(query, rule(200)))
	require.JSONEq(t, `{"ruleTrial":{"userErrors":[{"path":["last"]}],"trial":null}}`,
		w.get(query, map[string]any{"i": map[string]any{"last": 2001, "rule": rule(1)["i"].(map[string]any)["rule"]}}))
}

// TestStatementsDoNotGrowWithRules: one for each edge.
func TestStatementsDoNotGrowWithRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes := w.office("tributi")
	m := w.meter()
	n := 0
	write := func(count int) {
		for range count {
			n++
			a := w.command(saveRule, "ruleSave", map[string]any{"i": map[string]any{"rule": map[string]any{
				"name": fmt.Sprint("r", n), "officeId": idOf("Office", taxes.ID), "condition": map[string]any{"subject": "x"},
			}}})
			require.Empty(t, a.UserErrors)
		}
	}
	const query = `{ rules { name sentence hits condition { subject any { text } } office { code } assignee { name } history { number author { name } office { name } assignee { name } } } }`
	write(1)
	_, few := m.ask(query)
	write(10)
	data, many := m.ask(query)
	require.Greater(t, len(data), 1000)
	require.Equal(t, few, many)
	require.Equal(t, int64(5), many) // nobody is an assignee
}
