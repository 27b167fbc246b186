package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/push"
)

// mostBrowsers bounds a list that has no pages.
const mostBrowsers = 20

// pushSubscriptions lists the browsers of the viewer.
func (r *Resolver) pushSubscriptions(ctx context.Context) ([]ent.PushSubscription, error) {
	return values(r.Client.PushSubscription.Query().Where(pushsubscription.UserID(me(ctx).ID)).
		Order(pushsubscription.ByCreatedAt(sql.OrderDesc()), pushsubscription.ByID(sql.OrderDesc())).Limit(mostBrowsers).All(ctx))
}

// pushSubscribe has the viewer be told through a browser.
func (r *Resolver) pushSubscribe(ctx context.Context, input model.PushSubscribeInput) (*model.PushPayload, error) {
	if r.Push == "" {
		off := &casework.Refused{
			Code:    casework.Unavailable,
			Italian: "le notifiche push non sono attive: le attiva chi gestisce Smista ([push] contact)",
			English: "push is off: who runs Smista switches it on ([push] contact)",
		}
		return r.browser(ctx, 0, input.ClientMutationID, off)
	}
	id, err := r.Staff.Subscribe(ctx, push.Subscription{Endpoint: input.Endpoint, P256dh: input.P256dh, Auth: input.Auth}, input.Label)
	return r.browser(ctx, id, input.ClientMutationID, err)
}

// pushUnsubscribe has the viewer be told no longer.
func (r *Resolver) pushUnsubscribe(ctx context.Context, input model.PushUnsubscribeInput) (*model.PushPayload, error) {
	return r.browser(ctx, 0, input.ClientMutationID, r.Staff.Unsubscribe(ctx, rowOf("PushSubscription", input.ID)))
}

// browser answers a command on one.
func (r *Resolver) browser(ctx context.Context, id int, client *string, err error) (*model.PushPayload, error) {
	payload := &model.PushPayload{ClientMutationID: client}
	if payload.UserErrors, err = r.refusals(ctx, err); err != nil || id == 0 {
		return payload, err
	}
	payload.Subscription, err = r.Client.PushSubscription.Get(ctx, id)
	return payload, err
}

// pushKey is what browsers subscribe with; nil where push is off.
func (r *Resolver) pushKey() *string {
	if r.Push == "" {
		return nil
	}
	return &r.Push
}
