package redisbus_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/event"
	"github.com/smista/smista/event/redisbus"
	"github.com/smista/smista/event/redisbus/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ event.Bus = (*redisbus.Bus)(nil)

// patience is how long a loaded machine may take for what takes a moment.
const patience = 30 * time.Second

// instance is one bus at work.
type instance struct {
	*redisbus.Bus
	t    *testing.T
	wake <-chan struct{}
}

func start(t *testing.T, address string) *instance {
	t.Helper()
	bus, err := redisbus.Open(address, "smista-test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { bus.Run(ctx) })
	wake, quiet := bus.Listen()
	t.Cleanup(func() {
		quiet()
		stop()
		running.Wait()
		require.NoError(t, bus.Close())
	})
	return &instance{bus, t, wake}
}

func (i *instance) rings() {
	i.t.Helper()
	select {
	case <-i.wake:
	case <-time.After(patience):
		i.t.Fatal("the bell did not ring")
	}
}

// silent empties the bell of what rang until now.
func (i *instance) silent() {
	for {
		select {
		case <-i.wake:
		case <-time.After(100 * time.Millisecond):
			return
		}
	}
}

func (i *instance) connects() {
	i.t.Helper()
	require.Eventually(i.t, func() bool { return i.Err() == nil }, patience, 5*time.Millisecond)
}

func (i *instance) loses() {
	i.t.Helper()
	require.Eventually(i.t, func() bool { return i.Err() != nil }, patience, 5*time.Millisecond)
}

func pair(t *testing.T) (*redistest.Server, *instance, *instance) {
	t.Helper()
	server := redistest.Start(t)
	a, b := two(t, server.URL())
	return server, a, b
}

// two are instances that hear each other.
func two(t *testing.T, address string) (a, b *instance) {
	t.Helper()
	a, b = start(t, address), start(t, address)
	a.connects()
	b.connects()
	a.silent()
	b.silent()
	return a, b
}

// What one instance announces rings in all, and in itself.
func TestOneInstanceRingsInAll(t *testing.T) {
	_, a, b := pair(t)
	a.Announce(1)
	a.rings()
	b.rings()
	b.Announce(2)
	a.rings()
	b.rings()
}

// Redis goes and comes back with nothing in it: who listens is woken, for what
// was announced in between nobody heard.
func TestRedisKilledAndStartedAgain(t *testing.T) {
	server, a, b := pair(t)
	server.Kill()
	a.loses()
	b.loses()
	a.Announce(3)
	a.rings() // here it is heard all the same
	b.silent()
	server.Restart()
	b.rings()
	a.connects()
	b.connects()
	b.silent()
	a.Announce(4)
	b.rings()
}

// A Redis that hangs is found out, and does not hold anybody up.
func TestRedisPaused(t *testing.T) {
	server, a, b := pair(t)
	server.Pause()
	began := time.Now()
	for seq := range 1000 {
		a.Announce(10 + seq)
	}
	require.Less(t, time.Since(began), patience, "announcing never waits")
	a.rings()
	a.loses()
	b.loses()
	server.Resume()
	a.connects()
	b.connects()
	b.rings()
}

// A sentinel puts another server in the place of one that died: the bell rings on.
func TestASentinelChangesTheServer(t *testing.T) {
	first := redistest.Start(t)
	second := redistest.StartReplica(t, first)
	sentinel := redistest.StartSentinel(t, "smista", first)
	a, b := two(t, "redis+sentinel://"+sentinel.Addr()+"/0?master_name=smista")
	a.Announce(1)
	b.rings()
	knowsOfTheReplica(t, sentinel)
	first.Kill()
	a.loses()
	b.loses()
	a.Announce(2)
	a.rings()
	a.connects() // to the second, which nobody told it of
	b.connects()
	b.rings()
	b.silent()
	a.Announce(3)
	b.rings()
	second.Kill()
	b.loses()
}

// knowsOfTheReplica waits until a sentinel could put another server in the place.
func knowsOfTheReplica(t *testing.T, sentinel *redistest.Server) {
	t.Helper()
	client := redis.NewSentinelClient(&redis.Options{Addr: sentinel.Addr()})
	defer client.Close()
	require.Eventually(t, func() bool {
		found, err := client.Replicas(t.Context(), "smista").Result()
		return err == nil && len(found) == 1 && found[0]["master-link-status"] == "ok"
	}, patience, 50*time.Millisecond)
}

func TestAClusterRingsToo(t *testing.T) {
	server := redistest.StartCluster(t)
	a, b := two(t, "redis+cluster://"+server.Addr())
	a.Announce(1)
	b.rings()
	server.Pause()
	b.loses()
	server.Resume()
	b.connects()
	b.rings()
}

// An instance may start before Redis does.
func TestRedisComesLate(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	a := start(t, server.URL())
	a.Announce(1)
	a.rings()
	a.loses()
	server.Restart()
	a.connects()
	a.rings()
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{
		"redis://127.0.0.1:6379", "rediss://user:secret@redis.example:6380/2", "redis+sentinel://a.example:26379?master_name=smista&addr=b.example:26379",
		"redis+cluster://a.example:7000?addr=b.example:7001", "rediss+cluster://:secret@a.example:7000",
	} {
		require.NoError(t, redisbus.Check(address), address)
	}
	for address, why := range map[string]string{
		"":                                  "begins with redis://",
		"127.0.0.1:6379":                    "begins with redis://",
		"http://127.0.0.1":                  "begins with redis://",
		"redis+ring://127.0.0.1":            "is no kind of Redis",
		"redis+sentinel://127.0.0.1:26379":  "master_name",
		"redis://user:canary@host:port:1/x": "cannot be read",
		"redis://user:canary@host/notanumber?nonsense=1": "cannot be read",
	} {
		err := redisbus.Check(address)
		require.ErrorContains(t, err, why, address)
		require.NotContains(t, err.Error(), "canary")
	}
}

// What goes wrong is logged once when it begins and once when it ends.
func TestWhatIsLogged(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	var said safeBuffer
	bus, err := redisbus.Open("redis://user:canary@"+server.URL()[len("redis://"):], "smista-test", slog.New(slog.NewTextHandler(&said, nil)))
	require.NoError(t, err)
	ctx, stop := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer stop()
	bus.Announce(1)
	bus.Run(ctx)
	require.NoError(t, bus.Close())
	require.NotContains(t, said.String(), "canary")
	require.Equal(t, 1, strings.Count(said.String(), "\n"), said.String())
}

// safeBuffer may be written and read at once.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
