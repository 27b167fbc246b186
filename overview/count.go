package overview

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
)

// counter asks the database. Each of its questions is answered from indexes alone,
// and ends with the context of who asks.
type counter struct {
	ctx    context.Context
	client *ent.Client
	office int // 0: all
}

// span is a time, from inclusive, until exclusive.
type span struct{ from, until time.Time }

// measure is what is counted: which rows, and by which of their times.
type measure struct{ from, where, time, count string }

const (
	// alive are the statuses of what was not put into another case.
	alive = "c.status IN ('TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING', 'CLOSED')"
	// open are those of what was not closed either.
	open = "c.status IN ('TO_SORT', 'TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING')"
	// done is that of what was.
	done = "c.status = 'CLOSED'"
)

var (
	arrived  = measure{"case_files c", alive, "c.received_at", "COUNT(*)"}
	assigned = measure{"case_files c", alive, "c.assigned_at", "COUNT(*)"}
	closed   = measure{"case_files c", done, "c.closed_at", "COUNT(*)"}
	breached = measure{"terms t CROSS JOIN case_files c", alive + " AND c.id = t.case_id", "t.breached_at", "COUNT(DISTINCT c.id)"}
)

// inSpan is how many cases fall into one of several spans.
type inSpan struct {
	Span  int `sql:"span"`
	Count int `sql:"n"`
}

// within counts by span. Each span is one walk of the index.
func (c *counter) within(m measure, spans []span) (rows []inSpan, err error) {
	postgres := "(SELECT n - 1 AS span, CAST(value ->> 0 AS timestamptz) AS since, CAST(value ->> 1 AS timestamptz) AS till " +
		"FROM json_array_elements(CAST(? AS json)) WITH ORDINALITY AS e(value, n)) s"
	sqlite := "(SELECT key AS span, value ->> 0 AS since, value ->> 1 AS till FROM json_each(?)) s"
	of, args := c.ofOffice()
	count := "(SELECT " + m.count + " FROM " + m.from + " WHERE " + m.where + " AND " + m.time + " >= s.since AND " + m.time + " < s.till" + of + ") AS n"
	err = c.ask(&rows, byDialect{"s.span AS span, " + count, "s.span AS span, " + count}, byDialect{sqlite, postgres}, append(args, written(spans))...)
	return rows, err
}

// inOffice is how many cases an office has.
type inOffice struct {
	Office int `sql:"office"` // 0: the desk
	Count  int `sql:"n"`
}

// byOffice counts by office.
func (c *counter) byOffice(m measure, s span) (rows []inOffice, err error) {
	of, args := c.ofOffice()
	err = c.ask(&rows, both("COALESCE(c.office_id, 0) AS office, "+m.count+" AS n"),
		both(m.from+" WHERE "+m.where+" AND "+m.time+" >= ? AND "+m.time+" < ?"+of+" GROUP BY 1"), append([]any{s.from.UTC(), s.until.UTC()}, args...)...)
	return rows, err
}

// ofOffice narrows to the office that is asked for. The sign keeps SQLite from
// finding its rows by another index, and reading each of them for the rest.
func (c *counter) ofOffice() (condition string, args []any) {
	if c.office == 0 {
		return "", nil
	}
	return " AND +c.office_id = ?", []any{c.office}
}

// written are spans as both databases read them: SQLite compares moments as the
// texts that the driver writes.
func written(spans []span) string {
	const form = "2006-01-02 15:04:05.999999999-07:00"
	all := make([][2]string, len(spans))
	for i, s := range spans {
		all[i] = [2]string{s.from.UTC().Format(form), s.until.UTC().Format(form)}
	}
	text, _ := json.Marshal(all) // of texts: cannot fail
	return string(text)
}

// openAt counts what was open at a moment: what still is, and what was closed since.
func (c *counter) openAt(t time.Time) (sum int, err error) {
	of, args := c.ofOffice()
	for _, is := range []struct {
		where string
		args  []any
	}{{open, nil}, {done + " AND c.closed_at >= ?", []any{t.UTC()}}} {
		var rows []inSpan
		where := both("case_files c WHERE " + is.where + " AND c.received_at < ?" + of)
		err := c.ask(&rows, both("COUNT(*) AS n"), where, slices.Concat(is.args, []any{t.UTC()}, args)...)
		if err != nil {
			return 0, err
		}
		for _, r := range rows {
			sum += r.Count
		}
	}
	return sum, nil
}

// closedCase is a case by two of its times.
type closedCase struct {
	ClosedAt   time.Time `sql:"closed_at"`
	ReceivedAt time.Time `sql:"received_at"`
}

// closedBeforeReceived lists what was closed before it was received, up to a moment.
func (c *counter) closedBeforeReceived(until time.Time) (rows []closedCase, err error) {
	of, args := c.ofOffice()
	err = c.ask(&rows, both("c.closed_at AS closed_at, c.received_at AS received_at"),
		both("case_files c WHERE "+done+" AND c.closed_at < ? AND c.received_at > c.closed_at"+of), append([]any{until.UTC()}, args...)...)
	return rows, err
}

// took is how many cases of an office took how long.
type took struct{ Office, Hours, Count int }

// hours counts by office and by whole hours since the receipt. The two are one number
// to the database, which sorts it in half the time.
func (c *counter) hours(m measure, s span) ([]took, error) {
	const offices = 31 // bits
	sqlite := "(unixepoch(" + m.time + ") - unixepoch(c.received_at)) / 3600"
	postgres := "CAST(floor(extract(epoch FROM " + m.time + " - c.received_at) / 3600) AS bigint)"
	key := func(hours string) string {
		return hours + " * 2147483648 + COALESCE(c.office_id, 0) AS hours, COUNT(*) AS n"
	}
	of, args := c.ofOffice()
	var rows []struct {
		Key   int `sql:"hours"`
		Count int `sql:"n"`
	}
	err := c.ask(&rows, byDialect{key(sqlite), key(postgres)},
		both(m.from+" WHERE "+m.where+" AND "+m.time+" >= ? AND "+m.time+" < ?"+of+" GROUP BY 1"), append([]any{s.from.UTC(), s.until.UTC()}, args...)...)
	all := make([]took, len(rows))
	for i, r := range rows {
		all[i] = took{Office: r.Key & (1<<offices - 1), Hours: r.Key >> offices, Count: r.Count}
	}
	return all, err
}

// byDialect is what the two databases may write in different ways.
type byDialect struct{ sqlite, postgres string }

func both(text string) byDialect { return byDialect{text, text} }

func (d byDialect) in(name string) string {
	if name == dialect.Postgres {
		return d.postgres
	}
	return d.sqlite
}

// ask reads what columns say of what is written behind FROM. Each ? stands for an
// argument, in their order.
func (c *counter) ask(rows any, columns, from byDialect, args ...any) error {
	return c.client.CaseFile.Query().Modify(func(s *sql.Selector) {
		said := columns.in(s.Dialect())
		n := strings.Count(said, "?")
		s.SelectExpr(text(said, args[:n])).FromExpr(text(from.in(s.Dialect()), args[n:]))
	}).Scan(c.ctx, rows)
}

func text(said string, args []any) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		for i, piece := range strings.Split(said, "?") {
			if i > 0 {
				b.Arg(args[i-1])
			}
			b.WriteString(piece)
		}
	})
}
