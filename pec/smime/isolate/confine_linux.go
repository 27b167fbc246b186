package isolate

import (
	"bytes"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const (
	hardMemory = 1 << 30 // bytes of address space over what the program has at its start
)

// confine limits the memory of this process. The hard limit is on address
// space, of which Go reserves much more than it uses, so it counts from what is
// taken already.
func confine() error {
	confineRuntime()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var pages uint64
	if _, err := fmt.Fscan(bytes.NewReader(statm), &pages); err != nil {
		return fmt.Errorf("/proc/self/statm: %w", err)
	}
	limit := pages*uint64(os.Getpagesize()) + hardMemory
	return unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit})
}
