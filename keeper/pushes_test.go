package keeper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/event"
	"github.com/smista/smista/keeper"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/push"
	"github.com/smista/smista/push/pushtest"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// browsers are those of the people of an office, at a push service of their own.
type browsers struct {
	*office
	service *pushtest.Service
	log     *event.Log
}

func withBrowsers(t *testing.T, db *store.DB, cases int) *browsers {
	t.Helper()
	b := &browsers{office: newOffice(t, db, cases), service: pushtest.New(t)}
	key, err := push.NewKey()
	require.NoError(t, err)
	pusher, err := push.New(b.service.Config(key))
	require.NoError(t, err)
	t.Cleanup(pusher.Close)
	b.push = pusher
	b.log, err = event.NewLog(b.ctx(), db, event.NewMemoryBus())
	require.NoError(t, err)
	b.at(monday.Add(time.Hour))
	return b
}

// subscribes gives a person one more browser, and tells which it is at the service.
func (b *browsers) subscribes(person int) int {
	s := b.service.Browser()
	b.write(func(ctx context.Context, tx *ent.Tx) error {
		return tx.PushSubscription.Create().SetUserID(person).SetEndpoint(s.Endpoint).SetP256dh(s.P256dh).SetAuth(s.Auth).
			SetLabel("Firefox").SetCreatedAt(b.now().UTC()).Exec(ctx)
	})
	var n int
	_, err := fmt.Sscanf(s.Endpoint, "https://example.com/push/%d", &n)
	require.NoError(b.t, err)
	return n
}

// round tells people what waits; the clock calls for nothing.
func (b *browsers) round(k *keeper.Keeper) {
	for _, work := range []func(context.Context) (int, error){k.Letters, k.Pushes} {
		if _, err := work(b.ctx()); err != nil {
			require.ErrorIs(b.t, err, errDied)
		}
	}
}

func (b *browsers) write(change func(ctx context.Context, tx *ent.Tx) error) {
	require.NoError(b.t, b.db.Tx(b.ctx(), change))
}

// tells queues a notice of a case, which is changed by it.
func (b *browsers) tells(person, of int, kind notify.Kind) {
	b.write(func(ctx context.Context, tx *ent.Tx) error {
		key := fmt.Sprintf("%s:%d:%d:%d", kind, of, person, b.now().UnixMicro())
		return b.dossier(b.log).Tell(ctx, tx, dossier.Notice{Key: key, User: person, Case: b.cases[of], Kind: kind, Text: "testo riservato"})
	})
}

func (b *browsers) prefers(person int, p dossier.Preferences) {
	require.NoError(b.t, p.Check())
	text, err := json.Marshal(p)
	require.NoError(b.t, err)
	b.write(func(ctx context.Context, tx *ent.Tx) error {
		return tx.User.UpdateOneID(person).SetPreferences(text).Exec(ctx)
	})
}

// told lists what browsers were told since it was asked last, as browser and payload.
func (b *browsers) heardSince(n *int) []string {
	var lines []string
	got := b.service.Got()
	for _, g := range got[*n:] {
		lines = append(lines, fmt.Sprintf("%d %s", g.Browser, g.Payload))
	}
	*n = len(got)
	return lines
}

func (b *browsers) passes(d time.Duration) { b.at(b.now().Add(d)) }

func (b *browsers) states() map[notice.Push]int {
	all := map[notice.Push]int{}
	for _, n := range b.db.Client().Notice.Query().AllX(b.ctx()) {
		all[n.Push]++
	}
	return all
}

// A browser is told at once that something waits, and nothing of what it is; the
// letter goes its own way.
func TestABrowserIsToldAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 2)
		b.write(func(ctx context.Context, tx *ent.Tx) error {
			c, err := b.dossier(b.log).Open(ctx, tx, tx.CaseFile.Create().SetNumber("2026/000077").SetStatus(casefile.StatusToAssign).SetRouteReason("prova").
				SetSubject("Oggetto segreto").SetSenderName("Mittente segreto").SetSenderAddress("segreto@pec.example").SetReceivedAt(monday).SetChangedAt(monday))
			b.cases[0] = c
			return err
		})
		b.subscribes(b.operator)
		k, n := b.instance(), 0
		b.tells(b.operator, 0, notify.Assigned)
		b.tells(b.head, 0, notify.Assigned) // who asked for nothing
		b.round(k)
		b.round(k)
		require.Equal(t, []string{fmt.Sprintf(`0 {"kind":"assigned","case":"id-of-%d","count":1}`, b.cases[0].ID)}, b.heardSince(&n))
		require.Equal(t, map[notice.Push]int{notice.PushSent: 1, notice.PushNone: 1}, b.states())
		require.Len(t, b.relay.letters, 2)
		require.NotNil(t, b.db.Client().PushSubscription.Query().OnlyX(b.ctx()).UsedAt)

		// Two of a kind are one push, which names none of them.
		b.passes(time.Minute)
		b.tells(b.operator, 0, notify.Breached)
		b.tells(b.operator, 1, notify.Breached)
		b.round(k)
		require.Equal(t, []string{`0 {"kind":"breached","count":2}`}, b.heardSince(&n))
		for _, g := range b.service.Got() {
			require.NotRegexp(t, "segreto|2026/|testo|Tributi|operator", g.Payload+g.Topic)
			require.Equal(t, pushtest.Contact, g.Subject)
		}
		require.Equal(t, []string{"normal", "high"}, []string{b.service.Got()[0].Urgency, b.service.Got()[1].Urgency})
		require.NotEqual(t, b.service.Got()[0].Topic, b.service.Got()[1].Topic)
	})
}

