package server

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// TestTheCalendarOfTheHouseIsRead: national holidays for all, patron and closures
// for the office that has them; and what a term would come to by it.
func TestTheCalendarOfTheHouseIsRead(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
			tx.Office.UpdateOneID(office.ID).SetCalendar([]byte(`{"patron": "12-07", "closures": [{"from": "2026-12-09", "to": "2026-12-10", "name": "trasloco"}]}`)).ExecX(ctx)
			return nil
		})
		anybody, _ := w.someone("chiunque", staff.Roles{}, nil, "")
		december := func(of string) string {
			var data struct{ HouseCalendar []struct{ Date, Name string } }
			require.NoError(t, json.Unmarshal([]byte(anybody.get(`{ houseCalendar(year: 2026`+of+`) { date name } }`, nil)), &data))
			all := ""
			for _, h := range data.HouseCalendar {
				if h.Date >= "2026-12" {
					all += h.Date[5:] + " " + h.Name + "; "
				}
			}
			return all
		}
		require.Equal(t, "12-08 Immaculate Conception; 12-25 Christmas Day; 12-26 Saint Stephen's Day; ", december(""))
		of := fmt.Sprintf(`, officeId: %q`, idOf("Office", office.ID))
		require.Regexp(t, `^12-07 .+; 12-08 Immaculate Conception; 12-09 trasloco; 12-10 trasloco; 12-25`, december(of))

		preview := `{ deadlinePreview(start: "2026-12-04T10:00:00Z", amount: "2 working days"%s) { dueAt lines { date kind } } }`
		require.JSONEq(t, `{"deadlinePreview":{"dueAt":"2026-12-09T17:00:00.000Z","lines":[{"date":"2026-12-04","kind":"start"},{"date":"2026-12-05","kind":"skipped"},
			{"date":"2026-12-06","kind":"skipped"},{"date":"2026-12-07","kind":"counted"},{"date":"2026-12-08","kind":"skipped"},{"date":"2026-12-09","kind":"due"}]}}`,
			anybody.get(fmt.Sprintf(preview, ""), nil))
		require.Contains(t, anybody.get(fmt.Sprintf(preview, of), nil), `"dueAt":"2026-12-14T17:00:00.000Z"`)
		// 22 working hours in all: half of them are over after 11, eight tenths after 17.6.
		require.JSONEq(t, `{"deadlinePreview":{"reminders":[{"at":"2026-12-07T14:00:00.000Z","to":["operator"],"every":null},
			{"at":"2026-12-09T11:36:00.000Z","to":["operator","head"],"every":null},{"at":"2026-12-09T17:00:00.000Z","to":["operator","head","desk"],"every":null},
			{"at":"2026-12-10T17:00:00.000Z","to":["operator","head"],"every":"8 working hours"}]}}`,
			anybody.get(`{ deadlinePreview(start: "2026-12-04T10:00:00Z", amount: "2 working days") { reminders { at to every } } }`, nil))
		for _, wrong := range []string{
			`{ houseCalendar(year: 20260) { date } }`, `{ houseCalendar(year: 2026, officeId: "x") { date } }`, `{ deadlinePreview(start: "2026-12-04T10:00:00Z", amount: "two weeks") { dueAt } }`,
			`{ deadlinePreview(start: "2026-12-04T10:00:00Z", amount: "99999 days") { dueAt } }`, `{ deadlinePreview(start: "1700-12-04T10:00:00Z", amount: "2 days") { dueAt } }`,
		} {
			require.Equal(t, "BAD_INPUT", anybody.ask(wrong, nil).code(), wrong)
		}
	})
}

// TestDeadlinesAreReadByWhoKeepsThem: all that are configured, each with what it is of.
func TestDeadlinesAreReadByWhoKeepsThem(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		box := w.mailbox("tributi@comune.example", office)
		w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
			rule := tx.RoutingRule.Create().SetName("IMU").SetPriority(1).SetCondition([]byte(`{}`)).SetOfficeID(office.ID).SaveX(ctx)
			tx.DeadlinePolicy.Create().SetScope("house").SetKind("ANSWER").SetAmount("30 days").SaveX(ctx)
			tx.DeadlinePolicy.Create().SetScope("office").SetScopeID(office.ID).SetKind("ASSIGN").SetAmount("8 working hours").SaveX(ctx)
			tx.DeadlinePolicy.Create().SetScope("mailbox").SetScopeID(box.ID).SetKind("WORK").SetAmount("5 working days").SaveX(ctx)
			tx.DeadlinePolicy.Create().SetScope("rule").SetScopeID(rule.ID).SetKind("ANSWER").SetAmount("20 days").SaveX(ctx)
			return nil
		})
		const question = `{ deadlines { kind amount office { code } mailbox { address } rule } }`
		for name, roles := range map[string]staff.Roles{"smista": {Sorter: true}, "amministra": {Administrator: true}} {
			who, _ := w.someone(name, roles, nil, "")
			require.JSONEq(t, `{"deadlines":[{"kind":"ANSWER","amount":"30 days","office":null,"mailbox":null,"rule":null},
				{"kind":"WORK","amount":"5 working days","office":null,"mailbox":{"address":"tributi@comune.example"},"rule":null},
				{"kind":"ASSIGN","amount":"8 working hours","office":{"code":"tributi"},"mailbox":null,"rule":null},
				{"kind":"ANSWER","amount":"20 days","office":null,"mailbox":null,"rule":"IMU"}]}`, who.get(question, nil))
		}
		auditor, _ := w.someone("controlla", staff.Roles{Auditor: true}, office, "HEAD")
		require.JSONEq(t, `{"deadlines":[]}`, auditor.get(question, nil))
	})
}
