package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/graph"
)

func limit() costLimit {
	return costLimit{schema: graph.Schema(&graph.Resolver{}).Schema(), tokens: 2000, atMost: 20000}
}

func (l costLimit) refuses(query string, variables map[string]any) bool {
	return l.MutateOperationParameters(nil, &graphql.RawParams{Query: query, Variables: variables}) != nil //nolint:staticcheck // it asks the context nothing
}

// doubling is a document of n fragments, each of which spreads the next one
// twice: 2^n fields, written in a few hundred bytes.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{ cases { nodes { ...F0 } } }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Case { a: messages(first: 1) { nodes { case { ...F%d } } } b: messages(first: 2) { nodes { case { ...F%d } } } }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Case { number }", n)
	return b.String()
}

func TestWhatCostsTooMuch(t *testing.T) {
	t.Parallel()
	l := limit()
	deep := "{ node(id: 1) { ... on Message " + strings.Repeat("{ receiptOf ", 30) + "{ id }" + strings.Repeat(" }", 30) + " } }"
	for _, tt := range []struct {
		name, query string
		variables   map[string]any
		refused     bool
	}{
		{"a desk", deskQuery, nil, false},
		{"what GraphiQL asks first", introspection, nil, false},
		{"lists in lists", `{ cases(first: 100) { nodes { messages(first: 100) { nodes { id subject } } } } }`, nil, true},
		{"the same by variables", `query($n: Int) { cases(first: $n) { nodes { messages(first: $n) { nodes { id subject } } } } }`, map[string]any{"n": json.Number("100")}, true},
		{"the same, short", `query($n: Int) { cases(first: $n) { nodes { messages(first: $n) { nodes { id subject } } } } }`, map[string]any{"n": json.Number("5")}, false},
		{"an unknown length counts as the longest", `query($n: Int) { cases(first: $n) { nodes { messages(first: $n) { nodes { id subject } } } } }`, nil, true},
		{"a negative length counts for something", `{ cases(first: -100) { nodes { messages(first: 100) { nodes { attachments(first: 100) { nodes { id name } } } } } } }`, nil, true},
		{"no length counts as twenty", `{ cases { nodes { messages { nodes { attachments { nodes { id name } } } } } } }`, nil, true},
		{"many names for one field", "{" + strings.Repeat(" a: registerHead", 601) + " }", nil, true},
		{"doubling fragments", doubling(24), nil, true},
		{"too deep", deep, nil, true},
		{"too long", "{ registerHead }" + strings.Repeat(" ", maxQuery), nil, true},
		{"a fragment in itself is for validation to refuse", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", nil, false},
		{"a fragment of nobody, too", "{ ...A ... on Nobody { x { y } } }", nil, false},
		{"no GraphQL, too", "{{{", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.refused, l.refuses(tt.query, tt.variables))
		})
	}
}

// TestCountingIsLinear: each fragment is counted once, however many there are
// and however they double each other.
func TestCountingIsLinear(t *testing.T) {
	l := limit()
	l.atMost, l.tokens = 1<<40, 0
	for _, n := range []int{1, 10, 60} {
		allocations := testing.AllocsPerRun(1, func() { l.refuses(doubling(n), nil) })
		require.Less(t, allocations, float64(200+300*n))
	}
}

// TestMoreNeverCostsLess: a longer list or one field more is never cheaper.
func TestMoreNeverCostsLess(t *testing.T) {
	t.Parallel()
	l := limit()
	cheapest := func(query string) int { // the lowest limit that lets it pass
		low, high := 0, 1<<40
		for low < high {
			l.atMost = (low + high) / 2
			if l.refuses(query, nil) {
				low = l.atMost + 1
			} else {
				high = l.atMost
			}
		}
		return low
	}
	rapid.Check(t, func(t *rapid.T) {
		outer, inner := rapid.IntRange(1, 99).Draw(t, "outer"), rapid.IntRange(1, 99).Draw(t, "inner")
		query := func(outer, inner int, more string) string {
			return fmt.Sprintf(`{ cases(first: %d) { nodes { id messages(last: %d) { nodes { id %s } } } } }`, outer, inner, more)
		}
		cost := cheapest(query(outer, inner, ""))
		require.Greater(t, cost, outer*inner)
		require.Greater(t, cheapest(query(outer+1, inner, "")), cost)
		require.Greater(t, cheapest(query(outer, inner+1, "")), cost)
		require.Greater(t, cheapest(query(outer, inner, "subject")), cost)
	})
}

// TestBombsAreRefusedByTheServer, whichever way they come, before they cost anything.
func TestBombsAreRefusedByTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, bomb := range []string{doubling(24), "{" + strings.Repeat(" a: registerHead", 601) + " }", strings.Repeat("{a", 3000)} {
		a := w.ask(bomb, nil)
		require.Contains(t, []any{"TOO_COSTLY", "GRAPHQL_PARSE_FAILED"}, a.code())
	}
}

func TestIntrospectionCanBeOff(t *testing.T) {
	t.Parallel()
	require.Empty(t, newWorld(t).ask(introspection, nil).Errors)
	closed := newWorld(t, func(d *Deps) { d.Introspection = false })
	require.NotEmpty(t, closed.ask(introspection, nil).Errors)
	a := closed.ask(`{ registerHed }`, nil)
	require.NotContains(t, a.Errors[0].Message, "registerHead", "and nothing is suggested")
}

// deskQuery is what a desk asks when it opens.
const deskQuery = `{ cases(first: 50, filter: {statuses: [TO_SORT]}) { pageInfo { hasNextPage endCursor } nodes {
	id number status subject senderName senderAddress receivedAt routeReason version office { id name }
	messages(first: 5) { nodes { id kind subject receivedAt verdict { status reasons { code } }
		attachments(first: 5) { nodes { id name size } } deliveries(first: 3) { nodes { mailbox { address } } } } } } } }`

// introspection is what GraphiQL asks first.
const introspection = `query IntrospectionQuery { __schema { description queryType { name } mutationType { name } subscriptionType { name }
	types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL
	fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
	ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`
