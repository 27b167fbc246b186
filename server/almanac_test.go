package server

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// settingAnswer is what a command on a setting is answered.
type settingAnswer struct {
	Deadline, Closure, Patron *struct {
		ID, Amount, Name, From, To, Day, Origin string
		Version                                 int
		Holds                                   bool
		Office                                  *struct{ Code string }
	}
	UserErrors []struct {
		Typename       string `json:"__typename"`
		Code           string
		Message        string
		Path           []string
		CurrentVersion int
	}
	ClientMutationID string
}

// settingOf is what of each thing is asked for.
var settingOf = map[string]string{
	"Deadline": "deadline { id amount origin version holds office { code } }",
	"Closure":  "closure { id name from to origin version office { code } }",
	"Patron":   "patron { day origin version holds office { code } }",
}

// setting gives a command on a setting.
func (w *world) setting(thing, verb string, input map[string]any) settingAnswer {
	w.t.Helper()
	name := map[string]string{"Deadline": "deadline", "Closure": "closure", "Patron": "patron"}[thing] + verb
	var data map[string]settingAnswer
	query := fmt.Sprintf(`mutation($i: %s%sInput!) { %s(input: $i) { %s clientMutationId
		userErrors { __typename code message path ... on StaleSettingError { currentVersion } } } }`, thing, verb, name, settingOf[thing])
	require.NoError(w.t, json.Unmarshal([]byte(w.get(query, map[string]any{"i": input})), &data))
	return data[name]
}

// TestAClosureByTheAPI, from the first word to the last, with what a term comes to by it.
func TestAClosureByTheAPI(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		of := idOf("Office", taxes.ID)
		due := func() string {
			return w.get(fmt.Sprintf(`{ deadlinePreview(start: "2026-12-04T10:00:00Z", amount: "2 working days", officeId: %q) { dueAt } }`, of), nil)
		}
		require.Contains(t, due(), "2026-12-09T17:00")
		a := w.setting("Closure", "Set", map[string]any{"name": "Trasloco", "from": "2026-12-09", "to": "2026-12-10", "officeId": of, "clientMutationId": "x"})
		require.Empty(t, a.UserErrors)
		require.Equal(t, "x", a.ClientMutationID)
		require.Equal(t, []any{"PEOPLE", 1, "tributi"}, []any{a.Closure.Origin, a.Closure.Version, a.Closure.Office.Code})
		require.Contains(t, due(), "2026-12-11T17:00")
		require.Contains(t, w.get(fmt.Sprintf(`{ houseCalendar(year: 2026, officeId: %q) { date name } }`, of), nil), `{"date":"2026-12-09","name":"Trasloco"}`)

		id := a.Closure.ID
		a = w.setting("Closure", "Set", map[string]any{"closureId": id, "version": 1, "name": "Trasloco", "from": "2026-12-09", "to": "2026-12-08"})
		require.Equal(t, []string{"to"}, a.UserErrors[0].Path)
		a = w.setting("Closure", "Set", map[string]any{"closureId": id, "version": 1, "name": "Trasloco", "from": "2026-12-09"})
		require.Equal(t, []any{"2026-12-09", 2}, []any{a.Closure.To, a.Closure.Version})
		require.Contains(t, due(), "2026-12-10T17:00")
		stale := w.setting("Closure", "Remove", map[string]any{"closureId": id, "version": 1})
		require.Equal(t, []any{"StaleSettingError", "STALE", 2}, []any{stale.UserErrors[0].Typename, stale.UserErrors[0].Code, stale.UserErrors[0].CurrentVersion})
		require.Empty(t, w.setting("Closure", "Remove", map[string]any{"closureId": id, "version": 2}).UserErrors)
		require.Contains(t, due(), "2026-12-09T17:00")
		for _, wrong := range []string{"nonsense", idOf("Case", 1), idOf("Closure", 99)} {
			require.Equal(t, "NOT_FOUND", w.setting("Closure", "Remove", map[string]any{"closureId": wrong, "version": 1}).UserErrors[0].Code, wrong)
			a := w.setting("Closure", "Set", map[string]any{"name": "a", "from": "2026-12-09", "officeId": wrong})
			require.Equal(t, "INVALID", a.UserErrors[0].Code, "no office, and not the house: %s", wrong)
		}
	})
}

