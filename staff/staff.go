// Package staff knows the people who work here: who they are, what they are in
// which office, and how they sign in.
//
//   - A password is kept as Argon2id, a session and a token as the digest of a
//     secret that only its bearer has.
//   - Rights are read from the tables each time they are asked for: who was
//     disabled or left an office has lost them with the commit.
//   - Guessing is slowed down, for each account and for each address, by rows that
//     all instances share. A wrong password, an unknown account and a blocked one
//     are answered alike.
//   - Every change is an event, by whoever made it.
package staff

import (
	"context"
	"errors"
	"log/slog"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Options are what a Staff works with.
type Options struct {
	Client *ent.Client // guarded
	Log    *event.Log
	Logger *slog.Logger
	Now    func() time.Time // nil = time.Now
}

// Staff is the people and their keys.
type Staff struct {
	Options
	kitchen chan struct{} // passwords are hashed a few at a time: each takes memory
	derive  func(password, salt []byte, passes, memory uint32, lanes uint8, length uint32) []byte
}

// New makes a Staff.
func New(o Options) *Staff {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Staff{Options: o, kitchen: make(chan struct{}, hashesAtOnce), derive: argon2.IDKey}
}

func (s *Staff) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Code sorts errors by what can be done about them.
type Code string

// The codes.
const (
	Unauthenticated Code = "UNAUTHENTICATED" // sign in (again)
	Refused         Code = "REFUSED"         // wrong address or password, or too many tries
	Forbidden       Code = "FORBIDDEN"
	NotFound        Code = "NOT_FOUND"
	Invalid         Code = "INVALID"
	Conflict        Code = "CONFLICT"
)

// Error says why something was not done. Both texts are safe to show.
type Error struct {
	Code             Code
	Path             string // of the input that is wrong
	Italian, English string
	Wait             time.Duration // of Refused: how long the next try has to wait
	Ended            bool          // of Unauthenticated: somebody ended the session; time did not
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.English }

// CodeOf sorts any error; what is not ours has no code.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// WasEnded tells whether a session does not hold because somebody ended it.
func WasEnded(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Ended
}

func invalid(path, italian, english string) *Error {
	return &Error{Code: Invalid, Path: path, Italian: italian, English: english}
}

func unauthenticated() *Error {
	return &Error{Code: Unauthenticated, Italian: "occorre accedere", English: "sign in first"}
}

// itself lets the program look for who asks, before anybody does.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("sign-in"))
}

// manages lets the program and administrators through.
func manages(ctx context.Context) error {
	v, _ := guard.From(ctx)
	if p, ok := v.Person(); v.IsSystem() || ok && p.Administrator && v.May(guard.Write) {
		return nil
	}
	return &Error{Code: Forbidden, Italian: "spetta all'amministratore", English: "this is for administrators"}
}

// attempts bounds how often a change is tried that made the same row as another.
const attempts = 5

func (s *Staff) write(ctx context.Context, change func(context.Context, *ent.Tx) ([]event.Entry, error)) (err error) {
	for range attempts {
		if err = s.Log.Write(ctx, change); !ent.IsConstraintError(err) {
			return err
		}
	}
	return err
}

// Roles are what a person is for the whole house.
type Roles struct{ Sorter, Administrator, Auditor bool }

// NewUser is a person to be added. An empty password lets nobody in.
type NewUser struct {
	Email, Name, Password string
	Roles
}

// AddUser adds a person.
func (s *Staff) AddUser(ctx context.Context, n NewUser) (int, error) {
	if err := manages(ctx); err != nil {
		return 0, err
	}
	email, err := address(n.Email)
	if err != nil {
		return 0, err
	}
	if n.Name, err = properName(n.Name); err != nil {
		return 0, err
	}
	hash := ""
	if n.Password != "" {
		if hash, err = s.hash(ctx, email, n.Password); err != nil {
			return 0, err
		}
	}
	var id int
	err = s.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		u, err := tx.User.Create().SetEmail(email).SetName(n.Name).SetPassword(hash).SetCreatedAt(s.now()).
			SetSorter(n.Sorter).SetAdministrator(n.Administrator).SetAuditor(n.Auditor).Save(ctx)
		if err != nil {
			return nil, err
		}
		id = u.ID
		return []event.Entry{{Kind: event.UserAdded, Person: u.ID, Details: event.Details{Reason: n.words()}}}, nil
	})
	if ent.IsConstraintError(err) {
		return 0, &Error{
			Code: Conflict, Path: "email",
			Italian: "c'è già una persona con questo indirizzo", English: "there is a person with this address already",
		}
	}
	return id, err
}

// address checks and normalises an e-mail address. One that has to be quoted is
// refused: it could not be written to.
func address(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 {
		return "", invalid("email", "l'indirizzo e-mail non è valido", "the e-mail address is not valid")
	}
	return strings.ToLower(text), nil
}

