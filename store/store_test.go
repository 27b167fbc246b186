package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"context"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

func TestAChangeIsKeptWhenItsTransactionCommits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := guard.NewContext(t.Context(), guard.System("test"))
		require.NoError(t, db.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			return tx.Office.Create().SetCode("tributi").SetName("Tributi").Exec(ctx)
		}))
		require.Equal(t, 1, db.Client().Office.Query().CountX(ctx))
	})
}
