package safe

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// generator makes keys that can be told apart.
func generator(text string) func() (Password, error) {
	return func() (Password, error) { return NewPassword(text), nil }
}

func never() (Password, error) { return Password{}, errors.New("there is a key already") }

// pushes says which key of pushes a safe opens.
func (h *house) pushes(s *Safe, want string) {
	h.t.Helper()
	p, err := s.PushKey(h.ctx, h.log, h.db.Client(), never)
	require.NoError(h.t, err)
	require.Equal(h.t, want, p.Reveal())
}

func TestTheKeyOfPushesIsMadeOnceAndSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		_, err := h.PushKey(h.ctx, h.log, db.Client(), never)
		require.ErrorContains(t, err, "there is a key already")
		p, err := h.PushKey(h.ctx, h.log, db.Client(), generator(canary))
		require.NoError(t, err)
		require.Equal(t, canary, p.Reveal())
		h.pushes(h.Safe, canary)
		row := db.Client().PushKey.Query().OnlyX(h.ctx)
		require.NotContains(t, string(row.Sealed), canary)
		require.NotContains(t, row.String(), string(row.Sealed))

		_, err = h.PushKey(guard.NewContext(t.Context(), guard.Someone(guard.Person{ID: 1, Administrator: true, Scopes: guard.All})), h.log, db.Client(), never)
		require.ErrorIs(t, err, guard.ErrForbidden)
		_, err = opened(t, aKey, h.file).PushKey(h.ctx, h.log, db.Client(), never)
		require.ErrorContains(t, err, "delete the row of push_keys")

		h.keep(tributi, "a password")
		password := h.rows()[0].Sealed
		require.NoError(t, db.Tx(h.ctx, func(ctx context.Context, tx *ent.Tx) error {
			return tx.PushKey.UpdateOneID(row.ID).SetSealed(password).Exec(ctx)
		}))
		_, err = h.PushKey(h.ctx, h.log, db.Client(), never)
		require.ErrorIs(t, err, ErrOtherMailbox, "a password is no key of pushes")
	})
}

// Several instances begin at the same time; each has a folder of its own.
func TestInstancesHaveOneKeyOfPushes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		var all sync.WaitGroup
		var keys [4]string
		for i, name := range []string{"uno", "due", "tre", "quattro"} {
			s := opened(t, bKey, t.TempDir()+"/smista.key")
			all.Go(func() {
				p, err := s.PushKey(h.ctx, h.log, db.Client(), generator(name))
				if err != nil {
					t.Error(err)
				}
				keys[i] = p.Reveal()
			})
		}
		all.Wait()
		for _, k := range keys {
			require.Equal(t, keys[0], k)
		}
	})
}

func TestTheKeyOfPushesGoesToAnotherKeyWithThePasswords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.keep(tributi, "a password")
		_, err := h.PushKey(h.ctx, h.log, db.Client(), generator(canary))
		require.NoError(t, err)
		n, err := h.Rekey(h.ctx, h.log, db.Client(), bKey)
		require.NoError(t, err)
		require.Equal(t, 1, n, "passwords")
		by := opened(t, bKey, h.file)
		h.pushes(by, canary)
		h.reads(by, tributi, "a password")
		_, err = h.PushKey(h.ctx, h.log, db.Client(), never)
		require.Error(t, err)
		_, err = by.Renew(h.ctx, h.log, db.Client())
		require.NoError(t, err)
		h.pushes(h.Safe, canary)

		// One that was made meanwhile is not left behind.
		require.NoError(t, db.Tx(h.ctx, func(ctx context.Context, tx *ent.Tx) error {
			_, err := replace(ctx, tx, nil)
			require.ErrorIs(t, err, errMeanwhile)
			require.ErrorIs(t, replaceKeys(ctx, tx, nil), errMeanwhile)
			return nil
		}))
	})
}
