package server

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

type troubleShown struct {
	Kind, Reason string
	Attempts     int
	Mailbox      *struct{ Address string }
	Office       *struct{ Code string }
	Person       *struct{ Name string }
	Entry        *struct{ ID string }
	Case         *struct{ Number string }
	Reply        *struct{ Subject string }
	Remedies     []string
}

// troubles asks for them; nil where they are not for who asks.
func (w *world) troubles() []troubleShown {
	w.t.Helper()
	var data struct {
		Troubles *struct {
			List []troubleShown
			More bool
		}
	}
	answer := w.get(`{ troubles { more list { kind since attempts reason mailbox { address } office { code } person { name } entry { id } case { number } reply { subject } remedies } } }`, nil)
	require.NoError(w.t, json.Unmarshal([]byte(answer), &data))
	if data.Troubles == nil {
		return nil
	}
	require.False(w.t, data.Troubles.More)
	return data.Troubles.List
}

// everyTrouble makes one of each kind, and beside each something that is none.
func (w *world) everyTrouble(office *ent.Office, box *ent.Mailbox, person int) *ent.CaseFile {
	w.t.Helper()
	c, mail := w.arrives(box, office, 0)
	now := time.Now().UTC().Truncate(time.Microsecond)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.Mailbox.UpdateOneID(box.ID).SetHealth(mailbox.HealthFailing).SetFailingSince(now.Add(-7 * time.Hour)).SetLastError("il server non risponde").ExecX(ctx)
		folder := tx.Folder.Query().FirstX(ctx)
		for i, s := range []ledgerentry.State{ledgerentry.StateQuarantined, ledgerentry.StateSeen} {
			tx.LedgerEntry.Create().SetFolderID(folder.ID).SetUIDValidity(1).SetUID(uint32(i + 1)).SetState(s).SetAttempts(3).SetReason("rotto").SetChangedAt(now.Add(-6 * time.Hour)).SaveX(ctx)
		}
		for i, s := range []reply.State{reply.StateUncertain, reply.StateRefused, reply.StateRefused, reply.StateQueued, reply.StateQueued, reply.StateSent, reply.StateDraft} {
			edited := now.Add(-time.Duration(5-i) * time.Hour)
			if i == 2 {
				edited = now.AddDate(0, 0, -31)
			}
			row := tx.Reply.Create().SetCaseID(c.ID).SetManner("NEW").SetMailboxID(box.ID).SetState(s).SetSubject("segreto").SetLastError("segreto: 550 a chi").
				SetAuthorID(person).SetCreatedAt(now).SetEditedByID(person).SetEditedAt(edited).SetAttempts(map[bool]int{true: 2}[i < 4])
			if i == 5 {
				row.SetOutgoingID(mail.ID)
			}
			row.SaveX(ctx)
		}
		tx.Recipient.Create().SetMessageID(mail.ID).SetAddress("segreto@pec.example").SetMissing(recipient.MissingDelivery).SaveX(ctx)
		tx.Recipient.Create().SetMessageID(mail.ID).SetAddress("giunto@pec.example").SaveX(ctx)
		for i, s := range []notice.State{notice.StateFailed, notice.StateSent} {
			tx.Notice.Create().SetKey(fmt.Sprint(i)).SetUserID(person).SetCaseID(c.ID).SetKind("assigned").SetItem([]byte(`{"subject":"segreto"}`)).
				SetCreatedAt(now.Add(-30 * time.Minute)).SetSendAt(now).SetState(s).SetAttempts(4).SetLastError("the letter was\nrefused").SaveX(ctx)
		}
		return []event.Entry{{Kind: event.ReceiptMissing, Case: c.ID, Message: mail.ID}}
	})
	return c
}

