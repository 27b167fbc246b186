package rulebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/user"
)

// Bounds of what people keep.
const (
	MostRules     = 300     // that are on the list
	mostName      = 100     // characters
	mostCondition = 8 << 10 // bytes as JSON: it stands whole in the register
	mostPriority  = 100_000
)

// Rule is what a person says of one.
type Rule struct {
	Name      string
	Priority  int // lower comes first
	Condition desk.Condition
	Office    int
	Assignee  int // zero: the head decides
}

// said is what the row of a rule says.
func said(row *ent.RoutingRule) (Rule, error) {
	condition, err := desk.ParseCondition(row.Condition)
	if err != nil {
		return Rule{}, fmt.Errorf("the condition of rule %q: %w", row.Name, err)
	}
	r := Rule{Name: row.Name, Priority: row.Priority, Condition: condition, Office: row.OfficeID}
	if row.AssigneeID != nil {
		r.Assignee = *row.AssigneeID
	}
	return r, nil
}

// checked is a rule as it may be kept, as rule id; zero for a new one.
func (r Rule) checked(ctx context.Context, db *ent.Client, id int) (Rule, error) {
	r.Name = strings.Join(strings.Fields(strings.ToValidUTF8(r.Name, "")), " ")
	switch {
	case r.Name == "":
		return r, invalid("rule.name", "il nome manca", "the name is missing")
	case utf8.RuneCountInString(r.Name) > mostName:
		return r, invalid("rule.name", fmt.Sprintf("il nome ha al massimo %d caratteri", mostName), fmt.Sprintf("a name has at most %d characters", mostName))
	case strings.ContainsFunc(r.Name, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }):
		return r, invalid("rule.name", "il nome ha caratteri invisibili", "the name has characters that do not show")
	case r.Priority < 0 || r.Priority > mostPriority:
		return r, invalid("rule.priority", fmt.Sprintf("la priorità va da 0 a %d", mostPriority), fmt.Sprintf("a priority is 0 to %d", mostPriority))
	}
	if err := checkCondition(r.Condition); err != nil {
		return r, err
	}
	ctx = itself(ctx)
	taken, err := db.RoutingRule.Query().Where(There, routingrule.Name(r.Name), routingrule.IDNEQ(id)).Exist(ctx)
	if err != nil {
		return r, err
	}
	if taken {
		return r, &casework.Refused{
			Code: casework.Already, Path: "rule.name",
			Italian: "c'è già una regola con questo nome", English: "there is a rule of this name already",
		}
	}
	return r, r.checkPlace(ctx, db)
}

// checkPlace checks what a rule names: the office, the person, our mailboxes.
func (r Rule) checkPlace(ctx context.Context, db *ent.Client) error {
	there, err := db.Office.Query().Where(office.ID(r.Office), office.ClosedAtIsNil()).Exist(ctx)
	if err != nil {
		return err
	}
	if !there {
		return invalid("rule.officeId", "l'ufficio non esiste, o è chiuso", "there is no such office, or it is closed")
	}
	if r.Assignee != 0 {
		works, err := db.Membership.Query().Where(membership.UserID(r.Assignee), membership.OfficeID(r.Office),
			membership.HasUserWith(user.DisabledAtIsNil())).Exist(ctx)
		if err != nil {
			return err
		}
		if !works {
			return invalid("rule.assigneeId", "la persona non è di questo ufficio", "the person is not of this office")
		}
	}
	for _, address := range mailboxesIn(r.Condition) {
		ours, err := db.Mailbox.Query().Where(mailbox.Address(strings.ToLower(strings.TrimSpace(address)))).Exist(ctx)
		if err != nil {
			return err
		}
		if !ours {
			return invalid("rule.condition", "non c'è una casella "+address, "there is no mailbox "+address)
		}
	}
	return nil
}

func mailboxesIn(c desk.Condition) (list []string) {
	if c.Mailbox != "" {
		list = append(list, c.Mailbox)
	}
	for _, inner := range slices.Concat(c.All, c.Any) {
		list = append(list, mailboxesIn(inner)...)
	}
	if c.Not != nil {
		list = append(list, mailboxesIn(*c.Not)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// checkCondition refuses what is no condition, naming the place in the input.
func checkCondition(c desk.Condition) error {
	if err := c.Check(); err != nil {
		wrong, ok := errors.AsType[*desk.Error](err)
		if !ok || wrong.Place == "" {
			return err
		}
		place := strings.NewReplacer("$", "rule.condition", "[", ".", "]", "").Replace(wrong.Place)
		return invalid(place, wrong.Italian, strings.TrimPrefix(wrong.Message, wrong.Place+": "))
	}
	if text := text(c); len(text) > mostCondition || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return invalid("rule.condition", fmt.Sprintf("la condizione supera %d byte", mostCondition),
			fmt.Sprintf("the condition is longer than %d bytes", mostCondition))
	}
	return nil
}

func invalid(path, italian, english string) *casework.Refused {
	return &casework.Refused{Code: casework.Invalid, Path: path, Italian: italian, English: english}
}

func notThere() *casework.Refused {
	return &casework.Refused{Code: casework.NotFound, Path: "ruleId", Italian: "la regola non esiste", English: "there is no such rule"}
}

func stale(now int) *casework.Refused {
	return &casework.Refused{Code: casework.Stale, Current: now, Italian: "la regola è cambiata nel frattempo", English: "the rule has changed meanwhile"}
}

// optional is a reference; nil for none.
func optional(id int) *int {
	if id == 0 {
		return nil
	}
	return &id
}

func desc() sql.OrderTermOption { return sql.OrderDesc() }
