package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyapproval"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/reply"
)

func (r *Resolver) repliesOf(ctx context.Context, p *plan, f *model.ReplyFilter) *ent.ReplyQuery {
	q := r.Client.Reply.Query()
	p.fail(filterReplies(ctx, q, f))
	p.replies(q, p.selection)
	return q
}

// filterReplies narrows a query to what the filter asks for.
func filterReplies(ctx context.Context, q *ent.ReplyQuery, f *model.ReplyFilter) error {
	if f == nil {
		return nil
	}
	if f.States != nil {
		q.Where(entreply.StateIn(f.States...))
	}
	if f.CaseIds != nil {
		rows, err := rowsOf("Case", f.CaseIds)
		if err != nil {
			return err
		}
		q.Where(entreply.CaseIDIn(rows...))
	}
	if f.MailboxIds != nil {
		rows, err := rowsOf("Mailbox", f.MailboxIds)
		if err != nil {
			return err
		}
		q.Where(entreply.MailboxIDIn(rows...))
	}
	me := me(ctx)
	if given(f.Mine) {
		q.Where(entreply.Or(entreply.AuthorID(me.ID), entreply.EditedByID(me.ID), entreply.SubmittedByID(me.ID)))
	}
	if given(f.ToApprove) {
		q.Where(entreply.StateEQ(entreply.StateWaiting), entreply.SubmittedByIDNEQ(me.ID),
			entreply.HasCaseWith(casefile.OfficeIDIn(me.Heads...)),
			entreply.Not(entreply.HasApprovalsWith(replyapproval.DecidedByID(me.ID), replyapproval.Void(false))))
	}
	return nil
}

// onReply names the reply of a command, as its author saw it.
func onReply(id model.GlobalID, version int) reply.On {
	return reply.On{Reply: rowOf("Reply", id), Version: version}
}

// replied answers a command on a reply: with the reply as its author sees it now,
// or with why it was not carried out.
func (r *Resolver) replied(ctx context.Context, id int, client *string, err error) (*model.ReplyPayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	for i, e := range refused {
		if stale, ok := e.(model.StaleCaseError); ok {
			refused[i] = model.StaleReplyError{Message: stale.Message, Path: stale.Path, Code: stale.Code, CurrentVersion: stale.CurrentVersion}
		}
	}
	p := planObject(ctx)
	replies, err := r.repliesByID(ctx, p, p.part("ReplyPayload", "reply", id))
	return &model.ReplyPayload{Reply: replies[id], UserErrors: refused, ClientMutationID: client}, err
}

// started answers a command that begins a reply.
func (r *Resolver) started(ctx context.Context, client *string) func(id int, err error) (*model.ReplyPayload, error) {
	return func(id int, err error) (*model.ReplyPayload, error) { return r.replied(ctx, id, client, err) }
}

func (r *Resolver) saveReply(ctx context.Context, input model.ReplySaveInput) (*model.ReplyPayload, error) {
	content := reply.Content{
		Mailbox: rowOf("Mailbox", input.MailboxID), To: input.To, Cc: input.Cc, Subject: input.Subject, HTML: input.HTML,
		Receipt: input.ReceiptType, Concludes: input.Concludes,
	}
	on := onReply(input.ReplyID, input.Version)
	err := versioned(on, func() error { return r.Replies.Save(ctx, on, content) })
	return r.replied(ctx, on.Reply, input.ClientMutationID, err)
}

// versioned carries out a command whose author has to say what he saw: no version
// would mean any to package reply.
func versioned(on reply.On, command func() error) error {
	if on.Version <= 0 {
		return &casework.Refused{
			Code: casework.Invalid, Path: "version", Italian: "manca la versione della risposta", English: "say which version of the reply you saw",
		}
	}
	return command()
}

// removeFile takes a file off the reply that it is of.
func (r *Resolver) removeFile(ctx context.Context, input model.ReplyFileInput) (*model.ReplyPayload, error) {
	id, of := rowOf("ReplyFile", input.FileID), 0
	file, err := r.Client.ReplyFile.Get(ctx, id)
	if err == nil {
		of = file.ReplyID
	} else if !ent.IsNotFound(err) {
		return nil, err
	}
	return r.replied(ctx, of, input.ClientMutationID, r.Replies.RemoveFile(ctx, id))
}

