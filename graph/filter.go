package graph

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/folder"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

const (
	maxIDs  = 100
	minText = 3
	maxText = 100
)

// rowsOf gives the numbers of rows of one type. An id of another type finds nothing.
func rowsOf(kind string, ids []model.GlobalID) ([]int, error) {
	if len(ids) > maxIDs {
		return nil, model.Invalid("at most %d ids in one list, not %d", maxIDs, len(ids))
	}
	rows := make([]int, 0, len(ids))
	for _, id := range ids {
		if id.Type == kind {
			rows = append(rows, id.Row)
		}
	}
	return rows, nil
}

// words checks the text that is looked for: a shorter one would read the whole table.
func words(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < minText || n > maxText {
		return "", model.Invalid("text is %d to %d characters, not %d", minText, maxText, n)
	}
	return text, nil
}

// filterCases narrows a query to what the filter asks for.
func filterCases(ctx context.Context, q *ent.CaseFileQuery, f *model.CaseFilter) error {
	if f == nil {
		return nil
	}
	for _, list := range []struct {
		kind string
		ids  []model.GlobalID
		in   func(...int) predicate.CaseFile
	}{
		{"Office", f.OfficeIds, casefile.OfficeIDIn}, {"User", f.AssigneeIds, casefile.AssigneeIDIn},
		{"User", f.SortedByIds, casefile.SortedByIDIn}, {"Mailbox", f.FirstMailboxIds, casefile.MailboxIDIn},
	} {
		if list.ids == nil {
			continue
		}
		rows, err := rowsOf(list.kind, list.ids)
		if err != nil {
			return err
		}
		q.Where(list.in(rows...))
	}
	filterCasesByWork(q, f)
	return filterCasesByContent(ctx, q, f)
}

// filterCasesByWork narrows by what everybody knows who sees a case.
func filterCasesByWork(q *ent.CaseFileQuery, f *model.CaseFilter) {
	if f.Statuses != nil {
		q.Where(casefile.StatusIn(f.Statuses...))
	}
	if f.Urgencies != nil {
		q.Where(casefile.UrgencyIn(f.Urgencies...))
	}
	if f.Priorities != nil {
		q.Where(casefile.PriorityIn(f.Priorities...))
	}
	if f.Unassigned != nil && *f.Unassigned {
		q.Where(casefile.AssigneeIDIsNil())
	}
	if f.SortedFrom != nil {
		q.Where(casefile.SortedAtGTE(*f.SortedFrom))
	}
	if f.DueBefore != nil {
		q.Where(casefile.DueAtLT(*f.DueBefore))
	}
	filterCasesByTime(q, f)
}

// filterCasesByTime narrows by when something happened to a case. Package overview
// counts by the same conditions.
func filterCasesByTime(q *ent.CaseFileQuery, f *model.CaseFilter) {
	for _, r := range []struct {
		from, before *time.Time
		gte, lt      func(time.Time) predicate.CaseFile
	}{
		{f.ReceivedFrom, f.ReceivedBefore, casefile.ReceivedAtGTE, casefile.ReceivedAtLT},
		{f.AssignedFrom, f.AssignedBefore, casefile.AssignedAtGTE, casefile.AssignedAtLT},
		{f.ClosedFrom, f.ClosedBefore, casefile.ClosedAtGTE, casefile.ClosedAtLT},
	} {
		if r.from != nil {
			q.Where(r.gte(*r.from))
		}
		if r.before != nil {
			q.Where(r.lt(*r.before))
		}
	}
	if t := f.OpenAt; t != nil {
		q.Where(casefile.ReceivedAtLT(*t), casefile.StatusNEQ(casefile.StatusMerged), casefile.Or(casefile.ClosedAtIsNil(), casefile.ClosedAtGTE(*t)))
	}
	var breached []predicate.Term
	if f.BreachedFrom != nil {
		breached = append(breached, term.BreachedAtGTE(*f.BreachedFrom))
	}
	if f.BreachedBefore != nil {
		breached = append(breached, term.BreachedAtLT(*f.BreachedBefore))
	}
	if breached != nil {
		q.Where(casefile.HasTermsWith(breached...))
	}
}

