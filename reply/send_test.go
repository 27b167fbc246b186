package reply_test

import (
	"bytes"
	"context"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyapproval"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
	"github.com/smista/smista/track"
)

// What leaves is frozen: a message of our own domain, that names what it
// answers, and is sent as these bytes. The case waits for it.
func TestSendingOff(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		r := h.read(id)
		require.Equal(t, entreply.StateQueued, r.State)
		require.Equal(t, h.now().Add(hold), r.SendAt.UTC())
		require.Equal(t, casefile.StatusAnswering, h.caseOf(id).Status)
		raw := h.whole(r.Digest)
		require.Len(t, raw, int(r.Size))
		read, err := mail.ReadMessage(strings.NewReader(raw))
		require.NoError(t, err)
		require.Equal(t, *r.MessageID, read.Header.Get("Message-Id"))
		require.True(t, strings.HasSuffix(*r.MessageID, "@comune.example>"), *r.MessageID)
		require.Equal(t, "<rossi-1@posta.example>", read.Header.Get("In-Reply-To"), "the id that the other side knows")
		require.Equal(t, "<prima@posta.example> <rossi-1@posta.example>", strings.Join(strings.Fields(read.Header.Get("References")), " "))
		require.Equal(t, "completa", read.Header.Get("X-Tiporicevuta"))
		require.Contains(t, read.Header.Get("From"), protocollo)
		require.Empty(t, read.Header.Get("Bcc"))
		require.Equal(t, []event.Kind{event.ReplyStarted, event.ReplyQueued}, h.told(id))
		require.Equal(t, casework.Illegal, refused(t, h.Send(h.as(operator), h.on(id), false)), "once")
		require.Equal(t, casework.Illegal, refused(t, h.Save(h.as(operator), h.on(id), h.saying(id, "x"))), "what is frozen is not changed")
	})
}

// The preview is what is sent, but for its identifier, its date and what follows from them.
func TestThePreviewIsWhatIsSent(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.NoError(t, h.Save(h.as(operator), h.on(id), h.saying(id, "<p>Si trasmette <b>l'atto</b> in allegato.</p>")))
		p, err := h.Preview(h.as(operator), id)
		require.NoError(t, err)
		require.Equal(t, "Si trasmette l'atto in allegato.", strings.TrimSpace(p.Text))
		require.Empty(t, p.Problems)
		require.Equal(t, []reply.Known{{Address: rossi, System: recipient.SystemCertified}}, p.Recipients)
		require.Len(t, p.Warnings, 1, "it speaks of attachments; the sender is known to be certified: %v", p.Warnings)
		var shown bytes.Buffer
		require.NoError(t, h.WritePreview(h.as(operator), id, &shown))
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		r := h.read(id)
		require.Equal(t, p.Size, r.Size)
		require.Equal(t, p.Hash, r.ContentHash)
		own := regexp.MustCompile(`(?m)^(Message-ID|Date): .*|_[0-9a-f]{16,}`) // and the boundaries, which are made of it
		require.Equal(t, own.ReplaceAllString(shown.String(), "-"), own.ReplaceAllString(h.whole(r.Digest), "-"))
	})
}

// Who writes the same to the same people twice within five minutes is told; a quote
// that speaks of attachments, and a picture in the text, are none.
func TestWhatOneShouldKnowBefore(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		first, second := h.answer(operator, c, m), h.answer(operator, c, m)
		warned := func(id int, about string) bool {
			p, err := h.Preview(h.as(operator), id)
			require.NoError(t, err)
			return slices.ContainsFunc(p.Warnings, func(w reply.Problem) bool { return strings.Contains(w.Italian, about) })
		}
		const same, attachments = "una PEC con lo stesso oggetto", "il testo parla di allegati"
		require.False(t, warned(second, same))
		require.NoError(t, h.Send(h.as(operator), h.on(first), false))
		require.True(t, warned(second, same))
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Reply.UpdateOneID(first).SetState(entreply.StateSent).SetSentAt(h.now()).SetSendAt(dossier.Never).ExecX(ctx)
		})
		require.True(t, warned(second, same))
		h.pass(5 * time.Minute)
		require.False(t, warned(second, same))

		for said, speaks := range map[string]bool{
			"<p>Si allega l'atto.</p>": true, "<p>Alleghiamo la pianta</p>": true, "<p>V. allegati.</p>": true, "<p>Buongiorno</p>": false,
			`<p>Ricevuto.</p><blockquote type="cite">in allegato la pianta</blockquote>`: false,
		} {
			require.NoError(t, h.Save(h.as(operator), h.on(second), h.saying(second, said)))
			require.Equal(t, speaks, warned(second, attachments), said)
		}
	})
}

