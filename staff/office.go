package staff

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// OfficeSettings are what an office is called and its habits. What is nil stays
// as it is.
type OfficeSettings struct {
	Name, Parent                                                   *string // Parent is a code; empty for none
	HeadSeesBelow, OperatorsSeeOwn, OperatorsMayTake, ReasonToMove *bool
	Approvals                                                      *int // how many have to approve a reply: 0, 1 or 2
}

// SetOffice makes an office of a code, or changes it.
func (s *Staff) SetOffice(ctx context.Context, code string, o OfficeSettings) (int, error) {
	if err := manages(ctx); err != nil {
		return 0, err
	}
	if o.Name != nil {
		name, err := properName(*o.Name)
		if err != nil {
			return 0, err
		}
		o.Name = &name
	}
	if o.Approvals != nil && (*o.Approvals < 0 || *o.Approvals > mostApprovals) {
		return 0, invalid("approvals", "le approvazioni sono 0, 1 o 2", "the approvals are 0, 1 or 2")
	}
	id := 0
	err := s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.Office.Query().Where(office.Code(code)).Only(ctx)
		if ent.IsNotFound(err) {
			if !isCode(code) || o.Name == nil {
				return nil, invalid("code", "un ufficio nuovo ha un codice senza spazi e un nome", "a new office has a code without spaces, and a name")
			}
			row, err = tx.Office.Create().SetCode(code).SetName(*o.Name).Save(ctx)
		}
		if err != nil {
			return nil, err
		}
		id = row.ID
		if row.ClosedAt != nil {
			return nil, &Error{Code: Conflict, Path: "code", Italian: "l'ufficio è chiuso: prima va riaperto", English: "the office is closed: reopen it first"}
		}
		u := tx.Office.Update().Where(office.ID(row.ID))
		if err := o.apply(ctx, tx, row, u); err != nil {
			return nil, err
		}
		changes, err := o.changes(ctx, tx, row)
		if err != nil {
			return nil, err
		}
		return []event.Entry{{Kind: event.OfficeChanged, Office: row.ID, Details: event.Details{Reason: o.words(), Changes: changes}}}, u.Exec(ctx)
	})
	return id, err
}

func isCode(code string) bool {
	return code != "" && len(code) <= 100 && utf8.ValidString(code) && !strings.ContainsFunc(code, func(r rune) bool {
		return r == '/' || unicode.IsSpace(r) || isHidden(r)
	})
}

func (o OfficeSettings) apply(ctx context.Context, tx *ent.Tx, row *ent.Office, u *ent.OfficeUpdate) error {
	if o.Name != nil {
		u.SetName(*o.Name)
	}
	if o.Approvals != nil {
		u.SetApprovals(*o.Approvals)
	}
	for _, b := range []struct {
		value *bool
		set   func(bool) *ent.OfficeUpdate
	}{
		{o.HeadSeesBelow, u.SetHeadSeesBelow}, {o.OperatorsSeeOwn, u.SetOperatorsSeeOwn},
		{o.OperatorsMayTake, u.SetOperatorsMayTake}, {o.ReasonToMove, u.SetReasonToMove},
	} {
		if b.value != nil {
			b.set(*b.value)
		}
	}
	switch {
	case o.Parent == nil:
		return nil
	case *o.Parent == "":
		u.ClearParentID()
		return nil
	}
	above, err := tx.Office.Query().Where(office.Code(*o.Parent)).Only(ctx)
	if err == nil && above.ClosedAt != nil {
		return invalid("parent", "l'ufficio superiore è chiuso", "the office above is closed")
	}
	at := above
	for depth := 0; err == nil && depth < mostAbove; depth++ {
		if at.ID == row.ID {
			return invalid("parent", "un ufficio non sta sotto se stesso", "an office is not below itself")
		}
		if at.ParentID == nil {
			u.SetParentID(above.ID)
			return nil
		}
		at, err = tx.Office.Get(ctx, *at.ParentID)
	}
	if ent.IsNotFound(err) {
		return invalid("parent", "l'ufficio superiore non esiste", "there is no such office above")
	}
	return errOr(err, invalid("parent", "troppi uffici l'uno sotto l'altro", "too many offices below each other"))
}

// mostApprovals is how many can have to approve a reply.
const mostApprovals = 2

// mostAbove bounds how deep offices stand below each other.
const mostAbove = 50

func (o OfficeSettings) words() string {
	var words []string
	for _, w := range []struct {
		is   bool
		name string
	}{
		{o.Name != nil, "name"}, {o.Parent != nil, "parent"}, {o.HeadSeesBelow != nil, "head sees below"},
		{o.OperatorsSeeOwn != nil, "operators see own"}, {o.OperatorsMayTake != nil, "operators may take"}, {o.ReasonToMove != nil, "reason to move"},
		{o.Approvals != nil, "approvals"},
	} {
		if w.is {
			words = append(words, w.name)
		}
	}
	return strings.Join(words, ", ")
}

