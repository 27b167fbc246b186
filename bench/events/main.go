// Command events measures how long an event takes from its commit to the
// sockets of its subscribers, on one SQLite in a folder of its own.
//
//   - The clock starts where the log rings its bell, right after the commit.
//   - The last column is the time to a socket in units of the time to a
//     subscriber inside the process, in the same run: what GraphQL and the socket add.
//   - Nothing fails when a goal is missed: the table says what was seen.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/gorilla/websocket"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/server"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
)

const events = 300 // for each row of the table

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "events:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "sockets\tp50\tp99\tin process p50\tp99\tsockets / in process, p50\t")
	for _, sockets := range []int{1, 100} {
		s, err := measure(ctx, sockets)
		if err != nil {
			return fmt.Errorf("%d sockets: %w", sockets, err)
		}
		fmt.Fprintf(table, "%d\t%v\t%v\t%v\t%v\t%.1f\t\n", sockets, percentile(s.outside, 50), percentile(s.outside, 99),
			percentile(s.inside, 50), percentile(s.inside, 99), float64(percentile(s.outside, 50))/float64(percentile(s.inside, 50)))
	}
	return table.Flush()
}

func percentile(all []time.Duration, p int) time.Duration {
	slices.Sort(all)
	return all[min(len(all)*p/100, len(all)-1)].Round(10 * time.Microsecond)
}

// sample is how long events took to sockets, and to a subscriber in the process.
type sample struct{ outside, inside []time.Duration }

// bell notes when each event was committed, and rings another one.
type bell struct {
	event.Bus
	at [events + beforehand]atomic.Pointer[time.Time]
}

// beforehand is more than the events that are there when the measuring begins:
// that of who listens, and of the token.
const beforehand = 10

// Announce implements event.Bus.
func (b *bell) Announce(seq int) {
	now := time.Now()
	b.at[seq].Store(&now)
	b.Bus.Announce(seq)
}

// office is a system without mail: its log, and its front door.
type office struct {
	log  *event.Log
	feed *event.Feed
	bell *bell
	http *httptest.Server

	token string // of an auditor, who sees every event
	begin int    // the last event before the measuring
}

func measure(ctx context.Context, sockets int) (_ sample, err error) {
	dir, err := os.MkdirTemp("", "smista-events")
	if err != nil {
		return sample{}, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(guard.NewContext(ctx, guard.System("bench")))
	defer cancel()
	o := &office{bell: &bell{Bus: event.NewMemoryBus()}}
	db, err := o.open(ctx, dir+"/smista.db", o.bell)
	if err != nil {
		return sample{}, err
	}
	var feeding sync.WaitGroup
	feeding.Go(func() { o.feed.Run(ctx) })
	defer func() {
		o.http.Close()
		cancel()
		feeding.Wait()
		err = errors.Join(err, db.Close())
	}()
	return o.listen(ctx, sockets)
}

func (o *office) open(ctx context.Context, database string, bus event.Bus) (*store.DB, error) {
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, database, quiet)
	if err != nil {
		return nil, err
	}
	if err = db.Migrate(ctx); err == nil {
		o.log, err = event.NewLog(ctx, db, bus)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	o.feed = event.NewFeed(o.log, bus, quiet)
	people := staff.New(staff.Options{Client: db.Client(), Log: o.log, Logger: quiet})
	if o.token == "" {
		if err := o.hire(ctx, people); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	o.http = httptest.NewServer(server.NewFront(server.Deps{
		Client: db.Client(), Log: o.log, Feed: o.feed, Logger: quiet, Pages: http.NotFoundHandler(), Staff: people,
		Limits: server.Limits{BodyBytes: 1 << 20, QueryTokens: 2000, QueryCost: 20000, Sockets: 1000},
	}))
	return db, nil
}

// hire makes the auditor as whom the sockets listen.
func (o *office) hire(ctx context.Context, people *staff.Staff) error {
	id, err := people.AddUser(ctx, staff.NewUser{Email: "revisore@comune.example", Name: "Revisore", Roles: staff.Roles{Auditor: true}})
	if err == nil {
		o.token, _, err = people.MakeToken(ctx, id, "bench", []string{staff.ScopeRead}, time.Hour)
	}
	if err == nil {
		o.begin, err = o.log.Last(ctx)
	}
	return err
}

// listen connects everybody, makes the events one after the other, and waits
// until all have seen each.
func (o *office) listen(ctx context.Context, sockets int) (sample, error) {
	outside := make([][]time.Duration, sockets)
	var inside []time.Duration
	failed := make(chan error, sockets+1)
	seen := make(chan struct{}, sockets+1)
	for i := range outside {
		conn, err := o.connect(ctx)
		if err != nil {
			return sample{}, err
		}
		defer conn.Close()
		outside[i] = make([]time.Duration, 0, events)
		go tell(failed, func() error { return o.read(conn, &outside[i], seen) })
	}
	first, err := o.feed.Subscribe(ctx, o.log.Cursor(o.begin))
	if err != nil {
		return sample{}, err
	}
	go tell(failed, func() error { return o.follow(ctx, first, &inside, seen) })
	for range events {
		if err := o.happen(ctx); err != nil {
			return sample{}, err
		}
		for range sockets + 1 {
			select {
			case <-seen:
			case err := <-failed:
				return sample{}, fmt.Errorf("a subscriber left early: %w", err)
			}
		}
	}
	return sample{outside: slices.Concat(outside...), inside: inside}, nil
}

// tell passes on that somebody failed; who has seen all has nothing to tell.
func tell(failed chan<- error, do func() error) {
	if err := do(); err != nil {
		failed <- err
	}
}

func (o *office) happen(ctx context.Context) error {
	return o.log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
		return []event.Entry{{Kind: event.MailboxHealthChanged}}, nil
	})
}

func (o *office) follow(ctx context.Context, s *event.Subscription, took *[]time.Duration, seen chan<- struct{}) error {
	for len(*took) < events {
		all, err := s.Next(ctx)
		if err != nil {
			return err
		}
		for _, e := range all {
			*took = append(*took, time.Since(*o.bell.at[e.Seq].Load()))
			seen <- struct{}{}
		}
	}
	return nil
}

// connect opens a socket that has subscribed to everything from the beginning.
func (o *office) connect(ctx context.Context) (*websocket.Conn, error) {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(o.http.URL, "http")+"/graphql", nil) //nolint:bodyclose // read by gorilla
	if err != nil {
		return nil, err
	}
	query := fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":"%s","variables":{"after":%q}}}`,
		"subscription($after: Cursor) { events(after: $after) { __typename cursor occurredAt } }", o.log.Cursor(o.begin))
	hello := fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, o.token)
	for _, text := range []string{hello, query} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

func (o *office) read(conn *websocket.Conn, took *[]time.Duration, seen chan<- struct{}) error {
	for len(*took) < events {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if strings.Contains(string(text), `"type":"next"`) {
			*took = append(*took, time.Since(*o.bell.at[o.begin+len(*took)+1].Load()))
			seen <- struct{}{}
		}
	}
	return nil
}
