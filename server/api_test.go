package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
)

// TestQueries tells the API as questions and answers over one small world.
func TestQueries(t *testing.T) {
	t.Parallel()
	eachWorld(t, answersQueries)
}

func answersQueries(t *testing.T, w *world) {
	taxes := w.office("tributi")
	desk := w.mailbox("protocollo@comune.example", nil)
	box := w.mailbox("tributi@comune.example", taxes)
	w.arrives(desk, nil, 0)
	w.arrives(box, taxes, 2)
	w.arrives(desk, nil, 0)

	for _, tt := range []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{
			"the newest case comes first", `{ cases(first: 2) { nodes { number } pageInfo { hasNextPage hasPreviousPage } } }`, nil,
			`{"cases":{"nodes":[{"number":"2026/000003"},{"number":"2026/000002"}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false}}}`,
		},
		{
			"the last ones, in the same order", `{ cases(last: 2) { edges { node { number } } pageInfo { hasNextPage hasPreviousPage } } }`, nil,
			`{"cases":{"edges":[{"node":{"number":"2026/000002"}},{"node":{"number":"2026/000001"}}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true}}}`,
		},
		{
			"what waits at the sorting desk", `{ cases(filter: {statuses: [TO_SORT]}, orderBy: {field: RECEIVED_AT, direction: ASC}) { nodes { number office { code } status } } caseCount(filter: {statuses: [TO_SORT]}) }`, nil,
			`{"cases":{"nodes":[{"number":"2026/000001","office":null,"status":"TO_SORT"},{"number":"2026/000003","office":null,"status":"TO_SORT"}]},"caseCount":2}`,
		},
		{
			"cases of an office", `query($o: [ID!]) { cases(filter: {officeIds: $o}) { nodes { number office { code name } routeReason version } } }`,
			map[string]any{"o": []string{idOf("Office", taxes.ID)}},
			`{"cases":{"nodes":[{"number":"2026/000002","office":{"code":"tributi","name":"Ufficio tributi"},"routeReason":"nessuna regola","version":1}]}}`,
		},
		{
			"cases by what their messages are", `query($m: [ID!]) { cases(filter: {mailboxIds: $m, kinds: [ENVELOPE], verdicts: [VALID]}) { nodes { number } } }`,
			map[string]any{"m": []string{idOf("Mailbox", box.ID)}},
			`{"cases":{"nodes":[{"number":"2026/000002"}]}}`,
		},
		{
			"a message with all that is known of it",
			`{ caseByNumber(number: "2026/000002") { messages { nodes { kind direction verdict { status signer time } certification { type } text receivedAt
				attachments(first: 1) { nodes { name size sha256 position } pageInfo { hasNextPage } }
				deliveries { nodes { mailbox { address } folder } } receipts { nodes { id } } original { size } } } } }`, nil,
			`{"caseByNumber":{"messages":{"nodes":[{"kind":"ENVELOPE","direction":"INCOMING","verdict":{"status":"VALID","signer":"posta-certificata@pec.example","time":null},
			"certification":null,"text":"Si trasmette quanto in oggetto.","receivedAt":"2026-11-20T12:02:00.000Z",
			"attachments":{"nodes":[{"name":"allegato 0.pdf","size":"8","sha256":"` + digestOf("allegato") + `","position":0}],"pageInfo":{"hasNextPage":true}},
			"deliveries":{"nodes":[{"mailbox":{"address":"tributi@comune.example"},"folder":"INBOX"}]},"receipts":{"nodes":[]},"original":{"size":"37"}}]}}}`,
		},
		{
			"text is found in the subject, whatever its case", `{ cases(filter: {text: "ISTANZA 3"}) { nodes { number } } messages(filter: {text: "rossi@pec"}) { nodes { subject } } }`, nil,
			`{"cases":{"nodes":[{"number":"2026/000003"}]},"messages":{"nodes":[{"subject":"Istanza 3"},{"subject":"Istanza 2"},{"subject":"Istanza 1"}]}}`,
		},
		{
			"a time range", `{ messages(filter: {receivedFrom: "2026-11-20T13:02:00+01:00", receivedBefore: "2026-11-20T12:03:00Z"}) { nodes { subject } } }`, nil,
			`{"messages":{"nodes":[{"subject":"Istanza 2"}]}}`,
		},
		{
			"mailboxes, their offices and folders", `{ mailboxes { nodes { address health office { code } folders { nodes { name missing } } } } offices { nodes { code mailboxes { nodes { address } } } } }`, nil,
			`{"mailboxes":{"nodes":[{"address":"protocollo@comune.example","health":"NEVER","office":null,"folders":{"nodes":[{"name":"INBOX","missing":0}]}},
			{"address":"tributi@comune.example","health":"NEVER","office":{"code":"tributi"},"folders":{"nodes":[{"name":"INBOX","missing":0}]}}]},
			"offices":{"nodes":[{"code":"tributi","mailboxes":{"nodes":[{"address":"tributi@comune.example"}]}}]}}`,
		},
		{
			"what is not there is null", `query($id: ID!, $ids: [ID!]!) { node(id: $id) { id } nodes(ids: $ids) { __typename ... on Office { code } ... on Case { number } } caseByNumber(number: "1999/000001") { id } }`,
			map[string]any{"id": "nonsense", "ids": []string{idOf("Office", taxes.ID), idOf("Case", 99), idOf("Event", 1), idOf("Case", 1)}},
			`{"node":null,"nodes":[{"__typename":"Office","code":"tributi"},null,null,{"__typename":"Case","number":"2026/000001"}],"caseByNumber":null}`,
		},
		{
			"an id of another type finds nothing", `query($o: [ID!]) { cases(filter: {officeIds: $o}) { nodes { id } } }`,
			map[string]any{"o": []string{idOf("Case", 1)}}, `{"cases":{"nodes":[]}}`,
		},
		{
			"one field under many names and arguments",
			`{ caseByNumber(number: "2026/000002") { a: messages(first: 1) { nodes { x: attachments(first: 1) { nodes { position } } y: attachments(last: 1) { nodes { position } } } }
				b: messages(first: 1) { edges { node { subject } } } ...More } } fragment More on Case { a: messages(first: 1) { nodes { z: subject } } }`, nil,
			`{"caseByNumber":{"a":{"nodes":[{"x":{"nodes":[{"position":0}]},"y":{"nodes":[{"position":1}]},"z":"Istanza 2"}]},"b":{"edges":[{"node":{"subject":"Istanza 2"}}]}}}`,
		},
		{
			// without what the other questions, asked at the same time, write into it: who read a content
			"the register, oldest first", `query($o: [ID!]) { events(filter: {officeIds: $o, kinds: [MESSAGE_RECEIVED, CASE_OPENED, CASE_ROUTED]}) { nodes { __typename actor { kind name } ... on CaseRouted { reason office { code } case { number } } ... on CaseOpened { message { subject } } } } }`,
			map[string]any{"o": []string{idOf("Office", taxes.ID)}},
			`{"events":{"nodes":[{"__typename":"MessageReceived","actor":{"kind":"SYSTEM","name":"collector"}},
			{"__typename":"CaseOpened","actor":{"kind":"SYSTEM","name":"collector"},"message":{"subject":"Istanza 2"}},
			{"__typename":"CaseRouted","actor":{"kind":"SYSTEM","name":"collector"},"reason":"casella dell'ufficio","office":{"code":"tributi"},"case":{"number":"2026/000002"}}]}}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := w.ask(tt.query, tt.variables)
			require.Empty(t, a.Errors)
			require.JSONEq(t, tt.want, string(a.Data))
		})
	}
}

// TestEveryThingIsFoundByItsID: what any answer names can be asked for again.
func TestEveryThingIsFoundByItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	box := w.mailbox("tributi@comune.example", office)
	_, mail := w.arrives(box, office, 1)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		folder := tx.Folder.Query().OnlyX(ctx)
		tx.LedgerEntry.Create().SetFolder(folder).SetUIDValidity(1 << 31).SetUID(7).SetState("quarantined").
			SetReason("illeggibile").SetMessage(mail).SetChangedAt(noon).SaveX(ctx)
		return nil
	})
	for kind, more := range map[string]string{
		"Case":        `number office { code } messages { nodes { subject } }`,
		"Message":     `subject case { number } attachments { nodes { path } } original { path }`,
		"Attachment":  `name message { subject }`,
		"Delivery":    `folder message { subject } mailbox { address }`,
		"Mailbox":     `address office { code } folders { nodes { name } }`,
		"Folder":      `name mailbox { address }`,
		"LedgerEntry": `uid uidValidity state reason sha256 folder { name mailbox { address } } message { subject }`,
		"Office":      `code mailboxes { nodes { address } }`,
	} {
		id := idOf(kind, 1)
		var data struct{ Node map[string]any }
		require.NoError(t, json.Unmarshal([]byte(w.get(`query($id: ID!) { node(id: $id) { __typename id ... on `+kind+` { `+more+` } } }`,
			map[string]any{"id": id})), &data))
		require.Equal(t, kind, data.Node["__typename"])
		require.Equal(t, id, data.Node["id"])
	}
	require.JSONEq(t, `{"ledgerEntries":{"nodes":[{"uid":"7","uidValidity":"2147483648","reason":"illeggibile","folder":{"mailbox":{"address":"tributi@comune.example"}}}]}}`,
		w.get(`query($m: [ID!]) { ledgerEntries(filter: {states: [QUARANTINED], mailboxIds: $m}) { nodes { uid uidValidity reason folder { mailbox { address } } } } }`,
			map[string]any{"m": []string{idOf("Mailbox", box.ID)}}))
}

// TestPagingMissesAndRepeatsNothing, forwards and backwards, in pages of any
// size, though several cases came at the same moment and more come meanwhile.
func TestPagingMissesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		box := w.mailbox("protocollo@comune.example", nil)
		const total = 40
		for i := range total {
			w.at = noon.Add(time.Duration(i/7) * time.Second)
			w.arrives(box, nil, 0)
		}
		for i, size := range []int{1, 6, 7, 8, 13, total - 1, total, 100} {
			p := paging{size, i%2 == 0, []string{"RECEIVED_AT", "CHANGED_AT"}[i/2%2], []string{"ASC", "DESC"}[i/4%2]}
			require.Equal(t, p.sorted(total), w.walk(p), "%+v", p)
			p.backwards = !p.backwards
			require.Equal(t, p.sorted(total), w.walk(p), "%+v", p)
		}
		w.at = noon.Add(time.Hour)
		seen := 0
		for cursor := ""; ; seen++ { // newest first: what comes now is not on the pages that follow
			page := w.page(paging{size: 1, order: "RECEIVED_AT", direction: "DESC"}, cursor)
			if cursor = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
				break
			}
			w.arrives(box, nil, 0)
		}
		require.Equal(t, total-1, seen)
	})
}

// paging is a way to read all cases page by page.
type paging struct {
	size             int
	backwards        bool
	order, direction string
}

// sorted is what is read: the numbers of the cases, which came in their order.
func (p paging) sorted(total int) []string {
	var numbers []string
	for i := range total {
		numbers = append(numbers, fmt.Sprintf("2026/%06d", i+1))
	}
	if p.direction == "DESC" {
		slices.Reverse(numbers)
	}
	return numbers
}

type casePage struct {
	Nodes    []struct{ Number string }
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       string
	}
}

func (w *world) page(p paging, cursor string) casePage {
	w.t.Helper()
	variables := map[string]any{"order": map[string]any{"field": p.order, "direction": p.direction}}
	part := "first: $size, after: $cursor"
	if p.backwards {
		part = "last: $size, before: $cursor"
	}
	if variables["size"] = p.size; cursor != "" {
		variables["cursor"] = cursor
	}
	var data struct{ Cases casePage }
	require.NoError(w.t, json.Unmarshal([]byte(w.get(`query($size: Int, $cursor: Cursor, $order: CaseOrder) {
		cases(`+part+`, orderBy: $order) { nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, variables)), &data))
	return data.Cases
}

