package safe

import (
	"fmt"
	"io"
	"log/slog"
)

const unsaid = "(secret)"

// Password is one that was opened. Only Reveal shows it: not a verb of fmt, not
// JSON, not a log, and not reflection, since it stands in a closure.
type Password struct{ reveal func() string }

// NewPassword takes a password in.
func NewPassword(text string) Password { return Password{func() string { return text }} }

// Reveal gives the password itself; empty of the zero Password.
func (p Password) Reveal() string {
	if p.reveal == nil {
		return ""
	}
	return p.reveal()
}

func (Password) String() string { return unsaid }

// Format writes the same for every verb.
func (Password) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, unsaid) }

func (Password) MarshalText() ([]byte, error) { return []byte(unsaid), nil }

// MarshalJSON writes no password.
func (Password) MarshalJSON() ([]byte, error) { return []byte(`"` + unsaid + `"`), nil }

func (Password) LogValue() slog.Value { return slog.StringValue(unsaid) }