// For some seconds it can be taken back; once a try began it cannot.
func TestTakingBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.Equal(t, casework.NotFound, refused(t, h.Withdraw(h.as(outsider), id)))
		require.NoError(t, h.Withdraw(h.as(operator), id))
		r := h.read(id)
		require.Equal(t, entreply.StateDraft, r.State)
		require.Nil(t, r.MessageID)
		require.Equal(t, casefile.StatusInProgress, h.caseOf(id).Status)
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.Reply.UpdateOneID(id).SetState(entreply.StateSending).ExecX(ctx)
		})
		require.Equal(t, casework.Illegal, refused(t, h.Withdraw(h.as(operator), id)))
	})
}

// A PEC is answered once, unless its author says that he means it; a forward is
// no answer, and what was taken back or refused does not count.
func TestASecondAnswer(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		first, second := h.answer(operator, c, m), h.answer(head, c, m)
		require.NoError(t, h.Send(h.as(operator), h.on(first), false))
		require.Equal(t, casework.Answered, refused(t, h.Send(h.as(head), h.on(second), false)))
		require.NoError(t, h.Withdraw(h.as(operator), first))
		require.NoError(t, h.Send(h.as(head), h.on(second), false))
		require.Equal(t, casework.Answered, refused(t, h.Send(h.as(operator), h.on(first), false)))
		require.NoError(t, h.Send(h.as(operator), h.on(first), true))
	})
}

// What cannot be sent is refused before it is queued.
func TestWhatCannotBeSent(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		for name, spoil := range map[string]func(id int){
			"to nobody": func(id int) {
				say := h.saying(id, "<p>x</p>")
				say.To = nil
				require.NoError(t, h.Save(h.as(operator), h.on(id), say))
			},
			"to no address": func(id int) {
				say := h.saying(id, "<p>x</p>")
				say.To = []pec.Address{{Address: "mario rossi"}}
				require.NoError(t, h.Save(h.as(operator), h.on(id), say))
			},
			"too large for so many": func(id int) {
				text := strings.Repeat("x", 600<<10)
				_, err := h.Attach(h.as(operator), id, reply.Upload{Name: "a.txt", MediaType: "text/plain", Size: int64(len(text)), SHA256: string(h.keep(text)), Scan: replyfile.ScanClean})
				require.NoError(t, err)
				say := h.saying(id, "<p>x</p>")
				say.Cc = []pec.Address{{Address: "due@posta.example"}}
				require.NoError(t, h.Save(h.as(operator), h.on(id), say))
			},
			"a virus": func(id int) {
				_, err := h.Attach(h.as(operator), id, reply.Upload{Name: "a.txt", MediaType: "text/plain", SHA256: string(h.keep("v")), Size: 1, Scan: replyfile.ScanInfected, Found: "Eicar"})
				require.NoError(t, err)
			},
		} {
			id := h.answer(operator, c, m)
			spoil(id)
			require.Equal(t, casework.Invalid, refused(t, h.Send(h.as(operator), h.on(id), true)), name)
			require.Equal(t, entreply.StateDraft, h.read(id).State)
			p, err := h.Preview(h.as(operator), id)
			require.NoError(t, err)
			require.NotEmpty(t, p.Problems, name)
		}
	})
}

