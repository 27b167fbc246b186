package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/smista/smista/demo"
	"github.com/smista/smista/demo/town"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/pec/testpki"
	"github.com/smista/smista/provider"
	"github.com/smista/smista/safe"
	"github.com/smista/smista/server"
)

const (
	demoFirst = 100 // messages that are there when the demo begins
	demoSeed  = 2005
)

// demoCmd runs the whole system on an invented world.
type demoCmd struct {
	Addr  string        `default:"127.0.0.1:8080" help:"Where to serve the pages and the API." placeholder:"HOST:PORT"`
	Data  string        `default:"demo-data" type:"path" help:"Folder for everything the demo keeps." placeholder:"DIR"`
	Every time.Duration `default:"4s" help:"Time between new PECs."`
	Hold  time.Duration `default:"10s" help:"For how long a PEC that is sent off can be taken back; shorter than in earnest, so that its receipts are soon seen."`
}

// demoAddresses is demo.json: where everything of a running demo is.
type demoAddresses struct {
	HTTP          string        `json:"http"`
	GraphQL       string        `json:"graphql"`
	Subscriptions string        `json:"subscriptions"`
	Provider      demoProvider  `json:"provider"`
	People        []town.Person `json:"people"` // who can sign in
}

type demoProvider struct {
	IMAP     string             `json:"imap"`
	SMTP     string             `json:"smtp"`
	Control  string             `json:"control"`
	Password string             `json:"password"` // of every account
	Accounts []provider.Account `json:"accounts"`
}

// Run starts provider, office and story, and ends them in the other order.
func (c demoCmd) Run(ctx context.Context) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	log := logger(server.Log{Level: "warn"})
	world, err := c.world(ctx, log)
	if err != nil {
		return err
	}
	defer world.Close()
	config, err := c.config(world)
	if err != nil {
		return err
	}
	first := c.begins()
	instance, err := server.OpenInstance(ctx, config, true, log)
	if err != nil {
		return err
	}
	defer instance.Close()
	listener, err := instance.Listen(ctx)
	if err != nil {
		return err
	}
	if err := instance.Configure(ctx); err != nil {
		return err
	}
	if err := c.passwords(ctx, instance); err != nil {
		return err
	}
	hall := town.Town{Client: instance.DB.Client(), Staff: instance.Staff, Work: instance.Work, Replies: instance.Replies}
	people, err := hall.People(ctx)
	if err != nil {
		return err
	}
	if err := c.announce(listener.Addr().String(), world, people); err != nil {
		return err
	}
	go c.tell(ctx, world, first, log)
	go hall.NewShift(people, demoSeed).Run(ctx, c.Every, log)
	return instance.Serve(ctx, listener)
}

// begins tells whether the folder holds no earlier run.
func (c demoCmd) begins() bool {
	_, err := os.Stat(filepath.Join(c.Data, "smista.db"))
	return errors.Is(err, fs.ErrNotExist)
}

