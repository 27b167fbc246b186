package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/server"
	"github.com/smista/smista/staff"
)

// officeCmd is smista office.
type officeCmd struct {
	List     officeListCmd     `cmd:"" help:"List the offices, their habits and who works there."`
	Set      officeSetCmd      `cmd:"" help:"Add an office, or change it. What the configuration says of it holds again at the next start."`
	Member   officeMemberCmd   `cmd:"" help:"Make a person something in an office."`
	Unmember officeUnmemberCmd `cmd:"" help:"End what a person is in an office."`
}

type officeListCmd struct{ peopleFlags }

// Run prints one office per line.
func (c officeListCmd) Run(ctx context.Context) error {
	ctx, people, err := c.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	list, err := people.Offices(ctx)
	if err != nil {
		return err
	}
	t := newTable("CODE", "NAME", "PARENT", "HABITS", "PEOPLE")
	for _, o := range list {
		habits := chosen(map[string]bool{
			"closed": o.Closed, "head-sees-below": o.HeadSeesBelow, "operators-see-own": o.OperatorsSeeOwn,
			"operators-may-take": o.OperatorsMayTake, "reason-to-move": o.ReasonToMove,
			"one-approval": o.Approvals == 1, "two-approvals": o.Approvals == 2,
		}, "closed", "head-sees-below", "operators-see-own", "operators-may-take", "reason-to-move", "one-approval", "two-approvals")
		t.row(o.Code, o.Name, o.Parent, habits, placesOf(o.Places, people.Zone, func(p staff.Place) string { return p.Email }))
	}
	return t.print()
}

type officeSetCmd struct {
	peopleFlags

	Code             string  `arg:"" help:"Code of the office."`
	Name             *string `help:"Name as people know it; a new office needs one."`
	Parent           *string `help:"Code of the office above; empty for none." placeholder:"CODE"`
	HeadSeesBelow    *bool   `help:"Whether its head reads the cases of the offices below (=false for not)."`
	OperatorsSeeOwn  *bool   `help:"Whether its operators read only the cases assigned to them (=false for not)."`
	OperatorsMayTake *bool   `help:"Whether its operators may take a case that nobody has (=false for not)."`
	ReasonToMove     *bool   `help:"Whether assigning, giving back and taking back ask for a reason (=false for not)."`
	Approvals        *int    `help:"How many have to approve a reply before it leaves: 0, 1 or 2." placeholder:"N"`
}

// Run writes what is said and leaves the rest.
func (c officeSetCmd) Run(ctx context.Context) error {
	settings := staff.OfficeSettings{
		Name: c.Name, Parent: c.Parent, HeadSeesBelow: c.HeadSeesBelow,
		OperatorsSeeOwn: c.OperatorsSeeOwn, OperatorsMayTake: c.OperatorsMayTake, ReasonToMove: c.ReasonToMove,
		Approvals: c.Approvals,
	}
	if settings == (staff.OfficeSettings{}) {
		return errors.New("say what to change, for instance --name or --head-sees-below=false; see smista office set --help")
	}
	ctx, people, err := c.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	_, err = people.SetOffice(ctx, c.Code, settings)
	return err
}

// memberFlags name a person, an office, and what the one is in the other.
type memberFlags struct {
	peopleFlags

	Code  string `arg:"" help:"Code of the office."`
	Email string `arg:"" help:"Address that the person signs in with."`
	Role  string `required:"" enum:"head,deputy,operator" help:"What the person is there: head, deputy or operator." placeholder:"ROLE"`
}

// with opens the people and finds the two.
func (f memberFlags) with(ctx context.Context, act func(ctx context.Context, people *server.People, m staff.Member) error) error {
	ctx, people, err := f.people(ctx)
	if err != nil {
		return err
	}
	defer people.Close()
	var m staff.Member
	if m.Office, err = people.Office(ctx, f.Code); err != nil {
		return err
	}
	if m.User, err = people.ByEmail(ctx, f.Email); err != nil {
		return err
	}
	if m.Role, err = staff.RoleOf(f.Role); err != nil {
		return err
	}
	return act(ctx, people, m)
}

type officeMemberCmd struct {
	memberFlags

	From  string `help:"Of a deputy: the first day." placeholder:"YYYY-MM-DD"`
	Until string `help:"Of a deputy: the last day." placeholder:"YYYY-MM-DD"`
}

// Run adds the person to the office; said again it changes the days.
func (c officeMemberCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, m staff.Member) error {
		var err error
		if m.From, err = midnight(c.From, 0, people.Zone); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
		if m.Until, err = midnight(c.Until, 1, people.Zone); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
		return people.AddMember(ctx, m)
	})
}

// midnight is when a day of the house begins, or one some days later; nil when
// none is said.
func midnight(text string, later int, zone *time.Location) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return nil, fmt.Errorf("%q is no date; write it like 2026-10-04", text)
	}
	day = day.AddDate(0, 0, later)
	return &day, nil
}

type officeUnmemberCmd struct{ memberFlags }

// Run takes the person out of the office.
func (c officeUnmemberCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(ctx context.Context, people *server.People, m staff.Member) error {
		return people.RemoveMember(ctx, m)
	})
}
