//go:build !race

package casework_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/event"
)

// whoActs says who sees a case, who reads it, and who may act on it as what. It
// is written down from docs/who-sees-what.md, and asks nobody.
type whoActs struct {
	sees, reads []string
	acts        map[string]casework.Who
}

// situation is a case somewhere, and what everybody is to it.
type situation struct {
	name   string
	place  place
	merged bool
	whoActs
}

func situations() []situation {
	desk := whoActs{
		sees: []string{sorter, auditor}, reads: []string{sorter},
		acts: map[string]casework.Who{sorter: casework.Sorter},
	}
	office := func(acts map[string]casework.Who) whoActs {
		acts[head], acts[deputy], acts[blind], acts[operator] = casework.Head, casework.Head, casework.Head, casework.Operator
		acts[assignee] |= casework.Operator
		acts[above] = casework.Above
		return whoActs{
			sees:  []string{sorter, auditor, head, deputy, blind, operator, assignee, above, informed},
			reads: []string{head, deputy, operator, assignee, above, informed}, acts: acts,
		}
	}
	// What an office has ended is its own: the desk no longer acts on it.
	waiting := office(map[string]casework.Who{sorter: casework.Sorter})
	worked := office(map[string]casework.Who{sorter: casework.Sorter, assignee: casework.Assignee})
	answered := office(map[string]casework.Who{sorter: casework.Sorter, assignee: casework.Assignee})
	ended := office(map[string]casework.Who{assignee: casework.Assignee})
	return []situation{
		{"to sort", atDesk(), false, desk},
		{"to assign", at(tributi), false, waiting},
		{"in progress", with(tributi, assignee), false, worked},
		{"answering", place{casefile.StatusAnswering, tributi, assignee}, false, answered},
		{"closed at the desk", place{casefile.StatusClosed, "", ""}, false, desk},
		{"closed by the office", place{casefile.StatusClosed, tributi, assignee}, false, ended},
		{"merged at the desk", atDesk(), true, desk},
		{"merged by the office", with(tributi, assignee), true, ended},
	}
}

func (s situation) status() casefile.Status {
	if s.merged {
		return casefile.StatusMerged
	}
	return s.place.status
}

// asked are those who try every command on every case.
func asked() []string {
	return []string{sorter, head, deputy, blind, expired, operator, assignee, above, informed, outsider, auditor, admin}
}

// charge says who has taken charge of a case.
type charge string

const (
	nobodys charge = "nobody's"
	mine    charge = "mine"
	others  charge = "another's"
)

// byTable is what the rows of the table let come of a command: the row that
// allows it, or the code of the refusal.
func byTable(s situation, cmd casework.Command, person string, held charge) (casework.Transition, casework.Code) {
	if !slices.Contains(s.sees, person) {
		return casework.Transition{}, casework.NotFound
	}
	who, code := s.acts[person]|casework.Seer, casework.Illegal
	for _, row := range casework.Table() {
		if row.Command != cmd || !slices.Contains(row.From, s.status()) {
			continue
		}
		code = casework.Forbidden
		switch {
		case row.By&who == 0:
		case row.Content && !slices.Contains(s.reads, person):
			return row, casework.Forbidden
		case row.Claimed && held == others && who&casework.Head == 0:
			return row, casework.Claimed
		default:
			return row, ""
		}
	}
	return casework.Transition{}, code
}

// expected adds what the commands on a claim ask of the claim itself.
func expected(s situation, cmd casework.Command, person string, held charge) (casework.Transition, casework.Code) {
	row, code := byTable(s, cmd, person, held)
	switch {
	case code == "" && cmd == casework.Claim && held == others:
		code = casework.Claimed
	case code == "" && cmd == casework.Release && held != mine:
		code = casework.Already
	}
	return row, code
}

