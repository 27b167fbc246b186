package reply

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/letter"
)

// Bounds of templates.
const (
	MostTemplates = 200       // of an office, of a person, of the house
	mostTemplate  = 100 << 10 // bytes of one
	mostName      = 100
)

// Template is a text to begin with (modello), or a block to sign with (firma).
// What it is, and whose, stays: of the house unless it is an office's or one's own.
type Template struct {
	Kind                template.Kind
	Name, Subject, HTML string
	Office              int
	Mine                bool
}

// tidied is a template as it may be kept.
func (t Template) tidied() (Template, error) {
	t.Name, t.Subject = oneLine(t.Name), oneLine(t.Subject)
	switch {
	case template.KindValidator(t.Kind) != nil:
		return t, invalid("kind", "il tipo di modello manca", "say what sort of template it is")
	case t.Name == "":
		return t, invalid("name", "il nome manca", "the name is missing")
	case utf8.RuneCountInString(t.Name) > mostName:
		return t, invalid("name", fmt.Sprintf("il nome ha al massimo %d caratteri", mostName), fmt.Sprintf("a name has at most %d characters", mostName))
	case len(t.Subject) > mostSubject:
		return t, invalid("subject", "l'oggetto è troppo lungo", "the subject is too long")
	case len(t.HTML) > mostTemplate:
		return t, invalid("html", "il testo è troppo lungo", "the text is too long")
	case t.Office != 0 && t.Mine:
		return t, invalid("officeId", "un modello è di un ufficio, oppure tuo", "a template is an office's, or yours")
	}
	t.HTML = letter.Clean(t.HTML)
	return t, nil
}

// SaveTemplate writes a template, or changes the one of an id. Everybody writes
// his own, the head of an office, or the deputy, those of the office, and the
// administrator those of the house. It gives the template's id.
func (s *Replies) SaveTemplate(ctx context.Context, id int, t Template) (int, error) {
	t, err := t.tidied()
	if err != nil {
		return 0, err
	}
	p, err := s.author(ctx)
	if err != nil {
		return 0, err
	}
	if id != 0 {
		return id, s.changeTemplate(ctx, p, id, func(ctx context.Context, tx *ent.Tx) (string, error) {
			return "changed", tx.Template.UpdateOneID(id).SetName(t.Name).SetSubject(t.Subject).SetHTML(t.HTML).SetChangedAt(s.now()).Exec(ctx)
		})
	}
	row := &ent.Template{}
	if t.Mine {
		row.UserID = &p.ID
	} else if t.Office != 0 {
		row.OfficeID = &t.Office
	}
	if !keeps(p, row) {
		return 0, notYours()
	}
	return id, s.Work.Open(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if err := roomForTemplate(itself(ctx), tx, row); err != nil {
			return nil, err
		}
		made, err := tx.Template.Create().SetKind(t.Kind).SetNillableOfficeID(row.OfficeID).SetNillableUserID(row.UserID).
			SetName(t.Name).SetSubject(t.Subject).SetHTML(t.HTML).SetChangedAt(s.now()).Save(itself(ctx))
		if err != nil {
			return nil, fmt.Errorf("write a template: %w", err)
		}
		id = made.ID
		return aboutTemplate(made, "added"), nil
	})
}

// RemoveTemplate removes a template, by whoever may change it. What was written
// with it stays as it is.
func (s *Replies) RemoveTemplate(ctx context.Context, id int) error {
	p, err := s.author(ctx)
	if err != nil {
		return err
	}
	return s.changeTemplate(ctx, p, id, func(ctx context.Context, tx *ent.Tx) (string, error) {
		return "removed", tx.Template.DeleteOneID(id).Exec(ctx)
	})
}

// author is the person who writes templates.
func (s *Replies) author(ctx context.Context) (guard.Person, error) {
	v, _ := guard.From(ctx)
	p, ok := v.Person()
	if !ok || !v.May(guard.Write) {
		return p, notYours()
	}
	return p, nil
}

// changeTemplate changes a template that its author sees and keeps; change says
// how.
func (s *Replies) changeTemplate(ctx context.Context, p guard.Person, id int, change func(ctx context.Context, tx *ent.Tx) (string, error)) error {
	return s.Work.Open(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.Template.Query().Where(template.ID(id)).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, noTemplate()
		}
		if err != nil {
			return nil, err
		}
		if !keeps(p, row) {
			return nil, notYours()
		}
		how, err := change(itself(ctx), tx)
		if err != nil {
			return nil, fmt.Errorf("change template %d: %w", id, err)
		}
		return aboutTemplate(row, how), nil
	})
}

// keeps tells whether a template is a person's to change.
func keeps(p guard.Person, t *ent.Template) bool {
	switch {
	case t.UserID != nil:
		return *t.UserID == p.ID
	case t.OfficeID != nil:
		return slices.Contains(p.Acts, *t.OfficeID)
	}
	return p.Administrator
}

