package casework_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/staff"
)

// texts lists what the letters about a case say that people wrote.
func (h *hall) texts(name string, caseID int) (all []string) {
	h.t.Helper()
	rows, err := h.db.Client().Notice.Query().Where(notice.UserID(h.people[name]), notice.CaseID(caseID)).Order(notice.ByID()).All(system())
	require.NoError(h.t, err)
	for _, n := range rows {
		var it notify.Item
		require.NoError(h.t, json.Unmarshal(n.Item, &it))
		all = append(all, it.Text)
	}
	return all
}

// assigned is the one notice of who got a case, or whose office did.
var assigned = []notify.Kind{notify.Assigned}

func TestSortingGivesACaseToAnOffice(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq, high := h.open(atDesk()), h.last(), casefile.PriorityHigh
		require.True(t, h.reads(sorter, c.ID))
		require.NoError(t, h.Sort(h.as(sorter), h.on(c), casework.SortTo{
			Office: h.offices[tributi], Note: "  scade presto ", Inform: []int{h.offices[ragione], h.offices[ragione]}, Priority: &high,
		}))

		is := h.read(c.ID)
		require.Equal(t, casefile.StatusToAssign, is.Status)
		require.Equal(t, h.offices[tributi], *is.OfficeID)
		require.Equal(t, high, is.Priority)
		require.Equal(t, "smistata a Ufficio Tributi", is.RouteReason)
		why, office, ok := casework.ReadWhy(is.RouteReason)
		require.Equal(t, []any{casework.BySorter, "Ufficio Tributi", true}, []any{why, office, ok})
		for name, reads := range map[string]bool{
			head: true, deputy: true, operator: true, informed: true, above: true, sorter: false, auditor: false, outsider: false, expired: false,
		} {
			require.Equal(t, reads, h.reads(name, c.ID), name)
		}
		for name, heard := range map[string][]notify.Kind{head: assigned, deputy: assigned, operator: nil, expired: nil, informed: nil, sorter: nil} {
			require.Equal(t, heard, h.heard(name, c.ID), name)
		}
		require.Equal(t, []string{"scade presto"}, h.texts(head, c.ID))

		events := h.since(seq)
		require.Equal(t, []event.Kind{event.CaseSorted, event.CasePriorityChanged}, kinds(events))
		require.Equal(t, "scade presto", events[0].Details.Reason)
		require.Equal(t, []int{h.offices[ragione]}, events[0].Details.Offices)
		require.Equal(t, h.offices[tributi], events[0].Office)
		require.Equal(t, []string{"NORMAL", "HIGH"}, []string{events[1].Details.From, events[1].Details.To})

		require.NoError(t, h.Sort(h.as(colleague), h.on(c), casework.SortTo{Office: h.offices[edilizia]}), "the office had not begun")
		require.Equal(t, h.offices[tributi], h.since(seq)[2].FromOffice)
		require.False(t, h.reads(head, c.ID))
		require.False(t, h.reads(informed, c.ID), "those informed are named anew")
	})
}

func TestWhatSortingRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, unheard := h.open(at(tributi)), casefile.Priority("SOON")
		many := make([]int, 51)
		for name, it := range map[string]struct {
			to   casework.SortTo
			code casework.Code
			path string
		}{
			"it is there":          {casework.SortTo{Office: h.offices[tributi]}, casework.Already, ""},
			"no such office":       {casework.SortTo{Office: 9999}, casework.Invalid, "officeId"},
			"nobody to inform":     {casework.SortTo{Office: h.offices[edilizia], Inform: []int{9999}}, casework.Invalid, "informOfficeIds"},
			"informed and in work": {casework.SortTo{Office: h.offices[edilizia], Inform: []int{h.offices[edilizia]}}, casework.Invalid, "informOfficeIds"},
			"too many to inform":   {casework.SortTo{Office: h.offices[edilizia], Inform: many}, casework.Invalid, "informOfficeIds"},
			"a book for a note":    {casework.SortTo{Office: h.offices[edilizia], Note: strings.Repeat("è", 4001)}, casework.Invalid, "note"},
			"no such priority":     {casework.SortTo{Office: h.offices[edilizia], Priority: &unheard}, casework.Invalid, "priority"},
		} {
			before := h.read(c.ID).String()
			r := h.refused(it.code, h.Sort(h.as(sorter), h.on(c), it.to))
			require.Equal(t, it.path, r.Path, name)
			require.Equal(t, before, h.read(c.ID).String(), name)
		}
		require.NoError(t, h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[edilizia], Note: strings.Repeat("è", 4000)}))
	})
}

