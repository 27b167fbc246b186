package server

import (
	"time"

	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/notify"
)

// Config is all that can be set, and nothing is set elsewhere. The tags are the
// one source: `toml` is the name in the file, `default` what holds when nothing
// is said, `doc` what docs/configuration.md prints. A name of the environment is
// SMISTA_ and the name in the file, in capitals, with _ for the dot.
type Config struct {
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" doc:"Address of the HTTP server. For other machines put a proxy with TLS before it and set public_url: passwords and sessions are not for the clear. Asked by another name than this machine's own, public_url's or one of allowed_origins, the server does not answer."`
	AllowedOrigins []string `toml:"allowed_origins" doc:"Origins (scheme://host:port) of web pages that may call the API, besides the program's own."`
	Data           string   `toml:"data" default:"smista-data" doc:"Folder for everything that is kept here. Relative paths begin at the folder of the configuration file."`
	Database       StoreURL `toml:"database" doc:"postgres://… for PostgreSQL 15 or later; empty for SQLite, in smista.db in the data folder."`
	DatabaseFile   string   `toml:"database_file" doc:"File that holds the value of database, so that its password stands in no other place."`
	Archive        string   `toml:"archive" doc:"Where originals are kept: s3://BUCKET?… or a folder; empty for the folder archive in the data folder. The keys of S3 come from the usual AWS_ variables."`
	Trust          string   `toml:"trust" doc:"Folder of PEM certificates to trust as roots of providers, instead of the embedded ones of the Italian hierarchy."`

	PublicURL string `toml:"public_url" doc:"Address by which people reach the program, for instance https://smista.example.it; links in notices begin with it. With https:// the cookie of a session goes over TLS only. Empty: no links."`

	Log       Log        `toml:"log"`
	Redis     Redis      `toml:"redis"`
	Limits    Limits     `toml:"limits"`
	Collect   Collect    `toml:"collect"`
	Relay     Relay      `toml:"relay"`
	Push      Push       `toml:"push"`
	Register  Register   `toml:"register"`
	Secrets   Secrets    `toml:"secrets"`
	Send      Send       `toml:"send"`
	Uploads   Uploads    `toml:"uploads"`
	Pictures  Pictures   `toml:"pictures"`
	Virus     Virus      `toml:"virus"`
	Calendar  Calendar   `toml:"calendar"`
	Offices   []Office   `toml:"office" doc:"An organisational unit that works cases (ufficio)."`
	Mailboxes []Mailbox  `toml:"mailbox" doc:"A PEC mailbox to collect (casella)."`
	Rules     []Rule     `toml:"rule" doc:"Where a new PEC goes. The first rule that holds decides; without one, the office that its mailbox is tied to; without that, the sorting desk."`
	Deadlines []Deadline `toml:"deadline" doc:"How long something may take (termine). The most specific one of a kind holds: that of the rule, else of the mailbox, else of the office, else that of the house, which names none of the three. A change holds for cases that come in or move on after it. What administrators say of the same in the web client, or by the API, holds instead, until they take it away."`

	origins map[string]string // where each value that is not a default comes from, by key
	environ func(string) (string, bool)
}

// Log says what the program tells about itself, on standard error.
type Log struct {
	Level  string `toml:"level" default:"info" oneof:"debug info warn error" doc:"Least important level that is written. Mail content and passwords are never written, at any level."`
	Format string `toml:"format" default:"text" oneof:"text json" doc:"Form of each line."`
}

// Redis lets several instances ring for each other.
type Redis struct {
	URL     StoreURL `toml:"url" doc:"redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// with TLS; redis+sentinel://HOST:PORT?master_name=NAME and redis+cluster://HOST:PORT, with further servers as &addr=HOST:PORT. With it, instances on the same database show each other's events at once; without it, or while it is not reached, within two seconds. Nothing is kept in Redis. Empty for a single instance."`
	URLFile string   `toml:"url_file" doc:"File that holds the value of url, so that its password stands in no other place."`
	Channel string   `toml:"channel" default:"smista" doc:"Pub/sub channel; instances on the same database share one."`
}

// Limits bound what a caller of the API can ask for.
type Limits struct {
	BodyBytes   int    `toml:"body_bytes" default:"1048576" min:"1024" doc:"Longest body of a request."`
	QueryTokens int    `toml:"query_tokens" default:"2000" min:"100" doc:"Most tokens of a GraphQL document."`
	QueryCost   int    `toml:"query_cost" default:"20000" min:"100" doc:"Highest cost of an operation: each field costs one, times the length of the lists around it."`
	Operations  string `toml:"operations" doc:"Folder of documents, *.graphql; with it only these are executed, asked for in full or by their SHA-256 (extensions.persistedQuery.sha256Hash). Empty: whatever the other limits let pass."`
	Sockets     int    `toml:"sockets" default:"10000" min:"1" doc:"Most subscribers connected at once; what comes then is refused and told to try again. Each takes some 10 KB and a file handle."`
}

// Collect says how often mailboxes are read.
type Collect struct {
	Poll      time.Duration `toml:"poll" default:"1m" min:"1s" doc:"Longest time between two looks at a mailbox; a server that rings the bell (IDLE) is looked at once."`
	Reconcile time.Duration `toml:"reconcile" default:"24h" min:"1m" doc:"Time between full comparisons of the ledger with the server."`
}

