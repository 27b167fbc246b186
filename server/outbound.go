package server

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/smista/smista/mailbox"
)

// Outbound is where the PECs of a mailbox are submitted; one that sends none has
// no host.
func (c Config) Outbound(m Mailbox) (mailbox.Outbound, error) {
	host, port, err := splitServer(m.SMTP)
	if err != nil {
		return mailbox.Outbound{}, fmt.Errorf("mailbox %s: smtp: %w", m.Address, err)
	}
	return mailbox.Outbound{
		Address: strings.ToLower(m.Address), Host: host, Port: port, TLS: m.SMTPTLS, Username: cmp.Or(m.SMTPUsername, m.Username, m.Address),
		Password: func() (mailbox.Secret, error) { return c.Password(m) },
	}, nil
}
