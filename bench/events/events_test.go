package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkEvents lets `make bench` print the table.
func BenchmarkEvents(b *testing.B) {
	for b.Loop() {
		require.NoError(b, run(b.Context()))
	}
}
