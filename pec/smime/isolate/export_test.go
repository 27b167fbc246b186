package isolate

// Confine lets the test binary limit itself as a real child does.
var Confine = confine

// KillIdle ends the child between two requests, as a system short of memory would.
func KillIdle(w *Worker) {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	_ = w.child.process.Process.Kill()
	_, _ = w.child.process.Process.Wait()
}
