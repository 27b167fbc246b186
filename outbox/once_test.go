package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entevent "github.com/smista/smista/ent/event"
	entmailbox "github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	entoffice "github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/provider"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/store/storetest"
)

const (
	citizen = "anna.morandi@pec.cittadini.example"
	tries   = 15 // stories in an ordinary run; SMISTA_LONG=1 tells a thousand
)

// town is an office that writes, and the provider of the demo.
type town struct {
	t       *testing.T
	job     job
	world   *provider.Provider
	office  *office
	replies *reply.Replies
	who     context.Context
	place   int
	box     int
	r       *rand.Rand
}

func newTown(t *testing.T, url string, r *rand.Rand) *town {
	t.Helper()
	world, err := provider.Start(t.Context(), demo.Config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	j := job{URL: url, Data: t.TempDir(), Trust: t.TempDir(), IMAP: world.IMAPAddr(), SMTP: world.SMTPAddr()}
	require.NoError(t, world.SaveTrust(j.Trust))
	w := openTown(t, j, demo.Protocollo, r)
	w.world = world
	return w
}

// openTown makes an office that writes from one mailbox.
func openTown(t *testing.T, j job, box string, r *rand.Rand) *town {
	t.Helper()
	require.NoError(t, storetest.Open(t, j.URL).Close())
	o, err := j.open(t.Context(), &steps{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.db.Close()) })
	system := guard.NewContext(t.Context(), guard.System("prova"))
	require.NoError(t, o.desk.Configure(system, desk.Settings{
		Offices: []desk.OfficeSetting{{Code: "tributi", Name: "Ufficio Tributi"}}, Mailboxes: []desk.MailboxSetting{{Address: box, Sends: true}},
	}))
	w := &town{t: t, job: j, office: o, r: r}
	var person int
	require.NoError(t, o.log.Write(system, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		u := tx.User.Create().SetEmail("capo@comune.example").SetName("Capo Ufficio").SetCreatedAt(time.Now().UTC()).SaveX(ctx)
		w.place, person = tx.Office.Query().Where(entoffice.Code("tributi")).OnlyIDX(ctx), u.ID
		w.box = tx.Mailbox.Query().Where(entmailbox.Address(box)).OnlyIDX(ctx)
		tx.Membership.Create().SetUserID(u.ID).SetOfficeID(w.place).SetRole(membership.RoleHead).SaveX(ctx)
		return nil, nil
	}))
	p := guard.Person{ID: person, Name: "Capo Ufficio", Acts: []int{w.place}, Heads: []int{w.place}, Scopes: guard.All}
	w.who = guard.NewContext(t.Context(), guard.Someone(p))
	folder := dossier.New(dossier.Options{House: deadline.Standard(time.UTC), Log: o.log, Now: o.now})
	work := casework.New(casework.Options{Client: o.db.Client(), Log: o.log, Dossier: folder, Now: o.now,
		Rights: func(context.Context, *ent.Client, int) (guard.Viewer, error) { return guard.Someone(p), nil }})
	w.replies = reply.New(reply.Options{Client: o.db.Client(), Archive: o.files, Work: work, Cases: o.desk, Dossier: folder, Track: o.track,
		Now: o.now})
	return w
}

// writes lets the office write a PEC of its own, and send it off.
func (w *town) writes(to ...string) int {
	w.t.Helper()
	return w.sends("Comunicazione", "<p>Si <b>comunica</b> quanto segue: perché no? €</p>", nil, to...)
}

