package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// TestTheRegisterIsTakenAway by whom it belongs to: all of it without content by
// the auditor, their own part by others, and each time that is a movement.
func TestTheRegisterIsTakenAway(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes := w.office("tributi")
		auditor, _ := w.someone("revisore", staff.Roles{Auditor: true}, nil, "")
		stranger, _ := w.someone("altri", staff.Roles{}, nil, "")
		head, _ := w.someone("capo", staff.Roles{}, taxes, "HEAD")
		c, _ := w.arrives(w.mailbox("tributi@comune.example", taxes), taxes, 0)
		w.write(func(context.Context, *ent.Tx) []event.Entry {
			return []event.Entry{{Kind: event.CasePriorityChanged, Case: c.ID, Details: event.Details{Reason: `=HYPERLINK("https://evil.example")`}}}
		})
		lines := func(who *world, query string) []map[string]string {
			response, body := who.send(http.MethodGet, "/api/v1/register.jsonl"+query, "")
			require.Equal(t, http.StatusOK, response.StatusCode, body)
			var all []map[string]string
			for line := range strings.Lines(body) {
				var row map[string]string
				require.NoError(t, json.Unmarshal([]byte(line), &row))
				all = append(all, row)
			}
			return all
		}
		whole := lines(auditor, "")
		last, err := w.log.Last(w.ctx())
		require.NoError(t, err)
		require.Len(t, whole, last-1, "all but the event of this export")
		require.Equal(t, "1", whole[0]["number"])

		ofCase := lines(auditor, "?kind=CASE_PRIORITY_CHANGED&case="+idOf("Case", c.ID))
		require.Len(t, ofCase, 1)
		require.Equal(t, c.Number, ofCase[0]["case"])
		require.Empty(t, ofCase[0]["subject"], "an auditor reads no content")
		require.Equal(t, c.Subject, lines(head, "?kind=CASE_PRIORITY_CHANGED")[0]["subject"])
		for _, row := range lines(stranger, "") {
			require.Empty(t, row["case"], row)
		}

		response, csv := auditor.send(http.MethodGet, "/api/v1/register.csv?kind=CASE_PRIORITY_CHANGED", "", "Accept-Language", "it")
		require.Equal(t, "text/csv; charset=utf-8", response.Header.Get("Content-Type"))
		require.Contains(t, response.Header.Get("Content-Disposition"), "registro.csv")
		require.Contains(t, csv, `"'=HYPERLINK`, "no cell is a formula")
		require.Contains(t, csv, "Pratica;Oggetto")

		exports := lines(auditor, "?kind=REGISTER_EXPORTED")
		require.Equal(t, "revisore", exports[0]["actor"])
		require.Contains(t, exports[1]["reason"], "case-priority-changed")

		for _, wrong := range []string{"?kind=NONE", "?from=yesterday", "?who=me"} {
			response, _ := auditor.send(http.MethodGet, "/api/v1/register.jsonl"+wrong, "")
			require.Equal(t, http.StatusBadRequest, response.StatusCode, wrong)
		}
		stranger.token = "x"
		response, _ = stranger.send(http.MethodGet, "/api/v1/register.csv", "")
		require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	})
}
