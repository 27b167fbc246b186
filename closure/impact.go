package closure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/rulebook"
)

// Impact is what closing an office concerns, in numbers.
type Impact struct {
	People    int // with a role there
	Deputies  int // of these, now or later
	Mailboxes int // tied to it
	Rules     int // that send to it
	Templates int // of its own
	Terms     int // configured for it
	Closures  int // days of its own in the calendar
	Below     int // offices that stand below it
	// Mark is the same as long as all of this is.
	Mark string
	// Obstacle is why it cannot be closed so; nil when it can.
	Obstacle *casework.Refused
}

// Impact tells what closing an office concerns, with its work going to another one;
// zero for the desk. It is nil for who is no administrator, and where there is no
// such office.
func (c *Closing) Impact(ctx context.Context, id, to int) (*Impact, error) {
	v, _ := guard.From(ctx)
	if p, ok := v.Person(); !ok || !p.Administrator || !v.May(guard.Read) {
		return nil, nil //nolint:nilnil // null in the answer: only administrators may know
	}
	row, err := c.Client.Office.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil //nolint:nilnil // null in the answer: there is no such office
	}
	if err != nil {
		return nil, err
	}
	h, err := hangingOn(ctx, c.Client, row)
	if err != nil {
		return nil, err
	}
	var heir *ent.Office
	if to != 0 {
		if heir, err = c.Client.Office.Get(ctx, to); err != nil {
			return nil, err
		}
	}
	impact := &Impact{
		People: len(h.people()), Deputies: len(h.deputies(c.now())), Mailboxes: len(h.mailboxes), Rules: len(h.rules),
		Templates: h.templates, Terms: h.terms, Closures: h.closures, Below: h.below, Mark: h.mark(), Obstacle: h.obstacle(heir),
	}
	return impact, nil
}

// hanging is what hangs on an office.
type hanging struct {
	office                            *ent.Office
	members                           []*ent.Membership
	mailboxes                         []*ent.Mailbox
	rules                             []*ent.RoutingRule // that are on the list
	templates, terms, closures, below int
}

// hangingOn reads what hangs on an office, as the program: how many templates an
// office has is told to administrators, and not what they say.
func hangingOn(ctx context.Context, db *ent.Client, row *ent.Office) (*hanging, error) {
	ctx = guard.NewContext(ctx, guard.System("closure"))
	h := &hanging{office: row}
	var err error
	if h.members, err = db.Membership.Query().Where(membership.OfficeID(row.ID)).Order(membership.ByID()).All(ctx); err != nil {
		return nil, fmt.Errorf("read the people of office %s: %w", row.Code, err)
	}
	if h.mailboxes, err = db.Mailbox.Query().Where(mailbox.OfficeID(row.ID)).Order(mailbox.ByAddress()).All(ctx); err != nil {
		return nil, fmt.Errorf("read the mailboxes of office %s: %w", row.Code, err)
	}
	if h.rules, err = db.RoutingRule.Query().Where(rulebook.There, routingrule.OfficeID(row.ID)).Order(routingrule.ByID()).All(ctx); err != nil {
		return nil, fmt.Errorf("read the rules of office %s: %w", row.Code, err)
	}
	for _, of := range []struct {
		n     *int
		count func(context.Context) (int, error)
	}{
		{&h.templates, db.Template.Query().Where(template.OfficeID(row.ID)).Count},
		{&h.terms, db.DeadlinePolicy.Query().Where(deadlinepolicy.ScopeEQ(deadlinepolicy.ScopeOffice), deadlinepolicy.ScopeID(row.ID)).Count},
		{&h.below, db.Office.Query().Where(office.ParentID(row.ID), office.ClosedAtIsNil()).Count},
	} {
		if *of.n, err = of.count(ctx); err != nil {
			return nil, fmt.Errorf("count what hangs on office %s: %w", row.Code, err)
		}
	}
	if len(row.Calendar) == 0 {
		return h, nil
	}
	var own dossier.OfficeCalendar
	if err := json.Unmarshal(row.Calendar, &own); err != nil {
		return nil, fmt.Errorf("read the calendar of office %s: %w", row.Code, err)
	}
	h.closures = len(own.Closures)
	return h, nil
}

