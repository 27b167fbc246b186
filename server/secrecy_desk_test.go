//go:build !race

package server

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// makeLooks lets the first person have every case open, and the register tell of it.
func (s *society) makeLooks() {
	for _, c := range s.cases {
		s.tx.CaseLooker.Create().SetCaseID(c.id).SetUserID(s.persons[0].id).SetUntil(time.Now().Add(time.Hour).UTC()).SaveX(s.c)
		s.entries = append(s.entries, event.Entry{Kind: event.CaseLookedAt, Case: c.id, Office: s.officeID(c.office), Details: event.Details{People: []int{s.persons[0].id}}})
	}
}

// theDeskIsItsOwn checks that who looks at a case is seen by those alone who read
// it, and where a case may belong by sorters alone who do, while it waits.
func (a *asker) theDeskIsItsOwn(t *testing.T, p int, token string) {
	t.Helper()
	type file struct {
		ID               string
		Status           string
		Lookers          []struct{ ID string }
		SuggestedOffices []struct{ Reason string }
		Repeated         *bool
	}
	var found struct {
		Cases  struct{ Nodes []file }
		Events struct {
			Nodes []struct {
				Case   *file
				People []struct{ ID string }
			}
		}
		Viewer   struct{ FrequentOffices []struct{ ID string } }
		Doubtful struct{ Nodes []file }
		Sure     struct{ Nodes []file }
		Again    struct{ Nodes []file }
		Once     struct{ Nodes []file }
		Known    struct{ Nodes []file }
		Unknown  struct{ Nodes []file }
	}
	const question = `{ cases(first: 100) { nodes { id status repeated lookers { id } suggestedOffices { reason office { id } } } }
		events(first: 100, filter: {kinds: [CASE_LOOKED_AT]}) { nodes { ... on CaseChanged { case { id } people { id } } } } viewer { frequentOffices { id } }
		doubtful: cases(first: 100, filter: {doubtful: true}) { nodes { id } } sure: cases(first: 100, filter: {doubtful: false}) { nodes { id } }
		again: cases(first: 100, filter: {repeated: true}) { nodes { id } } once: cases(first: 100, filter: {repeated: false}) { nodes { id } }
		known: cases(first: 100, filter: {senderKnown: true}) { nodes { id } } unknown: cases(first: 100, filter: {senderKnown: false}) { nodes { id } } }`
	require.NoError(t, json.Unmarshal([]byte(a.ask(t, token, question, nil)), &found))
	at := func(id string) int {
		return slices.IndexFunc(a.cases, func(c mCase) bool { return c.id == model.ParseID(id).Row })
	}
	for _, n := range found.Cases.Nodes {
		i := at(n.ID)
		reads := a.sees(p, i) == content
		require.Equal(t, reads, len(n.Lookers) == 1, "case %s: %+v", a.numbers[i], n)
		require.Equal(t, reads, n.Repeated != nil, "case %s: %+v", a.numbers[i], n)
		waits := a.cases[i].office < 0 && a.cases[i].into < 0
		require.Equal(t, reads && waits && a.persons[p].sorter, len(n.SuggestedOffices) > 0, "case %s: %+v", a.numbers[i], n)
	}
	for _, n := range slices.Concat(found.Known.Nodes, found.Unknown.Nodes) {
		require.True(t, a.persons[p].sorter, "case %s: only the desk is told whose sender is known", a.numbers[at(n.ID)])
	}
	byContent := slices.Concat(found.Doubtful.Nodes, found.Sure.Nodes, found.Again.Nodes, found.Once.Nodes, found.Known.Nodes, found.Unknown.Nodes)
	for _, n := range byContent {
		require.Equal(t, content, a.sees(p, at(n.ID)), "case %s is found by what may not be read of it", a.numbers[at(n.ID)])
	}
	for _, e := range found.Events.Nodes {
		reads := e.Case != nil && a.sees(p, at(e.Case.ID)) == content
		require.Equal(t, reads, len(e.People) == 1, "%+v", e)
	}
	require.Equal(t, p == 0, len(found.Viewer.FrequentOffices) > 0, "the first person sorted")
}
