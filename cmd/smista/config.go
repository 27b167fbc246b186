package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/smista/smista/server"
)

// configCmd is smista config.
type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Name everything that is wrong with the configuration, with lines."`
	Show  configShowCmd  `cmd:"" help:"Print the settings that hold and where each comes from; passwords are hidden."`
}

// configFile is the flag of every command that reads the configuration.
type configFile struct {
	Config string `short:"c" type:"existingfile" help:"Configuration file (TOML); without it, defaults and SMISTA_ variables." placeholder:"FILE"`
}

func (f configFile) load() (server.Config, error) {
	return server.LoadConfig(f.Config, os.Environ())
}

type configCheckCmd struct{ configFile }

// Run succeeds when the configuration is usable.
func (c configCheckCmd) Run() error {
	config, err := c.load()
	if err != nil {
		return err
	}
	fmt.Printf("The configuration is usable: %d offices, %d mailboxes, %d rules.\n",
		len(config.Offices), len(config.Mailboxes), len(config.Rules))
	return nil
}

type configShowCmd struct{ configFile }

// Run shows the settings even when some are wrong, and then says which.
func (c configShowCmd) Run() error {
	config, err := c.load()
	if unusable := (*server.ConfigError)(nil); err != nil && !errors.As(err, &unusable) {
		return err
	}
	return errors.Join(config.Show(os.Stdout), err)
}