// TestWhatKeepsFailingIsGathered: each kind once, with what can be done, for the
// administrator, who learns where it fails and neither which case nor what it says.
func TestWhatKeepsFailingIsGathered(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		box := w.mailbox("tributi@comune.example", office)
		admin, id := w.someone("amministra", staff.Roles{Administrator: true}, nil, "")
		both, _ := w.someone("entrambi", staff.Roles{Administrator: true}, office, membership.RoleHead)
		for _, roles := range []staff.Roles{{Sorter: true}, {Auditor: true}} {
			other, _ := w.someone(fmt.Sprintf("altri-%v", roles.Sorter), roles, office, membership.RoleHead)
			require.Nil(t, other.troubles())
		}
		require.Empty(t, admin.troubles())
		c := w.everyTrouble(office, box, id)
		list := admin.troubles()
		var kinds []string
		for _, one := range list {
			kinds = append(kinds, one.Kind)
			require.Nil(t, one.Case, one.Kind)
			require.Nil(t, one.Reply, one.Kind)
			require.NotEmpty(t, one.Reason, one.Kind)
			require.NotContains(t, one.Reason, "segreto")
			require.NotContains(t, one.Reason, "\n")
			if one.Kind != "NOTICE_FAILED" {
				require.Equal(t, "tributi@comune.example", one.Mailbox.Address)
			} else {
				require.Equal(t, "amministra", one.Person.Name)
				require.Equal(t, 4, one.Attempts)
			}
		}
		require.Equal(t, []string{"RECEIPT_MISSING", "NOTICE_FAILED", "REPLY_DELAYED", "REPLY_REFUSED", "REPLY_UNCERTAIN", "MESSAGE_SET_ASIDE", "MAILBOX_FAILING"}, kinds, "the newest first")
		require.Equal(t, []string{"RETRY"}, list[5].Remedies)
		require.Equal(t, 3, list[5].Attempts)
		require.NotNil(t, list[5].Entry)
		require.Equal(t, "receipts are missing of 1 recipients", list[0].Reason)
		require.Equal(t, []string{"DECIDE"}, list[4].Remedies)
		require.Equal(t, 2, list[4].Attempts)
		for _, one := range both.troubles() {
			switch one.Kind {
			case "RECEIPT_MISSING", "REPLY_DELAYED", "REPLY_REFUSED", "REPLY_UNCERTAIN":
				require.Equal(t, c.Number, one.Case.Number, "who sees the case is led to it")
				require.Equal(t, "segreto", one.Reply.Subject)
				require.Equal(t, "tributi", one.Office.Code)
			}
		}
	})
}

// retried notes which entries it was given.
type retried struct{ entries []int }

func (r *retried) Retry(_ context.Context, entry int) error {
	r.entries = append(r.entries, entry)
	return nil
}

// TestWhoTriesAgain: administrators, what is set aside, and nothing else.
func TestWhoTriesAgain(t *testing.T) {
	t.Parallel()
	again := &retried{}
	w := newWorld(t, func(d *Deps) { d.Quarantine = again })
	office := w.office("tributi")
	admin, id := w.someone("amministra", staff.Roles{Administrator: true}, nil, "")
	desk, _ := w.someone("smista", staff.Roles{Sorter: true}, nil, "")
	w.everyTrouble(office, w.mailbox("tributi@comune.example", office), id)
	rows := w.db.Client().LedgerEntry.Query().Order(ledgerentry.ByID()).AllX(w.ctx())
	command := func(row int) string {
		return fmt.Sprintf(`mutation { told: quarantineRetry(input: {entryId: %q}) { entry { state } userErrors { code } } }`, idOf("LedgerEntry", row))
	}
	require.JSONEq(t, `{"told":{"entry":{"state":"QUARANTINED"},"userErrors":[]}}`, admin.get(command(rows[0].ID), nil))
	require.JSONEq(t, `{"told":{"entry":{"state":"SEEN"},"userErrors":[{"code":"NOT_FOUND"}]}}`, admin.get(command(rows[1].ID), nil))
	require.JSONEq(t, `{"told":{"entry":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, admin.get(command(999), nil))
	require.JSONEq(t, `{"told":{"entry":{"state":"QUARANTINED"},"userErrors":[{"code":"FORBIDDEN"}]}}`, desk.get(command(rows[0].ID), nil))
	require.Equal(t, []int{rows[0].ID}, again.entries)
}
