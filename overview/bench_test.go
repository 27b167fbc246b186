package overview_test

import (
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/bench/boards"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/overview"
	"github.com/smista/smista/store"
)

const cases = 100_000

// spread lets the cases of a year be given to somebody, be closed, and some of them
// be late. The texts are as the driver writes them.
func spread() []string {
	at := func(seconds string) string {
		return "strftime('%Y-%m-%d %H:%M:%S+00:00', " + seconds + ", 'unixepoch')"
	}
	return []string{
		"UPDATE case_files SET received_at = " + at("1700000000 + id * 315"),
		"UPDATE case_files SET assigned_at = " + at("1700000000 + id * 315 + id % 97 * 3600") + " WHERE assignee_id IS NOT NULL",
		"UPDATE case_files SET closed_at = " + at("1700000000 + id * 315 + id % 701 * 7200") + " WHERE status = 'CLOSED'",
		"INSERT INTO terms (case_id, kind, amount, policy, started_at, due_at, soon_at, next_at, step, breached_at) SELECT id, 'ANSWER', '30 days', 'house', received_at, closed_at AS due, closed_at AS soon, due_at, 0, closed_at FROM case_files WHERE id % 7 = 0 AND closed_at IS NOT NULL",
		"ANALYZE",
	}
}

// BenchmarkOverview prints how long the figures of a year take at a hundred thousand
// cases on SQLite, of the whole house and of one office.
func BenchmarkOverview(b *testing.B) {
	file := filepath.Join(b.TempDir(), "overview.db")
	db, err := store.Open(b.Context(), "sqlite://"+file, slog.New(slog.DiscardHandler))
	require.NoError(b, err)
	defer func() { require.NoError(b, db.Close()) }()
	require.NoError(b, db.Migrate(b.Context()))
	raw, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)")
	require.NoError(b, err)
	require.NoError(b, boards.Fill(b.Context(), raw, false, cases))
	for _, s := range spread() {
		_, err := raw.ExecContext(b.Context(), s)
		require.NoError(b, err, s)
	}
	require.NoError(b, raw.Close())
	ctx := guard.NewContext(b.Context(), guard.System("bench"))
	begins := time.Unix(1700000000, 0).UTC()
	for b.Loop() {
		for _, office := range []int{0, 1} {
			q := overview.Question{Office: office, From: begins, Until: begins.AddDate(0, 0, 365), Zone: time.UTC}
			var best time.Duration
			for range 5 {
				begun := time.Now()
				o, err := overview.Of(ctx, db.Client(), q)
				took := time.Since(begun)
				require.NoError(b, err)
				require.NotZero(b, o.Arrived)
				if best == 0 || took < best {
					best = took
				}
			}
			fmt.Fprintf(os.Stdout, "office %d: the figures of a year at %d cases in %v\n", office, cases, best.Round(time.Millisecond))
		}
	}
	b.ReportMetric(0, "ns/op")
}
