package server

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/safe"
)

// Secrets is the key that seals the passwords of mailboxes.
type Secrets struct {
	Key  safe.URL `toml:"key" doc:"Where the key is that seals the passwords of mailboxes: awskms://KEY?region=…, vault://HOST:PORT/KEY?mount=transit&token_file=… (Vault's Transit engine; without HOST that of VAULT_ADDR, without token_file VAULT_TOKEN; ca_file names its certificate) or base64key://…; empty for a local file. Several machines share a service, or each has a copy of the file. smista rekey changes it."`
	File string   `toml:"file" doc:"Local key file, made when first needed; empty for smista.key in the data folder. A backup of the database is worth nothing to a thief without it, and no password can be read without it either: keep a copy, apart."`
}

// keyFile is the local key, also where the key is another one.
func (c Config) keyFile() string {
	if c.Secrets.File != "" {
		return c.Secrets.File
	}
	return filepath.Join(c.Data, "smista.key")
}

func (c Config) openSafe(ctx context.Context) (*safe.Safe, error) {
	return safe.Open(ctx, c.Secrets.Key, c.keyFile())
}

// secrets checks where the key is.
func (l *loading) secrets() {
	if err := l.config.Secrets.Key.Check(); err != nil {
		l.problem("secrets.key", "%v", err)
	}
}

// password checks that one place says the password of a mailbox; where none does,
// the sealed one holds.
func (l *loading) password(key string, m Mailbox) {
	from := ".password_file"
	switch {
	case m.PasswordFile != "" && m.PasswordEnv != "":
		l.problem(key+".password_env", "password_file is set too; keep one of the two")
		return
	case m.PasswordFile == "" && m.PasswordEnv == "":
		return
	case m.PasswordEnv != "":
		from = ".password_env"
	}
	if _, err := l.config.Password(m); err != nil {
		l.problem(key+from, "%v", err)
	}
}

// smtp checks where the PECs of a mailbox go out.
func (l *loading) smtp(key string, m Mailbox) {
	host, port, err := splitServer(m.SMTP)
	switch {
	case err != nil:
		l.problem(key+".smtp", "%q: %v", m.SMTP, err)
	case m.SMTP != "" && (host == "" || port < 0 || port > 65535 || port == 0 && host != m.SMTP):
		l.problem(key+".smtp", "%q names no server, or no port of it", m.SMTP)
	case m.SMTP != "" && m.SMTPTLS == mailbox.TLSNone && !isLoopback(host):
		l.problem(key+".smtp_tls", "none would send the password in the clear to %s; write implicit or starttls", host)
	}
}

// approvals checks how many have to approve a reply.
func (l *loading) approvals() {
	for i, o := range l.config.Offices {
		if o.Approvals != nil && (*o.Approvals < 0 || *o.Approvals > 2) {
			key := fmt.Sprintf("office[%d].approvals", i)
			l.problem(key, "%s is %d, must be 0, 1 or 2", key, *o.Approvals)
		}
	}
}
