package desk

import (
	"context"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/event"
)

// healthEvery bounds how often a mailbox that is as it was is written again.
const healthEvery = time.Minute

// RecordHealth keeps how a mailbox is doing: checked is when its server last
// answered in full, trouble what is wrong now, safe to show, empty when nothing
// is. A change is an event; the same again is written once a minute at most.
func (d *Desk) RecordHealth(ctx context.Context, address string, checked time.Time, trouble string) error {
	box, err := d.mailbox(ctx, address)
	if err != nil || box == nil {
		return err
	}
	trouble = cut(trouble, maxText)
	if !worthWriting(box, checked, trouble) {
		return nil
	}
	return d.Ledger().write(ctx, func(ctx context.Context, w *work) error { return w.health(ctx, box.ID, checked, trouble) })
}

func healthOf(trouble string) mailbox.Health {
	if trouble == "" {
		return mailbox.HealthOk
	}
	return mailbox.HealthFailing
}

func worthWriting(box *ent.Mailbox, checked time.Time, trouble string) bool {
	if box.Health != healthOf(trouble) || box.LastError != trouble {
		return true
	}
	return checked.Sub(timeOf(box.CheckedAt)) >= healthEvery
}

func (w *work) health(ctx context.Context, id int, checked time.Time, trouble string) error {
	box, err := w.tx.Mailbox.Get(ctx, id)
	if err != nil {
		return err
	}
	now := healthOf(trouble)
	change := box.Update().SetHealth(now).SetLastError(trouble).SetNillableCheckedAt(nonZero(checked))
	if box.Health != now {
		w.tell(event.Entry{Kind: event.MailboxHealthChanged, Mailbox: id,
			Details: event.Details{Health: string(now), Reason: trouble}})
		if now == mailbox.HealthFailing {
			change.SetFailingSince(w.at)
		} else {
			change.ClearFailingSince()
		}
	}
	return change.Exec(ctx)
}
