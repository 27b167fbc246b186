package rulebook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/delivery"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
)

// opening is what opened a case, as routing saw it: the PEC, and the copies that
// came to other mailboxes, in their order.
type opening struct {
	file     *ent.CaseFile
	arrivals []arrival
	read     bool // the author of the trial reads what it says
}

type arrival struct {
	desk.Prepared
	tie *desk.Place
}

// decide is where the rules would send the case: as when it came, by the first
// copy of which they know an office. It gives that copy too.
func (o opening) decide(rules []desk.Rule) (d desk.Decision, by arrival) {
	for _, by = range o.arrivals {
		if d = by.Route(by.tie, rules); d.Office != 0 {
			break
		}
	}
	return d, by
}

// span is how far back is looked: so many cases, none from before since.
type span struct {
	most  int
	since time.Time
}

func lastDays(now time.Time, days int) span {
	return span{most: MostLooked, since: now.AddDate(0, 0, -days)}
}

// look shows what opened the cases of a span, the newest first. Cut: time ran out,
// or there are more since then than may be looked at.
func (b *Rulebook) look(ctx context.Context, s span, weigh func(opening)) (cut bool, err error) {
	looking, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	var last *ent.CaseFile
	for seen := 0; seen < s.most; {
		cases, list, err := b.past(looking, last, s.since, min(readAtOnce, s.most-seen))
		for _, o := range list {
			if err = looking.Err(); err != nil {
				break
			}
			weigh(o)
		}
		if errors.Is(looking.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
			return true, nil
		}
		if err != nil || len(cases) == 0 {
			return false, err
		}
		seen, last = seen+len(cases), cases[len(cases)-1]
	}
	return !s.since.IsZero(), nil
}

// past reads, the newest first, up to n cases that are older than last and not
// from before since, with what opened them. Those that no PEC of their own opened are left out.
func (b *Rulebook) past(ctx context.Context, last *ent.CaseFile, since time.Time, n int) (cases []*ent.CaseFile, list []opening, err error) {
	cases, err = b.Client.CaseFile.Query().Where(between(since, last)...).
		Order(casefile.ByReceivedAt(desc()), casefile.ByID(desc())).Limit(n).All(itself(ctx))
	if err != nil || len(cases) == 0 {
		return nil, nil, err
	}
	ids, in := make([]int, 0, len(cases)), make([]int, 0, len(cases))
	for _, c := range cases {
		ids, in = append(ids, c.ID), append(in, c.ID)
		if c.MergedIntoID != nil {
			in = append(in, *c.MergedIntoID) // its messages went along
		}
	}
	reads, err := b.readable(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	messages, err := b.messages(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range cases {
		o := opening{file: c, read: reads[c.ID]}
		for _, m := range messages {
			if desk.Opened(m, c) {
				o.arrivals = append(o.arrivals, arrive(m))
			}
		}
		if len(o.arrivals) > 0 {
			list = append(list, o)
		}
	}
	return cases, list, nil
}

// between finds cases that came since a moment and before one of them; zero and nil bound nothing.
func between(since time.Time, c *ent.CaseFile) (found []predicate.CaseFile) {
	if !since.IsZero() {
		found = append(found, casefile.ReceivedAtGTE(since))
	}
	if c != nil {
		found = append(found, casefile.Or(casefile.ReceivedAtLT(c.ReceivedAt), casefile.And(casefile.ReceivedAt(c.ReceivedAt), casefile.IDLT(c.ID))))
	}
	return found
}

// readable tells which of some cases the author of a trial reads: by the guard.
func (b *Rulebook) readable(ctx context.Context, ids []int) (map[int]bool, error) {
	rows, err := b.Client.CaseFile.Query().Where(casefile.IDIn(ids...)).All(ctx)
	reads := map[int]bool{}
	for _, c := range rows {
		reads[c.ID] = !guard.Masked(c)
	}
	return reads, err
}

// messages reads what may have opened the cases, the oldest first.
func (b *Rulebook) messages(ctx context.Context, cases []int) ([]*ent.Message, error) {
	rows, err := b.Client.Message.Query().
		Where(message.CaseIDIn(cases...), message.DirectionEQ(message.DirectionIncoming), message.KindIn(pec.Envelope, pec.Anomaly, pec.OrdinaryMail)).
		Select(message.FieldCaseID, message.FieldDirection, message.FieldDigest, message.FieldKind, message.FieldVerdict, message.FieldEvidence,
			message.FieldCertification, message.FieldIdentifier, message.FieldSubject, message.FieldText, message.FieldSenderAddress).
		WithAttachments().
		WithDeliveries(func(q *ent.DeliveryQuery) {
			q.Order(delivery.ByID()).WithMailbox(func(q *ent.MailboxQuery) { q.WithOffice() })
		}).
		Order(message.ByID()).All(itself(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what came in: %w", err)
	}
	return rows, nil
}

// arrive is a message as it came to its first mailbox, which may be tied to an
// office now.
func arrive(m *ent.Message) arrival {
	address, tie := "", (*desk.Place)(nil)
	if len(m.Edges.Deliveries) > 0 && m.Edges.Deliveries[0].Edges.Mailbox != nil {
		box := m.Edges.Deliveries[0].Edges.Mailbox
		address = box.Address
		if box.Edges.Office != nil {
			tie = &desk.Place{ID: box.Edges.Office.ID, Name: box.Edges.Office.Name}
		}
	}
	return arrival{desk.Prepare(desk.FactsAgain(address, m)), tie}
}
