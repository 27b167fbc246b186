package staff

import (
	"context"
	"crypto/rand"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// tokenPrefix lets a token be recognised where it should not be.
const tokenPrefix = "smista_pat_" //nolint:gosec // G101: it is the part that is no secret

// LongestToken is how long a token may live.
const LongestToken = 366 * 24 * time.Hour

// mostTokens of one person hold at the same time.
const mostTokens = 50

// The names of scopes.
const (
	ScopeRead    = "READ"
	ScopeContent = "CONTENT"
	ScopeWrite   = "WRITE"
)

func scopesOf(names []string) guard.Scope {
	var s guard.Scope
	for name, scope := range map[string]guard.Scope{ScopeRead: guard.Read, ScopeContent: guard.Content, ScopeWrite: guard.Write} {
		if slices.Contains(names, name) {
			s |= scope
		}
	}
	return s
}

// MakeToken makes a token for the person who asks, or as the program for
// anybody. The secret is shown once. What a token may do is no more than what
// the one that asks may do.
func (s *Staff) MakeToken(ctx context.Context, userID int, name string, scopes []string, life time.Duration) (secret string, id int, err error) {
	v, _ := guard.From(ctx)
	if me, ok := v.Person(); ok && me.ID != userID || !v.May(guard.Write) {
		return "", 0, &Error{Code: Forbidden, Italian: "ognuno crea i propri token", English: "everybody makes his own tokens"}
	}
	if name = short(strings.TrimSpace(name)); name == "" {
		return "", 0, invalid("name", "il nome manca", "the name is missing")
	}
	asked := scopesOf(scopes)
	if asked&guard.Read == 0 || !v.May(asked) || bits.OnesCount8(uint8(asked)) != len(scopes) { // each known, and said once
		return "", 0, invalid("scopes", "READ, e se occorre CONTENT e WRITE, tra quelli di chi chiede",
			"READ, and if needed CONTENT and WRITE, of those that the asker has")
	}
	if life <= 0 || life > LongestToken {
		return "", 0, invalid("expiresAt", "la scadenza è entro un anno", "it expires within a year")
	}
	secret = tokenPrefix + rand.Text() + rand.Text()
	err = s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		now := s.now()
		n, err := tx.APIToken.Query().Where(apitoken.UserID(userID), apitoken.RevokedAtIsNil(), apitoken.ExpiresAtGT(now)).Count(itself(ctx))
		if err != nil || n >= mostTokens {
			return nil, errOr(err, invalid("name", "ci sono già troppi token: revocarne qualcuno", "there are too many tokens: revoke some"))
		}
		row, err := tx.APIToken.Create().SetUserID(userID).SetName(name).SetDigest(digest(secret)).SetScopes(scopes).
			SetCreatedAt(now).SetExpiresAt(now.Add(life)).Save(ctx)
		if err != nil {
			return nil, err
		}
		id = row.ID
		return []event.Entry{{Kind: event.TokenMade, Person: userID, Details: event.Details{Reason: name, Of: row.ID}}}, nil
	})
	return secret, id, err
}

// RevokeToken ends a token of the person who asks.
func (s *Staff) RevokeToken(ctx context.Context, id int) error {
	return s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.APIToken.Query().Where(apitoken.ID(id), apitoken.RevokedAtIsNil()).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, &Error{Code: NotFound, Italian: "il token non esiste", English: "there is no such token"}
		} else if err != nil {
			return nil, err
		}
		e := event.Entry{Kind: event.TokenRevoked, Person: row.UserID, Details: event.Details{Reason: row.Name, Of: row.ID}}
		return []event.Entry{e}, tx.APIToken.Update().Where(apitoken.ID(id)).SetRevokedAt(s.now()).Exec(ctx)
	})
}
