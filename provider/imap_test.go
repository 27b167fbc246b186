package provider_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/provider"
)

func (w *world) deliver(to, message string) {
	w.t.Helper()
	_, err := w.Deliver(to, "", strings.NewReader(message), time.Time{})
	require.NoError(w.t, err)
}

func TestBytesComeBackAsDelivered(t *testing.T) {
	t.Parallel()
	w := start(t)
	message := "Subject: x\r\n\r\n" + strings.Repeat("riga con spazio finale \r\n\r\n", 5000) + "\x00\xff senza fine riga"
	w.deliver(comune, message)
	require.Equal(t, message, string(w.inbox(comune)[0]))
}

func TestPartialFetch(t *testing.T) {
	t.Parallel()
	w := start(t)
	message := letter(anna, comune, "x") + strings.Repeat("0123456789", 1000)
	w.deliver(comune, message)
	c := w.login(comune)
	_, err := c.Select("INBOX", nil).Wait()
	require.NoError(t, err)
	for _, p := range []struct{ offset, size int64 }{{0, 10}, {100, 5000}, {int64(len(message)) - 3, 10}} {
		section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: p.offset, Size: p.size}}
		list, err := c.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}, Flags: true}).Collect()
		require.NoError(t, err)
		end := min(p.offset+p.size, int64(len(message)))
		require.Equal(t, message[p.offset:end], string(list[0].BodySection[0].Bytes))
		require.Empty(t, list[0].Flags, "PEEK leaves \\Seen alone")
	}
}

func TestFoldersAppendAndMove(t *testing.T) {
	t.Parallel()
	w := start(t)
	c := w.login(comune)
	folders, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	require.NoError(t, err)
	require.Len(t, folders, 2)
	require.Equal(t, []imap.MailboxAttr{imap.MailboxAttrSent}, folders[1].Attrs)

	sent := letter(comune, anna, "Copia")
	a := c.Append(provider.Sent, int64(len(sent)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	_, err = a.Write([]byte(sent))
	require.NoError(t, err)
	require.NoError(t, a.Close())
	data, err := a.Wait()
	require.NoError(t, err)
	require.EqualValues(t, 1, data.UID)

	require.NoError(t, c.Create("Archivio", nil).Wait())
	require.Error(t, c.Create("inbox", nil).Wait())
	_, err = c.Select(provider.Sent, nil).Wait()
	require.NoError(t, err)
	_, err = c.Move(imap.UIDSetNum(1), "Archivio").Wait()
	require.NoError(t, err)
	status, err := c.Status("Archivio", &imap.StatusOptions{NumMessages: true, UIDNext: true, NumUnseen: true, Size: true}).Wait()
	require.NoError(t, err)
	require.EqualValues(t, 1, *status.NumMessages)
	require.EqualValues(t, 2, status.UIDNext)
	require.EqualValues(t, 0, *status.NumUnseen)
	require.EqualValues(t, len(sent), *status.Size)
}

func TestFlagsAndExpunge(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, s := range []string{"uno", "due", "tre"} {
		w.deliver(comune, letter(anna, comune, s))
	}
	c, other := w.login(comune), w.login(comune)
	for _, x := range []*imapclient.Client{c, other} {
		_, err := x.Select("INBOX", nil).Wait()
		require.NoError(t, err)
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}
	_, err := c.Store(imap.UIDSetNum(2), deleted, nil).Collect()
	require.NoError(t, err)
	found, err := other.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
	require.NoError(t, err)
	require.Equal(t, []imap.UID{2}, found.AllUIDs())
	require.NoError(t, c.Expunge().Close())
	require.Len(t, w.inbox(comune), 2)

	_, err = c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	require.NoError(t, err)
	require.ErrorContains(t, c.Store(imap.UIDSetNum(1), deleted, nil).Close(), "EXAMINE")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, s := range []string{"uno", "due", "tre"} {
		w.deliver(comune, letter(anna, comune, s, "X-Riferimento-Message-ID: <"+s+"@client.example>"))
	}
	c := w.login(comune)
	_, err := c.Select("INBOX", nil).Wait()
	require.NoError(t, err)
	header := func(k, v string) imap.SearchCriteria {
		return imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: k, Value: v}}}
	}
	for name, s := range map[string]struct {
		criteria imap.SearchCriteria
		want     []imap.UID
	}{
		"all":          {imap.SearchCriteria{}, []imap.UID{1, 2, 3}},
		"from a UID":   {imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 2, Stop: 0}}}}, []imap.UID{2, 3}},
		"past the end": {imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 9, Stop: 0}}}}, []imap.UID{3}}, // RFC 3501 §9: n:* has the last
		"header":       {header("X-Riferimento-Message-ID", "due@"), []imap.UID{2}},
		"subject":      {header("Subject", "TRE"), []imap.UID{3}},
		"not":          {imap.SearchCriteria{Not: []imap.SearchCriteria{header("Subject", "tre")}}, []imap.UID{1, 2}},
		"or":           {imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{header("Subject", "uno"), header("Subject", "tre")}}}, []imap.UID{1, 3}},
		"body":         {imap.SearchCriteria{Body: []string{"Buongiorno"}}, []imap.UID{1, 2, 3}},
		"since":        {imap.SearchCriteria{Since: time.Now().AddDate(0, 0, 2)}, nil},
		"sent on":      {imap.SearchCriteria{SentSince: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}, []imap.UID{1, 2, 3}},
		"larger":       {imap.SearchCriteria{Larger: 1 << 20}, nil},
		"sequence":     {imap.SearchCriteria{SeqNum: []imap.SeqSet{imap.SeqSetNum(2)}}, []imap.UID{2}},
	} {
		found, err := c.UIDSearch(&s.criteria, nil).Wait()
		require.NoError(t, err, name)
		require.Equal(t, s.want, found.AllUIDs(), name)
	}
}

