package event

// ring holds the newest events of a log, without holes. Its size never changes.
type ring struct {
	slots       []Event // event n stands at n modulo the size
	first, last int     // numbers held; first is last+1 when there are none
}

// newRing makes a ring that has not begun.
func newRing(size int) ring { return ring{slots: make([]Event, size)} }

// begun tells whether the ring knows its place in the log.
func (r *ring) begun() bool { return r.first > 0 }

// begin empties the ring and places it right after event last.
func (r *ring) begin(last int) { r.first, r.last = last+1, last }

// add takes the events that follow the last one.
func (r *ring) add(events []Event) {
	for _, e := range events {
		r.last++
		r.slots[r.last%len(r.slots)] = e
	}
	r.first = max(r.first, r.last-len(r.slots)+1)
}

// after copies up to limit events that follow number seq. held is false when
// the ring lost or never had them, so that the log has to be read; a ring that
// has not begun has nothing to say yet.
func (r *ring) after(seq, limit int) (events []Event, held bool) {
	if r.begun() && seq+1 < r.first {
		return nil, false
	}
	for n := seq + 1; n <= min(r.last, seq+limit); n++ {
		events = append(events, r.slots[n%len(r.slots)])
	}
	return events, true
}
