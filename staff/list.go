package staff

import (
	"context"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/user"
)

// RoleOf reads the name of a role: head, deputy or operator.
func RoleOf(name string) (membership.Role, error) {
	role := membership.Role(strings.ToUpper(name))
	if err := membership.RoleValidator(role); err != nil {
		return "", invalid("role", "i ruoli sono head, deputy e operator", "the roles are head, deputy and operator")
	}
	return role, nil
}

// Place is what somebody is in an office; the dates are a deputy's.
type Place struct {
	Email, Office string
	Role          membership.Role
	From, Until   *time.Time
}

// Listed is a person as the administrator lists them.
type Listed struct {
	Email, Name string
	Roles
	Disabled bool
	Places   []Place
}

// People lists everybody by address, for the administrator.
func (s *Staff) People(ctx context.Context) ([]Listed, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	rows, err := s.Client.User.Query().Order(user.ByEmail()).
		WithMemberships(func(q *ent.MembershipQuery) { q.WithOffice().WithUser().Order(membership.ByID()) }).All(ctx)
	if err != nil {
		return nil, err
	}
	var list []Listed
	for _, u := range rows {
		list = append(list, Listed{
			Email: u.Email, Name: u.Name, Disabled: u.DisabledAt != nil,
			Roles:  Roles{Sorter: u.Sorter, Administrator: u.Administrator, Auditor: u.Auditor},
			Places: places(u.Edges.Memberships),
		})
	}
	return list, nil
}

// ListedOffice is an office as the administrator lists it. Parent is a code.
type ListedOffice struct {
	Code, Name, Parent                                             string
	HeadSeesBelow, OperatorsSeeOwn, OperatorsMayTake, ReasonToMove bool
	Approvals                                                      int
	Closed                                                         bool
	Places                                                         []Place
}

// Offices lists every office by its code, for the administrator.
func (s *Staff) Offices(ctx context.Context) ([]ListedOffice, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	rows, err := s.Client.Office.Query().Order(office.ByCode()).WithParent().
		WithMemberships(func(q *ent.MembershipQuery) { q.WithOffice().WithUser().Order(membership.ByID()) }).All(ctx)
	if err != nil {
		return nil, err
	}
	var list []ListedOffice
	for _, o := range rows {
		l := ListedOffice{
			Code: o.Code, Name: o.Name, HeadSeesBelow: o.HeadSeesBelow, OperatorsSeeOwn: o.OperatorsSeeOwn,
			OperatorsMayTake: o.OperatorsMayTake, ReasonToMove: o.ReasonToMove, Approvals: o.Approvals, Closed: o.ClosedAt != nil,
			Places: places(o.Edges.Memberships),
		}
		if o.Edges.Parent != nil {
			l.Parent = o.Edges.Parent.Code
		}
		list = append(list, l)
	}
	return list, nil
}

func places(rows []*ent.Membership) []Place {
	var list []Place
	for _, m := range rows {
		p := Place{Role: m.Role, From: m.From, Until: m.Until}
		if m.Edges.Office != nil {
			p.Office = m.Edges.Office.Code
		}
		if m.Edges.User != nil {
			p.Email = m.Edges.User.Email
		}
		list = append(list, p)
	}
	return list
}