// TestWhatIsOfWhomIsListed: the configuration's and the people's, which of them
// holds, and what the register tells.
func TestWhatIsOfWhomIsListed(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
			tx.Office.UpdateOneID(taxes.ID).SetCalendar([]byte(`{"patron": "12-07", "closures": [{"from": "2026-12-09", "to": "2026-12-10", "name": "trasloco"}]}`)).ExecX(ctx)
			tx.DeadlinePolicy.Create().SetScope("office").SetScopeID(taxes.ID).SetKind("ANSWER").SetAmount("30 days").SaveX(ctx)
			return nil
		})
		start, of := w.head(), idOf("Office", taxes.ID)
		d := w.setting("Deadline", "Set", map[string]any{"kind": "ANSWER", "amount": "20 days", "officeId": of})
		require.Empty(t, d.UserErrors)
		require.Equal(t, []any{"20 days", "PEOPLE", 1, true, "tributi"}, []any{d.Deadline.Amount, d.Deadline.Origin, d.Deadline.Version, d.Deadline.Holds, d.Deadline.Office.Code})
		c := w.setting("Closure", "Set", map[string]any{"name": "Ponte", "from": "2026-12-07"})
		p := w.setting("Patron", "Set", map[string]any{"day": "12-06", "officeId": of})
		require.Equal(t, []any{"12-06", "PEOPLE", 1, "tributi"}, []any{p.Patron.Day, p.Patron.Origin, p.Patron.Version, p.Patron.Office.Code})

		require.JSONEq(t, `{"deadlines":[{"id":null,"amount":"30 days","origin":"CONFIGURATION","version":0,"holds":false,"office":{"code":"tributi"}},
				{"id":"`+d.Deadline.ID+`","amount":"20 days","origin":"PEOPLE","version":1,"holds":true,"office":{"code":"tributi"}}],
			"closures":[{"id":null,"name":"trasloco","from":"2026-12-09","to":"2026-12-10","origin":"CONFIGURATION","version":0,"office":{"code":"tributi"}},
				{"id":"`+c.Closure.ID+`","name":"Ponte","from":"2026-12-07","to":"2026-12-07","origin":"PEOPLE","version":1,"office":null}],
			"patrons":[{"day":"12-07","origin":"CONFIGURATION","version":0,"holds":false,"office":{"code":"tributi"}},
				{"day":"12-06","origin":"PEOPLE","version":1,"holds":true,"office":{"code":"tributi"}}]}`,
			w.get(`{ deadlines { id amount origin version holds office { code } } closures { id name from to origin version office { code } } patrons { day origin version holds office { code } } }`, nil))

		require.Empty(t, w.setting("Deadline", "Remove", map[string]any{"deadlineId": d.Deadline.ID, "version": 1}).UserErrors)
		require.Empty(t, w.setting("Patron", "Remove", map[string]any{"officeId": of, "version": 1}).UserErrors)
		require.JSONEq(t, `{"deadlines":[{"amount":"30 days","holds":true}],"patrons":[{"day":"12-07","holds":true}]}`,
			w.get(`{ deadlines { amount holds } patrons { day holds } }`, nil))
		require.JSONEq(t, `{"events":{"nodes":[
			{"kind":"DEADLINE_CHANGED","how":"added","term":"ANSWER","reason":"ufficio «Ufficio tributi»","from":"30 days","to":"20 days","version":1,"office":null},
			{"kind":"CLOSURE_CHANGED","how":"added","term":null,"reason":"Ponte","from":"","to":"2026-12-07/2026-12-07 Ponte","version":1,"office":null},
			{"kind":"PATRON_CHANGED","how":"added","term":null,"reason":"","from":"12-07","to":"12-06","version":1,"office":{"code":"tributi"}},
			{"kind":"DEADLINE_CHANGED","how":"removed","term":"ANSWER","reason":"ufficio «Ufficio tributi»","from":"20 days","to":"30 days","version":null,"office":null},
			{"kind":"PATRON_CHANGED","how":"removed","term":null,"reason":"","from":"12-06","to":"12-07","version":null,"office":{"code":"tributi"}}]}}`,
			w.get(`query($after: Cursor) { events(first: 20, after: $after, filter: {kinds: [DEADLINE_CHANGED, CLOSURE_CHANGED, PATRON_CHANGED]}) { nodes {
				... on CalendarChanged { kind how term reason from to version office { code } } } } }`, map[string]any{"after": start}))
	})
}

// TestOnlyAdministratorsKeepTheCalendar; everybody reads it.
func TestOnlyAdministratorsKeepTheCalendar(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		c := w.setting("Closure", "Set", map[string]any{"name": "Ponte", "from": "2026-12-07"})
		require.Empty(t, c.UserErrors)
		w.setting("Deadline", "Set", map[string]any{"kind": "ANSWER", "amount": "20 days"})
		all := w.token
		for name, roles := range map[string]staff.Roles{"sorter": {Sorter: true}, "auditor": {Auditor: true}, "nobody": {}} {
			id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: name + "@comune.example", Name: name, Roles: roles})
			require.NoError(t, err)
			w.token = w.tokenOf(id)
			for _, command := range []struct {
				thing, verb string
				input       map[string]any
			}{
				{"Closure", "Set", map[string]any{"name": "a", "from": "2026-12-09", "officeId": idOf("Office", taxes.ID)}},
				{"Closure", "Remove", map[string]any{"closureId": c.Closure.ID, "version": 1}},
				{"Deadline", "Set", map[string]any{"kind": "ANSWER", "amount": "2 days", "version": 1}},
				{"Deadline", "Remove", map[string]any{"deadlineId": idOf("DeadlinePolicy", 1), "version": 1}},
				{"Patron", "Set", map[string]any{"day": "12-06"}},
				{"Patron", "Remove", map[string]any{"version": 1}},
			} {
				a := w.setting(command.thing, command.verb, command.input)
				require.Len(t, a.UserErrors, 1)
				require.Equal(t, "FORBIDDEN", a.UserErrors[0].Code, "%s%s by %s", command.thing, command.verb, name)
			}
			require.Contains(t, w.get(`{ closures { name } patrons { day } }`, nil), "Ponte", name)
			require.Equal(t, name == "sorter", w.get(`{ deadlines { amount } }`, nil) != `{"deadlines":[]}`, name)
			w.token = all
		}
	})
}
