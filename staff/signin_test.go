package staff

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/throttle"
	"github.com/smista/smista/event"
)

// Whoever tries learns nothing of who works here: each of these is answered by
// the same words, and after the same work.
func TestWhoMayNotComeInIsAnsweredAlike(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		gone := h.add("via@comune.example", Roles{})
		require.NoError(t, h.Disable(h.program(), gone))
		_, err := h.AddUser(h.program(), NewUser{Email: "senza@comune.example", Name: "Senza password"})
		require.NoError(t, err)
		for _, c := range []struct{ who, email, password string }{
			{"a wrong password", "ada@comune.example", "sbagliata del tutto"},
			{"an unknown account", "nessuno@comune.example", goodPassword},
			{"a disabled one", "via@comune.example", goodPassword},
			{"one without a password", "senza@comune.example", ""},
			{"an empty password", "ada@comune.example", ""},
			{"a password without end", "ada@comune.example", strings.Repeat("x", 1<<20)},
			{"an address without end", strings.Repeat("x", 1<<20), goodPassword},
			{"what no database takes", "ada\x00\xff@comune.example", goodPassword},
			{"a password in the place of the address", goodPassword, "ada@comune.example"},
		} {
			hashed, err := h.countingHashes(func() error {
				_, err := h.enter(c.email, c.password)
				return err
			})
			require.Equal(t, 1, hashed, c.who)
			h.refuses(Refused, err, c.who)
			require.Equal(t, refused(0), err, c.who)
		}
		require.Zero(t, h.Client.Session.Query().CountX(h.program()))
		for _, row := range h.Client.Throttle.Query().AllX(h.program()) {
			h.noSecretIn("the counters", row.Key)
			require.NotContains(t, row.Key, "ada")
		}
	})
}

// countingHashes counts how often a password is hashed meanwhile, each time at
// the full price.
func (h *house) countingHashes(do func() error) (int, error) {
	had, hashes := h.derive, 0
	defer func() { h.derive = had }()
	h.derive = func(password, salt []byte, passes, memory uint32, lanes uint8, length uint32) []byte {
		hashes++
		require.Equal(h.t, []uint32{hashPasses, hashMemory, hashLanes, hashLength}, []uint32{passes, memory, uint32(lanes), length})
		return had(password, salt, passes, memory, lanes, length)
	}
	err := do()
	return hashes, err
}

// cheaply hashes at no cost, where something else is looked at.
func (h *house) cheaply() {
	h.derive = func(password, _ []byte, _, _ uint32, _ uint8, _ uint32) []byte {
		sum := sha256.Sum256(password)
		return sum[:]
	}
	h.must(func(ctx context.Context, tx *ent.Tx) error {
		hash, err := h.hash(ctx, "", goodPassword)
		require.NoError(h.t, err)
		return tx.User.Update().SetPassword(hash).Exec(ctx)
	})
}

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{Sorter: true})
		var secret string
		hashed, err := h.countingHashes(func() (err error) {
			secret, err = h.enter(" Bruno@Comune.Example ", goodPassword)
			return err
		})
		require.NoError(t, err)
		require.Equal(t, 1, hashed, "as much work as for a wrong one")
		require.GreaterOrEqual(t, len(secret), 32)
		e := h.last()
		require.Equal(t, event.Entry{Kind: event.SignedIn, Person: bruno, Details: event.Details{Reason: "192.0.2.1"}}, e.Entry)

		_, v, err := h.Authenticate(t.Context(), secret)
		require.NoError(t, err)
		p, _ := v.Person()
		require.Equal(t, bruno, p.ID)
		require.True(t, p.Sorter)
		require.NotEqual(t, secret, h.mustEnter("bruno@comune.example"), "new each time")

		_, err = h.enter("bruno@comune.example", "sbagliata del tutto")
		h.refuses(Refused, err)
		e = h.last()
		require.Equal(t, event.Entry{Kind: event.SignInFailed, Person: bruno, Details: event.Details{Reason: "address:192.0.2.1/32"}}, e.Entry)
		before := h.events()
		_, err = h.enter("nessuno@comune.example", goodPassword)
		h.refuses(Refused, err)
		require.Equal(t, before, h.events(), "what strangers type has no place in the register")
	})
}

// A hash of other parameters still opens, and a broken one never does.
func TestWhatIsKeptOfAPassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for kept, opens := range map[string]bool{
			"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + "":                                       false,
			"$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29tZWtleQ":                                              false,
			"$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$c29tZWtleQ":                                              false,
			"$argon2id$v=19$m=4294967295,t=1,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43): false,
			"$argon2id$v=18$m=19456,t=2,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43):      false,
			goodPassword: false,
			h.Client.User.GetX(h.program(), h.admin).Password: true,
		} {
			require.Equal(t, opens, h.matches(kept, goodPassword), kept)
		}
	})
}

// Hashing waits for its turn, and no longer than who asks.
func TestNobodyWaitsForThePasswordOfAnother(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range hashesAtOnce {
			h.kitchen <- struct{}{}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := h.hash(ctx, "bruno@comune.example", goodPassword)
		require.ErrorIs(t, err, context.Canceled)
		_, err = h.says(ctx, &ent.User{}, goodPassword)
		require.ErrorIs(t, err, context.Canceled)
	})
}

