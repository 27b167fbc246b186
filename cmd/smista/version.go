package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints the version that the Go command recorded in this program.
func (versionCmd) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this program was built without module information; build it with make build")
	}
	fmt.Printf("smista %s (%s)\n", info.Main.Version, info.GoVersion)
	return nil
}