// told are the events of a command that was carried out, in order.
func told(cmd casework.Command, held charge) []event.Kind {
	if cmd == casework.Claim && held == mine {
		return nil // it is kept alive
	}
	return map[casework.Command][]event.Kind{
		casework.Sort: {event.CaseSorted}, casework.TakeBack: {event.CaseTakenBack}, casework.Return: {event.CaseReturned},
		casework.Assign: {event.CaseAssigned}, casework.Unassign: {event.CaseUnassigned}, casework.Take: {event.CaseAssigned}, casework.Note: {event.CaseNoted},
		casework.Close: {event.CaseClosed}, casework.Reopen: {event.CaseReopened}, casework.Prioritise: {event.CasePriorityChanged},
		casework.Inform: {event.CaseInformed}, casework.Reserve: {event.CaseReserved}, casework.Unreserve: {event.CaseUnreserved},
		casework.Merge: {event.CaseMerged, event.CaseMerged}, casework.Unmerge: {event.CaseUnmerged, event.CaseUnmerged},
		casework.Follow: {event.CaseFollowed}, casework.Unfollow: {event.CaseUnfollowed},
		casework.Claim: {event.CaseClaimed}, casework.Release: {event.CaseReleased},
		casework.Look: {event.CaseLookedAt}, casework.LookAway: {event.CaseLookedAt}, casework.BreakGlass: {event.GlassBroken},
		casework.Remind: {event.SollecitoSent}, casework.Ask: {event.ClarificationAsked, event.TermSuspended}, casework.Answer: {event.InquiryAnswered},
	}[cmd]
}

// prepare makes a case on which only the table can refuse the command.
func (h *hall) prepare(s situation, cmd casework.Command) (sub subject) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) {
		sub.id = h.put(ctx, tx, s.place).ID
		sub.other = sub.id
		if s.merged || cmd == casework.Merge {
			sub.other = h.put(ctx, tx, s.place).ID
		}
		for _, id := range slices.Compact([]int{sub.id, sub.other}) {
			if s.place.office != "" {
				tx.CaseOffice.Create().SetCaseID(id).SetOfficeID(h.offices[ragione]).ExecX(ctx)
			}
		}
		sub.inquiry = tx.Inquiry.Create().SetCaseID(sub.id).SetOfficeID(h.offices[tributi]).SetKind("SOLLECITO").
			SetAskedByID(h.people[colleague]).SetAskedAt(h.now().UTC()).SetText("A che punto siamo?").SaveX(ctx).ID
		if cmd == casework.Unreserve && !s.merged {
			h.reserve(ctx, tx, sub.id, s.reads...)
		}
		if cmd == casework.LookAway {
			for _, name := range asked() {
				tx.CaseLooker.Create().SetCaseID(sub.id).SetUserID(h.people[name]).SetUntil(h.now().Add(time.Minute).UTC()).ExecX(ctx)
			}
		}
		if cmd == casework.Unfollow {
			for _, name := range asked() {
				tx.CaseFollower.Create().SetCaseID(sub.id).SetUserID(h.people[name]).ExecX(ctx)
			}
		}
	})
	if s.merged {
		by := sorter
		if s.place.office != "" {
			by = head
		}
		require.NoError(h.t, h.Merge(h.as(by), casework.On{Case: sub.id, Version: 1}, casework.On{Case: sub.other, Version: 1}, ""))
	}
	return sub
}

// charge lets somebody have taken charge of the case.
func (h *hall) charge(sub subject, held charge, person string) {
	h.write(func(ctx context.Context, tx *ent.Tx) {
		u := tx.CaseFile.Update().Where(casefile.ID(sub.id))
		if held == others {
			person = registrar
		}
		u.SetClaimedByID(h.people[person]).SetClaimedUntil(h.now().UTC().Add(casework.Lease)).ExecX(ctx)
	})
}

// Everybody tries every command on a case in every situation, in charge or not.
// What the table allows is done, with its event; all else is refused for the
// right reason, and changes nothing.
func TestTheTableDecides(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		contexts := h.contexts(asked())
		done, refused := 0, 0
		for _, s := range situations() {
			for _, cmd := range casework.Commands() {
				for _, held := range []charge{nobodys, mine, others} {
					w := walk{h, s, cmd, held, contexts}
					yes, no := w.everybody()
					done, refused = done+yes, refused+no
				}
			}
			require.Equal(t, h.recount(), h.tallies(), s.name)
		}
		t.Logf("%d commands done, %d refused", done, refused)
		require.Greater(t, done, 500)
		require.Greater(t, refused, 3000)
	})
}

