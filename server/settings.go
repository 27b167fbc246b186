package server

import (
	"time"

	"github.com/smista/smista/mailbox"
)

// Config is all that can be set, and nothing is set elsewhere. The tags are the
// one source: `toml` is the name in the file, `default` what holds when nothing
// is said, `doc` what docs/configuration.md prints. A name of the environment is
// SMISTA_ and the name in the file, in capitals, with _ for the dot.
type Config struct {
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" doc:"Address of the HTTP server. Only a loopback address is taken, because there is no sign-in yet."`
	AllowedOrigins []string `toml:"allowed_origins" doc:"Origins (scheme://host:port) of web pages that may call the API, besides the program's own."`
	Data           string   `toml:"data" default:"smista-data" doc:"Folder for everything that is kept here. Relative paths begin at the folder of the configuration file."`
	Database       StoreURL `toml:"database" doc:"postgres://… for PostgreSQL 15 or later; empty for SQLite, in smista.db in the data folder."`
	DatabaseFile   string   `toml:"database_file" doc:"File that holds the value of database, so that its password stands in no other place."`
	Archive        string   `toml:"archive" doc:"Where originals are kept: s3://BUCKET?… or a folder; empty for the folder archive in the data folder. The keys of S3 come from the usual AWS_ variables."`
	Trust          string   `toml:"trust" doc:"Folder of PEM certificates to trust as roots of providers, instead of the embedded ones of the Italian hierarchy."`

	Log       Log       `toml:"log"`
	Limits    Limits    `toml:"limits"`
	Collect   Collect   `toml:"collect"`
	Offices   []Office  `toml:"office" doc:"An organisational unit that works cases (ufficio)."`
	Mailboxes []Mailbox `toml:"mailbox" doc:"A PEC mailbox to collect (casella)."`
	Rules     []Rule    `toml:"rule" doc:"Where a new PEC goes. The first rule that holds decides; without one, the office that its mailbox is tied to; without that, the sorting desk."`

	origins map[string]string // where each value that is not a default comes from, by key
	environ func(string) (string, bool)
}

// Log says what the program tells about itself, on standard error.
type Log struct {
	Level  string `toml:"level" default:"info" oneof:"debug info warn error" doc:"Least important level that is written. Mail content and passwords are never written, at any level."`
	Format string `toml:"format" default:"text" oneof:"text json" doc:"Form of each line."`
}

// Limits bound what a caller of the API can ask for.
type Limits struct {
	BodyBytes   int `toml:"body_bytes" default:"1048576" min:"1024" doc:"Longest body of a request."`
	QueryTokens int `toml:"query_tokens" default:"2000" min:"100" doc:"Most tokens of a GraphQL document."`
	QueryCost   int `toml:"query_cost" default:"20000" min:"100" doc:"Highest cost of an operation: each field costs one, times the length of the lists around it."`
	Sockets     int `toml:"sockets" default:"2000" min:"1" doc:"Most subscribers connected at once."`
}

// Collect says how often mailboxes are read.
type Collect struct {
	Poll      time.Duration `toml:"poll" default:"1m" min:"1s" doc:"Longest time between two looks at a mailbox; a server that rings the bell (IDLE) is looked at once."`
	Reconcile time.Duration `toml:"reconcile" default:"24h" min:"1m" doc:"Time between full comparisons of the ledger with the server."`
}

// Office is an [[office]].
type Office struct {
	Code string `toml:"code" required:"yes" doc:"Short name that never changes, for instance tributi."`
	Name string `toml:"name" required:"yes" doc:"Name as people know it, for instance Ufficio Tributi."`
}

// Mailbox is a [[mailbox]]. Its password stands in a file or in the environment, never here.
type Mailbox struct {
	Address      string      `toml:"address" required:"yes" doc:"The certified address; the name of the mailbox everywhere."`
	IMAP         string      `toml:"imap" required:"yes" doc:"HOST or HOST:PORT of the provider's IMAP server. Without a port: 993, or 143 without implicit TLS."`
	TLS          mailbox.TLS `toml:"tls" default:"implicit" oneof:"implicit starttls none" doc:"How the connection is protected; none only for a server on this machine."`
	Username     string      `toml:"username" doc:"Name to log in with; empty for the address."`
	PasswordFile string      `toml:"password_file" doc:"File that holds the password; read again at each login."`
	PasswordEnv  string      `toml:"password_env" doc:"Name of the variable of the environment that holds the password, instead of a file."`
	Office       string      `toml:"office" doc:"Code of the office that all PECs of this mailbox go to; empty for the rules and the sorting desk."`
	SentFolder   string      `toml:"sent_folder" doc:"Folder of sent mail; empty for the one that the server marks as such."`
}

// Rule is a [[rule]].
type Rule struct {
	Name     string    `toml:"name" required:"yes" doc:"Name, shown as the reason why a PEC is where it is."`
	Priority int       `toml:"priority" default:"100" doc:"Lower comes first; equal ones in the order of the file."`
	When     Condition `toml:"when" doc:"What must hold; see below."`
	Office   string    `toml:"office" required:"yes" doc:"Code of the office that the PEC goes to."`
}

// Condition is what a rule asks of a PEC. Everything said in one condition must
// hold. Package desk says what each means exactly.
type Condition struct {
	All        []Condition `toml:"all" doc:"Conditions that must all hold."`
	Any        []Condition `toml:"any" doc:"Conditions of which one must hold."`
	Not        *Condition  `toml:"not" doc:"A condition that must not hold."`
	Mailbox    string      `toml:"mailbox" doc:"Address of our mailbox."`
	Sender     string      `toml:"sender" doc:"Sender, as certified: an address, or a domain written @example.it; * stands for any characters."`
	Subject    string      `toml:"subject" doc:"Whole words that stand in the subject, one after the other; * stands for any letters."`
	Text       string      `toml:"text" doc:"The same, in the text."`
	Attachment string      `toml:"attachment" doc:"Of some attachment: the end of its name (.xml.p7m), or its media type (image/*)."`
}
