package server

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store/storetest"
)

// inChorus asks only for what all see alike who have the same rights; onesOwn asks,
// besides, for something that is each one's own, so that it is shared with nobody.
const (
	inChorus = `subscription($after: Cursor) { events(after: $after) { __typename cursor actor { kind name }
		... on MessageReceived { message { subject } case { number } } ... on CaseOpened { case { number subject readable } message { subject senderAddress } }
		... on CaseRouted { case { number readable } office { code } reason } ... on CaseChanged { kind case { number readable } office { code } person { name } people { name } }
		... on PersonChanged { kind person { name } } ... on ReplyChanged { case { number } } } }`
	onesOwn = `subscription($after: Cursor) { events(after: $after) { __typename cursor actor { kind name }
		... on MessageReceived { message { subject } case { number followed } } ... on CaseOpened { case { number subject readable followed } message { subject senderAddress } }
		... on CaseRouted { case { number readable followed } office { code } reason } ... on CaseChanged { kind case { number readable followed } office { code } person { name } people { name } }
		... on PersonChanged { kind person { name } } ... on ReplyChanged { case { number followed } } } }`
)

// listening is a person with a socket that shares, one that does not, and a stream
// that does.
type listening struct {
	*world
	name           string
	id             int
	shared, single *client
	streamed       *streaming
	heard          [3][]string
}

// until reads all of them up to the marker that is the person's own.
func (l *listening) until(marker string) {
	l.t.Helper()
	for i, c := range []interface{ data(id string) string }{l.shared, l.single, l.streamed} {
		for {
			data := c.data("1")
			data = strings.NewReplacer(`,"followed":true`, "", `,"followed":false`, "").Replace(data)
			l.heard[i] = append(l.heard[i], data)
			if strings.Contains(data, `"NOTICE_FAILED"`) && strings.Contains(data, marker) {
				break
			}
		}
	}
}

// Whoever shares an execution hears exactly what he would hear alone: whatever he
// is, whatever happens, also to his rights.
func TestTogetherOneHearsWhatOneHearsAlone(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		luck := rand.New(rand.NewPCG(storetest.Seed(t), 3))
		taxes, works := w.office("tributi"), w.office("lavori")
		offices := []*ent.Office{taxes, works, nil}
		boxes := []*ent.Mailbox{w.mailbox("tributi@comune.example", taxes), w.mailbox("lavori@comune.example", works), w.mailbox("protocollo@comune.example", nil)}
		var crowd []*listening
		for _, p := range []struct {
			name  string
			roles staff.Roles
			in    *ent.Office
			as    membership.Role
		}{
			{"smista", staff.Roles{Sorter: true}, nil, ""}, {"smista2", staff.Roles{Sorter: true}, nil, ""},
			{"revisore", staff.Roles{Auditor: true}, nil, ""}, {"amministra", staff.Roles{Administrator: true}, nil, ""},
			{"capo", staff.Roles{}, taxes, membership.RoleHead}, {"capo2", staff.Roles{}, works, membership.RoleHead},
			{"opera", staff.Roles{}, taxes, membership.RoleOperator}, {"opera2", staff.Roles{}, taxes, membership.RoleOperator},
			{"opera3", staff.Roles{}, works, membership.RoleOperator}, {"altri", staff.Roles{}, nil, ""},
			{"smistaopera", staff.Roles{Sorter: true}, works, membership.RoleOperator},
		} {
			as, id := w.someone(p.name, p.roles, p.in, p.as)
			crowd = append(crowd, &listening{world: as, name: p.name, id: id})
		}
		after := map[string]any{"after": w.head()}
		for _, l := range crowd {
			l.shared, l.single, l.streamed = l.listener(), l.listener(), l.streams(inChorus, after)
			l.shared.subscribe("1", inChorus, after)
			l.single.subscribe("1", onesOwn, after)
		}
		var cases []*ent.CaseFile
		var boxed int
		happens := func() {
			boxed = luck.IntN(len(boxes))
			c, _ := w.arrives(boxes[boxed], offices[boxed], 0)
			cases = append(cases, c)
		}
		settled := func(step int) { // what one step made is heard before the next: rights are those of the moment
			w.write(func(context.Context, *ent.Tx) []event.Entry {
				var markers []event.Entry
				for _, l := range crowd {
					markers = append(markers, event.Entry{Kind: event.NoticeFailed, Person: l.id})
				}
				return markers
			})
			for _, l := range crowd {
				l.until(`{"name":"` + l.name + `"}`)
				require.Equal(t, l.heard[1], l.heard[0], "%s, step %d", l.name, step)
				require.Equal(t, l.heard[1], l.heard[2], "%s, step %d, over a stream", l.name, step)
				l.heard = [3][]string{}
			}
		}
		happens()
		settled(-1)
		require.Less(t, w.parts(), len(crowd), "some share")
		for step := range 24 {
			c, l := cases[luck.IntN(len(cases))], crowd[luck.IntN(len(crowd))]
			switch luck.IntN(10) {
			case 0, 1:
				happens()
			case 2: // by name, and of an office: things that happen
				w.write(func(context.Context, *ent.Tx) []event.Entry {
					return []event.Entry{{Kind: event.CaseNoted, Case: c.ID, Office: taxes.ID}, {Kind: event.CaseAssigned, Case: c.ID, Office: works.ID, Person: l.id}}
				})
			case 3:
				w.tell("caseSort", caseAt(c, w.version(c))+fmt.Sprintf(`, officeId: %q`, idOf("Office", offices[luck.IntN(2)].ID)))
			case 4:
				w.tell("caseReserve", caseAt(c, w.version(c))+fmt.Sprintf(`, readerIds: [%q]`, idOf("User", l.id)))
			case 5:
				l.tell("caseBreakGlass", fmt.Sprintf(`caseId: %q, reason: "urgenza"`, idOf("Case", c.ID)))
			case 6:
				_ = w.deps.Staff.AddMember(w.ctx(), staff.Member{User: l.id, Office: offices[luck.IntN(2)].ID, Role: membership.RoleOperator})
			case 7:
				_ = w.deps.Staff.RemoveMember(w.ctx(), staff.Member{User: l.id, Office: offices[luck.IntN(2)].ID, Role: membership.RoleOperator})
			case 8:
				own := luck.IntN(2) == 0
				_, err := w.deps.Staff.SetOffice(w.ctx(), "tributi", staff.OfficeSettings{OperatorsSeeOwn: &own})
				require.NoError(t, err)
			case 9:
				l.tell("caseLookAt", fmt.Sprintf(`caseId: %q`, idOf("Case", c.ID)))
			}
			settled(step)
		}
	})
}