// world starts the provider, with the certificates of an earlier run if there was one.
func (c demoCmd) world(ctx context.Context, log *slog.Logger) (*provider.Provider, error) {
	config := demo.Config()
	config.Log, config.DataDir = log, filepath.Join(c.Data, "provider")
	keys := filepath.Join(c.Data, "hierarchy")
	switch kept, err := testpki.Load(keys); {
	case err == nil:
		config.Hierarchy = kept
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	world, err := provider.Start(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(world.Hierarchy().Save(keys), world.SaveTrust(c.trust())); err != nil {
		return nil, errors.Join(err, world.Close())
	}
	return world, nil
}

func (c demoCmd) trust() string { return filepath.Join(c.Data, "trust") }

// config is what the administrator of the town hall would have written.
func (c demoCmd) config(world *provider.Provider) (server.Config, error) {
	config, err := server.LoadConfig("", nil)
	if err != nil {
		return config, err
	}
	config.Listen, config.Data, config.Trust = c.Addr, c.Data, c.trust()
	config.Collect.Poll = 10 * time.Second
	config.Send.Hold = c.Hold
	config.Push.Contact = "mailto:sistemi@comune.borgoverde.example" // nothing is called until somebody asks to be told
	for _, o := range demo.Offices() {
		config.Offices = append(config.Offices, server.Office{Code: o.Code, Name: o.Name, OperatorsSeeOwn: &o.OperatorsSeeOwn})
	}
	for _, d := range demo.Deadlines() {
		config.Deadlines = append(config.Deadlines, server.Deadline{Kind: d.Kind, Amount: d.Amount, Office: d.Office})
	}
	for _, m := range demo.Mailboxes() {
		config.Mailboxes = append(config.Mailboxes, server.Mailbox{
			Address: m.Address, Office: m.Office, IMAP: world.IMAPAddr(), TLS: mailbox.TLSNone, SMTP: world.SMTPAddr(), SMTPTLS: mailbox.TLSNone})
	}
	for _, r := range demo.Rules() {
		config.Rules = append(config.Rules, server.Rule{Name: r.Name, Priority: 100, Office: r.Office, When: conditionOf(r)})
	}
	return config, nil
}

// passwords seals what opens the mailboxes at the provider.
func (demoCmd) passwords(ctx context.Context, instance *server.Instance) error {
	for _, m := range demo.Mailboxes() {
		if err := instance.SetPassword(ctx, m.Address, safe.NewPassword(demo.Password)); err != nil {
			return err
		}
	}
	return nil
}

func conditionOf(r demo.Rule) server.Condition {
	when := server.Condition{Sender: r.Sender, Attachment: r.Attachment}
	for _, subject := range r.Subjects {
		when.Any = append(when.Any, server.Condition{Subject: subject})
	}
	return when
}

// announce prints where everything is, and writes it down for other programs.
func (c demoCmd) announce(addr string, world *provider.Provider, people []town.Person) error {
	where := demoAddresses{
		HTTP: "http://" + addr, GraphQL: "http://" + addr + "/graphql", Subscriptions: "ws://" + addr + "/graphql",
		Provider: demoProvider{IMAP: world.IMAPAddr(), SMTP: world.SMTPAddr(), Control: "http://" + world.ControlAddr(),
			Password: demo.Password, Accounts: world.Accounts()},
		People: people,
	}
	text, err := json.MarshalIndent(where, "", "  ")
	if err != nil {
		return err
	}
	file := filepath.Join(c.Data, "demo.json")
	if err := os.WriteFile(file+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	if err := os.Rename(file+".new", file); err != nil {
		return err
	}
	fmt.Printf(`Smista is running in an invented town hall. Ctrl+C ends it.

  sign in      %s/sign-in, as one of the people below
  GraphiQL     %s/graphiql
  API          %s
  provider     IMAP %s, SMTP %s, password of every account: %s
               control %s
  all of this  %s

The people of the town hall, with their passwords (their tokens for programs are in demo.json):

%s
In another terminal: bin/smista watch --url %s --token %s
`, where.HTTP, where.HTTP, where.GraphQL, where.Provider.IMAP, where.Provider.SMTP, demo.Password, where.Provider.Control, file,
		list(people), where.Subscriptions, people[0].Token)
	return nil
}

// list is the people as they are printed.
func list(people []town.Person) string {
	var b strings.Builder
	for _, p := range people {
		fmt.Fprintf(&b, "  %-14s %-14s %-42s %-24s %s\n", p.Role, p.Name, p.Email, p.Password, strings.Join(p.Offices, ", "))
	}
	return b.String()
}

// tell fills the mailboxes when the world is new, and lets something happen
// every few seconds; a later run tells another story.
func (c demoCmd) tell(ctx context.Context, world *provider.Provider, first bool, log *slog.Logger) {
	story, err := demo.NewStory(world, uint64(time.Now().UnixNano())), error(nil)
	if first {
		story = demo.NewStory(world, demoSeed)
		err = story.Tell(ctx, demoFirst)
	}
	for tick := time.NewTicker(c.Every); err == nil; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
			err = story.Next(ctx)
		}
	}
	log.Error("the story ended", "error", err)
}
