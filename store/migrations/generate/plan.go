package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	m, err := schema.NewMigrate(entsql.OpenDB(name, dev), schema.WithDir(dir), schema.WithFormatter(layout),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		return err
	}
	if err := m.NamedDiff(ctx, what, entmigrate.Tables...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
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
