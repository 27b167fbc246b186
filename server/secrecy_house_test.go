//go:build !race

package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/staff"
)

// hideID makes a secret of the id of a row that has no text of its own.
func (s *society) hideID(kind string, row int, may func(p int) bool) {
	id := fmt.Sprintf("%q", idOf(kind, row)) // whole: an id may be the beginning of another
	s.secrets = append(s.secrets, secret{id, fmt.Sprintf("%s %d", kind, row), may})
}

// hideAddress is the address of a person, which the administrator knows, and who
// signs in by it.
func (s *society) hideAddress(i int) string {
	return s.hide(fmt.Sprintf("address of person %d", i), func(p int) bool { return p == i || s.persons[p].administrator }) + "@comune.example"
}

// makeHouse writes what hangs on no case: who is away, the tokens, who follows
// what, and what the collector notes for those who look after the mailboxes.
func (s *society) makeHouse() {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i, p := range s.persons {
		delegate := (i + 1 + s.r.IntN(len(s.persons)-1)) % len(s.persons)
		away := s.tx.Absence.Create().SetUserID(p.id).SetDelegateID(s.persons[delegate].id).SetFrom(at).SetUntil(at.Add(time.Hour)).SetCreatedAt(at).SaveX(s.c)
		s.hideID("Absence", away.ID, func(q int) bool { return s.knowsOfAbsence(q, i, delegate) })
		view := s.hide(fmt.Sprintf("view of person %d", i), func(q int) bool { return q == i })
		s.tx.User.UpdateOneID(p.id).SetPreferences(fmt.Appendf(nil, `{"views": [{"list": "DESK", "name": %q, "search": "?text=abc"}]}`, view)).ExecX(s.c)
		s.tx.PushSubscription.Create().SetUserID(p.id).SetCreatedAt(at).
			SetLabel(s.hide(fmt.Sprintf("browser of person %d", i), func(q int) bool { return q == i })).
			SetEndpoint(s.hide(fmt.Sprintf("endpoint of person %d", i), func(int) bool { return false })).
			SetP256dh(s.hide(fmt.Sprintf("point of person %d", i), func(int) bool { return false })).
			SetAuth(s.hide(fmt.Sprintf("secret of person %d", i), func(int) bool { return false })).SaveX(s.c)
		s.tx.APIToken.Create().SetUserID(p.id).SetDigest(fmt.Sprintf("digest %d", i)).SetScopes([]string{staff.ScopeRead}).
			SetName(s.hide(fmt.Sprintf("token of person %d", i), func(q int) bool { return q == i })).
			SetCreatedAt(at).SetExpiresAt(at.Add(time.Hour)).SaveX(s.c)
	}
	for _, c := range s.cases {
		for _, p := range c.follow {
			s.tx.CaseFollower.Create().SetCaseID(c.id).SetUserID(s.persons[p].id).SaveX(s.c)
		}
	}
	s.makeRules(at)
	s.makeCalendar()
	s.program = teller{model.System{
		Version: s.hide("version of the program", func(p int) bool { return s.persons[p].administrator }), Database: &model.SystemDatabase{}, Bell: &model.SystemBell{},
		StartedAt: at, Queues: []model.SystemQueue{}, Certificates: []model.SystemCertificate{},
	}}
	looksAfter := func(p int) bool { return s.persons[p].administrator || s.persons[p].sorter }
	folder := s.tx.Folder.Create().SetMailboxID(s.boxes[0]).SetName(s.hide("folder", looksAfter)).SaveX(s.c)
	s.tx.LedgerEntry.Create().SetFolderID(folder.ID).SetUIDValidity(1).SetUID(1).SetChangedAt(at).
		SetState(ledgerentry.StateQuarantined).SetReason(s.hide("reason of the ledger", looksAfter)).SaveX(s.c)
}

// makeRules writes a rule that people keep, with what it said before, and what the
// register tells of it; a case was routed by it.
func (s *society) makeRules(at time.Time) {
	audits := func(p int) bool { return s.persons[p].administrator || s.persons[p].auditor }
	explains := func(p int) bool { return audits(p) || s.persons[p].sorter }
	asks := func(word string) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"subject":%q}`, word)) }
	rule := s.tx.RoutingRule.Create().SetOrigin(routingrule.OriginPeople).SetOfficeID(s.offices[0].id).SetVersion(2).
		SetName("regola " + s.hide("name of the rule", explains)).SetCondition(asks(s.hide("condition of the rule", explains))).SaveX(s.c)
	s.hideID("Rule", rule.ID, explains)
	s.tx.RuleVersion.Create().SetRuleID(rule.ID).SetNumber(1).SetAuthorID(s.persons[1].id).SetSavedAt(at).SetHow("added").SetPriority(1).
		SetName("regola " + s.hide("name that the rule had", audits)).SetCondition(asks(s.hide("condition that the rule had", audits))).
		SetOfficeID(s.offices[0].id).SetEnabled(true).SaveX(s.c)
	s.entries = append(s.entries,
		event.Entry{Kind: event.RuleChanged, Details: event.Details{Of: rule.ID, How: "changed", Reason: s.hide("event of the rule", audits), Version: 2}},
		event.Entry{Kind: event.RuleTried, Details: event.Details{Of: rule.ID, How: "on", Reason: s.hide("what was tried", audits), Count: 5}})
	s.tx.CaseFile.UpdateOneID(s.cases[0].id).SetRuleID(rule.ID).ExecX(s.c)
}

// makeCalendar writes what people keep of deadlines and calendars, and what the
// register tells of it. The calendar is everybody's; deadlines are not.
func (s *society) makeCalendar() {
	s.tx.Closure.Create().SetOfficeID(s.offices[0].id).SetName("chiusura").SetFromDay("2026-12-09").SetToDay("2026-12-10").ExecX(s.c)
	s.tx.PatronDay.Create().SetScopeID(s.offices[0].id).SetDay("12-07").ExecX(s.c)
	keeps := func(p int) bool { return s.persons[p].administrator || s.persons[p].sorter }
	audits := func(p int) bool { return s.persons[p].administrator || s.persons[p].auditor }
	kept := s.tx.DeadlinePolicy.Create().SetOrigin(deadlinepolicy.OriginPeople).SetVersion(1).SetScope("office").SetScopeID(s.offices[0].id).
		SetKind("ANSWER").SetAmount("1234 days").SaveX(s.c)
	s.hideID("DeadlinePolicy", kept.ID, keeps)
	s.entries = append(s.entries,
		event.Entry{Kind: event.DeadlineChanged, Details: event.Details{Of: kept.ID, How: "added", Term: "ANSWER", Reason: s.hide("event of the deadline", audits), To: "1234 days", Version: 1}},
		event.Entry{Kind: event.ClosureChanged, Details: event.Details{How: "added", Reason: s.hide("event of the closure of the house", audits), To: "2026-12-09/2026-12-10", Version: 1}})
}

// followingIsOnesOwn checks that a case is followed for those alone who follow it.
func (a *asker) followingIsOnesOwn(t *testing.T, p int, token string) {
	t.Helper()
	var found struct {
		Cases struct {
			Nodes []struct {
				ID       string
				Followed bool
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(a.ask(t, token, "{ cases(first: 100) { nodes { id followed } } }", nil)), &found))
	for _, n := range found.Cases.Nodes {
		i := slices.IndexFunc(a.cases, func(c mCase) bool { return c.id == model.ParseID(n.ID).Row })
		require.Equal(t, slices.Contains(a.cases[i].follow, p), n.Followed, "case %s is followed", a.numbers[i])
	}
}