// writtenOf gives what a reply says, and notes that the message is read that it
// quotes. A subscription has none, as of a message.
func writtenOf(ctx context.Context, r *ent.Reply, html string) *string {
	if r.AnswersID == nil {
		if _, ok := ctx.Value(textsKey{}).(*texts); !ok {
			return nil
		}
		return &html
	}
	if textOf(ctx, &ent.Message{ID: *r.AnswersID, CaseID: &r.CaseID}) == nil {
		return nil
	}
	return &html
}

// versionOf gives what a version of a reply said.
func versionOf(v *ent.ReplyVersion) (c reply.Content, err error) {
	if err := json.Unmarshal(v.Content, &c); err != nil {
		return c, fmt.Errorf("version %d of reply %d: %w", v.Number, v.ReplyID, err)
	}
	return c, nil
}

// htmlOfVersion gives the text of a version.
func htmlOfVersion(ctx context.Context, v *ent.ReplyVersion) (*string, error) {
	of, err := v.Edges.ReplyOrErr()
	if err != nil {
		return nil, err
	}
	c, err := versionOf(v)
	return writtenOf(ctx, of, c.HTML), err
}

// present are the people of rows that say who has something open.
func present[T any](rows []T, err error, of func(T) *ent.User) ([]ent.User, error) {
	people := make([]ent.User, 0, len(rows))
	for _, row := range rows {
		if u := of(row); u != nil {
			people = append(people, *u)
		}
	}
	return bounded(people, mostPresent), err
}

// editors are those who have a reply open.
func editors(r *ent.Reply) ([]ent.User, error) {
	rows, err := r.Edges.EditorsOrErr()
	return present(rows, err, func(e *ent.ReplyEditor) *ent.User { return e.Edges.User })
}

// bounded keeps so many of a list as its description says.
func bounded[T any](rows []T, most int) []T { return rows[:min(len(rows), most)] }

// recipientsOf are those that the message of a reply went to.
func recipientsOf(r *ent.Reply) ([]ent.Recipient, error) {
	sent, err := maybe(r.Edges.OutgoingOrErr())
	if err != nil || sent == nil {
		return []ent.Recipient{}, err
	}
	return values(sent.NamedAddressees(ofReply))
}

// replyOf is the reply that a message is.
func replyOf(m *ent.Message) (*ent.Reply, error) {
	return alone(m.Edges.RepliesOrErr())
}

// preview shows a reply as it would be sent. A subscription has none.
func (r *Resolver) preview(ctx context.Context, of *ent.Reply) (*model.ReplyPreview, error) {
	if writtenOf(ctx, of, "") == nil {
		return nil, nil //nolint:nilnil // null in the answer
	}
	p, err := r.Replies.Preview(ctx, of.ID)
	if refused, ok := errors.AsType[*casework.Refused](err); ok && refused.Code == casework.NotFound {
		return nil, nil //nolint:nilnil // gone, or out of sight, since it was found
	}
	if err != nil {
		return nil, err
	}
	known := make([]model.KnownAddress, len(p.Recipients))
	for i, k := range p.Recipients {
		known[i] = model.KnownAddress{Address: k.Address, System: k.System}
	}
	return &model.ReplyPreview{
		From: &pec.Address{Name: p.From.Name, Address: p.From.Address}, Subject: p.Subject, HTML: p.HTML, Text: p.Text,
		Size: p.Size, Limit: p.Limit, Hash: p.Hash, Problems: remarks(ctx, p.Problems), Warnings: remarks(ctx, p.Warnings),
		Recipients: known, Hold: int(r.Replies.Hold.Seconds()),
	}, nil
}

func remarks(ctx context.Context, list []reply.Problem) []model.ReplyRemark {
	shown := make([]model.ReplyRemark, len(list))
	for i, p := range list {
		shown[i] = model.ReplyRemark{Path: p.Path, Message: in(ctx, p.Italian, p.English)}
	}
	return shown
}