// roomForTemplate refuses one more than there may be of the same owner.
func roomForTemplate(ctx context.Context, tx *ent.Tx, t *ent.Template) error {
	n, err := tx.Template.Query().Where(ownedAs(t)...).Count(ctx)
	if err == nil && n >= MostTemplates {
		return invalid("", fmt.Sprintf("al massimo %d modelli", MostTemplates), fmt.Sprintf("at most %d templates", MostTemplates))
	}
	return err
}

func ownedAs(t *ent.Template) []predicate.Template {
	switch {
	case t.UserID != nil:
		return []predicate.Template{template.UserID(*t.UserID)}
	case t.OfficeID != nil:
		return []predicate.Template{template.OfficeID(*t.OfficeID)}
	}
	return []predicate.Template{template.OfficeIDIsNil(), template.UserIDIsNil()}
}

func aboutTemplate(t *ent.Template, how string) []event.Entry {
	return []event.Entry{{Kind: event.TemplateChanged, Office: number(t.OfficeID), Person: number(t.UserID), Details: event.Details{Of: t.ID, How: how}}}
}

func noTemplate() *casework.Refused {
	return &casework.Refused{Code: casework.NotFound, Italian: "il modello non esiste", English: "there is no such template"}
}

func notYours() *casework.Refused {
	return &casework.Refused{Code: casework.Forbidden, Italian: "questo modello non spetta a te", English: "this template is not yours to change"}
}

// Filled is a template whose fields are filled in.
type Filled struct {
	Subject, HTML string
	Unknown       []string // names of fields that are none, each once
}

// Filled fills a template in for a reply.
func (s *Replies) Filled(ctx context.Context, id, reply int) (*Filled, error) {
	t, err := s.Client.Template.Query().Where(template.ID(id)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, noTemplate()
	}
	if err != nil {
		return nil, err
	}
	w, err := s.read(ctx, s.Client, reply)
	if err != nil {
		return nil, err
	}
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	return s.fill(t, occasion{me: p, c: w.r.Edges.Case, office: w.office, answers: w.answers}), nil
}

// occasion is for what a template is filled in.
type occasion struct {
	me      guard.Person
	c       *ent.CaseFile
	office  *ent.Office  // nil at the desk
	answers *ent.Message // nil when nothing is answered
}

func (s *Replies) fill(t *ent.Template, o occasion) *Filled {
	values := s.values(o)
	f := &Filled{}
	var inSubject []string
	f.Subject, inSubject = letter.FillSubject(t.Subject, values)
	f.HTML, f.Unknown = letter.Fill(t.HTML, values)
	f.Unknown = append(f.Unknown, inSubject...)
	slices.Sort(f.Unknown)
	f.Unknown = slices.Compact(f.Unknown)
	return f
}

// values are the fields of letter.Fields. Who wrote is the sender of the message
// that is answered; of the case, where that is one of ours or there is none.
func (s *Replies) values(o occasion) map[string]string {
	date := func(t time.Time) string { return t.In(s.Zone).Format("02/01/2006") }
	values := map[string]string{
		"ufficio": "", "pratica": "", "mittente": "", "indirizzo": "", "oggetto": "", "data_ricezione": "",
		"data": date(s.now()), "operatore": o.me.Name,
	}
	if o.office != nil {
		values["ufficio"] = o.office.Name
	}
	if o.c != nil {
		values["pratica"], values["oggetto"], values["data_ricezione"] = o.c.Number, o.c.Subject, date(o.c.ReceivedAt)
		values["mittente"], values["indirizzo"] = named(o.c.SenderName, o.c.SenderAddress), o.c.SenderAddress
	}
	if m := o.answers; m != nil && m.Direction == message.DirectionIncoming {
		at := m.ReceivedAt
		if m.CertifiedAt != nil {
			at = *m.CertifiedAt
		}
		values["oggetto"], values["data_ricezione"] = m.Subject, date(at)
		values["mittente"], values["indirizzo"] = named(m.SenderName, m.SenderAddress), m.SenderAddress
	}
	return values
}

func named(name, address string) string {
	if name == "" {
		return address
	}
	return name
}

// signature is the block that a person signs with, filled in: the first of his,
// else of the office; empty when there is none.
func (s *Replies) signature(ctx context.Context, tx *ent.Tx, o occasion) (string, error) {
	owners := []predicate.Template{template.UserID(o.me.ID)}
	if o.office != nil {
		owners = append(owners, template.OfficeID(o.office.ID))
	}
	for _, owner := range owners {
		t, err := tx.Template.Query().Where(owner, template.KindEQ(template.KindSignature)).
			Order(template.ByName(sql.OrderAsc()), template.ByID()).First(itself(ctx))
		if ent.IsNotFound(err) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("find a signature: %w", err)
		}
		return s.fill(t, o).HTML, nil
	}
	return "", nil
}
