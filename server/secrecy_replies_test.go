//go:build !race

package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/reply"
)

// makeReplies writes a reply on each case, with all that hangs on it, a recipient
// of each message, and what the register tells of them.
func (s *society) makeReplies() {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i, m := range s.messages {
		may := func(p int) bool { return s.reads(p, i) }
		to := s.tx.Recipient.Create().SetMessageID(m.id).SetAddress(s.hide(fmt.Sprintf("recipient of message %d", i), may) + "@pec.example").
			SetStatus(recipient.StatusFailed).SetReason("perché " + s.hide(fmt.Sprintf("failure of message %d", i), may)).SaveX(s.c)
		e := event.Entry{Kind: event.DeliveryChanged, Message: m.id, Details: event.Details{Of: to.ID, From: "PENDING", To: "NOT_DELIVERED"}}
		if m.filedIn >= 0 {
			e.Case = s.cases[m.filedIn].id
		}
		s.entries = append(s.entries, e, event.Entry{Kind: event.ReceiptDiffers, Case: e.Case, Message: m.id, Details: event.Details{Of: s.messages[0].id}})
	}
	for i := range s.cases {
		s.makeReply(i, at)
	}
	s.makeTemplates(at)
}

func (s *society) makeReply(i int, at time.Time) {
	c, author := s.cases[i], s.persons[s.r.IntN(len(s.persons))].id
	hidden := func(what string) string { return s.hide(what+" on case "+s.numbers[i], s.fromLevel(i, content)) }
	states := []entreply.State{entreply.StateDraft, entreply.StateWaiting, entreply.StateQueued, entreply.StateUncertain, entreply.StateSent, entreply.StateRefused}
	row := s.tx.Reply.Create().SetCaseID(c.id).SetManner(entreply.MannerReply).SetMailboxID(s.boxes[s.r.IntN(len(s.boxes))]).
		SetState(states[s.r.IntN(len(states))]).SetTo([]pec.Address{{Name: hidden("name of a reply"), Address: hidden("address of a reply") + "@pec.example"}}).
		SetCc([]pec.Address{{Address: hidden("copy of a reply") + "@pec.example"}}).SetSubject(hidden("subject of a reply")).SetHTML("<p>" + hidden("text of a reply") + "</p>").
		SetAuthorID(author).SetCreatedAt(at).SetEditedByID(author).SetEditedAt(at).SetSubmittedByID(author).
		SetMessageID("<" + hidden("Message-ID of a reply") + "@pec.example>").SetAnswer(hidden("answer to a reply")).SetLastError(hidden("failure of a reply"))
	if of := slices.IndexFunc(s.messages, func(m mMessage) bool { return m.filedIn == i }); of >= 0 {
		row.SetAnswersID(s.messages[of].id).SetOutgoingID(s.messages[of].id)
	}
	r := row.SaveX(s.c)
	stored, size, err := s.store.Put(s.c, strings.NewReader("allegato "+hidden("file of a reply")))
	require.NoError(s.t, err)
	s.tx.ReplyFile.Create().SetReplyID(r.ID).SetCaseID(c.id).SetName(hidden("name of a file of a reply") + ".txt").SetMediaType("text/plain").SetSize(size).
		SetSha256(string(stored)).SetAddedByID(author).SetAddedAt(at).SaveX(s.c)
	said, err := json.Marshal(reply.Content{Subject: hidden("former subject of a reply"), HTML: "<p>" + hidden("former text of a reply") + "</p>"})
	require.NoError(s.t, err)
	s.tx.ReplyVersion.Create().SetReplyID(r.ID).SetCaseID(c.id).SetNumber(1).SetSavedByID(author).SetBegunAt(at).SetSavedAt(at).SetContent(said).SaveX(s.c)
	s.tx.ReplyApproval.Create().SetReplyID(r.ID).SetCaseID(c.id).SetStep(1).SetDecidedByID(author).SetDecidedAt(at).SetApproved(false).
		SetContentHash("x").SetRemark(hidden("remark on a reply")).SaveX(s.c)
	s.tx.ReplyEditor.Create().SetReplyID(r.ID).SetCaseID(c.id).SetUserID(author).SetUntil(at.Add(time.Hour)).SaveX(s.c)
	about := event.Entry{Kind: event.ReplyDelayed, Case: c.id, Office: s.officeID(c.office), Details: event.Details{
		Reply: r.ID, Reason: s.hide("movement of a reply on case "+s.numbers[i], s.hears(i))}}
	opened := about
	opened.Kind, opened.Details = event.ReplyOpened, event.Details{Reply: r.ID, People: []int{author}}
	s.entries = append(s.entries, about, opened)
}