// changes are what the settings make otherwise of an office; its parent by its code.
func (o OfficeSettings) changes(ctx context.Context, tx *ent.Tx, row *ent.Office) (changes []event.Change, err error) {
	if o.Name != nil {
		changes = event.Changed(changes, "name", row.Name, *o.Name)
	}
	if o.Parent != nil {
		above := ""
		if row.ParentID != nil {
			parent, err := tx.Office.Get(ctx, *row.ParentID)
			if err != nil {
				return nil, err
			}
			above = parent.Code
		}
		changes = event.Changed(changes, "parent", above, *o.Parent)
	}
	for _, b := range []struct {
		what  string
		is    bool
		value *bool
	}{
		{"head sees below", row.HeadSeesBelow, o.HeadSeesBelow}, {"operators see own", row.OperatorsSeeOwn, o.OperatorsSeeOwn},
		{"operators may take", row.OperatorsMayTake, o.OperatorsMayTake}, {"reason to move", row.ReasonToMove, o.ReasonToMove},
	} {
		if b.value != nil {
			changes = event.Changed(changes, b.what, b.is, *b.value)
		}
	}
	if o.Approvals != nil {
		changes = event.Changed(changes, "approvals", row.Approvals, *o.Approvals)
	}
	return changes, nil
}

// Office finds an office by its code.
func (s *Staff) Office(ctx context.Context, code string) (int, error) {
	id, err := s.Client.Office.Query().Where(office.Code(code)).OnlyID(ctx)
	if ent.IsNotFound(err) {
		return 0, &Error{Code: NotFound, Path: "office", Italian: "l'ufficio non esiste", English: "there is no office " + code}
	}
	return id, err
}

// Member is what a person is in an office; the dates are a deputy's.
type Member struct {
	User, Office int
	Role         membership.Role
	From, Until  *time.Time
}

// longest is for how long a head names a deputy at most.
const longest = 366 * 24 * time.Hour

// placing is the context in which somebody may change what people are in an
// office: his own as administrator; as its head the program's, for deputies only.
func placing(ctx context.Context, tx *ent.Tx, m Member) (as context.Context, byHead bool, err error) {
	if err = manages(ctx); err == nil {
		return ctx, false, nil
	}
	v, _ := guard.From(ctx)
	me, ok := v.Person()
	if !ok || !v.May(guard.Write) || m.Role != membership.RoleDeputy {
		return nil, false, err
	}
	leads, err := isIn(ctx, tx, me.ID, m.Office, membership.RoleHead)
	if err != nil || !leads {
		return nil, false, errOr(err, &Error{Code: Forbidden, Italian: "il vice lo nomina il capo ufficio", English: "the head names the deputy"})
	}
	return itself(ctx), true, nil
}

func isIn(ctx context.Context, tx *ent.Tx, user, office int, role membership.Role) (bool, error) {
	return tx.Membership.Query().Where(membership.UserID(user), membership.OfficeID(office), membership.RoleEQ(role)).Exist(itself(ctx))
}

// isOfficesOwn checks whom a head names: an operator of the office, for some time.
func (s *Staff) isOfficesOwn(ctx context.Context, tx *ent.Tx, m Member) error {
	if m.From == nil || m.Until == nil || m.Until.Sub(*m.From) > longest || !m.Until.After(s.now()) {
		return invalid("until", "il capo ufficio nomina un vice per un periodo, al massimo di un anno", "a head names a deputy for some time, a year at most")
	}
	works, err := isIn(ctx, tx, m.User, m.Office, membership.RoleOperator)
	if err != nil || !works {
		return errOr(err, invalid("userId", "il vice è una persona dell'ufficio", "the deputy is somebody of the office"))
	}
	return nil
}

// AddMember makes a person something in an office. Said again it changes the dates.
// Administrators do so, and heads for deputies of their office.
func (s *Staff) AddMember(ctx context.Context, m Member) error {
	if err := membership.RoleValidator(m.Role); err != nil {
		return invalid("role", "il ruolo manca", "say which role")
	}
	if m.Role != membership.RoleDeputy && (m.From != nil || m.Until != nil) || m.From != nil && m.Until != nil && !m.Until.After(*m.From) {
		return invalid("until", "le date sono del sostituto, e la fine viene dopo l'inizio", "dates are for deputies, and the end comes after the beginning")
	}
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		as, byHead, err := placing(ctx, tx, m)
		if err == nil && byHead {
			err = s.isOfficesOwn(ctx, tx, m)
		}
		if err != nil {
			return nil, err
		}
		user, err := tx.User.Get(itself(ctx), m.User)
		if err != nil || user.DisabledAt != nil {
			return nil, notThere()
		}
		if o, err := tx.Office.Get(as, m.Office); err != nil || o.ClosedAt != nil {
			return nil, invalid("officeId", "l'ufficio non esiste, o è chiuso", "there is no such office, or it is closed")
		}
		_, err = tx.Membership.Delete().Where(membership.UserID(m.User), membership.OfficeID(m.Office), membership.RoleEQ(m.Role)).Exec(as)
		if err != nil {
			return nil, err
		}
		row := tx.Membership.Create().SetUserID(m.User).SetOfficeID(m.Office).SetRole(m.Role).SetNillableFrom(utc(m.From)).SetNillableUntil(utc(m.Until))
		e := event.Entry{Kind: event.MemberAdded, Person: m.User, Office: m.Office, Details: event.Details{To: string(m.Role)}}
		return []event.Entry{e}, row.Exec(as)
	})
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}

// RemoveMember ends what a person is in an office.
func (s *Staff) RemoveMember(ctx context.Context, m Member) error {
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		as, _, err := placing(ctx, tx, m)
		if err != nil {
			return nil, err
		}
		n, err := tx.Membership.Delete().Where(membership.UserID(m.User), membership.OfficeID(m.Office), membership.RoleEQ(m.Role)).Exec(as)
		if err != nil || n == 0 {
			return nil, errOr(err, notThere())
		}
		return []event.Entry{{Kind: event.MemberRemoved, Person: m.User, FromOffice: m.Office, Details: event.Details{From: string(m.Role)}}}, nil
	})
}
