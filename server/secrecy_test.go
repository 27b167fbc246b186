//go:build !race

package server

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store/storetest"
)

// TestWhoSeesWhat makes random organisations, asks every question that the
// contract has as each of their people, and compares what is found in the answers
// with a model that knows nothing of package guard.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	rounds := 1
	if os.Getenv("SMISTA_LONG") == "1" {
		rounds = 20
	}
	for range rounds {
		seed := storetest.Seed(t)
		t.Run(fmt.Sprintf("sqlite-%d", seed), func(t *testing.T) {
			t.Parallel()
			walkSociety(t, newWorld(t), seed)
		})
		t.Run(fmt.Sprintf("postgres-%d", seed+1), func(t *testing.T) {
			t.Parallel()
			walkSociety(t, newWorldOn(t, storetest.PostgresURL(t)), seed+1)
		})
	}
}

func walkSociety(t *testing.T, w *world, seed uint64) {
	start := w.head()
	s := newSociety(w, rand.New(rand.NewPCG(seed, 0)))
	a := newAsker(s)
	for p := range s.persons {
		token := s.tokenFor(p)
		t.Run(fmt.Sprintf("person-%d", p), func(t *testing.T) {
			if s.persons[p].disabled {
				s.staysOut(t, token)
				return
			}
			answers := a.everything(t, p, token, start)
			for _, hidden := range s.secrets {
				if found := strings.Contains(answers, hidden.word); found != hidden.may(p) {
					t.Errorf("seed %d: %s: found is %v, allowed is %v, for %+v", seed, hidden.what, found, hidden.may(p), s.persons[p])
				}
			}
			a.countsTellNothing(t, p, token)
			a.nodesAre(t, p, token)
			a.followingIsOnesOwn(t, p, token)
			a.theDeskIsItsOwn(t, p, token)
			a.filesAre(t, p, token)
			a.commandsTellNothing(t, p, token)
		})
	}
}

// tokenFor makes a token with all rights of a person; of some, without content.
func (s *society) tokenFor(p int) string {
	scopes := []string{staff.ScopeRead, staff.ScopeWrite}
	if !s.persons[p].shallow {
		scopes = append(scopes, staff.ScopeContent)
	}
	secret, _, err := s.deps.Staff.MakeToken(s.ctx(), s.persons[p].id, "prova", scopes, time.Hour)
	require.NoError(s.t, err)
	if s.persons[p].disabled {
		require.NoError(s.t, s.deps.Staff.Disable(s.ctx(), s.persons[p].id))
	}
	return secret
}

