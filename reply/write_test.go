package reply_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/ent/replyversion"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/reply"
)

// An answer goes to who wrote, from the mailbox that received the PEC, under a
// quote of it; to all, our own mailboxes apart; a forward to nobody yet, with all
// that was attached.
func TestWhatADraftBeginsWith(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		r := h.read(h.answer(operator, c, m))
		require.Equal(t, []pec.Address{{Name: "Mario Rossi", Address: rossi}}, r.To)
		require.Empty(t, r.Cc)
		require.Equal(t, "Re: Richiesta", r.Subject)
		require.Contains(t, r.HTML, "Si chiede riscontro.")
		require.Contains(t, r.HTML, "Mario Rossi")
		require.Equal(t, h.boxes[protocollo], r.MailboxID)
		require.Equal(t, entreply.StateDraft, r.State)

		all, err := h.Start(h.as(operator), c, m, entreply.MannerReplyAll)
		require.NoError(t, err)
		require.Equal(t, []pec.Address{{Address: "altri@posta.example"}, {Address: "terzi@posta.example"}}, h.read(all).Cc)
		forward, err := h.Start(h.as(operator), c, m, entreply.MannerForward)
		require.NoError(t, err)
		require.Empty(t, h.read(forward).To)
		require.Equal(t, "I: Richiesta", h.read(forward).Subject)
		require.False(t, h.read(forward).Concludes)
		along := h.db.Client().ReplyFile.Query().Where(replyfile.ReplyID(forward)).AllX(system())
		require.Len(t, along, 1, "what was attached goes along")
		require.Equal(t, h.db.Client().Attachment.Query().Where(attachment.MessageID(m)).OnlyIDX(system()), *along[0].AttachmentID)
		require.Zero(t, h.db.Client().ReplyFile.Query().Where(replyfile.ReplyID(all)).CountX(system()))
		require.Equal(t, []event.Kind{event.ReplyStarted}, h.told(all))
	})
}

// A PEC that answers nothing has a case of its own, which its author has.
func TestAPECOfOurOwn(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		id, err := h.StartNew(h.as(operator), h.office, h.boxes[tributi], " Avviso\r\nBcc: x ")
		require.NoError(t, err)
		c := h.caseOf(id)
		require.Equal(t, []any{h.people[operator], h.office, "Avviso Bcc: x", "IN_PROGRESS"}, []any{*c.AssigneeID, *c.OfficeID, c.Subject, string(c.Status)})
		for box, code := range map[string]casework.Code{"edilizia@comune.example": casework.Invalid, "muta@comune.example": casework.Invalid} {
			_, err = h.StartNew(h.as(operator), h.office, h.boxes[box], "x")
			require.Equal(t, code, refused(t, err), box)
		}
		_, err = h.StartNew(h.as(outsider), h.office, h.boxes[tributi], "x")
		require.Equal(t, casework.Forbidden, refused(t, err))
	})
}

// Whoever reads the case writes on it, as far as the table says; for others
// there is no such reply.
func TestWhoWrites(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		for who, code := range map[string]casework.Code{outsider: casework.NotFound, above: casework.Forbidden} {
			require.Equal(t, code, refused(t, h.Save(h.as(who), h.on(id), h.saying(id, "<p>mio</p>"))), who)
			_, err := h.Start(h.as(who), c, m, entreply.MannerReply)
			require.Equal(t, code, refused(t, err), who)
			_, err = h.Attach(h.as(who), id, reply.Upload{Name: "x", MediaType: "text/plain", SHA256: "x", Scan: replyfile.ScanNone})
			require.Equal(t, code, refused(t, err), who)
		}
		require.NoError(t, h.Save(h.as(other), h.on(id), h.saying(id, "<p>di un collega</p>")))
		require.Equal(t, casework.Forbidden, refused(t, h.Send(h.as(other), h.on(id), false)), "who has not the case does not send")
		_, err := h.Preview(h.as(outsider), id)
		require.Equal(t, casework.NotFound, refused(t, err))
		_, err = h.Preview(h.as(above), id)
		require.NoError(t, err)
	})
}

// Two people in one draft see each other, and neither overwrites what he has not seen.
func TestTwoPeopleInOneDraft(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		seen := h.on(id)
		require.NoError(t, h.Open(h.as(operator), id))
		require.NoError(t, h.Open(h.as(other), id))
		require.NoError(t, h.Open(h.as(other), id))
		require.Equal(t, []event.Kind{event.ReplyStarted, event.ReplyOpened, event.ReplyOpened}, h.told(id), "who is there already is not told again")

		require.NoError(t, h.Save(h.as(other), seen, h.saying(id, "<p>del collega</p>")))
		err := h.Save(h.as(operator), seen, h.saying(id, "<p>mio</p>"))
		require.Equal(t, casework.Stale, refused(t, err))
		require.ErrorContains(t, err, other, "it is said who changed it")
		require.Contains(t, h.read(id).HTML, "del collega")
		require.NoError(t, h.Leave(h.as(other), id))
		h.pass(reply.PresenceTime + time.Second)
		require.NoError(t, h.Open(h.as(operator), id))
		require.Equal(t, event.ReplyOpened, h.told(id)[len(h.told(id))-1])
	})
}

