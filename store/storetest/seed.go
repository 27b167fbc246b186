package storetest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Seed is where the chance of a test begins: somewhere new each time, or where
// SMISTA_SEED says, so that what was printed on a failure can be had again.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("SMISTA_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("SMISTA_SEED=%d begins with the same chance", seed)
	return seed
}
