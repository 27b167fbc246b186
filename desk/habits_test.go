package desk

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/deadlinepolicy"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/ent/term"
	"github.com/smista/smista/event"
)

// hired adds a person; of an office when one is named.
func (o *hall) hired(email, code string) (id int) {
	o.t.Helper()
	require.NoError(o.t, o.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		u, err := tx.User.Create().SetEmail(email).SetName("Anna Verdi").SetCreatedAt(o.now()).Save(ctx)
		if err != nil {
			return nil, err
		}
		id = u.ID
		if code == "" {
			return nil, nil
		}
		of, err := tx.Office.Query().Where(office.Code(code)).OnlyID(ctx)
		if err != nil {
			return nil, err
		}
		return nil, tx.Membership.Create().SetUserID(id).SetOfficeID(of).SetRole("OPERATOR").Exec(ctx)
	}))
	return id
}

func (o *hall) office(code string) *ent.Office {
	o.t.Helper()
	row, err := o.Client.Office.Query().Where(office.Code(code)).Only(o.ctx)
	require.NoError(o.t, err)
	return row
}

// policies reads the table of deadlines as scope, row and kind give an amount.
func (o *hall) policies() map[policy]string {
	o.t.Helper()
	rows, err := o.Client.DeadlinePolicy.Query().All(o.ctx)
	require.NoError(o.t, err)
	all := map[policy]string{}
	for _, r := range rows {
		all[policy{r.Scope, r.ScopeID, r.Kind}] = r.Amount
	}
	return all
}

// workdays is a configuration that says everything.
func workdays() Settings {
	closed := deadline.Date{Year: 2026, Month: time.December, Day: 24}
	return Settings{
		Offices: []OfficeSetting{
			{Code: "tributi", Name: "Ufficio Tributi", Habits: Habits{
				Parent: new("entrate"), HeadSeesBelow: new(true), OperatorsSeeOwn: new(true), OperatorsMayTake: new(false), ReasonToMove: new(true), Approvals: new(2),
				Calendar: dossier.OfficeCalendar{
					Patron: deadline.MonthDay{Month: time.June, Day: 24}, Closures: []deadline.Closure{{From: closed, To: closed, Name: "Vigilia"}},
					Hours: map[string][]deadline.Span{"monday": {{From: deadline.Clock(8, 0), To: deadline.Clock(14, 0)}}},
				},
				Ladder: []dossier.Step{{At: "0.5", To: []string{"operator"}}, {At: "every 4 working hours", To: []string{"head", "desk"}}},
			}},
			{Code: "entrate", Name: "Settore Entrate"},
		},
		Mailboxes: []MailboxSetting{{Address: protocollo}, {Address: tributi, Office: "tributi"}},
		Rules:     []RuleSetting{{Name: "fatture", Priority: 10, Condition: Condition{Subject: "fattur*"}, Office: "tributi", Assignee: "Anna@Comune.Example"}},
		Deadlines: []DeadlineSetting{
			{Kind: "answer", Amount: deadline.Amount{N: 30, Unit: deadline.WorkingDays}},
			{Kind: "assign", Amount: deadline.Amount{N: 8, Unit: deadline.WorkingHours}, Office: "tributi"},
			{Kind: "answer", Amount: deadline.Amount{N: 20, Unit: deadline.CalendarDays}, Mailbox: strings.ToUpper(tributi)},
			{Kind: "answer", Amount: deadline.Amount{N: 10, Unit: deadline.CalendarDays}, Rule: "fatture"},
		},
	}
}