// What is saved as it is typed is one version for each stretch of writing of one
// person.
func TestVersionsAreKept(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		save := func(who, text string) { require.NoError(t, h.Save(h.as(who), h.on(id), h.saying(id, text))) }
		for range 30 {
			h.pass(2 * time.Second)
			save(operator, "<p>bozza</p>")
		}
		save(other, "<p>sua</p>")
		save(operator, "<p>mia</p>")
		h.pass(time.Hour)
		save(operator, "<p>dopo pranzo</p>")
		rows := h.db.Client().ReplyVersion.Query().Where(replyversion.ReplyID(id)).Order(replyversion.ByNumber()).AllX(system())
		require.Len(t, rows, 4)
		require.Equal(t, 31, rows[0].Number)
		require.Contains(t, string(rows[1].Content), "sua")
		require.Equal(t, h.read(id).Version, rows[3].Number)
	})
}

// What is written is cleaned on the way in.
func TestWhatIsKeptIsClean(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		say := h.saying(id, `<p onclick="x()">ciao<script>alert(1)</script><img src="https://spia.example/p.gif"></p>`)
		say.Subject, say.To = "Re:\r\nBcc: spia@x.example", []pec.Address{{Name: "A\r\nB", Address: " a@b.example "}, {Address: " "}}
		require.NoError(t, h.Save(h.as(operator), h.on(id), say))
		r := h.read(id)
		require.NotContains(t, r.HTML+r.Subject+r.To[0].Name, "script")
		require.NotContains(t, r.HTML, "spia")
		require.Equal(t, "Re: Bcc: spia@x.example", r.Subject)
		require.Equal(t, []pec.Address{{Name: "A B", Address: "a@b.example"}}, r.To)
		say.HTML = strings.Repeat("x", 3<<20)
		require.Equal(t, casework.Invalid, refused(t, h.Save(h.as(operator), h.on(id), say)))
	})
}

// Files are uploaded, or taken over from the case, and only from that.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		a := h.db.Client().Attachment.Query().FirstIDX(system())
		took, err := h.TakeOver(h.as(operator), id, a)
		require.NoError(t, err)
		f := h.db.Client().ReplyFile.GetX(system(), took)
		require.Equal(t, "atto_1.pdf", strings.ReplaceAll(f.Name, " ", "_"))
		opened, err := h.OpenFile(h.t.Context(), f)
		require.NoError(t, err)
		require.NoError(t, opened.Close())

		other, om := h.received()
		foreign := h.answer(operator, other, om)
		_, err = h.TakeOver(h.as(operator), foreign, a)
		require.Equal(t, casework.Invalid, refused(t, err), "of another case")

		text := "contenuto"
		up, err := h.Attach(h.as(operator), id, reply.Upload{Name: "../../etc/passwd\x00.txt", MediaType: "text/plain", Size: int64(len(text)), SHA256: string(h.keep(text)), Scan: replyfile.ScanClean})
		require.NoError(t, err)
		require.NotContains(t, h.db.Client().ReplyFile.GetX(system(), up).Name, "/")
		require.NoError(t, h.RemoveFile(h.as(operator), took))
		require.Equal(t, 1, h.db.Client().ReplyFile.Query().Where(replyfile.ReplyID(id)).CountX(system()))
		require.Equal(t, casework.NotFound, refused(t, h.RemoveFile(h.as(outsider), up)))
	})
}

// The bin gives back what was thrown into it.
func TestDiscardAndRestore(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		require.NoError(t, h.Discard(h.as(operator), h.on(id)))
		require.Equal(t, casework.Illegal, refused(t, h.Save(h.as(operator), h.on(id), h.saying(id, "x"))))
		require.Equal(t, casework.Illegal, refused(t, h.Send(h.as(operator), h.on(id), false)))
		require.NoError(t, h.Restore(h.as(operator), h.on(id)))
		require.Equal(t, entreply.StateDraft, h.read(id).State)
	})
}

// A colleague who has taken charge of the case is not written over.
func TestAClaimHolds(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		c, m := h.received()
		id := h.answer(operator, c, m)
		h.write(func(ctx context.Context, tx *ent.Tx) {
			tx.CaseFile.UpdateOneID(c).SetClaimedByID(h.people[other]).SetClaimedUntil(h.now().Add(time.Minute)).ExecX(ctx)
		})
		require.Equal(t, casework.Claimed, refused(t, h.Save(h.as(operator), h.on(id), h.saying(id, "x"))))
		require.NoError(t, h.Save(h.as(other), h.on(id), h.saying(id, "<p>x</p>")))
	})
}
