package server

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

// answering is a town hall in which a case is with a person who answers it.
type answering struct {
	*world
	desk, head, operator, stranger *world
	office                         *ent.Office
	box                            *ent.Mailbox
	c                              *ent.CaseFile
	mail                           *ent.Message
}

func newAnswering(t *testing.T, w *world) *answering {
	t.Helper()
	a := &answering{world: w, office: w.office("tributi")}
	a.box = w.mailbox("tributi@comune.example", a.office)
	a.change(func(ctx context.Context, tx *ent.Tx) {
		tx.Mailbox.Update().Where(mailbox.ID(a.box.ID)).SetSends(true).ExecX(ctx)
	})
	a.desk, _ = w.someone("smista", staff.Roles{Sorter: true}, nil, "")
	a.head, _ = w.someone("capo", staff.Roles{}, a.office, membership.RoleHead)
	var operator int
	a.operator, operator = w.someone("opera", staff.Roles{}, a.office, membership.RoleOperator)
	a.stranger, _ = w.someone("altri", staff.Roles{}, nil, "")
	a.c, a.mail = w.arrives(a.box, nil, 1)
	require.Empty(t, a.desk.tell("caseSort", caseAt(a.c, 1)+fmt.Sprintf(`, officeId: %q`, idOf("Office", a.office.ID))).UserErrors)
	require.Empty(t, a.head.tell("caseAssign", caseAt(a.c, 2)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", operator))).UserErrors)
	return a
}

func (w *world) change(change func(ctx context.Context, tx *ent.Tx)) {
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		change(ctx, tx)
		return nil
	})
}

func (a *answering) approvals(n int) {
	a.change(func(ctx context.Context, tx *ent.Tx) {
		tx.Office.Update().Where(office.ID(a.office.ID)).SetApprovals(n).ExecX(ctx)
	})
}

// draft is a reply as its author sees it.
type draft struct {
	ID, State, Subject, HTML, MessageID string
	Version, QueuePosition              int
	To                                  []struct{ Address string }
	Case                                struct {
		Status string
		MayDo  []string
	}
	Files     []struct{ ID, Name, Path, Scan string }
	Approvals []struct {
		Approved, Void bool
		DecidedBy      struct{ Name string }
	}
	Versions struct {
		Nodes []struct {
			Number  int
			Subject string
			HTML    *string
		}
	}
	Editors []struct{ Name string }
	Preview struct {
		Text               string
		Size               string
		Problems, Warnings []struct{ Path, Message string }
		Recipients         []struct{ Address, System string }
	}
}

// replied is what a command on a reply is answered.
type replied struct {
	Reply      *draft
	UserErrors []struct {
		Type           string `json:"__typename"`
		Code, Message  string
		CurrentVersion int
	}
}

const wholeReply = `id state subject html messageId version queuePosition to { address } case { status mayDo }
	files { id name path scan } approvals { approved void decidedBy { name } } versions(first: 10) { nodes { number subject html } }
	editors { name } preview { text size problems { path message } warnings { path message } recipients { address system } }`

// write gives a command on a reply.
func (w *world) writes(command, input string) replied {
	w.t.Helper()
	var answer struct{ Told replied }
	require.NoError(w.t, json.Unmarshal([]byte(w.get(`mutation { told: `+command+`(input: {`+input+`}) {
		reply { `+wholeReply+` } userErrors { __typename code message ... on StaleReplyError { currentVersion } } } }`, nil)), &answer))
	return answer.Told
}

// does gives a command that is carried out.
func (w *world) does(command, input string) *draft {
	w.t.Helper()
	answer := w.writes(command, input)
	require.Empty(w.t, answer.UserErrors, command)
	return answer.Reply
}

// refusedFor gives a command that is not, and tells why.
func (w *world) refusedFor(command, input string) string {
	w.t.Helper()
	answer := w.writes(command, input)
	require.Len(w.t, answer.UserErrors, 1, command)
	return answer.UserErrors[0].Code
}

func (r *draft) at() string { return fmt.Sprintf(`replyId: %q, version: %d`, r.ID, r.Version) }
func (r *draft) on() string { return fmt.Sprintf(`replyId: %q`, r.ID) }

func (a *answering) starts() string {
	return fmt.Sprintf(`caseId: %q, messageId: %q, manner: REPLY`, idOf("Case", a.c.ID), idOf("Message", a.mail.ID))
}

func (a *answering) says(r *draft, text string) string {
	return r.at() + fmt.Sprintf(`, mailboxId: %q, to: [{address: "rossi@pec.example"}], subject: "Re: Istanza 1", html: %q`, idOf("Mailbox", a.box.ID), text)
}

// hears reads the next event of a subscription about replies.
func (c *client) hears(id string) (kind string, reply map[string]any) {
	c.t.Helper()
	var data struct {
		Events struct {
			Kind  string
			Reply map[string]any
		}
	}
	require.NoError(c.t, json.Unmarshal([]byte(c.data(id)), &data))
	return data.Events.Kind, data.Events.Reply
}

