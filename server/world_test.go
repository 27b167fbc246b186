package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/closure"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
	"github.com/smista/smista/track"
)

// world is a small town hall behind the front door, in this process.
type world struct {
	t     *testing.T
	url   string // of the database
	db    *store.DB
	deps  Deps
	log   *event.Log
	store *archive.Dir
	front *Front
	http  *httptest.Server
	said  *spoken   // the program's log
	token string    // of who asks
	text  string    // of the next PECs
	at    time.Time // of the next PECs; a minute after each other when zero
	count int
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func defaultLimits() Limits {
	return Limits{BodyBytes: 1 << 20, QueryTokens: 2000, QueryCost: 20000, Sockets: 200}
}

// newWorld is a world on SQLite.
func newWorld(t *testing.T, change ...func(*Deps)) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLiteURL(t), change...)
}

// eachWorld runs a test on a world of each database.
func eachWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newWorld(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, newWorldOn(t, storetest.PostgresURL(t))) })
}

func newWorldOn(t *testing.T, url string, change ...func(*Deps)) *world {
	t.Helper()
	w := &world{t: t, url: url, db: storetest.Open(t, url), said: &spoken{}, text: "Si trasmette quanto in oggetto."}
	bus := event.NewMemoryBus()
	var err error
	w.log, err = event.NewLog(w.ctx(), w.db, bus)
	require.NoError(t, err)
	w.store, err = archive.OpenDir(t.TempDir())
	require.NoError(t, err)
	logger := slog.New(slog.NewTextHandler(w.said, nil))
	feed := event.NewFeed(w.log, bus, logger)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed.Run(ctx)
	}()
	rules := rulebook.New(rulebook.Options{Client: w.db.Client(), Log: w.log})
	people := staff.New(staff.Options{Client: w.db.Client(), Log: w.log})
	folder := dossier.New(dossier.Options{House: deadline.Standard(time.UTC), Log: w.log})
	work := casework.New(casework.Options{Client: w.db.Client(), Log: w.log, Dossier: folder, Rights: people.Rights})
	tracker := track.New(track.Options{Log: w.log, Dossier: folder})
	numbers := desk.New(desk.Options{Archive: w.store, Client: w.db.Client(), Log: w.log, Dossier: folder, Track: tracker})
	d := Deps{
		Client: w.db.Client(), Log: w.log, Feed: feed, Archive: w.store, Logger: logger,
		Staff: people, Dossier: folder, Readings: graph.NewReadings(w.log), Work: work,
		Replies: reply.New(reply.Options{Client: w.db.Client(), Archive: w.store, Work: work, Cases: numbers, Dossier: folder, Track: tracker, Hold: time.Hour}),
		Rules:   rules,
		Closing: closure.New(closure.Options{Client: w.db.Client(), Log: w.log, Rules: rules}),
		Almanac: almanac.New(almanac.Options{Dossier: folder, Log: w.log}),
		Limits:  defaultLimits(), Introspection: true, Pages: http.NotFoundHandler(),
	}
	for _, c := range change {
		c(&d)
	}
	w.deps, w.front = d, NewFront(d)
	w.http = httptest.NewUnstartedServer(nil)
	w.http.Listener = narrow{w.http.Listener}
	w.http.Config = NewHTTPServer(w.front, logger)
	w.http.Start()
	watching, leave := context.WithCancel(context.Background())
	go w.front.Watch(watching)
	w.token = w.tokenOf(w.everybody())
	t.Cleanup(func() {
		leave()
		late, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, w.front.Shutdown(late))
		w.http.Close()
		stop()
		<-done
	})
	return w
}

// everybody adds a person who sees everything, as far as one person can: head of
// every office that there will be, sorter, administrator and auditor.
func (w *world) everybody() int {
	w.t.Helper()
	id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: "tutti@comune.example", Name: "Tutti", Roles: staff.Roles{Sorter: true, Administrator: true, Auditor: true}})
	require.NoError(w.t, err)
	return id
}

// tokenOf makes a token with all scopes for a person.
func (w *world) tokenOf(person int) string {
	w.t.Helper()
	secret, _, err := w.deps.Staff.MakeToken(w.ctx(), person, "test", []string{staff.ScopeRead, staff.ScopeContent, staff.ScopeWrite}, time.Hour)
	require.NoError(w.t, err)
	return secret
}

// narrow makes the kernel keep little of what a client does not read.
type narrow struct{ net.Listener }

// Accept implements net.Listener.
func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = tcp.SetWriteBuffer(4 << 10)
	}
	return conn, err
}

// ctx is a context in which the collector acts.
func (w *world) ctx() context.Context {
	return guard.NewContext(context.Background(), guard.System("collector"))
}

// write makes a change, and events of it.
func (w *world) write(change func(ctx context.Context, tx *ent.Tx) []event.Entry) {
	w.t.Helper()
	require.NoError(w.t, w.log.Write(w.ctx(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		return change(ctx, tx), nil
	}))
}

