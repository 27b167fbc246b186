package server

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees to it that nothing of a closed world goes on running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
