//go:build linux

package fanout

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Centrifuge is left out: it is a module of its own, and would have to be built.
func TestEveryEventOfEverySubscriberIsCounted(t *testing.T) {
	const subscribers, events = 20, 10 // fewer than wait for a subscriber of gqlgen: none is dropped
	for _, p := range []peer{smista(), {name: "bare", protocol: bareProtocol}, {name: "gqlgen", protocol: plainProtocol}} {
		t.Run(p.name, func(t *testing.T) {
			server, a, _ := gather(t, p, load{subscribers: subscribers, offices: 3, people: 5})
			published := server.pace(1, events, 100)
			require.NoError(t, a.until(setUp, func() bool { return a.deliveries == subscribers*events }))
			require.NoError(t, <-published)
			for _, s := range a.all {
				require.Equal(t, count{last: events}, s.count, "subscriber %d", s.number)
			}
			require.Equal(t, subscribers*events, a.took.all)
			require.Zero(t, a.gone)
			require.NoError(t, a.close())
		})
	}
}

func TestWhatIsMissingOrOutOfPlaceIsCounted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		heard []int
		want  count
	}{
		{"all", []int{1, 2, 3}, count{last: 3}},
		{"one missing", []int{1, 3}, count{last: 3, lost: 1}},
		{"the first missing", []int{3}, count{last: 3, lost: 2}},
		{"one twice", []int{1, 2, 2, 3}, count{last: 3, outOfPlace: 1}},
		{"out of order", []int{1, 3, 2}, count{last: 3, lost: 1, outOfPlace: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c count
			for _, id := range tt.heard {
				c.hear(id)
			}
			require.Equal(t, tt.want, c)
		})
	}
}

func TestFramesAndMarksAreCutWherever(t *testing.T) {
	text := fmt.Sprintf(`{"cursor":"Ab0C","reason":"`+markFormat+markFormat+`"}`, 7, 1_700_000_000_000_000_001, 8, 1_700_000_000_000_000_002)
	frame := append([]byte{0x80 | opText, 126, byte(len(text) >> 8), byte(len(text))}, text...)
	for n := range frame {
		_, _, size := cutFrame(frame[:n])
		require.Zero(t, size, "%d bytes of it", n)
	}
	op, payload, size := cutFrame(append(frame, 0x81))
	require.Equal(t, []any{byte(opText), text, len(frame)}, []any{op, string(payload), size})

	id, published, rest, found := cutMark(payload)
	require.Equal(t, []any{7, int64(1_700_000_000_000_000_001), true}, []any{id, published, found})
	id, published, rest, found = cutMark(rest)
	require.Equal(t, []any{8, int64(1_700_000_000_000_000_002), true}, []any{id, published, found})
	require.NotContains(t, string(rest), markStart)
	require.Equal(t, "Ab0C", string(cursorIn(payload)))
}

func TestPercentilesAreWithinTheirClass(t *testing.T) {
	var s spread
	for ms := range 100 {
		s.add(time.Duration(ms+1) * time.Millisecond)
	}
	require.InEpsilon(t, 50, s.percentile(50), 1.5*classWidth)
	require.InEpsilon(t, 99, s.percentile(99), 1.5*classWidth)
}
