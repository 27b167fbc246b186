// Command generate writes the migration that leads from the committed SQL files
// to ent/schema, for both databases:
//
//	go run ./store/migrations/generate -name what_changes
//
// When nothing has changed it writes nothing. What was written may be completed
// by hand before it is released; -rehash then writes the sums of the files again. PostgreSQL is asked with an empty
// database: one at SMISTA_DEV_POSTGRES, else one of a private server.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os"
	"path/filepath"

	"entgo.io/ent/dialect"

	"github.com/smista/smista/store/storetest"
)

func main() {
	log.SetFlags(0)
	name := flag.String("name", "", "what the migration changes, in_snake_case")
	root := flag.String("dir", "store/migrations", "folder of the migrations")
	rehash := flag.Bool("rehash", false, "only write the sums of the files again")
	flag.Parse()
	if *rehash {
		if err := errors.Join(sum(filepath.Join(*root, "sqlite")), sum(filepath.Join(*root, "postgres"))); err != nil {
			log.Fatalf("sum the migrations: %v", err)
		}
		return
	}
	if err := run(context.Background(), *root, *name); err != nil {
		log.Fatalf("generate migrations: %v", err)
	}
}

func run(ctx context.Context, root, name string) (err error) {
	if name == "" {
		return errors.New("say what changes: -name in_snake_case")
	}
	if err := plan(ctx, dialect.SQLite, "file:dev?mode=memory&cache=shared&_pragma=foreign_keys(1)", filepath.Join(root, "sqlite"), name); err != nil {
		return err
	}
	url, stop, err := emptyPostgres(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return plan(ctx, dialect.Postgres, url, filepath.Join(root, "postgres"), name)
}

func emptyPostgres(ctx context.Context) (url string, stop func() error, err error) {
	if url := os.Getenv("SMISTA_DEV_POSTGRES"); url != "" {
		return url, func() error { return nil }, nil
	}
	server, err := storetest.StartServer() //nolint:contextcheck // it lives until stop
	if err != nil {
		return "", nil, err
	}
	url, err = server.NewDatabase(ctx)
	return url, server.Stop, err
}
