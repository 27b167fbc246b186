package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/mailbox"
)

var update = flag.Bool("update", false, "write docs/configuration.md again")

// written is a configuration file with this content, in a folder of its own.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "smista.toml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// problemsOf loads a configuration and lists what is wrong with it, without
// the name of the folder.
func problemsOf(t *testing.T, content string, environ ...string) []string {
	t.Helper()
	path := written(t, content)
	_, err := LoadConfig(path, environ)
	if err == nil {
		return nil
	}
	var unusable *ConfigError
	require.ErrorAs(t, err, &unusable)
	var problems []string
	for _, p := range unusable.Problems {
		problems = append(problems, strings.ReplaceAll(p.Where+": "+p.Text, filepath.Dir(path)+"/", ""))
	}
	return problems
}

func TestReferenceIsWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "configuration.md")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(Reference()), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, Reference(), string(got), "run go generate ./server")
}

// The example that people copy must itself be right.
func TestExampleOfTheReferenceIsUsable(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(Reference(), "```toml\n")
	example, _, _ := strings.Cut(rest, "```")
	secret := written(t, "s3cret\n")
	example = strings.Replace(example, "/run/secrets/tributi", secret, 1)
	require.Empty(t, problemsOf(t, example, "PROTOCOLLO_PASSWORD=x"))
}

func TestEverySettingIsExplainedAndItsDefaultCanBeSet(t *testing.T) {
	t.Parallel()
	full := exemplary()
	walk(reflect.ValueOf(&full).Elem(), "", func(s setting) {
		if s.isPlain() || isTables(s.field.Type) {
			require.NotEmpty(t, s.field.Tag.Get("doc"), s.key)
		}
		for _, tag := range []string{"default", "min", "max"} {
			if text := s.field.Tag.Get(tag); text != "" {
				require.NoError(t, setText(s.value, text), s.key)
			}
		}
	})
}

func TestNothingSaidGivesTheDefaults(t *testing.T) {
	t.Parallel()
	c, err := LoadConfig("", nil)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Listen)
	require.Equal(t, "smista-data", c.Data)
	require.Empty(t, c.Archive, "it stands in the data folder, wherever that is in the end")
	require.Equal(t, time.Minute, c.Collect.Poll)
	require.Equal(t, 1<<20, c.Limits.BodyBytes)
	require.Equal(t, 30*time.Second, c.Send.Hold)
}

func TestTheEnvironmentOverridesTheFile(t *testing.T) {
	t.Parallel()
	path := written(t, "listen = \"127.0.0.1:1\"\n[collect]\npoll = \"90s\"\n")
	c, err := LoadConfig(path, []string{
		"SMISTA_LISTEN=127.0.0.1:2", "SMISTA_LIMITS_SOCKETS=7", "SMISTA_ALLOWED_ORIGINS=https://a.example,https://b.example", "SMISTA_OTHER=x",
	})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:2", c.Listen)
	require.Equal(t, 7, c.Limits.Sockets)
	require.Equal(t, []string{"https://a.example", "https://b.example"}, c.AllowedOrigins)
	require.Equal(t, 90*time.Second, c.Collect.Poll)

	var shown bytes.Buffer
	require.NoError(t, c.Show(&shown))
	require.Contains(t, shown.String(), `listen = "127.0.0.1:2"  # environment SMISTA_LISTEN`)
	require.Contains(t, shown.String(), fmt.Sprintf("collect.poll = \"1m30s\"  # %s:3", path))
	require.Contains(t, shown.String(), `log.level = "info"  # default`)
}

func TestAllProblemsAreNamedWithTheirLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content string
		environ       []string
		want          []string
	}{
		{"not TOML", "listen = \n", nil, []string{
			"smista.toml:1: toml: unexpected character U+000A at start of value"}},
		{"unknown, mistyped and wrong at once",
			"listn = \"x\"\ndata = 5\nlisten = \"0.0.0.0:80\"\n[limits]\nsockets = \"many\"\nbody_bytes = 3\n[log]\nlevel = \"loud\"\n[loud]\n", nil, []string{
				"smista.toml:1: there is no setting listn; docs/configuration.md lists them",
				"smista.toml:2: data must be written in quotes",
				`smista.toml:5: limits.sockets: "many" is not a whole number`,
				"smista.toml:6: limits.body_bytes is 3, must be at least 1024",
				`smista.toml:8: log.level is "loud", must be one of debug, info, warn, error`,
				"smista.toml:9: there is no setting loud; docs/configuration.md lists them",
			}},
		{"environment", "", []string{"SMISTA_LISTEN=pec.example.it", "SMISTA_COLLECT_POLL=1", "SMISTA_CALENDAR_ZONE=Local"}, []string{
			`SMISTA_COLLECT_POLL: "1" is not a length of time such as 90s, 5m or 24h`,
			`SMISTA_LISTEN: "pec.example.it" is not HOST:PORT; write for instance 127.0.0.1:8080`,
			`SMISTA_CALENDAR_ZONE: "Local" is no time zone; write its IANA name, for instance Europe/Rome`,
		}},
		{"stores", "database = \"mysql://u:p@h/d\"\narchive = \"gs://b\"\ntrust = \"nowhere\"\nallowed_origins = [\n  \"https://a.example\",\n  \"a.example\",\n]\n", nil, []string{
			"smista.toml:1: the address of the database must begin with postgres://; leave it empty for SQLite in the data folder",
			"smista.toml:2: gs:// is not supported; write s3://BUCKET?… or a folder",
			"smista.toml:3: nowhere is not a folder that can be read; put the PEM certificates of the roots there",
			`smista.toml:4: "a.example" is not an origin; write for instance https://desk.example.it`,
		}},
		{"offices", "[[office]]\ncode = \"a\"\nname = \"A\"\n[[office]]\ncode = \"a\"\n[[office]]\n", nil, []string{
			"smista.toml:4: office[1].name is missing",
			`smista.toml:5: there are two offices "a"; each code stands once`,
			"smista.toml:6: office[2].code is missing",
			"smista.toml:6: office[2].name is missing",
		}},
		{"mailboxes", "[[mailbox]]\naddress = \"a@pec.example\"\nimap = \"h\"\ntls = \"none\"\noffice = \"x\"\n" +
			"[[mailbox]]\naddress = \"A@pec.example\"\nimap = \"h:1:2\"\npassword_env = \"NOT_SET\"\n[[mailbox]]\naddress = \"b\"\nimap = \"h:0x\"\npassword_file = \"nowhere\"\npassword_env = \"P\"\n", nil, []string{
			"smista.toml:4: none would send the password in the clear to h; write implicit or starttls",
			`smista.toml:5: there is no office "x"; add it as [[office]]`,
			"smista.toml:7: there are two mailboxes a@pec.example; each stands once",
			`smista.toml:8: "h:1:2": write HOST or HOST:PORT`,
			"smista.toml:9: the variable NOT_SET is not set: set it to the password of A@pec.example",
			`smista.toml:11: "b" is not an address`,
			`smista.toml:12: "h:0x": "0x" is not a port`,
			"smista.toml:14: password_file is set too; keep one of the two",
		}},
		{"sending", "[[mailbox]]\naddress = \"a@pec.example\"\nimap = \"h\"\nsmtp = \"h:25\"\nsmtp_tls = \"none\"\n" +
			"[[mailbox]]\naddress = \"b@pec.example\"\nimap = \"h\"\nsmtp = \"h:1:2\"\nsize_limit = 10\nhourly = -1\n[[mailbox]]\naddress = \"c@pec.example\"\nimap = \"h\"\nsmtp = \"h:70000\"\n" +
			"[[office]]\ncode = \"a\"\nname = \"A\"\napprovals = 3\n[secrets]\nkey = \"gcpkms://k\"\n", nil, []string{
			"smista.toml:5: none would send the password in the clear to h; write implicit or starttls",
			`smista.toml:9: "h:1:2": write HOST or HOST:PORT`,
			"smista.toml:10: mailbox[1].size_limit is 10, must be at least 1024",
			"smista.toml:11: mailbox[1].hourly is -1, must be at least 0",
			`smista.toml:15: "h:70000" names no server, or no port of it`,
			"smista.toml:19: office[0].approvals is 3, must be 0, 1 or 2",
			"smista.toml:21: its address is not supported; leave it empty for a local file, or write base64key://…, awskms://… or vault://…",
		}},
		{"hold", "[send]\nhold = \"3m\"\n", nil, []string{"smista.toml:2: send.hold is 3m0s, must be at most 2m"}},
		{"push", "[push]\ncontact = \"sistemi@comune.example\"\n", nil, []string{
			`smista.toml:2: "sistemi@comune.example" is neither mailto:ADDRESS nor an https:// address; write for instance mailto:sistemi@comune.example.it`,
		}},
		{"rules", "[[rule]]\nname = \"r\"\noffice = \"x\"\nwhen = {}\n[[rule]]\nname = \"r\"\noffice = \"x\"\n[rule.when]\nnot = { colour = \"red\" }\nany = [{ subject = \"a\" }, { all = [{}] }]\n", nil, []string{
			`smista.toml:3: there is no office "x"; add it as [[office]]`,
			"smista.toml:4: rule[0].when says nothing, and so would hold for every message",
			`smista.toml:6: there are two rules "r"; each name stands once`,
			`smista.toml:7: there is no office "x"; add it as [[office]]`,
			"smista.toml:9: there is no setting rule[1].when.not.colour; docs/configuration.md lists them",
			"smista.toml:10: rule[1].when.any[1].all[0] says nothing, and so would hold for every message",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, problemsOf(t, tt.content, tt.environ...))
		})
	}
}

