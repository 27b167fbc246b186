package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table that people read is the one that decides.
func TestThePageIsTheTable(t *testing.T) {
	written, err := os.ReadFile("../../docs/transitions.md")
	require.NoError(t, err)
	require.Equal(t, string(written), page(), "run go generate ./casework")
}
