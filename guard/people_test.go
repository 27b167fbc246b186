package guard_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

// furnish gives the house rows of the tables that hang on no case.
func (w *world) furnish() {
	now := time.Now().UTC()
	w.must(func(ctx context.Context, tx *ent.Tx) error {
		for _, row := range []struct {
			office, person string
			count          int
		}{{"", "", 1}, {"tributi", "", 2}, {"anagrafe", "", 4}, {"sportello", "", 8}, {"legale", "", 16}, {"", "operator", 32}, {"", "lawyer", 64}} {
			tx.Tally.Create().SetOffice(w.office[row.office]).SetPerson(w.people[row.person]).SetMailbox(0).SetStatus("TO_SORT").SetUrgency("NONE").SetCount(row.count).SaveX(ctx)
		}
		for _, who := range []string{"operator", "lawyer"} {
			for _, state := range []notice.State{notice.StateWaiting, notice.StateFailed} {
				tx.Notice.Create().SetKey(who + string(state)).SetUserID(w.people[who]).SetKind("assigned").SetItem(json.RawMessage(`{}`)).
					SetCreatedAt(now).SetSendAt(now).SetState(state).SaveX(ctx)
			}
		}
		for _, a := range [][2]string{{"operator", "deputy"}, {"lawyer", "head of lawyers"}} {
			tx.Absence.Create().SetUserID(w.people[a[0]]).SetDelegateID(w.people[a[1]]).SetFrom(now).SetUntil(now.Add(time.Hour)).SetCreatedAt(now).SaveX(ctx)
		}
		for _, who := range []string{"operator", "lawyer", "sorter"} {
			tx.Session.Create().SetUserID(w.people[who]).SetDigest("session of " + who).SetCreatedAt(now).SetSeenAt(now).SetExpiresAt(now.Add(time.Hour)).SaveX(ctx)
		}
		box := tx.Mailbox.Create().SetAddress("protocollo@pec.example").SaveX(ctx)
		folder := tx.Folder.Create().SetMailboxID(box.ID).SetName("INBOX").SaveX(ctx)
		tx.LedgerEntry.Create().SetFolderID(folder.ID).SetUIDValidity(1).SetUID(1).SetChangedAt(now).SaveX(ctx)
		tx.RoutingRule.Create().SetName("tributi").SetCondition(json.RawMessage(`{}`)).SetOfficeID(w.office["tributi"]).SaveX(ctx)
		tx.DeadlinePolicy.Create().SetScope("house").SetKind("WORK").SetAmount("10 days").SaveX(ctx)
		return nil
	})
}

// Every kind of person, every table that hangs on no case.
func TestWhoSeesWhatOfTheHouse(t *testing.T) {
	type rows struct{ tally, notices, memberships, absences, machine int }
	const everything = 1 + 2 + 4 + 8 + 16 + 32 + 64
	eachWorld(t, func(t *testing.T, w *world) {
		w.furnish()
		all := w.db.Client().Membership.Query().CountX(w.program())
		for who, want := range map[string]rows{
			"sorter":              {everything, 0, 0, 2, 4},
			"auditor":             {everything, 0, 0, 0, 1}, // by what rule
			"administrator":       {0, 2, all, 2, 4},        // the notices that failed
			"outsider":            {0, 0, 0, 0, 0},
			"head":                {2, 0, 5, 1, 0},
			"deputy":              {2, 0, 5, 1, 0},
			"former deputy":       {0, 0, 1, 0, 0},
			"coming deputy":       {0, 0, 1, 0, 0},
			"operator":            {2 + 32, 2, 5, 1, 0},
			"director":            {2, 0, 2 + 5, 1, 0},
			"director's operator": {0, 0, 2, 0, 0},
			"registrar":           {4, 0, 2, 0, 0},
			"lawyer":              {64, 2, 2, 1, 0},
			"head of lawyers":     {16, 0, 2, 1, 0},
			"named":               {0, 0, 0, 0, 0},
		} {
			ctx, c := w.as(who), w.db.Client()
			tally := 0
			for _, row := range c.Tally.Query().AllX(ctx) {
				tally += row.Count
			}
			machine := c.Folder.Query().CountX(ctx) + c.LedgerEntry.Query().CountX(ctx) + c.RoutingRule.Query().CountX(ctx) + c.DeadlinePolicy.Query().CountX(ctx)
			require.Equal(t, want, rows{tally, c.Notice.Query().CountX(ctx), c.Membership.Query().CountX(ctx), c.Absence.Query().CountX(ctx), machine}, who)
			require.Equal(t, 1, c.Mailbox.Query().CountX(ctx), who)
			require.Equal(t, len(offices()), c.Office.Query().CountX(ctx), who)
			require.Equal(t, len(w.people), c.User.Query().CountX(ctx), who)
			require.Equal(t, 1, c.LogHead.Query().CountX(ctx), who)
			for _, row := range c.APIToken.Query().AllX(ctx) {
				require.Equal(t, w.people[who], row.UserID, "%s sees another's token", who)
			}
			require.Equal(t, 1, c.APIToken.Query().CountX(ctx), "%s came by one", who)
			for table, err := range map[string]error{
				ent.TypeSession: first(c.Session.Query().Count(ctx)), ent.TypeThrottle: first(c.Throttle.Query().Count(ctx)), ent.TypeCaseCounter: first(c.CaseCounter.Query().Count(ctx)),
			} {
				require.ErrorIs(t, err, guard.ErrForbidden, "%s of %s", table, who)
			}
			require.Zero(t, c.CaseFollower.Query().CountX(ctx)-map[bool]int{who == "named": len(cases())}[true], who)
		}
	})
}

