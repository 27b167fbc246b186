package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/session"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// How long a session lasts.
const (
	SessionLife = 12 * time.Hour
	sessionIdle = 2 * time.Hour
	seenEvery   = time.Minute
)

// From is where somebody signs in from.
type From struct {
	Address string // of the network
	Agent   string // what the browser calls itself: hostile
}

// digest is what is kept of a secret.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// SignIn begins a session. The secret is for the browser's cookie alone; it is
// new each time. A wrong address or password, and too many tries, are refused
// alike.
func (s *Staff) SignIn(ctx context.Context, email, password string, from From) (secret string, v guard.Viewer, err error) {
	ctx = itself(ctx)
	email = typed(email)
	keys := throttleKeys(email, from.Address)
	if err := s.wait(ctx, keys); err != nil {
		return "", v, err
	}
	leave, err := s.turn(ctx)
	if err != nil {
		return "", v, err
	}
	defer leave() // not before a wrong try is counted: of many at once each would find the door open
	if err := s.wait(ctx, keys); err != nil {
		return "", v, err
	}
	u, err := s.Client.User.Query().Where(user.Email(email), user.DisabledAtIsNil()).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return "", v, err
	}
	kept, id := "", 0
	if u != nil {
		kept, id = u.Password, u.ID
	}
	if !s.matches(kept, password) {
		return "", v, s.failed(ctx, keys, id)
	}
	secret = rand.Text() + rand.Text()
	session := 0
	err = s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		if err := forgive(ctx, tx, keys[0]); err != nil {
			return nil, err
		}
		now := s.now()
		row, err := tx.Session.Create().SetUserID(id).SetDigest(digest(secret)).SetAddress(from.Address).SetAgent(short(from.Agent)).
			SetCreatedAt(now).SetSeenAt(now).SetExpiresAt(now.Add(SessionLife)).Save(ctx)
		if err != nil {
			return nil, err
		}
		session = row.ID
		return []event.Entry{{Kind: event.SignedIn, Person: id, Details: event.Details{Reason: from.Address}}}, nil
	})
	if err != nil {
		return "", v, err
	}
	v, err = s.Viewer(ctx, Key{Session: session})
	return secret, v, err
}

// short cuts what a stranger wrote, and leaves what can be read of it.
func short(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(clean); len(runes) > 200 {
		return string(runes[:200])
	}
	return clean
}

// Key is by what somebody asks: a session, or a token.
type Key struct{ Session, Token int }

// Authenticate finds the session of a cookie.
func (s *Staff) Authenticate(ctx context.Context, secret string) (Key, guard.Viewer, error) {
	ctx = itself(ctx)
	row, err := s.Client.Session.Query().Where(session.Digest(digest(secret))).Only(ctx)
	if ent.IsNotFound(err) {
		return Key{}, guard.Viewer{}, unauthenticated()
	} else if err != nil {
		return Key{}, guard.Viewer{}, err
	}
	key := Key{Session: row.ID}
	v, err := s.Viewer(ctx, key)
	if err == nil && s.now().Sub(row.SeenAt) > seenEvery {
		err = s.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			return nil, tx.Session.Update().Where(session.ID(row.ID)).SetSeenAt(s.now()).Exec(ctx)
		})
	}
	return key, v, err
}

// AuthenticateToken finds the token that a program bears.
func (s *Staff) AuthenticateToken(ctx context.Context, secret string) (Key, guard.Viewer, error) {
	ctx = itself(ctx)
	if !strings.HasPrefix(secret, tokenPrefix) {
		return Key{}, guard.Viewer{}, unauthenticated()
	}
	row, err := s.Client.APIToken.Query().Where(apitoken.Digest(digest(secret))).Only(ctx)
	if ent.IsNotFound(err) {
		return Key{}, guard.Viewer{}, unauthenticated()
	} else if err != nil {
		return Key{}, guard.Viewer{}, err
	}
	key := Key{Token: row.ID}
	v, err := s.Viewer(ctx, key)
	if err == nil && (row.UsedAt == nil || s.now().Sub(*row.UsedAt) > seenEvery) {
		err = s.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			return nil, tx.APIToken.Update().Where(apitoken.ID(row.ID)).SetUsedAt(s.now()).Exec(ctx)
		})
	}
	return key, v, err
}

