package server

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/event/redisbus"
	"github.com/smista/smista/mailbox"
)

// check notes everything that is wrong with the configuration, beyond what
// could not be read at all.
func (l *loading) check() {
	l.tags()
	l.listen()
	l.stores()
	offices := l.offices()
	l.mailboxes(offices)
	l.rules(offices)
	l.calendars()
	l.deadlines()
	l.notices()
	l.pushes()
	l.secrets()
	l.approvals()
	l.scanner()
}

// tags checks what the tags of the settings ask: required, oneof, min and max.
func (l *loading) tags() {
	walk(reflect.ValueOf(&l.config).Elem(), "", func(s setting) {
		tag := s.field.Tag
		if tag.Get("required") != "" && s.value.IsZero() {
			l.problem(s.key, "%s is missing", s.key)
		}
		if options := strings.Fields(tag.Get("oneof")); len(options) > 0 && !slices.Contains(options, s.value.String()) {
			l.problem(s.key, "%s is %q, must be one of %s", s.key, s.value.String(), strings.Join(options, ", "))
		}
		if least := tag.Get("min"); least != "" && lessThan(s.value, least) {
			l.problem(s.key, "%s is %v, must be at least %s", s.key, s.value.Interface(), least)
		}
		if most := tag.Get("max"); most != "" && moreThan(s.value, most) {
			l.problem(s.key, "%s is %v, must be at most %s", s.key, s.value.Interface(), most)
		}
	})
}

func lessThan(value reflect.Value, least string) bool {
	bound := reflect.New(value.Type()).Elem()
	return setText(bound, least) == nil && value.Int() < bound.Int()
}

func moreThan(value reflect.Value, most string) bool {
	bound := reflect.New(value.Type()).Elem()
	return setText(bound, most) == nil && value.Int() > bound.Int()
}

// listen checks where the program is reached, and from whose pages.
func (l *loading) listen() {
	_, port, err := net.SplitHostPort(l.config.Listen)
	if err != nil {
		l.problem("listen", "%q is not HOST:PORT; write for instance 127.0.0.1:8080", l.config.Listen)
		return
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		l.problem("listen", "%q is not a port; write a number up to 65535, 0 for any that is free", port)
	}
	for i, origin := range l.config.AllowedOrigins {
		u, err := url.Parse(origin)
		if err != nil || (u.Scheme != "http" && u.Scheme != secure) || u.Host == "" || strings.TrimPrefix(origin, u.Scheme+"://") != u.Host {
			l.problem(fmt.Sprintf("allowed_origins[%d]", i), "%q is not an origin; write for instance https://desk.example.it", origin)
		}
	}
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func (l *loading) stores() {
	c := &l.config
	switch u, err := url.Parse(string(c.Database)); {
	case c.Database == "":
	case err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql"):
		l.problem("database", "the address of the database must begin with postgres://; leave it empty for SQLite in the data folder")
	}
	if scheme, _, found := strings.Cut(c.Archive, "://"); found && scheme != "s3" {
		l.problem("archive", "%s:// is not supported; write s3://BUCKET?… or a folder", scheme)
	}
	if c.Redis.URL != "" {
		if err := redisbus.Check(string(c.Redis.URL)); err != nil {
			l.problem("redis.url", "%v", err)
		}
	}
	if c.Trust != "" {
		if info, err := os.Stat(c.Trust); err != nil || !info.IsDir() {
			l.problem("trust", "%s is not a folder that can be read; put the PEM certificates of the roots there", c.Trust)
		}
	}
}

// offices checks the offices and returns their codes.
func (l *loading) offices() []string {
	var codes []string
	for i, o := range l.config.Offices {
		if o.Code != "" && slices.Contains(codes, o.Code) {
			l.problem(fmt.Sprintf("office[%d].code", i), "there are two offices %q; each code stands once", o.Code)
		}
		codes = append(codes, o.Code)
	}
	l.above(codes)
	return codes
}

func (l *loading) mailboxes(offices []string) {
	var addresses []string
	for i, m := range l.config.Mailboxes {
		key := fmt.Sprintf("mailbox[%d]", i)
		address := strings.ToLower(m.Address)
		if address != "" && strings.Count(address, "@") != 1 {
			l.problem(key+".address", "%q is not an address", m.Address)
		}
		if address != "" && slices.Contains(addresses, address) {
			l.problem(key+".address", "there are two mailboxes %s; each stands once", address)
		}
		addresses = append(addresses, address)
		l.imap(key, m)
		l.smtp(key, m)
		l.password(key, m)
		l.office(key, m.Office, offices)
	}
}

func (l *loading) imap(key string, m Mailbox) {
	host, port, err := splitServer(m.IMAP)
	if err != nil {
		l.problem(key+".imap", "%q: %v", m.IMAP, err)
	}
	if m.IMAP != "" && err == nil && port != 0 && (port < 1 || port > 65535) {
		l.problem(key+".imap", "%d is not a port", port)
	}
	if m.TLS == mailbox.TLSNone && !isLoopback(host) {
		l.problem(key+".tls", "none would send the password in the clear to %s; write implicit or starttls", host)
	}
}

// splitServer reads HOST or HOST:PORT; the port is 0 when none is written.
func splitServer(server string) (host string, port int, err error) {
	if !strings.Contains(server, ":") {
		return server, 0, nil
	}
	host, text, err := net.SplitHostPort(server)
	if err != nil {
		return "", 0, fmt.Errorf("write HOST or HOST:PORT")
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, fmt.Errorf("%q is not a port", text)
	}
	return host, port, nil
}

func (l *loading) office(key, code string, offices []string) {
	if code != "" && !slices.Contains(offices, code) {
		l.problem(key+".office", "there is no office %q; add it as [[office]]", code)
	}
}

func (l *loading) rules(offices []string) {
	var names []string
	for i, r := range l.config.Rules {
		key := fmt.Sprintf("rule[%d]", i)
		if r.Name != "" && slices.Contains(names, r.Name) {
			l.problem(key+".name", "there are two rules %q; each name stands once", r.Name)
		}
		names = append(names, r.Name)
		l.office(key, r.Office, offices)
		if r.Assignee != "" && !isAddress(r.Assignee) {
			l.problem(key+".assignee", "%q is no e-mail address; write the one that the person signs in with", r.Assignee)
		}
		l.condition(key+".when", r.When)
	}
}

// condition asks the desk whether it would take a condition; the desk names the
// place inside as $.any[0].
func (l *loading) condition(key string, c Condition) {
	var refused *desk.Error
	if err := c.asked().Check(); errors.As(err, &refused) {
		place, text, _ := strings.Cut(strings.TrimPrefix(refused.Message, "$"), ": ")
		l.problem(key+place, "%s%s %s", key, place, text)
	}
}

// Account is how the collector reaches a mailbox.
func (c Config) Account(m Mailbox) (mailbox.Account, error) {
	host, port, err := splitServer(m.IMAP)
	if err != nil {
		return mailbox.Account{}, fmt.Errorf("mailbox %s: imap: %w", m.Address, err)
	}
	username := m.Username
	if username == "" {
		username = m.Address
	}
	return mailbox.Account{
		Address: strings.ToLower(m.Address), Host: host, Port: port, TLS: m.TLS, Username: username, Sent: m.SentFolder,
		Password: func() (mailbox.Secret, error) { return c.Password(m) },
	}, nil
}

// Timing is how often the collector looks.
func (c Config) Timing() mailbox.Timing {
	return mailbox.Timing{Poll: c.Collect.Poll, Reconcile: c.Collect.Reconcile}
}