func TestHabitsDeadlinesAndAssigneesAreWritten(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		anna := o.hired("anna@comune.example", "tributi")
		require.NoError(t, o.Configure(o.ctx, workdays()))

		row, entrate := o.office("tributi"), o.office("entrate")
		require.Equal(t, []any{entrate.ID, true, true, false, true, 2},
			[]any{*row.ParentID, row.HeadSeesBelow, row.OperatorsSeeOwn, row.OperatorsMayTake, row.ReasonToMove, row.Approvals})
		want := workdays().Offices[0].Habits
		var calendar dossier.OfficeCalendar
		require.NoError(t, json.Unmarshal(row.Calendar, &calendar))
		require.Equal(t, want.Calendar, calendar)
		var ladder []dossier.Step
		require.NoError(t, json.Unmarshal(row.Ladder, &ladder))
		require.Equal(t, want.Ladder, ladder)
		require.Equal(t, []any{false, false, true, false}, []any{entrate.HeadSeesBelow, entrate.OperatorsSeeOwn, entrate.OperatorsMayTake, entrate.ReasonToMove})
		require.Empty(t, entrate.Calendar)
		require.Empty(t, entrate.Ladder)

		rule, err := o.Client.RoutingRule.Query().Where(routingrule.Name("fatture")).Only(o.ctx)
		require.NoError(t, err)
		require.Equal(t, anna, *rule.AssigneeID)
		box, err := o.mailbox(o.ctx, tributi)
		require.NoError(t, err)
		require.Equal(t, map[policy]string{
			{deadlinepolicy.ScopeHouse, 0, deadlinepolicy.KindAnswer}:        "30 working days",
			{deadlinepolicy.ScopeOffice, row.ID, deadlinepolicy.KindAssign}:  "8 working hours",
			{deadlinepolicy.ScopeMailbox, box.ID, deadlinepolicy.KindAnswer}: "20 days",
			{deadlinepolicy.ScopeRule, rule.ID, deadlinepolicy.KindAnswer}:   "10 days",
		}, o.policies())

		// What was configured is what a case then lives by.
		m := o.inbox(o.pec(mail{from: rossi, to: protocollo, subject: "Fattura n. 1", id: "<f@x>"}, "opec1"))
		c, err := o.Client.CaseFile.Get(o.ctx, *m.CaseID)
		require.NoError(t, err)
		require.Equal(t, casefile.StatusInProgress, c.Status)
		require.Equal(t, anna, *c.AssigneeID)
		terms, err := c.QueryTerms().Where(term.MetAtIsNil()).All(o.ctx)
		require.NoError(t, err)
		require.Len(t, terms, 1, "the rule's answer; that of assigning is met")
		require.Equal(t, []string{"ANSWER", "10 days", "rule"}, []string{string(terms[0].Kind), terms[0].Amount, terms[0].Policy})
	})
}

func TestConfiguringTwiceIsConfiguringOnce(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "tributi")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		was, had, events := o.office("tributi"), o.policies(), len(o.events(0))
		require.NoError(t, o.Configure(o.ctx, workdays()))
		require.Len(t, o.events(0), events, "nothing changed, and nothing is told")
		require.Equal(t, had, o.policies())
		is := o.office("tributi")
		require.JSONEq(t, string(was.Calendar), string(is.Calendar))
		require.JSONEq(t, string(was.Ladder), string(is.Ladder))
		require.Equal(t, *was.ParentID, *is.ParentID)
	})
}

func TestAnEventTellsWhichHabitsChanged(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		tributi, before := o.office("tributi").ID, len(o.events(0))
		s := workdays()
		s.Offices[0].Habits.Calendar.Patron = deadline.MonthDay{Month: time.September, Day: 19}
		s.Offices[0].Habits.Ladder = nil
		s.Deadlines[1].Amount.N = 4
		require.NoError(t, o.Configure(o.ctx, s))
		var told []string
		for _, e := range o.events(before) {
			require.Equal(t, []any{event.OfficeChanged, tributi, "system:collector"}, []any{e.Kind, e.Office, e.Actor})
			told = append(told, e.Details.Reason)
			for _, c := range e.Details.Changes {
				require.NotEqual(t, c.From, c.To, c.What)
			}
		}
		require.Equal(t, []string{"calendar, ladder", "deadlines"}, told)
		require.Empty(t, o.office("tributi").Ladder, "those of the house hold again")
	})
}

// What people keep is none of the configuration's business, also where both speak of the same.
func TestTheConfigurationLeavesAloneWhatPeopleKeep(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		people := deadlinepolicy.OriginEQ(deadlinepolicy.OriginPeople)
		require.NoError(t, o.change(o.ctx, "", func(ctx context.Context, w *work) error {
			w.tx.DeadlinePolicy.Create().SetOrigin(deadlinepolicy.OriginPeople).SetVersion(3).SetScope("house").SetKind("ANSWER").SetAmount("15 days").ExecX(ctx)
			return nil
		}))
		s := workdays()
		s.Deadlines = s.Deadlines[:1]
		s.Deadlines[0].Amount.N = 25
		require.NoError(t, o.Configure(o.ctx, s))
		kept, err := o.Client.DeadlinePolicy.Query().Where(people).Only(o.ctx)
		require.NoError(t, err)
		require.Equal(t, []any{"15 days", 3}, []any{kept.Amount, kept.Version})
		said, err := o.Client.DeadlinePolicy.Query().Where(deadlinepolicy.Not(people)).Only(o.ctx)
		require.NoError(t, err)
		require.Equal(t, "25 working days", said.Amount)
	})
}

