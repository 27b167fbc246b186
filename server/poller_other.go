//go:build !linux

package server

// poller is for Linux; elsewhere sockets keep their goroutines.
type poller struct{}

func newPoller() *poller { return nil }

func (*poller) arm(*socket) bool { return false }

func (*poller) forget(*socket) {}

func (*poller) close() {}
