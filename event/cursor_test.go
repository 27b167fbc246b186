package event_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/event"
)

func TestACursorSurvivesTheWayToTheClientAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := event.Cursor{Epoch: rapid.StringMatching(`[A-Z2-7]{26}`).Draw(t, "epoch"), Seq: rapid.IntRange(0, 1<<62).Draw(t, "seq")}
		back, err := event.ParseCursor(c.String())
		require.NoError(t, err)
		require.Equal(t, c, back)
	})
}

func TestADamagedCursorIsNotTakenForAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(event.Cursor{Epoch: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Seq: rapid.IntRange(0, 1<<40).Draw(t, "seq")}.String())
		i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		other := rapid.SampledFrom([]byte("ABCxyz019-_=!")).Filter(func(b byte) bool { return b != text[i] }).Draw(t, "instead")
		text[i] = other
		_, err := event.ParseCursor(string(text))
		require.ErrorIs(t, err, event.ErrMalformed)
	})
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	for _, text := range []string{"", "x", "AQ", "AAAAAAAAAAAA", "not a cursor", string(make([]byte, 1<<20))} {
		_, err := event.ParseCursor(text)
		require.ErrorIs(t, err, event.ErrMalformed)
		require.Less(t, len(err.Error()), 1000)
	}
}
