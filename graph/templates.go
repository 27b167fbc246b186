package graph

import (
	"context"
	"errors"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/reply"
)

// mostTemplates bounds a list of templates: those of the house, of an office and
// of a person.
const mostTemplates = 3 * reply.MostTemplates

// templates lists those that the viewer may use.
func (r *Resolver) templates(ctx context.Context, kind *template.Kind, office *model.GlobalID) ([]ent.Template, error) {
	p := planObject(ctx)
	q := r.Client.Template.Query()
	if kind != nil {
		q.Where(template.KindEQ(*kind))
	}
	if office != nil {
		q.Where(template.Or(template.OfficeIDIsNil(), template.OfficeID(rowOf("Office", *office))))
	}
	p.templates(q, p.selection)
	if p.err != nil {
		return nil, p.err
	}
	return values(q.Order(template.ByName(sql.OrderAsc()), template.ByID()).Limit(mostTemplates).All(ctx))
}

// templateFilled fills a template in; nil where one of the two is not there.
func (r *Resolver) templateFilled(ctx context.Context, templateID, replyID model.GlobalID) (*model.FilledTemplate, error) {
	filled, err := r.Replies.Filled(ctx, rowOf("Template", templateID), rowOf("Reply", replyID))
	if refused, ok := errors.AsType[*casework.Refused](err); ok && refused.Code == casework.NotFound {
		return nil, nil //nolint:nilnil // null in the answer
	}
	if err != nil {
		return nil, err
	}
	shown := &model.FilledTemplate{Subject: filled.Subject, HTML: filled.HTML, Unknown: filled.Unknown}
	if shown.Unknown == nil {
		shown.Unknown = []string{}
	}
	return shown, nil
}

func (r *Resolver) saveTemplate(ctx context.Context, input model.TemplateSaveInput) (*model.TemplatePayload, error) {
	t := reply.Template{Kind: input.Kind, Name: input.Name, Subject: input.Subject, HTML: input.HTML, Mine: input.Mine}
	if input.OfficeID != nil {
		t.Office = known(rowOf("Office", *input.OfficeID))
	}
	id := 0
	if input.TemplateID != nil {
		id = known(rowOf("Template", *input.TemplateID))
	}
	id, err := r.Replies.SaveTemplate(ctx, id, t)
	return r.templated(ctx, id, input.ClientMutationID, err)
}

// known is a row that is asked for: an id of another type names none, rather
// than nothing.
func known(row int) int {
	if row == 0 {
		return -1
	}
	return row
}

// templated answers a command on a template.
func (r *Resolver) templated(ctx context.Context, id int, client *string, err error) (*model.TemplatePayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	p := planObject(ctx)
	templates, err := r.templatesByID(ctx, p, p.part("TemplatePayload", "template", id))
	return &model.TemplatePayload{Template: templates[id], UserErrors: refused, ClientMutationID: client}, err
}
