package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/absence"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// away plans an absence, in days from Monday.
func (h *hall) away(by, who, delegate string, from, until int) (int, error) {
	h.t.Helper()
	return h.PlanAbsence(h.as(by), casework.AbsencePlan{
		User: h.people[who], Delegate: h.people[delegate], From: monday.AddDate(0, 0, from), Until: monday.AddDate(0, 0, until),
	})
}

func (h *hall) plan(who, delegate string, from, until int) int {
	h.t.Helper()
	id, err := h.away(who, who, delegate, from, until)
	require.NoError(h.t, err)
	return id
}

// dawn lets the clock come to a day and the absences begin and end.
func (h *hall) dawn(days int) {
	h.t.Helper()
	h.at(monday.AddDate(0, 0, days))
	for _, turn := range []func(context.Context, time.Time, int) (int, error){h.EndAbsences, h.StartAbsences} {
		_, err := turn(system(), h.now(), 100)
		require.NoError(h.t, err)
	}
}

// has tells who has a case, and for whom.
func (h *hall) has(caseID int) (who, behalf int) {
	h.t.Helper()
	c := h.read(caseID)
	return value(c.AssigneeID), value(c.OnBehalfOfID)
}

// What is open goes to the one who stands in, so does what is assigned meanwhile,
// and all of it comes back on return.
func TestAnAbsence(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		open, closed := h.open(with(tributi, assignee)), h.open(place{casefile.StatusClosed, tributi, assignee})
		_, err := h.Claim(h.as(assignee), open.ID)
		require.NoError(t, err)
		require.NoError(t, h.Follow(h.as(assignee), open.ID))
		h.plan(assignee, operator, 1, 5)
		seq := h.last()
		h.dawn(0)
		require.Equal(t, seq, h.last(), "not yet")

		h.dawn(1)
		h.dawn(1)
		who, behalf := h.has(open.ID)
		require.Equal(t, []int{h.people[operator], h.people[assignee]}, []int{who, behalf})
		require.Nil(t, h.read(open.ID).ClaimedByID)
		require.Equal(t, h.people[assignee], value(h.read(closed.ID).AssigneeID), "what is closed stays")
		events := h.since(seq)
		require.Equal(t, []event.Kind{event.CaseAssigned, event.AbsenceStarted}, kinds(events), "once")
		require.Equal(t, "absence", events[0].Details.How)
		require.Equal(t, 1, events[1].Details.Count)

		later := h.open(at(tributi))
		require.NoError(t, h.Assign(h.as(head), h.on(later), h.people[assignee], ""))
		who, behalf = h.has(later.ID)
		require.Equal(t, []int{h.people[operator], h.people[assignee]}, []int{who, behalf})
		given := h.open(with(tributi, operator)) // the operator's own
		h.pass(time.Hour)
		require.NoError(t, h.SetPriority(h.as(head), h.on(open), casefile.PriorityHigh))
		require.NoError(t, h.Remind(h.as(sorter), open.ID, "A che punto siamo?"))
		absent, err := h.db.Client().Notice.Query().Where(notice.UserID(h.people[assignee])).Count(system())
		require.NoError(t, err)
		require.Zero(t, absent, "who is away is left in peace")
		require.Contains(t, h.heard(operator, open.ID), notify.Sollecito)

		seq = h.last()
		h.dawn(5)
		h.dawn(5)
		for _, c := range []*ent.CaseFile{open, later} {
			who, behalf = h.has(c.ID)
			require.Equal(t, []int{h.people[assignee], 0}, []int{who, behalf})
		}
		who, _ = h.has(given.ID)
		require.Equal(t, h.people[operator], who)
		events = h.since(seq)
		require.Equal(t, []event.Kind{event.CaseAssigned, event.CaseAssigned, event.AbsenceEnded}, kinds(events))
		require.Equal(t, "return", events[0].Details.How)
		require.Equal(t, 2, events[2].Details.Count)
		require.Equal(t, h.recount(), h.tallies())
	})
}

// Who stands in may be away too: the next one does the work, and each gets back
// what is his.
func TestAChainOfDelegates(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		hers, his := h.open(with(tributi, assignee)), h.open(with(tributi, operator))
		h.plan(assignee, operator, 1, 9)
		h.plan(operator, head, 2, 4)
		for _, it := range []struct {
			day       int
			hers, his string
		}{{1, operator, operator}, {2, head, head}, {4, head, operator}, {9, assignee, operator}} {
			h.dawn(it.day)
			who, _ := h.has(hers.ID)
			require.Equal(t, h.people[it.hers], who, "hers on day %d", it.day)
			who, _ = h.has(his.ID)
			require.Equal(t, h.people[it.his], who, "his on day %d", it.day)
		}
		require.Equal(t, h.recount(), h.tallies())
	})
}

func TestWhatAPlanRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.plan(assignee, operator, 2, 4)
		h.plan(operator, head, 3, 6)
		for name, it := range map[string]struct {
			by, who, delegate string
			from, until       int
			code              casework.Code
			path              string
		}{
			"by oneself":              {operator, operator, operator, 10, 11, casework.Invalid, "delegateId"},
			"backwards":               {head, head, operator, 11, 10, casework.Invalid, "until"},
			"no time":                 {head, head, operator, 10, 10, casework.Invalid, "until"},
			"in the past":             {head, head, operator, -3, -1, casework.Invalid, "until"},
			"for ever":                {head, head, operator, 1, 368, casework.Invalid, "until"},
			"of another office":       {head, head, outsider, 10, 11, casework.Invalid, "delegateId"},
			"planned by a colleague":  {operator, assignee, head, 10, 11, casework.Forbidden, "userId"},
			"planned by another head": {builder, assignee, head, 10, 11, casework.Forbidden, "userId"},
			"overlapping its end":     {assignee, assignee, operator, 3, 8, casework.Invalid, "from"},
			"overlapping its begin":   {assignee, assignee, operator, 1, 3, casework.Invalid, "from"},
			"within the other one":    {head, assignee, head, 2, 3, casework.Invalid, "from"},
			"in a circle of three":    {head, head, assignee, 3, 4, casework.Invalid, "delegateId"},
			"in a circle of two":      {head, head, operator, 5, 9, casework.Invalid, "delegateId"},
		} {
			seq := h.last()
			_, err := h.away(it.by, it.who, it.delegate, it.from, it.until)
			require.Equal(t, it.path, h.refused(it.code, err).Path, name)
			require.Equal(t, seq, h.last(), name)
		}
		h.plan(assignee, head, 4, 5) // right after
		h.plan(head, operator, 6, 9) // when the circle is broken
		_, err := h.away(admin, outsider, builder, 1, 2)
		require.NoError(t, err, "the administrator plans for all")
		_, err = h.away(builder, outsider, builder, 3, 4)
		require.NoError(t, err, "the head for the office")
	})
}

func TestCallingAnAbsenceOff(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(with(tributi, assignee))
		planned, active := h.plan(assignee, operator, 3, 5), h.plan(assignee, operator, 1, 2)
		h.refused(casework.Forbidden, h.CancelAbsence(h.as(operator), planned))
		h.refused(casework.NotFound, h.CancelAbsence(h.as(outsider), planned))
		require.NoError(t, h.CancelAbsence(h.as(head), planned))
		h.dawn(1)
		who, _ := h.has(c.ID)
		require.Equal(t, h.people[operator], who)
		h.pass(time.Hour)
		require.NoError(t, h.CancelAbsence(h.as(assignee), active), "back earlier")
		_, err := h.EndAbsences(system(), h.now(), 10)
		require.NoError(t, err)
		who, _ = h.has(c.ID)
		require.Equal(t, h.people[assignee], who)
		h.refused(casework.Already, h.CancelAbsence(h.as(assignee), active))
		h.dawn(3)
		who, _ = h.has(c.ID)
		require.Equal(t, h.people[assignee], who, "what was called off does not begin")
	})
}

// Who may not have a case does not get it by an absence: the head decides.
func TestAnAbsenceGivesNothingToWhoMayNotHaveIt(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.write(func(ctx context.Context, tx *ent.Tx) { // the two share Edilizia too
			for _, name := range []string{assignee, outsider} {
				tx.Membership.Create().SetUserID(h.people[name]).SetOfficeID(h.offices[edilizia]).SetRole(membership.RoleDeputy).ExecX(ctx)
			}
		})
		foreign, reserved, common := h.open(with(tributi, assignee)), h.open(with(edilizia, assignee)), h.open(with(edilizia, assignee))
		h.write(func(ctx context.Context, tx *ent.Tx) { h.reserve(ctx, tx, reserved.ID, assignee) })
		h.plan(assignee, outsider, 1, 3)
		h.dawn(1)
		for c, name := range map[*ent.CaseFile]string{foreign: assignee, reserved: assignee, common: outsider} {
			who, _ := h.has(c.ID)
			require.Equal(t, h.people[name], who, c.Number)
		}
		fresh := h.open(at(tributi))
		require.Equal(t, "assigneeId", h.refused(casework.Invalid, h.Assign(h.as(head), h.on(fresh), h.people[assignee], "")).Path)
		state, err := h.db.Client().Absence.Query().Where(absence.UserID(h.people[assignee])).Only(system())
		require.NoError(t, err)
		require.Equal(t, absence.StateActive, state.State)
	})
}
