package provider

import (
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/testpki"
)

const (
	defaultLimit = 30 << 20 // size × recipients (DM 2/11/2005 annex §6.2)
	loopback     = "127.0.0.1:0"
)

// Config is a world of certified mail. The exported fields with a TOML name
// may come from a file; the others are set in Go.
type Config struct {
	Operators []Operator `toml:"operators"`
	Accounts  []Account  `toml:"accounts"`
	// Limit is the largest size × recipients that is accepted, in bytes; 0 = 30 MB.
	Limit int64 `toml:"limit"`
	// TLS serves IMAP and submission over TLS from the first byte, with a
	// certificate that Provider.Certificate gives.
	TLS bool `toml:"tls"`
	// Addresses to listen on; empty means a free loopback port.
	IMAPAddr    string `toml:"imap"`
	SMTPAddr    string `toml:"smtp"`
	ControlAddr string `toml:"control"`

	Hierarchy *testpki.Hierarchy `toml:"-"` // nil = a new one
	Clock     func() time.Time   `toml:"-"` // nil = time.Now
	DataDir   string             `toml:"-"` // for message bodies; empty = a temporary folder
	Log       *slog.Logger       `toml:"-"` // nil = silent
}

// Operator is a provider (gestore): it signs for the domains of its customers.
type Operator struct {
	Name    string   `toml:"name"`    // as in gestore-emittente
	Domain  string   `toml:"domain"`  // signs as posta-certificata@ this
	Domains []string `toml:"domains"` // of its customers; empty = its own domain
	// Profile chooses quirks by the provider they were seen at: aruba,
	// namirial, sogei, poste, or empty for Quirks as given.
	Profile string          `toml:"profile"`
	Quirks  envelope.Quirks `toml:"quirks"`
}

// Account is a mailbox of a customer.
type Account struct {
	Address   string    `toml:"address" json:"address"`
	Password  string    `toml:"password" json:"-"`
	Name      string    `toml:"name" json:"name,omitempty"`
	Behaviour Behaviour `toml:"behaviour" json:"behaviour,omitempty"`
}

// Behaviour is what happens to messages for an account.
type Behaviour string

const (
	Normal   Behaviour = ""         // delivered at once
	Full     Behaviour = "full"     // refused: no room (5.2.2)
	Disabled Behaviour = "disabled" // refused: revoked (5.2.1)
	Infected Behaviour = "virus"    // refused: its provider finds a virus
	Stuck    Behaviour = "stuck"    // not delivered until released; the 12 h and 24 h notices go out
)

// LoadConfig reads a TOML file; an unknown key is an error.
func LoadConfig(file string) (Config, error) {
	f, err := os.Open(file)
	if err != nil {
		return Config{}, fmt.Errorf("provider configuration: %w", err)
	}
	defer f.Close()
	var c Config
	if err := toml.NewDecoder(f).DisallowUnknownFields().Decode(&c); err != nil {
		if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
			return Config{}, fmt.Errorf("provider configuration %s: unknown keys:\n%s", file, strict.String())
		}
		return Config{}, fmt.Errorf("provider configuration %s: %w", file, err)
	}
	return c, c.check()
}

// Default is a small world for a first look: two operators, three accounts.
func Default() Config {
	return Config{
		Operators: []Operator{
			{Name: "Gestore Uno S.p.A.", Domain: "gestore-uno.example", Domains: []string{"pec.comune.example", "pec.impresa.example"}, Profile: "aruba"},
			{Name: "Gestore Due S.r.l.", Domain: "gestore-due.example", Domains: []string{"pec.cittadini.example"}},
		},
		Accounts: []Account{
			{Address: "protocollo@pec.comune.example", Password: "prova", Name: "Comune di Esempio"},
			{Address: "ufficio@pec.impresa.example", Password: "prova", Name: "Impresa Esempio"},
			{Address: "anna.bianchi@pec.cittadini.example", Password: "prova", Name: "Anna Bianchi"},
		},
	}
}

func (c Config) withDefaults() Config {
	if c.Limit == 0 {
		c.Limit = defaultLimit
	}
	for _, addr := range []*string{&c.IMAPAddr, &c.SMTPAddr, &c.ControlAddr} {
		if *addr == "" {
			*addr = loopback
		}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// check finds what would make the world contradictory.
func (c Config) check() error {
	seen := map[string]bool{}
	for _, op := range c.Operators {
		if _, err := op.quirks(); err != nil {
			return err
		}
		for _, d := range op.customers() {
			if seen[d] {
				return fmt.Errorf("provider configuration: domain %q belongs to two operators", d)
			}
			seen[d] = true
		}
	}
	for _, a := range c.Accounts {
		address, err := mail.ParseAddress(a.Address)
		if err != nil || address.Address != a.Address {
			return fmt.Errorf("provider configuration: %q is not an address", a.Address)
		}
		if !seen[domainOf(a.Address)] {
			return fmt.Errorf("provider configuration: no operator serves the domain of %q", a.Address)
		}
		if seen[lower(a.Address)] {
			return fmt.Errorf("provider configuration: account %q stands twice", a.Address)
		}
		seen[lower(a.Address)] = true
		if !a.Behaviour.known() {
			return fmt.Errorf("provider configuration: account %q: unknown behaviour %q", a.Address, a.Behaviour)
		}
	}
	return nil
}

func (b Behaviour) known() bool {
	switch b {
	case Normal, Full, Disabled, Infected, Stuck:
		return true
	}
	return false
}

func (op Operator) customers() []string {
	if len(op.Domains) == 0 {
		return []string{lower(op.Domain)}
	}
	var out []string
	for _, d := range op.Domains {
		out = append(out, lower(d))
	}
	return out
}

// quirks of the profiles, as read on real messages (pec.md §9).
func (op Operator) quirks() (envelope.Quirks, error) {
	switch op.Profile {
	case "":
		return op.Quirks, nil
	case "aruba":
		return envelope.Quirks{BER: true, PlainPKCS7: true, Folded: true, TrailingBlank: true, XMLSpace: true, REMSubject: true, Bilingual: true}, nil
	case "namirial":
		return envelope.Quirks{SHA1: true}, nil
	case "sogei":
		return envelope.Quirks{SHA1: true, OldSpelling: true, TrailingBlank: true}, nil
	case "poste":
		return envelope.Quirks{NoMsgID: true}, nil
	}
	return envelope.Quirks{}, fmt.Errorf("provider configuration: operator %q: unknown profile %q", op.Name, op.Profile)
}

func domainOf(address string) string {
	return lower(address[strings.LastIndexByte(address, '@')+1:])
}

func lower(s string) string { return strings.ToLower(s) }