// staysOut checks that somebody who was disabled is answered nothing.
func (s *society) staysOut(t *testing.T, token string) {
	t.Helper()
	response, body := s.send("POST", "/graphql", `{"query":"{ __typename }"}`, "Content-Type", "application/json", "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	require.Contains(t, body, "UNAUTHENTICATED")
}

// asker asks the executor itself: the questions are far longer than what the
// front door lets in.
type asker struct {
	*society
	exec      *executor.Executor
	schema    *ast.Schema
	questions []string
	events    string
	ids       map[string][]int // of each type, all there are
}

func newAsker(s *society) *asker {
	d := s.deps
	resolver := &graph.Resolver{Client: d.Client, Log: d.Log, Feed: d.Feed, Logger: d.Logger, Work: d.Work, Dossier: d.Dossier, Replies: d.Replies, Staff: d.Staff, Rules: d.Rules, Almanac: d.Almanac, Closing: d.Closing, Readings: d.Readings, House: s.program}
	executable := graph.Schema(resolver)
	a := &asker{society: s, exec: executor.New(executable), schema: executable.Schema(), ids: map[string][]int{}}
	a.exec.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	a.exec.SetErrorPresenter(resolver.Present)
	a.exec.AroundOperations(resolver.TellTexts)
	a.exec.AroundOperations(resolver.GatherDesk)
	a.listIDs()
	today := time.Now().UTC()
	known := map[string][]string{
		"year": {"2026"}, "amount": {`"5 working days"`},
		"from": {fmt.Sprintf("%q", today.AddDate(0, 0, -3).Format(time.RFC3339))}, "until": {fmt.Sprintf("%q", today.AddDate(0, 0, 3).Format(time.RFC3339))},
		"number": quotedAll(s.numbers), "text": {`"oggetto"`}, "messageId": {`"<nessuno@pec.example>"`},
		"replyId": quotedAll(a.globalIDs(1000, "Reply")), "templateId": quotedAll(a.globalIDs(3, "Template")),
	}
	w := walker{schema: a.schema, ids: a.globalIDs(1000), some: a.globalIDs(2, "Case", "Message", "Mailbox", "Office", "User", "Note", "Rule"), words: []string{"oggetto"}, known: known}
	a.questions = w.questions(a.schema.Query)
	a.events = "subscription($after: Cursor) { events(after: $after)" + w.selection("Event", 1, nil) + " }"
	return a
}

// listIDs notes the rows of everything, as the program sees them.
func (a *asker) listIDs() {
	ctx, c := a.ctx(), a.db.Client()
	for kind, list := range map[string]func(context.Context) ([]int, error){
		"Case": c.CaseFile.Query().IDs, "Message": c.Message.Query().IDs, "Attachment": c.Attachment.Query().IDs, "Delivery": c.Delivery.Query().IDs,
		"Mailbox": c.Mailbox.Query().IDs, "Office": c.Office.Query().IDs, "User": c.User.Query().IDs, "Membership": c.Membership.Query().IDs,
		"Term": c.Term.Query().IDs, "Note": c.Note.Query().IDs, "Inquiry": c.Inquiry.Query().IDs, "ApiToken": c.APIToken.Query().IDs,
		"Absence": c.Absence.Query().IDs, "PushSubscription": c.PushSubscription.Query().IDs, "Folder": c.Folder.Query().IDs, "LedgerEntry": c.LedgerEntry.Query().IDs,
		"Reply": c.Reply.Query().IDs, "ReplyFile": c.ReplyFile.Query().IDs, "ReplyVersion": c.ReplyVersion.Query().IDs,
		"ReplyApproval": c.ReplyApproval.Query().IDs, "DeliveryStatus": c.Recipient.Query().IDs, "Template": c.Template.Query().IDs, "Rule": c.RoutingRule.Query().IDs,
	} {
		ids, err := list(ctx)
		require.NoError(a.t, err)
		require.NotEmpty(a.t, ids, kind)
		slices.Sort(ids)
		a.ids[kind] = ids
	}
}

// globalIDs are those of some rows of some types, or of each.
func (a *asker) globalIDs(atMost int, kinds ...string) []string {
	var all []string
	for kind, ids := range a.ids {
		if len(kinds) > 0 && !slices.Contains(kinds, kind) {
			continue
		}
		for _, id := range ids[:min(len(ids), atMost)] {
			all = append(all, model.GlobalID{Type: kind, Row: id}.String())
		}
	}
	slices.Sort(all)
	return all
}

// as is a context in which a person asks, by the rights that the token has now.
func (a *asker) as(ctx context.Context, token string) context.Context {
	key, v, err := a.deps.Staff.AuthenticateToken(ctx, token)
	require.NoError(a.t, err)
	return graph.WithRights(guard.NewContext(ctx, v), func(ctx context.Context) (guard.Viewer, error) { return a.deps.Staff.Viewer(ctx, key) })
}

// ask gives the answer to a question; an error of the program fails the test.
func (a *asker) ask(t *testing.T, token, question string, variables map[string]any) string {
	t.Helper()
	ctx := graphql.StartOperationTrace(a.as(t.Context(), token))
	op, errs := a.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: question, Variables: variables})
	require.Empty(t, errs, question)
	answer, ctx := a.exec.DispatchOperation(ctx, op)
	response := answer(ctx)
	for _, e := range response.Errors {
		require.NotEqual(t, model.Internal, e.Extensions["code"], "%v: %.300s", e, question)
	}
	return string(response.Data)
}