// Where a scanner is configured, what it has not seen does not leave.
func TestUnscannedFilesStay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHall(t, db, func(o *reply.Options) { o.Scanned = true })
		c, m := h.received()
		id := h.answer(operator, c, m)
		_, err := h.Attach(h.as(operator), id, reply.Upload{Name: "a.txt", MediaType: "text/plain", SHA256: string(h.keep("v")), Size: 1, Scan: replyfile.ScanNone})
		require.NoError(t, err)
		require.Equal(t, casework.Invalid, refused(t, h.Send(h.as(operator), h.on(id), false)))
	})
}

// Two have to approve, each somebody else, and none who sent it off; with the
// last one it leaves.
func TestApprovalByTwo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.needs(2)
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.Equal(t, entreply.StateWaiting, h.read(id).State)
		require.Nil(t, h.read(id).MessageID)
		require.Equal(t, []string{"to-approve"}, h.letters(head))
		require.Equal(t, casework.Forbidden, refused(t, h.Approve(h.as(operator), h.on(id), "")), "not who wrote it")
		require.Equal(t, casework.Forbidden, refused(t, h.Approve(h.as(other), h.on(id), "")), "no operator")
		require.Equal(t, casework.NotFound, refused(t, h.Approve(h.as(outsider), h.on(id), "")))
		require.NoError(t, h.Approve(h.as(head), h.on(id), "bene"))
		require.Equal(t, casework.Forbidden, refused(t, h.Approve(h.as(head), h.on(id), "")), "not the same twice")
		require.Equal(t, entreply.StateWaiting, h.read(id).State)
		require.NoError(t, h.Approve(h.as(above), h.on(id), ""))
		require.Equal(t, entreply.StateQueued, h.read(id).State)
		require.Equal(t, h.people[operator], *h.read(id).SubmittedByID)
		require.Equal(t, []event.Kind{event.ReplyStarted, event.ReplySubmitted, event.ReplyApproved, event.ReplyApproved, event.ReplyQueued}, h.told(id))
	})
}

// What waits for approval can be had back: by its author, and by who said yes
// already. It begins anew then.
func TestHavingBackWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.needs(2)
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.Equal(t, casework.Illegal, refused(t, h.Withdraw(h.as(operator), id)), "a draft was not sent off")
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.NoError(t, h.Approve(h.as(head), h.on(id), ""))
		require.Equal(t, casework.NotFound, refused(t, h.Withdraw(h.as(outsider), id)))
		require.NoError(t, h.Withdraw(h.as(operator), id))
		require.Equal(t, entreply.StateDraft, h.read(id).State)
		require.Equal(t, casefile.StatusInProgress, h.caseOf(id).Status)

		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.NoError(t, h.Approve(h.as(head), h.on(id), ""))
		require.NoError(t, h.SendBack(h.as(head), h.on(id), "ho visto tardi un errore"))
		require.Equal(t, entreply.StateDraft, h.read(id).State)

		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.NoError(t, h.Approve(h.as(above), h.on(id), ""))
		require.Equal(t, entreply.StateWaiting, h.read(id).State, "what was said before does not count")
	})
}

// A head who sends off has another one approve; alone, the head above.
func TestWhoIsAskedToApprove(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.needs(1)
		c, m := h.received()
		id := h.answer(head, c, m)
		require.NoError(t, h.Send(h.as(head), h.on(id), false))
		require.Equal(t, []string{"to-approve"}, h.letters(deputy))
		require.Empty(t, h.letters(above))
		require.Equal(t, casework.Forbidden, refused(t, h.Approve(h.as(head), h.on(id), "")))
		require.NoError(t, h.SendBack(h.as(deputy), h.on(id), "manca la data"))
		require.Equal(t, []string{"sent-back"}, h.letters(head))
		require.Equal(t, entreply.StateDraft, h.read(id).State)
		require.Equal(t, casework.ReasonNeeded, refused(t, h.SendBack(h.as(deputy), h.on(id), " ")))
	})
}

