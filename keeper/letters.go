package keeper

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

const (
	lease       = 2 * time.Minute  // longer than a letter may take
	letterTime  = 90 * time.Second // for one letter, shorter than the lease
	inOneLetter = 100
	tries       = 12 // the waits between them add up to more than a day

	// Somebody who had this many letters within the hour gets the next ones
	// together, a quarter of an hour later: a digest instead of a flood.
	flood     = 4
	gatherFor = 15 * time.Minute
)

// Letters sends what people are to be told by now, everything for one person
// in one letter. It says how many letters it tried.
func (k *Keeper) Letters(ctx context.Context) (int, error) {
	if k.Relay == nil {
		return 0, nil
	}
	people, err := k.waiting(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range people {
		if err := k.write(ctx, id); err != nil && ctx.Err() == nil {
			k.Logger.ErrorContext(ctx, "a letter could not be prepared; it is tried again", "user", id, "error", err)
		}
	}
	return len(people), ctx.Err()
}

// due finds notices that should leave by now: waiting ones, and those of an
// instance that died over them.
func due(at time.Time) predicate.Notice {
	return notice.Or(
		notice.And(notice.StateEQ(notice.StateWaiting), notice.SendAtLTE(at)),
		notice.And(notice.StateEQ(notice.StateSending), notice.LeasedUntilLTE(at)),
	)
}

func (k *Keeper) waiting(ctx context.Context) ([]int, error) {
	var people []int
	err := k.Client.Notice.Query().Where(due(k.now())).Limit(atOnce).Unique(true).
		Select(notice.FieldUserID).Scan(ctx, &people)
	if err != nil {
		return nil, fmt.Errorf("look for notices: %w", err)
	}
	return people, nil
}

// letter is what leaves together, leased by this instance.
type letter struct {
	id      string
	ids     []int
	user    *ent.User
	items   []notify.Item
	attempt int
}

// write leases the notices of one person, sends them in one letter, and keeps
// what became of it.
func (k *Keeper) write(ctx context.Context, userID int) error {
	l, err := k.take(ctx, userID)
	if err != nil || l == nil {
		return err
	}
	sending, cancel := context.WithTimeout(ctx, letterTime)
	err = k.Relay.Send(sending, notify.Letter{
		MessageID: l.id, To: notify.Address{Name: l.user.Name, Address: l.user.Email},
		Language: notify.Language(l.user.Language), Items: l.items, Zone: k.Zone, Date: k.now(),
	})
	cancel()
	return k.settle(ctx, l, err)
}

// take leases what is due for a person: nil when another instance was quicker,
// or when it is better to wait. A letter that was begun goes on as the same one.
func (k *Keeper) take(ctx context.Context, userID int) (l *letter, err error) {
	err = k.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		l, err = k.lease(ctx, tx, userID)
		return nil, err
	})
	if err != nil || l == nil {
		return nil, err
	}
	l.user, err = k.Client.User.Get(ctx, userID)
	return l, err
}

func (k *Keeper) lease(ctx context.Context, tx *ent.Tx, userID int) (*letter, error) {
	at := k.now()
	rows, err := tx.Notice.Query().Where(due(at), notice.UserID(userID)).
		Order(notice.ByState(), notice.BySendAt(), notice.ByID()).Limit(inOneLetter).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	rows = together(rows)
	l := &letter{id: rows[0].Letter, attempt: rows[0].Attempts + 1}
	for _, r := range rows {
		var item notify.Item
		if err := json.Unmarshal(r.Item, &item); err != nil {
			return nil, fmt.Errorf("read notice %d: %w", r.ID, err)
		}
		l.ids, l.items = append(l.ids, r.ID), append(l.items, item)
	}
	if stopped, err := k.stop(ctx, tx, userID, l, at); stopped || err != nil {
		return nil, err
	}
	if l.id == "" {
		l.id = "<" + rand.Text() + "@" + k.Domain + ">"
	}
	n, err := tx.Notice.Update().Where(notice.IDIn(l.ids...), due(at)).
		SetState(notice.StateSending).SetLetter(l.id).SetLeasedUntil(at.Add(lease)).AddAttempts(1).Save(ctx)
	if err == nil && n != len(l.ids) {
		return nil, errors.New("somebody else took some of these notices")
	}
	return l, err
}

// together keeps the notices that go into one letter: those of a letter that
// was begun, or the new ones.
func together(rows []*ent.Notice) []*ent.Notice {
	var same []*ent.Notice
	for _, r := range rows {
		if r.Letter == rows[0].Letter {
			same = append(same, r)
		}
	}
	return same
}

// stop drops what is for somebody who can no longer sign in, and puts off what
// would be one letter too many.
func (k *Keeper) stop(ctx context.Context, tx *ent.Tx, userID int, l *letter, at time.Time) (bool, error) {
	gone, err := tx.User.Query().Where(user.ID(userID), user.DisabledAtNotNil()).Exist(ctx)
	if err != nil {
		return false, err
	}
	if gone {
		return true, tx.Notice.Update().Where(notice.IDIn(l.ids...)).SetState(notice.StateDropped).Exec(ctx)
	}
	if l.id != "" {
		return false, nil
	}
	var recent []string
	err = tx.Notice.Query().Where(notice.UserID(userID), notice.StateEQ(notice.StateSent), notice.SentAtGT(at.Add(-time.Hour))).
		Unique(true).Select(notice.FieldLetter).Scan(ctx, &recent)
	if err != nil || len(recent) < flood {
		return false, err
	}
	last, err := tx.Notice.Query().Where(notice.UserID(userID), notice.StateEQ(notice.StateSent)).
		Order(ent.Desc(notice.FieldSentAt)).First(ctx)
	if err != nil || !last.SentAt.Add(gatherFor).After(at) {
		return false, err
	}
	return true, tx.Notice.Update().Where(notice.IDIn(l.ids...)).SetSendAt(last.SentAt.Add(gatherFor)).Exec(ctx)
}

// settle keeps what became of a letter. When this fails, or the program dies
// before it, the lease ends and the same letter leaves again.
func (k *Keeper) settle(ctx context.Context, l *letter, sent error) error {
	ctx = context.WithoutCancel(ctx) // what was sent is noted even when the program stops
	ctx, cancel := context.WithTimeout(ctx, lease-letterTime)
	defer cancel()
	err := k.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		rows := tx.Notice.Update().Where(notice.IDIn(l.ids...), notice.Letter(l.id), notice.StateEQ(notice.StateSending)).ClearLeasedUntil()
		if sent == nil {
			return nil, rows.SetState(notice.StateSent).SetSentAt(k.now()).SetLastError("").Exec(ctx)
		}
		rows.SetLastError(sent.Error())
		if refused, ok := errors.AsType[*notify.Refused](sent); l.attempt < tries && (!ok || !refused.Permanent) {
			return nil, rows.SetState(notice.StateWaiting).SetSendAt(k.now().Add(wait(l.attempt))).Exec(ctx)
		}
		n, err := rows.SetState(notice.StateFailed).Save(ctx)
		return []event.Entry{{Kind: event.NoticeFailed, Person: l.user.ID, Details: event.Details{Reason: sent.Error(), Count: n}}}, err
	})
	if err != nil {
		return fmt.Errorf("keep what became of letter %s: %w", l.id, err)
	}
	return nil
}

// wait is how long until another try: half a minute, twice as long each time,
// six hours at most.
func wait(attempt int) time.Duration {
	return min(30*time.Second<<min(attempt-1, 20), 6*time.Hour)
}
