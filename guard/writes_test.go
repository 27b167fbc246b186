package guard_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/casefollower"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/guard"
)

// What hangs on a case is made on one that is seen, a note on one that is read,
// and what is somebody's own by that person alone.
func TestWhatPeopleMayMake(t *testing.T) {
	now := time.Now().UTC()
	eachWorld(t, func(t *testing.T, w *world) {
		note := func(on string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.Note.Create().SetCaseID(w.cases[on]).SetAuthorID(w.people["head"]).SetText("nota").SetWrittenAt(now).Exec(ctx)
			}
		}
		ask := func(on string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.Inquiry.Create().SetCaseID(w.cases[on]).SetOfficeID(w.office["tributi"]).SetKind("SOLLECITO").SetAskedByID(w.people["sorter"]).SetAskedAt(now).SetText("x").Exec(ctx)
			}
		}
		inform := func(on string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseOffice.Create().SetCaseID(w.cases[on]).SetOfficeID(w.office["legale"]).Exec(ctx)
			}
		}
		breaks := func(on string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseReader.Create().SetCaseID(w.cases[on]).SetUserID(w.people["head"]).SetKind(casereader.KindGlass).Exec(ctx)
			}
		}
		follow := func(on, whom string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFollower.Create().SetCaseID(w.cases[on]).SetUserID(w.people[whom]).Exec(ctx)
			}
		}
		look := func(on, whom string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseLooker.Create().SetCaseID(w.cases[on]).SetUserID(w.people[whom]).SetUntil(now).Exec(ctx)
			}
		}
		token := func(whose string) func(context.Context, *ent.Tx) error {
			return func(ctx context.Context, tx *ent.Tx) error {
				return tx.APIToken.Create().SetUserID(w.people[whose]).SetName("x").SetDigest("new of " + whose).SetScopes([]string{"READ"}).SetCreatedAt(now).SetExpiresAt(now).Exec(ctx)
			}
		}
		for _, c := range []struct {
			who, what string
			do        func(context.Context, *ent.Tx) error
			may       bool
		}{
			{"head", "a note on a case that one reads", note("taxes"), true},
			{"head", "a note on a merged one, read as its target", note("merged"), true},
			{"head", "a note on a reserved case", note("reserved"), false},
			{"head", "looking at a reserved case", look("reserved", "head"), false},
			{"head", "a note on another office's case", note("registry"), false},
			{"sorter", "a note where one sees movements", note("taxes"), false},
			{"sorter", "a question where one sees movements", ask("taxes"), true},
			{"head", "a question on another office's case", ask("registry"), false},
			{"head", "informing of one's case", inform("taxes"), true},
			{"head", "informing of another's", inform("registry"), false},
			{"head", "breaking the glass of what one sees", breaks("reserved"), true},
			{"head", "breaking the glass of what is not there", breaks("registry"), false},
			{"head", "following what one sees", follow("reserved", "head"), true},
			{"head", "following what is not there", follow("registry", "head"), false},
			{"head", "having somebody else follow", follow("taxes", "operator"), false},
			{"head", "looking at what one reads", look("taxes", "head"), true},
			{"head", "having somebody else look", look("taxes", "operator"), false},
			{"sorter", "looking where one sees movements", look("taxes", "sorter"), false},
			{"head", "a token", token("head"), true},
			{"head", "a token of another", token("operator"), false},
			{"administrator", "a token of another", token("operator"), false},
		} {
			err := w.do(w.as(c.who), c.do)
			if c.may {
				require.NoError(t, err, "%s: %s", c.who, c.what)
			} else {
				require.ErrorIs(t, err, guard.ErrForbidden, "%s: %s", c.who, c.what)
			}
		}
	})
}

