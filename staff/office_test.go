package staff

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// office makes an office below another one.
func (h *house) office(code, parent string) int {
	h.t.Helper()
	id, err := h.SetOffice(h.program(), code, OfficeSettings{Name: new("Ufficio " + code), Parent: &parent})
	require.NoError(h.t, err)
	return id
}

func TestOffices(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			name, code string
			set        OfficeSettings
			path       string
		}{
			{"a new one", "tributi", OfficeSettings{Name: new(" Ufficio Tributi ")}, ""},
			{"without a name", "anagrafe", OfficeSettings{}, "code"},
			{"with an empty name", "anagrafe", OfficeSettings{Name: new(" ")}, "name"},
			{"with a name that does not show", "anagrafe", OfficeSettings{Name: new("Ana\u202egrafe")}, "name"},
			{"without a code", "", OfficeSettings{Name: new("Anagrafe")}, "code"},
			{"with a blank in the code", "servizi demografici", OfficeSettings{Name: new("Anagrafe")}, "code"},
			{"with a slash in the code", "a/b", OfficeSettings{Name: new("Anagrafe")}, "code"},
			{"with a long code", strings.Repeat("x", 101), OfficeSettings{Name: new("Anagrafe")}, "code"},
			{"below one that is not there", "anagrafe", OfficeSettings{Name: new("Anagrafe"), Parent: new("segreteria")}, "parent"},
			{"below another", "imu", OfficeSettings{Name: new("IMU"), Parent: new("tributi")}, ""},
			{"below itself", "imu", OfficeSettings{Parent: new("imu")}, "parent"},
			{"below the one below it", "tributi", OfficeSettings{Parent: new("imu")}, "parent"},
		} {
			before := h.events()
			id, err := h.SetOffice(h.as(h.admin), c.code, c.set)
			if c.path != "" {
				h.refuses(Invalid, err, c.name)
				var e *Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, c.path, e.Path, c.name)
				require.Equal(t, before, h.events(), c.name)
				continue
			}
			require.NoError(t, err, c.name)
			require.Equal(t, event.OfficeChanged, h.last().Kind)
			require.Equal(t, id, h.last().Office)
			require.Equal(t, guard.Someone(guard.Person{ID: h.admin}).String(), h.last().Actor)
			found, err := h.Office(h.program(), c.code)
			require.NoError(t, err)
			require.Equal(t, id, found)
		}
		_, err := h.Office(h.program(), "segreteria")
		h.refuses(NotFound, err)
		require.Equal(t, 2, h.Client.Office.Query().CountX(h.program()), "what was refused left nothing behind")
	})
}

func TestAnOfficeIsNeverBelowItself(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, b, c := h.office("a", ""), h.office("b", "a"), h.office("c", "b")
		_, err := h.SetOffice(h.as(h.admin), "a", OfficeSettings{Parent: new("c")})
		h.refuses(Invalid, err, "a chain of three")
		_, err = h.SetOffice(h.as(h.admin), "b", OfficeSettings{Parent: new("")})
		require.NoError(t, err)
		require.Nil(t, h.Client.Office.GetX(h.program(), b).ParentID)
		_, err = h.SetOffice(h.as(h.admin), "a", OfficeSettings{Parent: new("c")})
		require.NoError(t, err, "cut in two it can be turned round")
		require.Equal(t, c, *h.Client.Office.GetX(h.program(), a).ParentID)
	})
}

// What is not said stays as it is.
func TestTheHabitsOfAnOffice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.office("tributi", "")
		_, err := h.SetOffice(h.as(h.admin), "tributi", OfficeSettings{HeadSeesBelow: new(true), OperatorsSeeOwn: new(true), OperatorsMayTake: new(false), ReasonToMove: new(true), Approvals: new(1)})
		require.NoError(t, err)
		require.Equal(t, "head sees below, operators see own, operators may take, reason to move, approvals", h.last().Details.Reason)
		require.Equal(t, []event.Change{
			{What: "head sees below", From: "false", To: "true"}, {What: "operators see own", From: "false", To: "true"},
			{What: "operators may take", From: "true", To: "false"}, {What: "reason to move", From: "false", To: "true"}, {What: "approvals", From: "0", To: "1"},
		}, h.last().Details.Changes)
		_, err = h.SetOffice(h.as(h.admin), "tributi", OfficeSettings{HeadSeesBelow: new(false)})
		require.NoError(t, err)
		require.Equal(t, []event.Change{{What: "head sees below", From: "true", To: "false"}}, h.last().Details.Changes)
		o := h.Client.Office.GetX(h.program(), id)
		require.Equal(t, []any{"Ufficio tributi", false, true, false, true, 1},
			[]any{o.Name, o.HeadSeesBelow, o.OperatorsSeeOwn, o.OperatorsMayTake, o.ReasonToMove, o.Approvals})
		for _, n := range []int{-1, 3} {
			_, err = h.SetOffice(h.as(h.admin), "tributi", OfficeSettings{Approvals: &n})
			require.ErrorContains(t, err, "the approvals are 0, 1 or 2")
		}
	})
}

