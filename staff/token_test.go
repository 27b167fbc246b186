package staff

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

const day = 24 * time.Hour

func (h *house) token(ctx context.Context, user int, scopes ...string) (string, int, error) {
	secret, id, err := h.MakeToken(ctx, user, "un programma", scopes, 30*day)
	if secret != "" {
		h.secrets = append(h.secrets, secret, digest(secret))
	}
	return secret, id, err
}

func (h *house) bears(secret string) (guard.Person, error) {
	_, v, err := h.AuthenticateToken(h.t.Context(), secret)
	p, _ := v.Person()
	return p, err
}

func TestATokenIsShownOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{Sorter: true})
		secret, id, err := h.token(h.as(bruno), bruno, ScopeRead, ScopeContent)
		require.NoError(t, err)
		require.Regexp(t, `^smista_pat_[A-Z2-7]{52}$`, secret)
		require.Equal(t, event.Entry{Kind: event.TokenMade, Person: bruno, Details: event.Details{Reason: "un programma", Of: id}}, h.last().Entry)
		require.Equal(t, "person:"+fmt.Sprint(bruno), h.last().Actor)

		row := h.Client.APIToken.GetX(h.program(), id)
		require.Equal(t, digest(secret), row.Digest)
		require.NotContains(t, row.String(), row.Digest)
		require.NotContains(t, row.String(), secret)

		p, err := h.bears(secret)
		require.NoError(t, err)
		require.Equal(t, bruno, p.ID)
		require.True(t, p.Sorter)
		require.Equal(t, guard.Read|guard.Content, p.Scopes)
		require.Equal(t, id, p.Token)
		require.Zero(t, p.Session)
		for _, wrong := range []string{"", tokenPrefix, row.Digest, tokenPrefix + row.Digest, secret[:len(secret)-1], strings.TrimPrefix(secret, tokenPrefix), "\x00\xff"} {
			_, err := h.bears(wrong)
			h.refuses(Unauthenticated, err, wrong)
		}
		h.refuses(Unauthenticated, h.knows(secret), "a token is no session")
		session := h.mustEnter("bruno@comune.example")
		_, err = h.bears(session)
		h.refuses(Unauthenticated, err, "and a session no token")
	})
}

// A token may do what was asked for, and never more than who asks.
func TestScopesNarrow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		carla := h.add("carla@comune.example", Roles{})
		for _, c := range []struct {
			name   string
			by     context.Context
			scopes []string
			want   guard.Scope
			code   Code
		}{
			{"read", h.as(bruno), []string{ScopeRead}, guard.Read, ""},
			{"write without content", h.as(bruno), []string{ScopeWrite, ScopeRead}, guard.Read | guard.Write, ""},
			{"all", h.as(bruno), []string{ScopeRead, ScopeContent, ScopeWrite}, guard.All, ""},
			{"as the program", h.program(), []string{ScopeRead}, guard.Read, ""},
			{"by a token, as much", h.narrowly(bruno, guard.Read|guard.Write), []string{ScopeRead, ScopeWrite}, guard.Read | guard.Write, ""},
			{"by a token, more", h.narrowly(bruno, guard.Read|guard.Write), []string{ScopeRead, ScopeContent}, 0, Invalid},
			{"by a token that only reads", h.narrowly(bruno, guard.Read|guard.Content), []string{ScopeRead}, 0, Forbidden},
			{"for somebody else", h.as(carla), []string{ScopeRead}, 0, Forbidden},
			{"for somebody else, as administrator", h.as(h.admin), []string{ScopeRead}, 0, Forbidden},
			{"nobody", t.Context(), []string{ScopeRead}, 0, Forbidden},
			{"none", h.as(bruno), nil, 0, Invalid},
			{"content without read", h.as(bruno), []string{ScopeContent}, 0, Invalid},
			{"one that does not exist", h.as(bruno), []string{ScopeRead, "ADMIN"}, 0, Invalid},
			{"twice", h.as(bruno), []string{ScopeRead, ScopeRead}, 0, Invalid},
			{"twice, apart", h.as(bruno), []string{ScopeRead, ScopeWrite, ScopeRead}, 0, Invalid},
		} {
			before := h.events()
			secret, _, err := h.token(c.by, bruno, c.scopes...)
			if c.code != "" {
				h.refuses(c.code, err, c.name)
				require.Empty(t, secret, c.name)
				require.Equal(t, before, h.events(), c.name)
				continue
			}
			require.NoError(t, err, c.name)
			p, err := h.bears(secret)
			require.NoError(t, err)
			require.Equal(t, c.want, p.Scopes, c.name)
			require.Equal(t, bruno, p.ID)
		}
	})
}

