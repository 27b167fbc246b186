package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/staff"
)

// someone adds a person to a world, who is something in an office, and gives the
// world as that person reaches it.
func (w *world) someone(name string, roles staff.Roles, office *ent.Office, role membership.Role) (*world, int) {
	w.t.Helper()
	id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: name + "@comune.example", Name: name, Roles: roles})
	require.NoError(w.t, err)
	if office != nil {
		require.NoError(w.t, w.deps.Staff.AddMember(w.ctx(), staff.Member{User: id, Office: office.ID, Role: role}))
	}
	other := *w
	other.token = w.tokenOf(id)
	return &other, id
}

// told is what a command on a case is answered.
type told struct {
	Case *struct {
		Status  string
		Version int
		Office  *struct{ Code string }
	}
	UserErrors []struct {
		Type           string `json:"__typename"`
		Code, Message  string
		Path           []string
		CurrentVersion int
		Changes        []struct{ Kind, Actor string }
	}
	ClientMutationID string
}

// tell gives a command on a case.
func (w *world) tell(command, input string) told {
	w.t.Helper()
	var answer struct{ Told told }
	require.NoError(w.t, json.Unmarshal([]byte(w.get(`mutation { told: `+command+`(input: {`+input+`}) {
		case { status version office { code } } clientMutationId
		userErrors { __typename code message path ... on StaleCaseError { currentVersion changes { kind actor } } } } }`, nil)), &answer))
	return answer.Told
}

func caseAt(c *ent.CaseFile, version int) string {
	return fmt.Sprintf(`caseId: %q, version: %d`, idOf("Case", c.ID), version)
}

// TestACaseGoesItsWay from the desk to an office, to a person, to its end, each
// step by whom it belongs to.
func TestACaseGoesItsWay(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		desk, _ := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
		head, _ := w.someone("capo", staff.Roles{}, taxes, membership.RoleHead)
		operator, operatorID := w.someone("opera", staff.Roles{}, taxes, membership.RoleOperator)
		stranger, _ := w.someone("altri", staff.Roles{}, nil, "")
		c, _ := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)

		require.Equal(t, "NOT_FOUND", stranger.tell("caseTake", caseAt(c, 1)).UserErrors[0].Code)
		require.Equal(t, "NOT_FOUND", head.tell("caseTake", caseAt(c, 1)).UserErrors[0].Code, "the head does not see what the desk has")

		sorted := desk.tell("caseSort", caseAt(c, 1)+fmt.Sprintf(`, officeId: %q, note: "urgente", clientMutationId: "k1"`, idOf("Office", taxes.ID)))
		require.Empty(t, sorted.UserErrors)
		require.Equal(t, "k1", sorted.ClientMutationID)
		require.Equal(t, "tributi", sorted.Case.Office.Code)

		again := desk.tell("caseTakeBack", caseAt(c, 1))
		require.Equal(t, "StaleCaseError", again.UserErrors[0].Type)
		require.Equal(t, 2, again.UserErrors[0].CurrentVersion)
		require.Equal(t, "CASE_SORTED", again.UserErrors[0].Changes[0].Kind)
		require.Equal(t, "smista", again.UserErrors[0].Changes[0].Actor, "a stale command is told who changed what")

		given := head.tell("caseAssign", caseAt(c, 2)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", operatorID)))
		require.Empty(t, given.UserErrors)
		require.Equal(t, "IN_PROGRESS", given.Case.Status)
		require.Equal(t, "ILLEGAL", desk.tell("caseTakeBack", caseAt(c, 3)).UserErrors[0].Code, "work has begun")

		require.Equal(t, "INVALID", operator.tell("caseNote", fmt.Sprintf(`caseId: %q, text: "  "`, idOf("Case", c.ID))).UserErrors[0].Code)
		require.Empty(t, operator.tell("caseNote", fmt.Sprintf(`caseId: %q, text: "chiamato"`, idOf("Case", c.ID))).UserErrors)
		require.Equal(t, "CLOSED", operator.tell("caseClose", caseAt(c, 3)+`, outcome: NO_ANSWER_NEEDED`).Case.Status)

		seen := `query($n: String!) { caseByNumber(number: $n) { readable subject notes { nodes { text author { name } } } assignee { name email } status } }`
		require.JSONEq(t, `{"caseByNumber":{"readable":true,"subject":"Istanza 1","notes":{"nodes":[{"text":"chiamato","author":{"name":"opera"}}]},"assignee":{"name":"opera","email":null},"status":"CLOSED"}}`,
			head.get(seen, map[string]any{"n": c.Number}))
		require.JSONEq(t, `{"caseByNumber":{"readable":false,"subject":null,"notes":{"nodes":[]},"assignee":{"name":"opera","email":null},"status":"CLOSED"}}`,
			desk.get(seen, map[string]any{"n": c.Number}), "the desk sees the movements, and no content")
		require.JSONEq(t, `{"caseByNumber":null}`, stranger.get(seen, map[string]any{"n": c.Number}))
	})
}

