package desk

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
)

func uids(entries []Entry) (list []uint32) {
	for _, e := range entries {
		list = append(list, e.UID)
	}
	return list
}

func TestTheLedgerKeepsWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		l := o.Ledger()
		state, err := l.Folder(o.ctx, protocollo, "INBOX")
		require.NoError(t, err)
		require.Zero(t, state)
		at := time.Now().UTC().Truncate(time.Second)
		require.NoError(t, l.SaveFolder(o.ctx, protocollo, "INBOX", FolderState{7, 40, 12, at, true}))
		state, err = l.Folder(o.ctx, protocollo, "INBOX")
		require.NoError(t, err)
		require.True(t, at.Equal(state.Reconciled))
		require.True(t, state.Sent)
		require.Equal(t, [3]uint32{7, 40, 12}, [3]uint32{state.UIDValidity, state.UIDNext, state.Exists})

		require.NoError(t, l.Seen(o.ctx, protocollo, "INBOX", 7, []uint32{1, 2, 3, 4294967295}))
		require.NoError(t, l.Seen(o.ctx, protocollo, "INBOX", 7, []uint32{2, 3, 5}), "known ones stay")
		require.NoError(t, l.Seen(o.ctx, tributi, "INBOX", 7, []uint32{9}))
		require.NoError(t, l.Seen(o.ctx, protocollo, "INBOX", 8, []uint32{10}))
		waiting, err := l.Pending(o.ctx, protocollo, "INBOX", 7, 1, 3)
		require.NoError(t, err)
		require.Equal(t, []uint32{2, 3, 5}, uids(waiting))
		require.Equal(t, Ref{protocollo, "INBOX", 7, 2}, waiting[0].Ref)
		waiting, err = l.Pending(o.ctx, protocollo, "INBOX", 7, 5, 3)
		require.NoError(t, err)
		require.Equal(t, []uint32{4294967295}, uids(waiting))
	})
}

func TestAttemptsAreCountedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		l, r := o.Ledger(), Ref{protocollo, "INBOX", 7, 2}
		require.NoError(t, l.Seen(o.ctx, protocollo, "INBOX", 7, []uint32{2}))
		for want := 1; want <= 3; want++ {
			n, err := l.Begin(o.ctx, r)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
		require.NoError(t, l.Release(o.ctx, r))
		waiting, err := l.Pending(o.ctx, protocollo, "INBOX", 7, 0, 10)
		require.NoError(t, err)
		require.Equal(t, 2, waiting[0].Attempts)
	})
}

func TestAQuarantinedUIDIsVisibleAndNoLongerWaits(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		l, r := o.Ledger(), Ref{protocollo, "INBOX", 7, 2}
		require.NoError(t, l.Seen(o.ctx, protocollo, "INBOX", 7, []uint32{1, 2}))
		for range 2 {
			require.NoError(t, l.Quarantine(o.ctx, r, "the server gives other bytes each time"))
		}
		known, err := l.Known(o.ctx, protocollo, "INBOX", 7, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []Known{{1, Waiting}, {2, Quarantined}}, known)
		waiting, err := l.Pending(o.ctx, protocollo, "INBOX", 7, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []uint32{1}, uids(waiting))
		told := o.told(event.MessageQuarantined)
		require.Len(t, told, 1)
		require.Equal(t, event.Details{Reason: "the server gives other bytes each time", Folder: "INBOX", UIDValidity: 7, UID: 2}, told[0].Details)

		raw := o.pec(istanza, "id1@gestore.example")
		require.NoError(t, o.deliverAs(Ref{protocollo, "INBOX", 7, 1}, raw))
		require.NoError(t, l.Quarantine(o.ctx, Ref{protocollo, "INBOX", 7, 1}, "too late"), "what is archived stays archived")
		known, err = l.Known(o.ctx, protocollo, "INBOX", 7, 0, 1)
		require.NoError(t, err)
		require.Equal(t, []Known{{1, Archived}}, known)
	})
}

func TestAGapIsAnAlarmAndFiguresAreKept(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		l := o.Ledger()
		require.NoError(t, l.Reconciled(o.ctx, protocollo, "INBOX", Reconciliation{At: time.Now(), UIDValidity: 7, OnServer: 10}))
		require.Empty(t, o.told(event.MailboxGap))
		require.NoError(t, l.Reconciled(o.ctx, protocollo, "INBOX", Reconciliation{
			At: time.Now(), UIDValidity: 7, OnServer: 12, Archived: 8, Quarantined: 3, Waiting: 1, Missing: 2, Gone: 4}))
		told := o.told(event.MailboxGap)
		require.Len(t, told, 1)
		require.Equal(t, 2, told[0].Details.Count)
		f, err := o.folder(o.ctx, protocollo, "INBOX")
		require.NoError(t, err)
		require.Equal(t, []int{12, 8, 3, 1, 2, 4}, []int{f.OnServer, f.Archived, f.Quarantined, f.Waiting, f.Missing, f.Gone})
	})
}