// Quiet hours hold for pushes; a digest does not.
func TestPushesKeepQuietHoursAndWishes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 1)
		b.subscribes(b.operator)
		k, n := b.instance(), 0
		night := monday.Add(14 * time.Hour)
		b.at(night)
		b.tells(b.operator, 0, notify.Assigned)
		b.round(k)
		b.at(night.Add(9*time.Hour - time.Minute))
		b.round(k)
		require.Empty(t, b.heardSince(&n), "it is night")
		b.at(night.Add(9 * time.Hour))
		b.round(k)
		require.Len(t, b.heardSince(&n), 1)

		// What could not be told in time is not told at night.
		b.at(monday.Add(36*time.Hour - time.Minute))
		b.tells(b.operator, 0, notify.Breached)
		b.service.Answer(func(int) (int, http.Header) { return http.StatusServiceUnavailable, nil })
		b.round(k)
		b.service.Answer(nil)
		for range 22 {
			b.passes(30 * time.Minute)
			b.round(k)
		}
		require.Empty(t, b.heardSince(&n), "it is night again")
		b.at(monday.Add(47 * time.Hour))
		b.round(k)
		require.Len(t, b.heardSince(&n), 1)

		for _, c := range []struct {
			name   string
			p      dossier.Preferences
			kind   notify.Kind
			push   bool
			letter bool
		}{
			{"what goes wrong, from the start", dossier.Preferences{}, notify.Undelivered, true, true},
			{"not what only informs", dossier.Preferences{}, notify.Followed, false, true},
			{"nothing", dossier.Preferences{Chosen: true}, notify.Assigned, false, true},
			{"what was chosen", dossier.Preferences{Chosen: true, Pushed: []notify.Kind{notify.Followed}}, notify.Followed, true, true},
			{"push instead of letters", dossier.Preferences{Muted: []notify.Kind{notify.Assigned}}, notify.Assigned, true, false},
			{"neither", dossier.Preferences{Chosen: true, Muted: []notify.Kind{notify.Assigned}}, notify.Assigned, false, false},
			{"at once, with a digest at midnight", dossier.Preferences{Digest: true}, notify.Assigned, true, false},
		} {
			b.passes(time.Hour)
			letters := len(b.relay.letters)
			b.prefers(b.operator, c.p)
			b.tells(b.operator, 0, c.kind)
			b.round(k)
			require.Equal(t, c.push, len(b.heardSince(&n)) == 1, c.name)
			require.Equal(t, c.letter, len(b.relay.letters) == letters+1, c.name)
		}
		require.Error(t, dossier.Preferences{Pushed: []notify.Kind{"x"}}.Check())
		require.Error(t, dossier.Preferences{Muted: []notify.Kind{notify.ToSort}}.Check(), "no letter tells of it")
	})
}

