package guard_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

// view is what somebody sees of the cases: content of some, movements of others,
// nothing of the rest.
type view struct {
	who                string
	scopes             []string
	content, movements []string
}

func but(names ...string) []string {
	return slices.DeleteFunc(cases(), func(n string) bool { return slices.Contains(names, n) })
}

// views is docs/who-sees-what.md, person by person.
func views() []view {
	taxes := []string{"taxes", "glass", "was reserved", "merged"}
	reserved := []string{"reserved", "merged into reserved"}
	noContent := []string{staff.ScopeRead, staff.ScopeWrite}
	return []view{
		{who: "sorter", content: []string{"desk"}, movements: but("desk")},
		{who: "auditor", movements: but()},
		{who: "administrator"},
		{who: "outsider"},
		{who: "head", content: taxes, movements: reserved},
		{who: "deputy", content: taxes, movements: reserved},
		{who: "former deputy"},
		{who: "coming deputy"},
		{who: "operator", content: taxes, movements: reserved},
		{who: "director", content: taxes, movements: reserved},
		{who: "director's operator"},
		{who: "registrar", content: []string{"registry", "informed"}},
		{who: "registry operator", content: []string{"registry", "informed"}},
		{who: "lawyer", content: []string{"hers"}},
		{who: "head of lawyers", content: []string{"hers", "nobody's"}},
		{who: "named", content: reserved},
		{who: "breaker", content: slices.Concat([]string{"glass"}, reserved)},
		{who: "late breaker"},
		{who: "head", scopes: noContent, movements: slices.Concat(taxes, reserved)},
		{who: "sorter", scopes: noContent, movements: but()},
		{who: "named", scopes: noContent, movements: reserved},
		{who: "breaker", scopes: noContent, movements: slices.Concat([]string{"glass"}, reserved)},
	}
}