// Who comes back far behind, with something about himself on every page, catches
// up, however many come back with him and while more happens.
func TestWhoIsFarBehindCatchesUp(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		chorus := w.front.sockets.answers.chorus
		named := chorus.named
		var looked atomic.Int64
		chorus.named = func(ctx context.Context, id int) (bool, error) {
			looked.Add(1)
			<-time.After(20 * time.Millisecond) // the database has much to do
			return named(ctx, id)
		}
		after := map[string]any{"after": w.head()}
		var crowd []*world
		var ids []int
		for i := range 3 {
			as, id := w.someone(fmt.Sprint("lontano", i), staff.Roles{Administrator: true}, nil, "")
			crowd, ids = append(crowd, as), append(ids, id)
		}
		const many = 1500
		for range many / 100 {
			w.write(func(context.Context, *ent.Tx) (entries []event.Entry) {
				for i := range 100 {
					e := event.Entry{Kind: event.NoticeFailed}
					if i%40 == 0 {
						e.Person = ids[i/40]
					}
					entries = append(entries, e)
				}
				return entries
			})
		}
		var back []*client
		for _, as := range crowd {
			for range 2 {
				c := as.listener()
				c.subscribe("1", `subscription($after: Cursor) { events(after: $after) { __typename cursor } }`, after)
				back = append(back, c)
			}
		}
		w.happen(3)
		heard := make([]map[string]bool, len(back))
		for i, c := range back {
			heard[i] = map[string]bool{}
			for len(heard[i]) < many+3 {
				h := c.event("1")
				require.False(t, heard[i][h.Cursor], "twice")
				heard[i][h.Cursor] = true
			}
		}
		const pages = many/256 + 2
		require.LessOrEqual(t, int(looked.Load()), 2*pages*len(back), "each page leads everybody on")
	})
}

// version is that of a case now.
func (w *world) version(c *ent.CaseFile) int {
	w.t.Helper()
	return w.db.Client().CaseFile.GetX(w.ctx(), c.ID).Version
}

// parts counts what is executed for several.
func (w *world) parts() int {
	chorus := w.front.sockets.answers.chorus
	chorus.mu.Lock()
	defer chorus.mu.Unlock()
	return len(chorus.parts)
}

