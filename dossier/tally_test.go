package dossier_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
)

// life is a random one of some cases.
type life struct {
	*shelf
	*rapid.T
	mailboxes []int
	cases     []int
}

func (l *life) some() int { return rapid.SampledFrom(l.cases).Draw(l.T, "case") }

func (l *life) comes() {
	mailbox := rapid.SampledFrom(append([]int{0}, l.mailboxes...)).Draw(l.T, "mailbox")
	ago := time.Duration(rapid.IntRange(0, 100).Draw(l.T, "hours ago")) * time.Hour
	l.cases = append(l.cases, l.open(l.now().Add(-ago), func(row *ent.CaseFileCreate) {
		if mailbox != 0 {
			row.SetMailboxID(mailbox)
		}
	}))
}

func (l *life) moves() {
	id := l.some()
	status := rapid.SampledFrom([]casefile.Status{"TO_SORT", "TO_ASSIGN", "IN_PROGRESS", "CLOSED", "MERGED"}).Draw(l.T, "status")
	office := rapid.SampledFrom(append([]int{0}, l.offices...)).Draw(l.T, "office")
	person := rapid.SampledFrom(append([]int{0}, l.people...)).Draw(l.T, "person")
	l.change(id, func(u *ent.CaseFileUpdate) {
		u.SetStatus(status).ClearOffice().ClearAssignee()
		if office != 0 {
			u.SetOfficeID(office)
		}
		if person != 0 {
			u.SetAssigneeID(person)
		}
	})
}

func (l *life) passes() {
	l.at(l.now().Add(time.Duration(rapid.IntRange(1, 40).Draw(l.T, "hours")) * time.Hour))
	l.tick()
}

// Whatever happens to cases, in whatever order, the tallies are what a recount
// gives, and each case says of itself what its terms say.
func TestTalliesAreARecount(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.policy("house", 0, "ASSIGN", "4 working hours")
		s.policy("house", 0, "WORK", "3 working days")
		s.policy("office", s.offices[1], "WORK", "1 working day")
		var mailboxes []int
		s.write(func(ctx context.Context, tx *ent.Tx) {
			for i := range 2 {
				mailboxes = append(mailboxes, tx.Mailbox.Create().SetAddress(fmt.Sprintf("m%d@comune.example", i)).SaveX(ctx).ID)
			}
		})
		rapid.Check(t, func(r *rapid.T) {
			s.at(monday)
			l := &life{shelf: s, T: r, mailboxes: mailboxes}
			before := s.tallies()
			defer l.end()
			l.comes()
			for _, what := range rapid.SliceOfN(rapid.IntRange(0, 9), 1, 12).Draw(r, "what happens") {
				[]func(){
					l.comes, l.moves, l.moves, l.moves, l.moves, l.passes, l.passes, l.passes,
					func() { s.stop(l.some()) }, func() { s.run(l.some()) },
				}[what]()
				require.Equal(r, s.recount(l.cases...), less(s.tallies(), before))
			}
			for _, id := range l.cases {
				due, urgency := s.urgent(id)
				require.True(r, due.Equal(s.read(id).DueAt), "%s, not %s", s.read(id).DueAt, due)
				require.Equal(r, urgency, s.read(id).Urgency)
			}
		})
	})
}

// less is what was counted since.
func less(now, before map[cell]int) map[cell]int {
	for k, n := range before {
		if now[k] -= n; now[k] == 0 {
			delete(now, k)
		}
	}
	return now
}

// end closes the cases, so that no clock touches them in the next life.
func (l *life) end() {
	for _, id := range l.cases {
		l.change(id, func(u *ent.CaseFileUpdate) { u.SetStatus(casefile.StatusClosed) })
	}
}