// What was approved is what leaves: any change voids it, whoever makes it.
func TestAChangeVoidsTheApproval(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.needs(2)
		c, m := h.received()
		id := h.answer(operator, c, m)
		holds := func() int {
			return h.db.Client().ReplyApproval.Query().Where(replyapproval.ReplyID(id), replyapproval.Void(false)).CountX(system())
		}
		require.NoError(t, h.Send(h.as(operator), h.on(id), false))
		require.NoError(t, h.Approve(h.as(head), h.on(id), ""))
		require.Equal(t, 1, holds())
		seen := h.on(id)
		require.NoError(t, h.Save(h.as(deputy), seen, h.saying(id, "<p>meglio così</p>")), "who approves may edit")
		require.Zero(t, holds())
		require.Equal(t, entreply.StateWaiting, h.read(id).State)
		require.Equal(t, casework.Stale, refused(t, h.Approve(h.as(above), seen, "")), "of what it said before")
		require.NoError(t, h.Approve(h.as(deputy), h.on(id), ""))
		require.Equal(t, casework.Forbidden, refused(t, h.Save(h.as(other), h.on(id), h.saying(id, "x"))))
		_, err := h.Attach(h.as(operator), id, reply.Upload{Name: "a.txt", MediaType: "text/plain", SHA256: string(h.keep("v")), Size: 1, Scan: replyfile.ScanClean})
		require.NoError(t, err)
		require.Zero(t, holds())
		require.Equal(t, entreply.StateDraft, h.read(id).State, "its author took it back by changing it")
		require.Contains(t, h.told(id), event.ReplyVoided)
		require.Equal(t, casework.Illegal, refused(t, h.Approve(h.as(head), h.on(id), "")))
	})
}

// What is uncertain is decided by a person when the provider should have spoken.
func TestDecidingWhatIsUncertain(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		uncertain := func() int {
			id := h.answer(operator, c, m)
			require.NoError(t, h.Send(h.as(operator), h.on(id), true))
			h.write(func(ctx context.Context, tx *ent.Tx) {
				tx.Reply.UpdateOneID(id).SetState(entreply.StateUncertain).SetOutgoingID(m).SetDotAt(h.now()).SetAttempts(1).ExecX(ctx)
			})
			return id
		}
		id := uncertain()
		require.Equal(t, casework.Unavailable, refused(t, h.Decide(h.as(operator), id, reply.Resend)), "the acceptance may still come")
		require.Equal(t, h.now().Add(track.AcceptanceWithin), reply.DecidableAt(h.read(id)).UTC())
		require.Equal(t, casework.Forbidden, refused(t, h.Decide(h.as(other), id, reply.Resend)))
		h.pass(track.AcceptanceWithin + time.Minute)
		was := h.read(id)
		require.NoError(t, h.Decide(h.as(operator), id, reply.Resend))
		r := h.read(id)
		require.Equal(t, []any{entreply.StateQueued, *was.MessageID, was.Digest}, []any{r.State, *r.MessageID, r.Digest}, "the same message")
		require.Equal(t, casework.Illegal, refused(t, h.Withdraw(h.as(operator), id)), "it may have left before")
		require.NoError(t, h.Decide(h.as(operator), id, reply.GiveUp))
		require.Equal(t, entreply.StateRefused, h.read(id).State)
		require.Equal(t, casefile.StatusInProgress, h.caseOf(id).Status)
		again, err := h.Again(h.as(operator), id)
		require.NoError(t, err)
		require.Equal(t, h.read(id).HTML, h.read(again).HTML)
		require.Equal(t, entreply.StateDraft, h.read(again).State)
	})
}

// A hundred press the button at once: it is queued once.
func TestManyPressSend(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		on, who := h.on(id), h.as(operator)
		results := make(chan error)
		const many = 20
		for range many {
			go func() { results <- h.Send(who, on, false) }()
		}
		done := 0
		for range many {
			if err := <-results; err == nil {
				done++
			} else {
				require.Contains(t, []casework.Code{casework.Illegal, casework.Stale}, refused(t, err))
			}
		}
		require.Equal(t, 1, done)
		require.Equal(t, []event.Kind{event.ReplyStarted, event.ReplyQueued}, h.told(id))
	})
}
