package main

import "github.com/smista/smista/pec/smime/isolate"

// verifyWorkerCmd is the child process in which signatures are parsed, so that
// none can kill the program; see pec/smime/isolate.
type verifyWorkerCmd struct {
	Trust string `type:"path" help:"Folder of the anchors; without it, the embedded ones." placeholder:"DIR"`
}

// Run serves until its input ends.
func (c verifyWorkerCmd) Run() error { return isolate.Run(c.Trust) }
