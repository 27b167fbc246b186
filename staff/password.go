package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// The parameters of Argon2id (RFC 9106): 19 MiB, two passes, one lane.
const (
	hashMemory   = 19 << 10 // KiB
	hashPasses   = 2
	hashLanes    = 1
	hashLength   = 32
	hashesAtOnce = 4
)

// The length of a password, in characters and in bytes.
const (
	minPassword = 10
	maxPassword = 1000
)

// checkPassword refuses what is guessed first.
func checkPassword(email, password string) error {
	local, _, _ := strings.Cut(email, "@")
	_, first := utf8.DecodeRuneInString(strings.ToLower(password))
	switch lower := strings.ToLower(password); {
	case len(password) > maxPassword || !utf8.ValidString(password):
		return invalid("password", "la password è troppo lunga", "the password is too long")
	case utf8.RuneCountInString(password) < minPassword:
		return invalid("password", fmt.Sprintf("la password ha almeno %d caratteri", minPassword),
			fmt.Sprintf("a password has at least %d characters", minPassword))
	case lower == email || lower == local || strings.Trim(lower, lower[:first]) == "" || lower == "1234567890" || lower == "password123":
		return invalid("password", "questa password si indovina subito", "this password is guessed at once")
	}
	return nil
}

// hash checks a new password and gives the form in which it is kept (PHC).
func (s *Staff) hash(ctx context.Context, email, password string) (string, error) {
	if err := checkPassword(email, password); err != nil {
		return "", err
	}
	leave, err := s.turn(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	key := s.derive([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// turn waits for a place in the kitchen, which has to be left again.
func (s *Staff) turn(ctx context.Context) (leave func(), err error) {
	select {
	case s.kitchen <- struct{}{}:
		return func() { <-s.kitchen }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matches tells whether a password is the one that was kept. Where nothing was
// kept it works as long, and never matches. Whoever calls it has a place in the
// kitchen.
func (s *Staff) matches(kept, password string) bool {
	if len(password) > maxPassword {
		password = ""
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(kept, "$")
	salt, want := make([]byte, 16), make([]byte, hashLength)
	known := len(parts) == 6 && parts[1] == "argon2id"
	if known {
		_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
		_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes)
		s, err3 := base64.RawStdEncoding.DecodeString(parts[4])
		w, err4 := base64.RawStdEncoding.DecodeString(parts[5])
		known = err1 == nil && err2 == nil && err3 == nil && err4 == nil && version == argon2.Version &&
			memory <= 1<<20 && passes > 0 && passes < 20 && lanes > 0 && len(w) == hashLength
		if known {
			salt, want = s, w
		}
	}
	if !known {
		memory, passes, lanes = hashMemory, hashPasses, hashLanes
	}
	got := s.derive([]byte(password), salt, passes, memory, lanes, hashLength)
	return known && subtle.ConstantTimeCompare(got, want) == 1
}

// SetPassword gives a person a new password and ends all sessions. People change
// their own, having said the old one; the administrator anybody's.
func (s *Staff) SetPassword(ctx context.Context, id int, old, password string) error {
	v, _ := guard.From(ctx)
	me, isPerson := v.Person()
	if own := isPerson && me.ID == id; !own {
		if err := manages(ctx); err != nil {
			return err
		}
	} else if me.Token != 0 {
		return &Error{Code: Forbidden, Italian: "occorre una sessione", English: "this needs a session"}
	}
	u, err := s.Client.User.Get(itself(ctx), id)
	if err != nil {
		return notThere()
	}
	if isPerson && me.ID == id {
		same, err := s.says(ctx, u, old)
		if err != nil || !same {
			return errOr(err, invalid("oldPassword", "la password attuale non è questa", "this is not the present password"))
		}
	}
	hash, err := s.hash(ctx, u.Email, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if err := tx.User.Update().Where(user.ID(id)).SetPassword(hash).Exec(ctx); err != nil {
			return nil, err
		}
		e := event.Entry{Kind: event.UserChanged, Person: id, Details: event.Details{Reason: "password"}}
		return []event.Entry{e}, endSessions(itself(ctx), tx, id, s.now())
	})
}

// says tells whether a person knows the present password.
func (s *Staff) says(ctx context.Context, u *ent.User, password string) (bool, error) {
	leave, err := s.turn(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	return s.matches(u.Password, password), nil
}

func errOr(err error, e *Error) error {
	if err != nil {
		return err
	}
	return e
}
