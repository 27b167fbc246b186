package keeper_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
	"github.com/smista/smista/store/storetest"
)

// Ten working hours from eight o'clock end at ten of the next working day: over
// the nights when the clock changes, Easter Monday, the end of the year and the
// fourth of October. Two keepers run, on a clock that runs by itself, and the
// breach is told once, within the second.
func TestABreachIsToldAtItsTimeByAClockThatRuns(t *testing.T) {
	for name, tt := range map[string]struct{ start, due string }{
		"Easter Monday":                 {"2026-04-03T08:00:00+02:00", "2026-04-07T10:00:00+02:00"},
		"the night of 29 March 2026":    {"2026-03-27T08:00:00+01:00", "2026-03-30T10:00:00+02:00"},
		"the night of 25 October 2026":  {"2026-10-23T08:00:00+02:00", "2026-10-26T10:00:00+01:00"},
		"the end of the year":           {"2026-12-31T08:00:00+01:00", "2027-01-04T10:00:00+01:00"},
		"4 October 2027, San Francesco": {"2027-10-01T08:00:00+02:00", "2027-10-05T10:00:00+02:00"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t, storetest.SQLite(t), 0)
				o.live = true
				start, due := moment(t, tt.start), moment(t, tt.due)
				until(start)
				o.opens(start)
				until(due.Add(-3 * time.Second))
				ctx, stop := context.WithCancel(t.Context())
				var working sync.WaitGroup
				for range 2 {
					k := o.instance()
					working.Go(func() { k.Run(ctx) })
				}
				until(due.Add(-time.Second))
				require.Zero(t, o.told(event.TermBreached))
				until(due.Add(3 * time.Second))
				breach := o.db.Client().Event.Query().Where(entevent.Kind(string(event.TermBreached))).OnlyX(o.ctx())
				require.False(t, breach.OccurredAt.Before(due), "not before its time")
				require.True(t, breach.OccurredAt.Before(due.Add(1500*time.Millisecond)), breach.OccurredAt)
				stop()
				working.Wait()
			})
		})
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// until waits on the clock of the bubble.
func until(at time.Time) { <-time.After(time.Until(at)) }

// opens makes a case whose term runs from a moment.
func (o *office) opens(at time.Time) {
	log, err := event.NewLog(o.ctx(), o.db, event.NewMemoryBus())
	require.NoError(o.t, err)
	require.NoError(o.t, log.Write(o.ctx(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		office := tx.Office.Query().OnlyX(ctx)
		_, err := o.dossier(log).Open(ctx, tx, tx.CaseFile.Create().SetNumber("2026/000001").SetStatus("IN_PROGRESS").SetOffice(office).
			SetAssigneeID(o.operator).SetRouteReason("prova").SetReceivedAt(at).SetChangedAt(at))
		return nil, err
	}))
}
