package outbox_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/ent"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/letter/lettertest"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/mailbox/mailtest"
	"github.com/smista/smista/outbox"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/store/storetest"
)

const (
	neighbor = "sindaco@pec.altro.example"
	password = "segreta"

	about   = "Autorizzazione n. 7/2026 – perché la città è più bella 🏛️"
	page    = `<p>Gentile <b>sindaco</b>,<br>si allega l'atto: 16,00 €.</p><p><img src="cid:stemma@smista" alt="stemma"></p>`
	emblem  = "\x89PNG\r\n\x1a\n\x00\xff non proprio"
	deed    = "%PDF-1.7\nnon proprio\r\n.\r\n\x00\xff"
	deedsID = "perché città.pdf"
)

// enclosed puts a picture and an attachment into the archive.
func (w *town) enclosed() (list []reply.Upload) {
	for _, f := range []struct{ name, kind, id, content string }{
		{"stemma.png", "image/png", "stemma@smista", emblem}, {deedsID, "application/pdf", "", deed},
	} {
		digest, size, err := w.office.files.Put(w.t.Context(), strings.NewReader(f.content))
		require.NoError(w.t, err)
		list = append(list, reply.Upload{Name: f.name, MediaType: f.kind, ContentID: f.id, Size: size, SHA256: string(digest), Scan: "CLEAN"})
	}
	return list
}

// opens lets two programs of other people open what we sent.
func opens(t *testing.T, raw []byte, id string) {
	t.Helper()
	seen := lettertest.Python(t, raw)
	for _, defect := range seen.Defects { // of a name in two spellings the right one is taken
		require.Equal(t, "duplicate parameter name; duplicate ignored", defect)
	}
	require.Equal(t, []string{about, id}, []string{seen.Subject, seen.ID})
	require.Equal(t, letter.Text(page)+"\n", strings.ReplaceAll(seen.Text, "\r\n", "\n"))
	require.Contains(t, seen.HTML, letter.Clean(page))
	require.Equal(t, [][3]string{{"<stemma@smista>", "stemma.png", hex.EncodeToString([]byte(emblem))}}, seen.Pictures)
	require.Equal(t, [][3]string{{deedsID, "application/pdf", hex.EncodeToString([]byte(deed))}}, seen.Files)

	shown := lettertest.Mutt(t, raw, 2)
	require.Contains(t, shown.Text, "Subject: "+about+"\n")
	require.Contains(t, shown.Text, letter.Text(page)+"\n")
	require.Equal(t, map[string]string{"stemma.png": emblem, deedsID: deed}, shown.Files)
}

// A PEC of ours goes through a real server into a real mailbox, byte for byte,
// and others read in it what was written. The copy that comes back from the folder
// of sent mail is no message of its own: it settles what was left open.
func TestThroughAServerThatWeDidNotWrite(t *testing.T) {
	const first, second = "protocollo@pec.comune.example", "protocollo@pec.provincia.example"
	s := mailtest.Start(t, mailtest.Account{Address: first, Password: password}, mailtest.Account{Address: second, Password: password},
		mailtest.Account{Address: neighbor, Password: "altra segreta"})
	for name, test := range map[string]struct {
		writer string
		lost   bool // the answer to the dot
		before entreply.State
		by     entreply.SettledBy
	}{
		"the answer came":     {first, false, entreply.StateSent, "answer"},
		"the answer was lost": {second, true, entreply.StateUncertain, "copy"},
	} {
		t.Run(name, func(t *testing.T) {
			w := townAt(t, test.writer)
			id := w.sends(about, page, w.enclosed(), neighbor)
			require.NoError(t, w.office.outbox(time.Minute, submission(s, test.lost)).Round(t.Context()))
			r := w.read(id)
			require.Equal(t, test.before, r.State, r.LastError)

			raw := arrival(t, s)
			added, ok := bytes.CutSuffix(raw, asKept(w.archived(r)))
			require.True(t, ok, "it is not what was archived: %.300q", raw)
			header, err := mail.ReadMessage(strings.NewReader(string(added) + "\n"))
			require.NoError(t, err)
			require.Equal(t, neighbor, header.Header.Get("Delivered-To"))
			opens(t, raw, *r.MessageID)

			w.keepsCopy(s, test.writer, append([]byte("Received: by il.gestore.example; Tue, 24 Nov 2026 10:42:00 +0100\r\n"), w.archived(r)...))
			r = w.read(id)
			require.Equal(t, entreply.StateSent, r.State)
			require.Equal(t, test.by, *r.SettledBy)
			client := w.office.db.Client()
			require.Equal(t, 1, client.CaseFile.Query().CountX(w.system()))
			require.Equal(t, 1, client.Recipient.Query().CountX(w.system()))
			require.Equal(t, 2, client.Message.Query().CountX(w.system()), "the PEC and its copy, with the line that the provider added")
			for _, m := range client.Message.Query().AllX(w.system()) {
				require.Equal(t, &r.CaseID, m.CaseID)
			}
		})
	}
}

