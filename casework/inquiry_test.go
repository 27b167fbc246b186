package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
)

// asked is the newest thing that the desk asked about a case.
func (h *hall) asked(caseID int) *ent.Inquiry {
	h.t.Helper()
	rows, err := h.db.Client().Inquiry.Query().Where(inquiry.CaseID(caseID)).Order(inquiry.ByID()).All(system())
	require.NoError(h.t, err)
	require.NotEmpty(h.t, rows)
	return rows[len(rows)-1]
}

func (h *hall) stands(caseID int) bool { return h.read(caseID).DueAt.Equal(dossier.Never) }

// ask lets the desk ask, and gives the question.
func (h *hall) ask(caseID int) int {
	h.t.Helper()
	require.NoError(h.t, h.AskClarification(h.as(sorter), caseID, "Di quale tributo si tratta?"))
	return h.asked(caseID).ID
}

func TestTheDeskReminds(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(with(tributi, assignee)), h.last()
		due := h.read(c.ID).DueAt
		h.refused(casework.Invalid, h.Remind(h.as(sorter), c.ID, "  "))
		require.NoError(t, h.Remind(h.as(sorter), c.ID, "A che punto siamo?"))
		for _, name := range []string{assignee, head, deputy} {
			require.Equal(t, []notify.Kind{notify.Sollecito}, h.heard(name, c.ID), name)
			require.Equal(t, []string{"A che punto siamo?"}, h.texts(name, c.ID))
		}
		require.Empty(t, h.heard(operator, c.ID))
		require.Equal(t, due, h.read(c.ID).DueAt, "a reminder suspends nothing")

		h.refused(casework.NotFound, h.AnswerInquiry(h.as(outsider), h.asked(c.ID).ID, "No"))
		h.refused(casework.Forbidden, h.AnswerInquiry(h.as(sorter), h.asked(c.ID).ID, "No"))
		require.NoError(t, h.AnswerInquiry(h.as(assignee), h.asked(c.ID).ID, "Domani"))
		h.refused(casework.Already, h.AnswerInquiry(h.as(head), h.asked(c.ID).ID, "Oggi"))
		require.Equal(t, "Domani", h.asked(c.ID).Answer)
		require.Equal(t, []notify.Kind{notify.Answer}, h.heard(sorter, c.ID))
		require.Equal(t, []event.Kind{event.SollecitoSent, event.InquiryAnswered}, kinds(h.since(seq)))
	})
}

// While the desk waits for an answer the terms stand still; with the last answer
// they run again, later by the working time that has passed.
func TestTermsWaitForTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, seq := h.open(with(tributi, assignee)), h.last()
		due := h.read(c.ID).DueAt
		require.Equal(t, time.Date(2026, 12, 7, 17, 0, 0, 0, rome()).UTC(), due.UTC(), "ten working days")

		first := h.ask(c.ID)
		require.True(t, h.stands(c.ID))
		h.pass(24 * time.Hour)
		second := h.ask(c.ID)
		h.pass(24 * time.Hour)
		require.NoError(t, h.AnswerInquiry(h.as(assignee), first, "La TARI"))
		require.True(t, h.stands(c.ID), "one question is open")
		require.NoError(t, h.AnswerInquiry(h.as(head), second, "Del 2025"))
		require.False(t, h.stands(c.ID))
		require.Equal(t, time.Date(2026, 12, 10, 17, 0, 0, 0, rome()).UTC(), h.read(c.ID).DueAt.UTC(), "two working days more; the 8th is a holiday")
		require.Equal(t, []event.Kind{
			event.ClarificationAsked, event.TermSuspended, event.ClarificationAsked, event.TermSuspended,
			event.InquiryAnswered, event.InquiryAnswered, event.TermResumed,
		}, kinds(h.since(seq)))
		require.Equal(t, h.recount(), h.tallies())
	})
}

// A question to an office ends with that office's case, however it leaves.
func TestAQuestionDoesNotFollowTheCase(t *testing.T) {
	for name, leave := range map[string]func(h *hall, c *ent.CaseFile) error{
		"returned": func(h *hall, c *ent.CaseFile) error {
			if err := h.Return(h.as(head), h.on(c), "non è nostra"); err != nil {
				return err
			}
			return h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[edilizia]})
		},
		"taken back": func(h *hall, c *ent.CaseFile) error {
			if err := h.TakeBack(h.as(sorter), h.on(c), ""); err != nil {
				return err
			}
			return h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[edilizia]})
		},
		"sorted again": func(h *hall, c *ent.CaseFile) error {
			return h.Sort(h.as(sorter), h.on(c), casework.SortTo{Office: h.offices[edilizia]})
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *hall) {
				c := h.open(at(tributi))
				h.ask(c.ID)
				require.True(t, h.stands(c.ID))
				require.NoError(t, leave(h, c))
				require.False(t, h.stands(c.ID), "nobody waits for the first office")

				again := h.ask(c.ID)
				require.True(t, h.stands(c.ID))
				require.NoError(t, h.AnswerInquiry(h.as(builder), again, "Eccola"))
				require.False(t, h.stands(c.ID), "the first office's answer is not waited for")
			})
		})
	}
}
