package keeper

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/push"
)

const (
	pushTime    = 30 * time.Second // for one push to all browsers of a person, shorter than the lease
	browserPace = 10 * time.Second // between two pushes to one browser: what comes meanwhile is gathered
	peopleAt    = 8                // people who are told at the same time

	// Who sorts is told at once that PECs wait, and then not again for a while: the
	// next push says how many there are by then.
	deskPace  = 5 * time.Minute
	deskTopic = "desk"

	// stale is the age from which something is no news: nobody was there to take it.
	stale = 48 * time.Hour
)

// Pushes tells browsers what their people are to be told by now, each kind in one
// push. It says how many people had something waiting.
func (k *Keeper) Pushes(ctx context.Context) (int, error) {
	if k.Push == nil {
		return 0, nil
	}
	var people []int
	err := k.Client.Notice.Query().Where(pushDue(k.now())).Limit(atOnce).Unique(true).
		Select(notice.FieldUserID).Scan(ctx, &people)
	if err != nil {
		return 0, fmt.Errorf("look for pushes: %w", err)
	}
	var working sync.WaitGroup
	slots := make(chan struct{}, peopleAt)
	for _, id := range people {
		slots <- struct{}{}
		working.Go(func() {
			defer func() { <-slots }()
			if err := k.tell(ctx, id); err != nil && ctx.Err() == nil {
				k.Logger.ErrorContext(ctx, "a push could not be prepared; it is tried again", "user", id, "error", err)
			}
		})
	}
	working.Wait()
	return len(people), ctx.Err()
}

// pushDue is due, for pushes.
func pushDue(at time.Time) predicate.Notice {
	return notice.Or(
		notice.And(notice.PushEQ(notice.PushWaiting), notice.PushAtLTE(at)),
		notice.And(notice.PushEQ(notice.PushSending), notice.PushLeasedUntilLTE(at)),
	)
}

// pushing is what goes out together, leased by this instance.
type pushing struct {
	user     int
	owner    *ent.User
	ids      []int
	newest   time.Time // when the last of them was written
	topic    string    // of the notices; the desk's pushes go under one of their own
	begun    bool      // it was tried before
	message  push.Message
	browsers []*ent.PushSubscription // that did not take it yet
	took     []int                   // subscriptions
}

// tell leases one kind of notices of a person, tells the browsers, and keeps
// what became of it.
func (k *Keeper) tell(ctx context.Context, userID int) error {
	var p *pushing
	err := k.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) (_ []event.Entry, err error) {
		p, err = k.leasePush(ctx, tx, userID)
		return nil, err
	})
	if err != nil || p == nil {
		return err
	}
	return k.settlePush(ctx, p, k.call(ctx, p))
}

