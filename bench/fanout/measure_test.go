//go:build linux

package fanout

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// peer is a server that is measured.
type peer struct {
	name     string
	protocol protocol
	program  string // empty: this binary
	drops    bool   // is known to drop events for who does not keep up
}

func smista() peer { return peer{name: "smista", protocol: ourProtocol} }

// everyone is our server and its peers, in the order of their rounds.
func everyone(b *testing.B) []peer {
	return []peer{
		smista(),
		{name: "bare", protocol: bareProtocol},
		{name: "centrifuge", protocol: centrifugeProtocol, program: buildCentrifuge(b)},
		{name: "gqlgen", protocol: plainProtocol, drops: true},
	}
}

// load is what a server has to bear.
type load struct {
	subscribers, rate int // events in a second
	offices, people   int // that the subscribers are of; zero: one
	slow              int // slow readers besides
}

func (l load) String() string {
	text := fmt.Sprintf("%d×%d/s", l.subscribers, l.rate)
	if l.offices > 1 {
		text += fmt.Sprintf(", %d offices", l.offices)
	}
	if l.people > l.offices {
		text += fmt.Sprintf(", %d people", l.people)
	}
	if l.slow > 0 {
		text += fmt.Sprintf(", %d slow readers", l.slow)
	}
	return text
}

// quick makes one short round of a fifth.
var quick = os.Getenv("SMISTA_BENCH_QUICK") == "1"

const (
	setUp   = 2 * time.Minute  // for everybody to be connected and hear
	breath  = time.Second      // before events come
	settled = 3 * time.Second  // before memory is read
	catchUp = 30 * time.Second // for what was published to have arrived
)

func rounds() int {
	if quick {
		return 1
	}
	return 3
}

// lasting is for how many seconds events are published.
func lasting() int {
	if quick {
		return 3
	}
	return 8
}

func (l load) sized() load {
	if quick {
		l.subscribers, l.slow = l.subscribers/5, l.slow/5
	}
	l.offices = max(1, min(l.offices, l.subscribers))
	l.people = max(l.offices, min(l.people, l.subscribers))
	return l
}

// figures are what one round has shown.
type figures struct {
	cpu      float64 // seconds per million deliveries to those who are not slow
	p50, p99 float64 // milliseconds
	rate     float64 // deliveries in a second
	size     float64 // bytes of a delivery
	arrived  float64 // of what was published, until catchUp was over
	lost     int     // passed over, though later ones came
	cut      int     // slow readers that were let go
	behind   bool    // not all had arrived in time
}

// gather starts a server and brings its subscribers together. It gives the memory
// of the server before, in KB.
func gather(tb testing.TB, p peer, l load) (_ *process, _ *audience, before float64) {
	tb.Helper()
	server := start(tb, p.program, setting{Peer: p.name, Dir: tb.TempDir(), Offices: l.offices, People: l.people})
	a, err := newAudience(p.protocol, l.subscribers+l.slow)
	require.NoError(tb, err)
	for i, s := range a.all {
		s.slow = i >= l.subscribers
		if p.protocol.cursors {
			s.cursor, s.token = []byte(server.Cursor), server.Tokens[i%len(server.Tokens)]
		}
	}
	before, err = server.resident()
	require.NoError(tb, err)
	require.NoError(tb, a.visit(server.Addr))
	require.NoError(tb, a.assemble(server, setUp), "%s: connect %d subscribers", p.name, len(a.all))
	return server, a, before
}

// rest lets a server be idle for a while.
func (a *audience) rest(b *testing.B, d time.Duration) {
	require.ErrorIs(b, a.until(d, func() bool { return false }), errTime)
}

// measure makes one round.
func measure(b *testing.B, p peer, l load) (f figures) {
	server, a, _ := gather(b, p, l)
	defer func() {
		server.kill()
		require.NoError(b, a.close())
	}()
	a.rest(b, breath)
	events := l.rate * lasting()
	want := events * l.subscribers
	a.bytes = 0
	spent, err := server.cpu()
	require.NoError(b, err)
	begun := time.Now()
	published := server.pace(1, events, l.rate)
	limit := time.Duration(lasting())*time.Second + catchUp
	err = a.until(limit, func() bool { return a.deliveries >= want || p.drops && a.silent(published) })
	if !p.drops && errors.Is(err, errTime) {
		f.behind = true
	} else {
		require.NoError(b, errors.Join(err, <-published), p.name)
	}
	used, err := server.cpu()
	require.NoError(b, err)
	f.cpu = (used - spent) / float64(a.deliveries) * 1e6
	f.p50, f.p99 = a.took.percentile(50), a.took.percentile(99)
	f.rate = float64(a.deliveries) / a.lastAt.Sub(begun).Seconds()
	f.size, f.arrived = float64(a.bytes)/float64(a.deliveries), float64(a.deliveries)/float64(want)
	a.judge(b, p, l, &f)
	return f
}

// silent holds when all was published and nothing has come for a while.
func (a *audience) silent(published <-chan error) bool {
	return len(published) > 0 && time.Since(a.lastAt) > time.Second
}

// judge looks at what each subscriber has heard: a gap, a repetition or a
// subscriber left alone is a failure.
func (a *audience) judge(b *testing.B, p peer, l load, f *figures) {
	b.Helper()
	events, outOfPlace, left := l.rate*lasting(), 0, 0
	for _, s := range a.all {
		outOfPlace += s.count.outOfPlace
		switch {
		case s.slow && s.fd < 0:
			f.cut++
		case s.slow:
		case s.fd < 0:
			left++
		default:
			f.lost += s.count.lost
			if p.drops {
				f.lost += events - s.count.last
			}
		}
	}
	if outOfPlace > 0 || left > 0 || f.lost > 0 && !p.drops {
		b.Errorf("%s, %v: %d events lost, %d twice or out of order, %d subscribers left: %v", p.name, l, f.lost, outOfPlace, left, a.why)
	}
	if f.behind {
		b.Logf("%s, %v: %.1f %% of the events had arrived %v after the last was published", p.name, l, f.arrived*100, catchUp)
	}
}