func TestNumbersTakenBackAreForgottenAndTheOldRowsKept(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		l := o.Ledger()
		raw := o.pec(istanza, "id1@gestore.example")
		require.NoError(t, o.deliverAs(Ref{protocollo, "INBOX", 7, 1}, raw))
		require.NoError(t, l.Renumbered(o.ctx, protocollo, "INBOX", 7, 7))
		known, err := l.Known(o.ctx, protocollo, "INBOX", 7, 0, 10)
		require.NoError(t, err)
		require.Empty(t, known)
		require.NoError(t, o.deliverAs(Ref{protocollo, "INBOX", 7, 1}, raw), "the same number may mean another message now")
		require.Equal(t, 2, o.Client.LedgerEntry.Query().CountX(o.ctx), "nothing of the books is thrown away")
		require.Equal(t, 1, o.cases())
		require.NoError(t, l.Renumbered(o.ctx, protocollo, "INBOX", 7, 8))
		known, err = l.Known(o.ctx, protocollo, "INBOX", 7, 0, 10)
		require.NoError(t, err)
		require.Len(t, known, 1, "under another UIDVALIDITY the old numbers stay what they were")
		require.Len(t, o.told(event.MailboxRenumbered), 2)
	})
}

func TestAMessageThatBreaksTheParserIsSetAsideAndReplayed(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		whole := o.read
		o.read = func(context.Context, archive.Blob, pec.Options) (*pec.Message, error) { panic("index out of range") }
		o.collect(protocollo, "INBOX", raw)
		e := o.Client.LedgerEntry.Query().OnlyX(o.ctx)
		require.Equal(t, ledgerentry.StateQuarantined, e.State)
		require.Contains(t, e.Reason, "index out of range")
		require.Equal(t, digestOf(raw), e.Digest)
		require.Len(t, o.told(event.MessageQuarantined), 1)
		got, err := o.Import(o.ctx, "", false, strings.NewReader("x"))
		require.NoError(t, err)
		require.NotEmpty(t, got.Quarantined)

		done, err := o.Replay(o.ctx)
		require.NoError(t, err)
		require.Equal(t, Replayed{Still: 1}, done)
		o.read = whole
		require.NoError(t, o.Ledger().Seen(o.ctx, protocollo, "INBOX", 1, []uint32{50}))
		require.NoError(t, o.Ledger().Quarantine(o.ctx, Ref{protocollo, "INBOX", 1, 50}, "never came whole"))
		done, err = o.Replay(o.ctx)
		require.NoError(t, err)
		require.Equal(t, Replayed{TakenIn: 1, Waiting: 1}, done)
		require.NotNil(t, o.message(raw).Edges.Case)
		require.Len(t, o.told(event.MessageReplayed), 1)
		waiting, err := o.Ledger().Pending(o.ctx, protocollo, "INBOX", 1, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []Entry{{Ref{protocollo, "INBOX", 1, 50}, 0}}, waiting)
		done, err = o.Replay(o.ctx)
		require.NoError(t, err)
		require.Zero(t, done)
	})
}

// TestOneMessageIsTriedAgain, and no other: an archived one at once, one that never
// came whole by the collector.
func TestOneMessageIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		whole := o.read
		o.read = func(context.Context, archive.Blob, pec.Options) (*pec.Message, error) { panic("index out of range") }
		o.collect(protocollo, "INBOX", raw)
		require.NoError(t, o.Ledger().Seen(o.ctx, protocollo, "INBOX", 1, []uint32{50, 51}))
		for _, uid := range []uint32{50, 51} {
			require.NoError(t, o.Ledger().Quarantine(o.ctx, Ref{protocollo, "INBOX", 1, uid}, "never came whole"))
		}
		entry := func(uid uint32) *ent.LedgerEntry {
			return o.Client.LedgerEntry.Query().Where(ledgerentry.UID(uid)).OnlyX(o.ctx)
		}
		archived := o.Client.LedgerEntry.Query().Where(ledgerentry.DigestNEQ("")).OnlyX(o.ctx)
		ctx := guard.NewContext(o.ctx, guard.Someone(guard.Person{ID: 1, Administrator: true, Scopes: guard.All}))
		require.NoError(t, o.Retry(ctx, archived.ID))
		require.Equal(t, ledgerentry.StateQuarantined, entry(archived.UID).State, "it fails again")
		o.read = whole
		require.NoError(t, o.Retry(ctx, archived.ID))
		require.Equal(t, ledgerentry.StateArchived, entry(archived.UID).State)
		require.Len(t, o.told(event.MessageReplayed), 1)
		require.NoError(t, o.Retry(ctx, entry(50).ID))
		require.Equal(t, ledgerentry.StateSeen, entry(50).State)
		require.Equal(t, ledgerentry.StateQuarantined, entry(51).State)
		require.NoError(t, o.Retry(ctx, archived.ID), "what is taken in stays so")
		require.NoError(t, o.Retry(ctx, 1<<40), "there is none")
		require.Len(t, o.told(event.MessageReplayed), 1)
	})
}

// TestAMessageThatKillsTheProcessLeadsToItsOriginal: nobody is there to record
// why, but the second attempt has noted the digest before reading.
func TestAMessageThatKillsTheProcessLeadsToItsOriginal(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		ref := Ref{protocollo, "INBOX", 1, 1}
		for range 2 {
			_, err := o.Ledger().Begin(o.ctx, ref)
			require.NoError(t, err)
			ctx, die := context.WithCancel(o.ctx)
			o.read = func(ctx context.Context, _ archive.Blob, _ pec.Options) (*pec.Message, error) {
				die()
				return nil, ctx.Err()
			}
			require.ErrorIs(t, o.Receive(ctx, Arrival{Ref: ref}, bytes.NewReader(raw)), context.Canceled)
		}
		require.NoError(t, o.Ledger().Quarantine(o.ctx, ref, "the program ended three times while reading it"))
		e := o.Client.LedgerEntry.Query().OnlyX(o.ctx)
		require.Equal(t, digestOf(raw), e.Digest)
	})
}