func first(_ int, err error) error { return err }

// The register, of what concerns no case that one sees.
func TestWhoReadsTheRegister(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var ids [7]int
		w.must(func(ctx context.Context, tx *ent.Tx) error {
			for n, edit := range []func(*ent.EventCreate){
				func(e *ent.EventCreate) { e.SetKind("signed-in").SetPersonID(w.people["operator"]) },
				func(e *ent.EventCreate) {
					e.SetActor(guard.Someone(guard.Person{ID: w.people["lawyer"]}).String()).SetOfficeID(w.office["archivio"])
				},
				func(e *ent.EventCreate) { e.SetMailboxID(1) },
				func(e *ent.EventCreate) { e.SetOfficeID(w.office["tributi"]) },
				func(e *ent.EventCreate) { e.SetFromOfficeID(w.office["tributi"]).SetCaseID(w.cases["registry"]) },
				func(e *ent.EventCreate) { e.SetFromPersonID(w.people["lawyer"]).SetCaseID(w.cases["registry"]) },
				func(e *ent.EventCreate) { e.SetCaseID(w.cases["registry"]) },
			} {
				ids[n] = w.tell(ctx, tx, edit)
			}
			return nil
		})
		for who, want := range map[string][]int{
			"auditor":       {0, 1, 2, 3, 4, 5, 6},
			"administrator": {0, 1, 2, 3},
			"sorter":        {2, 4, 5, 6},
			"operator":      {0, 3, 4},
			"head":          {3, 4},
			"deputy":        {3, 4},
			"former deputy": {},
			"director":      {},
			"lawyer":        {1, 5},
			"registrar":     {4, 5, 6},
			"outsider":      {},
		} {
			ctx, found := w.as(who), []int{}
			for n, id := range ids {
				if _, err := w.db.Client().Event.Get(ctx, id); err == nil {
					found = append(found, n)
				} else {
					require.True(t, ent.IsNotFound(err), "%v", err)
				}
			}
			require.Equal(t, want, found, who)
		}
	})
}

// Of others one knows the name; the administrator knows how to reach them; and
// nobody a password.
func TestWhatIsHiddenOfPeople(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		c := w.db.Client()
		for _, who := range []string{"outsider", "sorter", "auditor", "head", "administrator"} {
			ctx := w.as(who)
			for _, u := range c.User.Query().AllX(ctx) {
				require.Equal(t, w.people[u.Name], u.ID, "names are no secret")
				if who == "administrator" || u.ID == w.people[who] {
					require.Contains(t, u.Email, "@comune.example", who)
					require.Equal(t, guard.Hidden, u.Password)
					continue
				}
				require.Equal(t, ent.User{ID: u.ID, Name: u.Name, Email: guard.Hidden, Language: u.Language}.Email, u.Email)
				require.Empty(t, u.Password)
				require.False(t, u.Sorter || u.Administrator || u.Auditor)
				require.True(t, u.CreatedAt.IsZero())
			}
			assignee := c.CaseFile.Query().Where(casefile.ID(w.cases["taxes"])).QueryAssignee().Select(user.FieldEmail)
			if rows := assignee.AllX(ctx); who == "head" {
				require.Equal(t, guard.Hidden, rows[0].Email)
			}
		}
		require.Equal(t, "$hash$", c.User.Query().Where(user.ID(w.people["head"])).OnlyX(w.program()).Password)
		for _, m := range c.Membership.Query().Where(membership.OfficeID(w.office["tributi"])).WithUser().AllX(w.as("head")) {
			require.Equal(t, m.UserID != w.people["head"], m.Edges.User.Email == guard.Hidden, "along an edge too")
		}
	})
}