// A change finds the rows that its author sees, and no others; the number of
// rows tells nothing of those.
func TestChangesAreNarrowed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.must(func(ctx context.Context, tx *ent.Tx) error { // so that as() makes no new ones to look at
			for who := range w.people {
				tx.PushSubscription.Create().SetUserID(w.people[who]).SetEndpoint("of " + who).SetP256dh("x").SetAuth("x").SetLabel("x").SetCreatedAt(time.Now()).SaveX(ctx)
				tx.APIToken.Create().SetUserID(w.people[who]).SetName("x").SetDigest("of " + who).SetScopes([]string{"READ"}).SetCreatedAt(time.Now()).SetExpiresAt(time.Now()).SaveX(ctx)
			}
			return nil
		})
		for _, c := range []struct {
			who, what string
			rows      int
			do        func(context.Context, *ent.Tx) (int, error)
		}{
			{"head", "cases", 6, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.CaseFile.Update().SetPriority("LOW").Save(ctx)
			}},
			{"sorter", "cases", len(cases()), func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.CaseFile.Update().SetPriority("HIGH").Save(ctx)
			}},
			{"outsider", "cases", 0, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.CaseFile.Update().SetPriority("URGENT").Save(ctx)
			}},
			{"head", "messages", 4, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.Message.Update().SetIdentifier("x").Save(ctx)
			}},
			{"auditor", "messages", 0, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.Message.Update().SetIdentifier("y").Save(ctx)
			}},
			{"registrar", "inquiries", 2, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.Inquiry.Update().SetAnswer("sì").Save(ctx)
			}},
			{"lawyer", "readers, away", 1, func(ctx context.Context, tx *ent.Tx) (int, error) { return tx.CaseReader.Delete().Exec(ctx) }},
			{"registrar", "informed offices, away", 3, func(ctx context.Context, tx *ent.Tx) (int, error) { return tx.CaseOffice.Delete().Exec(ctx) }},
			{"head", "followers, away", 0, func(ctx context.Context, tx *ent.Tx) (int, error) { return tx.CaseFollower.Delete().Exec(ctx) }},
			{"named", "followers, away", len(cases()), func(ctx context.Context, tx *ent.Tx) (int, error) { return tx.CaseFollower.Delete().Exec(ctx) }},
			{"head", "another's tokens", 0, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.APIToken.Update().Where(apitoken.Digest("of operator")).SetRevokedAt(time.Now()).Save(ctx)
			}},
			{"administrator", "another's tokens", 0, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.APIToken.Update().Where(apitoken.Digest("of operator")).SetRevokedAt(time.Now()).Save(ctx)
			}},
			{"head", "all push subscriptions", 1, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.PushSubscription.Delete().Exec(ctx)
			}},
			{"administrator", "another's push subscriptions", 0, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.PushSubscription.Delete().Where(pushsubscription.Endpoint("of operator")).Exec(ctx)
			}},
			{"operator", "one's own tokens", 1, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.APIToken.Update().Where(apitoken.Digest("of operator")).SetRevokedAt(time.Now()).Save(ctx)
			}},
			{"head", "people's languages", 1, func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.User.Update().SetLanguage("en").Save(ctx)
			}},
			{"administrator", "people's languages", len(w.people), func(ctx context.Context, tx *ent.Tx) (int, error) {
				return tx.User.Update().SetLanguage("it").Save(ctx)
			}},
		} {
			require.NoError(t, w.do(w.as(c.who), func(ctx context.Context, tx *ent.Tx) error {
				n, err := c.do(ctx, tx)
				require.Equal(t, c.rows, n, "%s: %s", c.who, c.what)
				return err
			}), "%s: %s", c.who, c.what)
		}
		require.Equal(t, len(cases())-2, w.db.Client().Inquiry.Query().Where(inquiry.Answer("")).CountX(w.program())+w.db.Client().Inquiry.Query().Where(inquiry.AnswerIsNil()).CountX(w.program()))
		require.Zero(t, w.db.Client().CaseFollower.Query().Where(casefollower.UserID(w.people["named"])).CountX(w.program()))
		err := w.do(w.as("registrar"), func(ctx context.Context, tx *ent.Tx) error {
			return tx.CaseFile.UpdateOneID(w.cases["taxes"]).SetPriority("LOW").Exec(ctx)
		})
		require.True(t, ent.IsNotFound(err), "one row that is not seen is not there: %v", err)
	})
}

