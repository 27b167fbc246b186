package staff

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

func TestWhoCanBeAdded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		long := strings.Repeat("x", 250) + "@comune.example"
		for _, c := range []struct {
			email, name, password string
			code                  Code
			path                  string
		}{
			{"bruno@comune.example", "Bruno Rossi", goodPassword, "", ""},
			{" Carla.Bianchi@Comune.Example ", " Carla ", "", "", ""},
			{"BRUNO@comune.example", "Un altro Bruno", goodPassword, Conflict, "email"},
			{"", "Nessuno", goodPassword, Invalid, "email"},
			{"bruno", "Bruno", goodPassword, Invalid, "email"},
			{"bruno@", "Bruno", goodPassword, Invalid, "email"},
			{"@comune.example", "Bruno", goodPassword, Invalid, "email"},
			{"Bruno <b@comune.example>", "Bruno", goodPassword, Invalid, "email"},
			{`"b r u n o"@comune.example`, "Bruno", goodPassword, Invalid, "email"},
			{"b@comune.example, c@comune.example", "Bruno", goodPassword, Invalid, "email"},
			{"b@comune.example\r\nBcc: x@example.org", "Bruno", goodPassword, Invalid, "email"},
			{"b\x00@comune.example", "Bruno", goodPassword, Invalid, "email"},
			{long, "Bruno", goodPassword, Invalid, "email"},
			{"d@comune.example", " ", goodPassword, Invalid, "name"},
			{"d@comune.example", strings.Repeat("x", 201), goodPassword, Invalid, "name"},
			{"d@comune.example", "Da\x00rio", goodPassword, Invalid, "name"},
			{"d@comune.example", "Dario\r\nBcc: x@example.org", goodPassword, Invalid, "name"},
			{"d@comune.example", "Dario \u202eoiraD", goodPassword, Invalid, "name"},
			{"d@comune.example", "Dario \xff", goodPassword, Invalid, "name"},
			{"d@comune.example", "Dario", "corta-123", Invalid, "password"},
			{"d@comune.example", "Dario", strings.Repeat("x", 9) + "é", "", ""}, // ten characters
			{"e@comune.example", "Elena", strings.Repeat("é", 10), Invalid, "password"},
			{"e@comune.example", "Elena", strings.Repeat("x", 1001), Invalid, "password"},
			{"e@comune.example", "Elena", "valida ma rotta \xff", Invalid, "password"},
			{"e@comune.example", "Elena", "E@comune.example", Invalid, "password"},
			{"elena.verdi@comune.example", "Elena", "Elena.Verdi", Invalid, "password"},
			{"e@comune.example", "Elena", "1234567890", Invalid, "password"},
		} {
			before := h.events()
			id, err := h.AddUser(h.as(h.admin), NewUser{Email: c.email, Name: c.name, Password: c.password})
			if c.code != "" {
				h.refuses(c.code, err, c)
				require.ErrorContains(t, err, string(c.code))
				var e *Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, c.path, e.Path, "%v", c)
				require.NotEmpty(t, e.Italian)
				require.Equal(t, before, h.events(), "%v", c)
				continue
			}
			require.NoError(t, err, "%v", c)
			u := h.Client.User.GetX(h.program(), id)
			require.Equal(t, strings.ToLower(strings.TrimSpace(c.email)), u.Email)
			require.Equal(t, strings.TrimSpace(c.name), u.Name)
			if c.password == "" {
				require.Empty(t, u.Password)
			} else {
				require.True(t, strings.HasPrefix(u.Password, "$argon2id$v=19$m=19456,t=2,p=1$"), "what RFC 9106 asks for")
			}
		}
	})
}

func TestTheSamePasswordIsNeverKeptTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.Client.User.GetX(h.program(), h.add("a@comune.example", Roles{}))
		b := h.Client.User.GetX(h.program(), h.add("b@comune.example", Roles{}))
		require.NotEqual(t, a.Password, b.Password)
	})
}

// Each change is told once, by whoever made it, and about whom.
func TestEveryChangeIsAnEventByItsActor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := guard.Someone(guard.Person{ID: h.admin}).String()
		bruno, err := h.AddUser(h.as(h.admin), NewUser{Email: "bruno@comune.example", Name: "Bruno", Password: goodPassword, Roles: Roles{Sorter: true, Auditor: true}})
		require.NoError(t, err)
		e := h.last()
		require.Equal(t, event.Entry{Kind: event.UserAdded, Person: bruno, Details: event.Details{Reason: "sorter, auditor"}}, e.Entry)
		require.Equal(t, admin, e.Actor)

		for _, c := range []struct {
			do      func() error
			kind    event.Kind
			reason  string
			changes []event.Change
		}{
			{func() error { return h.SetRoles(h.as(h.admin), bruno, Roles{Auditor: true}) }, event.UserChanged, "roles: auditor", []event.Change{
				{What: "sorter", From: "true", To: "false"},
			}},
			{func() error { return h.Rename(h.as(h.admin), bruno, "Bruno Neri") }, event.UserChanged, "name", []event.Change{
				{What: "name", From: "Bruno", To: "Bruno Neri"},
			}},
			{func() error { return h.SetPassword(h.as(h.admin), bruno, "", "un'altra password") }, event.UserChanged, "password", nil},
			{func() error { return h.Disable(h.as(h.admin), bruno) }, event.UserDisabled, "", nil},
			{func() error { return h.Enable(h.as(h.admin), bruno) }, event.UserEnabled, "", nil},
		} {
			before := h.events()
			require.NoError(t, c.do())
			require.Equal(t, before+1, h.events(), "%s", c.kind)
			e := h.last()
			require.Equal(t, event.Entry{Kind: c.kind, Person: bruno, Details: event.Details{Reason: c.reason, Changes: c.changes}}, e.Entry)
			require.Equal(t, admin, e.Actor)
		}
		u := h.Client.User.GetX(h.program(), bruno)
		require.Equal(t, "Bruno Neri", u.Name)
		require.True(t, u.Auditor)
		require.False(t, u.Sorter)
		require.Nil(t, u.DisabledAt)
		h.secrets = append(h.secrets, "un'altra password")

		_, err = h.AddUser(h.program(), NewUser{Email: "carla@comune.example", Name: "Carla"})
		require.NoError(t, err)
		require.Equal(t, "system:test", h.last().Actor)
	})
}

