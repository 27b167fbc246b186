package staff

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/push"
)

// browser makes one that can be told something.
func (h *house) browser() push.Subscription {
	h.t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(h.t, err)
	auth := rand.Text()[:16]
	s := push.Subscription{
		Endpoint: "https://push.example.com/" + rand.Text(), P256dh: base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()),
		Auth: base64.RawURLEncoding.EncodeToString([]byte(auth)),
	}
	h.secrets = append(h.secrets, s.Endpoint, s.P256dh, s.Auth)
	return s
}

func (h *house) browsersOf(id int) int { return h.Client.PushSubscription.Query().CountX(h.as(id)) }

func TestABrowserIsRegisteredOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		b := h.browser()
		id, err := h.Subscribe(h.as(bruno), b, "  Firefox\x00 sul portatile ")
		require.NoError(t, err)
		require.Equal(t, event.Entry{Kind: event.UserChanged, Person: bruno, Details: event.Details{Reason: "push on"}}, h.last().Entry)
		row := h.Client.PushSubscription.GetX(h.as(bruno), id)
		require.Equal(t, "Firefox sul portatile", row.Label)
		h.noSecretIn("a row that is printed", row.String())

		// It says so at each start, with whatever keys it has by then.
		events, again := h.events(), h.browser()
		again.Endpoint = b.Endpoint
		same, err := h.Subscribe(h.as(bruno), again, "Firefox")
		require.NoError(t, err)
		require.Equal(t, id, same)
		require.Equal(t, events, h.events())
		row = h.Client.PushSubscription.GetX(h.as(bruno), id)
		require.Equal(t, []string{again.P256dh, again.Auth, "Firefox"}, []string{row.P256dh, row.Auth, row.Label})

		require.NoError(t, h.Unsubscribe(h.as(bruno), id))
		require.Equal(t, event.Entry{Kind: event.UserChanged, Person: bruno, Details: event.Details{Reason: "push off"}}, h.last().Entry)
		h.refuses(NotFound, h.Unsubscribe(h.as(bruno), id), "once")
		require.Zero(t, h.browsersOf(bruno))
	})
}

// A browser is its owner's business alone. Who sits down at it takes it over; who has
// only heard of its endpoint does not.
func TestABrowserIsOfOnePerson(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno, carla := h.add("bruno@comune.example", Roles{}), h.add("carla@comune.example", Roles{Sorter: true, Auditor: true})
		b := h.browser()
		id, err := h.Subscribe(h.as(bruno), b, "Firefox")
		require.NoError(t, err)
		for _, stranger := range []int{carla, h.admin} {
			require.Zero(t, h.browsersOf(stranger))
			h.refuses(NotFound, h.Unsubscribe(h.as(stranger), id))
			heard := h.browser()
			heard.Endpoint = b.Endpoint
			_, err := h.Subscribe(h.as(stranger), heard, "x")
			h.refuses(Conflict, err)
		}
		require.Equal(t, 1, h.browsersOf(bruno))
		_, err = h.Subscribe(h.as(carla), b, "Firefox allo sportello")
		require.NoError(t, err)
		require.Zero(t, h.browsersOf(bruno))
		require.Equal(t, 1, h.browsersOf(carla))
	})
}

func TestWhatIsNotRegistered(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		good := h.browser()
		private, cut, mute := good, good, good
		private.Endpoint, cut.P256dh, mute.Auth = "https://10.0.0.1/push", good.P256dh[:20], ""
		for _, c := range []struct {
			s     push.Subscription
			label string
			path  string
		}{{private, "x", "endpoint"}, {cut, "x", "p256dh"}, {mute, "x", "auth"}, {good, " \x00 ", "label"}} {
			_, err := h.Subscribe(h.as(h.admin), c.s, c.label)
			h.refuses(Invalid, err)
			refused, _ := errors.AsType[*Error](err)
			require.Equal(t, c.path, refused.Path)
		}
		_, err := h.Subscribe(h.program(), good, "x")
		h.refuses(Forbidden, err, "the program reads no notices")
		_, err = h.Subscribe(h.narrowly(h.admin, guard.Read|guard.Content), good, "x")
		h.refuses(Forbidden, err)
		id, err := h.Subscribe(h.as(h.admin), good, strings.Repeat("è", 300))
		require.NoError(t, err)
		require.Error(t, h.Unsubscribe(h.narrowly(h.admin, guard.Read), id))
		require.Equal(t, 1, h.browsersOf(h.admin))
	})
}

func TestOnePersonHasSoManyBrowsers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		var all sync.WaitGroup
		results := make([]error, mostBrowsers+4)
		for i := range results {
			b, ctx := h.browser(), h.as(bruno)
			all.Go(func() { _, results[i] = h.Subscribe(ctx, b, fmt.Sprint(i)) })
		}
		all.Wait()
		for _, err := range results {
			if err != nil {
				h.refuses(Invalid, err)
			}
		}
		require.Equal(t, mostBrowsers, h.browsersOf(bruno))
		_, err := h.Subscribe(h.as(h.admin), h.browser(), "x")
		require.NoError(t, err)
	})
}

// What ends all sessions of a person ends the browsers too.
func TestBrowsersGoWithTheSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		_, err := h.Subscribe(h.as(h.admin), h.browser(), "x")
		require.NoError(t, err)
		for name, end := range map[string]func() error{
			"another password": func() error { return h.SetPassword(h.as(h.admin), bruno, "", goodPassword) },
			"disabled":         func() error { return h.Disable(h.as(h.admin), bruno) },
		} {
			require.NoError(t, h.Enable(h.as(h.admin), bruno))
			_, err := h.Subscribe(h.as(bruno), h.browser(), "x")
			require.NoError(t, err)
			was := h.as(bruno)
			require.NoError(t, end())
			require.Zero(t, h.Client.PushSubscription.Query().CountX(was), name)
			if name == "disabled" {
				_, err = h.Subscribe(was, h.browser(), "x")
				h.refuses(Unauthenticated, err, "by a request that was under way")
			}
		}
		require.Equal(t, 1, h.browsersOf(h.admin))
	})
}
