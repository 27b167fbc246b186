package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/event/seal"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store"
)

const (
	anna    = "anna@comune.example"
	bruno   = "bruno@comune.example"
	canary  = "c4nary-password"
	canary2 = "c4nary-another"
)

// hall is a town hall with a migrated database, managed from the command line.
type hall struct {
	t    *testing.T
	data string
	said bytes.Buffer // by every command so far, on either output
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, data: t.TempDir()}
	h.database(func(ctx context.Context, db *store.DB, _ *event.Log) { require.NoError(t, db.Migrate(ctx)) })
	return h
}

// run runs a command of the hall in English; the input is its standard input.
func (h *hall) run(input string, args ...string) (stdout, stderr string, code int) {
	h.t.Helper()
	return h.runIn("C", input, args...)
}

func (h *hall) runIn(language, input string, args ...string) (stdout, stderr string, code int) {
	h.t.Helper()
	var out, said bytes.Buffer
	command := exec.CommandContext(h.t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1", "SMISTA_DATA="+h.data, "LC_ALL="+language)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &said
	if failed := (*exec.ExitError)(nil); errors.As(command.Run(), &failed) {
		code = failed.ExitCode()
	}
	h.said.Write(out.Bytes())
	h.said.Write(said.Bytes())
	return out.String(), said.String(), code
}

// does runs a command that must succeed, and gives its output.
func (h *hall) does(input string, args ...string) string {
	h.t.Helper()
	stdout, stderr, code := h.run(input, args...)
	require.Equal(h.t, 0, code, "%v: %s", args, stderr)
	return stdout
}

// refuses runs a command that must fail, saying so.
func (h *hall) refuses(want, input string, args ...string) {
	h.t.Helper()
	stdout, stderr, code := h.run(input, args...)
	require.NotEqual(h.t, 0, code, "%v", args)
	require.Contains(h.t, stderr, want, "%v", args)
	require.Empty(h.t, stdout, "%v", args)
}

// database opens the hall's, as the program itself.
func (h *hall) database(act func(ctx context.Context, db *store.DB, log *event.Log)) {
	h.t.Helper()
	ctx := guard.NewContext(h.t.Context(), guard.System("test"))
	db, err := store.Open(ctx, filepath.Join(h.data, "smista.db"), slog.New(slog.DiscardHandler))
	require.NoError(h.t, err)
	defer db.Close()
	require.NoError(h.t, db.Migrate(ctx))
	log, err := event.NewLog(ctx, db, event.NewMemoryBus())
	require.NoError(h.t, err)
	act(ctx, db, log)
}

// events lists what the register says: kind, actor and words.
func (h *hall) events() (list []string) {
	h.t.Helper()
	h.database(func(ctx context.Context, _ *store.DB, log *event.Log) {
		all, err := log.After(ctx, 0, 1000)
		require.NoError(h.t, err)
		for _, e := range all {
			require.Equal(h.t, "system:cli", e.Actor)
			list = append(list, strings.TrimSpace(fmt.Sprint(e.Kind, " ", e.Details.Reason, e.Details.From, e.Details.To)))
		}
	})
	return list
}

// signsIn tells whether an address and a password let somebody in.
func (h *hall) signsIn(email, password string) (in bool) {
	h.t.Helper()
	h.database(func(ctx context.Context, db *store.DB, log *event.Log) {
		people := staff.New(staff.Options{Client: db.Client(), Log: log})
		_, v, err := people.SignIn(ctx, email, password, staff.From{Address: "192.0.2.1"})
		if err != nil {
			require.Equal(h.t, staff.Refused, staff.CodeOf(err))
			return
		}
		_, in = v.Person()
	})
	return in
}

func (h *hall) hire(email, name string, flags ...string) {
	h.t.Helper()
	require.Empty(h.t, h.does(canary+"\n", append([]string{"user", "add", email, "--name", name, "--password-stdin"}, flags...)...))
}

func TestAPersonIsAddedSignsInAndIsKeptOut(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.hire(anna, "Anna Verdi", "--administrator", "--sorter")
	h.hire("Bruno@Comune.Example", "Bruno Neri", "--auditor")
	h.does(canary2+"\r\n", "user", "passwd", bruno, "--password-stdin")
	h.does("", "user", "disable", bruno)
	require.Equal(t, []string{
		"user-added sorter, administrator", "user-added auditor", "user-changed password", "user-disabled",
	}, h.events())
	require.Equal(t, []string{
		"EMAIL                 NAME        ROLES                 OFFICES  STATE",
		"anna@comune.example   Anna Verdi  administrator,sorter  -        enabled",
		"bruno@comune.example  Bruno Neri  auditor               -        disabled",
	}, lines(h.does("", "user", "list")))
	require.True(t, h.signsIn(anna, canary))
	require.False(t, h.signsIn(bruno, canary2), "disabled")
	h.does("", "user", "enable", bruno)
	require.False(t, h.signsIn(bruno, canary), "the password was changed")
	require.True(t, h.signsIn(bruno, canary2))
	h.keptSecret(canary, canary2)
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

// keptSecret looks for secrets in all that was said, and in the database as its file has it.
func (h *hall) keptSecret(secrets ...string) {
	h.t.Helper()
	require.NotEmpty(h.t, h.said.String())
	files, err := filepath.Glob(filepath.Join(h.data, "smista.db*"))
	require.NoError(h.t, err)
	require.NotEmpty(h.t, files)
	for _, secret := range secrets {
		require.NotContains(h.t, h.said.String(), secret)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(h.t, err)
			require.False(h.t, bytes.Contains(content, []byte(secret)), "%s keeps a secret", file)
		}
	}
}

func TestWhatCannotBeDoneWithPeopleIsRefused(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.hire(anna, "Anna Verdi", "--administrator")
	was := h.events()
	add := func(email string, more ...string) []string {
		return append([]string{"user", "add", email, "--name", "X"}, more...)
	}
	h.refuses("there is a person with this address already", canary, add(strings.ToUpper(anna), "--password-stdin")...)
	h.refuses("the e-mail address is not valid", canary, add("nobody", "--password-stdin")...)
	h.refuses("a password has at least 10 characters", "c4nary", add(bruno, "--password-stdin")...)
	h.refuses("the password is empty", "", add(bruno, "--password-stdin")...)
	h.refuses("use --password-stdin", canary, add(bruno)...)
	h.refuses("missing flags: --name", "", "user", "add", bruno)
	h.refuses("there is nobody with the address "+bruno, canary, "user", "passwd", bruno, "--password-stdin")
	h.refuses("there is nobody with the address "+bruno, "", "user", "disable", bruno)
	h.refuses("somebody has to stay administrator", "", "user", "disable", anna)
	h.refuses("READ, and if needed CONTENT and WRITE", "", "user", "token", anna, "--name", "t", "--scopes", "CONTENT")
	h.refuses(`must be one of "READ","CONTENT","WRITE"`, "", "user", "token", anna, "--name", "t", "--scopes", "READ,ALL")
	h.refuses("it expires within a year", "", "user", "token", anna, "--name", "t", "--days", "400")
	h.refuses("it expires within a year", "", "user", "token", anna, "--name", "t", "--days", "999999999999")
	h.refuses("it expires within a year", "", "user", "token", anna, "--name", "t", "--days", "0")
	_, stderr, _ := h.runIn("it_IT.UTF-8", "c4nary", add(bruno, "--password-stdin")...)
	require.Equal(t, "smista: la password ha almeno 10 caratteri\n", stderr)
	require.Equal(t, was, h.events())
	h.keptSecret("c4nary")
}

func TestATokenIsShownOnceAndHolds(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.hire(anna, "Anna Verdi")
	stdout, stderr, code := h.run("", "user", "token", anna, "--name", "cruscotto", "--scopes", "READ,CONTENT", "--days", "7")
	require.Equal(t, 0, code, stderr)
	secret := strings.TrimSuffix(stdout, "\n")
	require.Regexp(t, `^smista_pat_\w+$`, secret)
	require.NotContains(t, stderr, secret)
	h.said.Reset()
	h.does("", "user", "list")
	require.Equal(t, []string{"user-added", "token-made cruscotto"}, h.events())
	h.keptSecret(secret)
	h.database(func(ctx context.Context, db *store.DB, log *event.Log) {
		at := time.Now()
		people := staff.New(staff.Options{Client: db.Client(), Log: log, Now: func() time.Time { return at }})
		_, v, err := people.AuthenticateToken(ctx, secret)
		require.NoError(t, err)
		require.True(t, v.May(guard.Read|guard.Content))
		require.False(t, v.May(guard.Write))
		at = at.Add(8 * 24 * time.Hour)
		_, _, err = people.AuthenticateToken(ctx, secret)
		require.Equal(t, staff.Unauthenticated, staff.CodeOf(err), "a week has passed")
	})
}

func TestOfficesAndTheirPeopleAreManaged(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.hire(anna, "Anna Verdi")
	h.hire(bruno, "Bruno Neri")
	h.does("", "office", "set", "entrate", "--name", "Settore Entrate", "--head-sees-below")
	h.does("", "office", "set", "tributi", "--name", "Ufficio Tributi", "--parent", "entrate", "--operators-may-take=false", "--reason-to-move", "--approvals", "2")
	h.does("", "office", "member", "tributi", anna, "--role", "head")
	h.does("", "office", "member", "tributi", bruno, "--role", "operator")
	h.does("", "office", "member", "tributi", bruno, "--role", "deputy", "--from", "2026-12-01", "--until", "2026-12-31")
	require.Equal(t, []string{
		"CODE     NAME             PARENT   HABITS                              PEOPLE",
		"entrate  Settore Entrate  -        head-sees-below,operators-may-take  -",
		"tributi  Ufficio Tributi  entrate  reason-to-move,two-approvals        " +
			"anna@comune.example head, bruno@comune.example operator, bruno@comune.example deputy from 2026-12-01 until 2026-12-31",
	}, lines(h.does("", "office", "list")))
	h.database(func(ctx context.Context, db *store.DB, _ *event.Log) {
		deputy, err := db.Client().Membership.Query().Order(ent.Desc("id")).First(ctx)
		require.NoError(t, err)
		require.Equal(t, "2026-11-30T23:00:00Z", deputy.From.UTC().Format(time.RFC3339), "midnight in Rome")
		require.Equal(t, "2026-12-31T23:00:00Z", deputy.Until.UTC().Format(time.RFC3339), "the last day is a day of the deputy")
	})

	h.does("", "office", "unmember", "tributi", bruno, "--role", "operator")
	h.does("", "office", "set", "entrate", "--head-sees-below=false")
	h.does("", "office", "set", "tributi", "--parent", "")
	require.Equal(t, []string{
		"entrate  Settore Entrate  -       operators-may-take            -",
		"tributi  Ufficio Tributi  -       reason-to-move,two-approvals  anna@comune.example head, bruno@comune.example deputy from 2026-12-01 until 2026-12-31",
	}, lines(h.does("", "office", "list"))[1:])
	require.Equal(t, []string{
		"office-changed name, head sees below", "office-changed name, parent, operators may take, reason to move, approvals",
		"member-added HEAD", "member-added OPERATOR", "member-added DEPUTY",
		"member-removed OPERATOR", "office-changed head sees below", "office-changed parent",
	}, h.events()[2:])
}

func TestWhatCannotBeDoneWithOfficesIsRefused(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.hire(anna, "Anna Verdi")
	h.does("", "office", "set", "tributi", "--name", "Ufficio Tributi")
	was := h.events()
	h.refuses("a new office has a code without spaces, and a name", "", "office", "set", "altro", "--head-sees-below")
	h.refuses("say what to change", "", "office", "set", "tributi")
	h.refuses("there is no such office above", "", "office", "set", "tributi", "--parent", "x")
	h.refuses("an office is not below itself", "", "office", "set", "tributi", "--parent", "tributi")
	h.refuses("there is no office x", "", "office", "member", "x", anna, "--role", "head")
	h.refuses("there is nobody with the address "+bruno, "", "office", "member", "tributi", bruno, "--role", "head")
	h.refuses("must be one of", "", "office", "member", "tributi", anna, "--role", "boss")
	h.refuses("dates are for deputies", "", "office", "member", "tributi", anna, "--role", "head", "--until", "2026-12-31")
	h.refuses(`--until: "31/12/2026" is no date`, "", "office", "member", "tributi", anna, "--role", "deputy", "--until", "31/12/2026")
	h.refuses("the end comes after the beginning", "", "office", "member", "tributi", anna, "--role", "deputy", "--from", "2026-12-31", "--until", "2026-12-30")
	h.refuses("there is no such person", "", "office", "unmember", "tributi", anna, "--role", "head")
	require.Equal(t, was, h.events())
}

func TestADatabaseThatIsNotUpToDateIsRefused(t *testing.T) {
	t.Parallel()
	h := &hall{t: t, data: t.TempDir()}
	h.refuses("smista migrate", "", "user", "list")
	h.refuses("smista migrate", "", "verify")
}

// sealed fills a register and seals it; the sealer stands by, as in a running system.
func (h *hall) sealed(people int) {
	h.t.Helper()
	h.database(func(ctx context.Context, db *store.DB, log *event.Log) {
		list := staff.New(staff.Options{Client: db.Client(), Log: log})
		for i := range people {
			_, err := list.AddUser(ctx, staff.NewUser{Email: fmt.Sprintf("p%d@comune.example", i), Name: "P"})
			require.NoError(h.t, err)
		}
		sealer, err := seal.Open(filepath.Join(h.data, "register"), seal.Database(db.Client()), slog.New(slog.DiscardHandler))
		require.NoError(h.t, err)
		_, err = sealer.Seal(ctx)
		require.NoError(h.t, errors.Join(err, sealer.Close()))
	})
}

func (h *hall) exec(statement string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.data, "smista.db"))
	require.NoError(h.t, err)
	_, err = db.ExecContext(h.t.Context(), statement)
	require.NoError(h.t, errors.Join(err, db.Close()))
}

