package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/smista/smista/server"
)

// serveCmd runs the real thing.
type serveCmd struct {
	configFile
	Migrate bool `help:"Bring the database schema up to date first."`
}

// Run serves until it is interrupted.
func (c serveCmd) Run(ctx context.Context) error {
	config, err := c.load()
	if err != nil {
		return err
	}
	instance, err := server.OpenInstance(ctx, config, c.Migrate, logger(config.Log))
	if err != nil {
		return err
	}
	defer instance.Close()
	listener, err := instance.Listen(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "smista: http://%s, %d mailboxes\n", listener.Addr(), len(config.Mailboxes))
	return instance.Serve(ctx, listener)
}

// migrateCmd brings the database schema up to date.
type migrateCmd struct{ configFile }

// Run applies what is missing; a schema newer than this program is refused.
func (c migrateCmd) Run(ctx context.Context) error {
	config, err := c.load()
	if err != nil {
		return err
	}
	db, err := server.OpenDatabase(ctx, config, logger(config.Log))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	status, err := db.Status(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("The schema is at version %d.\n", status.Have)
	return nil
}

// logger writes what the program tells about itself to standard error.
func logger(l server.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // the configuration has checked it
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
