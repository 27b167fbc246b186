package deadline_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
)

// Ten years of deadlines, 2026 to 2035, against a table which another program
// wrote in another way: testdata/table.py, which also says how to run it.
func TestTenYears(t *testing.T) {
	calendars := readCalendars(t)
	rows := readTable(t)
	require.Greater(t, len(rows), 2000)
	for _, row := range rows {
		amount, err := deadline.ParseAmount(row[2])
		require.NoError(t, err)
		term := deadline.Term{Start: minute(t, row[1]), Amount: amount, Suspensions: suspensions(t, row[3])}
		got, err := calendars[row[0]].Reckon(term)
		require.NoError(t, err, row)
		require.Equal(t, row[4], got.Due.UTC().Format(minutes), "%v\n%s", row, text(got))
		if amount.Unit == deadline.WorkingHours {
			added, err := calendars[row[0]].Add(term.Start, time.Duration(amount.N)*time.Hour, term.Suspensions...)
			require.NoError(t, err)
			require.True(t, added.Equal(got.Due), row)
		}
	}
}

const minutes = "2006-01-02T15:04Z"

func minute(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(minutes, text)
	require.NoError(t, err)
	return at
}

func suspensions(t *testing.T, text string) (out []deadline.Suspension) {
	t.Helper()
	for part := range strings.SplitSeq(text, ",") {
		if from, to, ok := strings.Cut(part, "/"); ok {
			out = append(out, deadline.Suspension{From: minute(t, from), To: minute(t, to)})
		}
	}
	return out
}

func readCalendars(t *testing.T) map[string]deadline.Calendar {
	t.Helper()
	raw, err := os.ReadFile("testdata/calendars.json")
	require.NoError(t, err)
	var all map[string]deadline.Calendar
	require.NoError(t, json.Unmarshal(raw, &all))
	for name, c := range all {
		c.Zone = rome(t)
		require.NoError(t, c.Check())
		all[name] = c
	}
	return all
}

func readTable(t *testing.T) [][]string {
	t.Helper()
	f, err := os.Open("testdata/table.tsv")
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	rows, err := r.ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	require.NoError(t, err)
	return zone
}

func text(r deadline.Reckoning) string {
	var b strings.Builder
	for _, l := range r.Lines {
		b.WriteString(l.English() + "\n")
	}
	return b.String()
}
