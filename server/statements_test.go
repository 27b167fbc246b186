package server

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
)

// meter answers queries of a world and counts the SQL statements of each.
type meter struct {
	token      string
	t          *testing.T
	front      *Front
	statements atomic.Int64
}

func (w *world) meter() *meter {
	m := &meter{t: w.t}
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(w.url, "sqlite://")+"?_time_format=sqlite&_timezone=UTC")
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = db.Close() })
	driver := dialect.DebugWithContext(entsql.OpenDB(dialect.SQLite, db), func(context.Context, ...any) { m.statements.Add(1) })
	d := w.deps
	d.Client = guard.Wrap(ent.NewClient(ent.Driver(driver)))
	d.Limits.QueryCost = 1 << 20
	m.front, m.token = NewFront(d), w.token
	return m
}

// ask gives the answer, and how many statements it took.
func (m *meter) ask(query string) (data string, statements int64) {
	m.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	require.NoError(m.t, err)
	r := httptest.NewRequestWithContext(m.t.Context(), "POST", "http://localhost/graphql", strings.NewReader(string(body)))
	r.Header.Set("Authorization", "Bearer "+m.token)
	r.Header.Set("Content-Type", "application/json")
	before, answer := m.statements.Load(), httptest.NewRecorder()
	m.front.ServeHTTP(answer, r)
	require.NotContains(m.t, answer.Body.String(), `"errors"`)
	return answer.Body.String(), m.statements.Load() - before
}

// TestStatementsDoNotGrowWithRows: one for each edge of the query, for one case
// as for fifty with all their messages, attachments and deliveries.
func TestStatementsDoNotGrowWithRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	box := w.mailbox("tributi@comune.example", office)
	m := w.meter()
	for _, tt := range []struct {
		name, query string
		statements  int64
	}{
		{"a desk", `{ cases(first: 50) { pageInfo { hasNextPage } nodes { number office { name mailboxes { nodes { address } } }
			messages { nodes { subject attachments { nodes { name } } deliveries { nodes { mailbox { address } } } receipts { nodes { id } } } } } } }`, 8},
		{"messages and their cases", `{ messages(first: 50) { edges { cursor node { subject case { number office { code } } receiptOf { id } attachments { nodes { name message { digest: id } } } } } } }`, 5},
		{"the register", `{ events(first: 100) { nodes { __typename
			... on MessageReceived { message { subject } mailbox { address } case { number } }
			... on CaseOpened { case { number messages { nodes { subject } } } message { text } }
			... on CaseRouted { case { number } office { code } } } } }`, 6},
		{"an overview", `{ overview(from: "2026-11-01T00:00:00Z", until: "2026-12-01T00:00:00Z") { counts { toAssign } days { date from until arrived closed open breached }
			offices { office { code } counts { toAssign } figures { arrived toClose { medianHours } } } } }`, 12},
		{"mailboxes", `{ mailboxes(first: 50) { nodes { address office { code } folders { nodes { name mailbox { address } } } } } }`, 4},
	} {
		w.arrives(box, office, 1)
		_, few := m.ask(tt.query)
		for range 3 {
			for i := range 20 {
				w.arrives(box, office, i%3)
			}
			w.mailbox(fmt.Sprintf("%d@comune.example", w.count), office)
		}
		data, many := m.ask(tt.query)
		require.Greater(t, len(data), 1000, "the answer is full")
		require.Equal(t, few, many, tt.name)
		require.Equal(t, tt.statements, many, tt.name)
	}
}

// TestStatementsDoNotGrowWithReplies: one for each edge, whatever hangs on them.
func TestStatementsDoNotGrowWithReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	box := w.mailbox("tributi@comune.example", office)
	person, err := w.db.Client().User.Query().FirstID(w.ctx())
	require.NoError(t, err)
	m := w.meter()
	const query = `{ replies(first: 50) { nodes { subject case { number } answers { subject } mailbox { address } author { name } editedBy { name } submittedBy { name }
		approvals { remark decidedBy { name } } files { name addedBy { name } } versions(first: 5) { nodes { number savedBy { name } subject } } editors { name }
		outgoing { deliveryStatus { status } } recipients { address } } } }`
	writes := func(n int) {
		for range n {
			c, mail := w.arrives(box, office, 0)
			w.change(func(ctx context.Context, tx *ent.Tx) { w.putReply(ctx, tx, c, mail, box, person) })
		}
	}
	writes(1)
	_, few := m.ask(query)
	writes(30)
	data, many := m.ask(query)
	require.Greater(t, len(data), 10000, "the answer is full")
	require.Equal(t, few, many)
	require.Equal(t, int64(18), many)
}