func TestHowLongATokenLives(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			life time.Duration
			ok   bool
		}{{-time.Second, false}, {0, false}, {time.Second, true}, {LongestToken, true}, {LongestToken + time.Nanosecond, false}} {
			_, id, err := h.MakeToken(h.as(h.admin), h.admin, "programma", []string{ScopeRead}, c.life)
			if !c.ok {
				h.refuses(Invalid, err, c.life)
				continue
			}
			require.NoError(t, err)
			require.WithinDuration(t, h.now().Add(c.life), h.Client.APIToken.GetX(h.program(), id).ExpiresAt, time.Microsecond)
		}
		require.LessOrEqual(t, LongestToken, 366*day, "a year")

		secret, _, err := h.token(h.as(h.admin), h.admin, ScopeRead)
		require.NoError(t, err)
		h.pass(30*day - time.Microsecond)
		_, err = h.bears(secret)
		require.NoError(t, err)
		h.pass(time.Microsecond)
		_, err = h.bears(secret)
		h.refuses(Unauthenticated, err)
	})
}

func TestATokenHasAName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for asked, kept := range map[string]string{
			" stampa ": "stampa", "": "", " \t": "", "\x00\x1b": "", "Reg\x00istro\u202e": "Registro", strings.Repeat("è", 300): strings.Repeat("è", 200),
		} {
			_, id, err := h.MakeToken(h.as(h.admin), h.admin, asked, []string{ScopeRead}, day)
			if kept == "" {
				h.refuses(Invalid, err, "%q", asked)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, kept, h.Client.APIToken.GetX(h.program(), id).Name)
		}
	})
}

// Nobody hoards tokens; those that ended do not count.
func TestHowManyTokensAPersonHas(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		first := 0
		for n := range mostTokens {
			_, id, err := h.token(h.as(bruno), bruno, ScopeRead)
			require.NoError(t, err, n)
			if n == 0 {
				first = id
			}
		}
		_, _, err := h.token(h.as(bruno), bruno, ScopeRead)
		h.refuses(Invalid, err)
		_, _, err = h.token(h.as(h.admin), h.admin, ScopeRead)
		require.NoError(t, err, "others have their own")

		require.NoError(t, h.RevokeToken(h.as(bruno), first))
		_, _, err = h.token(h.as(bruno), bruno, ScopeRead)
		require.NoError(t, err)
		_, _, err = h.token(h.as(bruno), bruno, ScopeRead)
		h.refuses(Invalid, err)
		h.pass(30 * day)
		_, _, err = h.token(h.as(bruno), bruno, ScopeRead)
		require.NoError(t, err, "the others have expired")
	})
}

func TestWhatEndsAToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		secret, id, err := h.token(h.as(bruno), bruno, ScopeRead)
		require.NoError(t, err)
		kept, keptID, err := h.token(h.as(bruno), bruno, ScopeRead)
		require.NoError(t, err)

		before := h.events()
		h.refuses(NotFound, h.RevokeToken(h.as(h.admin), id), "another's is not there")
		h.refuses(NotFound, h.RevokeToken(h.as(bruno), 4711))
		require.Error(t, h.RevokeToken(h.narrowly(bruno, guard.Read), id), "a token that only reads ends none")
		require.Equal(t, before, h.events())

		require.NoError(t, h.RevokeToken(h.as(bruno), id))
		require.Equal(t, event.Entry{Kind: event.TokenRevoked, Person: bruno, Details: event.Details{Reason: "un programma", Of: id}}, h.last().Entry)
		_, err = h.bears(secret)
		h.refuses(Unauthenticated, err)
		h.refuses(NotFound, h.RevokeToken(h.as(bruno), id), "once")

		require.NoError(t, h.SetPassword(h.as(bruno), bruno, goodPassword, "una nuova più lunga"))
		h.secrets = append(h.secrets, "una nuova più lunga")
		_, err = h.bears(kept)
		require.NoError(t, err, "programs go on")
		require.NoError(t, h.Disable(h.as(h.admin), bruno))
		_, err = h.bears(kept)
		h.refuses(Unauthenticated, err)
		require.NoError(t, h.Enable(h.as(h.admin), bruno))
		_, err = h.bears(kept)
		h.refuses(Unauthenticated, err, "it does not come back")
		require.NotNil(t, h.Client.APIToken.GetX(h.program(), keptID).RevokedAt)
	})
}

// Looking is not writing: a row is touched once a minute.
func TestUsingATokenIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, id, err := h.token(h.as(h.admin), h.admin, ScopeRead)
		require.NoError(t, err)
		row := func() *ent.APIToken { return h.Client.APIToken.GetX(h.program(), id) }
		require.Nil(t, row().UsedAt)
		for _, c := range []struct{ after, seen time.Duration }{{0, 0}, {time.Minute, 0}, {time.Minute + time.Second, time.Minute + time.Second}} {
			h.pass(monday.Add(c.after).Sub(h.now()))
			_, err := h.bears(secret)
			require.NoError(t, err)
			require.WithinDuration(t, monday.Add(c.seen), *row().UsedAt, 0)
		}
	})
}