func TestACaseComesBackToTheDesk(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		returned := []notify.Kind{notify.Returned}
		c := h.open(at(tributi))
		require.NoError(t, h.TakeBack(h.as(sorter), h.on(c), ""), "the office asks for no reason")
		require.Nil(t, h.read(c.ID).OfficeID)
		require.Equal(t, returned, h.heard(head, c.ID), "who loses it is told")

		c = h.open(at(anagrafe))
		require.Equal(t, "reason", h.refused(casework.ReasonNeeded, h.TakeBack(h.as(sorter), h.on(c), " \t\n")).Path)
		require.NoError(t, h.TakeBack(h.as(sorter), h.on(c), "ufficio sbagliato"))

		c = h.open(with(tributi, assignee))
		seq := h.last()
		h.refused(casework.ReasonNeeded, h.Return(h.as(assignee), h.on(c), ""))
		require.NoError(t, h.Return(h.as(assignee), h.on(c), "è per l'anagrafe"))
		is := h.read(c.ID)
		require.Equal(t, casefile.StatusToSort, is.Status)
		require.Nil(t, is.OfficeID)
		require.Nil(t, is.AssigneeID)
		require.Equal(t, "restituita da Ufficio Tributi", is.RouteReason)
		why, office, ok := casework.ReadWhy(is.RouteReason)
		require.Equal(t, []any{casework.ByReturn, "Ufficio Tributi", true}, []any{why, office, ok})
		for _, name := range []string{sorter, colleague} {
			require.Equal(t, returned, h.heard(name, c.ID))
			require.Equal(t, []string{"è per l'anagrafe"}, h.texts(name, c.ID))
			require.True(t, h.reads(name, c.ID))
		}
		e := h.since(seq)[0]
		require.Equal(t, []int{h.offices[tributi], h.people[assignee]}, []int{e.FromOffice, e.FromPerson})
		require.Equal(t, "è per l'anagrafe", e.Details.Reason)
		require.False(t, h.reads(head, c.ID))
	})
}

func TestAHeadAssigns(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		give := func(by, to string) error { return h.Assign(h.as(by), h.on(c), h.people[to], "") }
		for _, name := range []string{outsider, expired, above, admin} {
			require.Equal(t, "assigneeId", h.refused(casework.Invalid, give(head, name)).Path, name)
		}
		require.NoError(t, give(head, operator))
		require.Equal(t, assigned, h.heard(operator, c.ID))
		require.Empty(t, h.heard(head, c.ID), "nobody is told of what he did himself")
		h.refused(casework.Already, give(deputy, operator))

		require.NoError(t, give(deputy, assignee))
		require.Equal(t, []notify.Kind{notify.Assigned, notify.Unassigned}, h.heard(operator, c.ID))
		require.NoError(t, give(head, head), "to himself")
		require.Empty(t, h.heard(head, c.ID))

		var told []int
		for _, e := range h.since(seq) {
			require.Equal(t, "assigned", e.Details.How)
			told = append(told, e.FromPerson, e.Person)
		}
		require.Equal(t, []int{0, h.people[operator], h.people[operator], h.people[assignee], h.people[assignee], h.people[head]}, told)

		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.User.Update().Where(user.ID(h.people[operator])).SetDisabledAt(h.now().UTC()).ExecX(ctx)
		})
		h.refused(casework.Invalid, give(head, operator))

		own := h.open(at(anagrafe))
		require.False(t, h.reads(clerk, own.ID))
		h.refused(casework.ReasonNeeded, h.Assign(h.as(registrar), h.on(own), h.people[clerk], ""))
		require.NoError(t, h.Assign(h.as(registrar), h.on(own), h.people[clerk], "è suo"))
		require.True(t, h.reads(clerk, own.ID))
	})
}

