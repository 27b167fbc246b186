package reply_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/office"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
	"github.com/smista/smista/track"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// The people: Tributi stands below the area, whose head reads what is below.
// hold is for how long a PEC can be taken back in these tests.
const hold = 30 * time.Second

const (
	head     = "capo"
	deputy   = "vice"
	operator = "operatore" // has the case
	other    = "collega"   // operator of Tributi too
	above    = "dirigente" // head of the area
	outsider = "estraneo"  // head of Edilizia
)

const (
	protocollo = "protocollo@comune.example"
	tributi    = "tributi@comune.example"
	rossi      = "mario.rossi@posta.example"
)

// hall is an office that answers, on a clock of its own.
type hall struct {
	*reply.Replies
	t      *testing.T
	db     *store.DB
	files  *archive.Dir
	staff  *staff.Staff
	track  *track.Tracker
	log    *event.Log
	people map[string]int
	tokens map[string]int
	office int
	boxes  map[string]int

	mu   sync.Mutex
	time time.Time
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

func each(t *testing.T, test func(t *testing.T, h *hall)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newHall(t, db)) })
}

func system() context.Context { return guard.NewContext(context.Background(), guard.System("prova")) }

func newHall(t *testing.T, db *store.DB, change ...func(*reply.Options)) *hall {
	t.Helper()
	h := &hall{
		t: t, db: db, time: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		people: map[string]int{}, tokens: map[string]int{}, boxes: map[string]int{},
	}
	var err error
	h.log, err = event.NewLog(system(), db, event.NewMemoryBus())
	require.NoError(t, err)
	h.files, err = archive.OpenDir(t.TempDir())
	require.NoError(t, err)
	folder := dossier.New(dossier.Options{House: deadline.Standard(time.UTC), Log: h.log, Now: h.now})
	h.track = track.New(track.Options{Log: h.log, Dossier: folder, Now: h.now})
	h.staff = staff.New(staff.Options{Client: db.Client(), Log: h.log, Now: h.now})
	d := desk.New(desk.Options{Archive: h.files, Client: db.Client(), Log: h.log, Dossier: folder, Track: h.track, Now: h.now})
	require.NoError(t, d.Configure(system(), desk.Settings{
		Offices: []desk.OfficeSetting{{Code: "area", Name: "Area Economica"}, {Code: "tributi", Name: "Ufficio Tributi"}, {Code: "edilizia", Name: "Edilizia"}},
		Mailboxes: []desk.MailboxSetting{
			{Address: protocollo, Sends: true, SizeLimit: 1 << 20}, {Address: tributi, Office: "tributi", Sends: true, SizeLimit: 1 << 20},
			{Address: "muta@comune.example"}, {Address: "edilizia@comune.example", Office: "edilizia", Sends: true, SizeLimit: 1 << 20},
		},
	}))
	o := reply.Options{
		Client: db.Client(), Archive: h.files, Cases: d, Dossier: folder, Track: h.track, Now: h.now, Hold: hold,
		Work: casework.New(casework.Options{Client: db.Client(), Log: h.log, Dossier: folder, Rights: h.staff.Rights, Now: h.now}),
	}
	for _, c := range change {
		c(&o)
	}
	h.Replies = reply.New(o)
	h.write(h.furnish)
	return h
}

func (h *hall) furnish(ctx context.Context, tx *ent.Tx) {
	of := func(code string) int { return tx.Office.Query().Where(office.Code(code)).OnlyIDX(ctx) }
	h.office = of("tributi")
	tx.Office.UpdateOneID(of("area")).SetHeadSeesBelow(true).ExecX(ctx)
	tx.Office.UpdateOneID(h.office).SetParentID(of("area")).ExecX(ctx)
	for _, b := range tx.Mailbox.Query().AllX(ctx) {
		h.boxes[b.Address] = b.ID
	}
	for _, p := range []struct {
		name, office string
		role         membership.Role
	}{
		{head, "tributi", membership.RoleHead}, {deputy, "tributi", membership.RoleDeputy}, {operator, "tributi", membership.RoleOperator},
		{other, "tributi", membership.RoleOperator}, {above, "area", membership.RoleHead}, {outsider, "edilizia", membership.RoleHead},
	} {
		u := tx.User.Create().SetEmail(p.name + "@comune.example").SetName(p.name).SetCreatedAt(h.now()).SaveX(ctx)
		h.people[p.name] = u.ID
		tx.Membership.Create().SetUserID(u.ID).SetOfficeID(of(p.office)).SetRole(p.role).SaveX(ctx)
		h.tokens[p.name] = tx.APIToken.Create().SetUserID(u.ID).SetName("prova").SetDigest(p.name).SetScopes([]string{"READ", "CONTENT", "WRITE"}).
			SetCreatedAt(h.now()).SetExpiresAt(h.now().AddDate(10, 0, 0)).SaveX(ctx).ID
	}
}

func (h *hall) write(do func(ctx context.Context, tx *ent.Tx)) {
	h.t.Helper()
	require.NoError(h.t, h.log.Write(system(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		do(ctx, tx)
		return nil, nil
	}))
}

// as is the context in which a person asks, with the rights of this moment.
func (h *hall) as(name string) context.Context {
	h.t.Helper()
	v, err := h.staff.Viewer(h.t.Context(), staff.Key{Token: h.tokens[name]})
	require.NoError(h.t, err)
	return guard.NewContext(h.t.Context(), v)
}