// A push service that is busy is asked again when it said, for the browser that did not
// take it alone; one that no longer knows a browser is believed.
func TestWhatPushServicesSayIsHeeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 1)
		one, two, three := b.subscribes(b.operator), b.subscribes(b.operator), b.subscribes(b.operator)
		other := b.subscribes(b.head)
		k, n := b.instance(), 0
		b.service.Answer(func(browser int) (int, http.Header) {
			switch browser {
			case two:
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"600"}}
			case three:
				return http.StatusGone, nil
			}
			return http.StatusCreated, nil
		})
		b.tells(b.operator, 0, notify.Assigned)
		b.round(k)
		payload := fmt.Sprintf(`{"kind":"assigned","case":"id-of-%d","count":1}`, b.cases[0].ID)
		require.Equal(t, []string{fmt.Sprint(one, " ", payload)}, b.heardSince(&n))
		require.Equal(t, 3, b.db.Client().PushSubscription.Query().CountX(b.ctx()), "what is gone was removed")
		require.Equal(t, 1, b.told(event.UserChanged))
		b.service.Answer(nil)
		b.passes(10*time.Minute - time.Second)
		b.round(k)
		require.Empty(t, b.heardSince(&n), "not before it said")
		b.passes(time.Second)
		b.round(k)
		require.Equal(t, []string{fmt.Sprint(two, " ", payload)}, b.heardSince(&n))
		b.passes(time.Hour)
		b.round(k)
		require.Empty(t, b.heardSince(&n))
		require.Equal(t, map[notice.Push]int{notice.PushSent: 1}, b.states())

		b.service.Answer(func(int) (int, http.Header) { return http.StatusNotFound, nil })
		b.tells(b.head, 0, notify.Breached)
		b.round(k)
		require.Zero(t, b.db.Client().PushSubscription.Query().Where(pushsubscription.UserID(b.head)).CountX(b.ctx()), "of browser %d", other)
		require.Equal(t, map[notice.Push]int{notice.PushSent: 1, notice.PushDropped: 1}, b.states())
	})
}

// unreachable is a push service that nobody gets through to.
type unreachable struct{ code int }

func (u unreachable) Send(context.Context, push.Subscription, push.Message) error {
	return &push.Refused{Code: u.code, Text: "no"}
}

// What is refused time and again is given up; what nobody gets through to is not: the
// line may be ours. What waited too long is no news.
func TestWhatIsNeverTaken(t *testing.T) {
	for code, stays := range map[int]bool{0: true, 503: true, 429: true, 403: false, 400: false} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			b := withBrowsers(t, storetest.SQLite(t), 1)
			b.subscribes(b.operator)
			b.push = unreachable{code}
			k := b.instance()
			for range 40 {
				b.tells(b.operator, 0, notify.Assigned)
				b.round(k)
				b.passes(24 * time.Hour)
			}
			require.Equal(t, stays, b.db.Client().PushSubscription.Query().ExistX(b.ctx()))
			if stays {
				b.passes(3 * 24 * time.Hour)
				for range 3 {
					b.round(k)
				}
				require.Equal(t, map[notice.Push]int{notice.PushDropped: 40}, b.states())
				require.Greater(t, b.db.Client().PushSubscription.Query().OnlyX(b.ctx()).Failures, 12)
			}
		})
	}
}

// One browser is told one thing in ten seconds; what comes meanwhile is gathered.
func TestABrowserIsNotFlooded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 1)
		b.subscribes(b.operator)
		k, n := b.instance(), 0
		for range 25 {
			b.tells(b.operator, 0, notify.Assigned)
			b.round(k)
			b.passes(time.Second)
		}
		b.passes(10 * time.Second)
		b.round(k)
		require.Equal(t, []string{
			fmt.Sprintf(`0 {"kind":"assigned","case":"id-of-%d","count":1}`, b.cases[0].ID), `0 {"kind":"assigned","count":10}`,
			`0 {"kind":"assigned","count":10}`, `0 {"kind":"assigned","count":4}`,
		}, b.heardSince(&n))
	})
}

// The desk is told at once that PECs wait there, and then every five minutes how many:
// each push replaces the one before.
func TestTheDeskIsToldHowManyWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 0)
		b.subscribes(b.sorter)
		b.subscribes(b.operator)
		k, n := b.instance(), 0
		arrives := func(pecs int) {
			for range pecs {
				b.write(func(ctx context.Context, tx *ent.Tx) error {
					number := tx.CaseFile.Query().CountX(ctx) + 1
					c, err := b.dossier(b.log).Open(ctx, tx, tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", number)).SetStatus(casefile.StatusToSort).
						SetRouteReason("prova").SetReceivedAt(b.now().UTC()).SetChangedAt(b.now().UTC()))
					require.NoError(t, err)
					return b.dossier(b.log).TellDesk(ctx, tx, c)
				})
			}
		}
		arrives(3)
		b.round(k)
		require.Equal(t, []string{`0 {"kind":"to-sort","count":3}`}, b.heardSince(&n))
		for range 4 {
			b.passes(time.Minute)
			arrives(2)
			b.round(k)
		}
		require.Empty(t, b.heardSince(&n))
		b.passes(time.Minute)
		b.round(k)
		require.Equal(t, []string{`0 {"kind":"to-sort","count":11}`}, b.heardSince(&n))
		require.Equal(t, b.service.Got()[0].Topic, b.service.Got()[1].Topic)
		require.Empty(t, b.relay.letters, "no letter tells of it")

		b.passes(time.Minute)
		arrives(1)
		b.write(func(ctx context.Context, tx *ent.Tx) error {
			return tx.CaseFile.Update().SetStatus(casefile.StatusClosed).Exec(ctx)
		})
		b.passes(5 * time.Minute)
		b.round(k)
		require.Empty(t, b.heardSince(&n), "somebody was quicker")

		b.passes(time.Hour)
		arrives(1)
		b.write(func(ctx context.Context, tx *ent.Tx) error {
			return tx.User.UpdateOneID(b.sorter).SetSorter(false).Exec(ctx)
		})
		b.round(k)
		arrives(1)
		b.round(k)
		require.Empty(t, b.heardSince(&n), "the desk is no business of others")
	})
}

