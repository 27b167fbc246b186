package desk

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// history is a house with some offices, where cases went before.
type history struct {
	*hall
	offices map[string]int
	now     time.Time
	count   int
}

func newHistory(o *hall) *history {
	h := &history{hall: o, offices: map[string]int{}, now: time.Now().UTC().Truncate(time.Microsecond)}
	h.change(func(ctx context.Context, tx *ent.Tx) {
		for _, code := range []string{"anagrafe", "polizia"} {
			tx.Office.Create().SetCode(code).SetName(code).SaveX(ctx)
		}
		for _, code := range []string{"tributi", "edilizia", "anagrafe", "polizia"} {
			h.offices[code] = tx.Office.Query().Where(office.Code(code)).OnlyIDX(ctx)
		}
	})
	return h
}

func (h *history) change(change func(ctx context.Context, tx *ent.Tx)) {
	h.t.Helper()
	require.NoError(h.t, h.Log.Write(h.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		change(ctx, tx)
		return nil, nil
	}))
}

// went makes cases of a sender that an office has closed, each newer than the last.
func (h *history) went(sender, office string, times int, edits ...func(*ent.CaseFileCreate)) {
	h.t.Helper()
	for range times {
		h.put(sender, append([]func(*ent.CaseFileCreate){func(c *ent.CaseFileCreate) {
			c.SetOfficeID(h.offices[office]).SetStatus(casefile.StatusClosed).SetOutcome(casefile.OutcomeAnswered)
		}}, edits...)...)
	}
}

func (h *history) put(sender string, edits ...func(*ent.CaseFileCreate)) (c *ent.CaseFile) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *ent.Tx) {
		h.count++
		row := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2025/%06d", h.count)).SetSenderAddress(sender).SetRouteReason("prova").
			SetReceivedAt(h.now.Add(time.Duration(h.count-10000) * time.Second)).SetChangedAt(h.now)
		for _, edit := range edits {
			edit(row)
		}
		var err error
		c, err = h.Dossier.Open(ctx, tx, row)
		require.NoError(h.t, err)
	})
	return c.Unwrap()
}

// suggested says what is suggested for a case, for instance "SENDER tributi 2/3".
func (h *history) suggested(c *ent.CaseFile) []string {
	h.t.Helper()
	found, err := Suggest(h.ctx, h.Client, h.now, []*ent.CaseFile{c})
	require.NoError(h.t, err)
	said := []string{}
	for _, s := range found[c.ID] {
		for code, id := range h.offices {
			if id == s.Office {
				said = append(said, fmt.Sprintf("%s %s %d/%d", s.Hint, code, s.Count, s.Of))
			}
		}
	}
	return said
}

