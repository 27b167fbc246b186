package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConns bounds the connections of one instance; a server of a hundred
// serves several.
const postgresConns = 16

func openPostgres(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // pgx's error may hold the password
	}
	cfg.RuntimeParams["application_name"] = "smista"
	cfg.RuntimeParams["jit"] = "off" // compiling a policy takes longer than any statement of this program
	pool := sql.OpenDB(viewerConnector{stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(prepare))})
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := checkPostgres(ctx, pool); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db, err := build(entsql.OpenDB(dialect.Postgres, pool), pool)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// prepare makes both databases give times in the same zone, and keeps an
// instance that fell silent in the middle of a transaction from stopping all
// others: the numbers of the event log are one row.
func prepare(ctx context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	_, err := conn.Exec(ctx, "SET idle_in_transaction_session_timeout = '60s'")
	return err
}

// checkPostgres refuses a server whose answers this program was not made for:
// text in another encoding, or a version before 15.
func checkPostgres(ctx context.Context, pool *sql.DB) error {
	var encoding string
	var version int
	err := pool.QueryRowContext(ctx,
		"SELECT current_setting('server_encoding'), current_setting('server_version_num')::int").
		Scan(&encoding, &version)
	switch {
	case err != nil:
		return fmt.Errorf("reach PostgreSQL: %w", err)
	case encoding != "UTF8":
		return fmt.Errorf("the database is encoded as %s: create it WITH ENCODING 'UTF8'", encoding)
	case version < 150000:
		return fmt.Errorf("PostgreSQL %d is too old: 15 or later is needed", version/10000)
	}
	return nil
}