// IDLE is the bell of new mail.
func TestIdleRings(t *testing.T) {
	t.Parallel()
	w := start(t)
	rang := make(chan uint32, 1)
	c, err := imapclient.DialInsecure(w.IMAPAddr(), &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				rang <- *d.NumMessages
			}
		},
	}})
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.Login(comune, "prova").Wait())
	_, err = c.Select("INBOX", nil).Wait()
	require.NoError(t, err)
	idle, err := c.Idle()
	require.NoError(t, err)
	w.deliver(comune, letter(anna, comune, "x"))
	select {
	case n := <-rang:
		require.EqualValues(t, 1, n)
	case <-time.After(10 * time.Second):
		t.Fatal("IDLE did not tell of a new message within 10 s")
	}
	require.NoError(t, idle.Close())
	require.NoError(t, idle.Wait())
}

func TestBothServersSpeakTLS(t *testing.T) {
	t.Parallel()
	w := start(t, func(c *provider.Config) { c.TLS = true })
	roots := x509.NewCertPool()
	roots.AddCert(w.Certificate())
	config := &tls.Config{RootCAs: roots, ServerName: "localhost"}
	c, err := smtp.DialTLS(w.SMTPAddr(), config)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.Auth(plainAuth(comune)))
	require.NoError(t, c.SendMail(comune, []string{anna}, strings.NewReader(letter(comune, anna, "Prova"))))
	w.settled()
	i, err := imapclient.DialTLS(w.IMAPAddr(), &imapclient.Options{TLSConfig: config})
	require.NoError(t, err)
	defer i.Close()
	require.NoError(t, i.Login(comune, "prova").Wait())
	status, err := i.Status("INBOX", &imap.StatusOptions{NumMessages: true}).Wait()
	require.NoError(t, err)
	require.EqualValues(t, 2, *status.NumMessages)
}

