package storetest_test

import (
	"database/sql"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/store/storetest"
)

func TestAServerLeavesNothingBehind(t *testing.T) {
	server := storetest.PrivateServer(t)
	address, err := server.NewDatabase(t.Context())
	require.NoError(t, err)
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.PingContext(t.Context()))

	parsed, err := url.Parse(address)
	require.NoError(t, err)
	folder := parsed.Query().Get("host")
	require.DirExists(t, folder)
	require.NoError(t, server.Stop())
	require.Error(t, db.PingContext(t.Context()))
	_, err = os.Stat(folder)
	require.ErrorIs(t, err, os.ErrNotExist)
}
