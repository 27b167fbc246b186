//go:build !race

package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/ent/membership"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// secret is a word that stands in one place of the world alone. Whoever finds
// it in an answer has seen that place.
type secret struct {
	word string
	what string
	may  func(p int) bool
}

// society is a random organisation in the database, and the model of it.
type society struct {
	whoSees
	*world
	r       *rand.Rand
	secrets []secret
	numbers []string // of cases
	tx      *ent.Tx
	c       context.Context
	entries []event.Entry
	boxes   []int
	program teller // what it tells of itself

	templates []func(p int) bool // who may see each
}

// hide makes a word that may be found by some.
func (s *society) hide(what string, may func(p int) bool) string {
	word := fmt.Sprintf("zq%dz", len(s.secrets)+1000)
	s.secrets = append(s.secrets, secret{word, what, may})
	return word
}

func (s *society) chance(percent int) bool { return s.r.IntN(100) < percent }

// some picks some of n things, by index.
func (s *society) some(n, percent int) []int {
	var all []int
	for i := range n {
		if s.chance(percent) {
			all = append(all, i)
		}
	}
	return all
}

// newSociety fills a world with a random organisation.
func newSociety(w *world, r *rand.Rand) *society {
	s := &society{world: w, r: r}
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		s.tx, s.c = tx, ctx
		s.secrets, s.entries, s.whoSees, s.numbers, s.boxes, s.templates = nil, nil, whoSees{}, nil, nil, nil
		s.makeOffices()
		s.makePersons()
		s.makeCases()
		s.makeMessages()
		s.makeWork()
		s.makeReplies()
		s.makeHouse()
		s.makeLooks()
		return s.entries
	})
	return s
}

// makeOffices makes two offices above another one, of which one reads what is
// below; the operators of office 1 see their own cases only; office 4 was closed
// into office 2. The rest is chance.
func (s *society) makeOffices() {
	for i := range 5 {
		o := mOffice{parent: -1, seesBelow: i == 0 || i != 2 && s.chance(50), ownOnly: i == 1 || s.chance(30), heir: -1}
		if i == 1 || i == 3 {
			o.parent = i - 1
		} else if i > 2 && s.chance(50) {
			o.parent = s.r.IntN(i)
		}
		row := s.tx.Office.Create().SetCode(fmt.Sprintf("ufficio%d", i)).SetName(fmt.Sprintf("Ufficio %d", i)).
			SetHeadSeesBelow(o.seesBelow).SetOperatorsSeeOwn(o.ownOnly)
		if o.parent >= 0 {
			row.SetParentID(s.offices[o.parent].id)
		}
		if i == 4 {
			o.heir = 2
			row.SetClosedAt(time.Now().UTC()).SetSuccessorID(s.offices[o.heir].id)
		}
		o.id = row.SaveX(s.c).ID
		s.offices = append(s.offices, o)
		box := s.tx.Mailbox.Create().SetAddress(fmt.Sprintf("casella%d@pec.example", i))
		if s.chance(50) {
			box.SetOfficeID(o.id)
		}
		s.boxes = append(s.boxes, box.SaveX(s.c).ID)
	}
}

// makePersons makes one of each role, one of each place that is easily judged
// wrongly, and some by chance.
func (s *society) makePersons() {
	at := time.Now()
	for i := range 11 {
		p := mPerson{sorter: i == 0, administrator: i == 1, auditor: i == 2, shallow: i == 7, disabled: i == 8}
		switch {
		case i == 3:
			p.heads = []int{0}
		case i == 4:
			p.heads = []int{2}
		case i == 5:
			p.works = []int{1}
		case i > 5:
			p.sorter, p.auditor, p.administrator = p.shallow || s.chance(10), s.chance(10), s.chance(10)
			p.works = s.some(len(s.offices)-1, 35) // of those that work
			p.heads = s.some(len(s.offices)-1, 15)
			p.deputies, p.past = s.some(len(s.offices)-1, 15), s.some(len(s.offices)-1, 25)
		}
		p.id = s.tx.User.Create().SetEmail(s.hideAddress(i)).SetName(fmt.Sprintf("Persona %d", i)).
			SetSorter(p.sorter).SetAdministrator(p.administrator).SetAuditor(p.auditor).SetCreatedAt(at).SaveX(s.c).ID
		member := func(o int, role membership.Role, from, until time.Time) {
			row := s.tx.Membership.Create().SetUserID(p.id).SetOfficeID(s.offices[o].id).SetRole(role)
			if role == membership.RoleDeputy {
				row.SetFrom(from).SetUntil(until)
			}
			s.hideID("Membership", row.SaveX(s.c).ID, func(q int) bool { return q == i || s.persons[q].administrator || s.belongs(q, o) })
		}
		for _, o := range p.works {
			member(o, membership.RoleOperator, at, at)
		}
		for _, o := range p.heads {
			member(o, membership.RoleHead, at, at)
		}
		var past []int
		for _, o := range p.past {
			if !slices.Contains(p.deputies, o) {
				from := at.Add([]time.Duration{-48 * time.Hour, time.Hour}[s.r.IntN(2)])
				member(o, membership.RoleDeputy, from, from.Add(47*time.Hour))
				past = append(past, o)
			}
		}
		p.past = past
		for _, o := range p.deputies {
			member(o, membership.RoleDeputy, at.Add(-time.Hour), at.Add(48*time.Hour))
		}
		s.persons = append(s.persons, p)
	}
}

