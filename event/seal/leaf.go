package seal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/event"
	"github.com/smista/smista/guard"
)

// Leaf is an event as the tree has it.
type Leaf struct {
	Number     int // in the log
	Hash       tlog.Hash
	Unreadable error // a column holds what no program of ours wrote; Hash means nothing
}

// Source gives the leaves of the log: those numbered after a number, in order.
type Source interface {
	Leaves(ctx context.Context, after, limit int) ([]Leaf, error)
}

// Database is the log as a database has it, read as guard.System("sealer").
func Database(client *ent.Client) Source { return database{client} }

type database struct{ client *ent.Client }

// Leaves implements Source. A row that cannot be read spoils none but itself.
func (d database) Leaves(ctx context.Context, after, limit int) ([]Leaf, error) {
	ctx = guard.NewContext(ctx, guard.System("sealer"))
	rows, err := d.after(after).Limit(limit).All(ctx)
	if err != nil && limit > 1 && ctx.Err() == nil {
		return d.oneByOne(ctx, after, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("read the register after event %d: %w", after, err)
	}
	leaves := make([]Leaf, len(rows))
	for i, row := range rows {
		leaves[i] = Leaf{Number: row.ID, Hash: tlog.RecordHash(encode(row))}
	}
	return leaves, nil
}

func (d database) after(number int) *ent.EventQuery {
	return d.client.Event.Query().Where(event.IDGT(number)).Order(event.ByID())
}

func (d database) oneByOne(ctx context.Context, after, limit int) ([]Leaf, error) {
	numbers, err := d.after(after).Limit(limit).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the register after event %d: %w", after, err)
	}
	leaves := make([]Leaf, len(numbers))
	for i, n := range numbers {
		leaves[i].Number = n
		row, err := d.client.Event.Get(ctx, n)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read event %d: %w", n, ctx.Err())
		}
		if err != nil {
			leaves[i].Unreadable = err
			continue
		}
		leaves[i].Hash = tlog.RecordHash(encode(row))
	}
	return leaves, nil
}

// encode writes an event in the one form that is hashed: each column that has a
// value as its name and its value, both with their length before them. A column
// without a value is left out, so that events written before a column existed
// keep their hash. The number is left out too: it is the leaf's place in the
// tree, and an event that was moved is recognised. Times are in microseconds,
// the finest that both databases keep.
func encode(row *ent.Event) []byte {
	b := field(nil, "kind", []byte(row.Kind))
	b = field(b, "occurred_at", strconv.AppendInt(nil, row.OccurredAt.UnixMicro(), 10))
	b = field(b, "actor", []byte(row.Actor))
	for _, id := range []struct {
		name  string
		value *int
	}{
		{"case_id", row.CaseID}, {"message_id", row.MessageID}, {"mailbox_id", row.MailboxID},
		{"office_id", row.OfficeID}, {"from_office_id", row.FromOfficeID},
		{"person_id", row.PersonID}, {"from_person_id", row.FromPersonID},
	} {
		if id.value != nil {
			b = field(b, id.name, strconv.AppendInt(nil, int64(*id.value), 10))
		}
	}
	if len(row.Data) == 0 {
		return b
	}
	if data, err := canonical(row.Data); err == nil {
		return field(b, "data", data)
	}
	return field(b, "data as it is", row.Data) // of no program of ours
}

func field(b []byte, name string, value []byte) []byte {
	b = fmt.Appendf(b, "%d:%s%d:", len(name), name, len(value))
	return append(b, value...)
}

// canonical writes JSON with sorted keys and without spaces: PostgreSQL gives
// it back in another order than it was written. What reads the same is the same.
func canonical(data []byte) ([]byte, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("details that are no UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a number keeps all its digits
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("read details: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("details with something after them")
	}
	return json.Marshal(value)
}
