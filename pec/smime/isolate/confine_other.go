//go:build !linux

package isolate

// confine limits the memory of this process as far as the Go runtime can; only
// Linux has a limit that it cannot pass.
func confine() error {
	confineRuntime()
	return nil
}