func TestMembers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno, gone := h.add("bruno@comune.example", Roles{}), h.add("via@comune.example", Roles{})
		require.NoError(t, h.Disable(h.program(), gone))
		office := h.office("tributi", "")
		from, until := monday, monday.Add(day)
		for _, c := range []struct {
			name string
			m    Member
			code Code
		}{
			{"a head", Member{bruno, office, membership.RoleHead, nil, nil}, ""},
			{"an operator too", Member{bruno, office, membership.RoleOperator, nil, nil}, ""},
			{"a deputy for ever", Member{bruno, office, membership.RoleDeputy, nil, nil}, ""},
			{"a deputy for a day", Member{bruno, office, membership.RoleDeputy, &from, &until}, ""},
			{"a head with dates", Member{bruno, office, membership.RoleHead, &from, nil}, Invalid},
			{"an operator with dates", Member{bruno, office, membership.RoleOperator, nil, &until}, Invalid},
			{"a deputy backwards", Member{bruno, office, membership.RoleDeputy, &until, &from}, Invalid},
			{"a deputy for no time", Member{bruno, office, membership.RoleDeputy, &from, &from}, Invalid},
			{"nothing", Member{bruno, office, "", nil, nil}, Invalid},
			{"something else", Member{bruno, office, "BOSS", nil, nil}, Invalid},
			{"nobody", Member{4711, office, membership.RoleHead, nil, nil}, NotFound},
			{"who has left", Member{gone, office, membership.RoleHead, nil, nil}, NotFound},
			{"nowhere", Member{bruno, 4711, membership.RoleHead, nil, nil}, Invalid},
		} {
			before := h.events()
			err := h.AddMember(h.as(h.admin), c.m)
			if c.code != "" {
				h.refuses(c.code, err, c.name)
				require.Equal(t, before, h.events(), c.name)
				continue
			}
			require.NoError(t, err, c.name)
			require.Equal(t, event.Entry{Kind: event.MemberAdded, Person: bruno, Office: office, Details: event.Details{To: string(c.m.Role)}}, h.last().Entry)
			require.Equal(t, guard.Someone(guard.Person{ID: h.admin}).String(), h.last().Actor)
		}
		require.Equal(t, 3, h.Client.Membership.Query().CountX(h.program()), "said again it changes the dates")

		deputy := Member{User: bruno, Office: office, Role: membership.RoleDeputy}
		require.NoError(t, h.RemoveMember(h.as(h.admin), deputy))
		require.Equal(t, event.Entry{Kind: event.MemberRemoved, Person: bruno, FromOffice: office, Details: event.Details{From: "DEPUTY"}}, h.last().Entry)
		h.refuses(NotFound, h.RemoveMember(h.as(h.admin), deputy))
		require.Equal(t, 2, h.Client.Membership.Query().CountX(h.program()))
	})
}

// A head names deputies among the people of the office, for some time; a deputy nobody.
func TestAHeadNamesDeputies(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla, giulia, luca := h.add("carla@comune.example", Roles{}), h.add("giulia@comune.example", Roles{}), h.add("luca@comune.example", Roles{})
		elsewhere := h.add("omar@comune.example", Roles{Sorter: true, Auditor: true})
		office, other := h.office("tributi", ""), h.office("legale", "")
		for _, m := range []Member{{User: carla, Office: office, Role: membership.RoleHead}, {User: giulia, Office: office, Role: membership.RoleOperator},
			{User: luca, Office: office, Role: membership.RoleOperator}, {User: elsewhere, Office: other, Role: membership.RoleOperator}} {
			require.NoError(t, h.AddMember(h.program(), m))
		}
		from, until, far := monday, monday.Add(7*day), monday.Add(400*day)
		deputy := func(user, office int, from, until *time.Time) Member {
			return Member{User: user, Office: office, Role: membership.RoleDeputy, From: from, Until: until}
		}
		is := deputy(giulia, office, &from, &until)
		require.NoError(t, h.AddMember(h.as(carla), is))
		require.Equal(t, event.Entry{Kind: event.MemberAdded, Person: giulia, Office: office, Details: event.Details{To: "DEPUTY"}}, h.last().Entry)
		require.Equal(t, guard.Someone(guard.Person{ID: carla}).String(), h.last().Actor)
		require.Equal(t, []int{office}, h.rights(giulia).Acts)

		before := h.events()
		for _, c := range []struct {
			name string
			who  int
			m    Member
			code Code
		}{
			{"for ever", carla, deputy(luca, office, nil, nil), Invalid},
			{"without an end", carla, deputy(luca, office, &from, nil), Invalid},
			{"for longer than a year", carla, deputy(luca, office, &from, &far), Invalid},
			{"somebody of another office", carla, deputy(elsewhere, office, &from, &until), Invalid},
			{"of another office", carla, deputy(elsewhere, other, &from, &until), Forbidden},
			{"a head", carla, Member{User: luca, Office: office, Role: membership.RoleHead}, Forbidden},
			{"an operator", carla, Member{User: elsewhere, Office: office, Role: membership.RoleOperator}, Forbidden},
			{"by the deputy", giulia, deputy(luca, office, &from, &until), Forbidden},
			{"by oneself", luca, deputy(luca, office, &from, &until), Forbidden},
		} {
			h.refuses(c.code, h.AddMember(h.as(c.who), c.m), c.name)
		}
		h.refuses(Forbidden, h.AddMember(h.narrowly(carla, guard.Read|guard.Content), is), "a token that only reads")
		h.refuses(Forbidden, h.RemoveMember(h.as(luca), is))
		h.refuses(Forbidden, h.RemoveMember(h.as(carla), Member{User: luca, Office: office, Role: membership.RoleOperator}))
		require.Equal(t, before, h.events())

		require.NoError(t, h.RemoveMember(h.as(carla), is))
		require.Empty(t, h.rights(giulia).Acts)
	})
}

