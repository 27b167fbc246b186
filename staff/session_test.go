package staff

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/session"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// A session ends two hours after it was last seen, and twelve after it began.
func TestHowLongASessionLasts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		idle := h.mustEnter("ada@comune.example")
		h.pass(sessionIdle)
		require.NoError(t, h.knows(idle))
		h.pass(sessionIdle + time.Microsecond)
		h.refuses(Unauthenticated, h.knows(idle), "nobody was there for two hours")
		h.refuses(Unauthenticated, h.knows(idle), "and asking does not wake it")
		require.False(t, WasEnded(h.knows(idle)), "nobody ended it")

		busy := h.mustEnter("ada@comune.example")
		for range 11 {
			h.pass(time.Hour)
			require.NoError(t, h.knows(busy))
		}
		h.pass(time.Hour - time.Microsecond)
		require.NoError(t, h.knows(busy))
		h.pass(time.Microsecond)
		h.refuses(Unauthenticated, h.knows(busy), "twelve hours are over")
	})
}

// An open socket counts as being there.
func TestAnOpenSocketKeepsASessionAwake(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		key, _, err := h.Authenticate(t.Context(), h.mustEnter("ada@comune.example"))
		require.NoError(t, err)
		for range 7 {
			h.pass(100 * time.Minute)
			require.NoError(t, h.Alive(t.Context(), key))
		}
		h.pass(100 * time.Minute)
		h.refuses(Unauthenticated, h.Alive(t.Context(), key), "and not for ever")
		h.refuses(Unauthenticated, h.Alive(t.Context(), Key{}))
		h.refuses(Unauthenticated, h.Alive(t.Context(), Key{Session: 4711}))
	})
}

func TestOnlyTheDigestOfASessionIsKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, _, err := h.SignIn(t.Context(), "ada@comune.example", goodPassword, From{Address: "192.0.2.1", Agent: "Fire\x00\x1bfox\u202e " + strings.Repeat("x", 500)})
		require.NoError(t, err)
		row := h.Client.Session.Query().OnlyX(h.program())
		require.Equal(t, digest(secret), row.Digest)
		require.NotContains(t, row.Digest, secret)
		require.Equal(t, "Firefox x", row.Agent[:9])
		require.Len(t, row.Agent, 200)
		require.NotContains(t, row.String(), row.Digest, "not even that is printed")
		h.refuses(Unauthenticated, h.knows(row.Digest))
		h.refuses(Unauthenticated, h.knows(""))
		h.refuses(Unauthenticated, h.knows("\x00\xff"))
		h.refuses(Unauthenticated, h.knows(secret[:len(secret)-1]))
	})
}

// What ends a session ends it at once, and only those it should.
func TestWhatEndsASession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		other := h.mustEnter("ada@comune.example")
		enter := func() (string, string) {
			return h.mustEnter("bruno@comune.example"), h.mustEnter("bruno@comune.example")
		}

		one, two := enter()
		key, _, err := h.Authenticate(t.Context(), one)
		require.NoError(t, err)
		require.NoError(t, h.SignOut(h.as(bruno), key))
		require.Equal(t, event.Entry{Kind: event.SignedOut, Person: bruno, Details: event.Details{Of: key.Session}}, h.last().Entry)
		h.refuses(Unauthenticated, h.knows(one), "signed out")
		require.True(t, WasEnded(h.knows(one)))
		h.refuses(Unauthenticated, h.SignOut(h.as(bruno), key), "once")
		require.NoError(t, h.knows(two))

		require.NoError(t, h.SetPassword(h.as(bruno), bruno, goodPassword, "una nuova più lunga"))
		h.secrets = append(h.secrets, "una nuova più lunga")
		h.refuses(Unauthenticated, h.knows(two), "the password was changed")
		_, err = h.enter("bruno@comune.example", goodPassword)
		h.refuses(Refused, err)

		require.NoError(t, h.SetPassword(h.as(h.admin), bruno, "", goodPassword))
		one, two = enter()
		require.NoError(t, h.Disable(h.as(h.admin), bruno))
		h.refuses(Unauthenticated, h.knows(one), "disabled")
		h.refuses(Unauthenticated, h.knows(two), "disabled")
		require.NoError(t, h.Enable(h.as(h.admin), bruno))
		h.refuses(Unauthenticated, h.knows(one), "it does not come back")
		h.mustEnter("bruno@comune.example")

		require.NoError(t, h.knows(other))
		require.Equal(t, 2, h.Client.Session.Query().Where(session.EndedAtIsNil()).CountX(h.program()))
	})
}