// What is suggested follows from where cases went in the end.
func TestWhereACaseMayBelong(t *testing.T) {
	const pm, other, third = "civile@tribunale.example", "penale@tribunale.example", "affari@tribunale.example"
	status := func(s casefile.Status) func(*ent.CaseFileCreate) {
		return func(c *ent.CaseFileCreate) { c.SetStatus(s) }
	}
	outcome := func(o casefile.Outcome) func(*ent.CaseFileCreate) {
		return func(c *ent.CaseFileCreate) { c.SetOutcome(o) }
	}
	reserved := func(c *ent.CaseFileCreate) { c.SetReserved(true) }
	for name, tt := range map[string]struct {
		past func(h *history)
		want []string
	}{
		"of nobody anything is known": {func(*history) {}, []string{}},
		"where the sender's went, the most frequent first": {func(h *history) {
			h.went(pm, "tributi", 1)
			h.went(pm, "edilizia", 2)
		}, []string{"SENDER edilizia 2/3", "SENDER tributi 1/3"}},
		"three at most": {func(h *history) {
			h.went(pm, "tributi", 4)
			h.went(pm, "edilizia", 3)
			h.went(pm, "anagrafe", 2)
			h.went(pm, "polizia", 1)
		}, []string{"SENDER tributi 4/10", "SENDER edilizia 3/10", "SENDER anagrafe 2/10"}},
		"what a closed office worked counts for who has its work, or for nobody": {func(h *history) {
			h.went(pm, "tributi", 1)
			h.went(pm, "edilizia", 2)
			h.went(pm, "polizia", 1)
			h.change(func(ctx context.Context, tx *ent.Tx) {
				tx.Office.UpdateOneID(h.offices["tributi"]).SetClosedAt(h.now).SetSuccessorID(h.offices["anagrafe"]).ExecX(ctx)
				tx.Office.UpdateOneID(h.offices["polizia"]).SetClosedAt(h.now).ExecX(ctx)
			})
		}, []string{"SENDER edilizia 2/3", "SENDER anagrafe 1/3"}},
		"the newest fifty count": {func(h *history) {
			h.went(pm, "tributi", 9)
			h.went(pm, "edilizia", newestCases)
		}, []string{"SENDER edilizia 50/50"}},
		"what an office works counts, what it has not begun does not": {func(h *history) {
			h.went(pm, "tributi", 1, status(casefile.StatusInProgress))
			h.went(pm, "edilizia", 2, status(casefile.StatusToAssign))
		}, []string{"SENDER tributi 1/1"}},
		"not competent is an answer": {func(h *history) {
			h.went(pm, "tributi", 3, outcome(casefile.OutcomeNotCompetent))
			h.went(pm, "edilizia", 1, outcome(casefile.OutcomeSpam))
		}, []string{"SENDER edilizia 1/1"}},
		"what is reserved tells nothing": {func(h *history) {
			h.went(pm, "tributi", 3, reserved)
			h.went(other, "tributi", 3, reserved)
			h.went(third, "tributi", 3, reserved)
		}, []string{}},
		"a domain whose senders all go to one office": {func(h *history) {
			h.went(other, "tributi", 3)
			h.went(other, "edilizia", 1)
			h.went(third, "tributi", 1)
		}, []string{"DOMAIN tributi 4/5"}},
		"a domain of one sender says nothing":          {func(h *history) { h.went(other, "tributi", 9) }, []string{}},
		"a domain whose senders go everywhere neither": {func(h *history) { h.went(other, "tributi", 9); h.went(third, "edilizia", 1) }, []string{}},
		"nor one of which one goes here as often as there": {func(h *history) {
			h.went(other, "tributi", 9)
			h.went(third, "tributi", 1)
			h.went(third, "edilizia", 1)
		}, []string{}},
		"the sender comes before the domain": {func(h *history) {
			h.went(pm, "edilizia", 1)
			h.went(pm, "tributi", 2)
			h.went(other, "tributi", 5)
		}, []string{"SENDER tributi 2/3", "SENDER edilizia 1/3"}},
		"where the desk sends most, lately": {func(h *history) {
			sorted := func(ago time.Duration) func(*ent.CaseFileCreate) {
				return func(c *ent.CaseFileCreate) { c.SetSortedAt(h.now.Add(-ago)).SetSortedByID(7) }
			}
			h.went("a@a.example", "edilizia", 1, sorted(time.Hour))
			h.went("b@b.example", "polizia", 2, sorted(time.Hour))
			h.went("c@c.example", "anagrafe", 5, sorted(lately+time.Hour))
			h.went("d@d.example", "anagrafe", 5, sorted(time.Hour), reserved)
			h.went(pm, "tributi", 1)
		}, []string{"SENDER tributi 1/1", "OFTEN polizia 2/3", "OFTEN edilizia 1/3"}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				h := newHistory(o)
				tt.past(h)
				require.Equal(t, tt.want, h.suggested(h.put(pm)))
			})
		})
	}
}

// An office that gave a case back is not suggested for it again; for the next one it is.
func TestWhoGaveACaseBackIsNotSuggestedAgain(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		h := newHistory(o)
		h.went(rossi, "tributi", 2)
		h.went(rossi, "edilizia", 1)
		c := h.put(rossi)
		require.NoError(t, h.Log.Write(h.ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
			return []event.Entry{{Kind: event.CaseReturned, Case: c.ID, FromOffice: h.offices["tributi"]}}, nil
		}))
		require.Equal(t, []string{"SENDER edilizia 1/3"}, h.suggested(c))
		require.Equal(t, []string{"SENDER tributi 2/3", "SENDER edilizia 1/3"}, h.suggested(h.put(rossi)))
	})
}

