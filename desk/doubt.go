package desk

import (
	"context"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/predicate"
	"github.com/smista/smista/pec/smime"
)

// byBytes begins the openedBy of a message that no provider vouches for.
const byBytes = "mail:"

// Doubtful finds the cases that were opened by something else than a certified
// message with a good signature, or those that were not: an anomaly envelope,
// ordinary mail, or what was judged otherwise than valid. What opened a case is
// content: join it with guard.CasesRead.
func Doubtful(is bool) predicate.CaseFile {
	if is {
		return casefile.OpenedByHasPrefix(byBytes)
	}
	return casefile.Or(casefile.OpenedByIsNil(), casefile.Not(casefile.OpenedByHasPrefix(byBytes)))
}

// mostDoubts bounds for how many cases the rules are asked again at once: it reads
// the texts of what opened them.
const mostDoubts = 20

// ruledTo asks the rules where cases would be that came to the desk because of
// what opened them was altered, or imitates certified mail.
func ruledTo(ctx context.Context, client *ent.Client, cases []*ent.CaseFile) (map[int]int, error) {
	var digests []string
	opened := map[string]*ent.CaseFile{} // by digest
	for _, c := range cases {
		if digest, ok := strings.CutPrefix(c.OpenedBy, byBytes); ok {
			digests, opened[digest] = append(digests, digest), c
		}
	}
	if len(digests) == 0 {
		return nil, nil
	}
	doubtful, err := client.Message.Query().Where(message.DigestIn(digests...), message.VerdictIn(smime.Altered, smime.Imitation)).
		WithAttachments().Limit(mostDoubts).All(ctx)
	if err != nil || len(doubtful) == 0 {
		return nil, err
	}
	rules, err := RulesOn(ctx, client.RoutingRule)
	if err != nil {
		return nil, err
	}
	boxes, err := boxesOf(ctx, client, opened)
	if err != nil {
		return nil, err
	}
	offices := map[int]int{}
	for _, m := range doubtful {
		c, address, tie := opened[m.Digest], "", (*Place)(nil)
		if box := boxes[zeroed(c.MailboxID)]; box != nil {
			address = box.Address
			if box.OfficeID != nil {
				tie = &Place{ID: *box.OfficeID}
			}
		}
		if d := Prepare(FactsAgain(address, m)).route(tie, rules); d.Office != 0 {
			offices[c.ID] = d.Office
		}
	}
	return offices, nil
}

// boxesOf are the mailboxes that cases came to, by their ids.
func boxesOf(ctx context.Context, client *ent.Client, cases map[string]*ent.CaseFile) (map[int]*ent.Mailbox, error) {
	ids := make([]int, 0, len(cases))
	for _, c := range cases {
		ids = append(ids, zeroed(c.MailboxID))
	}
	rows, err := client.Mailbox.Query().Where(mailbox.IDIn(ids...)).All(ctx)
	boxes := make(map[int]*ent.Mailbox, len(rows))
	for _, b := range rows {
		boxes[b.ID] = b
	}
	return boxes, err
}
