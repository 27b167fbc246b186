package reply_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/template"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/reply"
)

func text(html string) reply.Template {
	return reply.Template{Kind: template.KindText, Name: "Riscontro", HTML: html}
}

func (h *hall) ofOffice(t reply.Template) reply.Template {
	t.Office = h.office
	return t
}

func mine(t reply.Template) reply.Template {
	t.Mine = true
	return t
}

// Each writes his own, the heads those of the office, the administrator those of
// the house; and the register tells.
func TestWhoWritesTemplates(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.User.Update().Where(user.ID(h.people[other])).SetAdministrator(true).ExecX(ctx)
		})
		house, office, own := text("<p>a</p>"), h.ofOffice(text("<p>b</p>")), mine(text("<p>c</p>"))
		for _, c := range []struct {
			who  string
			what reply.Template
			code casework.Code
		}{
			{other, house, ""}, {head, house, casework.Forbidden}, {operator, house, casework.Forbidden},
			{head, office, ""}, {deputy, office, ""}, {operator, office, casework.Forbidden}, {other, office, casework.Forbidden},
			{above, office, casework.Forbidden}, {outsider, office, casework.Forbidden}, {operator, own, ""}, {outsider, own, ""},
		} {
			id, err := h.SaveTemplate(h.as(c.who), 0, c.what)
			if c.code != "" {
				require.Equal(t, c.code, refused(t, err), c.who)
				continue
			}
			require.NoError(t, err, c.who)
			e, err := event.FromRow(h.db.Client().Event.Query().Order(ent.Desc(entevent.FieldID)).FirstX(system()))
			require.NoError(t, err)
			require.Equal(t, event.TemplateChanged, e.Kind)
			require.Equal(t, event.Details{Of: id, How: "added"}, e.Details)
		}
	})
}

// A template is changed and removed by whose it is; what others may not see is
// not there for them.
func TestATemplateIsChangedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		id, err := h.SaveTemplate(h.as(head), 0, h.ofOffice(text("<p onclick=x>Salve<script>x</script></p>")))
		require.NoError(t, err)
		require.Equal(t, "<p>Salve</p>", h.db.Client().Template.GetX(system(), id).HTML)
		_, err = h.SaveTemplate(h.as(operator), id, text("<p>Altro</p>"))
		require.Equal(t, casework.Forbidden, refused(t, err))
		_, err = h.SaveTemplate(h.as(outsider), id, text("<p>Altro</p>"))
		require.Equal(t, casework.NotFound, refused(t, err))
		require.Equal(t, casework.NotFound, refused(t, h.RemoveTemplate(h.as(outsider), id)))
		same, err := h.SaveTemplate(h.as(deputy), id, mine(text("<p>Altro</p>")))
		require.NoError(t, err)
		require.Equal(t, id, same)
		changed := h.db.Client().Template.GetX(system(), id)
		require.Equal(t, "<p>Altro</p>", changed.HTML)
		require.Nil(t, changed.UserID, "whose it is stays")
		require.NoError(t, h.RemoveTemplate(h.as(head), id))
		require.Equal(t, casework.NotFound, refused(t, h.RemoveTemplate(h.as(head), id)))
	})
}

func TestTemplatesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for path, wrong := range map[string]reply.Template{
			"kind":     {Name: "x", Mine: true},
			"name":     {Kind: template.KindText, Name: " \n ", Mine: true},
			"subject":  {Kind: template.KindText, Name: "x", Subject: strings.Repeat("x", 901), Mine: true},
			"html":     {Kind: template.KindText, Name: "x", HTML: strings.Repeat("x", 100<<10+1), Mine: true},
			"officeId": {Kind: template.KindText, Name: "x", Office: h.office, Mine: true},
		} {
			_, err := h.SaveTemplate(h.as(head), 0, wrong)
			var r *casework.Refused
			require.ErrorAs(t, err, &r)
			require.Equal(t, path, r.Path)
		}
		h.write(func(ctx context.Context, tx *ent.Tx) {
			for range reply.MostTemplates {
				tx.Template.Create().SetKind(template.KindText).SetUserID(h.people[operator]).SetName("x").SetChangedAt(h.now()).ExecX(ctx)
			}
		})
		_, err := h.SaveTemplate(h.as(operator), 0, mine(text("")))
		require.Equal(t, casework.Invalid, refused(t, err))
		_, err = h.SaveTemplate(h.as(other), 0, mine(text("")))
		require.NoError(t, err, "it is so many of each")
	})
}

// A template is filled in from the message that is answered, in the words of
// the office; what is in the message stays text.
func TestATemplateIsFilledIn(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		caseID, message := h.received()
		r := h.answer(operator, caseID, message)
		all := text("<p>{{ufficio}} {{pratica}} {{mittente}} {{indirizzo}} {{oggetto}} {{data_ricezione}} {{data}} {{operatore}} {{altro}}</p>")
		all.Subject = "{{pratica}} {{boh}}"
		id, err := h.SaveTemplate(h.as(operator), 0, mine(all))
		require.NoError(t, err)
		filled, err := h.Filled(h.as(operator), id, r)
		require.NoError(t, err)
		require.Equal(t, "<p>Ufficio Tributi 2026/000900 Mario Rossi "+rossi+" Richiesta 23/11/2026 23/11/2026 operatore {{altro}}</p>", filled.HTML)
		require.Equal(t, "2026/000900 {{boh}}", filled.Subject)
		require.Equal(t, []string{"altro", "boh"}, filled.Unknown)
		_, err = h.Filled(h.as(head), id, r)
		require.Equal(t, casework.NotFound, refused(t, err), "it is not the head's")
		house, err := h.SaveTemplate(h.as(outsider), 0, mine(all))
		require.NoError(t, err)
		_, err = h.Filled(h.as(outsider), house, r)
		require.Equal(t, casework.NotFound, refused(t, err), "the reply is not there for him")
	})
}

// The block to sign with is the person's first, else the office's, and stands
// between the cursor and what is quoted.
func TestADraftIsSigned(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		caseID, message := h.received()
		sign := func(who, name, html string, t reply.Template) {
			t.Kind, t.Name, t.HTML = template.KindSignature, name, html
			_, err := h.SaveTemplate(h.as(who), 0, t)
			require.NoError(h.t, err)
		}
		sign(head, "Ufficio", "<p>{{ufficio}}</p>", reply.Template{Office: h.office})
		html := h.read(h.answer(operator, caseID, message)).HTML
		require.True(t, strings.HasPrefix(html, "<p></p><p>Ufficio Tributi</p>"), html)
		require.Contains(t, html, "Si chiede riscontro.")

		sign(operator, "Seconda", "<p>Cordialmente</p>", reply.Template{Mine: true})
		sign(operator, "Prima", "<p>{{operatore}}</p>", reply.Template{Mine: true})
		id, err := h.Start(h.as(operator), caseID, 0, entreply.MannerNew)
		require.NoError(t, err)
		require.Equal(t, "<p></p><p>operatore</p>", h.read(id).HTML)
		id, err = h.StartNew(h.as(other), h.office, h.boxes[tributi], "Avviso")
		require.NoError(t, err)
		require.Equal(t, "<p></p><p>Ufficio Tributi</p>", h.read(id).HTML)
		require.Equal(t, "Avviso", h.read(id).Subject)
	})
}
