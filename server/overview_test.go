package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/overview"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store/storetest"
)

// figures are what an overview is asked for.
type figures struct {
	Arrived, Closed, Breached int
	ToAssign, ToClose         struct {
		Count                 int
		MedianHours, P90Hours *int
	}
}

type overviewShown struct {
	From, Until string
	Counts      json.RawMessage
	Figures     figures
	Days        []struct {
		Date, From, Until               string
		Arrived, Closed, Open, Breached int
	}
	Offices []struct {
		Office  struct{ ID, Code string }
		Counts  json.RawMessage
		Figures figures
	}
}

const (
	askedCounts  = ` counts { toSort toAssign inProgress answering closed dueSoon breached } `
	askedFigures = ` figures { arrived closed breached toAssign { count medianHours p90Hours } toClose { count medianHours p90Hours } } `
)

// overview asks for one; of the whole house without an office.
func (w *world) overview(office *ent.Office, from, until time.Time) *overviewShown {
	w.t.Helper()
	of := ""
	if office != nil {
		of = fmt.Sprintf("officeId: %q ", idOf("Office", office.ID))
	}
	var data struct{ Overview *overviewShown }
	answer := w.get(fmt.Sprintf(`{ overview(%sfrom: %q until: %q) { from until `, of, from.Format(time.RFC3339), until.Format(time.RFC3339))+
		askedCounts+askedFigures+`days { date from until arrived closed open breached } offices { office { id code }`+askedCounts+askedFigures+`} } }`, nil)
	require.NoError(w.t, json.Unmarshal([]byte(answer), &data))
	return data.Overview
}

// mayFind are the cases that figures count, by the filters that the contract names.
func (w *world) mayFind(conditions ...string) []int {
	w.t.Helper()
	var counts []int
	for some := range slices.Chunk(conditions, 25) { // a document has its limits
		var query strings.Builder
		for i, c := range some {
			fmt.Fprintf(&query, " n%d: caseCount(filter: {%s statuses: [TO_SORT, TO_ASSIGN, IN_PROGRESS, ANSWERING, CLOSED]})", i, c)
		}
		var data map[string]int
		require.NoError(w.t, json.Unmarshal([]byte(w.get("{"+query.String()+" }", nil)), &data))
		for i := range some {
			counts = append(counts, data[fmt.Sprintf("n%d", i)])
		}
	}
	return counts
}

func between(what, of, from, until string) string {
	return fmt.Sprintf("%s %sFrom: %q %sBefore: %q", of, what, from, what, until)
}