// makeCases makes cases by chance, but the first: office 1 has it for information,
// which is nothing to the head above it, nor to operators who see their own.
func (s *society) makeCases() {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i := range 14 {
		c := mCase{office: s.r.IntN(len(s.offices)+1) - 1, assignee: -1, into: -1}
		status := casefile.StatusToSort
		if c.office >= 0 {
			status = casefile.StatusToAssign
			if s.chance(60) {
				c.assignee, status = s.r.IntN(len(s.persons)), casefile.StatusInProgress
			}
			c.info = s.some(len(s.offices), 25)
		}
		c.reserved = s.chance(20)
		c.named, c.glass, c.stale = s.some(len(s.persons), 15), s.some(len(s.persons), 6), nil
		if i > 0 && s.chance(12) && s.cases[i-1].into < 0 {
			c.into, status = i-1, casefile.StatusMerged
		}
		if i == 0 {
			c.office, c.assignee, c.info, c.reserved, status = 2, -1, []int{1}, false, casefile.StatusToAssign
		}
		number := fmt.Sprintf("2026/%06d", 700000+i)
		row := s.tx.CaseFile.Create().SetNumber(number).SetStatus(status).SetReserved(c.reserved).SetRepeated(i%2 == 0).
			SetSubject("oggetto " + s.hide("subject of case "+number, s.fromLevel(i, content))).
			SetSenderName("nome " + s.hide("sender name of case "+number, s.fromLevel(i, content))).
			SetSenderAddress(s.hide("sender address of case "+number, s.fromLevel(i, content)) + "@pec.example").
			SetRouteReason("motivo " + s.hide("route reason of case "+number, s.fromLevel(i, movements))).
			SetReceivedAt(at.Add(time.Duration(i) * time.Second)).SetChangedAt(at).SetMailboxID(s.boxes[s.r.IntN(len(s.boxes))])
		if c.office >= 0 {
			row.SetOfficeID(s.offices[c.office].id).SetSortedAt(at).SetSortedByID(s.persons[0].id)
		}
		if c.assignee >= 0 {
			row.SetAssigneeID(s.persons[c.assignee].id)
		}
		if c.into >= 0 {
			row.SetMergedIntoID(s.cases[c.into].id)
		}
		c.id, c.follow = row.SaveX(s.c).ID, s.some(len(s.persons), 50)
		s.numbers = append(s.numbers, number)
		s.cases = append(s.cases, c)
		s.secrets = append(s.secrets, secret{number, "number of case " + number, s.fromLevel(i, movements)})
		s.readers(c, at)
	}
}

func (s *society) readers(c mCase, at time.Time) {
	for _, o := range c.info {
		s.tx.CaseOffice.Create().SetCaseID(c.id).SetOfficeID(s.offices[o].id).SaveX(s.c)
	}
	for _, p := range c.named {
		s.tx.CaseReader.Create().SetCaseID(c.id).SetUserID(s.persons[p].id).SetKind(casereader.KindNamed).SaveX(s.c)
	}
	for p := range s.persons {
		row := s.tx.CaseReader.Create().SetCaseID(c.id).SetUserID(s.persons[p].id).SetKind(casereader.KindGlass).SetReason("urgenza")
		switch {
		case slices.Contains(c.glass, p):
			row.SetUntil(at.Add(time.Hour)).SaveX(s.c)
		case s.chance(10):
			row.SetUntil(at.Add(-time.Hour)).SaveX(s.c)
		}
	}
}

// fromLevel lets those find a word who see a case at least so far.
func (s *society) fromLevel(c int, l level) func(int) bool {
	return func(p int) bool { return s.sees(p, c) >= l }
}

