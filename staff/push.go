package staff

import (
	"context"
	"errors"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/push"
)

// mostBrowsers of one person are told by push.
const mostBrowsers = 20

// How an event says what became of a subscription.
const (
	pushOn  = "push on"
	pushOff = "push off"
)

// Subscribe has the person who asks be told through a browser (Web Push), and gives
// the id of the subscription. A browser that says so again is the same subscription,
// with the keys that it has now; one that somebody else used before is this person's
// from now on.
func (s *Staff) Subscribe(ctx context.Context, to push.Subscription, label string) (id int, err error) {
	v, _ := guard.From(ctx)
	me, ok := v.Person()
	if !ok || !v.May(guard.Write) {
		return 0, &Error{Code: Forbidden, Italian: "ognuno iscrive i propri browser", English: "everybody registers his own browsers"}
	}
	if problem, wrong := errors.AsType[*push.Problem](to.Check()); wrong {
		return 0, invalid(problem.Field, problem.Italian, problem.English)
	}
	if label = short(strings.TrimSpace(label)); label == "" {
		return 0, invalid("label", "manca un nome per riconoscere il browser", "a name to know the browser by is missing")
	}
	err = s.write(ctx, func(ctx context.Context, tx *ent.Tx) (told []event.Entry, err error) {
		id, told, err = s.subscribe(itself(ctx), tx, me.ID, to, label)
		return told, err
	})
	return id, err
}

func (s *Staff) subscribe(ctx context.Context, tx *ent.Tx, me int, to push.Subscription, label string) (int, []event.Entry, error) {
	// One at a time for each person, and none for who is being disabled.
	n, err := tx.User.Update().Where(user.ID(me), user.DisabledAtIsNil()).ClearDisabledAt().Save(ctx)
	if err != nil || n == 0 {
		return 0, nil, errOr(err, unauthenticated())
	}
	told := []event.Entry{{Kind: event.UserChanged, Person: me, Details: event.Details{Reason: pushOn}}}
	there, err := tx.PushSubscription.Query().Where(pushsubscription.Endpoint(to.Endpoint)).Only(ctx)
	switch {
	case err != nil && !ent.IsNotFound(err):
		return 0, nil, err
	case there == nil:
	case there.UserID == me:
		return there.ID, nil, tx.PushSubscription.UpdateOneID(there.ID).SetP256dh(to.P256dh).SetAuth(to.Auth).SetLabel(label).SetFailures(0).Exec(ctx)
	case there.P256dh != to.P256dh || there.Auth != to.Auth: // who only heard of the endpoint takes nothing from anybody
		return 0, nil, &Error{
			Code: Conflict, Path: "endpoint",
			Italian: "il browser è noto con altre chiavi: disattivare le notifiche e riattivarle",
			English: "the browser is registered with other keys: switch the notifications off and on again",
		}
	default:
		if err := tx.PushSubscription.DeleteOneID(there.ID).Exec(ctx); err != nil {
			return 0, nil, err
		}
		told = append(told, event.Entry{Kind: event.UserChanged, Person: there.UserID, Details: event.Details{Reason: pushOff}})
	}
	if n, err = tx.PushSubscription.Query().Where(pushsubscription.UserID(me)).Count(ctx); err != nil || n >= mostBrowsers {
		return 0, nil, errOr(err, invalid("endpoint", "ci sono già troppi browser: toglierne qualcuno", "there are too many browsers: remove some"))
	}
	row, err := tx.PushSubscription.Create().SetUserID(me).SetEndpoint(to.Endpoint).SetP256dh(to.P256dh).SetAuth(to.Auth).
		SetLabel(label).SetCreatedAt(s.now()).Save(ctx)
	if err != nil {
		return 0, nil, err
	}
	return row.ID, told, nil
}

// Unsubscribe has the person who asks no longer be told through a browser.
func (s *Staff) Unsubscribe(ctx context.Context, id int) error {
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.PushSubscription.Query().Where(pushsubscription.ID(id)).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, &Error{Code: NotFound, Path: "id", Italian: "il browser non è iscritto", English: "the browser is not registered"}
		} else if err != nil {
			return nil, err
		}
		e := event.Entry{Kind: event.UserChanged, Person: row.UserID, Details: event.Details{Reason: pushOff}}
		_, err = tx.PushSubscription.Delete().Where(pushsubscription.ID(id)).Exec(ctx)
		return []event.Entry{e}, err
	})
}

// forgetBrowsers ends all subscriptions of a person.
func forgetBrowsers(ctx context.Context, tx *ent.Tx, userID int) error {
	_, err := tx.PushSubscription.Delete().Where(pushsubscription.UserID(userID)).Exec(ctx)
	return err
}