// What is everybody's own is shared with nobody.
func TestWhatIsShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const some = `... on CaseOpened { case { `
	for question, shared := range map[string]bool{
		`subscription { events { cursor } }`:                                                true,
		`subscription { events { __typename ` + some + `number } } } }`:                     true,
		`subscription { events { ` + some + `claim { until } } } } }`:                       true,
		`subscription { events { ` + some + `claim { mine } } } } }`:                        false,
		`subscription { events { ` + some + `mayDo } } } }`:                                 false,
		`subscription { events { ` + some + `followed } } } }`:                              false,
		`subscription { events { ` + some + `lookers { name } } } } }`:                      true,
		`subscription { events { ` + some + `suggestedOffices { count } } } } }`:            false,
		`subscription { events { ` + some + `assignee { name } } } } }`:                     true,
		`subscription { events { ` + some + `assignee { email } } } } }`:                    false,
		`subscription { events { ` + some + `office { members { nodes { role } } } } } } }`: false,
		`subscription { events { ` + some + `...F } } } } fragment F on Case { mayDo }`:     false,
		`subscription { events { ` + some + `...F } } } } fragment F on Case { number }`:    true,
		`subscription { counts { toSort } }`:                                                false,
	} {
		c := w.listener()
		c.subscribe("1", question, nil)
		c.send(`{"type":"ping"}`)
		for pong := false; !pong; pong = c.next().Type == "pong" {
			require.NoError(t, t.Context().Err())
		}
		wanted := 0
		if shared {
			wanted = 1
		}
		require.Eventually(t, func() bool { return w.parts() == wanted }, patience, 5*time.Millisecond, question)
		c.send(`{"id":"1","type":"complete"}`)
		require.Eventually(t, func() bool { return w.parts() == 0 }, patience, 5*time.Millisecond, question)
		require.NoError(t, c.Close())
	}
}

// People of different scopes share the execution of a question whose answers are
// told by the event, its case and its message; of others each scope has its own.
func TestWhatIsSharedByDifferentScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	head, _ := w.someone("capo", staff.Roles{}, w.office("tributi"), membership.RoleHead)
	for question, wanted := range map[string]int{
		`cursor actor { name user { name } }`: 1,
		`... on CaseOpened { case { number subject office { code } assignee { name } terms { dueAt reckoning { date } } } message { subject verdict { status } } }`: 1,
		`... on CaseOpened { ...F } } } fragment F on CaseOpened { case { status `:                                                                                  1,
		`... on CaseChanged { kind case { number } people { id name } }`:                                                                                            1,
		`... on CaseOpened { case { mergedInto { number } } }`:                                                                                                      2,
		`... on CaseOpened { message { case { number } } }`:                                                                                                         2,
		`... on ReplyChanged { reply { subject } }`:                                                                                                                 2,
		`... on CaseOpened { ...F } } } fragment F on CaseOpened { case { mailbox { id } `:                                                                          2,
	} {
		one, other := w.listener(), head.listener()
		for _, c := range []*client{one, other} {
			c.subscribe("1", `subscription { events { `+question+` } }`, nil)
		}
		require.Eventually(t, func() bool {
			chorus, voices := w.front.sockets.answers.chorus, 0
			chorus.mu.Lock()
			parts := slices.Collect(maps.Values(chorus.parts))
			chorus.mu.Unlock()
			for _, p := range parts {
				voices += len(p.present())
			}
			return voices == 2 && len(parts) == wanted
		}, patience, 5*time.Millisecond, question)
		require.NoError(t, one.Close())
		require.NoError(t, other.Close())
		require.Eventually(t, func() bool { return w.parts() == 0 }, patience, 5*time.Millisecond, question)
	}
}

// Who comes in by a scope that was read before his rights may have changed is not
// handed what a part has sung since, nor what it had sung before they did: he is
// answered alone, and his rights are read again.
func TestAScopeThatMayBeOldBringsNobodyIn(t *testing.T) {
	t.Parallel()
	const me = 7
	scope := guard.Person{Acts: []int{3}}
	before := page{from: 2, to: 4, sung: map[string][]song{newVoice(scope).scope: {{3, []byte("of others")}}}}
	for name, p := range map[string]page{
		"an office has changed": {from: 4, to: 5, all: true},
		"it concerns him":       {from: 4, to: 5, people: map[int]bool{me: true}},
	} {
		for _, pages := range [][]page{{p}, {before, p}} {
			sung := &part{pages: pages, at: 5, voices: map[string]*voice{}}
			how := sung.take(&singer{ctx: t.Context(), person: me, at: 2}, scope)
			require.Equal(t, taken{behind: 5}, how, name)
			require.Empty(t, sung.seats, name)
		}
	}
}
