package mailbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func letters(n, size int) []string {
	var l []string
	for i := range n {
		l = append(l, fmt.Sprintf("Subject: %d\r\n\r\n%s", i, strings.Repeat(fmt.Sprintf("letter %d\r\n", i), size/10)))
	}
	return l
}

// has says that a folder was collected whole.
func has(l *memLedger, folder string, want []string) func() bool {
	return func() bool {
		got := l.contents(folder)
		for i, w := range want {
			if got[uint32(i+1)] != w {
				return false
			}
		}
		return len(got) == len(want)
	}
}

func TestCollectsWhatIsThereAndWhatComes(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.folder("Posta inviata", `\Sent`)
	want := letters(150, 300)
	s.add("INBOX", want[:100]...)
	s.add("Posta inviata", want[:3]...)
	l := newMemLedger()
	collecting(t, s.account(), l, quick())
	until(t, l, "the first hundred", has(l, "INBOX", want[:100]))
	until(t, l, "sent mail", has(l, "Posta inviata", want[:3]))
	s.add("INBOX", want[100:]...)
	until(t, l, "the rest", has(l, "INBOX", want))
}

// The certified mailbox belongs to its owner, who reads it with other programs
// too: nothing on it may change.
func TestSaysOnlyWhatChangesNothing(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := append(letters(5, 300), strings.Repeat("big", 10000))
	s.add("INBOX", want...)
	o := quick()
	o.Caps.Chunk = 10000
	l := newMemLedger()
	_, stop := collecting(t, s.account(), l, o)
	until(t, l, "all", has(l, "INBOX", want))
	until(t, l, "a poll", func() bool { return len(s.received()) > 20 })
	stop()
	for _, c := range s.received() {
		word := strings.Fields(c)[0]
		if word == "UID" {
			word = strings.Join(strings.Fields(c)[:2], " ")
		}
		require.Contains(t, []string{"LOGIN", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "DONE", "CAPABILITY"}, word)
		for _, never := range []string{"ENVELOPE", "BODYSTRUCTURE", "BODY[", "FLAGS", "SINCE", "SEEN"} {
			require.NotContains(t, strings.ToUpper(c), never)
		}
	}
}
