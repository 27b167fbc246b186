package server

import (
	"maps"
	"sync"
	"time"

	"github.com/smista/smista/staff"
)

// lookAgain is how often the keys of open sockets are looked at without a
// reason.
const lookAgain = time.Minute

// visit is who is on a socket, by what key. It is made with the socket, and
// begins when connection_init was accepted.
type visit struct {
	mu     sync.Mutex
	person int
	key    staff.Key
}

func (v *visit) begin(person int, key staff.Key) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.person, v.key = person, key
}

// visits lists the sockets that somebody is on.
func (h *sockets) visits() map[*socket]*visit {
	h.mu.Lock()
	open := maps.Clone(h.open)
	h.mu.Unlock()
	found := map[*socket]*visit{}
	for s := range open {
		s.visit.mu.Lock()
		if s.visit.person != 0 {
			found[s] = &visit{person: s.visit.person, key: s.visit.key}
		}
		s.visit.mu.Unlock()
	}
	return found
}
