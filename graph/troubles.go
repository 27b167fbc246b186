package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

const (
	mostTroubles = 200
	// troubledFor is how long what nobody mends is told of.
	troubledFor = 30 * 24 * time.Hour
)

// trouble is one, with the rows that it is about; zero is none.
type trouble struct {
	model.Trouble

	mailbox, office, person, entry, file, reply int
}

// troubles is nil for who is no administrator.
func (r *Resolver) troubles(ctx context.Context) (*model.Troubles, error) {
	if v, _ := guard.From(ctx); !me(ctx).Administrator || !v.May(guard.Read) {
		return nil, nil
	}
	var all []trouble
	for _, of := range []func(context.Context) ([]trouble, error){
		r.mailboxTroubles, r.quarantined, r.replyTroubles, r.missingReceipts, r.failedNotices,
	} {
		some, err := of(ctx)
		if err != nil {
			return nil, fmt.Errorf("gather what fails: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b trouble) int { return b.Since.Compare(a.Since) })
	shown := &model.Troubles{List: []model.Trouble{}, More: len(all) > mostTroubles}
	return shown, r.showTroubles(ctx, all[:min(len(all), mostTroubles)], shown)
}

// mailboxTroubles are the mailboxes that are not collected.
func (r *Resolver) mailboxTroubles(ctx context.Context) (all []trouble, err error) {
	rows, err := r.Client.Mailbox.Query().Where(mailbox.HealthEQ(mailbox.HealthFailing)).Limit(mostTroubles + 1).All(ctx)
	for _, m := range rows {
		all = append(all, trouble{mailbox: m.ID, office: given(m.OfficeID), Trouble: model.Trouble{
			Kind: model.TroubleKindMailboxFailing, Since: given(m.FailingSince), Reason: m.LastError,
			Remedies: []model.TroubleRemedy{model.TroubleRemedyCheck},
		}})
	}
	return all, err
}

// quarantined are the messages that were set aside.
func (r *Resolver) quarantined(ctx context.Context) (all []trouble, err error) {
	rows, err := r.Client.LedgerEntry.Query().Where(ledgerentry.StateEQ(ledgerentry.StateQuarantined)).WithFolder().
		Order(ledgerentry.ByID(sql.OrderDesc())).Limit(mostTroubles + 1).All(ctx)
	for _, e := range rows {
		all = append(all, trouble{entry: e.ID, mailbox: e.Edges.Folder.MailboxID, Trouble: model.Trouble{
			Kind: model.TroubleKindMessageSetAside, Since: e.ChangedAt, Attempts: e.Attempts, Reason: e.Reason,
			Remedies: []model.TroubleRemedy{model.TroubleRemedyRetry},
		}})
	}
	return all, err
}

// asProgram lets the program read what an administrator may know of what he does not
// see: that something failed, where and how often.
func asProgram(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("troubles"))
}

// replyTroubles are the replies of which nobody knows, and those that were refused or
// come late. Why, in the words of the provider, is content.
func (r *Resolver) replyTroubles(ctx context.Context) (all []trouble, err error) {
	rows, err := r.Client.Reply.Query().Where(reply.Or(
		reply.StateEQ(reply.StateUncertain),
		reply.And(reply.StateEQ(reply.StateRefused), reply.EditedAtGT(time.Now().Add(-troubledFor))),
		reply.And(reply.StateEQ(reply.StateQueued), reply.AttemptsGT(0)),
	)).Order(reply.ByID(sql.OrderDesc())).Limit(mostTroubles+1).
		WithCase(func(q *ent.CaseFileQuery) { q.Select(casefile.FieldID, casefile.FieldOfficeID) }).
		Select(reply.FieldID, reply.FieldCaseID, reply.FieldMailboxID, reply.FieldState, reply.FieldAttempts, reply.FieldDotAt, reply.FieldEditedAt).
		All(asProgram(ctx))
	for _, one := range rows {
		t := trouble{reply: one.ID, file: one.CaseID, mailbox: one.MailboxID, office: given(one.Edges.Case.OfficeID), Trouble: model.Trouble{
			Since: one.EditedAt, Attempts: one.Attempts, Remedies: []model.TroubleRemedy{},
		}}
		if one.DotAt != nil {
			t.Since = *one.DotAt
		}
		switch one.State {
		case reply.StateUncertain:
			t.Kind, t.Remedies = model.TroubleKindReplyUncertain, append(t.Remedies, model.TroubleRemedyDecide)
			t.Reason = in(ctx, "non si sa se il gestore ha preso il messaggio: lo decide chi lavora la pratica", "nobody knows whether the provider took the message: who works on the case decides")
		case reply.StateRefused:
			t.Kind = model.TroubleKindReplyRefused
			t.Reason = in(ctx, "il gestore non ha preso il messaggio; il motivo lo legge chi lavora la pratica",
				"the provider did not take the message; who works on the case reads why")
		default:
			t.Kind = model.TroubleKindReplyDelayed
			t.Reason = in(ctx, "l'invio non è ancora riuscito, e sarà tentato di nuovo", "sending did not work yet, and is tried again")
		}
		all = append(all, t)
	}
	return all, err
}

// missingReceipts are PECs of ours whose receipts should be there: of those that
// were told of last, the ones that still miss some.
func (r *Resolver) missingReceipts(ctx context.Context) (all []trouble, err error) {
	ctx, viewer := asProgram(ctx), ctx
	told, err := r.Client.Event.Query().Where(entevent.Kind(string(event.ReceiptMissing)), entevent.MessageIDNotNil()).
		Order(entevent.ByID(sql.OrderDesc())).Limit(mostTroubles + 1).All(ctx)
	since := map[int]time.Time{}
	for _, e := range told {
		since[*e.MessageID] = e.OccurredAt // the oldest comes last
	}
	if err != nil || len(since) == 0 {
		return nil, err
	}
	ids := make([]int, 0, len(since))
	for id := range since {
		ids = append(ids, id)
	}
	missing := recipient.MissingNEQ(recipient.MissingNone)
	rows, err := r.Client.Message.Query().Where(message.IDIn(ids...), message.HasAddresseesWith(missing)).
		WithCase(func(q *ent.CaseFileQuery) { q.Select(casefile.FieldID, casefile.FieldOfficeID) }).
		WithAddressees(func(q *ent.RecipientQuery) { q.Where(missing).Select(recipient.FieldID, recipient.FieldMessageID) }).
		Select(message.FieldID, message.FieldCaseID).All(ctx)
	written, err2 := r.Client.Reply.Query().Where(reply.OutgoingIDIn(ids...)).
		Select(reply.FieldID, reply.FieldOutgoingID, reply.FieldMailboxID).All(ctx)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	for _, m := range rows {
		n := len(m.Edges.Addressees)
		t := trouble{file: given(m.CaseID), Trouble: model.Trouble{
			Kind: model.TroubleKindReceiptMissing, Since: since[m.ID], Remedies: []model.TroubleRemedy{},
			Reason: in(viewer, fmt.Sprintf("ricevute mancanti per %d destinatari", n), fmt.Sprintf("receipts are missing of %d recipients", n)),
		}}
		if m.Edges.Case != nil {
			t.office = given(m.Edges.Case.OfficeID)
		}
		if i := slices.IndexFunc(written, func(w *ent.Reply) bool { return *w.OutgoingID == m.ID }); i >= 0 {
			t.reply, t.mailbox = written[i].ID, written[i].MailboxID
		}
		all = append(all, t)
	}
	return all, nil
}

// failedNotices are the e-mails that people did not get.
func (r *Resolver) failedNotices(ctx context.Context) (all []trouble, err error) {
	rows, err := r.Client.Notice.Query().Where(notice.StateEQ(notice.StateFailed), notice.CreatedAtGT(time.Now().Add(-troubledFor))).
		Order(notice.ByID(sql.OrderDesc())).Limit(mostTroubles + 1).All(ctx)
	for _, n := range rows {
		all = append(all, trouble{person: n.UserID, Trouble: model.Trouble{
			Kind: model.TroubleKindNoticeFailed, Since: n.CreatedAt, Attempts: n.Attempts, Reason: strings.Join(strings.Fields(n.LastError), " "),
			Remedies: []model.TroubleRemedy{},
		}})
	}
	return all, err
}

// showTroubles adds what each is about, as far as the viewer sees it.
func (r *Resolver) showTroubles(ctx context.Context, all []trouble, shown *model.Troubles) error {
	p := planObject(ctx)
	of := func(thing string, id func(trouble) int) need {
		n := p.inner("Troubles", "list", "Trouble", thing)
		n.wanted = len(n.selection) > 0
		for _, t := range all {
			if id(t) != 0 {
				n.ids = append(n.ids, id(t))
			}
		}
		slices.Sort(n.ids)
		n.ids = slices.Compact(n.ids)
		return n
	}
	boxes, err := r.mailboxesByID(ctx, p, of("mailbox", func(t trouble) int { return t.mailbox }))
	offices, err2 := r.officesByID(ctx, p, of("office", func(t trouble) int { return t.office }))
	people, err3 := r.usersByID(ctx, p, of("person", func(t trouble) int { return t.person }))
	entries, err4 := r.entriesByID(ctx, p, of("entry", func(t trouble) int { return t.entry }))
	cases, err5 := r.casesByID(ctx, p, of("case", func(t trouble) int { return t.file }))
	replies, err6 := r.repliesByID(ctx, p, of("reply", func(t trouble) int { return t.reply }))
	for _, t := range all {
		t.Mailbox, t.Office, t.Person, t.Entry = boxes[t.mailbox], offices[t.office], people[t.person], entries[t.entry]
		t.Case, t.Reply = cases[t.file], replies[t.reply]
		shown.List = append(shown.List, t.Trouble)
	}
	return errors.Join(err, err2, err3, err4, err5, err6)
}
