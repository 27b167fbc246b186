// Package redisbus is the bell between several instances, carried by Redis
// pub/sub. It only wakes: what is shown is read from the log, which stays the
// truth. Whatever Redis does (down, paused, restarted with nothing in it), no
// event is lost; others then see it when they next look at the log.
package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/smista/smista/event"
)

const (
	answerTime = time.Second             // for Redis to connect, and to take an announcement
	quietTime  = 2 * time.Second         // without a message, after which the line is tried
	firstPause = 50 * time.Millisecond   // before something that failed is tried again
	lastPause  = 1000 * time.Millisecond // at most
)

// Bus is an event.Bus for all instances that use the same Redis and channel.
// Between this instance's own goroutines it rings by itself, without Redis.
type Bus struct {
	*event.MemoryBus
	client  redis.UniversalClient
	channel string
	self    string // names this instance in what it announces
	logger  *slog.Logger

	newest atomic.Int64
	news   chan struct{} // newest is to be announced

	mu              sync.Mutex
	hearing, saying error // why it does not; nil when it does
	told            bool  // that it does not is in the log
}

var errNotYet = errors.New("not connected yet")

// Open reads the address of a Redis: redis:// or rediss:// (one server),
// redis+sentinel:// or rediss+sentinel:// with ?master_name=, redis+cluster://
// or rediss+cluster://; further servers as &addr=HOST:PORT. It does not connect;
// Run does. Instances that share a channel ring for each other.
func Open(address, channel string, logger *slog.Logger) (*Bus, error) {
	logging.Disable() // failures are told here, once each
	client, err := clientOf(address)
	if err != nil {
		return nil, err
	}
	return &Bus{
		MemoryBus: event.NewMemoryBus(), client: client, channel: channel, self: rand.Text(), logger: logger,
		news: make(chan struct{}, 1), hearing: errNotYet,
	}, nil
}

// Check tells what is wrong with an address, without asking anybody.
func Check(address string) error {
	client, err := clientOf(address)
	if err != nil {
		return err
	}
	return client.Close()
}

func clientOf(address string) (redis.UniversalClient, error) {
	scheme, rest, _ := strings.Cut(address, "://")
	tls, kind, _ := strings.Cut(scheme, "+")
	if tls != "redis" && tls != "rediss" {
		return nil, errors.New("the address of Redis begins with redis://, rediss://, redis+sentinel:// or redis+cluster://")
	}
	plain := tls + "://" + rest
	switch kind {
	case "":
		o, err := redis.ParseURL(plain)
		if err != nil {
			return nil, withoutAddress(err)
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries = answerTime, answerTime, answerTime, -1
		return redis.NewClient(o), nil
	case "sentinel":
		o, err := redis.ParseFailoverURL(plain)
		if err != nil {
			return nil, withoutAddress(err)
		}
		if o.MasterName == "" {
			return nil, errors.New("sentinels look after several servers: name yours with ?master_name=")
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries = answerTime, answerTime, answerTime, -1
		return redis.NewFailoverClient(o), nil
	case "cluster":
		o, err := redis.ParseClusterURL(plain)
		if err != nil {
			return nil, withoutAddress(err)
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries = answerTime, answerTime, answerTime, -1
		return redis.NewClusterClient(o), nil
	}
	return nil, fmt.Errorf("%q is no kind of Redis: write sentinel or cluster", kind)
}

// withoutAddress keeps the address, and the password in it, out of an error.
func withoutAddress(error) error {
	return errors.New("the address of Redis cannot be read: write redis://USER:PASSWORD@HOST:PORT/DATABASE")
}

// Announce implements event.Bus.
func (b *Bus) Announce(seq int) {
	b.MemoryBus.Announce(seq)
	for {
		before := b.newest.Load()
		if int64(seq) <= before {
			return
		}
		if b.newest.CompareAndSwap(before, int64(seq)) {
			break
		}
	}
	select {
	case b.news <- struct{}{}:
	default: // what is announced next says this too
	}
}

// Run carries announcements to and fro until ctx ends.
func (b *Bus) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { b.say(ctx) })
	both.Go(func() { b.hear(ctx) })
	both.Wait()
}

// Close gives the connections back, after Run has ended.
func (b *Bus) Close() error { return b.client.Close() }

// Instances counts those that hear this channel, as one server of Redis knows them.
func (b *Bus) Instances(ctx context.Context) (int, error) {
	heard, err := b.client.PubSubNumSub(ctx, b.channel).Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis who hears: %w", err)
	}
	return int(heard[b.channel]), nil
}

// Err tells why instances do not hear of each other at once; nil when they do.
func (b *Bus) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.hearing, b.saying)
}

// say announces the newest event to the others, as often as one is new.
func (b *Bus) say(ctx context.Context) {
	pause := firstPause
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.news:
		}
		err := b.client.Publish(ctx, b.channel, b.self+" "+strconv.FormatInt(b.newest.Load(), 10)).Err()
		if ctx.Err() != nil {
			return
		}
		b.note(&b.saying, err)
		if err == nil {
			pause = firstPause
			continue
		}
		select {
		case b.news <- struct{}{}: // it still is to be announced
		default:
		}
		pause = wait(ctx, pause)
	}
}

// hear rings here for what others announce.
func (b *Bus) hear(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		begun := time.Now()
		err := b.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		b.note(&b.hearing, err)
		if time.Since(begun) > lastPause {
			pause = firstPause // it worked for a while
		}
		pause = wait(ctx, pause)
	}
}

// listen follows the channel until that fails. Each subscription that is
// confirmed rings too: what was announced before was not heard.
func (b *Bus) listen(ctx context.Context) error {
	line := b.client.Subscribe(ctx, b.channel)
	defer line.Close()
	stop := context.AfterFunc(ctx, func() { _ = line.Close() })
	defer stop()
	for tried := false; ; {
		said, err := line.ReceiveTimeout(ctx, quietTime)
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() && !tried {
			if err = line.Ping(ctx); err == nil {
				tried = true // no answer within the next quietTime: the line is dead
				continue
			}
		}
		if err != nil {
			return err
		}
		tried = false
		switch said := said.(type) {
		case *redis.Subscription:
			b.note(&b.hearing, nil)
			b.MemoryBus.Announce(0)
		case *redis.Message:
			if from, _, _ := strings.Cut(said.Payload, " "); from != b.self {
				b.MemoryBus.Announce(0)
			}
		}
	}
}

// note keeps how it goes, and logs when that changes.
func (b *Bus) note(state *error, err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errors.New("no answer from Redis")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	*state = err
	switch {
	case err != nil && !b.told:
		b.told = true
		b.logger.Error("Redis is not reached: instances see each other's events later, and none is lost", "error", err)
	case b.told && b.hearing == nil && b.saying == nil:
		b.told = false
		b.logger.Info("Redis is reached: instances see each other's events at once")
	}
}

// wait pauses, and gives the next pause.
func wait(ctx context.Context, pause time.Duration) time.Duration {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return min(2*pause, lastPause)
}