// A keeper is killed at every transaction in turn, before and after the commit: what it
// had in its hands goes out again, under the same topic, and nothing is lost.
func TestWhoeverDiesEachBrowserIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, after := range []bool{false, true} {
			b := withBrowsers(t, fresh(t, db), 2)
			for range 2 {
				b.subscribes(b.operator)
			}
			kinds := []notify.Kind{notify.Assigned, notify.Breached, notify.Undelivered}
			deaths := 0
			for _, kind := range kinds {
				b.tells(b.operator, 0, kind)
				b.tells(b.operator, 1, kind)
				for n := 1; ; n++ {
					b.fault.revive(n, after)
					_, err := b.instance().Pushes(b.ctx())
					require.NoError(t, err)
					if !b.fault.dead() {
						break
					}
					deaths++
					b.passes(3 * time.Minute) // longer than a lease
				}
				b.fault.revive(0, false)
				b.passes(time.Minute)
			}
			require.Equal(t, 2*len(kinds), deaths)
			require.Equal(t, map[notice.Push]int{notice.PushSent: 2 * len(kinds)}, b.states())
			topics := map[string]bool{}
			for browser := range 2 {
				for _, kind := range kinds {
					told := 0
					for _, g := range b.service.Got() {
						if g.Browser == browser && g.Payload == fmt.Sprintf(`{"kind":%q,"count":2}`, kind) {
							topics[g.Topic] = true
							told++
						}
					}
					require.NotZero(t, told, "%s at browser %d", kind, browser)
				}
			}
			require.Len(t, topics, 2*len(kinds), "what came twice came under the same topic")
			repeated := map[bool]int{false: len(topics), true: 0}[after]
			require.Len(t, b.service.Got(), len(topics)+repeated, "what was sent and not noted went out once more")
		}
	})
}

// Several instances tell the same people at the same time.
func TestTwoInstancesPushOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 5)
		for _, person := range []int{b.operator, b.head, b.sorter} {
			b.subscribes(person)
			for of := range b.cases {
				b.tells(person, of, notify.Assigned)
			}
		}
		var all sync.WaitGroup
		for range 4 {
			k := b.instance()
			all.Go(func() {
				for range 3 {
					if _, err := k.Pushes(b.ctx()); err != nil {
						b.t.Error(err)
					}
				}
			})
		}
		all.Wait()
		require.Len(t, b.service.Got(), 3)
		require.Equal(t, map[notice.Push]int{notice.PushSent: 15}, b.states())
	})
}

// Who was disabled is not told any more, and who took the browser away neither.
func TestNobodyTellsWhoHasLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := withBrowsers(t, db, 1)
		for _, person := range []int{b.operator, b.head} {
			b.subscribes(person)
			b.tells(person, 0, notify.Assigned)
		}
		b.write(func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.PushSubscription.Delete().Where(pushsubscription.UserID(b.head)).Exec(ctx)
			return errors.Join(err, tx.User.UpdateOneID(b.operator).SetDisabledAt(monday.UTC()).Exec(ctx))
		})
		b.round(b.instance())
		require.Empty(t, b.service.Got())
		require.Equal(t, map[notice.Push]int{notice.PushDropped: 2}, b.states())
	})
}

// Where push is off, nothing is told and nothing is lost.
func TestWithoutAPusherPushesWait(t *testing.T) {
	b := withBrowsers(t, storetest.SQLite(t), 1)
	b.subscribes(b.operator)
	on, n := b.push, 0
	b.push = nil
	b.tells(b.operator, 0, notify.Assigned)
	b.tells(b.operator, 0, notify.Breached)
	b.round(b.instance())
	require.Equal(t, map[notice.Push]int{notice.PushWaiting: 2}, b.states())
	b.passes(72 * time.Hour)
	b.tells(b.operator, 0, notify.Assigned)
	b.push = on
	k := b.instance()
	for range 3 {
		b.round(k)
		b.passes(time.Minute)
	}
	require.Equal(t, []string{`0 {"kind":"assigned","count":2}`}, b.heardSince(&n), "what is old goes along with what is new, and not alone")
	require.Equal(t, map[notice.Push]int{notice.PushSent: 2, notice.PushDropped: 1}, b.states())
}