func (s *society) makeMessages() {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i := range 24 {
		m := mMessage{filedIn: s.r.IntN(len(s.cases)+6) - 6, keptBy: -1}
		if m.filedIn < 0 {
			m.filedIn, m.keptBy = -1, s.r.IntN(len(s.offices)+1)-1
		}
		if i == 0 { // the operators of office 1 see their own cases, and this is none
			m.filedIn, m.keptBy = -1, 1
		}
		s.messages = append(s.messages, m)
		may := func(p int) bool { return s.reads(p, i) }
		raw := fmt.Sprintf("originale %d %s", i, s.hide(fmt.Sprintf("original of message %d", i), may))
		stored, size, err := s.store.Put(s.c, strings.NewReader(raw))
		require.NoError(s.t, err)
		row := s.tx.Message.Create().SetDigest(string(stored)).SetSize(size).SetKind(pec.Envelope).SetVerdict(smime.Valid).SetEvidence(smime.Verdict{Status: smime.Valid}).
			SetDirection(entmessage.DirectionIncoming).SetReceivedAt(at).SetArchivedAt(at).
			SetSubject("m " + s.hide(fmt.Sprintf("subject of message %d", i), may)).
			SetText("testo " + s.hide(fmt.Sprintf("text of message %d", i), may)).
			SetSenderAddress(s.hide(fmt.Sprintf("sender of message %d", i), may) + "@pec.example").
			SetMessageID("<" + s.hide(fmt.Sprintf("Message-ID of message %d", i), may) + "@pec.example>")
		if m.filedIn >= 0 {
			row.SetCaseID(s.cases[m.filedIn].id)
			if s.chance(30) {
				row.SetKind(pec.Delivery)
			}
		}
		if m.keptBy >= 0 {
			row.SetKeptByID(s.offices[m.keptBy].id)
		}
		saved := row.SaveX(s.c)
		s.messages[i].id = saved.ID
		s.tx.Attachment.Create().SetMessageID(saved.ID).SetPosition(0).SetName(s.hide(fmt.Sprintf("attachment of message %d", i), may) + ".pdf").
			SetMediaType("application/pdf").SetSize(9).SetSha256(digestOf("originale")).SetSection("0+9").SaveX(s.c)
		s.tx.Delivery.Create().SetMessageID(saved.ID).SetMailboxID(s.boxes[0]).SetReceivedAt(at).SaveX(s.c)
	}
}

// makeWork writes what people wrote about the cases, and what the register tells.
func (s *society) makeWork() {
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i, c := range s.cases {
		author := s.persons[s.r.IntN(len(s.persons))].id
		s.tx.Note.Create().SetCaseID(c.id).SetAuthorID(author).SetWrittenAt(at).
			SetText(s.hide("note on case "+s.numbers[i], s.fromLevel(i, content))).SaveX(s.c)
		if c.office >= 0 {
			s.tx.Inquiry.Create().SetCaseID(c.id).SetOfficeID(s.offices[c.office].id).SetKind(inquiry.KindSollecito).
				SetAskedByID(author).SetAskedAt(at).SetText(s.hide("sollecito on case "+s.numbers[i], s.fromLevel(i, movements))).SaveX(s.c)
		}
		s.tx.Term.Create().SetCaseID(c.id).SetKind(term.KindWork).SetAmount("30 working days").SetPolicy("house").SetStartedAt(at).SaveX(s.c)
		s.entries = append(s.entries, event.Entry{Kind: event.CaseOpened, Case: c.id, Office: s.officeID(c.office)},
			event.Entry{Kind: event.CaseRouted, Case: c.id, Office: s.officeID(c.office),
				Details: event.Details{Reason: s.hide("movement of case "+s.numbers[i], s.hears(i))}})
	}
	for i, m := range s.messages {
		if m.filedIn < 0 {
			s.entries = append(s.entries, event.Entry{Kind: event.MessageReceived, Message: m.id})
		} else if i%2 == 0 {
			s.entries = append(s.entries, event.Entry{Kind: event.MessageReceived, Message: m.id, Case: s.cases[m.filedIn].id})
		}
	}
}

// hears tells who may read an event of a case: whoever sees the case, and those
// who see the whole of the office that the event names.
func (s *society) hears(c int) func(int) bool {
	return func(p int) bool {
		person, office := s.persons[p], s.cases[c].office
		if person.disabled {
			return false
		}
		whole := office >= 0 && (person.leads(office) || slices.Contains(person.works, office) && !s.offices[office].ownOnly)
		return s.sees(p, c) >= movements || whole
	}
}

func (s *society) officeID(i int) int {
	if i < 0 {
		return 0
	}
	return s.offices[i].id
}
