package server

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/safe"
)

// StoreURL is the address of a database or of Redis, whose password does not print.
type StoreURL string

// String is the address with dots for the password.
func (u StoreURL) String() string {
	parsed, err := url.Parse(string(u))
	if err != nil {
		return hidden
	}
	if _, secret := parsed.User.Password(); secret {
		parsed.User = url.UserPassword(parsed.User.Username(), "hidden")
		return strings.Replace(parsed.String(), ":hidden@", ":"+hidden+"@", 1)
	}
	return parsed.String()
}

// GoString is String.
func (u StoreURL) GoString() string { return u.String() }

// MarshalText is String: JSON and logs use it.
func (u StoreURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

const hidden = "•••"

// maxSecret is the longest secret read from a file, in bytes.
const maxSecret = 16 << 10

// ConfigError is all that is wrong with a configuration.
type ConfigError struct {
	Problems []ConfigProblem // in the order of the file, those of the environment last
}

// ConfigProblem is one thing wrong with a configuration, and what to do.
type ConfigProblem struct {
	Where string // "smista.toml:12", "SMISTA_LISTEN" or the name of a setting
	Text  string
	line  int
}

func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Where + ": " + p.Text
	}
	return "the configuration is not usable:\n  " + strings.Join(lines, "\n  ")
}

// LoadConfig reads the file at path (none when empty), lets the environment
// (in the form of os.Environ) override it, and checks the whole. An unusable
// configuration gives a *ConfigError that names every problem; the Config is
// then as far as it could be read.
func LoadConfig(path string, environ []string) (Config, error) {
	l := loading{path: path, lines: map[string]int{}}
	l.config.origins = map[string]string{}
	l.config.environ = lookupIn(environ)
	l.defaults()
	if path != "" {
		document, err := os.ReadFile(path)
		if err != nil {
			return Config{}, fmt.Errorf("read the configuration: %w", err)
		}
		l.file(document)
	}
	l.environment()
	l.addressFiles()
	l.paths()
	l.check()
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b ConfigProblem) int { return lineOrder(a.line) - lineOrder(b.line) })
		return l.config, &ConfigError{Problems: l.problems}
	}
	return l.config, nil
}

// loading is a configuration being read.
type loading struct {
	path     string
	config   Config
	lines    map[string]int // where each key stands in the file
	problems []ConfigProblem
}

// problem notes what is wrong with a key, wherever its value came from. A key
// that is missing is looked for at the table around it.
func (l *loading) problem(key, format string, args ...any) {
	p := ConfigProblem{Where: key, Text: fmt.Sprintf(format, args...)}
	for at := key; at != ""; at = parentOf(at) {
		if variable, found := strings.CutPrefix(l.config.origins[at], "environment "); found {
			p.Where = variable
			break
		}
		if line, found := l.lines[at]; found {
			p.Where, p.line = fmt.Sprintf("%s:%d", l.path, line), line
			break
		}
	}
	l.problems = append(l.problems, p)
}

// parentOf is the table around a key: of "rule[0].when.not" it is
// "rule[0].when".
func parentOf(key string) string {
	return key[:max(0, strings.LastIndexByte(key, '.'))]
}

// lineOrder puts what stands in no line after everything else.
func lineOrder(line int) int {
	if line == 0 {
		return 1 << 30
	}
	return line
}

func lookupIn(environ []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, entry := range slices.Backward(environ) {
			if value, found := strings.CutPrefix(entry, name+"="); found {
				return value, true
			}
		}
		return "", false
	}
}

// addressFiles reads the addresses whose passwords stand in files.
func (l *loading) addressFiles() {
	c := &l.config
	l.addressFile("database", c.DatabaseFile, &c.Database)
	l.addressFile("redis.url", c.Redis.URLFile, &c.Redis.URL)
}

func (l *loading) addressFile(key, file string, address *StoreURL) {
	if file == "" {
		return
	}
	if *address != "" {
		l.problem(key+"_file", "%s is set too; keep one of the two", key)
		return
	}
	value, err := readSecret(l.resolve(file))
	if err != nil {
		l.problem(key+"_file", "%v", err)
		return
	}
	*address = StoreURL(value)
	l.config.origins[key] = key + "_file"
}

// paths makes the folders absolute, as seen from the configuration file.
func (l *loading) paths() {
	c := &l.config
	c.Data = l.resolve(c.Data)
	if c.Archive != "" && !strings.Contains(c.Archive, "://") {
		c.Archive = l.resolve(c.Archive)
	}
	if c.Limits.Operations != "" {
		c.Limits.Operations = l.resolve(c.Limits.Operations)
	}
	if c.Trust != "" {
		c.Trust = l.resolve(c.Trust)
	}
	for _, path := range []*string{&c.Relay.PasswordFile, &c.Register.Seals, &c.Secrets.File} {
		if *path != "" {
			*path = l.resolve(*path)
		}
	}
	for i := range c.Mailboxes {
		if file := &c.Mailboxes[i].PasswordFile; *file != "" {
			*file = l.resolve(*file)
		}
	}
}

func (l *loading) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(l.path), path)
}

// Password reads the mailbox's password where the configuration says it is; one
// that is sealed it does not know.
func (c Config) Password(m Mailbox) (mailbox.Secret, error) {
	if m.sealed() {
		return "", fmt.Errorf("%w %s", safe.ErrNoPassword, m.Address)
	}
	if m.PasswordFile != "" {
		secret, err := readSecret(m.PasswordFile)
		return mailbox.Secret(secret), err
	}
	secret, found := c.environ(m.PasswordEnv)
	if !found || secret == "" {
		return "", fmt.Errorf("the variable %s is not set: set it to the password of %s", m.PasswordEnv, m.Address)
	}
	return mailbox.Secret(secret), nil
}

// readSecret is the content of a file without its last line end.
func readSecret(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the secret: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxSecret))
	if err != nil {
		return "", fmt.Errorf("read the secret: %w", err)
	}
	secret := strings.TrimRight(string(content), "\r\n")
	if secret == "" {
		return "", fmt.Errorf("%s is empty: write the secret into it", path)
	}
	return secret, nil
}