// someCases writes cases by chance around noon's month: with all statuses, some of
// them closed before they were received, with terms that were breached once or twice.
func (w *world) someCases(r *rand.Rand, n int, offices []*ent.Office, person int) (rows []*ent.CaseFile) {
	w.t.Helper()
	moment := func() time.Time {
		return noon.Add(time.Duration(r.IntN(40*24*60)-20*24*60) * time.Minute).Add(time.Duration(r.IntN(3)) * 500 * time.Millisecond)
	}
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		for i := range n {
			statuses := []casefile.Status{"TO_SORT", "TO_ASSIGN", "IN_PROGRESS", "ANSWERING", "CLOSED", "CLOSED", "CLOSED", "MERGED"}
			c := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", 500+i)).SetSubject("segreto").SetRouteReason("r").
				SetStatus(statuses[r.IntN(len(statuses))]).SetReceivedAt(moment()).SetChangedAt(noon).SetReserved(r.IntN(4) == 0)
			if s, _ := c.Mutation().Status(); s == casefile.StatusClosed {
				c.SetClosedAt(moment())
			} else if s == casefile.StatusMerged && i > 0 {
				c.SetMergedIntoID(rows[0].ID)
			}
			if s, _ := c.Mutation().Status(); s != casefile.StatusToSort {
				c.SetOfficeID(offices[r.IntN(len(offices))].ID)
			}
			if r.IntN(2) == 0 {
				c.SetAssignedAt(moment()).SetAssigneeID(person)
			}
			row, err := w.deps.Dossier.Open(ctx, tx, c)
			require.NoError(w.t, err)
			for _, kind := range []term.Kind{term.KindAssign, term.KindAnswer} {
				if t := tx.Term.Create().SetCaseID(row.ID).SetKind(kind).SetAmount("1 working day").SetPolicy("house").SetStartedAt(noon); r.IntN(3) == 0 {
					t.SetBreachedAt(moment()).SaveX(ctx)
				}
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows
}

// TestEachFigureLeadsToItsList: what an overview counts is what its filter finds, as
// whoever may ask for it, whatever the cases are like.
func TestEachFigureLeadsToItsList(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		r := rand.New(rand.NewPCG(storetest.Seed(t), 0))
		offices := []*ent.Office{w.office("tributi"), w.office("anagrafe"), w.office("legale")}
		desk, id := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
		auditor, _ := w.someone("controlla", staff.Roles{Auditor: true}, nil, "")
		head, _ := w.someone("capo", staff.Roles{}, offices[1], membership.RoleHead)
		rows := w.someCases(r, 150, offices, id)
		from := noon.AddDate(0, 0, -r.IntN(15)).Add(time.Duration(r.IntN(24)) * time.Hour)
		until := from.AddDate(0, 0, 1+r.IntN(20))
		for _, who := range []struct {
			*world
			of *ent.Office
		}{{desk, nil}, {auditor, nil}, {desk, offices[0]}, {head, offices[1]}} {
			o := who.overview(who.of, from, until)
			of := ""
			if who.of != nil {
				of = fmt.Sprintf("officeIds: [%q]", idOf("Office", who.of.ID))
			}
			var conditions []string
			var counted []int
			add := func(figure int, condition string) {
				conditions, counted = append(conditions, condition), append(counted, figure)
			}
			addAll := func(f figures, of string) {
				add(f.Arrived, between("received", of, o.From, o.Until))
				add(f.Closed, between("closed", of, o.From, o.Until))
				add(f.Breached, between("breached", of, o.From, o.Until))
				add(f.ToAssign.Count, between("assigned", of, o.From, o.Until))
				add(f.ToClose.Count, between("closed", of, o.From, o.Until))
			}
			addAll(o.Figures, of)
			for _, d := range o.Days {
				add(d.Arrived, between("received", of, d.From, d.Until))
				add(d.Closed, between("closed", of, d.From, d.Until))
				add(d.Breached, between("breached", of, d.From, d.Until))
				add(d.Open, fmt.Sprintf("%s openAt: %q", of, d.Until))
			}
			for _, f := range o.Offices {
				addAll(f.Figures, fmt.Sprintf("officeIds: [%q]", f.Office.ID))
			}
			require.Equal(t, who.mayFind(conditions...), counted, "%v", conditions)
			require.Positive(t, o.Figures.Arrived, "the data says something")
			w.pacesAre(o, rows, who.of)
		}
		var board struct {
			OfficeBoard struct{ Counts json.RawMessage }
		}
		require.NoError(t, json.Unmarshal([]byte(head.get(fmt.Sprintf(`{ officeBoard(officeId: %q) {`, idOf("Office", offices[1].ID))+askedCounts+`} }`, nil)), &board))
		require.JSONEq(t, string(board.OfficeBoard.Counts), string(head.overview(offices[1], from, until).Counts))
	})
}

