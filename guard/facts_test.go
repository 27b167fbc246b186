package guard_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store/storetest"
)

// lottery fills a world with what chance brings.
type lottery struct {
	*world
	*rand.Rand
	people, offices, cases, messages []int
	unmerged                         []int // cases that others may be merged into
}

func (l *lottery) maybe(odds float64) bool { return l.Float64() < odds }

func (l *lottery) one(of []int) int { return of[l.IntN(len(of))] }

func (l *lottery) some(of []int, odds float64) (chosen []int) {
	for _, id := range of {
		if l.maybe(odds) {
			chosen = append(chosen, id)
		}
	}
	return chosen
}

func (l *lottery) makeCases(ctx context.Context, tx *ent.Tx) {
	now := time.Now().UTC()
	for i := range 40 {
		row := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2027/%06d", i)).SetSubject("oggetto").SetSenderName("Mario").SetSenderAddress("m@pec.example").
			SetRouteReason("prova").SetReceivedAt(now).SetChangedAt(now).SetReserved(l.maybe(0.3))
		if l.maybe(0.8) {
			row.SetOfficeID(l.one(l.offices))
		}
		if l.maybe(0.5) {
			row.SetAssigneeID(l.one(l.people))
		}
		merged := len(l.unmerged) > 0 && l.maybe(0.3)
		if merged {
			row.SetStatus(casefile.StatusMerged).SetMergedIntoID(l.one(l.unmerged))
		}
		id := row.SaveX(ctx).ID
		if !merged {
			l.unmerged = append(l.unmerged, id)
		}
		l.cases = append(l.cases, id)
		for _, office := range l.some(l.offices, 0.1) {
			tx.CaseOffice.Create().SetCaseID(id).SetOfficeID(office).SaveX(ctx)
		}
		for _, person := range l.some(l.people, 0.1) {
			kind, until := casereader.KindNamed, now.AddDate(100, 0, 0)
			if l.maybe(0.5) {
				kind, until = casereader.KindGlass, now.Add(time.Duration(l.IntN(3)-1)*time.Hour)
			}
			tx.CaseReader.Create().SetCaseID(id).SetUserID(person).SetKind(kind).SetUntil(until).SaveX(ctx)
		}
	}
	for i := range 40 {
		row := l.message(tx, fmt.Sprintf("lot %d", i))
		if l.maybe(0.6) {
			row.SetCaseID(l.one(l.cases))
		}
		if l.maybe(0.5) {
			row.SetKeptByID(l.one(l.offices))
		}
		l.messages = append(l.messages, row.SaveX(ctx).ID)
	}
}

// happen tells of something that concerns whatever it may be.
func (l *lottery) happen(ctx context.Context, tx *ent.Tx, mailbox int) int {
	return l.tell(ctx, tx, func(e *ent.EventCreate) {
		for _, may := range []struct {
			set  func(int) *ent.EventCreate
			from []int
		}{
			{e.SetCaseID, l.cases}, {e.SetMessageID, l.messages}, {e.SetOfficeID, l.offices}, {e.SetFromOfficeID, l.offices},
			{e.SetPersonID, l.people}, {e.SetFromPersonID, l.people}, {e.SetMailboxID, []int{mailbox}},
		} {
			if l.maybe(0.4) {
				may.set(l.one(may.from))
			}
		}
		if l.maybe(0.3) {
			e.SetActor(guard.Someone(guard.Person{ID: l.one(l.people)}).String())
		}
	})
}

func (l *lottery) person() guard.Person {
	p := guard.Person{
		Sorter: l.maybe(0.2), Auditor: l.maybe(0.2), Administrator: l.maybe(0.2), Scopes: guard.Read,
		Acts: l.some(l.offices, 0.2), Operates: l.some(l.offices, 0.2), Owns: l.some(l.offices, 0.2),
		Inherits: l.some(l.offices, 0.1),
	}
	p.Heads = slices.Concat(p.Acts, l.some(l.offices, 0.1))
	if l.maybe(0.8) {
		p.Scopes |= guard.Content
	}
	if l.maybe(0.7) {
		p.ID = l.one(l.people)
	} else {
		p.Owns = nil // who has no name owns nothing
	}
	return p
}

