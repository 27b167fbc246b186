package event

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/guard"
)

// headID is the one row of the numbers.
const headID = 1

// insertAtOnce bounds the rows of one INSERT: databases bound its parameters.
const insertAtOnce = 500

// Log is the movements register (registro dei movimenti).
type Log struct {
	store Store
	bus   Bus
	epoch string
	now   func() time.Time
}

// NewLog opens the log of a migrated database, and begins it when it is new.
func NewLog(ctx context.Context, store Store, bus Bus) (*Log, error) {
	l := &Log{store: store, bus: bus, now: time.Now}
	head, err := l.head(ctx)
	if ent.IsNotFound(err) {
		head, err = l.begin(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open the event log: %w", err)
	}
	l.epoch = head.Epoch
	return l, nil
}

// begin makes the row of the numbers. When another instance was quicker, its
// row is the one.
func (l *Log) begin(ctx context.Context) (*ent.LogHead, error) {
	err := l.store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		return tx.LogHead.Create().SetID(headID).SetEpoch(rand.Text()).Exec(asLog(ctx))
	})
	if err != nil && !ent.IsConstraintError(err) {
		return nil, err
	}
	return l.head(ctx)
}

func (l *Log) head(ctx context.Context) (*ent.LogHead, error) {
	return l.store.Client().LogHead.Get(asLog(ctx), headID)
}

// Write is the one door for changes. It runs change in a transaction, appends
// the entries that change returns, commits, and rings the bell. The actor of
// the events is the viewer of ctx. When the database asks for it, change is run
// again: it must do nothing outside tx. No entries means no event, which fits
// bookkeeping that is nobody's news.
func (l *Log) Write(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) ([]Entry, error)) error {
	last := 0
	err := l.store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		entries, err := change(ctx, tx)
		if err != nil || len(entries) == 0 {
			last = 0
			return err
		}
		last, err = l.append(ctx, tx, entries)
		return err
	})
	if err != nil {
		return err
	}
	if last > 0 {
		l.bus.Announce(last)
	}
	return nil
}

// append takes the numbers, after everything else in the transaction, and
// writes the rows. It returns the last number.
func (l *Log) append(ctx context.Context, tx *ent.Tx, entries []Entry) (int, error) {
	viewer, _ := guard.From(ctx) // nobody was refused by the guard already, or will be here
	if viewer == (guard.Viewer{}) {
		return 0, fmt.Errorf("append events: %w", guard.ErrNoViewer)
	}
	ctx = asLog(ctx)
	head, err := tx.LogHead.UpdateOneID(headID).AddLast(len(entries)).Save(ctx)
	if err != nil {
		return 0, fmt.Errorf("number events: %w", err)
	}
	rows := make([]*ent.EventCreate, len(entries))
	first, now := head.Last-len(entries)+1, l.now().UTC()
	for i, e := range entries {
		if rows[i], err = row(tx, e); err != nil {
			return 0, err
		}
		rows[i].SetID(first + i).SetActor(viewer.String()).SetOccurredAt(now)
	}
	for batch := range slices.Chunk(rows, insertAtOnce) {
		if err := tx.Event.CreateBulk(batch...).Exec(ctx); err != nil {
			return 0, fmt.Errorf("append events: %w", err)
		}
	}
	return head.Last, nil
}

func row(tx *ent.Tx, e Entry) (*ent.EventCreate, error) {
	if !slices.Contains(Kinds(), e.Kind) {
		return nil, fmt.Errorf("append events: no event is of kind %q: name it in event/kind.go", e.Kind)
	}
	details, err := json.Marshal(e.Details)
	if err != nil {
		return nil, fmt.Errorf("write the details of %s: %w", e.Kind, err)
	}
	return tx.Event.Create().SetKind(string(e.Kind)).SetData(details).
		SetNillableCaseID(optional(e.Case)).SetNillableMessageID(optional(e.Message)).
		SetNillableMailboxID(optional(e.Mailbox)).SetNillableOfficeID(optional(e.Office)).
		SetNillableFromOfficeID(optional(e.FromOffice)).SetNillablePersonID(optional(e.Person)).
		SetNillableFromPersonID(optional(e.FromPerson)), nil
}

// asLog lets the log write what nobody else may.
func asLog(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.EventLog())
}

// After returns up to limit events that follow number seq, in order. An empty
// answer means that there are none yet.
func (l *Log) After(ctx context.Context, seq, limit int) ([]Event, error) {
	rows, err := l.store.Client().Event.Query().
		Where(entevent.IDGT(seq)).Order(entevent.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the event log after %d: %w", seq, err)
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		if r.ID != seq+1+i {
			return nil, fmt.Errorf("event %d is missing from the log: restore the database from a backup", seq+1+i)
		}
		if events[i], err = FromRow(r); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Last is the number of the newest event, zero in an empty log.
func (l *Log) Last(ctx context.Context) (int, error) {
	head, err := l.head(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the end of the event log: %w", err)
	}
	return head.Last, nil
}

// Epoch names this log: numbers of another one mean nothing here.
func (l *Log) Epoch() string { return l.epoch }

// Cursor is the place right after event seq.
func (l *Log) Cursor(seq int) Cursor { return Cursor{Epoch: l.epoch, Seq: seq} }

// Check tells whether a cursor stands somewhere in this log; if not, the error
// is ErrOtherLog or ErrBeyondEnd.
func (l *Log) Check(ctx context.Context, c Cursor) error {
	if c.Epoch != l.epoch {
		return ErrOtherLog
	}
	last, err := l.Last(ctx)
	if err != nil {
		return err
	}
	if c.Seq > last {
		return fmt.Errorf("cursor at event %d, the newest is %d: %w", c.Seq, last, ErrBeyondEnd)
	}
	return nil
}

var (
	// ErrOtherLog says that a cursor comes from another log: the reader must
	// begin again from the present state.
	ErrOtherLog = errors.New("the cursor belongs to another event log: read the present state and start without a cursor")
	// ErrBeyondEnd says that a cursor stands after the newest event, as it does
	// when a backup was restored.
	ErrBeyondEnd = errors.New("the cursor stands after the end of the event log: read the present state and start without a cursor")
)