// sends lets the head write a PEC with files, and send it off.
func (w *town) sends(subject, html string, files []reply.Upload, to ...string) int {
	w.t.Helper()
	id, err := w.replies.StartNew(w.who, w.place, w.box, fmt.Sprintf("Comunicazione n. %d", w.r.IntN(1000)))
	require.NoError(w.t, err)
	for _, f := range files {
		_, err := w.replies.Attach(w.who, id, f)
		require.NoError(w.t, err)
	}
	c := reply.Content{Mailbox: w.box, Subject: subject, HTML: html, Receipt: entreply.ReceiptComplete, Concludes: true}
	for _, a := range to {
		c.To = append(c.To, pec.Address{Address: a})
	}
	version := 1 + len(files)
	require.NoError(w.t, w.replies.Save(w.who, reply.On{Reply: id, Version: version}, c))
	require.NoError(w.t, w.replies.Send(w.who, reply.On{Reply: id, Version: version + 1}, false))
	return id
}

func (w *town) system() context.Context {
	return guard.NewContext(w.t.Context(), guard.System("prova"))
}

func (w *town) read(id int) *ent.Reply { return w.office.db.Client().Reply.GetX(w.system(), id) }

// fails lets something go wrong with the next submission or its receipts, and
// tells what; receipts that are lost or forged do not settle anything.
func (w *town) fails() (what string, silent bool) {
	faults := []struct {
		provider.Fault
		silent bool
	}{
		{provider.Fault{Do: provider.Hang, Count: 1}, false},
		{provider.Fault{Do: provider.Drop, Count: 1}, false},
		{provider.Fault{Do: provider.RefuseLate, Count: 1}, false},
		{provider.Fault{Do: provider.FailStored, Count: 1}, false},
		{provider.Fault{Do: provider.Duplicate, Count: 2}, false},
		{provider.Fault{Do: provider.Reorder, Kind: pec.Acceptance, Count: 1}, false},
		{provider.Fault{Do: provider.Cut, Protocol: provider.SMTP, Count: 1, Incoming: true, Bytes: int64(w.r.IntN(3000))}, false},
		{provider.Fault{Do: provider.Cut, Protocol: provider.SMTP, Count: 1, Bytes: int64(w.r.IntN(600))}, false},
		{provider.Fault{Do: provider.Lose, Kind: pec.Acceptance, Count: 1}, true},
		{provider.Fault{Do: provider.Lose, Count: 3}, true},
		{provider.Fault{Do: provider.Forge, Kind: pec.Acceptance, Count: 1, Variant: provider.Altered}, true},
		{provider.Fault{Do: provider.Forge, Kind: pec.Delivery, Count: 1, Variant: provider.Stranger}, true},
	}
	n := w.r.IntN(2 * len(faults))
	if n >= len(faults) {
		return "nothing", false
	}
	require.NoError(w.t, w.world.Inject(faults[n].Fault))
	return faults[n].String() + " " + string(faults[n].Kind), faults[n].silent
}

// A reply arrives once, or ends visibly with a person, whatever happens to the
// program and to the provider at whatever moment: it is killed at a step, or at
// a moment, of sending; the provider takes and does not answer, cuts, refuses
// late, says no and takes all the same, loses, doubles, reorders and forges receipts.
// The provider's own log is the oracle.
func TestAReplyArrivesOnceOrEndsWithAPerson(t *testing.T) {
	stories := tries
	if os.Getenv("SMISTA_LONG") != "" {
		stories = 1000
	}
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(storetest.Seed(t), 4))
			w := newTown(t, url(t), r)
			ends := map[entreply.State]int{}
			for n := range stories {
				ends[w.story(n)]++
			}
			t.Logf("%d stories: %v", stories, ends)
			require.Positive(t, ends[entreply.StateSent])
		})
	}
}

// story is one reply from the pressing of the button to the end.
func (w *town) story(n int) entreply.State {
	t := w.t
	failed, silent := w.fails()
	id := w.writes(citizen)
	j, how := w.job, "nobody"
	switch w.r.IntN(3) {
	case 0:
		j.DieAt = 1 + w.r.IntN(14)
		how = fmt.Sprint("at step ", j.DieAt)
		j.run(t, 0)
	case 1:
		after := time.Duration(1+w.r.IntN(400)) * time.Millisecond
		how = fmt.Sprint("after ", after)
		j.run(t, after)
	}
	w.job.run(t, 0)
	require.NoError(t, w.world.Settle(t.Context()))
	w.world.ClearFaults()
	require.NoError(t, w.world.Settle(t.Context()))
	w.job.collect(t, w.office)
	says := fmt.Sprintf("story %d: %s, killed: %s", n, failed, how)
	require.LessOrEqual(t, w.told(id, event.ReplySent), 1, says)
	return w.judge(id, silent, says)
}