// hanging reads, table by table, on which cases the rows hang that are found.
func (w *world) hanging(ctx context.Context) map[string]func() []int {
	c := w.db.Client()
	var ids []int
	return map[string]func() []int{
		"CaseFile": func() []int { return c.CaseFile.Query().IDsX(ctx) },
		"Message":  func() []int { return scan(w, c.Message.Query().Select(message.FieldCaseID).Scan(ctx, &ids), &ids) },
		"Attachment": func() []int {
			return scan(w, c.Attachment.Query().QueryMessage().Select(message.FieldCaseID).Scan(ctx, &ids), &ids)
		},
		"Delivery": func() []int {
			return scan(w, c.Delivery.Query().QueryMessage().Select(message.FieldCaseID).Scan(ctx, &ids), &ids)
		},
		"Note":       func() []int { return scan(w, c.Note.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"Inquiry":    func() []int { return scan(w, c.Inquiry.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"Term":       func() []int { return scan(w, c.Term.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"CaseReader": func() []int { return scan(w, c.CaseReader.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"CaseOffice": func() []int { return scan(w, c.CaseOffice.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"CaseMerge":  func() []int { return scan(w, c.CaseMerge.Query().Select("case_id").Scan(ctx, &ids), &ids) },
		"Event": func() []int {
			return scan(w, c.Event.Query().Where(event.CaseIDNotNil()).Select(event.FieldCaseID).Scan(ctx, &ids), &ids)
		},
	}
}

// scan gives the ids that a query has found, and empties the list for the next.
func scan(w *world, err error, ids *[]int) []int {
	w.t.Helper()
	require.NoError(w.t, err)
	found := *ids
	*ids = nil
	return found
}

// called gives the names of cases, each once.
func (w *world) called(ids []int) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, w.names[id])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Every kind of person, every table that hangs on a case.
func TestWhoSeesWhatOfCases(t *testing.T) {
	content := []string{"Message", "Attachment", "Delivery", "Note"}
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range views() {
			ctx := w.as(v.who, v.scopes...)
			for table, read := range w.hanging(ctx) {
				want := slices.Clone(v.content)
				if !slices.Contains(content, table) {
					want = append(want, v.movements...)
				}
				require.ElementsMatch(t, want, w.called(read()), "%s of %s, with %v", table, v.who, v.scopes)
			}
		}
		for table, read := range w.hanging(w.program()) {
			require.ElementsMatch(t, cases(), w.called(read()), "the program sees every %s", table)
		}
	})
}

// The row itself says what may be read, however it is asked for.
func TestTheSubjectIsHiddenWithMovements(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range views() {
			ctx := w.as(v.who, v.scopes...)
			seen, err := guardedCases(ctx, w)
			require.NoError(t, err)
			for _, c := range seen {
				name := w.names[c.ID]
				if slices.Contains(v.content, name) {
					require.False(t, guard.Masked(c), "%s of %s", name, v.who)
					require.Equal(t, []string{"oggetto", "Mario Rossi", "mario@pec.example"}, []string{c.Subject, c.SenderName, c.SenderAddress})
				} else {
					require.Contains(t, v.movements, name, "%s", v.who)
					require.True(t, guard.Masked(c), "%s of %s", name, v.who)
					require.Equal(t, []string{guard.Hidden, guard.Hidden, guard.Hidden, guard.Hidden}, []string{c.Subject, c.SenderName, c.SenderAddress, c.SenderDomain})
				}
			}
		}
	})
}

// guardedCases asks for the cases in all the ways that give rows.
func guardedCases(ctx context.Context, w *world) ([]*ent.CaseFile, error) {
	q := w.db.Client().CaseFile.Query
	rows, err := q().All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	some, err := q().Select(casefile.FieldSubject, casefile.FieldSenderName, casefile.FieldSenderAddress).All(ctx)
	if err != nil {
		return nil, err
	}
	first, err := q().Where(casefile.ID(rows[0].ID)).Only(ctx)
	if err != nil {
		return nil, err
	}
	again, err := q().Where(casefile.ID(rows[0].ID)).First(ctx)
	if err != nil {
		return nil, err
	}
	got, err := w.db.Client().CaseFile.Get(ctx, rows[0].ID)
	if err != nil {
		return nil, err
	}
	terms, err := w.db.Client().Term.Query().WithCase().All(ctx)
	for _, term := range terms {
		rows = append(rows, term.Edges.Case)
	}
	along, err2 := w.db.Client().Term.Query().QueryCase().All(ctx)
	if err == nil {
		err = err2
	}
	return append(slices.Concat(rows, some, along), first, again, got), err
}

// What is not seen is not there: by its id, in a count, along an edge.
func TestWhatIsNotSeenIsNotThere(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, c := w.as("registrar"), w.db.Client()
		_, err := c.CaseFile.Get(ctx, w.cases["taxes"])
		require.True(t, ent.IsNotFound(err), "%v", err)
		_, err = c.CaseFile.Query().Where(casefile.Number("2026/000002")).Only(ctx)
		require.True(t, ent.IsNotFound(err), "%v", err)
		require.Equal(t, 2, c.CaseFile.Query().CountX(ctx))
		require.False(t, c.CaseFile.Query().Where(casefile.ID(w.cases["taxes"])).ExistX(ctx))
		require.Zero(t, c.Term.Query().Where().QueryCase().Where(casefile.ID(w.cases["taxes"])).CountX(ctx))
		require.Zero(t, c.Office.Query().QueryCases().Where(casefile.ID(w.cases["taxes"])).CountX(ctx))

		head := w.as("head")
		require.Equal(t, 4, c.Message.Query().CountX(head), "nor are messages of a reserved case")
		merged := c.CaseFile.Query().Where(casefile.ID(w.cases["merged"])).WithMergedInto().WithMessages().OnlyX(head)
		require.Equal(t, w.cases["taxes"], merged.Edges.MergedInto.ID)
		require.Len(t, merged.Edges.Messages, 1)
		reserved := c.CaseFile.Query().Where(casefile.ID(w.cases["reserved"])).WithMessages().WithNotes().WithTerms().OnlyX(head)
		require.Empty(t, reserved.Edges.Messages)
		require.Empty(t, reserved.Edges.Notes)
		require.Len(t, reserved.Edges.Terms, 1)
	})
}

// The conditions that a query joins with its own say the same as the guard.
func TestTheConditionsSayTheSame(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, v := range views() {
			viewer, _ := guard.From(w.as(v.who, v.scopes...))
			c := w.db.Client()
			require.ElementsMatch(t, v.content, w.called(c.CaseFile.Query().Where(guard.CasesRead(viewer)).IDsX(w.program())), v.who)
			require.ElementsMatch(t, slices.Concat(v.content, v.movements), w.called(c.CaseFile.Query().Where(guard.CasesSeen(viewer)).IDsX(w.program())), v.who)
			require.Equal(t, len(v.content), c.Message.Query().Where(guard.MessagesRead(viewer)).CountX(w.program()), v.who)
		}
		var nobody guard.Viewer
		require.Zero(t, w.db.Client().CaseFile.Query().Where(guard.CasesRead(nobody)).CountX(w.program()))
		require.Zero(t, w.db.Client().CaseFile.Query().Where(guard.CasesSeen(nobody)).CountX(w.program()))
		require.Zero(t, w.db.Client().Message.Query().Where(guard.MessagesRead(nobody)).CountX(w.program()))
	})
}

// A message in no case is read by the office of its mailbox, else by the desk.
func TestWhoReadsWhatIsInNoCase(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.must(func(ctx context.Context, tx *ent.Tx) error {
			for _, office := range []string{"", "tributi", "legale"} {
				m := w.message(tx, "loose "+office)
				if office != "" {
					m.SetKeptByID(w.office[office])
				}
				row := m.SaveX(ctx)
				w.part(ctx, tx, row.ID)
				w.tell(ctx, tx, func(e *ent.EventCreate) { e.SetMessageID(row.ID) })
			}
			return nil
		})
		for who, want := range map[string][]string{
			"sorter": {"loose "}, "head": {"loose tributi"}, "deputy": {"loose tributi"}, "operator": {"loose tributi"}, "director": {"loose tributi"},
			"head of lawyers": {"loose legale"}, "lawyer": nil, "registrar": nil, "auditor": nil, "administrator": nil, "outsider": nil, "named": nil, "former deputy": nil,
		} {
			ctx, c := w.as(who), w.db.Client()
			var digests []string
			for _, m := range c.Message.Query().Where(message.CaseIDIsNil()).AllX(ctx) {
				digests = append(digests, m.Digest)
			}
			require.ElementsMatch(t, want, digests, who)
			require.Equal(t, len(want), c.Attachment.Query().QueryMessage().Where(message.CaseIDIsNil()).CountX(ctx), who)
			heard := c.Event.Query().Where(event.MessageIDNotNil()).CountX(ctx)
			switch who {
			case "sorter", "auditor":
				require.Equal(t, 3, heard, "movements of all: %s", who)
			default:
				require.Equal(t, len(want), heard, who)
			}
			require.Zero(t, c.Message.Query().Where(message.CaseIDIsNil()).CountX(w.as(who, staff.ScopeRead)), "%s without content", who)
		}
	})
}