// everything asks all there is to ask: all questions, the figures, and the
// register from its beginning as a subscription tells it.
func (a *asker) everything(t *testing.T, p int, token string, start string) string {
	t.Helper()
	var all strings.Builder
	for _, q := range a.questions {
		all.WriteString(a.ask(t, token, "{ "+q+" }", nil))
	}
	all.WriteString(a.listen(t, p, token, start))
	for i := range a.messages {
		for _, path := range []string{a.originalOf(i), graph.MessageBodyPath(a.messages[i].id)} {
			_, body := a.send("GET", path, "", "Authorization", "Bearer "+token)
			all.WriteString(body)
		}
	}
	for _, c := range a.cases {
		response, body := a.send("GET", graph.CaseFolderPath(c.id), "", "Authorization", "Bearer "+token)
		if response.StatusCode == http.StatusOK {
			u := unzip(t, body)
			all.WriteString(strings.Join(u.names, "\n") + strings.Join(u.within(""), "\n"))
		}
	}
	for _, id := range a.ids["ReplyFile"] {
		_, body := a.send("GET", graph.ReplyFilePath(id), "", "Authorization", "Bearer "+token)
		all.WriteString(body)
	}
	return all.String()
}

func (a *asker) originalOf(i int) string {
	m, err := a.db.Client().Message.Get(a.ctx(), a.messages[i].id)
	require.NoError(a.t, err)
	return graph.OriginalPath(m.Digest)
}

// listen follows the register from a cursor until an event that is about this
// person alone.
func (a *asker) listen(t *testing.T, p int, token, start string) string {
	t.Helper()
	mark := fmt.Sprintf("fino a qui %d", p)
	a.write(func(context.Context, *ent.Tx) []event.Entry {
		return []event.Entry{{Kind: event.UserChanged, Person: a.persons[p].id, Details: event.Details{Reason: mark}}}
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ctx = graphql.StartOperationTrace(a.as(ctx, token))
	op, errs := a.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: a.events, Variables: map[string]any{"after": start}})
	require.Empty(t, errs)
	answer, ctx := a.exec.DispatchOperation(ctx, op)
	var all strings.Builder
	for {
		response := answer(ctx)
		require.NotNil(t, response, "the subscription ended")
		require.Empty(t, response.Errors)
		all.Write(response.Data)
		if strings.Contains(string(response.Data), mark) {
			return all.String()
		}
	}
}

// countsTellNothing looks for each hidden word by the filters: what may not be
// read must not be found, nor counted, by what it says.
func (a *asker) countsTellNothing(t *testing.T, p int, token string) {
	t.Helper()
	for _, s := range a.secrets {
		if !strings.HasPrefix(s.word, "zq") || s.may(p) {
			continue
		}
		answer := a.ask(t, token, `query($w: String!) { caseCount(filter: {text: $w}) cases(filter: {text: $w}) { nodes { id } } messages(filter: {text: $w}) { nodes { id } } }`,
			map[string]any{"w": s.word})
		require.JSONEq(t, `{"caseCount":0,"cases":{"nodes":[]},"messages":{"nodes":[]}}`, answer, s.what)
	}
	for _, marks := range []string{"kinds: [DELIVERY]", "verdicts: [VALID]", "mailboxIds: [" + fmt.Sprintf("%q", model.GlobalID{Type: "Mailbox", Row: a.boxes[0]}.String()) + "]"} {
		var found struct {
			Cases struct{ Nodes []struct{ ID string } }
		}
		require.NoError(t, json.Unmarshal([]byte(a.ask(t, token, "{ cases(first: 100, filter: {"+marks+"}) { nodes { id } } }", nil)), &found))
		for _, n := range found.Cases.Nodes {
			i := slices.IndexFunc(a.cases, func(c mCase) bool { return c.id == model.ParseID(n.ID).Row })
			require.True(t, slices.ContainsFunc(a.messages, func(m mMessage) bool { return m.filedIn == i && a.sees(p, i) == content }),
				"%s finds a case by messages that may not be read", marks)
		}
	}
}

