package rulebook_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/testpki"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

const (
	protocollo = "protocollo@comune.example"
	tributi    = "tributi@comune.example"
)

// authority makes a trusted hierarchy, once for all tests: keys are slow to make.
var authority = sync.OnceValue(func() *testpki.Hierarchy {
	h, err := testpki.New(time.Now(), "gestore.example")
	if err != nil {
		panic(err)
	}
	return h
})

// hall is a town hall with a desk that routes and a rulebook, and the words of
// the tests.
type hall struct {
	*rulebook.Rulebook
	t      *testing.T
	desk   *desk.Desk
	ctx    context.Context // of the program
	admin  context.Context // of an administrator who reads nothing
	whole  context.Context // of one who reads everything
	people map[string]int
	office map[string]int
	uid    uint32
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, o *hall)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newHall(t, db)) })
}

func configured() desk.Settings {
	return desk.Settings{
		Offices: []desk.OfficeSetting{
			{Code: "tributi", Name: "Ufficio Tributi"}, {Code: "edilizia", Name: "Edilizia Privata"}, {Code: "legale", Name: "Avvocatura"},
		},
		Mailboxes: []desk.MailboxSetting{{Address: protocollo}, {Address: tributi, Office: "tributi"}},
		Rules:     []desk.RuleSetting{{Name: "fatture", Priority: 10, Condition: desk.Condition{Subject: "fattur*"}, Office: "tributi"}},
	}
}

func newHall(t *testing.T, db *store.DB) *hall {
	t.Helper()
	ctx := guard.NewContext(t.Context(), guard.System("collector"))
	files, err := archive.OpenDir(t.TempDir())
	require.NoError(t, err)
	log, err := event.NewLog(ctx, db, event.NewMemoryBus())
	require.NoError(t, err)
	o := &hall{
		t: t, ctx: ctx, people: map[string]int{}, office: map[string]int{},
		Rulebook: rulebook.New(rulebook.Options{Client: db.Client(), Log: log}),
		desk:     desk.New(desk.Options{Archive: files, Client: db.Client(), Log: log, Verifier: authority().Anchors()}),
	}
	require.NoError(t, o.desk.Configure(ctx, configured()))
	rows, err := db.Client().Office.Query().All(ctx)
	require.NoError(t, err)
	var all []int
	for _, row := range rows {
		o.office[row.Code], all = row.ID, append(all, row.ID)
	}
	o.do(func(ctx context.Context, tx *ent.Tx) {
		for _, name := range []string{"admin", "whole", "anna"} {
			o.people[name] = tx.User.Create().SetEmail(name + "@comune.example").SetName(name).SetCreatedAt(time.Now()).SetAdministrator(name != "anna").SaveX(ctx).ID
		}
		tx.Membership.Create().SetUserID(o.people["anna"]).SetOfficeID(o.office["legale"]).SetRole("OPERATOR").ExecX(ctx)
	})
	o.admin = o.as(guard.Person{ID: o.people["admin"], Administrator: true, Scopes: guard.All})
	o.whole = o.as(guard.Person{ID: o.people["whole"], Administrator: true, Sorter: true, Acts: all, Heads: all, Scopes: guard.All})
	return o
}

func (o *hall) as(p guard.Person) context.Context {
	return guard.NewContext(o.t.Context(), guard.Someone(p))
}

func (o *hall) do(change func(ctx context.Context, tx *ent.Tx)) {
	o.t.Helper()
	require.NoError(o.t, o.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		change(ctx, tx)
		return nil, nil
	}))
}

// letter is a PEC as it is told to the tests.
type letter struct {
	box, from, subject, text string
	attachment               string // name of one, empty for none
	certified                bool
	also                     string // another mailbox that a copy comes to
}

