package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/smista/smista/guard"
	"github.com/smista/smista/server"
)

// replayCmd gives the quarantined messages another chance, after a correction
// of the program or at the provider.
type replayCmd struct {
	configFile
	Data string `type:"path" placeholder:"DIR" help:"Data folder, instead of the configured one."`
}

// Run reads the archived ones again; those never fetched wait for the collector.
func (c replayCmd) Run(ctx context.Context) error {
	config, err := c.load()
	if err != nil {
		return err
	}
	if c.Data != "" {
		config.Data = c.Data
	}
	instance, err := server.OpenInstance(ctx, config, false, logger(config.Log))
	if err != nil {
		return err
	}
	done, err := instance.Desk.Replay(guard.NewContext(ctx, guard.System("replay")))
	fmt.Printf("%d taken in, %d wait for the collector, %d failed again.\n", done.TakenIn, done.Waiting, done.Still)
	return errors.Join(err, instance.Close())
}