func (w *world) office(code string) (office *ent.Office) {
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		office = tx.Office.Create().SetCode(code).SetName("Ufficio " + code).SaveX(ctx)
		everybody := tx.User.Query().Where(user.Email("tutti@comune.example")).OnlyIDX(ctx)
		tx.Membership.Create().SetUserID(everybody).SetOfficeID(office.ID).SetRole("HEAD").SaveX(ctx)
		return nil
	})
	return office
}

func (w *world) mailbox(address string, office *ent.Office) (box *ent.Mailbox) {
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		create := tx.Mailbox.Create().SetAddress(address)
		if office != nil {
			create.SetOffice(office)
		}
		box = create.SaveX(ctx)
		tx.Folder.Create().SetName("INBOX").SetMailbox(box).SaveX(ctx)
		return nil
	})
	return box
}

// arrives puts a PEC into a mailbox: it opens a case, goes to the office, and
// has as many attachments as asked.
func (w *world) arrives(box *ent.Mailbox, office *ent.Office, attachments int) (file *ent.CaseFile, mail *ent.Message) {
	w.t.Helper()
	w.count++
	n := w.count
	at := w.at
	if at.IsZero() {
		at = noon.Add(time.Duration(n) * time.Minute)
	}
	raw := fmt.Sprintf("Subject: PEC %d\r\n\r\nallegato numero %d\r\n", n, n)
	digest, size, err := w.store.Put(w.ctx(), strings.NewReader(raw))
	require.NoError(w.t, err)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		create := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", n)).SetSubject(fmt.Sprintf("Istanza %d", n)).
			SetSenderName("Ditta Rossi").SetSenderAddress("rossi@pec.example").SetRouteReason("nessuna regola").
			SetReceivedAt(at).SetChangedAt(at)
		if office != nil {
			create.SetOffice(office).SetStatus("TO_ASSIGN")
		}
		var err error
		file, err = w.deps.Dossier.Open(ctx, tx, create.SetMailbox(box))
		require.NoError(w.t, err)
		mail = tx.Message.Create().SetDigest(string(digest)).SetSize(size).SetDirection(entmessage.DirectionIncoming).
			SetKind(pec.Envelope).SetVerdict(smime.Valid).SetEvidence(smime.Verdict{Status: smime.Valid, Signer: "posta-certificata@pec.example"}).
			SetSubject(file.Subject).SetSenderAddress("rossi@pec.example").SetText(w.text).
			SetReceivedAt(at).SetArchivedAt(at).SetCase(file).SaveX(ctx)
		for i := range attachments {
			w.attach(ctx, tx, mail, i, strings.Index(raw, "allegato"))
		}
		tx.Delivery.Create().SetMessage(mail).SetMailbox(box).SetFolder("INBOX").SetReceivedAt(at).SaveX(ctx)
		entries := []event.Entry{
			{Kind: event.MessageReceived, Message: mail.ID, Case: file.ID, Mailbox: box.ID},
			{Kind: event.CaseOpened, Case: file.ID, Message: mail.ID},
		}
		if office != nil {
			entries = append(entries, event.Entry{Kind: event.CaseRouted, Case: file.ID, Office: office.ID, Details: event.Details{Reason: "casella dell'ufficio"}})
		}
		return entries
	})
	return file, mail
}

// attach makes an attachment of the word that stands at start in the original.
func (w *world) attach(ctx context.Context, tx *ent.Tx, mail *ent.Message, i, start int) {
	tx.Attachment.Create().SetMessage(mail).SetPosition(i).SetName(fmt.Sprintf("allegato %d.pdf", i)).
		SetMediaType("application/pdf").SetSize(8).SetSha256(digestOf("allegato")).SetSection(fmt.Sprintf("%d+8", start)).SaveX(ctx)
}

// answerTo is what a query is answered.
type answerTo struct {
	Status int
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

func (a answerTo) code() any {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions["code"]
}

func (w *world) ask(query string, variables map[string]any) answerTo {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.http.URL+"/graphql", bytes.NewReader(body))
	require.NoError(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	a := answerTo{Status: response.StatusCode}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&a))
	return a
}

// get asks and wants an answer without errors, as indented JSON.
func (w *world) get(query string, variables map[string]any) string {
	w.t.Helper()
	a := w.ask(query, variables)
	require.Empty(w.t, a.Errors, query)
	return string(a.Data)
}

// spoken is what the program logged.
type spoken struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *spoken) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func digestOf(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

func idOf(kind string, row int) string { return model.GlobalID{Type: kind, Row: row}.String() }

// head is where the register ends.
func (w *world) head() string {
	var data struct{ RegisterHead string }
	require.NoError(w.t, json.Unmarshal([]byte(w.get(`{ registerHead }`, nil)), &data))
	return data.RegisterHead
}
