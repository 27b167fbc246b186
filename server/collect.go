package server

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/lease"
	"github.com/smista/smista/mailbox"
)

// healthLook is how often the health of the mailboxes is looked at.
const healthLook = 2 * time.Second

// fleet makes the collectors of all mailboxes, handing what they bring to the desk.
func (i *Instance) fleet(ctx context.Context) (*mailbox.Fleet, error) {
	var accounts []mailbox.Account
	for _, m := range i.Config.Mailboxes {
		account, err := i.Config.Account(m)
		if err != nil {
			return nil, err
		}
		account.Password = i.password(ctx, m)
		accounts = append(accounts, account)
	}
	return mailbox.NewFleet(accounts, Ledger{i.Desk.Ledger()}, Receiver(i.Desk),
		mailbox.Options{Timing: i.Config.Timing(), Log: i.logger})
}

// collect collects, until ctx ends, the mailboxes whose leases this instance
// holds, and keeps how each is doing.
func (i *Instance) collect(ctx context.Context, fleet *mailbox.Fleet) {
	ctx = guard.NewContext(ctx, guard.System("collector"))
	leases := lease.New(lease.Options{Store: i.DB, Logger: i.logger})
	var names []string
	for _, m := range i.Config.Mailboxes {
		names = append(names, collecting+m.Address)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		leases.Run(ctx, names, func(ctx context.Context, name string) {
			_ = fleet.Collect(ctx, strings.TrimPrefix(name, collecting)) // ends with ctx, by contract
		})
	}()
	tick := time.NewTicker(healthLook)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			i.recordHealth(ctx, slices.DeleteFunc(fleet.Health(), func(h mailbox.Health) bool {
				return !leases.Holds(collecting + h.Mailbox) // its holder knows
			}))
		}
	}
}

// collecting begins the names of the leases of mailboxes.
const collecting = "mailbox:"

func (i *Instance) recordHealth(ctx context.Context, all []mailbox.Health) {
	for _, h := range all {
		if h.State == mailbox.Connecting {
			continue
		}
		trouble := ""
		if h.State != mailbox.Healthy {
			trouble = h.LastError
		}
		if err := i.Desk.RecordHealth(ctx, h.Mailbox, h.LastOK, trouble); err != nil && ctx.Err() == nil {
			i.logger.Error("the health of a mailbox could not be recorded", "mailbox", h.Mailbox, "error", err)
		}
	}
}

// Receiver lets a collector hand its messages to the desk.
func Receiver(d *desk.Desk) mailbox.Deliver {
	return func(ctx context.Context, a mailbox.Arrival, r io.Reader) error {
		return d.Receive(ctx, desk.Arrival{Ref: desk.Ref(a.Ref), Received: a.Received, Size: a.Size}, r)
	}
}

// Ledger lets a collector keep its books at the desk. The two rooms do not know
// each other: each says in its own types what is the same.
type Ledger struct{ Desk desk.Ledger }

var _ mailbox.Ledger = Ledger{}

// Folder implements mailbox.Ledger.
func (l Ledger) Folder(ctx context.Context, box, folder string) (mailbox.FolderState, error) {
	s, err := l.Desk.Folder(ctx, box, folder)
	return mailbox.FolderState(s), err
}

// SaveFolder implements mailbox.Ledger.
func (l Ledger) SaveFolder(ctx context.Context, box, folder string, s mailbox.FolderState) error {
	return l.Desk.SaveFolder(ctx, box, folder, desk.FolderState(s))
}

// Seen implements mailbox.Ledger.
func (l Ledger) Seen(ctx context.Context, box, folder string, uidValidity uint32, uids []uint32) error {
	return l.Desk.Seen(ctx, box, folder, uidValidity, uids)
}

// Pending implements mailbox.Ledger.
func (l Ledger) Pending(ctx context.Context, box, folder string, uidValidity, after uint32, limit int) ([]mailbox.Entry, error) {
	waiting, err := l.Desk.Pending(ctx, box, folder, uidValidity, after, limit)
	entries := make([]mailbox.Entry, len(waiting))
	for i, e := range waiting {
		entries[i] = mailbox.Entry{Ref: mailbox.Ref(e.Ref), Attempts: e.Attempts}
	}
	return entries, err
}

// Begin implements mailbox.Ledger.
func (l Ledger) Begin(ctx context.Context, r mailbox.Ref) (int, error) {
	return l.Desk.Begin(ctx, desk.Ref(r))
}

// Release implements mailbox.Ledger.
func (l Ledger) Release(ctx context.Context, r mailbox.Ref) error {
	return l.Desk.Release(ctx, desk.Ref(r))
}

// Quarantine implements mailbox.Ledger.
func (l Ledger) Quarantine(ctx context.Context, r mailbox.Ref, reason string) error {
	return l.Desk.Quarantine(ctx, desk.Ref(r), reason)
}

// Known implements mailbox.Ledger.
func (l Ledger) Known(ctx context.Context, box, folder string, uidValidity, after uint32, limit int) ([]mailbox.Known, error) {
	rows, err := l.Desk.Known(ctx, box, folder, uidValidity, after, limit)
	known := make([]mailbox.Known, len(rows))
	for i, k := range rows {
		known[i] = mailbox.Known{UID: k.UID, State: mailbox.State(k.State)}
	}
	return known, err
}

// Reconciled implements mailbox.Ledger.
func (l Ledger) Reconciled(ctx context.Context, box, folder string, r mailbox.Reconciliation) error {
	return l.Desk.Reconciled(ctx, box, folder, desk.Reconciliation(r))
}

// Renumbered implements mailbox.Ledger.
func (l Ledger) Renumbered(ctx context.Context, box, folder string, before, after uint32) error {
	return l.Desk.Renumbered(ctx, box, folder, before, after)
}