// townAt is an office whose provider is a real server.
func townAt(t *testing.T, writer string) *town {
	t.Helper()
	j := job{URL: storetest.SQLiteURL(t), Data: t.TempDir(), Trust: t.TempDir()}
	trust, err := testpki.New(time.Now(), "gestore.example")
	require.NoError(t, err)
	require.NoError(t, trust.SaveTrust(j.Trust))
	return openTown(t, j, writer, rand.New(rand.NewPCG(storetest.Seed(t), 4)))
}

// submission hands letters over under TLS and with the password; the answer to
// the dot can be lost on its way.
func submission(s *mailtest.Server, lost bool) outbox.Submit {
	return func(ctx context.Context, box string, l outbox.Letter) (string, error) {
		answer, err := through(ctx, mailbox.Outbound{
			Address: box, Host: mailtest.Host, Port: s.SMTPS, TLS: mailbox.TLSImplicit, RootCAs: s.Roots,
			Username: box, Password: func() (mailbox.Secret, error) { return password, nil },
		}, l)
		if err == nil && lost {
			return "", errors.New("the connection ended before the answer")
		}
		return answer, err
	}
}

// arrival waits for the one message that the neighbour has, and takes it away.
func arrival(t *testing.T, s *mailtest.Server) []byte {
	t.Helper()
	var paths []string
	require.Eventually(t, func() bool {
		var err error
		paths, err = filepath.Glob(filepath.Join(s.Maildir(neighbor), "new", "*"))
		return err == nil && len(paths) > 0
	}, time.Minute, 20*time.Millisecond)
	require.Len(t, paths, 1)
	raw, err := os.ReadFile(paths[0])
	require.NoError(t, err)
	require.NoError(t, os.Remove(paths[0]))
	return raw
}

// asKept is a message as a Maildir has it.
func asKept(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) }

func (w *town) archived(r *ent.Reply) []byte {
	blob, err := w.office.files.Open(w.t.Context(), archive.Digest(r.Digest))
	require.NoError(w.t, err)
	defer blob.Close()
	raw, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
	require.NoError(w.t, err)
	return raw
}

// keepsCopy puts a message into the folder of sent mail, as providers do and
// mail programs, and collects what is there.
func (w *town) keepsCopy(s *mailtest.Server, writer string, raw []byte) {
	w.t.Helper()
	trust := &tls.Config{RootCAs: s.Roots}
	account := mailbox.Account{
		Address: writer, Host: mailtest.Host, Port: s.IMAPS, TLS: mailbox.TLSImplicit, Username: writer,
		Password: func() (mailbox.Secret, error) { return password, nil },
	}
	c, err := imapclient.DialTLS(net.JoinHostPort(account.Host, strconv.Itoa(account.Port)), &imapclient.Options{TLSConfig: trust})
	require.NoError(w.t, err)
	defer c.Close()
	require.NoError(w.t, c.Login(writer, password).Wait())
	put := c.Append("Posta inviata", int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	_, err = put.Write(raw)
	require.NoError(w.t, errors.Join(err, put.Close()))
	_, err = put.Wait()
	require.NoError(w.t, err)
	w.office.collect(w.t, account, trust)
}

// What a citizen of the demo gets opens in mail programs that we did not write:
// the message that stands in the envelope which her provider delivered.
func TestAReplyFromTheDemoOpensElsewhere(t *testing.T) {
	w := newTown(t, storetest.SQLiteURL(t), rand.New(rand.NewPCG(storetest.Seed(t), 4)))
	id := w.sends(about, page, w.enclosed(), citizen)
	require.NoError(t, w.job.outbox(w.office, &steps{}).Round(t.Context()))
	require.NoError(t, w.world.Settle(t.Context()))
	r := w.read(id)
	require.Equal(t, entreply.StateSent, r.State, r.LastError)

	envelope := w.inboxOf(citizen)
	m, err := pec.Read(t.Context(), bytes.NewReader(envelope), int64(len(envelope)), pec.Options{Verifier: w.world.Hierarchy().Anchors()})
	require.NoError(t, err)
	require.Equal(t, pec.Envelope, m.Kind)
	require.Equal(t, smime.Valid, m.Signature.Status)
	inside, err := io.ReadAll(m.Mail.Section.Open(bytes.NewReader(envelope)))
	require.NoError(t, err)
	opens(t, inside, m.Mail.MessageID)
	require.Contains(t, []string{m.Mail.MessageID, m.Mail.OriginalID}, *r.MessageID)
}

// inboxOf fetches the one message of somebody.
func (w *town) inboxOf(address string) []byte {
	w.t.Helper()
	c, err := imapclient.DialInsecure(w.world.IMAPAddr(), nil)
	require.NoError(w.t, err)
	defer c.Close()
	require.NoError(w.t, c.Login(address, demo.Password).Wait())
	_, err = c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	require.NoError(w.t, err)
	section := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	require.NoError(w.t, err)
	require.Len(w.t, list, 1)
	return list[0].FindBodySection(section)
}