// judge holds what we know against what the provider did.
func (w *town) judge(id int, silent bool, says string) entreply.State {
	t := w.t
	r := w.read(id)
	accepted, arrived := 0, 0
	envelopes := map[string]bool{}
	for _, e := range w.world.Log() {
		switch {
		case e.Event == provider.Accepted && e.MessageID == *r.MessageID:
			accepted++
			envelopes["<"+e.Identifier+">"] = true
		case e.Event == provider.Exposed && e.Kind == pec.Envelope && envelopes[e.MessageID] && e.Box == citizen:
			arrived++
		}
	}
	require.LessOrEqual(t, accepted, 1, "%s: the provider has it twice", says)
	require.Equal(t, accepted, arrived, says)
	switch r.State {
	case entreply.StateSent:
		require.Equal(t, 1, accepted, "%s: it counts as sent, and the provider does not have it", says)
	case entreply.StateRefused:
		require.Zero(t, accepted, "%s: it counts as refused, and arrived", says)
	case entreply.StateUncertain:
		require.True(t, accepted == 0 || silent, "%s: there is evidence, and it is uncertain still", says)
		require.Equal(t, 1, w.told(id, event.ReplyUncertain), says)
	default:
		require.Fail(t, "it came to no end", "%s: %s", says, r.State)
	}
	if r.State == entreply.StateSent && !silent {
		got := w.office.db.Client().Recipient.Query().Where(recipient.MessageID(*r.OutgoingID)).OnlyX(w.system())
		require.Equal(t, recipient.StatusDelivered, got.Status, says)
		require.Equal(t, casefile.StatusClosed, w.caseOf(r), "%s: what arrived everywhere closes its case", says)
	}
	if r.State == entreply.StateRefused {
		require.Equal(t, casefile.StatusInProgress, w.caseOf(r), "%s: what did not leave is worked again", says)
	}
	return r.State
}

func (w *town) caseOf(r *ent.Reply) casefile.Status {
	return w.office.db.Client().CaseFile.GetX(w.system(), r.CaseID).Status
}

// A database that comes back from a backup does not know what was sent since:
// the archive does, and nothing is sent again.
func TestNothingIsSentAgainAfterARestore(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, url(t), rand.New(rand.NewPCG(storetest.Seed(t), 4)))
			id := w.writes(citizen)
			w.job.run(t, 0)
			require.Equal(t, entreply.StateSent, w.read(id).State)
			require.NoError(t, w.office.log.Write(w.system(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
				return nil, tx.Reply.UpdateOneID(id).SetState(entreply.StateQueued).SetSendAt(time.Now()).SetFence(0).SetAttempts(0).
					ClearOutgoing().ClearDotAt().ClearSentAt().ClearSettledBy().Exec(ctx)
			}))
			w.job.run(t, 0)
			require.NoError(t, w.world.Settle(t.Context()))
			require.Equal(t, entreply.StateUncertain, w.read(id).State)
			w.job.collect(t, w.office)
			require.Equal(t, entreply.StateSent, w.judge(id, false, "after a restore"), "its receipts are collected again, and settle it")
		})
	}
}

// told counts the events of a kind about a reply.
func (w *town) told(id int, kind event.Kind) (n int) {
	for _, row := range w.office.db.Client().Event.Query().Where(entevent.Kind(string(kind))).AllX(w.system()) {
		e, err := event.FromRow(row)
		require.NoError(w.t, err)
		if e.Details.Reply == id {
			n++
		}
	}
	return n
}
