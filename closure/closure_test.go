package closure_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/closure"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/ruleversion"
	log "github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// hall is a town hall: IMU stands below Tributi, and that below the area; Anna
// heads Tributi, Bruno works there, Carla heads Ragioneria.
type hall struct {
	*closure.Closing
	t       *testing.T
	db      *store.DB
	staff   *staff.Staff
	offices map[string]int
	people  map[string]int
}

func each(t *testing.T, test func(t *testing.T, h *hall)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newHall(t, db)) })
}

func program() context.Context {
	return guard.NewContext(context.Background(), guard.System("prova"))
}

func newHall(t *testing.T, db *store.DB) *hall {
	t.Helper()
	l, err := log.NewLog(program(), db, log.NewMemoryBus())
	require.NoError(t, err)
	h := &hall{
		t: t, db: db, offices: map[string]int{}, people: map[string]int{}, staff: staff.New(staff.Options{Client: db.Client(), Log: l}),
		Closing: closure.New(closure.Options{Client: db.Client(), Log: l, Rules: rulebook.New(rulebook.Options{Client: db.Client(), Log: l})}),
	}
	for _, o := range [][3]string{{"area", "Area", ""}, {"tributi", "Tributi", "area"}, {"imu", "IMU", "tributi"}, {"ragioneria", "Ragioneria", ""}} {
		h.offices[o[0]], err = h.staff.SetOffice(program(), o[0], staff.OfficeSettings{Name: &o[1], Parent: &o[2], HeadSeesBelow: new(true)})
		require.NoError(t, err)
	}
	for _, name := range []string{"admin", "anna", "bruno", "carla"} {
		h.people[name], err = h.staff.AddUser(program(), staff.NewUser{
			Email: name + "@comune.example", Name: name, Roles: staff.Roles{Administrator: name == "admin"},
		})
		require.NoError(t, err)
	}
	h.join("anna", "tributi", membership.RoleHead)
	h.join("bruno", "tributi", membership.RoleOperator)
	h.join("carla", "ragioneria", membership.RoleHead)
	return h
}

func (h *hall) join(who, where string, role membership.Role) {
	h.t.Helper()
	require.NoError(h.t, h.staff.AddMember(program(), staff.Member{User: h.people[who], Office: h.offices[where], Role: role}))
}

func (h *hall) as(name string) context.Context {
	return guard.NewContext(h.t.Context(), guard.Someone(h.rights(name)))
}

func (h *hall) rights(name string) guard.Person {
	h.t.Helper()
	v, err := h.staff.Rights(program(), h.db.Client(), h.people[name])
	require.NoError(h.t, err)
	p, _ := v.Person()
	return p
}

func (h *hall) impact(to string) *closure.Impact {
	h.t.Helper()
	i, err := h.Impact(h.as("admin"), h.offices["tributi"], h.offices[to])
	require.NoError(h.t, err)
	require.NotNil(h.t, i)
	return i
}

func (h *hall) refused(code casework.Code, path string, err error) *casework.Refused {
	h.t.Helper()
	r, ok := errors.AsType[*casework.Refused](err)
	require.True(h.t, ok, "want %s, got %v", code, err)
	require.Equal(h.t, []string{string(code), path}, []string{string(r.Code), r.Path}, r.English)
	require.NotEmpty(h.t, r.Italian)
	return r
}

func (h *hall) write(change func(ctx context.Context, tx *ent.Tx)) {
	h.t.Helper()
	require.NoError(h.t, h.db.Tx(program(), func(ctx context.Context, tx *ent.Tx) error {
		change(ctx, tx)
		return nil
	}))
}

// rule makes one that sends to Tributi, to somebody there where a name is given.
func (h *hall) rule(name string, origin routingrule.Origin, enabled bool, assignee string) (id int) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) {
		row := tx.RoutingRule.Create().SetName(name).SetOrigin(origin).SetEnabled(enabled).SetOfficeID(h.offices["tributi"]).
			SetCondition(json.RawMessage(`{"subject":"imu"}`)).SetVersion(1)
		if assignee != "" {
			row.SetAssigneeID(h.people[assignee])
		}
		id = row.SaveX(ctx).ID
	})
	return id
}

// told lists what the register says since an event, as one line each.
func (h *hall) told(after int) (all []string) {
	for _, e := range h.db.Client().Event.Query().Where(event.IDGT(after)).Order(event.ByID()).AllX(program()) {
		all = append(all, e.Kind)
	}
	return all
}

func (h *hall) last() int {
	return h.db.Client().Event.Query().Order(ent.Desc(event.FieldID)).FirstIDX(program())
}

