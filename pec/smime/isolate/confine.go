package isolate

import "runtime/debug"

const (
	softMemory = 128 << 20 // bytes above which the garbage collector works without pause
	maxStack   = 16 << 20  // bytes of one goroutine's stack: runaway recursion ends at once
)

// confineRuntime sets the limits that the Go runtime keeps by itself.
func confineRuntime() {
	debug.SetMemoryLimit(softMemory)
	debug.SetMaxStack(maxStack)
}