// Viewer gives the rights that somebody has now, by a key that still holds; else
// the error is Unauthenticated.
func (s *Staff) Viewer(ctx context.Context, key Key) (guard.Viewer, error) {
	ctx = itself(ctx)
	now := s.now()
	var id int
	scopes := guard.All
	if key.Session != 0 {
		row, err := s.Client.Session.Get(ctx, key.Session)
		if err == nil && row.EndedAt != nil {
			return guard.Viewer{}, ended()
		} else if err != nil || !row.ExpiresAt.After(now) || now.Sub(row.SeenAt) > sessionIdle {
			return guard.Viewer{}, gone(err)
		}
		id = row.UserID
	} else {
		row, err := s.Client.APIToken.Get(ctx, key.Token)
		if err != nil || row.RevokedAt != nil || !row.ExpiresAt.After(now) {
			return guard.Viewer{}, gone(err)
		}
		id, scopes = row.UserID, scopesOf(row.Scopes)
	}
	u, err := s.Client.User.Query().Where(user.ID(id), user.DisabledAtIsNil()).WithMemberships().Only(ctx)
	if err != nil {
		return guard.Viewer{}, gone(err)
	}
	p, err := person(ctx, s.Client, u, now)
	p.Scopes, p.Session, p.Token = scopes, key.Session, key.Token
	return guard.Someone(p), err
}

// Alive tells whether a key still holds: the error is Unauthenticated when it
// does not. An open socket counts as being there.
func (s *Staff) Alive(ctx context.Context, key Key) error {
	ctx = itself(ctx)
	if _, err := s.Viewer(ctx, key); err != nil || key.Session == 0 {
		return err
	}
	return s.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		return nil, tx.Session.Update().Where(session.ID(key.Session)).SetSeenAt(s.now()).Exec(ctx)
	})
}

// Until is when a session ends at the latest, however busy its person is; zero for
// a token.
func (s *Staff) Until(ctx context.Context, key Key) (time.Time, error) {
	if key.Session == 0 {
		return time.Time{}, nil
	}
	row, err := s.Client.Session.Get(itself(ctx), key.Session)
	if err != nil {
		return time.Time{}, gone(err)
	}
	return row.ExpiresAt, nil
}

// gone is the error for a key that does not hold; a database that does not
// answer is another matter.
func gone(err error) error {
	if err != nil && !ent.IsNotFound(err) {
		return err
	}
	return unauthenticated()
}

// ended is the error for a session that somebody ended.
func ended() error {
	e := unauthenticated()
	e.Ended = true
	return e
}

// SignOut ends a session.
func (s *Staff) SignOut(ctx context.Context, key Key) error {
	ctx = itself(ctx)
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.Session.Get(ctx, key.Session)
		if err != nil || row.EndedAt != nil {
			return nil, gone(err)
		}
		e := event.Entry{Kind: event.SignedOut, Person: row.UserID, Details: event.Details{Of: row.ID}}
		return []event.Entry{e}, tx.Session.Update().Where(session.ID(row.ID)).SetEndedAt(s.now()).Exec(ctx)
	})
}

// endSessions ends the sessions of a person wherever they are, and tells none of those
// browsers anything more.
func endSessions(ctx context.Context, tx *ent.Tx, userID int, now time.Time) error {
	if err := forgetBrowsers(ctx, tx, userID); err != nil {
		return err
	}
	return tx.Session.Update().Where(session.UserID(userID), session.EndedAtIsNil()).SetEndedAt(now).Exec(ctx)
}

// endAll ends the sessions and tokens of a person.
func endAll(ctx context.Context, tx *ent.Tx, userID int, now time.Time) error {
	if err := endSessions(ctx, tx, userID, now); err != nil {
		return err
	}
	return tx.APIToken.Update().Where(apitoken.UserID(userID), apitoken.RevokedAtIsNil()).SetRevokedAt(now).Exec(ctx)
}