// A single column comes without its row, and could not be hidden.
func TestColumnsThatMayBeHiddenAreNotAskedForAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		c := w.db.Client()
		for _, who := range []string{"head", "sorter", "auditor", "administrator", "outsider"} {
			ctx := w.as(who)
			var texts []string
			var numbers []int
			for name, err := range map[string]error{
				"subject":                          c.CaseFile.Query().Select(casefile.FieldSubject).Scan(ctx, &texts),
				"sender among others":              c.CaseFile.Query().Select(casefile.FieldID, casefile.FieldSenderName).Scan(ctx, &[]struct{ ID int }{}),
				"sender's address grouped":         c.CaseFile.Query().GroupBy(casefile.FieldSenderAddress).Scan(ctx, &texts),
				"subject along an edge":            c.Term.Query().QueryCase().Select(casefile.FieldSubject).Scan(ctx, &texts),
				"the greatest subject":             c.CaseFile.Query().Aggregate(ent.Max(casefile.FieldSubject)).Scan(ctx, &texts),
				"the greatest subject of a status": c.CaseFile.Query().GroupBy(casefile.FieldStatus).Aggregate(ent.Max(casefile.FieldSubject)).Scan(ctx, &texts),
				"every column of cases":            c.CaseFile.Query().Select().Scan(ctx, &[]struct{ ID int }{}),
				"password":                         c.User.Query().Select(user.FieldPassword).Scan(ctx, &texts),
				"e-mail":                           c.User.Query().Select(user.FieldEmail).Scan(ctx, &texts),
				"e-mail grouped":                   c.User.Query().GroupBy(user.FieldEmail).Aggregate(ent.Count()).Scan(ctx, &texts),
				"the greatest password":            c.User.Query().Aggregate(ent.Max(user.FieldPassword)).Scan(ctx, &texts),
				"role":                             c.User.Query().GroupBy(user.FieldAdministrator).Scan(ctx, &texts),
				"e-mail along an edge":             c.Membership.Query().QueryUser().Select(user.FieldEmail).Scan(ctx, &texts),
			} {
				require.ErrorContains(t, err, "read as whole rows only", "%s by %s", name, who)
			}
			require.Empty(t, texts)
			require.NoError(t, c.CaseFile.Query().Select(casefile.FieldID).Scan(ctx, &numbers), who)
			require.NoError(t, c.User.Query().Select(user.FieldName).Scan(ctx, &texts), who)
		}
		var texts []string
		require.NoError(t, c.CaseFile.Query().Select(casefile.FieldSubject).Scan(w.program(), &texts))
		require.Len(t, texts, len(cases()))
	})
}

// A token can do what it was made for.
func TestATokenIsNarrowerThanItsPerson(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		reader := w.as("head", staff.ScopeRead, staff.ScopeContent)
		require.Equal(t, 4, w.db.Client().Message.Query().CountX(reader))
		for name, err := range map[string]error{
			"note": w.do(reader, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Note.Create().SetCaseID(w.cases["taxes"]).SetAuthorID(w.people["head"]).SetText("nota").SetWrittenAt(time.Now()).Exec(ctx)
			}),
			"case": w.do(reader, func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFile.Update().Where(casefile.ID(w.cases["taxes"])).SetPriority("LOW").Exec(ctx)
			}),
			"token": w.do(reader, func(ctx context.Context, tx *ent.Tx) error {
				return tx.APIToken.Update().Where(apitoken.UserID(w.people["head"])).SetRevokedAt(time.Now()).Exec(ctx)
			}),
		} {
			require.ErrorIs(t, err, guard.ErrForbidden, name)
		}
		require.Zero(t, w.db.Client().Message.Query().CountX(w.as("head", staff.ScopeRead)))
		require.Zero(t, w.db.Client().Note.Query().CountX(w.as("head", staff.ScopeRead)))
	})
}