// filterCasesByContent narrows by what only readers know: it finds nothing among
// what the viewer may not read, or the number of rows would tell of it.
func filterCasesByContent(ctx context.Context, q *ent.CaseFileQuery, f *model.CaseFilter) error {
	v, _ := guard.From(ctx)
	if f.Text != nil {
		text, err := words(*f.Text)
		if err != nil {
			return err
		}
		q.Where(guard.CasesRead(v), casefile.Or(casefile.SubjectContainsFold(text),
			casefile.SenderNameContainsFold(text), casefile.SenderAddressContainsFold(text)))
	}
	if f.Doubtful != nil {
		q.Where(guard.CasesRead(v), desk.Doubtful(*f.Doubtful))
	}
	if f.Repeated != nil {
		q.Where(guard.CasesRead(v), casefile.Repeated(*f.Repeated))
	}
	if f.SenderKnown != nil {
		q.Where(guard.CasesRead(v), desk.SenderKnown(*f.SenderKnown))
		if !me(ctx).Sorter { // as what is suggested is told
			q.Where(casefile.IDIn())
		}
	}
	has, err := messageMarks(f.Kinds, f.Verdicts, f.MailboxIds)
	if len(has) > 0 {
		q.Where(casefile.HasMessagesWith(append(has, guard.MessagesRead(v))...))
	}
	return err
}

// messageMarks are the conditions on messages that the filter of cases shares:
// one and the same message has to meet all of them.
func messageMarks(kinds []pec.Kind, verdicts []smime.Status, mailboxes []model.GlobalID) ([]predicate.Message, error) {
	var has []predicate.Message
	if kinds != nil {
		has = append(has, message.KindIn(kinds...))
	}
	if verdicts != nil {
		has = append(has, message.VerdictIn(verdicts...))
	}
	if mailboxes == nil {
		return has, nil
	}
	rows, err := rowsOf("Mailbox", mailboxes)
	return append(has, message.HasDeliveriesWith(delivery.HasMailboxWith(mailbox.IDIn(rows...)))), err
}

// filterMessages narrows a query to what the filter asks for.
func filterMessages(q *ent.MessageQuery, f *model.MessageFilter) error {
	if f == nil {
		return nil
	}
	marks, err := messageMarks(f.Kinds, f.Verdicts, f.MailboxIds)
	if err != nil {
		return err
	}
	q.Where(marks...)
	if f.Direction != nil {
		q.Where(message.DirectionEQ(*f.Direction))
	}
	receivedBetween(q, f.ReceivedFrom, f.ReceivedBefore)
	if f.MessageID != nil {
		q.Where(message.Or(message.MessageID(*f.MessageID),
			message.InnerMessageID(*f.MessageID), message.OriginalMessageID(*f.MessageID)))
	}
	if f.Text != nil {
		text, err := words(*f.Text)
		if err != nil {
			return err
		}
		q.Where(message.Or(message.SubjectContainsFold(text),
			message.SenderNameContainsFold(text), message.SenderAddressContainsFold(text)))
	}
	return filterMessagesByCase(q, f)
}

func receivedBetween(q *ent.MessageQuery, from, before *time.Time) {
	if from != nil {
		q.Where(message.ReceivedAtGTE(*from))
	}
	if before != nil {
		q.Where(message.ReceivedAtLT(*before))
	}
}

func filterMessagesByCase(q *ent.MessageQuery, f *model.MessageFilter) error {
	if f.OfficeIds != nil {
		rows, err := rowsOf("Office", f.OfficeIds)
		if err != nil {
			return err
		}
		q.Where(message.HasCaseWith(casefile.HasOfficeWith(office.IDIn(rows...))))
	}
	if f.CaseIds != nil {
		rows, err := rowsOf("Case", f.CaseIds)
		if err != nil {
			return err
		}
		q.Where(message.HasCaseWith(casefile.IDIn(rows...)))
	}
	return nil
}

// filterMailboxes narrows a query to what the filter asks for.
func filterMailboxes(q *ent.MailboxQuery, f *model.MailboxFilter) error {
	if f == nil {
		return nil
	}
	if f.Healths != nil {
		q.Where(mailbox.HealthIn(f.Healths...))
	}
	if f.OfficeIds != nil {
		rows, err := rowsOf("Office", f.OfficeIds)
		if err != nil {
			return err
		}
		q.Where(mailbox.HasOfficeWith(office.IDIn(rows...)))
	}
	return nil
}

// filterEntries narrows a query to what the filter asks for.
func filterEntries(q *ent.LedgerEntryQuery, f *model.LedgerEntryFilter) error {
	if f == nil {
		return nil
	}
	if f.States != nil {
		q.Where(ledgerentry.StateIn(f.States...))
	}
	if f.MailboxIds != nil {
		rows, err := rowsOf("Mailbox", f.MailboxIds)
		if err != nil {
			return err
		}
		q.Where(ledgerentry.HasFolderWith(folder.HasMailboxWith(mailbox.IDIn(rows...))))
	}
	return nil
}