// Five tries are free, then each waits twice as long as the one before, up to a
// quarter of an hour; an hour of silence forgets all.
func TestGuessingAnAccountIsSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.add("bruno@comune.example", Roles{})
		h.cheaply()
		guess := func(n int) error { // each from elsewhere
			_, _, err := h.SignIn(t.Context(), "bruno@comune.example", "sbagliata del tutto", From{Address: fmt.Sprintf("192.0.2.%d", n)})
			return err
		}
		for n := range 4 {
			require.Equal(t, refused(0), guess(n))
		}
		for _, wait := range []time.Duration{
			1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second,
			64 * time.Second, 128 * time.Second, 256 * time.Second, 512 * time.Second, longestWait, longestWait,
		} {
			require.Equal(t, refused(0), guess(100))
			require.Equal(t, refused(wait), guess(101), "the next one waits")
			_, err := h.enter("bruno@comune.example", goodPassword)
			require.Equal(t, refused(wait), err, "the right password too, or it would tell")
			h.pass(wait - time.Microsecond)
			require.Equal(t, refused(time.Microsecond), guess(102), "tries in between do not make it longer")
			h.pass(time.Microsecond)
		}
		h.mustEnter("ada@comune.example") // others come in meanwhile
		h.mustEnter("bruno@comune.example")
		require.Equal(t, refused(0), guess(103))
		h.mustEnter("bruno@comune.example") // signing in has forgiven what was before

		for n := range 5 {
			require.Equal(t, refused(0), guess(110+n))
		}
		h.pass(forgottenIn + time.Second)
		for n := range 4 {
			require.Equal(t, refused(0), guess(120+n), "an hour has passed")
		}
		h.mustEnter("bruno@comune.example")
	})
}

// Many accounts are tried from one address: twenty tries are free.
func TestGuessingFromAnAddressIsSlowedDown(t *testing.T) {
	for _, c := range []struct {
		name              string
		from, same, other string
	}{
		{"IPv4", "192.0.2.7", "192.0.2.7", "192.0.2.8"},
		{"IPv6, a network of 64 bits", "2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"},
		{"IPv4 in IPv6", "::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"},
		{"no address", "", "", "192.0.2.8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				h.cheaply()
				try := func(n int, from string) error {
					_, _, err := h.SignIn(t.Context(), fmt.Sprintf("nessuno%d@comune.example", n), "sbagliata del tutto", From{Address: from})
					return err
				}
				for n := range freeAddress {
					require.Equal(t, refused(0), try(n, c.from))
				}
				require.Equal(t, refused(time.Second), try(100, c.same))
				require.Equal(t, refused(0), try(101, c.other))
				h.pass(time.Second)
				require.Equal(t, refused(0), try(102, c.same))
				require.Equal(t, refused(2*time.Second), try(103, c.same))
				_, _, err := h.SignIn(t.Context(), "ada@comune.example", goodPassword, From{Address: c.same})
				require.Equal(t, refused(2*time.Second), err)
				h.pass(2 * time.Second)
				_, _, err = h.SignIn(t.Context(), "ada@comune.example", goodPassword, From{Address: c.same})
				require.NoError(t, err)
				require.Equal(t, refused(0), try(104, c.same))
				require.Equal(t, refused(4*time.Second), try(105, c.same), "who has one account is not forgiven the others")
			})
		})
	}
}

// Sent all at once, tries are no freer than one after the other.
func TestGuessingAtOnceIsNoWayRound(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bruno := h.add("bruno@comune.example", Roles{})
		h.cheaply()
		var all sync.WaitGroup
		var judged atomic.Int64
		for range 60 {
			all.Go(func() {
				_, _, err := h.SignIn(t.Context(), "bruno@comune.example", "sbagliata del tutto", From{Address: "192.0.2.1"})
				if e, ok := err.(*Error); ok && e.Wait == 0 { //nolint:errorlint // it comes as it is
					judged.Add(1)
				}
			})
		}
		all.Wait()
		require.Positive(t, judged.Load())
		require.LessOrEqual(t, judged.Load(), int64(freeAccount+hashesAtOnce), "those that were being judged when the door closed")
		row := h.Client.Throttle.Query().Where(throttle.Key(throttleKeys("bruno@comune.example", "")[0])).OnlyX(h.program())
		require.Equal(t, int(judged.Load()), row.Failures, "each is counted")
		require.Equal(t, bruno, h.last().Person)
	})
}

// The counters of the past are cleared away, so that guessing fills no disk.
func TestCountersAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.must(func(ctx context.Context, tx *ent.Tx) error {
			for n := range 150 {
				tx.Throttle.Create().SetKey(fmt.Sprintf("account:%d", n)).SetFailures(1).SetLastAt(monday).SetBlockedUntil(monday).SaveX(ctx)
			}
			return nil
		})
		h.pass(forgottenIn + time.Second)
		for range 2 {
			_, err := h.enter("ada@comune.example", "sbagliata del tutto")
			h.refuses(Refused, err)
		}
		require.Equal(t, 2, h.Client.Throttle.Query().CountX(h.program()), "the account and the address of now")
	})
}

// must changes rows as the program does.
func (h *house) must(change func(context.Context, *ent.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Tx(h.program(), change))
}
