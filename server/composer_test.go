package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/guard"
)

// stage is a part without singers, and a performance that is told what to answer.
type stage struct {
	*world
	part   *part
	show   *performance
	events []event.Event
	asked  []graph.Ask
	meant  func(ask graph.Ask) (visible []int) // nil: as the guard has it
}

func (w *world) stage() *stage {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stage{world: w, part: &part{c: w.front.sockets.answers.chorus}}
	pages, said := graph.NewPages(), make(chan string, 100)
	s.show = &performance{ctx: ctx, cancel: cancel, pages: pages, failed: &graph.End{}, responses: func(context.Context) *graphql.Response {
		return &graphql.Response{Data: json.RawMessage(<-said)}
	}}
	w.t.Cleanup(cancel)
	go func() {
		for {
			select {
			case ask := <-pages.Ask:
				s.asked = append(s.asked, ask)
				visible := s.visible(ask) //nolint:contextcheck // the viewer is in what was asked
				for _, seq := range visible {
					said <- fmt.Sprintf(`"%s sees %d"`, ask.Viewer, seq)
				}
				pages.Shown <- graph.Shown{Visible: visible, Answered: visible}
			case <-ctx.Done():
				return
			}
		}
	}()
	return s
}

func (s *stage) visible(ask graph.Ask) (seqs []int) {
	if s.meant != nil {
		return s.meant(ask)
	}
	ids := s.db.Client().Event.Query().IDsX(guard.NewContext(context.Background(), ask.Viewer))
	for _, e := range ask.Events {
		if slices.Contains(ids, e.Seq) {
			seqs = append(seqs, e.Seq)
		}
	}
	return seqs
}

// happened makes events about a case of each office and reads them from the register.
func (s *stage) happened(offices ...int) (cases []int) {
	last, err := s.log.Last(s.ctx())
	require.NoError(s.t, err)
	s.write(func(ctx context.Context, tx *ent.Tx) (entries []event.Entry) {
		for i, office := range offices {
			c := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", 900+last+i)).SetSubject("s").SetSenderName("n").SetSenderAddress("a@pec.example").
				SetRouteReason("prova").SetReceivedAt(noon).SetChangedAt(noon).SetOfficeID(office).SaveX(ctx)
			cases = append(cases, c.ID)
			entries = append(entries, event.Entry{Kind: event.CaseRouted, Case: c.ID})
		}
		return entries
	})
	s.events, err = s.log.After(s.ctx(), last, 100)
	require.NoError(s.t, err)
	s.part.at = last
	return cases
}

func headOf(offices ...int) *voice {
	return newVoice(guard.Person{Acts: offices, Heads: offices, Scopes: guard.All})
}

func (s *stage) compose(voices ...*voice) page {
	s.asked = nil
	p, err := s.part.compose(s.show, s.events, voices)
	require.NoError(s.t, err)
	return p
}

// heard are the numbers of what a page sings to a voice.
func (s *stage) heard(p page, v *voice) (seqs []int) {
	songs, sung := p.of(v)
	require.True(s.t, sung, v.scope)
	for _, one := range songs {
		require.Contains(s.t, string(one.body), fmt.Sprintf("sees %d", one.seq))
		seqs = append(seqs, one.seq)
	}
	return seqs
}

// An event is executed once for each way in which it is seen, however many voices
// there are, and nobody gets what he does not see.
func TestVoicesThatSeeTheSameAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.stage()
		taxes, works := w.office("tributi").ID, w.office("lavori").ID
		s.happened(taxes, works, taxes)
		of := func(places ...int) (seqs []int) {
			for _, i := range places {
				seqs = append(seqs, s.events[i].Seq)
			}
			return seqs
		}
		both, first, second := headOf(taxes, works), headOf(taxes), headOf(works)
		desk := newVoice(guard.Person{Sorter: true, Scopes: guard.All})
		stranger := headOf(77)
		p := s.compose(both, first, second, desk, stranger)
		require.Equal(t, of(0, 1, 2), s.heard(p, both))
		require.Equal(t, of(0, 2), s.heard(p, first))
		require.Equal(t, of(1), s.heard(p, second))
		require.Equal(t, of(0, 1, 2), s.heard(p, desk))
		require.Empty(t, s.heard(p, stranger))
		require.Len(t, s.asked, 2, "as somebody who reads all, and as the desk, which reads nothing")

		late := headOf(taxes, 77)
		require.Equal(t, of(0, 2), s.heard(p, late), "who comes in later and sees the same has it too")
		_, sung := p.of(newVoice(guard.Person{Auditor: true, Scopes: guard.All}))
		require.False(t, sung, "nobody of that kind was there")

		p = s.compose(first)
		require.Equal(t, of(0, 2), s.heard(p, first))
		require.Nil(t, p.facts, "one voice needs none")
		_, sung = p.of(late)
		require.False(t, sung)
	})
}

// What changes while a page is executed is not told from old facts: at last each
// voice is answered by itself.
func TestFactsThatChangeMeanwhileDecideNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		taxes, works := w.office("tributi").ID, w.office("lavori").ID
		for name, happens := range map[string]func(s *stage, moved int) func(graph.Ask) []int{
			"a case moves each time": func(s *stage, moved int) func(graph.Ask) []int {
				to := []int{taxes, works}
				return func(ask graph.Ask) (seqs []int) {
					s.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
						tx.CaseFile.UpdateOneID(moved).SetOfficeID(to[len(s.asked)%2]).SaveX(ctx)
						return nil
					})
					for _, e := range ask.Events {
						seqs = append(seqs, e.Seq)
					}
					return seqs
				}
			},
			"the guard says otherwise": func(*stage, int) func(graph.Ask) []int {
				return func(graph.Ask) []int { return nil }
			},
		} {
			s := w.stage()
			moved := s.happened(taxes)[0]
			s.meant = happens(s, moved)
			first, second := headOf(taxes), headOf(works)
			p := s.compose(first, second)
			require.Nil(t, p.facts, name)
			s.heard(p, first)
			s.heard(p, second)
			for _, v := range []*voice{first, second} {
				last := slices.IndexFunc(s.asked[len(s.asked)-2:], func(a graph.Ask) bool { return a.Viewer == v.viewer })
				require.GreaterOrEqual(t, last, 0, "%s: each is asked for at last", name)
			}
		}
	})
}

// What ends an execution reaches the clients as it is, also from between facts.
func TestWhatEndsAnExecutionIsToldAsItIs(t *testing.T) {
	t.Parallel()
	s := newWorld(t).stage()
	taxes := s.office("tributi").ID
	s.happened(taxes)
	ended := &gqlerror.Error{Message: "the session has ended"}
	show := &performance{ctx: t.Context(), pages: graph.NewPages(), failed: &graph.End{}}
	show.failed.Store(ended)
	close(show.pages.Shown)
	for _, voices := range [][]*voice{{headOf(1)}, {headOf(taxes), headOf(77)}} {
		_, err := s.part.compose(show, s.events, voices)
		require.Equal(t, gqlerror.List{ended}, err, "%d voices", len(voices))
	}
}
