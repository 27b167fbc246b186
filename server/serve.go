package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/closure"
	"github.com/smista/smista/event"
	"github.com/smista/smista/event/seal"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/keeper"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/outbox"
	"github.com/smista/smista/push"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/upload"
	"github.com/smista/smista/web"
)

// drainTime is how long open requests and sockets have to end.
const drainTime = 20 * time.Second

// Listen opens the address of the configuration.
func (i *Instance) Listen(ctx context.Context) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", i.Config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", i.Config.Listen, err)
	}
	if host, _, err := net.SplitHostPort(l.Addr().String()); err == nil && !isLoopback(host) && !i.overTLS() {
		i.logger.Warn("other machines reach this address without TLS: put a proxy before it and set public_url to its https address", "listen", l.Addr().String())
	}
	return l, nil
}

// overTLS says that people come in by https.
func (i *Instance) overTLS() bool { return strings.HasPrefix(i.Config.PublicURL, "https://") }

// Serve configures the office, answers on l and collects all mailboxes until
// ctx ends; then it takes no new work, tells the subscribers to come back, and returns when all has
// ended: the front door first, the collectors beside it, the feed last.
func (i *Instance) Serve(ctx context.Context, l net.Listener) error {
	work, err := i.workers(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	feed := event.NewFeed(i.Log, i.bus, i.logger)
	feeding, stopFeed := context.WithCancel(context.WithoutCancel(ctx))
	working, stopWork := context.WithCancel(ctx)
	var feeds, works sync.WaitGroup
	feeds.Go(func() { i.bus.Run(feeding) })
	feeds.Go(func() { feed.Run(feeding) })
	works.Go(func() { i.collect(working, work.fleet) })
	works.Go(func() { work.keeper.Run(working) })
	works.Go(func() { work.outbox.Run(working) })
	works.Go(func() { work.uploads.Run(working) })
	works.Go(func() { i.sealer.Run(working, i.Config.Register.Every) })

	err = i.front(working, l, feed, work)
	stopWork()
	works.Wait()
	if work.push != nil {
		work.push.Close()
	}
	stopFeed()
	feeds.Wait()
	return err
}

// workers are what works beside the front door.
type workers struct {
	fleet   *mailbox.Fleet
	keeper  *keeper.Keeper
	outbox  *outbox.Outbox
	uploads *upload.Uploads
	push    *push.Service // nil: off
}

// workers configures the office and makes all that works in it.
func (i *Instance) workers(ctx context.Context) (w workers, err error) {
	if err := i.Configure(ctx); err != nil {
		return w, err
	}
	if w.fleet, err = i.fleet(ctx); err != nil {
		return w, err
	}
	if i.sealer, err = seal.Open(i.Config.seals(), seal.Database(i.DB.Client()), i.logger); err != nil {
		return w, fmt.Errorf("the proofs of the register: %w", err)
	}
	if w.push, err = i.pushes(ctx); err != nil {
		return w, err
	}
	if w.keeper, err = i.keeper(w.push); err != nil {
		return w, err
	}
	if w.outbox, err = i.outbox(ctx); err != nil {
		return w, err
	}
	w.uploads, err = i.uploads(attaching{i.Replies})
	return w, err
}

// front runs the front door until ctx ends or it fails.
func (i *Instance) front(ctx context.Context, l net.Listener, feed *event.Feed, work workers) error {
	key := ""
	if work.push != nil {
		key = work.push.Key.Public
	}
	operations, err := registeredOperations(i.Config.Limits.Operations)
	if err != nil {
		return err
	}
	only := operations != nil
	pages, err := web.Operations()
	if err != nil {
		return err
	}
	maps.Copy(pages, operations)
	rules := rulebook.New(rulebook.Options{Client: i.DB.Client(), Log: i.Log})
	front := NewFront(Deps{
		Operations: pages, OnlyRegistered: only,
		Client: i.DB.Client(), Log: i.Log, Feed: feed, Archive: i.Archive,
		Pages: web.Handler(), Logger: i.logger, Limits: i.Config.Limits,
		Staff: i.Staff, Work: i.Work, Dossier: i.Dossier, Replies: i.Replies, Uploads: work.uploads, Push: key, Readings: graph.NewReadings(i.Log),
		Mailboxes: newMailboxes(i), Quarantine: i.Desk, House: newHouse(i),
		Rules:          rules,
		Closing:        closure.New(closure.Options{Client: i.DB.Client(), Log: i.Log, Rules: rules}),
		Almanac:        almanac.New(almanac.Options{Dossier: i.Dossier, Log: i.Log}),
		AllowedOrigins: i.origins(), SecureCookie: i.overTLS(), Introspection: true,
		RemotePictures: i.Config.Pictures.Remote == "ask",
		Checks:         i.checks(),
	})
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go front.Watch(watching)
	http := NewHTTPServer(front, i.logger)
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	return drain(ctx, http, front)
}

// checks are what /readyz asks besides the database. Without Redis an instance
// serves as well, only later.
func (i *Instance) checks() []Check {
	if i.Config.Redis.URL == "" {
		return nil
	}
	return []Check{{Name: "redis", Spare: true, Run: func(context.Context) error { return i.bus.Err() }}}
}

// origins are those that may call, the public address among them.
func (i *Instance) origins() []string {
	u, err := url.Parse(i.Config.PublicURL)
	if err != nil || u.Host == "" {
		return i.Config.AllowedOrigins
	}
	return append([]string{u.Scheme + "://" + u.Host}, i.Config.AllowedOrigins...)
}

// keeper looks after the clock.
func (i *Instance) keeper(pushes *push.Service) (*keeper.Keeper, error) {
	relay, err := i.Config.relay()
	if err != nil {
		return nil, err
	}
	o := keeper.Options{
		Client: i.DB.Client(), Log: i.Log, Terms: i.Dossier, Absences: i.Work, Looks: i.Work, Stranded: i.Work, Relay: relay,
		Quiet:  i.Dossier,
		CaseID: func(row int) string { return model.GlobalID{Type: "Case", Row: row}.String() },
		Zone:   i.zone, Domain: i.Config.noticeDomain(), Logger: i.logger,
	}
	if pushes != nil {
		o.Push = pushes
	}
	return keeper.New(o), nil
}

func drain(ctx context.Context, http *http.Server, front *Front) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	sockets := make(chan error, 1)
	go func() { sockets <- front.Shutdown(ctx) }()
	return errors.Join(http.Shutdown(ctx), <-sockets)
}
