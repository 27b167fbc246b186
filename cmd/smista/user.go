package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/smista/smista/guard"
	"github.com/smista/smista/server"
	"github.com/smista/smista/staff"
)

// userCmd is smista user.
type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add a person who signs in."`
	Passwd  userPasswdCmd  `cmd:"" help:"Give a person a new password, and end that person's sessions."`
	Disable userDisableCmd `cmd:"" help:"Keep a person out, and end that person's sessions and tokens."`
	Enable  userEnableCmd  `cmd:"" help:"Let a disabled person in again."`
	List    userListCmd    `cmd:"" help:"List the people, what they are, and in which offices."`
	Token   userTokenCmd   `cmd:"" help:"Make a token with which a program asks in a person's name; it is shown once."`
}

// peopleFlags say whose people a command is about.
type peopleFlags struct {
	configFile

	Data string `type:"path" placeholder:"DIR" help:"Data folder, instead of the configured one."`
}

// settings reads the configuration.
func (f peopleFlags) settings() (server.Config, error) {
	config, err := f.load()
	if f.Data != "" {
		config.Data = f.Data
	}
	return config, err
}

// people opens the people; what follows is done in the name of the command line.
func (f peopleFlags) people(ctx context.Context) (context.Context, *server.People, error) {
	config, err := f.settings()
	if err != nil {
		return ctx, nil, err
	}
	people, err := server.OpenPeople(ctx, config, logger(config.Log))
	return guard.NewContext(ctx, guard.System("cli")), people, err
}

// userFlags are those of a command about one person.
type userFlags struct {
	peopleFlags

	Email string `arg:"" help:"Address that the person signs in with."`
}

// with opens the people and finds the person.
func (f userFlags) with(ctx context.Context, act func(ctx context.Context, people *server.People, id int) error) error {
	ctx, people, err := f.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	id, err := people.ByEmail(ctx, f.Email)
	if err != nil {
		return err
	}
	return act(ctx, people, id)
}

type userAddCmd struct {
	peopleFlags
	passwordFlags

	Email         string `arg:"" help:"Address to sign in with; notices go there too."`
	Name          string `required:"" help:"Name as colleagues know it."`
	Sorter        bool   `help:"Works at the sorting desk (smistatore)."`
	Administrator bool   `help:"Manages people, offices and mailboxes."`
	Auditor       bool   `help:"Reads the register of movements."`
}

// Run adds the person.
func (c userAddCmd) Run(ctx context.Context) error {
	ctx, people, err := c.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	password, err := c.read()
	if err != nil {
		return err
	}
	_, err = people.AddUser(ctx, staff.NewUser{
		Email: c.Email, Name: c.Name, Password: password,
		Roles: staff.Roles{Sorter: c.Sorter, Administrator: c.Administrator, Auditor: c.Auditor},
	})
	return err
}

type userPasswdCmd struct {
	userFlags
	passwordFlags
}

// Run changes the password.
func (c userPasswdCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, id int) error {
		password, err := c.read()
		if err != nil {
			return err
		}
		return people.SetPassword(ctx, id, "", password)
	})
}

type userDisableCmd struct{ userFlags }

// Run disables the person.
func (c userDisableCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, id int) error { return people.Disable(ctx, id) })
}

type userEnableCmd struct{ userFlags }

// Run enables the person.
func (c userEnableCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, id int) error { return people.Enable(ctx, id) })
}

type userTokenCmd struct {
	userFlags

	Name   string   `required:"" help:"What the token is for."`
	Scopes []string `default:"READ" enum:"READ,CONTENT,WRITE" help:"What it may do: READ, CONTENT (what PECs say), WRITE (commands), with commas." placeholder:"SCOPE,…"`
	Days   int      `default:"90" help:"How long it holds, in days; a year at most." placeholder:"N"`
}

// Run prints the token alone on standard output.
func (c userTokenCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, id int) error {
		const day = 24 * time.Hour
		life := time.Duration(min(max(c.Days, 0), int(staff.LongestToken/day)+1)) * day // no overflow
		secret, _, err := people.MakeToken(ctx, id, c.Name, c.Scopes, life)
		if err != nil {
			return err
		}
		fmt.Println(secret)
		fmt.Fprintln(os.Stderr, words("Il token non si mostra una seconda volta: conservarlo ora.", "The token is not shown again: keep it now."))
		return nil
	})
}

type userListCmd struct{ peopleFlags }

// Run prints one person per line.
func (c userListCmd) Run(ctx context.Context) error {
	ctx, people, err := c.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	list, err := people.People(ctx)
	if err != nil {
		return err
	}
	t := newTable("EMAIL", "NAME", "ROLES", "OFFICES", "STATE")
	for _, p := range list {
		state := "enabled"
		if p.Disabled {
			state = "disabled"
		}
		t.row(p.Email, p.Name, rolesOf(p.Roles), placesOf(p.Places, people.Zone, func(p staff.Place) string { return p.Office }), state)
	}
	return t.print()
}

func rolesOf(r staff.Roles) string {
	return chosen(map[string]bool{"sorter": r.Sorter, "administrator": r.Administrator, "auditor": r.Auditor}, "administrator", "sorter", "auditor")
}

// chosen joins those of the names that hold.
func chosen(holds map[string]bool, names ...string) string {
	var list []string
	for _, name := range names {
		if holds[name] {
			list = append(list, name)
		}
	}
	return strings.Join(list, ",")
}

// placesOf writes who is what where: "tributi head, edilizia deputy until 2026-12-31".
func placesOf(places []staff.Place, zone *time.Location, name func(staff.Place) string) string {
	var list []string
	for _, p := range places {
		text := name(p) + " " + strings.ToLower(string(p.Role))
		if p.From != nil {
			text += " from " + p.From.In(zone).Format(time.DateOnly)
		}
		if p.Until != nil { // it ends before this moment
			text += " until " + p.Until.In(zone).Add(-time.Nanosecond).Format(time.DateOnly)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// table lays rows out in columns; nothing in a cell can steer the terminal.
type table struct{ lines strings.Builder }

func newTable(head ...string) *table {
	t := &table{}
	t.row(head...)
	return t
}

func (t *table) row(cells ...string) {
	for i, cell := range cells {
		if cells[i] = printable(cell); cell == "" {
			cells[i] = "-"
		}
	}
	t.lines.WriteString(strings.Join(cells, "\t") + "\n")
}

func (t *table) print() error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, t.lines.String())
	return w.Flush()
}
