package deadline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/deadline"
)

func moments(t *testing.T) *rapid.Generator[time.Time] {
	first := time.Date(2026, time.January, 1, 0, 0, 0, 0, rome(t))
	return rapid.Custom(func(r *rapid.T) time.Time {
		return first.Add(time.Duration(rapid.Int64Range(0, 10*365*24*3600).Draw(r, "second")) * time.Second)
	})
}

func amounts() *rapid.Generator[deadline.Amount] {
	return rapid.Custom(func(r *rapid.T) deadline.Amount {
		unit := rapid.SampledFrom([]deadline.Unit{deadline.WorkingDays, deadline.WorkingHours, deadline.CalendarDays}).Draw(r, "unit")
		return deadline.Amount{N: rapid.IntRange(1, 90).Draw(r, "n"), Unit: unit}
	})
}

func suspended(t *testing.T) *rapid.Generator[[]deadline.Suspension] {
	return rapid.SliceOfN(rapid.Custom(func(r *rapid.T) deadline.Suspension {
		from := moments(t).Draw(r, "from")
		return deadline.Suspension{From: from, To: from.Add(time.Duration(rapid.Int64Range(0, int64(90*24*time.Hour)).Draw(r, "for")))}
	}), 0, 4)
}

func offices(t *testing.T) *rapid.Generator[deadline.Calendar] {
	calendars := readCalendars(t)
	return rapid.Custom(func(r *rapid.T) deadline.Calendar {
		return calendars[rapid.SampledFrom([]string{"house", "split", "night"}).Draw(r, "calendar")]
	})
}

func due(r *rapid.T, c deadline.Calendar, term deadline.Term) deadline.Reckoning {
	out, err := c.Reckon(term)
	require.NoError(r, err)
	return out
}

func TestLaterStartIsNeverDueEarlier(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, a, off := offices(t).Draw(r, "office"), amounts().Draw(r, "amount"), suspended(t).Draw(r, "off")
		start := moments(t).Draw(r, "start")
		later := start.Add(time.Duration(rapid.Int64Range(0, int64(72*time.Hour)).Draw(r, "later")))
		first := due(r, c, deadline.Term{Start: start, Amount: a, Suspensions: off})
		second := due(r, c, deadline.Term{Start: later, Amount: a, Suspensions: off})
		require.False(r, second.Due.Before(first.Due))
	})
}

func TestSuspendingNeverMakesDueEarlier(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, off := offices(t).Draw(r, "office"), suspended(t).Draw(r, "off")
		term := deadline.Term{Start: moments(t).Draw(r, "start"), Amount: amounts().Draw(r, "amount"), Suspensions: off}
		before := due(r, c, term).Due
		shift := time.Duration(rapid.Int64Range(-int64(60*24*time.Hour), int64(60*24*time.Hour)).Draw(r, "shift"))
		more := deadline.Suspension{From: before.Add(shift), To: before.Add(shift + 30*time.Hour)}
		term.Suspensions = slices.Concat(off, []deadline.Suspension{more})
		after := due(r, c, term).Due
		require.False(r, after.Before(before))
		if shift >= 0 {
			require.True(r, after.Equal(before), "what begins after the end changes nothing")
		}
	})
}

func TestAddIsWhatIsBetween(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, off := offices(t).Draw(r, "office"), suspended(t).Draw(r, "off")
		from := moments(t).Draw(r, "from")
		d := time.Duration(rapid.Int64Range(0, int64(400*time.Hour)).Draw(r, "working"))
		to, err := c.Add(from, d, off...)
		require.NoError(r, err)
		require.Equal(r, d, c.Between(from, to, off...))
		require.Zero(r, c.Between(to, from, off...))
		if d > 0 {
			require.Less(r, c.Between(from, to.Add(-1), off...), d, "it is the first such moment")
		}
	})
}

func TestFractionsOfATerm(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, off := offices(t).Draw(r, "office"), suspended(t).Draw(r, "off")
		term := deadline.Term{Start: moments(t).Draw(r, "start"), Amount: amounts().Draw(r, "amount"), Suspensions: off}
		end := due(r, c, term).Due
		require.Equal(r, end, c.At(term.Start, end, 1, off...))
		require.Equal(r, term.Start, c.At(term.Start, end, 0, off...))
		f := rapid.Float64Range(0, 1).Draw(r, "fraction")
		g := rapid.Float64Range(f, 1).Draw(r, "more")
		one, two := c.At(term.Start, end, f, off...), c.At(term.Start, end, g, off...)
		require.False(r, two.Before(one))
		require.False(r, one.Before(term.Start))
		require.False(r, end.Before(two))
	})
}

// Whatever a reckoning says adds up: the days follow each other, and as many
// are counted as the term has.
func TestLinesAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := offices(t).Draw(r, "office")
		term := deadline.Term{Start: moments(t).Draw(r, "start"), Amount: amounts().Draw(r, "amount"), Suspensions: suspended(t).Draw(r, "off")}
		got := due(r, c, term)
		last := got.Lines[len(got.Lines)-1]
		require.Equal(r, deadline.Due, last.Kind)
		require.True(r, c.Open(got.Due.Add(-1)), "it ends in working time")
		if term.Amount.Unit == deadline.WorkingHours {
			require.Equal(r, time.Duration(term.Amount.N)*time.Hour, last.Worked)
			require.Equal(r, last.Worked, c.Between(term.Start, got.Due, term.Suspensions...))
			return
		}
		require.Equal(r, term.Amount.N, last.Days)
		for i, line := range got.Lines[1:] {
			before := time.Date(got.Lines[i].Date.Year, got.Lines[i].Date.Month, got.Lines[i].Date.Day+1, 0, 0, 0, 0, time.UTC)
			require.Equal(r, before.Format(time.DateOnly), line.Date.String())
			named := line.Kind == deadline.Skipped || line.Kind == deadline.Moved
			require.Equal(r, named, line.Why.Italian != "" && line.Why.English != "", line)
		}
	})
}