// comes delivers a letter, and gives the case that it opened.
func (o *hall) comes(l letter) *ent.CaseFile {
	o.t.Helper()
	o.uid++
	name := fmt.Sprintf("%d", o.uid)
	var last *ent.Message
	for i, box := range []string{l.box, l.also} {
		if box == "" {
			continue
		}
		raw := o.raw(l, name, box)
		ref := desk.Ref{Mailbox: box, Folder: "INBOX", UIDValidity: 1, UID: o.uid*2 + uint32(i)}
		require.NoError(o.t, o.desk.Ledger().Seen(o.ctx, ref.Mailbox, ref.Folder, 1, []uint32{ref.UID}))
		_, err := o.desk.Ledger().Begin(o.ctx, ref)
		require.NoError(o.t, err)
		require.NoError(o.t, o.desk.Receive(o.ctx, desk.Arrival{Ref: ref, Received: time.Now(), Size: int64(len(raw))}, bytes.NewReader(raw)))
		last, err = o.Client.Message.Query().Order(message.ByID(sql.OrderDesc())).WithCase().First(o.ctx)
		require.NoError(o.t, err)
	}
	return last.Edges.Case
}

// raw is the letter as it comes to one of its mailboxes: other bytes in each, as
// providers write them, and the same identifier.
func (o *hall) raw(l letter, name, box string) []byte {
	o.t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@posta.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n", l.from, l.box, l.subject, name)
	if l.attachment == "" {
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", l.text)
	} else {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--x\r\n"+
			"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=%q\r\n\r\ncontenuto\r\n--x--\r\n", l.text, l.attachment)
	}
	if !l.certified {
		return b.Bytes()
	}
	issuer := envelope.Issuer{Name: "Gestore di prova", Identity: authority().Provider("gestore.example")}
	var out bytes.Buffer
	require.NoError(o.t, issuer.Write(&out, envelope.Letter{
		Kind: pec.Envelope, To: []string{box},
		Certified: pec.Certification{
			Type: string(pec.Envelope), Error: "nessuno", Sender: l.from, Subject: l.subject, ReplyTo: l.from, Recipients: []pec.Recipient{{Address: l.box, Type: "certificato"}},
			Provider: issuer.Name, Time: time.Now().Truncate(time.Second), Identifier: "opec." + name, MessageID: "<" + name + "@posta.example>",
		},
		Original: &envelope.Original{Content: bytes.NewReader(b.Bytes()), Size: int64(b.Len())},
	}))
	return out.Bytes()
}

// rule reads a rule as it is.
func (o *hall) rule(id int) *ent.RoutingRule {
	o.t.Helper()
	row, err := o.Client.RoutingRule.Query().Where(routingrule.ID(id)).WithOffice().WithVersions().Only(o.ctx)
	require.NoError(o.t, err)
	return row
}

func (o *hall) on(id int) rulebook.On { return rulebook.On{Rule: id, Version: o.rule(id).Version} }

// saved writes a new rule.
func (o *hall) saved(r rulebook.Rule) int {
	o.t.Helper()
	id, err := o.Save(o.admin, rulebook.On{}, r)
	require.NoError(o.t, err)
	return id
}

// switched writes a new rule and switches it on.
func (o *hall) switched(r rulebook.Rule) int {
	o.t.Helper()
	id := o.saved(r)
	require.NoError(o.t, o.Switch(o.admin, o.on(id), true))
	return id
}

// placed is the code of the office of a case; empty at the desk.
func (o *hall) placed(c *ent.CaseFile) string {
	o.t.Helper()
	code, err := o.Client.Office.Query().Where(office.HasCasesWith(casefile.ID(c.ID))).Only(o.ctx)
	if ent.IsNotFound(err) {
		return ""
	}
	require.NoError(o.t, err)
	return code.Code
}

// last is the newest event.
func (o *hall) last() event.Event {
	o.t.Helper()
	n, err := o.Log.Last(o.ctx)
	require.NoError(o.t, err)
	list, err := o.Log.After(o.ctx, n-1, 1)
	require.NoError(o.t, err)
	return list[0]
}

// refused wants a command to be refused, and tells the place in the input.
func refused(t *testing.T, err error, code casework.Code) string {
	t.Helper()
	var r *casework.Refused
	require.ErrorAs(t, err, &r)
	require.Equal(t, code, r.Code, r.English)
	require.NotEmpty(t, r.Italian)
	require.NotEmpty(t, r.English)
	return r.Path
}
