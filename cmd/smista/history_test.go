package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/event/redisbus"
	"github.com/smista/smista/event/redisbus/redistest"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// histories is how many are recorded under the race detector, which makes each four
// times as long; SMISTA_HISTORIES=200 records so many.
const histories = 3

// Whatever becomes of instances, Redis, the database and the sockets, each
// subscriber's received history is what the register says that it was entitled to:
// no gap, no repeat, nothing of others, in order.
func TestEachRecordedHistoryIsThatOfTheRegister(t *testing.T) {
	many := histories
	if text := os.Getenv("SMISTA_HISTORIES"); text != "" {
		var err error
		many, err = strconv.Atoi(text)
		require.NoError(t, err)
	} else if testing.Short() {
		many = 1
	}
	for i := range many {
		seed := rand.Uint64()
		if text := os.Getenv("SMISTA_SEED"); text != "" {
			n, err := strconv.ParseUint(text, 10, 64)
			require.NoError(t, err)
			seed = n + uint64(i)
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Logf("SMISTA_SEED=%d does the same to the same", seed)
			newCluster(t, seed).record()
		})
	}
}

// cluster is three instances on one database and one Redis, and who watches them.
type cluster struct {
	t        *testing.T
	luck     *rand.Rand
	ctx      context.Context
	dir      string
	postgres *storetest.Server
	redis    *redistest.Server
	db       *store.DB
	logs     []*event.Log // writers: one that rings for the others, and one that does not
	staff    *staff.Staff

	offices []int
	people  []int
	places  []map[int][]int // by phase: the offices of each person
	begins  []int           // of each phase, the last event before it
	watch   []*watcher
	stop    context.CancelFunc

	mu        sync.Mutex
	instances []*running
}

// running is an instance: a process of its own.
type running struct {
	cmd     *exec.Cmd
	address string // empty while it is down
}

func newCluster(t *testing.T, seed uint64) *cluster {
	t.Helper()
	c := &cluster{t: t, luck: rand.New(rand.NewPCG(seed, 5)), dir: t.TempDir(), redis: redistest.Start(t), postgres: storetest.PrivateServer(t)}
	c.ctx = guard.NewContext(t.Context(), guard.System("test"))
	url, err := c.postgres.NewDatabase(c.ctx)
	require.NoError(t, err)
	c.db = storetest.Open(t, url)
	bus, err := redisbus.Open(c.redis.URL(), "smista", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	ringing, silent := context.WithCancel(c.ctx)
	var ring sync.WaitGroup
	ring.Go(func() { bus.Run(ringing) })
	t.Cleanup(func() { silent(); ring.Wait(); require.NoError(t, bus.Close()) })
	for _, b := range []event.Bus{bus, event.NewMemoryBus()} {
		log, err := event.NewLog(c.ctx, c.db, b)
		require.NoError(t, err)
		c.logs = append(c.logs, log)
	}
	c.staff = staff.New(staff.Options{Client: c.db.Client(), Log: c.logs[0]})
	c.settle()
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "smista.toml"),
		fmt.Appendf(nil, "listen = \"127.0.0.1:0\"\ndata = \"data\"\ndatabase = %q\n[redis]\nurl = %q\n", url, c.redis.URL()), 0o600))
	c.instances = make([]*running, 3)
	var starting sync.WaitGroup
	for i := range c.instances {
		starting.Go(func() { c.start(i) })
	}
	starting.Wait()
	t.Cleanup(func() {
		for i := range c.instances {
			c.kill(i)
		}
	})
	c.hire()
	return c
}

// settle makes offices and people, each in some of them.
func (c *cluster) settle() {
	for i := range 3 {
		name := fmt.Sprintf("Ufficio %d", i)
		id, err := c.staff.SetOffice(c.ctx, fmt.Sprintf("u%d", i), staff.OfficeSettings{Name: &name})
		require.NoError(c.t, err)
		c.offices = append(c.offices, id)
	}
	now := map[int][]int{}
	for i := range 6 {
		id, err := c.staff.AddUser(c.ctx, staff.NewUser{Email: fmt.Sprintf("p%d@comune.example", i), Name: fmt.Sprintf("Persona %d", i)})
		require.NoError(c.t, err)
		c.people = append(c.people, id)
		for _, office := range c.offices {
			if c.luck.IntN(2) == 0 {
				require.NoError(c.t, c.staff.AddMember(c.ctx, staff.Member{User: id, Office: office, Role: membership.RoleOperator}))
				now[id] = append(now[id], office)
			}
		}
	}
	c.places = []map[int][]int{now}
}

