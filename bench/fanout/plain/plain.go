// Package plain is a subscription server as gqlgen's documentation shows it: each
// subscriber has a channel of its own, and what a subscriber gets is executed and
// written for that subscriber alone.
//
//go:generate go tool gqlgen generate
package plain

import (
	"context"
	"sync"
)

// queue is how many events wait for a subscriber; more are lost.
const queue = 16

// Resolver knows the subscribers.
type Resolver struct {
	mu   sync.Mutex
	subs map[chan *MailEvent]struct{}
}

// NewResolver returns one without subscribers.
func NewResolver() *Resolver { return &Resolver{subs: map[chan *MailEvent]struct{}{}} }

// Publish hands an event to every subscriber that has room for it.
func (r *Resolver) Publish(e *MailEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.subs {
		select {
		case c <- e:
		default:
		}
	}
}

// Query implements ResolverRoot.
func (r *Resolver) Query() QueryResolver { return queries{} }

// Subscription implements ResolverRoot.
func (r *Resolver) Subscription() SubscriptionResolver { return subscriptions{r} }

type queries struct{}

func (queries) Nothing(context.Context) (bool, error) { return true, nil }

type subscriptions struct{ *Resolver }

func (r subscriptions) MailEvent(ctx context.Context) (<-chan *MailEvent, error) {
	c := make(chan *MailEvent, queue)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.subs[c] = struct{}{}
	context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.subs, c)
	})
	return c, nil
}