// stranger is a client that shares no line with our servers.
const stranger = `
import email, email.policy, imaplib, json, smtplib, sys
smtp_host, imap_host, sender, to = sys.argv[1:]
m = email.message.EmailMessage()
m["From"], m["To"], m["Subject"], m["Message-ID"] = sender, to, "Attività", "<straniero@client.example>"
m.set_content("Buongiorno, è una prova.")
m.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="atto è.pdf")
with smtplib.SMTP(*smtp_host.split(":")) as s:
    s.login(sender, "prova")
    s.send_message(m)
out = {}
for box in (sender, to):
    with imaplib.IMAP4(*imap_host.split(":")) as i:
        i.login(box, "prova")
        idle = "IDLE" in i.capabilities or "IDLE" in i.capability()[1][0].decode()
        out.setdefault("folders", len(i.list()[1]))
        for attempt in range(200):
            i.select("INBOX", readonly=True)
            uids = i.uid("SEARCH", None, "ALL")[1][0].split()
            if len(uids) == (2 if box == sender else 1): break
        out[box] = []
        for uid in uids:
            answer = i.uid("FETCH", uid, "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])")[1]
            raw = [x for x in answer if isinstance(x, tuple)][-1][1] # the last literal
            p = email.message_from_bytes(raw, policy=email.policy.default)
            out[box].append([p["Subject"], p["X-Ricevuta"] or p["X-Trasporto"], [x.get_content_type() for x in p.walk()]])
print(json.dumps(out))
`

func TestPythonSpeaksWithBothServers(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
			t.Fatal("python3 is not installed and SMISTA_REQUIRE_SERVERS is set")
		}
		t.Skip("python3 is not installed: no client from elsewhere to try our servers with")
	}
	w := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", stranger, w.SMTPAddr(), w.IMAPAddr(), comune, anna)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	require.NoError(t, err, errors.String())
	var got map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(out, &got))
	receipt := `["multipart/signed","multipart/mixed","multipart/alternative","text/plain","text/html","application/xml"`
	whole := `,"message/rfc822","multipart/mixed","text/plain","application/pdf","application/`
	compact := func(key string) string { return strings.ReplaceAll(string(got[key]), ", ", ",") }
	require.Equal(t, `[["ACCETTAZIONE: Attivit\u00e0","accettazione",`+receipt+`,"application/pkcs7-signature"]],`+
		`["CONSEGNA: Attivit\u00e0","avvenuta-consegna",`+receipt+whole+`x-pkcs7-signature"]]]`, compact(comune))
	require.Equal(t, `[["POSTA CERTIFICATA: Attivit\u00e0","posta-certificata",`+receipt+whole+`pkcs7-signature"]]]`, compact(anna))
	require.Equal(t, "2", string(got["folders"]))
}

func TestWhatTheServersDoNotDo(t *testing.T) {
	t.Parallel()
	w := start(t)
	c := w.login(comune)
	require.ErrorContains(t, c.Delete("INBOX").Wait(), "not supported")
	require.ErrorContains(t, c.Rename("INBOX", "Altra", nil).Wait(), "not supported")
	_, err := c.Select("Altra", nil).Wait()
	require.ErrorContains(t, err, "No such folder")
	_, err = c.Status("Altra", &imap.StatusOptions{NumMessages: true}).Wait()
	require.ErrorContains(t, err, "No such folder")
	wrong, err := imapclient.DialInsecure(w.IMAPAddr(), nil)
	require.NoError(t, err)
	defer wrong.Close()
	require.Error(t, wrong.Login(comune, "sbagliata").Wait())
}

func TestAuthLogin(t *testing.T) {
	t.Parallel()
	w := start(t)
	require.NoError(t, w.dialSMTP().Auth(sasl.NewLoginClient(comune, "prova")))
	require.Error(t, w.dialSMTP().Auth(sasl.NewLoginClient(comune, "sbagliata")))
}

func TestUnknownCommandBeforeLoginDoesNotHarm(t *testing.T) {
	t.Parallel()
	w := start(t)
	c, err := net.Dial("tcp", w.IMAPAddr())
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	require.NoError(t, err)
	require.Empty(t, w.inbox(comune))
}
