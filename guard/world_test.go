package guard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// world is a house with one person of each kind, and one case of each kind, each
// with one row of everything that hangs on a case.
type world struct {
	t      *testing.T
	db     *store.DB
	staff  *staff.Staff
	people map[string]int
	office map[string]int
	cases  map[string]int
	names  map[int]string // of the cases
}

// offices and who stands above them. The head of the direction reads what is
// below, that of the registry does not; in the legal office operators see their
// own cases only; in the archive there is nobody.
func offices() [][2]string {
	return [][2]string{{"direzione", ""}, {"tributi", "direzione"}, {"anagrafe", ""}, {"sportello", "anagrafe"}, {"legale", ""}, {"archivio", ""}}
}

// cases are named after what makes them different.
func cases() []string {
	return []string{
		"desk", "taxes", "registry", "counter", "hers", "nobody's", "informed",
		"reserved", "glass", "was reserved", "merged", "merged into reserved",
	}
}

func eachWorld(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newWorld(t, db)) })
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{t: t, db: db, people: map[string]int{}, office: map[string]int{}, cases: map[string]int{}, names: map[int]string{}}
	log, err := event.NewLog(t.Context(), db, event.NewMemoryBus())
	require.NoError(t, err)
	w.staff = staff.New(staff.Options{Client: db.Client(), Log: log})
	for _, build := range []func(context.Context, *ent.Tx){w.makeOffices, w.makePeople, w.makeCases} {
		w.must(func(ctx context.Context, tx *ent.Tx) error {
			build(ctx, tx)
			return nil
		})
	}
	return w
}

func (w *world) program() context.Context {
	return guard.NewContext(w.t.Context(), guard.System("test"))
}

// must changes rows as the program does.
func (w *world) must(change func(context.Context, *ent.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.db.Tx(w.program(), change))
}

func (w *world) makeOffices(ctx context.Context, tx *ent.Tx) {
	for _, o := range offices() {
		row := tx.Office.Create().SetCode(o[0]).SetName(o[0]).SetHeadSeesBelow(o[0] == "direzione").SetOperatorsSeeOwn(o[0] == "legale")
		if o[1] != "" {
			row.SetParentID(w.office[o[1]])
		}
		w.office[o[0]] = row.SaveX(ctx).ID
	}
}

func (w *world) makePeople(ctx context.Context, tx *ent.Tx) {
	yesterday, tomorrow := time.Now().UTC().Add(-24*time.Hour), time.Now().UTC().Add(24*time.Hour)
	for _, p := range []struct {
		name, office string
		role         membership.Role
		from, until  *time.Time
	}{
		{name: "sorter"}, {name: "auditor"}, {name: "administrator"}, {name: "outsider"}, {name: "named"}, {name: "breaker"}, {name: "late breaker"},
		{"head", "tributi", membership.RoleHead, nil, nil},
		{"deputy", "tributi", membership.RoleDeputy, &yesterday, &tomorrow},
		{"former deputy", "tributi", membership.RoleDeputy, nil, &yesterday},
		{"coming deputy", "tributi", membership.RoleDeputy, &tomorrow, nil},
		{"operator", "tributi", membership.RoleOperator, nil, nil},
		{"director", "direzione", membership.RoleHead, nil, nil},
		{"director's operator", "direzione", membership.RoleOperator, nil, nil},
		{"registrar", "anagrafe", membership.RoleHead, nil, nil},
		{"registry operator", "anagrafe", membership.RoleOperator, nil, nil},
		{"lawyer", "legale", membership.RoleOperator, nil, nil},
		{"head of lawyers", "legale", membership.RoleHead, nil, nil},
	} {
		id := tx.User.Create().SetEmail(fmt.Sprintf("p%d@comune.example", len(w.people))).SetName(p.name).SetPassword("$hash$").SetCreatedAt(yesterday).
			SetSorter(p.name == "sorter").SetAuditor(p.name == "auditor").SetAdministrator(p.name == "administrator").SaveX(ctx).ID
		w.people[p.name] = id
		if p.office != "" {
			tx.Membership.Create().SetUserID(id).SetOfficeID(w.office[p.office]).SetRole(p.role).SetNillableFrom(p.from).SetNillableUntil(p.until).SaveX(ctx)
		}
	}
}

