package safe

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/credential"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// house is a database with a safe.
type house struct {
	*Safe
	t   *testing.T
	ctx context.Context
	db  *store.DB
	log *event.Log
}

func newHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	ctx := guard.NewContext(t.Context(), guard.System("cli"))
	log, err := event.NewLog(ctx, db, event.NewMemoryBus())
	require.NoError(t, err)
	return &house{Safe: local(t), t: t, ctx: ctx, db: db, log: log}
}

func (h *house) keep(address, password string) {
	h.t.Helper()
	require.NoError(h.t, h.Keep(h.ctx, h.log, address, NewPassword(password)))
}

// reads says that a safe opens the password of a mailbox, and which it is.
func (h *house) reads(s *Safe, address, password string) {
	h.t.Helper()
	p, err := s.Of(h.ctx, h.db.Client(), address)
	require.NoError(h.t, err)
	require.Equal(h.t, password, p.Reveal())
}

// told lists the events: how, and of how many mailboxes.
func (h *house) told() (list []string) {
	h.t.Helper()
	all, err := h.log.After(h.ctx, 0, 1000)
	require.NoError(h.t, err)
	for _, e := range all {
		require.Equal(h.t, event.MailboxPasswordSet, e.Kind)
		require.NotZero(h.t, e.Mailbox)
		require.Equal(h.t, "system:cli", e.Actor)
		list = append(list, e.Details.How)
	}
	return list
}

func (h *house) rows() []*ent.Credential {
	h.t.Helper()
	rows, err := h.db.Client().Credential.Query().Order(ent.Asc(credential.FieldID)).All(h.ctx)
	require.NoError(h.t, err)
	return rows
}

func TestAPasswordIsKeptAndReplaced(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		_, err := h.Of(h.ctx, db.Client(), tributi)
		require.ErrorIs(t, err, ErrNoPassword)
		require.EqualError(t, err, "no password: set it with smista mailbox set-password "+tributi)
		h.keep(strings.ToUpper(tributi), "first")
		h.keep(edilizia, "other")
		h.reads(h.Safe, tributi, "first")
		h.keep(tributi, canary)
		h.reads(h.Safe, "Tributi@pec.comune.example", canary)
		h.reads(h.Safe, edilizia, "other")
		require.Equal(t, []string{"set", "set", "set"}, h.told())
		at, err := SetAt(h.ctx, db.Client())
		require.NoError(t, err)
		require.Len(t, at, 2)
		require.WithinDuration(t, time.Now(), at[tributi], time.Minute)
	})
}

func TestRowsCannotBeExchanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, canary)
		h.keep(edilizia, "other")
		rows := h.rows()
		require.NoError(t, db.Tx(h.ctx, func(ctx context.Context, tx *ent.Tx) error {
			return tx.Credential.UpdateOneID(rows[0].ID).SetSealed(rows[1].Sealed).Exec(ctx)
		}))
		_, err := h.Of(h.ctx, db.Client(), tributi)
		require.ErrorIs(t, err, ErrOtherMailbox)
		h.reads(h.Safe, edilizia, "other")
	})
}

func TestNobodyButTheProgramReadsWhatIsSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, canary)
		admin := guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: 1, Administrator: true, Sorter: true, Auditor: true, Scopes: guard.All}))
		_, err := h.Of(admin, db.Client(), tributi)
		require.ErrorIs(t, err, guard.ErrForbidden)
		require.ErrorIs(t, h.Keep(admin, h.log, tributi, NewPassword("x")), guard.ErrForbidden)
		require.Equal(t, []string{"set"}, h.told())
	})
}

func TestPasswordsGoToAnotherKeyTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, canary)
		h.keep(edilizia, "other")
		set := h.rows()[0].SetAt
		vault := newVault(t).url("smista")
		n, err := h.Rekey(h.ctx, h.log, db.Client(), vault)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		by := opened(t, vault, h.file)
		h.reads(by, tributi, canary)
		h.reads(by, edilizia, "other")
		_, err = h.Of(h.ctx, db.Client(), tributi)
		require.ErrorIs(t, err, ErrOtherKey)
		require.Equal(t, set, h.rows()[0].SetAt, "the password is as old as it was")
		require.Equal(t, []string{"set", "set", "resealed", "resealed"}, h.told())

		_, err = h.Rekey(h.ctx, h.log, db.Client(), vault)
		require.NoError(t, err, "again, before the new key is configured")
		n, err = by.Renew(h.ctx, h.log, db.Client())
		require.NoError(t, err)
		require.Equal(t, 2, n)
		h.reads(h.Safe, tributi, canary)
		_, err = by.Of(h.ctx, db.Client(), tributi)
		require.ErrorIs(t, err, ErrOtherKey)
	})
}

func TestAChangeOfKeyThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, canary)
		h.keep(edilizia, "other")
		before := h.rows()
		v := newVault(t)
		v.token = "another"
		_, err := h.Rekey(h.ctx, h.log, db.Client(), v.url("smista"))
		require.ErrorContains(t, err, "has expired")
		_, err = opened(t, bKey, h.file).Rekey(h.ctx, h.log, db.Client(), aKey)
		require.ErrorIs(t, err, ErrOtherKey)

		stopped, stop := context.WithCancel(h.ctx)
		stop()
		_, err = h.Rekey(stopped, h.log, db.Client(), aKey)
		require.ErrorIs(t, err, context.Canceled)
		require.Len(t, h.rows(), len(before))
		for i, row := range h.rows() {
			require.Equal(t, before[i].Sealed, row.Sealed)
		}
		require.Equal(t, []string{"set", "set"}, h.told())
	})
}

func TestWhatIsSetMeanwhileIsNotLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, "first")
		read := h.rows()
		for name, change := range map[string]func(){"changed": func() { h.keep(tributi, canary) }, "added": func() { h.keep(edilizia, canary) }} {
			change()
			err := h.log.Write(h.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
				return replace(ctx, tx, []resealed{{read[0], []byte("anew")}})
			})
			require.ErrorIs(t, err, errMeanwhile, name)
			read = h.rows()[:1]
		}
		h.reads(h.Safe, tributi, canary)
	})
}

// TestARenewalThatEndsAnywhereLeavesAllReadable breaks the change of the local key
// off after each of its steps, as a crash does.
func TestARenewalThatEndsAnywhereLeavesAllReadable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, canary)
		h.keep(edilizia, "other")
		for steps := range 4 {
			old, err := os.ReadFile(h.file)
			require.NoError(t, err)
			var n int
			for _, step := range h.renewal(h.ctx, h.log, db.Client(), &n)[:steps] {
				require.NoError(t, step())
			}
			again := opened(t, "", h.file) // the program after the crash
			h.reads(again, tributi, canary)
			h.reads(again, edilizia, "other")
			h.reads(h.Safe, tributi, canary)
			require.NoError(t, again.Keep(h.ctx, h.log, edilizia, NewPassword("set meanwhile")))
			h.reads(again, edilizia, "set meanwhile")

			n, err = again.Renew(h.ctx, h.log, db.Client())
			require.NoError(t, err)
			require.Equal(t, 2, n)
			h.reads(again, tributi, canary)
			h.reads(h.Safe, edilizia, "set meanwhile")
			now, err := os.ReadFile(h.file)
			require.NoError(t, err)
			require.NotEqual(t, old, now)
			require.NoFileExists(t, localKeys(h.file).next())
			oldKey := opened(t, URL("base64key://"+strings.TrimSpace(string(old))), h.file)
			_, err = oldKey.Of(h.ctx, db.Client(), tributi)
			require.ErrorIs(t, err, ErrOtherKey, "the old key opens nothing any more")
			h.keep(edilizia, "other")
		}
	})
}

func TestARenewalFromAServiceGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	by := opened(t, newVault(t).url("smista"), h.file)
	require.NoError(t, by.Keep(h.ctx, h.log, tributi, NewPassword(canary)))
	var n int
	for _, step := range by.renewal(h.ctx, h.log, h.db.Client(), &n)[:2] {
		require.NoError(t, step())
	}
	h.reads(h.Safe, tributi, canary)
	_, err := by.Renew(h.ctx, h.log, h.db.Client())
	require.NoError(t, err)
	h.reads(h.Safe, tributi, canary)
}

func TestOneCommandAtATimeChangesPasswords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	unlock, err := h.lock()
	require.NoError(t, err)
	require.ErrorIs(t, h.Keep(h.ctx, h.log, tributi, NewPassword(canary)), errBusy)
	_, err = h.Renew(h.ctx, h.log, h.db.Client())
	require.ErrorIs(t, err, errBusy)
	unlock()
	h.keep(tributi, canary)
}

func TestWhatABrokenMakingLeftIsClearedAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.SQLite(t))
	h.keep(tributi, canary)
	left := h.file + ".ABC.tmp"
	require.NoError(t, os.WriteFile(left, nil, 0o600))
	_, err := h.Renew(h.ctx, h.log, h.db.Client())
	require.NoError(t, err)
	files, err := filepath.Glob(h.file + "*")
	require.NoError(t, err)
	require.Equal(t, []string{h.file, h.file + ".lock"}, files)
}
