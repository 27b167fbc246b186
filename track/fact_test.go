package track

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/pec"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func statuses() []recipient.Status {
	return []recipient.Status{
		recipient.StatusPending, recipient.StatusNotAccepted, recipient.StatusAccepted, recipient.StatusTaken, recipient.StatusFailed, recipient.StatusDelivered,
	}
}

func anyFact(t *rapid.T) fact {
	return fact{
		status: rapid.SampledFrom(statuses()).Draw(t, "status"), at: noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "at")) * time.Hour),
		provider: rapid.SampledFrom([]string{"Uno", "Due"}).Draw(t, "provider"), reason: rapid.SampledFrom([]string{"", "5.1.1", "5.2.2"}).Draw(t, "reason"),
	}
}

func known(facts []fact) string {
	r := &ent.Recipient{Status: recipient.StatusPending}
	for _, f := range facts {
		join(r, f)
	}
	text := fmt.Sprint(r.Status, r.Provider, r.Reason)
	for _, s := range statuses() {
		if at := *moment(r, s); at != nil {
			text += fmt.Sprint(" ", s, at.Unix())
		}
	}
	return text
}

// What is known of a recipient does not depend on the order of its receipts, nor
// on how often each comes.
func TestTheOrderOfReceiptsMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(anyFact), 1, 8).Draw(t, "facts")
		again := append(rapid.SliceOf(rapid.SampledFrom(facts)).Draw(t, "again"), rapid.Permutation(facts).Draw(t, "order")...)
		require.Equal(t, known(facts), known(again))
		require.Equal(t, known(facts), known(append(facts, again...)))
	})
}

// All orders of the receipts that a recipient can have, each of them once or
// twice: 5! · 2⁵.
func TestEveryOrderOfFiveReceipts(t *testing.T) {
	receipts := []fact{
		{status: recipient.StatusAccepted, at: noon, provider: "Uno"},
		{status: recipient.StatusTaken, at: noon.Add(time.Second), provider: "Due"},
		{status: recipient.StatusPending, at: noon.Add(12 * time.Hour), provider: "Due", reason: "4.4.7"},
		{status: recipient.StatusFailed, at: noon.Add(24 * time.Hour), provider: "Due", reason: "5.4.1"},
		{status: recipient.StatusDelivered, at: noon.Add(25 * time.Hour), provider: "Tre"},
	}
	want, runs := known(receipts), 0
	var try func(sofar []fact, left []int)
	try = func(sofar []fact, left []int) {
		if len(left) == 0 {
			for twice := range 1 << len(receipts) {
				given := append([]fact{}, sofar...)
				for i := range receipts {
					if twice&(1<<i) != 0 {
						given = append(given, sofar[i])
					}
				}
				require.Equal(t, want, known(given))
				runs++
			}
			return
		}
		for i, r := range left {
			rest := append(append([]int{}, left[:i]...), left[i+1:]...)
			try(append(append([]fact{}, sofar...), receipts[r]), rest)
		}
	}
	try(nil, []int{0, 1, 2, 3, 4})
	require.Equal(t, 120*32, runs)
	require.Contains(t, want, "DELIVEREDTre5.4.1")
}

// The two notices of delay have one kind: only the code of the second is final.
func TestOnlyTheSecondNoticeIsFinal(t *testing.T) {
	for extended, want := range map[string]recipient.Status{
		"4.4.7 - Gestore - dodici ore": recipient.StatusPending, "5.4.1 - Gestore - ventiquattro ore": recipient.StatusFailed, "": recipient.StatusPending,
	} {
		f, whom := facts(&ent.Message{Kind: pec.DeliveryWarning, Certification: &pec.Certification{ExtendedError: extended, DeliveryTo: "A@B.example", Time: noon}})
		require.Equal(t, want, f.status, extended)
		require.Equal(t, []string{"a@b.example"}, whom)
	}
}