// pacesAre reckons the ranks anew, from all durations in their order.
func (w *world) pacesAre(o *overviewShown, rows []*ent.CaseFile, of *ent.Office) {
	w.t.Helper()
	from, err := time.Parse(time.RFC3339, o.From)
	require.NoError(w.t, err)
	until, err := time.Parse(time.RFC3339, o.Until)
	require.NoError(w.t, err)
	var toAssign, toClose []int
	for _, c := range rows {
		if c.Status == casefile.StatusMerged || of != nil && (c.OfficeID == nil || *c.OfficeID != of.ID) {
			continue
		}
		add := func(list *[]int, at *time.Time) {
			if at != nil && !at.Before(from) && at.Before(until) {
				*list = append(*list, max(0, int(at.Unix()-c.ReceivedAt.Unix())/3600))
			}
		}
		add(&toAssign, c.AssignedAt)
		add(&toClose, c.ClosedAt)
	}
	for _, p := range []struct {
		took        []int
		median, p90 *int
	}{{toAssign, o.Figures.ToAssign.MedianHours, o.Figures.ToAssign.P90Hours}, {toClose, o.Figures.ToClose.MedianHours, o.Figures.ToClose.P90Hours}} {
		slices.Sort(p.took)
		if len(p.took) == 0 {
			require.Nil(w.t, p.median)
			require.Nil(w.t, p.p90)
			continue
		}
		require.InDelta(w.t, p.took[(len(p.took)*50+99)/100-1], *p.median, 1, "whole hours of moments with fractions")
		require.InDelta(w.t, p.took[(len(p.took)*90+99)/100-1], *p.p90, 1)
	}
}

// TestWhoOverseesWhat: the house is for the desk and the auditor, an office for its
// head and whom that head's office is below; nobody else learns a figure.
func TestWhoOverseesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	above, below, other := w.office("direzione"), w.office("tributi"), w.office("legale")
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.Office.Update().SetHeadSeesBelow(true).ExecX(ctx)
		tx.Office.UpdateOneID(below.ID).SetParentID(above.ID).ExecX(ctx)
		return nil
	})
	from, until := noon, noon.AddDate(0, 0, 3)
	for _, tt := range []struct {
		name         string
		roles        staff.Roles
		office       *ent.Office
		role         membership.Role
		house        bool
		above, below bool
	}{
		{"smista", staff.Roles{Sorter: true}, nil, "", true, true, true},
		{"controlla", staff.Roles{Auditor: true}, nil, "", true, true, true},
		{"dirige", staff.Roles{}, above, membership.RoleHead, false, true, true},
		{"capo", staff.Roles{}, below, membership.RoleHead, false, false, true},
		{"opera", staff.Roles{}, below, membership.RoleOperator, false, false, false},
		{"amministra", staff.Roles{Administrator: true}, nil, "", false, false, false},
		{"nessuno", staff.Roles{}, nil, "", false, false, false},
	} {
		who, _ := w.someone(tt.name, tt.roles, tt.office, tt.role)
		require.Equal(t, tt.house, who.overview(nil, from, until) != nil, tt.name)
		require.Equal(t, tt.above, who.overview(above, from, until) != nil, tt.name)
		require.Equal(t, tt.below, who.overview(below, from, until) != nil, tt.name)
		require.Equal(t, tt.house, who.overview(other, from, until) != nil, tt.name)
		for of, may := range map[*ent.Office]bool{nil: tt.house, below: tt.below} {
			response, body := who.overviewCSV(of, from, until, "")
			require.Equal(t, map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[may], response.StatusCode, body)
		}
	}
	desk, _ := w.someone("altro", staff.Roles{Sorter: true}, nil, "")
	require.Nil(t, desk.overview(&ent.Office{ID: 999}, from, until), "there is no such office")
}

func (w *world) overviewCSV(office *ent.Office, from, until time.Time, by string) (*http.Response, string) {
	w.t.Helper()
	q := url.Values{"from": {from.Format(time.RFC3339)}, "until": {until.Format(time.RFC3339)}}
	if office != nil {
		q.Set("office", idOf("Office", office.ID))
	}
	if by != "" {
		q.Set("by", by)
	}
	return w.send("GET", overviewPath+"?"+q.Encode(), "", "Authorization", "Bearer "+w.token, "Accept-Language", "it")
}