// received is a PEC of Rossi's to the protocol, with a copy to Tributi and to
// somebody else, in a case of Tributi that the operator has.
func (h *hall) received() (caseID, message int) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *ent.Tx) {
		n := tx.CaseFile.Query().CountX(ctx) + 900
		c := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", n)).SetStatus(casefile.StatusInProgress).SetSubject("Richiesta").SetRouteReason("-").
			SetReceivedAt(h.now()).SetChangedAt(h.now()).SetOfficeID(h.office).SetAssigneeID(h.people[operator]).SetMailboxID(h.boxes[protocollo]).SaveX(ctx)
		raw := "messaggio " + c.Number + "\r\nallegato"
		digest := h.kept(ctx, raw)
		m := tx.Message.Create().SetCaseID(c.ID).SetDigest(string(digest)).SetSize(int64(len(raw))).SetDirection("incoming").SetKind(pec.Envelope).
			SetVerdict(smime.Valid).SetEvidence(smime.Verdict{Status: smime.Valid}).SetMessageID("<opec1@gestore.example>").SetOriginalMessageID("<rossi-1@posta.example>").
			SetSubject("Richiesta").SetSenderAddress(rossi).SetSenderName("Mario Rossi").SetText("Si chiede riscontro.").
			SetRecipients([]pec.Address{{Address: protocollo}, {Address: "altri@posta.example"}}).SetCopies([]pec.Address{{Address: tributi}, {Address: "terzi@posta.example"}}).
			SetReferences([]string{"<prima@posta.example>"}).SetCertifiedAt(h.now()).SetReceivedAt(h.now()).SetArchivedAt(h.now()).SaveX(ctx)
		tx.Delivery.Create().SetMessageID(m.ID).SetMailboxID(h.boxes[protocollo]).SetReceivedAt(h.now()).ExecX(ctx)
		sum := sha256.Sum256([]byte("allegato"))
		tx.Attachment.Create().SetMessageID(m.ID).SetPosition(0).SetName("../atto:1.pdf").SetMediaType("application/pdf").SetSize(8).
			SetSha256(hex.EncodeToString(sum[:])).SetSection(fmt.Sprintf("%d+8", len(raw)-8)).ExecX(ctx)
		caseID, message = c.ID, m.ID
	})
	return caseID, message
}

func (h *hall) keep(text string) archive.Digest { return h.kept(h.t.Context(), text) }

func (h *hall) kept(ctx context.Context, text string) archive.Digest {
	h.t.Helper()
	digest, _, err := h.files.Put(ctx, strings.NewReader(text))
	require.NoError(h.t, err)
	return digest
}

func (h *hall) read(id int) *ent.Reply { return h.db.Client().Reply.GetX(system(), id) }

func (h *hall) caseOf(id int) *ent.CaseFile {
	return h.db.Client().CaseFile.GetX(system(), h.read(id).CaseID)
}

// on is a reply as it is now.
func (h *hall) on(id int) reply.On { return reply.On{Reply: id, Version: h.read(id).Version} }

// answer begins an answer and gives it a text.
func (h *hall) answer(who string, caseID, message int) int {
	h.t.Helper()
	id, err := h.Start(h.as(who), caseID, message, entreply.MannerReply)
	require.NoError(h.t, err)
	return id
}

func content(r *ent.Reply) reply.Content {
	return reply.Content{Mailbox: r.MailboxID, To: r.To, Cc: r.Cc, Subject: r.Subject, HTML: r.HTML, Receipt: r.Receipt, Concludes: r.Concludes}
}

// saying is what a reply says now, with another text.
func (h *hall) saying(id int, html string) reply.Content {
	c := content(h.read(id))
	c.HTML = html
	return c
}

// needs lets the office want approvals.
func (h *hall) needs(n int) {
	h.write(func(ctx context.Context, tx *ent.Tx) { tx.Office.UpdateOneID(h.office).SetApprovals(n).ExecX(ctx) })
}

// refused is the code of a refusal.
func refused(t *testing.T, err error) casework.Code {
	t.Helper()
	r, ok := errors.AsType[*casework.Refused](err)
	require.True(t, ok, "%v", err)
	require.NotEmpty(t, r.Italian)
	require.NotEmpty(t, r.English)
	return r.Code
}

// told are the kinds of the events about a reply, in order.
func (h *hall) told(id int) (kinds []event.Kind) {
	for _, row := range h.db.Client().Event.Query().Order(entevent.ByID()).AllX(system()) {
		e, err := event.FromRow(row)
		require.NoError(h.t, err)
		if e.Details.Reply == id {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

// letters are the kinds of what somebody is told by e-mail.
func (h *hall) letters(who string) (kinds []string) {
	for _, n := range h.db.Client().Notice.Query().Where(notice.UserID(h.people[who])).Order(notice.ByID()).AllX(system()) {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func (h *hall) whole(digest string) string {
	h.t.Helper()
	blob, err := h.files.Open(h.t.Context(), archive.Digest(digest))
	require.NoError(h.t, err)
	defer blob.Close()
	b, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
	require.NoError(h.t, err)
	return string(b)
}
