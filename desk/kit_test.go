package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/testpki"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

const (
	protocollo = "protocollo@comune.example"
	tributi    = "tributi@comune.example"
	edilizia   = "edilizia@comune.example"
	rossi      = "mario.rossi@posta.example"
	bianchi    = "anna.bianchi@posta.example"
)

// authorities make two hierarchies, one trusted and one not, once for all tests:
// keys are slow to make.
var authorities = sync.OnceValues(func() (*testpki.Hierarchy, *testpki.Hierarchy) {
	trusted, err := testpki.New(time.Now(), "gestore.example", "altro.example")
	if err != nil {
		panic(err)
	}
	foreign, err := testpki.New(time.Now(), "gestore.example")
	if err != nil {
		panic(err)
	}
	return trusted, foreign
})

// hall is a desk with everything around it, and the words of the tests.
type hall struct {
	*Desk
	t   *testing.T
	ctx context.Context
	uid uint32
	dir string
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, o *hall)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newHall(t, db)) })
}

func newHall(t *testing.T, db *store.DB) *hall {
	t.Helper()
	ctx := guard.NewContext(t.Context(), guard.System("collector"))
	dir := t.TempDir()
	files, err := archive.OpenDir(dir)
	require.NoError(t, err)
	log, err := event.NewLog(ctx, db, event.NewMemoryBus())
	require.NoError(t, err)
	trusted, _ := authorities()
	o := &hall{Desk: New(Options{Archive: files, Client: db.Client(), Log: log, Verifier: trusted.Anchors()}), t: t, ctx: ctx, dir: dir}
	require.NoError(t, o.Configure(ctx, Settings{
		Offices:   []OfficeSetting{{Code: "tributi", Name: "Ufficio Tributi"}, {Code: "edilizia", Name: "Edilizia Privata"}},
		Mailboxes: []MailboxSetting{{Address: protocollo}, {Address: tributi, Office: "tributi"}, {Address: edilizia, Office: "edilizia"}},
		Rules:     []RuleSetting{{Name: "fatture", Priority: 10, Condition: Condition{Subject: "fattur*"}, Office: "tributi"}},
	}))
	require.NoError(t, o.Ledger().SaveFolder(ctx, protocollo, "Sent", FolderState{UIDValidity: 1, Sent: true}))
	return o
}

// collect receives a message as the next one of a folder.
func (o *hall) collect(mailbox, folder string, raw []byte) Ref {
	o.t.Helper()
	o.uid++
	ref := Ref{mailbox, folder, 1, o.uid}
	require.NoError(o.t, o.deliverAs(ref, raw))
	return ref
}

func (o *hall) deliverAs(ref Ref, raw []byte) error {
	if err := o.Ledger().Seen(o.ctx, ref.Mailbox, ref.Folder, ref.UIDValidity, []uint32{ref.UID}); err != nil {
		return err
	}
	if _, err := o.Ledger().Begin(o.ctx, ref); err != nil {
		return err
	}
	return o.Receive(o.ctx, Arrival{Ref: ref, Received: time.Now(), Size: int64(len(raw))}, bytes.NewReader(raw))
}

func (o *hall) inbox(raw []byte) *ent.Message {
	o.t.Helper()
	o.collect(protocollo, "INBOX", raw)
	return o.message(raw)
}

func (o *hall) sentFolder(raw []byte) *ent.Message {
	o.t.Helper()
	o.collect(protocollo, "Sent", raw)
	return o.message(raw)
}

// message reads what became of these bytes, and that they are archived as they are.
func (o *hall) message(raw []byte) *ent.Message {
	o.t.Helper()
	digest := digestOf(raw)
	blob, err := o.Archive.Open(o.ctx, archive.Digest(digest))
	require.NoError(o.t, err, "the original is archived")
	require.Equal(o.t, int64(len(raw)), blob.Size())
	require.NoError(o.t, blob.Close())
	m, err := o.Client.Message.Query().Where(message.Digest(digest)).WithCase().WithDeliveries().WithAttachments().WithReceiptOf().Only(o.ctx)
	require.NoError(o.t, err)
	return m
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func (o *hall) cases() int {
	o.t.Helper()
	n, err := o.Client.CaseFile.Query().Count(o.ctx)
	require.NoError(o.t, err)
	return n
}

// kinds lists the kinds of the events since a number.
func (o *hall) events(after int) (list []event.Event) {
	o.t.Helper()
	list, err := o.Log.After(o.ctx, after, 10000)
	require.NoError(o.t, err)
	return list
}

func (o *hall) told(kind event.Kind) (list []event.Event) {
	o.t.Helper()
	for _, e := range o.events(0) {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// mail is a message as its author submits it.
type mail struct {
	from, to, subject, text, id, refs string
}

func (m mail) raw() []byte {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	field("From", m.from)
	field("To", m.to)
	field("Subject", m.subject)
	field("Message-ID", m.id)
	field("In-Reply-To", m.refs)
	field("References", m.refs)
	field("Date", "Fri, 20 Nov 2026 10:00:00 +0100") // the same each time it is written
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + m.text + "\r\n")
	return []byte(b.String())
}

// pec wraps a mail in a signed envelope. The identifier is the provider's.
func (o *hall) pec(m mail, identifier string) []byte {
	o.t.Helper()
	return o.letter(m, pec.Envelope, identifier, "", nil)
}

// receipt issues one about a mail of ours.
func (o *hall) receipt(m mail, kind pec.Kind, identifier string) []byte {
	o.t.Helper()
	return o.letter(m, kind, identifier, "<r."+string(kind)+"."+identifier+">", nil)
}

func (o *hall) letter(m mail, kind pec.Kind, identifier, id string, change func(*envelope.Issuer, *envelope.Letter)) []byte {
	o.t.Helper()
	trusted, _ := authorities()
	issuer := envelope.Issuer{Name: "Gestore di prova", Identity: trusted.Provider("gestore.example")}
	raw := m.raw()
	certified := pec.Certification{
		Type: string(kind), Error: "nessuno", Sender: m.from, Subject: m.subject, ReplyTo: m.from,
		Recipients: []pec.Recipient{{Address: m.to, Type: "certificato"}}, Provider: issuer.Name,
		Time: time.Now().Truncate(time.Second), Identifier: identifier, MessageID: m.id, ReceiptType: envelope.Complete,
	}
	l := envelope.Letter{Kind: kind, ID: id, To: []string{m.to}, Certified: certified,
		Original: &envelope.Original{Content: bytes.NewReader(raw), Size: int64(len(raw))}}
	if kind.Receipt() {
		l.To = []string{m.from}
		l.Certified.DeliveryTo = m.to
	}
	if change != nil {
		change(&issuer, &l)
	}
	var b bytes.Buffer
	require.NoError(o.t, issuer.Write(&b, l))
	return b.Bytes()
}

// altered changes one letter of what is signed.
func altered(raw []byte) []byte {
	return replaced(raw, "filename=\"daticert.xml\"", "filename=\"daticert.Xml\"")
}

// replaced panics where there is nothing to replace: a test that changes nothing proves nothing.
func replaced(raw []byte, was, is string) []byte {
	if !bytes.Contains(raw, []byte(was)) {
		panic("the message does not contain " + was)
	}
	return bytes.Replace(raw, []byte(was), []byte(is), 1)
}
