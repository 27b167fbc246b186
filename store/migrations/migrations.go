// Package migrations holds the schema's history, as SQL files for each
// database. They are written by
//
//	go run ./store/migrations/generate -name what_changes
//
// from ent/schema, may be completed by hand before they are released, and are
// never changed afterwards.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"

	"entgo.io/ent/dialect"
)

//go:embed sqlite postgres
var files embed.FS

// Folder names the folder of an ent dialect.
func Folder(name string) (string, error) {
	switch name {
	case dialect.SQLite:
		return "sqlite", nil
	case dialect.Postgres:
		return "postgres", nil
	}
	return "", fmt.Errorf("no migrations for the dialect %q", name)
}

// Of gives the files of an ent dialect.
func Of(name string) (fs.FS, error) {
	folder, err := Folder(name)
	if err != nil {
		return nil, err
	}
	return fs.Sub(files, folder)
}