// What nobody but the program, the log or the administrator does.
func TestWhatPeopleMayNotChange(t *testing.T) {
	now := time.Now().UTC()
	eachWorld(t, func(t *testing.T, w *world) {
		w.furnish()
		w.must(func(ctx context.Context, tx *ent.Tx) error {
			return tx.User.UpdateOneID(w.people["sorter"]).SetAuditor(true).Exec(ctx)
		})
		for what, do := range map[string]func(context.Context, *ent.Tx) error{
			"a case of one's own making": func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFile.Create().SetNumber("2026/999999").SetRouteReason("x").SetReceivedAt(now).SetChangedAt(now).Exec(ctx)
			},
			"a message": func(ctx context.Context, tx *ent.Tx) error { return w.message(tx, "mine").Exec(ctx) },
			"an event": func(ctx context.Context, tx *ent.Tx) error {
				return tx.Event.Create().SetID(999).SetKind("x").SetOccurredAt(now).SetActor("x").Exec(ctx)
			},
			"events away": func(ctx context.Context, tx *ent.Tx) error { _, err := tx.Event.Delete().Exec(ctx); return err },
			"the log":     func(ctx context.Context, tx *ent.Tx) error { return tx.LogHead.UpdateOneID(1).SetLast(0).Exec(ctx) },
			"notes away":  func(ctx context.Context, tx *ent.Tx) error { _, err := tx.Note.Delete().Exec(ctx); return err },
			"cases away":  func(ctx context.Context, tx *ent.Tx) error { _, err := tx.CaseFile.Delete().Exec(ctx); return err },
			"mail away":   func(ctx context.Context, tx *ent.Tx) error { _, err := tx.Message.Delete().Exec(ctx); return err },
			"a push subscription": func(ctx context.Context, tx *ent.Tx) error {
				return tx.PushSubscription.Create().SetUserID(w.people["sorter"]).SetEndpoint("x").SetP256dh("x").SetAuth("x").SetLabel("x").SetCreatedAt(now).Exec(ctx)
			},
			"a term":   func(ctx context.Context, tx *ent.Tx) error { return tx.Term.Update().SetStep(9).Exec(ctx) },
			"a tally":  func(ctx context.Context, tx *ent.Tx) error { return tx.Tally.Update().SetCount(9).Exec(ctx) },
			"a notice": func(ctx context.Context, tx *ent.Tx) error { return tx.Notice.Update().SetState("sent").Exec(ctx) },
			"the ledger": func(ctx context.Context, tx *ent.Tx) error {
				return tx.LedgerEntry.Update().SetState("archived").Exec(ctx)
			},
			"a mailbox":  func(ctx context.Context, tx *ent.Tx) error { return tx.Mailbox.Update().SetHealth("ok").Exec(ctx) },
			"a session":  func(ctx context.Context, tx *ent.Tx) error { return tx.Session.Update().SetEndedAt(now).Exec(ctx) },
			"a throttle": func(ctx context.Context, tx *ent.Tx) error { _, err := tx.Throttle.Delete().Exec(ctx); return err },
			"an office": func(ctx context.Context, tx *ent.Tx) error {
				return tx.Office.Update().SetHeadSeesBelow(true).Exec(ctx)
			},
			"a rule": func(ctx context.Context, tx *ent.Tx) error {
				_, err := tx.RoutingRule.Delete().Where(routingrule.Name("tributi")).Exec(ctx)
				return err
			},
			"a membership": func(ctx context.Context, tx *ent.Tx) error {
				return tx.Membership.Create().SetUserID(w.people["sorter"]).SetOfficeID(w.office["tributi"]).SetRole(membership.RoleHead).Exec(ctx)
			},
			"a person": func(ctx context.Context, tx *ent.Tx) error {
				return tx.User.Create().SetEmail("x@comune.example").SetName("x").SetCreatedAt(now).Exec(ctx)
			},
			"one's own role": func(ctx context.Context, tx *ent.Tx) error {
				return tx.User.Update().Where(user.ID(w.people["sorter"])).SetAdministrator(true).Exec(ctx)
			},
			"one's own address": func(ctx context.Context, tx *ent.Tx) error {
				return tx.User.UpdateOneID(w.people["sorter"]).SetEmail("x@comune.example").Exec(ctx)
			},
			"one's own end": func(ctx context.Context, tx *ent.Tx) error {
				return tx.User.UpdateOneID(w.people["sorter"]).ClearDisabledAt().Exec(ctx)
			},
		} {
			require.ErrorIs(t, w.do(w.as("sorter"), do), guard.ErrForbidden, "%s", what)
		}
		require.ErrorIs(t, w.do(w.program(), func(ctx context.Context, tx *ent.Tx) error {
			return tx.Event.Create().SetID(999).SetKind("x").SetOccurredAt(now).SetActor("x").Exec(ctx)
		}), guard.ErrForbidden, "nor does the program write the log but by the log")
		require.ErrorIs(t, w.do(w.as("administrator"), func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.RoutingRule.Delete().Exec(guard.NewContext(ctx, guard.Viewer{}))
			return err
		}), guard.ErrNoViewer)
	})
}