// makeTemplates writes one of the house, of each office, and of each person.
func (s *society) makeTemplates(at time.Time) {
	add := func(what string, office, person int, may func(p int) bool) {
		row := s.tx.Template.Create().SetKind("TEXT").SetName(s.hide("template of "+what, may)).SetSubject(s.hide("subject of a template of "+what, may)).
			SetHTML("<p>" + s.hide("text of a template of "+what, may) + "</p>").SetChangedAt(at)
		if office != 0 {
			row.SetOfficeID(office)
		}
		if person != 0 {
			row.SetUserID(person)
		}
		s.entries = append(s.entries, event.Entry{Kind: event.TemplateChanged, Office: office, Person: person, Details: event.Details{Of: row.SaveX(s.c).ID, How: "added"}})
		s.templates = append(s.templates, may)
	}
	add("the house", 0, 0, func(p int) bool { return !s.persons[p].disabled })
	for i, o := range s.offices {
		add(fmt.Sprintf("office %d", i), o.id, 0, func(p int) bool { return s.belongs(p, i) })
	}
	for i, who := range s.persons {
		add(fmt.Sprintf("person %d", i), 0, who.id, func(p int) bool { return p == i })
	}
}

// ofReplies says which things of the replies a person may ask for by their ids:
// each was made once for each case, message or owner, in their order.
func (a *asker) ofReplies(p int) map[string]map[int]bool {
	expected := map[string]map[int]bool{"DeliveryStatus": {}, "Template": {}}
	for _, kind := range []string{"Reply", "ReplyFile", "ReplyVersion", "ReplyApproval"} {
		expected[kind] = map[int]bool{}
		for i, id := range a.ids[kind] {
			expected[kind][id] = a.sees(p, i) == content
		}
	}
	for i, id := range a.ids["DeliveryStatus"] {
		expected["DeliveryStatus"][id] = a.reads(p, i)
	}
	for i, id := range a.ids["Template"] {
		expected["Template"][id] = a.templates[i](p)
	}
	return expected
}

// replyFilesAre downloads the files of all replies.
func (a *asker) replyFilesAre(t *testing.T, p int, token, nothing string) {
	t.Helper()
	for i, id := range a.ids["ReplyFile"] {
		response, body := a.send("GET", graph.ReplyFilePath(id), "", "Authorization", "Bearer "+token)
		if a.sees(p, i) == content {
			require.Equal(t, http.StatusOK, response.StatusCode)
		} else {
			require.Equal(t, http.StatusNotFound, response.StatusCode)
			require.Equal(t, withoutRequest(nothing), withoutRequest(body))
		}
	}
}

// aimed is an input that names what a command is about, and what of it a person
// does not see.
type aimed struct {
	input, kind string
	hidden      []int
}

func (a *asker) aims(p int) []aimed {
	var cases []int
	for i, c := range a.cases {
		if a.sees(p, i) < movements {
			cases = append(cases, c.id)
		}
	}
	all := []aimed{{"caseId", "Case", cases}}
	of := a.ofReplies(p)
	for _, n := range []aimed{{input: "replyId", kind: "Reply"}, {input: "fileId", kind: "ReplyFile"}, {input: "templateId", kind: "Template"}} {
		for _, id := range a.ids[n.kind] {
			if !of[n.kind][id] {
				n.hidden = append(n.hidden, id)
			}
		}
		all = append(all, n)
	}
	return all
}

// commandOn is a command that names a thing, with what else it asks for.
func (a *asker) commandOn(w walker, f string, n aimed, id int) string {
	definition := a.schema.Mutation.Fields.ForName(f)
	w.known = map[string][]string{n.input: {fmt.Sprintf("%q", model.GlobalID{Type: n.kind, Row: id}.String())}, "version": {"1"}}
	inputs := w.inputs(a.schema.Types[definition.Arguments[0].Type.Name()], 0)
	best := inputs[slices.IndexFunc(inputs, func(s string) bool { return strings.Contains(s, n.input+": ") })]
	if i := slices.IndexFunc(inputs, func(s string) bool { return strings.Contains(s, "remark: ") }); i >= 0 {
		best = inputs[i] // without it, that is what is told
	}
	thing := ""
	for _, of := range []string{"case", "reply", "template"} {
		if a.schema.Types[definition.Type.Name()].Fields.ForName(of) != nil {
			thing = of
		}
	}
	return fmt.Sprintf("mutation { told: %s(input: %s) { %s { id } userErrors { __typename message path code } } }", f, best, thing)
}