// contexts are those of some people, with the rights of this moment.
func (h *hall) contexts(names []string) map[string]context.Context {
	all := map[string]context.Context{}
	for _, name := range names {
		all[name] = h.as(name) //nolint:fatcontext // one beside the other, not one in the other
	}
	return all
}

// walk is one command on one sort of case.
type walk struct {
	*hall
	s        situation
	cmd      casework.Command
	held     charge
	contexts map[string]context.Context
}

func (w walk) everybody() (done, refused int) {
	sub := w.ready()
	before := w.picture(sub)
	for _, person := range asked() {
		if w.held == mine {
			w.charge(sub, mine, person)
			before = w.picture(sub)
		}
		if !w.tries(person, sub, before) {
			refused++
			continue
		}
		done++
		sub = w.ready()
		before = w.picture(sub)
	}
	return done, refused
}

// ready makes the next case, in charge as it should be; whose is "mine" comes
// with the person.
func (w walk) ready() subject {
	sub := w.prepare(w.s, w.cmd)
	if w.held == others {
		w.charge(sub, others, "")
	}
	return sub
}

// tries lets a person try, and tells whether it was done.
func (w walk) tries(person string, sub subject, before picture) bool {
	w.t.Helper()
	row, code := expected(w.s, w.cmd, person, w.held)
	w.mayDo(person, before.one)
	on, other := casework.On{Case: sub.id, Version: before.one.Version}, casework.On{Case: sub.other, Version: before.other.Version}
	err := w.command(w.contexts[person], w.cmd, sub, on, other)
	say := string(w.cmd) + " by " + person + ", " + w.s.name + ", " + string(w.held)
	if code != "" {
		var refused *casework.Refused
		require.ErrorAs(w.t, err, &refused, say)
		require.Equal(w.t, code, refused.Code, say)
		require.NotEmpty(w.t, refused.Italian, say)
		require.NotEmpty(w.t, refused.English, say)
		w.same(before, w.picture(sub), say)
		return false
	}
	require.NoError(w.t, err, say)
	w.happened(say, row, person, before.one, w.read(sub.id), w.since(before.last))
	return true
}

// happened checks what a command left behind.
func (w walk) happened(say string, row casework.Transition, person string, was, is *ent.CaseFile, events []event.Event) {
	w.t.Helper()
	if len(row.To) == 0 {
		require.Equal(w.t, was.Status, is.Status, say)
	} else {
		require.Contains(w.t, row.To, is.Status, say)
	}
	raised := 0
	if row.Versioned {
		raised = 1
	}
	require.Equal(w.t, was.Version+raised, is.Version, say)
	require.Equal(w.t, told(w.cmd, w.held), kinds(events), say)
	for _, e := range events {
		require.Equal(w.t, w.actor(person), e.Actor, say)
	}
	if len(events) > 0 {
		require.Equal(w.t, is.ID, events[0].Case, say)
	}
	if row.Versioned {
		require.Equal(w.t, is.Version, events[0].Details.Version, say)
	}
	if was.Status != is.Status {
		require.Equal(w.t, []string{string(was.Status), string(is.Status)}, []string{events[0].Details.From, events[0].Details.To}, say)
	}
}

// mayDo checks that a person is offered what the table allows, and no more.
func (w walk) mayDo(name string, was *ent.CaseFile) {
	w.t.Helper()
	if w.cmd != casework.Sort { // once for each person and sort of case is enough
		return
	}
	var want []casework.Command
	for _, cmd := range casework.Commands() {
		if _, code := byTable(w.s, cmd, name, w.held); code == "" {
			want = append(want, cmd)
		}
	}
	c, ok := w.seen(name, was.ID)
	if !ok {
		require.Empty(w.t, want, name)
		return
	}
	require.Equal(w.t, want, casework.MayDo(person(w.contexts[name]), c, w.now()), "%s, %s, %s", name, w.s.name, w.held)
}