// TestRefusalsSpeakTheLanguageOfTheReader.
func TestRefusalsSpeakTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, _ := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)
	body, err := json.Marshal(map[string]string{"query": `mutation { caseReturn(input: {` + caseAt(c, 1) + `}) { userErrors { message } } }`})
	require.NoError(t, err)
	for language, want := range map[string]string{"it": "nello stato attuale della pratica questo non si può fare", "en": "RETURN is not possible while the case is TO_SORT"} {
		_, answer := w.send("POST", "/graphql", string(body), "Content-Type", "application/json", "Accept-Language", language)
		require.Contains(t, answer, want)
	}
}

// TestManyCasesInOneCommand: each has an outcome of its own.
func TestManyCasesInOneCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes, box := w.office("tributi"), w.mailbox("protocollo@comune.example", nil)
	var cases []string
	for range 3 {
		c, _ := w.arrives(box, nil, 0)
		cases = append(cases, "{"+caseAt(c, 1)+"}")
	}
	cases[1] = strings.Replace(cases[1], "version: 1", "version: 9", 1)
	cases = append(cases, fmt.Sprintf(`{caseId: %q, version: 1}`, idOf("Case", 1<<30)))
	got := w.get(fmt.Sprintf(`mutation { casesBulk(input: {command: SORT, officeId: %q, cases: [%s]}) { userErrors { code } outcomes { done userErrors { code } } } }`,
		idOf("Office", taxes.ID), strings.Join(cases, " ")), nil)
	require.JSONEq(t, `{"casesBulk":{"userErrors":[],"outcomes":[{"done":true,"userErrors":[]},{"done":false,"userErrors":[{"code":"STALE"}]},
		{"done":true,"userErrors":[]},{"done":false,"userErrors":[{"code":"NOT_FOUND"}]}]}}`, got)
	seen := map[string]any{"caseId": idOf("Case", 1), "version": 1}
	for n, want := range map[int]string{501: `{"casesBulk":{"userErrors":[{"code":"INVALID"}],"outcomes":[]}}`, 500: `"ALREADY"`} {
		require.Contains(t, w.get(`mutation($c: [CaseAsSeen!]!) { casesBulk(input: {command: FOLLOW, cases: $c}) { userErrors { code } outcomes { userErrors { code } } } }`,
			map[string]any{"c": slices.Repeat([]any{seen}, n)}), want)
	}
}

