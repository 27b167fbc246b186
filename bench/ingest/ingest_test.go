package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkIngest lets `make bench` print the table: the program runs by itself,
// since it starts itself again to measure memory.
func BenchmarkIngest(b *testing.B) {
	if _, err := exec.LookPath("openssl"); err != nil {
		b.Skip("openssl is not installed: there is nothing to compare with")
	}
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), "go", "run", "-buildvcs=false", ".")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		require.NoError(b, cmd.Run())
	}
}