// hire lets each person watch, with two sockets.
func (c *cluster) hire() {
	ctx, stop := context.WithCancel(c.ctx)
	var watching sync.WaitGroup
	c.stop = func() { stop(); watching.Wait() }
	c.t.Cleanup(c.stop)
	var tokens []string
	for i := range c.people {
		token, _, err := c.staff.MakeToken(c.ctx, c.people[i], "test", []string{staff.ScopeRead}, time.Hour)
		require.NoError(c.t, err)
		tokens = append(tokens, token)
	}
	last := c.last()
	c.begins = []int{last}
	for i, person := range c.people {
		for range 2 {
			w := &watcher{c: c, person: person, token: tokens[i], cursor: c.logs[0].Cursor(last).String()}
			c.watch = append(c.watch, w)
			watching.Go(func() { w.run(ctx) })
		}
	}
}

var listening = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// start starts an instance and waits until it listens.
func (c *cluster) start(i int) {
	cmd := exec.CommandContext(context.WithoutCancel(c.ctx), os.Args[0], "serve", "-c", filepath.Join(c.dir, "smista.toml"))
	cmd.Env = append(os.Environ(), asProgram+"=1", "SMISTA_DATA="+filepath.Join(c.dir, fmt.Sprint("data", i)))
	said, err := cmd.StderrPipe()
	require.NoError(c.t, err)
	require.NoError(c.t, cmd.Start())
	lines := bufio.NewReader(said)
	for {
		line, err := lines.ReadString('\n')
		if found := listening.FindStringSubmatch(line); found != nil {
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			c.mu.Lock()
			defer c.mu.Unlock()
			c.instances[i] = &running{cmd, found[1]}
			return
		}
		if err != nil { // the database is away: again
			_ = cmd.Wait()
			<-time.After(50 * time.Millisecond)
			c.start(i)
			return
		}
	}
}

// kill ends an instance at once.
func (c *cluster) kill(i int) {
	c.mu.Lock()
	r := c.instances[i]
	c.instances[i] = &running{}
	c.mu.Unlock()
	if r != nil && r.cmd != nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait() // says that it was killed
	}
}

// anywhere is the address of an instance that lives, as a balancer would give it.
func (c *cluster) anywhere() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var up []string
	for _, r := range c.instances {
		if r != nil && r.address != "" {
			up = append(up, r.address)
		}
	}
	if len(up) == 0 {
		return ""
	}
	return up[rand.IntN(len(up))]
}

// last is the newest event, however long the database is away.
func (c *cluster) last() (last int) {
	require.Eventually(c.t, func() bool {
		var err error
		last, err = c.logs[0].Last(c.ctx)
		return err == nil
	}, patience, 20*time.Millisecond)
	return last
}

// record lets things happen, and holds what was heard against the register.
func (c *cluster) record() {
	for range 3 {
		c.moves()
		c.meet()
		trouble := make(chan struct{})
		var doing sync.WaitGroup
		doing.Go(func() { c.write(trouble) })
		c.faults()
		close(trouble)
		doing.Wait()
		c.meet()
	}
	c.stop()
	all, err := c.logs[0].After(c.ctx, c.begins[0], 1<<20)
	require.NoError(c.t, err)
	for i, w := range c.watch {
		var entitled []int
		for _, e := range all {
			if c.entitled(w.person, e) {
				entitled = append(entitled, e.Seq)
			}
		}
		require.Equal(c.t, entitled, w.seen, "socket %d, of person %d", i, w.person)
	}
	c.t.Logf("%d events, %d sockets, %d connections", len(all), len(c.watch), c.connections())
}

func (c *cluster) connections() (n int) {
	for _, w := range c.watch {
		n += w.connected
	}
	return n
}

// entitled is the model of who may see an event that is about no case: who it is
// about or by, and whose office it is, as the phase has it.
func (c *cluster) entitled(person int, e event.Event) bool {
	phase := 0
	for c.begins[phase] < e.Seq && phase+1 < len(c.begins) && c.begins[phase+1] < e.Seq {
		phase++
	}
	offices := c.places[phase][person]
	return slices.Contains(e.Concerns(), person) || slices.Contains(offices, e.Office) || slices.Contains(offices, e.FromOffice)
}

// moves changes the offices of somebody: a new phase.
func (c *cluster) moves() {
	person, office := c.people[c.luck.IntN(len(c.people))], c.offices[c.luck.IntN(len(c.offices))]
	before := c.places[len(c.places)-1]
	after := map[int][]int{}
	for p, offices := range before {
		after[p] = slices.Clone(offices)
	}
	c.begins = append(c.begins, c.last())
	if slices.Contains(before[person], office) {
		require.NoError(c.t, c.staff.RemoveMember(c.ctx, staff.Member{User: person, Office: office, Role: membership.RoleOperator}))
		after[person] = slices.DeleteFunc(after[person], func(o int) bool { return o == office })
	} else {
		require.NoError(c.t, c.staff.AddMember(c.ctx, staff.Member{User: person, Office: office, Role: membership.RoleOperator}))
		after[person] = append(after[person], office)
	}
	c.places = append(c.places, after)
}