func TestOnlyTheAdministratorManages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all := h.add("quasi@comune.example", Roles{Sorter: true, Auditor: true})
		other := h.add("bruno@comune.example", Roles{})
		office, err := h.SetOffice(h.program(), "tributi", OfficeSettings{Name: new("Tributi")})
		require.NoError(t, err)
		m := Member{User: other, Office: office, Role: "HEAD"}
		before := h.events()
		for _, ctx := range []struct {
			name string
			who  int
			may  guard.Scope
		}{
			{"everything but administrator", all, guard.All},
			{"an administrator's token that only reads", h.admin, guard.Read | guard.Content},
		} {
			c := h.narrowly(ctx.who, ctx.may)
			_, err := h.AddUser(c, NewUser{Email: "x@comune.example", Name: "X"})
			h.refuses(Forbidden, err, ctx.name)
			_, err = h.SetOffice(c, "altro", OfficeSettings{Name: new("Altro")})
			h.refuses(Forbidden, err, ctx.name)
			for _, err := range []error{
				h.SetRoles(c, ctx.who, Roles{Administrator: true}), h.Rename(c, other, "X"), h.Disable(c, other), h.Enable(c, other),
				h.AddMember(c, m), h.RemoveMember(c, m), h.SetPassword(c, other, "", "qualcosa di nuovo"),
			} {
				h.refuses(Forbidden, err, ctx.name)
			}
		}
		_, err = h.AddUser(t.Context(), NewUser{Email: "x@comune.example", Name: "X"})
		h.refuses(Forbidden, err, "nobody")
		require.Equal(t, before, h.events())
	})
}

func TestSomebodyStaysAdministrator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before := h.events()
		h.refuses(Invalid, h.SetRoles(h.as(h.admin), h.admin, Roles{Sorter: true}))
		h.refuses(Invalid, h.Disable(h.as(h.admin), h.admin))
		h.refuses(Invalid, h.Disable(h.program(), h.admin))
		require.Equal(t, before, h.events(), "nothing happened, nothing is told")
		require.True(t, h.Client.User.GetX(h.program(), h.admin).Administrator)

		second := h.add("bruno@comune.example", Roles{Administrator: true})
		require.NoError(t, h.Disable(h.program(), second))
		h.refuses(Invalid, h.Disable(h.as(h.admin), h.admin), "a disabled one does not count")
		require.NoError(t, h.Enable(h.program(), second))
		require.NoError(t, h.SetRoles(h.as(h.admin), h.admin, Roles{}))
		h.refuses(Invalid, h.SetRoles(h.as(second), second, Roles{}))
		h.refuses(NotFound, h.SetRoles(h.as(second), 4711, Roles{}))
		h.refuses(NotFound, h.Rename(h.as(second), 4711, "Nessuno"))
		h.refuses(Invalid, h.Rename(h.as(second), second, "\t"))
	})
}

// Two administrators take the role from one another at the same moment.
func TestSomebodyStaysAdministratorInARace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		second := h.add("bruno@comune.example", Roles{Administrator: true})
		for range 20 {
			require.NoError(t, h.SetRoles(h.program(), h.admin, Roles{Administrator: true}))
			require.NoError(t, h.SetRoles(h.program(), second, Roles{Administrator: true}))
			var both sync.WaitGroup
			for _, id := range []int{h.admin, second} {
				ctx := h.program()
				both.Go(func() { _ = h.SetRoles(ctx, id, Roles{}) })
			}
			both.Wait()
			require.Equal(t, 1, h.Client.User.Query().Where(user.Administrator(true)).CountX(h.program()))
		}
	})
}

func TestPeopleAreFoundByTheirAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id, err := h.ByEmail(h.program(), " ADA@comune.example ")
		require.NoError(t, err)
		require.Equal(t, h.admin, id)
		_, err = h.ByEmail(h.program(), "nessuno@comune.example")
		h.refuses(NotFound, err)
		_, err = h.ByEmail(h.program(), "a\x00\xff")
		h.refuses(NotFound, err)
	})
}