// TestBoardsFollowTheWork: one question each, and live figures that are those of
// the cases.
func TestBoardsFollowTheWork(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes, box := w.office("tributi"), w.mailbox("protocollo@comune.example", nil)
		desk, _ := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
		head, _ := w.someone("capo", staff.Roles{}, taxes, membership.RoleHead)
		operator, operatorID := w.someone("opera", staff.Roles{}, taxes, membership.RoleOperator)
		a, _ := w.arrives(box, nil, 0)
		w.arrives(box, nil, 0)

		live := head.listener()
		live.subscribe("c", `subscription($o: ID) { counts(officeId: $o) { toAssign inProgress closed } }`, map[string]any{"o": idOf("Office", taxes.ID)})
		require.JSONEq(t, `{"counts":{"toAssign":0,"inProgress":0,"closed":0}}`, live.data("c"))
		desk.tell("caseSort", caseAt(a, 1)+fmt.Sprintf(`, officeId: %q`, idOf("Office", taxes.ID)))
		require.JSONEq(t, `{"counts":{"toAssign":1,"inProgress":0,"closed":0}}`, live.data("c"))
		head.tell("caseAssign", caseAt(a, 2)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", operatorID)))
		require.JSONEq(t, `{"counts":{"toAssign":0,"inProgress":1,"closed":0}}`, live.data("c"))

		require.JSONEq(t, `{"sortingBoard":{"counts":{"toSort":1,"toAssign":0,"inProgress":1},"byOffice":[{"office":{"code":"tributi"},"counts":{"inProgress":1}}],
			"byMailbox":[{"mailbox":{"address":"protocollo@comune.example"},"counts":{"toSort":1,"inProgress":1}}]}}`,
			desk.get(`{ sortingBoard { counts { toSort toAssign inProgress } byOffice { office { code } counts { inProgress } } byMailbox { mailbox { address } counts { toSort inProgress } } } }`, nil))
		board := `query($o: ID!) { officeBoard(officeId: $o) { office { code } counts { inProgress } byPerson { person { name } counts { inProgress } } } toDo { inProgress } sortingBoard { counts { toSort } } }`
		office := map[string]any{"o": idOf("Office", taxes.ID)}
		require.JSONEq(t, `{"officeBoard":{"office":{"code":"tributi"},"counts":{"inProgress":1},"byPerson":[{"person":{"name":"opera"},"counts":{"inProgress":1}}]},"toDo":{"inProgress":0},"sortingBoard":null}`, head.get(board, office))
		require.Contains(t, operator.get(board, office), `"toDo":{"inProgress":1}`)

		other := w.office("altro")
		require.JSONEq(t, `{"officeBoard":null}`, head.get(`query($o: ID!) { officeBoard(officeId: $o) { counts { closed } } }`, map[string]any{"o": idOf("Office", other.ID)}))
		refused := head.listener()
		refused.subscribe("x", `subscription($o: ID) { counts(officeId: $o) { closed } }`, map[string]any{"o": idOf("Office", other.ID)})
		require.Contains(t, refused.ended("x"), "FORBIDDEN")
	})
}

// TestWhoLeavesAnOfficeHearsNoMore, on the socket that is open, from the commit on.
func TestWhoLeavesAnOfficeHearsNoMore(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		box := w.mailbox("tributi@comune.example", taxes)
		operator, id := w.someone("opera", staff.Roles{}, taxes, membership.RoleOperator)
		live, figures := operator.listener(), operator.listener()
		live.subscribe("e", `subscription($after: Cursor) { events(after: $after) { __typename ... on CaseOpened { case { number } } } }`,
			map[string]any{"after": w.head()}) // without a cursor it would begin when the server comes to it
		figures.subscribe("c", `subscription($o: ID) { counts(officeId: $o) { toAssign } }`, map[string]any{"o": idOf("Office", taxes.ID)})
		figures.data("c")
		first, _ := w.arrives(box, taxes, 0)
		for {
			if e := live.data("e"); strings.Contains(e, "CaseOpened") {
				require.Contains(t, e, first.Number)
				break
			}
		}
		require.NoError(t, w.deps.Staff.RemoveMember(w.ctx(), staff.Member{User: id, Office: taxes.ID, Role: membership.RoleOperator}))
		second, _ := w.arrives(box, taxes, 0)
		w.write(func(context.Context, *ent.Tx) []event.Entry {
			return []event.Entry{{Kind: event.UserChanged, Person: id, Details: event.Details{Reason: "ultimo"}}}
		})
		for {
			e := live.data("e")
			require.NotContains(t, e, second.Number)
			require.NotContains(t, e, "MessageReceived")
			require.NotContains(t, e, "CaseOpened")
			if strings.Contains(e, "PersonChanged") && !strings.Contains(e, "MemberRemoved") {
				break
			}
		}
		require.Contains(t, figures.ended("c"), "FORBIDDEN")
	})
}

