package provider

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/smista/smista/pec"
)

// The two notices of a late delivery (annex §6.3.5).
const (
	firstNotice  = 12 * time.Hour
	secondNotice = 24 * time.Hour
)

// pending is an envelope on its way to an account that is stuck.
type pending struct {
	submission *submission
	to         string
	envelope   body
	first      bool // the 12 h notice went out
	second     bool // the 24 h notice went out
}

type late struct {
	mu   sync.Mutex
	list []*pending
}

func (l *late) add(p *pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, p)
}

// due marks and returns those whose notice is due at now.
func (l *late) due(now time.Time) (first, second []*pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.list {
		age := now.Sub(d.submission.at)
		if age >= firstNotice && !d.first {
			d.first = true
			first = append(first, d)
		}
		if age >= secondNotice && !d.second {
			d.second = true
			second = append(second, d)
		}
	}
	return first, second
}

// ask marks and returns those of a message, as if their notice were due.
func (l *late) ask(messageID string, after time.Duration) []*pending {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*pending
	for _, d := range l.list {
		if d.submission.facts.MessageID == messageID {
			d.first, d.second = true, d.second || after == secondNotice
			out = append(out, d)
		}
	}
	return out
}

func (l *late) release(box string) []*pending {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*pending
	l.list = slices.DeleteFunc(l.list, func(d *pending) bool {
		if d.to == box {
			out = append(out, d)
		}
		return d.to == box
	})
	return out
}

// Tick sends the notices that are due by the clock. It runs by itself every
// second; a test with a clock of its own calls it.
func (p *Provider) Tick() {
	first, second := p.late.due(p.config.Clock())
	for _, d := range first {
		p.warn(d, firstNotice)
	}
	for _, d := range second {
		p.warn(d, secondNotice)
	}
}

func (p *Provider) watchTheClock() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			p.Tick()
		case <-p.ctx.Done():
			return
		}
	}
}

// Warn sends the notice of 12 or 24 hours for a message to stuck accounts now,
// whatever the clock says. messageID is the sender's.
func (p *Provider) Warn(messageID string, hours int) error {
	after := time.Duration(hours) * time.Hour
	if after != firstNotice && after != secondNotice {
		return fmt.Errorf("provider: there are notices at 12 and at 24 hours, not at %d", hours)
	}
	found := p.late.ask(messageID, after)
	if len(found) == 0 {
		return fmt.Errorf("provider: no message %q waits for a stuck account", messageID)
	}
	for _, d := range found {
		p.warn(d, after)
	}
	return nil
}

func (p *Provider) warn(d *pending, after time.Duration) {
	s := d.submission
	code, words := "4.4.7", "nelle dodici ore seguite all'invio il messaggio non è stato consegnato; la consegna è ancora possibile"
	if after == secondNotice {
		code, words = "5.4.1", "nelle ventiquattro ore seguite all'invio il messaggio non è stato consegnato; la spedizione si considera non riuscita"
	}
	p.receipt(s.op, s, pec.DeliveryWarning, func(c *pec.Certification) {
		c.DeliveryTo, c.Error, c.ExtendedError = d.to, "altro", extended(code, s.op, words)
	})
}

// Release delivers what waits for a stuck account; later messages wait again.
func (p *Provider) Release(box string) error {
	if p.box(box) == nil {
		return fmt.Errorf("provider: no account %q", box)
	}
	for _, d := range p.late.release(lower(box)) {
		p.complete(d.submission, d.to, d.envelope)
	}
	return nil
}