// TestAHeadUnassigns: the case is the office's to assign again, nobody is in charge
// of it, and who had it is told.
func TestAHeadUnassigns(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(at(tributi))
		h.refused(casework.Illegal, h.Unassign(h.as(head), h.on(c), ""))
		require.NoError(t, h.Assign(h.as(head), h.on(c), h.people[operator], ""))
		_, err := h.Claim(h.as(operator), c.ID)
		require.NoError(t, err)
		seq := h.last()
		h.refused(casework.Forbidden, h.Unassign(h.as(operator), h.on(c), ""))
		h.refused(casework.Stale, h.Unassign(h.as(head), casework.On{Case: c.ID, Version: 1}, ""))
		require.NoError(t, h.Unassign(h.as(deputy), h.on(c), "torna in coda"))

		is := h.read(c.ID)
		require.Equal(t, casefile.StatusToAssign, is.Status)
		require.Equal(t, h.offices[tributi], *is.OfficeID)
		require.Nil(t, is.AssigneeID)
		require.Nil(t, is.ClaimedByID, "the head ends what somebody is in charge of")
		require.Equal(t, []notify.Kind{notify.Assigned, notify.Unassigned}, h.heard(operator, c.ID))
		require.Len(t, h.since(seq), 1)
		told := h.since(seq)[0]
		require.Equal(t, event.CaseUnassigned, told.Kind)
		require.Equal(t, []any{h.people[operator], 0, "torna in coda"}, []any{told.FromPerson, told.Person, told.Details.Reason})
		require.NoError(t, h.Take(h.as(assignee), h.on(c)), "who wants it takes it")

		own := h.open(with(anagrafe, clerk))
		h.refused(casework.ReasonNeeded, h.Unassign(h.as(registrar), h.on(own), " "))
		require.NoError(t, h.Unassign(h.as(registrar), h.on(own), "ferie"))
		require.False(t, h.reads(clerk, own.ID), "who sees his own alone sees it no longer")
	})
}

func TestTakingIsForTheOfficeToAllow(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(at(tributi)), h.last()
		require.NoError(t, h.Take(h.as(operator), h.on(c)))
		require.Equal(t, h.people[operator], *h.read(c.ID).AssigneeID)
		require.Equal(t, "taken", h.since(seq)[0].Details.How)
		require.Empty(t, h.heard(operator, c.ID))
		h.refused(casework.Illegal, h.Take(h.as(assignee), h.on(c)))

		no := false
		_, err := h.staff.SetOffice(h.as(admin), tributi, staff.OfficeSettings{OperatorsMayTake: &no})
		require.NoError(t, err)
		c = h.open(at(tributi))
		require.Contains(t, h.refused(casework.Forbidden, h.Take(h.as(operator), h.on(c))).English, "the head assigns")
		require.NoError(t, h.Take(h.as(head), h.on(c)), "but the head may")

		own := h.open(at(anagrafe))
		h.refused(casework.NotFound, h.Take(h.as(clerk), h.on(own)))
		require.NoError(t, h.Take(h.as(registrar), h.on(own)))
	})
}

func TestClosingAndReopening(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for _, it := range []struct {
			place           place
			closes, reopens string
			heard           []notify.Kind
		}{
			{atDesk(), sorter, colleague, nil},
			{at(tributi), head, deputy, nil},
			{with(tributi, assignee), assignee, head, assigned},
		} {
			c, seq := h.open(it.place), h.last()
			require.Equal(t, "outcome", h.refused(casework.Invalid, h.Close(h.as(it.closes), h.on(c), "", "")).Path)
			h.refused(casework.Invalid, h.Close(h.as(it.closes), h.on(c), "FORGOTTEN", ""))
			require.NoError(t, h.Close(h.as(it.closes), h.on(c), casefile.OutcomeDuplicate, "già evasa"))
			is := h.read(c.ID)
			require.Equal(t, casefile.StatusClosed, is.Status)
			require.Equal(t, casefile.OutcomeDuplicate, *is.Outcome)
			require.True(t, is.ClosedAt.Equal(h.now()))
			require.Equal(t, []string{"DUPLICATE", "già evasa"}, []string{h.since(seq)[0].Details.Outcome, h.since(seq)[0].Details.Reason})

			h.refused(casework.Illegal, h.Close(h.as(it.closes), h.on(c), casefile.OutcomeSpam, ""))
			h.refused(casework.ReasonNeeded, h.Reopen(h.as(it.reopens), h.on(c), ""))
			require.NoError(t, h.Reopen(h.as(it.reopens), h.on(c), "manca un allegato"))
			is = h.read(c.ID)
			require.Equal(t, it.place.status, is.Status, "where it stood")
			require.Nil(t, is.Outcome)
			require.Nil(t, is.ClosedAt)
			require.Equal(t, it.heard, h.heard(assignee, c.ID))
		}
		c := h.open(place{casefile.StatusClosed, tributi, assignee})
		h.refused(casework.Forbidden, h.Reopen(h.as(sorter), h.on(c), "è dell'ufficio"))
	})
}

