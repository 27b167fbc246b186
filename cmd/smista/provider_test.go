package main

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec/smime"
)

func TestProviderRunsUntilInterruptedAndLeavesItsTrust(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	require.NoError(t, providerCmd{Trust: filepath.Join(dir, "trust"), Data: dir}.Run(ctx))
	_, err := smime.LoadAnchors(filepath.Join(dir, "trust"))
	require.NoError(t, err)
}

func TestProviderSaysWhichConfigurationIsMissing(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, providerCmd{File: "absent.toml"}.Run(t.Context()), "absent.toml")
}