func (w *world) makeCases(ctx context.Context, tx *ent.Tx) {
	for n, name := range cases() {
		row := tx.CaseFile.Create().SetNumber(fmt.Sprintf("2026/%06d", n+1)).SetSubject("oggetto").SetSenderName("Mario Rossi").SetSenderAddress("mario@pec.example").
			SetRouteReason("prova").SetReceivedAt(time.Now().UTC()).SetChangedAt(time.Now().UTC())
		switch name {
		case "taxes":
			row.SetOfficeID(w.office["tributi"]).SetAssigneeID(w.people["operator"])
		case "glass", "was reserved":
			row.SetOfficeID(w.office["tributi"])
		case "reserved":
			row.SetOfficeID(w.office["tributi"]).SetReserved(true)
		case "registry":
			row.SetOfficeID(w.office["anagrafe"])
		case "counter", "informed":
			row.SetOfficeID(w.office["sportello"])
		case "hers":
			row.SetOfficeID(w.office["legale"]).SetAssigneeID(w.people["lawyer"])
		case "nobody's":
			row.SetOfficeID(w.office["legale"])
		case "merged": // it was the registry's before
			row.SetOfficeID(w.office["anagrafe"]).SetStatus("MERGED").SetMergedIntoID(w.cases["taxes"])
		case "merged into reserved":
			row.SetOfficeID(w.office["anagrafe"]).SetStatus("MERGED").SetMergedIntoID(w.cases["reserved"])
		}
		w.cases[name] = row.SaveX(ctx).ID
		w.names[w.cases[name]] = name
		w.hang(ctx, tx, w.cases[name])
	}
	reads := func(name, person string, kind casereader.Kind, until time.Time) {
		tx.CaseReader.Create().SetCaseID(w.cases[name]).SetUserID(w.people[person]).SetKind(kind).SetUntil(until.UTC()).SaveX(ctx)
	}
	never := time.Now().AddDate(100, 0, 0)
	reads("reserved", "named", casereader.KindNamed, never)
	reads("was reserved", "named", casereader.KindNamed, never)
	reads("glass", "breaker", casereader.KindGlass, time.Now().Add(time.Hour))
	reads("reserved", "breaker", casereader.KindGlass, time.Now().Add(time.Hour))
	reads("glass", "late breaker", casereader.KindGlass, time.Now().Add(-time.Microsecond))
	tx.CaseOffice.Create().SetCaseID(w.cases["informed"]).SetOfficeID(w.office["anagrafe"]).SaveX(ctx)
}

// hang gives a case one row of each table that hangs on it.
func (w *world) hang(ctx context.Context, tx *ent.Tx, id int) {
	now, outsider := time.Now().UTC(), w.people["outsider"]
	m := w.message(tx, fmt.Sprintf("of case %d", id)).SetCaseID(id).SaveX(ctx)
	w.part(ctx, tx, m.ID)
	tx.Note.Create().SetCaseID(id).SetAuthorID(outsider).SetText("nota").SetWrittenAt(now).SaveX(ctx)
	tx.Inquiry.Create().SetCaseID(id).SetOfficeID(w.office["legale"]).SetKind("SOLLECITO").SetAskedByID(w.people["sorter"]).SetAskedAt(now).SetText("sollecito").SaveX(ctx)
	tx.Term.Create().SetCaseID(id).SetKind("WORK").SetAmount("10 working hours").SetPolicy("prova").SetStartedAt(now).SaveX(ctx)
	tx.CaseReader.Create().SetCaseID(id).SetUserID(w.people["auditor"]).SetKind(casereader.KindGlass).SetUntil(now.Add(-time.Hour)).SaveX(ctx)
	tx.CaseOffice.Create().SetCaseID(id).SetOfficeID(w.office["archivio"]).SaveX(ctx)
	tx.CaseMerge.Create().SetCaseID(id).SetIntoID(id).SetMessages([]int{}).SetStatus("TO_SORT").SetMergedByID(w.people["sorter"]).SetMergedAt(now).SaveX(ctx)
	tx.CaseFollower.Create().SetCaseID(id).SetUserID(w.people["named"]).SaveX(ctx)
	w.tell(ctx, tx, func(e *ent.EventCreate) { e.SetCaseID(id) })
}

// message begins one that nobody keeps.
func (w *world) message(tx *ent.Tx, digest string) *ent.MessageCreate {
	now := time.Now().UTC()
	return tx.Message.Create().SetDigest(digest).SetSize(1).SetDirection("incoming").SetKind(pec.Kind("")).SetVerdict(smime.Status("")).
		SetEvidence(smime.Verdict{}).SetSubject("oggetto").SetText("testo").SetReceivedAt(now).SetArchivedAt(now)
}

func (w *world) part(ctx context.Context, tx *ent.Tx, messageID int) {
	tx.Attachment.Create().SetMessageID(messageID).SetPosition(0).SetMediaType("text/plain").SetSize(1).SetSha256("x").SetSection("1").SaveX(ctx)
	tx.Delivery.Create().SetMessageID(messageID).SetReceivedAt(time.Now().UTC()).SaveX(ctx)
}

// tell writes an event as the log does.
func (w *world) tell(ctx context.Context, tx *ent.Tx, edit func(*ent.EventCreate)) int {
	ctx = guard.NewContext(ctx, guard.EventLog())
	n := tx.LogHead.UpdateOneID(1).AddLast(1).SaveX(ctx).Last
	e := tx.Event.Create().SetID(n).SetKind("case-noted").SetOccurredAt(time.Now().UTC()).SetActor("system:test").SetData(json.RawMessage(`{}`))
	edit(e)
	return e.SaveX(ctx).ID
}

// as is a person with the rights that staff finds, by a token of some scopes.
func (w *world) as(name string, scopes ...string) context.Context {
	w.t.Helper()
	if len(scopes) == 0 {
		scopes = []string{staff.ScopeRead, staff.ScopeContent, staff.ScopeWrite}
	}
	require.Contains(w.t, w.people, name)
	_, token, err := w.staff.MakeToken(w.program(), w.people[name], "test", scopes, time.Hour)
	require.NoError(w.t, err)
	v, err := w.staff.Viewer(w.program(), staff.Key{Token: token})
	require.NoError(w.t, err)
	return guard.NewContext(w.t.Context(), v)
}

// do changes something as somebody.
func (w *world) do(ctx context.Context, change func(context.Context, *ent.Tx) error) error {
	return w.db.Tx(ctx, change)
}
