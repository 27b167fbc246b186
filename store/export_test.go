package store

import (
	"context"
	"database/sql"
)

// Pool is the connections below the guarded client, which tell PostgreSQL who asks.
func (db *DB) Pool() *sql.DB { return db.writer }

// MigrateTo brings an empty database to an old version of the schema.
func (db *DB) MigrateTo(ctx context.Context, version int64) error {
	_, err := db.goose.UpTo(ctx, version)
	return err
}
