package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// statementsKept is how many statements each connection to SQLite has ready.
// The program has some hundred that come often; one takes some 10 KB.
const statementsKept = 100

// connector opens connections to SQLite that prepare a statement once: what the
// guard asks takes longer to plan than to answer. pgx does the same by itself.
type connector struct{ driver.Connector }

func newConnector(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return connector{c}, err
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(plainConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the SQLite driver has another connection than this program was made for: %T", opened), opened.Close())
	}
	return &preparedConn{plainConn: conn, ready: map[string]preparedStmt{}}, nil
}

// plainConn is what the driver's connections can do and database/sql uses.
type plainConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type preparedStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is a connection with statements that are ready. It is for one
// goroutine, as database/sql has it.
type preparedConn struct {
	plainConn
	ready map[string]preparedStmt // by their text; who uses one takes it out
}

// ExecContext implements driver.ExecerContext.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil || s == nil {
		return orPlain(err, func() (driver.Result, error) { return c.plainConn.ExecContext(ctx, query, args) })
	}
	result, err := s.ExecContext(ctx, args)
	return result, c.giveBack(query, s, err)
}

// QueryContext implements driver.QueryerContext.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil || s == nil {
		return orPlain(err, func() (driver.Rows, error) { return c.plainConn.QueryContext(ctx, query, args) })
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, c.giveBack(query, s, err)
	}
	return &preparedRows{Rows: rows, conn: c, query: query, stmt: s}, nil
}

func orPlain[T any](err error, plain func() (T, error)) (none T, _ error) {
	if err != nil {
		return none, err
	}
	return plain()
}

// take takes a statement out of the ready ones, or prepares it; nil for one that
// has to be prepared each time, as many pragmas, which act while they are.
func (c *preparedConn) take(ctx context.Context, query string) (preparedStmt, error) {
	if s := c.ready[query]; s != nil {
		delete(c.ready, query)
		return s, nil
	}
	word, _, _ := strings.Cut(query, " ")
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
	default:
		return nil, nil //nolint:nilnil // none, and no failure
	}
	if strings.Contains(query, ";") {
		return nil, nil //nolint:nilnil // perhaps several
	}
	opened, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := opened.(preparedStmt)
	if !ok {
		return nil, opened.Close()
	}
	return s, nil
}

// giveBack makes a statement ready again; one that failed is not trusted any more.
// It gives err, and what failed here.
func (c *preparedConn) giveBack(query string, s preparedStmt, err error) error {
	if err != nil || c.ready[query] != nil {
		return errors.Join(err, s.Close())
	}
	if len(c.ready) >= statementsKept {
		for other, old := range c.ready {
			delete(c.ready, other)
			err = old.Close()
			break
		}
	}
	c.ready[query] = s
	return err
}

// Close implements driver.Conn.
func (c *preparedConn) Close() error {
	var failed error
	for query, s := range c.ready {
		delete(c.ready, query)
		failed = errors.Join(failed, s.Close())
	}
	return errors.Join(failed, c.plainConn.Close())
}

// preparedRows give their statement back when they are closed.
type preparedRows struct {
	driver.Rows
	conn   *preparedConn
	query  string
	stmt   preparedStmt
	closed bool
}

// Close implements driver.Rows.
func (r *preparedRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.conn.giveBack(r.query, r.stmt, r.Rows.Close())
}