func TestVerifyNamesWhatWasDoneToTheRegister(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ done, english, italian string }{
		"changed":  {"UPDATE events SET actor = 'person:1' WHERE id = 4", "Event 4 was changed after it was sealed.", "Il movimento 4 è stato alterato dopo il sigillo."},
		"removed":  {"DELETE FROM events WHERE id = 4", "Event 4 was removed.", "Il movimento 4 è stato rimosso."},
		"cut off":  {"DELETE FROM events WHERE id > 5", "Event 6, the last one sealed, was cut off the end of the register.", "Il movimento 6, l'ultimo sigillato, è stato tolto dalla fine del registro."},
		"inserted": {"INSERT INTO events (id, occurred_at, kind, actor, data) SELECT 0, occurred_at, kind, actor, data FROM events WHERE id = 1", "Event 0 was inserted afterwards.", "Il movimento 0 è stato inserito dopo il sigillo."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			h.sealed(6)
			require.Contains(t, h.does("", "verify"), "The register is whole: 6 events, up to 6 sealed (")
			h.exec(tt.done)
			stdout, stderr, code := h.run("", "verify")
			require.Equal(t, []any{tt.english + "\n", "smista: the register is not what was sealed\n", 1}, []any{stdout, stderr, code})
			stdout, stderr, code = h.runIn("it_IT.UTF-8", "", "verify")
			require.Equal(t, []any{tt.italian + "\n", "smista: il registro non è quello che fu sigillato\n", 1}, []any{stdout, stderr, code})
		})
	}
}

func TestVerifyTrustsAKeyKeptElsewhereAndNoEmptySeals(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.sealed(3)
	h.hire(anna, "Anna Verdi")
	key, err := os.ReadFile(filepath.Join(h.data, "register", "key.pub"))
	require.NoError(t, err)
	require.Contains(t, h.does("", "verify", "--key", strings.TrimSpace(string(key))), "4 events, up to 3 sealed (")
	stdout, _, code := h.run("", "verify", "--key", "smista-register+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	require.Equal(t, 1, code, stdout)

	require.NoError(t, os.Truncate(filepath.Join(h.data, "register", "heads"), 0))
	h.refuses("no seal proves the 4 events of the register", "", "verify")
	require.NoError(t, os.RemoveAll(filepath.Join(h.data, "register")))
	h.refuses("read the public key of the register", "", "verify")
}

func TestEveryCommandOfPeopleHasHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"user"}, {"office"}, {"verify"}, {"user", "add"}, {"office", "set"}, {"office", "member"}, {"watch"}} {
		stdout, stderr, code := smista(t, append(args, "--help")...)
		require.Equal(t, 0, code, stderr)
		require.Contains(t, stdout, "Usage: smista "+strings.Join(args, " "))
	}
}
