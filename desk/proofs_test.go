package desk

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/track"
)

// reached is what is known of the one recipient of a message of ours.
func (o *hall) reached(m *ent.Message) *ent.Recipient {
	o.t.Helper()
	r, err := o.Client.Recipient.Query().Where(recipient.MessageID(m.ID)).Only(o.ctx)
	require.NoError(o.t, err)
	return r
}

// What was sent by another program is found in its folder, and its receipts say
// how far it came, in whatever order they and the copy are collected.
func TestReceiptsSayHowFarItCame(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		steps := []func(){
			func() { o.sentFolder(nostra.raw()) },
			func() { o.inbox(o.receipt(nostra, pec.Acceptance, "id7@gestore.example")) },
			func() {
				o.inbox(o.letter(nostra, pec.DeliveryWarning, "id7@gestore.example", "<w@gestore.example>", func(_ *envelope.Issuer, l *envelope.Letter) {
					l.Certified.ExtendedError = "4.4.7 - Gestore di prova - dodici ore"
				}))
			},
			func() { o.inbox(o.receipt(nostra, pec.Delivery, "id7@gestore.example")) },
		}
		r.Shuffle(len(steps), func(i, k int) { steps[i], steps[k] = steps[k], steps[i] })
		for _, s := range steps {
			s()
		}
		got := o.reached(o.message(nostra.raw()))
		require.Equal(t, recipient.StatusDelivered, got.Status)
		require.Equal(t, recipient.SystemCertified, got.System)
		require.NotNil(t, got.AcceptedAt)
		require.NotNil(t, got.WarnedAt)
		require.NotNil(t, got.DeliveredAt)
		require.Equal(t, "Gestore di prova", got.Provider)
		require.False(t, got.Differs, "the complete receipt holds what was sent")
		require.Empty(t, o.told(event.ReceiptDiffers))
		require.Equal(t, track.Never, got.LookAt.UTC(), "nothing is waited for")
	})
}

// A forged or altered receipt moves nothing, and those who wait for one hear of it.
func TestAForgedReceiptMovesNothingAndIsAnAlarm(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		_, foreign := authorities()
		stranger := func(is *envelope.Issuer, _ *envelope.Letter) { is.Identity = foreign.Provider("gestore.example") }
		o.inbox(o.letter(nostra, pec.Acceptance, "id7@gestore.example", "<f1@gestore.example>", stranger))
		o.inbox(altered(o.receipt(nostra, pec.Delivery, "id7@gestore.example")))
		o.inbox(replaced(o.receipt(nostra, pec.DeliveryError, "id8@gestore.example"), "multipart/signed", "multipart/mixed"))
		require.Equal(t, recipient.StatusPending, o.reached(sent).Status)
		alarms := o.told(event.ReceiptSuspect)
		require.Len(t, alarms, 3)
		for _, a := range alarms {
			require.Equal(t, sent.ID, a.Details.Of)
			require.NotEqual(t, "valid", a.Details.Verdict)
		}
	})
}

// A receipt of another message, genuine as it is, moves nothing of ours.
func TestAReceiptMovesOnlyWhatItCertifies(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		other := nostra
		other.id, other.from = "<n9@comune.example>", tributi
		o.inbox(o.receipt(other, pec.Delivery, "id9@gestore.example"))
		mine := nostra
		mine.from = tributi // our Message-ID under another sender
		o.inbox(o.receipt(mine, pec.Delivery, "id10@gestore.example"))
		require.Equal(t, recipient.StatusPending, o.reached(sent).Status)
	})
}

// A complete receipt that holds something else than what was sent is an alarm.
func TestAReceiptThatHoldsSomethingElse(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		another := nostra
		another.text = "Serve un altro documento."
		raw := another.raw()
		o.inbox(o.letter(nostra, pec.Delivery, "id7@gestore.example", "<d@gestore.example>", func(_ *envelope.Issuer, l *envelope.Letter) {
			l.Original = &envelope.Original{Content: bytes.NewReader(raw), Size: int64(len(raw))}
		}))
		got := o.reached(sent)
		require.Equal(t, recipient.StatusDelivered, got.Status, "the provider says that it was delivered")
		require.True(t, got.Differs)
		require.Len(t, o.told(event.ReceiptDiffers), 1)
	})
}

// A receipt that should have come is missed once, and what comes late is taken in.
func TestMissingReceiptsAreMissedOnce(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		ahead := time.Duration(0)
		watch := track.New(track.Options{Log: o.Log, Dossier: o.Dossier, Now: func() time.Time { return time.Now().Add(ahead) }})
		missed := func() int {
			t.Helper()
			for range 3 {
				_, err := watch.Watch(o.ctx, o.Client, 10)
				require.NoError(t, err)
			}
			return len(o.told(event.ReceiptMissing))
		}
		ahead = track.AcceptanceWithin - time.Minute
		require.Zero(t, missed())
		ahead = track.AcceptanceWithin + time.Minute
		require.Equal(t, 1, missed())
		require.Equal(t, recipient.MissingAcceptance, o.reached(sent).Missing)
		o.inbox(o.receipt(nostra, pec.Acceptance, "id7@gestore.example"))
		require.Equal(t, recipient.MissingNone, o.reached(sent).Missing)
		ahead = track.DeliveryWithin - time.Minute
		require.Equal(t, 1, missed())
		ahead = track.DeliveryWithin + time.Minute
		require.Equal(t, 2, missed())
		require.Equal(t, recipient.MissingDelivery, o.reached(sent).Missing)
		o.inbox(o.receipt(nostra, pec.Delivery, "id7@gestore.example"))
		require.Equal(t, recipient.MissingNone, o.reached(sent).Missing)
	})
}

// An ordinary address gives no receipt of delivery, and none is waited for.
func TestNoDeliveryIsWaitedForFromAnOrdinaryAddress(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		o.inbox(o.letter(nostra, pec.Acceptance, "id7@gestore.example", "<a@gestore.example>", func(_ *envelope.Issuer, l *envelope.Letter) {
			l.Certified.Recipients[0].Type = "esterno"
		}))
		got := o.reached(sent)
		require.Equal(t, recipient.SystemOrdinary, got.System)
		require.Equal(t, track.Never, got.LookAt.UTC())
	})
}

// What was refused at the door says so of every recipient.
func TestANonAcceptanceIsOfAllRecipients(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(nostra.raw())
		o.inbox(o.letter(nostra, pec.NonAcceptance, "id7@gestore.example", "<na@gestore.example>", func(_ *envelope.Issuer, l *envelope.Letter) {
			l.Certified.Error, l.Certified.ExtendedError = "altro", "5.7.1 - il campo To manca"
		}))
		got := o.reached(sent)
		require.Equal(t, recipient.StatusNotAccepted, got.Status)
		require.Contains(t, got.Reason, "5.7.1")
	})
}
