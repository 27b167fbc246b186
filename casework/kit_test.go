package casework_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/tally"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// monday is a Monday morning at work, in Rome.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, rome())

func rome() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return zone
}

// The people of the town hall. Tributi stands below the area, whose head reads
// what is below.
const (
	sorter    = "sorter"    // of the desk
	colleague = "colleague" // of the desk too
	head      = "head"      // of Tributi
	deputy    = "deputy"    // of Tributi, these days
	blind     = "blind"     // head of Tributi, by a token that reads no content
	expired   = "expired"   // deputy of Tributi until yesterday
	operator  = "operator"  // of Tributi
	assignee  = "assignee"  // operator of Tributi too, who has the cases in progress
	above     = "above"     // head of the area
	informed  = "informed"  // head of Ragioneria, which has cases for information
	outsider  = "outsider"  // operator of Edilizia
	builder   = "builder"   // head of Edilizia
	registrar = "registrar" // head of Anagrafe
	clerk     = "clerk"     // operator of Anagrafe
	auditor   = "auditor"
	admin     = "admin"
)

// The offices.
const (
	area     = "area"
	tributi  = "tributi" // below the area
	edilizia = "edilizia"
	ragione  = "ragioneria"
	anagrafe = "anagrafe" // wants reasons, lets nobody take, and its operators see their own
)

// hall is a small town hall with its people, on a clock of its own.
type hall struct {
	*casework.Casework
	t       *testing.T
	db      *store.DB
	staff   *staff.Staff
	offices map[string]int
	people  map[string]int
	tokens  map[string]int

	mu     sync.Mutex
	time   time.Time
	number int
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

// pass lets time pass.
func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

// at sets the clock.
func (h *hall) at(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = t
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, h *hall)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newHall(t, db)) })
}

func newHall(t *testing.T, db *store.DB) *hall {
	t.Helper()
	h := &hall{t: t, db: db, time: monday, offices: map[string]int{}, people: map[string]int{}, tokens: map[string]int{}}
	log, err := event.NewLog(system(), db, event.NewMemoryBus())
	require.NoError(t, err)
	d := dossier.New(dossier.Options{House: deadline.Standard(rome()), Log: log, Now: h.now})
	h.staff = staff.New(staff.Options{Client: db.Client(), Log: log, Now: h.now})
	h.Casework = casework.New(casework.Options{Client: db.Client(), Log: log, Dossier: d, Now: h.now, Rights: h.staff.Rights})
	h.write(func(ctx context.Context, tx *ent.Tx) {
		h.furnish(ctx, tx)
		h.staffed(ctx, tx)
		tx.DeadlinePolicy.Create().SetScope("house").SetKind("ASSIGN").SetAmount("2 working days").SaveX(ctx)
		tx.DeadlinePolicy.Create().SetScope("house").SetKind("WORK").SetAmount("10 working days").SaveX(ctx)
	})
	return h
}

func (h *hall) furnish(ctx context.Context, tx *ent.Tx) {
	h.offices[area] = tx.Office.Create().SetCode(area).SetName("Area Economica").SetHeadSeesBelow(true).SaveX(ctx).ID
	h.offices[tributi] = tx.Office.Create().SetCode(tributi).SetName("Ufficio Tributi").SetParentID(h.offices[area]).SaveX(ctx).ID
	h.offices[edilizia] = tx.Office.Create().SetCode(edilizia).SetName("Edilizia Privata").SaveX(ctx).ID
	h.offices[ragione] = tx.Office.Create().SetCode(ragione).SetName("Ragioneria").SaveX(ctx).ID
	h.offices[anagrafe] = tx.Office.Create().SetCode(anagrafe).SetName("Anagrafe").
		SetOperatorsSeeOwn(true).SetOperatorsMayTake(false).SetReasonToMove(true).SaveX(ctx).ID
}

func (h *hall) staffed(ctx context.Context, tx *ent.Tx) {
	yesterday, tomorrow := monday.AddDate(0, 0, -1).UTC(), monday.AddDate(0, 3, 0).UTC()
	for _, p := range []struct {
		name, office string
		role         membership.Role
		until        *time.Time
	}{
		{name: sorter}, {name: colleague}, {name: auditor}, {name: admin},
		{head, tributi, membership.RoleHead, nil}, {blind, tributi, membership.RoleHead, nil}, {deputy, tributi, membership.RoleDeputy, &tomorrow}, {expired, tributi, membership.RoleDeputy, &yesterday},
		{operator, tributi, membership.RoleOperator, nil}, {assignee, tributi, membership.RoleOperator, nil},
		{above, area, membership.RoleHead, nil}, {informed, ragione, membership.RoleHead, nil},
		{outsider, edilizia, membership.RoleOperator, nil}, {builder, edilizia, membership.RoleHead, nil},
		{registrar, anagrafe, membership.RoleHead, nil}, {clerk, anagrafe, membership.RoleOperator, nil},
	} {
		id := h.hire(ctx, tx, p.name, staff.Roles{Sorter: p.name == sorter || p.name == colleague, Administrator: p.name == admin, Auditor: p.name == auditor})
		if p.office != "" {
			tx.Membership.Create().SetUserID(id).SetOfficeID(h.offices[p.office]).SetRole(p.role).SetNillableUntil(p.until).SaveX(ctx)
		}
	}
	h.tokens[blind] = h.token(ctx, tx, blind, "READ", "WRITE")
}