// leasePush leases what is due for a person: nil when another instance was quicker,
// or there is nothing to tell or nobody to tell it. What was begun goes on under the same topic.
func (k *Keeper) leasePush(ctx context.Context, tx *ent.Tx, userID int) (*pushing, error) {
	at := k.now()
	rows, err := tx.Notice.Query().Where(pushDue(at), notice.UserID(userID)).Order(notice.ByPush(), notice.ByPushAt(), notice.ByID()).Limit(atOnce).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	first := rows[0]
	rows = slices.DeleteFunc(rows, func(r *ent.Notice) bool {
		return r.Kind != first.Kind || r.PushTopic != first.PushTopic
	})
	p := &pushing{user: userID, took: first.PushDone, begun: first.PushTopic != "", topic: cmp.Or(first.PushTopic, rand.Text())}
	p.message = push.Message{Kind: first.Kind, Count: len(rows), Topic: p.topic, Urgent: notify.Kind(first.Kind).Urgent()}
	for _, r := range rows {
		p.ids, p.newest = append(p.ids, r.ID), latest(p.newest, r.CreatedAt)
	}
	if len(rows) == 1 && first.CaseID != nil {
		p.message.Case = k.CaseID(*first.CaseID)
	}
	mine := tx.Notice.Update().Where(notice.IDIn(p.ids...), pushDue(at))
	useful, err := k.addressed(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	if !useful {
		return nil, mine.SetPush(end(p.took)).Exec(ctx)
	}
	later, err := k.pace(ctx, tx, p, at)
	if err != nil {
		return nil, err
	}
	if later.After(at) {
		return nil, mine.SetPush(notice.PushWaiting).SetPushAt(later).Exec(ctx)
	}
	mine.SetPush(notice.PushSending).SetPushTopic(p.topic).SetPushLeasedUntil(at.Add(lease))
	if !p.begun {
		mine.SetPushBegunAt(at)
	}
	n, err := mine.Save(ctx)
	if err == nil && n != len(p.ids) {
		return nil, errors.New("somebody else took some of these notices")
	}
	return p, err
}

// addressed finds the browsers that are to be told. It says false when there are none
// any more, or what they would be told is of no use: it is old, or nothing waits at
// the desk.
func (k *Keeper) addressed(ctx context.Context, tx *ent.Tx, p *pushing) (bool, error) {
	u, err := tx.User.Query().Where(user.ID(p.user), user.DisabledAtIsNil()).First(ctx)
	if ent.IsNotFound(err) || err == nil && p.newest.Add(stale).Before(k.now()) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if p.message.Kind == string(notify.ToSort) {
		waiting, err := tx.CaseFile.Query().Where(casefile.StatusEQ(casefile.StatusToSort)).Count(ctx)
		if err != nil || waiting == 0 || !u.Sorter {
			return false, err
		}
		p.message.Topic, p.message.Case, p.message.Count = deskTopic, "", waiting
	}
	p.owner = u
	p.browsers, err = tx.PushSubscription.Query().Where(pushsubscription.UserID(p.user), pushsubscription.IDNotIn(p.took...)).
		Order(pushsubscription.ByID()).All(ctx)
	return len(p.browsers) > 0, err
}

// pace leaves the browsers that may be told something now, or says from when the
// first one may be: after quiet hours, at its rate, and at that of the desk.
func (k *Keeper) pace(ctx context.Context, tx *ent.Tx, p *pushing, at time.Time) (time.Time, error) {
	if p.message.Kind == string(notify.ToSort) && !p.begun {
		last, err := tx.Notice.Query().Where(notice.UserID(p.user), notice.PushBegunAtGT(at.Add(-deskPace)), notice.Kind(p.message.Kind)).First(ctx)
		if err == nil {
			return last.PushBegunAt.Add(deskPace), nil
		} else if !ent.IsNotFound(err) {
			return at, err
		}
	}
	if later, err := k.Quiet.Awake(p.owner, at); err != nil || later.After(at) { // it was put off until it was late
		return later, err
	}
	first := earliest(p.browsers)
	p.browsers = slices.DeleteFunc(p.browsers, func(b *ent.PushSubscription) bool { return notBefore(b).After(at) })
	return first, nil
}

// earliest is from when the first of some browsers may be told something.
func earliest(browsers []*ent.PushSubscription) time.Time {
	return notBefore(slices.MinFunc(browsers, func(a, b *ent.PushSubscription) int { return notBefore(a).Compare(notBefore(b)) }))
}

func notBefore(s *ent.PushSubscription) time.Time {
	if s.NextAt == nil {
		return time.Time{}
	}
	return *s.NextAt
}

// call tells all browsers at once, and gives what each push service said.
func (k *Keeper) call(ctx context.Context, p *pushing) []error {
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	said := make([]error, len(p.browsers))
	var calling sync.WaitGroup
	for i, b := range p.browsers {
		calling.Go(func() {
			said[i] = k.Push.Send(ctx, push.Subscription{Endpoint: b.Endpoint, P256dh: b.P256dh, Auth: b.Auth}, p.message)
		})
	}
	calling.Wait()
	for i, b := range p.browsers {
		if said[i] != nil {
			k.Logger.WarnContext(ctx, "a browser could not be told; it is tried again, unless it is gone", "subscription", b.ID, "error", said[i])
		}
	}
	return said
}

// settlePush keeps what became of a push. When this fails, or the program dies before
// it, the lease ends and the push goes out again, under the same topic.
func (k *Keeper) settlePush(ctx context.Context, p *pushing, said []error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lease-pushTime) // what was sent is noted even when the program stops
	defer cancel()
	err := k.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		took, told := slices.Clone(p.took), []event.Entry(nil)
		for i, b := range p.browsers {
			e, err := k.keep(ctx, tx, b, said[i])
			if err != nil {
				return nil, err
			}
			told = append(told, e...)
			if said[i] == nil {
				took = append(took, b.ID)
			}
		}
		return told, k.closePush(ctx, tx, p, took)
	})
	if err != nil {
		return fmt.Errorf("keep what became of a push to user %d: %w", p.user, err)
	}
	return nil
}

// keep notes of a subscription what its push service said. One that is gone, or
// was refused time and again, is removed.
func (k *Keeper) keep(ctx context.Context, tx *ent.Tx, b *ent.PushSubscription, said error) ([]event.Entry, error) {
	at := k.now()
	row := tx.PushSubscription.Update().Where(pushsubscription.ID(b.ID))
	if said == nil {
		return nil, row.SetUsedAt(at).SetFailures(0).SetNextAt(at.Add(browserPace)).Exec(ctx)
	}
	refused, _ := errors.AsType[*push.Refused](said)
	if refused == nil {
		refused = &push.Refused{Text: said.Error()}
	}
	failures := b.Failures + 1
	if !refused.Gone && (failures < tries || !refused.Definite()) {
		return nil, row.SetFailures(failures).SetNextAt(at.Add(max(wait(failures), refused.After))).Exec(ctx)
	}
	n, err := tx.PushSubscription.Delete().Where(pushsubscription.ID(b.ID)).Exec(ctx)
	if err != nil || n == 0 { // its owner was quicker
		return nil, err
	}
	return []event.Entry{{Kind: event.UserChanged, Person: b.UserID, Details: event.Details{Reason: "push off: " + refused.Text}}}, nil
}

// closePush ends the notices of a push, or has it go on to the browsers that did not
// take it.
func (k *Keeper) closePush(ctx context.Context, tx *ent.Tx, p *pushing, took []int) error {
	left, err := tx.PushSubscription.Query().Where(pushsubscription.UserID(p.user), pushsubscription.IDNotIn(took...)).All(ctx)
	if err != nil {
		return err
	}
	rows := tx.Notice.Update().Where(notice.IDIn(p.ids...), notice.PushEQ(notice.PushSending)).ClearPushLeasedUntil().SetPushDone(took)
	if len(left) == 0 {
		return rows.SetPush(end(took)).Exec(ctx)
	}
	return rows.SetPush(notice.PushWaiting).SetPushAt(latest(k.now(), earliest(left))).Exec(ctx)
}

// end is what becomes of notices that nobody else is to be told of.
func end(took []int) notice.Push {
	if len(took) > 0 {
		return notice.PushSent
	}
	return notice.PushDropped
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
