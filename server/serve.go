package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/smista/smista/event"
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
	return l, nil
}

// Serve configures the office, answers on l and collects all mailboxes until
// ctx ends; then it takes no new work, tells the subscribers to come back, and returns when all has
// ended: the front door first, the collectors beside it, the feed last.
func (i *Instance) Serve(ctx context.Context, l net.Listener) error {
	if err := i.Configure(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	fleet, err := i.fleet()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	feed := event.NewFeed(i.Log, i.bus, i.logger)
	feeding, stopFeed := context.WithCancel(context.WithoutCancel(ctx))
	working, stopWork := context.WithCancel(ctx)
	var feeds, works sync.WaitGroup
	feeds.Go(func() { feed.Run(feeding) })
	works.Go(func() { i.collect(working, fleet) })

	err = i.front(working, l, feed)
	stopWork()
	works.Wait()
	stopFeed()
	feeds.Wait()
	return err
}

// front runs the front door until ctx ends or it fails.
func (i *Instance) front(ctx context.Context, l net.Listener, feed *event.Feed) error {
	front := NewFront(Deps{
		Client: i.DB.Client(), Log: i.Log, Feed: feed, Archive: i.Archive,
		Pages: web.Handler(), Logger: i.logger, Limits: i.Config.Limits,
		AllowedOrigins: i.Config.AllowedOrigins, Introspection: true,
	})
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

func drain(ctx context.Context, http *http.Server, front *Front) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	sockets := make(chan error, 1)
	go func() { sockets <- front.Shutdown(ctx) }()
	return errors.Join(http.Shutdown(ctx), <-sockets)
}
