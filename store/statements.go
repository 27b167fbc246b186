package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
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
		return nil, errors.Join(otherDriver(opened), opened.Close())
	}
	return &preparedConn{plainConn: conn, ready: map[string]preparedStmt{}}, nil
}

// otherDriver says that the driver is not the one that this program was made for.
func otherDriver(gave any) error { return fmt.Errorf("the SQLite driver gave an unknown %T", gave) }

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
	if !comesAgain(query) {
		return c.plainConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	return result, c.giveBack(query, s, err)
}

// QueryContext implements driver.QueryerContext.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !comesAgain(query) {
		return c.plainConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, c.giveBack(query, s, err)
	}
	return &preparedRows{Rows: rows, conn: c, query: query, stmt: s}, nil
}

// comesAgain tells whether a statement can be used again. Many pragmas act while
// they are prepared, and a script may be several statements.
func comesAgain(query string) bool {
	word, _, _ := strings.Cut(query, " ")
	return slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}, word) && !strings.Contains(query, ";")
}

// take takes a statement out of the ready ones, or prepares it.
func (c *preparedConn) take(ctx context.Context, query string) (preparedStmt, error) {
	if s := c.ready[query]; s != nil {
		delete(c.ready, query)
		return s, nil
	}
	opened, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := opened.(preparedStmt)
	if !ok {
		return nil, errors.Join(otherDriver(opened), opened.Close())
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