// hire adds a person, with a key to come in by.
func (h *hall) hire(ctx context.Context, tx *ent.Tx, name string, r staff.Roles) int {
	u := tx.User.Create().SetEmail(name + "@comune.example").SetName(name).SetCreatedAt(monday.UTC()).
		SetSorter(r.Sorter).SetAdministrator(r.Administrator).SetAuditor(r.Auditor).SaveX(ctx)
	h.people[name] = u.ID
	h.tokens[name] = h.token(ctx, tx, name, "READ", "CONTENT", "WRITE")
	return u.ID
}

func (h *hall) token(ctx context.Context, tx *ent.Tx, name string, scopes ...string) int {
	return tx.APIToken.Create().SetUserID(h.people[name]).SetName("prova").SetDigest(name + strings.Join(scopes, ",")).SetScopes(scopes).
		SetCreatedAt(monday.UTC()).SetExpiresAt(monday.AddDate(100, 0, 0).UTC()).SaveX(ctx).ID
}

func system() context.Context {
	return guard.NewContext(context.Background(), guard.System("prova"))
}

// as is the context in which a person asks, with the rights of this moment.
func (h *hall) as(name string) context.Context {
	h.t.Helper()
	return h.by(h.tokens[name])
}

func (h *hall) by(token int) context.Context {
	h.t.Helper()
	v, err := h.staff.Viewer(h.t.Context(), staff.Key{Token: token})
	require.NoError(h.t, err)
	return guard.NewContext(h.t.Context(), v)
}

// person is who asks in a context.
func person(ctx context.Context) guard.Person {
	v, _ := guard.From(ctx)
	p, _ := v.Person()
	return p
}

// actor is how events name a person.
func (h *hall) actor(name string) string { return "person:" + strconv.Itoa(h.people[name]) }

// write changes the database as the program.
func (h *hall) write(change func(ctx context.Context, tx *ent.Tx)) {
	h.t.Helper()
	require.NoError(h.t, h.Log.Write(system(), func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		change(ctx, tx)
		return nil, nil
	}))
}

// place is where a case stands.
type place struct {
	status casefile.Status
	office string // empty: at the desk
	person string // empty: nobody has it
}

func atDesk() place { return place{status: casefile.StatusToSort} }
func at(office string) place {
	return place{casefile.StatusToAssign, office, ""}
}

func with(office, person string) place {
	return place{casefile.StatusInProgress, office, person}
}

// open makes a case with one message, as a PEC does.
func (h *hall) open(p place) *ent.CaseFile {
	h.t.Helper()
	var c *ent.CaseFile
	h.write(func(ctx context.Context, tx *ent.Tx) { c = h.put(ctx, tx, p) })
	return c.Unwrap()
}

func (h *hall) put(ctx context.Context, tx *ent.Tx, p place) *ent.CaseFile {
	h.mu.Lock()
	h.number++
	n := h.number
	h.mu.Unlock()
	row := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", n)).SetSubject("Istanza").SetSenderName("Mario Rossi").SetStatus(p.status).
		SetRouteReason("prova").SetReceivedAt(h.now().UTC()).SetCertifiedAt(h.now().UTC()).SetChangedAt(h.now().UTC())
	if p.office != "" {
		row.SetOfficeID(h.offices[p.office])
	}
	if p.person != "" {
		row.SetAssigneeID(h.people[p.person])
	}
	if p.status == casefile.StatusClosed {
		row.SetOutcome(casefile.OutcomeOther).SetClosedAt(h.now().UTC())
	}
	c, err := h.Dossier.Open(ctx, tx, row)
	require.NoError(h.t, err)
	h.letter(ctx, tx, c.ID)
	return c
}

