package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"
)

// Options are the same for all accounts. The zero value is good.
type Options struct {
	Timing Timing
	Caps   Caps
	TLS    *tls.Config  // nil: the system's roots, TLS 1.2 and up
	Log    *slog.Logger // nil: silent
}

func (o Options) withDefaults() Options {
	o.Timing, o.Caps = o.Timing.withDefaults(), o.Caps.withDefaults()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Collector reads one account for ever.
type Collector struct {
	acc     Account
	ledger  Ledger
	deliver Deliver
	opts    Options
	log     *slog.Logger
	link    *link
	health  health

	sent       string          // the folder of sent mail, once found
	sentKnown  bool            // whether it was looked for
	reconciled map[string]bool // folders compared in full since the start
	careful    bool            // the server does not bear several fetches at once
	troubled   map[Ref]bool    // what the receiver could not keep; tried after the others
}

// New prepares a Collector; it connects to nothing yet. The error says what is
// wrong with the account.
func New(acc Account, l Ledger, d Deliver, o Options) (*Collector, error) {
	if err := acc.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	return &Collector{
		acc: acc, ledger: l, deliver: d, opts: o,
		log:        o.Log.With("mailbox", acc.Address),
		link:       &link{acc: acc, opts: o},
		health:     health{h: Health{Mailbox: acc.Address, State: Connecting}},
		reconciled: map[string]bool{}, troubled: map[Ref]bool{},
	}, nil
}

// Run collects until ctx ends and returns its cause. Failures are logged, shown
// in Health and tried again, with growing pauses.
func (c *Collector) Run(ctx context.Context) error {
	defer c.link.drop()
	clear(c.reconciled) // another one may have collected since it last ran
	for failures := 0; ctx.Err() == nil; {
		err := c.guarded(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			c.health.failed(err)
			c.log.Warn("collecting failed", "error", err)
		}
		if err == nil || mild(err) {
			failures = 0
			if c.await(ctx) != nil {
				break
			}
			continue
		}
		c.link.drop()
		if is[*RefusedError](err) {
			failures = 20 // a provider locks accounts that knock too often
		}
		if c.link.pause(ctx, failures) != nil {
			break
		}
		failures++
	}
	return context.Cause(ctx)
}

// mild tells whether an error is about single messages, while the account as
// such is well.
func mild(err error) bool {
	return is[undeliveredError](err) && !is[receiverError](err) && !is[linkError](err)
}

// once looks at every folder of the account and collects what waits there.
func (c *Collector) once(ctx context.Context) error {
	folders, err := c.folders(ctx)
	if err != nil {
		return err
	}
	var backlog int
	var errs []error
	for _, f := range folders {
		waiting, err := c.visit(ctx, f)
		backlog += waiting
		if err != nil {
			errs = append(errs, err)
		}
		if c.hopeless(ctx, err) {
			break
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	c.health.done(backlog)
	return nil
}

// hopeless tells whether the other folders would fail for the same reason.
func (c *Collector) hopeless(ctx context.Context, err error) bool {
	return ctx.Err() != nil || is[receiverError](err) || is[linkError](err) && !c.link.living()
}

// guarded turns a panic into an error, so that one account's trouble stays its own.
func (c *Collector) guarded(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the collector of %s broke, which is a defect to report: %v\n%s", c.acc.Address, p, debug.Stack())
		}
	}()
	return c.once(ctx)
}

// await waits for the bell or for the time of the next look. INBOX was visited
// last, so it is the folder whose bell rings.
// The error is that of ctx.
func (c *Collector) await(ctx context.Context) error {
	d := min(c.opts.Timing.Poll, c.opts.Timing.IdleMax)
	if !c.link.living() {
		return sleep(ctx, d)
	}
	begun := time.Now()
	if err := c.link.s.idle(ctx, d); err != nil {
		c.log.Debug("waiting for news ended early", "error", err)
		c.link.drop()
		return sleep(ctx, d-time.Since(begun)) // not at once: some servers close on each IDLE
	}
	return ctx.Err()
}

// folders lists what is to be visited; INBOX comes last.
func (c *Collector) folders(ctx context.Context) ([]string, error) {
	if !c.sentKnown {
		if err := c.findSent(ctx); err != nil {
			return nil, err
		}
	}
	folders := append([]string{}, c.acc.Extra...)
	if c.sent != "" {
		folders = append(folders, c.sent)
	}
	return append(folders, "INBOX"), nil
}

func (c *Collector) findSent(ctx context.Context) error {
	c.sent = c.acc.Sent
	if c.sent == "" {
		s, err := c.link.session(ctx)
		if err != nil {
			return err
		}
		if c.sent, err = s.sentFolder(); err != nil {
			return fmt.Errorf("look for the folder of sent mail of %s: %w", c.acc.Address, err)
		}
	}
	if c.sent == "" {
		c.log.Warn("no folder is marked as sent mail; name it in the configuration if there is one")
	}
	c.sentKnown = true
	return nil
}

// visit brings one folder up to date. It returns how many messages still wait.
func (c *Collector) visit(ctx context.Context, folder string) (waiting int, err error) {
	state, err := c.ledger.Folder(ctx, c.acc.Address, folder)
	if err != nil {
		return 0, err
	}
	sel, err := c.link.examine(ctx, folder)
	if err != nil {
		return 0, err
	}
	v := &visit{Collector: c, folder: folder, state: state, sel: sel}
	if err := v.renumber(ctx); err != nil {
		return 0, err
	}
	if err := v.list(ctx); err != nil {
		return 0, err
	}
	waiting, err = v.collect(ctx)
	if err != nil {
		return waiting, err
	}
	if err := v.report(ctx); err != nil {
		return waiting, err
	}
	return waiting, v.trouble
}

// visit is one look at one folder.
type visit struct {
	*Collector
	folder string
	state  FolderState // what the ledger says
	sel    selected    // what the server says

	full    bool     // whether server and ledger are compared in full
	listed  []uint32 // full: all UIDs on the server
	missing int      // full: UIDs the ledger should have known

	streak  int   // failures in a row
	trouble error // the last message that the receiver could not keep
}

// renumber notices that UIDs no longer mean what they meant (RFC 9051 §2.3.1.1).
func (v *visit) renumber(ctx context.Context) error {
	old, now := v.state.UIDValidity, v.sel.UIDValidity
	if old == 0 || old == now {
		back, err := v.wentBack(ctx)
		if err != nil || !back {
			v.state.UIDValidity = now
			return err
		}
	}
	v.log.Error("the server gave the folder new numbers: all of it is collected again",
		"folder", v.folder, "uidvalidity", now, "before", old, "uidnext", v.sel.UIDNext, "uidnext_before", v.state.UIDNext)
	if err := v.ledger.Renumbered(ctx, v.acc.Address, v.folder, old, now); err != nil {
		return err
	}
	v.state = FolderState{UIDValidity: now, Sent: v.state.Sent}
	return v.ledger.SaveFolder(ctx, v.acc.Address, v.folder, v.state)
}

// wentBack tells whether UIDNEXT fell and is true. A server that has messages
// at or above its own UIDNEXT does not know it.
func (v *visit) wentBack(ctx context.Context) (bool, error) {
	if v.sel.UIDNext == 0 || v.sel.UIDNext >= v.state.UIDNext {
		return false, nil
	}
	s, err := v.link.open(ctx)
	if err != nil {
		return false, err
	}
	above, err := s.search(v.sel.UIDNext)
	if err != nil {
		return false, linkError{fmt.Errorf("folder %q of %s: %w", v.folder, v.acc.Address, err)}
	}
	if len(above) > 0 {
		v.sel.UIDNext = 0
		return false, nil
	}
	return true, nil
}

// list enters the UIDs that are new into the ledger. Where the server's few
// figures did not change, nothing more is asked.
func (v *visit) list(ctx context.Context) error {
	v.full = v.dueInFull()
	from := v.state.UIDNext
	if v.full {
		from = 1
	} else if v.sel.UIDNext == v.state.UIDNext && v.sel.UIDNext != 0 {
		return v.advance(ctx, nil)
	}
	var uids []uint32
	if v.sel.Exists > 0 {
		s, err := v.link.open(ctx)
		if err != nil {
			return err
		}
		if uids, err = s.search(from); err != nil {
			return linkError{fmt.Errorf("folder %q of %s: %w", v.folder, v.acc.Address, err)}
		}
	}
	if v.full {
		unknown, err := v.compare(ctx, uids)
		if err != nil {
			return err
		}
		uids = unknown
	}
	return v.advance(ctx, uids)
}

// dueInFull: at the start, at its time, and when more messages came than numbers were given.
func (v *visit) dueInFull() bool {
	odd := v.sel.UIDNext == v.state.UIDNext && v.sel.Exists > v.state.Exists
	late := time.Since(v.state.Reconciled) >= v.opts.Timing.Reconcile
	return odd || late || !v.reconciled[v.folder]
}

// seenPage bounds how many UIDs go to the ledger in one transaction.
const seenPage = 2000

// advance enters UIDs and then moves the cursor, in this order.
func (v *visit) advance(ctx context.Context, uids []uint32) error {
	next := v.sel.UIDNext
	if n := len(v.listed); n > 0 {
		next = max(next, v.listed[n-1]+1)
	}
	for page := range slices.Chunk(uids, seenPage) {
		if err := v.ledger.Seen(ctx, v.acc.Address, v.folder, v.sel.UIDValidity, page); err != nil {
			return err
		}
		next = max(next, page[len(page)-1]+1)
	}
	before := v.state
	v.state.UIDNext = max(next, before.UIDNext)
	v.state.Exists = v.sel.Exists
	v.state.Sent = v.folder == v.sent
	if v.state == before {
		return nil
	}
	return v.ledger.SaveFolder(ctx, v.acc.Address, v.folder, v.state)
}
