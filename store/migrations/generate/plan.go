package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"text/template"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"

	entmigrate "github.com/smista/smista/ent/migrate"
)

// content is a migration as goose reads it. There is no way down: a schema that
// was in use is corrected by another migration.
const content = `-- +goose Up
{{range .Changes}}{{with .Comment}}-- {{.}}
{{end}}{{.Cmd}};
{{end}}`

// plan replays a folder of migrations on an empty database and adds the file
// that leads from there to ent/schema, if anything is missing.
func plan(ctx context.Context, name, devURL, folder, what string) (err error) {
	dev, err := sql.Open(map[string]string{dialect.SQLite: "sqlite", dialect.Postgres: "pgx"}[name], devURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dev.Close()) }()
	dir, err := sqltool.NewGooseDir(folder)
	if err != nil {
		return err
	}
	files, err := dir.Files()
	if err != nil {
		return err
	}
	layout, err := formatter(len(files) + 1)
	if err != nil {
		return err
	}
	m, err := schema.NewMigrate(entsql.OpenDB(name, dev), schema.WithDir(replayed{dir}), schema.WithFormatter(layout),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		return err
	}
	if err := m.NamedDiff(ctx, what, entmigrate.Tables...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// unreplayed marks a file that holds nothing but functions, views and policies.
// ent and atlas know none of them, and atlas could not drop a table that they use.
const unreplayed = "-- not replayed"

// replayed is a folder without the files that are not replayed.
type replayed struct{ migrate.Dir }

// Files implements migrate.Dir.
func (d replayed) Files() ([]migrate.File, error) {
	files, err := d.Dir.Files()
	return slices.DeleteFunc(files, func(f migrate.File) bool { return bytes.Contains(f.Bytes(), []byte(unreplayed)) }), err
}

// formatter names the file 0001_what_changes.sql and lays it out.
func formatter(number int) (migrate.Formatter, error) {
	name, err := template.New("name").Parse(fmt.Sprintf("%04d_{{.Name}}.sql", number))
	if err != nil {
		return nil, err
	}
	text, err := template.New("content").Parse(content)
	if err != nil {
		return nil, err
	}
	return migrate.NewTemplateFormatter(name, text)
}

// sum writes the sums of the files of a folder again.
func sum(folder string) error {
	dir, err := sqltool.NewGooseDir(folder)
	if err != nil {
		return err
	}
	sums, err := dir.Checksum()
	if err != nil {
		return err
	}
	return migrate.WriteSumFile(dir, sums)
}