// TestOverviewForASpreadsheet: semicolons, a mark of UTF-8, Italian headings, and no
// name of an office that computes.
func TestOverviewForASpreadsheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.Office.UpdateOneID(office.ID).SetName("=cmd|'/c calc'!A1").ExecX(ctx)
		return nil
	})
	w.arrives(w.mailbox("tributi@comune.example", office), office, 0)
	response, days := w.overviewCSV(nil, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1), "")
	require.Equal(t, "text/csv; charset=utf-8", response.Header.Get("Content-Type"))
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	require.Equal(t, "\uFEFFGiorno;Arrivate;Evase;Aperte a fine giornata;Termini scaduti\r\n2026-11-19;0;0;0;0\r\n2026-11-20;1;0;1;0\r\n2026-11-21;0;0;1;0\r\n", days)
	_, offices := w.overviewCSV(nil, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1), "office")
	require.Contains(t, offices, "\r\n'=cmd|'/c calc'!A1;1;0;0;0;;;;\r\n")
	for _, wrong := range []string{"", "?from=x", "?from=2026-11-20T00:00:00Z&until=2026-11-19T00:00:00Z", "?by=person", "?colour=red", "?from=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z"} {
		response, body := w.send("GET", overviewPath+wrong, "", "Authorization", "Bearer "+w.token)
		require.Equal(t, http.StatusBadRequest, response.StatusCode, "%s: %s", wrong, body)
	}
}

// TestOverviewDaysAreThoseOfTheHouse: also where the clocks change, a day has 25
// hours, and no more than 400 of them are counted.
func TestOverviewDaysAreThoseOfTheHouse(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	require.NoError(t, err)
	w := newWorld(t)
	ctx := guard.NewContext(t.Context(), guard.System("test"))
	q := overview.Question{From: time.Date(2026, 10, 24, 22, 30, 0, 0, time.UTC), Until: time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC), Zone: rome}
	require.NoError(t, q.Check())
	o, err := overview.Of(ctx, w.db.Client(), q)
	require.NoError(t, err)
	require.Len(t, o.Days, 2)
	require.Equal(t, "2026-10-25T00:00:00+02:00", o.Days[0].From.Format(time.RFC3339))
	require.Equal(t, 25*time.Hour, o.Days[0].Until.Sub(o.Days[0].From))
	require.Equal(t, "2026-10-27T00:00:00+01:00", o.Until.Format(time.RFC3339))
	q.Until = q.From.AddDate(0, 0, 400) // half past midnight in summer, half an hour before it in winter
	require.NoError(t, q.Check())
	q.Until = q.From.AddDate(0, 0, 401)
	require.Error(t, q.Check())
	q.Until = q.From
	require.Error(t, q.Check())
	gone, cancel := context.WithCancel(ctx)
	cancel()
	q.Until = q.From.AddDate(0, 0, 1)
	_, err = overview.Of(gone, w.db.Client(), q)
	require.ErrorIs(t, err, context.Canceled, "it ends with the request")
	answer := w.ask(`{ overview(from: "2020-01-01T00:00:00Z" until: "2026-01-01T00:00:00Z") { from } }`, nil)
	require.Equal(t, "BAD_INPUT", answer.code())
}

// TestFirstAssignmentIsKept: who had a case first is not changed by who has it next.
func TestFirstAssignmentIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	_, one := w.someone("uno", staff.Roles{}, office, membership.RoleOperator)
	_, two := w.someone("due", staff.Roles{}, office, membership.RoleOperator)
	c, _ := w.arrives(w.mailbox("tributi@comune.example", office), office, 0)
	require.Nil(t, c.AssignedAt)
	at := func() *time.Time { return w.db.Client().CaseFile.GetX(w.ctx(), c.ID).AssignedAt }
	require.Empty(t, w.tell("caseAssign", caseAt(c, 1)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", one))).UserErrors)
	first := at()
	require.NotNil(t, first)
	require.Empty(t, w.tell("caseAssign", caseAt(c, 2)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", two))).UserErrors)
	require.Equal(t, first, at())
}