// What is judged in memory, from facts, is what the database would say: of events,
// cases, their content and messages, for whoever it may be.
func TestAJudgeSaysWhatTheDatabaseSays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		l := &lottery{world: w, Rand: rand.New(rand.NewPCG(storetest.Seed(t), 0))}
		for _, id := range w.office {
			l.offices = append(l.offices, id)
		}
		for _, id := range w.people {
			l.people = append(l.people, id)
		}
		slices.Sort(l.offices) // the same for the same seed
		slices.Sort(l.people)
		const many = 150
		last := 0
		w.must(func(ctx context.Context, tx *ent.Tx) error {
			l.makeCases(ctx, tx)
			mailbox := tx.Mailbox.Create().SetAddress("lotto@comune.example").SaveX(ctx).ID
			for range many {
				last = l.happen(ctx, tx, mailbox)
			}
			return nil
		})
		c := w.db.Client()
		var happened []guard.Happening
		rows := c.Event.Query().Where(event.IDGT(last - many)).Order(event.ByID()).AllX(w.program())
		for _, e := range rows {
			happened = append(happened, guard.Happening{
				Actor: e.Actor, Case: orNone(e.CaseID), Message: orNone(e.MessageID), Mailbox: orNone(e.MailboxID), Office: orNone(e.OfficeID),
				FromOffice: orNone(e.FromOfficeID), Person: orNone(e.PersonID), FromPerson: orNone(e.FromPersonID),
			})
		}
		facts, err := guard.ReadFacts(t.Context(), c, happened)
		require.NoError(t, err)
		again, err := guard.ReadFacts(t.Context(), c, happened)
		require.NoError(t, err)
		require.True(t, facts.Same(again))
		for range 60 {
			p := l.person()
			ctx := guard.NewContext(t.Context(), guard.Someone(p))
			events := c.Event.Query().IDsX(ctx)
			seen, read := map[int]bool{}, map[int]bool{}
			for _, row := range c.CaseFile.Query().AllX(ctx) {
				seen[row.ID], read[row.ID] = true, !guard.Masked(row)
			}
			messages := c.Message.Query().IDsX(ctx)
			for i, sight := range guard.NewJudge(p).Sights(facts) {
				e := happened[i]
				require.Equal(t, slices.Contains(events, rows[i].ID), sight.Has(guard.SeesEvent), "event %+v to %+v", e, p)
				require.Equal(t, seen[e.Case], sight.Has(guard.SeesCase), "case of %+v to %+v", e, p)
				require.Equal(t, read[e.Case], sight.Has(guard.ReadsCase), "content of %+v to %+v", e, p)
				require.Equal(t, e.Message != 0 && slices.Contains(messages, e.Message), sight.Has(guard.ReadsMessage), "message of %+v to %+v", e, p)
			}
		}
	})
}

func orNone(id *int) int {
	if id == nil {
		return 0
	}
	return *id
}

// Whatever the rules ask about makes other facts.
func TestFactsThatChangedAreNotTheSame(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		c := w.db.Client()
		m := c.Message.Query().Where(message.CaseID(w.cases["desk"])).OnlyX(w.program())
		about := []guard.Happening{{Case: w.cases["merged"], Message: m.ID}, {Case: w.cases["glass"]}, {Case: w.cases["merged into reserved"]}}
		facts := func() *guard.Facts {
			f, err := guard.ReadFacts(t.Context(), c, about)
			require.NoError(t, err)
			return f
		}
		glass := w.cases["glass"]
		before := facts()
		for name, change := range map[string]func(ctx context.Context, tx *ent.Tx){
			"office": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseFile.UpdateOneID(glass).SetOfficeID(w.office["legale"]).SaveX(ctx)
			},
			"assignee": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseFile.UpdateOneID(glass).SetAssigneeID(w.people["operator"]).SaveX(ctx)
			},
			"reserved": func(ctx context.Context, tx *ent.Tx) { tx.CaseFile.UpdateOneID(glass).SetReserved(true).SaveX(ctx) },
			"merged": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseFile.UpdateOneID(w.cases["merged"]).ClearMergedIntoID().SaveX(ctx)
			},
			"the one it was merged into": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseFile.UpdateOneID(w.cases["reserved"]).SetReserved(false).SaveX(ctx)
			},
			"the message's case": func(ctx context.Context, tx *ent.Tx) {
				tx.Message.UpdateOneID(m.ID).SetCaseID(w.cases["hers"]).SaveX(ctx)
			},
			"informed": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseOffice.Create().SetCaseID(glass).SetOfficeID(w.office["legale"]).SaveX(ctx)
			},
			"readers": func(ctx context.Context, tx *ent.Tx) {
				tx.CaseReader.Delete().Where(casereader.CaseID(glass)).ExecX(ctx)
			},
		} {
			w.must(func(ctx context.Context, tx *ent.Tx) error {
				change(ctx, tx)
				return nil
			})
			after := facts()
			require.False(t, before.Same(after), name)
			before = after
		}
	})
}
