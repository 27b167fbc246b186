package replies

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entmailbox "github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	entrecipient "github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/outbox"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/server"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
	"github.com/smista/smista/track"
)

var words = strings.Repeat("perché la città è più bella con le strade pulite, ", 20)

// office is the system that sends and collects, in this process.
type office struct {
	b        *testing.B
	servers  servers
	db       *store.DB
	files    *archive.Dir
	desk     *desk.Desk
	replies  *reply.Replies
	outbox   *outbox.Outbox
	who, sys context.Context
	place    int
	boxes    []string // mailboxes that send
	received []string // mailboxes that PECs come to
	rows     map[string]int
}

func newOffice(b *testing.B, url string, boxes int) *office {
	dir := b.TempDir()
	o := &office{b: b, servers: startProvider(b, dir), db: storetest.Open(b, url), sys: guard.NewContext(b.Context(), guard.System("bench"))}
	for n := range boxes {
		o.boxes, o.received = append(o.boxes, sender(n)), append(o.received, receiver(n))
	}
	anchors, err := smime.LoadAnchors(filepath.Join(dir, "trust"))
	require.NoError(b, err)
	o.files, err = archive.OpenDir(filepath.Join(dir, "archive"))
	require.NoError(b, err)
	log, err := event.NewLog(b.Context(), o.db, event.NewMemoryBus())
	require.NoError(b, err)
	folder := dossier.New(dossier.Options{House: deadline.Standard(time.UTC), Log: log})
	tracker := track.New(track.Options{Log: log, Dossier: folder})
	o.desk = desk.New(desk.Options{Archive: o.files, Client: o.db.Client(), Log: log, Dossier: folder, Track: tracker, Verifier: anchors})
	o.furnish(log)
	work := casework.New(casework.Options{Client: o.db.Client(), Log: log, Dossier: folder,
		Rights: func(context.Context, *ent.Client, int) (guard.Viewer, error) { return guard.Someone(o.head()), nil }})
	o.replies = reply.New(reply.Options{Client: o.db.Client(), Archive: o.files, Work: work, Cases: o.desk, Dossier: folder, Track: tracker})
	o.outbox = outbox.New(outbox.Options{Client: o.db.Client(), Log: log, Archive: o.files, Desk: prepared{o.desk}, Track: tracker,
		Submit: o.hand, Logger: slog.New(slog.DiscardHandler)})
	return o
}

// furnish makes the office, its mailboxes and its head.
func (o *office) furnish(log *event.Log) {
	s := desk.Settings{Offices: []desk.OfficeSetting{{Code: "tributi", Name: "Ufficio Tributi"}}}
	for i := range o.boxes {
		s.Mailboxes = append(s.Mailboxes, desk.MailboxSetting{Address: o.boxes[i], Sends: true}, desk.MailboxSetting{Address: o.received[i]})
	}
	require.NoError(o.b, o.desk.Configure(o.sys, s))
	o.rows = map[string]int{}
	require.NoError(o.b, log.Write(o.sys, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		u := tx.User.Create().SetEmail("capo@ente.example").SetName("Capo Ufficio").SetCreatedAt(time.Now().UTC()).SaveX(ctx)
		o.place = tx.Office.Query().OnlyIDX(ctx)
		tx.Membership.Create().SetUserID(u.ID).SetOfficeID(o.place).SetRole(membership.RoleHead).SaveX(ctx)
		for _, box := range o.boxes {
			o.rows[box] = tx.Mailbox.Query().Where(entmailbox.Address(box)).OnlyIDX(ctx)
		}
		return nil, nil
	}))
	o.who = guard.NewContext(o.b.Context(), guard.Someone(o.head()))
}

func (o *office) head() guard.Person {
	id := o.db.Client().User.Query().OnlyIDX(o.sys)
	return guard.Person{ID: id, Name: "Capo Ufficio", Acts: []int{o.place}, Heads: []int{o.place}, Scopes: guard.All}
}

// prepared lets a desk be what an outbox asks for.
type prepared struct{ *desk.Desk }

func (p prepared) Prepare(ctx context.Context, box string, d archive.Digest, size int64) (outbox.Departure, error) {
	return p.Desk.Prepare(ctx, box, d, size)
}

// draft is a reply that waits for the button.
type draft struct{ id, version int }

func (d draft) on() reply.On { return reply.On{Reply: d.id, Version: d.version} }