// walk reads all pages and puts them together.
func (w *world) walk(p paging) []string {
	w.t.Helper()
	var all []string
	for cursor := ""; ; {
		page := w.page(p, cursor)
		var numbers []string
		for _, n := range page.Nodes {
			numbers = append(numbers, n.Number)
		}
		if p.backwards {
			all = append(numbers, all...)
			if cursor = page.PageInfo.StartCursor; !page.PageInfo.HasPreviousPage {
				return all
			}
			continue
		}
		all = append(all, numbers...)
		if cursor = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
			return all
		}
	}
}

// TestWrongArgumentsAreToldBy their code, and what to do.
func TestWrongArgumentsAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)
	var data struct {
		Cases struct{ PageInfo struct{ EndCursor string } }
	}
	require.NoError(t, json.Unmarshal([]byte(w.get(`{ cases { pageInfo { endCursor } } }`, nil)), &data))
	ofCases := data.Cases.PageInfo.EndCursor
	for _, tt := range []struct{ query, code string }{
		{`{ cases(first: 0) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(first: 101) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(last: -1) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(first: 1, last: 1) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases { nodes { messages(first: 1000) { nodes { id } } } } }`, "BAD_INPUT"},
		{`{ cases { nodes { messages(after: "` + ofCases + `") { nodes { id } } } } }`, "CURSOR_UNKNOWN"},
		{`{ messages(after: "` + ofCases + `") { nodes { id } } }`, "CURSOR_UNKNOWN"},
		{`{ cases(orderBy: {field: CHANGED_AT}, after: "` + ofCases + `") { nodes { id } } }`, "CURSOR_UNKNOWN"},
		{`{ cases(after: "x") { nodes { id } } }`, "CURSOR_UNKNOWN"},
		{`{ events(after: "` + ofCases + `") { nodes { cursor } } }`, "CURSOR_UNKNOWN"},
		{`{ cases(after: "` + strings.Repeat("x", 500) + `") { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(filter: {text: "ab"}) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(filter: {text: "` + strings.Repeat("x", 101) + `"}) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(filter: {receivedFrom: "yesterday"}) { nodes { id } } }`, "BAD_INPUT"},
		{`{ cases(filter: {receivedFrom: "2026-11-20T12:00:00"}) { nodes { id } } }`, "BAD_INPUT"},
		{`{ nodes(ids: [` + strings.Repeat(`"x",`, 101) + `]) { id } }`, "BAD_INPUT"},
		{`{ caseCount(filter: {officeIds: [` + strings.Repeat(`"x",`, 101) + `]}) }`, "BAD_INPUT"},
		{`{ cases(filter: {statuses: [LOST]}) { nodes { id } } }`, "GRAPHQL_VALIDATION_FAILED"},
		{`{ cases { nodes { text } } }`, "GRAPHQL_VALIDATION_FAILED"},
		{`{ cases { nodes `, "GRAPHQL_PARSE_FAILED"},
	} {
		a := w.ask(tt.query, nil)
		require.Equal(t, tt.code, a.code(), tt.query)
		require.NotEmpty(t, a.Errors[0].Message)
	}
}