// TestStatementsDoNotGrowAtTheDesk: what is suggested, and who looks, is found out
// for the whole list at once, along whatever way the cases were found.
func TestStatementsDoNotGrowAtTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	person, err := w.db.Client().User.Query().FirstID(w.ctx())
	require.NoError(t, err)
	m := w.meter()
	arrive := func(n int) {
		for range n {
			office := w.office(fmt.Sprint("ufficio", w.count))
			worked, _ := w.arrives(box, office, 0)
			c, _ := w.arrives(box, nil, 1)
			w.change(func(ctx context.Context, tx *ent.Tx) {
				tx.CaseFile.UpdateOneID(worked.ID).SetStatus("CLOSED").SetOutcome("ANSWERED").SetSortedAt(time.Now().UTC()).SetSortedByID(person).SaveX(ctx)
				tx.CaseLooker.Create().SetCaseID(c.ID).SetUserID(person).SetUntil(time.Now().Add(time.Hour).UTC()).SaveX(ctx)
			})
		}
	}
	arrive(1)
	queries := []string{
		`{ cases(first: 100, filter: {statuses: [TO_SORT]}) { nodes { number suggestedOffices { reason count of office { code name } } lookers { name }
			messages(first: 1) { nodes { kind verdict { status } attachments { nodes { name } } } } } } }`,
		`{ messages(first: 100) { nodes { subject case { suggestedOffices { office { code } } } } } viewer { frequentOffices { code } } }`,
	}
	few := make([]int64, len(queries))
	for i, q := range queries {
		_, few[i] = m.ask(q)
	}
	arrive(30)
	for i, q := range queries {
		data, many := m.ask(q)
		require.Contains(t, data, `"suggestedOffices":[{`)
		require.Equal(t, few[i], many, q)
	}
	require.Equal(t, []int64{11, 12}, few) // one of each for the offices that took over from others
}

// putReply writes a reply with one of all that can hang on it.
func (w *world) putReply(ctx context.Context, tx *ent.Tx, c *ent.CaseFile, mail *ent.Message, box *ent.Mailbox, person int) {
	r := tx.Reply.Create().SetCaseID(c.ID).SetManner("REPLY").SetAnswersID(mail.ID).SetOutgoingID(mail.ID).SetMailboxID(box.ID).SetSubject("Re: " + c.Subject).
		SetAuthorID(person).SetCreatedAt(noon).SetEditedByID(person).SetEditedAt(noon).SetSubmittedByID(person).SaveX(ctx)
	tx.ReplyApproval.Create().SetReplyID(r.ID).SetCaseID(c.ID).SetStep(1).SetDecidedByID(person).SetDecidedAt(noon).SetApproved(true).SetContentHash("x").SaveX(ctx)
	tx.ReplyFile.Create().SetReplyID(r.ID).SetCaseID(c.ID).SetName("a.txt").SetMediaType("text/plain").SetSize(1).SetSha256(digestOf("a")).
		SetAddedByID(person).SetAddedAt(noon).SaveX(ctx)
	tx.ReplyVersion.Create().SetReplyID(r.ID).SetCaseID(c.ID).SetNumber(1).SetSavedByID(person).SetBegunAt(noon).SetSavedAt(noon).SetContent([]byte(`{}`)).SaveX(ctx)
	tx.ReplyEditor.Create().SetReplyID(r.ID).SetCaseID(c.ID).SetUserID(person).SetUntil(time.Now().Add(time.Hour).UTC()).SaveX(ctx)
	tx.Recipient.Create().SetMessageID(mail.ID).SetAddress("rossi@pec.example").SaveX(ctx)
}
