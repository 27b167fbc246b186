package staff

import (
	"context"
	"net/netip"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/throttle"
	"github.com/smista/smista/event"
)

// How guessing is slowed down: some tries are free, then each waits twice as
// long as the one before, for an account and for an address.
const (
	freeAccount   = 5
	freeAddress   = 20 // many people may come from one address
	longestWait   = 15 * time.Minute
	forgottenIn   = time.Hour
	cleanedAtOnce = 100
)

// throttleKeys are what a try is counted for: first the account, then the
// address. Of IPv6 a whole network counts as one. Of the account only a digest
// is kept: people type their password in the wrong place.
func throttleKeys(email, address string) [2]string {
	if ip, err := netip.ParseAddr(address); err == nil {
		bits := 32
		if ip = ip.Unmap(); ip.Is6() {
			bits = 64
		}
		if network, err := ip.WithZone("").Prefix(bits); err == nil {
			address = network.String()
		}
	}
	return [2]string{"account:" + digest(email), "address:" + address}
}

func free(key string) int {
	if key[:8] == "account:" {
		return freeAccount
	}
	return freeAddress
}

// wait refuses a try that comes too early.
func (s *Staff) wait(ctx context.Context, keys [2]string) error {
	rows, err := s.Client.Throttle.Query().Where(throttle.KeyIn(keys[:]...), throttle.BlockedUntilGT(s.now())).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	longest := time.Duration(0)
	for _, r := range rows {
		longest = max(longest, r.BlockedUntil.Sub(s.now()))
	}
	return refused(longest)
}

func refused(wait time.Duration) *Error {
	return &Error{
		Code: Refused, Wait: wait,
		Italian: "indirizzo o password non validi, oppure troppi tentativi: riprovare tra qualche minuto",
		English: "wrong address or password, or too many tries: try again in some minutes",
	}
}

// failed counts a wrong try, and is the answer to it.
func (s *Staff) failed(ctx context.Context, keys [2]string, person int) error {
	err := s.write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		now := s.now()
		for _, key := range keys {
			if err := count(ctx, tx, key, now); err != nil {
				return nil, err
			}
		}
		old, err := tx.Throttle.Query().Where(throttle.LastAtLT(now.Add(-forgottenIn))).Limit(cleanedAtOnce).IDs(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Throttle.Delete().Where(throttle.IDIn(old...)).Exec(ctx); err != nil {
			return nil, err
		}
		if person == 0 {
			return nil, nil // the register has no place for what strangers type
		}
		return []event.Entry{{Kind: event.SignInFailed, Person: person, Details: event.Details{Reason: keys[1]}}}, nil
	})
	if err != nil {
		return err
	}
	return refused(0)
}

// count adds first and reads then: the row is ours until the commit, and no try
// is lost among others.
func count(ctx context.Context, tx *ent.Tx, key string, now time.Time) error {
	n, err := tx.Throttle.Update().Where(throttle.Key(key)).AddFailures(1).Save(ctx)
	if err == nil && n == 0 {
		return tx.Throttle.Create().SetKey(key).SetFailures(1).SetLastAt(now).SetBlockedUntil(now).Exec(ctx)
	}
	if err != nil {
		return err
	}
	row, err := tx.Throttle.Query().Where(throttle.Key(key)).Only(ctx)
	if err != nil {
		return err
	}
	failures := row.Failures
	if now.Sub(row.LastAt) > forgottenIn {
		failures = 1
	}
	until := now
	if over := failures - free(key); over >= 0 {
		until = now.Add(min(time.Second<<min(over, 20), longestWait))
	}
	return tx.Throttle.Update().Where(throttle.ID(row.ID)).SetFailures(failures).SetLastAt(now).SetBlockedUntil(until).Exec(ctx)
}

// forgive forgets the wrong tries of an account.
func forgive(ctx context.Context, tx *ent.Tx, key string) error {
	_, err := tx.Throttle.Delete().Where(throttle.Key(key)).Exec(ctx)
	return err
}
