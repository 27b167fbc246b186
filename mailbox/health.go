package mailbox

import (
	"sync"
	"time"
)

// Condition is how an account is doing, in one word.
type Condition string

const (
	Connecting Condition = "connecting" // not yet visited since the start
	Healthy    Condition = "healthy"    // the last look went well
	Failing    Condition = "failing"    // the last look failed; it is tried again
	Refused    Condition = "refused"    // the server does not accept name or password
)

// Health is a snapshot of one account.
type Health struct {
	Mailbox   string
	State     Condition
	LastOK    time.Time // end of the last look that went well
	LastError string    // of the last failure; kept after recovery
	FailedAt  time.Time // when that was
	Failures  int       // in a row
	Backlog   int       // messages that waited at the end of the last look
	LastNew   time.Time // when a message was last archived
	Collected int64     // messages archived since the start
}

type health struct {
	mu sync.Mutex
	h  Health
}

// Health gives a snapshot; it may be called from anywhere.
func (c *Collector) Health() Health {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	return c.health.h
}

func (h *health) done(backlog int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.h.State, h.h.LastOK, h.h.Failures, h.h.Backlog = Healthy, time.Now(), 0, backlog
}

func (h *health) collected() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.h.LastNew = time.Now()
	h.h.Collected++
}

func (h *health) failed(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.h.State = Failing
	if is[*RefusedError](err) {
		h.h.State = Refused
	}
	h.h.LastError, h.h.FailedAt = err.Error(), time.Now()
	h.h.Failures++
}