// people are those with a role, each once.
func (h *hanging) people() []int {
	return distinct(h.members, func(*ent.Membership) bool { return true })
}

// deputies are those whose time is not over.
func (h *hanging) deputies(now time.Time) []int {
	return distinct(h.members, func(m *ent.Membership) bool {
		return m.Role == membership.RoleDeputy && (m.Until == nil || m.Until.After(now))
	})
}

func distinct(members []*ent.Membership, counts func(*ent.Membership) bool) []int {
	var ids []int
	for _, m := range members {
		if counts(m) {
			ids = append(ids, m.UserID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// mark is a digest of what an administrator saw before he confirmed. Cases are not
// in it: they come and go all the time.
func (h *hanging) mark() string {
	digest := sha256.New()
	for _, m := range h.members {
		fmt.Fprintln(digest, "member", m.ID)
	}
	for _, m := range h.mailboxes {
		fmt.Fprintln(digest, "mailbox", m.ID)
	}
	for _, r := range h.rules {
		fmt.Fprintln(digest, "rule", r.ID, r.Version, r.Enabled)
	}
	fmt.Fprintln(digest, h.templates, h.terms, h.closures, h.below)
	return hex.EncodeToString(digest.Sum(nil)[:8])
}

// obstacle is why the office cannot be closed with its work going to heir; nil of
// heir: to the desk.
func (h *hanging) obstacle(heir *ent.Office) *casework.Refused {
	switch {
	case h.office.ClosedAt != nil:
		return &casework.Refused{Code: casework.Already, Path: "code", Italian: "l'ufficio è già chiuso", English: "the office is closed already"}
	case heir != nil && heir.ID == h.office.ID:
		return refused("moveTo", "le pratiche vanno a un altro ufficio", "the cases go to another office")
	case heir != nil && heir.ClosedAt != nil:
		return refused("moveTo", "anche l'ufficio di arrivo è chiuso", "the office that gets the work is closed too")
	case len(h.mailboxes) > 0:
		list := some(h.mailboxes, func(m *ent.Mailbox) string { return m.Address })
		return refused("code", "la configurazione lega a questo ufficio delle caselle, e prima va cambiata lì: "+list,
			"the configuration ties mailboxes to this office; change it there first: "+list)
	}
	return h.ruleObstacle(heir)
}

// ruleObstacle names the rules that would go on sending to the office.
func (h *hanging) ruleObstacle(heir *ent.Office) *casework.Refused {
	name := func(r *ent.RoutingRule) string { return "«" + r.Name + "»" }
	var ofFile, ofPeople []*ent.RoutingRule
	for _, r := range h.rules {
		switch {
		case !r.Enabled:
		case r.Origin == routingrule.OriginConfiguration:
			ofFile = append(ofFile, r)
		default:
			ofPeople = append(ofPeople, r)
		}
	}
	switch {
	case len(ofFile) > 0:
		list := some(ofFile, name)
		return refused("code", "nella configurazione ci sono regole che inviano a questo ufficio, e prima vanno cambiate lì: "+list,
			"the configuration has rules that send to this office; change them there first: "+list)
	case heir == nil && len(ofPeople) > 0:
		list := some(ofPeople, name)
		return refused("moveTo", "ci sono regole che inviano a questo ufficio: scegliere un ufficio di arrivo, o prima disattivarle: "+list,
			"there are rules that send to this office: choose an office for its work, or switch them off first: "+list)
	}
	return nil
}

func refused(path, italian, english string) *casework.Refused {
	return &casework.Refused{Code: casework.Illegal, Path: path, Italian: italian, English: english}
}

// named at most, of what is in the way.
const mostNamed = 5

// some names things, the first few.
func some[T any](list []T, name func(T) string) string {
	var names []string
	for _, one := range list[:min(len(list), mostNamed)] {
		names = append(names, name(one))
	}
	if more := len(list) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("+%d", more))
	}
	return strings.Join(names, ", ")
}