// A deputy is one from the first moment on until before the last.
func TestADeputyCountsWithinTheDates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno, office := h.add("bruno@comune.example", Roles{}), h.office("tributi", "")
		from, until := monday.Add(day), monday.Add(3*day)
		require.NoError(t, h.AddMember(h.program(), Member{bruno, office, membership.RoleDeputy, &from, &until}))
		for _, c := range []struct {
			at   time.Time
			acts bool
		}{
			{monday, false}, {from.Add(-time.Microsecond), false}, {from, true}, {until.Add(-time.Microsecond), true}, {until, false}, {until.Add(day), false},
		} {
			h.pass(c.at.Sub(h.now()))
			require.Equal(t, c.acts, len(h.rights(bruno).Acts) == 1, c.at)
			require.Equal(t, c.acts, len(h.rights(bruno).Heads) == 1, c.at)
		}
	})
}

// What somebody is in which office becomes the offices that guard knows.
func TestWhatMembershipsGive(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		top := h.office("direzione", "")
		taxes, imu, land := h.office("tributi", "direzione"), h.office("imu", "tributi"), h.office("catasto", "imu")
		registry := h.office("anagrafe", "direzione")
		set := func(code string, o OfficeSettings) {
			_, err := h.SetOffice(h.program(), code, o)
			require.NoError(t, err)
		}
		in := func(office int, role membership.Role) {
			require.NoError(t, h.AddMember(h.program(), Member{User: bruno, Office: office, Role: role}))
		}
		is := func(acts, heads, operates, owns []int) {
			t.Helper()
			p := h.rights(bruno)
			require.Equal(t, [][]int{acts, heads, operates, owns}, [][]int{p.Acts, p.Heads, p.Operates, p.Owns})
		}
		is(nil, nil, nil, nil)
		in(taxes, membership.RoleHead)
		is([]int{taxes}, []int{taxes}, nil, nil)
		set("imu", OfficeSettings{HeadSeesBelow: new(true)})
		is([]int{taxes}, []int{taxes}, nil, nil) // only the head of that one
		set("tributi", OfficeSettings{HeadSeesBelow: new(true)})
		is([]int{taxes}, []int{taxes, imu, land}, nil, nil)
		set("tributi", OfficeSettings{HeadSeesBelow: new(false)})
		in(top, membership.RoleDeputy)
		set("direzione", OfficeSettings{HeadSeesBelow: new(true)})
		p := h.rights(bruno)
		require.ElementsMatch(t, []int{taxes, top}, p.Acts, "to act is not what to read is")
		require.Equal(t, []int{top, taxes, imu, land, registry}, p.Heads)

		require.NoError(t, h.RemoveMember(h.program(), Member{User: bruno, Office: top, Role: membership.RoleDeputy}))
		require.NoError(t, h.RemoveMember(h.program(), Member{User: bruno, Office: taxes, Role: membership.RoleHead}))
		in(registry, membership.RoleOperator)
		is(nil, nil, []int{registry}, nil)
		set("anagrafe", OfficeSettings{OperatorsSeeOwn: new(true)})
		is(nil, nil, nil, []int{registry})
		set("direzione", OfficeSettings{OperatorsSeeOwn: new(true)})
		in(top, membership.RoleOperator)
		require.ElementsMatch(t, []int{registry, top}, h.rights(bruno).Owns)
		require.Empty(t, h.rights(bruno).Heads) // an operator above sees nothing below
	})
}
