package mailtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const dovecotConf = `
base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/dovecot.log
instance_name = smista-test-%[2]d
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = %[4]s
default_login_user = %[4]s
default_internal_group = %[5]s
passdb {
  driver = passwd-file
  args = %[1]s/users
}
userdb {
  driver = static
  args = uid=%[4]s gid=%[5]s home=%[1]s/home/%%u
}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:~/Maildir
mailbox_list_index = no
namespace inbox {
  inbox = yes
  separator = /
  mailbox "Posta inviata" {
    special_use = \Sent
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[2]d
  }
  inet_listener imaps {
    port = %[3]d
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service auth {
  user = root
  unix_listener auth-smtp {
    mode = 0666
  }
}
`

// mainCf: nothing goes out into the world, nothing is asked of DNS, and what is
// delivered is what came, under the lines that a delivery adds.
const mainCf = `
compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[1]s/postfix.log
maillog_file_prefixes = %[1]s
myhostname = mx.pec.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
biff = no
default_transport = error:5.4.4 there is no world outside
disable_dns_lookups = yes
smtpd_peername_lookup = no
local_header_rewrite_clients =
message_size_limit = 31457280
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = texthash:%[1]s/domains
virtual_mailbox_maps = texthash:%[1]s/mailboxes
virtual_mailbox_base = %[1]s/home
virtual_uid_maps = static:%[2]s
virtual_gid_maps = static:%[3]s
smtpd_tls_cert_file = %[1]s/cert.pem
smtpd_tls_key_file = %[1]s/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = %[1]s/run/auth-smtp
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_sender_login_maps = texthash:%[1]s/owners
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject
`

// masterCf is all that listens and runs.
//
//nolint:dupword // columns
const masterCf = `
127.0.0.1:%[1]d inet n - n - - smtpd
127.0.0.1:%[2]d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

func (s *Server) configurePostfix(t testing.TB) {
	t.Helper()
	s.write(t, "mailboxes", func(a Account) string { return a.Address + " " + a.Address + "/Maildir/" })
	s.write(t, "owners", func(a Account) string { return a.Address + " " + a.Address })
	s.write(t, "domains", func(a Account) string { return domainOf(a.Address) + " ok" })
	conf, data := filepath.Join(s.dir, "postfix"), filepath.Join(s.dir, "data")
	for _, dir := range []string{conf, data, filepath.Join(s.dir, "queue")} {
		require.NoError(t, os.Mkdir(dir, 0o755))
	}
	for name, text := range map[string]string{
		"main.cf":   fmt.Sprintf(mainCf, s.dir, s.uid, s.gid),
		"master.cf": fmt.Sprintf(masterCf, s.Submission, s.SMTPS),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(conf, name), []byte(text), 0o644))
	}
	run(t, "chmod", "-R", "a+rX", conf, data, filepath.Join(s.dir, "queue")) // whatever the umask
	run(t, "chown", "postfix", data)
}