// letter puts a message into a case.
func (h *hall) letter(ctx context.Context, tx *ent.Tx, caseID int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	return tx.Message.Create().SetCaseID(caseID).SetDigest(fmt.Sprintf("%064d", h.number)).SetSize(1).SetDirection(message.DirectionIncoming).
		SetKind(pec.OrdinaryMail).SetVerdict(smime.Unsigned).SetEvidence(smime.Verdict{}).SetReceivedAt(h.time.UTC()).SetArchivedAt(h.time.UTC()).SaveX(ctx).ID
}

// read gives a case as the program sees it.
func (h *hall) read(id int) *ent.CaseFile {
	h.t.Helper()
	c, err := h.db.Client().CaseFile.Get(system(), id)
	require.NoError(h.t, err)
	return c
}

// seen gives a case as a person sees it; false when there is none for that one.
func (h *hall) seen(name string, id int) (*ent.CaseFile, bool) {
	h.t.Helper()
	c, err := h.db.Client().CaseFile.Get(h.as(name), id)
	if ent.IsNotFound(err) {
		return nil, false
	}
	require.NoError(h.t, err)
	return c, true
}

// reads tells whether a person reads what a case says.
func (h *hall) reads(name string, id int) bool {
	h.t.Helper()
	c, ok := h.seen(name, id)
	return ok && !guard.Masked(c)
}

// on names a case as it is now.
func (h *hall) on(c *ent.CaseFile) casework.On {
	h.t.Helper()
	return casework.On{Case: c.ID, Version: h.read(c.ID).Version}
}

// refused checks that a command was refused so, with a text in both languages.
func (h *hall) refused(code casework.Code, err error) *casework.Refused {
	h.t.Helper()
	r, ok := errors.AsType[*casework.Refused](err)
	require.True(h.t, ok, "want %s, got %v", code, err)
	require.Equal(h.t, code, r.Code, r.English)
	require.NotEmpty(h.t, r.Italian)
	require.NotEmpty(h.t, r.English)
	return r
}

// last is the number of the newest event.
func (h *hall) last() int {
	h.t.Helper()
	n, err := h.Log.Last(system())
	require.NoError(h.t, err)
	return n
}

// since lists the events after a number.
func (h *hall) since(seq int) []event.Event {
	h.t.Helper()
	list, err := h.Log.After(system(), seq, 100000)
	require.NoError(h.t, err)
	return list
}

// kinds names what happened, in order.
func kinds(list []event.Event) (all []event.Kind) {
	for _, e := range list {
		all = append(all, e.Kind)
	}
	return all
}

// heard lists what a person is to be told about a case, in order.
func (h *hall) heard(name string, caseID int) (all []notify.Kind) {
	h.t.Helper()
	rows, err := h.db.Client().Notice.Query().Where(notice.UserID(h.people[name]), notice.CaseID(caseID)).Order(notice.ByID()).All(system())
	require.NoError(h.t, err)
	for _, n := range rows {
		all = append(all, notify.Kind(n.Kind))
	}
	return all
}

// cell is a sort of cases, as the tallies count them.
type cell struct {
	office, person, mailbox int
	status, urgency         string
}

// tallies reads what is kept, without the cells of no case.
func (h *hall) tallies() map[cell]int {
	h.t.Helper()
	rows, err := h.db.Client().Tally.Query().Where(tally.CountNEQ(0)).All(system())
	require.NoError(h.t, err)
	kept := map[cell]int{}
	for _, r := range rows {
		kept[cell{r.Office, r.Person, r.Mailbox, r.Status, r.Urgency}] = r.Count
	}
	return kept
}

// recount counts the cases themselves.
func (h *hall) recount() map[cell]int {
	h.t.Helper()
	rows, err := h.db.Client().CaseFile.Query().All(system())
	require.NoError(h.t, err)
	found := map[cell]int{}
	for _, c := range rows {
		office, person := value(c.OfficeID), value(c.AssigneeID)
		places := []cell{{}, {office: office}, {person: person}, {office: office, person: person}}
		if office == 0 || person == 0 { // then they are the same place more than once
			slices.SortFunc(places, func(a, b cell) int { return cmp.Or(a.office-b.office, a.person-b.person) })
			places = slices.Compact(places)
		}
		for _, p := range places {
			p.status, p.urgency = string(c.Status), string(c.Urgency)
			found[p]++
		}
	}
	return found
}

func value(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// reserve lets only these people read a case, as the program.
func (h *hall) reserve(ctx context.Context, tx *ent.Tx, id int, names ...string) {
	tx.CaseFile.Update().Where(casefile.ID(id)).SetReserved(true).ExecX(ctx)
	for _, name := range names {
		tx.CaseReader.Create().SetCaseID(id).SetUserID(h.people[name]).SetKind(casereader.KindNamed).ExecX(ctx)
	}
}