// TestAReplyGoesItsWay: begun, written, filled, looked at, sent off, taken back,
// sent off again; and the head hears of each step.
func TestAReplyGoesItsWay(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		a := newAnswering(t, w)
		listener := a.head.listener()
		listener.subscribe("r", `subscription($after: Cursor) { events(after: $after, filter: {kinds: [REPLY_STARTED, REPLY_FILE_ADDED, REPLY_OPENED, REPLY_QUEUED, REPLY_WITHDRAWN]}) {
			... on ReplyChanged { kind reply { state html preview { size } } people { name } } } }`, map[string]any{"after": w.head()})

		require.Equal(t, "NOT_FOUND", a.stranger.refusedFor("replyStart", a.starts()))
		require.Equal(t, "FORBIDDEN", a.desk.refusedFor("replyStart", fmt.Sprintf(`caseId: %q, manner: NEW`, idOf("Case", a.c.ID))), "the desk sees the movements only")
		r := a.operator.does("replyStart", a.starts())
		require.Equal(t, "Re: Istanza 1", r.Subject)
		require.Equal(t, "rossi@pec.example", r.To[0].Address)
		require.Contains(t, r.HTML, "Si trasmette quanto in oggetto")
		require.Contains(t, r.Case.MayDo, "SEND")

		first := r.at()
		opened := a.operator.does("replyOpen", r.on())
		require.Equal(t, "opera", opened.Editors[0].Name)
		saved := a.operator.does("replySave", a.says(r, `<p>Si risponde.<script>alert(1)</script></p>`))
		require.Equal(t, 2, saved.Version)
		require.NotContains(t, saved.HTML, "script")
		stale := a.operator.writes("replySave", a.says(r, "<p>Altro</p>"))
		require.Equal(t, "StaleReplyError", stale.UserErrors[0].Type)
		require.Equal(t, 2, stale.UserErrors[0].CurrentVersion)
		require.Contains(t, stale.UserErrors[0].Message, "opera")
		require.Equal(t, "STALE", a.operator.refusedFor("replySend", first))

		taken := a.operator.does("replyTakeOver", r.on()+fmt.Sprintf(`, attachmentId: %q`, idOf("Attachment", a.attachment())))
		require.Equal(t, "allegato 0.pdf", taken.Files[0].Name)
		require.NotEmpty(t, taken.Preview.Text)
		require.Equal(t, []struct{ Address, System string }{{"rossi@pec.example", "CERTIFIED"}}, taken.Preview.Recipients)
		require.Empty(t, taken.Preview.Problems)
		require.NotEqual(t, "0", taken.Preview.Size)
		require.Equal(t, 3, taken.Versions.Nodes[0].Number)
		require.Contains(t, *taken.Versions.Nodes[0].HTML, "Si risponde.")
		response, body := w.send("GET", taken.Files[0].Path, "", "Authorization", "Bearer "+a.operator.token)
		require.Equal(t, 200, response.StatusCode)
		require.Equal(t, "allegato", body)

		sent := a.operator.does("replySend", taken.at())
		require.Equal(t, "QUEUED", sent.State)
		require.Equal(t, "ANSWERING", sent.Case.Status)
		require.Contains(t, sent.MessageID, "@comune.example>")
		require.Equal(t, "ILLEGAL", a.operator.refusedFor("replySave", a.says(sent, "<p>Tardi</p>")))
		back := a.operator.does("replyWithdraw", r.on())
		require.Equal(t, "DRAFT", back.State)
		require.Equal(t, "IN_PROGRESS", back.Case.Status)
		require.Equal(t, "QUEUED", a.operator.does("replySend", back.at()).State)

		for _, want := range []string{"REPLY_STARTED", "REPLY_OPENED", "REPLY_FILE_ADDED", "REPLY_QUEUED", "REPLY_WITHDRAWN", "REPLY_QUEUED"} {
			kind, reply := listener.hears("r")
			require.Equal(t, want, kind)
			require.NotEmpty(t, reply["state"])
			require.Nil(t, reply["html"], "what it says is not pushed")
			require.Nil(t, reply["preview"])
		}
		require.JSONEq(t, `{"toDo":{"answering":1,"inProgress":0}}`, a.operator.get(`{ toDo { answering inProgress } }`, nil))
	})
}

func (a *answering) attachment() int {
	id, err := a.db.Client().Attachment.Query().Where(attachment.MessageID(a.mail.ID)).OnlyID(a.ctx())
	require.NoError(a.t, err)
	return id
}