// TestReadingIsAMovement: once, for each way of reading, and not for looking at
// what a PEC is.
func TestReadingIsAMovement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk, id := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
	_, m := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 1)
	read := func() []string {
		var ways []string
		for _, e := range w.db.Client().Event.Query().Where(entevent.Kind(string(event.ContentRead))).Order(entevent.ByID()).AllX(w.ctx()) {
			require.Equal(t, fmt.Sprintf("person:%d", id), e.Actor)
			require.Equal(t, m.ID, *e.MessageID)
			told, err := event.FromRow(e)
			require.NoError(t, err)
			ways = append(ways, told.Details.Reason)
		}
		return ways
	}
	desk.get(`{ messages { nodes { subject kind attachments { nodes { name } } } } }`, nil)
	require.Empty(t, read())
	for range 2 {
		desk.get(`{ messages { nodes { text } } }`, nil)
	}
	require.Equal(t, []string{"text"}, read())
	for range 2 {
		desk.send(http.MethodGet, graph.OriginalPath(m.Digest), "")
		desk.send(http.MethodGet, graph.AttachmentPath(w.db.Client().Attachment.Query().OnlyIDX(w.ctx())), "")
	}
	require.Equal(t, []string{"text", "original", "attachment"}, read())
}

// TestAListOfSeveralOfficesIsThatOfEach, put together in order, page after page.
func TestAListOfSeveralOfficesIsThatOfEach(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		box := w.mailbox("protocollo@comune.example", nil)
		var ids, want []string
		offices := []*ent.Office{w.office("a"), w.office("b"), w.office("c")}
		for _, o := range offices[:2] {
			ids = append(ids, idOf("Office", o.ID))
		}
		for i := range 20 {
			c, _ := w.arrives(box, offices[i%3], 0)
			if i%3 < 2 {
				want = append(want, c.Number)
			}
		}
		var got []string
		after := any(nil)
		for more := true; more; {
			var page struct {
				Cases struct {
					Nodes    []struct{ Number string }
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			require.NoError(t, json.Unmarshal([]byte(w.get(`query($o: [ID!], $a: Cursor) { cases(first: 3, after: $a, filter: {officeIds: $o, statuses: [TO_ASSIGN, IN_PROGRESS]}, orderBy: {field: RECEIVED_AT, direction: ASC}) {
				nodes { number } pageInfo { hasNextPage endCursor } } }`, map[string]any{"o": ids, "a": after})), &page))
			for _, n := range page.Cases.Nodes {
				got = append(got, n.Number)
			}
			more, after = page.Cases.PageInfo.HasNextPage, page.Cases.PageInfo.EndCursor
		}
		require.Equal(t, want, got)
	})
}

// TestAnAbsenceIsPlannedByOneself, and shows with the person.
func TestAnAbsenceIsPlannedByOneself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taxes := w.office("tributi")
	operator, id := w.someone("opera", staff.Roles{}, taxes, membership.RoleOperator)
	_, delegate := w.someone("sostituta", staff.Roles{}, taxes, membership.RoleOperator)
	plan := func(who string) string {
		at := time.Now().UTC()
		return operator.get(fmt.Sprintf(`mutation { absencePlan(input: {delegateId: %q, from: %q, until: %q %s}) { userErrors { code path } } }`,
			idOf("User", delegate), at.Add(time.Hour).Format(time.RFC3339), at.Add(48*time.Hour).Format(time.RFC3339), who), nil)
	}
	require.Contains(t, plan(fmt.Sprintf(", userId: %q", idOf("User", delegate))), "INVALID", "nobody stands in for himself")
	require.JSONEq(t, `{"absencePlan":{"userErrors":[]}}`, plan(""))
	require.Contains(t, operator.get(fmt.Sprintf(`{ node(id: %q) { ... on User { absences { state delegate { name } } } } }`, idOf("User", id)), nil), `"PLANNED"`)
}