func TestWhatTheConfigurationDoesNotSayOfAnOfficeStays(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		s := workdays()
		s.Offices[0].Habits, s.Deadlines, s.Rules[0].Assignee = Habits{}, nil, ""
		require.NoError(t, o.Configure(o.ctx, s))
		row := o.office("tributi")
		require.Equal(t, []any{true, true, false, true, 2}, []any{row.HeadSeesBelow, row.OperatorsSeeOwn, row.OperatorsMayTake, row.ReasonToMove, row.Approvals})
		require.NotNil(t, row.ParentID)
		require.Empty(t, row.Calendar)
		require.Empty(t, o.policies(), "a deadline that is no longer said is gone")
		rule, err := o.Client.RoutingRule.Query().Where(routingrule.Name("fatture")).Only(o.ctx)
		require.NoError(t, err)
		require.Nil(t, rule.AssigneeID)

		s.Offices[0].Habits.Parent = new("")
		require.NoError(t, o.Configure(o.ctx, s))
		require.Nil(t, o.office("tributi").ParentID)
	})
}

func TestWhatCannotBeConfiguredIsRefusedAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		had, events := o.policies(), len(o.events(0))
		for want, spoil := range map[string]func(*Settings){
			`office tributi: parent: there is no office "x"`:             func(s *Settings) { s.Offices[0].Habits.Parent = new("x") },
			"office tributi: parent: the offices above it lead back":     func(s *Settings) { s.Offices[1].Habits.Parent = new("tributi") },
			"office entrate: ladder: step 1: nobody is reminded":         func(s *Settings) { s.Offices[1].Habits.Ladder = []dossier.Step{{At: "0.5"}} },
			"office entrate: the patron saint's day 02-30":               func(s *Settings) { s.Offices[1].Habits.Calendar.Patron = deadline.MonthDay{Month: 2, Day: 30} },
			"rule fatture: assignee: there is nobody with the address n": func(s *Settings) { s.Rules[0].Assignee = "nobody@comune.example" },
			`deadline 1: kind is "read"`:                                 func(s *Settings) { s.Deadlines[0].Kind = "read" },
			"deadline 2: 0 is no length of a term":                       func(s *Settings) { s.Deadlines[1].Amount.N = 0 },
			`deadline 2: there is no office "x"`:                         func(s *Settings) { s.Deadlines[1].Office = "x" },
			`deadline 3: there is no mailbox "x@y"`:                      func(s *Settings) { s.Deadlines[2].Mailbox = "x@y" },
			`deadline 4: there is no rule "x"`:                           func(s *Settings) { s.Deadlines[3].Rule = "x" },
			"deadline 4: it names more than one":                         func(s *Settings) { s.Deadlines[3].Office = "tributi" },
			"deadline 4: there are two of answer for the house":          func(s *Settings) { s.Deadlines[3].Rule = "" },
		} {
			s := workdays()
			spoil(&s)
			err := o.Configure(o.ctx, s)
			require.ErrorContains(t, err, want)
			require.Equal(t, Invalid, CodeOf(err))
		}
		require.Equal(t, had, o.policies())
		require.Len(t, o.events(0), events)
	})
}

func TestNothingIsTiedToAClosedOffice(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.hired("anna@comune.example", "")
		require.NoError(t, o.Configure(o.ctx, workdays()))
		require.NoError(t, o.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			return nil, tx.Office.Update().Where(office.Code("tributi")).SetClosedAt(o.now()).Exec(ctx)
		}))
		require.ErrorContains(t, o.Configure(o.ctx, workdays()), `office "tributi" was closed`)
		free := workdays()
		for i := range free.Mailboxes {
			free.Mailboxes[i].Office = ""
		}
		for i := range free.Rules {
			free.Rules[i].Office = "entrate"
		}
		require.NoError(t, o.Configure(o.ctx, free))
		require.NotNil(t, o.office("tributi").ClosedAt, "it stays closed, whatever the file says of it")
	})
}
