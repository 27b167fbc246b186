// Package town puts the people of the demo's town hall to work: they are made,
// sign in, and sort, assign and close cases as the real ones would, each with his
// own rights.
package town

import (
	"context"
	"fmt"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/staff"
)

// tokenName is how the tokens of demo.json are called.
const tokenName = "demo.json"

// Town is what the people work with.
type Town struct {
	Client  *ent.Client // guarded
	Staff   *staff.Staff
	Work    *casework.Casework
	Replies *reply.Replies
}

// Person is somebody of the town hall who can sign in, as demo.json has it.
type Person struct {
	Name     string   `json:"name"`
	Role     string   `json:"role"` // what the person mainly is
	Offices  []string `json:"offices"`
	Email    string   `json:"email"`
	Password string   `json:"password"`
	Token    string   `json:"token"`
}

// People makes those of the town hall who are not there yet, and a new token for
// each; those of an earlier run end. The offices are there already.
func (t Town) People(ctx context.Context) ([]Person, error) {
	ctx = guard.NewContext(ctx, guard.System("demo"))
	if err := t.endTokens(ctx); err != nil {
		return nil, err
	}
	var all []Person
	for _, p := range demo.People() {
		id, err := t.user(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("demo: %s: %w", p.Email, err)
		}
		secret, _, err := t.Staff.MakeToken(ctx, id, tokenName, []string{staff.ScopeRead, staff.ScopeContent, staff.ScopeWrite}, 30*24*time.Hour)
		if err != nil {
			return nil, fmt.Errorf("demo: token of %s: %w", p.Email, err)
		}
		all = append(all, Person{Name: p.Name, Role: p.Role(), Offices: p.Offices(), Email: p.Email, Password: demo.PasswordOf(p), Token: secret})
	}
	return all, nil
}

func (t Town) endTokens(ctx context.Context) error {
	ids, err := t.Client.APIToken.Query().Where(apitoken.Name(tokenName), apitoken.RevokedAtIsNil()).IDs(ctx)
	for _, id := range ids {
		if err == nil {
			err = t.Staff.RevokeToken(ctx, id)
		}
	}
	return err
}

// user finds or makes a person, with what the person is in the offices.
func (t Town) user(ctx context.Context, p demo.Person) (int, error) {
	id, err := t.Staff.ByEmail(ctx, p.Email)
	if staff.CodeOf(err) != staff.NotFound {
		return id, err
	}
	roles := staff.Roles{}
	for _, r := range p.Roles {
		roles.Sorter = roles.Sorter || r == "sorter"
		roles.Administrator = roles.Administrator || r == "administrator"
		roles.Auditor = roles.Auditor || r == "auditor"
	}
	id, err = t.Staff.AddUser(ctx, staff.NewUser{Email: p.Email, Name: p.Name, Password: demo.PasswordOf(p), Roles: roles})
	if err != nil {
		return 0, err
	}
	for _, of := range []struct {
		role  membership.Role
		codes []string
	}{{membership.RoleHead, p.Heads}, {membership.RoleDeputy, p.Deputy}, {membership.RoleOperator, p.Works}} {
		for _, code := range of.codes {
			office, err := t.Staff.Office(ctx, code)
			if err != nil {
				return 0, err
			}
			if err := t.Staff.AddMember(ctx, staff.Member{User: id, Office: office, Role: of.role}); err != nil {
				return 0, err
			}
		}
	}
	return id, nil
}
