package server

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/smista/smista/notify"
)

// notices checks where notices go, and where people come in.
func (l *loading) notices() {
	c := &l.config
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != secure || u.Host == "" || u.RawQuery != "") {
		l.problem("public_url", "%q is no address of a web page; write for instance https://smista.example.it", c.PublicURL)
	}
	r := c.Relay
	if r.Address == "" {
		return
	}
	host, _, err := net.SplitHostPort(r.Address)
	if err != nil {
		l.problem("relay.address", "%q is not HOST:PORT; write for instance mail.example.it:587", r.Address)
	}
	if r.TLS == notify.TLSNone && !isLoopback(host) {
		l.problem("relay.tls", "none would send notices in the clear to %s; write implicit or starttls", host)
	}
	if _, err := mail.ParseAddress(r.From); err != nil {
		l.problem("relay.from", "%q is no address; notices come from somebody, for instance smista@example.it", r.From)
	}
	if r.Username != "" && r.PasswordFile == "" {
		l.problem("relay", "the relay has a username and no password; set password_file")
	}
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// relay is where notices go; nil when none is configured.
func (c Config) relay() (notify.Relay, error) {
	if c.Relay.Address == "" {
		return nil, nil
	}
	relay, err := notify.NewSMTP(notify.Config{
		Address: c.Relay.Address, TLS: c.Relay.TLS, From: notify.Address{Name: c.Relay.Name, Address: c.Relay.From},
		Username: c.Relay.Username,
		Password: func() (string, error) { return readSecret(c.Relay.PasswordFile) },
	})
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return relay, nil
}

// noticeDomain is the domain of the Message-IDs of notices.
func (c Config) noticeDomain() string {
	_, domain, found := strings.Cut(c.Relay.From, "@")
	if !found {
		return "smista.invalid"
	}
	return domain
}

// seals is the folder of the proofs of the register.
func (c Config) seals() string {
	if c.Register.Seals != "" {
		return c.Register.Seals
	}
	return filepath.Join(c.Data, "register")
}