func TestAnOfficeIsMergedIntoAnother(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		toBruno, toAnna := h.rule("a Bruno", routingrule.OriginPeople, true, "bruno"), h.rule("bozza", routingrule.OriginPeople, false, "")
		require.NoError(t, h.staff.AddMember(program(), staff.Member{
			User: h.people["carla"], Office: h.offices["tributi"], Role: membership.RoleDeputy, Until: new(time.Now().Add(time.Hour)),
		}))
		i := h.impact("ragioneria")
		require.Equal(t, []int{3, 1, 0, 2, 0, 0, 0, 1}, []int{i.People, i.Deputies, i.Mailboxes, i.Rules, i.Templates, i.Terms, i.Closures, i.Below})
		require.Nil(t, i.Obstacle)
		seq := h.last()
		id, err := h.Close(h.as("admin"), closure.Order{Code: "tributi", To: "ragioneria", TakePeople: true, Mark: i.Mark})
		require.NoError(t, err)
		require.Equal(t, h.offices["tributi"], id)

		is := h.db.Client().Office.GetX(program(), id)
		require.NotNil(t, is.ClosedAt)
		require.Equal(t, h.offices["ragioneria"], *is.SuccessorID)
		require.Equal(t, h.offices["area"], *h.db.Client().Office.GetX(program(), h.offices["imu"]).ParentID, "what stood below hangs above")
		for _, name := range []string{"anna", "bruno"} {
			p := h.rights(name)
			require.Empty(t, p.Acts, "who heads stays the same there: %s", name)
			require.Equal(t, []int{h.offices["ragioneria"]}, p.Operates)
			require.Equal(t, []int{id}, p.Inherits, "old cases are read by who has the work")
		}
		require.Equal(t, []int{h.offices["ragioneria"]}, h.rights("carla").Acts, "she is not made less")
		require.Equal(t, []int{id}, h.rights("carla").Inherits)
		for rule, person := range map[int]*int{toBruno: new(h.people["bruno"]), toAnna: nil} {
			row := h.db.Client().RoutingRule.GetX(program(), rule)
			require.Equal(t, []any{h.offices["ragioneria"], person, 2}, []any{row.OfficeID, row.AssigneeID, row.Version})
			require.Equal(t, 1, h.db.Client().RuleVersion.Query().Where(ruleversion.RuleID(rule), ruleversion.Number(2)).CountX(program()))
		}
		require.Equal(t, []string{
			"member-added", "member-removed", "member-added", "member-removed", "member-removed", "rule-changed", "rule-changed", "office-changed", "office-changed",
		}, h.told(seq))

		_, err = h.Close(h.as("admin"), closure.Order{Code: "tributi", Mark: i.Mark})
		h.refused(casework.Already, "code", err)
		require.Error(t, h.staff.AddMember(program(), staff.Member{User: h.people["anna"], Office: id, Role: membership.RoleHead}), "nobody joins it")
		_, err = h.staff.SetOffice(program(), "imu", staff.OfficeSettings{Parent: new("tributi")})
		require.Error(t, err, "nothing hangs below it")
	})
}

func TestAnOfficeIsClosedAndOpenedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		id, err := h.Close(h.as("admin"), closure.Order{Code: "tributi", TakePeople: true, Mark: h.impact("").Mark})
		require.NoError(t, err)
		for _, name := range []string{"anna", "bruno", "carla"} {
			require.NotContains(t, h.rights(name).Inherits, id, "the desk inherits no sight")
			require.NotContains(t, h.rights(name).Heads, id)
		}
		h.join("bruno", "area", membership.RoleHead)
		require.Contains(t, h.rights("bruno").Heads, id, "who reads from above goes on")

		again, err := h.Reopen(h.as("admin"), "tributi")
		require.NoError(t, err)
		require.Equal(t, id, again)
		require.Zero(t, h.db.Client().Membership.Query().Where(membership.OfficeID(id)).CountX(program()), "people do not come back by themselves")
		h.join("anna", "tributi", membership.RoleHead)
		require.Equal(t, []int{id}, h.rights("anna").Acts)
		_, err = h.Reopen(h.as("admin"), "tributi")
		h.refused(casework.Already, "code", err)
	})
}

func TestWhatIsInTheWayOfClosing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		closes := func(who, code, to, mark string) error {
			_, err := h.Close(h.as(who), closure.Order{Code: code, To: to, Mark: mark})
			return err
		}
		mark := h.impact("").Mark
		h.refused(casework.Forbidden, "", closes("anna", "tributi", "", mark))
		_, err := h.Reopen(h.as("anna"), "tributi")
		h.refused(casework.Forbidden, "", err)
		nothing, err := h.Impact(h.as("anna"), h.offices["tributi"], 0)
		require.NoError(t, err)
		require.Nil(t, nothing)
		h.refused(casework.NotFound, "code", closes("admin", "nessuno", "", mark))
		h.refused(casework.NotFound, "moveTo", closes("admin", "tributi", "nessuno", mark))
		h.refused(casework.Illegal, "moveTo", closes("admin", "tributi", "tributi", mark))
		h.join("carla", "tributi", membership.RoleOperator)
		h.refused(casework.Illegal, "mark", closes("admin", "tributi", "", mark))

		h.rule("delle persone", routingrule.OriginPeople, true, "")
		require.Contains(t, h.refused(casework.Illegal, "moveTo", closes("admin", "tributi", "", h.impact("").Mark)).Italian, "«delle persone»")
		require.Nil(t, h.impact("ragioneria").Obstacle, "it goes along")
		h.rule("del file", routingrule.OriginConfiguration, true, "")
		require.Contains(t, h.refused(casework.Illegal, "code", closes("admin", "tributi", "ragioneria", h.impact("").Mark)).Italian, "«del file»")
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Mailbox.Create().SetAddress("tributi@pec.example").SetOfficeID(h.offices["tributi"]).ExecX(ctx)
		})
		require.Contains(t, h.refused(casework.Illegal, "code", closes("admin", "tributi", "ragioneria", h.impact("").Mark)).Italian, "tributi@pec.example")
		require.Equal(t, "code", h.impact("ragioneria").Obstacle.Path)
		require.Zero(t, h.db.Client().Office.Query().Where(office.ClosedAtNotNil()).CountX(program()))
	})
}

// Two offices that are closed into each other at the same moment leave their work
// to the desk, and nobody goes round in a ring.
func TestHeirs(t *testing.T) {
	closed := func(id, heir int) *ent.Office {
		o := &ent.Office{ID: id, ClosedAt: new(time.Now())}
		if heir != 0 {
			o.SuccessorID = &heir
		}
		return o
	}
	require.Equal(t, map[int]int{1: 9, 2: 9, 3: 0, 4: 0, 5: 0, 6: 0},
		guard.Heirs([]*ent.Office{closed(1, 2), closed(2, 9), closed(3, 0), closed(4, 3), closed(5, 6), closed(6, 5)}))
}