func TestPriority(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(with(tributi, assignee)), h.last()
		h.refused(casework.Already, h.SetPriority(h.as(head), h.on(c), casefile.PriorityNormal))
		require.Equal(t, "priority", h.refused(casework.Invalid, h.SetPriority(h.as(head), h.on(c), "SOON")).Path)
		require.NoError(t, h.SetPriority(h.as(head), h.on(c), casefile.PriorityUrgent))
		require.NoError(t, h.SetPriority(h.as(sorter), h.on(c), casefile.PriorityLow))
		require.Equal(t, casefile.PriorityLow, h.read(c.ID).Priority)
		require.Equal(t, "URGENT", h.since(seq)[1].Details.From)
	})
}

// Who comes too late is told what happened since, and by whom.
func TestAStaleCommandHearsWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(with(tributi, assignee))
		saw := h.on(c)
		require.NoError(t, h.SetPriority(h.as(sorter), saw, casefile.PriorityHigh))
		require.NoError(t, h.Follow(h.as(operator), c.ID), "this changes nothing")
		require.NoError(t, h.Assign(h.as(deputy), h.on(c), h.people[operator], "ferie"))

		before := h.last()
		r := h.refused(casework.Stale, h.Close(h.as(head), saw, casefile.OutcomeOther, ""))
		require.Equal(t, saw.Version+2, r.Current)
		require.Equal(t, []event.Kind{event.CasePriorityChanged, event.CaseAssigned}, kinds(r.Changes))
		require.Equal(t, h.actor(sorter), r.Changes[0].Actor)
		require.Equal(t, h.actor(deputy), r.Changes[1].Actor)
		require.Equal(t, "ferie", r.Changes[1].Details.Reason)
		require.Equal(t, before, h.last())

		r = h.refused(casework.Stale, h.Close(h.as(head), casework.On{Case: c.ID, Version: saw.Version + 1}, casefile.OutcomeOther, ""))
		require.Equal(t, []event.Kind{event.CaseAssigned}, kinds(r.Changes))
		for _, version := range []int{0, -1} {
			r = h.refused(casework.Invalid, h.Close(h.as(head), casework.On{Case: c.ID, Version: version}, casefile.OutcomeOther, ""))
			require.Equal(t, "version", r.Path)
		}
		h.refused(casework.Stale, h.Close(h.as(head), casework.On{Case: c.ID, Version: 99}, casefile.OutcomeOther, ""))
		h.refused(casework.NotFound, h.Close(h.as(outsider), saw, casefile.OutcomeOther, ""))
	})
}

// A token that may only read commands nothing; nor does a part of the program,
// nor nobody.
func TestCommandsNeedAPersonWhoMayWrite(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c := h.open(with(tributi, assignee))
		sub := subject{id: c.ID, other: h.open(with(tributi, assignee)).ID}
		var reader int
		h.write(func(ctx context.Context, tx *ent.Tx) {
			reader = h.token(ctx, tx, head, "READ", "CONTENT")
			sub.inquiry = tx.Inquiry.Create().SetCaseID(c.ID).SetOfficeID(h.offices[tributi]).SetKind("SOLLECITO").
				SetAskedByID(h.people[sorter]).SetAskedAt(h.now().UTC()).SetText("?").SaveX(ctx).ID
		})
		before := h.picture(sub)
		for name, ctx := range map[string]context.Context{"reader": h.by(reader), "program": system()} {
			for _, cmd := range casework.Commands() {
				h.refused(casework.Forbidden, h.command(ctx, cmd, sub, h.on(c), casework.On{Case: sub.other, Version: 1}))
			}
			h.same(before, h.picture(sub), name)
		}
		_, err := h.PlanAbsence(h.by(reader), casework.AbsencePlan{User: h.people[head], Delegate: h.people[operator], From: monday, Until: monday.Add(time.Hour)})
		h.refused(casework.Forbidden, err)
		require.Error(t, h.Follow(t.Context(), c.ID), "nobody asks")
		require.Empty(t, casework.MayDo(person(h.by(reader)), before.one, h.now()))
	})
}