// write writes events until told to stop; what the database refuses is not written.
func (c *cluster) write(stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(2+n%7) * time.Millisecond):
		}
		_ = c.entries(n%2, event.Entry{Kind: event.CaseNoted, Office: c.offices[n%3]}, event.Entry{Kind: event.CaseNoted, Office: c.offices[(n+1)%3], Person: c.people[n%6]})
	}
}

func (c *cluster) entries(writer int, entries ...event.Entry) error {
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	return c.logs[writer].Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) { return entries, nil })
}

// meet waits until everybody has heard all that there is for him: of each person
// there is an event now that nobody else is entitled to.
func (c *cluster) meet() {
	var markers []event.Entry
	for _, p := range c.people {
		markers = append(markers, event.Entry{Kind: event.NoticeFailed, Person: p})
	}
	require.Eventually(c.t, func() bool { return c.entries(0, markers...) == nil }, patience, 50*time.Millisecond)
	last := c.last()
	for i, w := range c.watch {
		mine := last - len(c.people) + 1 + i/2
		if !assert.Eventually(c.t, func() bool { return w.place() >= mine }, patience, 10*time.Millisecond) {
			c.t.Fatalf("socket %d waits for event %d, stands at %d", i, mine, w.place())
		}
	}
}

// faults makes trouble of several kinds, and ends it.
func (c *cluster) faults() {
	pause := func(most int) { <-time.After(time.Duration(50+c.luck.IntN(most)) * time.Millisecond) }
	for range 3 {
		switch c.luck.IntN(6) {
		case 0, 1:
			i := c.luck.IntN(len(c.instances))
			c.kill(i)
			pause(200)
			c.start(i)
		case 2:
			c.redis.Kill()
			pause(400)
			c.redis.Restart()
		case 3:
			c.redis.Pause()
			pause(2500)
			c.redis.Resume()
		case 4:
			require.NoError(c.t, c.postgres.Crash())
			pause(200)
			require.NoError(c.t, c.postgres.Restart())
		case 5:
			for range 4 {
				c.watch[c.luck.IntN(len(c.watch))].cut()
			}
		}
		pause(300)
	}
}

// watcher is a socket that comes back whenever it is lost, with its cursor.
type watcher struct {
	c             *cluster
	person        int
	token, cursor string
	connected     int

	mu   sync.Mutex
	conn *websocket.Conn
	seen []int
}

func (w *watcher) place() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.seen) == 0 {
		return 0
	}
	return w.seen[len(w.seen)-1]
}

// cut breaks the connection in the middle of whatever it says.
func (w *watcher) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		_ = w.conn.NetConn().Close()
	}
}

func (w *watcher) run(ctx context.Context) {
	ended := context.AfterFunc(ctx, w.cut)
	defer ended()
	for ctx.Err() == nil {
		if address := w.c.anywhere(); address != "" && w.dial(ctx, address) == nil {
			w.listen()
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (w *watcher) dial(ctx context.Context, address string) error {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: 5 * time.Second}
	conn, response, err := dialer.DialContext(ctx, "ws://"+address+"/graphql", http.Header{"Authorization": {"Bearer " + w.token}})
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), conn.Close())
	}
	w.conn = conn
	w.connected++
	return errors.Join(conn.WriteJSON(map[string]any{"type": "connection_init"}), conn.WriteJSON(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{
		"query": `subscription($after: Cursor) { events(after: $after) { cursor } }`, "variables": map[string]any{"after": w.cursor}}}))
}

// listen notes what is heard until the connection or the subscription ends.
func (w *watcher) listen() {
	defer w.conn.Close()
	for {
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if w.conn.SetReadDeadline(time.Now().Add(patience)) != nil || w.conn.ReadJSON(&m) != nil {
			return
		}
		switch m.Type {
		case "ping":
			if w.conn.WriteJSON(map[string]any{"type": "pong"}) != nil {
				return
			}
		case "next":
			var p struct {
				Data struct{ Events struct{ Cursor string } }
			}
			if json.Unmarshal(m.Payload, &p) != nil || p.Data.Events.Cursor == "" {
				return
			}
			cursor, err := event.ParseCursor(p.Data.Events.Cursor)
			if err != nil {
				return
			}
			w.mu.Lock()
			w.seen, w.cursor = append(w.seen, cursor.Seq), p.Data.Events.Cursor
			w.mu.Unlock()
		case "error", "complete":
			return
		}
	}
}