// write makes n drafts to so many recipients, from one mailbox after the other.
func (o *office) write(n, recipients int) (list []draft) {
	for i := range n {
		box := o.rows[o.boxes[i%len(o.boxes)]]
		id, err := o.replies.StartNew(o.who, o.place, box, fmt.Sprintf("Comunicazione n. %d", i))
		require.NoError(o.b, err)
		c := reply.Content{Mailbox: box, Subject: fmt.Sprintf("Comunicazione n. %d", i), HTML: "<p>" + words + "</p>", Receipt: entreply.ReceiptComplete, Concludes: true}
		for r := range recipients {
			c.To = append(c.To, pec.Address{Address: recipient((i + r) % everyone)})
		}
		require.NoError(o.b, o.replies.Save(o.who, reply.On{Reply: id, Version: 1}, c))
		list = append(list, draft{id, 2})
	}
	return list
}

// send lets the outbox work, as in service, until it is told to stop.
func (o *office) send() (stop func()) {
	ctx, cancel := context.WithCancel(o.b.Context())
	var working sync.WaitGroup
	working.Go(func() { o.outbox.Run(ctx) })
	return func() { cancel(); working.Wait() }
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (o *office) door(box string) mailbox.Outbound {
	host, port := split(o.servers.SMTP)
	return mailbox.Outbound{Address: box, Host: host, Port: port, TLS: mailbox.TLSNone, Username: box, Password: secret}
}

func secret() (mailbox.Secret, error) { return password, nil }

func (o *office) hand(ctx context.Context, box string, l outbox.Letter) (string, error) {
	return o.door(box).Submit(ctx, mailbox.Message{To: l.To, Size: l.Size, Open: l.Open, Intent: l.Dot})
}

// letter is one that was frozen.
type letter struct {
	box string
	to  []string
	raw []byte
}

// frozen reads from the archive what was sent.
func (o *office) frozen(drafts []draft) (list []letter) {
	for _, d := range drafts {
		r := o.db.Client().Reply.Query().Where(entreply.ID(d.id)).WithMailbox().OnlyX(o.sys)
		blob, err := o.files.Open(o.b.Context(), archive.Digest(r.Digest))
		require.NoError(o.b, err)
		raw, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
		require.NoError(o.b, errors.Join(err, blob.Close()))
		l := letter{box: r.Edges.Mailbox.Address, raw: raw}
		for _, a := range r.To {
			l.to = append(l.to, a.Address)
		}
		list = append(list, l)
	}
	return list
}

// submit hands letters over and does nothing else, one after the other for each mailbox.
func (o *office) submit(list []letter) {
	var senders errgroup.Group
	for _, box := range o.boxes {
		senders.Go(func() error {
			for _, l := range list {
				if l.box != box {
					continue
				}
				_, err := o.door(box).Submit(o.b.Context(), mailbox.Message{To: l.to, Size: int64(len(l.raw)),
					Open:   func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(l.raw)), nil },
					Intent: func(context.Context) error { return nil }})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(o.b, senders.Wait())
}

// collect brings home what comes to mailboxes, until it is told to stop.
func (o *office) collect(boxes []string) (stop func()) {
	host, port := split(o.servers.IMAP)
	var accounts []mailbox.Account
	for _, box := range boxes {
		accounts = append(accounts, mailbox.Account{Address: box, Host: host, Port: port, TLS: mailbox.TLSNone, Username: box, Password: secret})
	}
	fleet, err := mailbox.NewFleet(accounts, server.Ledger{Desk: o.desk.Ledger()}, server.Receiver(o.desk), mailbox.Options{})
	require.NoError(o.b, err)
	ctx, cancel := context.WithCancel(guard.NewContext(o.b.Context(), guard.System("collector")))
	var working sync.WaitGroup
	working.Go(func() { _ = fleet.Run(ctx) })
	return func() { cancel(); working.Wait() }
}

func (o *office) messages() int { return o.db.Client().Message.Query().CountX(o.sys) }

func (o *office) arrived(n int) { o.until("messages", n, o.messages) }

func (o *office) sent(n int) {
	o.until("sent", n, func() int {
		return o.db.Client().Reply.Query().Where(entreply.StateEQ(entreply.StateSent)).CountX(o.sys)
	})
}

func (o *office) delivered(n int) {
	o.until("delivered", n, func() int {
		return o.db.Client().Recipient.Query().Where(entrecipient.StatusEQ(entrecipient.StatusDelivered)).CountX(o.sys)
	})
}

func (o *office) closed(n int) {
	o.until("closed", n, func() int {
		return o.db.Client().CaseFile.Query().Where(casefile.StatusEQ(casefile.StatusClosed)).CountX(o.sys)
	})
}

// until waits for a count.
func (o *office) until(what string, n int, count func() int) {
	for deadline := time.Now().Add(10 * time.Minute); count() < n; pause(o.b.Context(), 50*time.Millisecond) {
		require.True(o.b, time.Now().Before(deadline), "only %d of %d %s", count(), n, what)
	}
	require.Equal(o.b, n, count(), what)
}

// cpu is the user and system time of this process so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