// nodesAre asks for everything by its id, and compares what is there.
func (a *asker) nodesAre(t *testing.T, p int, token string) {
	t.Helper()
	ofCase := func(of []int, l level) map[int]bool { // rows made one for each case, in their order
		may := map[int]bool{}
		for i, id := range of {
			may[id] = a.sees(p, i) >= l
		}
		return may
	}
	var cases []int
	for _, c := range a.cases {
		cases = append(cases, c.id)
	}
	expected := map[string]map[int]bool{"Case": ofCase(cases, movements), "Note": ofCase(a.ids["Note"], content), "Term": ofCase(a.ids["Term"], movements)}
	for _, kind := range []string{"Message", "Attachment", "Delivery"} {
		expected[kind] = map[int]bool{}
		for i, id := range a.ids[kind] {
			expected[kind][id] = a.reads(p, i)
		}
	}
	maps.Copy(expected, a.ofReplies(p))
	for kind, may := range expected {
		for id, allowed := range may {
			global := model.GlobalID{Type: kind, Row: id}.String()
			answer := a.ask(t, token, fmt.Sprintf("{ node(id: %q) { id } }", global), nil)
			require.Equal(t, allowed, strings.Contains(answer, global), "%s %d: %s", kind, id, answer)
		}
	}
}

// filesAre downloads all attachments and originals: what may not be read is
// answered as what is not there.
func (a *asker) filesAre(t *testing.T, p int, token string) {
	t.Helper()
	_, nothing := a.send("GET", graph.OriginalPath(strings.Repeat("0", 64)), "", "Authorization", "Bearer "+token)
	for i, id := range a.ids["Attachment"] {
		for _, path := range []string{graph.AttachmentPath(id), a.originalOf(i), graph.MessageBodyPath(a.messages[i].id)} {
			response, body := a.send("GET", path, "", "Authorization", "Bearer "+token)
			if a.reads(p, i) {
				require.Equal(t, http.StatusOK, response.StatusCode, path)
			} else {
				require.Equal(t, http.StatusNotFound, response.StatusCode, path)
				require.Equal(t, withoutRequest(nothing), withoutRequest(body))
			}
		}
	}
	for i, c := range a.cases {
		response, body := a.send("GET", graph.CaseFolderPath(c.id), "", "Authorization", "Bearer "+token)
		if a.sees(p, i) == content {
			require.Equal(t, http.StatusOK, response.StatusCode, body)
		} else {
			require.Equal(t, http.StatusNotFound, response.StatusCode)
			require.Equal(t, withoutRequest(nothing), withoutRequest(body))
		}
	}
	a.replyFilesAre(t, p, token, nothing)
}

// withoutRequest is an error without the id of its request.
func withoutRequest(body string) string {
	before, _, _ := strings.Cut(body, "requestId")
	return before
}

// commandsTellNothing gives every command that names a case, a reply or a template
// on those that a person does not see: each is refused like one on what does not
// exist, and leaves no trace.
func (a *asker) commandsTellNothing(t *testing.T, p int, token string) {
	t.Helper()
	before := a.last()
	w := walker{schema: a.schema, some: []string{model.GlobalID{Type: "Office", Row: a.offices[0].id}.String()}, words: []string{"prova"}}
	for _, f := range a.schema.Mutation.Fields {
		input := a.schema.Types[f.Arguments[0].Type.Name()]
		for _, n := range a.aims(p) {
			if input.Fields.ForName(n.input) == nil {
				continue
			}
			nothing := a.ask(t, token, a.commandOn(w, f.Name, n, 1<<40), nil)
			require.Contains(t, nothing, `"NOT_FOUND"`, f.Name)
			for _, id := range n.hidden {
				require.Equal(t, nothing, a.ask(t, token, a.commandOn(w, f.Name, n, id), nil), f.Name)
			}
		}
	}
	require.Equal(t, before, a.last(), "a refused command left an event")
}

func (a *asker) last() int {
	n, err := a.deps.Log.Last(a.ctx())
	require.NoError(a.t, err)
	return n
}