// An edge whose key stands in another table is a change of that table, which its
// own rule would not see.
func TestNoChangeByAnEdge(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		m := w.db.Client().Message.Query().Where(message.CaseID(w.cases["registry"])).OnlyIDX(w.program())
		for what, do := range map[string]func(context.Context, *ent.Tx) error{
			"a message into one's case": func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFile.Update().Where(casefile.ID(w.cases["taxes"])).AddMessageIDs(m).Exec(ctx)
			},
			"messages out of it": func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFile.UpdateOneID(w.cases["taxes"]).ClearMessages().Exec(ctx)
			},
			"another's case merged into one's own": func(ctx context.Context, tx *ent.Tx) error {
				return tx.CaseFile.UpdateOneID(w.cases["taxes"]).AddMergedIDs(w.cases["registry"]).Exec(ctx)
			},
			"a receipt": func(ctx context.Context, tx *ent.Tx) error { return tx.Message.Update().AddReceiptIDs(m).Exec(ctx) },
		} {
			require.ErrorIs(t, w.do(w.as("head"), do), guard.ErrOtherTable, "%s", what)
			require.ErrorIs(t, w.do(w.program(), do), guard.ErrOtherTable, "%s, by the program", what)
		}
		require.NoError(t, w.do(w.as("head"), func(ctx context.Context, tx *ent.Tx) error {
			return tx.CaseFile.Update().Where(casefile.ID(w.cases["taxes"])).SetAssigneeID(w.people["head"]).ClearOnBehalfOf().Exec(ctx)
		}), "one whose key stands in the row is the row's")
	})
}

// What a change gives back shows no more than a question would.
func TestWhatAChangeGivesBackIsHidden(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		require.NoError(t, w.do(w.as("sorter"), func(ctx context.Context, tx *ent.Tx) error {
			c, err := tx.CaseFile.UpdateOneID(w.cases["taxes"]).SetPriority("LOW").Save(ctx)
			require.NoError(t, err)
			require.Equal(t, []string{guard.Hidden, guard.Hidden, guard.Hidden}, []string{c.Subject, c.SenderName, c.SenderAddress})
			u, err := tx.User.UpdateOneID(w.people["sorter"]).SetLanguage("en").Save(ctx)
			require.NoError(t, err)
			require.Equal(t, guard.Hidden, u.Password)
			return nil
		}))
		require.NoError(t, w.do(w.program(), func(ctx context.Context, tx *ent.Tx) error {
			c, err := tx.CaseFile.UpdateOneID(w.cases["taxes"]).SetPriority("LOW").Save(ctx)
			require.Equal(t, "oggetto", c.Subject)
			return err
		}))
	})
}

// An upsert would change rows that the rule of updates has not seen: the client
// is generated without.
func TestThereIsNoUpsert(t *testing.T) {
	tables := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[ent.Client]()) {
		if !f.IsExported() || f.Type.Kind() != reflect.Pointer || !strings.HasSuffix(f.Type.Elem().Name(), "Client") {
			continue
		}
		create, ok := f.Type.MethodByName("Create")
		require.True(t, ok, f.Name)
		tables++
		for _, way := range []string{"OnConflict", "OnConflictColumns"} {
			_, has := create.Type.Out(0).MethodByName(way)
			require.False(t, has, "%s.%s", f.Name, way)
		}
	}
	require.Greater(t, tables, 20)
}