// TestAReplyIsApproved by another person than who sent it off; what is changed
// meanwhile is approved anew.
func TestAReplyIsApproved(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		a := newAnswering(t, w)
		a.approvals(1)
		r := a.operator.does("replyStart", a.starts())
		r = a.operator.does("replySave", a.says(r, "<p>Si risponde.</p>"))
		r = a.operator.does("replySend", r.at())
		require.Equal(t, "AWAITING_APPROVAL", r.State)
		require.Equal(t, "FORBIDDEN", a.operator.refusedFor("replyApprove", r.at()))

		const waiting = `{ replies(filter: {toApprove: true}) { nodes { subject } } }`
		require.JSONEq(t, `{"replies":{"nodes":[{"subject":"Re: Istanza 1"}]}}`, a.head.get(waiting, nil))
		require.JSONEq(t, `{"replies":{"nodes":[]}}`, a.operator.get(waiting, nil))
		require.Equal(t, "REASON_NEEDED", a.head.refusedFor("replySendBack", r.at()))
		sent := a.head.does("replySendBack", r.at()+`, remark: "Cita il regolamento."`)
		require.Equal(t, "DRAFT", sent.State)
		require.False(t, sent.Approvals[0].Approved)
		require.True(t, sent.Approvals[0].Void)

		r = a.operator.does("replySave", a.says(sent, "<p>Si risponde, visto il regolamento.</p>"))
		r = a.operator.does("replySend", r.at())
		changed := a.head.does("replySave", a.says(r, "<p>Si risponde, visto l'art. 5 del regolamento.</p>"))
		require.Equal(t, "AWAITING_APPROVAL", changed.State)
		require.Equal(t, "STALE", a.head.refusedFor("replyApprove", r.at()))
		approved := a.head.does("replyApprove", changed.at())
		require.Equal(t, "QUEUED", approved.State)
		require.Equal(t, "capo", approved.Approvals[1].DecidedBy.Name)

		a.approvals(0)
		second := a.operator.does("replyStart", a.starts())
		require.Equal(t, "ANSWERED", a.operator.refusedFor("replySend", second.at()), "one answer is on its way")
		require.Equal(t, 1, a.operator.does("replySend", second.at()+`, again: true`).QueuePosition)
		require.JSONEq(t, `{"a":{"nodes":[{"state":"QUEUED"},{"state":"QUEUED"}]},"b":{"nodes":[]}}`, a.operator.get(
			`{ a: replies(filter: {states: [QUEUED], mine: true}) { nodes { state } } b: replies(filter: {states: [UNCERTAIN, REFUSED]}) { nodes { state } } }`, nil))
	})
}

// TestTextsToBeginWith: each writes his own, the head those of the office, and
// the block to sign with stands in a new draft, filled in.
func TestTextsToBeginWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := newAnswering(t, w)
	save := func(who *world, input string) string {
		return who.get(`mutation { templateSave(input: {`+input+`}) { template { name office { code } person { name } html } userErrors { code } } }`, nil)
	}
	ofOffice := fmt.Sprintf(`kind: SIGNATURE, name: "Firma", html: "<p>{{operatore}}, {{ufficio}}</p>", officeId: %q`, idOf("Office", a.office.ID))
	require.JSONEq(t, `{"templateSave":{"template":null,"userErrors":[{"code":"FORBIDDEN"}]}}`, save(a.operator, ofOffice))
	require.JSONEq(t, `{"templateSave":{"template":{"name":"Firma","office":{"code":"tributi"},"person":null,"html":"<p>{{operatore}}, {{ufficio}}</p>"},"userErrors":[]}}`, save(a.head, ofOffice))
	require.JSONEq(t, `{"templateSave":{"template":{"name":"Mio","office":null,"person":{"name":"opera"},"html":"<p>Gentile {{mittente}}, {{boh}}</p>"},"userErrors":[]}}`,
		save(a.operator, `kind: TEXT, name: "Mio", html: "<p>Gentile {{mittente}}, {{boh}}</p>", mine: true, subject: "Pratica {{pratica}}"`))

	r := a.operator.does("replyStart", a.starts())
	require.Contains(t, r.HTML, "opera, Ufficio tributi")
	var list struct {
		Templates []struct{ ID, Name string }
	}
	require.NoError(t, json.Unmarshal([]byte(a.operator.get(`{ templates { id name } }`, nil)), &list))
	require.Len(t, list.Templates, 2)
	require.JSONEq(t, `{"templates":[]}`, a.stranger.get(`{ templates { id name } }`, nil))
	mine := list.Templates[1].ID
	filled := fmt.Sprintf(`{ templateFilled(templateId: %q, replyId: %q) { subject html unknown } }`, mine, r.ID)
	require.JSONEq(t, `{"templateFilled":{"subject":"Pratica 2026/000001","html":"<p>Gentile rossi@pec.example, {{boh}}</p>","unknown":["boh"]}}`, a.operator.get(filled, nil))
	require.JSONEq(t, `{"templateFilled":null}`, a.head.get(filled, nil), "it is somebody else's own")
	remove := fmt.Sprintf(`mutation { templateRemove(input: {templateId: %q}) { template { name } userErrors { code } } }`, mine)
	require.JSONEq(t, `{"templateRemove":{"template":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, a.head.get(remove, nil))
	require.JSONEq(t, `{"templateRemove":{"template":null,"userErrors":[]}}`, a.operator.get(remove, nil))
}