// Of what is altered or an imitation the desk is told where it would have gone.
func TestTheRulesAreAskedAgainInDoubt(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		h := newHistory(o)
		boxes := map[string]int{}
		for _, b := range o.Client.Mailbox.Query().AllX(o.ctx) {
			boxes[b.Address] = b.ID
		}
		h.went(rossi, "polizia", 1)
		for i, tt := range []struct {
			subject, box string
			verdict      smime.Status
			want         []string
		}{
			{"Fattura 12", protocollo, smime.Altered, []string{"RULE tributi 0/0", "SENDER polizia 1/1"}},
			{"Fattura 13", edilizia, smime.Imitation, []string{"RULE tributi 0/0", "SENDER polizia 1/1"}},
			{"Istanza", edilizia, smime.Imitation, []string{"RULE edilizia 0/0", "SENDER polizia 1/1"}},
			{"Istanza", protocollo, smime.Altered, []string{"SENDER polizia 1/1"}},
			{"Fattura 14", protocollo, smime.Unsigned, []string{"SENDER polizia 1/1"}},
		} {
			digest := fmt.Sprintf("%064d", i)
			c := h.put(rossi, func(row *ent.CaseFileCreate) { row.SetOpenedBy(byBytes + digest).SetMailboxID(boxes[tt.box]) })
			h.change(func(ctx context.Context, tx *ent.Tx) {
				tx.Message.Create().SetCaseID(c.ID).SetDigest(digest).SetSize(1).SetDirection("incoming").SetKind(pec.Envelope).SetVerdict(tt.verdict).
					SetEvidence(smime.Verdict{Status: tt.verdict}).SetSubject(tt.subject).SetSenderAddress(rossi).SetReceivedAt(h.now).SetArchivedAt(h.now).SaveX(ctx)
			})
			require.Equal(t, tt.want, h.suggested(c), "%s to %s, %s", tt.subject, tt.box, tt.verdict)
		}
	})
}

// What a sorter sends where, the most frequent first, and nobody else's.
func TestWhereASorterSendsMost(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		h := newHistory(o)
		by := func(sorter int, ago time.Duration) func(*ent.CaseFileCreate) {
			return func(c *ent.CaseFileCreate) { c.SetSortedAt(h.now.Add(-ago)).SetSortedByID(sorter) }
		}
		h.went(rossi, "tributi", 1, by(7, time.Hour))
		h.went(rossi, "edilizia", 2, by(7, time.Hour))
		h.went(rossi, "polizia", 3, by(8, time.Hour))
		h.went(rossi, "anagrafe", 3, by(7, lately+time.Hour))
		found, err := Frequent(h.ctx, h.Client, h.now, 7)
		require.NoError(t, err)
		require.Equal(t, []int{h.offices["edilizia"], h.offices["tributi"]}, found)
	})
}

// What opened a case by a good signature is in no doubt; what came otherwise is.
func TestWhatIsDoubtful(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		h := newHistory(o)
		opened := func(by string) int {
			return h.put(rossi, func(row *ent.CaseFileCreate) {
				if by != "" {
					row.SetOpenedBy(by)
				}
			}).ID
		}
		sure := []int{opened("pec:posta-certificata@gestore.example <1@gestore.example>"), opened("own:2026/000001"), opened("")}
		doubted := []int{opened(openedBy(&ent.Message{Kind: pec.Anomaly, Verdict: smime.Valid, Digest: "a", Identifier: "x", Certification: &pec.Certification{}})),
			opened(openedBy(&ent.Message{Kind: pec.OrdinaryMail, Verdict: smime.Unsigned, Digest: "b"})),
			opened(openedBy(&ent.Message{Kind: pec.Envelope, Verdict: smime.Untrusted, Digest: "c", Identifier: "x", Certification: &pec.Certification{}}))}
		require.ElementsMatch(t, doubted, o.Client.CaseFile.Query().Where(Doubtful(true)).IDsX(o.ctx))
		require.ElementsMatch(t, sure, o.Client.CaseFile.Query().Where(Doubtful(false)).IDsX(o.ctx))
	})
}

// TestWhoseSenderIsKnown: those that wait for whom the past of their sender has a
// suggestion, and the others that wait.
func TestWhoseSenderIsKnown(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		h := newHistory(o)
		h.went("nota@ditta.example", "tributi", 2)
		h.went("riservata@ditta.example", "tributi", 1, func(c *ent.CaseFileCreate) { c.SetReserved(true) })
		h.went("altrui@ditta.example", "tributi", 1, func(c *ent.CaseFileCreate) { c.SetOutcome(casefile.OutcomeNotCompetent) })
		h.went("", "tributi", 1)
		known := []int{h.put("nota@ditta.example").ID, h.put("nota@ditta.example").ID}
		var unknown []int
		for _, sender := range []string{"riservata@ditta.example", "altrui@ditta.example", "", "nuova@ditta.example"} {
			unknown = append(unknown, h.put(sender).ID)
		}
		found := func(is bool) []int {
			return h.Client.CaseFile.Query().Where(SenderKnown(is)).Order(casefile.ByID()).IDsX(h.ctx)
		}
		require.Equal(t, known, found(true))
		require.Equal(t, unknown, found(false), "what is no longer at the desk is neither")
	})
}
