package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/smista/smista/provider"
)

// providerCmd plays a PEC provider until it is interrupted (docs/provider.md).
type providerCmd struct {
	File    string `name:"config" type:"existingfile" placeholder:"FILE" help:"Operators and accounts, in TOML; without it, a small example."`
	IMAP    string `name:"imap" placeholder:"HOST:PORT" help:"Where to serve IMAP (default: a free loopback port)."`
	SMTP    string `name:"smtp" placeholder:"HOST:PORT" help:"Where to serve SMTP submission (default: a free loopback port)."`
	Control string `name:"control" placeholder:"HOST:PORT" help:"Where to serve the control address (default: a free loopback port)."`
	Data    string `name:"data" type:"path" placeholder:"DIR" help:"Folder for message bodies, cleared at the start (default: a temporary one)."`
	Trust   string `name:"trust" type:"path" placeholder:"DIR" help:"Write the certificates to trust into this folder."`
}

// Run starts the provider and prints where it is and who lives there.
func (c providerCmd) Run(ctx context.Context) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	p, err := provider.Start(ctx, config)
	if err != nil {
		return err
	}
	defer p.Close()
	if c.Trust != "" {
		if err := p.SaveTrust(c.Trust); err != nil {
			return err
		}
	}
	c.print(p)
	<-ctx.Done()
	return p.Close()
}

func (c providerCmd) config() (provider.Config, error) {
	config := provider.Default()
	if c.File != "" {
		var err error
		if config, err = provider.LoadConfig(c.File); err != nil {
			return config, err
		}
	}
	for flag, setting := range map[*string]*string{&c.IMAP: &config.IMAPAddr, &c.SMTP: &config.SMTPAddr, &c.Control: &config.ControlAddr} {
		if *flag != "" {
			*setting = *flag
		}
	}
	config.DataDir = c.Data
	config.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	return config, nil
}

func (c providerCmd) print(p *provider.Provider) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "IMAP\t%s\nSMTP\t%s\ncontrol\thttp://%s\n\n", p.IMAPAddr(), p.SMTPAddr(), p.ControlAddr())
	fmt.Fprintln(w, "account\tpassword\tbehaviour")
	for _, a := range p.Accounts() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", a.Address, a.Password, a.Behaviour)
	}
	if c.Trust != "" {
		fmt.Fprintf(w, "\nCertificates to trust are in %s\n", c.Trust)
	}
}