// The rights are those of the moment, not of the signing in.
func TestASessionHasTheRightsOfNow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		secret := h.mustEnter("bruno@comune.example")
		office, err := h.SetOffice(h.program(), "tributi", OfficeSettings{Name: new("Tributi")})
		require.NoError(t, err)
		now := func() guard.Person {
			_, v, err := h.Authenticate(t.Context(), secret)
			require.NoError(t, err)
			p, ok := v.Person()
			require.True(t, ok)
			require.Equal(t, guard.All, p.Scopes)
			require.NotZero(t, p.Session)
			return p
		}
		require.Empty(t, now().Heads)
		head := Member{User: bruno, Office: office, Role: "HEAD"}
		require.NoError(t, h.AddMember(h.as(h.admin), head))
		require.Equal(t, []int{office}, now().Heads)
		require.NoError(t, h.SetRoles(h.as(h.admin), bruno, Roles{Sorter: true}))
		require.True(t, now().Sorter)
		require.NoError(t, h.RemoveMember(h.as(h.admin), head))
		require.Empty(t, now().Heads)
	})
}

func TestWhoChangesAPassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno, carla := h.add("bruno@comune.example", Roles{}), h.add("carla@comune.example", Roles{Sorter: true})
		const fresh = "una nuova più lunga"
		h.secrets = append(h.secrets, fresh)
		byToken := h.rights(bruno)
		byToken.Token = 1
		for _, c := range []struct {
			name     string
			err      error
			code     Code
			password string
		}{
			{"somebody else", h.SetPassword(h.as(carla), bruno, goodPassword, fresh), Forbidden, goodPassword},
			{"without the old one", h.SetPassword(h.as(bruno), bruno, "", fresh), Invalid, goodPassword},
			{"with a wrong old one", h.SetPassword(h.as(bruno), bruno, "sbagliata del tutto", fresh), Invalid, goodPassword},
			{"too short", h.SetPassword(h.as(bruno), bruno, goodPassword, "corta"), Invalid, goodPassword},
			{"by a token", h.SetPassword(guard.NewContext(t.Context(), guard.Someone(byToken)), bruno, goodPassword, fresh), Forbidden, goodPassword},
			{"the administrator's own, without the old one", h.SetPassword(h.as(h.admin), h.admin, "", fresh), Invalid, goodPassword},
			{"of nobody", h.SetPassword(h.as(h.admin), 4711, "", fresh), NotFound, goodPassword},
			{"the administrator, of another", h.SetPassword(h.as(h.admin), bruno, "", fresh), "", fresh},
		} {
			if c.code != "" {
				h.refuses(c.code, c.err, c.name)
				continue
			}
			require.NoError(t, c.err, c.name)
		}
		_, err := h.enter("bruno@comune.example", fresh)
		require.NoError(t, err)
		require.NoError(t, h.SetPassword(h.as(bruno), bruno, fresh, goodPassword))
		require.Equal(t, guard.Someone(guard.Person{ID: bruno}).String(), h.last().Actor)
		for _, who := range []string{"ada", "bruno", "carla"} {
			h.mustEnter(who + "@comune.example")
		}
	})
}

// Looking is not writing: a row is touched once a minute.
func TestBeingSeenIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret := h.mustEnter("ada@comune.example")
		seen := func() time.Time {
			return h.Client.Session.Query().Order(ent.Desc(session.FieldID)).FirstX(h.program()).SeenAt
		}
		h.pass(time.Minute)
		require.NoError(t, h.knows(secret))
		require.WithinDuration(t, monday, seen(), 0)
		h.pass(time.Second)
		require.NoError(t, h.knows(secret))
		require.WithinDuration(t, h.now(), seen(), 0)
	})
}
