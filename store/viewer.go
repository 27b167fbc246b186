package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/smista/smista/guard"
)

// viewerConnector makes connections to PostgreSQL that tell it, before each
// statement, who asks: the viewer of the statement's context, or nobody. Row-level
// security then shows that viewer's rows alone, to whatever asks by this pool.
type viewerConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c viewerConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	plain, ok := conn.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of pgx was expected, not %T", conn), conn.Close())
	}
	return &viewerConn{Conn: plain, session: unknown(), now: unknown()}, nil
}

// tellViewer names the viewer to the server; $6 is whether only in this
// transaction.
const tellViewer = "SELECT set_config('smista.roles', $1, $6), set_config('smista.person', $2, $6), set_config('smista.whole', $3, $6), " +
	"set_config('smista.own', $4, $6), set_config('smista.informed', $5, $6)"

// unknown are no viewer's settings.
func unknown() guard.Settings { return guard.Settings{Roles: "unknown"} }

// viewerConn is a connection that knows which viewer the server was told of.
// The same viewer again costs nothing, another one a round trip. What is told in
// a transaction ends with it; what was told outside then holds again.
type viewerConn struct {
	*stdlib.Conn
	session, now guard.Settings // those outside of transactions, and those that hold
}

// QueryContext implements driver.QueryerContext.
func (c *viewerConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.tell(ctx); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, query, args)
}

// ExecContext implements driver.ExecerContext.
func (c *viewerConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.tell(ctx); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, query, args)
}

// BeginTx implements driver.ConnBeginTx.
func (c *viewerConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if err := c.tell(ctx); err != nil {
		return nil, err
	}
	return c.Conn.BeginTx(ctx, opts)
}

// errPrepared: a prepared statement would run for another viewer than it was
// prepared for. pgx prepares by itself what comes again.
var errPrepared = errors.New("statements are not prepared by hand: they belong to no viewer")

// PrepareContext implements driver.ConnPrepareContext.
func (c *viewerConn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errPrepared
}

// Prepare implements driver.Conn.
func (c *viewerConn) Prepare(string) (driver.Stmt, error) { return nil, errPrepared }

// States of a connection, as the server reports them.
const (
	txNone   = 'I'
	txFailed = 'E'
)

// tell tells the server who asks, unless it knows.
func (c *viewerConn) tell(ctx context.Context) error {
	status := c.Conn.Conn().PgConn().TxStatus()
	switch status {
	case txNone:
		c.now = c.session
	case txFailed: // nothing but a rollback is understood now, and that may go back to anywhere
		c.now = unknown()
		return nil
	}
	v, _ := guard.From(ctx)
	want := v.Settings()
	if want == c.now {
		return nil
	}
	c.now = unknown()
	if status == txNone {
		c.session = unknown()
	}
	_, err := c.Conn.Conn().Exec(ctx, tellViewer, want.Roles, want.Person, want.Whole, want.Own, want.Informed, status != txNone)
	if err != nil {
		if c.Conn.Conn().IsClosed() && pgconn.SafeToRetry(err) {
			return driver.ErrBadConn // database/sql takes another connection
		}
		return fmt.Errorf("tell PostgreSQL who asks: %w", err)
	}
	c.now = want
	if status == txNone {
		c.session = want
	}
	return nil
}

// warnUnbound says aloud that a role makes row-level security void.
func (db *DB) warnUnbound(ctx context.Context) error {
	if db.dialect != dialect.Postgres || db.log == nil {
		return nil
	}
	var role string
	var unbound bool
	err := db.writer.QueryRowContext(ctx, "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").Scan(&role, &unbound)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read what the database role may do: %w", err)
	}
	if unbound {
		db.log.Warn("row-level security does not bind: the database role is a superuser or has BYPASSRLS; use a role that owns the database and is neither", "role", role)
	}
	return nil
}