// typed is an address as somebody typed it; what no account can be called is empty.
func typed(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if !utf8.ValidString(email) || strings.ContainsRune(email, 0) { // PostgreSQL would refuse to look for it
		return ""
	}
	return email
}

// properName checks the name of a person or an office: one line that can be shown.
func properName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, isHidden) {
		return "", invalid("name", "il nome manca, è troppo lungo o ha caratteri invisibili",
			"the name is missing, too long, or has characters that do not show")
	}
	return name, nil
}

func isHidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func (r Roles) words() string {
	var words []string
	for _, w := range []struct {
		is   bool
		name string
	}{{r.Sorter, "sorter"}, {r.Administrator, "administrator"}, {r.Auditor, "auditor"}} {
		if w.is {
			words = append(words, w.name)
		}
	}
	return strings.Join(words, ", ")
}

// ByEmail finds a person.
func (s *Staff) ByEmail(ctx context.Context, email string) (int, error) {
	id, err := s.Client.User.Query().Where(user.Email(typed(email))).OnlyID(ctx)
	if ent.IsNotFound(err) {
		return 0, &Error{
			Code: NotFound, Path: "email",
			Italian: "non c'è nessuno con questo indirizzo", English: "there is nobody with the address " + email,
		}
	}
	return id, err
}

// SetRoles changes what a person is for the house. Somebody stays administrator.
func (s *Staff) SetRoles(ctx context.Context, id int, r Roles) error {
	return s.change(ctx, id, event.UserChanged, "roles: "+r.words(), func(u *ent.UserUpdate) {
		u.SetSorter(r.Sorter).SetAdministrator(r.Administrator).SetAuditor(r.Auditor)
	})
}

// Rename changes a person's name.
func (s *Staff) Rename(ctx context.Context, id int, name string) error {
	name, err := properName(name)
	if err != nil {
		return err
	}
	return s.change(ctx, id, event.UserChanged, "name", func(u *ent.UserUpdate) { u.SetName(name) })
}

// Disable keeps a person out, and ends all sessions and tokens.
func (s *Staff) Disable(ctx context.Context, id int) error {
	return s.change(ctx, id, event.UserDisabled, "", func(u *ent.UserUpdate) { u.SetDisabledAt(s.now()) })
}

// Enable lets a person in again, by signing in anew.
func (s *Staff) Enable(ctx context.Context, id int) error {
	return s.change(ctx, id, event.UserEnabled, "", func(u *ent.UserUpdate) { u.ClearDisabledAt() })
}

// change edits a person as an administrator does.
func (s *Staff) change(ctx context.Context, id int, kind event.Kind, reason string, edit func(*ent.UserUpdate)) error {
	if err := manages(ctx); err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		had, err := lockAdministrators(itself(ctx), tx)
		if err != nil {
			return nil, err
		}
		before, err := tx.User.Get(itself(ctx), id)
		if ent.IsNotFound(err) {
			err = notThere()
		}
		if err != nil {
			return nil, err
		}
		u := tx.User.Update().Where(user.ID(id))
		edit(u)
		n, err := u.Save(ctx)
		if err != nil || n == 0 {
			return nil, errOr(err, notThere())
		}
		after, err := tx.User.Get(itself(ctx), id)
		if err != nil {
			return nil, err
		}
		has, err := tx.User.Query().Where(user.Administrator(true), user.DisabledAtIsNil()).Exist(itself(ctx))
		if err == nil && had > 0 && !has {
			err = invalid("roles", "deve restare almeno un amministratore", "somebody has to stay administrator")
		}
		if err == nil && kind == event.UserDisabled {
			err = endAll(itself(ctx), tx, id, s.now())
		}
		return []event.Entry{{Kind: kind, Person: id, Details: event.Details{Reason: reason, Changes: changesOf(before, after)}}}, err
	})
}

// changesOf are what differs between a person before and after.
func changesOf(before, after *ent.User) []event.Change {
	changes := event.Changed(nil, "name", before.Name, after.Name)
	changes = event.Changed(changes, "sorter", before.Sorter, after.Sorter)
	changes = event.Changed(changes, "administrator", before.Administrator, after.Administrator)
	return event.Changed(changes, "auditor", before.Auditor, after.Auditor)
}

// lockAdministrators counts those who can manage, and keeps them as they are
// until the commit: two of them could take the role from one another.
func lockAdministrators(ctx context.Context, tx *ent.Tx) (int, error) {
	return tx.User.Update().Where(user.Administrator(true), user.DisabledAtIsNil()).SetAdministrator(true).Save(ctx)
}

func notThere() *Error {
	return &Error{Code: NotFound, Italian: "la persona non esiste", English: "there is no such person"}
}
