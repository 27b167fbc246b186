//go:build !linux

package isolate

import "runtime/debug"

// confine limits the memory of this process as far as the Go runtime can; only
// Linux has a limit that it cannot pass.
func confine() error {
	debug.SetMemoryLimit(128 << 20)
	return nil
}