func TestARuleIsReadWhole(t *testing.T) {
	t.Parallel()
	path := written(t, `
[[office]]
code = "legale"
name = "Legale"
[[rule]]
name = "ricorsi"
office = "legale"
when = { mailbox = "a@pec.example", any = [{ subject = "ricorso" }, { all = [{ sender = "@g.example" }, { not = { text = "fattura" } }] }] }
`)
	c, err := LoadConfig(path, nil)
	require.NoError(t, err)
	require.Equal(t, []Rule{{Name: "ricorsi", Priority: 100, Office: "legale", When: Condition{
		Mailbox: "a@pec.example",
		Any: []Condition{
			{Subject: "ricorso"},
			{All: []Condition{{Sender: "@g.example"}, {Not: &Condition{Text: "fattura"}}}},
		},
	}}}, c.Rules)
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	const canary = "c4nary"
	const key = "c4nary1Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4A="
	path := written(t, "database = \"postgres://smista:"+canary+"@db.example/smista?sslmode=require\"\n"+
		"secrets.key = \"base64key://"+key+"\"\n[[mailbox]]\naddress = \"a@pec.example\"\nimap = \"imap.example\"\npassword_env = \"P\"\n")
	c, err := LoadConfig(path, []string{"P=" + canary})
	require.NoError(t, err)
	require.Contains(t, string(c.Database), canary, "the program itself needs it")
	require.Contains(t, string(c.Secrets.Key), key)

	var said bytes.Buffer
	require.NoError(t, c.Show(&said))
	fmt.Fprintf(&said, "%v %+v %#v %s", c, c, c.Database, c.Database)
	require.NoError(t, json.NewEncoder(&said).Encode(c))
	slog.New(slog.NewJSONHandler(&said, nil)).Info("started", "config", c, "database", c.Database)
	account, err := c.Account(c.Mailboxes[0])
	require.NoError(t, err)
	secret, err := account.Password()
	require.NoError(t, err)
	require.Equal(t, mailbox.Secret(canary), secret)
	fmt.Fprintf(&said, "%v %#v", account, secret)
	require.NotContains(t, said.String(), canary)
	require.Contains(t, said.String(), "db.example")
}

func TestAPasswordFileIsReadAtEachLogin(t *testing.T) {
	t.Parallel()
	path := written(t, "database_file = \"db\"\n[[mailbox]]\naddress = \"A@pec.example\"\nimap = \"imap.example:1993\"\npassword_file = \"secret\"\n")
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(path), name), []byte(text), 0o600))
	}
	write("secret", "first\n")
	write("db", "postgres://h/d\n")
	c, err := LoadConfig(path, nil)
	require.NoError(t, err)
	require.Equal(t, StoreURL("postgres://h/d"), c.Database)
	account, err := c.Account(c.Mailboxes[0])
	require.NoError(t, err)
	require.Equal(t, "A@pec.example", account.Username)
	require.Equal(t, []any{"a@pec.example", "imap.example", 1993}, []any{account.Address, account.Host, account.Port})
	write("secret", "second\r\n")
	secret, err := account.Password()
	require.NoError(t, err)
	require.Equal(t, mailbox.Secret("second"), secret)
}

func TestAMissingFileIsNoConfigError(t *testing.T) {
	t.Parallel()
	_, err := LoadConfig(filepath.Join(t.TempDir(), "none.toml"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NotErrorAs(t, err, new(*ConfigError))
}