// Relay is the ordinary SMTP server that takes notices to people. It has
// nothing to do with the certified mailboxes.
type Relay struct {
	Address      string     `toml:"address" doc:"HOST:PORT of the SMTP server; empty: no notices are sent, they wait."`
	TLS          notify.TLS `toml:"tls" default:"starttls" oneof:"implicit starttls none" doc:"How the connection is protected; none only for a server on this machine."`
	From         string     `toml:"from" doc:"Address that notices come from."`
	Name         string     `toml:"name" default:"Smista" doc:"Name that notices come from."`
	Username     string     `toml:"username" doc:"Name to log in with; empty: without logging in."`
	PasswordFile string     `toml:"password_file" doc:"File that holds the password; read again for each letter."`
}

// Register is the register of movements.
type Register struct {
	Seals string        `toml:"seals" doc:"Folder for the hashes and the signed heads that prove the register; best on another disk than the database. Empty for the folder register in the data folder."`
	Every time.Duration `toml:"every" default:"1m" min:"1s" doc:"How often what is new in the register is sealed."`
}

// Send says how PECs leave.
type Send struct {
	Hold time.Duration `toml:"hold" default:"30s" min:"0s" max:"2m" doc:"For how long a PEC can be taken back after it was sent off; with 0s it leaves at once, and nobody is told otherwise."`
}

// Uploads bound what people attach to replies.
type Uploads struct {
	FileBytes int `toml:"file_bytes" default:"104857600" min:"1024" doc:"Largest file that can be attached to a reply. A mailbox takes less in one message as a rule: 100 MB with all that is attached, a third of it lost to the encoding."`
	Open      int `toml:"open" default:"20" min:"1" doc:"Most uploads that one person may have begun and not finished; what nobody touches for 24 hours is dropped."`
}

// Pictures are those of the web that a PEC shows.
type Pictures struct {
	Remote string `toml:"remote" default:"ask" oneof:"ask never" doc:"Pictures that a PEC does not bring along but names on the web: ask leaves them out until the reader asks for those of one PEC, and then this server fetches them (ports 80 and 443 of public addresses; no proxy is used), so that their servers learn of it and not of the reader; never leaves them out for good."`
}

// Virus is the scanner that looks at what people attach.
type Virus struct {
	Clamd string `toml:"clamd" doc:"Where clamd listens: the path of its socket (/run/clamav/clamd.ctl), or HOST:PORT, to which files go in the clear. Empty: files are not scanned. Give it StreamMaxLength and MaxFileSize of uploads.file_bytes at least, and AlertExceedsMax yes: otherwise it calls clean what it did not look at."`
}

// Mailbox is a [[mailbox]]. Its password is sealed in the database, or stands in a
// file or in the environment; never here.
type Mailbox struct {
	Address      string      `toml:"address" required:"yes" doc:"The certified address; the name of the mailbox everywhere."`
	IMAP         string      `toml:"imap" required:"yes" doc:"HOST or HOST:PORT of the provider's IMAP server. Without a port: 993, or 143 without implicit TLS."`
	TLS          mailbox.TLS `toml:"tls" default:"implicit" oneof:"implicit starttls none" doc:"How the connection is protected; none only for a server on this machine."`
	Username     string      `toml:"username" doc:"Name to log in with; empty for the address."`
	PasswordFile string      `toml:"password_file" doc:"File that holds the password; read again at each login. Without it and password_env the sealed password holds, which smista mailbox set-password sets."`
	PasswordEnv  string      `toml:"password_env" doc:"Name of the variable of the environment that holds the password, instead of a file."`
	SMTP         string      `toml:"smtp" doc:"HOST or HOST:PORT of the provider's SMTP server; empty: nothing is sent from this mailbox. Without a port: 465, or 587 without implicit TLS."`
	SMTPTLS      mailbox.TLS `toml:"smtp_tls" default:"implicit" oneof:"implicit starttls none" doc:"How that connection is protected; none only for a server on this machine."`
	SMTPUsername string      `toml:"smtp_username" doc:"Name to log in with there; empty for the same as at the IMAP server. The password is the same."`
	SizeLimit    int         `toml:"size_limit" default:"31457280" min:"1024" doc:"Most bytes of a message times its recipients that the provider takes."`
	Hourly       int         `toml:"hourly" default:"0" min:"0" doc:"Most messages that the provider takes in an hour; 0 where it says nothing."`
	Office       string      `toml:"office" doc:"Code of the office that all PECs of this mailbox go to; empty for the rules and the sorting desk. One that was closed is refused."`
	SentFolder   string      `toml:"sent_folder" doc:"Folder of sent mail; empty for the one that the server marks as such."`
}

// Rule is a [[rule]].
type Rule struct {
	Name     string    `toml:"name" required:"yes" doc:"Name, shown as the reason why a PEC is where it is."`
	Priority int       `toml:"priority" default:"100" doc:"Lower comes first; equal ones in the order of the file."`
	When     Condition `toml:"when" doc:"What must hold; see below."`
	Office   string    `toml:"office" required:"yes" doc:"Code of the office that the PEC goes to. One that was closed is refused."`
	Assignee string    `toml:"assignee" doc:"E-mail address of the person of that office who gets the PEC at once; empty for the head to assign it. Somebody who is not of the office (yet) gets nothing."`
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
