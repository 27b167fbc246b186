package staff

import (
	"context"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/guard"
)

// person reads what somebody may do now. Deputies count within their dates.
func person(ctx context.Context, client *ent.Client, u *ent.User, now time.Time) (guard.Person, error) {
	p := guard.Person{ID: u.ID, Name: u.Name, Sorter: u.Sorter, Administrator: u.Administrator, Auditor: u.Auditor}
	if len(u.Edges.Memberships) == 0 {
		return p, nil
	}
	offices, err := client.Office.Query().Select(office.FieldID, office.FieldParentID, office.FieldHeadSeesBelow, office.FieldOperatorsSeeOwn,
		office.FieldClosedAt, office.FieldSuccessorID).All(ctx)
	if err != nil {
		return p, err
	}
	byID := map[int]*ent.Office{}
	for _, o := range offices {
		byID[o.ID] = o
	}
	for _, m := range u.Edges.Memberships {
		for _, at := range []*time.Time{m.From, m.Until} {
			if at != nil && at.After(now) && (p.Until.IsZero() || at.Before(p.Until)) {
				p.Until = *at
			}
		}
		if o := byID[m.OfficeID]; o == nil || o.ClosedAt != nil {
			continue // closed while somebody was given a role there
		}
		if m.From != nil && m.From.After(now) || m.Until != nil && !m.Until.After(now) {
			continue
		}
		switch {
		case m.Role != membership.RoleOperator:
			p.Acts = append(p.Acts, m.OfficeID)
		case byID[m.OfficeID].OperatorsSeeOwn:
			p.Owns = append(p.Owns, m.OfficeID)
		default:
			p.Operates = append(p.Operates, m.OfficeID)
		}
	}
	p.Heads = withBelow(p.Acts, offices, byID)
	p.Inherits = inherited(slices.Concat(p.Acts, p.Operates), offices)
	return p, nil
}

// inherited are the closed offices whose work one of some offices has.
func inherited(by []int, offices []*ent.Office) (all []int) {
	closed := slices.DeleteFunc(slices.Clone(offices), func(o *ent.Office) bool { return o.ClosedAt == nil })
	for office, heir := range guard.Heirs(closed) {
		if slices.Contains(by, heir) {
			all = append(all, office)
		}
	}
	slices.Sort(all)
	return all
}

// Rights are what a person may do now who is not asking, for instance to be told
// of something: none for one who was disabled. They are read by a client, which
// may be that of a transaction.
func (s *Staff) Rights(ctx context.Context, client *ent.Client, userID int) (guard.Viewer, error) {
	ctx = itself(ctx)
	u, err := client.User.Query().Where(user.ID(userID), user.DisabledAtIsNil()).WithMemberships().Only(ctx)
	if ent.IsNotFound(err) {
		return guard.Someone(guard.Person{ID: userID}), nil
	} else if err != nil {
		return guard.Viewer{}, err
	}
	p, err := person(ctx, client, u, s.now())
	p.Scopes = guard.All
	return guard.Someone(p), err
}

// Named tells whether somebody reads cases by name: reserved ones, or by broken glass.
func (s *Staff) Named(ctx context.Context, userID int) (bool, error) {
	return s.Client.CaseReader.Query().
		Where(casereader.UserID(userID), casereader.Or(casereader.KindEQ(casereader.KindNamed), casereader.UntilGT(s.now()))).Exist(itself(ctx))
}

// withBelow adds, to the offices that somebody heads, those below the ones whose
// head reads what is below.
func withBelow(acts []int, offices []*ent.Office, byID map[int]*ent.Office) []int {
	all := slices.Clone(acts)
	for _, o := range offices {
		above := o.ParentID
		for steps := 0; above != nil && steps < len(offices); steps++ {
			parent := byID[*above]
			if parent == nil {
				break
			}
			if parent.HeadSeesBelow && slices.Contains(acts, parent.ID) {
				all = append(all, o.ID)
				break
			}
			above = parent.ParentID
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
